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
    """What stands in this figure; the installations are sorted by id."""
    states: list[StateFact] = []
    ids: list[str] = []
    standing: list[int] = []
    working: list[int] = []
    for installation in installations:
        state = installation.reported if figure == Figure.REPORTED else installation.verified
        if state is None:
            continue
        kind = kinds.get(state.kind)
        if units := standing_units(kind, state):
            ids.append(installation.id)
            states.append(state)
            standing.append(units)
            working.append(working_units(kind, state))
    codes = tuple(sorted({state.kind for state in states}))
    number = {code: index for index, code in enumerate(codes)}
    return Things(
        ids=tuple(ids),
        states=tuple(states),
        kinds=codes,
        kind=_ints([number[state.kind] for state in states]),
        zone=_ints([NO_ZONE if state.zone is None else ZONE_NUMBER[state.zone] for state in states]),
        venue=_ints([NO_VENUE if state.venue_id is None else state.venue_id for state in states]),
        area=_ints([state.area_id for state in states]),
        working=_ints(working),
        broken=_ints(standing) - _ints(working),
        at=_positions(states, venues),
    )


def _positions(states: Sequence[StateFact], venues: Mapping[int, tuple[float, float]]) -> Located:
    """Own positions, or the venue's point where a thing has none."""
    lat = [np.nan if state.lat is None or state.lon is None else state.lat for state in states]
    lon = [np.nan if state.lat is None or state.lon is None else state.lon for state in states]
    for t in np.flatnonzero(np.isnan(lat)).tolist():
        venue = states[t].venue_id
        if venue is not None and venue in venues:
            lat[t], lon[t] = venues[venue]
    return located(lat, lon)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
