"""What the optimiser is asked and what it answers, as plain values.

A *candidate* may be chosen, at a cost; a *demand* is served when the chosen bring it at least
`need` units; the weight of the served demands is to be as large as possible:

    maximise    Σ weight_i · y_i
    subject to  need_i · y_i ≤ Σ_j units_ij · x_j      (a demand is served, or not)
                Σ cost_j · x_j ≤ budget,  Σ x_j ≤ sites,  lower_r ≤ Σ value · x (or y) ≤ upper_r
                x, y ∈ {0, 1}

Numbers: n candidates, m demands, nnz pairs. Money is whole đồng.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CANDIDATES, DEMANDS = "candidates", "demands"


class Unsolvable(ValueError):
    """A model that says nothing sensible; the message (English) names what is wrong with it."""


class OutOfTime(Exception):
    """The time ended before any choice was found that keeps every rule, and before none was proven."""


@dataclass(frozen=True, eq=False)
class Row:
    """A rule: lower ≤ Σ value · x[index] ≤ upper, over the chosen candidates or the served demands.

    `of` is "candidates" or "demands"; −inf and inf leave a side open. `name` is what a collision
    of rules is told with.
    """

    name: str
    of: str
    index: Ints
    value: Floats
    lower: float
    upper: float


@dataclass(frozen=True, eq=False)
class Model:
    """A choice to make. Candidate j serves demand[start[j]:start[j + 1]] with that many units.

    cost (n,) đồng ≥ 0; start (n + 1,); demand, units (nnz,), units ≥ 1, no pair twice;
    weight (m,) ≥ 0; need (m,) ≥ 1; budget and sites None where there is no limit.
    """

    cost: Ints
    start: Ints
    demand: Ints
    units: Ints
    weight: Floats
    need: Ints
    budget: int | None
    sites: int | None
    locked_in: Ints
    locked_out: Ints
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far a solve is: the best value so far (None before the first), the bound, the stage."""

    stage: str
    value: float | None
    bound: float | None
    seconds: float


#: Asked again and again while a solve runs; answers False to cancel it.
Asked = Callable[[Progress], bool]


@dataclass(frozen=True, eq=False)
class Solution:
    """A choice with its proof: no choice has a better value than `bound`.

    `chosen` and `served` ascend; gap = |bound − value| ÷ |value|; `proven` when it is at most the
    gap that was asked for; `method` names the steps that were needed; `seconds` is wall time.
    """

    chosen: Ints
    served: Ints
    value: float
    bound: float
    gap: float
    seconds: float
    method: str
    proven: bool
    cancelled: bool


@dataclass(frozen=True)
class Infeasible:
    """No choice keeps all rules; `rules` names a smallest set of them that collide."""

    rules: tuple[str, ...]


def gap_of(value: float, bound: float) -> float:
    """|bound − value| ÷ |value|, with a billionth in place of a value of nothing."""
    return abs(bound - value) / max(abs(value), 1e-9)


def check(model: Model) -> None:
    """Raise Unsolvable when the arrays of a model do not fit together."""
    n, m = len(model.cost), len(model.weight)
    pairs = len(model.demand)
    faults = (
        (len(model.start) != n + 1 or model.start[0] != 0 or model.start[-1] != pairs, "start"),
        (bool((np.diff(model.start) < 0).any()), "start descends"),
        (len(model.units) != pairs or _outside(model.demand, m), "demand or units"),
        (bool((model.units < 1).any()), "units below 1"),
        (bool((model.cost < 0).any()), "a negative cost"),
        (len(model.need) != m or bool((model.need < 1).any()), "need"),
        (not bool((np.isfinite(model.weight) & (model.weight >= 0)).all()), "weight"),
        (_outside(model.locked_in, n) or _outside(model.locked_out, n), "locks"),
        (any(_wrong(model.rows, of, size) for of, size in ((CANDIDATES, n), (DEMANDS, m))), "rows"),
        (any(row.of not in (CANDIDATES, DEMANDS) for row in model.rows), "rows of nothing"),
    )
    for wrong, what in faults:
        if wrong:
            raise Unsolvable(what)


def _outside(index: Ints, size: int) -> bool:
    return bool(len(index)) and bool(index.min() < 0 or index.max() >= size)


def _wrong(rows: tuple[Row, ...], of: str, size: int) -> bool:
    """Whether a row over these does not fit; an index may be in a row once."""
    mine = [row for row in rows if row.of == of]
    if any(len(row.index) != len(row.value) for row in mine) or any(
        row.lower != row.lower or row.upper != row.upper for row in mine
    ):
        return True
    index = np.concatenate([np.zeros(0, np.int64), *(row.index for row in mine)])
    value = np.concatenate([np.zeros(0), *(row.value for row in mine)])
    key = index + size * np.repeat(np.arange(len(mine)), [len(row.index) for row in mine])
    return _outside(index, size) or not bool(np.isfinite(value).all()) or len(np.unique(key)) != len(key)
