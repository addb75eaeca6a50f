"""Ways to close a gap that only things on the spot can close: bundles of store, repair and purchase. Pure.

Places at one venue that lack the same share what is put up there: a bundle that brings L units
serves every one of them that lacks at most L. For each L there is one bundle, with alternatives
where the store or a broken thing is wanted by others too; of all bundles of a spot at most one is
chosen. Inside a bundle the order is that of the investment list: store, repair, replacement,
purchase (maps/investment/supply.py).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inventory.facts import RequirementFact
from inventory.standards import counted_kinds
from inventory.vocabulary import Condition, LineAction, Zone
from maps.coverage.gaps import Gap
from maps.investment.pricing import Prices
from maps.investment.supply import HANDWORK
from maps.plan.offers import Candidate, Making, Part, Skip, Want
from maps.plan.terms import Names, World, reaches_out
from maps.planning.allowing import allowed
from maps.planning.inputs import ZoneRule

#: How many amounts out of a contested store are tried for one spot.
_DRAWS = 12

#: Units in store by (ward, kind).
Stock = dict[tuple[int, str], int]


@dataclass(frozen=True)
class Mended:
    """A broken thing with what mends it, and its price; None where the book has none for the work."""

    identity: str
    kind: str
    units: int
    action: LineAction
    unit_cost: int | None


@dataclass(frozen=True)
class Spot:
    """One venue (or ward) and requirement, with the wants and gaps of its places."""

    requirement: RequirementFact
    area_id: int
    members: tuple[tuple[int, Want, Gap], ...]

    @property
    def levels(self) -> list[int]:
        """The different numbers of units that its places lack."""
        return sorted({want.missing for _, want, _ in self.members})


def mended(kind: str, condition: Condition, identity: str, units: int, prices: Prices) -> Mended:
    """What mends a broken thing: by hand or by a repair row, else it is replaced (as the list does)."""
    repair = condition is not Condition.MISSING and (
        condition in HANDWORK or prices.has(kind, LineAction.REPAIR)
    )
    action = LineAction.REPAIR if repair else LineAction.REPLACE
    price = prices.of(kind, action)
    return Mended(identity, kind, units, action, price.amount if price else None)


def local_spots(world: World, wants: Sequence[Want]) -> list[Spot]:
    """The spots in the order of their first want."""
    names = Names.of(world.facts)
    gaps = {(gap.requirement_id, gap.area_id, gap.place_id): gap for gap in world.gaps}
    spots: dict[tuple[int, int, int], list[tuple[int, Want, Gap]]] = defaultdict(list)
    for number, want in enumerate(wants):
        if not want.own or reaches_out(names.requirements[want.requirement_id]):
            continue
        venue = names.places[want.place_id].venue_id if want.place_id is not None else -1
        gap = gaps[want.requirement_id, want.area_id, want.place_id]
        spots[want.requirement_id, want.area_id, venue].append((number, want, gap))
    return [
        Spot(names.requirements[requirement], area, tuple(members))
        for (requirement, area, _), members in spots.items()
    ]


def offer_local(
    making: Making, world: World, spots: Sequence[Spot], stock: Stock, contested: frozenset[object]
) -> None:
    """Add the bundles of every spot. `contested` holds the (ward, kind) of stores and the ids of broken
    things that more is asked of than there is."""
    kinds = {kind.code: kind for kind in world.facts.kinds}
    prices = Prices(world.book.rows, kinds)
    for spot in spots:
        _Bundles(making, world, spot, stock, contested, prices).offer()


class _Bundles:
    """The bundles of one spot."""

    def __init__(
        self, making: Making, world: World, spot: Spot, stock: Stock, contested: frozenset[object],
        prices: Prices,
    ) -> None:  # fmt: skip
        self._making, self._world, self._spot, self._stock = making, world, spot, stock
        self._contested, self._prices = contested, prices
        self._counted = sorted(counted_kinds(spot.requirement, world.facts.kinds))
        self._broken = _broken(spot, prices)
        want = spot.members[0][1]
        self._at = (want.lat, want.lon)
        self._open = _may_buy(world, spot, self._at)

    def offer(self) -> None:
        """A bundle for every level, draw on the store and use of broken things."""
        for level in self._spot.levels:
            for drawn in self._draws(level):
                for broken in self._ways(self._broken):
                    self._bundle(level, drawn, broken)

    def _draws(self, level: int) -> list[int]:
        here = [(self._spot.area_id, kind) for kind in self._counted]
        most = min(level, sum(self._stock.get(shelf, 0) for shelf in here))
        if not most or not any(shelf in self._contested for shelf in here):
            return [most]
        if most < _DRAWS:
            return list(range(most, -1, -1))
        return sorted({round(step * most / (_DRAWS - 1)) for step in range(_DRAWS)}, reverse=True)

    def _ways(self, broken: Sequence[Mended]) -> list[Sequence[Mended]]:
        free = [one for one in broken if one.identity not in self._contested]
        return [broken] if len(free) == len(broken) else [broken, free]

    def _bundle(self, level: int, drawn: int, broken: Sequence[Mended]) -> None:
        serves = [(number, 1) for number, want, _ in self._spot.members if want.missing <= level]
        from_store = self._draw(drawn)
        parts, used, left = _mending(broken, level - drawn)
        if left:
            price = self._prices.of(self._spot.requirement.priced_kind, LineAction.BUY)
            parts.append(
                (LineAction.BUY, self._spot.requirement.priced_kind, left, price.amount if price else None)
            )
        if any(cost is None for *_, cost in parts):
            self._making.pass_over([number for number, _ in serves], Skip.NO_PRICE)
            return
        if left and not self._open:
            self._making.pass_over([number for number, _ in serves], Skip.EXCLUDED)
            return
        bought = tuple(Part(action, kind, units, cost or 0) for action, kind, units, cost in parts)
        self._making.add(
            Candidate(
                key=self._key(level, drawn, broken),
                requirement_id=self._spot.requirement.id,
                area_id=self._spot.area_id,
                place_id=self._first(level).place_id,
                parts=bought,
                from_store=from_store,
                broken=tuple(sorted(used.items())),
                group=group_of(self._spot.members[0][1]),
                lat=self._at[0],
                lon=self._at[1],
                lead_days=lead_days(self._world, bought),
            ),
            serves,
        )

    def _draw(self, units: int) -> tuple[tuple[str, int], ...]:
        taken = []
        for kind in self._counted:
            here = min(units, self._stock.get((self._spot.area_id, kind), 0))
            if here:
                taken.append((kind, here))
                units -= here
        return tuple(taken)

    def _first(self, level: int) -> Want:
        """The place that a bundle is named after: of those that lack most within it, the first."""
        within = [want for _, want, _ in self._spot.members if want.missing <= level]
        return max(within, key=lambda want: (want.missing, -(want.place_id or 0)))

    def _key(self, level: int, drawn: int, broken: Sequence[Mended]) -> str:
        want = self._first(level)
        where = f"place:{want.place_id}" if want.place_id is not None else f"ward:{want.area_id}"
        key = f"close:{self._spot.requirement.code}@{where}"
        if drawn:
            key += f"+store{drawn}"
        return key + ("" if len(broken) == len(self._broken) else "+new")


def group_of(want: Want) -> str:
    """The name of the alternatives that close the gaps of a spot, by its first want."""
    return f"close {want.key}"


def _may_buy(world: World, spot: Spot, at: tuple[float | None, float | None]) -> bool:
    """Whether something new may stand here; zones say nothing of what hangs inside a room."""
    if spot.requirement.zone is Zone.INSIDE or at[0] is None or at[1] is None:
        return True
    kinds = {kind.code: kind for kind in world.facts.kinds}
    kind = kinds[spot.requirement.priced_kind]
    if not any(zone.rule is ZoneRule.EXCLUSION and zone.covers(kind) for zone in world.inputs.zones):
        return True
    return bool(allowed(np.array([at[0]]), np.array([at[1]]), kind, world.inputs)[0])


def _broken(spot: Spot, prices: Prices) -> list[Mended]:
    """Broken things of the spot, each once, repairs first (as the list takes them)."""
    units: dict[str, tuple[str, str, int]] = {}
    for _, _, gap in spot.members:
        for identity, kind, condition, count in gap.broken:
            most = max(count, units.get(identity, ("", "", 0))[2])
            units[identity] = kind, condition, most
    found = [
        mended(kind, Condition(condition), identity, count, prices)
        for identity, (kind, condition, count) in units.items()
    ]
    return sorted(found, key=lambda one: (one.action is LineAction.REPLACE, one.identity))


_Priced = tuple[LineAction, str, int, int | None]


def _mending(broken: Sequence[Mended], wanted: int) -> tuple[list[_Priced], dict[str, int], int]:
    """Up to `wanted` units mended: parts by (action, kind), units used by id, and what is left."""
    parts: dict[tuple[LineAction, str, int | None], int] = {}
    used: dict[str, int] = {}
    for one in broken:
        units = min(one.units, wanted)
        if units > 0:
            key = one.action, one.kind, one.unit_cost
            parts[key] = parts.get(key, 0) + units
            used[one.identity] = units
            wanted -= units
    return [(action, kind, units, cost) for (action, kind, cost), units in parts.items()], used, wanted


def lead_days(world: World, parts: Sequence[Part]) -> int:
    """Days until all of it hangs; what is mended where it stands counts as 0 (nobody wrote otherwise)."""
    ordered = [part.kind for part in parts if part.action is not LineAction.REPAIR]
    return max((world.inputs.lead_days(kind) for kind in ordered), default=0)
