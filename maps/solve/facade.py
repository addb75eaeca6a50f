"""The one way in: a model's best choice with its proof, or the rules that collide.

`solve` and `curve` are pure: the same model gives the same answer (unless the time ends first).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from maps.solve.collide import collision
from maps.solve.core import Core, core_of
from maps.solve.cover import Search, finish, search
from maps.solve.linear import Engine, Impossible
from maps.solve.model import Asked, Bools, Infeasible, Ints, Model, OutOfTime, Solution, check, gap_of
from maps.solve.program import written
from maps.solve.reduce import reduced
from maps.solve.sparse import Sparse
from maps.solve.watching import Watch


def solve(
    model: Model, gap: float = 1e-3, seconds: float = 60.0, watch: Asked | None = None
) -> Solution | Infeasible:
    """Choose as well as can be proven: |bound − value| ÷ |value| ≤ gap, or the best when the time ends.

    gap 0 asks for the optimum; `watch` hears of the progress and cancels by answering False.
    Raises Unsolvable for arrays that do not fit, OutOfTime when no choice was found in time.
    """
    check(model)
    return solved(model, gap, Watch(seconds, watch))


def solved(model: Model, gap: float, clock: Watch) -> Solution | Infeasible:
    """As `solve`, on a clock that runs already."""
    core = core_of(model)
    if core is None:
        return collision(model, Watch(max(clock.left(), 5.0)))
    try:
        found = search(reduced(core), gap, clock)
    except Impossible:
        return collision(model, Watch(max(clock.left(), 5.0)))
    return told(model, found)


def curve(
    model: Model, budgets: Sequence[int], gap: float = 1e-3, seconds: float = 60.0, watch: Asked | None = None
) -> tuple[Solution | Infeasible, ...]:
    """The best choice for each budget, in the order given; more money never serves less.

    The model is reduced once, the program starts each time from the last basis, and each budget
    also has the choices of all smaller ones. A budget that no choice keeps is Infeasible.
    """
    check(model)
    clock = Watch(seconds, watch)
    most = replace(model, budget=max(budgets, default=0))
    core = core_of(most)
    answers: dict[int, Solution | Infeasible] = {}
    shared = None if core is None else _Shared(reduced(core), gap, clock)
    for budget in sorted(set(budgets)):
        at = replace(model, budget=budget)
        left = None if shared is None else budget - (most.budget or 0) + (shared.core.budget or 0)
        found = None if shared is None or left is None or left < 0 else shared.at(left)
        if found is None:
            answers[budget] = collision(at, Watch(max(clock.left(), 5.0)))
        else:
            answers[budget] = told(at, found)
    return tuple(answers[budget] for budget in budgets)


class _Shared:
    """A reduced core and its program, asked again and again with a growing budget."""

    def __init__(self, core: Core, gap: float, clock: Watch) -> None:
        self.core, self.gap, self.clock = core, gap, clock
        self.form = written(core)
        self.best: Bools | None = None
        self.engine: Engine | None = None

    def at(self, budget: int) -> Search | None:
        """The search with this budget; None when it is impossible."""
        began = self.clock.gone()
        core = replace(self.core, budget=budget)
        found = Search(core, self.gap, self.clock)
        found.began = began
        if self.best is not None:
            found.offer(self.best)
        found.offer(np.zeros(len(core.cost), np.bool_))
        try:
            self._solve(found, budget)
        except Impossible:
            # The basis it ended with leads nowhere.
            self.engine = None
            return None
        self.best = found.best
        return found

    def _solve(self, found: Search, budget: int) -> None:
        if not len(found.core.cost):
            if found.best is None:
                raise Impossible
            found.limit(found.value)
            return
        self.engine = self.engine or Engine(self.form.program, self.clock)
        self.engine.row(self.form.budget_row, -np.inf, self.form.budget(budget))
        relaxed = self.engine.relax()
        found.steps.append("lp")
        if relaxed is not None:
            finish(found, self.form, self.engine, relaxed)
        if found.used_integers():
            self.engine = None


def told(model: Model, found: Search) -> Solution:
    """The answer of a search, in the model's own numbers; Raises OutOfTime when there is none."""
    if found.best is None:
        raise OutOfTime
    chosen = np.union1d(found.core.number[found.best], model.locked_in).astype(np.int64)
    served = served_by(model, chosen)
    value = float(model.weight[served].sum())
    bound = value if found.bound <= found.value else max(found.bound, value)
    gap = gap_of(value, bound)
    return Solution(
        chosen, served, value, bound, gap, found.watch.gone() - found.began,
        "+".join(("reduce", *found.steps)), gap <= found.gap, found.watch.cancelled,
    )  # fmt: skip


def served_by(model: Model, chosen: Ints) -> Ints:
    """Demands that the chosen bring their need, ascending."""
    pairs = Sparse(model.start, model.demand, model.units.astype(np.float64), len(model.weight))
    where = pairs.where(chosen)
    have = np.bincount(pairs.index[where], pairs.value[where], len(model.weight))
    return np.flatnonzero(have >= model.need)
