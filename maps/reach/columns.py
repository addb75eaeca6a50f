"""States of things as columns of what their reach depends on, so that reach is arithmetic on arrays."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventory.facts import StateFact
from inventory.vocabulary import Channel
from maps.reach.model import KindReach, ReachModel, ReadTarget
from maps.reach.sight import letter_height, reading_distance
from maps.reach.sound import Floats, source_level

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Numbers of the channels in columns; −1 is a thing without reach.
HEARING, READING, PRESENCE, NO_REACH = 0, 1, 2, -1
_NUMBER = {Channel.HEARING: HEARING, Channel.READING: READING, Channel.PRESENCE: PRESENCE}


@dataclass(frozen=True, eq=False)
class Columns:
    """One row a thing. `level` is dB at 1 m on the axis (−inf where it is not heard), `radius` metres.

    `azimuth` is NaN and the thing all round where nobody wrote it; `lobes` axes are spread evenly from
    it (two horns back to back, the sides of a face); `coverage` is the angle of a horn between its
    −6 dB edges; `accuracy` is the metres that the position may be wrong.
    """

    channel: Ints
    level: Floats
    radius: Floats
    azimuth: Floats
    lobes: Ints
    coverage: Floats
    accuracy: Floats

    def take(self, index: NDArray[np.generic]) -> "Columns":
        """The same rows in another order or selection."""
        return Columns(
            self.channel[index],
            self.level[index],
            self.radius[index],
            self.azimuth[index],
            self.lobes[index],
            self.coverage[index],
            self.accuracy[index],
        )

    def __len__(self) -> int:
        return len(self.channel)


@dataclass(frozen=True)
class _Row:
    """What things of the same kind, size and power have in common."""

    channel: int = NO_REACH
    level: float = -math.inf
    radius: float = 0.0
    turned: bool = False
    lobes: int = 1
    coverage: float = 360.0


def columns(model: ReachModel, states: Sequence[StateFact]) -> Columns:
    """The columns of these states; a kind without parameters is a thing without reach."""
    seen: dict[tuple[object, ...], _Row] = {}
    rows = []
    for state in states:
        key = (state.kind, state.height_m, state.sides, state.horns, state.watts)
        row = seen.get(key)
        if row is None:
            row = seen[key] = _row(model, state)
        rows.append(row)
    azimuth = _floats([state.azimuth for state in states])
    accuracy = _floats([state.accuracy_m for state in states])
    turned = np.array([row.turned for row in rows], dtype=np.bool_)
    return Columns(
        channel=np.array([row.channel for row in rows], dtype=np.int64),
        level=_floats([row.level for row in rows]),
        radius=_floats([row.radius for row in rows]),
        azimuth=np.where(turned & np.isfinite(azimuth), azimuth, np.nan),
        lobes=np.array([row.lobes for row in rows], dtype=np.int64),
        coverage=_floats([row.coverage for row in rows]),
        accuracy=np.where(np.isfinite(accuracy) & (accuracy > 0), accuracy, model.scalars.thing_accuracy),
    )


def level_of(model: ReachModel, kind: KindReach, watts: float | None = None) -> float:
    """L1 in dB at 1 m of one sector; −inf where sensitivity or power are unknown, zero or no number."""
    power = kind.watts if watts is None else watts
    if kind.sensitivity is None or power is None:
        return -math.inf
    return float(source_level(kind.sensitivity, power, kind.aimed or 1, model.scalars.crest))


def letter_of(model: ReachModel, kind: KindReach, height_m: float | None) -> float | None:
    """Height of the letters in metres: measured for the kind, or the share of the face; None: unknown."""
    if kind.letter is not None:
        return kind.letter
    face = height_m if _positive(height_m) else kind.face
    if face is None or not _positive(face) or kind.lines is None:
        return None
    return letter_height(face, kind.lines, model.scalars.reading)


def radius_of(model: ReachModel, kind: KindReach, height_m: float | None, target: ReadTarget) -> float:
    """Metres straight ahead from which a face is read, or a thing of presence is seen; 0: none."""
    scale = model.scalars.reading
    letter = letter_of(model, kind, height_m) if kind.channel is Channel.READING else None
    if letter is not None:
        factor = scale.furthest if target is ReadTarget.FURTHEST else scale.comfort
        return reading_distance(letter, factor, scale, model.scalars.by_night, kind.lit)
    radius = kind.radius if kind.radius is not None and _positive(kind.radius) else 0.0
    dark = kind.channel is Channel.READING and model.scalars.by_night and not kind.lit
    return radius * (scale.night if dark else 1.0)


def _row(model: ReachModel, state: StateFact) -> _Row:
    kind = model.kind_of.get(state.kind)
    if kind is None:
        return _Row()
    number = _NUMBER[kind.channel]
    if kind.channel is Channel.HEARING:
        lobes = state.horns if state.horns is not None else kind.horns or 1
        coverage = kind.coverage if kind.coverage is not None and _positive(kind.coverage) else 360.0
        level = level_of(model, kind, state.watts)
        return _Row(number, level, turned=True, lobes=max(1, lobes), coverage=coverage)
    radius = radius_of(model, kind, state.height_m, model.scalars.read_target)
    if kind.channel is Channel.READING:
        sides = state.sides if state.sides is not None else kind.sides or 1
        return _Row(number, radius=radius, turned=True, lobes=max(1, sides))
    return _Row(number, radius=radius)


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array(values, dtype=np.float64)


def _positive(value: float | None) -> bool:
    return value is not None and math.isfinite(value) and value > 0
