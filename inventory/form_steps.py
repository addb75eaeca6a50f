"""Steps that every form takes: its entry, its problems at their fields, its way out of a repetition."""

from typing import Any

from flask_babel import gettext as _

from inventory import receipts
from inventory.errors import BadInput
from inventory.geodesy import Axis, Position, parse_degrees
from inventory.identity import is_id, new_id
from inventory.outcomes import Problem, Refused
from inventory.pages import say
from inventory.receipts import Entry, Stored

_NOT_WORDS = frozenset({"csrf_token", "entry_id", "base_version"})


def open_form(form: Any, version: int | None = None) -> None:
    """Give a form that is shown for the first time its entry id and the version it starts from."""
    form.entry_id.data = new_id()
    if version is not None:
        form.base_version.data = str(version)


def entry_of(form: Any, act: str, subject: object = "") -> Entry:
    """The entry of a form that was sent: its id, and the hash of what was typed. Raises BadInput."""
    given = str(form.entry_id.data or "")
    if not is_id(given):
        raise BadInput("entry_id", "Biểu mẫu thiếu mã lần nhập; hãy tải lại trang rồi gửi lần nữa.")
    words = {field.name: field.data for field in form if field.name not in _NOT_WORDS}
    return receipts.entry_of(given, {"act": act, "subject": str(subject), **words})


def version_of(form: Any) -> int:
    """The version of the row that the form was filled in from. Raises BadInput."""
    text = str(form.base_version.data or "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("base_version", "Biểu mẫu thiếu phiên bản; hãy tải lại trang rồi gửi lần nữa.")
    return int(text)


def repeated(form: Any, entry: Entry) -> Stored | None:
    """What this entry led to, when the very same form was sent before.

    The same id with other words is somebody who went back and typed anew: the form gets a new id
    and says so, and the caller shows it again.
    """
    stored = receipts.known(entry)
    if stored is None or stored.same:
        return stored
    form.entry_id.data = new_id()
    form.form_errors.append(_("Biểu mẫu này đã được lưu với nội dung khác. Hãy xem lại rồi gửi lần nữa."))
    return None


def put(form: Any, refused: Refused) -> None:
    """Add the problems to the form's errors; those of no field of it go to the form as a whole."""
    for problem in refused.problems:
        if problem.field not in form:
            form.form_errors.append(say(problem))
            continue
        field = form[problem.field]
        field.errors = [*field.errors, say(problem)]


def typed_position(lat: Any, lon: Any) -> Position | None:
    """The position in two boxes, as offices write degrees; what cannot be read is told at its box."""
    boxes: tuple[tuple[Axis, Any], ...] = (("lat", lat), ("lon", lon))
    if not any(box.data for _axis, box in boxes):
        return None
    degrees = []
    for axis, box in boxes:
        read = parse_degrees(box.data or "", axis)
        if isinstance(read, Problem):
            box.errors = [*box.errors, say(read)]
        else:
            degrees.append(read)
    return (degrees[0], degrees[1]) if len(degrees) == 2 else None
