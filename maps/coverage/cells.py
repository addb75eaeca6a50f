"""Which things lie within their own kind's limit of which points: one pass over all kinds, in NumPy.

Nothing is projected and no sine is taken of a thing. Positions become whole numbers of 1e-7 degrees
(11 mm); things are sorted once by the cell they lie in, a point asks for three ranges of cells, and
a pair is first measured in the plane that touches the ellipsoid at its point:

    d0² = (M(φ)·Δφ)² + (N(φ)·cos φ·Δλ)²,   φ the point's latitude.

How far d0 may be from the geodesic s: within r of the point the radius of a parallel, p = N·cos φ,
changes by at most the share (r / R)·tan φ (dp = −M·sin φ·dφ), and M by at most (r / R)·0.0101
(1.5·e²·sin 2φ). The straight line in (φ, λ) is an upper bound of s with the largest p and M, and
no line is shorter than the straight one with the smallest, so |s − d0| ≤ r·(r / R)·(tan φ + 0.0101):
6 mm at 300 m in Viet Nam. To that come the rounding of positions (16 mm) and of single precision.
Pairs nearer to the limit than that are decided by their chord in double precision, and those that
even the chord cannot decide by the geodesic itself (grid.py): no pair is on the wrong side.

Shapes: points (p,), things (t,), degrees WGS84; `kind` (t,) numbers `limit_m` (kinds,), metres.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventory.geodesy import WGS84_A, WGS84_E2
from maps.coverage.grid import Floats, Ints, decide, expand, located, within

Singles = NDArray[np.float32]
Shorts = NDArray[np.int32]

#: Whole numbers a degree: positions are kept to the seventh decimal.
_PER_DEGREE = 10_000_000
#: Two positions rounded to half a unit on both axes: 2 × ½ × 11.14 mm × √2.
_ROUNDING_M = 0.016
#: The least radius of curvature anywhere, M at the equator.
_LEAST_RADIUS_M = WGS84_A * (1.0 - WGS84_E2)
#: Beyond these the plane says too little; grid.py then answers by chords alone.
_MOST_LIMIT_M, _MOST_LATITUDE, _MOST_SPAN = 20_000.0, 70.0, 180.0
#: Points whose ranges are looked at in one step: their arrays stay in the second-level cache.
_BLOCK = 2_048
#: A cell is as wide as the reach, but only so much of it high: a range hugs what is within reach.
_SLICES = 8
#: Cells along one axis; two of them and the number of a thing fit one 64-bit key.
_MOST_CELLS = 2**20


@dataclass(frozen=True)
class Degrees:
    """Positions in WGS84 degrees; NaN where unknown."""

    lat: Floats
    lon: Floats

    def known(self) -> tuple["Degrees", Ints | None]:
        """Those whose position is known, with their indices; None where all are."""
        finite = np.isfinite(self.lat) & np.isfinite(self.lon)
        if finite.all():
            return self, None
        index = np.flatnonzero(finite)
        return Degrees(self.lat[index], self.lon[index]), index


@dataclass(frozen=True)
class _Sorted:
    """Positions in whole units from the least corner, sorted by their cell."""

    index: Ints
    cell: Ints
    north: Shorts
    east: Shorts


@dataclass(frozen=True)
class _Frame:
    """The cells: their sides in units, how many lie above each other, and the corner in degrees."""

    lat: float
    lon: float
    high: int
    wide: int
    rows: int


def counts_by_kind(points: Degrees, things: Degrees, kind: NDArray[np.integer], limit_m: Floats) -> Shorts:
    """(points, kinds): how many things of each kind lie at most that kind's limit away.

    ValueError where a limit is negative or no number.
    """
    kinds = len(limit_m)
    total = np.zeros(len(points.lat) * kinds, np.int32)
    cells = [point * kinds + number for point, _, number in near(points, things, kind, limit_m)]
    if cells:
        total += np.bincount(np.concatenate(cells), minlength=len(total)).astype(np.int32)
    return total.reshape(len(points.lat), kinds)


def near(
    points: Degrees, things: Degrees, kind: NDArray[np.integer], limit_m: Floats
) -> Iterator[tuple[Ints, Ints, NDArray[np.integer]]]:
    """All (point, thing, kind of the thing) within the kind's limit, in blocks, each pair once."""
    if not np.all(np.isfinite(limit_m)) or np.any(limit_m < 0):
        raise ValueError("a limit is a number of metres, not below zero")
    (here, asking), (there, answering) = points.known(), things.known()
    if not len(here.lat) or not len(there.lat) or not len(limit_m):
        return
    of_kind = kind if answering is None else kind[answering]
    search = _near_flat if _flat(here, there, limit_m) else _near_far
    for point, thing, number in search(here, there, of_kind, limit_m):
        yield (
            point if asking is None else asking[point],
            thing if answering is None else answering[thing],
            number,
        )


