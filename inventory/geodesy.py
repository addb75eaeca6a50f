"""Positions on the WGS84 ellipsoid: distances, boundaries and the writings of degrees people use.

Pure. Distances are geodesics (Karney 2013, through geopy), in metres. A boundary is GeoJSON text
of a Polygon or MultiPolygon, alone or as a Feature; its edges are straight in longitude and
latitude. Shapely is loaded by the first question about a boundary, not by importing this file.
"""

import json
import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from geopy.distance import geodesic

from inventory.outcomes import Problem

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

#: (latitude, longitude) in degrees.
Position = tuple[float, float]
Axis = Literal["lat", "lon"]

#: WGS84: semi-major axis in metres, squared eccentricity.
WGS84_A = 6_378_137.0
WGS84_E2 = 0.006_694_379_990_141_3

#: Latitudes and longitudes between which every unit of Viet Nam lies, Hoàng Sa and Trường Sa
#: included (7.18–23.40 and 102.14–117.83, rounded outwards). The two ranges do not meet, so a
#: pair that was swapped can always be told.
VIETNAM_LATITUDES = (6.0, 24.0)
VIETNAM_LONGITUDES = (102.0, 118.0)


def distance_m(a: Position, b: Position) -> float:
    """Length in metres of the geodesic between two positions. ValueError when a latitude is beyond ±90."""
    return float(geodesic(a, b).meters)


def in_vietnam(lat: float, lon: float) -> bool:
    """Does the position lie within the bounds of Viet Nam (a rectangle, neighbours included)?"""
    return (
        VIETNAM_LATITUDES[0] <= lat <= VIETNAM_LATITUDES[1]
        and VIETNAM_LONGITUDES[0] <= lon <= VIETNAM_LONGITUDES[1]
    )


def looks_swapped(lat: float, lon: float) -> bool:
    """Were latitude and longitude exchanged? True when only the exchanged pair lies in Viet Nam."""
    return in_vietnam(lon, lat) and not in_vietnam(lat, lon)


def inside(boundary: str, lat: float, lon: float, tolerance_m: float = 0.0) -> bool:
    """Is the position in the boundary, on its line, or at most `tolerance_m` metres outside it?"""
    import shapely

    if bool(shapely.intersects_xy(_prepared(boundary), lon, lat)):
        return True
    return tolerance_m > 0 and _gap_to(boundary, lat, lon) <= tolerance_m


def distance_outside_m(boundary: str, lat: float, lon: float) -> float:
    """How far outside the boundary a position lies, in metres; 0 inside and on the line."""
    return 0.0 if inside(boundary, lat, lon) else _gap_to(boundary, lat, lon)


@lru_cache(maxsize=512)
def _prepared(boundary: str) -> "BaseGeometry":
    """The geometry of a GeoJSON text, prepared for many questions. ValueError when it is no area."""
    import shapely
    from shapely.geometry import shape

    document = json.loads(boundary)
    if document.get("type") == "Feature":
        document = document["geometry"]
    if document.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"a boundary is a Polygon or MultiPolygon, not {document.get('type')!r}")
    area: BaseGeometry = shape(document)
    shapely.prepare(area)
    return area


