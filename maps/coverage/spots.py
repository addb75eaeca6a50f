"""What a standard is asked of: the places and wards of a campaign, with what each one needs.

Numbers: `s` counts spots, `r` requirements of the standard in force.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from inventory.facts import AreaFact, Facts, PlaceFact, RequirementFact
from inventory.standards import Need, applies_to_area, applies_to_place, counted_kinds, needed


@dataclass(frozen=True)
class Spot:
    """A place (hanging on its venue) or a ward (`place_id` None, hanging on its area).

    `needs` has what is needed for the requirement of each number that is asked here.
    """

    place_id: int | None
    area_id: int
    hangs_on: int
    lat: float | None
    lon: float | None
    voters: int | None
    needs: dict[int, Need]


@dataclass(frozen=True)
class Law:
    """The standard in force, ready for counting: requirements with the kinds each one counts."""

    requirements: tuple[RequirementFact, ...]
    counted: tuple[frozenset[str], ...]

    def taking_order(self, asked: Sequence[int]) -> list[int]:
        """Who takes first: kind before family, own zone before the neighbourhood, mandatory before
        recommended, then the order of the checklist."""

        def rank(r: int) -> tuple[bool, bool, bool, int]:
            requirement = self.requirements[r]
            return requirement.kind is None, limited(requirement), not requirement.mandatory, r

        return sorted(asked, key=rank)


def limited(requirement: RequirementFact) -> bool:
    """Whether things around the place count, up to a distance or as far as they reach."""
    return requirement.within_m is not None or requirement.by_reach


def law_of(facts: Facts) -> Law:
    """The standard of the facts, ready for counting."""
    requirements = facts.standard.requirements
    return Law(requirements, tuple(counted_kinds(one, facts.kinds) for one in requirements))


def known_position(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    """A position on the globe; None for what is missing, no number, or beyond a pole."""
    if lat is None or lon is None or not (math.isfinite(lat) and math.isfinite(lon)):
        return None
    return (lat, lon) if abs(lat) <= 90.0 and abs(lon) <= 180.0 else None


def spots_of(facts: Facts) -> list[Spot]:
    """Places and wards in the order of the result, with what is asked of each."""
    requirements = facts.standard.requirements
    areas = {area.id: area for area in facts.areas}
    of_area: dict[int, list[PlaceFact]] = defaultdict(list)
    for place in sorted(facts.places, key=lambda one: (one.number, one.id)):
        of_area[place.area_id].append(place)
    order = sorted(
        areas.keys() | of_area.keys(), key=lambda one: (areas[one].code if one in areas else "", one)
    )
    spots = []
    for area_id in order:
        area = areas.get(area_id)
        spots += [_place_spot(place, area, requirements) for place in of_area[area_id]]
        if area is not None:
            spots.append(_area_spot(area, of_area[area_id], requirements))
    return spots


def _place_spot(place: PlaceFact, area: AreaFact | None, requirements: Sequence[RequirementFact]) -> Spot:
    kind = area.kind if area is not None else None
    needs = {
        r: needed(requirement, place.voters)
        for r, requirement in enumerate(requirements)
        if applies_to_place(requirement, place.venue_kind, kind)
    }
    lat, lon = known_position(place.lat, place.lon) or (None, None)
    return Spot(place.id, place.area_id, place.venue_id, lat, lon, place.voters, needs)


def _area_spot(area: AreaFact, places: Sequence[PlaceFact], requirements: Sequence[RequirementFact]) -> Spot:
    """A ward; its voters are the sum of its places'. While one place's are unknown, the sum of the
    others is a lower bound: it is used, and what depends on it is flagged."""
    known = [place.voters for place in places if place.voters is not None]
    voters = sum(known) if known else None
    needs = {}
    for r, requirement in enumerate(requirements):
        if applies_to_area(requirement, area.kind):
            need = needed(requirement, voters)
            unsure = requirement.per_voters is not None and len(known) < len(places)
            needs[r] = Need(need.units, need.voters_unknown or unsure)
    return Spot(None, area.id, area.id, None, None, voters, needs)
