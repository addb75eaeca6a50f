"""The cell grid against WGS84 geodesics: no pair on the wrong side of the limit."""

import math
import random

import numpy as np
import pytest
from geopy.distance import geodesic

from inventory.geodesy import distance_m
from maps.coverage import grid
from maps.coverage.grid import (
    TOLERANCE_M,
    Located,
    arc_of,
    chord_of,
    counts_within,
    located,
    nearest,
    pairs_within,
)

#: Viet Nam from Cà Mau to Lũng Cú and out to Trường Sa.
BOX = (6.5, 23.5, 102.1, 117.9)


def pairs(points: Located, things: Located, limit: float) -> set[tuple[int, int]]:
    p, t = pairs_within(points, things, limit)
    found = list(zip(p.tolist(), t.tolist(), strict=True))
    assert found == sorted(set(found)), "sorted, each pair once"
    return set(found)


def geodesic_pairs(points: Located, things: Located, limit: float) -> set[tuple[int, int]]:
    return {
        (p, t)
        for p in range(len(points))
        for t in range(len(things))
        if geodesic((points.lat[p], points.lon[p]), (things.lat[t], things.lon[t])).meters
        <= limit + TOLERANCE_M
    }


@pytest.mark.parametrize("limit", [1.0, 50.0, 300.0, 2_000.0, 20_000.0])
def test_no_wrong_pair_close_to_the_limit(limit: float) -> None:
    """Each thing is put a hair inside or outside the limit of its point, in all directions."""
    chance = random.Random(7)
    offsets = (-1e-2, -1e-3, -1e-5, -2e-6, 0.0, 0.9e-6, 2e-6, 1e-5, 1e-3, 1e-2)
    lat, lon, there = [], [], []
    for number in range(400):
        lat.append(chance.uniform(BOX[0], BOX[1]))
        lon.append(chance.uniform(BOX[2], BOX[3]))
        metres = limit + offsets[number % len(offsets)]
        there.append(geodesic(meters=metres).destination((lat[-1], lon[-1]), chance.uniform(0, 360)))
    points = located(lat, lon)
    things = located([one.latitude for one in there], [one.longitude for one in there])
    found = pairs(points, things, limit)
    for number in range(400):
        truth = distance_m((lat[number], lon[number]), (there[number].latitude, there[number].longitude))
        assert ((number, number) in found) == (truth <= limit + TOLERANCE_M), truth - limit


@pytest.mark.parametrize(("side", "limit"), [(0.01, 150.0), (0.05, 1_500.0), (8.0, 90_000.0)])
def test_all_pairs_of_a_random_town(side: float, limit: float) -> None:
    chance = np.random.default_rng(11)
    points = located(20.9 - chance.uniform(0, side, 40), 107.0 + chance.uniform(0, side, 40))
    things = located(20.9 - chance.uniform(0, side, 90), 107.0 + chance.uniform(0, side, 90))
    found = pairs(points, things, limit)
    assert found == geodesic_pairs(points, things, limit)
    assert 0 < len(found) < 3600
    expected = [sum(1 for p, _ in found if p == number) for number in range(40)]
    assert counts_within(points, things, limit).tolist() == expected


def test_blocks_give_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(3)
    points = located(chance.uniform(20, 21, 60), chance.uniform(107, 108, 60))
    things = located(chance.uniform(20, 21, 200), chance.uniform(107, 108, 200))
    whole, one_by_one = pairs(points, things, 20_000.0), nearest(points, things)
    monkeypatch.setattr(grid, "_STEP", 1)
    assert pairs(points, things, 20_000.0) == whole
    assert nearest(points, things)[0].tolist() == one_by_one[0].tolist()


def test_nearest_is_the_nearest_geodesic() -> None:
    chance = np.random.default_rng(5)
    points = located(chance.uniform(8.5, 23, 60), chance.uniform(103, 109, 60))
    things = located(chance.uniform(8.5, 23, 80), chance.uniform(103, 109, 80))
    index, metres = nearest(points, things)
    for p in range(60):
        truth = [
            distance_m((points.lat[p], points.lon[p]), (things.lat[t], things.lon[t])) for t in range(80)
        ]
        assert index[p] == int(np.argmin(truth))
        assert metres[p] == pytest.approx(min(truth), rel=1e-6)


