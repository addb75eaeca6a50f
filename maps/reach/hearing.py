"""What is heard at each receiver: the sum of the sources, the loudest one, echoes and certainty.

Sources and receivers are rows; only pairs near enough to matter are looked at. A source whose own
level lies more than FAINT_DB under what is wanted at a receiver is left out of its sum: at the wanted
level it would add less than 0.42 dB.
"""

from dataclasses import dataclass

import numpy as np

from inventory.vocabulary import Certainty
from maps.coverage.grid import Located, arc_of, pairs_within
from maps.reach.bearing import bearings
from maps.reach.columns import HEARING, Columns, Flags, Ints
from maps.reach.reaching import Reach
from maps.reach.sound import SOUND_M_S, Floats

FAINT_DB = 10.0
#: Ranges are rounded up to this share, so that things of near ranges are looked for together.
_STEP = 1.1


@dataclass(frozen=True, eq=False)
class Sources:
    """Things with their positions; rows that are no sound (or have no position) are heard nowhere."""

    rows: Columns
    at: Located


@dataclass(frozen=True, eq=False)
class Receivers:
    """Where people are: positions, the ids of their areas, how wrong each position may be (metres)."""

    at: Located
    area: Ints
    accuracy: Floats


@dataclass(frozen=True, eq=False)
class Hearing:
    """One row a receiver. Levels are dB, −inf where nothing is heard.

    `margin` is the level over what is wanted; `best` the row of the loudest source (−1: none), which is
    `best_level` loud and `best_m` metres away; `alone` counts the sources that reach the wanted level
    without the others. `echo`: heard, and another source within 6 dB of the loudest comes more than
    50 ms before or after it. `overlap`: more than one source is heard alone. `sure` and `possible`:
    the wanted level is reached wherever, and somewhere, within the accuracy of the positions.
    """

    level: Floats
    margin: Floats
    best: Ints
    best_level: Floats
    best_m: Floats
    alone: Ints
    echo: Flags
    overlap: Flags
    sure: Flags
    possible: Flags

    @property
    def certainty(self) -> list[Certainty]:
        """Surely, perhaps or not, of each receiver."""
        words = np.where(self.sure, 0, np.where(self.possible, 1, 2))
        return [(Certainty.SURELY, Certainty.PERHAPS, Certainty.NOT)[word] for word in words.tolist()]


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Pairs sorted by receiver: nominal level, and the least and most it can be within accuracy."""

    receiver: Ints
    source: Ints
    distance: Floats
    level: Floats
    least: Floats
    most: Floats


def hearing(reach: Reach, sources: Sources, receivers: Receivers, wanted: Floats | None = None) -> Hearing:
    """What each receiver hears; `wanted` is the level in dB for each (None: the model's target there)."""
    want = reach.target(receivers.area) if wanted is None else wanted
    pairs = _pairs(reach, sources, receivers, want)
    n = len(receivers.at)
    level = _sum(pairs.receiver, pairs.level, want, n)
    best, best_level, best_m = _loudest(pairs, want, n)
    alone = np.bincount(pairs.receiver[pairs.level >= want[pairs.receiver] - 1e-9], minlength=n).astype(
        np.int64
    )
    scalars = reach.model.scalars
    apart = np.abs(pairs.distance - best_m[pairs.receiver]) > SOUND_M_S * scalars.echo_ms / 1000.0
    rival = pairs.level >= best_level[pairs.receiver] - scalars.echo_within - 1e-9
    echo = np.bincount(pairs.receiver[apart & rival], minlength=n) > 0
    margin = level - want
    return Hearing(
        level=level,
        margin=margin,
        best=best,
        best_level=best_level,
        best_m=best_m,
        alone=alone,
        echo=echo & (margin >= -1e-9),
        overlap=alone > 1,
        sure=_sum(pairs.receiver, pairs.least, want, n) >= want - 1e-9,
        possible=_sum(pairs.receiver, pairs.most, want, n) >= want - 1e-9,
    )


def _sum(receiver: Ints, level: Floats, want: Floats, n: int) -> Floats:
    """10·log10 Σ 10^(L/10) of each receiver, without the faint."""
    loud = level >= want[receiver] - FAINT_DB
    energy = np.bincount(receiver[loud], weights=10.0 ** (level[loud] / 10.0), minlength=n)
    return np.asarray(10.0 * np.log10(energy, out=np.full(n, -np.inf), where=energy > 0))


def _loudest(pairs: _Pairs, want: Floats, n: int) -> tuple[Ints, Floats, Floats]:
    """Row, level and distance of the loudest source of each receiver; the first of equals."""
    best = np.full(n, -1, np.int64)
    level, metres = np.full(n, -np.inf), np.full(n, np.inf)
    loud = np.flatnonzero(pairs.level >= want[pairs.receiver] - FAINT_DB)
    order = loud[np.lexsort((pairs.source[loud], -pairs.level[loud], pairs.receiver[loud]))]
    who, first = np.unique(pairs.receiver[order], return_index=True)
    chosen = order[first]
    best[who], level[who], metres[who] = pairs.source[chosen], pairs.level[chosen], pairs.distance[chosen]
    return best, level, metres


def _pairs(reach: Reach, sources: Sources, receivers: Receivers, want: Floats) -> _Pairs:
    receiver, source = _near(reach, sources, receivers, want)
    order = np.lexsort((source, receiver))
    receiver, source = receiver[order], source[order]
    apart = receivers.at.xyz[receiver] - sources.at.xyz[source]
    distance = arc_of(np.sqrt(np.einsum("ij,ij->i", apart, apart)))
    bearing = bearings(sources.at, source, receivers.at, receiver)
    rows, area = sources.rows.take(source), receivers.area[receiver]
    least, most = reach.level_bounds(rows, distance, bearing, area, receivers.accuracy[receiver])
    return _Pairs(receiver, source, distance, reach.level(rows, distance, bearing, area), least, most)


def _near(reach: Reach, sources: Sources, receivers: Receivers, want: Floats) -> tuple[Ints, Ints]:
    """Every pair (receiver, source) that may be louder than faint; some that are not."""
    placed = receivers.at.known()
    heard = np.flatnonzero((sources.rows.channel == HEARING) & np.isfinite(sources.rows.level))
    if not len(placed) or not len(heard):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    quietest = float(want[placed].min()) - FAINT_DB
    horizon = reach.heard_within(sources.rows.level[heard], quietest, receivers.area[placed])
    horizon += sources.rows.accuracy[heard] + float(receivers.accuracy[placed].max(initial=0.0)) + 1.0
    step = np.ceil(np.log(np.maximum(horizon, 1.0)) / np.log(_STEP))
    found = []
    for one in np.unique(step).tolist():
        some = heard[step == one]
        receiver, source = pairs_within(receivers.at, sources.at.take(some), _STEP**one)
        found.append((receiver, some[source]))
    return np.concatenate([pair[0] for pair in found]), np.concatenate([pair[1] for pair in found])
