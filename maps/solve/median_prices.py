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


@dataclass(frozen=True, eq=False)
class Pairs:
    """Listed pairs: (pairs,) demand, candidate and cost; m demands, n candidates."""

    demand: Ints
    who: Ints
    cost: Floats
    m: int
    n: int

    def keep(self, stays: Bools) -> "Pairs":
        """Only these pairs."""
        return Pairs(self.demand[stays], self.who[stays], self.cost[stays], self.m, self.n)


@dataclass(frozen=True, eq=False)
class Task:
    """What prices are for: pairs, how many sites, which candidates are in, which are open at all."""

    pairs: Pairs
    sites: int
    locked: Bools
    open: Bools


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
    window = _Window(task.pairs, price)
    best: Priced | None = None
    share = slope = np.zeros(0)
    for step in range(steps):
        worth, served = window.worth(price)
        chosen = _smallest(np.where(task.open, worth, np.inf), task.sites, task.locked)
        bound = float(price.sum() + worth[chosen].sum())
        idle = 0 if best is None or bound > best.bound + 1e-6 * abs(best.bound) else idle + 1
        inside = np.zeros(task.pairs.n)
        inside[chosen] = 1.0
        share = 0.95 * share + 0.05 * inside if step else inside
        if best is None or bound > best.bound:
            best = Priced(price.copy(), bound, worth, chosen, share)
        if idle >= _PATIENCE:
            agile, idle = agile * _CALMER, 0
        if step % 10 == 0:
            aim.look(chosen)
            if aim.watch.over("prices"):
                break
        target = aim.value()
        target = target if np.isfinite(target) else bound * 1.1 + 1.0
        slope = (1 - _SMOOTH) * slope + _SMOOTH * (1.0 - served(inside)) if step else 1.0 - served(inside)
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


class _Window:
    """The near pairs that prices of about this height can reach; grows when they rise."""

    def __init__(self, pairs: Pairs, price: Floats) -> None:
        self.every = pairs
        self._grow(price)

    def _grow(self, price: Floats) -> None:
        self.limit = price * _ROOM + 1e-9
        self.pairs = self.every.keep(self.every.cost <= self.limit[self.every.demand])

    def worth(self, price: Floats) -> tuple[Floats, Callable[[Floats], Floats]]:
        """(n,) ρ, and a function that counts how often a choice (n,) of 0 and 1 serves each demand."""
        if bool((price > self.limit).any()):
            self._grow(np.maximum(price, self.limit))
        pairs = self.pairs
        apart = np.minimum(pairs.cost - price[pairs.demand], 0.0)
        worth = added(pairs.who, apart, pairs.n)

        def served(inside: Floats) -> Floats:
            counted = inside[pairs.who] * (apart < 0)
            return added(pairs.demand, counted, pairs.m)

        return worth, served
