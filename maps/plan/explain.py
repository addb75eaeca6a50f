"""Why a plan does what it does: what each choice gains, what is left out, what it would push out. Pure."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from inventory.vocabulary import Channel
from inventory.wording import vietnamese_key
from maps.plan.ask import Ask
from maps.plan.candidates import funds_of, payers
from maps.plan.funds import split, totals, with_works_caps
from maps.plan.offers import Candidate, Offers, Skip, Want
from maps.plan.result import Choice, Left, Reached, WardSum
from maps.plan.terms import Names, World, reaches_out
from maps.plan.wants import people


class Explaining:
    """The choices of a plan and what follows from them. `chosen` are numbers of candidates."""

    def __init__(self, world: World, ask: Ask, offers: Offers, chosen: Sequence[int]) -> None:
        self._world, self._ask, self._offers = world, ask, offers
        self._units = offers.units_of(chosen)
        self._need = [want.need for want in offers.wants]
        self.served = [n for n, need in enumerate(self._need) if self._units[n] >= need]
        self._is_served = set(self.served)
        copies: dict[str, list[int]] = defaultdict(list)
        for n in sorted(chosen):
            copies[offers.candidates[n].base].append(n)
        self._copies = list(copies.values())
        self.cost = sum(offers.candidates[n].cost for n in chosen)

    def choices(self) -> tuple[Choice, ...]:
        """Every choice, by what it gains beside the rest, then by its key; with who pays."""
        made = [self._choice(numbers) for numbers in self._copies]
        paid = self._paid(made)
        made = [replace(one, funds=tuple(sorted(row.items()))) for one, row in zip(made, paid, strict=True)]
        return tuple(sorted(made, key=lambda one: (-one.beside, -one.alone, one.cost, one.key)))

    def fund_totals(self, choices: Sequence[Choice]) -> tuple[tuple[int, int], ...]:
        """What each source pays in all, with its share of the additions."""
        funds = funds_of(self._world, self._ask)
        if not funds:
            return ()
        works: dict[int, int] = defaultdict(int)
        for one in choices:
            for fund, amount in one.funds:
                works[fund] += amount
        return tuple(sorted(totals(works, funds, self._world.book).items()))

    def _paid(self, made: Sequence[Choice]) -> list[dict[int, int]]:
        funds = with_works_caps(funds_of(self._world, self._ask), self._world.book)
        if not funds:
            return [{} for _ in made]
        kinds = dict(Names.of(self._world.facts).kinds)
        who = [payers(one.candidate, funds, kinds) for one in made]
        found = split([one.cost for one in made], who, funds)
        if found is None:
            raise ArithmeticError("the funds' caps hold in the model and not in the split")
        return found

    def _choice(self, numbers: Sequence[int]) -> Choice:
        first = self._offers.candidates[numbers[0]]
        brought = self._brought(numbers)
        ahead = self._world.days_left
        return Choice(
            key=first.base,
            candidate=first,
            copies=len(numbers),
            parts=tuple(replace(part, units=part.units * len(numbers)) for part in first.parts),
            from_store=tuple((kind, units * len(numbers)) for kind, units in first.from_store),
            cost=first.cost * len(numbers),
            serves=tuple(self._offers.wants[n].key for n in sorted(brought) if n in self._is_served),
            alone=sum(self._voters(n) for n, units in brought.items() if units >= self._need[n]),
            beside=sum(
                self._voters(n)
                for n, units in brought.items()
                if n in self._is_served and self._units[n] - units < self._need[n]
            ),
            channel=self._world.reach.channel(_kind_of(first)),
            funds=(),
            phase=1 if first.lead_days <= ahead else 2,
            life=self._world.inputs.life(_kind_of(first)),
        )

    def _brought(self, numbers: Sequence[int]) -> Mapping[int, int]:
        brought: dict[int, int] = defaultdict(int)
        for number in numbers:
            for want, units in self._offers.serves[number]:
                brought[want] += units
        return brought

    def _voters(self, want: int) -> int:
        return self._offers.wants[want].voters

    def left(self, choices: Sequence[Choice], works: int, out: frozenset[int]) -> tuple[Left, ...]:
        """Every want that is not served, most voters first; `out` are candidates that are locked out."""
        skipped = dict(self._offers.skipped)
        ways = self._ways(out)
        spare = works - self.cost
        pushed = _Pushing([one for one in choices if one.cost > 0 and not self._locked(one.candidate)])
        found = []
        for n, want in enumerate(self._offers.wants):
            if n in self._is_served:
                continue
            cost = self._cheapest(n, ways[n])
            pushes, lost = pushed.out(cost - spare) if cost is not None else ((), 0)
            skip = None if cost is not None else skipped.get(n, Skip.NO_WAY)
            found.append(Left(want, cost, skip, pushes, lost))
        return tuple(sorted(found, key=lambda one: (not one.want.mandatory, -one.want.voters, one.want.key)))

    def _ways(self, out: frozenset[int]) -> Mapping[int, list[tuple[int, int]]]:
        """Ways to bring units to a want that is not served yet: (đồng, units), cheapest first."""
        chosen = {n for numbers in self._copies for n in numbers}
        # A larger bundle of the same spot takes the place of the chosen one.
        spared = {
            self._offers.candidates[n].group: self._offers.candidates[n].cost
            for n in chosen
            if self._offers.candidates[n].group
        }
        ways: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for n, serves in enumerate(self._offers.serves):
            one = self._offers.candidates[n]
            if n in chosen or n in out or one.from_store:
                continue
            for want, units in serves:
                ways[want].append((max(0, one.cost - spared.get(one.group, 0)), units))
        for row in ways.values():
            row.sort()
        return ways

    def _cheapest(self, want: int, ways: Sequence[tuple[int, int]]) -> int | None:
        """Đồng to serve it beside the plan, the cheapest ways first; None where they do not suffice."""
        lacking, cost = self._need[want] - self._units[want], 0
        for price, units in ways:
            if lacking <= 0:
                break
            cost, lacking = cost + price, lacking - units
        return cost if lacking <= 0 else None

    def _locked(self, candidate: Candidate) -> bool:
        return any(candidate.answers_to(key) for key in self._ask.locked_in)

    def reached(self) -> tuple[Reached, ...]:
        """Voters newly reached through each channel, each of them once."""
        requirements = Names.of(self._world.facts).requirements
        at_place = people(self._world)
        reached: dict[Channel, dict[tuple[str, int], int]] = defaultdict(dict)
        for n in self.served:
            want = self._offers.wants[n]
            requirement = requirements[want.requirement_id]
            channel = self._world.reach.channel(requirement.priced_kind)
            if channel is not None:
                reached[channel].update(self._whose(want, reaches_out(requirement), at_place))
        return tuple(
            Reached(channel, sum(reached[channel].values()), len(reached[channel]))
            for channel in Channel
            if channel in reached
        )

    def _whose(
        self, want: Want, from_afar: bool, at_place: Mapping[int, list[tuple[tuple[str, int], int]]]
    ) -> dict[tuple[str, int], int]:
        """Who is served: one point from afar, all of a place's by what hangs there, all of a ward's."""
        if from_afar:
            return {want.who: want.voters}
        if want.place_id is not None:
            return dict(at_place[want.place_id])
        places = (place.id for place in self._world.facts.places if place.area_id == want.area_id)
        return {who: voters for place in places for who, voters in at_place[place]}

    def wards(self, choices: Sequence[Choice]) -> tuple[WardSum, ...]:
        """Each ward before and after, by name."""
        spent: dict[int, int] = defaultdict(int)
        for one in choices:
            spent[one.candidate.area_id] += one.cost
        gained: dict[int, int] = defaultdict(int)
        met: dict[int, int] = defaultdict(int)
        for n in self.served:
            want = self._offers.wants[n]
            gained[want.area_id] += want.voters
            met[want.area_id] += want.own
        answered: dict[int, int] = defaultdict(int)
        for gap in self._world.gaps:
            answered[gap.area_id] += gap.answered
        lacking: dict[int, int] = defaultdict(int)
        for want in self._offers.wants:
            lacking[want.area_id] += want.own
        return tuple(
            WardSum(
                area.id,
                answered[area.id],
                answered[area.id] - lacking[area.id],
                answered[area.id] - lacking[area.id] + met[area.id],
                spent[area.id],
                gained[area.id],
            )
            for area in sorted(self._world.facts.areas, key=lambda one: (vietnamese_key(one.name), one.id))
        )


def _kind_of(candidate: Candidate) -> str:
    """The kind that a candidate is known by: what most money goes to, else what comes out of store."""
    if candidate.parts:
        return max(candidate.parts, key=lambda part: (part.units * part.unit_cost, part.kind)).kind
    return candidate.from_store[0][0] if candidate.from_store else ""


class _Pushing:
    """What would have to go to make room: one choice, or several of little gain for their money."""

    def __init__(self, free: Sequence[Choice]) -> None:
        self._several = sorted(free, key=lambda one: (one.beside / one.cost, one.key))
        self._freed = list(accumulate(one.cost for one in self._several))
        self._lost = list(accumulate(one.beside for one in self._several))
        self._single = sorted(free, key=lambda one: (one.beside, one.cost, one.key))

    def out(self, wanted: int) -> tuple[tuple[str, ...], int]:
        """Keys of what goes so that `wanted` đồng are free, and the voters lost; nothing if none suffices."""
        if wanted <= 0:
            return (), 0
        single = next((one for one in self._single if one.cost >= wanted), None)
        count = bisect_left(self._freed, wanted) + 1
        enough = count <= len(self._freed)
        if single is not None and (not enough or single.beside <= self._lost[count - 1]):
            return (single.key,), single.beside
        if not enough:
            return (), 0
        return tuple(one.key for one in self._several[:count]), self._lost[count - 1]


def unled(world: World, choices: Sequence[Choice]) -> tuple[str, ...]:
    """Kinds that are bought and whose lead time nobody wrote."""
    bought: set[str] = {part.kind for one in choices for part in one.parts}
    return world.inputs.without_lead(sorted(bought))
