"""An independent recount of a sample of a run, in plain loops: geopy's geodesics, units one by one.

It shares no code with the engine (grid.py, cells.py, links.py, counting.py, sharing.py): only the
facts, the law of what works and what is needed (inventory/standards.py) and, for what is asked by
reach, the model's own answer. Units are handed to requirements by augmenting paths over single units.
A run whose sample differs is not stored.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geographiclib.geodesic import Geodesic
from geopy.distance import geodesic

from inventory.facts import Facts, PlaceFact, RequirementFact, StateFact
from inventory.standards import applies_to_area, applies_to_place, counted_kinds, needed, working_units
from inventory.vocabulary import AREA_ZONES, Figure
from maps.coverage.gaps import Gap
from maps.reach.reaching import Reach

#: So many cells (place or ward × requirement), or this share of all if that is more, are counted again;
#: a plain loop has its price, so never more than MOST and the rest of their last place.
FEWEST, SHARE, MOST = 25, 0.01, 250
#: A thing exactly at the limit counts; a micrometre is a thousand times the arithmetic's noise.
TOLERANCE_M = 1e-6
#: So near to the edge of a reach (metres, degrees) two ways of measuring may rightly disagree.
_EDGE_M, _EDGE_DEG = 0.01, 1e-3
#: A degree of latitude is nowhere shorter, in metres.
_LEAST_DEGREE_M = 110_500.0
#: No model of reach is asked about receivers further away.
_HORIZON_M = 30_000.0


@dataclass(frozen=True)
class Difference:
    """A cell on which the run and the recount do not agree: what was stored and what is right."""

    place_id: int | None
    area_id: int
    requirement: str
    figure: str
    stored: float
    recounted: float


@dataclass(frozen=True)
class Sample:
    """How many cells were counted again, and the first one that differs."""

    cells: int
    difference: Difference | None = None


def sample(facts: Facts, gaps: Sequence[Gap], reach: Reach, seed: str) -> Sample:
    """Count whole places and wards again, drawn by the seed, until enough cells were looked at."""
    spots: dict[tuple[int | None, int], list[Gap]] = {}
    for gap in gaps:
        spots.setdefault((gap.place_id, gap.area_id), []).append(gap)
    wanted = min(MOST, max(FEWEST, math.ceil(SHARE * len(gaps))))
    order = list(spots)
    random.Random(seed).shuffle(order)  # noqa: S311 -- a sample that anybody can draw again
    plain = _Plain(facts, reach)
    cells = 0
    for spot in order:
        if cells >= wanted:
            break
        if not plain.decidable(*spot):
            continue
        cells += len(spots[spot])
        for difference in plain.differences(*spot, spots[spot]):
            return Sample(cells, difference)
    return Sample(cells)


class _Plain:
    """The facts, asked spot by spot."""

    def __init__(self, facts: Facts, reach: Reach) -> None:
        self.facts, self.reach = facts, reach
        self.kinds = {kind.code: kind for kind in facts.kinds}
        self.places = {place.id: place for place in facts.places}
        self.areas = {area.id: area for area in facts.areas}
        self.points = {
            place.venue_id: (place.lat, place.lon)
            for place in sorted(facts.places, key=lambda one: one.id)
            if _on_the_globe(place.lat, place.lon)
        }
        self.codes = {one.id: counted_kinds(one, facts.kinds) for one in facts.standard.requirements}

    def asked(self, place_id: int | None, area_id: int) -> list[RequirementFact]:
        """The requirements of a spot."""
        area = self.areas.get(area_id)
        rows = self.facts.standard.requirements
        if place_id is None:
            return [one for one in rows if area is not None and applies_to_area(one, area.kind)]
        venue = self.places[place_id].venue_kind
        return [one for one in rows if applies_to_place(one, venue, area.kind if area else None)]

    def differences(self, place_id: int | None, area_id: int, gaps: Sequence[Gap]) -> Iterator[Difference]:
        """Every figure of the spot that is not what a plain count finds."""
        rows = self.asked(place_id, area_id)
        needs = {one.id: self._needed(one, place_id, area_id) for one in rows}
        counts = {figure: self._count(place_id, area_id, rows, needs, figure) for figure in Figure}
        named = {one.id: one for one in rows}
        if sorted(named) != sorted(gap.requirement_id for gap in gaps):
            yield Difference(place_id, area_id, "", "requirements", len(gaps), len(rows))
            return
        for gap in gaps:
            row = named[gap.requirement_id]
            reported, verified = (counts[figure][row.id] for figure in (Figure.REPORTED, Figure.VERIFIED))
            checked = {
                "needed": (gap.needed, needs[row.id]),
                "working": (gap.working, reported),
                "verified": (gap.verified, verified),
                "missing_reported": (gap.missing_reported, max(0, needs[row.id] - reported)),
                "missing_verified": (gap.missing_verified, max(0, needs[row.id] - verified)),
                "answered": (gap.answered, self._answered(row, place_id, area_id)),
            }
            for figure_name, (stored, right) in checked.items():
                if stored != right:
                    yield Difference(place_id, area_id, row.code, figure_name, stored, right)

    def decidable(self, place_id: int | None, area_id: int) -> bool:
        """Whether no thing lies on the very edge of its reach, where both answers would be right."""
        if place_id is None:
            return True
        here = self.places[place_id]
        for row in self.asked(place_id, area_id):
            for state in self._states(row, Figure.REPORTED) if row.by_reach else ():
                if len(set(self._served(here, state, (-_EDGE_M, 0.0, _EDGE_M)))) > 1:
                    return False
        return True

    def _needed(self, row: RequirementFact, place_id: int | None, area_id: int) -> int:
        if place_id is not None:
            return needed(row, self.places[place_id].voters).units
        known = [one.voters for one in self.facts.places if one.area_id == area_id and one.voters is not None]
        return needed(row, sum(known) if known else None).units

    def _answered(self, row: RequirementFact, place_id: int | None, area_id: int) -> bool:
        for answer in self.facts.answers:
            if answer.zone == row.zone and answer.kind in self.codes[row.id]:
                if place_id is not None and answer.place_id == place_id:
                    return True
                if answer.area_id == area_id and (place_id is None or row.zone in AREA_ZONES):
                    return True
        return False

    def _states(self, row: RequirementFact, figure: Figure) -> Iterator[StateFact]:
        for thing in self.facts.installations:
            state = thing.reported if figure == Figure.REPORTED else thing.verified
            if state is not None and state.kind in self.codes[row.id]:
                yield state

    def _count(
        self,
        place_id: int | None,
        area_id: int,
        rows: Sequence[RequirementFact],
        needs: dict[int, int],
        figure: Figure,
    ) -> dict[int, int]:
        """Working units of each requirement, each unit for one of them (docs/figures.md)."""
        of_kind: dict[str, list[RequirementFact]] = {}
        for row in rows:
            for code in self.codes[row.id]:
                of_kind.setdefault(code, []).append(row)
        contested: list[list[int]] = []
        got = dict.fromkeys((row.id for row in rows), 0)
        for thing in self.facts.installations:
            state = thing.reported if figure == Figure.REPORTED else thing.verified
            if state is None or state.kind not in of_kind:
                continue
            theirs = [row.id for row in of_kind[state.kind] if self._is_here(row, place_id, area_id, state)]
            units = working_units(self.kinds.get(state.kind), state) if theirs else 0
            if len(theirs) == 1:
                got[theirs[0]] += units
            else:
                contested += [theirs] * units
        _hand_out([row.id for row in sorted(rows, key=_taking)], needs, contested, got)
        return got

    def _is_here(self, row: RequirementFact, place_id: int | None, area_id: int, state: StateFact) -> bool:
        if state.kind not in self.codes[row.id]:
            return False
        if place_id is None:
            return state.area_id == area_id and state.zone == row.zone
        place = self.places[place_id]
        if row.within_m is None and not row.by_reach:
            return state.venue_id == place.venue_id and state.zone == row.zone
        if not _on_the_globe(place.lat, place.lon):
            return state.venue_id == place.venue_id
        if row.within_m is None:
            return self._served(place, state, (0.0,))[0]
        metres = self._metres(place, state, row.within_m)
        return metres is not None and metres <= row.within_m + TOLERANCE_M

    def _point(self, state: StateFact) -> tuple[float, float] | None:
        if _on_the_globe(state.lat, state.lon):
            return state.lat or 0.0, state.lon or 0.0
        lat, lon = self.points.get(state.venue_id or -1, (None, None))
        return (lat, lon) if lat is not None and lon is not None else None

    def _metres(self, place: PlaceFact, state: StateFact, horizon: float) -> float | None:
        """The geodesic; None where a point is unknown or surely further than the horizon."""
        point = self._point(state)
        if point is None or place.lat is None or place.lon is None:
            return None
        if abs(point[0] - place.lat) * _LEAST_DEGREE_M > horizon + 1.0:
            return None
        return float(geodesic((place.lat, place.lon), point).meters)

    def _served(self, place: PlaceFact, state: StateFact, offsets: Sequence[float]) -> list[bool]:
        """Whether the thing reaches the place, also if it were a little nearer, further and aside."""
        metres = self._metres(place, state, _HORIZON_M)
        point = self._point(state)
        if metres is None or point is None:
            return [False] * len(offsets)
        towards = Geodesic.WGS84.Inverse(*point, place.lat, place.lon)["azi1"] % 360.0
        return [
            bool(
                self.reach.served(
                    [state],
                    [max(0.0, metres + by)],
                    [(towards + math.copysign(_EDGE_DEG, by) * (by != 0)) % 360.0],
                    [place.area_id],
                )[0]
            )
            for by in offsets
        ]


def _on_the_globe(lat: float | None, lon: float | None) -> bool:
    return lat is not None and lon is not None and abs(lat) <= 90.0 and abs(lon) <= 180.0


def _taking(row: RequirementFact) -> tuple[bool, bool, bool]:
    return row.kind is None, row.within_m is not None or row.by_reach, not row.mandatory


def _hand_out(
    order: Sequence[int], needs: dict[int, int], may: Sequence[Sequence[int]], got: dict[int, int]
) -> None:
    """First what each still needs, in the taking order; then what is left over is counted somewhere."""
    owner: dict[int, int] = {}
    for row in order:
        while got[row] < needs[row] and _one_more(row, may, owner):
            got[row] += 1
    for row in order:
        while _one_more(row, may, owner):
            got[row] += 1


def _one_more(row: int, may: Sequence[Sequence[int]], owner: dict[int, int]) -> bool:
    """Give the row a unit, if others can be content with other units (a path found breadth first)."""
    came: dict[int, tuple[int, int] | None] = {row: None}
    queue = [row]
    for asking in queue:
        for unit, rows in enumerate(may):
            if asking not in rows:
                continue
            holder = owner.get(unit)
            if holder is None:
                _pass_on(unit, asking, came, owner)
                return True
            if holder not in came:
                came[holder] = (asking, unit)
                queue.append(holder)
    return False


def _pass_on(unit: int, taker: int, came: dict[int, tuple[int, int] | None], owner: dict[int, int]) -> None:
    """Along the path each row takes a unit and leaves another to the row that asked it."""
    owner[unit] = taker
    while (step := came[taker]) is not None:
        taker, left = step
        owner[left] = taker
