"""How many things count for each requirement at each place or ward, in one figure.

Numbers: `s` counts spots, `r` requirements of the standard in force, `t` things; matrices are
(spots, requirements).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np

from inventory.vocabulary import AppliesTo
from maps.coverage.grid import Floats, Ints, nearest
from maps.coverage.links import Links, points_of
from maps.coverage.sharing import Options, Sharing
from maps.coverage.spots import Law, Spot, limited
from maps.coverage.things import Things

#: Installation id, kind, condition and units that do not work, as in `Gap.broken`.
Broken = tuple[str, str, str, int]
#: Things with their units, by the requirements that could count them.
Groups = dict[Options, list[tuple[int, int]]]


@dataclass(frozen=True)
class Tally:
    """Units that count: `working`, `broken`; `reached` = working records around the place that count."""

    working: list[list[int]]
    broken: list[list[int]]
    reached: list[list[int]]
    broken_rows: dict[tuple[int, int], list[Broken]]


def tally(law: Law, spots: Sequence[Spot], things: Things, links: Links) -> Tally:
    """Count every standing thing once per spot, for the requirement it serves there."""
    shape = (len(spots), len(law.requirements))
    s, r, t = links.s, links.r, links.t
    cell = s * shape[1] + r
    around = np.array([limited(one) for one in law.requirements], dtype=np.bool_)[r]
    reached = _sum(cell, (around & (things.working[t] > 0)).astype(np.int64), shape)
    same = (s[1:] == s[:-1]) & (t[1:] == t[:-1])
    alone = np.ones(len(s), dtype=np.bool_)
    alone[1:] &= ~same
    alone[:-1] &= ~same
    rows: dict[tuple[int, int], list[Broken]] = defaultdict(list)
    result = Tally(
        _sum(cell[alone], things.working[t[alone]], shape),
        _sum(cell[alone], things.broken[t[alone]], shape),
        reached,
        rows,
    )
    faulty = alone & (things.broken[t] > 0)
    for at, number, thing in zip(s[faulty].tolist(), r[faulty].tolist(), t[faulty].tolist(), strict=True):
        rows[at, number].append(_broken(things, thing, int(things.broken[thing])))
    claims = zip(s[~alone].tolist(), r[~alone].tolist(), t[~alone].tolist(), strict=True)
    for at, of_spot in groupby(claims, key=itemgetter(0)):
        options: dict[int, list[int]] = defaultdict(list)
        for _, number, thing in of_spot:
            options[thing].append(number)
        _share(law, spots[at], at, things, options, result)
    return result


def doubtful(
    law: Law, spots: Sequence[Spot], things: Things, links: Links, base: Tally
) -> tuple[list[list[int]], list[list[int]]]:
    """(spots, requirements): units that surely work for it, and those that perhaps do as well.

    The whole sharing is done again with only the sure things and with every possible one, at the
    spots where a working thing is in doubt. Where another sharing would give one requirement more
    at the cost of another, what is counted bounds it: sure ≤ counted ≤ possible.
    """
    at_work = things.working[links.t] > 0
    unsure = np.unique(links.s[at_work & ~(links.counts & links.sure)])
    if not len(unsure):
        return base.working, base.working
    there = np.isin(links.s, unsure)
    least = tally(law, spots, things, links.kept(there & links.counts & links.sure)).working
    most = tally(law, spots, things, links.kept(there)).working
    sure, possible = list(base.working), list(base.working)
    for s in unsure.tolist():
        sure[s] = [min(pair) for pair in zip(least[s], base.working[s], strict=True)]
        possible[s] = [max(pair) for pair in zip(most[s], base.working[s], strict=True)]
    return sure, possible


def nearest_working(law: Law, spots: Sequence[Spot], things: Things) -> tuple[Ints, Floats]:
    """(spots, requirements): the nearest working thing of a counted kind (−1: none) and its metres."""
    at = points_of(spots)
    index = np.full((len(spots), len(law.requirements)), -1, np.int64)
    metres = np.full(index.shape, np.inf)
    seen: dict[frozenset[str], tuple[Ints, Floats]] = {}
    for r, codes in enumerate(law.counted):
        if law.requirements[r].applies_to != AppliesTo.PLACE:
            continue
        if codes not in seen:
            those = np.flatnonzero(things.counted(codes) & (things.working > 0))
            who, distance = nearest(at, things.at.take(those))
            seen[codes] = np.where(who >= 0, np.append(those, -1)[who], -1), distance
        index[:, r], metres[:, r] = seen[codes]
    return index, metres


def _share(
    law: Law, spot: Spot, s: int, things: Things, options: dict[int, list[int]], result: Tally
) -> None:
    """Decide at one spot about the things that several requirements could count."""
    order = law.taking_order(sorted({r for numbers in options.values() for r in numbers}))
    working, broken = result.working[s], result.broken[s]
    lacking = {r: spot.needs[r].units - working[r] for r in order}
    _hand_out(order, lacking, _groups(options, things.working), working)
    lacking = {r: spot.needs[r].units - working[r] - broken[r] for r in order}
    faulty = _groups(options, things.broken)
    _name_broken(s, things, faulty, _hand_out(order, lacking, faulty, broken), result)


def _groups(options: dict[int, list[int]], units: Ints) -> Groups:
    """Things with their units by who could count them."""
    groups: Groups = defaultdict(list)
    for t, numbers in options.items():
        if units[t]:
            groups[tuple(numbers)].append((t, int(units[t])))
    return groups


def _hand_out(order: Sequence[int], lacking: dict[int, int], groups: Groups, counts: list[int]) -> Sharing:
    """First what is lacking, in the taking order; then what is left over is counted somewhere."""
    sharing = Sharing({group: sum(units for _, units in members) for group, members in groups.items()})
    for r in order:
        counts[r] += sharing.give(r, lacking[r])
    for r, more in sharing.give_rest(order).items():
        counts[r] += more
    return sharing


def _name_broken(s: int, things: Things, groups: Groups, sharing: Sharing, result: Tally) -> None:
    """Say which things the shared broken units are, in the order of their ids."""
    for group, members in groups.items():
        left = list(members)
        for r in group:
            wanted = sharing.taken.get((group, r), 0)
            while wanted:
                t, available = left.pop(0)
                taken = min(wanted, available)
                result.broken_rows[s, r].append(_broken(things, t, taken))
                wanted -= taken
                if available > taken:
                    left.insert(0, (t, available - taken))


def _broken(things: Things, t: int, units: int) -> Broken:
    return things.ids[t], things.states[t].kind, str(things.states[t].condition), units


def _sum(cell: Ints, units: Ints, shape: tuple[int, int]) -> list[list[int]]:
    """Units added up per cell of the matrix, as plain integers."""
    total = np.bincount(cell, weights=units, minlength=shape[0] * shape[1]).astype(np.int64)
    rows: list[list[int]] = total.reshape(shape).tolist()
    return rows
