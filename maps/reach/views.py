"""The page of reach: the model in words, what its parameters come to, quiet places, a calculator."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.campaigns import CampaignSeen
from inventory.form_steps import entry_of, open_form, repeated
from inventory.outcomes import Done, Refused
from inventory.pages import in_language, language, say
from inventory.requests import needed_campaign
from maps.investment.words import spoken
from maps.reach import actions, edit_pages, listing, noise, queries
from maps.reach.forms import CalculatorForm, Press
from maps.reach.model import ReachModel, SiteClass
from maps.reach.reaching import Reach
from maps.reach.rules import KIND_BOUNDS
from maps.reach.words import CHOICES, FIGURES, MODELS, SITES

blueprint = Blueprint("reach", __name__)
edit_pages.mount(blueprint)

#: The hours that the page of quiet places asks about: the usual broadcasts of early morning and afternoon.
HOURS = (5, 7, 11, 17, 21)
_USUAL = {"watts": 30.0, "sensitivity": 110.0, "speed": 40.0}


@blueprint.get("/reach")
@needs(Permission.READ)
def page() -> ResponseReturnValue:
    """Everything reach is computed from, with its sources, and what it comes to."""
    campaign = needed_campaign()
    held = queries.parameters(queries.session(), campaign.id)
    model = queries.model(queries.session(), campaign.id, held)
    reach, kinds = Reach(model), queries.kinds()
    form, calculated = _calculator(model)
    press = Press(formdata=None)
    open_form(press)
    heard, read = listing.horn(model), _first_read(model)
    return render_template(
        "reach/page.html",
        held=held,
        model=model,
        said=[spoken(reach.said(code, language())) for code in (heard.code if heard else "", read) if code],
        arounds=listing.around_lines(reach),
        around_rows={row.value.code: row for row in held.surroundings},
        horn=next((kind for kind in kinds if heard and kind.code == heard.code), None),
        kinds=listing.kind_lines(reach, kinds),
        wards=queries.wards(actor(), campaign),
        figures=FIGURES,
        choices=CHOICES,
        models=MODELS,
        sites=SITES,
        calculator=form,
        calculated=calculated,
        press=press,
        may_set=actor().may(Permission.SET_STANDARDS),
    )


@blueprint.post("/reach")
@needs(Permission.SET_STANDARDS)
def load() -> ResponseReturnValue:
    """Give the campaign the shipped parameters, so that they can be changed."""
    form = Press()
    entry = entry_of(form, "reach.loaded")
    if repeated(form, entry):
        return _to_page()
    outcome = actions.load(actor(), needed_campaign(), entry)
    if isinstance(outcome, Done):
        flash(_("Đã nạp giá trị mặc định. Số nào còn là giả định thì có đánh dấu."), "success")
    elif isinstance(outcome, Refused):
        flash(say(outcome.problems[0]), "warning")
    return _to_page()


@blueprint.get("/reach/quiet")
@needs(Permission.READ)
def quiet() -> ResponseReturnValue:
    """Schools, hospitals and pagodas that loudspeakers reach louder than the regulation allows."""
    campaign = needed_campaign()
    model = queries.model(queries.session(), campaign.id)
    hour = _hour()
    limit = noise.limit_in_force(model.limits, SiteClass.SPECIAL, campaign.today, hour)
    seen = queries.places(actor(), campaign)
    found, asked = _conflicts(campaign, model, hour)
    rows = [(seen[one.place_id], one) for one in found if one.place_id in seen]
    wards = {ward.id: ward.name for ward in queries.wards(actor(), campaign)}
    return render_template(
        "reach/quiet.html",
        rows=rows,
        wards=wards,
        limit=limit,
        hour=hour,
        hours=HOURS,
        asked=len([place for place in asked if place in seen]),
        openable=queries.openable(actor(), [one.source for _place, one in rows]),
        secret=queries.hidden_things(actor(), campaign),
        said=MODELS[model.scalars.model],
    )


def _conflicts(
    campaign: CampaignSeen, model: ReachModel, hour: int
) -> tuple[tuple[noise.Conflict, ...], list[int]]:
    facts = queries.facts(campaign)
    if facts is None:
        return (), []
    asked = [place.id for place in noise.quiet_places(facts)]
    return noise.conflicts(facts, Reach(model), campaign.today, hour), asked


def _hour() -> int:
    given = request.args.get("hour", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 3 and int(given) < 24 else 17


def _first_read(model: ReachModel) -> str:
    return next((kind.code for kind in model.kinds if kind.channel == "reading"), "")


def _calculator(model: ReachModel) -> tuple[CalculatorForm, listing.Calculated | None]:
    """The calculator with what it was asked, or its usual question; None where that cannot be computed."""
    asked = any(name in request.args for name in (*_USUAL, "around"))
    form = CalculatorForm(request.args if asked else None)
    form.around.choices = [(one.code, in_language(one)) for one in model.surroundings]
    if not asked:
        for name, value in _USUAL.items():
            form[name].data = value
        form.around.data = model.fallback
    elif not form.validate():
        return form, None
    around = model.around_of.get(form.around.data or "", model.around_of[model.fallback])
    watts, horn_db, speed = form.watts.data, form.sensitivity.data, form.speed.data or 0.0
    bounds = {"watts": KIND_BOUNDS["watts"], "sensitivity": KIND_BOUNDS["sensitivity"], "speed": (0.0, 200.0)}
    for name, (low, high) in bounds.items():
        value = speed if name == "speed" else form[name].data
        if value is None or not low <= value <= high:
            form[name].errors = [_("Viết một số từ %(low)s đến %(high)s.", low=f"{low:g}", high=f"{high:g}")]
    if form.errors or watts is None or horn_db is None:
        return form, None
    return form, listing.calculate(model, horn_db, watts, around, speed)


def _to_page() -> Response:
    return redirect(url_for("reach.page"), 303)
