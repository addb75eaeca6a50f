"""Pages of neighbourhoods: the list and the office's form; imports are mounted beside."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory import database
from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.errors import Unseen
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.identity import new_id
from inventory.neighbourhoods import actions, import_views, queries, rules
from inventory.neighbourhoods.forms import NeighbourForm, Wanted
from inventory.neighbourhoods.rules import Neighbour
from inventory.outcomes import Done, Stale
from inventory.places.queries import wards
from inventory.requests import needed_campaign

blueprint = Blueprint("neighbourhoods", __name__)


@blueprint.get("/neighbourhoods")
@needs(Permission.READ)
def index() -> ResponseReturnValue:
    """The neighbourhoods that a person sees, how much is known of them, and sums that differ."""
    campaign, wanted, who, session = needed_campaign(), Wanted(request.args), actor(), database.db.session()
    named = wards(session, who, campaign)
    if wanted.area is not None and wanted.area not in dict(named):
        raise Unseen("area", wanted.area)
    found = queries.listing(session, who, campaign)
    lines = [line for line in found.lines if wanted.area in (None, line.area_id)]
    shown, after = rules.page(lines, wanted.after)
    return render_template(
        "neighbourhoods/index.html",
        lines=shown,
        after=after,
        wanted=wanted,
        wards=named,
        known=rules.known(lines),
        differing=rules.differing(lines, found.places),
        may_manage=who.may(Permission.MANAGE_PLACES),
    )


@blueprint.route("/neighbourhoods/<int:neighbourhood_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_PLACES)
def edit(neighbourhood_id: int) -> ResponseReturnValue:
    """Change a neighbourhood; a save of somebody else in between is shown beside what was typed."""
    campaign, who, session = needed_campaign(), actor(), database.db.session()
    seen = queries.one(session, who, campaign, neighbourhood_id)
    form = NeighbourForm()
    form.offer(queries.places_of(session, campaign, seen.area_id))
    back = url_for("neighbourhoods.index", area=seen.area_id)
    if not form.is_submitted():
        open_form(form, seen.version)
        form.show(seen)
        return _page(form, seen)
    entry = entry_of(form, "neighbourhood.amended", neighbourhood_id)
    if repeated(form, entry) is not None:
        return redirect(back, 303)
    valid, draft = form.validate(), form.draft()
    if form.errors or not valid:
        return _page(form, seen), 422
    outcome = actions.amend(who, campaign, neighbourhood_id, draft, version_of(form), entry)
    if isinstance(outcome, Done):
        flash(_("Đã lưu khu phố, thôn."), "success")
        return redirect(back, 303)
    if isinstance(outcome, Stale):
        return _page(_now_stale(form, outcome), seen), 409
    put(form, outcome)
    return _page(form, seen), 422


def _now_stale(form: NeighbourForm, outcome: Stale) -> NeighbourForm:
    """Show the other person's values at their fields; the next press is meant in full knowledge."""
    form.entry_id.data, form.base_version.data = new_id(), str(outcome.version)
    form.form_errors.append(_("Người khác vừa lưu mục này. Phần nhập ở đây vẫn còn; hãy xem chỗ khác nhau."))
    named = dict(form.place_id.choices)
    for name, theirs, _mine in outcome.changed:
        shown = named.get(str(theirs)) if name == "place_id" else theirs
        shown = _("để trống") if shown in (None, "") else str(shown)
        form[name].errors = [*form[name].errors, _("Người khác vừa lưu: %(value)s.", value=shown)]
    return form


def _page(form: NeighbourForm, seen: Neighbour) -> str:
    return render_template("neighbourhoods/form.html", form=form, seen=seen)


import_views.mount(blueprint)
