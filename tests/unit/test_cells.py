"""All kinds in one pass, and single changes, against WGS84 geodesics and against each other."""

import json
import math
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from geopy.distance import geodesic

from inventory.geodesy import distance_m
from maps.coverage import cells
from maps.coverage.bench_commands import bench_data
from maps.coverage.bench_data import KINDS, Size, make
from maps.coverage.cells import Degrees, counts_by_kind, near
from maps.coverage.counts import Counts
from maps.coverage.grid import TOLERANCE_M, located, pairs_within

LIMITS = np.array([60.0, 100.0, 300.0])


def town(seed: int, points: int = 40, things: int = 300, side: float = 0.02) -> tuple[Degrees, Degrees]:
    chance = np.random.default_rng(seed)
    return (
        Degrees(20.9 + chance.uniform(0, side, points), 107.0 + chance.uniform(0, side, points)),
        Degrees(20.9 + chance.uniform(0, side, things), 107.0 + chance.uniform(0, side, things)),
    )


def plainly(points: Degrees, things: Degrees, kind: np.ndarray, limits: np.ndarray) -> list[list[int]]:
    """The same counts, pair by pair with geopy."""
    counts = [[0] * len(limits) for _ in points.lat]
    for p, here in enumerate(zip(points.lat, points.lon, strict=True)):
        for t, there in enumerate(zip(things.lat, things.lon, strict=True)):
            if math.isfinite(sum(here) + sum(there)):
                metres = geodesic(here, there).meters
                counts[p][kind[t]] += metres <= limits[kind[t]] + TOLERANCE_M
    return counts


@pytest.mark.parametrize("seed", range(4))
def test_counts_of_a_town_are_those_of_a_plain_count(seed: int) -> None:
    points, things = town(seed)
    kind = np.random.default_rng(seed).integers(0, 3, 300).astype(np.int8)
    expected = plainly(points, things, kind, LIMITS)
    assert counts_by_kind(points, things, kind, LIMITS).tolist() == expected
    assert sum(map(sum, expected)) > 0


@pytest.mark.parametrize("limit", [0.0, 1.0, 60.0, 300.0, 2_000.0, 19_000.0])
def test_no_wrong_pair_close_to_the_limit(limit: float) -> None:
    """Each thing is put a hair inside or outside the limit of its point, in all directions, all over
    the country, and so that the plane, the chord and the geodesic each have to decide some of them."""
    chance = random.Random(5)
    offsets = (-3.0, -0.02, -0.008, -1e-3, -2e-6, 0.0, 0.9e-6, 2e-6, 1e-3, 0.008, 0.02, 3.0)
    here, there = [], []
    for number in range(360):
        here.append((chance.uniform(6.5, 23.5), chance.uniform(102.1, 117.9)))
        metres = max(0.0, limit + offsets[number % len(offsets)])
        end = geodesic(meters=metres).destination(here[-1], chance.uniform(0, 360))
        there.append((end.latitude, end.longitude))
    points = Degrees(*(np.array(axis) for axis in zip(*here, strict=True)))
    things = Degrees(*(np.array(axis) for axis in zip(*there, strict=True)))
    kind = np.zeros(360, np.int8)
    found = {
        (p, t) for a, b, _ in near(points, things, kind, np.array([limit])) for p, t in zip(a, b, strict=True)
    }
    followed = Counts(points, Degrees(np.zeros(0), np.zeros(0)), kind[:0], np.array([limit]))
    for number, (a, b) in enumerate(zip(here, there, strict=True)):
        within = distance_m(a, b) <= limit + TOLERANCE_M
        assert ((number, number) in found) == within, distance_m(a, b) - limit
        assert (number in followed.change(0, *b, 1)) == within


def test_limits_too_wide_for_the_plane_are_counted_by_chords() -> None:
    points, things = town(3, side=3.0)
    kind = np.zeros(300, np.int8)
    limits = np.array([90_000.0])
    assert counts_by_kind(points, things, kind, limits).tolist() == plainly(points, things, kind, limits)


@pytest.mark.parametrize(("lat", "lon"), [(78.2, 15.6), (-16.8, 179.999), (89.999, 0.0), (0.0, 0.0)])
def test_anywhere_on_earth(lat: float, lon: float) -> None:
    chance = np.random.default_rng(2)
    spread = 0.002 / max(0.02, math.cos(math.radians(lat)))
    east = (lon + chance.uniform(-spread, spread, 30) + 180.0) % 360.0 - 180.0
    points = Degrees(np.minimum(90.0, lat + chance.uniform(-0.002, 0.002, 30)), east)
    kind = np.zeros(30, np.int8)
    limits = np.array([150.0])
    assert counts_by_kind(points, points, kind, limits).tolist() == plainly(points, points, kind, limits)


