"""The engine against a plain recount, and laws that must hold in every world.

The recount below shares no code with the engine: geopy geodesics in loops, units one by one, and a
bipartite matching of single units written from the sentences of docs/figures.md.
"""

import math
import random
from dataclasses import replace
from typing import Any

import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.facts import AnswerFact, Facts, InstallationFact, PlaceFact, RequirementFact, StateFact
from inventory.vocabulary import (
    AppliesTo,
    AreaKind,
    Condition,
    Family,
    Figure,
    GapReason,
    Lifecycle,
    PlaceState,
    VenueKind,
    Zone,
)
from maps.coverage.gaps import Gap
from maps.coverage.rules import gaps
from maps.coverage.summary import Summary, summarise_facts
from tests.worlds import KINDS, LAT, LON, area, city, facts, place, requirement, state

FAMILIES = {kind.code: kind.family for kind in KINDS}
CODES = sorted(FAMILIES)
STEP_M = 25.0


# Random small worlds


def _somewhere() -> st.SearchStrategy[tuple[float, float] | tuple[None, None]]:
    """A knot of a 25 m lattice of 16 × 16, so that things meet and share spots; or unknown."""
    steps = st.integers(0, 15)
    known = st.tuples(steps, steps).map(
        lambda knot: (LAT + knot[0] * STEP_M / 110_700, LON + knot[1] * STEP_M / 104_000)
    )
    return st.one_of(known, known, known, st.just((None, None)))


@st.composite
def requirements(draw: st.DrawFn, number: int) -> RequirementFact:
    kind = draw(st.one_of(st.none(), st.sampled_from(CODES)))
    family = FAMILIES[kind] if kind else draw(st.sampled_from([Family.BANNER, Family.FLAG]))
    return requirement(
        number,
        kind,
        family=family,
        applies_to=draw(st.sampled_from([AppliesTo.PLACE, AppliesTo.PLACE, AppliesTo.PLACE, AppliesTo.AREA])),
        zone=draw(st.sampled_from([Zone.GATE, Zone.GATE, Zone.INSIDE, Zone.PUBLIC])),
        minimum=draw(st.integers(0, 4)),
        per_voters=draw(st.sampled_from([None, None, 300])),
        within_m=draw(st.sampled_from([None, None, 60.3, 137.7, 290.1])),
        mandatory=draw(st.booleans()),
        area_kinds=draw(st.sampled_from([frozenset(), frozenset(), frozenset({AreaKind.XA})])),
        venue_kinds=draw(st.sampled_from([frozenset(), frozenset(), frozenset({VenueKind.SCHOOL})])),
    )


@st.composite
def states(draw: st.DrawFn) -> StateFact:
    kind = draw(st.sampled_from(CODES))
    quantity = draw(st.integers(1, 6)) if kind == "flag" else 1
    lat, lon = draw(_somewhere())
    return state(
        kind,
        zone=draw(st.sampled_from([None, Zone.GATE, Zone.GATE, Zone.INSIDE, Zone.PUBLIC])),
        venue_id=draw(st.sampled_from([None, 1, 1, 2, 3])),
        area_id=draw(st.integers(1, 2)),
        quantity=quantity,
        working=draw(st.integers(0, quantity)),
        lifecycle=draw(
            st.sampled_from([Lifecycle.IN_USE, Lifecycle.IN_USE, Lifecycle.STORED, Lifecycle.LOST])
        ),
        condition=draw(st.sampled_from([Condition.GOOD, Condition.GOOD, Condition.FADED, Condition.TORN])),
        lat=lat,
        lon=lon,
    )


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    rows = [draw(requirements(number)) for number in range(1, draw(st.integers(1, 6)) + 1)]
    venues = {number: draw(_somewhere()) for number in (1, 2, 3)}
    kinds = {number: draw(st.sampled_from([VenueKind.SCHOOL, VenueKind.PAGODA])) for number in venues}
    places = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        venue = draw(st.integers(1, 3))
        places.append(
            place(
                number,
                area_id=draw(st.integers(1, 2)),
                venue_id=venue,
                venue_kind=kinds[venue],
                voters=draw(st.sampled_from([None, 0, 299, 301, 1200])),
                lat=venues[venue][0],
                lon=venues[venue][1],
            )
        )
    things = []
    for number in range(draw(st.integers(0, 9))):
        first = draw(states())
        last = draw(st.sampled_from([first, first, None, replace(first, condition=Condition.TORN)]))
        figures = draw(st.sampled_from([(first, last), (first, last), (last, first)]))
        things.append(InstallationFact(f"t{number}", *figures))
    asked = [(one.zone, one.kind or one.priced_kind) for one in rows]
    answers = [AnswerFact(one.id, None, zone, kind) for one in places for zone, kind in asked]
    answers += [AnswerFact(None, number, zone, kind) for number in (1, 2) for zone, kind in asked]
    silent = draw(st.sets(st.integers(0, len(answers) - 1), max_size=4))
    answers = [answer for number, answer in enumerate(answers) if number not in silent]
    return facts(rows, things, places, [area(1), area(2, kind=AreaKind.XA)], answers)


