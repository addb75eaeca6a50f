"""Pieces of a Folium map of our own: background, clusters, credits, and the hand-over to our script.

Their templates write JSON only; no text of people comes here (see local_map.py).
"""

import html
from collections.abc import Mapping

from branca.element import MacroElement
from folium.map import Layer
from folium.template import Template


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


class HeldGround(MacroElement):
    """Polygons that stand in the page itself, as JSON under an id: for a page that asks for nothing."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        {
            const polygons = JSON.parse(document.getElementById({{ this.held|tojson }}).textContent);
            const style = {className: {{ this.look|tojson }}};
            L.geoJSON(polygons, {pane: "ground", interactive: false, style})
                .addTo({{ this._parent.get_name() }});
        }
        {% endmacro %}
        """
    )

    def __init__(self, held: str, look: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Ground"
        self.held, self.look = held, look


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
