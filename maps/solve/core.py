"""A model made ready: locks carried out, what cannot matter left out, all numbers in sparse tables.

Everything left out is provably without effect on the best value: candidates that are locked, cost
more than the whole budget or bring nothing; demands that the locked ones serve already, that all
candidates together cannot serve, or that nobody counts.
"""

from dataclasses import dataclass, replace

import numpy as np

from maps.solve.model import CANDIDATES, Bools, Floats, Ints, Model, Row
from maps.solve.sparse import Sparse, table

#: Slack for sums of row values: double precision, not generosity. Sums of whole numbers are exact, so
#: there it only forgives a limit that is itself a rounded product; else it is relative to the row.
ROUNDING, EXACT_BELOW = 1e-9, 2.0**52
WHOLE_SLACK = 1e-6


@dataclass(frozen=True, eq=False)
class Core:
    """What is left to decide. n candidates, m demands, r rows, all numbered anew.

    `number` (n,) is the candidate's number in the model; `brings` (n × m) and `takers` (m × n) are
    units, cut at the need; `of_candidates` (r × n) and `of_demands` (r × m) are the rows' values;
    lower and upper (r,) are what is left of the limits after the locks, `slack` (r,) what rounding may
    add to a sum. `strict` (m,): being served
    may be forbidden by a row, so that a demand is not to be served by the way.
    """

    number: Ints
    cost: Ints
    brings: Sparse
    takers: Sparse
    weight: Floats
    need: Ints
    of_candidates: Sparse
    of_demands: Sparse
    lower: Floats
    upper: Floats
    slack: Floats
    strict: Bools
    budget: int | None
    sites: int | None
    base: float

    def keep(self, candidates: Bools, demands: Bools) -> "Core":
        """Only these candidates and demands."""
        brings = self.brings.keep(candidates, demands)
        every = np.ones(len(self.lower), np.bool_)
        return replace(
            self,
            number=self.number[candidates],
            cost=self.cost[candidates],
            brings=brings,
            takers=brings.transposed(),
            weight=self.weight[demands],
            need=self.need[demands],
            strict=self.strict[demands],
            of_candidates=self.of_candidates.keep(every, candidates),
            of_demands=self.of_demands.keep(every, demands),
        )

    def whole(self) -> bool:
        """Whether every value is a whole number, so that a bound may be rounded down."""
        return bool((self.weight == np.rint(self.weight)).all()) and self.base == round(self.base)

    def units(self, chosen: Bools) -> Ints:
        """(m,) units that the chosen bring."""
        rows = self.brings.where(np.flatnonzero(chosen))
        brought = np.bincount(self.brings.index[rows], self.brings.value[rows], len(self.weight))
        return brought.astype(np.int64)

    def served(self, chosen: Bools) -> Bools:
        """(m,) demands that the chosen serve."""
        return self.units(chosen) >= self.need

    def value(self, chosen: Bools) -> float:
        """The whole value of a choice, with what the locked ones serve."""
        return self.base + float(self.weight[self.served(chosen)].sum())

    def spent(self, chosen: Bools) -> int:
        """Cost of the chosen, exactly."""
        return exact_sum(self.cost[chosen])

    def allowed(self, chosen: Bools) -> bool:
        """Whether a choice keeps budget, sites and all rows."""
        if self.sites is not None and int(chosen.sum()) > self.sites:
            return False
        if self.budget is not None and self.spent(chosen) > self.budget:
            return False
        return not self.broken(chosen).any()

    def broken(self, chosen: Bools) -> Bools:
        """(r,) rows that a choice breaks."""
        if not len(self.lower):
            return np.zeros(0, np.bool_)
        served = self.served(chosen).astype(np.float64)
        total = self.of_candidates.times(chosen.astype(np.float64)) + self.of_demands.times(served)
        return np.asarray((total < self.lower - self.slack) | (total > self.upper + self.slack))


def exact_sum(cost: Ints) -> int:
    """The sum of amounts without overflow: of 10^15 đồng each, 9,000 would not fit 64 bits."""
    return int((cost >> 24).sum()) * 2**24 + int((cost & (2**24 - 1)).sum())


def slack_of(rows: tuple[Row, ...]) -> Floats:
    """(r,) how far rounding may carry the sum of a row from its true value."""
    size = np.array([float(np.abs(row.value).sum()) for row in rows])
    whole = np.array([bool((row.value == np.rint(row.value)).all()) for row in rows], dtype=np.bool_)
    return np.where(whole & (size < EXACT_BELOW), WHOLE_SLACK, ROUNDING * (1.0 + size))


