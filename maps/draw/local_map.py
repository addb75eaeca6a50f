"""Folium's map without anything from outside: our own files, our own templates, no text of people.

Folium writes what it is given into a script (a tooltip is a JavaScript template literal), so nothing
that a person typed comes here, names of kinds and areas included: words are fixed and translated,
everything else the browser fetches as JSON and puts on the page as text (static/js/map.js).
Ids are counted, not drawn by lot, so that the same page has the same bytes.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import folium
from branca.element import Element, Figure
from folium.map import CustomPane, Layer
from folium.raster_layers import TileLayer
from folium.template import Template
from markupsafe import Markup

from maps.draw.folium_parts import Clusters, Credits, FetchedGround, Handover, HeldGround
from maps.draw.frame import NEAREST_ZOOM, Bounds, least_zoom

#: The panes from the bottom up; those that a finger may touch are marked.
PANES = (("ground", 350, False), ("wards", 380, True), ("reach", 390, False), ("names", 395, False))
#: Polygons are sharp at any zoom, so the wards may fill the map; pictures want whole steps.
_SNAP = 0.25
MARKS = (("things", 610, True), ("places", 620, True), ("checks", 625, True), ("plan", 630, True))
#: Layers that a plan adds; their words are given where there is one.
PLAN_LAYERS = ("plan_kept", "plan_repaired", "plan_new")


@dataclass(frozen=True)
class Assets:
    """Addresses of the vendored files, and of the background's polygons with their CSS class.

    A background "#id" stands in the page as JSON under that id; without scripts and styles the page
    has Leaflet already.
    """

    scripts: tuple[str, ...]
    styles: tuple[str, ...]
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


@dataclass(frozen=True)
class Inlined:
    """A style sheet and scripts that stand in a page, and the policy that lets these and no others run."""

    policy: str
    style: Markup
    scripts: Markup


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
        self.default_js = [(f"script_{number}", file) for number, file in enumerate(assets.scripts)]
        self.default_css = [(f"style_{number}", file) for number, file in enumerate(assets.styles)]


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
        "model": folium.FeatureGroup(name=words["model"], show=False),
        "things": Clusters(words["things"]),
        "places": folium.FeatureGroup(name=words["places"]),
        "checks": folium.FeatureGroup(name=words["checks"], show=False),
        **{name: folium.FeatureGroup(name=words[name]) for name in PLAN_LAYERS if name in words},
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
        held = HeldGround(url[1:], look) if url.startswith("#") else FetchedGround(url, look)
        held.add_to(ground)


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


def inlined(style: str, scripts: Sequence[str]) -> Inlined:
    """Our own style sheet and scripts as pieces of one page that asks for nothing.

    Raises ValueError where a text could end its element: then it is not one of our files.
    """
    bad = [text[:40] for text in scripts if re.search(r"(?i)</script|<!--", text)]
    if bad or re.search(r"(?i)</style", style):
        raise ValueError(f"a text ends its own element: {bad or 'style'}")
    # What a parser hashes has no carriage returns.
    style, *scripts = (text.replace("\r\n", "\n").replace("\r", "\n") for text in (style, *scripts))
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {' '.join(map(_hash, scripts))}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )
    written = "\n".join(f"<script>{text}</script>" for text in scripts)
    # Only files of ours and Folium's script come here, and neither ends its element (see above).
    return Inlined(policy, Markup(f"<style>{style}</style>"), Markup(written))  # noqa: S704


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _all(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _all(child)