# The plain recount


def apart(place: PlaceFact, thing: StateFact, places: tuple[PlaceFact, ...]) -> float | None:
    """Metres from the place's point to a thing, by geodesic; None where one of them is unknown."""
    lat, lon = thing.lat, thing.lon
    if lat is None:
        venue = next((one for one in places if one.venue_id == thing.venue_id), None)
        lat, lon = (venue.lat, venue.lon) if venue else (None, None)
    if lat is None or place.lat is None:
        return None
    return float(geodesic((place.lat, place.lon), (lat, lon)).meters)


def is_counted(row: RequirementFact, thing: StateFact) -> bool:
    return thing.kind == row.kind or (row.kind is None and FAMILIES[thing.kind] == row.family)


def is_here(row: RequirementFact, spot: PlaceFact | int, thing: StateFact, world: Facts) -> bool:
    """Does the requirement look at this thing here?"""
    if not is_counted(row, thing):
        return False
    if isinstance(spot, int):
        return thing.area_id == spot and thing.zone == row.zone
    if row.within_m is None:
        return thing.venue_id == spot.venue_id and thing.zone == row.zone
    metres = apart(spot, thing, world.places)
    if spot.lat is None:
        return thing.venue_id == spot.venue_id
    return metres is not None and metres <= row.within_m


def unit_states(thing: StateFact) -> list[bool]:
    """One flag a unit: does it work?"""
    kind = next(one for one in KINDS if one.code == thing.kind)
    if kind.bulk:
        return [number < thing.working for number in range(thing.quantity)]
    return [thing.condition in kind.works_when]


def stands(thing: StateFact | None) -> bool:
    return thing is not None and thing.lifecycle == Lifecycle.IN_USE


class Matching:
    """Units given to requirements one at a time, by augmenting paths."""

    def __init__(self, may: dict[int, set[int]]) -> None:
        self.may = may
        self.owner: dict[int, int] = {}

    def one_more(self, row: int, seen: set[int]) -> bool:
        for unit, rows in self.may.items():
            if row in rows and unit not in seen:
                seen.add(unit)
                if unit not in self.owner or self.one_more(self.owner[unit], seen):
                    self.owner[unit] = row
                    return True
        return False


def hand_out(order: list[int], lacking: dict[int, int], may: dict[int, set[int]]) -> dict[int, int]:
    matching = Matching(may)
    got = dict.fromkeys(order, 0)
    for row in order:
        while got[row] < lacking[row] and matching.one_more(row, set()):
            got[row] += 1
    for row in order:
        while matching.one_more(row, set()):
            got[row] += 1
    return got


def count(
    world: Facts, spot: PlaceFact | int, rows: list[RequirementFact], needs: dict[int, int], figure: str
) -> tuple[dict[int, int], dict[int, int]]:
    """Working and broken units for each requirement of a place or ward."""
    order = [
        one.id
        for one in sorted(
            rows,
            key=lambda one: (one.kind is None, one.within_m is not None, not one.mandatory, one.id),
        )
    ]
    units: list[tuple[bool, set[int]]] = []
    for installation in world.installations:
        thing: StateFact | None = getattr(installation, figure)
        if thing is not None and stands(thing):
            here = {one.id for one in rows if is_here(one, spot, thing, world)}
            units += [(works, here) for works in unit_states(thing) if here]
    working = hand_out(order, needs, {n: here for n, (works, here) in enumerate(units) if works})
    left = {row: needs[row] - working[row] for row in order}
    broken = hand_out(order, left, {n: here for n, (works, here) in enumerate(units) if not works})
    return working, broken


