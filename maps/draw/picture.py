"""The picture: Folium's map in the frame of the campaign's wards, with its background and credits."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from inventory.pages import asset
from inventory.positions import PlacePosition
from inventory.settings import Settings
from maps.draw.frame import Bounds
from maps.draw.page_words import for_map

if TYPE_CHECKING:
    from maps.draw.local_map import Parts

SCRIPTS = (
    "vendor/leaflet-1.9.4/leaflet.js",
    "vendor/leaflet.markercluster-1.5.3/leaflet.markercluster.js",
)
STYLES = ("vendor/leaflet-1.9.4/leaflet.css", "vendor/leaflet.markercluster-1.5.3/MarkerCluster.css")
#: The frame of static/geo/; elsewhere there is nothing to draw.
SHIPPED = Bounds(20.62, 106.62, 21.40, 107.48)
GROUNDS = (("geo/land.geojson", "tq-land"), ("geo/islands.geojson", "tq-land"))
#: Where no line and no place is known yet: the mainland of Hạ Long.
FALLBACK = Bounds(20.91, 106.83, 21.24, 107.27)
OSM = "© OpenStreetMap contributors"


def picture(
    opening: Bounds | None, settings: Settings, spots: Iterable[PlacePosition], plan: bool = False
) -> "Parts":
    """The map's pieces for the page, with the layers of a plan where there is one."""
    # Folium and what it brings take a third of a second to load, which no command should pay.
    from maps.draw.local_map import Assets, Tiles, parts

    frame = opening or FALLBACK
    assets = Assets(
        tuple(asset(path) for path in SCRIPTS),
        tuple(asset(path) for path in STYLES),
        tuple((asset(path), look) for path, look in grounds(frame)),
    )
    tiles = Tiles(settings.tiles, settings.tiles_credit) if settings.tiles else None
    return parts(frame, frame.wider(), for_map(plan), assets, _credit(spots), tiles)


def picture_in_file(opening: Bounds | None, spots: Iterable[PlacePosition], plan: bool = False) -> "Parts":
    """The pieces for a page that asks for nothing: the background stands in it as ground-0, ground-1, …"""
    from maps.draw.local_map import Assets, parts

    frame = opening or FALLBACK
    held = tuple((f"#ground-{number}", look) for number, (_path, look) in enumerate(grounds(frame)))
    return parts(frame, frame.wider(), for_map(plan), Assets((), (), held), _credit(spots))


def grounds(frame: Bounds) -> tuple[tuple[str, str], ...]:
    """The background's files below static/ that show in a frame, with their CSS class."""
    return GROUNDS if frame.wider().meets(SHIPPED) else ()


def from_osm(spots: Iterable[PlacePosition]) -> bool:
    """Whether a position comes from OpenStreetMap, whose licence asks to be named."""
    return any("odbl" in spot.licence.lower() for spot in spots)


def _credit(spots: Iterable[PlacePosition]) -> tuple[str, ...]:
    return (_("Ranh giới tham khảo"), *((OSM,) if from_osm(spots) else ()))
