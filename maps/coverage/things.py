"""The things of one figure as columns, so that counting is arithmetic on arrays.

Rows are sorted by installation id: every later tie is broken by it, whatever the order of the facts.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventory.facts import InstallationFact, KindFact, PlaceFact, StateFact
from inventory.standards import standing_units, working_units
from inventory.vocabulary import Figure, Zone
from maps.coverage.grid import Floats, Ints, Located, located
from maps.coverage.spots import known_position

ZONE_NUMBER = {zone: number for number, zone in enumerate(Zone)}
NO_ZONE = len(ZONE_NUMBER)
NO_VENUE = -1

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Things:
    """Standing things: `working` and `broken` units of each; `kind` numbers `kinds`.

    `at` is the thing's own position or, where it has none (`placed` is false), its venue's point.
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
    placed: Flags

    def accuracy(self, unknown_m: float) -> Floats:
        """Metres by which each position may be wrong; `unknown_m` where no device said so."""
        said = [state.accuracy_m for state in self.states]
        metres = np.array([np.nan if one is None else one for one in said], dtype=np.float64)
        return np.where(np.isfinite(metres) & (metres > 0), metres, unknown_m)

    def take(self, index: Ints) -> "Things":
        """A selection of the rows."""
        chosen = index.tolist()
        return Things(
            tuple(self.ids[t] for t in chosen),
            tuple(self.states[t] for t in chosen),
            self.kinds,
            self.kind[index],
            self.zone[index],
            self.venue[index],
            self.area[index],
            self.working[index],
            self.broken[index],
            self.at.take(index),
            self.placed[index],
        )

    def counted(self, codes: frozenset[str]) -> Flags:
        """Which rows are of one of these kinds."""
        return np.array([code in codes for code in self.kinds], dtype=np.bool_)[self.kind]


def venue_points(places: Sequence[PlaceFact]) -> dict[int, tuple[float, float]]:
    """Points of the venues of a campaign; a place's point is its venue's."""
    known: dict[int, tuple[float, float]] = {}
    for place in sorted(places, key=lambda one: one.id):
        point = known_position(place.lat, place.lon)
        if point is not None:
            known[place.venue_id] = point
    return known


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
    at, placed = _positions(states, venues)
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
        at=at,
        placed=placed,
    )


def _positions(
    states: Sequence[StateFact], venues: Mapping[int, tuple[float, float]]
) -> tuple[Located, Flags]:
    """Own positions, or the venue's point where a thing has none; and which are their own."""
    own = [known_position(state.lat, state.lon) for state in states]
    unknown = (np.nan, np.nan)
    at = [
        point or (unknown if state.venue_id is None else venues.get(state.venue_id, unknown))
        for point, state in zip(own, states, strict=True)
    ]
    placed = np.array([point is not None for point in own], dtype=np.bool_)
    return located([lat for lat, _ in at], [lon for _, lon in at]), placed


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def replaced(things: Things, gone: Container[str], instead: Things) -> Things:
    """The things without those of some ids, and others in their stead, again sorted by id."""
    kept = things.take(np.flatnonzero([identity not in gone for identity in things.ids]))
    codes = tuple(sorted({*kept.kinds, *instead.kinds}))
    number = {code: index for index, code in enumerate(codes)}
    both = (kept, instead)
    ids, states = kept.ids + instead.ids, kept.states + instead.states
    kind = [_ints([number[code] for code in one.kinds])[one.kind] for one in both]
    order = _ints(sorted(range(len(ids)), key=ids.__getitem__))

    def joined(column: str) -> Ints:
        return np.concatenate([getattr(one, column) for one in both])

    return Things(
        ids=ids,
        states=states,
        kinds=codes,
        kind=np.concatenate(kind),
        zone=joined("zone"),
        venue=joined("venue"),
        area=joined("area"),
        working=joined("working"),
        broken=joined("broken"),
        at=Located(
            *(np.concatenate([getattr(one.at, axis) for one in both]) for axis in ("lat", "lon", "xyz"))
        ),
        placed=np.concatenate([one.placed for one in both]),
    ).take(order)
