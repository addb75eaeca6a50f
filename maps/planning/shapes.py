"""Polygons as people give them: corners by lines, or GeoJSON (RFC 7946), checked before they are kept. Pure.

What is kept is GeoJSON text with two numbers a position (longitude, latitude in WGS84 degrees, six
decimals: a tenth of a metre) and nothing else. A line that crosses itself is refused, never repaired:
nobody can know which side was meant.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from inventory.errors import BadInput
from inventory.geodesy import in_vietnam, looks_swapped, parse_degrees
from inventory.outcomes import Problem, Refused
from inventory.strict_json import strict_json
from inventory.wording import clean, number

FIELD = "corners"
MOST_CORNERS = 2_000
MOST_ZONES = 200
LONGEST = 2_000_000
_DECIMALS = 6
#: Square degrees: about one square metre. Corners on one line differ by their rounding.
_LEAST_AREA = 1e-10
_CROSSING = re.compile(r"Self-intersection.*\[(\S+) (\S+)\]")

Ring = list[list[float]]


@dataclass(frozen=True)
class NamedArea:
    """One polygon of a file: what the file calls it, and its GeoJSON text."""

    name: str
    reason: str
    boundary: str


class _BadShape(Exception):
    """Carries problems out of the depths of a coordinate list."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].code)
        self.problems = problems


def read_area(text: str) -> str | Refused:
    """GeoJSON text of the one polygon that was typed or pasted, or why it cannot be kept.

    Lines of "latitude, longitude" are the corners in order; the last one is joined to the first.
    """
    try:
        if text.lstrip().startswith(("{", "[")):
            return _one(_parsed(text))
        return _checked([[_ring(text)]])
    except _BadShape as bad:
        return Refused(bad.problems)


def read_areas(content: bytes) -> tuple[NamedArea, ...] | Refused:
    """Every polygon of a GeoJSON file; the first that cannot be kept refuses the whole file.

    Properties `name` (or `ten`) and `reason` (or `ly_do`) of a feature are taken over.
    """
    try:
        value = _parsed(content)
        features = value.get("features") if value.get("type") == "FeatureCollection" else [value]
        if not isinstance(features, list) or not features:
            raise _BadShape(Problem("area_none", "Tệp không có vùng nào.", FIELD))
        if len(features) > MOST_ZONES:
            raise _BadShape(
                Problem(
                    "area_many", "Tệp có hơn %(most)s vùng; hãy chia nhỏ.", FIELD, (("most", MOST_ZONES),)
                )
            )
        return tuple(_feature(place, feature) for place, feature in enumerate(features, 1))
    except _BadShape as bad:
        return Refused(bad.problems)


def corners(boundary: str) -> str:
    """A kept polygon as a person may edit it: lines of corners, or GeoJSON where it has holes or parts."""
    geometry = json.loads(boundary)
    if geometry["type"] != "Polygon" or len(geometry["coordinates"]) > 1:
        return boundary
    return "\n".join(f"{lat:.6f}, {lon:.6f}" for lon, lat in geometry["coordinates"][0][:-1])


def _parsed(text: str | bytes) -> dict[str, Any]:
    try:
        value = strict_json(text, LONGEST)
    except BadInput as error:
        raise _BadShape(Problem(error.code, error.message, FIELD)) from None
    if not isinstance(value, dict):
        raise _BadShape(
            Problem("area_kind", "Nội dung phải là GeoJSON của một vùng (Polygon hoặc MultiPolygon).", FIELD)
        )
    return value


def _feature(place: int, feature: Any) -> NamedArea:
    try:
        boundary = _one(feature)
    except _BadShape as bad:
        told = Problem("area_at", "Không nhận được vùng thứ %(place)s của tệp.", FIELD, (("place", place),))
        raise _BadShape(told, *bad.problems) from None
    words = feature.get("properties") if isinstance(feature, dict) else None
    words = words if isinstance(words, dict) else {}
    return NamedArea(_text(words, "name", "ten"), _text(words, "reason", "ly_do"), boundary)


def _text(words: dict[str, Any], *names: str) -> str:
    found = next((words[name] for name in names if isinstance(words.get(name), str)), "")
    return clean(found)


def _one(value: Any) -> str:
    """A geometry, a feature, or a collection of one feature."""
    if isinstance(value, dict) and value.get("type") == "FeatureCollection":
        features = value.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise _BadShape(Problem("area_one", "Ở đây chỉ ghi một vùng; nhiều vùng thì nhập từ tệp.", FIELD))
        value = features[0]
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _BadShape(
            Problem("area_kind", "Nội dung phải là GeoJSON của một vùng (Polygon hoặc MultiPolygon).", FIELD)
        )
    parts = value.get("coordinates")
    return _checked([[_line(ring) for ring in _list(part)] for part in _list(_as_parts(kind, parts))])


def _as_parts(kind: str, coordinates: Any) -> Any:
    return [coordinates] if kind == "Polygon" else coordinates


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _BadShape(Problem("area_unreadable", "Tọa độ của vùng không đọc được.", FIELD))
    return value


