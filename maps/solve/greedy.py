"""Choosing one by one: gains kept up to date, limits kept, the classic greedy and what it is good for.

The gain of a candidate is the weight it would newly serve; for demands that need several units it
is counted in shares (weight × units ÷ need), so that the first of two needed units is worth
something too. Gains only fall as more is chosen (they are submodular), which is what makes greedy
good: with one unit each it reaches at least 1 − 1/e of the best under a limit of sites. Each choice
updates only the candidates that share a demand with it, so nothing needs to be looked up lazily.
"""

from collections.abc import Callable
from itertools import count

import numpy as np

from maps.solve.core import Core
from maps.solve.model import Bools, Floats, Ints


class Choice:
    """A choice that grows and shrinks. `gain` (n,), `have` (m,) units and row sums are always right."""

    def __init__(self, core: Core, chosen: Bools | None = None) -> None:
        self.core = core
        self.cost = core.cost.astype(np.float64)
        self.chosen = np.zeros(len(core.cost), np.bool_)
        self.have = np.zeros(len(core.weight))
        self.need = core.need.astype(np.float64)
        self.sum = np.zeros(len(core.lower))
        self.number, self.spent = 0, 0
        self._by_candidate = core.of_candidates.transposed()
        self._by_demand = core.of_demands.transposed()
        self._blocked = np.zeros(len(core.cost), np.bool_)
        self.gain = core.brings.sums(self._worth(core.brings.index, core.brings.value))
        if chosen is not None:
            self.change(np.flatnonzero(chosen), True)

    def _worth(self, demand: Ints, units: Floats) -> Floats:
        """What these units are worth at these demands now, in shares of their weight."""
        open_units = np.maximum(self.need[demand] - self.have[demand], 0.0)
        return np.asarray(self.core.weight[demand] * np.minimum(units, open_units) / self.need[demand])

    def change(self, candidates: Ints, into: bool) -> None:
        """Choose these candidates (or take them out again), none of them twice."""
        core, sign = self.core, 1.0 if into else -1.0
        self.chosen[candidates] = into
        self.number += int(sign) * len(candidates)
        self.spent += int(sign) * sum(core.cost[candidates].tolist())
        where = core.brings.where(candidates)
        demand = np.unique(core.brings.index[where])
        before = self.have[demand] >= self.need[demand]
        entries = core.takers.where(demand)
        owner = np.repeat(demand, core.takers.start[demand + 1] - core.takers.start[demand])
        who, units = core.takers.index[entries], core.takers.value[entries]
        old = self._worth(owner, units)
        np.add.at(self.have, core.brings.index[where], sign * core.brings.value[where])
        np.add.at(self.gain, who, self._worth(owner, units) - old)
        if len(self.sum):
            after = self.have[demand] >= self.need[demand]
            self._count_rows(candidates, demand[after != before], sign)

    def _count_rows(self, candidates: Ints, turned: Ints, sign: float) -> None:
        for rows, which in ((self._by_candidate, candidates), (self._by_demand, turned)):
            at = rows.where(which)
            np.add.at(self.sum, rows.index[at], sign * rows.value[at])
        full = self.core.upper - self.sum
        touched = self.core.of_candidates
        if len(touched.index) and np.isfinite(self.core.upper).any():
            tight = touched.value > (full + self.core.slack)[touched.owner()]
            self._blocked[:] = False
            self._blocked[touched.index[tight]] = True

    def open(self) -> Bools:
        """(n,) candidates that may still be added as far as budget, sites and upper limits go."""
        core = self.core
        if core.sites is not None and self.number >= core.sites:
            return np.zeros(len(core.cost), np.bool_)
        free = ~self.chosen & ~self._blocked
        if core.budget is not None:
            free &= core.cost <= core.budget - self.spent
        return free

    def unmet(self) -> Ints:
        """Rows below their lower limit."""
        return np.flatnonzero(self.sum < self.core.lower - self.core.slack)

    def fill(self, over: Callable[[], bool] = bool) -> None:
        """Add the candidate of most gain for its cost until nothing that fits gains anything, or `over()`."""
        core = self.core
        limited = core.budget is not None
        for turn in count():
            if turn % 64 == 63 and over():
                return
            rate = np.where(self.open() & (self.gain > 1e-9), self.gain, 0.0)
            if limited:
                rate = np.where(core.cost > 0, rate / np.maximum(self.cost, 1.0), rate * 1e9)
            best = int(np.argmax(rate)) if len(rate) else -1
            if best < 0 or rate[best] <= 0:
                return
            self.change(np.array([best]), True)

    def meet(self, liked: Floats) -> bool:
        """Add candidates for the rows that ask for more demands: most `liked` first, then cheap."""
        core = self.core
        for _ in range(len(core.cost)):
            unmet = self.unmet()
            if not len(unmet):
                return True
            row = int(unmet[0])
            demand = core.of_demands.row(row)
            demand = demand[self.have[demand] < self.need[demand]]
            who = np.unique(core.takers.index[core.takers.where(demand)])
            who = who[self.open()[who]]
            if not len(who):
                return False
            order = np.lexsort((self.cost[who], -np.round(liked[who], 6)))
            self.change(who[order[:1]], True)
        return False

    def prune(self) -> None:
        """Take out again what serves nothing that the others do not, dearest first."""
        mine = np.flatnonzero(self.chosen & ~self._helps() & (self._by_candidate.counts() == 0))
        for j in mine[np.lexsort((mine, -self.cost[mine]))].tolist():
            if not self._helps()[j]:
                self.change(np.array([j]), False)

    def _helps(self) -> Bools:
        """(n,) whether some demand is served that would not be without the candidate's units."""
        brings = self.core.brings
        served = (self.have >= self.need)[brings.index]
        needed = served & ((self.have - self.need)[brings.index] < brings.value)
        return brings.sums(needed.astype(np.float64)) > 0
