"""Counts that follow single changes equal a full recount, whatever the changes are."""

import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.coverage.cells import Degrees, counts_by_kind
from maps.coverage.counts import Counts

LIMITS = np.array([60.3, 150.0, 299.9])
#: A 25 m lattice, so that things share spots and lie at the same distance from several points.
KNOTS = st.tuples(st.integers(0, 24), st.integers(0, 24)).map(
    lambda knot: (20.95 + knot[0] * 25 / 110_700, 107.08 + knot[1] * 25 / 104_000)
)
SOMEWHERE = st.one_of(KNOTS, KNOTS, KNOTS, st.just((math.nan, math.nan)))
THINGS = st.lists(st.tuples(st.integers(0, 2), SOMEWHERE), max_size=25)


def degrees(positions: list[tuple[float, float]]) -> Degrees:
    return Degrees(np.array([one[0] for one in positions]), np.array([one[1] for one in positions]))


def counted(points: list[tuple[float, float]], things: list[tuple[int, tuple[float, float]]]) -> np.ndarray:
    kind = np.array([number for number, _ in things], dtype=np.int8)
    return counts_by_kind(degrees(points), degrees([at for _, at in things]), kind, LIMITS)


@given(st.lists(SOMEWHERE, max_size=12), THINGS, st.data())
@settings(max_examples=150, deadline=None)
def test_changes_one_by_one_equal_a_recount(
    points: list[tuple[float, float]], things: list[tuple[int, tuple[float, float]]], data: Any
) -> None:
    kind = np.array([number for number, _ in things], dtype=np.int8)
    index = Counts(degrees(points), degrees([at for _, at in things]), kind, LIMITS)
    standing = list(things)
    for _ in range(data.draw(st.integers(0, 12))):
        before = index.matrix()
        if standing and data.draw(st.booleans()):
            number, at = standing.pop(data.draw(st.integers(0, len(standing) - 1)))
            touched = index.change(number, at[0], at[1], -1)
        else:
            number, at = data.draw(st.tuples(st.integers(0, 2), SOMEWHERE))
            standing.append((number, at))
            touched = index.change(number, at[0], at[1], 1)
        moved = np.flatnonzero((index.matrix() != before).ravel())
        assert sorted(touched) == moved.tolist(), "what changed, and nothing else, is said"
        assert (index.matrix() == counted(points, standing)).all()
