"""The form of a field check, and the reading of the list's query."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField
from wtforms.validators import Length, Optional

from inventory.checks.rules import WORST_FIX_M, Answer, Draft, Spot
from inventory.errors import BadInput
from inventory.fields import Form, LineField, NoteField
from inventory.form_steps import typed_position
from inventory.identity import is_id

_LONG = _l("Dài quá.")

ANSWERS: Mapping[Answer, Any] = {
    Answer.HEARD: _l("Nghe rõ"),
    Answer.NOT_HEARD: _l("Không nghe rõ"),
    Answer.READ: _l("Đọc được"),
    Answer.NOT_READ: _l("Không đọc được"),
}


class CheckForm(Form):
    """One check: each answer is a button that sends the form. What a device measured comes unseen."""

    entry_id = HiddenField()
    answer = LineField(_l("Câu trả lời"))
    lat = LineField(_l("Vĩ độ"), [Optional(), Length(max=60, message=_LONG)])
    lon = LineField(_l("Kinh độ"), [Optional(), Length(max=60, message=_LONG)])
    accuracy_m = HiddenField()
    position_age_s = HiddenField()
    note = NoteField(_l("Ghi chú"), [Optional(), Length(max=500, message=_LONG)])

    def draft(self) -> Draft | None:
        """What was said, once the form is valid; None when no answer was pressed."""
        if self.answer.data not in set(Answer):
            self.form_errors.append(_("Hãy bấm một trong các câu trả lời."))
            return None
        position = typed_position(self.lat, self.lon)
        spot = Spot(position, self._accuracy()) if position else None
        return Draft(Answer(self.answer.data), spot, self.note.data or "")

    def _accuracy(self) -> float | None:
        """A device's word about its fix, in metres; rubbish is none, for it must not cost the check."""
        text = str(self.accuracy_m.data or "")[:20]
        try:
            metres = float(text)
        except ValueError:
            return None
        return metres if 0 <= metres <= WORST_FIX_M else None


class Wanted:
    """The list's query. Words that no page sends raise BadInput."""

    def __init__(self, query: "MultiDict[str, str]") -> None:
        area, after = query.get("area", ""), query.get("after", "")
        if area and not (area.isascii() and area.isdigit() and len(area) < 10):
            raise BadInput("area", "Địa chỉ trang có chỗ không phải là số.", "area")
        self.area = int(area) if area else None
        self.after = after if is_id(after) else ""
