"""A wrong photo is taken back: gone for everybody and every count, told in the past; private files go."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from inventory import trail
from inventory.care import actions as care
from inventory.database import db
from inventory.identity import new_id
from inventory.installations import queries as installations
from inventory.installations import surroundings
from inventory.photos import removal, store
from inventory.settings import Settings
from inventory.surveys import queries as surveys
from inventory.tables.installation import Installation, InstallationEvent, Photo
from inventory.tables.trail import TrailLine
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker
from tests.unit.test_pictures import from_camera
from tests.web.test_installations import actor_of, banner, campaign_of, make
from tests.web.test_photos import files, media, photos, send

PICTURE = from_camera()


@pytest.fixture
def made(app: Flask, city: City) -> str:
    with app.app_context():
        return make(city, banner(city))


@pytest.fixture
def photo(app: Flask, visit: VisitorMaker, made: str) -> str:
    send(visit("ward_staff"), made, files(PICTURE))
    (number,) = photos(app)
    return number


def withdraw(visitor: Visitor, photo: str, status: int = 303, **given: str) -> dict[str, str]:
    form = {"entry_id": new_id(), "reason": "private", "text": ""} | given
    visitor.post(f"/photos/{photo}/withdraw", form, status)
    return form


def paths(app: Flask, photo: str) -> list[Path]:
    with app.app_context():
        row = db.session.get_one(Photo, photo)
        hashes = (row.sha256, row.shown_sha256, row.thumbnail_sha256)
        return [store.path_of(media(app), digest) for digest in hashes]


@pytest.mark.parametrize("who", ["ward_staff", "ward_lead", "culture_office"])
def test_a_private_photo_is_gone_for_everybody_and_its_files_are_deleted(
    app: Flask, city: City, visit: VisitorMaker, made: str, photo: str, who: str
) -> None:
    visitor = visit(who)
    visitor.get(f"/installations/{made}")
    address = f"/photos/{photo}/withdraw"
    assert address in {node.get("href") for node in visitor.page.iter()}
    visitor.get(address)
    assert "Thấy danh sách cử tri" in visitor.words()
    assert all(path.exists() for path in paths(app, photo))
    form = withdraw(visitor, photo)
    assert not any(path.exists() for path in paths(app, photo))
    for role in ("ward_staff", "culture_office", "leader", "auditor"):
        for end in ("", "/thumbnail"):
            visit(role).get(f"/photos/{photo}{end}", 404)
    visitor.get(address, 404)
    visitor.post(address, form, 303)  # the same press again changes nothing
    withdraw(visitor, photo, 404)
    visitor.get(f"/installations/{made}")
    assert f"/photos/{photo}/thumbnail" not in {node.get("src") for node in visitor.page.iter()}
    assert "Rút một ảnh" in visitor.words()
    assert "Thấy danh sách cử tri, giấy tờ hoặc mặt người" in visitor.words()
    with app.app_context():
        _check_told(city, made, photo, who)


def _check_told(city: City, made: str, photo: str, who: str) -> None:
    row = db.session.get_one(Photo, photo)
    assert (row.withdrawn_by, row.withdrawn_why) == (city.people[who], "private")
    assert row.withdrawn_at is not None
    event = InstallationEvent
    acts = db.session.execute(select(event.act, event.person_id).order_by(event.number)).all()
    assert acts[-1] == ("photo_withdrawn", city.people[who])
    assert [act for act, _ in acts].count("photo_withdrawn") == 1
    assert db.session.get_one(Installation, made).version == 1  # its record did not change
    lines = select(TrailLine.subject_id).where(TrailLine.act == "photo.withdrawn")
    assert db.session.scalars(lines).all() == [photo]
    assert trail.verify(db.session()) is None


def test_a_withdrawn_photo_is_in_no_count(
    app: Flask, city: City, visit: VisitorMaker, made: str, photo: str
) -> None:
    def counted() -> tuple[int, int, int, int]:
        with app.app_context():
            campaign, actor = campaign_of(city), actor_of(city, "ward_staff")
            seen = installations.seen(actor, campaign, made)
            (listed,) = installations.these(campaign, [made])
            target = surveys.place(db.session(), actor, campaign, city.places_a[0])
            (standing,) = surveys.things(db.session(), campaign, target)
            around = surroundings.around(campaign, seen.record, made)
            return len(seen.photos), len(listed.photos), standing.photos, around.photos

    def queued() -> str:
        office = visit("culture_office")
        office.get("/reviews")
        return " ".join(str(node.get("src")) for node in office.page.iter())

    assert counted() == (1, 1, 1, 1)
    assert photo in queued()
    withdraw(visit("ward_staff"), photo, reason="blurred")
    assert counted() == (0, 0, 0, 0)
    assert photo not in queued()


def test_other_reasons_keep_the_files_and_the_same_photo_may_come_back(
    app: Flask, visit: VisitorMaker, made: str, photo: str
) -> None:
    visitor = visit("ward_staff")
    withdraw(visitor, photo, reason="wrong_place", text="của nơi bên cạnh")
    assert all(path.exists() for path in paths(app, photo))
    visitor.get(f"/photos/{photo}", 404)
    visitor.get(f"/installations/{made}")
    assert "Không phải ảnh của thứ này: của nơi bên cạnh" in visitor.words()
    send(visitor, made, files(PICTURE))
    assert photos(app) == [photo]
    visitor.get(f"/photos/{photo}")


def test_a_private_photo_does_not_come_in_again(
    app: Flask, visit: VisitorMaker, made: str, photo: str, city: City
) -> None:
    withdraw(visit("ward_staff"), photo)
    with app.app_context():
        elsewhere = make(city, banner(city, area_id=city.ward_b, venue_id=None, zone=None), "culture_office")
    for who, number in (("ward_staff", made), ("other_ward", elsewhere)):
        visitor = visit(who)
        send(visitor, number, files(PICTURE), 422)
        assert "Ảnh này đã bị rút vì lộ thông tin riêng" in visitor.words()
    assert photos(app) == [photo]
    assert not any(path.exists() for path in paths(app, photo))
    visitor = visit("ward_staff")
    visitor.get(f"/places/{city.places_a[0]}/survey")
    form = files(PICTURE) | {"items-0-quick": "enough"}
    form["items-0-photo"] = form.pop("photo-overview")
    visitor.post(f"/places/{city.places_a[0]}/survey", form, content_type="multipart/form-data")
    assert photos(app) == [photo]
    assert not any(path.exists() for path in paths(app, photo))


def test_files_that_another_photo_shows_stay_until_it_goes_too(
    app: Flask, city: City, visit: VisitorMaker, made: str, photo: str
) -> None:
    visitor = visit("ward_staff")
    with app.app_context():
        beside = make(city, banner(city))
    send(visitor, beside, files(PICTURE))
    (other,) = set(photos(app)) - {photo}
    withdraw(visitor, photo)
    assert all(path.exists() for path in paths(app, photo))
    visitor.get(f"/photos/{other}")
    withdraw(visitor, other)
    assert not any(path.exists() for path in paths(app, photo))


def test_what_a_crash_left_over_goes_with_the_next(
    app: Flask, visit: VisitorMaker, made: str, photo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_media: Path, _sha256: str) -> None:
        raise OSError("disk")

    visitor = visit("ward_staff")
    with monkeypatch.context() as broken:
        broken.setattr(store, "remove", fail)
        withdraw(visitor, photo)
    assert all(path.exists() for path in paths(app, photo))
    visitor.get(f"/photos/{photo}", 404)
    with app.app_context():
        removal.delete_private(media(app))
    assert not any(path.exists() for path in paths(app, photo))


@pytest.mark.parametrize(
    "given",
    [
        {"reason": ""},
        {"reason": "x"},
        {"reason": "other", "text": " "},
        {"reason": "other", "text": "á" * 251},
    ],
)
def test_a_refused_withdrawal_changes_nothing(
    app: Flask, visit: VisitorMaker, photo: str, given: dict[str, str]
) -> None:
    visitor = visit("ward_staff")
    withdraw(visitor, photo, 422, **given)
    visitor.get(f"/photos/{photo}")
    visitor.post(f"/photos/{photo}/withdraw", {"reason": "blurred"}, 400)
    visitor.get(f"/photos/{photo}")


def test_only_the_ward_and_the_office_take_photos_back(app: Flask, visit: VisitorMaker, photo: str) -> None:
    for who, status in (("other_ward", 404), ("leader", 403), ("auditor", 403), ("admin", 403)):
        withdraw(visit(who), photo, status)
        visit(who).get(f"/photos/{photo}/withdraw", status)
    visit("ward_staff").get(f"/photos/{photo}")


def test_a_backup_holds_without_the_files_of_a_withdrawn_photo(
    app: Flask, visit: VisitorMaker, made: str, photo: str, tmp_path: Path
) -> None:
    settings: Settings = app.config["SETTINGS"]
    visitor = visit("ward_staff")
    withdraw(visitor, photo)
    send(visitor, made, files(from_camera()))
    with app.app_context():
        folder = care.make(settings, tmp_path / "backups")
        found = care.verify(settings, folder)
    assert found.files == 1 + 3
    held = {path.name for path in (folder / "media").rglob("*")}
    assert not held & {path.name for path in paths(app, photo)}
