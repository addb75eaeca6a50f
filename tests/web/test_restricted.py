"""A restricted venue has no distances, on screens or in files, for who may neither survey nor review."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from inventory.access.permissions import Actor, Permission
from inventory.database import db
from inventory.restricted import may_know_position
from inventory.tables.place import Place, Venue
from inventory.vocabulary import Role, VenueKind
from tests.city import City
from tests.client import Visitor
from tests.mapped import acting, restrict, run, surveyed, thing

Visit = Callable[[str | None], Visitor]
QUIET = ("leader", "auditor")
ALLOWED = ("ward_staff", "culture_office")
#: A distance as screens, sentences and the map's data write one (never the standard's own 300 m).
_METRES = re.compile(r"\d[\d.,]*\s(?:m|km)\b")
UNTOLD = "Khoảng cách đến thứ gần nhất không hiển thị: nơi hạn chế."


@pytest.fixture
def one_cluster(app: Flask, city: City) -> City:
    """A loudspeaker at B1 that is the nearest of every place, too far for A's; all answered; a run."""
    with app.app_context():
        thing(city, city.places_b[0], "SPK_CLUSTER_FM", lat=20.961, lon=107.064)
        for place in (*city.places_a, *city.places_b):
            surveyed(city, place)
        run(city)
    return city


def close(app: Flask, place: int, by_kind: bool) -> None:
    with app.app_context():
        if not by_kind:
            restrict(place)
            return
        venue = db.session.get_one(Place, place).venue_id
        db.session.get_one(Venue, venue).kind = VenueKind.ARMED_FORCES
        db.session.commit()


def cells(visitor: Visitor, address: str) -> dict[str, str]:
    """The last cell (the nearest thing) of each row of a table of gaps, by its place and its first two."""
    visitor.get(address)
    found, place = {}, ""
    for row in visitor.page.iter("{http://www.w3.org/1999/xhtml}tr"):
        words = [" ".join("".join(cell.itertext()).split()) for cell in row]
        if len(words) == 1:
            place = words[0]  # the list stands under the places' names
        elif len(words) > 8:
            found[" ".join((place, *words[:2]))] = words[-1]
    return found


