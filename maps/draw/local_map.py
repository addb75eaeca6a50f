"""Folium's map without anything from outside: our own files, our own templates, no text of people.

Folium writes what it is given into a script (a tooltip is a JavaScript template literal), so nothing
that a person typed comes here, names of kinds and areas included: words are fixed and translated,
everything else the browser fetches as JSON and puts on the page as text (static/js/map.js).
Ids are counted, not drawn by lot, so that the same page has the same bytes.
"""

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import folium
from branca.element import Element, Figure, MacroElement
from folium.map import CustomPane, Layer
from folium.raster_layers import TileLayer
from folium.template import Template
from markupsafe import Markup

from maps.draw.frame import NEAREST_ZOOM, Bounds, least_zoom

#: The panes from the bottom up; those that a finger may touch are marked.
PANES = (("ground", 350, False), ("wards", 380, True), ("reach", 390, False), ("names", 395, False))
#: Polygons are sharp at any zoom, so the wards may fill the map; pictures want whole steps.
_SNAP = 0.25
MARKS = (("things", 610, True), ("places", 620, True))


@dataclass(frozen=True)
class Assets:
    """Addresses of the vendored files, and of the background's polygons with their CSS class."""

    leaflet_js: str
    leaflet_css: str
    cluster_js: str
    cluster_css: str
    grounds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Tiles:
    """A tile server that the operator set, and what its owner wants to read."""

    url: str
    credit: str


@dataclass(frozen=True)
class Parts:
    """The map as three pieces of a page, ready to stand in it; the script needs the page's nonce."""

    header: Markup
    body: Markup
    script: Markup


