"""Order does not matter: what came before its cause ends as it would have ended behind it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.sync import applying, waiting
from inventory.sync.places import Context
from inventory.tables.campaign import Campaign
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation
from inventory.tables.survey import Survey
from inventory.vocabulary import CaseState, EntryOutcome
from tests.city import City
from tests.conftest import VisitorMaker
from tests.web.furnished import acting
from tests.web.pushing import Phone, entry
from tests.web.test_cases import settle


@pytest.fixture
def phone(app: Flask, city: City) -> Phone:
    """Ward A's officer."""
    return Phone.of(app, city)


def outcomes(app: Flask, entries: Sequence[dict[str, str]]) -> list[str]:
    """What became of entries, by what is stored."""
    with app.app_context():
        rows = {row.id: row.outcome.value for row in db.session.scalars(select(FieldEntry))}
        db.session.remove()
    return [rows[one["id"]] for one in entries]


def change(app: Flask, statement: Any) -> None:
    """Change something behind everybody's back."""
    with app.app_context():
        db.session.execute(statement)
        db.session.commit()
        db.session.remove()


def test_what_waits_for_an_entry_that_is_refused_is_decided_as_behind_it(app: Flask, phone: Phone) -> None:
    number = new_id()
    phone.push(phone.record(number))
    first = phone.amend(number, 1, fields={"condition": "good", "kind_code": "KHÔNG_CÓ"})
    second = phone.amend(number, 1, after=first["id"], fields={"note": "sát cổng"})
    assert phone.one(second)["outcome"] == "parked"
    assert phone.one(first)["outcome"] == "refused"
    assert outcomes(app, [second]) == ["stored"]


def test_what_waits_for_an_entry_that_is_in_conflict_is_decided_as_behind_it(
    app: Flask, city: City, phone: Phone
) -> None:
    number = new_id()
    phone.push(phone.record(number))
    lead = Phone.of(app, city, "ward_lead")
    lead.push(lead.amend(number, 1, fields={"note": "của lead"}))
    first = phone.amend(number, 1, fields={"note": "của tôi"})
    second = phone.amend(number, None, after=first["id"], fields={"serial": "S-2"})
    third = phone.amend(number, None, after=second["id"], fields={"serial": "S-3"})
    assert [one["outcome"] for one in phone.push(third, second)] == ["parked"] * 2
    assert phone.one(first)["outcome"] == "conflict"
    assert outcomes(app, [second, third]) == ["merged", "stored"]


def test_the_end_of_a_visit_does_not_wait_for_an_answer_that_was_refused(app: Flask, phone: Phone) -> None:
    visit = new_id()
    good = phone.answer(visit, found=1, new=[new_id()])
    bad = phone.answer(visit, "gate.FLAG_NATIONAL", found=-3)
    end = phone.finish(visit, answers=2)
    assert [one["outcome"] for one in phone.push(end, good)] == ["parked", "stored"]
    assert phone.one(bad)["outcome"] == "refused"
    assert outcomes(app, [end]) == ["stored"]
    with app.app_context():
        assert db.session.get_one(Survey, visit).finished_at is not None


def test_an_orphan_that_the_office_dropped_is_not_written_when_its_cause_comes(
    app: Flask, phone: Phone, visit: VisitorMaker
) -> None:
    number = new_id()
    early = phone.amend(number, 1, fields={"note": "sớm"})
    phone.push(early)
    change(app, update(FieldEntry).values(received_at=now() - timedelta(days=6)))
    settle(visit("ward_lead"), early["id"], way="drop", reason="không rõ thứ nào")
    phone.push(phone.record(number))
    with app.app_context():
        row = db.session.get_one(FieldEntry, early["id"])
        assert (row.case_state, row.settled_how) == (CaseState.SETTLED, "drop")
        assert db.session.get_one(Installation, number).note == ""


def test_what_waits_in_a_campaign_that_was_closed_is_held(app: Flask, city: City, phone: Phone) -> None:
    """Its cause came in another campaign, so the closed one is not written to by a back door."""
    number = new_id()
    early = phone.amend(number, 1, fields={"note": "sớm"})
    assert phone.one(early)["outcome"] == "parked"
    with app.app_context():
        old = db.session.get_one(Campaign, city.campaign)
        copied = {
            "name": "Bầu cử sau",
            "election_day": old.election_day,
            "tree_date": old.tree_date,
            "decoration_deadline": old.decoration_deadline,
            "root_area_id": old.root_area_id,
            "pinned_today": old.pinned_today,
            "synthetic": True,
        }
        other = Campaign(code="sau", **copied)
        db.session.add(other)
        db.session.flush()
        old.open = False
        db.session.commit()
        db.session.remove()
    told = entry(
        "record",
        installation=number,
        place=None,
        area=city.ward_a,
        campaign="sau",
        fields={"kind_code": "PANEL_SMALL", "zone": "public", "condition": "good"},
    )
    assert phone.one(told)["outcome"] == "stored"
    with app.app_context():
        row = db.session.get_one(FieldEntry, early["id"])
        assert (row.outcome, row.code) == (EntryOutcome.HELD, "campaign_closed")
        assert db.session.get_one(Installation, number).note == ""


def test_an_entry_of_no_campaign_of_ours_is_held_and_never_written(app: Flask, phone: Phone) -> None:
    told = phone.one(phone.record(campaign="khong-co"))
    assert (told["outcome"], told["code"]) == ("held", "campaign_closed")
    with app.app_context():
        assert db.session.scalars(select(Installation.id)).all() == []


def test_a_held_entry_is_applied_later_with_what_waited_for_it(app: Flask, city: City, phone: Phone) -> None:
    """`waiting.reapply`, as a decision calls it."""
    number = new_id()
    change(app, update(Campaign).values(open=False))
    record = phone.record(number)
    assert phone.one(record)["outcome"] == "held"
    change(app, update(Campaign).values(open=True))
    later = phone.amend(number, None, after=record["id"], fields={"note": "sau"})
    assert phone.one(later)["outcome"] == "parked"
    with app.app_context():
        actor, campaign = acting(phone.person)
        row = db.session.get_one(FieldEntry, record["id"])
        verdict = waiting.reapply(actor, campaign, row, Context(phone.person, phone.device))
        assert verdict.applied
        assert row.case_state is CaseState.OPEN, "its case is the caller's to close"
        db.session.commit()
        assert db.session.get_one(Installation, number).note == "sau"
        assert applying.decoded(row).about == number
    assert outcomes(app, [record, later]) == ["stored", "stored"]


def test_what_cannot_be_applied_later_either_leaves_nothing_behind(
    app: Flask, city: City, phone: Phone
) -> None:
    early = phone.amend(new_id(), 1, fields={"note": "sớm"})
    phone.push(early)
    with app.app_context():
        actor, campaign = acting(phone.person)
        row = db.session.get_one(FieldEntry, early["id"])
        verdict = waiting.reapply(actor, campaign, row, Context(phone.person, newest=True))
        assert not verdict.applied
        db.session.commit()
        assert row.outcome is EntryOutcome.PARKED