def why_texts(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Place and reasons of every line, as screen, workbook and text give them."""
    lines = visitor.get("/investment.csv").get_data().decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(lines, newline="")):
        yield f"{row['Phường, xã']} {row['KVBP số']}", f"{row['Lý do']} {row['Gần nhất (m)']}"
    book = CalamineWorkbook.from_filelike(io.BytesIO(visitor.get("/investment.xlsx").get_data()))
    for name in book.sheet_names:
        for cell in (str(cell) for row in book.get_sheet_by_name(name).to_python() for cell in row):
            yield "", cell
    for part in ("priced", "unpriced", "verify"):
        visitor.get(f"/investment?part={part}")
        yield "", visitor.words()


@pytest.mark.parametrize("by_kind", [False, True], ids=["restricted", "armed forces"])
@pytest.mark.parametrize("who", QUIET)
def test_no_distance_from_a_hidden_place(
    app: Flask, one_cluster: City, visit: Visit, who: str, by_kind: bool
) -> None:
    place = one_cluster.places_a[0]
    close(app, place, by_kind)
    visitor = visit(who)
    own = cells(visitor, f"/coverage?place={place}")
    assert "không hiển thị" in own.values()
    assert not [cell for cell in own.values() if _METRES.search(cell)]
    assert not re.search(
        r"/installations/[0-9a-f]", visitor.get(f"/coverage?place={place}").get_data(as_text=True)
    )
    everywhere = cells(visitor, f"/coverage?ward={one_cluster.ward_a}")
    assert not [cell for row, cell in everywhere.items() if "KVBP 1 " in row and _METRES.search(cell)]
    assert [cell for row, cell in everywhere.items() if "KVBP 2 " in row and _METRES.search(cell)]
    told = list(why_texts(visitor))
    assert [why for spot, why in told if spot == "Phường Hồng Thử 1" and UNTOLD in why]
    assert not [why for spot, why in told if spot == "Phường Hồng Thử 1" and "tốt cách " in why]
    assert [why for spot, why in told if spot == "Phường Hồng Thử 2" and "tốt cách " in why]
    assert not [why for spot, why in told if spot == "Phường Hồng Thử 1" and re.search(r" \d+$", why)]


@pytest.mark.parametrize("by_kind", [False, True], ids=["restricted", "armed forces"])
@pytest.mark.parametrize("who", QUIET)
def test_no_distance_to_a_thing_at_a_hidden_venue(
    app: Flask, one_cluster: City, visit: Visit, who: str, by_kind: bool
) -> None:
    """Else three open places would tell where it is."""
    close(app, one_cluster.places_b[0], by_kind)
    visitor = visit(who)
    for place in one_cluster.places_a:
        own = cells(visitor, f"/coverage?place={place}")
        assert not [cell for cell in own.values() if _METRES.search(cell)]
    assert not [cell for cell in cells(visitor, "/coverage").values() if _METRES.search(cell)]
    for _spot, text in why_texts(visitor):
        assert "tốt cách " not in text
        assert "gần nhất còn dùng tốt (" not in text
    gaps = json.loads(visitor.get("/map/places.json").get_data())["places"]["gaps"]
    assert not [gap for place in gaps for gap in place if gap[6] is not None]


@pytest.mark.parametrize("who", ALLOWED)
def test_who_surveys_or_reviews_sees_the_distance(
    app: Flask, one_cluster: City, visit: Visit, who: str
) -> None:
    for place in (one_cluster.places_a[0], one_cluster.places_b[0]):
        close(app, place, by_kind=False)
    visitor = visit(who)
    own = cells(visitor, f"/coverage?place={one_cluster.places_a[0]}")
    assert [cell for cell in own.values() if _METRES.search(cell)]
    assert any("tốt cách " in text for _spot, text in why_texts(visitor))


@pytest.mark.parametrize("who", QUIET)
def test_a_venue_is_as_hidden_as_its_most_restricted_place(
    app: Flask, one_cluster: City, visit: Visit, who: str
) -> None:
    """The open place of a restricted venue has no position either, on any page."""
    with app.app_context():
        first, second = (db.session.get_one(Place, number) for number in one_cluster.places_a)
        second.venue_id = first.venue_id
        db.session.commit()
        restrict(first.id)
    visitor = visit(who)
    visitor.get(f"/places/{one_cluster.places_a[1]}")
    assert "không công khai" in visitor.words()
    assert "20,96" not in visitor.words()
    visitor.get("/places?lat=20.96&lon=107.0")
    assert visitor.words().count("vị trí không công khai") == 2
    own = cells(visitor, f"/coverage?place={one_cluster.places_a[1]}")
    assert not [cell for cell in own.values() if _METRES.search(cell)]


@pytest.mark.parametrize("who", QUIET)
def test_one_who_may_know_first_leaves_nothing_for_one_who_may_not(
    app: Flask, one_cluster: City, visit: Visit, who: str
) -> None:
    """A computed list is kept; it is kept apart for those who see the same wards with other eyes."""
    close(app, one_cluster.places_a[0], by_kind=False)
    office, quiet = visit("culture_office"), visit(who)
    for visitor, told in ((office, False), (quiet, True), (office, False)):
        texts = [why for spot, why in why_texts(visitor) if spot == "Phường Hồng Thử 1"]
        assert any(UNTOLD in text for text in texts) is told


@pytest.mark.parametrize("role", Role)
def test_the_rule_is_the_permission_to_survey(city: City, app: Flask, role: Role) -> None:
    with app.app_context():
        actor: Actor = acting(city, role.value)
    for kind in VenueKind:
        for restricted in (False, True):
            closed = restricted or kind is VenueKind.ARMED_FORCES
            assert may_know_position(actor, restricted, kind) is (not closed or actor.may(Permission.SURVEY))
