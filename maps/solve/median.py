"""The p-median: exactly p sites, every demand at the nearest one, least Σ weight × distance.

1. greedy and interchange: a value;
2. Lagrangian prices: a bound, and choices to improve by interchange; what the bound settles is
   left out, and the prices are improved again on what remains;
3. kicks: some sites swapped by chance, then interchange;
4. branch and bound with prices over the candidates that are still open.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from maps.solve.instance import Instance
from maps.solve.median_branch import Branching
from maps.solve.median_prices import Aim, Priced, Task, prices
from maps.solve.median_swaps import greedy, interchange
from maps.solve.median_table import Table, dense
from maps.solve.model import Bools, Floats, Ints, OutOfTime, gap_of
from maps.solve.watching import Watch

#: Steps of the first prices and of each later round on fewer candidates.
STEPS, MORE_STEPS, ROUNDS = 1000, 500, 3
_KICKS, _SEED = 60, 20260523


@dataclass(frozen=True)
class Medians:
    """The best choice (instance's numbers), its value, and the bound on every choice."""

    chosen: Ints
    value: float
    bound: float
    steps: tuple[str, ...]


@dataclass(eq=False)
class _Search:
    """The state: a table over the candidates that are still open, and the best choice of all."""

    table: Table
    number: Ints
    sites: int
    locked: Bools
    gap: float
    watch: Watch
    best: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    value: float = math.inf
    bound: float = 0.0
    steps: list[str] = field(default_factory=lambda: ["interchange"])
    seen: set[bytes] = field(default_factory=set)

    def look(self, chosen: Ints) -> None:
        """Improve a choice (numbers of the table) by interchange and keep it when it is better."""
        if chosen.tobytes() in self.seen:
            return
        self.seen.add(chosen.tobytes())
        better = interchange(self.table, chosen, self.locked, lambda: self.watch.over("interchange"))
        value = self.table.total(better)
        if value < self.value:
            self.value, self.best = value, self.number[better]
            self.watch.value = value

    def try_out(self, chosen: Ints) -> None:
        """Improve a choice only when it is not far from the best: for the many of a tree."""
        if len(chosen) == self.sites and self.table.total(chosen) <= 1.02 * self.value:
            self.look(chosen)

    def limit(self, bound: float) -> None:
        """Take in a bound, rounded up where every cost is whole."""
        if self.table.whole:
            bound = math.ceil(bound - 1e-6 * max(1.0, abs(bound) * 1e-6)) if math.isfinite(bound) else bound
        if bound >= self.value - 1e-9 * abs(self.value):
            bound = self.value
        self.bound = min(max(self.bound, bound), self.value)
        self.watch.bound = self.bound

    def aim(self, look: Callable[[Ints], None]) -> Aim:
        """What prices work towards."""
        return Aim(lambda: self.value, self.beat, look, self.watch)

    def beat(self) -> float:
        """What a better choice must reach."""
        return self.value - (1.0 if self.table.whole else 0.0)

    def closed(self, step: str) -> bool:
        """Whether the choice is proven as asked or the time is over; else `step` is noted as taken."""
        if gap_of(self.value, self.bound) <= self.gap or self.watch.over(step):
            return True
        self.steps.append(step)
        return False

    def narrow(self, inside: Bools, outside: Bools) -> None:
        """Leave candidates out and lock others in."""
        keep = ~outside
        self.locked = (self.locked | inside)[keep]
        if outside.any():
            self.table, self.number = self.table.keep(keep), self.number[keep]
            self.seen.clear()


def medians(instance: Instance, gap: float, watch: Watch) -> Medians:
    """Solve a p-median whose `sites` candidates can serve all. Raises OutOfTime when none was found."""
    search = _begin(instance, gap, watch)
    if search.table.cost.size and search.sites:
        locked = np.flatnonzero(search.locked)
        search.look(greedy(search.table, search.sites, locked))
        _priced(search)
    elif not len(search.table.cost):
        first = np.argsort(~search.locked, kind="stable")[: search.sites]
        search.best, search.value = search.number[first], 0.0
    if not math.isfinite(search.value):
        raise OutOfTime
    search.limit(search.bound)
    return Medians(np.sort(search.best), search.value, search.bound, tuple(dict.fromkeys(search.steps)))


def _begin(instance: Instance, gap: float, watch: Watch) -> _Search:
    size = len(instance.demands), len(instance.candidates)
    cost = instance.weight[instance.demand] * instance.distance
    table = dense(instance.demand, instance.candidate, cost, size)
    locked, keep = np.zeros(size[1], np.bool_), np.ones(size[1], np.bool_)
    locked[instance.locked_in], keep[instance.locked_out] = True, False
    search = _Search(table, np.arange(size[1]), instance.sites or 0, locked, gap, watch)
    search.narrow(locked, ~keep)
    return search


def _priced(search: _Search) -> None:
    """Prices, then fewer candidates, and again; then kicks, and the tree at last."""
    found: Priced | None = None
    for turn in range(ROUNDS):
        # Even without time the first prices are asked for: they are the bound.
        if search.closed("prices") and turn:
            return
        start = _first_prices(search) if found is None else found.prices
        steps = STEPS if turn == 0 else MORE_STEPS
        task = Task(useful(search.table, np.inf), search.sites, search.locked)
        found = prices(task, start, search.aim(search.look), steps)
        search.limit(found.bound)
        before = len(search.number)
        inside, outside = found.settled(search.beat())
        if math.isfinite(search.value):
            search.narrow(inside, outside)
        if turn and len(search.number) > 0.9 * before:
            break
    if found is None or search.closed("kicks"):
        return
    _kick(search)
    if not search.closed("branch"):
        _branch(search, found)


def _first_prices(search: _Search) -> Floats:
    """Between the nearest and the second nearest of the best choice."""
    at = np.flatnonzero(np.isin(search.number, search.best))
    if not math.isfinite(search.value):
        return np.asarray(np.where(search.table.near.counts() > 0, search.table.cost.min(axis=1), 0.0))
    near = search.table.nearest(at)
    return np.asarray(np.where(near.second < search.table.far, (near.least + near.second) / 2, near.least))


def useful(table: Table, most: Floats | float) -> Floats:
    """(n, m) costs, infinite where a pair is not listed or costs more than `most` of its demand."""
    cost = np.ascontiguousarray(table.cost.T)
    return np.where((cost >= table.far) | (cost > most), np.inf, cost)


def _branch(search: _Search, found: Priced) -> None:
    """Branch and bound over the open candidates; pairs that no better choice uses are left out."""
    most: Floats | float = np.inf
    if math.isfinite(search.value):
        most = found.prices + max(search.beat() - found.bound, 0.0)
        most += 1e-6 * np.maximum(1.0, np.abs(most))
    tree = Branching(useful(search.table, most), search.sites, search.aim(search.try_out))
    if tree.run(search.locked, found, search.limit):
        search.limit(search.value)


def _kick(search: _Search) -> None:
    """Swap some sites by chance and improve again; a bounded number of times."""
    chance = np.random.default_rng(_SEED)
    until = search.watch.gone() + 0.05 * search.watch.left()
    for _ in range(_KICKS):
        if search.watch.over("kicks") or search.watch.gone() > until:
            return
        inside = np.isin(search.number, search.best)
        free, others = np.flatnonzero(inside & ~search.locked), np.flatnonzero(~inside)
        size = min(len(free), len(others), max(2, len(free) // 10))
        if not size:
            return
        inside[chance.choice(free, size, replace=False)] = False
        inside[chance.choice(others, size, replace=False)] = True
        search.look(np.flatnonzero(inside))
