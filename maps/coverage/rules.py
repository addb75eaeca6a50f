"""The gaps of a campaign from its facts: design §6 in code, docs/figures.md in words.

needed   = max(minimum, ⌈voters ÷ per_voters⌉)
counts   = without a distance: things hanging on this venue (or ward) in this zone;
           within_m: things at most that far from the place's point, in any zone and ward;
           by_reach: things within whose reach the place's point is, by the model in force
missing  = max(0, needed − working), in each figure
reason   = not surveyed, else nothing recorded, else broken, else waiting, else too far
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from inventory.facts import AnswerFact, Facts, InstallationFact, RequirementFact
from inventory.standards import stored_units
from inventory.vocabulary import AREA_ZONES, AppliesTo, Figure, GapReason
from maps.coverage.counting import Tally, doubtful, nearest_working, tally
from maps.coverage.gaps import Gap
from maps.coverage.links import NO_REACH, links
from maps.coverage.spots import Law, Spot, law_of, limited, spots_of
from maps.coverage.things import Things, standing_things, venue_points
from maps.reach.reaching import Reach

#: Units in store by (area id, kind code).
Stock = Mapping[tuple[int, str], int]


def gaps(facts: Facts, reach: Reach = NO_REACH) -> tuple[Gap, ...]:
    """Every place × requirement and ward × requirement that the standard in force asks for.

    Sorted by ward (code, id), inside a ward its places by (number, id) and then the ward itself,
    requirements as the standard has them. The order of the facts does not matter, except that of
    the standard's requirements. `reach` is the model in force; without one nothing reaches.
    """
    return gaps_of(counted(facts, reach))


def gaps_of(run: "Counted") -> tuple[Gap, ...]:
    """The gaps of what one run counted."""
    return tuple(run.gap(s, r) for s, spot in enumerate(run.spots) for r in spot.needs)


def counted(facts: Facts, reach: Reach) -> "Counted":
    """Count everything that a run needs."""
    law, spots = law_of(facts), spots_of(facts)
    things, checked = both_figures(facts, sorted(facts.installations, key=attrgetter("id")))
    return Counted(
        law=law,
        spots=spots,
        things=things,
        checked=checked,
        parts=count(law, spots, things, checked, reach),
        frame=framed(facts, law, spots, things),
    )


def both_figures(facts: Facts, installations: Sequence[InstallationFact]) -> tuple[Things, Things]:
    """What stands in the reported and in the verified figure; the installations are sorted by id."""
    kinds = {kind.code: kind for kind in facts.kinds}
    venues = venue_points(facts.places)
    return (
        standing_things(installations, Figure.REPORTED, kinds, venues),
        standing_things(installations, Figure.VERIFIED, kinds, venues),
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
class Parts:
    """What is counted at each spot, from what is linked to it; [s][r]. `sure`, `possible`: reported."""

    reported: Tally
    verified: Tally
    sure: list[list[int]]
    possible: list[list[int]]


def count(law: Law, spots: Sequence[Spot], things: Things, checked: Things, reach: Reach) -> Parts:
    """Count at these spots what stands in both figures."""
    found = links(law, spots, things, reach)
    reported = tally(law, spots, things, found.kept(found.counts))
    verified = tally(law, spots, checked, links(law, spots, checked, reach, doubt=False))
    return Parts(reported, verified, *doubtful(law, spots, things, found, reported))


@dataclass(frozen=True)
class Frame:
    """What surrounds the counts: the nearest thing and its metres [s][r], `at_large`, `surveyed` and
    `stored` of each requirement."""

    nearest: list[list[int]]
    metres: list[list[float]]
    at_large: list[int]
    surveyed: list[tuple[frozenset[int], frozenset[int]]]
    stored: list[dict[int, int]]


def framed(facts: Facts, law: Law, spots: Sequence[Spot], things: Things) -> Frame:
    """All of it, for every spot."""
    nearest, metres = nearest_working(law, spots, things)
    return Frame(nearest.tolist(), metres.tolist(), *surroundings_of(facts, law, things))


def surroundings_of(
    facts: Facts, law: Law, things: Things
) -> tuple[list[int], list[tuple[frozenset[int], frozenset[int]]], list[dict[int, int]]]:
    """`at_large`, `surveyed` and `stored` of a Frame."""
    return _at_large(law, things), _surveyed(law, facts.answers), _stored(law, stock(facts))


@dataclass(frozen=True)
class Counted:
    """All that one run counted; [s][r] are the numbers of spot and requirement."""

    law: Law
    spots: Sequence[Spot]
    things: Things
    checked: Things
    parts: Parts
    frame: Frame

    def gap(self, s: int, r: int) -> Gap:
        """The gap of a spot and a requirement that is asked there."""
        spot, requirement = self.spots[s], self.law.requirements[r]
        need = spot.needs[r]
        working, verified = self.parts.reported.working[s][r], self.parts.verified.working[s][r]
        broken = self.parts.reported.broken[s][r]
        missing = max(0, need.units - working), max(0, need.units - verified)
        answered = self.answered(s, r)
        why, why_verified = reasons(answered, missing, broken, self.beyond(s, r))
        nearest = self.frame.nearest[s][r]
        around = limited(requirement) and requirement.applies_to == AppliesTo.PLACE
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
            nearest_m=self.frame.metres[s][r] if nearest >= 0 else None,
            stored=self.frame.stored[r].get(spot.area_id, 0),
            repairable=broken,
            broken=tuple(sorted(self.parts.reported.broken_rows.get((s, r), ()))),
            voters=spot.voters,
            sure=self.parts.sure[s][r] if around else None,
            possible=self.parts.possible[s][r] if around else None,
        )

    def beyond(self, s: int, r: int) -> bool:
        """Whether a working thing stands outside what counts around the place."""
        around = limited(self.law.requirements[r]) and self.spots[s].lat is not None
        return around and self.frame.at_large[r] > self.parts.reported.reached[s][r]

    def answered(self, s: int, r: int) -> bool:
        """Whether somebody looked for it there."""
        return _answered(self.spots[s], self.law.requirements[r], self.frame.surveyed[r])


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
