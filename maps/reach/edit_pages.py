"""The forms of reach, one parameter each. Mounted by views.py; editing.py takes their steps."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.errors import Unseen
from inventory.form_steps import entry_of, repeated, version_of
from inventory.outcomes import Done, Outcome
from inventory.pages import in_language
from inventory.receipts import Entry
from inventory.requests import needed_campaign
from maps.reach import actions, defaults, queries
from maps.reach.editing import Edit, run, to_page
from maps.reach.forms import ChoiceForm, FigureForm, KindForm, LimitForm, Press, SurroundingsForm, WardForm
from maps.reach.queries import KIND_COLUMNS, Parameters, Row
from maps.reach.words import CHOICES, FIGURES

_SET = needs(Permission.SET_STANDARDS)
_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("channel",)),
    ("hearing", ("sensitivity", "watts", "horns", "aimed", "coverage")),
    ("reading", ("letter", "lines", "face", "sides", "lit", "pitch")),
    ("presence", ("radius",)),
)


def mount(blueprint: Blueprint) -> None:
    """Add the addresses of the forms to the feature's blueprint."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/reach/figures/<figure>", "figure", figure, methods=both)
    blueprint.add_url_rule("/reach/surroundings/new", "new_surroundings", new_surroundings, methods=both)
    blueprint.add_url_rule(
        "/reach/surroundings/<int:surroundings_id>", "surroundings", surroundings, methods=both
    )
    blueprint.add_url_rule("/reach/wards/<int:area_id>", "ward", ward, methods=both)
    blueprint.add_url_rule("/reach/kinds/<kind_code>", "kind", kind, methods=both)
    blueprint.add_url_rule("/reach/limits/new", "new_limit", new_limit, methods=both)
    blueprint.add_url_rule("/reach/limits/<int:limit_id>", "limit", limit, methods=both)
    blueprint.add_url_rule(
        "/reach/limits/<int:limit_id>/removal", "remove_limit", remove_limit, methods=["POST"]
    )


@_SET
def figure(figure: str) -> ResponseReturnValue:
    """Change one single figure."""
    if figure not in FIGURES:
        raise Unseen("reach_figure", figure)
    named, choices = FIGURES[figure], CHOICES.get(figure)
    form: Any = ChoiceForm() if choices else FigureForm()
    form.value.label.text, form.value.description = str(named.name), str(named.hint)
    if choices:
        form.value.choices = [(str(code), word) for code, word in choices.items()]
    row = _held().figures[figure]

    def fill() -> None:
        form.show(row, row.source, row.guess, ())
        form.value.data = row.value if choices else row.value.replace(".", ",")

    return run(
        Edit(
            form,
            str(named.name),
            "reach.figure",
            figure,
            row.version,
            fill,
            lambda words, version, entry: actions.save_figure(
                actor(), needed_campaign(), figure, words, version, entry
            ),
            (("", ("value",)),),
            "figures",
            {"value": named.unit},
        )
    )


@_SET
def surroundings(surroundings_id: int) -> ResponseReturnValue:
    """Change one kind of surroundings."""
    row = _by_id("reach_surroundings", _held().surroundings, surroundings_id)
    return _surroundings(
        row,
        in_language(row.value),
        lambda words, version, entry: actions.save_surroundings(
            actor(), needed_campaign(), surroundings_id, words, version, entry
        ),
    )


@_SET
def new_surroundings() -> ResponseReturnValue:
    """Add a kind of surroundings."""
    return _surroundings(
        None,
        _("Thêm môi trường"),
        lambda words, _version, entry: actions.add_surroundings(actor(), needed_campaign(), words, entry),
    )


def _surroundings(row: Any, title: str, save: Callable[[Any, int, Entry], Outcome]) -> ResponseReturnValue:
    form, names = SurroundingsForm(), ("name_vi", "name_en", "ambient", "loss")
    return run(
        Edit(
            form,
            title,
            "reach.surroundings",
            row.id if row else "",
            row.version if row else 0,
            _filler(form, row, names),
            save,
            (("", names),),
            "surroundings",
        )
    )


