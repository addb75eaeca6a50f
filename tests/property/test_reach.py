"""Reach on random worlds: monotone models, ranges, and the vectorised sums beside a plain loop."""

import math
from dataclasses import replace

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from inventory.facts import StateFact
from inventory.vocabulary import AreaKind, Certainty, Condition, Lifecycle
from maps.coverage.grid import located
from maps.reach import defaults
from maps.reach.bearing import bearing_deg
from maps.reach.hearing import FAINT_DB, Receivers, Sources, hearing
from maps.reach.reaching import Reach
from maps.reach.sound import SoundModel, directivity, energy_sum, loss, off_axis, range_m

AREAS = ((1, AreaKind.PHUONG), (2, AreaKind.XA))
MODEL = defaults.model(AREAS)
REACH = Reach(MODEL)
KINDS = ("SPK_CLUSTER_FM", "SPK_PORTABLE", "BANNER_H", "PANEL_SMALL", "FLAG_NATIONAL", "NONE")

models = st.sampled_from(list(SoundModel))
distances = st.floats(1.0, 20_000.0)
alphas = st.floats(0.0, 60.0)
around = st.floats(0.0, 30.0)


@st.composite
def states(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS) -> StateFact:
    """A thing within some hundred metres of the origin."""
    return StateFact(
        kind=draw(st.sampled_from(kinds)),
        zone=None,
        venue_id=None,
        area_id=1,
        quantity=1,
        working=1,
        lifecycle=Lifecycle.INSTALLED,
        condition=Condition.GOOD,
        lat=20.95 + draw(st.floats(-0.004, 0.004)),
        lon=107.0 + draw(st.floats(-0.004, 0.004)),
        accuracy_m=draw(st.none() | st.floats(0.0, 60.0)),
        azimuth=draw(st.none() | st.floats(0.0, 359.9)),
        height_m=draw(st.none() | st.floats(0.2, 6.0)),
        sides=draw(st.none() | st.integers(1, 4)),
        horns=draw(st.none() | st.integers(1, 4)),
        watts=draw(st.none() | st.floats(0.0, 200.0)),
    )


@given(models, distances, distances, alphas, around)
def test_levels_fall_with_the_distance(
    model: SoundModel, one: float, other: float, alpha: float, env: float
) -> None:
    near, far = sorted((one, other))
    assert float(loss(model, near, alpha, env)) <= float(loss(model, far, alpha, env)) + 1e-12


@given(models, st.floats(31.0, 110.0), alphas, around)
def test_the_range_is_the_inverse_of_the_level(
    model: SoundModel, headroom: float, alpha: float, env: float
) -> None:
    metres = float(range_m(model, headroom, alpha, env))
    if 0.0 < metres < 99_999.0:
        assert float(loss(model, metres, alpha, env)) == pytest.approx(headroom, abs=1e-6)
        assert float(loss(model, metres * 1.001, alpha, env)) > headroom
    assert (metres == 0.0) == (headroom < float(loss(model, 1.0, alpha, env)))


@given(st.lists(st.floats(-20.0, 130.0), min_size=1, max_size=12), st.floats(-20.0, 130.0))
def test_a_sum_is_at_least_its_loudest_and_never_falls(levels: list[float], more: float) -> None:
    together = energy_sum(levels)
    assert max(levels) - 1e-9 <= together <= max(levels) + 10 * math.log10(len(levels)) + 1e-9
    assert energy_sum([*levels, more]) >= together


@given(st.floats(0.0, 360.0), st.integers(1, 6), st.floats(0.0, 360.0))
def test_off_axis_is_the_least_angle_to_an_axis(azimuth: float, lobes: int, bearing: float) -> None:
    axes = [azimuth + 360.0 * k / lobes for k in range(lobes)]
    plain = min(abs((bearing - axis + 180.0) % 360.0 - 180.0) for axis in axes)
    assert float(off_axis(azimuth, lobes, bearing)) == pytest.approx(plain, abs=1e-9)


