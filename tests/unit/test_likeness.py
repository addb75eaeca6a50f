"""Likeness: the same picture made smaller or encoded anew is noticed, other pictures are not taken for it."""

import io
import random
from collections.abc import Callable
from itertools import combinations

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from inventory.photos import likeness, pictures
from inventory.photos.pictures import Picture


def street(seed: int) -> Image.Image:
    """A drawn street: sky, road, house fronts, a banner with words. Synthetic, and each one different."""
    chance = random.Random(seed)
    image = Image.new("RGB", (800, 600))
    pen = ImageDraw.Draw(image)
    horizon = chance.randint(220, 420)
    sky, road = chance.randint(120, 240), chance.randint(40, 120)
    for row in range(600):
        tone = sky - row // 8 if row < horizon else road + row // 20
        pen.line([(0, row), (800, row)], fill=(tone, tone, min(255, tone + 15)))
    for _ in range(chance.randint(4, 9)):
        left, wide, high = chance.randint(-60, 760), chance.randint(60, 240), chance.randint(80, 300)
        colour = tuple(chance.randint(20, 240) for _ in range(3))
        pen.rectangle([left, horizon - high, left + wide, horizon + 20], fill=colour)
    left, top = chance.randint(20, 400), chance.randint(60, 380)
    pen.rectangle([left, top, left + 360, top + 70], fill=(190, 20, 20))
    pen.text((left + 20, top + 25), f"BAU CU {seed} " * 4, fill=(250, 220, 60))
    return image


def jpeg(image: Image.Image, quality: int = 85) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(io.BytesIO(stream.getvalue()))


def smaller(image: Image.Image) -> Image.Image:
    return image.resize((330, 248), Image.Resampling.LANCZOS)


def cut(share: float) -> Callable[[Image.Image], Image.Image]:
    def crop(image: Image.Image) -> Image.Image:
        wide, high = image.size
        return image.crop((round(wide * share), round(high * share), wide, high))

    return crop


def brighter(image: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(1.15)


SAME = {
    "quality 40": lambda image: jpeg(image, 40),
    "smaller": smaller,
    "1 % cut": cut(0.01),
    "15 % brighter": brighter,
}
HASHES = [likeness.of(street(seed)) for seed in range(200)]


@pytest.mark.parametrize("how", SAME)
def test_the_same_picture_in_another_dress_is_noticed(how: str) -> None:
    found = [likeness.alike(HASHES[seed], likeness.of(SAME[how](street(seed)))) for seed in range(24)]
    assert sum(found) >= 22, how


def test_other_pictures_are_hardly_ever_taken_for_it() -> None:
    pairs = list(combinations(HASHES, 2))
    wrong = sum(likeness.alike(one, other) for one, other in pairs)
    assert wrong / len(pairs) < 0.0005, f"{wrong} of {len(pairs)}"


def thumbnail(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    picture = pictures.read(stream.getvalue())
    assert isinstance(picture, Picture)
    return picture.thumbnail


def test_a_closer_look_at_both_thumbnails_leaves_no_false_alarm() -> None:
    close = [
        (one, other)
        for (one, first), (other, second) in combinations(enumerate(HASHES), 2)
        if likeness.alike(first, second)
    ]
    assert close, "the coarse hash takes some of 19,900 pairs for each other"
    for one, other in close:
        assert not likeness.confirms(thumbnail(street(one)), thumbnail(street(other)))
    for how in ("quality 40", "smaller"):
        for seed in range(5):
            assert likeness.confirms(thumbnail(street(seed)), thumbnail(SAME[how](street(seed))))


def test_a_wall_is_like_no_other_wall() -> None:
    wall = likeness.of(Image.new("RGB", (800, 600), "grey"))
    assert likeness.is_plain(wall)
    assert not likeness.alike(wall, wall)


def test_a_hash_fits_the_column_and_counts_its_bits() -> None:
    assert all(-(2**63) <= value < 2**63 for value in HASHES)
    assert likeness.apart(-1, 0) == 64
    assert likeness.apart(-(2**63), 0) == 1
    assert not likeness.alike(None, 5)


def test_intake_gives_every_picture_its_hash() -> None:
    stream = io.BytesIO()
    street(3).save(stream, "PNG")
    picture = pictures.read(stream.getvalue())
    assert isinstance(picture, Picture)
    assert likeness.apart(picture.likeness, HASHES[3]) <= 1
