"""Claims 17, 40 and 41 in their full counts."""

import io

import pytest
from flask import Flask
from PIL import Image

from inventory.identity import new_id
from inventory.outcomes import Problem
from inventory.photos import pictures
from tests.city import City
from tests.conftest import VisitorMaker
from tests.unit.test_pictures import encoded, from_camera, mutated, scene
from tests.web.test_installations import banner, make, overwritten_silently

pytestmark = pytest.mark.soak


def test_200_edits_at_once_overwrite_nothing(app: Flask, city: City) -> None:
    with app.app_context():
        number = make(city, banner(city))
    assert overwritten_silently(app, city, number, rounds=200) == 0


def test_500_mutated_photos_and_no_500(app: Flask, city: City, visit: VisitorMaker) -> None:
    with app.app_context():
        number = make(city, banner(city))
    visitor = visit("ward_staff")
    visitor.get(f"/installations/{number}")
    token = visitor.fields(f"/installations/{number}/photos")["csrf_token"]
    for seed in range(500):
        sent = {
            "csrf_token": token,
            "entry_id": new_id(),
            "photo-overview": (io.BytesIO(mutated(from_camera(), seed)), "a.jpg"),
        }
        answer = visitor.client.post(f"/installations/{number}/photos", data=sent)
        assert answer.status_code in {303, 422}, seed


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_500_mutants_of_each_format_keep_no_metadata(form: str) -> None:
    data = from_camera() if form == "JPEG" else encoded(scene(200, 150), form)
    for seed in range(500):
        picture = pictures.read(mutated(data, seed))
        if not isinstance(picture, Problem):
            assert not dict(Image.open(io.BytesIO(picture.shown)).getexif())
