"""Branch and bound on a p-median, with prices as bounds.

A node says of some candidates that they are chosen and of some that they are not. Its prices start
from its parent's; what they settle is carried down; a node whose bound reaches the value is closed.
The most promising node is opened next and split by the open candidate that was most
often, but not nearly always, among the p best. A node keeps numbers, a mask and its prices, and no table.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from maps.solve.median_prices import Aim, Priced, Task, prices
from maps.solve.model import Bools, Floats, Ints

#: Steps of the prices of a node.
STEPS = 20
#: A candidate that is among the p best more often than this is no question worth asking.
SURE = 0.9


@dataclass(order=True)
class Node:
    """A part of all choices and a bound on it; ordered by the bound.

    `open` are the candidates that may be chosen (numbers of the tree's table), and locked, share
    say of each of them whether it is in already and how often of late it was among the p best.
    """

    bound: float
    turn: int
    open: Ints = field(compare=False)
    locked: Bools = field(compare=False)
    prices: Floats = field(compare=False)
    share: Floats = field(compare=False)


@dataclass(eq=False)
class Branching:
    """The tree over a table of costs (n, m); `aim` knows the best value and takes better choices."""

    cost: Floats
    sites: int
    aim: Aim
    heap: list[Node] = field(default_factory=list)
    turn: int = 0

    def run(self, locked: Bools, root: Priced, told: Callable[[float], None]) -> bool:
        """Open nodes until none is left (True) or the time is over; `told` hears the bound as it rises."""
        self._add(np.arange(len(self.cost)), locked, root)
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
        """The two parts of a node: without its least certain candidate, and with it."""
        free = np.flatnonzero(~node.locked)
        if int(node.locked.sum()) >= self.sites:
            self.aim.look(node.open[node.locked])
        elif len(node.open) <= self.sites or not len(free):
            self.aim.look(node.open)
        else:
            at = int(free[np.argmax(np.where(node.share[free] < SURE, node.share[free], 0.0))])
            keep = np.ones(len(node.open), np.bool_)
            keep[at] = False
            self._bound(node.open[keep], node.locked[keep], node)
            locked = node.locked.copy()
            locked[at] = True
            full = int(locked.sum()) == self.sites
            self._bound(node.open[locked] if full else node.open, locked[locked] if full else locked, node)

    def _bound(self, still: Ints, locked: Bools, parent: Node) -> None:
        """Prices of a new part; kept when a better choice may be in it."""
        if len(still) < self.sites:
            return
        found = prices(Task(self.cost[still], self.sites, locked), parent.prices, self.aim_of(still), STEPS)
        if found.bound <= self.aim.beat() + 1e-6:
            self._add(still, locked, found)

    def aim_of(self, still: Ints) -> Aim:
        """The aim of a part: what it looks at is told in the tree's numbers."""
        return replace(self.aim, look=lambda chosen: self.aim.look(still[chosen]))

    def _add(self, still: Ints, locked: Bools, found: Priced) -> None:
        inside, outside = found.settled(self.aim.beat())
        stays = ~outside
        self.turn += 1
        locked = (locked | inside)[stays]
        heapq.heappush(
            self.heap, Node(found.bound, self.turn, still[stays], locked, found.prices, found.share[stays])
        )
