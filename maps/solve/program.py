"""A core as a linear program: minimise −(weight served).

Variables: x_j for each candidate, then y_i for each demand that has a variable of its own. A demand
that one candidate alone can serve needs none: it is served exactly when that candidate is chosen,
so its weight and its row values move to x_j (that is two thirds of them at the size of a province).
Rows, in this order: need_i·y_i − Σ units·x ≤ 0 for each y; for a y that a row may forbid, also
Σ units·x − (most − need + 1)·y ≤ need − 1, so that it cannot be denied; budget; sites; the model's rows.
"""

from dataclasses import dataclass

import numpy as np

from maps.solve.core import Core
from maps.solve.linear import Program
from maps.solve.model import Bools, Floats, Ints
from maps.solve.sparse import Sparse, added, table

#: The largest value of a row that the solver gets: its tolerances are absolute.
LARGEST = 1000.0


@dataclass(frozen=True, eq=False)
class Written:
    """The program of a core. `column` (m,) is where each demand's answer is read; budget_row −1: none."""

    program: Program
    column: Ints
    budget_row: int
    scale: float

    def budget(self, amount: int) -> float:
        """The upper limit of the budget's row for this amount."""
        return amount * self.scale


def written(core: Core) -> Written:
    """Write a core as a program."""
    n, m = len(core.cost), len(core.weight)
    alone = (core.takers.counts() == 1) & ~(core.strict & (core.need > 1))
    own = np.flatnonzero(~alone)
    column = np.zeros(m, np.int64)
    column[alone] = core.takers.index[core.takers.start[:-1][alone]]
    column[own] = n + np.arange(len(own))
    parts, row_lower, row_upper = _serving(core, column, ~alone)
    budget_row, scale = -1, 1.0
    if core.budget is not None:
        budget_row, scale = len(row_upper), _scale(core)
        parts.append((np.arange(n), np.full(n, budget_row), core.cost.astype(np.float64) * scale))
        row_lower, row_upper = np.append(row_lower, -np.inf), np.append(row_upper, core.budget * scale)
    if core.sites is not None:
        parts.append((np.arange(n), np.full(n, len(row_upper)), np.ones(n)))
        row_lower, row_upper = np.append(row_lower, -np.inf), np.append(row_upper, float(core.sites))
    factor = _factors(core)
    for rows, where in ((core.of_candidates, np.arange(n)), (core.of_demands, column)):
        parts.append((where[rows.index], len(row_upper) + rows.owner(), rows.value * factor[rows.owner()]))
    size, height = n + len(own), len(row_upper) + len(core.lower)
    columns, rows_of, values = (np.concatenate(side) for side in zip(*parts, strict=True))
    cost = -added(column, core.weight, size)
    whole = np.concatenate((np.ones(n, np.bool_), (core.need[own] > 1) | core.strict[own]))
    program = Program(
        cost, np.zeros(size), np.ones(size), _added(columns, rows_of, values, size, height),
        np.concatenate((row_lower, core.lower * factor)),
        np.concatenate((row_upper, core.upper * factor)), whole,
    )  # fmt: skip
    return Written(program, column, budget_row, scale)


Part = tuple[Ints, Ints, Floats]


def _serving(core: Core, column: Ints, own: Bools) -> tuple[list[Part], Floats, Floats]:
    """The rows that tie each demand's own variable to the candidates."""
    mine = np.flatnonzero(own)
    number = np.cumsum(own) - 1
    entries = own[core.brings.index]
    j, i, units = core.brings.owner()[entries], core.brings.index[entries], core.brings.value[entries]
    parts = [(j, number[i], -units), (column[mine], number[mine], core.need[mine].astype(np.float64))]
    lower, upper = np.full(len(mine), -np.inf), np.zeros(len(mine))
    strict = core.strict & own
    if strict.any():
        late = len(mine) + np.cumsum(strict) - 1
        here = strict[i]
        most = core.takers.sums(core.takers.value)
        these = np.flatnonzero(strict)
        parts.append((j[here], late[i[here]], units[here]))
        parts.append((column[these], late[these], -(most[these] - core.need[these] + 1.0)))
        lower = np.concatenate((lower, np.full(len(these), -np.inf)))
        upper = np.concatenate((upper, core.need[these] - 1.0))
    return parts, lower, upper


def _scale(core: Core) -> float:
    """What the budget's row is multiplied by: whole numbers where they are small enough to be exact."""
    if not len(core.cost) or not core.cost.any():
        return 1.0
    common = int(np.gcd.reduce(core.cost))
    largest = int(core.cost.max()) // common
    return 1.0 / common if largest <= LARGEST else LARGEST / (largest * common)


def _factors(core: Core) -> Floats:
    """(r,) what each row is multiplied by, so that its largest value is at most LARGEST."""
    largest = np.zeros(len(core.lower))
    for rows in (core.of_candidates, core.of_demands):
        np.maximum.at(largest, rows.owner(), np.abs(rows.value))
    return np.where(largest > LARGEST, LARGEST / np.maximum(largest, 1.0), 1.0)


def _added(column: Ints, row: Ints, value: Floats, width: int, height: int) -> Sparse:
    """Aᵀ from entries in any order; those of the same place are added up."""
    key, which = np.unique(column * height + row, return_inverse=True)
    total = added(which, value, len(key))
    some = total != 0
    return table(key[some] // max(height, 1), key[some] % max(height, 1), total[some], width, height)
