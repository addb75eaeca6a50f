"""Photos from phones: told first, brought in parts, complete only with the hash that was told (19, 41)."""

import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, update

from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.outcomes import Done, Refused
from inventory.people.devices import COOKIE, device_hash
from inventory.photos import arriving, expecting, parts, store
from inventory.photos.pictures import reads_heic
from inventory.settings import Settings
from inventory.tables.field import ExpectedPhoto, FieldDevice, FieldEntry
from inventory.tables.installation import Photo
from inventory.tables.person import Person, PersonArea
from inventory.vocabulary import EntryAct, PhotoOrigin, PhotoState
from tests import told_photos as phone
from tests.city import City
from tests.conftest import VisitorMaker
from tests.unit.test_pictures import encoded, from_camera, png, scene
from tests.web.furnished import acting
from tests.web.test_installations import banner, make


@pytest.fixture
def made(app: Flask, city: City) -> str:
    with app.app_context():
        return make(city, banner(city))


def media(app: Flask) -> Path:
    settings: Settings = app.config["SETTINGS"]
    return settings.media


def photo(app: Flask, photo_id: str) -> Photo | None:
    with app.app_context():
        return db.session.get(Photo, photo_id)


def test_a_photo_told_and_brought_in_parts_is_attached_with_all_that_the_phone_knew(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = from_camera()
    told = phone.told(
        data, made, role="close_up", name="ảnh cổng ủy ban.jpg", origin="gallery",
        reason="nhận từ người khác", lat=20.95, lon=107.01, accuracy_m=8.0, taken_at=now(),
    )  # fmt: skip
    client = visit("ward_staff").client
    assert phone.state(client, told.photo_id)["state"] == "unknown"
    assert phone.put(client, told.photo_id, 0, data[:10]).status_code == 404
    assert isinstance(phone.tell(app, city, told), Done)
    assert phone.state(client, told.photo_id)["received"] == 0
    assert phone.send(client, told.photo_id, data, 7_000)[-2:] == [202, 201]
    answer = phone.state(client, told.photo_id)
    assert (answer["state"], answer["sha256"], answer["received"]) == ("complete", told.sha256, len(data))
    row = photo(app, told.photo_id)
    assert row is not None
    assert (row.installation_id, row.role, row.original_name) == (made, "close_up", "ảnh cổng ủy ban.jpg")
    assert (row.origin, row.origin_reason) == (PhotoOrigin.GALLERY, "nhận từ người khác")
    assert (row.lat, row.lon, row.accuracy_m, row.taken_at) == (20.95, 107.01, 8.0, told.taken_at)
    assert row.likeness is not None
    assert store.get(media(app), row.sha256) == data, "the evidence itself, apart"
    assert not parts.path_of(media(app), told.photo_id).exists()
    assert phone.put(client, told.photo_id, len(data), b"").status_code == 200, "told again: it is here"


def test_nothing_of_the_camera_is_in_what_is_shown_of_a_phones_photo(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = from_camera()
    told = phone.told(data, made)
    phone.tell(app, city, told)
    visitor = visit("ward_staff")
    phone.send(visitor.client, told.photo_id, data)
    for address in (f"/photos/{told.photo_id}", f"/photos/{told.photo_id}/thumbnail"):
        shown = visitor.get(address).data
        assert not dict(Image.open(io.BytesIO(shown)).getexif())
        assert b"SN-4711" not in shown


def test_parts_out_of_order_doubled_damaged_or_too_long_change_nothing(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = encoded(scene())
    told = phone.told(data, made)
    phone.tell(app, city, told)
    client = visit("ward_staff").client
    later = phone.put(client, told.photo_id, 500, data[500:900])
    assert (later.status_code, later.get_json()["received"]) == (409, 0)
    assert phone.put(client, told.photo_id, 0, data[:500]).status_code == 202
    twice = phone.put(client, told.photo_id, 0, data[:500])
    assert (twice.status_code, twice.get_json()["received"]) == (409, 500)
    bad = phone.put(client, told.photo_id, 500, b"x" * 100, **{"X-Part-SHA256": "0" * 64})
    assert (bad.status_code, bad.get_json()["code"]) == (422, "part_hash")
    assert phone.put(client, told.photo_id, 500, data[500:] + b"more").status_code == 413
    assert phone.put(client, told.photo_id, 500, bytes(2**20 + 1)).status_code == 413
    assert phone.state(client, told.photo_id)["received"] == 500
    with parts.path_of(media(app), told.photo_id).open("ab") as file:
        file.write(b"written by a server that was killed before it counted")
    assert phone.put(client, told.photo_id, 500, data[500:]).status_code == 201


def test_a_file_that_lost_bytes_is_asked_for_again_from_there(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = encoded(scene())
    told = phone.told(data, made)
    phone.tell(app, city, told)
    client = visit("ward_staff").client
    phone.put(client, told.photo_id, 0, data[:900])
    path = parts.path_of(media(app), told.photo_id)
    path.write_bytes(path.read_bytes()[:300])
    answer = phone.put(client, told.photo_id, 900, data[900:])
    assert (answer.status_code, answer.get_json()["received"]) == (409, 300)
    assert phone.put(client, told.photo_id, 300, data[300:]).status_code == 201


def test_another_picture_under_the_told_hash_is_dropped_and_begun_again(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data, other = encoded(scene()), encoded(scene(), quality=60)
    other = other[: len(data)].ljust(len(data), b"\0")
    told = phone.told(data, made)
    phone.tell(app, city, told)
    client = visit("ward_staff").client
    swapped = phone.put(client, told.photo_id, 0, other)
    assert (swapped.status_code, swapped.get_json()["code"]) == (422, "hash_differs")
    assert phone.state(client, told.photo_id)["received"] == 0
    assert photo(app, told.photo_id) is None
    assert phone.send(client, told.photo_id, data)[-1] == 201


BAD = {
    "photo_format": b"%PDF-1.7 not a picture" * 40,
    "photo_broken": encoded(scene())[:3000],
    "photo_pixels": png(30_000, 30_000, bytes(2000)),
    "photo_broken" if reads_heic() else "photo_heic": b"\0\0\0\x20ftypheic" + bytes(3000),
}


@pytest.mark.parametrize("code", BAD)
def test_what_is_no_picture_is_refused_for_good_and_its_record_stands(
    app: Flask, city: City, visit: VisitorMaker, made: str, code: str
) -> None:
    told = phone.told(BAD[code], made)
    phone.tell(app, city, told)
    visitor = visit("ward_staff")
    first = phone.put(visitor.client, told.photo_id, 0, BAD[code])
    assert (first.status_code, first.get_json()["code"]) == (422, code)
    again = phone.put(visitor.client, told.photo_id, 0, BAD[code])
    assert (again.status_code, again.get_json()["code"]) == (422, code)
    assert phone.state(visitor.client, told.photo_id)["state"] == "refused"
    visitor.get(f"/installations/{made}")
    assert photo(app, told.photo_id) is None


def test_one_bad_photo_of_twenty_costs_no_other(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    client = visit("ward_staff").client
    pictures = [encoded(scene(64 + n, 64)) for n in range(20)]
    pictures[7] = pictures[7][:200]
    sent = []
    for data in pictures:
        told = phone.told(data, made)
        phone.tell(app, city, told)
        sent.append(phone.send(client, told.photo_id, data)[-1])
    assert sent.count(201) == 19
    assert sent[7] == 422
    with app.app_context():
        assert len(db.session.scalars(select(Photo.id)).all()) == 19


def test_100_megabytes_are_refused_before_a_byte_is_sent(app: Flask, city: City, made: str) -> None:
    told = phone.told(b"x", made, size=100_000_000)
    outcome = phone.tell(app, city, told)
    assert isinstance(outcome, Refused)
    assert outcome.problems[0].code == "photo_size"


def test_telling_again_is_the_same_photo_and_another_hash_is_not(app: Flask, city: City, made: str) -> None:
    told = phone.told(b"one", made)
    assert phone.tell(app, city, told) == Done(told.photo_id)
    assert phone.tell(app, city, told) == Done(told.photo_id, again=True)
    other = phone.tell(app, city, phone.told(b"two", made, photo_id=told.photo_id))
    assert isinstance(other, Refused)
    stranger = phone.tell(app, city, phone.told(b"one", made, photo_id=told.photo_id), "ward_lead")
    assert isinstance(stranger, Refused)


def test_bytes_before_the_record_wait_and_are_attached_when_it_comes(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = encoded(scene())
    with app.app_context():
        answer = phone.entry(city, "ward_staff", EntryAct.ANSWER)
        db.session.commit()
    told = phone.told(data, None, answer_id=answer)
    phone.tell(app, city, told)
    client = visit("ward_staff").client
    assert phone.send(client, told.photo_id, data)[-1] == 201
    assert photo(app, told.photo_id) is None
    with app.app_context():
        actor, campaign = acting(city.people["ward_staff"])
        db.session.get_one(FieldEntry, answer).detail = {"pictured": made}
        db.session.flush()
        for _again in range(2):
            expecting.arrived(actor, campaign, answer_id=answer)
        db.session.commit()
    row = photo(app, told.photo_id)
    assert row is not None
    assert row.installation_id == made
    phone.state(client, told.photo_id)
    assert list((media(app) / parts.FOLDER).iterdir()) == []


def test_an_answer_of_somebody_else_gives_no_way_into_their_record(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = encoded(scene())
    with app.app_context():
        answer = phone.entry(city, "ward_staff", EntryAct.ANSWER, detail={"pictured": made})
        db.session.commit()
    told = phone.told(data, None, answer_id=answer)
    phone.tell(app, city, told, "other_ward")
    assert phone.send(visit("other_ward").client, told.photo_id, data)[-1] == 201
    assert photo(app, told.photo_id) is None


def test_only_its_own_person_brings_a_photo(app: Flask, city: City, visit: VisitorMaker, made: str) -> None:
    data = encoded(scene())
    told = phone.told(data, made)
    phone.tell(app, city, told)
    assert phone.put(visit("ward_lead").client, told.photo_id, 0, data).status_code == 409
    assert phone.put(visit(None).client, told.photo_id, 0, data).status_code == 401
    own = visit("ward_staff").client
    bare = own.put(f"/field/photos/{told.photo_id}?offset=0", data=data)
    assert bare.status_code == 400
    abroad = phone.put(own, told.photo_id, 0, data, **{"Sec-Fetch-Site": "cross-site"})
    assert abroad.status_code == 403
    assert phone.state(own, told.photo_id)["received"] == 0
    assert phone.put(own, told.photo_id, 0, data).headers["X-Trucquan-Answer"] == "1"


def test_a_phone_of_who_has_left_may_still_hand_over_unless_it_is_cut_off(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = encoded(scene())
    told = phone.told(data, made)
    phone.tell(app, city, told)
    person = city.people["ward_staff"]
    device = new_id()
    with app.app_context():
        db.session.add(
            FieldDevice(
                id=device, person_id=person, token_hash=device_hash("token", person),
                first_seen_at=now(), last_seen_at=now(),
            )
        )  # fmt: skip
        db.session.commit()
    client = visit(None).client
    client.set_cookie(COOKIE, "token")
    assert phone.put(client, told.photo_id, 0, data[:100]).status_code == 401, "they can still sign in"
    with app.app_context():
        db.session.execute(update(Person).where(Person.id == person).values(active=False))
        db.session.commit()
    assert phone.put(client, told.photo_id, 0, data[:100]).status_code == 202
    with app.app_context():
        db.session.execute(update(FieldDevice).where(FieldDevice.id == device).values(cut_off_at=now()))
        db.session.commit()
    assert phone.put(client, told.photo_id, 100, data[100:]).status_code == 403
    with app.app_context():
        db.session.execute(update(FieldDevice).where(FieldDevice.id == device).values(cut_off_at=None))
        db.session.commit()
    assert phone.put(client, told.photo_id, 100, data[100:]).status_code == 201
    assert photo(app, told.photo_id) is not None


def test_who_moved_to_another_ward_loses_no_photo_that_was_told_before(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = encoded(scene())
    told = phone.told(data, made)
    phone.tell(app, city, told)
    with app.app_context():
        moved = update(PersonArea).where(PersonArea.person_id == city.people["ward_staff"])
        db.session.execute(moved.values(area_id=city.ward_b))
        db.session.commit()
    visitor = visit("ward_staff")
    assert phone.send(visitor.client, told.photo_id, data)[-1] == 201
    visitor.get(f"/photos/{told.photo_id}", 404)
    visit("ward_lead").get(f"/photos/{told.photo_id}")
    late = phone.told(encoded(scene(90, 90)), made)
    with pytest.raises(Exception, match="installation"):
        phone.tell(app, city, late)


def test_a_photo_called_off_before_its_bytes_were_here_is_not_wanted_any_more(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = encoded(scene())
    told = phone.told(data, made)
    phone.tell(app, city, told)
    with app.app_context():
        assert isinstance(expecting.call_off(told.photo_id, city.people["ward_lead"]), Refused)
        assert isinstance(expecting.call_off(told.photo_id, city.people["ward_staff"]), Done)
        db.session.commit()
    client = visit("ward_staff").client
    assert phone.state(client, told.photo_id)["code"] == "called_off"
    assert phone.put(client, told.photo_id, 0, data).status_code == 422


def test_a_full_disk_takes_no_part_and_loses_none(
    app: Flask, city: City, visit: VisitorMaker, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = encoded(scene())
    told = phone.told(data, made)
    phone.tell(app, city, told)
    client = visit("ward_staff").client
    phone.put(client, told.photo_id, 0, data[:500])
    with monkeypatch.context() as disk:
        disk.setattr(arriving, "LEAST_FREE", 10**18)
        full = phone.put(client, told.photo_id, 500, data[500:])
        assert full.status_code == 507
        assert full.headers["Retry-After"]
    assert phone.put(client, told.photo_id, 500, data[500:]).status_code == 201


def test_a_rescue_file_and_the_phone_bring_the_same_photo_once(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = encoded(scene())
    told = phone.told(data, made)
    phone.tell(app, city, told)
    client = visit("ward_staff").client
    phone.put(client, told.photo_id, 0, data[:500])
    with app.app_context():
        for status in (201, 200):
            taken = arriving.take_whole(told.photo_id, data, media(app))
            db.session.commit()
            assert taken is not None
            assert taken.status == status
        assert arriving.take_whole(new_id(), data, media(app)) is None
        assert db.session.get_one(ExpectedPhoto, told.photo_id).state is PhotoState.COMPLETE
    assert phone.put(client, told.photo_id, 500, data[500:]).status_code == 200
