"""Fixes of a phone beside what a person pointed at: the values, and what may be said of them.

Pure. A record holds one position; a fix that stands beside a tapped point, or the reason why a poor one
was taken, is evidence and kept apart (`evidence`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from inventory.geodesy import Position, distance_m, in_vietnam
from inventory.vocabulary import PositionSource

#: As long as the column; a reason is a word of FixReason, alone or with ": " and a person's own words.
LONGEST_REASON = 300


class FixReason(StrEnum):
    """Why a poor position was taken; what a person chose on the phone."""

    INDOORS = "indoors"
    COVERED = "covered"
    SILENT = "silent"
    OTHER = "other"


@dataclass(frozen=True)
class Fix:
    """A device's own words: degrees (WGS84), the radius in metres it believes in, its age in seconds."""

    lat: float
    lon: float
    accuracy_m: float | None = None
    age_s: float | None = None

    @property
    def point(self) -> Position:
        """(lat, lon) in degrees."""
        return self.lat, self.lon


@dataclass(frozen=True)
class Evidence:
    """What is kept beside a record's position: fix, tap, the metres between them, the reason."""

    fix: Fix | None
    tap: Position | None
    apart_m: float | None
    reason: str

    def speaks_of(self, point: Position | None) -> bool:
        """Whether it tells how this position came about; a position corrected later has left it."""
        return point is not None and point == (self.tap or (self.fix.point if self.fix else None))


def usable(fix: Fix | None) -> Fix | None:
    """The fix, when it is one: finite numbers in Viet Nam; a strange accuracy or age is left out."""
    if fix is None or not (math.isfinite(fix.lat) and math.isfinite(fix.lon)):
        return None
    if not in_vietnam(fix.lat, fix.lon):
        return None
    return Fix(fix.lat, fix.lon, _measure(fix.accuracy_m), _measure(fix.age_s))


def position_fields(fix: Fix | None, tap: Position | None) -> Mapping[str, Any]:
    """The record's fields of a position: what was tapped goes before what was measured; {} for neither.

    A tapped point has no accuracy of a device: a hand does not know it.
    """
    found: tuple[Any, ...]
    if tap is not None:
        found = (tap[0], tap[1], None, PositionSource.MAP, None)
    elif fix is not None:
        found = (fix.lat, fix.lon, _measure(fix.accuracy_m), PositionSource.DEVICE, _measure(fix.age_s))
    else:
        return {}
    return dict(zip(("lat", "lon", "accuracy_m", "position_source", "position_age_s"), found, strict=True))


def evidence_of(fix: Fix | None, tap: Position | None, reason: str) -> Evidence | None:
    """What is worth keeping; None where the record alone says everything."""
    fix = usable(fix)
    reason = reason.strip()[:LONGEST_REASON]
    if not reason and (fix is None or tap is None):
        return None
    apart = distance_m(fix.point, tap) if fix is not None and tap is not None else None
    return Evidence(fix, tap, apart, reason)


def _measure(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) and 0 <= value < 1e7 else None
