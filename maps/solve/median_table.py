"""The costs of a p-median: who is how far from whom, sorted once.

cost[i, j] = weight_i × distance_ij of demand i at candidate j; a pair that is not listed costs
`far`, more than any choice with listed pairs only, so that it is never wanted and always seen.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maps.solve.model import Bools, Floats, Ints
from maps.solve.sparse import Sparse, starts


@dataclass(frozen=True, eq=False)
class Nearest:
    """(m,) the position of the nearest among the chosen, its cost and that of the second, and how many
    listed candidates are as near as the second or nearer."""

    first: Ints
    least: Floats
    second: Floats
    places: Ints


@dataclass(frozen=True, eq=False)
class Table:
    """m demands × n candidates. `near` has each demand's listed candidates, nearest first; `rank`
    (m, n) is a candidate's place among them (their number where it is not listed)."""

    cost: Floats
    near: Sparse
    rank: NDArray[np.int32]
    far: float
    whole: bool

    def nearest(self, chosen: Ints) -> "Nearest":
        """The nearest and the second nearest of the chosen for each demand."""
        among = self.cost[:, chosen]
        rows = np.arange(len(among))
        first = np.argmin(among, axis=1)
        least = among[rows, first]
        among[rows, first] = np.inf
        then = np.argmin(among, axis=1)
        second = np.minimum(among[rows, then], self.far)
        places = np.where(second < self.far, self.rank[rows, chosen[then]], self.near.counts())
        return Nearest(first, least, second, places)

    def total(self, chosen: Ints) -> float:
        """The value of a choice; infinite when a demand has no listed candidate among them."""
        if not len(self.cost):
            return 0.0
        least = self.cost[:, chosen].min(axis=1) if len(chosen) else np.full(len(self.cost), self.far)
        return float(np.inf) if bool((least >= self.far).any()) else float(least.sum())

    def within(self, limit: Ints) -> tuple[Ints, Ints]:
        """Entries of `near` in the first `limit[i]` places of each demand: (demand, position)."""
        demand = np.repeat(np.arange(len(limit)), limit)
        ends = np.cumsum(limit)
        position = np.arange(len(demand)) + np.repeat(self.near.start[:-1] - (ends - limit), limit)
        return demand, position

    def keep(self, candidates: Bools) -> "Table":
        """Only these candidates, numbered anew."""
        return table_of(self.cost[:, candidates], self.far, self.whole)


def table_of(cost: Floats, far: float, whole: bool) -> Table:
    """Sort the costs of each demand; equals keep the candidates' order."""
    order = np.argsort(cost, axis=1, kind="stable")
    rank = np.empty(cost.shape, np.int32)
    np.put_along_axis(rank, order, np.arange(cost.shape[1], dtype=np.int32)[None, :], axis=1)
    listed = (cost < far).sum(axis=1)
    rank = np.minimum(rank, listed[:, None].astype(np.int32))
    among = np.arange(cost.shape[1])[None, :] < listed[:, None]
    sorted_cost = np.take_along_axis(cost, order, axis=1)
    near = Sparse(starts(listed), order[among].astype(np.int64), sorted_cost[among], cost.shape[1])
    return Table(cost, near, rank, far, whole)


def dense(demand: Ints, candidate: Ints, cost: Floats, size: tuple[int, int]) -> Table:
    """The table of listed pairs, each once."""
    most = np.zeros(size[0])
    np.maximum.at(most, demand, cost)
    far = 2.0 * float(most.sum()) + 1.0
    table = np.full(size, far)
    table[demand, candidate] = cost
    return table_of(table, far, bool((cost == np.rint(cost)).all()))