class LocalMap(folium.Map):
    """A map from our own files. `words` are `name`, `zoom_in`, `zoom_out` and the layers' labels."""

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []
    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="tq-map" id="{{ this.get_name() }}" role="region"
            aria-label="{{ this.words.name|e }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
            center: {{ this.location|tojson }},
            ...{{ this.options|tojavascript }}
        });
        {{ this.get_name() }}.attributionControl.setPrefix(false);
        {# No farther out than either the wards need or the margin fills: beyond it is only sea. #}
        const nearEnough = () => {{ this.get_name() }}.setMinZoom(Math.min(
            {{ this.get_name() }}.getBoundsZoom({{ this.limits|tojson }}, true),
            {{ this.get_name() }}.getBoundsZoom({{ this.frame|tojson }})
        ));
        nearEnough();
        {{ this.get_name() }}.on("resize", nearEnough);
        L.control.zoom({{ this.zoom_words|tojavascript }}).addTo({{ this.get_name() }});
        L.control.scale({imperial: false}).addTo({{ this.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(
        self, opening: Bounds, limits: Bounds, words: Mapping[str, str], assets: Assets, snap: float
    ) -> None:
        super().__init__(
            location=opening.middle,
            tiles=None,
            zoom_start=least_zoom(limits) + 1,
            zoom_control=False,
            min_zoom=None,
            maxZoom=NEAREST_ZOOM,  # without tiles nothing else says it, and clusters need it
            minZoom=least_zoom(limits),
            maxBounds=limits.corners(),
            maxBoundsViscosity=1.0,
            zoomSnap=snap,
        )
        self.frame, self.limits = opening.corners(), limits.corners()
        self.words = dict(words)
        self.zoom_words = {"zoomInTitle": words["zoom_in"], "zoomOutTitle": words["zoom_out"]}
        self.default_js = [("leaflet", assets.leaflet_js), ("cluster", assets.cluster_js)]
        self.default_css = [("leaflet_css", assets.leaflet_css), ("cluster_css", assets.cluster_css)]


class FetchedGround(MacroElement):
    """Polygons that the browser fetches, drawn under everything; colours are the style sheet's."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        fetch({{ this.url|tojson }}).then((answer) => answer.json()).then((polygons) => {
            const style = {className: {{ this.look|tojson }}};
            L.geoJSON(polygons, {pane: "ground", interactive: false, style})
                .addTo({{ this._parent.get_name() }});
        });
        {% endmacro %}
        """
    )

    def __init__(self, url: str, look: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Ground"
        self.url, self.look = url, look


class Clusters(Layer):
    """An empty layer that gathers marks into clusters; the page's script fills it and draws its icons."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.markerClusterGroup({
            pane: "things", clusterPane: "things", chunkedLoading: true, maxClusterRadius: 56,
            showCoverageOnHover: false, spiderLegPolylineOptions: {className: "tq-spider"}
        });
        {% endmacro %}
        """
    )

    def __init__(self, name: str) -> None:
        super().__init__(name=name, overlay=True)
        self._name = "Clusters"


class Credits(MacroElement):
    """Lines that stand on the map; Leaflet writes them as HTML, so they are escaped here."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        {% for line in this.lines %}
        {{ this._parent.get_name() }}.attributionControl.addAttribution({{ line|tojson }});
        {% endfor %}
        {% endmacro %}
        """
    )

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Credits"
        self.lines = [html.escape(line) for line in lines]


class Handover(MacroElement):
    """Gives the map and its layers to the page's script, under one fixed name."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        window.trucquan = {
            map: {{ this._parent.get_name() }},
            layers: {
                {%- for key, layer in this.layers.items() %}
                {{ key }}: {{ layer.get_name() }},
                {%- endfor %}
            }
        };
        {% endmacro %}
        """
    )

    def __init__(self, layers: Mapping[str, Layer]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Handover"
        self.layers = dict(layers)


def parts(
    opening: Bounds,
    limits: Bounds,
    words: Mapping[str, str],
    assets: Assets,
    credit: tuple[str, ...],
    tiles: Tiles | None = None,
) -> Parts:
    """The map's three pieces. `words` also has a label for each layer: tiles or ground, wards, …"""
    chart = LocalMap(opening, limits, words, assets, _SNAP if tiles is None else 1)
    for name, height, touched in (*PANES, *MARKS):
        CustomPane(name, z_index=height, pointer_events=touched).add_to(chart)
    _background(chart, words, assets, tiles)
    layers: dict[str, Layer] = {
        "wards": folium.FeatureGroup(name=words["wards"]),
        "reach": folium.FeatureGroup(name=words["reach"], show=False),
        "things": Clusters(words["things"]),
        "places": folium.FeatureGroup(name=words["places"]),
    }
    for layer in layers.values():
        layer.add_to(chart)
    folium.LayerControl(position="topright").add_to(chart)
    folium.FitBounds(opening.corners()).add_to(chart)
    Credits(credit).add_to(chart)
    Handover(layers).add_to(chart)
    return _render(chart)


def _background(chart: LocalMap, words: Mapping[str, str], assets: Assets, tiles: Tiles | None) -> None:
    if tiles is not None:
        layer = TileLayer(tiles.url, attr=html.escape(tiles.credit), name=words["tiles"], overlay=True)
        layer.add_to(chart)
        return
    ground = folium.FeatureGroup(name=words["ground"])
    ground.add_to(chart)
    for url, look in assets.grounds:
        FetchedGround(url, look).add_to(ground)


def _render(chart: LocalMap) -> Parts:
    page = cast(Figure, chart.get_root())
    page.header._children.clear()  # the page has its own encoding line
    for number, element in enumerate(_all(chart)):
        element._id = "campaign" if element is chart else str(number)
    for child in page._children.values():
        child.render()
    # The one place where HTML is not made by our templates. It is safe: nothing that a person typed
    # reaches Folium (see the head of this file), addresses are our own, the operator's tiles and
    # credits are escaped or JSON. Unescaped is what Folium's own words and scripts have to be.
    return Parts(*(Markup(part.render()) for part in (page.header, page.html, page.script)))  # noqa: S704


def _all(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _all(child)
