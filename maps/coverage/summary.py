"""Sums of gaps: states of places, shares of wards and of the city (design §6, docs/figures.md).

Only answered requirements enter a sum; every sum says beside it how many places it speaks of.
Wards are sums of their gaps, the city is the sum of its wards, so parts always add up. A person
who sees some wards gets the same figures for them: give only their places, areas and gaps.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from inventory.facts import Facts, RequirementFact
from inventory.vocabulary import Family, Figure, PlaceState
from maps.coverage.gaps import Gap


@dataclass(frozen=True)
class SpotSummary:
    """A place, or (`place_id` None) a ward's own requirements. Counts are of mandatory requirements.

    `missing_*` are missing units of answered requirements, mandatory and recommended together.
    """

    place_id: int | None
    area_id: int
    state_reported: PlaceState
    state_verified: PlaceState
    mandatory: int
    answered: int
    met_reported: int
    met_verified: int
    missing_reported: int
    missing_verified: int
    voters: int | None

    def state(self, figure: Figure) -> PlaceState:
        """The state in one figure."""
        return self.state_reported if figure == Figure.REPORTED else self.state_verified


@dataclass(frozen=True)
class Missing:
    """Missing units of one kind (the one that gets priced), split by how much the standard insists."""

    family: Family
    kind: str
    mandatory: bool
    reported: int
    verified: int


@dataclass(frozen=True)
class Totals:
    """Sums over places and wards' own requirements; they add.

    `mandatory`, `answered` and `met_*` count mandatory (place or ward) × requirement.
    `states_*` count places by state, in the order of PlaceState, wards' own rows not included.
    """

    places: int = 0
    places_surveyed: int = 0
    mandatory: int = 0
    answered: int = 0
    met_reported: int = 0
    met_verified: int = 0
    states_reported: tuple[int, ...] = (0,) * len(PlaceState)
    states_verified: tuple[int, ...] = (0,) * len(PlaceState)
    missing: tuple[Missing, ...] = ()

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.places + other.places,
            self.places_surveyed + other.places_surveyed,
            self.mandatory + other.mandatory,
            self.answered + other.answered,
            self.met_reported + other.met_reported,
            self.met_verified + other.met_verified,
            _add(self.states_reported, other.states_reported),
            _add(self.states_verified, other.states_verified),
            _merge((*self.missing, *other.missing)),
        )

    def share(self, figure: Figure) -> float | None:
        """Met ÷ answered mandatory, 0 to 1; None while nothing is answered."""
        met = self.met_reported if figure == Figure.REPORTED else self.met_verified
        return met / self.answered if self.answered else None

    def places_in(self, state: PlaceState, figure: Figure) -> int:
        """How many places are in a state."""
        states = self.states_reported if figure == Figure.REPORTED else self.states_verified
        return states[list(PlaceState).index(state)]

    def missing_units(self, figure: Figure, mandatory: bool | None = None) -> int:
        """Missing units over all kinds; with `mandatory`, only of such requirements."""
        return sum(
            row.reported if figure == Figure.REPORTED else row.verified
            for row in self.missing
            if mandatory is None or row.mandatory == mandatory
        )


@dataclass(frozen=True)
class WardSummary:
    """A ward: its own requirements (None where the standard has none) and the sum with its places."""

    area_id: int
    own: SpotSummary | None
    totals: Totals


@dataclass(frozen=True)
class Summary:
    """Everything a page about coverage adds up. Wards in the order given, places ward by ward."""

    places: tuple[SpotSummary, ...]
    wards: tuple[WardSummary, ...]
    city: Totals


def summarise_facts(facts: Facts, gaps: Iterable[Gap]) -> Summary:
    """Summary of a run over the facts it was made from."""
    areas = sorted(facts.areas, key=lambda area: (area.code, area.id))
    places = sorted(facts.places, key=lambda place: (place.number, place.id))
    return summarise(
        gaps,
        facts.standard.requirements,
        [(place.id, place.area_id, place.voters) for place in places],
        [area.id for area in areas],
    )


def summarise(
    gaps: Iterable[Gap],
    requirements: Iterable[RequirementFact],
    places: Sequence[tuple[int, int, int | None]],
    areas: Sequence[int],
) -> Summary:
    """Summary of the gaps of some wards.

    `places` are (place id, area id, voters) of every place, surveyed or not; `areas` their wards.
    Gaps of places and areas that are not named are left out.
    """
    standard = {requirement.id: requirement for requirement in requirements}
    of_place: dict[int, list[Gap]] = defaultdict(list)
    of_ward: dict[int, list[Gap]] = defaultdict(list)
    for gap in gaps:
        if gap.place_id is None:
            of_ward[gap.area_id].append(gap)
        else:
            of_place[gap.place_id].append(gap)
    in_ward: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for place_id, area_id, voters in places:
        in_ward[area_id].append((place_id, voters))
    spots: list[SpotSummary] = []
    wards: list[WardSummary] = []
    for area_id in areas:
        rows = [_spot(place, area_id, voters, of_place[place]) for place, voters in in_ward[area_id]]
        every = [gap for place, _ in in_ward[area_id] for gap in of_place[place]] + of_ward[area_id]
        own = of_ward[area_id]
        summary = _spot(None, area_id, own[0].voters, own) if own else None
        spots += rows
        wards.append(WardSummary(area_id, summary, _totals(rows, every, standard)))
    city = reduce(Totals.__add__, (ward.totals for ward in wards), Totals())
    return Summary(tuple(spots), tuple(wards), city)


def state_of(mandatory: int, answered: int, met: int) -> PlaceState:
    """State of a place from its mandatory requirements: how many, answered, answered and met.

    Not surveyed while none is answered; complete only when all are answered and met; none when
    nothing that was looked for suffices; else partly. Nothing demanded is complete.
    """
    if met == mandatory:
        return PlaceState.COMPLETE
    if not answered:
        return PlaceState.NOT_SURVEYED
    return PlaceState.PARTLY if met else PlaceState.NONE


def _spot(place_id: int | None, area_id: int, voters: int | None, gaps: Sequence[Gap]) -> SpotSummary:
    mandatory = [gap for gap in gaps if gap.mandatory]
    answered = [gap for gap in mandatory if gap.answered]
    reported = sum(gap.missing_reported == 0 for gap in answered)
    verified = sum(gap.missing_verified == 0 for gap in answered)
    return SpotSummary(
        place_id,
        area_id,
        state_of(len(mandatory), len(answered), reported),
        state_of(len(mandatory), len(answered), verified),
        mandatory=len(mandatory),
        answered=len(answered),
        met_reported=reported,
        met_verified=verified,
        missing_reported=sum(gap.missing_reported for gap in gaps if gap.answered),
        missing_verified=sum(gap.missing_verified for gap in gaps if gap.answered),
        voters=voters,
    )


def _totals(
    places: Sequence[SpotSummary], gaps: Sequence[Gap], standard: Mapping[int, RequirementFact]
) -> Totals:
    """Sums of one ward: `gaps` are those of its places and its own."""
    answered = [gap for gap in gaps if gap.answered]
    mandatory = [gap for gap in answered if gap.mandatory]
    return Totals(
        places=len(places),
        places_surveyed=sum(place.state_reported != PlaceState.NOT_SURVEYED for place in places),
        mandatory=sum(gap.mandatory for gap in gaps),
        answered=len(mandatory),
        met_reported=sum(gap.missing_reported == 0 for gap in mandatory),
        met_verified=sum(gap.missing_verified == 0 for gap in mandatory),
        states_reported=_tally(place.state_reported for place in places),
        states_verified=_tally(place.state_verified for place in places),
        missing=_merge(_missing(gap, standard[gap.requirement_id]) for gap in answered),
    )


def _missing(gap: Gap, requirement: RequirementFact) -> Missing:
    return Missing(
        requirement.family,
        requirement.priced_kind,
        gap.mandatory,
        gap.missing_reported,
        gap.missing_verified,
    )


def _merge(rows: Iterable[Missing]) -> tuple[Missing, ...]:
    """One row a kind and degree, in a fixed order; rows of which nothing is missing fall away."""
    order = {family: number for number, family in enumerate(Family)}
    units: dict[tuple[Family, str, bool], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        pair = units[row.family, row.kind, row.mandatory]
        pair[0] += row.reported
        pair[1] += row.verified
    keys = sorted(units, key=lambda key: (order[key[0]], key[1], not key[2]))
    return tuple(Missing(*key, *units[key]) for key in keys if any(units[key]))


def _tally(states: Iterable[PlaceState]) -> tuple[int, ...]:
    found = list(states)
    return tuple(found.count(state) for state in PlaceState)


def _add(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(left, right, strict=True))
