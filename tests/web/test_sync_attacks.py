"""What a forged or a careless phone tries: nothing is written for somebody else, and nothing falls over."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from inventory.clock import now
from inventory.database import db
from inventory.field.queries import mine
from inventory.identity import new_id
from inventory.people.devices import COOKIE, device_hash
from inventory.sync import waiting
from inventory.tables.field import FieldDevice, FieldEntry
from inventory.tables.survey import Answer, Survey
from inventory.vocabulary import EntryOutcome
from tests.city import City
from tests.conftest import VisitorMaker
from tests.rescue_files import RescueFile
from tests.web.furnished import acting
from tests.web.pushing import HEADERS, Phone, entry
from tests.web.test_cases import conflict, office_says, row, settle
from tests.web.test_cases import thing as make
from tests.web.test_rescue import bring


@pytest.fixture
def phone(app: Flask, city: City) -> Phone:
    """Ward A's officer."""
    return Phone.of(app, city)


def known(app: Flask, phone: Phone, token: str, cut: bool = False) -> None:
    """The phone's row, as `/field/me` makes it."""
    with app.app_context():
        moment = now()
        row = FieldDevice(
            id=phone.device,
            person_id=phone.person,
            token_hash=device_hash(token, phone.person),
            first_seen_at=moment,
            last_seen_at=moment,
            cut_off_at=moment if cut else None,
        )
        db.session.add(row)
        db.session.commit()
        db.session.remove()


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59.000Z", "0001-01-01T00:00:00.000+14:00"])
def test_a_moment_at_the_end_of_time_falls_over_nowhere(
    app: Flask, city: City, phone: Phone, visit: VisitorMaker, moment: str
) -> None:
    number = new_id()
    first = phone.record(number, made_at=moment)
    gone = phone.record(place=999_999, made_at=moment)
    status = {"waiting": 1, "oldest": moment}
    body = phone.envelope([first, gone], sent_at=moment) | {"status": status}
    told = phone.client.post("/field/push", json=body, headers=HEADERS).get_json()["answers"]
    assert [one["outcome"] for one in told] == ["stored", "held"]
    office = visit("culture_office")
    for address in ("/cases", f"/cases/{gone['id']}", "/field-sync", f"/installations/{number}"):
        office.get(address)
    assert phone.client.get(f"/field/pack/{city.ward_a}", headers=HEADERS).status_code == 200


def test_the_key_of_a_page_of_cases_at_the_end_of_time_is_none(visit: VisitorMaker) -> None:
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        visit("culture_office").get("/cases", query_string={"after": f"{moment}~{new_id()}"})


def test_a_rescue_file_of_the_end_of_time_is_shown(
    app: Flask, city: City, phone: Phone, visit: VisitorMaker
) -> None:
    bad = phone.record(fields={"kind_code": "KHÔNG_CÓ"})
    assert phone.one(bad)["outcome"] == "refused"
    file = RescueFile(phone.person, "x", told={"made_at": "9999-12-31T23:59:59Z"})
    file.entries.append((bad["id"], bad["body"]))
    lead = visit("ward_lead")
    lead.get(bring(lead, file.content()))


def test_nobody_writes_into_the_visit_of_another(app: Flask, city: City, phone: Phone) -> None:
    number = new_id()
    phone.push(phone.answer(number, found=1, new=[new_id()]))
    lead = Phone.of(app, city, "ward_lead")
    told = lead.push(lead.answer(number, "gate.FLAG_NATIONAL", found=9), lead.finish(number, answers=1))
    assert [(one["outcome"], one["code"]) for one in told] == [("refused", "visit_taken")] * 2
    with app.app_context():
        assert db.session.get_one(Survey, number).finished_at is None
        assert db.session.query(Answer).count() == 1


def test_a_phone_that_was_cut_off_comes_in_under_no_other_id(app: Flask, city: City, phone: Phone) -> None:
    known(app, phone, "secret", cut=True)
    phone.client.set_cookie(COOKIE, "secret", path="/field/")
    phone.device = new_id()
    assert phone.send(phone.record()).status_code == 403
    assert phone.client.get(f"/field/me?device={phone.device}", headers=HEADERS).status_code == 403
    with app.app_context():
        assert db.session.scalars(select(FieldEntry.id)).all() == []


