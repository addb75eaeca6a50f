"""The most weight under the limits: reduction, linear program, rounding, and the exact model on what is left.

Steps, each only while the gap is wider than asked:
 1. `reduced`: merge demands, drop dominated candidates;
 2. the linear program by HiGHS: a bound, and a point that is nearly whole;
 3. rounding: what the point chooses wholly, then what the rows still ask for, then greedy, then
    swaps (take one out, fill again);
 4. the *kernel*: the integer model over the few candidates about which the program is undecided;
 5. the rest, exactly: whatever has |reduced cost| > bound − value is as the program says in every
    better choice, so it is fixed, and the integer model of the others gives the last word.
Where the program does not end in time, row prices found by subgradient steps give the bound instead.
"""

import math

import numpy as np

from maps.solve.core import Core
from maps.solve.greedy import Choice
from maps.solve.linear import Engine, Impossible, Relaxed
from maps.solve.model import Bools, Floats, gap_of
from maps.solve.prices import priced_bound
from maps.solve.program import Written, written
from maps.solve.swaps import improve
from maps.solve.watching import Watch

#: A variable this close to 0 or 1 counts as whole.
NEAR = 1e-6
#: How many candidates the kernel may have, and which part of the time left it may take.
KERNEL, KERNEL_SHARE = 400, 0.3
#: Part of the time left that the linear program may take before prices are tried instead.
RELAX_SHARE = 0.6
_REPEATS = 40
#: From which share on a candidate of the prices' mean filling is chosen when it is rounded.
SHARES = (0.98, 0.9, 0.7)


class Search:
    """The best choice so far of a reduced core, and the bound on every choice."""

    def __init__(self, core: Core, gap: float, watch: Watch) -> None:
        self.core, self.gap, self.watch = core, gap, watch
        self.whole = core.whole()
        self.best: Bools | None = None
        self.value = -math.inf
        self.bound = core.base + float(core.weight.sum())
        self.steps: list[str] = []
        self.began = 0.0

    def offer(self, chosen: Bools) -> bool:
        """Keep a choice when it keeps every rule and is better than the best."""
        value = self.core.value(chosen)
        if (self.best is not None and value <= self.value) or not self.core.allowed(chosen):
            return False
        self.best, self.value = chosen.copy(), value
        self.watch.value = value
        return True

    def limit(self, bound: float) -> None:
        """Take in a proven bound, rounded down where every value is whole."""
        if self.whole:
            bound = math.floor(bound + 1e-6 * max(1.0, abs(bound) * 1e-6))
        # Sums of fractions differ in their last digits with the order of the terms.
        if bound <= self.value + 1e-9 * abs(self.value):
            bound = self.value
        self.bound = max(min(self.bound, bound), self.value)
        self.watch.bound = self.bound

    def closed(self) -> bool:
        """Whether the best choice is proven as well as was asked."""
        return self.best is not None and gap_of(self.value, self.bound) <= self.gap

    def used_integers(self) -> bool:
        """Whether an integer model was solved, which leaves the program's engine changed."""
        return "kernel" in self.steps or "exact" in self.steps

    def ended(self, step: str) -> bool:
        """Whether there is nothing more to do, or no time to do it; else `step` is noted as taken."""
        if self.closed() or self.watch.over(step):
            return True
        self.steps.append(step)
        return False


def search(core: Core, gap: float, watch: Watch) -> Search:
    """Choose from a reduced core. Raises Impossible when its rows cannot all be kept."""
    found = Search(core, gap, watch)
    nothing = np.zeros(len(core.cost), np.bool_)
    found.offer(nothing)
    if not len(core.cost):
        if found.best is None:
            raise Impossible
        found.limit(found.value)
        return found
    form = written(core)
    engine = Engine(form.program, watch)
    found.steps.append("lp")
    watch.over("lp")
    relaxed = engine.relax(RELAX_SHARE * watch.left())
    if relaxed is None or not relaxed.optimal:
        _without_program(found, relaxed)
        return found
    finish(found, form, engine, relaxed)
    return found


def finish(found: Search, form: Written, engine: Engine, relaxed: Relaxed) -> None:
    """From the solved program to a choice with proof."""
    core = found.core
    found.limit(core.base - relaxed.bound)
    found.steps.append("rounding")
    round_off(found, relaxed.point[: len(core.cost)])
    if not found.ended("kernel"):
        _kernel(found, form, engine, relaxed)
    if not found.ended("swaps") and found.best is not None:
        improve(found.core, found.best, found.offer, found.watch)
    if not found.ended("exact"):
        _exact(found, form, engine, relaxed)


