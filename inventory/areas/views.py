"""The admin's pages of the area tree; those of campaigns are in campaign_pages.py."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.areas import actions, campaign_pages, queries
from inventory.areas.forms import AreaForm, BoundaryForm, MoveForm, PredecessorForm, RemoveForm
from inventory.areas.queries import AreaSeen
from inventory.areas.reading import area_draft, day_of_text, id_of_text, uploaded_boundary
from inventory.areas.stale_words import stale_words
from inventory.clock import day_of, now
from inventory.errors import BadInput
from inventory.fields import Form
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.labels import AREA_KINDS
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.wording import clean

blueprint = Blueprint("areas", __name__)
campaign_pages.mount(blueprint)


@blueprint.get("/areas")
@needs(Permission.MANAGE_AREAS)
def index() -> ResponseReturnValue:
    """List areas on a day: the children of one, the roots, or those that match a search."""
    day = day_of_text(request.args.get("day")) or _today()
    parent = id_of_text(request.args.get("parent"))
    text = clean(request.args.get("q", ""))[:100]
    page = queries.areas(day, parent, text, id_of_text(request.args.get("after")) or 0)
    way = queries.ancestors(parent, day) if parent and not text else []
    more: dict[str, Any] = {**request.args.to_dict(), "after": page.next}
    return render_template(
        "areas/index.html",
        page=page,
        day=day,
        parent=parent,
        q=text,
        way=way,
        next_url=url_for("areas.index", **more) if page.next else "",
        kinds=AREA_KINDS,
    )


def _today() -> date:
    return g.campaign.tree_date if g.get("campaign") else day_of(now())


@blueprint.route("/areas/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_AREAS)
def new() -> ResponseReturnValue:
    """Add an area."""
    form = AreaForm()
    form.parent.choices = _parents()
    if request.method == "GET":
        open_form(form)
        form.parent.data = request.args.get("parent", "")
        form.valid_from.data = _today()
        return render_template("areas/new.html", form=form)
    entry = entry_of(form, "area.created")
    stored = repeated(form, entry)
    if stored:
        return redirect(url_for("areas.area", area_id=int(stored.subject_id)), 303)
    if form.form_errors or not form.validate():
        return render_template("areas/new.html", form=form), 422
    parent = id_of_text(form.parent.data)
    outcome = actions.create_area(actor(), area_draft(form), parent, entry=entry)
    if isinstance(outcome, Done):
        flash(_("Đã thêm địa bàn."), "success")
        return redirect(url_for("areas.area", area_id=int(outcome.subject)), 303)
    if isinstance(outcome, Refused):
        put(form, outcome)
    return render_template("areas/new.html", form=form), 422


def _parents(beside: int | None = None) -> list[tuple[str, str]]:
    return [("", _("không thuộc địa bàn nào")), *((str(i), name) for i, name in queries.above_wards(beside))]


@blueprint.get("/areas/<int:area_id>")
@needs(Permission.MANAGE_AREAS)
def area(area_id: int) -> ResponseReturnValue:
    """One area: its words, its place in the tree, what it was formed from, its boundary."""
    return _page(queries.area(area_id))


def _page(seen: AreaSeen, sent: Form | None = None) -> str:
    """The page; the form that was sent is shown as it was typed, the others fresh."""
    forms: dict[type[Form], Form] = {}
    for kind in (MoveForm, PredecessorForm, BoundaryForm, RemoveForm):
        form = sent if isinstance(sent, kind) else kind(formdata=None)
        if form is not sent:
            open_form(form)
        forms[kind] = form
    forms[MoveForm].parent.choices = _parents(seen.line.id)
    forms[PredecessorForm].predecessor.choices = _earlier(seen)
    return render_template(
        "areas/area.html",
        seen=seen,
        kinds=AREA_KINDS,
        form=sent,
        move=forms[MoveForm],
        predecessor=forms[PredecessorForm],
        boundary=forms[BoundaryForm],
        remove=forms[RemoveForm],
    )


def _earlier(seen: AreaSeen) -> list[tuple[str, str]]:
    return [(str(i), name) for i, name in queries.earlier(seen.line.id, seen.line.valid_from)]


@blueprint.route("/areas/<int:area_id>/edit", methods=["GET", "POST"])
@needs(Permission.MANAGE_AREAS)
def edit(area_id: int) -> ResponseReturnValue:
    """Change an area's own words."""
    seen = queries.area(area_id)
    form = AreaForm()
    form.parent.choices = [("", "")]
    if request.method == "GET":
        form = AreaForm(formdata=None, obj=seen, data=_values(seen))
        form.parent.choices = [("", "")]
        open_form(form, seen.version)
        return render_template("areas/edit.html", form=form, seen=seen, stale=[])
    entry = entry_of(form, "area.changed", area_id)
    if repeated(form, entry):
        return redirect(url_for("areas.area", area_id=area_id), 303)
    if form.form_errors or not form.validate():
        return render_template("areas/edit.html", form=form, seen=seen, stale=[]), 422
    outcome = actions.change_area(actor(), area_id, area_draft(form), entry, version_of(form))
    if isinstance(outcome, Stale):
        form.base_version.data = str(outcome.version)
        return render_template("areas/edit.html", form=form, seen=seen, stale=stale_words(form, outcome)), 409
    if isinstance(outcome, Refused):
        put(form, outcome)
        return render_template("areas/edit.html", form=form, seen=seen, stale=[]), 422
    flash(_("Đã lưu."), "success")
    return redirect(url_for("areas.area", area_id=area_id), 303)


