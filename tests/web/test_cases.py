"""Cases: nothing that a phone sent is lost while people disagree, and one person's word settles it once."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from inventory import duties
from inventory.cases import bodies, rules
from inventory.cases.rules import CaseKind, Way
from inventory.clock import now
from inventory.database import db
from inventory.field import queries as packs
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.installations.record import Record
from inventory.outcomes import Done
from inventory.receipts import entry_of
from inventory.sync import push
from inventory.sync.push import Came, Sender
from inventory.sync.rules import PARKED_LONGEST
from inventory.tables.field import FieldEntry, ReusedEntry
from inventory.tables.installation import Installation, InstallationEvent
from inventory.tables.kind import Kind
from inventory.tables.person import Person, PersonArea
from inventory.tables.place import Place
from inventory.tables.trail import TrailLine
from inventory.vocabulary import CaseState, EntryAct, Lifecycle, Zone
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker
from tests.web.furnished import acting
from tests.web.query_counting import MOST, counted

MADE = "2021-04-19T01:02:03.456Z"


def came(city: City, act: str, area: int | None = None, **words: Any) -> Came:
    """An entry as a phone makes it."""
    told = {"act": act, "campaign": "thu-2021", "area": area or city.ward_a, "made_at": MADE, **words}
    body = json.dumps(told, ensure_ascii=False)
    return Came(new_id(), hashlib.sha256(body.encode()).hexdigest(), body)


def send(app: Flask, city: City, who: str, *entries: Came) -> list[push.Answer]:
    """Push entries as a person, as their phone does."""
    with app.app_context():
        actor, campaign = acting(city.people[who])
        answers = push.take(Sender(actor, campaign), list(entries))
        db.session.commit()
    return answers


def thing(app: Flask, city: City, who: str = "ward_staff", **words: Any) -> str:
    """A banner at the gate of ward A's first place, as it stands in the records; its id."""
    with app.app_context():
        actor, campaign = acting(city.people[who])
        venue = db.session.get_one(Place, city.places_a[0]).venue_id
        record = Record("BANNER_H", city.ward_a, venue_id=venue, zone=Zone.GATE, **words)
        made = installations.record(actor, campaign, record, entry_of(new_id(), {}))
        assert isinstance(made, Done), made
        db.session.commit()
        return made.subject


def office_says(app: Flask, city: City, number: str, version: int, **wanted: Any) -> None:
    """The office amends a record."""
    with app.app_context():
        actor, campaign = acting(city.people["culture_office"])
        done = installations.amend(actor, campaign, number, wanted, version, entry_of(new_id(), {}))
        assert isinstance(done, Done), done
        db.session.commit()


def conflict(app: Flask, city: City) -> tuple[str, str]:
    """Two people changed the serial, the phone alone the note: the thing and the entry."""
    number = thing(app, city, serial="B-1")
    office_says(app, city, number, 1, serial="B-office")
    entry = came(
        city, "amend", installation=number, base=1, fields={"serial": "B-phone", "note": "treo lệch"}
    )
    (answer,) = send(app, city, "ward_staff", entry)
    assert answer.outcome == "conflict"
    return number, entry.id


def settle(visitor: Visitor, entry_id: str, status: int = 303, **words: Any) -> None:
    """Fill in the form of a case and send it."""
    address = f"/cases/{entry_id}"
    visitor.get(address)
    fields = visitor.fields(address)
    visitor.post(address, {**fields, **words}, status)


def row(app: Flask, number: str) -> Installation:
    """The record as it stands."""
    with app.app_context():
        return db.session.get_one(Installation, number)


def entry_row(app: Flask, number: str) -> FieldEntry:
    """The entry as it stands."""
    with app.app_context():
        return db.session.get_one(FieldEntry, number)