def round_off(found: Search, point: Floats) -> None:
    """From the program's point to a choice: what is whole, what rows need, what still fits."""
    choice = Choice(found.core, point > 1 - NEAR)
    met = choice.meet(point)
    choice.fill(lambda: found.watch.over("rounding"))
    choice.prune()
    if met:
        choice.fill(lambda: found.watch.over("rounding"))
        found.offer(choice.chosen)


def _kernel(found: Search, form: Written, engine: Engine, relaxed: Relaxed) -> None:
    """The integer model with only the most doubtful candidates free."""
    n = len(found.core.cost)
    doubt = np.abs(relaxed.reduced[:n])
    point = relaxed.point[:n]
    doubt[(point > NEAR) & (point < 1 - NEAR)] = -1.0
    free = np.zeros(n, np.bool_)
    free[np.argsort(doubt, kind="stable")[:KERNEL]] = True
    try:
        _fixed(found, form, engine, ~free, point, KERNEL_SHARE * found.watch.left())
    except Impossible:
        # Only this part of the model has no feasible choice; the whole may have one.
        return


def _exact(found: Search, form: Written, engine: Engine, relaxed: Relaxed) -> None:
    """The integer model with everything free that some better choice could have otherwise."""
    n = len(found.core.cost)
    least = found.value + (1.0 - 1e-6 if found.whole else 0.0)
    room = (found.core.base - relaxed.bound) - least
    point = np.rint(relaxed.point[:n])
    settled = np.abs(relaxed.reduced[:n]) > room + 1e-9 * max(1.0, abs(relaxed.bound))
    settled &= np.abs(relaxed.point[:n] - point) < NEAR
    if found.best is None:
        settled[:] = False
    try:
        bound = _fixed(found, form, engine, settled, relaxed.point[:n], found.watch.left())
    except Impossible:
        if found.best is None:
            raise
        bound = found.value
    found.limit(max(bound, found.value))


def _fixed(
    found: Search, form: Written, engine: Engine, fixed: Bools, point: Floats, seconds: float
) -> float:
    """Solve the integer model with some candidates fixed as `point` says; the bound on the others."""
    core, n = found.core, len(found.core.cost)
    lower, upper = np.zeros(len(form.program.cost)), np.ones(len(form.program.cost))
    lower[:n][fixed] = upper[:n][fixed] = np.rint(point[fixed])
    engine.bounds(lower, upper)
    until = found.watch.gone() + seconds
    bound = math.inf
    for _ in range(_REPEATS):
        start = _start(found, form, fixed, point)
        apart = 1.0 - 1e-6 if found.whole else 0.0
        answer = engine.integer(found.gap, apart, until - found.watch.gone(), start)
        bound = min(bound, core.base - answer.bound)
        if answer.point is None:
            break
        chosen = answer.point[:n] > 0.5
        found.offer(chosen)
        if core.allowed(chosen):
            break
        _forbid(core, engine, chosen)
    return bound


def _forbid(core: Core, engine: Engine, chosen: Bools) -> None:
    """A choice that only the solver's tolerance allowed never comes back."""
    inside = np.flatnonzero(chosen)
    dear = core.budget is not None and core.spent(chosen) > core.budget
    others = np.zeros(0, np.int64) if dear else np.flatnonzero(~chosen)
    value = np.concatenate((np.ones(len(inside)), -np.ones(len(others))))
    engine.forbid(np.concatenate((inside, others)), value, len(inside) - 1.0)


def _start(found: Search, form: Written, fixed: Bools, point: Floats) -> Floats | None:
    """The best choice as a point of the program, when it agrees with what is fixed."""
    if found.best is None or (found.best[fixed] != (point[fixed] > 0.5)).any():
        return None
    start = np.zeros(len(form.program.cost))
    served = found.core.served(found.best).astype(np.float64)
    start[form.column] = served
    start[: len(found.best)] = found.best
    return start


def _without_program(found: Search, relaxed: Relaxed | None) -> None:
    """No program in time: greedy, swaps, and a bound from prices."""
    if relaxed is not None:
        found.limit(found.core.base - relaxed.bound)
    choice = Choice(found.core)
    choice.meet(np.zeros(len(choice.chosen)))
    choice.fill(lambda: found.watch.over("greedy"))
    found.offer(choice.chosen)
    found.steps.append("prices")
    bound, mean = priced_bound(found.core, found.value - found.core.base, found.watch)
    found.limit(found.core.base + bound)
    for share in SHARES:
        if not found.closed() and not found.watch.over("rounding"):
            round_off(found, np.minimum(mean + 1.0 - share, 1.0))
    if found.best is not None and not found.ended("swaps"):
        improve(found.core, found.best, found.offer, found.watch)
    found.limit(found.bound)
