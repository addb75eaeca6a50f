"""How a form of reach is opened, sent, saved or sent back; edit_pages.py says which forms there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.pages import language
from inventory.receipts import Entry
from inventory.requests import needed_campaign
from inventory.wording import UNKNOWN, day, number
from maps.reach import queries
from maps.reach.forms import Press

_SUFFIXES = {
    **{"ambient": "dB", "loss": "dB", "limit_db": "dBA", "sensitivity": "dB", "watts": "W", "coverage": "°"},
    **{"letter": "m", "face": "m", "pitch": "mm", "radius": "m"},
}


@dataclass(frozen=True)
class Edit:
    """One form: what it is about, the version it starts from, and how it is filled in and saved."""

    form: Any
    title: str
    act: str
    subject: object
    version: int
    fill: Callable[[], None]
    save: Callable[[Any, int, Entry], Outcome]
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    anchor: str
    suffixes: Mapping[str, str] = field(default_factory=lambda: _SUFFIXES)
    removable: int = 0


def run(edit: Edit) -> ResponseReturnValue:
    """The steps of every form here: open, send, save, or say why not."""
    form = edit.form
    if request.method == "GET":
        if not queries.is_stored(queries.session(), needed_campaign().id):
            flash(_("Hãy nạp giá trị mặc định trước khi sửa."), "warning")
            return to_page("")
        open_form(form, edit.version)
        edit.fill()
        return _page(edit)
    entry = entry_of(form, edit.act, edit.subject)
    if repeated(form, entry):
        return to_page(edit.anchor)
    if form.form_errors or not form.validate():
        return _page(edit), 422
    outcome = edit.save(form.words(), version_of(form), entry)
    if isinstance(outcome, Done):
        flash(_("Đã lưu. Kết quả tính trước đây là theo tham số cũ."), "success")
        return to_page(edit.anchor)
    if isinstance(outcome, Refused):
        put(form, outcome)
        return _page(edit), 422
    form.base_version.data = str(outcome.version)
    return _page(edit, outcome), 409


def _page(edit: Edit, stale: Stale | None = None) -> str:
    removal = Press(formdata=None)
    open_form(removal, edit.version)
    return render_template(
        "reach/edit.html",
        edit=edit,
        form=edit.form,
        removal=removal,
        stale=None if stale is None else _differences(edit.form, stale),
    )


def _differences(form: Any, stale: Stale) -> list[tuple[str, str, str]]:
    return [
        (form[name].label.text, _word(form[name], theirs), _word(form[name], mine))
        for name, theirs, mine in stale.changed
        if name in form
    ]


def _word(box: Any, value: Any) -> str:
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    if isinstance(value, int | float):
        return number(value, 3, language())
    if not isinstance(value, str):
        return day(value)
    names = {str(choice[0]): str(choice[1]) for choice in getattr(box, "choices", None) or ()}
    return names.get(str(value), str(value))


def to_page(anchor: str) -> Response:
    return redirect(url_for("reach.page", _anchor=anchor or None), 303)
