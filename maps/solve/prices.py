"""A bound without the linear program: Lagrangian prices by subgradient steps.

The rule need_i·y_i ≤ Σ units·x is given a price π_i ≥ 0 a share (units ÷ need). Every choice then
has a value of at most

    L(π) = Σ_i max(0, weight_i − π_i)  +  max Σ_j x_j · Σ_i π_i · units_ij ÷ need_i

where x keeps budget and sites (the model's other rows are left out, which only raises the bound)
and may be cut at the last candidate: a fractional knapsack, filled by worth for cost. Any prices
give a valid bound; the steps follow Held and Karp, shorter when they stop helping.
"""

import numpy as np

from maps.solve.core import Core
from maps.solve.model import Floats
from maps.solve.sparse import added
from maps.solve.watching import Watch

STEPS = 1_500
_PATIENCE, _CALMER, _SMOOTH = 20, 0.7, 0.3


def priced_bound(core: Core, value: float, watch: Watch) -> tuple[float, Floats]:
    """The least L(π) found, a bound on the weight that a choice can serve (without the core's base),
    and (n,) how much of each candidate the fillings took of late: nearly a point of the program."""
    share = core.brings.value / core.need[core.brings.index]
    prices = core.weight / np.maximum(core.takers.sums(np.ones(len(core.takers.index))), 1.0)
    best, agile, idle = float(core.weight.sum()), 1.0, 0
    target = max(value, 0.0)
    mean: Floats = np.zeros(len(core.cost))
    slope: Floats = np.zeros(len(core.weight))
    for step in range(STEPS):
        worth = core.brings.sums(prices[core.brings.index] * share)
        taken, total = _filled(core, worth)
        serve = core.weight > prices
        bound = total + float((core.weight - prices)[serve].sum())
        idle = 0 if bound < best - 1e-6 * best else idle + 1
        best = min(best, bound)
        mean = 0.97 * mean + 0.03 * taken if step else taken
        if idle >= _PATIENCE:
            agile, idle = agile * _CALMER, 0
        if step % 8 == 0 and watch.over("prices"):
            break
        reached = added(core.brings.index, share * taken[core.brings.owner()], len(core.weight))
        slope = (1 - _SMOOTH) * slope + _SMOOTH * (reached - serve) if step else reached - serve
        norm = float((slope * slope).sum())
        if norm == 0.0 or best - target <= 1e-9 * best or agile < 1e-3:
            break
        prices = np.clip(prices - agile * (bound - target) / norm * slope, 0.0, core.weight)
    return best, mean


def _filled(core: Core, worth: Floats) -> tuple[Floats, float]:
    """The share of each candidate in the best fractional filling of budget or sites, and its worth.

    With both limits each alone is filled and the smaller worth counts: still a bound.
    """
    fillings = []
    for size, room in ((core.cost.astype(np.float64), core.budget), (np.ones(len(worth)), core.sites)):
        if room is not None:
            order = np.argsort(-worth / np.maximum(size, 1e-9), kind="stable")
            before = np.cumsum(size[order]) - size[order]
            part = np.clip((room - before) / np.maximum(size[order], 1e-9), 0.0, 1.0)
            part = np.where(size[order] == 0, 1.0, part)
            taken = np.zeros(len(worth))
            taken[order] = part
            fillings.append((taken, float((worth * taken).sum())))
    if not fillings:
        return np.ones(len(worth)), float(worth.sum())
    return min(fillings, key=lambda filling: filling[1])
