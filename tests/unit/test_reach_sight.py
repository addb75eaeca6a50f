"""Reading: the charts of domain §2.6, angles, nights and readers who pass by."""

import numpy as np
import pytest

from maps.reach.sight import (
    ReadingScale,
    aslant,
    letter_height,
    needed_letter,
    passing_distance,
    reading_distance,
    screen_distances,
)

SCALE = ReadingScale()
PLAIN = ReadingScale(diacritics=1.0)


@pytest.mark.parametrize(
    ("letter", "furthest", "comfort"),
    [(0.1, 30, 12), (0.2, 60, 24), (0.3, 90, 36), (0.5, 150, 60), (1, 300, 120)],
)
def test_distances_of_letters(letter: float, furthest: float, comfort: float) -> None:
    assert reading_distance(letter, PLAIN.furthest, PLAIN) == pytest.approx(furthest)
    assert reading_distance(letter, PLAIN.comfort, PLAIN) == pytest.approx(comfort)
    assert reading_distance(letter, SCALE.furthest, SCALE) == pytest.approx(furthest / 1.25)


@pytest.mark.parametrize(
    ("speed", "metres", "furthest", "comfort"),
    [(30, 42, 0.14, 0.35), (40, 56, 0.19, 0.46), (50, 69, 0.23, 0.58), (60, 83, 0.28, 0.69)],
)
def test_letters_for_passing_traffic(speed: int, metres: int, furthest: float, comfort: float) -> None:
    distance = passing_distance(speed, SCALE)
    assert round(distance) == metres
    assert needed_letter(distance, SCALE.furthest) == pytest.approx(furthest, abs=0.005)
    assert needed_letter(distance, SCALE.comfort) == pytest.approx(comfort, abs=0.005)
    assert needed_letter(distance, SCALE.comfort, 1.25) == pytest.approx(comfort * 1.25, abs=0.007)


def test_letters_of_a_face_that_nobody_measured() -> None:
    assert letter_height(0.8, 1, SCALE) == pytest.approx(0.36)
    assert letter_height(0.8, 2, SCALE) == pytest.approx(0.176)
    assert letter_height(0.9, 3, SCALE) == pytest.approx(0.9 * 0.44 / 3)
    # Domain §2.6: a banner of 0.8 m with one line is read to 43 m in comfort, 108 m at the most.
    assert reading_distance(0.36, PLAIN.comfort, PLAIN) == pytest.approx(43, abs=0.5)
    assert reading_distance(0.36, PLAIN.furthest, PLAIN) == pytest.approx(108, abs=0.5)


def test_nights_halve_what_is_not_lit() -> None:
    day = reading_distance(0.3, 300, SCALE)
    assert reading_distance(0.3, 300, SCALE, night=True) == pytest.approx(day / 2)
    assert reading_distance(0.3, 300, SCALE, night=True, lit=True) == pytest.approx(day)


def test_an_angle_shortens_and_beyond_the_widest_nothing_is_read() -> None:
    assert np.allclose(aslant([0, 45, 60, 60.1, 180], 60), [1, np.sqrt(0.5), 0.5, 0, 0])


@pytest.mark.parametrize("letter", [0.0, -1.0, float("nan"), float("inf")])
def test_letters_that_cannot_be_are_not_read(letter: float) -> None:
    assert reading_distance(letter, 300, SCALE) == 0.0


def test_distances_of_a_screen() -> None:
    assert screen_distances(10) == (10, 20, 30)