@_SET
def ward(area_id: int) -> ResponseReturnValue:
    """Say which surroundings a ward has."""
    held, form = _held(), WardForm()
    found = queries.ward(actor(), needed_campaign(), area_id)
    form.surroundings.choices = [(row.value.code, in_language(row.value)) for row in held.surroundings]
    row = held.areas.get(area_id)

    def fill() -> None:
        usual = defaults.area_surroundings().get(found.kind)
        form.surroundings.data = row.value if row else defaults.around_of(found.kind)
        form.source.data = row.source if row else usual.source if usual else ""
        form.guess.data = row.guess if row else True

    return run(
        Edit(
            form,
            found.name,
            "reach.ward",
            area_id,
            row.version if row else 0,
            fill,
            lambda words, version, entry: actions.save_ward(
                actor(), needed_campaign(), area_id, words, version, entry
            ),
            (("", ("surroundings",)),),
            "wards",
        )
    )


@_SET
def kind(kind_code: str) -> ResponseReturnValue:
    """Change the parameters of a kind, or give it some."""
    found = next((one for one in queries.kinds() if one.code == kind_code), None)
    if found is None:
        raise Unseen("kind", kind_code)
    form, row = KindForm(), _held().kinds.get(kind_code)
    return run(
        Edit(
            form,
            in_language(found),
            "reach.kind",
            kind_code,
            row.version if row else 0,
            _filler(form, row, KIND_COLUMNS),
            lambda words, version, entry: actions.save_kind(
                actor(), needed_campaign(), kind_code, words, version, entry
            ),
            _PARTS,
            "kinds",
        )
    )


@_SET
def limit(limit_id: int) -> ResponseReturnValue:
    """Change one limit of a regulation."""
    row = _by_id("noise_limit", _held().limits, limit_id)
    return _limit(
        row,
        row.value.regulation,
        lambda words, version, entry: actions.save_limit(
            actor(), needed_campaign(), limit_id, words, version, entry
        ),
    )


@_SET
def new_limit() -> ResponseReturnValue:
    """Add a limit."""
    return _limit(
        None,
        _("Thêm giới hạn tiếng ồn"),
        lambda words, _version, entry: actions.add_limit(actor(), needed_campaign(), words, entry),
    )


def _limit(row: Any, title: str, save: Callable[[Any, int, Entry], Outcome]) -> ResponseReturnValue:
    form = LimitForm()
    names = ("regulation", "in_force_from", "site", "hour_from", "hour_until", "limit_db")
    fill = _filler(form, row, names[:-1])

    def whole() -> None:
        fill()
        form.limit_db.data = row.value.limit if row else None

    return run(
        Edit(
            form,
            title,
            "reach.limit",
            row.id if row else "",
            row.version if row else 0,
            whole,
            save,
            (("", names),),
            "limits",
            removable=row.id if row else 0,
        )
    )


@_SET
def remove_limit(limit_id: int) -> ResponseReturnValue:
    """Take a limit away."""
    form = Press()
    entry = entry_of(form, "reach.limit_removed", limit_id)
    if repeated(form, entry):
        return to_page("limits")
    outcome = actions.remove_limit(actor(), needed_campaign(), limit_id, version_of(form), entry)
    if isinstance(outcome, Done):
        flash(_("Đã bỏ giới hạn."), "success")
    else:
        flash(_("Người khác vừa sửa dòng này; hãy xem lại rồi quyết định."), "warning")
    return to_page("limits")


def _held() -> Parameters:
    return queries.parameters(queries.session(), needed_campaign().id)


def _by_id(table: str, rows: Sequence[Row[Any]], number: int) -> Row[Any]:
    row = next((one for one in rows if one.id == number and one.version), None)
    if row is None:
        raise Unseen(table, number)
    return row


def _filler(form: Any, row: Any, names: Sequence[str]) -> Callable[[], None]:
    def fill() -> None:
        if row is not None:
            form.show(row.value, row.source, row.guess, names)
        else:
            form.guess.data = True

    return fill
