"""Photos over HTTP: sent from a form, kept once, served only to who may see the row, with nothing in them."""

import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from inventory.database import db
from inventory.identity import new_id
from inventory.photos import store
from inventory.settings import Settings
from inventory.tables.installation import Installation, Photo, Review
from inventory.tables.trail import TrailLine
from inventory.vocabulary import ReviewState
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker
from tests.unit.test_pictures import encoded, from_camera, mutated, png, scene
from tests.web.test_installations import banner, make


@pytest.fixture
def made(app: Flask, city: City) -> str:
    with app.app_context():
        return make(city, banner(city))


def files(*data: bytes, role: str = "overview", name: str = "ảnh cổng.jpg") -> dict[str, object]:
    boxes = [(io.BytesIO(one), name) for one in data]
    return {f"photo-{role}": boxes, "entry_id": new_id()}


def send(visitor: Visitor, number: str, form: dict[str, object], status: int = 303) -> None:
    visitor.post(f"/installations/{number}/photos", form, status, content_type="multipart/form-data")


def photos(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Photo.id).order_by(Photo.id)))


def media(app: Flask) -> Path:
    settings: Settings = app.config["SETTINGS"]
    return settings.media


def test_a_photo_is_kept_once_and_shown_without_its_camera(
    app: Flask, visit: VisitorMaker, made: str
) -> None:
    visitor, original = visit("ward_staff"), from_camera()
    send(visitor, made, files(original))
    send(visitor, made, files(original, role="defect"))
    (photo,) = photos(app)
    visitor.get(f"/installations/{made}")
    assert f"/photos/{photo}/thumbnail" in {node.get("src") for node in visitor.page.iter()}
    for address in (f"/photos/{photo}", f"/photos/{photo}/thumbnail"):
        answer = visitor.get(address)
        assert answer.mimetype == "image/jpeg"
        assert not dict(Image.open(io.BytesIO(answer.data)).getexif())
        assert b"SN-4711" not in answer.data
        assert b"<script>" not in answer.data
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-cache"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert headers["Content-Disposition"].isascii()
        assert headers["Content-Disposition"].startswith('inline; filename="')
        again = visitor.get(address, 304, headers={"If-None-Match": headers["ETag"]})
        assert again.data == b""
    with app.app_context():
        row = db.session.get_one(Photo, photo)
        assert (row.original_name, row.role, row.size) == ("ảnh cổng.jpg", "overview", len(original))
        assert store.get(media(app), row.sha256) == original
        added = select(func.count()).where(TrailLine.act == "photo.added")
        assert db.session.scalar(added) == 1


def test_another_wards_photo_is_unseen_and_the_look_leaves_a_line(
    app: Flask, visit: VisitorMaker, made: str
) -> None:
    send(visit("ward_staff"), made, files(from_camera()))
    (photo,) = photos(app)
    stranger = visit("other_ward")
    stranger.get(f"/photos/{photo}", 404)
    stranger.get(f"/photos/{photo}/thumbnail", 404)
    send(stranger, made, files(from_camera()), 404)
    visit("admin").get(f"/photos/{photo}", 403)
    visit(None).get(f"/photos/{photo}", 303)
    for missing in (new_id(), "x", "../../etc/passwd", "1' OR 1=1"):
        stranger.get(f"/photos/{missing}", 404)
    with app.app_context():
        looks = select(TrailLine.subject, TrailLine.subject_id).where(TrailLine.act == "look.refused")
        assert db.session.execute(looks).all().count(("photo", photo)) == 2


@pytest.mark.parametrize("role", ["leader", "auditor"])
def test_readers_see_photos_and_send_none(app: Flask, visit: VisitorMaker, made: str, role: str) -> None:
    send(visit("ward_staff"), made, files(from_camera()))
    reader = visit(role)
    reader.get(f"/photos/{photos(app)[0]}")
    send(reader, made, files(from_camera()), 403)


def test_one_bad_photo_is_told_by_its_name_and_the_others_are_kept(
    app: Flask, visit: VisitorMaker, made: str
) -> None:
    visitor = visit("ward_staff")
    once, photo = new_id(), from_camera()
    for turn in range(2):  # pressed twice
        form = files(photo, name="tốt.jpg") | {"entry_id": once}
        form["photo-close_up"] = [(io.BytesIO(b"%PDF-1.7"), "biên bản.jpg")]
        send(visitor, made, form)
        visitor.get(f"/installations/{made}")
        assert ("biên bản.jpg: Tệp này không phải ảnh" in visitor.words()) is (turn == 0)
    assert len(photos(app)) == 1


def test_an_entry_is_not_used_for_other_photos(app: Flask, visit: VisitorMaker, made: str) -> None:
    visitor, once = visit("ward_staff"), new_id()
    send(visitor, made, files(from_camera(1)) | {"entry_id": once})
    send(visitor, made, files(from_camera(2)) | {"entry_id": once}, 422)
    assert "đã được gửi trước đó" in visitor.words()
    assert len(photos(app)) == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00" * 100, b"<html>", png(13_000, 13_000), from_camera()[:4000], b"PK\x03\x04"],
    ids=["empty", "zeros", "page", "bomb", "cut", "archive"],
)
def test_what_is_no_photo_answers_422_and_changes_nothing(
    app: Flask, visit: VisitorMaker, made: str, data: bytes
) -> None:
    visitor = visit("ward_staff")
    send(visitor, made, files(data), 422)
    send(visitor, made, {"entry_id": new_id()}, 422)
    send(visitor, made, files(from_camera()) | {"entry_id": "x"}, 400)
    assert photos(app) == []
    assert [path for path in media(app).rglob("*") if path.is_file()] == []


def test_the_name_of_a_file_means_nothing(app: Flask, visit: VisitorMaker, made: str) -> None:
    visitor = visit("ward_staff")
    send(visitor, made, files(encoded(scene(), "PNG"), name="../../../x.exe"))
    with app.app_context():
        assert db.session.scalars(select(Photo.original_name)).one() == "x.exe"
    send(visitor, made, files(encoded(Image.new("RGB", (5, 5)), "GIF"), name="a.jpg"), 422)


def test_mutated_photos_never_break_the_service(app: Flask, visit: VisitorMaker, made: str) -> None:
    visitor = visit("ward_staff")
    visitor.get(f"/installations/{made}")
    token = visitor.fields(f"/installations/{made}")["csrf_token"]
    for seed in range(20):  # 500 in the soak
        form = {"csrf_token": token, **files(mutated(from_camera(), seed))}
        answer = visitor.client.post(f"/installations/{made}/photos", data=form)
        assert answer.status_code in {303, 422}


def test_a_photo_answers_what_the_office_returned(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    with app.app_context():
        review = db.session.get_one(Review, (made, city.campaign))
        review.state, review.reason_code = ReviewState.RETURNED, "no_photo"
        db.session.commit()
    send(visit("ward_staff"), made, files(from_camera()))
    with app.app_context():
        review = db.session.get_one(Review, (made, city.campaign))
        assert (review.state, review.reason_code) == (ReviewState.SUBMITTED, "")
        assert db.session.get_one(Installation, made).version == 1, "the record itself is as it was"


def test_a_file_that_is_gone_is_a_404(app: Flask, visit: VisitorMaker, made: str) -> None:
    visitor = visit("ward_staff")
    send(visitor, made, files(from_camera()))
    for path in media(app).rglob("*"):
        if path.is_file():
            path.unlink()
    visitor.get(f"/photos/{photos(app)[0]}", 404)
