"""Good p-medians fast: greedy, then interchange with Whitaker's and Resende–Werneck's bookkeeping.

For a choice let d1, d2 be each demand's cost at the nearest and the second nearest chosen, r(i)
the nearest. Putting j in and r out changes the value by

    Δ(j, r) =  Σ_{r(i)=r} (d2_i − d1_i)  −  Σ_i max(0, d1_i − c_ij)
               −  Σ_{r(i)=r, c_ij<d2_i} (d2_i − max(c_ij, d1_i))

All Δ come from one pass over the pairs with c_ij < d2_i; the best one is taken until none helps.
"""

import numpy as np

from maps.solve.median_table import Table
from maps.solve.model import Bools, Floats, Ints

_MOST_SWAPS = 2_000
TINY = 1e-9


def greedy(table: Table, sites: int, locked: Ints) -> Ints:
    """Add the candidate that lowers the value most, `sites` times; ascending numbers."""
    m, n = table.cost.shape
    inside = np.zeros(n, np.bool_)
    inside[locked] = True
    least = table.cost[:, locked].min(axis=1) if len(locked) else np.full(m, table.far)
    limit = np.diff(table.near.start)
    for _ in range(sites - len(locked)):
        demand, position = table.within(limit)
        gain = np.maximum(least[demand] - table.near.value[position], 0.0)
        total = np.bincount(table.near.index[position], gain, n)
        total[inside] = -1.0
        best = int(np.argmax(total))
        inside[best] = True
        closer = table.cost[:, best] < least
        least = np.where(closer, table.cost[:, best], least)
        limit = np.where(closer, table.rank[:, best], limit)
    return np.flatnonzero(inside)


def interchange(table: Table, chosen: Ints, locked: Bools) -> Ints:
    """Swap until no swap helps; ascending numbers."""
    chosen = chosen.copy()
    if not len(table.cost) or not len(chosen) or locked[chosen].all():
        return np.sort(chosen)
    for _ in range(_MOST_SWAPS):
        change = _changes(table, chosen, locked)
        best = int(np.argmin(change))
        out, into = divmod(best, change.shape[1])
        if change[out, into] > -TINY * max(1.0, table.total(chosen) if table.far < 1e15 else 1.0):
            break
        chosen[out] = into
    return np.sort(chosen)


def _changes(table: Table, chosen: Ints, locked: Bools) -> Floats:
    """(p, n) the change of the value when chosen[r] leaves and j comes; inf where it must not."""
    n, p = table.cost.shape[1], len(chosen)
    first, least, second = table.nearest(chosen)
    limit = np.minimum(_places(table, second), np.diff(table.near.start))
    demand, position = table.within(limit)
    who, cost = table.near.index[position], table.near.value[position]
    gain = np.bincount(who, np.maximum(least[demand] - cost, 0.0), n)
    saved = np.maximum(second[demand] - np.maximum(cost, least[demand]), 0.0)
    extra = np.bincount(first[demand] * n + who, saved, p * n).reshape(p, n)
    loss = np.bincount(first, second - least, p)
    change = loss[:, None] - gain[None, :] - extra
    change[:, chosen] = np.inf
    change[locked[chosen], :] = np.inf
    return np.asarray(change)


def _places(table: Table, cost: Floats) -> Ints:
    """(m,) how many listed candidates of each demand are nearer than this cost."""
    near = table.near
    low, high = near.start[:-1].copy(), near.start[1:].copy()
    while True:
        open_rows = low < high
        if not open_rows.any():
            return np.asarray(low - near.start[:-1])
        middle = (low + high) // 2
        below = np.zeros(len(low), np.bool_)
        below[open_rows] = near.value[middle[open_rows]] < cost[open_rows]
        low = np.where(open_rows & below, middle + 1, low)
        high = np.where(open_rows & ~below, middle, high)
