"""Pushes: clocks of other years, answers of visits, long queues and senders without a session."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.sync import push as pushing_rules
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation, InstallationEvent
from inventory.tables.survey import Answer, Survey
from tests.city import City
from tests.web.pushing import Phone


@pytest.fixture
def phone(app: Flask, city: City) -> Phone:
    """Ward A's officer."""
    return Phone.of(app, city)


def rows(app: Flask, *what: Any) -> list[Any]:
    """Everything of some columns."""
    with app.app_context():
        found = db.session.execute(select(*what)).all()
        db.session.remove()
    return [tuple(row) if len(what) > 1 else row[0] for row in found]


def change(app: Flask, statement: Any) -> None:
    """Change something behind everybody's back."""
    with app.app_context():
        db.session.execute(statement)
        db.session.commit()
        db.session.remove()


@pytest.mark.parametrize("year", [1999, 2031])
def test_a_clock_of_another_year_is_told_and_believed_nowhere(app: Flask, phone: Phone, year: int) -> None:
    """Claim 16: reports go by the server's receipt, the phone's own time stands beside it."""
    made = f"{year}-03-01T00:00:00.000Z"
    told = phone.one(phone.record(made_at=made), sent_at=made)
    assert told["outcome"] == "stored"
    assert [note["code"] for note in told["notes"]] == ["clock"]
    with app.app_context():
        event = db.session.scalars(select(InstallationEvent)).one()
        assert event.device_at is not None
        assert event.device_at.year == year
        assert event.at.year == 2021  # the campaign's own pinned day
        row = db.session.scalars(select(FieldEntry)).one()
        assert abs((now() - row.received_at).total_seconds()) < 3600


def test_an_answer_is_decided_against_what_its_phone_saw(app: Flask, city: City, phone: Phone) -> None:
    lead, visit = Phone.of(app, city, "ward_lead"), new_id()
    mine = new_id()
    first = phone.answer(visit, found=1, new=[mine])
    assert phone.one(first)["outcome"] == "stored"
    # Another one was hung and recorded meanwhile: the phone's "two" is not the office's two.
    lead.push(lead.record())
    two = phone.answer(visit, found=2, after=first["id"], new=[new_id()])
    assert phone.one(two)["outcome"] == "stored"  # both say that two stand: no third is made
    assert len(rows(app, Installation.id)) == 2
    four = phone.answer(visit, found=4, base={mine: 1}, new=[new_id(), new_id(), new_id()])
    told = phone.one(four)
    assert (told["outcome"], told["changed"]) == ("conflict", [["found", "2/2", "4/4"]])
    assert len(rows(app, Installation.id)) == 2


def test_an_answer_and_its_correction_find_each_other_in_any_order(app: Flask, phone: Phone) -> None:
    visit, one, two = new_id(), new_id(), new_id()
    first = phone.answer(visit, found=1, new=[one])
    second = phone.answer(visit, found=2, working=1, condition="torn", after=first["id"], new=[two])
    done = phone.finish(visit, answers=2)
    assert [row["outcome"] for row in phone.push(done, second)] == ["parked", "parked"]
    assert phone.one(first)["outcome"] == "stored"
    told = phone.push(done, second, status=202)
    assert [row["outcome"] for row in told] == ["stored", "stored"]
    assert sorted(rows(app, Installation.id)) == sorted([one, two])
    assert rows(app, Answer.found) == [2]
    with app.app_context():
        assert db.session.get_one(Survey, visit).finished_at is not None


def test_a_thousand_waiting_entries_arrive_once_each(app: Flask, phone: Phone) -> None:
    sent = [phone.record() for _ in range(1000)]
    for start in range(0, 1000, 100):
        assert {one["outcome"] for one in phone.push(*sent[start : start + 100])} == {"stored"}
    phone.push(*sent[450:550], status=202)
    assert len(rows(app, Installation.id)) == len(rows(app, FieldEntry.id)) == 1000


def test_a_batch_that_says_an_entry_twice_stores_it_once(app: Flask, phone: Phone) -> None:
    one = phone.record()
    told = phone.push(one, one, one)
    assert [row["seen"] for row in told] == [False, True, True]
    assert len(rows(app, Installation.id)) == 1


def test_a_sender_without_a_session_has_the_rights_of_this_moment(app: Flask, city: City) -> None:
    from inventory.campaigns import current

    with app.app_context():
        campaign = current(db.session())
        assert campaign is not None
        found = pushing_rules.sender_of(db.session(), campaign, city.people["ward_staff"])
        assert found is not None
        assert (found.held, found.actor.areas) == ("", frozenset({city.ward_a}))
        leader = pushing_rules.sender_of(db.session(), campaign, city.people["leader"])
        assert leader is not None
        assert leader.held == "disabled"
        assert pushing_rules.sender_of(db.session(), campaign, 999_999) is None
