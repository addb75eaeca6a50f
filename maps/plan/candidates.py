"""From gaps to candidates: every way to serve every want that the rules of an Ask allow. Pure.

What is left out says why: no price, inside an exclusion zone, too late for the deadline, no source
of money that may pay for it, dearer than the whole budget.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from inventory.facts import KindFact
from inventory.standards import counted_kinds
from maps.coverage.rules import stock as stock_of
from maps.plan.ask import Ask
from maps.plan.local import Spot, Stock, local_spots, offer_local
from maps.plan.must_sites import offer_must_sites
from maps.plan.offers import Candidate, Making, Offers, Skip, Want
from maps.plan.siting import offer_sited
from maps.plan.terms import Names, World, reaches_out
from maps.plan.wants import wants
from maps.planning.inputs import Fund


def offers(world: World, ask: Ask, most: int) -> Offers:
    """All candidates with what they bring, in a fixed order; none that costs more than `most` đồng."""
    making = Making(wants(world, ask.figure))
    stock = stock_of(world.facts)
    spots = local_spots(world, making.wants)
    contested = _contested(world, making.wants, spots, stock)
    offer_local(making, world, spots, stock, contested)
    offer_sited(making, world, stock)
    offer_must_sites(making, world)
    kept = _kept(making, _refusals(world, ask, most))
    found = Offers(
        wants=tuple(making.wants),
        candidates=tuple(making.candidates[n] for n in kept),
        serves=tuple(making.serves[n] for n in kept),
        stock=tuple(sorted(stock.items())),
        standing=_standing(world),
        skipped=(),
    )
    without = ((n, making.why.get(n, Skip.NO_WAY)) for n, can in enumerate(found.servable(most)) if not can)
    return replace(found, skipped=tuple(without))


def funds_of(world: World, ask: Ask) -> tuple[Fund, ...]:
    """The sources that this plan may use, in the order they are used; empty: money has no source."""
    if ask.funds is None:
        return world.inputs.funds
    return tuple(fund for fund in world.inputs.funds if fund.id in ask.funds)


def payers(candidate: Candidate, funds: Sequence[Fund], kinds: dict[str, KindFact]) -> frozenset[int]:
    """Ids of the funds that may pay for every part of a candidate."""
    return frozenset(
        fund.id
        for fund in funds
        if (not fund.areas or candidate.area_id in fund.areas)
        and all(fund.covers(kinds[part.kind]) for part in candidate.parts)
    )


def _refusals(world: World, ask: Ask, most: int) -> list[tuple[Skip, Callable[[Candidate], bool]]]:
    """Why a candidate is left out, each with its test; the first that holds is told."""
    kinds, funds = Names.of(world.facts).kinds, funds_of(world, ask)
    found: list[tuple[Skip, Callable[[Candidate], bool]]] = []
    if ask.before_deadline:
        found.append((Skip.LATE, lambda one: one.lead_days > world.days_left))
    if world.inputs.funds:
        found.append((Skip.NO_FUND, lambda one: one.cost > 0 and not payers(one, funds, dict(kinds))))
    # What a person wants kept stays, so that a collision with the budget can be told.
    found.append((Skip.TOO_DEAR, lambda one: one.cost > most and not any(map(one.answers_to, ask.locked_in))))
    return found


def _kept(making: Making, refusals: Sequence[tuple[Skip, Callable[[Candidate], bool]]]) -> list[int]:
    kept = []
    for number, candidate in enumerate(making.candidates):
        why = next((skip for skip, fails in refusals if fails(candidate)), None)
        if why is None:
            kept.append(number)
        else:
            making.pass_over([want for want, _ in making.serves[number]], why)
    return kept


def _contested(world: World, every: Sequence[Want], spots: Sequence[Spot], stock: Stock) -> frozenset[object]:
    """Stores and broken things that more is asked of than there is."""
    asked = _asked_of_stores(world, every, spots)
    shelves = {shelf for shelf, units in stock.items() if asked[shelf] > units}
    shared = {identity for identity, users in _users(world, spots).items() if len(users) > 1}
    return frozenset(shelves) | frozenset(shared)


def _asked_of_stores(
    world: World, every: Sequence[Want], spots: Sequence[Spot]
) -> dict[tuple[int, str], int]:
    asked: dict[tuple[int, str], int] = defaultdict(int)
    requirements = Names.of(world.facts).requirements
    counted = {number: counted_kinds(one, world.facts.kinds) for number, one in requirements.items()}
    for spot in spots:
        for kind in counted[spot.requirement.id]:
            asked[spot.area_id, kind] += spot.levels[-1]
    for want in every:
        if reaches_out(requirements[want.requirement_id]):
            for kind in counted[want.requirement_id]:
                asked[want.area_id, kind] += want.need
    return asked


def _users(world: World, spots: Sequence[Spot]) -> dict[str, set[object]]:
    """Who could use a broken thing: a spot, or a requirement that reaches out."""
    users: dict[str, set[object]] = defaultdict(set)
    for at, spot in enumerate(spots):
        for _, _, gap in spot.members:
            for identity, *_ in gap.broken:
                users[identity].add(at)
    out = {one.id for one in world.facts.standard.requirements if reaches_out(one)}
    for gap in world.gaps:
        if gap.requirement_id in out:
            for identity, *_ in gap.broken:
                users[identity].add(("out", gap.requirement_id))
    return users


def _standing(world: World) -> tuple[tuple[str, int], ...]:
    """Broken units by installation id, as the gaps name them."""
    units: dict[str, int] = {}
    for gap in world.gaps:
        for identity, _kind, _condition, count in gap.broken:
            units[identity] = max(count, units.get(identity, 0))
    return tuple(sorted(units.items()))
