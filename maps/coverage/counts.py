"""Counts that follow single changes: one thing more or less touches only the cells it is within reach of.

A cell is (point, kind). The index holds the points in a dictionary of squares as wide as the largest
limit, and the counts in one flat array; a change looks at the squares around it in plain Python,
which at a handful of points is quicker than any array arithmetic. It decides as cells.py does: by the
plane at the point, within the same doubt by the geodesic itself. So the counts are those of a full
recount after any sequence of changes (tests/property/test_engine.py).
"""

import math
from array import array
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from inventory.geodesy import WGS84_A, WGS84_E2, distance_m, metres_per_degree
from maps.coverage.cells import Degrees, counts_by_kind
from maps.coverage.grid import TOLERANCE_M, Floats

_LEAST_RADIUS_M = WGS84_A * (1.0 - WGS84_E2)
#: A point: latitude, longitude, metres per degree of each, and its number.
_Point = tuple[float, float, float, float, int]


class Counts:
    """How many things of each kind lie within that kind's limit of each point.

    Points nearer to a pole than 20° or across the date line are beyond its squares: ValueError.
    """

    def __init__(self, points: Degrees, things: Degrees, kind: NDArray[np.integer], limit_m: Floats) -> None:
        full = counts_by_kind(points, things, kind, limit_m)
        self.kinds = len(limit_m)
        #: The counts, point by point: cell = point × kinds + kind.
        self.cells = array("i", full.ravel().tobytes())
        here, index = points.known()
        steepest = float(np.abs(here.lat).max(initial=0.0))
        if steepest > 70.0 or np.ptp(here.lon if len(here.lon) else np.zeros(1)) > 180.0:
            raise ValueError("points near a pole or across the date line")
        widest = float(limit_m.max(initial=0.0)) * 1.001 + 1.0
        self._tall = math.degrees(widest / _LEAST_RADIUS_M)
        self._wide = self._tall / math.cos(math.radians(min(89.0, steepest + 2 * self._tall)))
        self._limits = [self._squares(limit, steepest) for limit in limit_m.tolist()]
        self._squares_of: dict[tuple[int, int], list[_Point]] = defaultdict(list)
        numbers = range(len(here.lat)) if index is None else index.tolist()
        for lat, lon, number in zip(here.lat.tolist(), here.lon.tolist(), numbers, strict=True):
            self._squares_of[self._square(lat, lon)].append((lat, lon, *metres_per_degree(lat), number))

    def matrix(self) -> NDArray[np.int32]:
        """The counts as (points, kinds)."""
        return np.array(self.cells, dtype=np.int32).reshape(-1, self.kinds)

    def change(self, kind: int, lat: float, lon: float, by: int) -> list[int]:
        """Count `by` more (−1: one fewer) of a kind at a position; the cells that changed.

        A position that is not known (NaN) is within reach of nothing.
        """
        touched: list[int] = []
        if lat != lat or lon != lon:
            return touched
        limit, inner, outer = self._limits[kind]
        row, column = self._square(lat, lon)
        squares, cells, kinds = self._squares_of, self.cells, self.kinds
        for above in (row - 1, row, row + 1):
            for beside in (column - 1, column, column + 1):
                for at, along, north, east, number in squares.get((above, beside), ()):
                    up, right = (lat - at) * north, (lon - along) * east
                    squared = up * up + right * right
                    if squared <= inner or (
                        squared <= outer and distance_m((at, along), (lat, lon)) <= limit + TOLERANCE_M
                    ):
                        cell = number * kinds + kind
                        cells[cell] += by
                        touched.append(cell)
        return touched

    def _square(self, lat: float, lon: float) -> tuple[int, int]:
        return math.floor(lat / self._tall), math.floor(lon / self._wide)

    @staticmethod
    def _squares(limit: float, steepest: float) -> tuple[float, float, float]:
        """The limit, and squared what is surely within and beyond what nothing is (cells.py)."""
        # A thing may lie so much nearer to the pole than every point.
        bend = math.tan(math.radians(steepest) + 2 * limit / _LEAST_RADIUS_M) + 0.0101
        doubt = limit * (1.01 * limit / _LEAST_RADIUS_M * bend + 1e-9) + 2 * TOLERANCE_M
        return limit, (limit - doubt) ** 2 if limit > doubt else -1.0, (limit + doubt) ** 2
