"""What a reviewer is told of a photo's origin, distance and clock before believing it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from inventory.photos.rules import Evidence, distance_to, doubts
from inventory.vocabulary import PhotoOrigin

HERE = (20.95, 107.01)
NOON = datetime(2021, 5, 10, 5, tzinfo=UTC)
FINE = Evidence(PhotoOrigin.CAMERA, "", NOON, NOON + timedelta(hours=5), HERE, 8.0)


def codes(evidence: Evidence, thing: tuple[float, float] | None = HERE) -> list[str]:
    return [doubt.code for doubt in doubts(evidence, thing)]


def test_a_photo_taken_on_the_spot_that_came_the_same_day_is_not_doubted() -> None:
    assert codes(FINE) == []
    assert codes(replace(FINE, taken_at=None, fix=None, origin=None)) == [], "one from the office's form"


def test_an_older_picture_says_why_it_is_one() -> None:
    (doubt,) = doubts(replace(FINE, origin=PhotoOrigin.GALLERY, reason="nhận từ người khác"), HERE)
    assert (doubt.code, dict(doubt.values)) == ("gallery", {"reason": "nhận từ người khác"})


def test_distance_is_said_beyond_what_the_fix_itself_may_be_off() -> None:
    away = (HERE[0] + 0.002, HERE[1])  # 222 m
    assert codes(FINE, away) == ["far"]
    assert codes(replace(FINE, blur_m=200.0), away) == []
    assert codes(FINE, None) == []
    assert distance_to(replace(FINE, fix=None), HERE) is None


def test_a_clock_a_day_wrong_and_a_picture_of_last_week_are_said() -> None:
    assert codes(replace(FINE, taken_at=NOON + timedelta(days=1))) == ["clock"]
    assert codes(replace(FINE, taken_at=NOON - timedelta(days=4))) == ["old"]
    assert codes(replace(FINE, taken_at=NOON + timedelta(hours=5, minutes=9))) == []
