"""The inputs of planning on one page, and their shapes for its map; each row has a page of its own."""

import json
from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.form_steps import open_form
from inventory.pages import in_language
from inventory.requests import needed_campaign
from maps.planning import pages, queries, words, zone_files
from maps.planning.allowing import contradictions
from maps.planning.forms import Press
from maps.planning.inputs import Inputs, PlanZone, Site
from maps.planning.sorts import SORTS
from maps.planning.weights import Weights

blueprint = Blueprint("planning", __name__)


@blueprint.get("/planning")
@needs(Permission.READ_PLANS)
def page() -> ResponseReturnValue:
    """The five lists, and what in them no plan could keep."""
    campaign = needed_campaign()
    ground = queries.ground(actor(), campaign)
    kinds = queries.kinds()
    seen = {sort.name: [held.row for held in queries.seen(campaign, sort.of, ground)] for sort in SORTS}
    inputs = Inputs(
        sites=tuple(seen["site"]), zones=tuple(seen["zone"]), weights=Weights(tuple(seen["weight"]))
    )
    sample = Press(formdata=None)
    open_form(sample)
    written = {row.kind for row in seen["supply"]}
    return render_template(
        "planning/page.html",
        sorts=SORTS,
        seen=seen,
        ground=ground,
        kinds={kind.code: kind for kind in kinds},
        contradictions=contradictions(inputs, kinds),
        without="; ".join(in_language(kind) for kind in kinds if kind.code not in written),
        words=words,
        sample=sample,
        may_plan=actor().may(Permission.PLAN),
    )


@blueprint.get("/planning/shapes.json")
@needs(Permission.READ_PLANS)
def shapes_json() -> ResponseReturnValue:
    """Zones and free sites as GeoJSON features, for the maps of these pages."""
    campaign = needed_campaign()
    ground = queries.ground(actor(), campaign)
    zones = [
        _feature(json.loads(held.row.boundary), held.row.id, "zone", held.row.name, held.row.rule)
        for held in queries.seen(campaign, PlanZone, ground)
    ]
    sites = [
        _feature(_point(held.row), held.row.id, "site", held.row.name, held.row.duty)
        for held in queries.seen(campaign, Site, ground)
    ]
    return jsonify({"type": "FeatureCollection", "features": [*zones, *sites]})


def _point(site: Site) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [site.lon, site.lat]}


def _feature(geometry: dict[str, Any], row_id: int, what: str, name: str, rule: str) -> dict[str, Any]:
    words_of = {"id": row_id, "what": what, "name": name, "rule": rule}
    return {"type": "Feature", "geometry": geometry, "properties": words_of}


for mounted in (pages, zone_files):
    mounted.mount(blueprint)
