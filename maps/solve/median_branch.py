"""Branch and bound on a p-median, with prices as bounds.

A node says of some candidates that they are chosen and of some that they are not. Its prices start
from its parent's; what they settle is carried down; a node whose bound reaches the value is closed.
The most promising node is opened next and split by the open candidate that was about half of the
time among the p best (its price worth is the least certain). Tables are never copied: a node keeps
two masks and its prices.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from maps.solve.median_prices import Aim, Pairs, Priced, Task, prices
from maps.solve.model import Bools, Floats

#: Steps of the prices of a node.
STEPS = 45


@dataclass(order=True)
class Node:
    """A part of all choices and a bound on it; ordered by the bound."""

    bound: float
    turn: int
    locked: Bools = field(compare=False)
    open: Bools = field(compare=False)
    prices: Floats = field(compare=False)
    share: Floats = field(compare=False)


@dataclass(eq=False)
class Branching:
    """The tree over some pairs; `aim` knows the best value and takes better choices."""

    pairs: Pairs
    sites: int
    aim: Aim
    heap: list[Node] = field(default_factory=list)
    turn: int = 0

    def run(self, locked: Bools, root: Priced, told: Callable[[float], None]) -> bool:
        """Open nodes until none is left (True) or the time is over; `told` hears the bound as it rises."""
        self._add(locked, np.ones(self.pairs.n, np.bool_), root)
        while self.heap:
            told(self.heap[0].bound)
            if self.aim.watch.over("branch"):
                return False
            node = heapq.heappop(self.heap)
            if node.bound > self.aim.beat() + 1e-6:
                return True
            self._split(node)
        return True

    def _split(self, node: Node) -> None:
        """The two parts of a node."""
        free = np.flatnonzero(node.open & ~node.locked)
        if int(node.locked.sum()) >= self.sites or int(node.open.sum()) <= self.sites or not len(free):
            self._leaf(node)
            return
        j = int(free[np.argmin(np.abs(node.share[free] - 0.5))])
        for into in (True, False):
            locked, still = node.locked.copy(), node.open.copy()
            (locked if into else still)[j] = into
            self._bound(locked, still, node)

    def _leaf(self, node: Node) -> None:
        """Nothing is open: the only choice of the node."""
        chosen = node.locked if int(node.locked.sum()) >= self.sites else node.open
        self.aim.look(np.flatnonzero(chosen))

    def _bound(self, locked: Bools, still: Bools, parent: Node) -> None:
        """Prices of a new part; kept when a better choice may be in it."""
        if int(still.sum()) < self.sites or int(locked.sum()) > self.sites:
            return
        if int(locked.sum()) == self.sites:
            still = locked
        pairs = self.pairs.keep(still[self.pairs.who])
        task = Task(pairs, self.sites, locked, still)
        found = prices(task, parent.prices, self.aim, STEPS)
        if found.bound <= self.aim.beat() + 1e-6:
            self._add(locked, still, found)

    def _add(self, locked: Bools, still: Bools, found: Priced) -> None:
        inside, outside = found.settled(self.aim.beat())
        self.turn += 1
        locked, still = (locked | inside) & still, still & ~outside
        heapq.heappush(self.heap, Node(found.bound, self.turn, locked, still, found.prices, found.share))
