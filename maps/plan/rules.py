"""The rules of a plan as rows of the optimiser's model. Pure.

A row's name is a word and what it is about ("ward_most:12"), so that a collision of rules can be
told in words (words.py). Rows that can never bind are left out. Of the stock of a ward and of a
broken thing no more is used than there is.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from inventory.facts import KindFact
from inventory.vocabulary import LineAction
from maps.plan.ask import Ask
from maps.plan.candidates import funds_of, payers
from maps.plan.funds import hall_sets, with_works_caps
from maps.plan.offers import Candidate, Offers
from maps.plan.terms import Names, World
from maps.planning.allowing import inside
from maps.planning.inputs import Duty, PlanZone, ZoneRule
from maps.solve.model import CANDIDATES, DEMANDS, Row

_OPEN = math.inf
Terms = Sequence[tuple[int, float]]


def rows(world: World, ask: Ask, offers: Offers, works: int) -> tuple[Row, ...]:
    """Every rule beside the budget, the exact locks and mandatory-first."""
    return (
        *_alternatives(offers),
        *_supplies(offers),
        *_ward_shares(ask, offers, works),
        *_ward_minimum(ask, offers, works),
        *_kind_limits(world, ask, offers),
        *_fund_rows(world, ask, offers),
        *_musts(world, offers),
        *_loose_locks(ask, offers),
    )


def row(name: str, of: str, terms: Iterable[tuple[int, float]], lower: float, upper: float) -> Row:
    """A row from (index, value) pairs."""
    kept = [(index, value) for index, value in terms if value]
    index = np.array([one for one, _ in kept], dtype=np.int64)
    value = np.array([one for _, one in kept], dtype=np.float64)
    return Row(name, of, index, value, lower, upper)


def locks(ask: Ask, offers: Offers) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Candidates that have to be chosen and those that must not be; a lock may name several copies.

    A key that names just one candidate to be kept is a lock; one that names several is a row
    (at least one of them).
    """
    into = []
    for key in ask.locked_in:
        named = [n for n, one in enumerate(offers.candidates) if one.answers_to(key)]
        if len(named) == 1:
            into += named
    out = [n for n, one in enumerate(offers.candidates) if any(one.answers_to(key) for key in ask.locked_out)]
    return tuple(sorted(set(into))), tuple(sorted(set(out)))


def unknown_locks(ask: Ask, offers: Offers) -> tuple[str, ...]:
    """Keys to be kept that name nothing which can be done."""
    return tuple(key for key in ask.locked_in if not any(one.answers_to(key) for one in offers.candidates))


def _alternatives(offers: Offers) -> list[Row]:
    groups: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for n, one in enumerate(offers.candidates):
        if one.group:
            groups[one.group].append((n, 1.0))
    return [
        row(f"alternatives:{group}", CANDIDATES, terms, -_OPEN, 1.0)
        for group, terms in groups.items()
        if len(terms) > 1
    ]


def _supplies(offers: Offers) -> list[Row]:
    shelves: dict[tuple[int, str], list[tuple[int, float]]] = defaultdict(list)
    things: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for n, one in enumerate(offers.candidates):
        for kind, units in one.from_store:
            shelves[one.area_id, kind].append((n, float(units)))
        for identity, units in one.broken:
            things[identity].append((n, float(units)))
    stock, standing = dict(offers.stock), dict(offers.standing)
    found = [
        row(f"stock:{area}:{kind}", CANDIDATES, terms, -_OPEN, float(stock.get((area, kind), 0)))
        for (area, kind), terms in shelves.items()
        if _most(offers, terms) > stock.get((area, kind), 0)
    ]
    return found + [
        row(f"thing:{identity}", CANDIDATES, terms, -_OPEN, float(standing.get(identity, 0)))
        for identity, terms in things.items()
        if _most(offers, terms) > standing.get(identity, 0)
    ]


def _most(offers: Offers, terms: Terms) -> float:
    """The most that a choice could use: of alternatives only the largest."""
    groups: dict[str, float] = {}
    total = 0.0
    for n, units in terms:
        group = offers.candidates[n].group
        if group:
            groups[group] = max(units, groups.get(group, 0.0))
        else:
            total += units
    return total + sum(groups.values())