def _line(ring: Any) -> Ring:
    """A ring of GeoJSON: it has to be closed by its own last position."""
    line = [_position(position) for position in _list(ring)]
    if len(line) < 2 or line[0] != line[-1]:
        raise _BadShape(
            Problem("area_open", "Đường viền chưa khép kín: điểm cuối phải trùng điểm đầu.", FIELD)
        )
    return line


def _position(value: Any) -> list[float]:
    numbers = value[:2] if isinstance(value, list) and len(value) in {2, 3} else []
    if not numbers or any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        raise _BadShape(Problem("area_unreadable", "Tọa độ của vùng không đọc được.", FIELD))
    lon, lat = numbers
    if looks_swapped(lat, lon):
        raise _BadShape(
            Problem("area_swapped", "Kinh độ và vĩ độ bị đổi chỗ; GeoJSON ghi kinh độ trước.", FIELD)
        )
    if not in_vietnam(lat, lon):
        raise _BadShape(
            Problem(
                "area_abroad",
                "Vùng nằm ngoài Việt Nam; tọa độ phải là độ WGS84, không phải mét VN-2000.",
                FIELD,
            )
        )
    return [round(float(lon), _DECIMALS), round(float(lat), _DECIMALS)]


def _ring(text: str) -> Ring:
    """The corners of typed lines, closed."""
    lines = [(place, clean(line)) for place, line in enumerate(text.splitlines(), 1) if clean(line)]
    if not lines:
        raise _BadShape(Problem("area_empty", "Hãy vẽ vùng trên bản đồ, hoặc ghi mỗi góc một dòng.", FIELD))
    if len(lines) > MOST_CORNERS:
        raise _too_many()
    ring = [_corner(place, line) for place, line in lines]
    return ring if ring[0] == ring[-1] and len(ring) > 1 else [*ring, ring[0]]


def _corner(place: int, line: str) -> list[float]:
    read = [parse_degrees(part) for part in _halves(line)]
    if len(read) != 2 or not all(isinstance(one, float) for one in read):
        unreadable = Problem(
            "corner",
            "Dòng %(line)s: không đọc được “%(text)s”; hãy ghi vĩ độ rồi kinh độ, ví dụ 20,9531 107,0821.",
            FIELD,
            (("line", place), ("text", line[:60])),
        )
        raise _BadShape(unreadable)
    lat, lon = (one for one in read if isinstance(one, float))
    at = (("line", place),)
    if looks_swapped(lat, lon):
        raise _BadShape(
            Problem("corner_swapped", "Dòng %(line)s: vĩ độ và kinh độ bị đổi chỗ cho nhau.", FIELD, at)
        )
    if not in_vietnam(lat, lon):
        raise _BadShape(Problem("corner_abroad", "Dòng %(line)s: vị trí nằm ngoài Việt Nam.", FIELD, at))
    return [round(lon, _DECIMALS), round(lat, _DECIMALS)]


def _halves(line: str) -> list[str]:
    """Latitude and longitude of a line: apart by a semicolon, else by white space, else by a comma."""
    between = ";" if ";" in line else None if " " in line else ","
    parts = line.split(between)
    return [part.strip(" ,") for part in parts]


def _too_many() -> _BadShape:
    most = (("most", number(MOST_CORNERS)),)
    return _BadShape(Problem("area_long", "Vùng có hơn %(most)s góc; hãy làm gọn bớt.", FIELD, most))


def _checked(parts: list[list[Ring]]) -> str:
    """The text of the polygon, once the shape holds; shapely is loaded by the first question."""
    rings = [ring for part in parts for ring in part]
    if sum(len(ring) - 1 for ring in rings) > MOST_CORNERS:
        raise _too_many()
    if any(len({tuple(corner) for corner in ring}) < 3 for ring in rings):
        raise _BadShape(Problem("area_few", "Vùng phải có ít nhất ba góc khác nhau.", FIELD))
    kind = "Polygon" if len(parts) == 1 else "MultiPolygon"
    geometry = {"type": kind, "coordinates": parts[0] if len(parts) == 1 else parts}
    _check_shape(geometry)
    return json.dumps(geometry, separators=(",", ":"))


def _check_shape(geometry: dict[str, Any]) -> None:
    import shapely
    from shapely.geometry import shape

    form = shape(geometry)
    if form.convex_hull.area < _LEAST_AREA:
        raise _BadShape(
            Problem("area_flat", "Các góc nằm gần như trên một đường thẳng nên không thành vùng.", FIELD)
        )
    if form.is_valid:
        return
    crossing = _CROSSING.match(shapely.is_valid_reason(form))
    if crossing is None:
        raise _BadShape(
            Problem("area_broken", "Các phần của vùng chồng lên nhau, hoặc lỗ nằm ngoài đường viền.", FIELD)
        )
    lon, lat = (number(float(one), 5) for one in crossing.groups())
    where = (("lat", lat), ("lon", lon))
    raise _BadShape(
        Problem("area_crossing", "Đường viền tự cắt ở gần %(lat)s; %(lon)s; hãy sửa các góc.", FIELD, where)
    )
