"""Quiet places: where loudspeakers are louder than the noise regulation in force allows.

The limits are for averages over a longer time and a broadcast lasts a quarter of an hour, so what is
found here is a hint that a horn wants turning or its volume lowering ("cần chỉnh hướng hoặc âm
lượng"), never an error. Sources are what works in the reported figure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from inventory.facts import Facts, PlaceFact
from inventory.vocabulary import Certainty, Figure, VenueKind
from maps.coverage.grid import located
from maps.coverage.things import standing_things, venue_points
from maps.reach.hearing import Receivers, Sources, hearing
from maps.reach.model import NoiseLimit, SiteClass
from maps.reach.reaching import Reach

#: Venues inside of which QCVN 26 sees a "special area": health facilities, schools, pagodas.
SPECIAL_VENUES = frozenset({VenueKind.SCHOOL, VenueKind.HOSPITAL, VenueKind.PAGODA})


@dataclass(frozen=True)
class Conflict:
    """A quiet place that is louder than its limit. Levels are dB, `source_m` metres to the loudest.

    `source` is the id of the loudest loudspeaker; `certainty` says whether the accuracy of the
    positions leaves a doubt.
    """

    place_id: int
    area_id: int
    venue_kind: VenueKind
    level: float
    limit: float
    source: str
    source_level: float
    source_m: float
    certainty: Certainty

    @property
    def over(self) -> float:
        """dB above the limit."""
        return self.level - self.limit


def limit_in_force(limits: Iterable[NoiseLimit], site: SiteClass, day: date, hour: int) -> NoiseLimit | None:
    """The row for a class of sites at an hour (0–23) of a day; None where no regulation says anything.

    The latest regulation that has begun replaces the earlier ones as a whole, also where its figure
    is not known (`limit` None).
    """
    begun = [row for row in limits if row.in_force_from <= day]
    if not begun:
        return None
    newest = max(begun, key=lambda row: (row.in_force_from, row.regulation)).regulation
    rows = [row for row in begun if row.regulation == newest and row.site is site and _covers(row, hour)]
    return max(rows, key=lambda row: (row.in_force_from, row.hour_from), default=None)


def _covers(row: NoiseLimit, hour: int) -> bool:
    if row.hour_from < row.hour_until:
        return row.hour_from <= hour < row.hour_until
    return hour >= row.hour_from or hour < row.hour_until


def quiet_places(facts: Facts) -> tuple[PlaceFact, ...]:
    """The places of the campaign whose venue wants quiet."""
    return tuple(place for place in facts.places if place.venue_kind in SPECIAL_VENUES)


def conflicts(facts: Facts, reach: Reach, day: date, hour: int) -> tuple[Conflict, ...]:
    """Quiet places above the limit in force, the loudest first; none where the limit is not known.

    A place whose limit is passed only if the positions are wrong the unlucky way is told as "perhaps".
    """
    row = limit_in_force(reach.model.limits, SiteClass.SPECIAL, day, hour)
    places = quiet_places(facts)
    if row is None or row.limit is None or not places:
        return ()
    kinds = {kind.code: kind for kind in facts.kinds}
    installations = sorted(facts.installations, key=lambda one: one.id)
    things = standing_things(installations, Figure.REPORTED, kinds, venue_points(facts.places))
    working = np.flatnonzero(things.working > 0)
    sources = Sources(reach.columns([things.states[t] for t in working.tolist()]), things.at.take(working))
    receivers = Receivers(
        at=located(_degrees(place.lat for place in places), _degrees(place.lon for place in places)),
        area=np.array([place.area_id for place in places], dtype=np.int64),
        accuracy=np.full(len(places), reach.model.scalars.place_accuracy),
    )
    heard = hearing(reach, sources, receivers, np.full(len(places), row.limit))
    words = heard.certainty
    found = [
        Conflict(
            place_id=places[i].id,
            area_id=places[i].area_id,
            venue_kind=places[i].venue_kind,
            level=float(heard.level[i]),
            limit=row.limit,
            source=things.ids[int(working[heard.best[i]])],
            source_level=float(heard.best_level[i]),
            source_m=float(heard.best_m[i]),
            certainty=words[i],
        )
        for i in np.flatnonzero(heard.possible & (heard.best >= 0)).tolist()
    ]
    return tuple(sorted(found, key=lambda one: (-one.level, one.place_id)))


def _degrees(values: Iterable[float | None]) -> list[float]:
    return [np.nan if value is None else value for value in values]
