"""What is to be served: every answered gap that lacks something, at the points of its voters. Pure.

- What counts on the spot (no distance, or a ward's own): one want of one bundle.
- What counts from elsewhere (`within_m`, `by_reach`): the place's own point lacks the gap's units;
  where neighbourhoods of the place are on record, each is a want of its own with its own voters,
  and needs what is needed at the place less the working things that reach it already. The place's
  own point then keeps the voters that no neighbourhood accounts for, and weighs at least 1.

Weight = voters × priority factor, rounded half up, at least 1. Voters that nobody counted are the
median of the ward's places (else of all places, else 1), and the want is marked `guessed`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from statistics import median_low

import numpy as np

from inventory.facts import Facts, RequirementFact
from inventory.standards import counted_kinds
from inventory.vocabulary import Figure
from maps.coverage.gaps import Gap
from maps.coverage.things import Things, standing_things, venue_points
from maps.investment.pricing import half_up
from maps.plan.covering import at, reached_by_standing
from maps.plan.offers import Want
from maps.plan.terms import Names, World, reaches_out
from maps.planning.demand import DemandPoint


def missing_of(gap: Gap, figure: Figure) -> int:
    """Units that a gap lacks in a figure."""
    return gap.missing_reported if figure is Figure.REPORTED else gap.missing_verified


def open_gaps(gaps: Iterable[Gap], figure: Figure) -> list[Gap]:
    """The gaps that somebody looked at and that lack something, in the order of the run."""
    return [gap for gap in gaps if gap.answered and missing_of(gap, figure) > 0]


def wants(world: World, figure: Figure) -> list[Want]:
    """Every want, in the order of the run's gaps and, inside one, of the demand points."""
    names, voters = Names.of(world.facts), _Voters(world)
    found: list[Want] = []
    spread: list[Want] = []
    for gap in open_gaps(world.gaps, figure):
        requirement = names.requirements[gap.requirement_id]
        missing = missing_of(gap, figure)
        if not reaches_out(requirement):
            found.append(voters.want(gap, missing, 1))
            continue
        found.append(voters.want(gap, missing, missing, alone=False))
        spread += voters.around(gap, missing)
    return found + _still_lacking(world, figure, names, spread)


def _still_lacking(world: World, figure: Figure, names: Names, spread: list[Want]) -> list[Want]:
    """The neighbourhoods' wants without what working things bring them already."""
    if not spread:
        return []
    things = _working(world.facts, figure)
    lacking: list[Want] = []
    for number in sorted({want.requirement_id for want in spread}):
        requirement = names.requirements[number]
        mine = [want for want in spread if want.requirement_id == number]
        have = _standing_units(world, requirement, things, mine)
        for want, units in zip(mine, have, strict=True):
            if want.need > units:
                lacking.append(replace(want, need=want.need - units, missing=want.need - units))
    order = {want.key: at for at, want in enumerate(spread)}
    return sorted(lacking, key=lambda want: order[want.key])


def _working(facts: Facts, figure: Figure) -> Things:
    kinds = {kind.code: kind for kind in facts.kinds}
    installations = sorted(facts.installations, key=lambda one: one.id)
    return standing_things(installations, figure, kinds, venue_points(facts.places))


def _standing_units(
    world: World, requirement: RequirementFact, things: Things, mine: list[Want]
) -> list[int]:
    counted = counted_kinds(requirement, world.facts.kinds)
    those = np.flatnonzero(things.counted(counted) & (things.working > 0))
    point, thing = reached_by_standing(
        requirement,
        at([(want.lat, want.lon) for want in mine]),
        [want.area_id for want in mine],
        things.at.take(those),
        [things.states[t] for t in those.tolist()],
        world.reach,
    )
    units = np.bincount(point, weights=things.working[those][thing], minlength=len(mine))
    return [int(value) for value in units]


