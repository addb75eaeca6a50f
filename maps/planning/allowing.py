"""What may stand where: exclusion zones, must zones and the duties of sites, for many points at once. Pure.

A zone is a polygon in longitude and latitude; what lies on its line lies in it. A point that nobody
knows (NaN) is in no zone: it is neither excluded nor counted for a minimum.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from inventory.facts import KindFact
from inventory.outcomes import Problem
from maps.planning.inputs import Duty, Inputs, PlanZone, Site, ZoneRule

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def inside(zone: PlanZone, lat: Floats, lon: Floats) -> Bools:
    """Which of the points (WGS84 degrees, elementwise) lie in the zone or on its line."""
    import shapely

    found: Bools = shapely.intersects_xy(_prepared(zone.boundary), lon, lat)
    return found


def allowed(lat: Floats, lon: Floats, kind: KindFact, inputs: Inputs) -> Bools:
    """Where (elementwise) a new thing of the kind may stand: in no exclusion zone that covers the kind."""
    free = np.ones(np.shape(lat), dtype=np.bool_)
    for zone in inputs.zones:
        if zone.rule is ZoneRule.EXCLUSION and zone.covers(kind):
            free &= ~inside(zone, lat, lon)
    return free


def site_allows(site: Site, kind: KindFact, inputs: Inputs) -> bool:
    """Whether a new thing of the kind may stand at a free site: its duty, its kinds, the zones."""
    if site.duty is Duty.MUST_NOT or not site.covers(kind):
        return False
    return bool(allowed(np.array([site.lat]), np.array([site.lon]), kind, inputs)[0])


def contradictions(inputs: Inputs, kinds: Sequence[KindFact]) -> tuple[Problem, ...]:
    """The musts that no plan can keep, in words: a site or a zone whose every kind is excluded.

    Of a must zone only this is looked at: whether an exclusion zone for all its kinds covers it.
    """
    found = []
    for site in inputs.sites:
        if site.duty is Duty.MUST and not any(site_allows(site, kind, inputs) for kind in kinds):
            found.append(
                Problem(
                    "must_closed",
                    "Điểm “%(name)s” bắt buộc phải có công trình, nhưng mọi loại đều bị vùng cấm loại trừ.",
                    values=(("name", site.name),),
                )
            )
    for zone in inputs.zones:
        if zone.rule is ZoneRule.MUST and _shut(zone, kinds, inputs):
            found.append(
                Problem(
                    "zone_closed",
                    "Vùng “%(name)s” bắt buộc phải có công trình, nhưng vùng cấm phủ kín vùng này.",
                    values=(("name", zone.name),),
                )
            )
    return tuple(found)


def _shut(zone: PlanZone, kinds: Sequence[KindFact], inputs: Inputs) -> bool:
    import shapely

    area = _prepared(zone.boundary)
    for kind in kinds:
        if not zone.covers(kind):
            continue
        closed: list[Any] = [
            _prepared(other.boundary)
            for other in inputs.zones
            if other.rule is ZoneRule.EXCLUSION and other.covers(kind)
        ]
        if not closed or not shapely.covers(shapely.union_all(closed), area):
            return False
    return True


@lru_cache(maxsize=1024)
def _prepared(boundary: str) -> "BaseGeometry":
    """The geometry of a zone, prepared for many questions."""
    import shapely

    area: BaseGeometry = shapely.from_geojson(boundary)
    shapely.prepare(area)
    return area
