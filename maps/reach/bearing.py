"""Bearings between positions: the direction in which a receiver lies, as seen from a thing.

The straight line between two points on the ellipsoid is laid into the horizon of the first one
(east, north). Against the geodesic's own azimuth that is wrong by less than 0.001° up to 10 km.
"""

import numpy as np
from numpy.typing import ArrayLike

from maps.coverage.grid import Ints, Located, located
from maps.reach.sound import Floats


def bearings(things: Located, thing: Ints, receivers: Located, receiver: Ints) -> Floats:
    """Degrees clockwise from north in [0, 360) from thing[i] to receiver[i]; 0 at the same spot."""
    apart = receivers.xyz[receiver] - things.xyz[thing]
    phi, lam = np.radians(things.lat[thing]), np.radians(things.lon[thing])
    east = np.cos(lam) * apart[:, 1] - np.sin(lam) * apart[:, 0]
    outwards = np.cos(lam) * apart[:, 0] + np.sin(lam) * apart[:, 1]
    north = np.cos(phi) * apart[:, 2] - np.sin(phi) * outwards
    return np.asarray(np.mod(np.degrees(np.arctan2(east, north)), 360.0))


def bearing_deg(from_lat: ArrayLike, from_lon: ArrayLike, to_lat: ArrayLike, to_lon: ArrayLike) -> Floats:
    """The same from degrees, elementwise (n,); NaN where a position is unknown."""
    things = located(np.atleast_1d(from_lat), np.atleast_1d(from_lon))
    receivers = located(np.atleast_1d(to_lat), np.atleast_1d(to_lon))
    every = np.arange(len(things), dtype=np.int64)
    return bearings(things, every, receivers, every)
