"""HiGHS behind arrays: a linear program or its integer form, always ended in time, with a safe bound.

    minimise c·x   subject to   row_lower ≤ A·x ≤ row_upper,   lower ≤ x ≤ upper,   some x whole

The bound never rests on the solver's word: for any row prices π and reduced costs d = c − Aᵀπ,
every feasible x has c·x ≥ Σ_r π_r·(row_lower if π_r > 0 else row_upper) + Σ_j d_j·(lower if d_j > 0
else upper), and that is what `Relaxed.bound` is. Every run is on one thread with a fixed seed. HiGHS may
overrun its own limit inside one step, so it runs on a thread of its own that is left behind when
the time is over by more than a grace; nothing is read from it afterwards.
"""

import contextlib
import os
import threading
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from maps.solve.model import Bools, Floats, Ints
from maps.solve.sparse import Sparse
from maps.solve.watching import Watch

#: Seconds a run may take beyond its limit before it is left behind, and between two looks at it.
GRACE_S, LOOK_S = 0.3, 0.05
#: Entries from which on each step of the simplex method asks whether to stop (it costs microseconds).
LARGE = 200_000
_DONE = {highspy.HighsModelStatus.kOptimal}
_IMPOSSIBLE = {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}
_ONE_THREAD = (("output_flag", False), ("threads", 1), ("random_seed", 0), ("parallel", "off"))
_ENDED = {highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kInterrupt}
#: Runs left behind in this process; a command that ends with one of them must not wait for it.
left_behind: list[threading.Thread] = []
_first = threading.Lock()


@dataclass(frozen=True, eq=False)
class Program:
    """The arrays of a program; `columns` is Aᵀ: one row of the table for each variable."""

    cost: Floats
    lower: Floats
    upper: Floats
    columns: Sparse
    row_lower: Floats
    row_upper: Floats
    whole: Bools


@dataclass(frozen=True, eq=False)
class Relaxed:
    """What the linear program says: a point, row prices, reduced costs, and a bound that is safe."""

    point: Floats
    prices: Floats
    reduced: Floats
    bound: float
    optimal: bool


@dataclass(frozen=True, eq=False)
class Whole:
    """What the integer program says: its best point (None: none found) and a bound on all points."""

    point: Floats | None
    bound: float
    optimal: bool


class Impossible(Exception):
    """The program has no feasible point."""