def near_each(points: Degrees, things: Degrees, within_m: Floats) -> tuple[Ints, Ints]:
    """Pairs (point, thing) in which the thing is at most its own `within_m` away, and some up to twice that.

    Things of like distance are looked for together.
    """
    octaves, bucket = np.unique(np.frexp(within_m)[1], return_inverse=True)
    limit = np.array([within_m[bucket == number].max() for number in range(len(octaves))])
    found = [(point, thing) for point, thing, _ in near(points, things, bucket, limit)]
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    point, thing = (np.concatenate(side) for side in zip(*found, strict=True))
    return point, thing


def _flat(points: Degrees, things: Degrees, limit_m: Floats) -> bool:
    steepest = max(np.abs(points.lat).max(), np.abs(things.lat).max())
    span = max(points.lon.max(), things.lon.max()) - min(points.lon.min(), things.lon.min())
    return bool(limit_m.max() <= _MOST_LIMIT_M and steepest <= _MOST_LATITUDE and span <= _MOST_SPAN)


def _near_far(
    points: Degrees, things: Degrees, kind: NDArray[np.integer], limit_m: Floats
) -> Iterator[tuple[Ints, Ints, NDArray[np.integer]]]:
    """Kind by kind through the grid of chords, which knows no poles and no date line."""
    here, there = located(points.lat, points.lon), located(things.lat, things.lon)
    for number, limit in enumerate(limit_m.tolist()):
        those = np.flatnonzero(kind == number)
        for point, thing in within(here, there.take(those), limit):
            yield point, those[thing], np.full(len(point), number)


def _near_flat(
    points: Degrees, things: Degrees, kind: NDArray[np.integer], limit_m: Floats
) -> Iterator[tuple[Ints, Ints, NDArray[np.integer]]]:
    doubt = _doubt_m(points, things, limit_m)
    frame = _frame(points, things, float((limit_m + doubt).max()))
    far, close = _by_cell(frame, things), _by_cell(frame, points)
    outer = ((limit_m + doubt) ** 2).astype(np.float32)
    # Below zero where everything is in doubt: then even the same spot is decided exactly.
    inner = np.where(limit_m > doubt, (limit_m - doubt) ** 2, -1.0).astype(np.float32)
    of_kind = kind[far.index]
    north, east = _metres_per_unit(points.lat[close.index])
    for begin in range(0, len(close.index), _BLOCK):
        part = slice(begin, begin + _BLOCK)
        middle = np.concatenate([close.cell[part] + column for column in (-frame.rows, 0, frame.rows)])
        start = np.searchsorted(far.cell, middle - _SLICES, side="left")
        count = np.searchsorted(far.cell, middle + _SLICES, side="right") - start
        owner, position = expand(start, count)
        owner = begin + owner % len(close.cell[part])
        up = (far.north[position] - close.north[owner]).astype(np.float32) * north[owner]
        right = (far.east[position] - close.east[owner]).astype(np.float32) * east[owner]
        squared = up * up + right * right
        number = of_kind[position]
        keep = np.flatnonzero(squared <= outer[number])
        number, squared = number[keep], squared[keep]
        point, thing = close.index[owner[keep]], far.index[position[keep]]
        unsure = np.flatnonzero(squared > inner[number])
        if len(unsure):
            sure = np.ones(len(keep), dtype=np.bool_)
            sure[unsure] = _exactly(points, point[unsure], things, thing[unsure], limit_m[number[unsure]])
            point, thing, number = point[sure], thing[sure], number[sure]
        yield point, thing, number


