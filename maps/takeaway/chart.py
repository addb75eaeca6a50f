"""The printed map's pictures as SVG: ground and wards in one, the marks in another. Pure.

Units are millimetres of the map's box. There is no text in them: names are set by the layout, as text.
A mark is a shape before it is a colour, the same shapes as on the screen (templates/draw/marks.html).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from maps.draw.frame import Bounds
from maps.takeaway.paper import Projection

TEAL, AMBER, VERMILION, GREY, INK = "#0f6b63", "#855400", "#b0341a", "#5b6768", "#1c2b2e"
SEA, LAND, SHORE, PAPER, BRAND = "#cfe0e3", "#f4f0e5", "#b9ae96", "#ffffff", "#0f5f5b"
#: How dark a ward is by the fifth of its share that is met.
STEPS = (0.06, 0.2, 0.35, 0.5, 0.68)

_HATCH = (
    '<pattern id="hatch" width="2" height="2" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0 0V2" stroke="{GREY}" stroke-width="0.35"/></pattern>'
)
_DISC = f'<circle r="1.1" fill="{PAPER}"/>'
_RHOMB = f'<path d="M0-1.25 1.25 0 0 1.25-1.25 0z" fill="{PAPER}"/>'
_RHOMB_LINE = '<path d="M0-.8.8 0 0 .8-.8 0z" fill="none" stroke="{0}" stroke-width=".22"/>'
#: The marks in a square of two units round the origin.
MARKS = {
    "complete": f'{_DISC}<circle r=".88" fill="{TEAL}"/>',
    "partly": f'{_DISC}<circle r=".8" fill="none" stroke="{AMBER}" stroke-width=".26"/>'
    f'<path d="M0-.8a.8.8 0 0 0 0 1.6z" fill="{AMBER}"/>',
    "none": f'{_DISC}<circle r=".76" fill="none" stroke="{VERMILION}" stroke-width=".34"/>',
    "not_surveyed": f'{_DISC}<circle r=".8" fill="none" stroke="{GREY}" stroke-width=".26" '
    'stroke-dasharray=".38 .25"/>',
    "not_computed": f'{_DISC}<circle r=".8" fill="none" stroke="{GREY}" stroke-width=".2"/>'
    f'<path d="M-.4 0H.4" stroke="{GREY}" stroke-width=".26"/>',
    "works": f'{_RHOMB}<path d="M0-.85.85 0 0 .85-.85 0z" fill="{TEAL}"/>',
    "in_part": f'{_RHOMB}{_RHOMB_LINE.format(AMBER)}<path d="M0-.8-.8 0 0 .8z" fill="{AMBER}"/>',
    "new": f'<rect x="-1.05" y="-1.05" width="2.1" height="2.1" rx=".25" fill="{PAPER}"/>'
    f'<rect x="-.88" y="-.88" width="1.76" height="1.76" rx=".15" fill="{BRAND}"/>'
    f'<path d="M0-.5V.5M-.5 0H.5" stroke="{PAPER}" stroke-width=".24"/>',
    "repaired": f'<rect x="-1.05" y="-1.05" width="2.1" height="2.1" rx=".25" fill="{PAPER}"/>'
    f'<g fill="none" stroke="{AMBER}" stroke-width=".2"><path d="M-.85-.85H.85V.85H-.85z"/>'
    '<path d="M.42-.25A.5.5 0 1 0 .48.1M.48-.6v.4h-.4"/></g>',
    "broken": f"{_RHOMB}{_RHOMB_LINE.format(VERMILION)}"
    f'<path d="M-.3-.3.3.3M.3-.3-.3.3" stroke="{VERMILION}" stroke-width=".22"/>',
}


@dataclass(frozen=True)
class Spot:
    """One mark: its shape, where it stands on the sheet and how wide it is, in millimetres."""

    shape: str
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Patch:
    """A ward's GeoJSON polygon; `step` is its fifth, None where nobody looked; `own`: the map is about it."""

    boundary: dict[str, Any]
    step: int | None
    own: bool


