"""Lagrangian bounds on a p-median and what they settle.

The rule that every demand is served once is given a price u_i. Then candidate j is worth
ρ_j = Σ_i min(0, c_ij − u_i), the best choice is the p smallest ρ, and for any prices

    L(u) = Σ_i u_i + Σ_{j among the p smallest} ρ_j  ≤  every value.

Prices move along a smoothed subgradient (Held–Karp step). With the best prices, a candidate outside the
p smallest is in no better choice when L + ρ_j − ρ_(p) exceeds the value to beat, and one inside is in
all of them when L + ρ_(p+1) − ρ_j does; a demand is in no better choice served dearer than
u_i + (value to beat − L).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from maps.solve.model import Bools, Floats, Ints
from maps.solve.sparse import added
from maps.solve.watching import Watch

_PATIENCE, _CALMER, _SMOOTH = 20, 0.7, 0.3
#: Prices above the window's edge ask for a wider window of near candidates.
_ROOM = 1.15
#: A near pair looked at alone takes as long as this many of a whole table.
_DENSER = 10


@dataclass(frozen=True, eq=False)
class Task:
    """What prices are for: the costs (n, m) of the open candidates, infinite where a pair is of no
    use, how many sites, and which candidates (n,) are in already."""

    cost: Floats
    sites: int
    locked: Bools


@dataclass(frozen=True, eq=False)
class Priced:
    """The best prices found, their bound, worths, the choice of the p smallest, and how often of
    late each candidate was among them."""

    prices: Floats
    bound: float
    worth: Floats
    chosen: Ints
    share: Floats

    def settled(self, beat: float) -> tuple[Bools, Bools]:
        """(n,) candidates that every choice of at most `beat` has, and that none has."""
        inside = np.zeros(len(self.worth), np.bool_)
        inside[self.chosen] = True
        slack = beat - self.bound + 1e-6 * max(1.0, abs(self.bound) * 1e-6)
        last = self.worth[inside].max(initial=-np.inf)
        first = self.worth[~inside].min(initial=np.inf)
        return inside & (first - self.worth > slack), ~inside & (self.worth - last > slack)


@dataclass(frozen=True)
class Aim:
    """What prices work towards: the value so far, what a better one must reach, who looks at choices."""

    value: Callable[[], float]
    beat: Callable[[], float]
    look: Callable[[Ints], None]
    watch: Watch


def prices(task: Task, start: Floats, aim: Aim, steps: int) -> Priced:
    """Improve prices for some steps; ends early once the bound leaves nothing better."""
    price, agile, idle = start.copy(), 1.0, 0
    worths = _Worths(task.cost, price)
    best: Priced | None = None
    share = slope = np.zeros(0)
    for step in range(steps):
        worth = worths.at(price)
        chosen = _smallest(worth, task.sites, task.locked)
        bound = float(price.sum() + worth[chosen].sum())
        idle = 0 if best is None or bound > best.bound + 1e-6 * abs(best.bound) else idle + 1
        inside = np.zeros(len(worth))
        inside[chosen] = 1.0
        share = 0.95 * share + 0.05 * inside if step else inside
        if best is None or bound > best.bound:
            best = Priced(price.copy(), bound, worth, chosen, share)
        if idle >= _PATIENCE:
            agile, idle = agile * _CALMER, 0
        if step % 10 == 0:
            if step % 20 == 0:
                aim.look(chosen)
            if aim.watch.over("prices"):
                break
        target = aim.value()
        target = target if np.isfinite(target) else bound * 1.1 + 1.0
        fresh = 1.0 - worths.served(chosen)
        slope = (1 - _SMOOTH) * slope + _SMOOTH * fresh if step else fresh
        norm = float((slope * slope).sum())
        if norm < 1e-12 or best.bound >= target or best.bound > aim.beat() + 1e-6 or agile < 1e-3:
            break
        price = np.maximum(price + agile * (target - bound) / norm * slope, 0.0)
    assert best is not None  # noqa: S101 -- steps is at least 1
    return replace(best, share=share)


def _smallest(worth: Floats, sites: int, locked: Bools) -> Ints:
    """The `sites` smallest worths, the locked ones among them whatever theirs; ascending."""
    ranked = np.where(locked, -np.inf, worth)
    if sites >= len(ranked):
        return np.arange(len(ranked))
    return np.sort(np.argsort(ranked, kind="stable")[:sites])


class _Worths:
    """ρ of all candidates for given prices: over the whole table, or over the near pairs only.

    Few of many pairs cost less than their price when many sites are chosen; then it is quicker to
    look at those that prices of about this height can reach, and to look again when prices rise.
    """

    def __init__(self, cost: Floats, price: Floats) -> None:
        self.cost = cost
        self.limit = np.zeros(0)
        self._grow(price)

    def _grow(self, price: Floats) -> None:
        self.limit = price * _ROOM + 1e-9
        near = self.cost <= self.limit
        self.sparse = int(near.sum()) * _DENSER < near.size
        if self.sparse:
            self.who, self.demand = np.nonzero(near)
            self.near = self.cost[near]
            self.apart = np.zeros(len(self.near))
        else:
            self.limit[:] = np.inf
            self.apart = np.empty(self.cost.shape)

    def at(self, price: Floats) -> Floats:
        """(n,) ρ at these prices."""
        if bool((price > self.limit).any()):
            self._grow(np.maximum(price, self.limit))
        if self.sparse:
            self.apart = np.minimum(self.near - price[self.demand], 0.0)
            return added(self.who, self.apart, len(self.cost))
        np.subtract(self.cost, price, out=self.apart)
        np.minimum(self.apart, 0.0, out=self.apart)
        return np.asarray(self.apart.sum(axis=1))

    def served(self, chosen: Ints) -> Floats:
        """(m,) how often a choice serves each demand at the prices last asked for."""
        if not self.sparse:
            return np.asarray((self.apart[chosen] < 0).sum(axis=0), dtype=np.float64)
        inside = np.zeros(len(self.cost))
        inside[chosen] = 1.0
        return added(self.demand, inside[self.who] * (self.apart < 0), self.cost.shape[1])