def recount(world: Facts) -> dict[tuple[int | None, int, int], dict[str, Any]]:
    """(place, area, requirement) → what a careful person with a pencil would write."""
    found = {}
    spots: list[PlaceFact | int] = [*world.places, *(one.id for one in world.areas)]
    kinds_of_area = {one.id: one.kind for one in world.areas}
    for spot in spots:
        area_id = spot if isinstance(spot, int) else spot.area_id
        place_id = None if isinstance(spot, int) else spot.id
        rows = [
            one
            for one in world.standard.requirements
            if (one.applies_to == AppliesTo.AREA) == isinstance(spot, int)
            and (not one.area_kinds or kinds_of_area[area_id] in one.area_kinds)
            and (isinstance(spot, int) or not one.venue_kinds or spot.venue_kind in one.venue_kinds)
        ]
        mine = [one.voters for one in world.places if one.area_id == area_id]
        if not isinstance(spot, int):
            mine = [spot.voters]
        known = [one for one in mine if one is not None]
        needs = {
            one.id: max(one.minimum, math.ceil(sum(known) / one.per_voters) if one.per_voters else 0)
            for one in rows
        }
        working, broken = count(world, spot, rows, needs, "reported")
        verified, _ = count(world, spot, rows, needs, "verified")
        for one in rows:
            found[place_id, area_id, one.id] = {
                "needed": needs[one.id],
                "voters_unknown": one.per_voters is not None and (not known or len(known) < len(mine)),
                "working": working[one.id],
                "verified": verified[one.id],
                "repairable": broken[one.id],
                "standing": working[one.id] + broken[one.id],
                "missing_reported": max(0, needs[one.id] - working[one.id]),
                "missing_verified": max(0, needs[one.id] - verified[one.id]),
                "answered": was_asked(world, one, place_id, area_id),
                "stored": sum(
                    sum(unit_states(thing))
                    for thing in (installation.reported for installation in world.installations)
                    if thing and thing.lifecycle == Lifecycle.STORED
                    if thing.area_id == area_id and is_counted(one, thing)
                ),
            }
    return found


def was_asked(world: Facts, row: RequirementFact, place_id: int | None, area_id: int) -> bool:
    for answer in world.answers:
        if answer.zone == row.zone and is_counted(row, state(answer.kind)):
            if place_id is not None and answer.place_id == place_id:
                return True
            if answer.area_id == area_id and (place_id is None or row.zone in (Zone.PUBLIC, Zone.MOBILE)):
                return True
    return False


def working_distances(world: Facts, spot: PlaceFact, row: RequirementFact) -> dict[str, float]:
    """Every working thing of a counted kind and how far it is."""
    found = {}
    for installation in world.installations:
        thing = installation.reported
        if thing is not None and stands(thing) and is_counted(row, thing) and any(unit_states(thing)):
            metres = apart(spot, thing, world.places)
            if metres is not None:
                found[installation.id] = metres
    return found


def check_against_recount(world: Facts) -> None:
    found, expected = gaps(world), recount(world)
    assert {(gap.place_id, gap.area_id, gap.requirement_id) for gap in found} == set(expected)
    assert len(found) == len(expected)
    rows = {one.id: one for one in world.standard.requirements}
    places = {one.id: one for one in world.places}
    for gap in found:
        figures = expected[gap.place_id, gap.area_id, gap.requirement_id]
        assert {name: getattr(gap, name) for name in figures} == figures
        row = rows[gap.requirement_id]
        distances: dict[str, float] = {}
        if gap.place_id is not None:
            distances = working_distances(world, places[gap.place_id], row)
        if distances:
            assert gap.nearest_m == pytest.approx(min(distances.values()), abs=1e-4)
            assert gap.nearest_installation_id is not None
            assert distances[gap.nearest_installation_id] == pytest.approx(gap.nearest_m, abs=1e-4)
        else:
            assert (gap.nearest_installation_id, gap.nearest_m) == (None, None)
        beyond = row.within_m is not None and any(metres > row.within_m for metres in distances.values())
        check_reasons(gap, beyond)


