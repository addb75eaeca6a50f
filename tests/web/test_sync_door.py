"""The door of `/field/push`: every status with its code, who may hand over what, and what the office sees."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.people.devices import COOKIE, device_hash
from inventory.sync import applying
from inventory.sync import push as pushing_rules
from inventory.tables.field import FieldDevice, FieldEntry
from inventory.tables.installation import Installation
from inventory.tables.person import Person, SessionRow
from tests.city import City
from tests.web.pushing import HEADERS, Phone, entry

ADDRESS = "/field/push"


@pytest.fixture
def phone(app: Flask, city: City) -> Phone:
    """Ward A's officer, on a phone that `/field/me` has made known."""
    made = Phone.of(app, city)
    with app.app_context():
        row = FieldDevice(
            id=made.device,
            person_id=made.person,
            token_hash=device_hash("secret", made.person),
            first_seen_at=now(),
            last_seen_at=now(),
        )
        db.session.add(row)
        db.session.commit()
        db.session.remove()
    made.client.set_cookie(COOKIE, "secret")
    return made


def change(app: Flask, statement: Any) -> None:
    """Change something behind everybody's back."""
    with app.app_context():
        db.session.execute(statement)
        db.session.commit()
        db.session.remove()


def code_of(answer: Any, status: int) -> str:
    """The code of a refused envelope; each is JSON, says a sentence and has the header."""
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    assert answer.headers["X-Trucquan-Answer"] == "1"
    told = answer.get_json()
    assert told["message"]
    return str(told["code"])


def count(app: Flask) -> int:
    """Entries that are kept."""
    with app.app_context():
        found = len(db.session.scalars(select(FieldEntry.id)).all())
        db.session.remove()
    return found


def test_what_is_no_push_is_refused_with_a_code_and_stores_nothing(app: Flask, phone: Phone) -> None:
    good = phone.envelope([phone.record()])
    post = phone.client.post
    assert code_of(post(ADDRESS, json=good), 400) == "envelope"  # without the app's header
    for body, code in (
        (b"\x00\xff", "json_utf8"),
        (b"{", "json"),
        (b"[]", "envelope"),
        (b'{"format": 1, "format": 1}', "json_keys"),
        (b'{"format": NaN}', "json_number"),
        (b"[" * 100 + b"]" * 100, "json_deep"),
        (json.dumps({**good, "person": None}).encode(), "envelope"),
        (json.dumps({**good, "entries": good["entries"] * 101}).encode(), "envelope"),
        (json.dumps({**good, "entries": [{"id": "x"}]}).encode(), "envelope"),
        (json.dumps({**good, "format": 99}).encode(), "envelope"),
    ):
        assert code_of(post(ADDRESS, data=body, headers=HEADERS), 400) == code, body[:60]
    assert code_of(post(ADDRESS, data=b" " * 1_000_001, headers=HEADERS), 413) == "large"
    assert code_of(post(ADDRESS, json={**good, "format": 0}, headers=HEADERS), 426) == "update"
    hostile = {**HEADERS, "Sec-Fetch-Site": "cross-site"}
    assert post(ADDRESS, json=good, headers=hostile).status_code == 403
    assert count(app) == 0


def test_only_its_person_sends_a_queue(app: Flask, city: City, phone: Phone) -> None:
    """Claims 15, 29: no session, somebody else's session, an ended one: everything stays on the phone."""
    sent = phone.record()
    stranger = Phone.of(app, city, "ward_lead")
    stranger.person = phone.person
    assert code_of(stranger.send(sent), 409) == "other_person"
    nobody = Phone(app.test_client(), city, phone.person, phone.device)
    assert code_of(nobody.send(sent), 401) == "sign_in"
    leader = Phone.of(app, city, "leader")
    assert code_of(leader.send(leader.record()), 401) == "sign_in"
    change(app, update(SessionRow).values(ended_at=now()))
    assert code_of(phone.send(sent), 401) == "sign_in"
    assert count(app) == 0


