"""What a phone pushes is decided once, entry by entry, and answered the same ever after."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from inventory import trail
from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.sync.waiting import open_orphans
from inventory.tables.campaign import Campaign
from inventory.tables.field import FieldEntry, ReusedEntry
from inventory.tables.installation import Installation, InstallationEvent
from inventory.tables.person import PersonArea
from inventory.tables.place import Place
from inventory.tables.survey import Answer, Survey
from inventory.vocabulary import CaseState, EntryOutcome
from tests.city import City
from tests.web.pushing import Phone, entry


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


def test_a_batch_is_stored_with_the_phones_ids_and_a_replay_changes_nothing(app: Flask, phone: Phone) -> None:
    number, visit = new_id(), new_id()
    batch = [
        phone.record(number),
        phone.amend(number, None, after="", fields={"note": "sát cổng"}),
        phone.answer(visit, "gate.FLAG_NATIONAL", quick="enough", new=[new_id()]),
        phone.finish(visit),
    ]
    batch[1] = phone.amend(number, None, after=batch[0]["id"], fields={"note": "sát cổng"})
    first = phone.push(*batch)
    assert [one["outcome"] for one in first] == ["stored"] * 4
    assert (first[0]["subject"], first[0]["version"]) == (number, 1)
    before = rows(app, InstallationEvent.id)
    again = phone.push(*batch, status=202)
    assert [one["seen"] for one in again] == [True] * 4
    same = ("outcome", "code", "subject", "version", "message")
    assert [[one[name] for name in same] for one in again] == [[one[name] for name in same] for one in first]
    assert rows(app, InstallationEvent.id) == before
    with app.app_context():
        thing = db.session.get_one(Installation, number)
        assert (thing.note, thing.version) == ("sát cổng", 2)
        assert db.session.get_one(Survey, visit).finished_at is not None
        assert db.session.query(Answer).count() == 1
        assert trail.verify(db.session()) is None
        event = db.session.scalars(select(InstallationEvent).order_by(InstallationEvent.id)).first()
        assert event is not None
        assert event.device_at is not None


def test_one_bad_entry_of_ten_stops_no_other(app: Flask, phone: Phone) -> None:
    """formhub#678: one submission that cannot be read held up every later one."""
    good = [phone.record() for _ in range(6)]
    bad = [
        {**phone.record(), "sha256": "0" * 64},
        {**entry("x"), "body": "{"},
        phone.record(fields={"quantity": "nhiều"}),
        phone.record(fields={"kind_code": "KHÔNG_CÓ"}),
    ]
    sent = [good[0], bad[0], good[1], bad[1], good[2], bad[2], good[3], bad[3], *good[4:]]
    found = {one["id"]: one for one in phone.push(*sent)}
    assert {found[one["id"]]["outcome"] for one in good} == {"stored"}
    codes = [found[one["id"]]["code"] for one in bad]
    assert codes == ["damaged", "damaged", "unreadable", "kind_unknown"]
    assert found[bad[2]["id"]]["field"] == "quantity"
    assert all(found[one["id"]]["message"] for one in bad)
    assert len(rows(app, Installation.id)) == 6