def core_of(model: Model) -> Core | None:
    """Make a model ready, or None when locks break budget, sites or each other, or no choice keeps a row."""
    n, m = len(model.cost), len(model.weight)
    inside, outside = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    inside[model.locked_in], outside[model.locked_out] = True, True
    budget = None if model.budget is None else model.budget - exact_sum(model.cost[inside])
    sites = None if model.sites is None else model.sites - int(inside.sum())
    if (inside & outside).any() or (budget or 0) < 0 or (sites or 0) < 0:
        return None
    if any(row.lower > row.upper for row in model.rows):
        return None
    brings = Sparse(model.start, model.demand, model.units.astype(np.float64), m)
    fixed = brings.where(np.flatnonzero(inside))
    have = np.bincount(brings.index[fixed], brings.value[fixed], m)
    need = np.maximum(model.need - have, 0).astype(np.int64)
    done = need == 0
    of_candidates, of_demands = _row_tables(model, n, m)
    given = of_candidates.times(inside.astype(np.float64)) + of_demands.times(done.astype(np.float64))
    lower, upper = (np.array([getattr(row, side) for row in model.rows]) for side in ("lower", "upper"))
    everything = Core(
        np.arange(n), model.cost, brings, brings.transposed(), model.weight, need, of_candidates,
        of_demands, lower - given, upper - given, slack_of(model.rows),
        _strict(of_demands, lower, upper), budget, sites, float(model.weight[done].sum()),
    )  # fmt: skip
    free = ~inside & ~outside
    if budget is not None:
        free &= model.cost <= budget
    core = _useful(everything, free, ~done)
    return None if _hopeless(core) else core


def _hopeless(core: Core) -> bool:
    """Whether some row holds for no choice at all: its least sum is too much, or its largest too little."""
    low, high = np.zeros(len(core.lower)), np.zeros(len(core.lower))
    for rows in (core.of_candidates, core.of_demands):
        low += rows.sums(np.minimum(rows.value, 0.0))
        high += rows.sums(np.maximum(rows.value, 0.0))
    return bool(((low > core.upper + core.slack) | (high < core.lower - core.slack)).any())


def _row_tables(model: Model, n: int, m: int) -> tuple[Sparse, Sparse]:
    """The rows as two tables, over candidates and over demands."""
    tables = []
    for of, width in ((True, n), (False, m)):
        mine = [(at, row) for at, row in enumerate(model.rows) if (row.of == CANDIDATES) == of]
        number = np.repeat([at for at, _ in mine], [len(row.index) for _, row in mine]).astype(np.int64)
        index = np.concatenate([np.zeros(0, np.int64), *(row.index for _, row in mine)])
        value = np.concatenate([np.zeros(0), *(row.value for _, row in mine)])
        some = value != 0
        tables.append(table(number[some], index[some], value[some], len(model.rows), width))
    return tables[0], tables[1]


def _strict(of_demands: Sparse, lower: Floats, upper: Floats) -> Bools:
    """(m,) whether some row may forbid the demand to be served."""
    owner, value = of_demands.owner(), of_demands.value
    hinders = ((value > 0) & np.isfinite(upper[owner])) | ((value < 0) & np.isfinite(lower[owner]))
    strict = np.zeros(of_demands.width, np.bool_)
    strict[of_demands.index[hinders]] = True
    return strict


def _useful(core: Core, candidates: Bools, demands: Bools) -> Core:
    """Leave out what has no effect, with units cut at the need."""
    counted = core.weight > 0
    counted[core.of_demands.index] = True
    kept = core.keep(candidates, demands & counted)
    whole = np.minimum(kept.brings.value, kept.need[kept.brings.index])
    brings = replace(kept.brings, value=whole)
    kept = replace(kept, brings=brings, takers=brings.transposed())
    reachable = kept.takers.sums(kept.takers.value) >= kept.need
    in_rows = np.zeros(len(kept.cost), np.bool_)
    in_rows[kept.of_candidates.index] = True
    kept = kept.keep(np.ones(len(kept.cost), np.bool_), reachable)
    return kept.keep((kept.brings.counts() > 0) | in_rows, np.ones(len(kept.weight), np.bool_))
