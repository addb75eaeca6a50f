"""How loud a loudspeaker is at a distance: three models, directivity, sums and ranges.

Levels are dB (A-weighted where a target is), distances metres, angles degrees. Arrays broadcast.
The models say the loss from the level 1 m before the horn to the level at a distance (docs/reach.md):

free  20·log10 d: the spherical spreading alone, 6 dB a doubling (an upper bound);
iso   20·log10 d + α·d/1000 + A_env: ISO 9613-2 reduced to a level 1 m before the source;
fema  to 100 ft as free, and from there 10 dB a doubling (FEMA CPG 1-17), which stands for
      absorption, ground and buildings together, so that A_env is not added again.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: 100 ft, the distance at which sirens are rated (FEMA CPG 1-17).
RATED_M = 30.48
#: FEMA CPG 1-17: decibels lost with every doubling of the distance.
FEMA_DOUBLING_DB = 10.0
#: Speed of sound in m/s in air of about 20 °C.
SOUND_M_S = 343.0
#: Nothing here is said about distances below the metre at which horns are rated.
NEAREST_M = 1.0
#: A range beyond this says that a parameter is wrong, and is cut here.
FURTHEST_M = 100_000.0
_HALVINGS = 60


class SoundModel(StrEnum):
    """The model of the loss with distance."""

    ISO = "iso"
    FEMA = "fema"
    FREE = "free"


def source_level(
    sensitivity_db: ArrayLike, watts: ArrayLike, aimed: ArrayLike = 1.0, crest_db: ArrayLike = 0.0
) -> Floats:
    """L1 = S + 10·log10 P + 10·log10 N − C: dB at 1 m on the axis (domain §2.5 F1).

    S is dB at 1 W and 1 m, P watts of one horn, N the horns aimed at the same sector, C what average
    speech lies below the peak. No power (0, negative, NaN) is no sound: −inf.
    """
    power = np.asarray(watts, dtype=np.float64) * np.asarray(aimed, dtype=np.float64)
    quiet = ~(np.isfinite(power) & (power > 0))
    level = np.asarray(sensitivity_db) + 10.0 * np.log10(np.where(quiet, 1.0, power)) - np.asarray(crest_db)
    return np.where(quiet | ~np.isfinite(level), -np.inf, level)


def fema_level(rated_db: ArrayLike, distance_m: ArrayLike) -> Floats:
    """FEMA CPG 1-17: L(d) = L(100 ft) − 10·log2(d / 30.48 m); 100 dB gives 90, 80, 70 at 200, 400, 800 ft.

    10·log2 x is the 33.22·log10 x of other texts (33.219 = 10 / log10 2), without their rounding.
    """
    fallen = FEMA_DOUBLING_DB * np.log2(np.asarray(distance_m, dtype=np.float64) / RATED_M)
    return np.asarray(np.asarray(rated_db, dtype=np.float64) - fallen)


def loss(
    model: SoundModel,
    distance_m: ArrayLike,
    absorption_db_km: ArrayLike = 0.0,
    surroundings_db: ArrayLike = 0.0,
) -> Floats:
    """dB lost from 1 m before the horn to a distance; nearer than 1 m nothing is lost by distance."""
    distance = np.maximum(np.asarray(distance_m, dtype=np.float64), NEAREST_M)
    spreading = np.asarray(20.0 * np.log10(distance))
    if model is SoundModel.ISO:
        air = np.asarray(absorption_db_km, dtype=np.float64) * distance / 1000.0
        return np.asarray(spreading + air + np.asarray(surroundings_db, dtype=np.float64))
    if model is SoundModel.FEMA:
        rated = 20.0 * np.log10(RATED_M)
        beyond = rated + FEMA_DOUBLING_DB * np.log2(np.maximum(distance, RATED_M) / RATED_M)
        return np.where(distance <= RATED_M, spreading, beyond)
    return spreading


def range_m(
    model: SoundModel,
    headroom_db: ArrayLike,
    absorption_db_km: ArrayLike = 0.0,
    surroundings_db: ArrayLike = 0.0,
) -> Floats:
    """The distance at which the loss equals the headroom (L1 − target): the range of a target level.

    The loss grows with the distance, so halving finds it, never short by more than a rounding; 0 where
    even 1 m is too far, at most FURTHEST_M.
    """
    headroom, alpha, around = np.broadcast_arrays(
        np.asarray(headroom_db, dtype=np.float64), absorption_db_km, surroundings_db
    )
    heard = np.isfinite(headroom) & (headroom >= loss(model, NEAREST_M, alpha, around))
    low = np.full(headroom.shape, NEAREST_M)
    # Without absorption and surroundings it would be the free field's distance: no range is longer.
    high = np.clip(10.0 ** (np.minimum(np.where(heard, headroom, 0.0), 200.0) / 20.0), NEAREST_M, FURTHEST_M)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        enough = loss(model, middle, alpha, around) <= headroom
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return np.where(heard, high, 0.0)


def directivity(off_axis_deg: ArrayLike, coverage_deg: ArrayLike, floor_db: float = 18.0) -> Floats:
    """D(θ) = −6·(θ / (Φ/2))² dB, never below −floor (domain §2.5 F8): −6 dB at the edge of the angle Φ."""
    beyond = np.asarray(off_axis_deg, dtype=np.float64) / (np.asarray(coverage_deg, dtype=np.float64) / 2.0)
    return np.asarray(np.maximum(-6.0 * beyond * beyond, -floor_db))


def off_axis(azimuth_deg: ArrayLike, lobes: ArrayLike, bearing_deg: ArrayLike) -> Floats:
    """Degrees between a bearing and the nearest of `lobes` axes spread evenly from the azimuth.

    Two back-to-back horns (or a face with two sides) are a figure of eight. An unknown azimuth (NaN)
    is 0 for every bearing: the thing counts as all round.
    """
    between = 360.0 / np.asarray(lobes, dtype=np.float64)
    turned = np.mod(np.asarray(bearing_deg, dtype=np.float64) - np.asarray(azimuth_deg), between)
    return np.asarray(np.nan_to_num(np.minimum(turned, between - turned), nan=0.0))


def energy_sum(levels_db: ArrayLike) -> float:
    """10·log10 Σ 10^(L/10): several sources at one receiver (domain §2.5 F9); nothing is −inf."""
    levels = np.asarray(levels_db, dtype=np.float64)
    loudest = float(levels.max(initial=-np.inf))
    if not np.isfinite(loudest):
        return loudest
    return loudest + 10.0 * float(np.log10(np.sum(10.0 ** ((levels - loudest) / 10.0))))
