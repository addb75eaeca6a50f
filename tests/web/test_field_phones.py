"""Who has sent when, in the phones' own words; and a lost phone that is cut off and let in again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inventory.cases import troubles
from inventory.cases.troubles import PhoneSeen, Trouble
from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.people import devices, sessions
from inventory.people.devices import Sending, Standing
from inventory.tables.field import ExpectedPhoto, FieldDevice, FieldEntry
from inventory.tables.person import SessionRow
from inventory.tables.trail import TrailLine
from inventory.vocabulary import EntryAct, EntryOutcome, PhotoOrigin, PhotoState
from tests.city import City
from tests.conftest import VisitorMaker
from tests.web.query_counting import MOST, counted

MOMENT = datetime(2021, 4, 19, 5, tzinfo=UTC)
QUIET = PhoneSeen(
    id="a",
    person_id=1,
    person="Lan",
    areas="",
    name="",
    app="1",
    first_seen_at=MOMENT,
    last_seen_at=MOMENT,
    last_push_at=MOMENT,
    waiting=0,
    photos=0,
    needs=0,
    oldest=None,
    free_bytes=None,
    persisted=None,
    clock_offset_s=None,
    cut_off_at=None,
)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, ()),
        ({"waiting": 3, "last_seen_at": MOMENT - timedelta(days=3)}, (Trouble.SILENT,)),
        ({"waiting": 3, "last_seen_at": MOMENT - timedelta(days=3, seconds=-1)}, ()),
        ({"last_seen_at": MOMENT - timedelta(days=30)}, ()),  # nothing waited on it
        ({"oldest": MOMENT - timedelta(hours=24)}, (Trouble.STUCK,)),
        ({"oldest": MOMENT - timedelta(hours=24, seconds=-1)}, ()),
        ({"needs": 1, "clock_offset_s": -86_400.0}, (Trouble.NEEDS, Trouble.CLOCK)),
        ({"clock_offset_s": 300.0, "free_bytes": 199_999_999}, (Trouble.SPACE,)),
        ({"persisted": False}, ()),
        ({"persisted": False, "photos": 1}, (Trouble.EVICTION,)),
        ({"needs": 9, "waiting": 9, "cut_off_at": MOMENT}, ()),
    ],
)
def test_troubles_begin_where_they_are_said_to(changed: dict[str, Any], found: tuple[Trouble, ...]) -> None:
    assert troubles.troubles(replace(QUIET, **changed), MOMENT) == found


def test_the_worst_phone_stands_first_and_a_cut_one_last() -> None:
    silent = replace(QUIET, id="silent", photos=1, last_seen_at=MOMENT - timedelta(days=4))
    needs = replace(QUIET, id="needs", needs=2)
    cut = replace(QUIET, id="cut", cut_off_at=MOMENT)
    older = replace(QUIET, id="older", last_seen_at=MOMENT - timedelta(hours=1))
    order = [phone.id for phone in troubles.by_trouble((cut, QUIET, needs, older, silent), MOMENT)]
    assert order == ["silent", "needs", "older", "a", "cut"]


def phone(app: Flask, person_id: int, **told: Any) -> str:
    """A phone of a person that has told something of itself; its id."""
    number = new_id()
    with app.app_context():
        values = {
            "token_hash": devices.device_hash("token", person_id),
            "name": "Máy thử",
            "app": "7",
            **told,
        }
        seen = {"first_seen_at": now(), "last_seen_at": now(), **values}
        db.session.add(FieldDevice(id=number, person_id=person_id, **seen))
        db.session.commit()
    return number


def test_the_office_reads_who_is_stuck_in_the_phones_own_words(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    silent = now() - timedelta(days=4)
    phone(
        app,
        city.people["ward_staff"],
        waiting=12,
        photos_waiting=30,
        needs_person=1,
        last_seen_at=silent,
        last_push_at=silent,
        oldest_waiting_at=silent,
        free_bytes=150_000_000,
        clock_offset_s=86_400.0,
    )
    phone(app, city.people["other_ward"], name="Máy phường khác")
    lead = visit("ward_lead")
    with counted(app) as asked:
        lead.get("/field-sync")
    assert len(asked) <= MOST, asked
    for told in (
        "Đã 4 ngày không thấy máy này, lần cuối còn 42 mục chưa gửi.",
        "Có mục chờ gửi đã 96 giờ.",
        "1 mục cần người giữ máy sửa.",
        "nhanh 1 ngày",
        "12 mục, 30 ảnh",
        "Máy báo lúc",
    ):
        assert told in lead.words(), told
    assert "Máy phường khác" not in lead.words()
    office = visit("culture_office")
    office.get("/field-sync")
    assert office.words().index("Máy thử") < office.words().index("Máy phường khác")


def test_refused_entries_and_photos_on_their_way_are_told_with_their_ward(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    for who, ward in (("ward_staff", city.ward_a), ("other_ward", city.ward_b)):
        with app.app_context():
            common = {
                "person_id": city.people[who],
                "campaign_id": city.campaign,
                "area_id": ward,
                "sha256": "0" * 64,
                "body": "{}",
                "received_at": now(),
            }
            told = {
                "message": "Chỉ có %(found)s mà dùng tốt %(working)s.",
                "values": [["found", 2], ["working", 3]],
            }
            refused = FieldEntry(
                id=new_id(),
                act=EntryAct.ANSWER,
                outcome=EntryOutcome.REFUSED,
                code="working_many",
                field="working",
                detail=told,
                **common,
            )
            photo = FieldEntry(id=new_id(), act=EntryAct.PHOTO, outcome=EntryOutcome.STORED, **common)
            db.session.add_all([refused, photo])
            db.session.flush()
            for _n in range(2):
                db.session.add(
                    ExpectedPhoto(
                        id=new_id(),
                        entry_id=photo.id,
                        person_id=city.people[who],
                        campaign_id=city.campaign,
                        sha256="1" * 64,
                        size=1000,
                        received=250,
                        state=PhotoState.EXPECTED,
                        role="overview",
                        origin=PhotoOrigin.CAMERA,
                        told_at=now(),
                    )
                )
            db.session.commit()
    lead = visit("ward_lead")
    lead.get("/field-sync")
    assert "Chỉ có 2 mà dùng tốt 3." in lead.words()
    assert "Dùng tốt" in lead.words()
    assert "25" in lead.words()
    assert "Người other_ward" not in lead.words()
    office = visit("culture_office")
    office.get("/field-sync")
    assert "Người other_ward" in office.words()
    visit("ward_staff").get("/field-sync", 403)
    visit("admin").get("/field-sync", 403)


def _sessions(app: Flask, person_id: int) -> dict[int, str]:
    with app.app_context():
        rows = db.session.execute(
            select(SessionRow.id, SessionRow.ended_why).where(SessionRow.person_id == person_id)
        )
        return {row[0]: row[1] for row in rows}


def _two_sessions(app: Flask, person_id: int) -> tuple[int, int]:
    with app.app_context():
        tokens = [sessions.begin(person_id, "tests", "127.0.0.1") for _n in range(2)]
        db.session.commit()
        found = [
            db.session.scalars(
                select(SessionRow.id).where(SessionRow.token_hash == sessions.token_hash(one))
            ).one()
            for one in tokens
        ]
    return found[0], found[1]


def test_a_lost_phone_is_cut_off_and_its_session_ends(app: Flask, city: City, visit: VisitorMaker) -> None:
    person = city.people["ward_staff"]
    here, elsewhere = _two_sessions(app, person)
    lost = phone(app, person, session_id=here)
    admin = visit("admin")
    page = f"/people/{person}/phones"
    admin.get(f"/people/{person}")
    admin.get(page)
    assert "Không thể xóa từ xa những gì đang nằm trên điện thoại." in admin.words()
    fields = admin.fields(f"{page}/{lost}/cut")
    for _press in range(2):
        admin.post(f"{page}/{lost}/cut", fields)
    ended = _sessions(app, person)
    assert (ended[here], ended[elsewhere]) == ("phone cut off", "")
    with app.app_context():
        device = db.session.get_one(FieldDevice, lost)
        assert device.cut_off_by == city.people["admin"]
        sending = Sending(person, lost, "token")
        assert devices.standing(db.session(), None, sending) is Standing.CUT_OFF
        assert [line.act for line in db.session.scalars(select(TrailLine))].count("phone.cut_off") == 1
    admin.get(page)
    assert "đã cắt" in admin.words()
    admin.post(f"{page}/{lost}/allow", admin.fields(f"{page}/{lost}/allow"))
    with app.app_context():
        device = db.session.get_one(FieldDevice, lost)
        assert (device.cut_off_at, device.cut_off_by) == (None, None)
        assert device.token_hash == devices.device_hash("token", person)  # what waits can still come
        assert devices.standing(db.session(), None, Sending(person, lost, "token")) is not Standing.CUT_OFF


def test_all_sessions_of_the_person_can_end_with_it(app: Flask, city: City, visit: VisitorMaker) -> None:
    person = city.people["ward_staff"]
    _two_sessions(app, person)
    lost = phone(app, person)
    admin = visit("admin")
    page = f"/people/{person}/phones"
    admin.get(page)
    admin.post(f"{page}/{lost}/cut", {**admin.fields(f"{page}/{lost}/cut"), "everywhere": "y"})
    assert set(_sessions(app, person).values()) == {"phone cut off"}
    assert set(_sessions(app, city.people["admin"]).values()) == {""}


def test_a_phone_is_cut_off_under_its_own_person_only(app: Flask, city: City, visit: VisitorMaker) -> None:
    own, other = city.people["ward_staff"], city.people["other_ward"]
    elsewhere, _second = _two_sessions(app, other)
    lost = phone(app, own, session_id=elsewhere)  # a phone's word about its session is not believed
    admin = visit("admin")
    admin.get(f"/people/{own}/phones")
    fields = admin.fields(f"/people/{own}/phones/{lost}/cut")
    admin.post(f"/people/{other}/phones/{lost}/cut", fields, 404)
    admin.post(f"/people/{own}/phones/{lost}/cut", fields)
    assert _sessions(app, other)[elsewhere] == ""
    visit("culture_office").get(f"/people/{own}/phones", 403)