@given(
    states(), st.floats(0.0, 2_000.0), st.floats(0.0, 1.0), st.floats(0.0, 360.0), st.sampled_from([1, 2, 9])
)
def test_nearer_is_never_worse_and_the_furthest_bounds_it(
    thing: StateFact, distance: float, share: float, bearing: float, area: int
) -> None:
    far, near = REACH.served([thing] * 2, [distance, distance * share], [bearing] * 2, [area] * 2)
    assert near or not far
    assert not far or distance <= REACH.furthest([thing], [area])[0]
    assert REACH.furthest([thing], [area])[0] <= REACH.furthest([thing], [1, 2, 9])[0]


@given(states(), st.floats(0.0, 500.0), st.floats(0.0, 360.0), st.floats(0.0, 80.0), st.data())
def test_what_is_sure_is_served_wherever_the_receiver_really_is(
    thing: StateFact, distance: float, bearing: float, accuracy: float, data: st.DataObject
) -> None:
    """Moving the receiver anywhere within both accuracies keeps a sure one served and a not unserved."""
    wrong = accuracy + (thing.accuracy_m or MODEL.scalars.thing_accuracy)
    (word,) = REACH.certainty([thing], [distance], [bearing], [1], [accuracy])
    turn, part = data.draw(st.floats(0.0, 360.0)), data.draw(st.floats(0.0, 1.0))
    east = distance * math.sin(math.radians(bearing)) + part * wrong * math.sin(math.radians(turn))
    north = distance * math.cos(math.radians(bearing)) + part * wrong * math.cos(math.radians(turn))
    moved = math.hypot(east, north), math.degrees(math.atan2(east, north)) % 360.0
    really = bool(REACH.served([thing], [moved[0]], [moved[1]], [1])[0])
    slack = bool(REACH.served([thing], [max(moved[0] - 1e-6, 0.0)], [moved[1]], [1])[0])
    assert word is not Certainty.SURELY or really or slack
    assert word is not Certainty.NOT or not really


worlds = st.tuples(
    st.lists(states(), max_size=12),
    st.lists(
        st.tuples(
            st.floats(-0.005, 0.005), st.floats(-0.005, 0.005), st.sampled_from([1, 2]), st.floats(0.0, 40.0)
        ),
        min_size=1,
        max_size=6,
    ),
)


def _heard(
    things: list[StateFact], people: list[tuple[float, float, int, float]]
) -> tuple[Sources, Receivers]:
    at = located([thing.lat or 0.0 for thing in things], [thing.lon or 0.0 for thing in things])
    receivers = Receivers(
        located([20.95 + one[0] for one in people], [107.0 + one[1] for one in people]),
        np.array([one[2] for one in people]),
        np.array([one[3] for one in people]),
    )
    return Sources(REACH.columns(things), at), receivers


def _level(thing: StateFact, metres: float, off: float, area: int) -> float:
    """The level of one source, written out from domain §2.5 for the defaults' ISO model."""
    kind = MODEL.kind_of[thing.kind]
    watts = kind.watts if thing.watts is None else thing.watts
    if not watts or kind.sensitivity is None or kind.coverage is None:
        return -math.inf
    level = kind.sensitivity + 10 * math.log10(watts) - MODEL.scalars.crest
    level -= 20 * math.log10(max(metres, 1.0)) + MODEL.scalars.alpha * max(metres, 1.0) / 1000
    return level - MODEL.around(area).loss + max(-6 * (off / (kind.coverage / 2)) ** 2, -18.0)


