"""How far letters are read: their height, the angle, the night, and readers who pass by.

Metres and degrees. The factors are the sign makers' charts as domain §2.6 quotes them: 25 ft of
distance for an inch of letter is 300·h at the most, 10 ft an inch is 120·h in comfort. Marks above and below
Vietnamese letters want 1.25 times the height, so a letter of height h reads as one of h / 1.25.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from maps.reach.sound import Floats


@dataclass(frozen=True)
class ReadingScale:
    """The factors of reading; the defaults are domain §2.6 (most of them are guesses of ours).

    `one_line` and `two_lines` are the share of a face's height that a letter has where nobody
    measured it; more lines share what two have.
    """

    furthest: float = 300.0
    comfort: float = 120.0
    diacritics: float = 1.25
    one_line: float = 0.45
    two_lines: float = 0.22
    widest_deg: float = 60.0
    night: float = 0.5
    seconds: float = 5.0


def letter_height(face_height_m: float, lines: int, scale: ReadingScale) -> float:
    """Height in metres of the letters on a face of so many lines, where nobody measured them."""
    share = scale.one_line if lines <= 1 else 2.0 * scale.two_lines / lines
    return face_height_m * share


def reading_distance(
    letter_m: float, factor: float, scale: ReadingScale, night: bool = False, lit: bool = False
) -> float:
    """How far letters of this height are read from straight ahead; 0 without a height.

    `factor` is the distance for a metre of letter (`furthest` or `comfort`); at night an unlit face
    is read from `night` times the distance.
    """
    if not (math.isfinite(letter_m) and letter_m > 0):
        return 0.0
    return factor * letter_m / scale.diacritics * (scale.night if night and not lit else 1.0)


def aslant(off_axis_deg: ArrayLike, widest_deg: float) -> Floats:
    """The share of the distance that is left at an angle: cos θ, and nothing beyond the widest angle."""
    angle = np.asarray(off_axis_deg, dtype=np.float64)
    return np.where(angle <= widest_deg + 1e-9, np.cos(np.radians(angle)), 0.0)


def passing_distance(speed_km_h: float, scale: ReadingScale) -> float:
    """Metres that somebody drives while reading: v·t (domain §2.6: 5 s; 50 km/h → 69 m)."""
    return speed_km_h / 3.6 * scale.seconds


def needed_letter(distance_m: float, factor: float, diacritics: float = 1.0) -> float:
    """The letter height in metres that is read from a distance; 69 m → 0.23 (furthest), 0.58 (comfort)."""
    return distance_m / factor * diacritics


def screen_distances(pitch_mm: float) -> tuple[float, float, float]:
    """An LED screen's least distance in metres (its pitch in mm) and the comfortable 2 to 3 times it."""
    return pitch_mm, 2.0 * pitch_mm, 3.0 * pitch_mm
