"""The law of a requirement: how many are needed, where it applies, what counts and what works.

Pure; design §6 in code. `docs/figures.md` says the same in words.
"""

from collections.abc import Iterable
from typing import NamedTuple

from inventory.facts import KindFact, RequirementFact, StateFact
from inventory.vocabulary import STANDING, AppliesTo, AreaKind, Condition, Family, Lifecycle, VenueKind, Zone

#: Families whose kinds are heard or read from afar. Flags, notice boards, what stands in the room and
#: lights serve by being there, at the place's zone (domain §2.6: the channels are never mixed).
REACHING = frozenset({Family.AUDIO, Family.BANNER, Family.BILLBOARD, Family.DISPLAY})

_ZONE_ORDER = {zone: order for order, zone in enumerate(Zone)}


class Need(NamedTuple):
    """How many units are needed; `voters_unknown` says that more may be, once voters are known."""

    units: int
    voters_unknown: bool


def needed(requirement: RequirementFact, voters: int | None) -> Need:
    """max(minimum, ⌈voters ÷ per_voters⌉); the minimum, flagged, while voters are unknown."""
    if requirement.per_voters is None:
        return Need(requirement.minimum, voters_unknown=False)
    if voters is None:
        return Need(requirement.minimum, voters_unknown=True)
    return Need(max(requirement.minimum, -(-voters // requirement.per_voters)), voters_unknown=False)


def applies_to_place(requirement: RequirementFact, venue_kind: VenueKind, area_kind: AreaKind | None) -> bool:
    """Is this requirement asked of a place at such a venue in such a ward?"""
    return (
        requirement.applies_to == AppliesTo.PLACE
        and (not requirement.area_kinds or area_kind in requirement.area_kinds)
        and (not requirement.venue_kinds or venue_kind in requirement.venue_kinds)
    )


def applies_to_area(requirement: RequirementFact, area_kind: AreaKind) -> bool:
    """Is this requirement asked of such a ward as a whole? Venue kinds mean nothing there."""
    return requirement.applies_to == AppliesTo.AREA and (
        not requirement.area_kinds or area_kind in requirement.area_kinds
    )


def checklist(requirements: Iterable[RequirementFact]) -> tuple[RequirementFact, ...]:
    """Requirements in the order a person walks: by zone, inside a zone as the standard has them."""
    return tuple(sorted(requirements, key=lambda requirement: _ZONE_ORDER[requirement.zone]))


def place_checklist(
    requirements: Iterable[RequirementFact], venue_kind: VenueKind, area_kind: AreaKind | None
) -> tuple[RequirementFact, ...]:
    """What a visit to such a place has to answer, in walking order."""
    return checklist(item for item in requirements if applies_to_place(item, venue_kind, area_kind))


def area_checklist(
    requirements: Iterable[RequirementFact], area_kind: AreaKind
) -> tuple[RequirementFact, ...]:
    """What a visit to the whole ward has to answer, in walking order."""
    return checklist(item for item in requirements if applies_to_area(item, area_kind))


def counted_kinds(requirement: RequirementFact, kinds: Iterable[KindFact]) -> frozenset[str]:
    """Codes of the kinds that count: the named kind, or every kind of the family."""
    if requirement.kind is not None:
        return frozenset({requirement.kind})
    return frozenset(kind.code for kind in kinds if kind.family == requirement.family)


def units(kind: KindFact | None, state: StateFact) -> int:
    """How many things one record is: `quantity` for bulk kinds, one for all others.

    A kind that is not in the taxonomy (None) is one thing.
    """
    return max(0, state.quantity if kind is not None and kind.bulk else min(state.quantity, 1))


def sound_units(kind: KindFact | None, state: StateFact) -> int:
    """How many of them are in order, wherever they are.

    Of a bulk record `working` are (its condition describes the others); a single thing is when
    its condition is one in which the kind works. A kind that is not in the taxonomy never is.
    """
    if kind is None:
        return 0
    if kind.bulk:
        return max(0, min(state.working, state.quantity))
    return units(kind, state) if state.condition in kind.works_when else 0


def standing_units(kind: KindFact | None, state: StateFact) -> int:
    """How many stand: all of a record that is installed, accepted or in use, else none.

    What is missing stands no more: of a record in that condition only what works is there.
    """
    if state.lifecycle not in STANDING:
        return 0
    return sound_units(kind, state) if state.condition is Condition.MISSING else units(kind, state)


def working_units(kind: KindFact | None, state: StateFact) -> int:
    """How many work: they stand and are in order."""
    return sound_units(kind, state) if state.lifecycle in STANDING else 0


def stored_units(kind: KindFact | None, state: StateFact) -> int:
    """How many could be put up from the store: lifecycle stored, and in order."""
    return sound_units(kind, state) if state.lifecycle == Lifecycle.STORED else 0
