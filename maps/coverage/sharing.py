"""Which requirement of one place a thing is counted for, when several could count it.

One thing serves only one requirement of the same place. Requirements come in the order in which
they may take (rules.py: kind before family); each takes what it needs as long as no earlier one
is left with less. A later one may ask an earlier one to take another thing instead, so nothing
stands idle while something is missing: the result is the largest total, and among those the one
that is best for the first requirement, then the second, and so on (the greedy basis of a
transversal matroid; augmenting paths as in Ford and Fulkerson 1956). These numbers do not depend
on the order of the things. More things never leave any requirement with less.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import pairwise

#: The requirements (by number, ascending) that could count a thing.
Options = tuple[int, ...]


class Sharing:
    """Things of one place, grouped by who could count them, and who counts how many of them."""

    def __init__(self, supply: Mapping[Options, int]) -> None:
        self._free = dict(supply)
        self.taken: dict[tuple[Options, int], int] = {}

    def give(self, requirement: int, wanted: int) -> int:
        """Let a requirement take up to `wanted` more units; answers how many it got."""
        got = 0
        while got < wanted:
            path = self._path(requirement)
            if path is None:
                break
            got += self._push(path, wanted - got)
        return got

    def give_rest(self, requirements: Iterable[int]) -> dict[int, int]:
        """What nobody needs is counted where it stands: for the first requirement that can count it."""
        most = sum(self._free.values())
        return {requirement: self.give(requirement, most) for requirement in requirements}

    def _path(self, requirement: int) -> list[tuple[Options, int]] | None:
        """Who takes from which group, from the last (a group with free units) back to the asker."""
        came: dict[Options, tuple[int, Options | None]] = {}
        queue: deque[tuple[int, Options | None]] = deque([(requirement, None)])
        asked = {requirement}
        while queue:
            taker, behind = queue.popleft()
            for group in self._free:
                if taker not in group or group in came:
                    continue
                came[group] = (taker, behind)
                if self._free[group] > 0:
                    return self._back(group, came)
                for other in group:
                    if other not in asked and self.taken.get((group, other), 0) > 0:
                        asked.add(other)
                        queue.append((other, group))
        return None

    @staticmethod
    def _back(
        group: Options, came: Mapping[Options, tuple[int, Options | None]]
    ) -> list[tuple[Options, int]]:
        path = []
        step: Options | None = group
        while step is not None:
            taker, behind = came[step]
            path.append((step, taker))
            step = behind
        return path

    def _push(self, path: list[tuple[Options, int]], wanted: int) -> int:
        """Move units along the path: each taker gains in one group what it leaves in the next."""
        free_group = path[0][0]
        units = min(wanted, self._free[free_group])
        for (_, taker), (left, _) in pairwise(path):
            units = min(units, self.taken[left, taker])
        for (group, taker), (left, _) in pairwise(path):
            self.taken[group, taker] = self.taken.get((group, taker), 0) + units
            self.taken[left, taker] -= units
        last_group, asker = path[-1]
        self.taken[last_group, asker] = self.taken.get((last_group, asker), 0) + units
        self._free[free_group] -= units
        return units