def test_a_disabled_persons_phone_deposits_its_queue_and_a_strange_one_does_not(
    app: Flask, city: City, phone: Phone
) -> None:
    change(app, update(Person).where(Person.id == phone.person).values(active=False))
    sent = phone.record()
    told = phone.one(sent)
    assert (told["outcome"], told["code"]) == ("held", "disabled")
    strange = Phone(app.test_client(), city, phone.person, phone.device)
    strange.client.set_cookie(COOKIE, "guessed")
    assert code_of(strange.send(phone.record()), 401) == "sign_in"
    assert phone.one(sent, status=202)["outcome"] == "held"
    with app.app_context():
        assert db.session.scalars(select(Installation.id)).all() == []
        assert db.session.get_one(FieldEntry, sent["id"]).area_id == city.ward_a


def test_nothing_is_taken_from_a_phone_that_was_cut_off(app: Flask, phone: Phone) -> None:
    cut = update(FieldDevice).where(FieldDevice.id == phone.device)
    change(app, cut.values(cut_off_at=now()))
    assert code_of(phone.send(phone.record()), 403) == "cut_off"
    change(app, update(Person).where(Person.id == phone.person).values(active=False))
    assert code_of(phone.send(phone.record()), 403) == "cut_off"
    assert count(app) == 0


def test_a_push_reports_how_the_phone_stands(app: Flask, phone: Phone) -> None:
    sent_at = (now() + timedelta(hours=30)).isoformat()
    status = {"waiting": 7, "photos": 2, "needs": 1, "free": 5e9, "persisted": True}
    assert phone.push(status=202, sent_at=sent_at) == []
    told = phone.send(sent_at=sent_at, status=status)
    assert told.status_code == 202
    assert told.get_json()["server_at"]
    with app.app_context():
        row = db.session.get_one(FieldDevice, phone.device)
        assert (row.waiting, row.photos_waiting, row.needs_person) == (7, 2, 1)
        assert (row.free_bytes, row.persisted) == (5_000_000_000, True)
        assert row.clock_offset_s == pytest.approx(30 * 3600, abs=600)
        assert row.last_push_at is not None
        assert row.session_id is not None
        db.session.remove()
    assert phone.send(status={"waiting": "x", "oldest": 3, "free": "y"}).status_code == 202


@pytest.mark.parametrize(
    ("words", "status", "code"), [("database or disk is full", 507, "full"), ("locked", 503, "busy")]
)
def test_a_database_that_cannot_write_ends_the_batch_whole_and_says_when_to_come_again(
    app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch, words: str, status: int, code: str
) -> None:
    sent = [phone.record() for _ in range(3)]
    real, turn = applying.apply, []

    def fail(*args: Any) -> Any:
        turn.append(1)
        if len(turn) == 3:
            raise OperationalError("x", {}, Exception(words))
        return real(*args)

    monkeypatch.setattr(applying, "apply", fail)
    monkeypatch.setattr(pushing_rules, "BULK", False)
    answer = phone.send(*sent)
    assert code_of(answer, status) == code
    assert int(answer.headers["Retry-After"]) > 0
    assert count(app) == 0
    monkeypatch.undo()
    assert [one["seen"] for one in phone.push(*sent)] == [False] * 3


def test_six_sends_of_one_batch_store_it_once(app: Flask, phone: Phone) -> None:
    """The button pressed six times: MerginMaps/mobile#4363."""
    sent = [phone.record() for _ in range(4)]
    answers = [phone.send(*sent) for _ in range(6)]
    assert [one.status_code for one in answers] == [201] + [202] * 5
    bodies = [[(row["outcome"], row["subject"]) for row in one.get_json()["answers"]] for one in answers]
    assert all(body == bodies[0] for body in bodies)
    assert count(app) == 4


def test_an_entry_of_a_later_app_is_read_as_far_as_it_goes(app: Flask, phone: Phone) -> None:
    number = new_id()
    told = phone.one(phone.record(number, colour="đỏ", fields={"shape": "tròn", "note": "mới"}))
    assert told["outcome"] == "stored"
    assert phone.one(entry("teleport", installation=number))["code"] == "unreadable"
    with app.app_context():
        assert db.session.get_one(Installation, number).note == "mới"
