"""Paper, scale and projection of a printed map. Pure; lengths on paper are millimetres.

The projection is equirectangular with both axes true at the middle latitude φ₀ of the map (radii of
curvature M and N of WGS84 at φ₀): x = (λ − λ₀)·N·cos φ₀ / n, y = (φ₀ − φ)·M / n for the scale 1:n.
Meridians stay upright, so north is up everywhere; along a parallel the scale is off by about
tan φ₀ · Δφ, 0.15 % at the edge of a city.
"""

from dataclasses import dataclass
from enum import StrEnum

from inventory.geodesy import Position, metres_per_degree
from maps.draw.frame import Bounds


class Paper(StrEnum):
    """Sizes of a sheet, always lying."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True)
class Box:
    """A rectangle on the sheet, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Sheet:
    """Where things stand on a sheet. `point` is the size of plain text, `mark` the width of a mark."""

    width: float
    height: float
    margin: float
    head: Box
    chart: Box
    side: Box
    foot: Box
    point: float
    mark: float


def sheet(paper: Paper) -> Sheet:
    """The layout: a head, the map on the left, its key on the right, sources below."""
    large = paper is Paper.A3
    width, height = (420.0, 297.0) if large else (297.0, 210.0)
    margin, head, foot, side, gap = (10.0, 21.0, 12.0, 84.0, 5.0) if large else (8.0, 16.0, 10.0, 64.0, 4.0)
    inner, top, low = width - 2 * margin, margin + head, height - margin - foot
    return Sheet(
        width,
        height,
        margin,
        Box(margin, margin, inner, head),
        Box(margin, top, inner - side - gap, low - top),
        Box(width - margin - side, top, side, low - top),
        Box(margin, low, inner, foot),
        point=8.5 if large else 7.0,
        mark=3.0 if large else 2.5,
    )


#: Denominators that people know, times a power of ten.
_STEPS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 8.0)
_LARGEST = 1_000
#: The part of the map's box that the frame may fill.
_FILL = 0.94


@dataclass(frozen=True)
class Projection:
    """A map at 1:`scale` round `middle` in a box of `width` × `height` millimetres."""

    middle: Position
    scale: int
    width: float
    height: float

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Degrees → millimetres from the upper left corner of the box."""
        north, east = metres_per_degree(self.middle[0])
        across, down = (lon - self.middle[1]) * east, (self.middle[0] - lat) * north
        return self.width / 2 + across * 1000 / self.scale, self.height / 2 + down * 1000 / self.scale

    def back(self, x: float, y: float) -> Position:
        """Millimetres → degrees (latitude, longitude)."""
        north, east = metres_per_degree(self.middle[0])
        across, down = (x - self.width / 2) * self.scale / 1000, (y - self.height / 2) * self.scale / 1000
        return self.middle[0] - down / north, self.middle[1] + across / east

    @property
    def bounds(self) -> Bounds:
        """What the box shows."""
        north, west = self.back(0.0, 0.0)
        south, east = self.back(self.width, self.height)
        return Bounds(south, west, north, east)

    @property
    def metre(self) -> float:
        """The length of a metre on paper."""
        return 1000 / self.scale


def fit(frame: Bounds, width: float, height: float) -> Projection:
    """The largest scale of a usual number at which the frame fits into the box."""
    middle = ((frame.south + frame.north) / 2, (frame.west + frame.east) / 2)
    north, east = metres_per_degree(middle[0])
    across, down = (frame.east - frame.west) * east * 1000, (frame.north - frame.south) * north * 1000
    least = max(across / (width * _FILL), down / (height * _FILL), _LARGEST)
    return Projection(middle, _usual(least), width, height)


def _usual(least: float) -> int:
    """The smallest usual denominator that is not below `least`."""
    power = _LARGEST
    while True:
        for step in _STEPS:
            if step * power >= least * (1 - 1e-9):
                return round(step * power)
        power *= 10


@dataclass(frozen=True)
class Bar:
    """A scale bar: its length on the ground and on paper, in `parts` equal pieces."""

    metres: int
    length: float
    parts: int


def bar(projection: Projection, longest: float) -> Bar:
    """The longest bar of 1, 2 or 5 times a power of ten metres that is not longer than `longest` mm."""
    metres, most = 1, longest / projection.metre
    for power in range(8):
        for step in (1, 2, 5):
            if step * 10**power <= most:
                metres = step * 10**power
    return Bar(metres, metres * projection.metre, 4 if str(metres)[0] in "24" else 5)
