"""Who is reached: for each demand point what is heard and read there, in both figures, and how surely.

The channels are never added up or mixed: a person who hears is counted under hearing, whatever can be
read. Presence (flags, a backdrop) is at the place's own venue and informs nobody. The level of several
loudspeakers is the sum of their energies; the models are maps/reach.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inventory.facts import Facts
from inventory.vocabulary import Certainty, Channel
from maps.coverage.cells import Degrees, near_each
from maps.coverage.grid import Floats, Ints, Located, arc_of, bearings, chords, located
from maps.coverage.spots import known_position
from maps.coverage.things import Flags, Things
from maps.planning.demand import DemandMethod, DemandPoint
from maps.reach.columns import HEARING, PRESENCE, READING
from maps.reach.hearing import Hearing, Receivers, Sources, hearing
from maps.reach.reaching import Reach


@dataclass(frozen=True)
class PointReach:
    """One demand point of a run. `*_reported`, `*_verified`: reached in that figure.

    Of the reported figure: `level_db` and `margin_db` (over what is needed to understand speech; None:
    nothing is heard), the loudest source and its metres, how many are heard each by itself, whether they
    echo; the nearest face that can be read there and its metres, and how many can. Certainties say what is
    left once positions may be wrong by their accuracy.
    """

    place_id: int
    neighbourhood_id: int | None
    area_id: int
    voters: int | None
    method: DemandMethod
    located: bool
    heard_reported: bool
    heard_verified: bool
    heard_certainty: Certainty
    level_db: float | None
    margin_db: float | None
    source_id: str | None
    source_m: float | None
    sources: int
    echo: bool
    read_reported: bool
    read_verified: bool
    read_certainty: Certainty
    face_id: str | None
    face_m: float | None
    faces: int
    seen_reported: bool
    seen_verified: bool

    def reached(self, channel: Channel, verified: bool) -> bool:
        """Whether its voters are reached by a channel in a figure."""
        if channel is Channel.HEARING:
            return self.heard_verified if verified else self.heard_reported
        if channel is Channel.READING:
            return self.read_verified if verified else self.read_reported
        return self.seen_verified if verified else self.seen_reported

    def certainty(self, channel: Channel) -> Certainty | None:
        """How surely; presence does not depend on positions."""
        if channel is Channel.HEARING:
            return self.heard_certainty
        return self.read_certainty if channel is Channel.READING else None


def reached(
    facts: Facts, points: Sequence[DemandPoint], things: Things, checked: Things, reach: Reach
) -> tuple[PointReach, ...]:
    """What reaches each point; `things` stand in the reported figure, `checked` in the verified one."""
    ground = _ground(points, reach)
    (heard, sources), (heard_too, _) = (_heard(ground, some, reach) for some in (things, checked))
    faces, faces_too = (_readable(ground, some, reach) for some in (things, checked))
    venues = {place.id: place.venue_id for place in facts.places}
    seen, seen_too = (_present(some, reach) for some in (things, checked))
    return tuple(
        PointReach(
            point.place_id,
            point.neighbourhood_id,
            point.area_id,
            point.voters,
            point.method,
            bool(np.isfinite(ground.at.lat[n])),
            **_hearing_of(heard, heard_too, sources, n),
            **_reading_of(faces, faces_too, things, n),
            seen_reported=venues.get(point.place_id) in seen,
            seen_verified=venues.get(point.place_id) in seen_too,
        )
        for n, point in enumerate(points)
    )


def _hearing_of(heard: Hearing, verified: Hearing, sources: Sequence[str], n: int) -> dict[str, Any]:
    """The fields of a point that speak of hearing."""
    loud, best = bool(np.isfinite(heard.level[n])), int(heard.best[n])
    return {
        "heard_reported": bool(heard.margin[n] >= -_NOISE_DB),
        "heard_verified": bool(verified.margin[n] >= -_NOISE_DB),
        "heard_certainty": _word(bool(heard.sure[n]), bool(heard.possible[n])),
        "level_db": float(heard.level[n]) if loud else None,
        "margin_db": float(heard.margin[n]) if loud else None,
        "source_id": sources[best] if best >= 0 else None,
        "source_m": float(heard.best_m[n]) if best >= 0 else None,
        "sources": int(heard.alone[n]),
        "echo": bool(heard.echo[n]),
    }


def _reading_of(faces: "_Faces", verified: "_Faces", things: Things, n: int) -> dict[str, Any]:
    """The fields of a point that speak of reading."""
    face = int(faces.nearest[n])
    return {
        "read_reported": bool(faces.count[n]),
        "read_verified": bool(verified.count[n]),
        "read_certainty": _word(bool(faces.sure[n]), bool(faces.possible[n])),
        "face_id": things.ids[face] if face >= 0 else None,
        "face_m": float(faces.metres[n]) if face >= 0 else None,
        "faces": int(faces.count[n]),
    }


#: The noise of summed levels.
_NOISE_DB = 1e-9


@dataclass(frozen=True)
class _Points:
    at: Located
    area: Ints
    accuracy: Floats


def _ground(points: Sequence[DemandPoint], reach: Reach) -> _Points:
    at = [known_position(point.lat, point.lon) or (np.nan, np.nan) for point in points]
    return _Points(
        located([lat for lat, _ in at], [lon for _, lon in at]),
        np.array([point.area_id for point in points], dtype=np.int64),
        np.full(len(points), reach.model.scalars.place_accuracy),
    )


def _heard(ground: _Points, things: Things, reach: Reach) -> tuple[Hearing, Sequence[str]]:
    rows = reach.columns(things.states)
    those = np.flatnonzero((rows.channel == HEARING) & (things.working > 0))
    sources = Sources(rows.take(those), things.at.take(those))
    found = hearing(reach, sources, Receivers(ground.at, ground.area, ground.accuracy))
    return found, [things.ids[t] for t in those.tolist()]


@dataclass(frozen=True)
class _Faces:
    """By point: how many faces can be read, the nearest one's row (−1) and metres, and how surely."""

    count: Ints
    nearest: Ints
    metres: Floats
    sure: Flags
    possible: Flags


