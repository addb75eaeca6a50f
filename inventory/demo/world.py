"""The demo's world: who went where on which day and what they found. Pure; the same seed, the same world.

Everything here is invented (a half-surveyed city as offices describe one) and labelled so wherever
it shows. Places and wards come in as plain values; what comes out are visits to be recorded.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from inventory.clock import HA_NOI
from inventory.vocabulary import Condition

SEED = 20210523
FIRST_DAY, LAST_DAY = date(2021, 3, 29), date(2021, 4, 19)
#: How far wards have come by the last day: some are done, some have not begun, most are on the way.
_PROGRESS = (1.0, 0.0, 0.65, 0.4, 1.0, 0.55, 0.25, 0.8, 0.0, 0.5, 0.7, 0.35)
#: How likely a thing that the standard asks for is there at all, by kind.
_PRESENT = {
    "FLAG_NATIONAL": 0.88,
    "FLAG_DECOR": 0.7,
    "BANNER_H": 0.6,
    "PANEL_SMALL": 0.5,
    "NOTICE_BOARD": 0.75,
    "BACKDROP_SET": 0.45,
    "SPK_PORTABLE": 0.4,
    "SPK_CLUSTER_FM": 0.3,
    "PANEL_CLUSTER": 0.55,
    "SPK_MOBILE": 0.6,
}
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Stop:
    """A place (or, without one, a ward's own page) to be visited."""

    area_id: int
    place_id: int | None
    number: int


@dataclass(frozen=True)
class Visit:
    """One visit: where, when, and how well kept the place is (0..1; 1 lacks nothing)."""

    stop: Stop
    at: datetime
    quality: float


@dataclass(frozen=True)
class Found:
    """What a visit finds of one item; `condition` is that of the part that does not work."""

    found: int
    working: int
    condition: Condition | None


def visits(areas: Sequence[int], stops: Sequence[Stop], random: Random) -> tuple[Visit, ...]:
    """Choose which stops were visited by the last day, and when, in the order of time."""
    chosen: list[Visit] = []
    for order, area in enumerate(areas):
        progress = _PROGRESS[order % len(_PROGRESS)]
        quality = random.uniform(0.55, 0.97)
        own = sorted((stop for stop in stops if stop.area_id == area), key=lambda stop: stop.number)
        for stop in own[: round(progress * len(own))]:
            # One place in six was decorated early and lacks nothing.
            kept = 1.0 if random.random() < 1 / 6 else quality
            chosen.append(Visit(stop, _moment(random), kept))
    return tuple(sorted(chosen, key=lambda visit: (visit.at, visit.stop.area_id, visit.stop.number)))


def _moment(random: Random) -> datetime:
    """An office hour of a working day; more of them as the deadline comes nearer."""
    span = (LAST_DAY - FIRST_DAY).days
    while True:
        day = FIRST_DAY + timedelta(days=round(span * math.sqrt(random.random())))
        if day.weekday() < 6 and day < LAST_DAY:
            break
    clock = time(random.choice((7, 8, 9, 10, 14, 15, 16)), random.randrange(60), random.randrange(60))
    return datetime.combine(day, clock, tzinfo=HA_NOI)


def find(
    kind: str, needed: int, bulk: bool, broken: Sequence[Condition], quality: float, random: Random
) -> Found:
    """What stands of an item that needs so many; `broken` are the kind's conditions that do not work."""
    wanted = max(1, needed)
    if quality == 1.0:
        return Found(wanted, wanted, Condition.GOOD)
    if random.random() > _PRESENT.get(kind, 0.4) * (0.6 + 0.5 * quality):
        return Found(0, 0, None)
    found = max(1, round(wanted * min(1.15, random.gauss(0.55 + 0.5 * quality, 0.25))))
    if not bulk:
        found = min(found, wanted + 1)
    working = sum(random.random() < 0.6 + 0.36 * quality for _ in range(found))
    if working == found or not broken:
        return Found(found, found, random.choice((Condition.GOOD, Condition.GOOD, Condition.DIRTY)))
    return Found(found, working, random.choice(tuple(broken)))


def fix(lat: float, lon: float, random: Random) -> tuple[float, float, float] | None:
    """A phone's fix near a point: (lat, lon, accuracy in metres), or None when it gave none."""
    if random.random() < 0.15:
        return None
    accuracy = random.choice((4.0, 5.0, 6.0, 8.0, 12.0, 18.0, 35.0))
    # Now and then somebody records from the road, and the office gets a flag to look at.
    away = 420.0 if random.random() < 0.02 else random.uniform(2.0, 35.0)
    turn = random.uniform(0.0, 2 * math.pi)
    north, east = away * math.cos(turn), away * math.sin(turn)
    return (
        round(lat + north / _METRES_PER_DEGREE, 6),
        round(lon + east / (_METRES_PER_DEGREE * math.cos(math.radians(lat))), 6),
        accuracy,
    )


def decision(random: Random) -> str:
    """What the office did with an item after some days: verify, return or nothing yet."""
    return random.choices(("verify", "return", "wait"), weights=(72, 4, 24))[0]