def _values(seen: AreaSeen) -> dict[str, object]:
    line = seen.line
    return {
        "code": line.code,
        "kind": line.kind.value,
        "name": line.name,
        "valid_from": line.valid_from,
        "valid_to": line.valid_to,
    }


@blueprint.post("/areas/<int:area_id>/parent")
@needs(Permission.MANAGE_AREAS)
def move(area_id: int) -> ResponseReturnValue:
    """Let the area belong to another parent from a day on."""
    seen, form = queries.area(area_id), MoveForm()
    form.parent.choices = _parents(area_id)
    entry = entry_of(form, "area.moved", area_id)
    if repeated(form, entry):
        return _back(area_id)
    if form.form_errors or not form.validate():
        return _page(seen, form), 422
    day = form.moved_on.data or seen.line.valid_from
    outcome = actions.move_area(actor(), area_id, id_of_text(form.parent.data), day, entry)
    return _answer(outcome, seen, form)


@blueprint.post("/areas/<int:area_id>/predecessors")
@needs(Permission.MANAGE_AREAS)
def predecessor(area_id: int) -> ResponseReturnValue:
    """Say what the area was formed from."""
    seen, form = queries.area(area_id), PredecessorForm()
    form.predecessor.choices = _earlier(seen)
    entry = entry_of(form, "area.predecessor", area_id)
    if repeated(form, entry):
        return _back(area_id)
    if form.form_errors or not form.validate():
        return _page(seen, form), 422
    before = id_of_text(form.predecessor.data) or 0
    outcome = actions.add_predecessor(actor(), area_id, before, form.whole.data, form.source.data, entry)
    return _answer(outcome, seen, form)


@blueprint.post("/areas/<int:area_id>/predecessors/<int:before_id>/remove")
@needs(Permission.MANAGE_AREAS)
def remove_predecessor(area_id: int, before_id: int) -> ResponseReturnValue:
    """Take a predecessor back."""
    seen, form = queries.area(area_id), RemoveForm()
    entry = entry_of(form, "area.predecessor.removed", f"{area_id} {before_id}")
    if repeated(form, entry):
        return _back(area_id)
    if form.form_errors:
        return _page(seen, form), 422
    return _answer(actions.remove_predecessor(actor(), area_id, before_id, entry), seen, form)


@blueprint.post("/areas/<int:area_id>/boundary")
@needs(Permission.MANAGE_AREAS)
def boundary(area_id: int) -> ResponseReturnValue:
    """Take a boundary from a GeoJSON file."""
    seen, form = queries.area(area_id), BoundaryForm()
    try:
        found, sha256 = uploaded_boundary(request.files.get("boundary"))
    except BadInput as error:
        form.validate()
        form.boundary.errors = [gettext(error.message)]
        return _page(seen, form), 422
    entry = entry_of(form, "area.boundary", f"{area_id} {sha256}")
    if repeated(form, entry):
        return _back(area_id)
    if form.form_errors or not form.validate():
        return _page(seen, form), 422
    outcome = actions.set_boundary(actor(), area_id, found, form.source.data, form.licence.data, entry)
    return _answer(outcome, seen, form)


def _answer(outcome: Outcome, seen: AreaSeen, form: Form) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        flash(_("Đã lưu."), "success")
        return _back(seen.line.id)
    if isinstance(outcome, Refused):
        put(form, outcome)
    return _page(seen, form), 422


def _back(area_id: int) -> ResponseReturnValue:
    return redirect(url_for("areas.area", area_id=area_id), 303)
