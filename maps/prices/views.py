"""Price books: the version in force, the others, and the draft in which prices are changed."""

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
from inventory.wording import UNKNOWN, day, number
from maps.investment.words import ACTIONS
from maps.prices import actions, queries
from maps.prices.forms import BookForm, ForceForm, NewRowForm, Press, RowForm
from maps.prices.queries import BookSeen

blueprint = Blueprint("prices", __name__)


@blueprint.get("/prices")
@needs(Permission.READ_PRICES)
def page() -> ResponseReturnValue:
    """The version in force today and the list of all versions."""
    books = queries.books(needed_campaign())
    current = next((book for book in books if book.current), None)
    return _show(current, books)


@blueprint.get("/prices/<int:book_id>")
@needs(Permission.READ_PRICES)
def book(book_id: int) -> ResponseReturnValue:
    """Any version; a draft with what can be changed in it."""
    seen = queries.one(needed_campaign(), book_id)
    return _show(seen, queries.books(needed_campaign()))


@blueprint.post("/prices")
@needs(Permission.SET_STANDARDS)
def copy() -> ResponseReturnValue:
    """A new version: a draft that begins as a copy of the newest."""
    form = Press()
    entry = entry_of(form, "prices.copied")
    stored = repeated(form, entry)
    if stored:
        return _to_book(int(stored.subject_id))
    outcome = actions.new_version(actor(), needed_campaign(), entry)
    if isinstance(outcome, Done):
        flash(_("Đã lập bản nháp. Sửa xong thì đưa vào áp dụng."), "success")
        return _to_book(int(outcome.subject))
    return _told(outcome, url_for("prices.page"))


@blueprint.route("/prices/<int:book_id>/words", methods=["GET", "POST"])
@needs(Permission.SET_STANDARDS)
def words(book_id: int) -> ResponseReturnValue:
    """Change name, source and percentages of a draft."""
    seen, form = _draft(book_id), BookForm()
    if request.method == "GET":
        if not seen.draft:
            return _fixed(book_id)
        open_form(form, seen.version)
        form.show(seen)
        return _form("prices/words.html", form, seen)
    entry = entry_of(form, "prices.changed", book_id)
    if repeated(form, entry):
        return _to_book(book_id)
    if form.form_errors or not form.validate():
        return _form("prices/words.html", form, seen), 422
    outcome = actions.save_words(actor(), needed_campaign(), book_id, form.words(), version_of(form), entry)
    return _after(outcome, form, seen, "prices/words.html")


@blueprint.route("/prices/<int:book_id>/rows/new", methods=["GET", "POST"])
@needs(Permission.SET_STANDARDS)
def new_row(book_id: int) -> ResponseReturnValue:
    """Add a price to a draft; `kind` in the address chooses one that has none."""
    seen, form = _draft(book_id), NewRowForm()
    kinds = queries.kinds()
    form.kind.choices = [(kind.code, in_language(kind)) for kind in kinds]
    if request.method == "GET":
        if not seen.draft:
            return _fixed(book_id)
        open_form(form, 0)
        kind = next((kind for kind in kinds if kind.code == request.args.get("kind")), None)
        if kind is not None:
            form.kind.data, form.unit_vi.data, form.unit_en.data = kind.code, kind.unit_vi, kind.unit_en
        return _form("prices/row.html", form, seen)
    entry = entry_of(form, "prices.row_added", book_id)
    if repeated(form, entry):
        return _to_book(book_id)
    if form.form_errors or not form.validate():
        return _form("prices/row.html", form, seen), 422
    return _after(
        actions.add_row(actor(), needed_campaign(), book_id, form.chosen(), entry),
        form,
        seen,
        "prices/row.html",
    )


@blueprint.route("/prices/<int:book_id>/rows/<int:row_id>", methods=["GET", "POST"])
@needs(Permission.SET_STANDARDS)
def row(book_id: int, row_id: int) -> ResponseReturnValue:
    """Change a price of a draft."""
    seen, form, removal = _draft(book_id), RowForm(), Press(formdata=None)
    open_form(removal)
    entry = None if request.method == "GET" else entry_of(form, "prices.row_changed", row_id)
    if entry and repeated(form, entry):
        return _to_book(book_id)
    found = queries.row(seen, row_id)
    removal.base_version.data = str(found.version)
    more: dict[str, Any] = {"row": found, "removal": removal}
    if entry is None:
        if not seen.draft:
            return _fixed(book_id)
        open_form(form, found.version)
        form.show(found)
        return _form("prices/row.html", form, seen, **more)
    if form.form_errors or not form.validate():
        return _form("prices/row.html", form, seen, **more), 422
    typed = form.words(found.words.kind, found.words.action)
    outcome = actions.save_row(actor(), needed_campaign(), row_id, typed, version_of(form), entry)
    return _after(outcome, form, seen, "prices/row.html", **more)


