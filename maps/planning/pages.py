"""Pages on which one row of the inputs is added, changed or taken out: alike for all five lists."""

from dataclasses import replace
from functools import partial, update_wrapper
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.pages import in_language, say
from inventory.requests import needed_campaign
from maps.planning import actions, queries, words
from maps.planning.forms import InputForm, Press
from maps.planning.inputs import Supply
from maps.planning.queries import Held
from maps.planning.rules import Ground
from maps.planning.samples import supply
from maps.planning.sorts import SORTS, SUPPLY, Sort
from maps.planning.weights import Weight


def mount(blueprint: Blueprint) -> None:
    """Add three addresses for each list: a new row, a row, and its removal."""
    for sort in SORTS:
        row_address = f"{sort.address}/<int:{sort.name}_id>"
        for address, endpoint, view, methods in (
            (f"{sort.address}/new", f"new_{sort.name}", new, ["GET", "POST"]),
            (row_address, sort.name, row, ["GET", "POST"]),
            (f"{row_address}/removal", f"remove_{sort.name}", remove, ["POST"]),
        ):
            marked: Any = needs(Permission.PLAN)(update_wrapper(partial(view, sort), view))
            blueprint.add_url_rule(address, endpoint, marked, methods=methods)
    blueprint.add_url_rule("/planning/supplies/sample", "load_supply", load_supply, methods=["POST"])


def new(sort: Sort) -> ResponseReturnValue:
    """Add a row; `kind` in the address chooses one that has no supply yet."""
    form, ground = _form(sort)
    if request.method == "GET":
        open_form(form, 0)
        if "kind" in form and "kind" in request.args:
            form["kind"].data = request.args["kind"]
        return _page(sort, form, ground)
    entry = entry_of(form, "planning.added", sort.name)
    if repeated(form, entry):
        return to_list(sort)
    typed = form.read()
    if typed is None:
        return _page(sort, form, ground), 422
    return _after(actions.add(actor(), needed_campaign(), typed, entry), sort, form, ground)


def row(sort: Sort, **named: int) -> ResponseReturnValue:
    """Change a row."""
    (row_id,) = named.values()
    form, ground = _form(sort)
    entry = None if request.method == "GET" else entry_of(form, "planning.changed", f"{sort.name} {row_id}")
    if entry and repeated(form, entry):
        return to_list(sort)
    held = queries.one(needed_campaign(), sort.of, row_id, ground)
    if entry is None:
        open_form(form, held.version)
        form.show(held.row)
        return _page(sort, form, ground, held)
    typed = form.read()
    if typed is None:
        return _page(sort, form, ground, held), 422
    mine = replace(typed, id=row_id)
    outcome = actions.save(actor(), needed_campaign(), mine, version_of(form), entry)
    return _after(outcome, sort, form, ground, held)


def remove(sort: Sort, **named: int) -> ResponseReturnValue:
    """Take a row out of its list."""
    (row_id,) = named.values()
    form = Press()
    entry = entry_of(form, "planning.removed", f"{sort.name} {row_id}")
    if repeated(form, entry):
        return to_list(sort)
    outcome = actions.remove(actor(), needed_campaign(), sort.of, row_id, version_of(form), entry)
    if isinstance(outcome, Done):
        flash(_("Đã bỏ khỏi danh sách."), "success")
        return to_list(sort)
    for problem in outcome.problems if isinstance(outcome, Refused) else ():
        flash(say(problem), "warning")
    if isinstance(outcome, Stale):
        flash(_("Người khác vừa sửa dòng này; hãy xem lại rồi quyết định."), "warning")
    return redirect(f"{sort.address}/{row_id}", 303)


@needs(Permission.PLAN)
def load_supply() -> ResponseReturnValue:
    """Begin the list of lead times and lives with the shipped assumptions, each marked as one."""
    form = Press()
    entry = entry_of(form, "planning.added", "sample")
    if repeated(form, entry):
        return to_list(SUPPLY)
    known = {kind.code for kind in queries.kinds()}
    rows = [one for one in supply() if one.kind in known]
    outcome = actions.add_all(actor(), needed_campaign(), rows, entry)
    if isinstance(outcome, Done):
        flash(_("Đã nạp các số giả định; hãy thay dần bằng số của đơn vị cung ứng."), "success")
    for problem in outcome.problems if isinstance(outcome, Refused) else ():
        flash(say(problem), "warning")
    return to_list(SUPPLY)


def to_list(sort: Sort) -> Response:
    """Go on to the list, after something of it was written."""
    return redirect(url_for("planning.page", _anchor=sort.name), 303)


def _form(sort: Sort) -> tuple[InputForm, Ground]:
    form, ground = sort.form(), queries.ground(actor(), needed_campaign())
    form.offer(ground, queries.kinds())
    return form, ground


def _page(
    sort: Sort, form: InputForm, ground: Ground, held: Held[Any] | None = None, stale: Stale | None = None
) -> str:
    removal = Press(formdata=None)
    open_form(removal, held.version if held else 0)
    return render_template(
        "planning/form.html",
        sort=sort,
        form=form,
        held=held,
        removal=removal,
        address=_address(sort, "", held) if held else url_for(f"planning.new_{sort.name}"),
        removal_address=_address(sort, "remove_", held) if held else "",
        fixed=_fixed(held, ground),
        stale=_stale_words(form, stale, ground),
    )


def _address(sort: Sort, act: str, held: Held[Any]) -> str:
    values: dict[str, Any] = {f"{sort.name}_id": held.row.id}
    return url_for(f"planning.{act}{sort.name}", **values)


def _fixed(held: Held[Any] | None, ground: Ground) -> str:
    """What of a row that is there cannot be chosen again, in words."""
    if held is None:
        return ""
    if isinstance(held.row, Weight):
        return words.subject(held.row, ground)
    kinds = {kind.code: kind for kind in queries.kinds()} if isinstance(held.row, Supply) else {}
    return in_language(kinds[held.row.kind]) if kinds else ""


def _stale_words(form: Any, stale: Stale | None, ground: Ground) -> list[tuple[str, str, str]] | None:
    """What differs, in words: field, their value, yours; None where nothing is stale."""
    if stale is None:
        return None
    kinds = {kind.code: kind for kind in queries.kinds()}
    return [
        (
            form["corners" if name == "boundary" else name].label.text,
            words.value(name, theirs, ground, kinds),
            words.value(name, mine, ground, kinds),
        )
        for name, theirs, mine in stale.changed
    ]


def _after(
    outcome: Outcome, sort: Sort, form: InputForm, ground: Ground, held: Held[Any] | None = None
) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        flash(_("Đã lưu."), "success")
        return to_list(sort)
    if isinstance(outcome, Refused):
        put(form, outcome)
        return _page(sort, form, ground, held), 422
    form.base_version.data = str(outcome.version)
    return _page(sort, form, ground, held, outcome), 409
