"""Pages of polling places: the list, one place, and the office's forms; imports are mounted beside."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from inventory import database
from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.errors import Unseen
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.identity import new_id
from inventory.labels import label
from inventory.outcomes import Done, Refused, Stale
from inventory.places import actions, import_views, listing, queries, rules
from inventory.places.forms import PlaceForm, Wanted
from inventory.places.listing import Listing
from inventory.places.queries import PlaceFacts
from inventory.places.rules import VisitState
from inventory.requests import needed_campaign
from inventory.surveys.queries import last_declaration
from inventory.surveys.showing import office_says
from inventory.vocabulary import PositionSource, Role

blueprint = Blueprint("places", __name__)
#: Returned things shown on top of the list; the rest is counted.
MOST_RETURNED = 10
WARD_ROLES = frozenset({Role.WARD_STAFF, Role.WARD_LEAD})
SOURCES: Mapping[PositionSource | None, Any] = {
    PositionSource.DEVICE: _l("đo bằng máy"),
    PositionSource.MAP: _l("nhập tay hoặc chấm trên bản đồ"),
    PositionSource.VENUE: _l("theo địa điểm"),
    PositionSource.IMPORT: _l("theo tệp nhập"),
}


@blueprint.get("/places")
@needs(Permission.READ)
def index() -> ResponseReturnValue:
    """The places a person sees: what to survey first, or the nearest, or what matches a search."""
    campaign, wanted, who = needed_campaign(), Wanted(request.args), actor()
    found = listing.listing(database.db.session(), who, campaign, wanted.here)
    if wanted.area is not None and wanted.area not in {ward.id for ward in found.wards}:
        raise Unseen("area", wanted.area)
    kept = [
        line
        for line in found.places
        if (wanted.area is None or line.area_id == wanted.area)
        and (wanted.state is None or line.state is wanted.state)
    ]
    matching, order = rules.arrange(kept, wanted.q, wanted.here)
    after = next((line for line in found.places if line.id == wanted.after), None)
    wards = [ward for ward in found.wards if wanted.area in (None, ward.id)]
    one = wards[0] if len(wards) == 1 else None
    return render_template(
        "places/index.html",
        wanted=wanted,
        page=rules.page(matching, len(found.places), order, after),
        wards=found.wards,
        ward=one,
        declaration=last_declaration(database.db.session(), campaign, one.id) if one else None,
        done=sum(line.state in (VisitState.SURVEYED, VisitState.RETURNED) for line in found.places),
        states=list(VisitState),
        entry_id=new_id(),
        **_back(found, who.role in WARD_ROLES),
    )


def _back(found: Listing, shown: bool) -> dict[str, Any]:
    """What was returned, the person's own first; for those who mend it."""
    lines = sorted(found.returned, key=lambda line: (not line.own, line.at, line.id)) if shown else []
    return {
        "returned": lines[:MOST_RETURNED],
        "more_returned": len(lines) - MOST_RETURNED,
        "reason_of": lambda line: office_says(line.reason_code, line.reason_text),
    }


@blueprint.get("/places/<int:place_id>")
@needs(Permission.READ)
def page(place_id: int) -> ResponseReturnValue:
    """One place: its facts, what stands in each zone, its visits."""
    found = queries.place_page(database.db.session(), actor(), needed_campaign(), place_id)
    return render_template(
        "places/page.html",
        place=found.facts,
        zones=[(label(zone.zone), zone) for zone in found.zones],
        visits=found.visits,
        checks=found.checks,
        hours=_hours(found.facts.opens_at, found.facts.closes_at),
        venue_kind=label(found.facts.target.venue_kind),
        position_source=SOURCES.get(found.facts.position_source),
        condition_word=label,
        review_word=lambda state: label(state) or _("chưa khảo sát trong cuộc bầu cử này"),
        reason_of=lambda thing: office_says(thing.reason_code, thing.reason_text),
    )


