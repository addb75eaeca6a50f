"""Pages of standards: the version in force, the others, and what begins a new one. Mounted by views.py."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.campaigns import CampaignSeen
from inventory.catalogues import showing, standard_actions
from inventory.catalogues import standard_queries as queries
from inventory.catalogues.standard_queries import StandardSeen
from inventory.catalogues.typed_fields import Press
from inventory.errors import Unseen
from inventory.form_steps import entry_of, open_form, repeated
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.pages import say

_READ, _SET = needs(Permission.READ), needs(Permission.SET_STANDARDS)


def mount(blueprint: Blueprint) -> None:
    """Add the addresses of versions to the feature's blueprint."""
    blueprint.add_url_rule("/standards", "standards", standards)
    blueprint.add_url_rule("/standards", "new_standard", new_standard, methods=["POST"])
    blueprint.add_url_rule("/standards/sample", "load_standard", load_standard, methods=["POST"])
    blueprint.add_url_rule("/standards/<int:standard_id>", "standard", standard)


def campaign() -> CampaignSeen:
    """The campaign of the request; without one there is no standard and no slogan."""
    found: CampaignSeen | None = g.get("campaign")
    if found is None:
        raise Unseen("campaign", "")
    return found


@_READ
def standards() -> ResponseReturnValue:
    """The version in force today in full, and the list of all versions."""
    return shown(None)


@_READ
def standard(standard_id: int) -> ResponseReturnValue:
    """Any version; a draft with what can be changed in it."""
    return shown(standard_id)


def shown(standard_id: int | None, problems: tuple[str, ...] = ()) -> str:
    """The page of a version, of the one in force for None; `problems` say why a press did nothing."""
    versions = queries.standards(campaign())
    seen = _chosen(versions, standard_id)
    form = Press(formdata=None)
    open_form(form, seen.version if seen else None)
    kinds = queries.kinds()
    rows = queries.requirements(seen.id, kinds) if seen else ()
    return render_template(
        "catalogues/standards.html",
        seen=seen,
        zones=queries.by_zone(rows),
        versions=versions,
        draft=next((one for one in versions if one.draft), None),
        press=form,
        problems=problems,
        may_set=actor().may(Permission.SET_STANDARDS),
        no_kinds=not kinds,
        showing=showing,
    )


def _chosen(versions: tuple[StandardSeen, ...], standard_id: int | None) -> StandardSeen | None:
    if standard_id is None:
        return next((one for one in versions if one.current), None)
    found = next((one for one in versions if one.id == standard_id), None)
    if found is None:
        raise Unseen("standard", standard_id)
    return found


@_SET
def new_standard() -> ResponseReturnValue:
    """A new version: a draft that begins as a copy of the newest."""
    form = Press()
    entry = entry_of(form, "standard.copied")
    stored = repeated(form, entry)
    if stored:
        return to_standard(int(stored.subject_id))
    if form.form_errors:
        return shown(None, tuple(form.form_errors)), 422
    return _begun(standard_actions.new_version(actor(), campaign(), entry))


@_SET
def load_standard() -> ResponseReturnValue:
    """Load the shipped standard as a draft, where the campaign has none."""
    form = Press()
    entry = entry_of(form, "standard.loaded")
    stored = repeated(form, entry)
    if stored:
        return to_standard(int(stored.subject_id))
    if form.form_errors:
        return shown(None, tuple(form.form_errors)), 422
    return _begun(standard_actions.load_sample(actor(), campaign(), entry))


def _begun(outcome: Outcome) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        flash(_("Đã lập bản nháp. Sửa xong thì đưa vào áp dụng."), "success")
        return to_standard(int(outcome.subject))
    return refused(outcome, None)


def refused(outcome: Outcome, standard_id: int | None) -> ResponseReturnValue:
    """The page again, with why the press did nothing."""
    if isinstance(outcome, Stale):
        text = _("Người khác vừa sửa phần này; hãy xem lại rồi quyết định.")
        return shown(standard_id, (text,)), 409
    problems: tuple[Any, ...] = outcome.problems if isinstance(outcome, Refused) else ()
    return shown(standard_id, tuple(say(problem) for problem in problems)), 422


def to_standard(standard_id: int, row_id: int | None = None) -> ResponseReturnValue:
    """Go on to a version, to one of its rows where there is one to look at."""
    anchor = f"row-{row_id}" if row_id else None
    return redirect(url_for("catalogues.standard", standard_id=standard_id, _anchor=anchor), 303)
