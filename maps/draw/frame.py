"""The frame: what the map shows when it opens, how far it may be moved and how far out it may zoom.

Pure. A ward's small far-off parts (islets of the bay) do not draw the map out to sea: only its
largest part counts.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

Ring = Sequence[Sequence[float]]

#: How far beyond the wards the map may be moved, as a part of their extent, and at least in degrees.
_MARGIN, _LEAST_MARGIN = 0.35, 0.01
#: The narrowest map, in CSS pixels, that should still show all wards at the least zoom.
_NARROW = 300
_TILE = 256
NEAREST_ZOOM = 18


class Bounds(NamedTuple):
    """A box in degrees."""

    south: float
    west: float
    north: float
    east: float

    def corners(self) -> list[list[float]]:
        """South-west and north-east as [lat, lon], as Leaflet takes them."""
        return [[self.south, self.west], [self.north, self.east]]

    @property
    def middle(self) -> list[float]:
        """The middle as [lat, lon]."""
        return [(self.south + self.north) / 2, (self.west + self.east) / 2]

    def wider(self) -> "Bounds":
        """The box with a margin round it: the neighbours' land, and no far sea."""
        up = max(_LEAST_MARGIN, (self.north - self.south) * _MARGIN)
        right = max(_LEAST_MARGIN, (self.east - self.west) * _MARGIN)
        return Bounds(self.south - up, self.west - right, self.north + up, self.east + right)

    def meets(self, other: "Bounds") -> bool:
        """Whether the boxes have a point in common."""
        return (
            self.south <= other.north
            and other.south <= self.north
            and self.west <= other.east
            and other.west <= self.east
        )


def around(boundaries: Iterable[dict[str, Any] | None]) -> Bounds | None:
    """The box round the largest part of each GeoJSON polygon; None where there is no line at all."""
    rings = [ring for boundary in boundaries if boundary and (ring := largest_part(boundary))]
    return round_points([(point[1], point[0]) for ring in rings for point in ring])


def round_points(points: Sequence[tuple[float, float]]) -> Bounds | None:
    """The box round points (lat, lon)."""
    if not points:
        return None
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    return Bounds(min(lats), min(lons), max(lats), max(lons))


def largest_part(boundary: dict[str, Any]) -> Ring:
    """The outer ring of the largest polygon, by area in degrees (near enough within one ward)."""
    polygons = boundary["coordinates"] if boundary["type"] == "MultiPolygon" else [boundary["coordinates"]]
    return max((polygon[0] for polygon in polygons if polygon), key=_area, default=())


def _area(ring: Ring) -> float:
    pairs = pairwise(ring)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def least_zoom(bounds: Bounds) -> int:
    """The zoom at which a narrow phone still shows the whole box (Web Mercator, 256 px at zoom 0)."""
    lat = math.radians(max(abs(bounds.south), abs(bounds.north)))
    width = max(bounds.east - bounds.west, (bounds.north - bounds.south) / math.cos(lat), 1e-4)
    return max(0, min(NEAREST_ZOOM - 2, math.floor(math.log2(_NARROW * 360 / (_TILE * width)))))
