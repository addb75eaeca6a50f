"""The demo's neighbourhoods: invented, around their polling places, their voters those of the place. Pure.

The same seed gives the same list. What comes out are rows of a file as an office would send it.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from inventory.geodesy import Position
from inventory.vocabulary import AreaKind

_METRES_PER_DEGREE = 111_320.0
_TRIES = 40


@dataclass(frozen=True)
class Polling:
    """A polling place whose voters are to be given homes."""

    ward_code: str
    ward_kind: AreaKind
    number: int
    voters: int
    point: Position


@dataclass(frozen=True)
class Home:
    """One neighbourhood."""

    ward_code: str
    name: str
    number: int
    households: int
    voters: int
    position: Position


def homes(
    pollings: Iterable[Polling], within: Callable[[str, Position], bool], random: Random
) -> tuple[Home, ...]:
    """Two to four neighbourhoods for each place; `within` says whether a point lies in the ward of a code."""
    count: dict[str, int] = {}
    found = []
    for polling in pollings:
        for voters in _shares(polling.voters, random):
            turn = count[polling.ward_code] = count.get(polling.ward_code, 0) + 1
            word = "Khu" if polling.ward_kind is AreaKind.PHUONG else "Thôn"
            spot = _spot(polling, within, random)
            households = max(1, round(voters / random.uniform(2.2, 3.0)))
            found.append(Home(polling.ward_code, f"{word} {turn}", polling.number, households, voters, spot))
    return tuple(found)


def _shares(voters: int, random: Random) -> list[int]:
    """The voters in two to four parts of similar size."""
    weights = [random.uniform(0.7, 1.3) for _ in range(random.choice((2, 3, 3, 4)))]
    parts = [int(voters * weight / sum(weights)) for weight in weights]
    parts[0] += voters - sum(parts)
    return parts


def _spot(polling: Polling, within: Callable[[str, Position], bool], random: Random) -> Position:
    """The middle of some houses 80 to 600 m from the place, in its ward; the place's own where none is."""
    lat, lon = polling.point
    for _turn in range(_TRIES):
        away, turn = random.uniform(80.0, 600.0), random.uniform(0.0, 2 * math.pi)
        north, east = away * math.cos(turn), away * math.sin(turn)
        across = _METRES_PER_DEGREE * math.cos(math.radians(lat))
        spot = round(lat + north / _METRES_PER_DEGREE, 6), round(lon + east / across, 6)
        if within(polling.ward_code, spot):
            return spot
    return polling.point