def test_a_conflict_shows_both_values_with_who_when_and_where(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    _number, entry = conflict(app, city)
    lead = visit("ward_lead")
    lead.get("/")
    assert "1 mục từ điện thoại chờ quyết định" in lead.words()
    lead.get("/cases")
    assert "Băng rôn ngang" in lead.words()
    lead.get(f"/cases/{entry}")
    for told in ("B-office", "B-phone", "treo lệch", "Người ward_staff", "Người culture_office", "Số hiệu"):
        assert told in lead.words(), told
    assert "Phường Hồng Thử" in lead.words()
    assert "{" not in lead.words()  # words, never the phone's JSON


def test_the_phones_value_is_written_under_the_name_of_who_said_it(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    number, entry = conflict(app, city)
    settle(visit("ward_lead"), entry, way="phone", fields=["serial"])
    stands, kept = row(app, number), entry_row(app, entry)
    assert (stands.serial, stands.note, stands.version) == ("B-phone", "treo lệch", 3)
    assert stands.updated_by == city.people["ward_staff"]
    assert (kept.case_state, kept.settled_how) == (CaseState.SETTLED, "phone")
    assert kept.settled_by == city.people["ward_lead"]
    with app.app_context():
        line = db.session.scalars(select(TrailLine).where(TrailLine.act == "case.settled")).one()
        assert (line.person_id, line.subject_id) == (city.people["ward_lead"], entry)
        writers = db.session.scalars(
            select(InstallationEvent.person_id)
            .where(InstallationEvent.installation_id == number)
            .order_by(InstallationEvent.number)
        )
        assert list(writers)[-1] == city.people["ward_staff"]


def test_keeping_a_number_loses_nothing_that_only_the_phone_said(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    number, entry = conflict(app, city)
    settle(visit("culture_office"), entry, way="keep")
    stands = row(app, number)
    assert (stands.serial, stands.note) == ("B-office", "treo lệch")
    assert entry_row(app, entry).settled_how == "keep"


def test_who_comes_second_is_told_and_changes_nothing(app: Flask, city: City, visit: VisitorMaker) -> None:
    number, entry = conflict(app, city)
    lead, office = visit("ward_lead"), visit("culture_office")
    office.get(f"/cases/{entry}")
    fields = office.fields(f"/cases/{entry}")
    settle(lead, entry, way="phone", fields=["serial"])
    office.post(f"/cases/{entry}", {**fields, "way": "keep"}, 422)
    assert "Người ward_lead đã quyết định mục này" in office.words()
    assert row(app, number).serial == "B-phone"


def test_the_same_press_twice_settles_once(app: Flask, city: City, visit: VisitorMaker) -> None:
    number, entry = conflict(app, city)
    lead = visit("ward_lead")
    lead.get(f"/cases/{entry}")
    body = {**lead.fields(f"/cases/{entry}"), "way": "phone", "fields": ["serial"]}
    for _press in range(3):
        lead.post(f"/cases/{entry}", body)
    assert row(app, number).version == 3


def test_of_two_who_decide_at_the_same_moment_one_does(app: Flask, city: City, visit: VisitorMaker) -> None:
    number, entry = conflict(app, city)
    presses = []
    for who, way in (("ward_lead", "phone"), ("culture_office", "keep")):
        visitor = visit(who)
        visitor.get(f"/cases/{entry}")
        fields = {**visitor.fields(f"/cases/{entry}"), "way": way, "fields": ["serial"]}
        presses.append((visitor, {**fields, "csrf_token": visitor.token()}))
    with ThreadPoolExecutor(2) as pool:
        answers = [
            pool.submit(visitor.client.post, f"/cases/{entry}", data=body) for visitor, body in presses
        ]
        statuses = sorted(answer.result().status_code for answer in answers)
    assert statuses[0] == 303
    assert statuses[1] in {409, 422}
    how = entry_row(app, entry).settled_how
    assert row(app, number).serial == {"phone": "B-phone", "keep": "B-office"}[how]


def test_a_thing_that_changed_meanwhile_is_shown_anew(app: Flask, city: City, visit: VisitorMaker) -> None:
    number, entry = conflict(app, city)
    lead = visit("ward_lead")
    lead.get(f"/cases/{entry}")
    fields = lead.fields(f"/cases/{entry}")
    office_says(app, city, number, 2, serial="B-newer")
    lead.post(f"/cases/{entry}", {**fields, "way": "phone", "fields": ["serial"]}, 409)
    assert "B-newer" in lead.words()
    assert "Hồ sơ vừa được Người culture_office sửa" in lead.words()
    assert row(app, number).serial == "B-newer"
    lead.post(
        f"/cases/{entry}", {**lead.fields(f"/cases/{entry}"), "way": "phone", "fields": ["serial"]}, 303
    )
    assert row(app, number).serial == "B-phone"


def _taken_down(app: Flask, city: City) -> tuple[str, str]:
    number = thing(app, city)
    with app.app_context():
        actor, campaign = acting(city.people["culture_office"])
        done = installations.move(actor, campaign, number, Lifecycle.DISMANTLED, 1, entry_of(new_id(), {}))
        assert isinstance(done, Done), done
        db.session.commit()
    entry = came(city, "confirm", installation=number, base=1)
    (answer,) = send(app, city, "ward_staff", entry)
    assert (answer.outcome, answer.code) == ("conflict", "gone")
    return number, entry.id


def test_an_edit_after_a_removal_is_a_case_and_can_bring_it_back(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    number, entry = _taken_down(app, city)
    lead = visit("ward_lead")
    lead.get(f"/cases/{entry}")
    assert "không còn ở đó" in lead.words()
    settle(lead, entry, way="reopen")
    assert row(app, number).lifecycle is Lifecycle.INSTALLED


def test_what_is_not_written_needs_a_reason_and_stays_readable(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    number, entry = _taken_down(app, city)
    lead = visit("ward_lead")
    settle(lead, entry, 422, way="drop", reason="")
    assert "Viết lý do" in lead.words()
    settle(lead, entry, way="drop", reason="Đã tháo thật, xem ảnh")
    assert row(app, number).lifecycle is Lifecycle.DISMANTLED
    lead.get(f"/cases/{entry}")
    assert "Đã tháo thật, xem ảnh" in lead.words()
    lead.get("/cases")
    assert "Không có mục nào chờ quyết định" in lead.words()


def test_work_of_a_person_who_moved_away_is_held_and_admitted_under_their_name(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    with app.app_context():
        moved = PersonArea.person_id == city.people["ward_staff"]
        db.session.execute(update(PersonArea).where(moved).values(area_id=city.ward_b))
        db.session.commit()
    number = new_id()
    fields = {"kind_code": "BANNER_H", "zone": "gate", "serial": "B-held"}
    entry = came(city, "record", installation=number, place=city.places_a[0], fields=fields)
    (answer,) = send(app, city, "ward_staff", entry)
    assert (answer.outcome, answer.code) == ("held", "moved_away")
    with app.app_context():
        assert db.session.get(Installation, number) is None  # outside both figures
    settle(visit("ward_lead"), entry.id, way="admit")
    made = row(app, number)
    assert (made.serial, made.area_id, made.created_by) == ("B-held", city.ward_a, city.people["ward_staff"])
    (again,) = send(app, city, "ward_staff", entry)
    assert (again.outcome, again.seen, again.subject) == ("stored", True, number)


def test_a_place_that_is_gone_is_replaced_by_another_of_that_ward_only(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    number, gone = new_id(), 987_654
    fields = {"kind_code": "BANNER_H", "zone": "gate"}
    entry = came(city, "record", installation=number, place=gone, fields=fields)
    (answer,) = send(app, city, "ward_staff", entry)
    assert (answer.outcome, answer.code) == ("held", "place_gone")
    office = visit("culture_office")
    for wrong in ("", str(city.places_b[0]), str(gone)):
        settle(office, entry.id, 422, way="admit", place=wrong)
        assert "Chọn một nơi bỏ phiếu của phường, xã này." in office.words()
    settle(office, entry.id, way="admit", place=str(city.places_a[1]))
    with app.app_context():
        venue = db.session.get_one(Place, city.places_a[1]).venue_id
    assert row(app, number).venue_id == venue


def test_what_the_records_refuse_stays_open_and_says_why(app: Flask, city: City, visit: VisitorMaker) -> None:
    number = thing(app, city)
    office_says(app, city, number, 1, kind_code="NOTICE_BOARD")
    entry = came(city, "amend", installation=number, base=1, fields={"kind_code": "PANEL_SMALL"})
    (answer,) = send(app, city, "ward_staff", entry)
    assert answer.outcome == "conflict"
    with app.app_context():
        db.session.execute(update(Kind).where(Kind.code == "PANEL_SMALL").values(in_use=False))
        db.session.commit()
    lead = visit("ward_lead")
    settle(lead, entry.id, 422, way="phone", fields=["kind_code"])
    assert "Loại" in lead.words()
    kept = entry_row(app, entry.id)
    assert (kept.case_state, kept.settled_by) == (CaseState.OPEN, None)
    assert row(app, number).version == 2


def test_what_never_came_is_a_case_after_five_days_and_never_dropped_by_itself(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    entry = came(city, "confirm", installation=new_id(), base=1)
    (answer,) = send(app, city, "ward_staff", entry)
    assert answer.outcome == "parked"
    lead = visit("ward_lead")
    lead.get(f"/cases/{entry.id}", 404)
    with app.app_context():
        earlier = now() - timedelta(days=5, minutes=1)
        db.session.execute(update(FieldEntry).values(received_at=earlier))
        db.session.commit()
    lead.get("/cases")
    assert "chưa về máy chủ sau 5 ngày" in lead.words()
    settle(lead, entry.id, 422, way="admit")
    assert "chờ" in lead.words()
    settle(lead, entry.id, way="drop", reason="Máy cũ đã mất")
    assert entry_row(app, entry.id).settled_how == "drop"
    assert duties.ORPHAN_AFTER == PARKED_LONGEST


def test_both_bodies_of_a_reused_id_can_be_read(app: Flask, city: City, visit: VisitorMaker) -> None:
    number = thing(app, city)
    first = came(city, "amend", installation=number, base=1, fields={"note": "bản thứ nhất"})
    second = came(city, "amend", installation=number, base=1, fields={"note": "bản thứ hai"})
    send(app, city, "ward_staff", first)
    (answer,) = send(app, city, "ward_staff", Came(first.id, second.sha256, second.body))
    assert answer.outcome == "id_reused"
    lead = visit("ward_lead")
    lead.get(f"/cases/{first.id}")
    assert "bản thứ nhất" in lead.words()
    assert "bản thứ hai" in lead.words()
    settle(lead, first.id, way="keep")
    lead.get("/cases")
    assert "Không có mục nào chờ quyết định" in lead.words()
    with app.app_context():
        assert db.session.scalars(select(ReusedEntry.body)).one() == second.body


def test_a_ward_lead_decides_for_their_own_ward_alone(app: Flask, city: City, visit: VisitorMaker) -> None:
    entry = came(city, "confirm", area=city.ward_b, installation=new_id(), base=1)
    send(app, city, "other_ward", entry)
    with app.app_context():
        old = now() - timedelta(days=6)
        db.session.execute(update(FieldEntry).values(received_at=old))
        db.session.commit()
    lead, office = visit("ward_lead"), visit("culture_office")
    lead.get("/cases")
    assert "Không có mục nào chờ quyết định" in lead.words()
    lead.get(f"/cases/{entry.id}", 404)
    lead.post(f"/cases/{entry.id}", {"way": "drop", "reason": "không phải"}, 404)
    office.get(f"/cases?ward={city.ward_b}")
    assert "Xã Đồng Thử" in office.words()
    visit("ward_staff").get("/cases", 403)
    visit("admin").get(f"/cases/{entry.id}", 403)


def test_the_phone_learns_how_it_was_settled(app: Flask, city: City, visit: VisitorMaker) -> None:
    _number, entry = conflict(app, city)
    settle(visit("ward_lead"), entry, way="keep")
    with app.app_context():
        actor, campaign = acting(city.people["ward_staff"])
        (mine,) = packs.mine(db.session(), actor, campaign, city.ward_a, now())
    assert (mine["id"], mine["state"], mine["settled_how"]) == (entry, "settled", "keep")


def test_the_work_of_a_locked_account_can_be_admitted(app: Flask, city: City, visit: VisitorMaker) -> None:
    number = new_id()
    fields = {"kind_code": "BANNER_H", "zone": "gate"}
    entry = came(city, "record", installation=number, place=city.places_a[0], fields=fields)
    with app.app_context():
        person = city.people["ward_staff"]
        db.session.execute(update(Person).where(Person.id == person).values(active=False))
        db.session.commit()
        _actor, campaign = acting(city.people["ward_lead"])
        sender = push.sender_of(db.session(), campaign, person)
        assert sender is not None
        (answer,) = push.take(sender, [entry])
        db.session.commit()
    assert (answer.outcome, answer.code) == ("held", "disabled")
    settle(visit("ward_lead"), entry.id, way="admit")
    assert row(app, number).created_by == person


def test_the_list_and_a_case_ask_few_questions(app: Flask, city: City, visit: VisitorMaker) -> None:
    entries = [conflict(app, city)[1] for _n in range(3)]
    lead = visit("ward_lead")
    for address in ("/cases", "/"):
        with counted(app) as asked:
            lead.get(address)
        assert len(asked) <= MOST, asked
    with counted(app) as asked:
        lead.get(f"/cases/{entries[0]}")
    assert len(asked) <= 2 * MOST, asked


ODD_BODIES = (
    "",
    "[]",
    "null",
    '{"fields": 7, "position": [], "installation": {}, "key": 5, "of": []}',
    '{"fields": {"zone": "moon", "lat": "north", "slogan_id": {"a": 1}, "quantity": [1]}}',
    '{"position": {"fix": {"lat": [], "lon": null}, "tap": "here"}, "details": "x", "quick": ["a"]}',
    '{"empty_zones": [{"a": 1}, 5], "role": {"b": 2}, "reason": [], "place": 99999999999}',
    '{"fields": {"note": "<script>window.__pwn=1</script>${1}{{7*7}}"}}',
)


def test_a_body_of_any_shape_can_be_looked_at(app: Flask, city: City, visit: VisitorMaker) -> None:
    acts = (EntryAct.ANSWER, EntryAct.AMEND, EntryAct.FINISH, EntryAct.PHOTO)
    with app.app_context():
        for act, body in product(acts, ODD_BODIES):
            entry = FieldEntry(
                id=new_id(),
                sha256="0" * 64,
                act=act,
                person_id=city.people["ward_staff"],
                campaign_id=city.campaign,
                area_id=None,
                body=body,
                outcome="held",
                code="failed",
                received_at=now(),
                case_state=CaseState.OPEN,
            )
            db.session.add(entry)
        db.session.commit()
        ids = list(db.session.scalars(select(FieldEntry.id)))
    office = visit("culture_office")
    office.get("/cases")
    for entry_id in ids:
        office.get(f"/cases/{entry_id}")  # the client checks the page and that it is no error
    visit("ward_lead").get(f"/cases/{ids[0]}", 404)  # of no ward: for those who see the whole


@given(st.sampled_from(EntryAct), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["fields", "position", "fix", "tap", "lat", "lon", "key", "details", "place", "of",
                         "installation", "photo", "quick", "zone", "empty_zones", "step", "note"]),
        inner, max_size=5,
    ),
    max_leaves=20,
))  # fmt: skip
def test_reading_a_body_never_fails(act: EntryAct, value: Any) -> None:
    said = bodies.read(act, json.dumps(value))
    assert said.unreadable == (not isinstance(value, dict)) or said.unreadable


@pytest.mark.parametrize("kind", list(CaseKind))
def test_only_the_ways_of_its_kind_stand_open(kind: CaseKind) -> None:
    none: frozenset[str] = frozenset()
    for way in Way:
        problem = rules.refusal(kind, way, none, none, "vì đã tháo")
        assert (problem is None) == (way in rules.ways(kind))
    assert rules.refusal(kind, "", none, none, "") is not None
