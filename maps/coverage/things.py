"""The things of one figure as columns, so that counting is arithmetic on arrays.

Rows are sorted by installation id: every later tie is broken by it, whatever the order of the facts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventory.facts import InstallationFact, KindFact, PlaceFact, StateFact
from inventory.standards import standing_units, working_units
from inventory.vocabulary import Figure, Zone
from maps.coverage.grid import Ints, Located, located

ZONE_NUMBER = {zone: number for number, zone in enumerate(Zone)}
NO_ZONE = len(ZONE_NUMBER)
NO_VENUE = -1

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Things:
    """Standing things: `working` and `broken` units of each; `kind` numbers `kinds`.

    `at` is the thing's own position or, where it has none, its venue's point.
    """

    ids: tuple[str, ...]
    states: tuple[StateFact, ...]
    kinds: tuple[str, ...]
    kind: Ints
    zone: Ints
    venue: Ints
    area: Ints
    working: Ints
    broken: Ints
    at: Located

    def counted(self, codes: frozenset[str]) -> Flags:
        """Which rows are of one of these kinds."""
        return np.array([code in codes for code in self.kinds], dtype=np.bool_)[self.kind]


def venue_points(places: Sequence[PlaceFact]) -> dict[int, tuple[float, float]]:
    """Points of the venues of a campaign; a place's point is its venue's."""
    return {
        place.venue_id: (place.lat, place.lon)
        for place in sorted(places, key=lambda one: one.id)
        if place.lat is not None and place.lon is not None
    }


def standing_things(
    installations: Sequence[InstallationFact],
    figure: Figure,
    kinds: Mapping[str, KindFact],
    venues: Mapping[int, tuple[float, float]],
) -> Things:
    """What stands in this figure."""
    rows = []
    for installation in sorted(installations, key=lambda one: one.id):
        state = installation.reported if figure is Figure.REPORTED else installation.verified
        if state is None:
            continue
        standing = standing_units(kinds.get(state.kind), state)
        if standing:
            rows.append((installation.id, state, standing, working_units(kinds.get(state.kind), state)))
    states = [state for _, state, _, _ in rows]
    codes = tuple(sorted({state.kind for state in states}))
    number = {code: index for index, code in enumerate(codes)}
    working = _ints([units for _, _, _, units in rows])
    points = [_point(state, venues) for state in states]
    return Things(
        ids=tuple(identity for identity, _, _, _ in rows),
        states=tuple(states),
        kinds=codes,
        kind=_ints([number[state.kind] for state in states]),
        zone=_ints([NO_ZONE if state.zone is None else ZONE_NUMBER[state.zone] for state in states]),
        venue=_ints([NO_VENUE if state.venue_id is None else state.venue_id for state in states]),
        area=_ints([state.area_id for state in states]),
        working=working,
        broken=_ints([standing for _, _, standing, _ in rows]) - working,
        at=located([lat for lat, _ in points], [lon for _, lon in points]),
    )


def _point(state: StateFact, venues: Mapping[int, tuple[float, float]]) -> tuple[float, float]:
    if state.lat is not None and state.lon is not None:
        return state.lat, state.lon
    if state.venue_id is not None:
        return venues.get(state.venue_id, (np.nan, np.nan))
    return np.nan, np.nan


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
