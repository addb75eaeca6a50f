"""Where a new thing stands: the choice between a fix, a pointed spot and the venue's point. Pure."""

import math
from dataclasses import dataclass

from inventory.geodesy import in_vietnam
from inventory.vocabulary import PositionSource

#: A fix this vague is worse than the venue's own point.
VAGUE_FIX_M = 100.0
#: A fix older than this belongs to another spot.
OLD_FIX_S = 600.0


@dataclass(frozen=True)
class Spot:
    """Where new things of an item stand."""

    lat: float | None = None
    lon: float | None = None
    source: PositionSource | None = None
    accuracy_m: float | None = None
    age_s: float | None = None


def choose_spot(fix: Spot | None, typed: Spot | None, venue: Spot | None) -> Spot:
    """Where new things stand: what a person pointed at, a good fix, the venue's point, any fix.

    A fix never blocks: one outside Viet Nam, or without meaning, is as if there were none.
    """
    if typed is not None:
        return typed
    usable = fix if fix is not None and _is_sane(fix) else None
    if usable is not None and _is_good(usable):
        return usable
    return venue or usable or Spot()


def _is_sane(fix: Spot) -> bool:
    if fix.lat is None or fix.lon is None:
        return False
    return math.isfinite(fix.lat) and math.isfinite(fix.lon) and in_vietnam(fix.lat, fix.lon)


def _is_good(fix: Spot) -> bool:
    accuracy, age = fix.accuracy_m, fix.age_s
    exact = accuracy is not None and math.isfinite(accuracy) and 0 <= accuracy <= VAGUE_FIX_M
    fresh = age is None or (math.isfinite(age) and 0 <= age <= OLD_FIX_S)
    return exact and fresh
