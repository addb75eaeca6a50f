"""Pages of one row of a draft: add, change, remove, move. Mounted by views.py."""

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.catalogues import requirement_actions as actions
from inventory.catalogues import showing
from inventory.catalogues import standard_queries as queries
from inventory.catalogues.forms import RequirementForm
from inventory.catalogues.requirement_rules import Counted, RequirementWords
from inventory.catalogues.standard_pages import campaign, refused, shown, to_standard
from inventory.catalogues.standard_queries import RequirementSeen, StandardSeen
from inventory.catalogues.typed_fields import MovePress, Press
from inventory.directory import KindName
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.pages import in_language
from inventory.vocabulary import Family, Zone

_SET = needs(Permission.SET_STANDARDS)


def mount(blueprint: Blueprint) -> None:
    """Add the addresses of rows to the feature's blueprint."""
    both, rows = ["GET", "POST"], "/standards/<int:standard_id>/requirements"
    row = f"{rows}/<int:requirement_id>"
    blueprint.add_url_rule(f"{rows}/new", "new_requirement", new, methods=both)
    blueprint.add_url_rule(row, "requirement", change, methods=both)
    blueprint.add_url_rule(f"{row}/removal", "remove_requirement", remove, methods=["POST"])
    blueprint.add_url_rule(f"{row}/move", "move_requirement", move, methods=["POST"])


@_SET
def new(standard_id: int) -> ResponseReturnValue:
    """Add a row to a draft; `zone` in the address chooses where."""
    seen, form, kinds = queries.one(campaign(), standard_id), RequirementForm(), queries.kinds()
    _offer(form, kinds, None)
    if not form.is_submitted():
        if not seen.draft:
            return _fixed(standard_id), 409
        open_form(form)
        zone = request.args.get("zone", "")
        form.zone.data = zone if zone in set(Zone) else Zone.GATE.value
        form.minimum.data, form.mandatory.data = 1, True
        form.counted.data = Counted.HERE.value
        return _page(form, seen, kinds)
    entry = entry_of(form, "standard.row_added", standard_id)
    if repeated(form, entry):
        return to_standard(standard_id)
    if form.form_errors or not form.validate():
        return _page(form, seen, kinds), 422
    outcome = actions.add(actor(), campaign(), standard_id, _words(form, kinds), entry)
    return _after(outcome, form, seen, kinds)


@_SET
def change(standard_id: int, requirement_id: int) -> ResponseReturnValue:
    """Change a row of a draft."""
    seen, form, kinds = queries.one(campaign(), standard_id), RequirementForm(), queries.kinds()
    row = queries.requirement(seen, requirement_id, kinds)
    _offer(form, kinds, row.words)
    if not form.is_submitted():
        if not seen.draft:
            return _fixed(standard_id), 409
        open_form(form, row.version)
        form.show(row.words)
        return _page(form, seen, kinds, row)
    entry = entry_of(form, "standard.row_changed", requirement_id)
    if repeated(form, entry):
        return to_standard(standard_id)
    if form.form_errors or not form.validate():
        return _page(form, seen, kinds, row), 422
    outcome = actions.change(
        actor(), campaign(), standard_id, requirement_id, _words(form, kinds), version_of(form), entry
    )
    return _after(outcome, form, seen, kinds, row)


def _offer(form: RequirementForm, kinds: dict[str, KindName], words: RequirementWords | None) -> None:
    """The kinds in use, and those that the row has already."""
    offered = queries.kinds_in_use() | ({words.kind_code, words.priced_kind_code} if words else set())
    by_family: dict[Family, list[tuple[str, str]]] = {family: [] for family in Family}
    for kind in kinds.values():
        if kind.code in offered:
            by_family[kind.family].append((kind.code, in_language(kind)))
    form.offer({family: found for family, found in by_family.items() if found})


def _words(form: RequirementForm, kinds: dict[str, KindName]) -> RequirementWords:
    return form.words({code: kind.family for code, kind in kinds.items()})


def _page(
    form: RequirementForm,
    seen: StandardSeen,
    kinds: dict[str, KindName],
    row: RequirementSeen | None = None,
    stale: Stale | None = None,
) -> str:
    removal = Press(formdata=None)
    open_form(removal, row.version if row else None)
    differences = showing.stale_words(form, stale, kinds) if stale else None
    return render_template(
        "catalogues/requirement.html", form=form, seen=seen, row=row, removal=removal, stale=differences
    )


def _after(
    outcome: Outcome,
    form: RequirementForm,
    seen: StandardSeen,
    kinds: dict[str, KindName],
    row: RequirementSeen | None = None,
) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        flash(_("Đã lưu."), "success")
        return to_standard(seen.id)
    if isinstance(outcome, Refused):
        put(form, outcome)
        return _page(form, seen, kinds, row), 422
    form.base_version.data = str(outcome.version)
    return _page(form, seen, kinds, row, outcome), 409


def _fixed(standard_id: int) -> str:
    return shown(
        standard_id, (_("Phiên bản này đã có ngày áp dụng nên không sửa được; hãy lập phiên bản mới."),)
    )


@_SET
def remove(standard_id: int, requirement_id: int) -> ResponseReturnValue:
    """Take a row out of a draft."""
    form = Press()
    entry = entry_of(form, "standard.row_removed", requirement_id)
    if repeated(form, entry):
        return to_standard(standard_id)
    queries.one(campaign(), standard_id)
    if form.form_errors:
        return shown(standard_id, tuple(form.form_errors)), 422
    outcome = actions.remove(actor(), campaign(), standard_id, requirement_id, version_of(form), entry)
    if not isinstance(outcome, Done):
        return refused(outcome, standard_id)
    flash(_("Đã bỏ yêu cầu khỏi bản nháp."), "success")
    return to_standard(standard_id)


@_SET
def move(standard_id: int, requirement_id: int) -> ResponseReturnValue:
    """Move a row one step up or down inside its zone."""
    form = MovePress()
    up = form.way.data == "up"
    entry = entry_of(form, "standard.row_moved", requirement_id)
    if repeated(form, entry):
        return to_standard(standard_id)
    queries.one(campaign(), standard_id)
    if form.form_errors:
        return shown(standard_id, tuple(form.form_errors)), 422
    outcome = actions.move(actor(), campaign(), standard_id, requirement_id, up, entry)
    if not isinstance(outcome, Done):
        return refused(outcome, standard_id)
    return to_standard(standard_id, requirement_id)