def people(world: World) -> dict[int, list[tuple[tuple[str, int], int]]]:
    """Whose voters a place has: (who, voters) of each of its points, by place id; `Want.who` names them."""
    voters = _Voters(world)
    found: dict[int, list[tuple[tuple[str, int], int]]] = defaultdict(list)
    for point in world.points:
        who = ("place", point.place_id)
        if point.neighbourhood_id is not None:
            who = ("neighbourhood", point.neighbourhood_id)
        found[point.place_id].append((who, voters.count(point, point.area_id)[0]))
    return found


class _Voters:
    """Who lives where, with the stated stand-in where nobody counted."""

    def __init__(self, world: World) -> None:
        self._points: dict[int, list[DemandPoint]] = defaultdict(list)
        for point in world.points:
            self._points[point.place_id].append(point)
        facts = world.facts
        self._places_of: dict[int, list[int]] = defaultdict(list)
        known: dict[int, list[int]] = defaultdict(list)
        for place in facts.places:
            self._places_of[place.area_id].append(place.id)
            if place.voters is not None:
                known[place.area_id].append(place.voters)
        every = [voters for ward in known.values() for voters in ward]
        self._usual = median_low(every) if every else 1
        self._median: Mapping[int, int] = {ward: median_low(counts) for ward, counts in known.items()}
        self._needed = {(gap.place_id, gap.requirement_id): gap.needed for gap in world.gaps}
        self._at = {place.id: (place.lat, place.lon) for place in facts.places}

    def want(self, gap: Gap, missing: int, need: int, alone: bool = True) -> Want:
        """The gap itself: all voters of the place or ward; with `alone` False those at its own point."""
        places = [gap.place_id] if gap.place_id is not None else self._places_of[gap.area_id]
        points = [point for place in places if place is not None for point in self._points[place]]
        if not alone:
            points = [point for point in points if point.neighbourhood_id is None]
        counted = [self.count(point, gap.area_id) for point in points]
        voters = sum(count for count, _ in counted)
        weight = sum(
            (count * _exact(point.weight) for (count, _), point in zip(counted, points, strict=True))
        )
        where = f"place:{gap.place_id}" if gap.place_id is not None else f"ward:{gap.area_id}"
        lat, lon = self._at.get(gap.place_id, (None, None)) if gap.place_id is not None else (None, None)
        return Want(
            key=f"{gap.requirement_id}@{where}",
            requirement_id=gap.requirement_id,
            area_id=gap.area_id,
            place_id=gap.place_id,
            neighbourhood_id=None,
            need=need,
            missing=missing,
            voters=voters,
            guessed=any(guess for _, guess in counted),
            weight=max(1, half_up(Fraction(weight))),
            mandatory=gap.mandatory,
            own=True,
            lat=lat if lon is not None else None,
            lon=lon if lat is not None else None,
        )

    def around(self, gap: Gap, missing: int) -> list[Want]:
        """The neighbourhoods of the gap's place, each needing all that the place needs."""
        assert gap.place_id is not None  # noqa: S101 -- only a place's requirement reaches out
        found = []
        for point in self._points[gap.place_id]:
            if point.neighbourhood_id is None:
                continue
            voters, guessed = self.count(point, gap.area_id)
            found.append(
                Want(
                    key=f"{gap.requirement_id}@neighbourhood:{point.neighbourhood_id}",
                    requirement_id=gap.requirement_id,
                    area_id=point.area_id,
                    place_id=gap.place_id,
                    neighbourhood_id=point.neighbourhood_id,
                    need=max(missing, self._needed[gap.place_id, gap.requirement_id]),
                    missing=missing,
                    voters=voters,
                    guessed=guessed,
                    weight=max(1, half_up(voters * _exact(point.weight))),
                    mandatory=gap.mandatory,
                    own=False,
                    lat=point.lat,
                    lon=point.lon,
                )
            )
        return found

    def count(self, point: DemandPoint, area_id: int) -> tuple[int, bool]:
        """The voters of a point, and whether they are a stand-in."""
        if point.voters is not None:
            return point.voters, False
        return self._median.get(area_id, self._usual), True


def _exact(factor: float) -> Fraction:
    """A factor exactly as it is written: 1.2 is six fifths."""
    return Fraction(str(factor))
