"""Good p-medians fast: greedy, then interchange with Whitaker's and Resende–Werneck's bookkeeping.

For a choice let d1, d2 be each demand's cost at the nearest and the second nearest chosen, r(i)
the nearest. Putting j in and r out changes the value by

    Δ(j, r) =  Σ_{r(i)=r} (d2_i − d1_i)  −  Σ_i max(0, d1_i − c_ij)
               −  Σ_{r(i)=r, c_ij<d2_i} (d2_i − max(c_ij, d1_i))

All Δ come from one pass over the pairs with c_ij < d2_i; the best one is taken until none helps.
"""

from collections.abc import Callable

import numpy as np

from maps.solve.median_table import Nearest, Table
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


def interchange(table: Table, chosen: Ints, locked: Bools, over: Callable[[], bool]) -> Ints:
    """Swap until no swap helps or the time is over; ascending numbers."""
    chosen = chosen.copy()
    if not len(table.cost) or not len(chosen) or locked[chosen].all():
        return np.sort(chosen)
    for swap in range(_MOST_SWAPS):
        near = table.nearest(chosen)
        change = _changes(table, chosen, near, locked)
        out, into = divmod(int(np.argmin(change)), change.shape[1])
        if change[out, into] > -TINY * max(1.0, float(near.least.sum())):
            break
        chosen[out] = into
        if swap % 8 == 7 and over():
            break
    return np.sort(chosen)


def _changes(table: Table, chosen: Ints, near: Nearest, locked: Bools) -> Floats:
    """(p, n) the change of the value when chosen[r] leaves and j comes; inf where it must not."""
    n, p = table.cost.shape[1], len(chosen)
    demand, position = table.within(near.places)
    who, cost = table.near.index[position], table.near.value[position]
    least = near.least[demand]
    gain = np.bincount(who, np.maximum(least - cost, 0.0), n)
    saved = np.maximum(near.second[demand] - np.maximum(cost, least), 0.0)
    extra = np.bincount(near.first[demand] * n + who, saved, p * n).reshape(p, n)
    loss = np.bincount(near.first, near.second - near.least, p)
    change = loss[:, None] - gain[None, :] - extra
    change[:, chosen] = np.inf
    change[locked[chosen], :] = np.inf
    return np.asarray(change)
