"""Dominance: what some other candidate does at least as well need not be looked at.

* Demands with the same takers, units and need are served together or not at all: they become one,
  weights and row values added.
* Candidate j is dropped when some k serves alone every demand that j helps, costs no more, and is
  in the same rows with the same values, none of which asks for more of j. In any choice with j
  but without k, k may stand in; in one with both, j adds nothing. Equals keep the first.
Both leave the best value as it is. The pairs (j, k) looked at are those that meet in j's rarest demand.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from maps.solve.core import Core
from maps.solve.model import Bools, Ints
from maps.solve.sparse import Sparse, added, spans, table

Prints = NDArray[np.uint64]
#: Pairs compared in one step, and in all: bounds memory and time; what is not compared stays.
_STEP, _MOST = 2_000_000, 40_000_000
_ROUNDS = 3


def reduced(core: Core) -> Core:
    """Merge demands and drop dominated candidates until nothing changes (three rounds at most)."""
    for _ in range(_ROUNDS):
        before = len(core.cost), len(core.weight)
        core = merged(core)
        core = core.keep(~dominated(core), np.ones(len(core.weight), np.bool_))
        if (len(core.cost), len(core.weight)) == before:
            break
    return core


def merged(core: Core) -> Core:
    """One demand in place of those that are served by the same choices."""
    first = same_rows(core.takers, core.need)
    first[core.strict] = np.flatnonzero(core.strict)
    stays = first == np.arange(len(first))
    if stays.all():
        return core
    weight = added(first, core.weight, len(first))
    rows = core.of_demands
    key = rows.owner() * rows.width + first[rows.index]
    once, which = np.unique(key, return_inverse=True)
    value = added(which, rows.value, len(once))
    together = table(once // max(rows.width, 1), once % max(rows.width, 1), value, len(rows), rows.width)
    whole = replace(core, weight=weight, of_demands=together)
    return whole.keep(np.ones(len(core.cost), np.bool_), stays)


def same_rows(rows: Sparse, extra: Ints) -> Ints:
    """(rows,) the first row equal to each one (columns, values and `extra`), itself where none is.

    Rows are told apart by a 64-bit sum of random numbers; those that agree are then compared.
    """
    key = _prints(rows) + extra.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    _, at, which = np.unique(key, return_index=True, return_inverse=True)
    first = np.asarray(at[which], dtype=np.int64)
    mine = np.flatnonzero(first != np.arange(len(first)))
    theirs = first[mine]
    count = rows.counts()
    alike = (count[mine] == count[theirs]) & (extra[mine] == extra[theirs])
    mine, theirs = mine[alike], theirs[alike]
    left, right = rows.where(mine), rows.where(theirs)
    differs = (rows.index[left] != rows.index[right]) | (rows.value[left] != rows.value[right])
    wrong = np.bincount(np.repeat(np.arange(len(mine)), count[mine]), differs, len(mine)) > 0
    result = np.arange(len(first))
    result[mine[~wrong]] = theirs[~wrong]
    return result


def _prints(rows: Sparse) -> Prints:
    """(rows,) a print of each row's columns and values, the same for the same row."""
    random = np.random.default_rng(20260523).integers(1, 2**63, rows.width, np.uint64)
    each = random[rows.index] * (np.uint64(2) * rows.value.view(np.uint64) + np.uint64(1))
    running = np.concatenate((np.zeros(1, np.uint64), np.cumsum(each, dtype=np.uint64)))
    return np.asarray(running[rows.start[1:]] - running[rows.start[:-1]], dtype=np.uint64)


def dominated(core: Core) -> Bools:
    """(n,) candidates that need not be looked at."""
    out = np.zeros(len(core.cost), np.bool_)
    bound, kind = _rows_of(core)
    strict = np.zeros(len(core.cost), np.bool_)
    strict[core.takers.index[core.takers.where(np.flatnonzero(core.strict))]] = True
    size = core.brings.counts()
    out[(size == 0) & ~bound] = True
    free = ~bound & ~strict & (size > 0)
    alone = core.brings.value >= core.need[core.brings.index]
    # A key grows along the rows of `brings`, so that "k serves i alone" is one search.
    keys = (core.brings.owner() * core.brings.width + core.brings.index)[alone]
    marks = _marks(core.brings, alone)
    rank = np.empty(len(core.cost), np.int64)
    rank[np.lexsort((np.arange(len(rank)), -size, core.cost))] = np.arange(len(rank))
    for j, k in _blocks(core.brings, core.takers, free):
        better = (rank[k] < rank[j]) & (kind[j] == kind[k]) & (size[k] >= size[j]) & ~strict[k]
        better &= (marks[0][j] & ~marks[1][k]) == 0
        j, k = j[better], k[better]
        out[j[_covers(core.brings, keys, j, k)]] = True
    return out


