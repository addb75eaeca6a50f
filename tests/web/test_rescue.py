"""A rescue file at the office (claim 22): nothing lost, nothing doubled, whatever came before or after."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from inventory.database import db
from inventory.identity import new_id
from inventory.rescue import keeping
from inventory.tables.field import ExpectedPhoto, FieldEntry, ReusedEntry
from inventory.tables.installation import Installation, Photo
from inventory.tables.person import Person, PersonArea
from inventory.tables.trail import TrailLine
from inventory.vocabulary import PhotoState
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker
from tests.rescue_files import RescueFile
from tests.web.furnished import picture
from tests.web.pushing import Phone, entry


@pytest.fixture
def phone(app: Flask, city: City) -> Phone:
    """Ward A's officer."""
    return Phone.of(app, city)


def file_of(phone: Phone, *entries: dict[str, str], username: str = "ward_staff") -> RescueFile:
    """A rescue file of the phone with these entries waiting."""
    file = RescueFile(phone.person, username)
    file.entries.extend((one["id"], one["body"]) for one in entries)
    return file


def pictured(file: RescueFile, record: dict[str, str], installation: str, colour: str) -> dict[str, str]:
    """Add a photo of a record to the file, as its own entry and its bytes; answers the entry."""
    content, photo = picture(colour), new_id()
    told = entry(
        "photo",
        photo=photo,
        of={"installation": installation},
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        role="overview",
        name="Ảnh cổng.jpg",
        origin="camera",
    )
    file.entries.append((told["id"], told["body"]))
    file.picture(content, record["id"], photo)
    return told


def bring(visitor: Visitor, content: bytes, status: int = 303) -> str:
    """Upload a file; answers the address of its page."""
    answer = visitor.post("/rescue", {"file": (BytesIO(content), "trucquan-cuu-ho.zip")}, status)
    return answer.headers.get("Location", "")


def take_in(visitor: Visitor, content: bytes) -> str:
    """Upload a file and confirm; answers the address of its page, which is open then."""
    page = bring(visitor, content)
    visitor.get(page)
    visitor.post(f"{page}/import", visitor.fields(f"{page}/import"))
    visitor.get(page)
    return page


def count(app: Flask, *tables: Any) -> list[int]:
    """How many rows some tables have."""
    with app.app_context():
        found = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
        db.session.remove()
    return found


ALL = (FieldEntry, Installation, ExpectedPhoto, Photo)


def test_a_file_is_shown_first_and_taken_in_whole(app: Flask, phone: Phone, visit: VisitorMaker) -> None:
    number = new_id()
    record = phone.record(number)
    file = file_of(phone, record, phone.amend(number, None, after=record["id"], fields={"note": "sát cổng"}))
    pictured(file, record, number, "red")
    file.drafts.append({"target": "place:2"})
    office = visit("culture_office")
    page = bring(office, file.content())
    office.get(page)
    words = office.words()
    assert "Người ward_staff" in words
    assert "Việc chưa có ở đây 3" in words
    assert "Bản nháp 1" in words
    assert count(app, *ALL) == [0, 0, 0, 0]
    office.post(f"{page}/import", office.fields(f"{page}/import"))
    office.get(page)
    assert "Mọi việc và ảnh đọc được trong tệp đã có ở đây" in office.words()
    assert count(app, *ALL) == [3, 1, 1, 1]
    with app.app_context():
        assert {row.imported_by for row in db.session.scalars(select(FieldEntry))} == {
            phone.city.people["culture_office"]
        }
        assert {row.person_id for row in db.session.scalars(select(FieldEntry))} == {phone.person}
        thing = db.session.get_one(Installation, number)
        assert (thing.note, thing.area_id) == ("sát cổng", phone.city.ward_a)
        assert db.session.scalars(select(ExpectedPhoto)).one().state is PhotoState.COMPLETE
        line = db.session.scalars(select(TrailLine).where(TrailLine.act == "rescue.import")).one()
        assert line.detail["stored"] == 3