def check_reasons(gap: Gap, beyond: bool) -> None:
    pair = gap.reason_reported, gap.reason_verified
    if not gap.answered:
        assert pair == (GapReason.NOT_SURVEYED, GapReason.NOT_SURVEYED)
        return
    assert (gap.reason_reported is None) == (gap.missing_reported == 0)
    assert (gap.reason_verified is None) == (gap.missing_verified == 0)
    assert (gap.reason_verified == GapReason.WAITING) == (
        gap.missing_reported == 0 and gap.missing_verified > 0
    )
    if gap.missing_reported:
        expected = GapReason.TOO_FAR if beyond else GapReason.NOTHING_RECORDED
        assert gap.reason_reported == (GapReason.BROKEN if gap.repairable else expected)
        assert gap.reason_verified in (None, gap.reason_reported)


@given(worlds())
@settings(max_examples=150, deadline=None)
def test_the_engine_agrees_with_the_recount(world: Facts) -> None:
    check_against_recount(world)


@pytest.mark.soak
@given(worlds())
@settings(max_examples=5000, deadline=None)
def test_the_engine_agrees_with_the_recount_in_thousands_of_worlds(world: Facts) -> None:
    check_against_recount(world)


def test_the_engine_agrees_with_the_recount_in_a_small_city() -> None:
    world = city(12, 160)
    assert any(gap.missing_reported for gap in gaps(world))
    for gap in gaps(world):
        assert gap.needed >= 0
    shared = {"lifecycle": Lifecycle.IN_USE}  # the recount knows one standing state only
    things = [
        replace(
            one,
            reported=_standing(one.reported, shared),
            verified=_standing(one.verified, shared),
        )
        for one in world.installations
    ]
    check_against_recount(replace(world, installations=tuple(things)))


def _standing(thing: StateFact | None, changes: dict[str, Any]) -> StateFact | None:
    if thing is None or thing.lifecycle == Lifecycle.STORED:
        return thing
    return replace(thing, **changes)


# Laws


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_a_broken_unit_is_named_once_at_a_place(world: Facts) -> None:
    named: dict[tuple[int | None, int, str], int] = {}
    for gap in gaps(world):
        assert sum(units for _, _, _, units in gap.broken) == gap.repairable
        for identity, _, _, units in gap.broken:
            key = gap.place_id, gap.area_id, identity
            named[key] = named.get(key, 0) + units
    for (_, _, identity), units in named.items():
        thing = next(one.reported for one in world.installations if one.id == identity)
        assert thing is not None
        assert 0 < units <= unit_states(thing).count(False)


def missing(world: Facts) -> dict[tuple[int | None, int, int], tuple[int, int]]:
    return {
        (gap.place_id, gap.area_id, gap.requirement_id): (gap.missing_reported, gap.missing_verified)
        for gap in gaps(world)
    }


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_removing_a_thing_closes_no_gap(world: Facts, chance: random.Random) -> None:
    things = list(world.installations)
    if not things:
        return
    things.remove(chance.choice(things))
    before, after = missing(world), missing(replace(world, installations=tuple(things)))
    assert all(after[key][0] >= before[key][0] and after[key][1] >= before[key][1] for key in before)


@given(worlds(), states())
@settings(max_examples=100, deadline=None)
def test_adding_a_working_verified_thing_opens_no_gap(world: Facts, thing: StateFact) -> None:
    thing = replace(thing, lifecycle=Lifecycle.IN_USE, condition=Condition.GOOD, working=thing.quantity)
    more = (*world.installations, InstallationFact("new", thing, thing))
    before, after = missing(world), missing(replace(world, installations=more))
    assert all(after[key][0] <= before[key][0] and after[key][1] <= before[key][1] for key in before)


def _moved(lon: float | None, by: float) -> float | None:
    return None if lon is None else lon + by


