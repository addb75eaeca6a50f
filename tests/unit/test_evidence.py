"""Fixes beside taps: what is kept, which position of a record follows, and what is flagged of it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.installations.fixes import Evidence, Fix, evidence_of, position_fields, usable
from inventory.installations.flags import FlagCode
from inventory.installations.rules import Neighbour
from inventory.vocabulary import Lifecycle, PositionSource
from tests.unit.test_installation_rules import AROUND, BANNER, SPOT, THING
from tests.unit.test_installation_rules import flagged as codes_of

FIX = Fix(20.95, 107.05, 8.0, 2.0)
FAR = (20.9511, 107.05)  # 122 m north


def test_nothing_is_kept_where_the_record_says_everything() -> None:
    assert evidence_of(FIX, None, "") is None
    assert evidence_of(None, FAR, "  ") is None
    assert evidence_of(None, None, "") is None


def test_a_fix_beside_a_tap_is_kept_with_the_metres_between() -> None:
    kept = evidence_of(FIX, FAR, "")
    assert kept is not None
    assert kept.fix == FIX
    assert kept.apart_m == pytest.approx(122, abs=1)
    assert kept.speaks_of(FAR)
    assert not kept.speaks_of(FIX.point)
    assert not kept.speaks_of(None)


def test_a_reason_alone_is_kept_and_cut_to_its_column() -> None:
    kept = evidence_of(None, None, "other: " + "x" * 400)
    assert kept is not None
    assert len(kept.reason) == 300


def test_a_tap_goes_before_a_fix_and_has_no_accuracy() -> None:
    assert position_fields(None, None) == {}
    assert position_fields(FIX, FAR) == {
        "lat": FAR[0],
        "lon": FAR[1],
        "accuracy_m": None,
        "position_source": PositionSource.MAP,
        "position_age_s": None,
    }
    assert position_fields(FIX, None)["position_source"] is PositionSource.DEVICE


@pytest.mark.parametrize("fix", [Fix(float("nan"), 107.0), Fix(48.8, 2.3), Fix(107.0, 20.9)])
def test_what_is_no_fix_here_is_not_kept(fix: Fix) -> None:
    assert usable(fix) is None
    assert evidence_of(fix, FAR, "") is None


@given(st.floats(), st.floats(), st.floats() | st.none(), st.floats() | st.none())
def test_whatever_a_phone_says_the_rest_is_finite(
    lat: float, lon: float, accuracy: float | None, age: float | None
) -> None:
    kept = usable(Fix(lat, lon, accuracy, age))
    if kept is not None:
        assert kept.accuracy_m is None or 0 <= kept.accuracy_m < 1e7
        assert kept.age_s is None or 0 <= kept.age_s < 1e7


@pytest.mark.parametrize(("apart", "told"), [(99.9, False), (100.0, False), (100.1, True)])
def test_a_tap_far_from_the_fix_is_flagged(apart: float, told: bool) -> None:
    evidence = Evidence(FIX, FAR, apart, "")
    record = replace(THING, **SPOT)
    assert (FlagCode.FIX_APART in codes_of(record, evidence=evidence)) is told
    gone = replace(record, lifecycle=Lifecycle.DISMANTLED)
    assert FlagCode.FIX_APART not in codes_of(gone, evidence=evidence)


def test_a_pair_that_was_answered_is_not_asked_again_but_another_neighbour_is() -> None:
    here: Any = replace(THING, **SPOT)
    first, second = Neighbour("a", (20.95001, 107.05)), Neighbour("b", (20.95002, 107.05))
    assert FlagCode.NEAR_DUPLICATE in codes_of(here, neighbours=(first,))
    said = (("a", "Lê Thị Mai"),)
    assert FlagCode.NEAR_DUPLICATE not in codes_of(here, neighbours=(first,), another=said)
    assert FlagCode.NEAR_DUPLICATE in codes_of(here, neighbours=(first, second), another=said)
    assert BANNER.near_duplicate_m == 10.0
    assert AROUND.another == ()
