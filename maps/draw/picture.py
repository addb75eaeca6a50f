"""The picture: Folium's map in the frame of the campaign's wards, with its background and credits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from inventory.pages import asset
from inventory.positions import PlacePosition
from inventory.settings import Settings
from maps.draw.frame import Bounds
from maps.draw.page_words import for_map

if TYPE_CHECKING:
    from maps.draw.local_map import Parts

_LEAFLET, _CLUSTER = "vendor/leaflet-1.9.4", "vendor/leaflet.markercluster-1.5.3"
#: The frame of static/geo/; elsewhere there is nothing to draw.
_SHIPPED = Bounds(20.62, 106.62, 21.40, 107.48)
_GROUNDS = (("geo/land.geojson", "tq-land"), ("geo/islands.geojson", "tq-land"))
#: Where no line and no place is known yet: the mainland of Hạ Long.
_FALLBACK = Bounds(20.91, 106.83, 21.24, 107.27)
OSM = "© OpenStreetMap contributors"


def picture(opening: Bounds | None, settings: Settings, spots: Sequence[PlacePosition]) -> "Parts":
    """The map's pieces for the page."""
    # Folium and what it brings take a third of a second to load, which no command should pay.
    from maps.draw.local_map import Assets, Tiles, parts

    frame = opening or _FALLBACK
    limits = frame.wider()
    assets = Assets(
        asset(f"{_LEAFLET}/leaflet.js"),
        asset(f"{_LEAFLET}/leaflet.css"),
        asset(f"{_CLUSTER}/leaflet.markercluster.js"),
        asset(f"{_CLUSTER}/MarkerCluster.css"),
        tuple((asset(path), look) for path, look in _GROUNDS if limits.meets(_SHIPPED)),
    )
    credit = [_("Ranh giới tham khảo")]
    if any("odbl" in spot.licence.lower() for spot in spots):
        credit.append(OSM)
    tiles = Tiles(settings.tiles, settings.tiles_credit) if settings.tiles else None
    return parts(frame, limits, for_map(), assets, tuple(credit), tiles)
