"""Pushes at the same moment, on both databases: of the same entries (claim 8), of two who change the same
thing (17), beside a decision of the office and beside a form.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.outcomes import Done, Stale
from inventory.receipts import entry_of
from inventory.tables.field import FieldDevice, FieldEntry, ReusedEntry
from inventory.tables.installation import Installation, InstallationEvent
from inventory.vocabulary import EntryOutcome
from tests.city import City
from tests.conftest import VisitorMaker
from tests.web.furnished import acting
from tests.web.pushing import HEADERS, Phone


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same moment; the results in their order."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        gate.wait(60)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_fifty_entries_pushed_by_eight_at_once_are_stored_once(app: Flask, city: City) -> None:
    """New things, a visit and changes of them, all ids known to all eight."""
    phones = [Phone.of(app, city) for _ in range(8)]
    first, visit, ids = phones[0], new_id(), [new_id() for _ in range(24)]
    batch = [first.record(number, place=city.places_a[1]) for number in ids]
    batch += [
        first.amend(number, None, after=made["id"], fields={"note": "sát cổng"})
        for number, made in zip(ids, batch, strict=True)
    ]
    batch += [first.answer(visit, found=2, new=[new_id(), new_id()]), first.finish(visit, answers=1)]
    body = first.envelope(batch)
    answers = at_once(
        *(partial(phone.client.post, "/field/push", json=body, headers=HEADERS) for phone in phones)
    )
    assert sorted(one.status_code for one in answers) == [201] + [202] * 7
    told = [one.get_json()["answers"] for one in answers]
    assert sorted(one["id"] for some in told for one in some if not one["seen"]) == sorted(
        one["id"] for one in batch
    )
    assert {tuple((one["outcome"], one["version"]) for one in some) for some in told} == {
        tuple((one["outcome"], one["version"]) for one in told[0])
    }
    with app.app_context():
        assert len(db.session.scalars(select(FieldEntry.id)).all()) == 50
        assert len(db.session.scalars(select(Installation.id)).all()) == 26
        entries = db.session.scalars(select(InstallationEvent.entry_id)).all()
        assert len(entries) == len(set(entries)) == 50


def test_an_id_that_two_people_use_at_once_keeps_both_bodies(app: Flask, city: City) -> None:
    phones = [Phone.of(app, city, who) for who in ("ward_staff", "ward_lead")]
    for _turn in range(3):
        number = new_id()
        sent = [phone.record(number=number, fields={"note": str(phone.person)}) for phone in phones]
        answers = at_once(*(partial(phone.send, one) for phone, one in zip(phones, sent, strict=True)))
        told = [one.get_json()["answers"][0]["outcome"] for one in answers]
        assert sorted(told) == ["id_reused", "stored"]
        with app.app_context():
            bodies = {db.session.get_one(FieldEntry, number).body}
            bodies |= set(db.session.scalars(select(ReusedEntry.body).where(ReusedEntry.entry_id == number)))
            db.session.remove()
        assert bodies == {one["body"] for one in sent}


def edit_at_once(app: Flask, city: City, edits: int) -> None:
    """Two people change the same field from the same version, again and again."""
    number, version = new_id(), 1
    phones = [Phone.of(app, city, who) for who in ("ward_staff", "ward_lead")]
    phones[0].push(phones[0].record(number))
    for turn in range(edits // 2):
        sent = [phone.amend(number, version, fields={"note": f"{phone.person}-{turn}"}) for phone in phones]
        answers = at_once(*(partial(phone.send, one) for phone, one in zip(phones, sent, strict=True)))
        told = [one.get_json()["answers"][0] for one in answers]
        assert sorted(one["outcome"] for one in told) == ["conflict", "stored"], told
        won = next(i for i, one in enumerate(told) if one["outcome"] == "stored")
        said = [f"{phone.person}-{turn}" for phone in phones]
        assert told[1 - won]["changed"] == [["note", said[won], said[1 - won]]]
        version = told[won]["version"]
        with app.app_context():
            assert db.session.get_one(Installation, number).note == said[won]
            db.session.remove()


def test_of_two_who_edit_at_the_same_moment_one_is_told(app: Flask, city: City) -> None:
    edit_at_once(app, city, 20)


@pytest.mark.soak
def test_of_two_hundred_edits_at_the_same_moment_none_is_overwritten(app: Flask, city: City) -> None:
    edit_at_once(app, city, 200)


def test_a_push_and_a_form_at_the_same_moment_overwrite_nothing(app: Flask, city: City) -> None:
    number = new_id()
    phone = Phone.of(app, city)
    phone.push(phone.record(number))

    def form(version: int, words: str) -> object:
        with app.app_context():
            actor, campaign = acting(city.people["culture_office"])
            wanted = {"note": words}
            done = installations.amend(actor, campaign, number, wanted, version, entry_of(new_id(), {}))
            db.session.commit()
            db.session.remove()
            return done

    version = 1
    for turn in range(5):
        sent = phone.amend(number, version, fields={"note": f"máy {turn}"})
        office = f"phòng {turn}"
        answer, done = at_once(partial(phone.send, sent), partial(form, version, office))
        outcome = answer.get_json()["answers"][0]["outcome"]
        assert (outcome, type(done)) in {("stored", Stale), ("conflict", Done)}
        version += 1


def test_a_decision_and_what_the_case_waited_for_at_the_same_moment_agree(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    """Either the office dropped it and nothing is written, or it came and is; never half of each."""
    phone, lead = Phone.of(app, city), Phone.of(app, city, "ward_lead")
    office = visit("culture_office")
    for _turn in range(4):
        number = new_id()
        early = phone.amend(number, 1, fields={"note": "sớm"})
        phone.push(early)
        with app.app_context():
            old = now() - timedelta(days=6)
            db.session.execute(update(FieldEntry).where(FieldEntry.id == early["id"]).values(received_at=old))
            db.session.commit()
            db.session.remove()
        address = f"/cases/{early['id']}"
        office.get(address)
        body = office.fields(address) | {"way": "drop", "reason": "không rõ thứ nào"}
        body["csrf_token"] = office.token()
        cause = lead.record(number)
        pressed, pushed = at_once(partial(office.client.post, address, data=body), partial(lead.send, cause))
        assert (pressed.status_code in {303, 404, 409, 422}, pushed.status_code) == (True, 201)
        with app.app_context():
            row, note = db.session.get_one(FieldEntry, early["id"]), _note(number)
            found = (row.outcome, row.settled_how, note)
            db.session.remove()
        assert found in {
            (EntryOutcome.PARKED, "drop", ""),
            (EntryOutcome.STORED, "", "sớm"),
        }


def _note(number: str) -> str:
    return db.session.get_one(Installation, number).note


def test_two_tabs_of_a_new_phone_report_at_once(app: Flask, city: City) -> None:
    phones = [Phone.of(app, city) for _ in range(4)]
    for phone in phones:
        phone.device = phones[0].device
    answers: Sequence[Any] = at_once(*(phone.send for phone in phones))
    assert [one.status_code for one in answers] == [202] * 4
    with app.app_context():
        assert len(db.session.scalars(select(FieldDevice.id)).all()) == 1


@pytest.mark.soak
def test_ten_thousand_waiting_entries_arrive_once(app: Flask, city: City) -> None:
    phone = Phone.of(app, city)
    sent = [phone.record() for _ in range(10_000)]
    for start in range(0, 10_000, 100):
        assert {one["outcome"] for one in phone.push(*sent[start : start + 100])} == {"stored"}
    with app.app_context():
        assert len(db.session.scalars(select(Installation.id)).all()) == 10_000
