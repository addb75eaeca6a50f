"""Which thing may count for which requirement at which spot, and how surely.

A requirement of the own zone counts what hangs on the venue (or the ward) there. One with a distance
counts what is at most so far from the place's point; one by reach what reaches the place by the
model in force. Positions may be wrong by the accuracy of the thing and of the place together:

    surely    d + accuracies ≤ limit     (by reach: still served from the worst spot)
    perhaps   d − accuracies ≤ limit     (by reach: served from the best spot)

A thing without a position of its own stands at its venue, so at that venue's place it surely is.
Numbers: `s` spots, `r` requirements, `t` things; every array of a Links is (links,).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inventory.facts import RequirementFact
from inventory.vocabulary import AppliesTo
from maps.coverage.cells import Degrees, near_each
from maps.coverage.grid import Floats, Ints, Located, arc_of, bearings, chords, decide, expand, located
from maps.coverage.spots import Law, Spot, known_position
from maps.coverage.things import ZONE_NUMBER, Flags, Things
from maps.reach.columns import Columns
from maps.reach.model import ReachModel, Scalars, Surroundings
from maps.reach.reaching import Reach

_NOWHERE = Surroundings("none", "", "", 0.0, 0.0)
#: A model that knows no kind: what is asked by reach is then reached by nothing.
NO_REACH = Reach(ReachModel(Scalars(), (_NOWHERE,), (), _NOWHERE.code, (), ()))


@dataclass(frozen=True)
class Links:
    """By s, then t, then r. `counts` is what is counted; `sure` is part of it; every row is possible."""

    s: Ints
    r: Ints
    t: Ints
    counts: Flags
    sure: Flags

    def kept(self, keep: Flags) -> "Links":
        """A selection of the rows."""
        return Links(self.s[keep], self.r[keep], self.t[keep], self.counts[keep], self.sure[keep])


@dataclass(frozen=True)
class _Ground:
    """Spots and things of one question, as columns."""

    at: Located
    hangs_on: Ints
    area: Ints
    things: Things
    reach: Reach
    rows: Columns | None
    doubt: bool


def links(law: Law, spots: Sequence[Spot], things: Things, reach: Reach, doubt: bool = True) -> Links:
    """Every link of these spots and things; without `doubt` only what counts, and nothing else is asked."""
    by_reach = any(one.by_reach for one in law.requirements)
    ground = _Ground(
        points_of(spots),
        np.array([spot.hangs_on for spot in spots], dtype=np.int64),
        np.array([spot.area_id for spot in spots], dtype=np.int64),
        things,
        reach,
        reach.columns(things.states) if by_reach else None,
        doubt,
    )
    found = []
    for r, requirement in enumerate(law.requirements):
        asked = np.array([s for s, spot in enumerate(spots) if r in spot.needs], dtype=np.int64)
        if len(asked):
            found += [
                Links(s, np.full(len(s), r, np.int64), t, counts, sure)
                for s, t, counts, sure in _asked(ground, requirement, asked, things.counted(law.counted[r]))
            ]
    return _sorted(found)


def points_of(spots: Sequence[Spot]) -> Located:
    """The points of spots, NaN where unknown."""
    known = [known_position(spot.lat, spot.lon) or (np.nan, np.nan) for spot in spots]
    return located([lat for lat, _ in known], [lon for _, lon in known])


#: (s, t, counts, sure)
_Rows = tuple[Ints, Ints, Flags, Flags]


def _asked(ground: _Ground, requirement: RequirementFact, asked: Ints, counted: Flags) -> list[_Rows]:
    things = ground.things
    of_ward = requirement.applies_to == AppliesTo.AREA
    around = not of_ward and (requirement.within_m is not None or requirement.by_reach)
    if not around:
        here = np.flatnonzero(counted & (things.zone == ZONE_NUMBER[requirement.zone]))
        return [_hanging(ground, asked, here, things.area if of_ward else things.venue)]
    those = np.flatnonzero(counted)
    # Without a point no distance is known; what hangs on the own venue is there all the same.
    lost = asked[np.isnan(ground.at.lat[asked])]
    rows = [_hanging(ground, lost, those, things.venue)]
    if requirement.within_m is not None:
        rows.append(_within(ground, asked, those, requirement.within_m))
    else:
        rows.append(_reached(ground, asked, those))
    return rows


def _hanging(ground: _Ground, asked: Ints, those: Ints, hook_of: Ints) -> _Rows:
    hook = hook_of[those]
    order = np.argsort(hook, kind="stable")
    start = np.searchsorted(hook[order], ground.hangs_on[asked], side="left")
    count = np.searchsorted(hook[order], ground.hangs_on[asked], side="right") - start
    s, position = expand(start, count)
    surely = np.ones(len(s), dtype=np.bool_)
    return asked[s], those[order[position]], surely, surely


def _within(ground: _Ground, asked: Ints, those: Ints, limit_m: float) -> _Rows:
    if not np.isfinite(limit_m) or limit_m < 0:
        return _nothing()
    wrong = ground.things.accuracy(ground.reach.model.scalars.thing_accuracy)
    theirs = ground.reach.model.scalars.place_accuracy
    search = limit_m + (wrong[those] + theirs if ground.doubt else np.zeros(len(those)))
    s, t = _candidates(ground, asked, those, search)

    def inside(limit: Floats) -> Flags:
        return decide(ground.at, s, ground.things.at, t, np.maximum(limit, 0.0)) & (limit >= 0)

    counts = inside(np.full(len(s), limit_m))
    if not ground.doubt:
        return s[counts], t[counts], counts[counts], counts[counts]
    apart = np.where(_same_spot(ground, s, t), 0.0, wrong[t] + theirs)
    sure, possible = counts & inside(limit_m - apart), counts | inside(limit_m + apart)
    return s[possible], t[possible], counts[possible], sure[possible]


def _reached(ground: _Ground, asked: Ints, those: Ints) -> _Rows:
    assert ground.rows is not None  # noqa: S101 -- made where any requirement is by reach
    rows, scalars = ground.rows, ground.reach.model.scalars
    of_kind = rows.take(those)
    furthest = ground.reach.furthest(of_kind, sorted(set(ground.area[asked].tolist())))
    wrong = of_kind.accuracy + scalars.place_accuracy if ground.doubt else np.zeros(len(those))
    # What reaches nobody is not made to reach anybody by a doubtful position.
    reaching = np.isfinite(furthest) & (furthest > 0)
    s, t = _candidates(ground, asked, those[reaching], (furthest + wrong)[reaching])
    metres = arc_of(chords(ground.at, s, ground.things.at, t))
    towards = bearings(ground.things.at, t, ground.at, s)
    pairs, areas = rows.take(t), ground.area[s]
    counts = ground.reach.served(pairs, metres, towards, areas)
    if not ground.doubt:
        return s[counts], t[counts], counts[counts], counts[counts]
    sure, possible = ground.reach.sure_and_possible(pairs, metres, towards, areas)
    sure, possible = counts & (sure | _same_spot(ground, s, t)), counts | possible
    return s[possible], t[possible], counts[possible], sure[possible]


def _same_spot(ground: _Ground, s: Ints, t: Ints) -> Flags:
    """Whether a thing stands, for all that is known, at this very venue."""
    return np.asarray(~ground.things.placed[t] & (ground.things.venue[t] == ground.hangs_on[s]))


def _candidates(ground: _Ground, asked: Ints, those: Ints, search_m: Floats) -> tuple[Ints, Ints]:
    """Pairs (s, t) in which the thing is at most its own `search_m` away."""
    points, at = ground.at.take(asked), ground.things.at.take(those)
    s, t = near_each(Degrees(points.lat, points.lon), Degrees(at.lat, at.lon), search_m)
    return asked[s], those[t]


def _nothing() -> _Rows:
    none, never = np.zeros(0, np.int64), np.zeros(0, np.bool_)
    return none, none, never, never


def _sorted(found: Sequence[Links]) -> Links:
    none, never = np.zeros(0, np.int64), np.zeros(0, np.bool_)
    every = [Links(none, none, none, never, never), *found]
    s, r, t = (np.concatenate([getattr(one, name) for one in every]) for name in ("s", "r", "t"))
    counts, sure = (np.concatenate([getattr(one, name) for one in every]) for name in ("counts", "sure"))
    order = np.lexsort((r, t, s))
    return Links(s[order], r[order], t[order], counts[order], sure[order])
