"""Boundaries: GeoJSON (RFC 7946) of one area, or of many wards, checked before it is kept. Pure.

Coordinates are longitude, latitude in WGS84. What is kept has two numbers a position and nothing
else; a shape that crosses itself or lies outside Vietnam is refused with a sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.validation import explain_validity

from inventory.areas.rules import AreaDraft, in_vietnam
from inventory.errors import BadInput
from inventory.vocabulary import AreaKind
from inventory.wording import clean

LONGEST = 2_000_000
MOST_POINTS = 100_000
_NAMES = {
    "phường": (AreaKind.PHUONG, "Ward"),
    "xã": (AreaKind.XA, "Commune"),
    "thị trấn": (AreaKind.THI_TRAN, "Township"),
    "đặc khu": (AreaKind.DAC_KHU, "Special Zone"),
}


@dataclass(frozen=True)
class Boundary:
    """A checked polygon or multipolygon, and a point inside it for its label."""

    geometry: dict[str, Any]
    lon: float
    lat: float


@dataclass(frozen=True)
class WardFeature:
    """One ward of a collection."""

    draft: AreaDraft
    boundary: Boundary


def read_boundary(value: Any) -> Boundary:
    """Read a geometry, a feature, or a collection of one feature. Raises BadInput."""
    if isinstance(value, dict) and value.get("type") == "FeatureCollection":
        features = value.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise BadInput("boundary", "Tệp phải có đúng một vùng.", "boundary")
        value = features[0]
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
    if not isinstance(value, dict) or value.get("type") not in {"Polygon", "MultiPolygon"}:
        raise BadInput(
            "boundary", "Tệp phải là GeoJSON của một vùng (Polygon hoặc MultiPolygon).", "boundary"
        )
    polygons = value.get("coordinates")
    if value["type"] == "Polygon":
        polygons = [polygons]
    checked = _polygons(polygons)
    geometry: dict[str, Any] = (
        {"type": "Polygon", "coordinates": checked[0]}
        if value["type"] == "Polygon"
        else {"type": "MultiPolygon", "coordinates": checked}
    )
    return _checked_shape(geometry)


def _polygons(polygons: Any) -> list[list[list[list[float]]]]:
    points = 0
    checked = []
    for polygon in _list(polygons):
        rings = []
        for ring in _list(polygon):
            line = [_position(position) for position in _list(ring)]
            points += len(line)
            if points > MOST_POINTS:
                raise BadInput("boundary", "Ranh giới có quá nhiều điểm; hãy làm gọn bớt.", "boundary")
            if len(line) < 4 or line[0] != line[-1]:
                raise BadInput("boundary", "Đường ranh giới chưa khép kín.", "boundary")
            rings.append(line)
        checked.append(rings)
    return checked


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise BadInput("boundary", "Tọa độ của vùng không đọc được.", "boundary")
    return value


def _position(value: Any) -> list[float]:
    if not isinstance(value, list) or len(value) not in {2, 3}:
        raise BadInput("boundary", "Tọa độ của vùng không đọc được.", "boundary")
    lon, lat = value[0], value[1]
    if any(isinstance(number, bool) or not isinstance(number, int | float) for number in (lon, lat)):
        raise BadInput("boundary", "Tọa độ của vùng không đọc được.", "boundary")
    if not in_vietnam(lon, lat):
        if in_vietnam(lat, lon):
            raise BadInput("boundary", "Kinh độ và vĩ độ bị đổi chỗ; GeoJSON ghi kinh độ trước.", "boundary")
        raise BadInput(
            "boundary",
            "Vùng nằm ngoài Việt Nam; tọa độ phải là độ WGS84, không phải mét VN-2000.",
            "boundary",
        )
    return [lon, lat]


def _checked_shape(geometry: dict[str, Any]) -> Boundary:
    try:
        form = shape(geometry)
        if not form.is_valid:
            crossing = BadInput("boundary", "Đường ranh giới tự cắt hoặc chồng lên nhau.", "boundary")
            crossing.add_note(explain_validity(form))
            raise crossing
        point = form.representative_point()
    except (ShapelyError, ValueError):
        raise BadInput("boundary", "Tọa độ của vùng không đọc được.", "boundary") from None
    return Boundary(geometry, round(point.x, 6), round(point.y, 6))


def read_wards(collection: Any, valid_from: date, source: str, licence: str) -> list[WardFeature]:
    """Read a collection of commune-level units: properties code, full_name or name, type, name_en,
    and if known label_lon, label_lat, pop_2021_est. Raises BadInput, naming the feature."""
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not features:
        raise BadInput("boundary", "Tệp phải là GeoJSON FeatureCollection có ít nhất một vùng.", "boundary")
    return [_ward(feature, valid_from, source, licence) for feature in features]


def _ward(feature: Any, valid_from: date, source: str, licence: str) -> WardFeature:
    words = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(words, Mapping):
        raise BadInput("boundary", "Mỗi vùng cần mã, tên và loại.", "boundary")
    kind = _NAMES.get(str(words.get("type", "")).lower())
    code, name = (
        clean(str(words.get("code", ""))),
        clean(str(words.get("full_name") or words.get("name", ""))),
    )
    if kind is None or not code or not name:
        raise BadInput("boundary", "Mỗi vùng cần mã, tên và loại.", "boundary")
    boundary = read_boundary(feature)
    lon, lat = words.get("label_lon"), words.get("label_lat")
    if not (isinstance(lon, float) and isinstance(lat, float)):
        lon, lat = boundary.lon, boundary.lat
    english = clean(str(words.get("name_en") or ""))
    population = words.get("pop_2021_est")
    draft = AreaDraft(
        code=code,
        kind=kind[0],
        name=name,
        name_en=f"{english} {kind[1]}" if english else "",
        valid_from=valid_from,
        lat=lat,
        lon=lon,
        population=population if isinstance(population, int) else None,
        population_estimated=isinstance(population, int),
        source=source,
        licence=licence,
    )
    return WardFeature(draft, boundary)
