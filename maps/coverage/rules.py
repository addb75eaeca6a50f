"""The gaps of a campaign from its facts: design §6 in code, docs/figures.md in words.

needed   = max(minimum, ⌈voters ÷ per_voters⌉)
counts   = without within_m: things hanging on this venue (or ward) in this zone;
           with it: things at most that far from the place's point, in any zone and ward
missing  = max(0, needed − working), in each figure
reason   = not surveyed, else nothing recorded, else broken, else waiting, else too far
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from inventory.facts import AnswerFact, AreaFact, Facts, PlaceFact, RequirementFact
from inventory.standards import (
    Need,
    applies_to_area,
    applies_to_place,
    counted_kinds,
    needed,
    stored_units,
)
from inventory.vocabulary import AREA_ZONES, Figure, GapReason
from maps.coverage.counting import Law, Spot, Tally, nearest_working, tally
from maps.coverage.gaps import Gap
from maps.coverage.things import Things, standing_things, venue_points

#: Units in store by (area id, kind code).
Stock = Mapping[tuple[int, str], int]


def gaps(facts: Facts) -> tuple[Gap, ...]:
    """Every place × requirement and ward × requirement that the standard in force asks for.

    Sorted by ward (code, id), inside a ward its places by (number, id) and then the ward itself,
    requirements as the standard has them. The order of the facts does not matter, except that of
    the standard's requirements.
    """
    kinds = {kind.code: kind for kind in facts.kinds}
    requirements = facts.standard.requirements
    law = Law(requirements, tuple(counted_kinds(one, facts.kinds) for one in requirements))
    venues = venue_points(facts.places)
    installations = sorted(facts.installations, key=attrgetter("id"))
    things = standing_things(installations, Figure.REPORTED, kinds, venues)
    checked = standing_things(installations, Figure.VERIFIED, kinds, venues)
    spots = _spots(facts)
    nearest, metres = nearest_working(law, spots, things)
    counted = _Counted(
        law,
        things,
        reported=tally(law, spots, things),
        verified=tally(law, spots, checked),
        nearest=(nearest.tolist(), metres.tolist()),
        at_large=_at_large(law, things),
        surveyed=_surveyed(law, facts.answers),
        stored=_stored(law, stock(facts)),
    )
    return tuple(
        counted.gap(s, spot, r, need) for s, spot in enumerate(spots) for r, need in spot.needs.items()
    )


def stock(facts: Facts) -> dict[tuple[int, str], int]:
    """Usable units in store by (area id, kind), reported figure. Gaps of a ward share them."""
    kinds = {kind.code: kind for kind in facts.kinds}
    units: dict[tuple[int, str], int] = defaultdict(int)
    for installation in facts.installations:
        state = installation.reported
        if state is not None and (usable := stored_units(kinds.get(state.kind), state)):
            units[state.area_id, state.kind] += usable
    return dict(units)


def reasons(
    answered: bool, missing: tuple[int, int], broken: int, beyond: bool
) -> tuple[GapReason | None, GapReason | None]:
    """Why the requirement is not met in the reported and in the verified figure; None where it is.

    `missing` is (reported, verified); `broken` units stand here and do not work; `beyond` says
    that a working one stands outside the distance limit. Both figures are explained by what was
    reported; where that suffices, only the verification is lacking. When things stand and work
    but are too few, and none of the other reasons holds, nothing is recorded for what is missing.
    """
    if not answered:
        return GapReason.NOT_SURVEYED, GapReason.NOT_SURVEYED
    if missing[0] == 0:
        return None, GapReason.WAITING if missing[1] else None
    why = GapReason.BROKEN if broken else GapReason.TOO_FAR if beyond else GapReason.NOTHING_RECORDED
    return why, why if missing[1] else None


@dataclass(frozen=True)
class _Counted:
    """All that one run counted; [s][r] are the numbers of spot and requirement."""

    law: Law
    things: Things
    reported: Tally
    verified: Tally
    nearest: tuple[list[list[int]], list[list[float]]]
    at_large: list[int]
    surveyed: list[tuple[frozenset[int], frozenset[int]]]
    stored: list[dict[int, int]]

    def gap(self, s: int, spot: Spot, r: int, need: Need) -> Gap:
        requirement = self.law.requirements[r]
        working, verified = self.reported.working[s][r], self.verified.working[s][r]
        broken = self.reported.broken[s][r]
        missing = max(0, need.units - working), max(0, need.units - verified)
        limited = requirement.within_m is not None and spot.lat is not None
        beyond = limited and self.at_large[r] > self.reported.reached[s][r]
        answered = _answered(spot, requirement, self.surveyed[r])
        why, why_verified = reasons(answered, missing, broken, beyond)
        nearest = self.nearest[0][s][r]
        return Gap(
            place_id=spot.place_id,
            area_id=spot.area_id,
            requirement_id=requirement.id,
            mandatory=requirement.mandatory,
            answered=answered,
            needed=need.units,
            voters_unknown=need.voters_unknown,
            standing=working + broken,
            working=working,
            verified=verified,
            missing_reported=missing[0],
            missing_verified=missing[1],
            reason_reported=why,
            reason_verified=why_verified,
            nearest_installation_id=self.things.ids[nearest] if nearest >= 0 else None,
            nearest_m=self.nearest[1][s][r] if nearest >= 0 else None,
            stored=self.stored[r].get(spot.area_id, 0),
            repairable=broken,
            broken=tuple(sorted(self.reported.broken_rows.get((s, r), ()))),
            voters=spot.voters,
        )


def _at_large(law: Law, things: Things) -> list[int]:
    """For each requirement, how many records with a position work, anywhere in the campaign."""
    positioned = (things.working > 0) & np.isfinite(things.at.lat)
    return [int((things.counted(codes) & positioned).sum()) for codes in law.counted]


def _stored(law: Law, units: Stock) -> list[dict[int, int]]:
    """For each requirement, the usable units of its counted kinds in store by area id."""
    stored: list[dict[int, int]] = [defaultdict(int) for _ in law.requirements]
    for (area_id, kind), count in units.items():
        for r, codes in enumerate(law.counted):
            if kind in codes:
                stored[r][area_id] += count
    return stored


def _answered(
    spot: Spot, requirement: RequirementFact, surveyed: tuple[frozenset[int], frozenset[int]]
) -> bool:
    """Did a finished visit look for it? In zones of the ward, the ward's own visit answers for its places."""
    places, areas = surveyed
    if spot.place_id is None:
        return spot.area_id in areas
    return spot.place_id in places or (requirement.zone in AREA_ZONES and spot.area_id in areas)


def _surveyed(law: Law, answers: Sequence[AnswerFact]) -> list[tuple[frozenset[int], frozenset[int]]]:
    """For each requirement, the places and the wards where a counted kind was looked for in its zone."""
    wanted = defaultdict(list)
    for r, (requirement, codes) in enumerate(zip(law.requirements, law.counted, strict=True)):
        for code in codes:
            wanted[requirement.zone, code].append(r)
    places: list[set[int]] = [set() for _ in law.requirements]
    areas: list[set[int]] = [set() for _ in law.requirements]
    for answer in answers:
        for r in wanted.get((answer.zone, answer.kind), ()):
            if answer.place_id is not None:
                places[r].add(answer.place_id)
            elif answer.area_id is not None:
                areas[r].add(answer.area_id)
    return [(frozenset(a), frozenset(b)) for a, b in zip(places, areas, strict=True)]


def _spots(facts: Facts) -> list[Spot]:
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
    known = place.lat is not None and place.lon is not None
    lat, lon = (place.lat, place.lon) if known else (None, None)
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
