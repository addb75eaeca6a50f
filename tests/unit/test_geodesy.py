"""Distances, boundaries and the writings of degrees."""

import json
import subprocess
import sys

import pytest
from geopy.distance import geodesic

from inventory.geodesy import (
    distance_m,
    distance_outside_m,
    in_vietnam,
    inside,
    looks_swapped,
    metres_per_degree,
    parse_degrees,
)
from inventory.outcomes import Problem

SQUARE = json.dumps(
    {
        "type": "Polygon",
        "coordinates": [[[107.0, 20.9], [107.1, 20.9], [107.1, 21.0], [107.0, 21.0], [107.0, 20.9]]],
    }
)


def test_distance_is_the_geodesic_of_a_known_line() -> None:
    # Flinders Peak to Buninyong, the textbook line of the Australian datum manual, on WGS84's twin GRS80.
    flinders, buninyong = (-37.95103341666667, 144.42486788888889), (-37.65282113888889, 143.92649552777778)
    assert distance_m(flinders, buninyong) == pytest.approx(54_972.271, abs=0.001)
    assert distance_m(flinders, flinders) == 0.0


@pytest.mark.parametrize("lat", [0.0, 8.5, 20.95, 23.3, 45.0])
def test_metres_per_degree_agree_with_geodesics(lat: float) -> None:
    north, east = metres_per_degree(lat)
    assert north == pytest.approx(distance_m((lat - 1e-3, 107), (lat + 1e-3, 107)) / 2e-3, rel=1e-8)
    assert east == pytest.approx(distance_m((lat, 107), (lat, 107.001)) / 1e-3, rel=1e-8)


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [(20.95, 107.05, True), (20.9, 107.05, True), (20.9, 107.0, True), (20.8999, 107.05, False)],
)
def test_the_line_of_a_boundary_belongs_to_it(lat: float, lon: float, expected: bool) -> None:
    assert inside(SQUARE, lat, lon) is expected


@pytest.mark.parametrize("bearing", [0, 90, 180, 270])
@pytest.mark.parametrize("metres", [1.0, 50.0, 2_000.0])
def test_metres_outside_are_geodesic_metres(bearing: int, metres: float) -> None:
    edge = {0: (21.0, 107.05), 90: (20.95, 107.1), 180: (20.9, 107.05), 270: (20.95, 107.0)}[bearing]
    away = geodesic(meters=metres).destination(edge, bearing)
    assert distance_outside_m(SQUARE, away.latitude, away.longitude) == pytest.approx(metres, rel=1e-3)
    assert inside(SQUARE, away.latitude, away.longitude, tolerance_m=metres * 1.01)
    assert not inside(SQUARE, away.latitude, away.longitude, tolerance_m=metres * 0.99)


def test_inside_is_no_distance_away() -> None:
    assert distance_outside_m(SQUARE, 20.95, 107.05) == 0.0


def test_a_hole_is_outside_and_a_feature_is_read() -> None:
    hole = [[107.04, 20.94], [107.06, 20.94], [107.06, 20.96], [107.04, 20.96], [107.04, 20.94]]
    rings = [json.loads(SQUARE)["coordinates"][0], hole]
    feature = json.dumps(
        {"type": "Feature", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": [rings]}}
    )
    assert not inside(feature, 20.95, 107.05)
    assert distance_outside_m(feature, 20.95, 107.05) == pytest.approx(1_040, rel=0.01)


def test_what_is_no_area_is_refused() -> None:
    with pytest.raises(ValueError, match="Polygon"):
        inside('{"type": "Point", "coordinates": [107, 21]}', 21, 107)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("20.9531", 20.9531),
        (" 20,9531 ", 20.9531),
        ("-20.9", -20.9),
        ("−20,9", -20.9),
        ("20°57'11\"N", 20 + 57 / 60 + 11 / 3600),
        ("20° 57′ 11,5″ B", 20 + 57 / 60 + 11.5 / 3600),
        ("20º57’11''N", 20 + 57 / 60 + 11 / 3600),
        ("20 57 11 B", 20 + 57 / 60 + 11 / 3600),
        ("107 5 12 Đ", 107 + 5 / 60 + 12 / 3600),
        ("107 5 12 T", -(107 + 5 / 60 + 12 / 3600)),
        ("20° 57,19'", 20 + 57.19 / 60),
        ("N20.95", 20.95),
        ("N 20.95", 20.95),
        ("E107,08", 107.08),
        ("107.08d", 107.08),
        ("20.95°S", -20.95),
        ("107 độ 5 phút 12 giây Đông", 107 + 5 / 60 + 12 / 3600),
        ("Vĩ độ: 20,95 Bắc", 20.95),
        ("kinh do: 107.08", 107.08),
        ("lat: 20.95", 20.95),
        ("0", 0.0),
    ],
)
def test_degrees_are_read_as_offices_write_them(text: str, degrees: float) -> None:
    assert parse_degrees(text) == pytest.approx(degrees, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "degrees_empty"),
        ("   ", "degrees_empty"),
        ("chưa rõ", "degrees_unreadable"),
        ("20.95 107.08", "degrees_unreadable"),
        ("20.95, 107.08", "degrees_unreadable"),
        ("20,95,1", "degrees_unreadable"),
        ("1e5", "degrees_unreadable"),
        ("nan", "degrees_unreadable"),
        ("20°61'", "degrees_unreadable"),
        ("20 57 60", "degrees_unreadable"),
        ("20.5 57", "degrees_unreadable"),
        ("-20 N", "degrees_unreadable"),
        ("N20S", "degrees_unreadable"),
        ("X20", "degrees_unreadable"),
        ("2313456", "degrees_unreadable"),
        ("1" + "." + "1" * 5000, "degrees_unreadable"),
        ("=1+1", "degrees_unreadable"),
        ("90.1 N", "degrees_range"),
        ("180,5", "degrees_range"),
    ],
)
def test_what_is_no_coordinate_says_why(text: str, code: str) -> None:
    problem = parse_degrees(text)
    assert isinstance(problem, Problem)
    assert problem.code == code


def test_a_letter_of_the_other_axis_is_told() -> None:
    problem = parse_degrees("107°05'Đ", axis="lat")
    assert isinstance(problem, Problem)
    assert problem.code == "degrees_axis"
    assert parse_degrees("107°06'Đ", axis="lon") == pytest.approx(107.1)
    high = parse_degrees("107.08", axis="lat")
    assert isinstance(high, Problem)
    assert high.code == "degrees_range"


def test_swapped_pairs_and_bounds() -> None:
    assert in_vietnam(20.95, 107.08)
    assert in_vietnam(7.2, 117.8), "Trường Sa belongs to it"
    assert not in_vietnam(107.08, 20.95)
    assert looks_swapped(107.08, 20.95)
    assert not looks_swapped(20.95, 107.08)
    assert not looks_swapped(48.8, 2.3)


def test_importing_geodesy_loads_neither_numpy_nor_shapely() -> None:
    program = "import sys, inventory.geodesy; print(sorted({'numpy', 'shapely'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