def _ward_shares(ask: Ask, offers: Offers, works: int) -> list[Row]:
    if ask.ward_min_share == 0 and ask.ward_max_share == 100:
        return []
    wards: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for n, one in enumerate(offers.candidates):
        wards[one.area_id].append((n, float(one.cost)))
    found = []
    for ward, terms in sorted(wards.items()):
        least = -(-works * ask.ward_min_share // 100)
        could = _least_of_each(offers, [n for n, _ in terms])
        if ask.ward_min_share:
            found.append(row(f"ward_least:{ward}", CANDIDATES, terms, float(min(least, could)), _OPEN))
        if ask.ward_max_share < 100:
            most = float(works * ask.ward_max_share // 100)
            found.append(row(f"ward_most:{ward}", CANDIDATES, terms, -_OPEN, most))
    return found


def _least_of_each(offers: Offers, numbers: Sequence[int]) -> int:
    """What a ward can use at all: for each of its wants the cheapest single way, so that a share of a
    ward that lacks little is no contradiction."""
    groups: dict[str, int] = {}
    for n in numbers:
        one = offers.candidates[n]
        if not offers.serves[n]:
            continue
        name = one.group or f"{one.requirement_id}@{one.place_id}"
        groups[name] = min(one.cost, groups.get(name, one.cost))
    return sum(groups.values())


def _ward_minimum(ask: Ask, offers: Offers, works: int) -> list[Row]:
    if not ask.ward_min_met:
        return []
    can = offers.servable(works)
    wards: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for number, want in enumerate(offers.wants):
        if want.own and can[number]:
            wards[want.area_id].append((number, 1.0))
    return [
        row(f"ward_met:{ward}", DEMANDS, terms, float(min(ask.ward_min_met, len(terms))), _OPEN)
        for ward, terms in sorted(wards.items())
    ]


def _kind_limits(world: World, ask: Ask, offers: Offers) -> list[Row]:
    limits: dict[str, int] = {}
    for kind in world.facts.kinds:
        most = world.inputs.most(kind.code)
        if most is not None:
            limits[kind.code] = most
    for code, limit in ask.kind_limits:
        limits[code] = min(limit, limits.get(code, limit))
    found = []
    for code, limit in sorted(limits.items()):
        terms = [(n, float(bought(one, code))) for n, one in enumerate(offers.candidates)]
        terms = [(n, units) for n, units in terms if units]
        if _most(offers, terms) > limit:
            found.append(row(f"kind:{code}", CANDIDATES, terms, -_OPEN, float(limit)))
    return found


def bought(candidate: Candidate, kind: str) -> int:
    """New units of a kind that a candidate buys."""
    return sum(
        part.units
        for part in candidate.parts
        if part.kind == kind and part.action in (LineAction.BUY, LineAction.REPLACE)
    )


def _fund_rows(world: World, ask: Ask, offers: Offers) -> list[Row]:
    kinds = dict(Names.of(world.facts).kinds)
    funds = with_works_caps(funds_of(world, ask), world.book)
    if not funds:
        return []
    pays = [payers(one, funds, kinds) if one.cost else frozenset() for one in offers.candidates]
    return [
        row(
            "fund:" + ",".join(map(str, sorted(union))),
            CANDIDATES,
            [(n, float(one.cost)) for n, one in enumerate(offers.candidates) if pays[n] and pays[n] <= union],
            -_OPEN,
            float(cap),
        )
        for union, cap in hall_sets(pays, funds)
    ]


def _musts(world: World, offers: Offers) -> list[Row]:
    found = []
    for site in world.inputs.sites:
        if site.duty is Duty.MUST:
            here = [(n, 1.0) for n, one in enumerate(offers.candidates) if one.site == site.id]
            found.append(row(f"site:{site.id}", CANDIDATES, here, 1.0, _OPEN))
    kinds = Names.of(world.facts).kinds
    for zone in world.inputs.zones:
        if zone.rule is ZoneRule.MUST and zone.minimum > 0:
            terms = _new_inside(zone, kinds, offers)
            found.append(row(f"zone:{zone.id}", CANDIDATES, terms, float(zone.minimum), _OPEN))
    return found


def _new_inside(zone: PlanZone, kinds: Mapping[str, KindFact], offers: Offers) -> Terms:
    placed = [
        (n, one)
        for n, one in enumerate(offers.candidates)
        if one.lat is not None and one.lon is not None and one.parts
    ]
    lat = np.array([one.lat for _, one in placed], dtype=np.float64)
    lon = np.array([one.lon for _, one in placed], dtype=np.float64)
    held = inside(zone, lat, lon).tolist() if placed else []
    terms = []
    for (n, one), within in zip(placed, held, strict=True):
        units = sum(
            part.units
            for part in one.parts
            if part.action is LineAction.BUY and zone.covers(kinds[part.kind])
        )
        if within and units:
            terms.append((n, float(units)))
    return terms


def _loose_locks(ask: Ask, offers: Offers) -> list[Row]:
    found = []
    for key in ask.locked_in:
        named = [(n, 1.0) for n, one in enumerate(offers.candidates) if one.answers_to(key)]
        if len(named) > 1:
            found.append(row(f"keep:{key}", CANDIDATES, named, 1.0, _OPEN))
    return found
