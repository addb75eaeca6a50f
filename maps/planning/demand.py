"""Demand: the points at which the voters of a campaign are to be reached, and by which method. Pure.

By default all voters of a polling place stand at its point (its venue's). Where neighbourhoods
that vote there are on record with a position and a number of voters, they are better: each is a
point of its own, in its own ward. Voters of the place that no such neighbourhood accounts for stay
at the place, so that nobody is lost to a half-filled list; a number that is unknown stays unknown.
Where the neighbourhoods count more voters than the place does, their own numbers stand.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from inventory.facts import Facts, NeighbourhoodFact, PlaceFact
from maps.planning.weights import Weights


class DemandMethod(StrEnum):
    """Where the voters of a point are taken to be."""

    AT_PLACE = "at_place"
    NEIGHBOURHOODS = "neighbourhoods"


@dataclass(frozen=True)
class DemandPoint:
    """Some voters at one point: WGS84 degrees or None, `weight` the priority factor (1 usual).

    `neighbourhood_id` is None for what stands at the place; `area_id` is the ward the point lies in.
    """

    place_id: int
    neighbourhood_id: int | None
    area_id: int
    lat: float | None
    lon: float | None
    voters: int | None
    weight: float
    method: DemandMethod


def points(facts: Facts, weights: Weights) -> tuple[DemandPoint, ...]:
    """The demand points, in the order of the places and, within one, of the neighbourhoods."""
    kinds = {area.id: area.kind for area in facts.areas}
    living: dict[int, list[NeighbourhoodFact]] = defaultdict(list)
    for neighbourhood in facts.neighbourhoods:
        if neighbourhood.place_id is not None:
            living[neighbourhood.place_id].append(neighbourhood)
    found: list[DemandPoint] = []
    for place in facts.places:
        factor = weights.factor(place, kinds.get(place.area_id))
        if place.id in living:
            found.extend(_spread(place, living[place.id], factor))
        else:
            found.append(_at_place(place, place.voters, factor))
    return tuple(found)


def _at_place(place: PlaceFact, voters: int | None, factor: float) -> DemandPoint:
    at = (place.lat, place.lon)
    return DemandPoint(place.id, None, place.area_id, *at, voters, factor, DemandMethod.AT_PLACE)


def _spread(place: PlaceFact, living: Sequence[NeighbourhoodFact], factor: float) -> list[DemandPoint]:
    """The known neighbourhoods of a place, then what of its voters they do not account for."""
    by = DemandMethod.NEIGHBOURHOODS
    spread = [
        DemandPoint(place.id, one.id, one.area_id, one.lat, one.lon, one.voters, factor, by)
        for one in living
        if one.lat is not None and one.lon is not None and one.voters is not None
    ]
    if not spread:
        return [_at_place(place, place.voters, factor)]
    if place.voters is None:
        rest = None if len(spread) < len(living) else 0
    else:
        rest = max(0, place.voters - sum(point.voters or 0 for point in spread))
    return spread if rest == 0 else [*spread, _at_place(place, rest, factor)]
