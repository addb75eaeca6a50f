"""The map page, and its data as JSON: places, standing things, the wards' lines."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inventory.access import guard
from inventory.access.permissions import Actor, Permission
from inventory.campaigns import CampaignSeen
from inventory.errors import BadInput, Unseen
from inventory.facts import KindFact
from inventory.pages import in_language
from inventory.positions import Outline, PlacePosition, ThingPosition
from inventory.requests import chosen_campaign, needed_campaign
from inventory.settings import Settings
from inventory.vocabulary import Figure, PlaceState
from maps.coverage import queries as coverage
from maps.coverage.summary import Totals
from maps.draw import columns, page_words, planned, queries
from maps.draw.checked import checks_columns
from maps.draw.forms import MapForm
from maps.draw.picture import picture
from maps.draw.planned import Planned
from maps.draw.queries import LISTED, Drawn
from maps.draw.rows import Filters, Unrun, by_kind, by_voters_affected, passes, thing_passes

blueprint = Blueprint("draw", __name__, url_prefix="/map")

#: Things without a position that the page lists by name; the others are counted.
_UNPLACED = 100


@blueprint.get("", endpoint="page")
@guard.needs(Permission.READ)
def page() -> ResponseReturnValue:
    """Filters, the map, and the same rows as a list."""
    actor, campaign = guard.actor(), chosen_campaign()
    if campaign is None:
        return render_template("draw/empty.html")
    drawn = queries.drawn(actor, campaign)
    kinds = queries.kinds()
    form = MapForm(request.args)
    form.offer(
        [(ward.id, ward.name) for ward in drawn.wards], [(kind.code, in_language(kind)) for kind in kinds]
    )
    plan, beside = (_plan(actor, campaign, kinds, drawn.spots, name) for name in ("plan", "beside"))
    laid = [one for one in (plan, beside) if one]
    form.offer_plans(page_words.plan_names(queries.finished(actor, campaign), laid))
    filters = _filters(form, drawn)
    things = queries.things(actor, campaign, filters.figure, kinds, drawn.spots)
    lines = queries.outlines(actor, campaign)
    settings: Settings = current_app.config["SETTINGS"]
    return render_template(
        "draw/page.html",
        drawn=drawn,
        filters_form=form,
        filters=filters,
        chart=picture(queries.opening(lines, drawn.spots, None), settings, drawn.spots, plan is not None),
        plan=plan,
        beside=beside,
        plan_rows=page_words.plan_lines(plan, drawn, kinds) if plan else (),
        words=page_words.for_script(
            filters.figure,
            _opening(queries.opening(lines, drawn.spots, filters.ward)),
            _addresses(lines, {"plan": plan, "beside": beside}),
        ),
        model_legend=page_words.model_legend(queries.model(campaign)),
        kind_lines=by_kind([thing for thing in things if filters.ward in (None, thing.area_id)], kinds),
        may_run=actor.may(Permission.RUN),
        may_read_plans=actor.may(Permission.READ_PLANS),
        Figure=Figure,
        PlaceState=PlaceState,
        **_counted(drawn, things, filters, {kind.code: in_language(kind) for kind in kinds}),
    )


@blueprint.get("/places.json")
@guard.needs(Permission.READ)
def places_json() -> ResponseReturnValue:
    """Places with their states in both figures and their open gaps; wards with their shares."""
    actor = guard.actor()
    drawn = queries.drawn(actor, needed_campaign())
    names = {one.id: in_language(one) for one in drawn.standard.requirements} if drawn.standard else {}
    points = queries.points(drawn, actor)
    return jsonify(columns.places(drawn.rows, names, drawn.ward_lines, points, drawn.secret))


@blueprint.get("/installations.json")
@guard.needs(Permission.READ)
def installations_json() -> ResponseReturnValue:
    """What stands in the figure asked for, with a position that the person may know."""
    actor, campaign = guard.actor(), needed_campaign()
    kinds = queries.kinds()
    rows = queries.things(actor, campaign, _figure(), kinds)
    standard = queries.standard_now(campaign)
    model = page_words.modelled(queries.model(campaign), kinds)
    asked = standard.requirements if standard else ()
    return jsonify(columns.things(rows, kinds, in_language, asked, model))


@blueprint.get("/checks.json")
@guard.needs(Permission.READ)
def checks_json() -> ResponseReturnValue:
    """What was heard and read in the field, beside the model's answers."""
    actor, campaign = guard.actor(), needed_campaign()
    drawn = queries.drawn(actor, campaign)
    rows = queries.checks(drawn, actor, campaign, queries.kinds())
    names = {row.place.id: row.place.name for row in drawn.rows}
    return jsonify(checks_columns(rows, page_words.checked_kind, names))


