"""The map page and its data: who sees what, where, and that a restricted venue stays without a position."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from inventory.database import db
from inventory.tables.area import Area
from inventory.tables.installation import Installation, Review
from inventory.tables.place import Place, Venue
from inventory.tables.trail import TrailLine
from inventory.vocabulary import Condition, ReviewState
from inventory.wording import fold
from tests.city import City
from tests.client import Visitor
from tests.mapped import restrict, run, surveyed, thing

Visit = Callable[[str | None], Visitor]
DATA = ("/map/places.json", "/map/installations.json", "/map/wards.json")
READERS = ("ward_staff", "ward_lead", "culture_office", "leader", "auditor")


def told(visitor: Visitor, address: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(visitor.get(address).get_data())
    return found


@pytest.fixture
def drawn(app: Flask, city: City) -> City:
    """A banner that works at A1, a broken one at A2, one at B1; A1 and B1 surveyed; a run."""
    with app.app_context():
        thing(city, city.places_a[0], verified=True, lat=20.9601, lon=107.0231)
        thing(city, city.places_a[1], condition=Condition.TORN)
        thing(city, city.places_b[0], "SPK_CLUSTER_FM", lat=20.961, lon=107.064)
        surveyed(city, city.places_a[0])
        surveyed(city, city.places_b[0])
        run(city)
    return city


@pytest.mark.parametrize("who", READERS)
def test_every_reader_opens_the_map(drawn: City, visit: Visit, who: str) -> None:
    visitor = visit(who)
    answer = visitor.get("/map")
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert "default-src 'none'" in policy
    text = answer.get_data(as_text=True)
    assert set(re.findall(r'nonce="([^"]+)"', text)) == {nonce.group(1)}
    assert "Ranh giới tham khảo" in visitor.words()
    for address in DATA:
        assert visitor.get(address).mimetype == "application/json"


def test_who_may_not_read_is_told_so_in_one_shape(drawn: City, visit: Visit) -> None:
    visit("admin").get("/map", 403)
    visit(None).get("/map", 303)
    for address in DATA:
        for who, status in (("admin", 403), (None, 401)):
            error = json.loads(visit(who).get(address, status).get_data())["error"]
            assert set(error) == {"code", "message", "field"}


def test_a_ward_sees_its_own_rows_only(drawn: City, visit: Visit) -> None:
    visitor = visit("ward_staff")
    visitor.get("/map")
    assert "Xã Đồng Thử" not in visitor.words()
    places = told(visitor, DATA[0])
    assert set(places["places"]["ward"]) == {drawn.ward_a}
    assert [ward["id"] for ward in places["wards"]] == [drawn.ward_a]
    assert set(told(visitor, DATA[1])["things"]["ward"]) == {drawn.ward_a}
    assert [ward["id"] for ward in told(visitor, DATA[2])["features"]] == [drawn.ward_a]


def test_a_wards_answers_do_not_change_by_a_byte_with_another_wards_rows(
    app: Flask, drawn: City, visit: Visit
) -> None:
    visitor = visit("ward_staff")

    def answers() -> list[str]:
        texts = [visitor.get(address).get_data(as_text=True) for address in ("/map", *DATA)]
        return [re.sub(r'nonce="[^"]+"|name="csrf_token" value="[^"]+"', "", text) for text in texts]

    before = answers()
    with app.app_context():
        for _ in range(30):
            thing(drawn, drawn.places_b[1], lat=20.95, lon=107.06)
        area = db.session.get_one(Area, drawn.ward_b)
        area.version += 1
        db.session.commit()
    assert answers() == before


def test_the_page_says_how_many_of_how_many(drawn: City, visit: Visit) -> None:
    visitor = visit("culture_office")
    visitor.get("/map")
    assert "4 / 4 nơi bỏ phiếu" in visitor.words()
    assert "3 / 3 công trình" in visitor.words()
    visitor.get(f"/map?ward={drawn.ward_a}&state=partly")
    assert "1 / 4 nơi bỏ phiếu" in visitor.words()
    assert "2 / 3 công trình" in visitor.words()
    visitor.get("/map?kind=BANNER_H&sound=broken")
    assert "4 / 4 nơi bỏ phiếu" in visitor.words()
    assert "1 / 3 công trình" in visitor.words()
    visitor.get("/map?figure=verified")
    assert "1 / 1 công trình" in visitor.words()


def test_rows_that_do_not_pass_stay_hidden_for_the_script_to_show(drawn: City, visit: Visit) -> None:
    text = visit("culture_office").get(f"/map?ward={drawn.ward_b}").get_data(as_text=True)
    shown = re.findall(r'<tr data-place="(\d+)"( hidden)?>', text)
    assert {int(number) for number, hidden in shown if not hidden} == set(drawn.places_b)
    assert {int(number) for number, hidden in shown if hidden} == set(drawn.places_a)


@pytest.mark.parametrize(
    "query", ["state=ready", "figure=guessed", "kind=TANK", "sound=loud", "state=" + "x" * 4000]
)
def test_a_filter_that_does_not_exist_is_refused_with_a_sentence(
    drawn: City, visit: Visit, query: str
) -> None:
    visitor = visit("culture_office")
    visitor.get(f"/map?{query}", 400)
    assert "Bộ lọc có giá trị không dùng được" in visitor.words()


def test_the_data_refuse_an_unknown_figure(drawn: City, visit: Visit) -> None:
    answer = visit("leader").get("/map/installations.json?figure=x", 400)
    assert json.loads(answer.get_data())["error"]["field"] == "figure"


def test_a_foreign_ward_is_not_found_and_leaves_a_line(app: Flask, drawn: City, visit: Visit) -> None:
    visit("ward_staff").get(f"/map?ward={drawn.ward_b}", 404)
    with app.app_context():
        acts = db.session.scalars(select(TrailLine.act).where(TrailLine.act == "look.refused")).all()
        assert len(acts) == 1


def test_without_a_run_places_are_not_computed_and_a_button_computes(city: City, visit: Visit) -> None:
    visitor = visit("culture_office")
    visitor.get("/map")
    assert "chưa tính" in visitor.words()
    assert "Tính phần còn thiếu" in visitor.words()
    places = told(visitor, DATA[0])
    assert set(places["places"]["reported"]) == {4}
    assert told(visitor, DATA[1])["total"] == 0


def test_a_place_that_came_after_the_run_is_drawn_as_not_computed(
    app: Flask, drawn: City, visit: Visit
) -> None:
    with app.app_context():
        old = db.session.get_one(Place, drawn.places_a[0])
        db.session.add(
            Place(
                campaign_id=drawn.campaign,
                area_id=old.area_id,
                venue_id=old.venue_id,
                code="new",
                number=99,
                name="Khu vực mới",
                folded=fold("Khu vực mới"),
                voters=5,
            )
        )
        db.session.commit()
    visitor = visit("culture_office")
    visitor.get("/map")
    assert "5 / 5 nơi bỏ phiếu" in visitor.words()
    assert sorted(told(visitor, DATA[0])["places"]["reported"])[-1] == 4


def test_who_has_no_need_to_know_gets_no_position_of_a_restricted_venue(
    app: Flask, drawn: City, visit: Visit
) -> None:
    """Neither the place nor the things at its venue, nor a distance from it, nor by a neighbour place."""
    with app.app_context():
        restrict(drawn.places_a[0])
    for who in ("leader", "auditor"):
        visitor = visit(who)
        text = visitor.get("/map").get_data(as_text=True)
        assert "vị trí không hiển thị" in visitor.words()
        places = told(visitor, DATA[0])["places"]
        here = places["id"].index(drawn.places_a[0])
        assert (places["lat"][here], places["lon"][here], places["hidden"][here]) == (None, None, 1)
        assert all(gap[6] is None for gap in places["gaps"][here])
        things = told(visitor, DATA[1])
        assert (things["total"], len(things["things"]["id"])) == (3, 2)
        everything = text + json.dumps(places) + json.dumps(things)
        assert "107.0231" not in everything
        assert "107.023" not in everything
    for who in ("ward_staff", "ward_lead", "culture_office"):
        visitor = visit(who)
        places = told(visitor, DATA[0])["places"]
        assert places["lat"][places["id"].index(drawn.places_a[0])] == 20.96
        assert 107.0231 in told(visitor, DATA[1])["things"]["lon"]


def test_a_venue_with_a_restricted_place_hides_its_other_places_too(
    app: Flask, drawn: City, visit: Visit
) -> None:
    with app.app_context():
        first, second = (db.session.get_one(Place, number) for number in drawn.places_a)
        second.venue_id = first.venue_id
        db.session.commit()
        restrict(drawn.places_a[0])
    places = told(visit("leader"), DATA[0])["places"]
    hidden = {number for number, flag in zip(places["id"], places["hidden"], strict=True) if flag}
    assert hidden == set(drawn.places_a)


def test_things_without_a_position_are_listed(app: Flask, drawn: City, visit: Visit) -> None:
    with app.app_context():
        lost = thing(drawn, drawn.places_a[0], venue_id=None, zone="public")
        venue = db.session.get_one(Venue, db.session.get_one(Place, drawn.places_b[1]).venue_id)
        venue.lat = venue.lon = None
        db.session.commit()
    visitor = visit("culture_office")
    text = visitor.get("/map").get_data(as_text=True)
    assert "1 công trình chưa có vị trí" in visitor.words()
    assert f"/installations/{lost}" in text
    assert "1 nơi chưa có vị trí" in visitor.words()


def test_names_in_the_data_are_whole_and_the_page_escapes_them(app: Flask, drawn: City, visit: Visit) -> None:
    name = "</script><img src=x onerror=1>${1}`"
    with app.app_context():
        place = db.session.get_one(Place, drawn.places_a[0])
        place.name, place.folded = name, fold(name)
        db.session.commit()
    visitor = visit("culture_office")
    text = visitor.get("/map").get_data(as_text=True)
    assert name not in text
    assert name in told(visitor, DATA[0])["places"]["name"]


def test_the_wards_lines_may_be_kept_under_their_version(drawn: City, visit: Visit) -> None:
    visitor = visit("culture_office")
    text = visitor.get("/map").get_data(as_text=True)
    address = re.search(r'"(/map/wards\.json\?v=\w+)"', text)
    assert address
    assert visitor.get(address.group(1)).headers["Cache-Control"] == "private, max-age=604800"
    assert visitor.get("/map/wards.json?v=0").headers["Cache-Control"] == "no-store"


def test_osm_is_credited_where_its_data_show(app: Flask, drawn: City, visit: Visit) -> None:
    visitor = visit("culture_office")
    assert "OpenStreetMap" not in visitor.get("/map").get_data(as_text=True)
    with app.app_context():
        db.session.scalars(select(Venue)).first().licence = "ODbL 1.0"  # type: ignore[union-attr]
        db.session.commit()
    assert "OpenStreetMap contributors" in visitor.get("/map").get_data(as_text=True)


def test_the_page_asks_the_database_a_fixed_number_of_times(app: Flask, drawn: City, visit: Visit) -> None:
    visitor = visit("culture_office")
    visitor.get("/map")
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    visitor.get("/map")
    assert len(asked) <= 24, asked
    count = len(asked)
    with app.app_context():
        for _ in range(20):
            thing(drawn, drawn.places_a[0])
    asked.clear()
    visitor.get("/map")
    assert len(asked) == count


def test_nothing_of_a_draft_or_returned_thing_is_drawn(app: Flask, drawn: City, visit: Visit) -> None:
    with app.app_context():
        for review in db.session.scalars(
            select(Review).join(Installation).where(Installation.area_id == drawn.ward_b)
        ):
            review.state = ReviewState.RETURNED
        db.session.commit()
    assert told(visit("culture_office"), DATA[1])["total"] == 2
