"""Pages of a draft as a whole: its name and note, its day, throwing it away. Mounted by views.py."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.catalogues import requirement_rules, showing, standard_actions
from inventory.catalogues import standard_queries as queries
from inventory.catalogues.forms import ForceForm, RequirementForm, StandardForm
from inventory.catalogues.standard_pages import campaign, refused, shown, to_standard
from inventory.catalogues.standard_queries import StandardSeen
from inventory.catalogues.typed_fields import Press
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.outcomes import Done, Refused, Stale

_SET = needs(Permission.SET_STANDARDS)


def mount(blueprint: Blueprint) -> None:
    """Add the addresses of drafts to the feature's blueprint."""
    both, draft = ["GET", "POST"], "/standards/<int:standard_id>"
    blueprint.add_url_rule(f"{draft}/words", "standard_words", words, methods=both)
    blueprint.add_url_rule(f"{draft}/in-force", "force_standard", force, methods=both)
    blueprint.add_url_rule(f"{draft}/discard", "discard_standard", discard, methods=["POST"])


@_SET
def words(standard_id: int) -> ResponseReturnValue:
    """Change name and note of a draft."""
    seen, form = queries.one(campaign(), standard_id), StandardForm()
    if not form.is_submitted():
        open_form(form, seen.version)
        form.name.data, form.note.data = seen.name, seen.note
        return _words_page(form, seen)
    entry = entry_of(form, "standard.changed", standard_id)
    if repeated(form, entry):
        return to_standard(standard_id)
    if form.form_errors or not form.validate():
        return _words_page(form, seen), 422
    typed = {"name": form.name.data or "", "note": form.note.data or ""}
    outcome = standard_actions.save_words(actor(), campaign(), standard_id, typed, version_of(form), entry)
    if isinstance(outcome, Done):
        flash(_("Đã lưu."), "success")
        return to_standard(standard_id)
    if isinstance(outcome, Refused):
        put(form, outcome)
        return _words_page(form, seen), 422
    form.base_version.data = str(outcome.version)
    return _words_page(form, seen, outcome), 409


def _words_page(form: StandardForm, seen: StandardSeen, stale: Stale | None = None) -> str:
    differences = showing.stale_words(form, stale, {}) if stale else None
    return render_template("catalogues/words.html", form=form, seen=seen, stale=differences)


@_SET
def force(standard_id: int) -> ResponseReturnValue:
    """Give a draft the day from which it is in force, after reading what it changes."""
    seen, form = queries.one(campaign(), standard_id), ForceForm()
    if not seen.draft and not form.is_submitted():
        return shown(standard_id, (_("Phiên bản này đã có ngày áp dụng."),)), 409
    if not form.is_submitted():
        open_form(form, seen.version)
        form.day.data = campaign().today
        return _force_page(form, seen)
    entry = entry_of(form, "standard.in_force", standard_id)
    if repeated(form, entry):
        return to_standard(standard_id)
    day = form.day.data
    if form.form_errors or not form.validate() or day is None:
        return _force_page(form, seen), 422
    outcome = standard_actions.put_in_force(actor(), campaign(), standard_id, day, version_of(form), entry)
    if isinstance(outcome, Done):
        flash(_("Đã đưa vào áp dụng. Số liệu còn thiếu cần tính lại."), "success")
        return to_standard(standard_id)
    if isinstance(outcome, Refused):
        put(form, outcome)
        return _force_page(form, seen), 422
    form.base_version.data = str(outcome.version)
    return _force_page(form, seen, []), 409


def _force_page(form: ForceForm, seen: StandardSeen, stale: list[object] | None = None) -> str:
    """The form under the differences from the version in force; `stale` when the draft moved meanwhile."""
    versions = queries.standards(campaign())
    current = next((one for one in versions if one.current), None)
    kinds, labels = queries.kinds(), RequirementForm(formdata=None)
    rows = queries.requirements(seen.id, kinds)
    before = queries.requirements(current.id, kinds) if current else ()
    difference = requirement_rules.difference((row.words for row in before), (row.words for row in rows))
    return render_template(
        "catalogues/force.html",
        form=form,
        seen=seen,
        current=current,
        stale=stale,
        rows=rows,
        difference=difference,
        changed=[(one.words, showing.change_words(one, labels, kinds)) for one in difference.changed],
        coming=[one for one in versions if one.in_force_from and one.in_force_from > campaign().today],
        names=kinds,
        showing=showing,
    )


@_SET
def discard(standard_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    form = Press()
    entry = entry_of(form, "standard.discarded", standard_id)
    if repeated(form, entry):
        return _to_standards()
    queries.one(campaign(), standard_id)
    if form.form_errors:
        return shown(standard_id, tuple(form.form_errors)), 422
    outcome = standard_actions.discard(actor(), campaign(), standard_id, version_of(form), entry)
    if not isinstance(outcome, Done):
        return refused(outcome, standard_id)
    flash(_("Đã bỏ bản nháp."), "success")
    return _to_standards()


def _to_standards() -> ResponseReturnValue:
    return redirect(url_for("catalogues.standards"), 303)