def test_what_has_no_position_counts_nowhere() -> None:
    points = Degrees(np.array([21.0, math.nan]), np.array([107.0, 107.0]))
    things = Degrees(np.array([math.nan, 21.0, 21.0]), np.array([107.0, 107.0, math.nan]))
    kind = np.array([0, 1, 0], np.int8)
    assert counts_by_kind(points, things, kind, np.array([50.0, 50.0])).tolist() == [[0, 1], [0, 0]]
    empty = Degrees(np.zeros(0), np.zeros(0))
    assert counts_by_kind(points, empty, kind[:0], np.array([50.0])).tolist() == [[0], [0]]
    assert counts_by_kind(empty, things, kind, np.array([50.0, 50.0])).shape == (0, 2)
    index = Counts(points, things, kind, np.array([50.0, 50.0]))
    assert index.change(0, math.nan, 107.0, 1) == []
    assert Counts(empty, things, kind, np.array([50.0, 50.0])).change(0, 21.0, 107.0, 1) == []


@pytest.mark.parametrize("limit", [-1.0, math.nan, math.inf])
def test_a_limit_is_a_number_of_metres(limit: float) -> None:
    points, things = town(1)
    with pytest.raises(ValueError, match="metres"):
        counts_by_kind(points, things, np.zeros(300, np.int8), np.array([limit]))


def test_the_order_and_the_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    points, things = town(8)
    kind = np.random.default_rng(8).integers(0, 3, 300).astype(np.int8)
    whole = counts_by_kind(points, things, kind, LIMITS)
    shuffle = np.random.default_rng(1).permutation(300)
    mixed = Degrees(things.lat[shuffle], things.lon[shuffle])
    assert (counts_by_kind(points, mixed, kind[shuffle], LIMITS) == whole).all()
    monkeypatch.setattr(cells, "_BLOCK", 3)
    assert (counts_by_kind(points, things, kind, LIMITS) == whole).all()


def test_both_engines_find_the_same_pairs_in_a_synthetic_city() -> None:
    world = make(Size.CITY, 1)
    points = Degrees(world.place_lat, world.place_lon)
    counts = counts_by_kind(points, Degrees(world.thing_lat, world.thing_lon), world.kind, world.radius_m)
    at = located(world.place_lat, world.place_lon)
    for number, (_, _, _, limit) in enumerate(KINDS):
        those = world.kind == number
        point, _ = pairs_within(at, located(world.thing_lat[those], world.thing_lon[those]), limit)
        assert (np.bincount(point, minlength=300) == counts[:, number]).all()


def test_the_synthetic_world_is_the_same_each_time_and_of_its_size() -> None:
    once, again, other = make(Size.CITY, 7), make(Size.CITY, 7), make(Size.CITY, 8)
    assert once.sha256() == again.sha256() != other.sha256()
    assert (len(once.ward), len(once.kind)) == (300, 6_000)
    province = make(Size.PROVINCE, 7)
    assert (len(province.ward), len(province.kind), len(set(province.ward))) == (1_500, 30_000, 177)
    assert province.voters.min() >= 60
    assert 0.7 < province.works.mean() < 0.8


def test_the_command_writes_the_same_files_each_time(tmp_path: Path) -> None:
    lines = []
    for folder in ("a", "b"):
        out = str(tmp_path / folder)
        done = CliRunner().invoke(bench_data, ["--size", "city", "--seed", "3", "--csv", "--out", out])
        assert done.exit_code == 0
        lines.append(json.loads(done.output))
    assert lines[0]["sha256"] == lines[1]["sha256"] == make(Size.CITY, 3).sha256()
    assert (lines[0]["places"], lines[0]["installations"]) == (300, 6_000)
    for name in ("city-3.npz", "city-3-places.csv", "city-3-things.csv"):
        first, second = ((tmp_path / folder / name).read_bytes() for folder in ("a", "b"))
        assert first == second
    things = (tmp_path / "a/city-3-things.csv").read_text(encoding="utf-8").splitlines()
    assert len(things) == 6_001
    with np.load(tmp_path / "a/city-3.npz") as file:
        assert file["thing_lat"].shape == (6_000,)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(bench_data, ["--out", str(tmp_path / "file" / "in")])
    assert done.exit_code == 1
    assert "Không ghi được" in done.output