def test_the_same_file_twice_and_the_phone_later_change_nothing(
    app: Flask, phone: Phone, visit: VisitorMaker
) -> None:
    number = new_id()
    record = phone.record(number)
    file = file_of(phone, record)
    photo = pictured(file, record, number, "red")
    office = visit("culture_office")
    content = file.content()
    page = take_in(office, content)
    before = count(app, *ALL)
    assert take_in_again(office, content) == page
    assert count(app, *ALL) == before
    answers = phone.push(record, photo, status=202)
    assert [(one["outcome"], one["seen"]) for one in answers] == [("stored", True)] * 2
    photo_id = next(iter(file.photos))
    state = phone.client.get(f"/field/photos/{photo_id}", headers={"X-Trucquan-Field": "1"}).get_json()
    assert state["state"] == "complete"
    assert count(app, *ALL) == before


def take_in_again(visitor: Visitor, content: bytes) -> str:
    """Bring a file that is here already: there is nothing to confirm."""
    page = bring(visitor, content)
    visitor.get(page)
    assert "Mọi việc và ảnh đọc được trong tệp đã có ở đây" in visitor.words()
    visitor.post(f"{page}/import")
    return page


def test_what_the_phone_sent_before_is_not_stored_a_second_time(
    app: Flask, phone: Phone, visit: VisitorMaker
) -> None:
    sent, waiting = phone.record(), phone.record()
    phone.push(sent)
    office = visit("culture_office")
    page = bring(office, file_of(phone, sent, waiting).content())
    office.get(page)
    assert "Việc chưa có ở đây 1" in office.words()
    office.post(f"{page}/import", office.fields(f"{page}/import"))
    assert count(app, FieldEntry, Installation) == [2, 2]


def test_a_damaged_file_gives_what_can_be_read_and_names_the_rest(
    app: Flask, phone: Phone, visit: VisitorMaker
) -> None:
    numbers = [new_id() for _ in range(3)]
    records = [phone.record(number) for number in numbers]
    file = file_of(phone, *records)
    for record, number, colour in zip(records, numbers, ("red", "green", "blue"), strict=True):
        pictured(file, record, number, colour)
    content = file.content()
    last = list(file.photos)[-1]
    office = visit("culture_office")
    take_in(office, content[: content.index(f"photos/{last}".encode()) + 200])
    words = office.words()
    assert f"Ảnh {last}: tệp bị cắt ở đây" in words
    assert count(app, FieldEntry, Installation, Photo) == [6, 3, 2]
    take_in(office, content)  # the phone's own copy was whole
    assert count(app, FieldEntry, Installation, Photo) == [6, 3, 3]


def test_refused_entries_are_told_with_their_reason_and_stop_no_other(
    app: Flask, phone: Phone, visit: VisitorMaker
) -> None:
    bad = phone.record(fields={"kind_code": "NO_SUCH_KIND"})
    office = visit("culture_office")
    take_in(office, file_of(phone, bad, phone.record()).content())
    assert count(app, FieldEntry, Installation) == [2, 1]
    assert "Không nhận được, phải sửa trên máy 1" in office.words()


def test_entries_nobody_can_read_do_not_come_back_for_ever(
    app: Flask, phone: Phone, visit: VisitorMaker
) -> None:
    office = visit("culture_office")
    take_in(office, file_of(phone, entry("dance"), phone.record()).content())
    assert count(app, FieldEntry) == [1]
    assert "Mọi việc và ảnh đọc được trong tệp đã có ở đây" in office.words()
    assert "Không hiểu được 1" in office.words()


def test_other_words_under_a_known_id_keep_both(app: Flask, phone: Phone, visit: VisitorMaker) -> None:
    first = phone.record()
    phone.push(first)
    forged = phone.record(number=first["id"])
    office = visit("culture_office")
    take_in(office, file_of(phone, forged).content())
    assert count(app, FieldEntry, Installation, ReusedEntry) == [1, 1, 1]
    assert "Mọi việc và ảnh đọc được trong tệp đã có ở đây" in office.words()