@pytest.mark.parametrize("things", [1, 2, 7, 60, 400])
def test_nearest_has_the_least_chord_of_all(things: int) -> None:
    chance = np.random.default_rng(things)
    asking = located(chance.uniform(20.8, 21.1, 500), chance.uniform(107, 107.3, 500))
    answering = located(chance.normal(20.9, 0.03, things), chance.normal(107.1, 0.03, things))
    index, _ = nearest(asking, answering)
    chords = np.linalg.norm(asking.xyz[:, None] - answering.xyz[None], axis=2)
    assert index.tolist() == chords.argmin(axis=1).tolist()


def test_nearest_within_a_city_is_exact_to_a_tenth_of_a_millimetre() -> None:
    chance = np.random.default_rng(6)
    points = located(chance.uniform(20.8, 21.0, 50), chance.uniform(107, 107.2, 50))
    things = located(chance.uniform(20.8, 21.0, 5), chance.uniform(107, 107.2, 5))
    index, metres = nearest(points, things)
    for p, t in enumerate(index.tolist()):
        truth = distance_m((points.lat[p], points.lon[p]), (things.lat[t], things.lon[t]))
        assert metres[p] == pytest.approx(truth, abs=1e-4)


def test_far_clusters_are_found_by_doubling() -> None:
    hanoi, camau = located([21.03, 21.031], [105.85, 105.85]), located([9.18, 9.181], [105.15, 105.15])
    index, metres = nearest(hanoi, camau)
    assert index.tolist() == [1, 1]
    assert metres[0] == pytest.approx(distance_m((21.03, 105.85), (9.181, 105.15)), rel=2e-5)


def test_the_first_of_coincident_things_is_nearest() -> None:
    point = located([21.0], [107.0])
    same = located([21.001, 21.0, 21.0, 21.0], [107.0, 107.0, 107.0, 107.0])
    index, metres = nearest(point, same)
    assert (index[0], metres[0]) == (1, 0.0)
    assert pairs(point, same, 1.0) == {(0, 1), (0, 2), (0, 3)}
    assert pairs(point, same, 0.0) == {(0, 1), (0, 2), (0, 3)}


def test_things_without_a_position_are_in_no_pair() -> None:
    points = located([21.0, math.nan], [107.0, math.nan])
    things = located([math.nan, 21.0], [107.0, 107.0])
    assert pairs(points, things, 10.0) == {(0, 1)}
    index, metres = nearest(points, things)
    assert index.tolist() == [1, -1]
    assert metres.tolist() == [0.0, math.inf]


@pytest.mark.parametrize(
    ("points", "things"),
    [(([], []), ([], [])), (([21.0], [107.0]), ([], [])), (([], []), ([21.0], [107.0]))],
)
def test_nothing_is_near_nothing(
    points: tuple[list[float], list[float]], things: tuple[list[float], list[float]]
) -> None:
    p, t = located(*points), located(*things)
    assert pairs(p, t, 100.0) == set()
    index, _ = nearest(p, t)
    assert index.tolist() == [-1] * len(points[0])
    assert counts_within(p, t, 100.0).tolist() == [0] * len(points[0])


def test_tiny_limits_over_the_whole_country_keep_their_keys_apart() -> None:
    chance = np.random.default_rng(9)
    lat, lon = chance.uniform(7, 23, 500), chance.uniform(102, 117, 500)
    assert pairs(located(lat, lon), located(lat, lon), 0.01) == {(n, n) for n in range(500)}


def test_chords_and_arcs_are_inverse() -> None:
    for metres in (0.0, 1.0, 300.0, 20_000.0, 1_500_000.0):
        assert arc_of(np.array([chord_of(metres)]))[0] == pytest.approx(metres, abs=1e-6)