@blueprint.get("/plan.json")
@guard.needs(Permission.READ)
def plan_json() -> ResponseReturnValue:
    """What a plan does in the person's wards, and what it keeps."""
    actor, campaign = guard.actor(), needed_campaign()
    kinds = queries.kinds()
    plan = _plan(actor, campaign, kinds, None)
    if plan is None:
        raise BadInput("filter", "Bộ lọc có giá trị không dùng được.", "plan")
    names = queries.place_names(actor, campaign)
    return jsonify(planned.columns(plan, kinds, [in_language(kind) for kind in kinds], names))


@blueprint.get("/wards.json")
@guard.needs(Permission.READ)
def wards_json() -> ResponseReturnValue:
    """The wards' lines as GeoJSON; they seldom change, so a browser may keep them under their version."""
    lines = queries.outlines(guard.actor(), needed_campaign())
    answer = jsonify(columns.outlines(lines))
    if request.args.get("v") == _version(lines):
        answer.headers["Cache-Control"] = "private, max-age=604800"
    return answer


def _plan(
    actor: Actor,
    campaign: CampaignSeen,
    kinds: Sequence[KindFact],
    spots: tuple[PlacePosition, ...] | None,
    name: str = "plan",
) -> Planned | None:
    """The plan that the address names; None where it names none."""
    word = request.args.get(name, "")
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        raise BadInput("filter", "Bộ lọc có giá trị không dùng được.", name)
    return queries.planned(actor, campaign, int(word), kinds, spots)


def _figure() -> Figure:
    word = request.args.get("figure") or Figure.REPORTED.value
    if word not in set(Figure):
        raise BadInput("filter", "Bộ lọc có giá trị không dùng được.", "figure")
    return Figure(word)


def _filters(form: MapForm, drawn: Drawn) -> Filters:
    ward = form.ward.data or ""
    if ward and ward not in {str(one.id) for one in drawn.wards}:
        raise Unseen("area", ward)
    if not form.validate():
        raise BadInput("filter", "Bộ lọc có giá trị không dùng được.", str(next(iter(form.errors))))
    return form.filters()


def _version(lines: Sequence[Outline]) -> str:
    text = ",".join(f"{line.area_id}.{line.version}" for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _addresses(lines: Sequence[Outline], plans: Mapping[str, Planned | None]) -> dict[str, str]:
    """Where the script finds its data, and the stems of the links that it makes from ids."""
    over = {name: url_for("draw.plan_json", plan=plan.seen.id) for name, plan in plans.items() if plan}
    return over | {
        "places": url_for("draw.places_json"),
        "things": url_for("draw.installations_json"),
        "wards": url_for("draw.wards_json", v=_version(lines)),
        "checks": url_for("draw.checks_json"),
        "place": url_for("places.page", place_id=0).removesuffix("0"),
        "gaps": url_for("coverage.page", place=""),
        "ward_gaps": url_for("coverage.page", ward=""),
        "thing": url_for("installations.page", installation_id="0").removesuffix("0"),
    }


def _opening(bounds: Any) -> list[list[float]] | None:
    return bounds.corners() if bounds else None


def _counted(
    drawn: Drawn, things: Sequence[ThingPosition], filters: Filters, kind_names: Mapping[str, str]
) -> dict[str, Any]:
    """The list and every "n of N" of the page."""
    ordered = by_voters_affected(drawn.rows, filters.figure)
    if len(ordered) > LISTED:
        ordered.sort(key=lambda row: not passes(row, filters))
    unplaced = [thing for thing in things if thing.at is None and not thing.hidden]
    totals = coverage.totals(drawn.view) if drawn.view else Totals()
    return {
        "rows": [(row, passes(row, filters)) for row in ordered[:LISTED]],
        "places_shown": sum(passes(row, filters) for row in drawn.rows),
        "places_without": sum(row.position.at is None and not row.position.hidden for row in drawn.rows),
        "places_hidden": sum(row.position.hidden for row in drawn.rows),
        "places_new": sum(row.state(filters.figure) is Unrun.NOT_COMPUTED for row in drawn.rows),
        "things_total": len(things),
        "things_shown": sum(thing.at is not None and thing_passes(thing, filters) for thing in things),
        "things_hidden": sum(thing.hidden for thing in things),
        "unplaced": unplaced[:_UNPLACED],
        "unplaced_total": len(unplaced),
        "kind_names": kind_names,
        "totals": totals,
    }