def test_an_entry_that_breaks_in_the_middle_is_kept_and_the_rest_is_stored(
    app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned = phone.record(fields={"serial": "độc"})
    from inventory.installations import rules

    settled = rules.settled

    def explode(record: Any, kind: Any) -> Any:
        if record.serial == "độc":
            raise ZeroDivisionError
        return settled(record, kind)

    monkeypatch.setattr(rules, "settled", explode)
    found = phone.push(phone.record(), poisoned, phone.record())
    assert [(one["outcome"], one["code"]) for one in found] == [
        ("stored", ""),
        ("held", "failed"),
        ("stored", ""),
    ]
    monkeypatch.undo()
    assert phone.one(poisoned, status=202)["outcome"] == "held"  # a person decides, not a second try


def test_the_same_id_with_other_words_keeps_the_first_and_both_readable(app: Flask, phone: Phone) -> None:
    """Claim 9."""
    for _turn in range(5):
        number, thing = new_id(), new_id()
        first = phone.record(thing, number, fields={"note": "một"})
        other = phone.record(new_id(), number, fields={"note": "hai"})
        assert phone.one(first)["outcome"] == "stored"
        told = phone.one(other, status=202)
        assert (told["outcome"], told["code"]) == ("id_reused", "id_reused")
        assert phone.one(other, status=202)["outcome"] == "id_reused"
        assert phone.one(first, status=202)["outcome"] == "stored"
        with app.app_context():
            assert db.session.get_one(FieldEntry, number).body == first["body"]
            kept = db.session.scalars(select(ReusedEntry).where(ReusedEntry.entry_id == number)).all()
            assert [row.body for row in kept] == [other["body"]]
            assert db.session.get_one(Installation, thing).note == "một"
            db.session.remove()


def test_different_fields_merge_and_the_same_field_is_a_conflict_with_both_values(
    app: Flask, city: City, phone: Phone
) -> None:
    """Claim 17, peers 4, 5, 12."""
    number = new_id()
    phone.push(phone.record(number))
    lead = Phone.of(app, city, "ward_lead")
    assert lead.one(lead.amend(number, 1, fields={"note": "của lead"}))["outcome"] == "stored"
    merged = phone.one(phone.amend(number, 1, fields={"serial": "S-1"}))
    assert (merged["outcome"], merged["version"]) == ("merged", 3)
    assert [note["code"] for note in merged["notes"] if note["code"] != "clock"] == ["merged"]
    clash = phone.amend(number, 1, fields={"note": "của staff", "serial": "S-1"})
    told = phone.one(clash)
    assert (told["outcome"], told["code"]) == ("conflict", "changed")
    assert told["changed"] == [["note", "của lead", "của staff"]]
    assert told["who"]
    with app.app_context():
        assert db.session.get_one(Installation, number).note == "của lead"
        assert db.session.get_one(FieldEntry, clash["id"]).case_state is CaseState.OPEN


def test_who_edits_from_an_old_base_is_told_and_nothing_is_overwritten(
    app: Flask, city: City, phone: Phone
) -> None:
    """Claim 17: whoever edits one field from an old base is told; nothing that was stored is lost."""
    number = new_id()
    phone.push(phone.record(number))
    lead = Phone.of(app, city, "ward_lead")
    seen = {"staff": 1, "lead": 1}
    outcomes: Counter[str] = Counter()
    for turn in range(20):
        name, who = (("staff", phone), ("lead", lead))[turn % 2]
        batch = [who.amend(number, seen[name], fields={"note": f"{name} {turn}"})]
        told = who.push(*batch)[0]
        outcomes[told["outcome"]] += 1
        if told["outcome"] == "conflict" or turn % 3 == 0:
            seen[name] = told["version"]
    stored = outcomes["stored"] + outcomes["merged"]
    assert stored + outcomes["conflict"] == 20
    assert outcomes["conflict"] > 0
    events = rows(app, InstallationEvent.act)
    assert events.count("amended") == stored
    assert rows(app, FieldEntry.outcome).count(EntryOutcome.CONFLICT) == outcomes["conflict"]


def test_a_change_of_what_is_gone_is_a_case_and_no_resurrection(app: Flask, city: City, phone: Phone) -> None:
    number, other = new_id(), new_id()
    phone.push(phone.record(number), phone.record(other))
    lead = Phone.of(app, city, "ward_lead")
    lost = entry("move", installation=number, base=1, step="lost", area=city.ward_a)
    missing = lead.amend(other, 1, fields={"condition": "missing"})
    assert [one["outcome"] for one in lead.push(lost, missing)] == ["stored", "stored"]
    for thing in (number, other):
        told = phone.one(phone.amend(thing, 1, fields={"note": "vẫn treo"}))
        assert (told["outcome"], told["code"]) == ("conflict", "gone")
    same = entry("move", installation=number, base=1, step="lost", area=city.ward_a)
    assert phone.one(same)["outcome"] == "stored"  # both saw the same


def test_a_confirmation_stands_beside_a_change_of_what_nobody_sees(
    app: Flask, city: City, phone: Phone
) -> None:
    number = new_id()
    phone.push(phone.record(number))
    lead = Phone.of(app, city, "ward_lead")
    lead.push(lead.amend(number, 1, fields={"serial": "S-9"}))
    confirm = entry("confirm", installation=number, base=1, area=city.ward_a)
    assert phone.one(confirm)["outcome"] == "merged"
    lead.push(lead.amend(number, 2, fields={"condition": "torn"}))
    told = phone.one(entry("confirm", installation=number, base=2, area=city.ward_a))
    assert (told["outcome"], told["changed"][-1]) == ("conflict", ["condition", "torn", "good"])


def test_what_comes_before_its_create_is_parked_and_then_applied_in_order(app: Flask, phone: Phone) -> None:
    """Also what another phone of the ward brings, and a replay then answers the new outcome."""
    number = new_id()
    record = phone.record(number)
    one = phone.amend(number, None, after=record["id"], fields={"note": "một"})
    two = phone.amend(number, None, after=one["id"], fields={"note": "hai"})
    told = phone.push(two, one)
    assert [row["outcome"] for row in told] == ["parked", "parked"]
    assert phone.one(record)["outcome"] == "stored"
    assert [row["outcome"] for row in phone.push(one, two, status=202)] == ["stored", "stored"]
    with app.app_context():
        assert (db.session.get_one(Installation, number).note) == "hai"


def test_a_parked_entry_becomes_a_case_after_five_days_and_is_settled_when_its_cause_comes(
    app: Flask, phone: Phone
) -> None:
    number = new_id()
    early = phone.amend(number, 1, fields={"note": "sớm"})
    phone.push(early)
    change(app, update(FieldEntry).values(received_at=now() - timedelta(days=4)))
    phone.push(phone.record())
    assert rows(app, FieldEntry.case_state) == [None, None]
    change(
        app,
        update(FieldEntry).where(FieldEntry.id == early["id"]).values(received_at=now() - timedelta(days=6)),
    )
    with app.app_context():
        open_orphans(now())
        db.session.commit()
        row = db.session.get_one(FieldEntry, early["id"])
        assert (row.case_state, row.code) == (CaseState.OPEN, "orphan")
        db.session.remove()
    phone.push(phone.record(number))
    with app.app_context():
        row = db.session.get_one(FieldEntry, early["id"])
        assert (row.outcome, row.case_state) == (EntryOutcome.STORED, CaseState.SETTLED)


def test_people_who_moved_places_that_went_and_closed_campaigns_are_held(
    app: Flask, city: City, phone: Phone
) -> None:
    """esri 27→31: work of somebody who was moved meanwhile must neither vanish nor slip in."""
    number = new_id()
    phone.push(phone.record(number))
    gone = phone.record(place=999_999)
    assert (phone.one(gone)["outcome"], phone.one(gone, status=202)["code"]) == ("held", "place_gone")
    strange = entry(
        "record", installation=new_id(), place=None, area=city.ward_b, fields={"kind_code": "PANEL_SMALL"}
    )
    assert phone.one(strange)["code"] == "moved_away"
    change(app, update(PersonArea).where(PersonArea.person_id == phone.person).values(area_id=city.ward_b))
    late = [
        phone.record(),
        phone.amend(number, 1, fields={"note": "muộn"}),
        phone.answer(new_id(), quick="none"),
    ]
    told = phone.push(*late)
    assert [(one["outcome"], one["code"]) for one in told] == [("held", "moved_away")] * 3
    change(app, update(Campaign).values(open=False))
    told = phone.push(phone.record())
    assert (told[0]["outcome"], told[0]["code"]) == ("held", "campaign_closed")
    states = rows(app, FieldEntry.case_state, FieldEntry.area_id)
    assert states.count((CaseState.OPEN, city.ward_a)) == 5
    assert len(rows(app, Installation.id)) == 1


def test_the_place_says_the_ward_whatever_the_phone_says(app: Flask, city: City, phone: Phone) -> None:
    """Trust §3.4 rule 8: ward, person and status are the server's."""
    told = phone.record(area=city.ward_b, fields={"area_id": city.ward_b, "lifecycle": "in_use"})
    phone.push(told)
    [(area, person)] = rows(app, Installation.area_id, Installation.created_by)
    assert (area, person) == (city.ward_a, phone.person)
    change(app, update(Place).where(Place.id == city.places_a[0]).values(area_id=city.ward_b, number=77))
    assert phone.one(phone.record())["code"] == "moved_away"
