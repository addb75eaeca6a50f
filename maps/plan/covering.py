"""Which point is served from where, by a distance or by a thing's reach; exact to the geodesic. Pure.

A new thing looks in no known direction, so it reaches as far as an all-round one of its kind, and
how far depends on the surroundings of who listens (their ward). A thing that stands keeps its own
power, size and direction.
"""

from collections.abc import Sequence

import numpy as np
from geographiclib.geodesic import Geodesic

from inventory.facts import RequirementFact, StateFact
from maps.coverage.grid import Ints, Located, located, pairs_within
from maps.reach.reaching import Reach

Pairs = tuple[Ints, Ints]
Known = tuple[float | None, float | None]
_NONE = np.zeros(0, np.int64)


def at(positions: Sequence[Known]) -> Located:
    """Positions of which some are unknown."""
    lat = [np.nan if lat is None or lon is None else lat for lat, lon in positions]
    lon = [np.nan if lat is None or lon is None else lon for lat, lon in positions]
    return located(lat, lon)


def reached_by_new(
    requirement: RequirementFact,
    where: Located,
    areas: Sequence[int],
    sites: Located,
    kind: str,
    reach: Reach,
) -> Pairs:
    """(point, site) pairs in which a new thing of the kind at the site serves the point in ward areas[i]."""
    if requirement.within_m is not None:
        return pairs_within(where, sites, requirement.within_m)
    found = []
    wards = np.array(areas, dtype=np.int64)
    for ward in sorted(set(areas)):
        radius = reach.radius_of_new(kind, ward)
        if not (np.isfinite(radius) and radius > 0):
            continue
        mine = np.flatnonzero(wards == ward)
        point, site = pairs_within(where.take(mine), sites, radius)
        found.append((mine[point], site))
    return _joined(found)


def reached_by_standing(
    requirement: RequirementFact,
    where: Located,
    areas: Sequence[int],
    things: Located,
    states: Sequence[StateFact],
    reach: Reach,
) -> Pairs:
    """(point, thing) pairs in which a thing in this state, were it working, serves the point."""
    if requirement.within_m is not None:
        return pairs_within(where, things, requirement.within_m)
    if not len(where) or not states:
        return _NONE, _NONE
    furthest = float(np.max(reach.furthest(states, sorted(set(areas)))))
    if not furthest > 0:
        return _NONE, _NONE
    point, thing = pairs_within(where, things, furthest)
    if not len(point):
        return point, thing
    pairs = list(zip(point.tolist(), thing.tolist(), strict=True))
    apart = [
        Geodesic.WGS84.Inverse(things.lat[t], things.lon[t], where.lat[p], where.lon[p], Geodesic.STANDARD)
        for p, t in pairs
    ]
    served = reach.served(
        [states[t] for _, t in pairs],
        np.array([line["s12"] for line in apart]),
        np.array([line["azi1"] % 360.0 for line in apart]),
        [areas[p] for p, _ in pairs],
    )
    keep = np.flatnonzero(served)
    return point[keep], thing[keep]


def _joined(found: Sequence[Pairs]) -> Pairs:
    if not found:
        return _NONE, _NONE
    point, site = (np.concatenate(side) for side in zip(*found, strict=True))
    order = np.lexsort((site, point))
    return point[order], site[order]
