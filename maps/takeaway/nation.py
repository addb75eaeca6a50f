"""The small map in the corner: Việt Nam with Hoàng Sa and Trường Sa, and where the sheet lies. Pure.

Every island of both archipelagos gets a dot that can be seen, however small it is in truth.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from inventory.geodesy import metres_per_degree
from maps.draw.frame import Bounds
from maps.takeaway.chart import BRAND, LAND, SHORE, VERMILION, path, svg
from maps.takeaway.paper import Projection

FILE = Path(__file__).with_name("data") / "nation.geojson"
#: Việt Nam with both archipelagos and a margin.
FRAME = Bounds(6.7, 101.5, 23.8, 118.4)
_DOT = 0.28
_LEAST = 2.2
#: Where the names stand: beside the archipelagos, and in the open sea.
_NAMES = (
    ("Quần đảo Hoàng Sa", "(TP. Đà Nẵng)", (14.95, 112.0)),
    ("Quần đảo Trường Sa", "(tỉnh Khánh Hòa)", (12.35, 115.1)),
    ("Biển Đông", "", (13.7, 111.6)),
)


@dataclass(frozen=True)
class Word:
    """A text in the small map, centred at (x, y) millimetres; `under` stands below it."""

    text: str
    under: str
    x: float
    y: float


@dataclass(frozen=True)
class Inset:
    """The small map: its picture, its words and its size in millimetres."""

    picture: str
    words: tuple[Word, ...]
    width: float
    height: float


def height_for(width: float) -> float:
    """The height of the small map at a width."""
    north, east = metres_per_degree((FRAME.south + FRAME.north) / 2)
    return width * (FRAME.north - FRAME.south) * north / ((FRAME.east - FRAME.west) * east)


def inset(width: float, here: Bounds) -> Inset:
    """The small map at a width, with a frame round where the sheet lies (never too small to be seen)."""
    middle = ((FRAME.south + FRAME.north) / 2, (FRAME.west + FRAME.east) / 2)
    _north, east = metres_per_degree(middle[0])
    scale = round((FRAME.east - FRAME.west) * east * 1000 / width)
    projection = Projection(middle, scale, width, height_for(width))
    parts = []
    for name, geometry in _features():
        parts.append(
            f'<path d="{path(projection, geometry)}" fill="{LAND}" stroke="{SHORE}" stroke-width=".14"/>'
        )
        if name != "Việt Nam":
            parts += [_dot(projection, polygon[0]) for polygon in geometry["coordinates"]]
    (left, top), (right, bottom) = projection.at(here.north, here.west), projection.at(here.south, here.east)
    across, down = max(right - left, _LEAST), max(bottom - top, _LEAST)
    x, y = (left + right - across) / 2, (top + bottom - down) / 2
    parts.append(
        f'<path d="M{x:.2f} {y:.2f}h{across:.2f}v{down:.2f}h{-across:.2f}z" fill="none" '
        f'stroke="{VERMILION}" stroke-width=".45"/>'
    )
    words = tuple(Word(text, under, *projection.at(*at)) for text, under, at in _NAMES)
    return Inset(svg(width, projection.height, parts), words, width, projection.height)


def _dot(projection: Projection, ring: list[list[float]]) -> str:
    lons, lats = [point[0] for point in ring], [point[1] for point in ring]
    x, y = projection.at((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2)
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{_DOT}" fill="{BRAND}"/>'


@lru_cache(maxsize=1)
def _features() -> tuple[tuple[str, dict[str, Any]], ...]:
    found = json.loads(FILE.read_text(encoding="utf-8"))["features"]
    return tuple((one["properties"]["name"], one["geometry"]) for one in found)