class Engine:
    """One program in HiGHS. Bounds may be changed between runs, which then start from the last basis."""

    def __init__(self, program: Program, watch: Watch) -> None:
        self.program, self.watch = program, watch
        self._highs = _solver()
        self._stop = False
        self.dead = False
        for option, value in _ONE_THREAD:
            self._highs.setOptionValue(option, value)
        columns = program.columns
        kinds = np.zeros(len(program.cost), np.int32)
        self._highs.passModel(
            len(program.cost), len(program.row_lower), len(columns.index), 1, 1, 0.0, program.cost,
            program.lower, program.upper, program.row_lower, program.row_upper,
            columns.start.astype(np.int32), columns.index.astype(np.int32), columns.value, kinds,
        )  # fmt: skip
        if len(columns.index) > LARGE:
            self._highs.cbSimplexInterrupt.subscribe(self._look)
            self._highs.cbIpmInterrupt.subscribe(self._look)
        self._highs.cbMipInterrupt.subscribe(self._look)

    def bounds(self, lower: Floats, upper: Floats) -> None:
        """Change the bounds of all variables."""
        self.program = replace(self.program, lower=lower, upper=upper)
        every = np.arange(len(lower), dtype=np.int32)
        self._highs.changeColsBounds(len(every), every, lower, upper)

    def row(self, number: int, lower: float, upper: float) -> None:
        """Change the limits of one row."""
        row_lower, row_upper = self.program.row_lower.copy(), self.program.row_upper.copy()
        row_lower[number], row_upper[number] = lower, upper
        self.program = replace(self.program, row_lower=row_lower, row_upper=row_upper)
        self._highs.changeRowBounds(number, lower, upper)

    def forbid(self, index: Ints, value: Floats, most: float) -> None:
        """Add the row Σ value·x[index] ≤ most."""
        self._highs.addRow(-highspy.kHighsInf, most, len(index), index.astype(np.int32), value)

    def relax(self, seconds: float | None = None) -> Relaxed | None:
        """Solve without whole numbers; None when the time ended first. Raises Impossible."""
        # Presolve and scaling cost more than they save on programs of ones that were reduced before;
        # where the plain run ends in doubt, they get their chance.
        status = None
        for presolve, scale in (("off", 0), ("on", 2)):
            self._highs.setOptionValue("presolve", presolve)
            self._highs.setOptionValue("simplex_scale_strategy", scale)
            status = self._run(seconds)
            if status in _IMPOSSIBLE:
                raise Impossible
            if status is None or status in _DONE or status in _ENDED:
                break
            self._highs.clearSolver()
        if status is None:
            return None
        solution = self._highs.getSolution()
        if not solution.dual_valid:
            return None
        prices = np.array(solution.row_dual)
        point = np.clip(np.array(solution.col_value), self.program.lower, self.program.upper)
        reduced, bound = safe_bound(self.program, prices)
        return Relaxed(point, prices, reduced, bound, status in _DONE)

    def integer(
        self, gap: float, apart: float, seconds: float | None = None, start: Floats | None = None
    ) -> Whole:
        """Solve with whole numbers, to a relative gap or an absolute one `apart`. Raises Impossible."""
        size = len(self.program.cost)
        kinds = np.array([highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger])
        every = np.arange(size, dtype=np.int32)
        self._highs.changeColsIntegrality(size, every, kinds[self.program.whole.astype(np.int64)])
        self._highs.setOptionValue("mip_rel_gap", gap)
        self._highs.setOptionValue("mip_abs_gap", apart)
        self._highs.setOptionValue("presolve", "on")
        self._highs.setOptionValue("simplex_scale_strategy", 2)
        if start is not None:
            self._highs.setSolution(size, every, start)
        status = self._run(seconds)
        if status in _IMPOSSIBLE:
            raise Impossible
        if status is None:
            return Whole(None, -np.inf, False)
        info = self._highs.getInfo()
        found = np.isfinite(info.objective_function_value) and info.primal_solution_status == 2
        point = np.array(self._highs.getSolution().col_value) if found else None
        bound = float(info.mip_dual_bound)
        return Whole(point, bound if np.isfinite(bound) else -np.inf, status in _DONE)

    def _look(self, event: Any) -> None:
        # Said either way: the solver keeps the last word from one run to the next.
        event.interrupt(self._stop)

    def _run(self, seconds: float | None) -> Any:
        """The model's status, or None when the run did not end in time and was left behind."""
        limit = self.watch.left() if seconds is None else min(seconds, self.watch.left())
        if self.dead or limit <= 0.0:
            return None
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + limit)
        self._stop = False
        ended = threading.Event()

        def work() -> None:
            with contextlib.suppress(Exception):
                self._highs.run()
            ended.set()

        thread = threading.Thread(target=work, daemon=True)
        until = self.watch.gone() + limit
        thread.start()
        while not ended.wait(LOOK_S):
            late = self.watch.gone() > until + LOOK_S
            self._stop = self._stop or late or (self.watch.over("highs") and self.watch.cancelled)
            if self._stop and not ended.wait(GRACE_S):
                self.dead = True
                left_behind.append(thread)
                return None
        thread.join()
        return self._highs.getModelStatus()


def _solver() -> highspy.Highs:
    """A solver that prints nothing. The first one of a process prints a banner straight to descriptor 1,
    before any option can forbid it, where a command's JSON belongs; so that one is made apart."""
    if not _first.acquire(blocking=False):
        return highspy.Highs()  # type: ignore[no-untyped-call]
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        return highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def safe_bound(program: Program, prices: Floats) -> tuple[Floats, float]:
    """Reduced costs of row prices, and the bound they prove on every feasible point."""
    side = np.where(prices > 0, program.row_lower, program.row_upper)
    used = np.where(np.isfinite(side), prices, 0.0)
    reduced = program.cost - program.columns.times(used)
    at = np.where(reduced > 0, program.lower, program.upper)
    return reduced, float((used * np.where(np.isfinite(side), side, 0.0)).sum() + (reduced * at).sum())
