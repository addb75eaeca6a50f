"""The map's layers over places and works: a plan, what was checked in the field, whom works reach."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from inventory.database import db
from inventory.tables.place import Place, Venue
from inventory.vocabulary import Channel, Condition, LineAction
from maps.plan.status import Status
from tests.city import City
from tests.client import Visitor
from tests.mapped import restrict, run, surveyed, thing
from tests.planned import check, choice, plan
from tests.web.test_takeaway import data_of, page_of, sheet_of

Visit = Callable[[str | None], Visitor]
READERS = ("ward_staff", "ward_lead", "culture_office", "leader", "auditor")


def told(visitor: Visitor, address: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(visitor.get(address).get_data())
    return found


@pytest.fixture
def drawn(app: Flask, city: City) -> City:
    """A loudspeaker at A1, a torn banner at A2, a banner at B1; all surveyed; a run."""
    with app.app_context():
        thing(city, city.places_a[0], "SPK_CLUSTER_FM", lat=20.9601, lon=107.0231)
        thing(city, city.places_a[1], condition=Condition.TORN)
        thing(city, city.places_b[0], lat=20.961, lon=107.064)
        for place in (*city.places_a, *city.places_b):
            surveyed(city, place)
        run(city)
    return city


@pytest.fixture
def laid(app: Flask, drawn: City) -> City:
    """A plan that mends the torn banner of A2 and puts up a loudspeaker at A1 and a banner at B1."""
    with app.app_context():
        torn = thing(drawn, drawn.places_a[1], condition=Condition.TORN)
        number = plan(drawn)
        choice(number, drawn.places_a[1], LineAction.REPAIR, thing=torn)
        choice(number, drawn.places_a[0], LineAction.BUY, "SPK_CLUSTER_FM")
        choice(number, drawn.places_b[0], LineAction.BUY)
    return drawn


def test_a_plan_tells_what_it_mends_puts_up_and_keeps(laid: City, visit: Visit) -> None:
    visitor = visit("culture_office")
    found = told(visitor, "/map/plan.json?plan=1")
    rows = found["rows"]
    assert rows["part"] == [0, 1, 1]
    assert rows["gained"] == [70, 70, 70]
    assert len(found["of"]) == 3
    speaker = found["shapes"][found["of"][1][0][0]]
    assert speaker[0] == 0
    assert speaker[2] > 10
    assert found["wards"][str(laid.ward_a)] == [9, 3, 7]
    assert len(found["kept"]) == 2
    visitor.get("/map?plan=1")
    assert "Kế hoạch số 1: Thử" in visitor.words()
    assert "2 việc làm mới, 1 việc sửa hoặc thay, 2 công trình giữ nguyên" in visitor.words()
    assert "350.000" in visitor.words()


def test_a_ward_sees_its_part_of_the_chosen_plan_and_no_other_plan(
    app: Flask, laid: City, visit: Visit
) -> None:
    visitor = visit("ward_staff")
    for address in ("/map?plan=1", "/map/plan.json?plan=1", "/map.html?plan=1", "/map.pdf?plan=1"):
        assert visitor.client.get(address).status_code == 404
    with app.app_context():
        number = plan(laid, chosen=True)
        choice(number, laid.places_a[0], LineAction.BUY)
        choice(number, laid.places_b[0], LineAction.BUY)
    found = told(visitor, f"/map/plan.json?plan={number}")
    assert found["rows"]["ward"] == [laid.ward_a]
    assert list(found["wards"]) == [str(laid.ward_a)]
    assert "Xã Đồng Thử" not in page_of(visitor, f"?plan={number}")


@pytest.mark.parametrize("plan_id", ["x", "-1", "1e3", "99999999999", "٣", "1 OR 1=1"])
def test_a_plan_that_no_screen_names_is_refused(laid: City, visit: Visit, plan_id: str) -> None:
    visitor = visit("leader")
    for address in ("/map", "/map/plan.json", "/map.html", "/map.pdf"):
        assert visitor.client.get(address, query_string={"plan": plan_id}).status_code == 400


def test_a_plan_that_is_not_there_is_not_found(laid: City, visit: Visit) -> None:
    visitor = visit("leader")
    for address in ("/map", "/map/plan.json", "/map.html", "/map.pdf"):
        assert visitor.client.get(f"{address}?plan=77").status_code == 404
    assert visitor.client.get("/map/plan.json").status_code == 400


def test_a_plan_that_is_not_made_yet_lays_nothing_over_the_map(app: Flask, drawn: City, visit: Visit) -> None:
    with app.app_context():
        plan(drawn, status=Status.RUNNING)
    visitor = visit("leader")
    visitor.get("/map?plan=1")
    assert "chưa tính xong" in visitor.words()
    assert told(visitor, "/map/plan.json?plan=1")["rows"]["part"] == []


def test_a_plan_hides_where_a_restricted_venue_is(app: Flask, laid: City, visit: Visit) -> None:
    with app.app_context():
        restrict(laid.places_a[0])
    found = told(visit("leader"), "/map/plan.json?plan=1")
    assert found["rows"]["lat"][1] is None
    assert found["of"][1] == []
    assert [20.9601, 107.0231] not in found["kept"]
    assert told(visit("culture_office"), "/map/plan.json?plan=1")["rows"]["lat"][1] is not None


def test_a_plan_is_in_the_files_too(laid: City, visit: Visit, tmp_path: Path) -> None:
    visitor = visit("culture_office")
    text = page_of(visitor, "?plan=1")
    assert "Kế hoạch số 1: Thử" in text
    assert data_of(text)[-1]["rows"]["part"] == [0, 1, 1]  # type: ignore[index]
    ward = page_of(visitor, f"?plan=1&ward={laid.ward_b}")
    assert data_of(ward)[-1]["rows"]["part"] == [1]  # type: ignore[index]
    sheet = sheet_of(visitor, tmp_path, f"?plan=1&ward={laid.ward_a}")
    for words in ("Kế hoạch số 1: Thử", "làm mới", "sửa, thay", "Vẽ 2 / 2 việc của kế hoạch", "dB"):
        assert words in sheet
    name = visitor.client.get("/map.pdf?plan=1").headers["Content-Disposition"]
    assert "ke-hoach-1" in name


def test_the_model_answers_beside_what_was_heard(app: Flask, drawn: City, visit: Visit) -> None:
    with app.app_context():
        speaker = thing(drawn, drawn.places_a[0], "SPK_CLUSTER_FM", lat=20.9601, lon=107.0231)
        check(drawn, None, speaker, at=(20.9602, 107.0231), note="<img src=x>")
        check(drawn, None, speaker, at=(20.99, 107.0231), perceived=False)
        check(drawn, None, speaker)
        check(drawn, drawn.places_b[0], channel=Channel.READING, perceived=False)
        run(drawn)
    found = told(visit("culture_office"), "/map/checks.json")
    assert found["total"] == 4
    assert len(found["lat"]) == 3
    by_spot = dict(zip(found["lat"], found["answer"], strict=True))
    near, far = by_spot[20.9602], by_spot[20.99]
    assert near[:2] == [1, 0]
    assert near[2] > 60
    assert far == [0, 2, None]
    assert "<img src=x>" in found["note"]
    other = told(visit("other_ward"), "/map/checks.json")
    assert other["ward"] == [drawn.ward_b]


def test_checks_and_levels_tell_nothing_of_a_restricted_venue(app: Flask, drawn: City, visit: Visit) -> None:
    with app.app_context():
        speaker = thing(drawn, drawn.places_a[0], "SPK_CLUSTER_FM", lat=20.9601, lon=107.0231)
        check(drawn, drawn.places_a[0], speaker, at=(20.9602, 107.0231))
        restrict(drawn.places_a[0])
        run(drawn)
    found = told(visit("leader"), "/map/checks.json")
    assert (found["total"], found["lat"]) == (1, [])
    places = told(visit("leader"), "/map/places.json")["places"]
    here = places["reached"][places["id"].index(drawn.places_a[0])]
    assert here[4:6] == [None, None]
    open_here = told(visit("culture_office"), "/map/places.json")["places"]
    assert open_here["reached"][open_here["id"].index(drawn.places_a[0])][4] is not None


def test_a_check_beside_a_restricted_venue_tells_no_level_of_what_stands_there(
    app: Flask, drawn: City, visit: Visit
) -> None:
    with app.app_context():
        near = db.session.get_one(Place, drawn.places_a[1])
        venue = db.session.get_one(Venue, near.venue_id)
        at = (venue.lat or 0.0, venue.lon or 0.0)
        thing(drawn, drawn.places_a[0], "SPK_CLUSTER_FM", lat=at[0] + 0.0002, lon=at[1])
        check(drawn, near.id, at=at)
        restrict(drawn.places_a[0])
        run(drawn)
    (answer,) = told(visit("leader"), "/map/checks.json")["answer"]
    assert answer[2] is None
    (open_answer,) = told(visit("culture_office"), "/map/checks.json")["answer"]
    assert open_answer[2] > 60


def test_whom_works_reach_is_told_with_a_run_and_not_before(app: Flask, city: City, visit: Visit) -> None:
    visitor = visit("culture_office")
    assert set(map(str, told(visitor, "/map/places.json")["places"]["reached"])) == {"None"}
    with app.app_context():
        thing(city, city.places_a[0], "SPK_CLUSTER_FM")
        db.session.get_one(Place, city.places_a[0]).voters = 800
        run(city)
    places = told(visitor, "/map/places.json")["places"]
    here = places["reached"][places["id"].index(city.places_a[0])]
    assert here[:3] == [1, 1, 0]
    assert here[4] > 0
    assert here[5] >= 0


@pytest.mark.parametrize("who", READERS)
def test_every_reader_gets_the_layers(laid: City, visit: Visit, who: str) -> None:
    visitor = visit(who)
    assert told(visitor, "/map/checks.json")["total"] == 0
    words = told(visitor, "/map/installations.json")["model"]["said"]
    assert any("dB" in text for text in words)
