"""The fewest candidates that serve every demand that can be served (location set covering).

    minimise Σ x_j   subject to   Σ_{j serves i} x_j ≥ 1 for every i,   x ∈ {0, 1}

Reductions, until none applies: equal demands are one; a candidate whose demands another one serves
too is dropped; a demand that is served whenever another is, is dropped; the only taker of a demand
is chosen. Then the linear program (its value rounded up is the bound), rounding, the weighting
search for smaller covers, and the integer program with what the reduced costs settle fixed.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from maps.solve.core import Core
from maps.solve.greedy import Choice
from maps.solve.linear import Engine, Impossible, Program, Relaxed
from maps.solve.model import Bools, Ints, gap_of
from maps.solve.reduce import dominated, implied, merged
from maps.solve.watching import Watch
from maps.solve.weighting import Weighting

STEPS, SEARCH_SHARE, RELAX_SHARE = 400_000, 0.35, 0.4
_FIRST_STEPS = 2_000
_ROUNDS = 50


@dataclass(eq=False)
class Cover:
    """The smallest cover so far (`best` in the core's numbers) and the bound on every one."""

    core: Core
    gap: float
    watch: Watch
    taken: Ints
    best: Bools
    bound: int
    steps: list[str]

    def offer(self, chosen: Bools) -> bool:
        """Keep a smaller cover."""
        if int(chosen.sum()) >= int(self.best.sum()) or not self.core.served(chosen).all():
            return False
        self.best = chosen.copy()
        self.watch.value = float(self.value())
        return True

    def value(self) -> int:
        """How many candidates the best cover has, the essential ones included."""
        return len(self.taken) + int(self.best.sum())

    def limit(self, bound: float) -> None:
        """Take in a bound on the candidates left, rounded up."""
        here = len(self.taken) + (math.ceil(bound - 1e-6) if math.isfinite(bound) else 0)
        self.bound = min(max(self.bound, here), self.value())
        self.watch.bound = float(self.bound)

    def closed(self, step: str) -> bool:
        """Whether the cover is proven as asked or the time is over; else `step` is noted as taken."""
        if gap_of(self.value(), self.bound) <= self.gap or self.watch.over(step):
            return True
        self.steps.append(step)
        return False

    def chosen(self) -> Ints:
        """The cover in the model's numbers."""
        return np.union1d(self.taken, self.core.number[self.best])


def smallest_cover(core: Core, gap: float, watch: Watch) -> Cover:
    """The fewest candidates for all demands of a core that has no rows and no limits."""
    core, taken = squeezed(core)
    cover = Cover(core, gap, watch, taken, np.ones(len(core.cost), np.bool_), len(taken), ["reduce"])
    if not len(core.weight):
        cover.best[:] = False
        return cover
    choice = Choice(core)
    choice.fill()
    choice.prune()
    cover.offer(choice.chosen)
    cover.limit(_apart(core))
    engine = Engine(_program(core), watch)
    cover.steps.append("lp")
    relaxed = engine.relax(RELAX_SHARE * watch.left())
    if relaxed is not None:
        cover.limit(relaxed.bound)
        _round(cover, relaxed)
    _improve(cover, engine, relaxed)
    return cover


def squeezed(core: Core) -> tuple[Core, Ints]:
    """Reduce until nothing changes; also the candidates (model's numbers) that every cover may take."""
    taken: list[Ints] = []
    for _ in range(_ROUNDS):
        before = len(core.cost), len(core.weight)
        core = merged(core)
        core = core.keep(~dominated(core), np.ones(len(core.weight), np.bool_))
        core = core.keep(np.ones(len(core.cost), np.bool_), ~implied(core.takers))
        single = core.takers.counts() == 1
        essential = np.zeros(len(core.cost), np.bool_)
        essential[core.takers.index[core.takers.start[:-1][single]]] = True
        taken.append(core.number[essential])
        core = core.keep(~essential, ~core.served(essential))
        if (len(core.cost), len(core.weight)) == before:
            break
    return core, np.concatenate([np.zeros(0, np.int64), *taken])


def _apart(core: Core) -> int:
    """How many demands can be found of which no two share a taker: each needs one of its own."""
    used = np.zeros(len(core.cost), np.bool_)
    found = 0
    for i in np.argsort(core.takers.counts(), kind="stable").tolist():
        takers = core.takers.row(i)
        if not used[takers].any():
            used[takers] = True
            found += 1
    return found


def _program(core: Core) -> Program:
    n, m = len(core.cost), len(core.weight)
    ones = np.ones(n)
    return Program(ones, np.zeros(n), ones, core.brings, np.ones(m), np.full(m, np.inf), ones > 0)


def _round(cover: Cover, relaxed: Relaxed) -> None:
    for share in (0.5, 0.999):
        choice = Choice(cover.core, relaxed.point > share)
        choice.fill()
        choice.prune()
        cover.offer(choice.chosen)


def _improve(cover: Cover, engine: Engine, relaxed: Relaxed | None) -> None:
    """Search, then the integer program on what is not settled; longer where it is large."""
    if cover.closed("weighting"):
        return
    search = Weighting(cover.core.brings, cover.best)
    least = cover.bound - len(cover.taken)
    search.run(_FIRST_STEPS, least, lambda: cover.watch.over("weighting"), cover.offer)
    if not cover.closed("exact"):
        _exact(cover, engine, relaxed, 0.15 * cover.watch.left())
    if not cover.closed("weighting"):
        least = cover.bound - len(cover.taken)
        until = cover.watch.gone() + SEARCH_SHARE * cover.watch.left()
        over = cover.watch.over
        search.run(STEPS, least, lambda: over("weighting") or cover.watch.gone() > until, cover.offer)
    if not cover.closed("exact"):
        _exact(cover, engine, relaxed, cover.watch.left())
    cover.steps = list(dict.fromkeys(cover.steps))


def _exact(cover: Cover, engine: Engine, relaxed: Relaxed | None, seconds: float) -> None:
    """The integer program with those fixed that no smaller cover has otherwise."""
    n = len(cover.core.cost)
    lower, upper = np.zeros(n), np.ones(n)
    if relaxed is not None:
        room = int(cover.best.sum()) - 1 - relaxed.bound + 1e-6
        lower[relaxed.reduced < -room] = 1.0
        upper[relaxed.reduced > room] = 0.0
    start = cover.best.astype(np.float64)
    engine.bounds(lower, upper)
    usable = bool(((start >= lower) & (start <= upper)).all())
    try:
        answer = engine.integer(cover.gap, 1.0 - 1e-6, seconds, start if usable else None)
    except Impossible:
        cover.limit(float(cover.best.sum()))
        return
    if answer.point is not None:
        cover.offer(answer.point > 0.5)
    cover.limit(min(answer.bound, float(cover.best.sum())) if np.isfinite(answer.bound) else -np.inf)


def ready(core: Core) -> Core:
    """The core with every demand worth the same: only whether it is served matters."""
    return replace(core, weight=np.ones(len(core.weight)), cost=np.ones(len(core.cost), np.int64))
