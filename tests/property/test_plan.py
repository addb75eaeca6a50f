"""The whole chain of a plan on small random worlds: beside an enumeration, a recount and the next run."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.facts import Facts, InstallationFact, PlaceFact, RequirementFact, StateFact
from inventory.vocabulary import AppliesTo, Condition, Family, Figure, Lifecycle, LineAction, Zone
from maps.coverage.rules import gaps
from maps.plan.ask import Ask
from maps.plan.candidates import offers
from maps.plan.lining import listed
from maps.plan.making import made
from maps.plan.offers import Offers
from maps.plan.recount import recounted
from maps.plan.recount_served import served_by
from maps.plan.result import Choice, Collision, PlanResult
from maps.plan.terms import World, reaches_out
from maps.plan.works import works_limit
from tests.plan_ground import REACH, book, world
from tests.worlds import LAT, LON, area, both, facts, place, requirement

PRICES = {
    "banner_h": 3,
    "banner_v": 2,
    "flag": 1,
    "board": 7,
    "speaker": 9,
    ("speaker", LineAction.REPAIR): 4,
}
#: Candidates that an enumeration still gets through.
MOST = 12


def small(seed: int, most_places: int = 3) -> World:
    """A world of a few places, requirements and things; every choice of the seed is plain."""
    chance = random.Random(seed)
    asked = chance.sample(_requirements(chance), chance.randint(1, 2))
    count = chance.randint(1, most_places)
    spots = [
        place(
            number,
            area_id=chance.randint(1, 2),
            venue_id=chance.randint(1, count),
            voters=chance.choice((None, *range(100, 900, 37))),
            lat=None if chance.random() < 0.1 else LAT + chance.uniform(0, 0.006),
            lon=LON + chance.uniform(0, 0.006),
        )
        for number in range(1, count + 1)
    ]
    by_venue = {spot.venue_id: spot for spot in reversed(spots)}
    spots = [
        replace(spot, area_id=by_venue[spot.venue_id].area_id, lat=by_venue[spot.venue_id].lat,
                lon=by_venue[spot.venue_id].lon)
        for spot in spots
    ]  # fmt: skip
    things = [_thing(chance, number, chance.choice(spots)) for number in range(chance.randint(0, 4))]
    known = facts(asked, things, spots, [area(1), area(2)])
    return world(known, book(PRICES, takedown_percent=chance.choice((0, 10))))


def _requirements(chance: random.Random) -> list[RequirementFact]:
    return [
        requirement(1, "banner_h", minimum=chance.randint(1, 3)),
        requirement(2, "flag", minimum=chance.randint(1, 3), mandatory=False),
        requirement(3, "speaker", zone=Zone.ROUTE, within_m=300.0, minimum=chance.randint(1, 2)),
        requirement(4, None, family=Family.BANNER, zone=Zone.ROUTE, within_m=400.0),
        requirement(5, "board", zone=Zone.PUBLIC, applies_to=AppliesTo.AREA),
        requirement(6, "speaker", zone=Zone.ROUTE, by_reach=True),
    ]


def _thing(chance: random.Random, number: int, spot: PlaceFact) -> InstallationFact:
    kind = chance.choice(("banner_h", "flag", "speaker", "speaker"))
    working = chance.randint(0, 2)
    return both(
        f"thing-{number}",
        kind,
        venue_id=spot.venue_id,
        area_id=spot.area_id,
        zone=chance.choice((Zone.GATE, Zone.ROUTE)),
        quantity=2 if kind == "flag" else 1,
        working=working if kind == "flag" else 1,
        lifecycle=chance.choice((Lifecycle.IN_USE, Lifecycle.STORED)),
        condition=chance.choice((Condition.GOOD, Condition.TORN)),
    )


def planned(known: World, ask: Ask) -> PlanResult:
    found = made(known, ask, pictures=False)
    assert isinstance(found, PlanResult), found
    return found


@settings(max_examples=150)
@given(st.integers(0, 10**9), st.integers(1, 40))
def test_no_choice_of_an_enumeration_is_better(seed: int, budget: int) -> None:
    known, ask = small(seed), Ask(budget=budget, gap=0.0)
    found = offers(known, ask, works_limit(known.book, budget))
    if len(found.candidates) > MOST:
        return
    assert round(planned(known, ask).proof.value) == best(known, found, works_limit(known.book, budget))


def best(known: World, found: Offers, works: int) -> int:
    """The most weight that any allowed set of candidates serves, by looking at all of them."""
    numbers = range(len(found.candidates))
    return max(
        value(found, chosen)
        for size in range(len(found.candidates) + 1)
        for chosen in combinations(numbers, size)
        if allowed(found, chosen, works)
    )


def allowed(found: Offers, chosen: Sequence[int], works: int) -> bool:
    taken = [found.candidates[n] for n in chosen]
    groups = [one.group for one in taken if one.group]
    if sum(one.cost for one in taken) > works or len(set(groups)) < len(groups):
        return False
    stock, standing = dict(found.stock), dict(found.standing)
    for one in taken:
        for kind, units in one.from_store:
            stock[one.area_id, kind] -= units
        for identity, units in one.broken:
            standing[identity] -= units
    return min((0, *stock.values())) >= 0 and min((0, *standing.values())) >= 0


def value(found: Offers, chosen: Sequence[int]) -> int:
    units = [0] * len(found.wants)
    for n in chosen:
        for want, brought in found.serves[n]:
            units[want] += brought
    return sum(want.weight for want, have in zip(found.wants, units, strict=True) if have >= want.need)


@settings(max_examples=150)
@given(st.integers(0, 10**9), st.integers(1, 60), st.booleans(), st.integers(0, 1))
def test_the_recount_agrees_and_the_budget_holds(seed: int, budget: int, first: bool, each: int) -> None:
    known = small(seed, 5)
    ask = Ask(budget=budget, mandatory_first=first, ward_min_met=each)
    found = made(known, ask, pictures=False)
    if isinstance(found, Collision):
        assert each, found.rules
        return
    assert recounted(known, found) == ()
    assert found.total <= budget
    lines = listed(known, found, "vi")
    assert (lines.works, lines.total) == (found.works, found.total)
    assert lines.works == sum(line.quantity * (line.unit_price or 0) for line in lines.priced)


@settings(max_examples=150)
@given(st.integers(0, 10**9), st.integers(1, 60))
def test_what_a_plan_promises_the_next_run_finds(seed: int, budget: int) -> None:
    known = small(seed, 4)
    found = planned(known, Ask(budget=budget))
    after = gaps(carried_out(known, found), REACH)
    met = {(gap.requirement_id, gap.place_id, gap.area_id) for gap in after if gap.missing_reported == 0}
    served = [want for want in found.wants if want.key in set(found.served) and want.own]
    # A thing within a distance may be counted for another requirement of a place: then that one gains.
    asked = {one.id: one for one in known.facts.standard.requirements}
    if sum(reaches_out(one) or one.kind is None for one in asked.values()) > 1:
        return
    for want in served:
        assert (want.requirement_id, want.place_id, want.area_id) in met, want.key


def carried_out(known: World, found: PlanResult) -> Facts:
    """The facts once everything that the plan says has been done."""
    things = {one.id: one for one in known.facts.installations}
    venues = {one.id: one.venue_id for one in known.facts.places}
    asked = {one.id: one for one in known.facts.standard.requirements}
    for choice in found.choices:
        for identity, units in choice.candidate.broken:
            things[identity] = _mended(things[identity], units)
        for kind, units in choice.from_store:
            _out_of_store(things, kind, choice.candidate.area_id, units)
        bought = [(part.kind, part.units) for part in choice.parts if part.action is LineAction.BUY]
        new = bought + list(choice.from_store)
        zone = asked[choice.candidate.requirement_id].zone
        for order, (kind, units) in enumerate(new):
            for copy in range(1 if kind == "flag" else units):
                identity = f"new {choice.key} {order} {copy}"
                one = choice.candidate
                things[identity] = both(
                    identity, kind, quantity=units if kind == "flag" else 1,
                    working=units if kind == "flag" else 1, zone=zone, area_id=one.area_id,
                    venue_id=venues[one.place_id] if one.place_id is not None else None,
                    lat=one.lat, lon=one.lon if one.lat is not None else None,
                )  # fmt: skip
    return replace(known.facts, installations=tuple(things.values()))


def _mended(thing: InstallationFact, units: int) -> InstallationFact:
    state = thing.reported
    assert state is not None
    mended = replace(state, working=min(state.quantity, state.working + units), condition=Condition.GOOD)
    return InstallationFact(thing.id, mended, mended)


def _out_of_store(things: dict[str, InstallationFact], kind: str, ward: int, units: int) -> None:
    for identity, thing in sorted(things.items()):
        state: StateFact | None = thing.reported
        if state is None or (state.kind, state.area_id) != (kind, ward) or not units:
            continue
        sound = state.condition is Condition.GOOD or kind == "flag"
        if state.lifecycle is Lifecycle.STORED and sound:
            here = min(units, state.working if kind == "flag" else 1)
            units -= here
            left = replace(state, quantity=state.quantity - here, working=max(0, state.working - here))
            things[identity] = InstallationFact(identity, left, left)
    assert units == 0


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.integers(1, 40), st.integers(0, 40))
def test_more_money_never_reaches_fewer(seed: int, budget: int, more: int) -> None:
    known = small(seed, 4)
    less = planned(known, Ask(budget=budget, gap=0.0)).proof.value
    assert planned(known, Ask(budget=budget + more, gap=0.0)).proof.value >= less


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.integers(1, 40))
def test_a_moved_city_gives_the_same_plan(seed: int, budget: int) -> None:
    known, ask = small(seed, 4), Ask(budget=budget)
    east = replace(
        known.facts,
        places=tuple(
            replace(one, lon=None if one.lon is None else one.lon + 0.5) for one in known.facts.places
        ),
    )
    there = world(east, known.book)
    here, moved = planned(known, ask), planned(there, ask)
    assert [one.key for one in here.choices] == [one.key for one in moved.choices]
    assert here.proof.value == moved.proof.value


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.integers(1, 40))
def test_the_same_input_gives_the_same_plan(seed: int, budget: int) -> None:
    known, ask = small(seed, 4), Ask(budget=budget)
    one, two = planned(known, ask), planned(known, ask)
    assert (one.choices, one.left, one.wards, one.curve) == (two.choices, two.left, two.wards, two.curve)


@settings(max_examples=15)
@given(st.integers(0, 10**9))
def test_a_curve_never_falls(seed: int) -> None:
    found = made(small(seed, 4), Ask(budget=30, gap=0.0))
    assert isinstance(found, PlanResult)
    points = [one.value for one in found.curve]
    known = [one for one in points if one is not None]
    assert np.all(np.diff(known) >= 0)


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_what_is_gained_beside_the_rest_is_what_would_be_lost(seed: int) -> None:
    known = small(seed, 4)
    found = planned(known, Ask(budget=30))
    wants = {want.key: want for want in found.wants}
    served = sum(wants[key].voters for key in found.served)
    for choice in found.choices:
        rest = [one for one in found.choices if one is not choice]
        without = recount_voters(known, found, rest)
        assert served - without == choice.beside
        assert recount_voters(known, found, [choice]) == choice.alone


def recount_voters(known: World, found: PlanResult, choices: Sequence[Choice]) -> int:
    wants = {want.key: want for want in found.wants}
    return sum(want.voters for want in served_by(known, choices, wants).values())


def test_both_figures_are_planned_by_their_own_gaps() -> None:
    known = facts([requirement(1, "banner_h")], [replace(both("t"), verified=None)])
    for figure, open_gaps in ((Figure.REPORTED, 0), (Figure.VERIFIED, 1)):
        assert planned(world(known), Ask(budget=10**9, figure=figure)).open == open_gaps