def _hours(opens: time | None, closes: time | None) -> str:
    """ "07:00 – 19:00"; an end that is not known is three dots."""
    if opens is None and closes is None:
        return str(_("chưa ghi"))
    return " – ".join(f"{end.hour:02}:{end.minute:02}" if end else "…" for end in (opens, closes))


@blueprint.route("/places/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_PLACES)
def new() -> ResponseReturnValue:
    """Add a polling place: first its ward, then the rest."""
    campaign, who, session = needed_campaign(), actor(), database.db.session()
    area_id = Wanted(request.args).area
    if area_id is None:
        return render_template("places/choose_ward.html", wards=queries.wards(session, who, campaign))
    queries.check_area(session, who, campaign, area_id)
    form, ward = PlaceForm(), dict(queries.wards(session, who, campaign)).get(area_id, "")
    form.offer(queries.venues(session, who, area_id))
    address = url_for("places.new", area=area_id)
    if request.method == "GET":
        open_form(form)
        return _form_page(form, address, ward)
    entry = entry_of(form, "place.new", area_id)
    stored = repeated(form, entry)
    if stored is not None:
        return redirect(url_for("places.page", place_id=int(stored.subject_id)), 303)
    valid, draft = form.validate(), form.draft(area_id)
    if form.errors or not valid:
        return _form_page(form, address, ward), 422
    outcome = actions.create(who, campaign, draft, entry)
    if isinstance(outcome, Done):
        flash(_("Đã thêm nơi bỏ phiếu."), "success")
        return redirect(url_for("places.page", place_id=int(outcome.subject)), 303)
    if isinstance(outcome, Refused):
        put(form, outcome)
    return _form_page(form, address, ward), 422


@blueprint.route("/places/<int:place_id>/edit", methods=["GET", "POST"])
@needs(Permission.MANAGE_PLACES)
def edit(place_id: int) -> ResponseReturnValue:
    """Change a polling place; a save of somebody else in between is shown beside what was typed."""
    campaign, who, session = needed_campaign(), actor(), database.db.session()
    facts = queries.facts(session, who, campaign, place_id)
    form = PlaceForm()
    form.offer(queries.venues(session, who, facts.target.area_id))
    if request.method == "GET":
        open_form(form, facts.version)
        form.show(facts)
        return _edit_page(form, facts)
    entry = entry_of(form, "place.edit", place_id)
    if repeated(form, entry) is not None:
        return redirect(url_for("places.page", place_id=place_id), 303)
    valid, draft = form.validate(), form.draft(facts.target.area_id)
    if form.errors or not valid:
        return _edit_page(form, facts), 422
    outcome = actions.amend(who, campaign, place_id, draft, version_of(form), entry)
    if isinstance(outcome, Done):
        flash(_("Đã lưu nơi bỏ phiếu."), "success")
        return redirect(url_for("places.page", place_id=place_id), 303)
    if isinstance(outcome, Stale):
        return _edit_page(_now_stale(form, outcome), facts), 409
    put(form, outcome)
    return _edit_page(form, facts), 422


def _now_stale(form: PlaceForm, outcome: Stale) -> PlaceForm:
    """Show the other person's values at their fields; the next press is meant in full knowledge."""
    form.entry_id.data, form.base_version.data = new_id(), str(outcome.version)
    form.form_errors.append(_("Người khác vừa lưu nơi này. Phần nhập ở đây vẫn còn; hãy xem chỗ khác nhau."))
    for name, theirs, _mine in outcome.changed:
        shown = _("để trống") if theirs in (None, "") else str(theirs)
        form[name].errors = [*form[name].errors, _("Người khác vừa lưu: %(value)s.", value=shown)]
    return form


def _form_page(form: PlaceForm, address: str, ward: str) -> str:
    return render_template("places/form.html", form=form, address=address, place=None, ward=ward)


def _edit_page(form: PlaceForm, facts: PlaceFacts) -> str:
    address = url_for("places.edit", place_id=facts.id)
    return render_template(
        "places/form.html", form=form, address=address, place=facts, ward=facts.target.area_name
    )


import_views.mount(blueprint)
