"""Photos told and taken back by entries of a push, in whatever order, and what becomes of their files."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from inventory.clock import now
from inventory.database import db
from inventory.duties import open_cases
from inventory.identity import new_id
from inventory.photos import parts, store
from inventory.sync.waiting import open_orphans
from inventory.tables.field import ExpectedPhoto, FieldEntry
from inventory.tables.installation import Photo
from inventory.vocabulary import CaseState, EntryOutcome, PhotoState
from tests import told_photos
from tests.city import City
from tests.conftest import VisitorMaker
from tests.unit.test_pictures import from_camera
from tests.web.furnished import picture
from tests.web.pushing import Phone, entry
from tests.web.test_cases import settle
from tests.web.test_photos import files, photos, send


@pytest.fixture
def phone(app: Flask, city: City) -> Phone:
    """Ward A's officer."""
    return Phone.of(app, city)


def told(phone: Phone, content: bytes, photo: str, of: dict[str, str], **more: Any) -> dict[str, str]:
    """The entry of a photo."""
    words: dict[str, Any] = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "role": "overview",
    }
    return entry("photo", area=phone.city.ward_a, photo=photo, of=of, origin="camera", **(words | more))


def taken_back(phone: Phone, photo: str, reason: str = "wrong_place") -> dict[str, str]:
    """The entry that takes a photo back."""
    return entry("withdraw", area=phone.city.ward_a, photo=photo, reason=reason, text="")


def media(app: Flask) -> Path:
    """The folder."""
    found: Path = app.config["SETTINGS"].media
    return found


def shown(app: Flask) -> list[Photo]:
    """Photos in the records that are not taken back."""
    with app.app_context():
        found = list(db.session.scalars(select(Photo).where(Photo.withdrawn_at.is_(None))))
        db.session.remove()
    return found


def entry_row(app: Flask, sent: dict[str, str]) -> FieldEntry:
    """The entry as it stands."""
    with app.app_context():
        found = db.session.get_one(FieldEntry, sent["id"])
        db.session.remove()
    return found


@pytest.mark.parametrize("order", ["record, photo, bytes", "photo, bytes, record", "photo, record, bytes"])
def test_a_photo_is_attached_once_in_whatever_order_it_comes(app: Flask, phone: Phone, order: str) -> None:
    number, photo, content = new_id(), new_id(), picture("red")
    sent = {"record": phone.record(number), "photo": told(phone, content, photo, {"installation": number})}
    for step in order.split(", "):
        if step == "bytes":
            assert told_photos.send(phone.client, photo, content)[-1] == 201
        else:
            phone.one(sent[step])
    assert [(one.id, one.installation_id) for one in shown(app)] == [(photo, number)]
    assert [one["outcome"] for one in phone.push(*sent.values(), status=202)] == ["stored", "stored"]


def test_a_photo_of_an_answer_shows_what_the_answer_recorded(app: Flask, phone: Phone) -> None:
    number, photo, content = new_id(), new_id(), picture("red")
    answer = phone.answer(new_id(), found=1, new=[number])
    early = told(phone, content, photo, {"answer": answer["id"]})
    assert phone.one(early)["outcome"] == "parked"
    told_photos.send(phone.client, photo, content)
    assert phone.one(answer)["outcome"] == "stored"
    assert [(one.id, one.installation_id) for one in shown(app)] == [(photo, number)]
    assert entry_row(app, early).outcome is EntryOutcome.STORED


def test_a_photo_that_was_told_again_closes_what_waited_for_nothing(app: Flask, phone: Phone) -> None:
    """The first was of an answer that never came; the person told it again of the corrected one."""
    photo, content = new_id(), picture("red")
    first = told(phone, content, photo, {"answer": new_id()})
    assert phone.one(first)["outcome"] == "parked"
    told_photos.send(phone.client, photo, content)
    with app.app_context():
        db.session.execute(update(FieldEntry).values(received_at=now() - timedelta(days=6)))
        open_orphans(now())
        db.session.commit()
        db.session.remove()
    assert entry_row(app, first).case_state is CaseState.OPEN
    number = new_id()
    phone.push(phone.record(number))
    again = told(phone, content, photo, {"installation": number})
    assert phone.one(again)["outcome"] == "stored"
    stands = entry_row(app, first)
    assert (stands.outcome, stands.case_state, stands.settled_how) == (
        EntryOutcome.STORED,
        CaseState.SETTLED,
        "arrived",
    )
    assert [(one.id, one.installation_id) for one in shown(app)] == [(photo, number)]
    with app.app_context():
        assert db.session.scalars(open_cases(now())).all() == []