def _readable(ground: _Points, things: Things, reach: Reach) -> _Faces:
    n = len(ground.at)
    rows = reach.columns(things.states)
    furthest = reach.furthest(rows, sorted(set(ground.area.tolist())))
    reading = (rows.channel == READING) & (things.working > 0) & (furthest > 0) & np.isfinite(furthest)
    those = np.flatnonzero(reading)
    at = things.at.take(those)
    search = furthest[those] + rows.accuracy[those] + float(ground.accuracy.max(initial=0.0)) + 1.0
    p, t = near_each(Degrees(ground.at.lat, ground.at.lon), Degrees(at.lat, at.lon), search)
    t = those[t]
    metres = arc_of(chords(ground.at, p, things.at, t))
    towards, pairs, areas = bearings(things.at, t, ground.at, p), rows.take(t), ground.area[p]
    served = reach.served(pairs, metres, towards, areas)
    sure, possible = reach.sure_and_possible(pairs, metres, towards, areas, ground.accuracy[p])
    nearest, least = np.full(n, -1, np.int64), np.full(n, np.inf)
    order = np.lexsort((t[served], metres[served], p[served]))
    who, first = np.unique(p[served][order], return_index=True)
    nearest[who], least[who] = t[served][order][first], metres[served][order][first]
    return _Faces(
        np.bincount(p[served], minlength=n).astype(np.int64),
        nearest,
        least,
        np.bincount(p[served & sure], minlength=n) > 0,
        np.bincount(p[served | possible], minlength=n) > 0,
    )


def _present(things: Things, reach: Reach) -> frozenset[int]:
    """Venues at which something that is only there to be seen stands and works."""
    rows = reach.columns(things.states)
    there = (rows.channel == PRESENCE) & (things.working > 0) & (things.venue >= 0)
    return frozenset(things.venue[there].tolist())


def _word(sure: bool, possible: bool) -> Certainty:
    return Certainty.SURELY if sure else Certainty.PERHAPS if possible else Certainty.NOT


@dataclass(frozen=True)
class ChannelSum:
    """Voters of one channel, by method: of `voters` on record, `verified` and `reported` are reached.

    `surely` and `perhaps` split by certainty (reported). `unsurveyed` voters are not reached at places
    where nobody has looked yet; `unplaced` are not reached for want of a position. `unknown` points
    have no number of voters.
    """

    channel: Channel
    method: DemandMethod
    points: int
    voters: int
    verified: int
    reported: int
    surely: int
    perhaps: int
    unsurveyed: int
    unplaced: int
    unknown: int


def sums(rows: Iterable[PointReach], surveyed: frozenset[int]) -> tuple[ChannelSum, ...]:
    """The voters reached, by channel and method; `surveyed` are the ids of places that were looked at."""
    every = list(rows)
    return tuple(
        _sum(channel, method, [row for row in every if row.method == method], surveyed)
        for channel in Channel
        for method in DemandMethod
        if any(row.method == method for row in every)
    )


def _sum(
    channel: Channel, method: DemandMethod, rows: Sequence[PointReach], surveyed: frozenset[int]
) -> ChannelSum:
    def voters(those: Iterable[PointReach]) -> int:
        return sum(row.voters or 0 for row in those)

    reported = [row for row in rows if row.reached(channel, verified=False)]
    others = [row for row in rows if not row.reached(channel, verified=False)]
    at_large = [row for row in others if row.place_id not in surveyed]
    return ChannelSum(
        channel,
        method,
        points=len(rows),
        voters=voters(rows),
        verified=voters(row for row in rows if row.reached(channel, verified=True)),
        reported=voters(reported),
        surely=voters(row for row in rows if row.certainty(channel) is Certainty.SURELY),
        perhaps=voters(row for row in rows if row.certainty(channel) is Certainty.PERHAPS),
        unsurveyed=voters(at_large),
        unplaced=voters(row for row in others if row.place_id in surveyed and not row.located),
        unknown=sum(row.voters is None for row in rows),
    )
