"""Reach: the door of the models for coverage, plans and maps."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inventory.facts import StateFact
from inventory.vocabulary import AreaKind, Certainty, Channel, Condition, Lifecycle
from maps.reach import defaults
from maps.reach.model import KindReach, ReachModel, ReadTarget
from maps.reach.reaching import Reach
from maps.reach.sound import SoundModel

PHUONG, XA = 1, 2
MODEL = defaults.model([(PHUONG, AreaKind.PHUONG), (XA, AreaKind.XA)])
REACH = Reach(MODEL)


def state(kind: str, **words: Any) -> StateFact:
    """A thing that stands and works."""
    base = StateFact(kind, None, None, PHUONG, 1, 1, Lifecycle.INSTALLED, Condition.GOOD, 20.95, 107.0)
    return replace(base, **words)


def with_kind(kind: KindReach) -> Reach:
    """The defaults with other parameters for one kind."""
    others = tuple(one for one in MODEL.kinds if one.code != kind.code)
    return Reach(replace(MODEL, kinds=(*others, kind)))


def with_model(model: SoundModel) -> Reach:
    """The defaults with another model of the loss."""
    return Reach(replace(MODEL, scalars=replace(MODEL.scalars, model=model)))


def served(thing: StateFact, distance: float, bearing: float = 0.0, area: int = PHUONG) -> bool:
    """Whether one thing reaches one receiver."""
    return bool(REACH.served([thing], [distance], [bearing], [area])[0])


def test_channels() -> None:
    assert REACH.channel("SPK_CLUSTER_FM") is Channel.HEARING
    assert REACH.channel("BANNER_H") is Channel.READING
    assert REACH.channel("FLAG_NATIONAL") is Channel.PRESENCE
    assert REACH.channel("BALLOT_BOX") is None


def test_a_horn_is_heard_to_its_range_and_not_beyond() -> None:
    horn = state("SPK_CLUSTER_FM", azimuth=None)
    radius = REACH.radius_of_new("SPK_CLUSTER_FM", PHUONG)
    assert 84 < radius < 90  # domain §2.5: about 88 m in a dense town at 115 dB; these horns have 114.8
    assert served(horn, radius - 0.01)
    assert not served(horn, radius + 0.01)
    assert REACH.furthest([horn], [PHUONG])[0] == pytest.approx(radius, abs=1e-3)


def test_the_surroundings_of_the_receiver_decide() -> None:
    horn = state("SPK_CLUSTER_FM")
    between = (REACH.radius_of_new("SPK_CLUSTER_FM", PHUONG) + REACH.radius_of_new("SPK_CLUSTER_FM", XA)) / 2
    assert not served(horn, between, area=PHUONG)
    assert served(horn, between, area=XA)
    assert list(REACH.furthest([horn], [PHUONG, XA])) == [REACH.furthest([horn], [XA])[0]]


def test_an_area_that_nobody_knows_has_the_fallback() -> None:
    assert MODEL.around(999).code == defaults.FALLBACK
    horn = state("SPK_CLUSTER_FM")
    assert REACH.level([horn], [50], [0], [999])[0] == REACH.level([horn], [50], [0], [XA])[0]


@pytest.mark.parametrize("model", list(SoundModel))
def test_levels_and_ranges_agree_in_every_model(model: SoundModel) -> None:
    reach = with_model(model)
    radius = reach.radius_of_new("SPK_CLUSTER_FM", PHUONG)
    level = reach.level([state("SPK_CLUSTER_FM")], [radius], [0], [PHUONG])[0]
    assert level == pytest.approx(reach.target([PHUONG])[0], abs=1e-6)


def test_two_horns_back_to_back_are_a_figure_of_eight() -> None:
    pair = state("SPK_CLUSTER_FM", azimuth=0.0, horns=2)
    front, back, side = REACH.level([pair] * 3, [50] * 3, [0, 180, 90], [PHUONG] * 3)
    assert front == pytest.approx(back)
    assert side == pytest.approx(front - 18)
    one = state("SPK_CLUSTER_FM", azimuth=0.0, horns=1)
    assert REACH.level([one], [50], [180], [PHUONG])[0] == pytest.approx(front - 18)


@pytest.mark.parametrize("watts", [0.0, -1.0, float("nan")])
def test_a_loudspeaker_without_power_has_no_reach(watts: float) -> None:
    dead = state("SPK_CLUSTER_FM", watts=watts)
    assert not served(dead, 1.0)
    assert REACH.furthest([dead], [PHUONG, XA])[0] == 0.0
    assert REACH.outline(dead, PHUONG) == ()


def test_a_kind_without_parameters_has_no_reach_and_says_so() -> None:
    box = state("BALLOT_BOX")
    assert not served(box, 0.0)
    assert REACH.furthest([box], [PHUONG])[0] == 0.0
    assert REACH.radius_of_new("BALLOT_BOX", PHUONG) == 0.0
    assert "chưa có tham số" in REACH.said("BALLOT_BOX").message


@pytest.mark.parametrize("distance", [float("nan"), float("inf")])
def test_a_distance_that_is_no_number_reaches_nobody(distance: float) -> None:
    for kind in ("SPK_CLUSTER_FM", "BANNER_H", "FLAG_NATIONAL"):
        assert not served(state(kind), distance)


def test_a_face_is_read_straight_ahead_aslant_and_not_from_behind() -> None:
    face = state("BANNER_H", azimuth=90.0, height_m=0.8, sides=1)
    radius = 300 * 0.176 / 1.25
    assert served(face, radius - 0.01, 90.0)
    assert not served(face, radius + 0.01, 90.0)
    assert served(face, radius / 2 - 0.01, 150.0)
    assert not served(face, radius / 2 + 0.01, 150.0)
    assert not served(face, 1.0, 151.0)
    assert not served(face, 5.0, 270.0)
    assert served(replace(face, sides=2), 5.0, 270.0)


def test_a_larger_face_is_read_from_further() -> None:
    small, large = state("PANEL_SMALL", height_m=1.0), state("PANEL_SMALL", height_m=2.0)
    near, far = REACH.furthest([small, large], [PHUONG])
    assert far == pytest.approx(2 * near, abs=1e-5)


@pytest.mark.parametrize("height", [0.0, -2.0, float("nan")])
def test_a_face_of_an_impossible_height_counts_as_unmeasured(height: float) -> None:
    usual = REACH.furthest([state("PANEL_SMALL", height_m=None)], [PHUONG])
    assert REACH.furthest([state("PANEL_SMALL", height_m=height)], [PHUONG]) == usual


def test_without_any_letter_height_the_kinds_own_radius_counts() -> None:
    reach = with_kind(KindReach("BANNER_H", Channel.READING, radius=50.0))
    assert reach.radius_of_new("BANNER_H", PHUONG) == 50.0
    assert with_kind(KindReach("BANNER_H", Channel.READING)).radius_of_new("BANNER_H", PHUONG) == 0.0


def test_reading_in_comfort_is_nearer_and_nights_are_nearer_still() -> None:
    comfort = Reach(replace(MODEL, scalars=replace(MODEL.scalars, read_target=ReadTarget.COMFORT)))
    night = Reach(replace(MODEL, scalars=replace(MODEL.scalars, by_night=True)))
    day = REACH.radius_of_new("BANNER_H", PHUONG)
    assert comfort.radius_of_new("BANNER_H", PHUONG) == pytest.approx(day * 120 / 300)
    assert night.radius_of_new("BANNER_H", PHUONG) == pytest.approx(day / 2)
    assert night.radius_of_new("LED_SCREEN", PHUONG) == REACH.radius_of_new("LED_SCREEN", PHUONG)


def test_certainty_by_the_accuracy_of_both_positions() -> None:
    radius = REACH.radius_of_new("SPK_CLUSTER_FM", PHUONG)
    horns = [state("SPK_CLUSTER_FM", accuracy_m=5.0)] * 3
    distances = [radius - 15.1, radius - 14.9, radius + 15.1]
    found = REACH.certainty(horns, distances, [0] * 3, [PHUONG] * 3, [10.0] * 3)
    assert found == [Certainty.SURELY, Certainty.PERHAPS, Certainty.NOT]
    assert (
        REACH.certainty(horns, [radius + 14.9] * 3, [0] * 3, [PHUONG] * 3, [10.0] * 3)[0] is Certainty.PERHAPS
    )


def test_where_nobody_wrote_an_accuracy_the_models_counts() -> None:
    radius = REACH.radius_of_new("SPK_CLUSTER_FM", PHUONG)
    horn = state("SPK_CLUSTER_FM", accuracy_m=None)
    wrong = MODEL.scalars.thing_accuracy + MODEL.scalars.place_accuracy
    words = REACH.certainty([horn] * 2, [radius - wrong - 0.1, radius - wrong + 0.1], [0] * 2, [PHUONG] * 2)
    assert words == [Certainty.SURELY, Certainty.PERHAPS]


def test_a_receiver_beside_a_face_may_be_in_front_of_it() -> None:
    face = state("BANNER_H", azimuth=0.0, sides=1, accuracy_m=3.0)
    assert not served(face, 10.0, 65.0)
    assert REACH.certainty([face], [10.0], [65.0], [PHUONG], [3.0]) == [Certainty.PERHAPS]
    assert REACH.certainty([face], [10.0], [0.0], [PHUONG], [3.0]) == [Certainty.SURELY]


def test_outlines() -> None:
    assert [sector.azimuth for sector in REACH.outline(state("SPK_CLUSTER_FM"), PHUONG)] == [None]
    pair = REACH.outline(state("SPK_CLUSTER_FM", azimuth=350.0, horns=2), PHUONG)
    assert [sector.azimuth for sector in pair] == [350.0, 170.0]
    assert pair[0].half_angle == 45.0
    assert pair[0].edge_m < pair[0].radius_m
    edge = REACH.level([state("SPK_CLUSTER_FM", azimuth=350.0, horns=2)], [pair[0].edge_m], [35.0], [PHUONG])
    assert edge[0] == pytest.approx(REACH.target([PHUONG])[0], abs=1e-6)
    (face,) = REACH.outline(state("BANNER_H", azimuth=90.0), PHUONG)
    assert face.half_angle == 60.0
    assert face.edge_m == pytest.approx(face.radius_m / 2)
    assert REACH.outline(state("BALLOT_BOX"), PHUONG) == ()


def _models() -> Iterator[ReachModel]:
    for model in SoundModel:
        yield replace(MODEL, scalars=replace(MODEL.scalars, model=model))


def test_the_name_of_the_model_is_said_with_every_radius() -> None:
    said = {Reach(model).said("SPK_CLUSTER_FM").message for model in _models()}
    assert len(said) == len(SoundModel)
    assert dict(REACH.said("SPK_CLUSTER_FM").values) == {"target": "65", "above": "10"}
    assert "đọc được" in REACH.said("BANNER_H").message
    assert "nhìn thấy" in REACH.said("FLAG_NATIONAL").message


def test_a_model_is_a_value() -> None:
    again = defaults.model([(PHUONG, AreaKind.PHUONG), (XA, AreaKind.XA)])
    assert again == MODEL
    assert hash(again) == hash(MODEL)
    assert len({Reach(again), REACH}) == 1


def test_columns_answer_like_states() -> None:
    states = [state("SPK_CLUSTER_FM", azimuth=10.0), state("BANNER_H"), state("FLAG_NATIONAL"), state("NONE")]
    rows = REACH.columns(states)
    distance, bearing, area = [40.0] * 4, [30.0] * 4, [PHUONG] * 4
    assert np.array_equal(
        REACH.served(rows, distance, bearing, area), REACH.served(states, distance, bearing, area)
    )
    picked = np.array([2, 0])
    expected = REACH.served(rows, distance, bearing, area)[picked]
    assert np.array_equal(REACH.served(rows.take(picked), [40.0] * 2, [30.0] * 2, [PHUONG] * 2), expected)