def test_another_person_closes_nothing_and_takes_no_photo_over(app: Flask, city: City, phone: Phone) -> None:
    photo, content, number = new_id(), picture("red"), new_id()
    first = told(phone, content, photo, {"installation": new_id()})
    assert phone.one(first)["outcome"] == "parked"
    lead = Phone.of(app, city, "ward_lead")
    lead.push(lead.record(number))
    stolen = lead.one(told(lead, content, photo, {"installation": number}))
    assert (stolen["outcome"], stolen["code"]) == ("refused", "photo_reused")
    assert lead.one(taken_back(lead, photo))["outcome"] == "refused"
    assert entry_row(app, first).outcome is EntryOutcome.PARKED
    assert told_photos.put(lead.client, photo, 0, content).status_code == 409


def test_a_photo_of_nothing_and_one_under_the_id_of_another_are_refused(
    app: Flask, phone: Phone, visit: VisitorMaker
) -> None:
    number = new_id()
    phone.push(phone.record(number))
    send(visit("ward_staff"), number, files(from_camera()))
    (web,) = photos(app)
    content = picture("red")
    nothing = phone.one(told(phone, content, new_id(), {}))
    assert (nothing["outcome"], nothing["field"]) == ("refused", "of")
    taken = phone.one(told(phone, picture("blue"), web, {"installation": number}))
    assert (taken["outcome"], taken["code"]) == ("refused", "photo_reused")


def test_taking_back_before_the_bytes_came_leaves_no_photo_no_bytes_and_no_case(
    app: Flask, phone: Phone
) -> None:
    photo, content = new_id(), picture("red")
    first = told(phone, content, photo, {"installation": new_id()})
    phone.push(first)
    told_photos.put(phone.client, photo, 0, content[:100])
    assert parts.path_of(media(app), photo).exists()
    assert phone.one(taken_back(phone, photo))["outcome"] == "stored"
    assert not parts.path_of(media(app), photo).exists()
    assert told_photos.put(phone.client, photo, 100, content[100:]).status_code == 422
    assert entry_row(app, first).outcome is EntryOutcome.STORED
    assert shown(app) == []


def test_taking_back_what_is_whole_and_shown_nowhere_deletes_its_files(app: Flask, phone: Phone) -> None:
    photo, content = new_id(), picture("red")
    phone.push(told(phone, content, photo, {"installation": new_id()}))
    assert told_photos.send(phone.client, photo, content)[-1] == 201
    sha256 = hashlib.sha256(content).hexdigest()
    assert store.path_of(media(app), sha256).exists()
    phone.push(taken_back(phone, photo, "private"))
    assert not store.path_of(media(app), sha256).exists()
    with app.app_context():
        assert db.session.get_one(ExpectedPhoto, photo).state is PhotoState.REFUSED


@pytest.mark.parametrize("early", [False, True])
def test_a_private_picture_that_is_taken_back_by_an_entry_loses_its_files(
    app: Flask, phone: Phone, early: bool
) -> None:
    """Also when the entry that takes it back came first and the photo sets it free in another push."""
    number, photo, content = new_id(), new_id(), picture("red")
    back = taken_back(phone, photo, "private")
    phone.push(phone.record(number))
    if early:
        assert phone.one(back)["outcome"] == "parked"
    phone.push(told(phone, content, photo, {"installation": number}))
    sent = told_photos.send(phone.client, photo, content)[-1]
    if not early:
        assert sent == 201
        assert phone.one(back)["outcome"] == "stored"
    assert entry_row(app, back).outcome is EntryOutcome.STORED
    assert shown(app) == []
    assert not store.path_of(media(app), hashlib.sha256(content).hexdigest()).exists()


def test_a_private_picture_that_a_decision_takes_back_loses_its_files(
    app: Flask, city: City, phone: Phone, visit: VisitorMaker
) -> None:
    number, photo, content = new_id(), new_id(), picture("red")
    phone.push(phone.record(number), told(phone, content, photo, {"installation": number}))
    told_photos.send(phone.client, photo, content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("inventory.sync.pictures.actions.withdraw", _explode)
        back = taken_back(phone, photo, "private")
        assert phone.one(back)["code"] == "failed"
    settle(visit("ward_lead"), back["id"], way="admit")
    assert shown(app) == []
    assert not store.path_of(media(app), hashlib.sha256(content).hexdigest()).exists()


def _explode(*_args: object) -> None:
    raise ZeroDivisionError


def test_the_parts_of_what_is_no_picture_are_not_kept(app: Flask, phone: Phone) -> None:
    number, photo, content = new_id(), new_id(), b"%PDF-1.7 not a picture" * 40
    phone.push(phone.record(number), told(phone, content, photo, {"installation": number}))
    assert told_photos.send(phone.client, photo, content)[-1] == 422
    assert not parts.path_of(media(app), photo).exists()