def _gap_to(boundary: str, lat: float, lon: float) -> float:
    """Metres from a position outside to the nearest point of the boundary.

    The nearest point is looked for in a flat frame whose units are metres at the position
    (equirectangular, radii of curvature M and N at its latitude); what is returned is the
    geodesic to that point. Near by, where a tolerance matters, the frame is exact to 0.1 %.
    """
    import shapely
    from shapely.geometry import Point

    north, east = metres_per_degree(lat)
    flat = shapely.transform(_prepared(boundary), lambda lonlat: (lonlat - (lon, lat)) * (east, north))
    nearest = shapely.shortest_line(Point(0.0, 0.0), flat).coords[-1]
    return distance_m((lat, lon), (lat + nearest[1] / north, lon + nearest[0] / east))


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Length of a degree of latitude and of longitude at a latitude (M·π/180, N·cos φ·π/180)."""
    sine = math.sin(math.radians(lat))
    bend = 1.0 - WGS84_E2 * sine * sine
    meridian = WGS84_A * (1.0 - WGS84_E2) / bend**1.5
    normal = WGS84_A / math.sqrt(bend)
    return math.radians(meridian), math.radians(normal * math.cos(math.radians(lat)))


_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_WRITING = re.compile(
    rf"(?P<before>[^\W\d_]+)? ?(?P<sign>-)? ?(?P<deg>{_NUMBER}) ?°? ?"
    rf"(?:(?P<min>{_NUMBER}) ?'? ?(?:(?P<sec>{_NUMBER}) ?\"? ?)?)?(?P<after>[^\W\d_]+)?"
)
#: Longer texts are no coordinate; the bound keeps a hostile one from costing time.
_LONGEST = 60
#: N is read as north: as the Vietnamese letter for south (Nam) it would name a place outside Viet Nam.
_DIRECTIONS: dict[str, tuple[Axis, int]] = {
    **dict.fromkeys(("N", "B", "BẮC", "BAC", "NORTH"), ("lat", 1)),
    **dict.fromkeys(("S", "NAM", "SOUTH"), ("lat", -1)),
    **dict.fromkeys(("E", "Đ", "D", "ĐÔNG", "DONG", "EAST"), ("lon", 1)),
    **dict.fromkeys(("W", "T", "TÂY", "TAY", "WEST"), ("lon", -1)),
}
_SAME_SIGN = str.maketrans("º˚’‘′´”“″−–", "°°''''\"\"\"--")
_WORDS = (
    (re.compile(r"\b(VĨ|VI|KINH) (ĐỘ|DO)\b ?[:=]?|\b(LAT|LON|LNG|LATITUDE|LONGITUDE)\b ?[:=]?"), " "),
    (re.compile(r"(?<=\d) ?(ĐỘ|DO)\b"), "°"),
    (re.compile(r"(?<=\d) ?(PHÚT|PHUT)\b"), "'"),
    (re.compile(r"(?<=\d) ?(GIÂY|GIAY)\b|''"), '"'),
    (re.compile(r"\s+"), " "),
)
_LIMIT = {"lat": 90.0, "lon": 180.0, None: 180.0}


def parse_degrees(text: str, axis: Axis | None = None) -> float | Problem:
    """Read one coordinate in degrees, however an office wrote it.

    Understood: `20.9531`, `20,9531`, `-20.9`, `20°57'11"N`, `20° 57,19'`, `20 57 11 B`, `N20.95`,
    `107 độ 5 phút 12 giây Đông`. Letters: N/B north, S/Nam south, E/Đ/D east, W/T west.
    With `axis`, a letter of the other axis is a problem (`degrees_axis`): columns were swapped.
    Other codes: `degrees_empty`, `degrees_unreadable`, `degrees_range`.
    """
    written = unicodedata.normalize("NFC", text[: _LONGEST + 1]).translate(_SAME_SIGN).upper().strip()
    for pattern, instead in _WORDS:
        written = pattern.sub(instead, written).strip()
    if not written:
        return Problem("degrees_empty", "Chưa có tọa độ.")
    match = _WRITING.fullmatch(written) if len(text) <= _LONGEST else None
    degrees = _degrees(match) if match else None
    if match is None or degrees is None:
        return Problem(
            "degrees_unreadable",
            "Không đọc được tọa độ “%(text)s”. Hãy viết theo độ thập phân, ví dụ 20,9531.",
            values=(("text", text[:40]),),
        )
    letters = match["before"] or match["after"]
    meant, direction = _DIRECTIONS[letters] if letters else (axis, 1)
    if axis is not None and meant != axis:
        return Problem(
            "degrees_axis",
            "“%(text)s” không đúng cột: vĩ độ và kinh độ có thể bị đổi chỗ cho nhau.",
            values=(("text", text[:40]),),
        )
    if degrees > _LIMIT[meant]:
        return Problem(
            "degrees_range",
            "Tọa độ “%(text)s” vượt quá giới hạn của vĩ độ (90) hoặc kinh độ (180).",
            values=(("text", text[:40]),),
        )
    return degrees * (-1 if match["sign"] else direction)


def _degrees(match: re.Match[str]) -> float | None:
    """Degrees without sign from the parts of a writing; None where the parts contradict each other."""
    before, after = match["before"], match["after"]
    letters = before or after
    if (before and after) or (letters and (letters not in _DIRECTIONS or match["sign"])):
        return None
    parts: Sequence[str] = [part for part in (match["deg"], match["min"], match["sec"]) if part]
    if any("." in part or "," in part for part in parts[:-1]):
        return None
    values = [float(part.replace(",", ".")) for part in parts]
    if any(value >= 60 for value in values[1:]):
        return None
    return math.fsum(value / 60.0**power for power, value in enumerate(values))
