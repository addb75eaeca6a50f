"""Ways to serve what counts from elsewhere: new things at venues and free sites, repairs, store. Pure.

A thing is bought for one requirement and counts for no other, as the law of counting has it for
one place; so what a plan promises is never more than the next run will find. Each kind that counts
is offered with its own price and reach, except one that the standard asks for by its name in
another requirement: there it would be taken first (docs/figures.md, "kind before family").
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from inventory.facts import KindFact, PlaceFact, RequirementFact, StateFact
from inventory.standards import counted_kinds
from inventory.vocabulary import Condition, Lifecycle, LineAction
from maps.coverage.gaps import Gap
from maps.coverage.things import venue_points
from maps.investment.pricing import Prices
from maps.plan.covering import Known, at, reached_by_new, reached_by_standing
from maps.plan.local import Stock, lead_days, mended
from maps.plan.offers import Candidate, Making, Part, Skip
from maps.plan.terms import World, reaches_out
from maps.planning.allowing import allowed
from maps.planning.inputs import Duty

#: Copies of one thing on one spot, for requirements that ask for several.
MOST_COPIES = 5


@dataclass(frozen=True)
class _Spot:
    """Where something may be put up: a venue (with the first of its places) or a free site."""

    name: str
    area_id: int
    place: PlaceFact | None
    site: int | None
    lat: float | None
    lon: float | None


def offer_sited(making: Making, world: World, stock: Stock) -> None:
    """Add what can serve the wants of every requirement that reaches out."""
    for requirement in world.facts.standard.requirements:
        mine = [n for n, want in enumerate(making.wants) if want.requirement_id == requirement.id]
        if mine and reaches_out(requirement):
            _Siting(making, world, requirement, mine).offer(stock)


def kinds_offered(world: World, requirement: RequirementFact) -> list[KindFact]:
    """The kinds that are bought for a requirement, in the order of the taxonomy."""
    others = {
        one.kind
        for one in world.facts.standard.requirements
        if one.kind is not None and one.id != requirement.id
    }
    counted = counted_kinds(requirement, world.facts.kinds)
    return [
        kind
        for kind in world.facts.kinds
        if kind.code in counted
        and (kind.code in (requirement.kind, requirement.priced_kind) or kind.code not in others)
    ]


class _Siting:
    """The offers for one requirement."""

    def __init__(
        self, making: Making, world: World, requirement: RequirementFact, mine: Sequence[int]
    ) -> None:
        self._making, self._world, self._requirement = making, world, requirement
        self._mine = list(mine)
        self._wants = [making.wants[n] for n in mine]
        self._areas = [want.area_id for want in self._wants]
        self._at = at([(want.lat, want.lon) for want in self._wants])
        self._prices = Prices(world.book.rows, {kind.code: kind for kind in world.facts.kinds})
        self._venue_of = {place.id: place.venue_id for place in world.facts.places}

    def offer(self, stock: Stock) -> None:
        """New things of every kind, units in store, broken things."""
        spots = self._spots()
        for kind in kinds_offered(self._world, self._requirement):
            price = self._prices.of(kind.code, LineAction.BUY)
            if price is None:
                self._making.pass_over(self._mine, Skip.NO_PRICE)
            shelves = {area for (area, code), units in stock.items() if code == kind.code and units}
            if price is not None or shelves:
                self._put_up(kind, spots, price.amount if price else None, shelves)
        self._mend()

    def _spots(self) -> list[_Spot]:
        """The venues of the wants' places by place id, then the free sites."""
        places = {place.id: place for place in self._world.facts.places}
        venues: dict[int, PlaceFact] = {}
        for number in sorted({want.place_id for want in self._wants if want.place_id is not None}):
            venues.setdefault(places[number].venue_id, places[number])
        spots = []
        for place in venues.values():
            known = place.lat is not None and place.lon is not None
            point = (place.lat, place.lon) if known else (None, None)
            spots.append(_Spot(f"place:{place.id}", place.area_id, place, None, *point))
        for site in self._world.inputs.sites:
            if site.duty is not Duty.MUST_NOT:
                spots.append(_Spot(f"site:{site.id}", site.area_id, None, site.id, site.lat, site.lon))
        return spots

    def _fits(self, kind: KindFact, spots: Sequence[_Spot]) -> list[bool]:
        """Where a new thing of the kind may stand; what has no position lies in no zone."""
        lat = np.array([np.nan if spot.lat is None else spot.lat for spot in spots])
        lon = np.array([np.nan if spot.lon is None else spot.lon for spot in spots])
        free = allowed(lat, lon, kind, self._world.inputs).tolist()
        takes = {site.id: site.covers(kind) for site in self._world.inputs.sites}
        return [ok and (spot.site is None or takes[spot.site]) for ok, spot in zip(free, spots, strict=True)]

    def _put_up(
        self, kind: KindFact, spots: Sequence[_Spot], unit_cost: int | None, shelves: set[int]
    ) -> None:
        sites = at([(spot.lat, spot.lon) for spot in spots])
        point, spot = reached_by_new(
            self._requirement, self._at, self._areas, sites, kind.code, self._world.reach
        )
        served: dict[int, list[int]] = defaultdict(list)
        for want, number in zip(point.tolist(), spot.tolist(), strict=True):
            served[number].append(want)
        fits = self._fits(kind, spots)
        for number, one in enumerate(spots):
            wants = self._at_venue(one) if one.lat is None else served[number]
            if not wants:
                continue
            if not fits[number]:
                self._making.pass_over([self._mine[want] for want in wants], Skip.EXCLUDED)
                continue
            self._copies(kind, one, wants, unit_cost, one.area_id in shelves)

    def _at_venue(self, spot: _Spot) -> list[int]:
        """What a thing at a venue of unknown position serves: the places of that venue."""
        assert spot.place is not None  # noqa: S101 -- a free site has a position
        return [
            n
            for n, want in enumerate(self._wants)
            if want.own and want.place_id is not None and self._venue_of[want.place_id] == spot.place.venue_id
        ]

    def _copies(
        self, kind: KindFact, spot: _Spot, wants: Sequence[int], unit_cost: int | None, stored: bool
    ) -> None:
        most = min(MOST_COPIES, max((self._wants[want].need for want in wants), default=1))
        serves = [(self._mine[want], 1) for want in wants]
        code = self._requirement.code
        place = spot.place.id if spot.place else self._best_place(wants)
        plain = Candidate(
            "", self._requirement.id, spot.area_id, place, (), site=spot.site, lat=spot.lat, lon=spot.lon
        )
        for copy in range(1, most + 1):
            mark = f"/{code}" + (f"#{copy}" if copy > 1 else "")
            if unit_cost is not None:
                part = Part(LineAction.BUY, kind.code, 1, unit_cost)
                key = f"buy:{kind.code}@{spot.name}{mark}"
                soon = lead_days(self._world, (part,))
                self._making.add(replace(plain, key=key, parts=(part,), lead_days=soon), serves)
            if stored:
                key = f"store:{kind.code}@{spot.name}{mark}"
                self._making.add(replace(plain, key=key, from_store=((kind.code, 1),)), serves)

    def _best_place(self, wants: Sequence[int]) -> int | None:
        """The place that a free site is named after: the one with most voters that it serves."""
        served = [self._wants[want] for want in wants]
        if not served:
            return None
        return max(served, key=lambda want: (want.voters, -(want.place_id or 0))).place_id

    def _mend(self) -> None:
        """Broken things that the gaps of this requirement name, mended where they stand."""
        named = self._named()
        states = {one.id: one.reported for one in self._world.facts.installations if one.id in named}
        kept = sorted((number, state) for number, state in states.items() if state is not None)
        works = [self._working(state) for _, state in kept]
        venues = venue_points(self._world.facts.places)
        spots = [_stands(state, venues) for state in works]
        point, thing = reached_by_standing(
            self._requirement, self._at, self._areas, at(spots), works, self._world.reach
        )
        served: dict[int, list[int]] = defaultdict(list)
        for want, number in zip(point.tolist(), thing.tolist(), strict=True):
            served[number].append(want)
        for number, (identity, state) in enumerate(kept):
            wants = sorted({*served[number], *self._named_by(identity)})
            self._mended(identity, state, named[identity], wants, spots[number])

    def _named(self) -> dict[str, tuple[str, int]]:
        found: dict[str, tuple[str, int]] = {}
        for gap in self._gaps():
            for identity, _kind, condition, units in gap.broken:
                found[identity] = condition, max(units, found.get(identity, ("", 0))[1])
        return found

    def _gaps(self) -> Iterable[Gap]:
        open_at = {want.place_id for want in self._wants if want.own}
        return (
            gap
            for gap in self._world.gaps
            if gap.requirement_id == self._requirement.id and gap.place_id in open_at
        )

    def _named_by(self, identity: str) -> list[int]:
        """The places without a position that count the thing: it is recorded at their venue."""
        here = {gap.place_id for gap in self._gaps() if any(row[0] == identity for row in gap.broken)}
        return [
            n for n, want in enumerate(self._wants) if want.own and want.lat is None and want.place_id in here
        ]

    def _working(self, state: StateFact) -> StateFact:
        kinds = {kind.code: kind for kind in self._world.facts.kinds}
        condition = min(kinds[state.kind].works_when, default=Condition.GOOD)
        return replace(state, condition=condition, working=state.quantity, lifecycle=Lifecycle.IN_USE)

    def _mended(
        self,
        identity: str,
        state: StateFact,
        named: tuple[str, int],
        wants: Sequence[int],
        stands: Known,
    ) -> None:
        condition, units = named
        work = mended(state.kind, Condition(condition), identity, units, self._prices)
        if work.unit_cost is None:
            self._making.pass_over([self._mine[want] for want in wants], Skip.NO_PRICE)
            return
        parts = (Part(work.action, work.kind, units, work.unit_cost),)
        self._making.add(
            Candidate(
                key=f"{work.action.value}:{work.kind}@thing:{identity}/{self._requirement.code}",
                requirement_id=self._requirement.id,
                area_id=state.area_id,
                place_id=self._best_place(wants),
                parts=parts,
                broken=((identity, units),),
                thing=identity,
                lat=stands[0],
                lon=stands[1],
                lead_days=lead_days(self._world, parts),
            ),
            [(self._mine[want], units) for want in wants],
        )


def _stands(state: StateFact, venues: dict[int, tuple[float, float]]) -> Known:
    """Where a thing stands: its own position, or its venue's point."""
    if state.lat is not None and state.lon is not None:
        return state.lat, state.lon
    return venues.get(state.venue_id, (None, None)) if state.venue_id is not None else (None, None)