@given(worlds(), st.floats(-5.0, 10.0))
@settings(max_examples=60, deadline=None)
def test_moving_the_whole_city_east_changes_nothing(world: Facts, by: float) -> None:
    moved = replace(
        world,
        places=tuple(replace(one, lon=_moved(one.lon, by)) for one in world.places),
        installations=tuple(
            replace(
                one,
                reported=one.reported and replace(one.reported, lon=_moved(one.reported.lon, by)),
                verified=one.verified and replace(one.verified, lon=_moved(one.verified.lon, by)),
            )
            for one in world.installations
        ),
    )
    for here, there in zip(gaps(world), gaps(moved), strict=True):
        assert there.nearest_m == pytest.approx(here.nearest_m, abs=1e-5)
        # Of two equally far things rounding may name the other.
        unnamed = {"nearest_m": None, "nearest_installation_id": None}
        assert replace(there, **unnamed) == replace(here, **unnamed)  # type: ignore[arg-type]


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_facts_does_not_matter(world: Facts, chance: random.Random) -> None:
    def shuffled(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(rows, len(rows)))

    mixed = replace(
        world,
        kinds=shuffled(world.kinds),
        areas=shuffled(world.areas),
        places=shuffled(world.places),
        installations=shuffled(world.installations),
        answers=shuffled(world.answers),
    )
    assert gaps(mixed) == gaps(world)


# Sums equal the sum of their parts


def check_sums(world: Facts) -> None:
    found = gaps(world)
    summary = summarise_facts(world, found)
    rows = {one.id: one for one in world.standard.requirements}
    groups = [(ward.totals, [gap for gap in found if gap.area_id == ward.area_id]) for ward in summary.wards]
    for totals, part in [*groups, (summary.city, list(found))]:
        answered = [gap for gap in part if gap.answered]
        mandatory = [gap for gap in answered if gap.mandatory]
        assert totals.mandatory == len([gap for gap in part if gap.mandatory])
        assert totals.answered == len(mandatory)
        assert totals.met_reported == len([gap for gap in mandatory if gap.reason_reported is None])
        assert totals.met_verified == len([gap for gap in mandatory if gap.reason_verified is None])
        assert totals.missing_units(Figure.REPORTED) == sum(gap.missing_reported for gap in answered)
        assert totals.missing_units(Figure.VERIFIED, mandatory=True) == sum(
            gap.missing_verified for gap in mandatory
        )
        for line in totals.missing:
            same = [
                gap
                for gap in answered
                if rows[gap.requirement_id].priced_kind == line.kind
                and rows[gap.requirement_id].family == line.family
                and gap.mandatory == line.mandatory
            ]
            assert line.reported == sum(gap.missing_reported for gap in same)
            assert line.verified == sum(gap.missing_verified for gap in same)
    check_parts(summary, world)


def check_parts(summary: Summary, world: Facts) -> None:
    """City = its places + its wards' own requirements, counted a second way."""
    own = [ward.own for ward in summary.wards if ward.own is not None]
    for name in ("mandatory", "answered", "met_reported", "met_verified"):
        parts = sum(getattr(one, name) for one in (*summary.places, *own))
        assert getattr(summary.city, name) == parts
    for figure in Figure:
        total = sum(
            one.missing_reported if figure == Figure.REPORTED else one.missing_verified
            for one in (*summary.places, *own)
        )
        assert summary.city.missing_units(figure) == total
        share = summary.city.share(figure)
        assert share is None or 0 <= share <= 1
        for state_ in PlaceState:
            here = sum(one.state(figure) == state_ for one in summary.places)
            assert summary.city.places_in(state_, figure) == here
    assert summary.city.places == len(world.places) == len(summary.places)
    assert sum(ward.totals.places for ward in summary.wards) == len(world.places)
    assert sum(ward.totals.places_surveyed for ward in summary.wards) == summary.city.places_surveyed
    unseen = summary.city.places_in(PlaceState.NOT_SURVEYED, Figure.VERIFIED)
    assert summary.city.places_surveyed == summary.city.places - unseen


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_sums_equal_the_sum_of_their_parts(world: Facts) -> None:
    check_sums(world)


def test_sums_of_a_city_equal_the_sum_of_their_parts() -> None:
    check_sums(city(60, 1200))