def implied(takers: Sparse) -> Bools:
    """(demands,) those that are served whenever another one is, as all takers of that one take it too.

    For where all demands must be served by at least one (equal ones are merged before).
    """
    out = np.zeros(len(takers), np.bool_)
    brings = takers.transposed()
    keys = takers.owner() * takers.width + takers.index
    count = takers.counts()
    for inner, outer in _blocks(takers, brings, count > 0):
        wider = (count[outer] > count[inner]) | ((count[outer] == count[inner]) & (outer > inner))
        inner, outer = inner[wider], outer[wider]
        out[outer[_covers(takers, keys, inner, outer)]] = True
    return out


def _rows_of(core: Core) -> tuple[Bools, Ints]:
    """(n,) whether a row may ask for more of the candidate, and a number equal for equal rows."""
    rows = core.of_candidates
    owner, value = rows.owner(), rows.value
    asks = ((value > 0) & np.isfinite(core.lower[owner])) | ((value < 0) & np.isfinite(core.upper[owner]))
    bound = np.zeros(len(core.cost), np.bool_)
    bound[rows.index[asks]] = True
    if not len(rows.index):
        return bound, np.zeros(len(bound), np.int64)
    return bound, same_rows(rows.transposed(), np.zeros(len(bound), np.int64))


def _marks(brings: Sparse, alone: Bools) -> tuple[Prints, Prints]:
    """(n,) 64-bit marks of what each candidate helps and what it serves alone: a quick no."""
    spread = np.arange(brings.width, dtype=np.uint64) * np.uint64(2654435761) >> np.uint64(7)
    bit = np.uint64(1) << spread % np.uint64(64)
    marks = []
    for these in (np.ones(len(alone), np.bool_), alone):
        out = np.zeros(len(brings), np.uint64)
        np.bitwise_or.at(out, brings.owner()[these], bit[brings.index[these]])
        marks.append(out)
    return marks[0], marks[1]


def _blocks(rows: Sparse, across: Sparse, free: Bools) -> Iterator[tuple[Ints, Ints]]:
    """Blocks of pairs (a free row, each row that shares the rarest of its columns)."""
    mine = np.flatnonzero(free)
    if not len(mine):
        return
    degree = across.counts()
    where = rows.where(mine)
    count = rows.counts()[mine]
    begin = np.cumsum(count) - count
    least = np.minimum.reduceat(degree[rows.index[where]], begin)
    at_least = degree[rows.index[where]] == np.repeat(least, count)
    position = np.where(at_least, np.arange(len(where)), len(where))
    rarest = rows.index[where[np.minimum.reduceat(position, begin)]]
    running = np.cumsum(least)
    done = 0
    while done < len(mine) and (not done or running[done - 1] < _MOST):
        base = running[done - 1] if done else 0
        until = max(done + 1, int(np.searchsorted(running, base + _STEP, side="right")))
        column = rarest[done:until]
        other = across.index[spans(across.start[column], degree[column])]
        yield np.repeat(mine[done:until], degree[column]), other
        done = until


def _covers(brings: Sparse, keys: Ints, j: Ints, k: Ints) -> Bools:
    """(pairs,) whether k serves alone every demand of j."""
    count = brings.counts()[j]
    pair = np.repeat(np.arange(len(j)), count)
    wanted = k[pair] * brings.width + brings.index[brings.where(j)]
    at = np.searchsorted(keys, wanted)
    held = at < len(keys)
    held[held] = keys[at[held]] == wanted[held]
    return np.asarray(np.bincount(pair[held], minlength=len(j)) == count)