def _exactly(
    points: Degrees, point: Ints, things: Degrees, thing: Ints, limit_m: Floats
) -> NDArray[np.bool_]:
    """Whether pairs are within their limits, by chord and, where that is in doubt, by geodesic."""
    here, there = located(points.lat[point], points.lon[point]), located(things.lat[thing], things.lon[thing])
    each = np.arange(len(point))
    return decide(here, each, there, each, limit_m)


def _doubt_m(points: Degrees, things: Degrees, limit_m: Floats) -> Floats:
    """By how much the plane may err at each limit, with a hundredth to spare (see the head)."""
    steepest = np.radians(max(np.abs(points.lat).max(), np.abs(things.lat).max()))
    bend = 1.01 * limit_m / _LEAST_RADIUS_M * (np.tan(steepest) + 0.0101)
    return np.asarray(limit_m * (bend + 2e-6) + _ROUNDING_M)


def _frame(points: Degrees, things: Degrees, reach_m: float) -> _Frame:
    """Cells of at least `reach_m` on both axes at the steepest latitude."""
    lats, lons = (points.lat, things.lat), (points.lon, things.lon)
    low, high = min(one.min() for one in lats), max(one.max() for one in lats)
    left, right = min(one.min() for one in lons), max(one.max() for one in lons)
    reach = reach_m * 1.001 + 2 * _ROUNDING_M
    per_unit = np.radians(1.0 / _PER_DEGREE) * _LEAST_RADIUS_M
    # The way to a thing may lead a little nearer to the pole than both its ends.
    steepest = np.radians(max(abs(low), abs(high))) + reach / _LEAST_RADIUS_M
    tall = int(max(reach / per_unit / _SLICES, (high - low) * _PER_DEGREE / _MOST_CELLS)) + 2
    wide = int(max(reach / (per_unit * np.cos(steepest)), (right - left) * _PER_DEGREE / _MOST_CELLS)) + 2
    # Empty rows on both sides: a neighbour's cell never belongs to another column.
    return _Frame(float(low), float(left), tall, wide, int((high - low) * _PER_DEGREE) // tall + 2 * _SLICES)


def _by_cell(frame: _Frame, positions: Degrees) -> _Sorted:
    north = ((positions.lat - frame.lat) * _PER_DEGREE + 0.5).astype(np.int32)
    east = ((positions.lon - frame.lon) * _PER_DEGREE + 0.5).astype(np.int32)
    cell = (east // frame.wide + 1).astype(np.int64) * frame.rows + (north // frame.high + _SLICES // 2)
    # Sorting one number that carries its own index is several times faster than an argsort.
    bits = len(cell).bit_length()
    packed = (cell << bits) | np.arange(len(cell))
    packed.sort()
    index = packed & ((1 << bits) - 1)
    return _Sorted(index, packed >> bits, north[index], east[index])


def _metres_per_unit(lat: Floats) -> tuple[Singles, Singles]:
    """Length of a unit of latitude and of longitude at each point: M and N·cos φ."""
    phi = np.radians(lat)
    bend = 1.0 - WGS84_E2 * np.sin(phi) ** 2
    unit = np.radians(1.0 / _PER_DEGREE)
    north = unit * WGS84_A * (1.0 - WGS84_E2) / bend**1.5
    east = unit * WGS84_A / np.sqrt(bend) * np.cos(phi)
    return north.astype(np.float32), east.astype(np.float32)
