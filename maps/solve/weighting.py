"""Small covers by local search with weights on the demands that are hard to serve.

The idea is that of Gao, Weise and Li (2015, row weighting local search): keep one candidate fewer
than the best cover has, swap one out and one in, and let every demand that stays unserved weigh
one more, so that the search is drawn to what it keeps missing. What was just added is not taken
out at once, and what was taken out comes back only after something beside it changed.
`score` (n,) is what a candidate would serve newly, by weight; of a chosen one minus what only it serves.
"""

from collections.abc import Callable

import numpy as np

from maps.solve.model import Bools, Floats, Ints
from maps.solve.sparse import Sparse

_SEED = 20260523


class Weighting:
    """The state of a search for smaller covers; `brings` is candidates × demands, every demand once."""

    def __init__(self, brings: Sparse, cover: Bools) -> None:
        takers = brings.transposed()
        self.rows = np.split(brings.index, brings.start[1:-1])
        self.columns = np.split(takers.index, takers.start[1:-1])
        takers_of = [[self.columns[i] for i in row.tolist()] for row in self.rows]
        self.beside = [np.unique(np.concatenate((np.zeros(0, np.int64), *lists))) for lists in takers_of]
        self.best = cover.copy()
        self.inside = cover.copy()
        self.weight = np.ones(len(self.columns))
        where = brings.where(np.flatnonzero(cover))
        owner = np.repeat(np.flatnonzero(cover), brings.counts()[cover])
        self.count = np.bincount(brings.index[where], minlength=len(self.columns))
        #: Sum of the numbers of the chosen takers: of a demand with one, its number.
        self.only = np.bincount(brings.index[where], owner, len(self.columns)).astype(np.int64)
        self.score = np.zeros(len(self.rows))
        sole = self.only[self.count == 1]
        np.add.at(self.score, sole, -1.0)
        self.moved = np.zeros(len(self.rows))
        self.may_return = np.ones(len(self.rows), np.bool_)
        self.chance = np.random.default_rng(_SEED)
        self.turn = 0

    def run(self, steps: int, least: int, over: Callable[[], bool], offer: Callable[[Bools], object]) -> None:
        """Search for `steps` swaps, or until a cover of `least` is found, or the time is over."""
        latest = -1
        for step in range(steps):
            if step % 64 == 0 and over():
                return
            while not (self.count == 0).any():
                self.best = self.inside.copy()
                offer(self.best)
                if int(self.best.sum()) <= least:
                    return
                self._turn(self._to_drop(-1), False)
            self.turn += 1
            self._turn(self._to_drop(latest), False)
            missed = np.flatnonzero(self.count == 0)
            latest = self._to_add(int(missed[self.chance.integers(len(missed))]))
            self._turn(latest, True)
            missed = np.flatnonzero(self.count == 0)
            self.weight[missed] += 1.0
            for i in missed.tolist():
                self.score[self.columns[i]] += 1.0

    def _to_drop(self, latest: int) -> int:
        """The chosen one that loses least, the longest unmoved of equals."""
        score = np.where(self.inside, self.score, -np.inf)
        if latest >= 0 and int(self.inside.sum()) > 1:
            score[latest] = -np.inf
        return self._oldest(np.flatnonzero(score == score.max()))

    def _to_add(self, missed: int) -> int:
        """The taker of a missed demand that gains most, the longest unmoved of equals."""
        who = self.columns[missed]
        free = who[self.may_return[who]]
        who = free if len(free) else who
        score = self.score[who]
        return self._oldest(who[score == score.max()])

    def _oldest(self, who: Ints) -> int:
        return int(who[np.argmin(self.moved[who])]) if len(who) > 1 else int(who[0])

    def _turn(self, j: int, into: bool) -> None:
        """Add or take out candidate j and keep all scores right."""
        rows, sign = self.rows[j], 1 if into else -1
        before = self.count[rows]
        self.count[rows] += sign
        self.only[rows] += sign * j
        turned = rows[before == (0 if into else 1)]
        shared = rows[before == (1 if into else 2)]
        own = self.score[j]
        for i in turned.tolist():
            self.score[self.columns[i]] -= sign * self.weight[i]
        if len(shared):
            # The other taker of a demand that had one (or has one left).
            other = self.only[shared] - (j if into else 0)
            np.add.at(self.score, other, sign * self.weight[shared])
        self.score[j] = -own
        self.inside[j] = into
        self.moved[j] = self.turn
        self.may_return[self.beside[j]] = True
        self.may_return[j] = into


def checked_scores(search: Weighting) -> Floats:
    """(n,) the scores counted anew, for tests."""
    score = np.zeros(len(search.rows))
    for j, row in enumerate(search.rows):
        alone = search.count[row] == (1 if search.inside[j] else 0)
        score[j] = (-1 if search.inside[j] else 1) * search.weight[row][alone].sum()
    return score