def test_a_person_who_was_disabled_or_moved_has_their_work_held(
    app: Flask, phone: Phone, visit: VisitorMaker
) -> None:
    with app.app_context():
        db.session.execute(update(Person).where(Person.id == phone.person).values(active=False))
        db.session.commit()
    office = visit("culture_office")
    take_in(office, file_of(phone, phone.record()).content())
    assert "Giữ lại chờ quyết định 1" in office.words()
    assert count(app, FieldEntry, Installation) == [1, 0]
    with app.app_context():
        db.session.execute(update(Person).where(Person.id == phone.person).values(active=True))
        db.session.execute(delete(PersonArea).where(PersonArea.person_id == phone.person))
        db.session.add(PersonArea(person_id=phone.person, area_id=phone.city.ward_b))
        db.session.commit()
    take_in(office, file_of(phone, phone.record()).content())
    assert count(app, FieldEntry, Installation) == [2, 0]


def test_a_lead_takes_in_their_ward_alone(app: Flask, city: City, phone: Phone, visit: VisitorMaker) -> None:
    """Entries in a file can be forged: whoever brings it can decide about that person's work anyway."""
    lead = visit("ward_lead")
    for who in ("culture_office", "other_ward", "admin"):
        file = RescueFile(city.people[who], who)
        file.add({"act": "confirm"})
        bring(lead, file.content(), 422)
        assert "địa bàn ngoài" in lead.words()
    bring(lead, RescueFile(999_999).content(), 422)
    assert count(app, FieldEntry) == [0]
    take_in(lead, file_of(phone, phone.record()).content())
    assert count(app, FieldEntry, Installation) == [1, 1]


def test_a_photo_is_taken_only_as_its_own_person_told_it(
    app: Flask, city: City, phone: Phone, visit: VisitorMaker
) -> None:
    """Ward B's photo is expected; a file of ward A's officer brings bytes under its id."""
    other = Phone.of(app, city, "other_ward")
    number = new_id()
    record = entry(
        "record",
        installation=number,
        place=city.places_b[0],
        area=city.ward_b,
        fields={"kind_code": "BANNER_H", "zone": "gate", "condition": "good"},
    )
    theirs = file_of(other, record, username="other_ward")
    photo = pictured(theirs, record, number, "red")
    other.push(record, photo)
    file = file_of(phone, phone.record())
    file.photos = theirs.photos
    take_in(visit("culture_office"), file.content())
    with app.app_context():
        assert db.session.scalars(select(ExpectedPhoto)).one().state is PhotoState.EXPECTED


def test_a_page_of_a_file_is_its_bringers_alone(app: Flask, phone: Phone, visit: VisitorMaker) -> None:
    page = bring(visit("culture_office"), file_of(phone, phone.record()).content())
    visit("ward_lead").get(page, 404)
    visit("culture_office").get(page)
    visit("culture_office").get("/rescue/..%2f..%2fsecret_key", 404)
    visit("culture_office").get(f"/rescue/{'f' * 64}", 404)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + b"\x00" * 18, b"\x00" * 1000])
def test_what_is_no_rescue_file_leaves_nothing_behind(
    app: Flask, visit: VisitorMaker, content: bytes
) -> None:
    office = visit("culture_office")
    bring(office, content, 422)
    assert list(keeping.folder(app.config["SETTINGS"].media).iterdir()) == []


def test_kept_files_are_swept_after_a_day(tmp_path: Path) -> None:
    sha256 = keeping.keep(tmp_path, 7, BytesIO(b"x"))
    written = (keeping.folder(tmp_path) / f"7-{sha256}").stat().st_mtime
    keeping.sweep(tmp_path, written + keeping.KEPT_SECONDS - 1)
    assert len(list(keeping.folder(tmp_path).iterdir())) == 1
    keeping.sweep(tmp_path, written + keeping.KEPT_SECONDS + 1)
    assert list(keeping.folder(tmp_path).iterdir()) == []


def test_a_large_file_is_taken_in_by_several_presses(
    app: Flask, phone: Phone, visit: VisitorMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inventory.rescue.actions.ENTRIES_AT_ONCE", 2)
    office = visit("culture_office")
    content = file_of(phone, *(phone.record() for _ in range(5))).content()
    page = take_in(office, content)
    presses = 1
    while "Nhập tiếp phần còn lại" in office.words():
        office.post(f"{page}/import", office.fields(f"{page}/import"))
        office.get(page)
        presses += 1
    assert presses == 3
    assert count(app, FieldEntry, Installation) == [5, 5]
