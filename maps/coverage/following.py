"""A run that follows another: only the spots that changed facts can touch are counted again.

What touches a spot: an installation that could count there before or now (in either figure, surely
or perhaps), the spot itself (its point, its voters, its ward), an answer, the ward's store, and the
nearest working thing. All else is taken from the run before. The result is that of a full run, gap
by gap (tests/property/test_following.py). Another standard, taxonomy or model of reach is a full run.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from inventory.facts import Facts, InstallationFact
from maps.coverage.counting import Tally, nearest_working
from maps.coverage.gaps import Gap
from maps.coverage.grid import Ints, nearest
from maps.coverage.links import links, points_of
from maps.coverage.rules import (
    Counted,
    Frame,
    Parts,
    both_figures,
    count,
    counted,
    gaps_of,
    surroundings_of,
)
from maps.coverage.spots import Spot, limited, spots_of
from maps.coverage.things import Things, replaced, venue_points
from maps.reach.reaching import Reach

#: Nearer than this to the nearest one counts as near enough to look again (metres).
_SAME_M = 1e-3


@dataclass(frozen=True)
class Run:
    """A run with what it was made from. `again` is how many spots were counted for it."""

    facts: Facts
    reach: Reach
    counted: Counted
    gaps: tuple[Gap, ...]
    again: int


def first(facts: Facts, reach: Reach) -> Run:
    """A full run."""
    everything = counted(facts, reach)
    return Run(facts, reach, everything, gaps_of(everything), len(everything.spots))


def follow(before: Run, facts: Facts, reach: Reach) -> Run:
    """The run of these facts, from the one before where that is possible."""
    same_law = before.facts.standard == facts.standard and before.facts.kinds == facts.kinds
    if not same_law or before.reach != reach:
        return first(facts, reach)
    spots, law = spots_of(facts), before.counted.law
    was = _same_spots(before.counted.spots, spots)
    changed = _changed(before.facts, facts)
    old = both_figures(before.facts, _of(before.facts, changed))
    new = both_figures(facts, _of(facts, changed))
    things = replaced(before.counted.things, changed, new[0])
    checked = replaced(before.counted.checked, changed, new[1])
    touched = {s for s, at in enumerate(was) if at is None}
    for doubt, moved in ((True, old[0]), (True, new[0]), (False, old[1]), (False, new[1])):
        if moved.ids:
            touched.update(np.unique(links(law, spots, moved, reach, doubt).s).tolist())
    chosen = sorted(touched)
    part = count(law, [spots[s] for s in chosen], things, checked, reach)
    at_large, surveyed, stored = surroundings_of(facts, law, things)
    frame = Frame(*_nearest(before.counted, spots, was, things, new[0], changed), at_large, surveyed, stored)
    now = Counted(law, spots, things, checked, _spliced(before.counted, was, chosen, part), frame)
    dirty = touched | _reframed(before.counted, now, was)
    return Run(facts, reach, now, _regapped(before, now, was, dirty), len(touched))


def _changed(before: Facts, after: Facts) -> frozenset[str]:
    """Ids of the installations that are new, gone or otherwise, or stand at a venue that moved."""
    old = {one.id: one for one in before.installations}
    new = {one.id: one for one in after.installations}
    changed = {one for one in old.keys() | new.keys() if old.get(one) != new.get(one)}
    here, there = venue_points(before.places), venue_points(after.places)
    moved = {venue for venue in here.keys() | there.keys() if here.get(venue) != there.get(venue)}
    if moved:
        changed |= {one.id for one in after.installations if _venues(one) & moved}
    return frozenset(changed)


def _venues(one: InstallationFact) -> set[int | None]:
    return {state.venue_id for state in (one.reported, one.verified) if state is not None}


def _of(facts: Facts, chosen: frozenset[str]) -> list[InstallationFact]:
    return sorted((one for one in facts.installations if one.id in chosen), key=attrgetter("id"))


def _same_spots(before: Sequence[Spot], after: Sequence[Spot]) -> list[int | None]:
    """For each spot its number in the run before; None where it is new or otherwise."""
    number = {(spot.place_id, spot.area_id): s for s, spot in enumerate(before)}
    found = [number.get((spot.place_id, spot.area_id)) for spot in after]
    return [s if s is not None and before[s] == spot else None for s, spot in zip(found, after, strict=True)]


def _nearest(
    before: Counted,
    spots: Sequence[Spot],
    was: Sequence[int | None],
    things: Things,
    new: Things,
    changed: frozenset[str],
) -> tuple[list[list[int]], list[list[float]]]:
    """The nearest things: asked again only where one that changed is, or was, the nearest."""
    at_work = np.flatnonzero(new.working > 0)
    _, metres = nearest(points_of(spots), new.at.take(at_work))
    number = {identity: t for t, identity in enumerate(things.ids)}
    index: list[list[int]] = []
    apart: list[list[float]] = []
    again: list[int] = []
    for s, at in enumerate(was):
        ids = [] if at is None else [before.things.ids[t] if t >= 0 else "" for t in before.frame.nearest[at]]
        furthest = max(before.frame.metres[at], default=0.0) if at is not None else np.inf
        nearer = np.isfinite(metres[s]) and metres[s] <= furthest + _SAME_M
        if at is None or nearer or not changed.isdisjoint(ids):
            again.append(s)
        index.append([number.get(identity, -1) for identity in ids])
        apart.append(before.frame.metres[at] if at is not None else [])
    who, how_far = nearest_working(before.law, [spots[s] for s in again], things)
    for s, row, distances in zip(again, who.tolist(), how_far.tolist(), strict=True):
        index[s], apart[s] = row, distances
    return index, apart


def _spliced(before: Counted, was: Sequence[int | None], chosen: Sequence[int], part: Parts) -> Parts:
    """The counts of the run before, with those of the chosen spots in their stead."""
    fresh = {s: number for number, s in enumerate(chosen)}
    parts = before.parts

    def rows(old: list[list[int]], new: list[list[int]]) -> list[list[int]]:
        return [new[fresh[s]] if s in fresh else old[at or 0] for s, at in enumerate(was)]

    def spliced(old: Tally, new: Tally) -> Tally:
        moved_to = {at: s for s, at in enumerate(was) if at is not None and s not in fresh}
        kept = {(moved_to[s], r): row for (s, r), row in old.broken_rows.items() if s in moved_to}
        named = {(chosen[number], r): row for (number, r), row in new.broken_rows.items()}
        return Tally(
            rows(old.working, new.working),
            rows(old.broken, new.broken),
            rows(old.reached, new.reached),
            kept | named,
        )

    return Parts(
        spliced(parts.reported, part.reported),
        spliced(parts.verified, part.verified),
        rows(parts.sure, part.sure),
        rows(parts.possible, part.possible),
    )


def _reframed(before: Counted, now: Counted, was: Sequence[int | None]) -> set[int]:
    """Spots whose nearest, answers, store or "too far" are others than before."""
    old, new = before.frame, now.frame
    dirty: set[int] = set()
    far = [
        r
        for r, (a, b) in enumerate(zip(old.at_large, new.at_large, strict=True))
        if a != b and limited(now.law.requirements[r])
    ]
    places, areas = _moved(old, new)
    for s, at in enumerate(was):
        spot = now.spots[s]
        if at is None or spot.area_id in areas or spot.place_id in places:
            dirty.add(s)
            continue
        same = new.metres[s] == old.metres[at] and _same_nearest(before, now, at, s)
        if not same or any(before.beyond(at, r) != now.beyond(s, r) for r in far):
            dirty.add(s)
    return dirty


def _same_nearest(before: Counted, now: Counted, at: int, s: int) -> bool:
    pairs: Iterable[tuple[int, int]] = zip(before.frame.nearest[at], now.frame.nearest[s], strict=True)
    return all(
        (a < 0 and b < 0) or (a >= 0 and b >= 0 and before.things.ids[a] == now.things.ids[b])
        for a, b in pairs
    )


def _moved(old: Frame, new: Frame) -> tuple[set[int], set[int]]:
    """Places and wards whose answers or store are others than before."""
    places: set[int] = set()
    areas: set[int] = set()
    for (a, b), (c, d) in zip(old.surveyed, new.surveyed, strict=True):
        places |= a ^ c
        areas |= b ^ d
    for here, there in zip(old.stored, new.stored, strict=True):
        areas |= {area for area in here.keys() | there.keys() if here.get(area) != there.get(area)}
    return places, areas


def _regapped(before: Run, now: Counted, was: Sequence[int | None], dirty: set[int]) -> tuple[Gap, ...]:
    """The gaps: of dirty spots anew, of all others as they were."""
    begin: Ints = np.cumsum([0, *(len(spot.needs) for spot in before.counted.spots)])
    found: list[Gap] = []
    for s, at in enumerate(was):
        if at is None or s in dirty:
            found += [now.gap(s, r) for r in now.spots[s].needs]
        else:
            found += before.gaps[int(begin[at]) : int(begin[at + 1])]
    return tuple(found)