@blueprint.post("/prices/<int:book_id>/rows/<int:row_id>/removal")
@needs(Permission.SET_STANDARDS)
def remove(book_id: int, row_id: int) -> ResponseReturnValue:
    """Take a price out of a draft."""
    _draft(book_id)
    form = Press()
    entry = entry_of(form, "prices.row_removed", row_id)
    if repeated(form, entry):
        return _to_book(book_id)
    outcome = actions.remove_row(actor(), needed_campaign(), row_id, version_of(form), entry)
    if isinstance(outcome, Done):
        flash(_("Đã bỏ dòng đơn giá."), "success")
        return _to_book(book_id)
    return _told(outcome, url_for("prices.row", book_id=book_id, row_id=row_id))


@blueprint.route("/prices/<int:book_id>/in-force", methods=["GET", "POST"])
@needs(Permission.SET_STANDARDS)
def force(book_id: int) -> ResponseReturnValue:
    """Give a draft the day from which it is in force; the page says what follows from it."""
    seen, form = _draft(book_id), ForceForm()
    if request.method == "GET":
        if not seen.draft:
            return _fixed(book_id)
        open_form(form, seen.version)
        form.day.data = needed_campaign().today
        return _form("prices/force.html", form, seen)
    entry = entry_of(form, "prices.in_force", book_id)
    if repeated(form, entry):
        return _to_book(book_id)
    if form.form_errors or not form.validate():
        return _form("prices/force.html", form, seen), 422
    chosen = form.day.data or needed_campaign().today
    outcome = actions.put_in_force(actor(), needed_campaign(), book_id, chosen, version_of(form), entry)
    return _after(outcome, form, seen, "prices/force.html")


def _draft(book_id: int) -> BookSeen:
    """The book that a form is about; whether it may still be changed is the action's to say."""
    return queries.one(needed_campaign(), book_id)


def _show(seen: BookSeen | None, books: tuple[BookSeen, ...]) -> str:
    form = Press(formdata=None)
    open_form(form)
    return render_template(
        "prices/page.html",
        book=queries.opened(seen) if seen else None,
        books=books,
        draft=next((one for one in books if one.draft), None),
        copy_form=form,
        actions=ACTIONS,
        may_set=actor().may(Permission.SET_STANDARDS),
    )


def _form(template: str, form: Any, seen: BookSeen, stale: Stale | None = None, **more: Any) -> str:
    return render_template(
        template, form=form, seen=seen, stale=_stale_words(form, stale), actions=ACTIONS, **more
    )


def _after(outcome: Outcome, form: Any, seen: BookSeen, template: str, **more: Any) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        flash(_("Đã lưu."), "success")
        return _to_book(seen.id)
    if isinstance(outcome, Refused):
        put(form, outcome)
        return _form(template, form, seen, **more), 422
    form.base_version.data = str(outcome.version)
    return _form(template, form, seen, outcome, **more), 409


def _stale_words(form: Any, stale: Stale | None) -> list[tuple[str, str, str]] | None:
    """What differs, in words: field, their value, yours; None where nothing is stale."""
    if stale is None:
        return None
    return [(form[name].label.text, _word(theirs), _word(mine)) for name, theirs, mine in stale.changed]


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    if isinstance(value, int):
        return number(value)
    if value is None or value == "":
        return UNKNOWN
    return value if isinstance(value, str) else day(value)


def _to_book(book_id: int) -> Response:
    return redirect(url_for("prices.book", book_id=book_id), 303)


def _fixed(book_id: int) -> Response:
    """Nothing can be edited here any more: back to the book, with the reason."""
    flash(_("Bản đơn giá này đã có ngày áp dụng nên không sửa được; hãy lập phiên bản mới."), "warning")
    return _to_book(book_id)


def _told(outcome: Outcome, address: str) -> Response:
    """Say why a press did nothing, where there is no form to show again."""
    problems = outcome.problems if isinstance(outcome, Refused) else ()
    for problem in problems:
        flash(say(problem), "warning")
    if isinstance(outcome, Stale):
        flash(_("Người khác vừa sửa dòng này; hãy xem lại rồi quyết định."), "warning")
    return redirect(address, 303)