def ground(
    projection: Projection, lands: Iterable[dict[str, Any]], known: Bounds | None, wards: Sequence[Patch]
) -> str:
    """Sea and land inside what is known of them, then the wards; polygons are cut to the box."""
    parts = [f"<defs>{_HATCH}</defs>"]
    if known is not None:
        (left, top), (right, bottom) = (
            projection.at(known.north, known.west),
            projection.at(known.south, known.east),
        )
        parts.append(f'<path d="M{left:.2f} {top:.2f}H{right:.2f}V{bottom:.2f}H{left:.2f}z" fill="{SEA}"/>')
        shapes = "".join(path(projection, land) for land in lands)
        parts.append(f'<path d="{shapes}" fill="{LAND}" stroke="{SHORE}" stroke-width=".12"/>')
    for ward in wards:
        drawn = path(projection, ward.boundary)
        if drawn:
            parts.append(
                f'<path d="{drawn}" {_fill(ward)} stroke="{INK}" stroke-width="{0.22 if ward.own else 0.1}"/>'
            )
    return svg(projection.width, projection.height, parts)


def marks(projection: Projection, spots: Iterable[Spot], below: Iterable[str] = ()) -> str:
    """Places and things in the order given, over other shapes: what comes last lies on top."""
    return svg(projection.width, projection.height, [*below, *(placed(spot) for spot in spots)])


def sample(shape: str) -> str:
    """One mark alone, for the legend."""
    return svg(2.5, 2.5, [placed(Spot(shape, 1.25, 1.25, 2.0))])


def patch(step: int | None) -> str:
    """A ward's colour alone, for the legend."""
    filled = _fill(Patch({}, step, own=True))
    return svg(
        6,
        4,
        [
            f"<defs>{_HATCH}</defs>",
            f'<path d="M.1.1H5.9V3.9H.1z" {filled} stroke="{INK}" stroke-width=".2"/>',
        ],
    )


def placed(spot: Spot) -> str:
    """A mark at its place."""
    where = f"translate({spot.x:.2f} {spot.y:.2f}) scale({spot.size / 2:.2f})"
    return f'<g transform="{where}">{MARKS[spot.shape]}</g>'


def _fill(ward: Patch) -> str:
    if not ward.own:
        return 'fill="none"'
    if ward.step is None:
        return 'fill="url(#hatch)" fill-opacity=".6"'
    return f'fill="{TEAL}" fill-opacity="{STEPS[ward.step]}"'


def path(projection: Projection, geometry: dict[str, Any]) -> str:
    """A Polygon or MultiPolygon as path data, cut to the box; "" where nothing of it shows."""
    import shapely
    from shapely.geometry import shape

    whole = shape(geometry)
    bounds = projection.bounds.wider()
    # A polygon that crosses itself (a line drawn by hand) is mended before it is cut.
    valid = whole if whole.is_valid else shapely.make_valid(whole)
    kept = shapely.clip_by_rect(valid, bounds.west, bounds.south, bounds.east, bounds.north)
    polygons = [part for part in shapely.get_parts(kept) if part.geom_type == "Polygon" and not part.is_empty]
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return "".join(_ring(projection, ring.coords) for ring in rings)


def _ring(projection: Projection, points: Iterable[tuple[float, ...]]) -> str:
    drawn: list[str] = []
    for lon, lat, *_height in points:
        x, y = projection.at(lat, lon)
        text = f"{x:.2f} {y:.2f}"
        if not drawn or drawn[-1] != text:
            drawn.append(text)
    return f"M{'L'.join(drawn)}z"


def svg(width: float, height: float, parts: Iterable[str]) -> str:
    """A picture of `width` × `height` millimetres."""
    inside = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}">{inside}</svg>'
    )