def test_the_photos_of_a_phone_that_was_cut_off_do_not_come_without_its_cookie(
    app: Flask, city: City, phone: Phone
) -> None:
    known(app, phone, "secret")
    number, photo = new_id(), new_id()
    phone.push(phone.record(number))
    told: dict[str, Any] = {"photo": photo, "of": {"installation": number}, "sha256": "a" * 64, "size": 9}
    phone.push(entry("photo", area=city.ward_a, role="overview", origin="camera", **told))
    address = f"/field/photos/{photo}"
    assert phone.client.get(address, headers=HEADERS).status_code == 200
    with app.app_context():
        db.session.execute(update(FieldDevice).values(cut_off_at=now()))
        db.session.commit()
        db.session.remove()
    assert phone.client.get(address, headers=HEADERS).status_code == 403
    put = phone.client.put(f"{address}?offset=0", data=b"x", headers=HEADERS)
    assert put.status_code == 403


def test_no_other_site_reaches_the_addresses_of_the_app(phone: Phone) -> None:
    body, photo = phone.envelope([phone.record()]), f"/field/photos/{new_id()}?offset=0"
    for hostile in ({"Sec-Fetch-Site": "same-site"}, {"Origin": "https://example.org"}):
        headers = {**HEADERS, **hostile}
        assert phone.client.post("/field/push", json=body, headers=headers).status_code == 403
        assert phone.client.put(photo, data=b"x", headers=headers).status_code == 403


def test_a_field_that_somebody_changed_while_the_case_lay_is_not_overwritten_unseen(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    """The phone changed serial and note; the office the serial, and the note only after the push."""
    number, case = conflict(app, city)
    office_says(app, city, number, 2, note="phòng ghi sau")
    lead = visit("ward_lead")
    lead.get(f"/cases/{case}")
    assert "phòng ghi sau" in lead.words()
    settle(lead, case, way="phone", fields=["serial"])
    stands = row(app, number)
    assert (stands.serial, stands.note) == ("B-phone", "phòng ghi sau")
    lead.get(f"/cases/{case}")
    assert "treo lệch" in lead.words(), "what was not taken can still be read"


def test_who_decides_names_no_place_that_was_not_asked_for(
    app: Flask, city: City, phone: Phone, visit: VisitorMaker
) -> None:
    make(app, city)
    case = phone.answer(new_id(), found=3, new=[new_id(), new_id(), new_id()])
    assert phone.one(case)["outcome"] == "conflict"
    settle(visit("ward_lead"), case["id"], way="phone", place=str(city.places_a[1]))
    with app.app_context():
        [visited] = db.session.scalars(select(Survey.place_id))
        assert visited == city.places_a[0]


def test_the_phone_learns_why_the_office_did_not_write_it(
    app: Flask, city: City, phone: Phone, visit: VisitorMaker
) -> None:
    gone = phone.record(place=999_999)
    phone.push(gone)
    settle(visit("ward_lead"), gone["id"], way="drop", reason="nơi này đã bỏ")
    with app.app_context():
        actor, campaign = acting(phone.person)
        [told] = mine(db.session(), actor, campaign, city.ward_a, now())
    assert (told["settled_how"], told["reason"]) == ("drop", "nơi này đã bỏ")


def test_a_change_that_passed_the_thing_on_its_way_is_found_by_the_next_push(
    app: Flask, city: City, phone: Phone
) -> None:
    """As two people's pushes leave it on PostgreSQL, when neither could see the other's."""
    number = new_id()
    early = phone.amend(number, 1, fields={"note": "sớm"})
    assert phone.one(early)["outcome"] == "parked"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting.Waiting, "look", lambda *_args, **_named: None)
        patch.setattr(waiting.Waiting, "sweep", lambda *_args: None)
        lead = Phone.of(app, city, "ward_lead")
        lead.push(lead.record(number))
    assert row(app, number).note == ""
    phone.push(phone.record())
    assert row(app, number).note == "sớm"
    with app.app_context():
        assert db.session.get_one(FieldEntry, early["id"]).outcome is EntryOutcome.STORED


def test_words_that_look_like_code_are_words_on_every_page(
    app: Flask, city: City, phone: Phone, visit: VisitorMaker
) -> None:
    """What a phone says is shown as it is written; a browser that checks every page opens them."""
    code = "<script>alert(1)</script>{{7*7}}'\"#[x]$y$"
    number = new_id()
    held = phone.record(place=999_999, fields={"note": code, "serial": "<b>1</b>"})
    refused = phone.record(fields={"kind_code": code})
    stored = phone.record(number, fields={"note": code, "serial": "<b>2</b>"})
    told = phone.push(held, refused, stored, app=code)
    assert [one["outcome"] for one in told] == ["held", "refused", "stored"]
    office = visit("culture_office")
    for address in (f"/cases/{held['id']}", f"/installations/{number}"):
        office.get(address)
        assert "<script>alert(1)" in office.words()
        assert "49" not in office.words().split("{{7*7}}")[0][-3:]
    office.get("/field-sync")
    office.get("/cases")