@given(worlds)
def test_hearing_equals_a_plain_loop(
    world: tuple[list[StateFact], list[tuple[float, float, int, float]]],
) -> None:
    things, people = world
    found = hearing(REACH, *_heard(things, people))
    for i, (lat, lon, area, _accuracy) in enumerate(people):
        here = (20.95 + lat, 107.0 + lon)
        want = max(65.0, MODEL.around(area).ambient + 10.0)
        levels = []
        for thing in things:
            if not thing.kind.startswith("SPK") or thing.lat is None or thing.lon is None:
                continue
            metres = geodesic((thing.lat, thing.lon), here).meters
            off = 0.0
            if thing.azimuth is not None:
                usual = MODEL.kind_of[thing.kind].horns or 1
                lobes = usual if thing.horns is None else thing.horns
                bearing = float(bearing_deg(thing.lat, thing.lon, *here)[0])
                axes = [thing.azimuth + 360.0 * k / lobes for k in range(lobes)]
                off = min(abs((bearing - axis + 180.0) % 360.0 - 180.0) for axis in axes)
            levels.append((_level(thing, metres, off, area), metres))
        loud = [pair for pair in levels if pair[0] >= want - FAINT_DB]
        _agrees(found, i, want, loud)


def _agrees(found: object, i: int, want: float, loud: list[tuple[float, float]]) -> None:
    from maps.reach.hearing import Hearing

    assert isinstance(found, Hearing)
    if not loud:
        # Within a hundredth of a decibel of "faint" the two may round to different sides.
        assert found.level[i] == -math.inf or found.level[i] < want - FAINT_DB + 0.01
        return
    total = 10 * math.log10(sum(10 ** (level / 10) for level, _metres in loud))
    best, metres = max(loud)
    assert found.level[i] == pytest.approx(total, abs=0.01)
    assert found.margin[i] == pytest.approx(total - want, abs=0.01)
    assert found.best_level[i] == pytest.approx(best, abs=0.01)
    assert found.overlap[i] == (found.alone[i] > 1)
    if all(abs(level - want) > 0.01 for level, _metres in loud):
        assert found.alone[i] == sum(level >= want for level, _metres in loud)
    clear = all(abs(level - best + 6) > 0.02 and abs(abs(d - metres) - 17.15) > 0.02 for level, d in loud)
    if clear and abs(total - want) > 0.01 and sum(level > best - 0.02 for level, _d in loud) == 1:
        rivals = [abs(d - metres) > 17.15 for level, d in loud if level >= best - 6]
        assert bool(found.echo[i]) == (total >= want and any(rivals))


@given(worlds, states(kinds=("SPK_CLUSTER_FM",)))
def test_one_source_more_never_lowers_a_level(
    world: tuple[list[StateFact], list[tuple[float, float, int, float]]], more: StateFact
) -> None:
    things, people = world
    before = hearing(REACH, *_heard(things, people))
    after = hearing(REACH, *_heard([*things, more], people))
    assert np.all(after.level >= before.level - 1e-9)
    assert np.all(after.alone >= before.alone)
    assert np.all(after.sure | ~before.sure)
    assert np.all(after.possible | ~before.possible)
    assert np.all(after.possible | ~after.sure)


@given(st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_bearings_are_the_geodesics(north: float, east: float) -> None:
    from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

    if abs(north) + abs(east) < 1e-5:
        return
    line = Geodesic.WGS84.Inverse(20.95, 107.0, 20.95 + north, 107.0 + east)
    found = float(bearing_deg(20.95, 107.0, 20.95 + north, 107.0 + east)[0])
    assert abs((found - line["azi1"] + 180.0) % 360.0 - 180.0) < 0.001


@given(st.floats(0.0, 180.0), st.floats(10.0, 360.0))
def test_directivity_stays_between_its_floor_and_nothing(angle: float, coverage: float) -> None:
    assert -18.0 <= float(directivity(angle, coverage)) <= 0.0


@given(states(kinds=("SPK_CLUSTER_FM", "SPK_PORTABLE")), st.floats(1.0, 300.0))
def test_louder_surroundings_never_hear_more(thing: StateFact, distance: float) -> None:
    louder = tuple(replace(one, ambient=one.ambient + 7, loss=one.loss + 2) for one in MODEL.surroundings)
    noisy = Reach(replace(MODEL, surroundings=louder))
    assert (
        REACH.served([thing], [distance], [0.0], [1])[0]
        or not noisy.served([thing], [distance], [0.0], [1])[0]
    )
