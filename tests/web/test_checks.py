"""Field checks: heard or not, read or not, at a place or of a thing; told to who may see, never twice."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.field_checks import FieldCheckSeen, checks
from inventory.tables.campaign import Campaign
from inventory.tables.field_check import FieldCheck
from inventory.tables.place import Place
from inventory.tables.trail import TrailLine
from inventory.vocabulary import Channel, PositionSource
from tests.city import City
from tests.client import Visitor
from tests.mapped import restrict
from tests.web.furnished import acting
from tests.web.query_counting import MOST, counted
from tests.web.test_reviews import send

Visit = Callable[[str | None], Visitor]


def said(visitor: Visitor, address: str, answer: str, status: int = 303, **words: Any) -> dict[str, Any]:
    """Open the form and press one of its answers; what was sent."""
    visitor.get(address)
    body = {**visitor.fields(address), "answer": answer, **words}
    visitor.post(address, body, status)
    return body


def told(app: Flask, city: City, who: str) -> tuple[FieldCheckSeen, ...]:
    with app.app_context():
        actor: Actor
        campaign: CampaignSeen
        actor, campaign = acting(city.people[who])
        return checks(db.session(), actor, campaign)


def test_an_answer_at_a_place_is_kept_with_its_spot(app: Flask, city: City, visit: Visit) -> None:
    officer, place = visit("ward_staff"), city.places_a[0]
    fix: dict[str, Any] = {
        "lat": "20,960100",
        "lon": "107,023200",
        "accuracy_m": "6.0",
        "position_age_s": "1.5",
    }
    said(officer, f"/places/{place}/check", "heard", note="Gió nhẹ", **fix)
    officer.get(f"/places/{place}")
    assert "Nghe rõ" in officer.words()
    assert "20,9601; 107,0232 (± 6 m)" in officer.words()
    assert "Gió nhẹ" in officer.words()
    (seen,) = told(app, city, "leader")
    assert (seen.channel, seen.perceived, seen.place_id) == (Channel.HEARING, True, place)
    assert (seen.lat, seen.lon, seen.accuracy_m) == (20.9601, 107.0232, 6.0)
    assert (seen.position_source, seen.hidden) == (PositionSource.DEVICE, False)
    with app.app_context():
        assert db.session.get_one(Campaign, city.campaign).facts_version == 0, "a check changes no figure"
        line = db.session.scalars(select(TrailLine).order_by(TrailLine.number.desc())).first()
        assert line is not None
        assert (line.act, line.area_id) == ("check.recorded", city.ward_a)


def test_a_missing_fix_and_a_tapped_one_are_kept_all_the_same(app: Flask, city: City, visit: Visit) -> None:
    officer, address = visit("ward_lead"), f"/places/{city.places_a[1]}/check"
    said(officer, address, "not_read")
    said(officer, address, "read", lat="20,96", lon="107,02", accuracy_m="rất gần")
    tapped, nowhere = told(app, city, "ward_lead")
    assert (nowhere.lat, nowhere.position_source, nowhere.perceived) == (None, None, False)
    assert (tapped.position_source, tapped.accuracy_m) == (PositionSource.MAP, None)
    officer.get(f"/places/{city.places_a[1]}")
    assert "không ghi vị trí" in officer.words()


def test_a_thing_is_only_asked_what_it_does(app: Flask, city: City, visit: Visit) -> None:
    banner = send(app, city)
    speaker = send(app, city, kind_code="SPK_CLUSTER_FM")
    officer = visit("ward_staff")
    officer.get(f"/installations/{banner}/check")
    assert "Đọc được" in officer.words()
    assert "Nghe rõ" not in officer.words()
    said(officer, f"/installations/{banner}/check", "heard", 422)
    assert "Với thứ này không chọn được câu trả lời đó." in officer.words()
    said(officer, f"/installations/{speaker}/check", "not_heard")
    officer.get(f"/installations/{speaker}")
    assert "Không nghe rõ" in officer.words()
    (seen,) = told(app, city, "auditor")
    assert (seen.installation_id, seen.kind_vi, seen.place_id) == (speaker, "Cụm loa FM", None)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"answer": ""}, "Hãy bấm một trong các câu trả lời."),
        ({"answer": "smelt"}, "Hãy bấm một trong các câu trả lời."),
        ({"lat": "107,02", "lon": "20,96"}, ""),
        ({"lat": "48,85", "lon": "2,35"}, "Vị trí này nằm ngoài Việt Nam."),
        ({"lat": "đằng kia", "lon": "107"}, ""),
        ({"note": "x" * 501}, "Dài quá."),
    ],
)
def test_what_cannot_be_kept_stays_on_the_page(
    app: Flask, city: City, visit: Visit, words: dict[str, str], sentence: str
) -> None:
    officer, address = visit("ward_staff"), f"/places/{city.places_a[0]}/check"
    body = said(officer, address, **{"answer": "read", "note": "gần cổng", **words}, status=422)
    assert sentence in officer.words()
    assert officer.fields(address)["note"].strip() == body["note"]
    assert told(app, city, "ward_staff") == ()


def test_one_press_is_one_check(app: Flask, city: City, visit: Visit) -> None:
    officer, address = visit("ward_staff"), f"/places/{city.places_a[0]}/check"
    body = said(officer, address, "heard")
    officer.post(address, body)
    officer.post(address, {**body, "answer": "not_heard"}, 422)
    assert "đã được lưu với nội dung khác" in officer.words()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FieldCheck)) == 1


def test_a_foreign_wards_place_thing_and_checks_are_not_there(app: Flask, city: City, visit: Visit) -> None:
    banner, other = send(app, city), visit("other_ward")
    said(visit("ward_staff"), f"/places/{city.places_a[0]}/check", "heard", note="của phường A")
    other.get(f"/places/{city.places_a[0]}/check", 404)
    other.get(f"/installations/{banner}/check", 404)
    other.get(f"/checks?area={city.ward_a}", 404)
    other.get("/checks")
    assert "của phường A" not in other.words()
    assert told(app, city, "other_ward") == ()
    visit("leader").get(f"/places/{city.places_a[0]}/check", 403)


@pytest.mark.parametrize("who", ["leader", "auditor"])
def test_the_spot_of_a_restricted_place_is_not_told(app: Flask, city: City, visit: Visit, who: str) -> None:
    place = city.places_a[0]
    at: dict[str, Any] = {"lat": "20,9601", "lon": "107,0232", "accuracy_m": "5"}
    said(visit("ward_staff"), f"/places/{place}/check", "heard", **at)
    with app.app_context():
        restrict(place)
        venue = db.session.get_one(Place, place).venue_id
    number = send(app, city, kind_code="SPK_CLUSTER_FM", venue_id=venue)
    said(visit("ward_staff"), f"/installations/{number}/check", "heard", **at)
    for seen in told(app, city, who):
        assert (seen.hidden, seen.lat, seen.lon, seen.accuracy_m, seen.position_source) == (True, *[None] * 4)
    assert [seen.lat for seen in told(app, city, "ward_staff")] == [20.9601, 20.9601]
    quiet = visit(who)
    for address in ("/checks", f"/places/{place}", f"/installations/{number}"):
        quiet.get(address)
        assert "vị trí không công khai" in quiet.words()
        assert "20,9601" not in quiet.words()


def test_the_list_is_paged_and_asks_few_questions(app: Flask, city: City, visit: Visit) -> None:
    officer, address = visit("ward_staff"), f"/places/{city.places_a[0]}/check"
    said(officer, address, "heard", note="lần đầu tiên")
    with app.app_context():
        first = db.session.scalars(select(FieldCheck)).one()
        copied = [
            column.key for column in FieldCheck.__table__.columns if column.key not in {"id", "entry_id"}
        ]
        for number in range(60):
            db.session.add(
                FieldCheck(
                    **{name: getattr(first, name) for name in copied} | {"note": f"lần {number}"},
                    id=f"01900000-0000-7000-8000-{number:012}",
                )
            )
        db.session.commit()
    seen: list[str] = []
    page = "/checks"
    while page:
        with counted(app) as asked:
            officer.get(page)
        assert len(asked) <= MOST
        seen += [words.split("lần ")[-1] for words in officer.words().split("không ghi vị trí")[1:]]
        links = [node.get("href", "") for node in officer.page.iter("{http://www.w3.org/1999/xhtml}a")]
        page = next((link for link in links if "after=" in link), "")
    assert len(seen) == 61
    officer.get("/checks?after=rubbish")
    officer.get("/checks?area=9x", 400)
