"""Fields that forms of several features share: cleaned text, days, decimals with a comma, our words.

`Form` speaks Vietnamese (and English through gettext) also where WTForms has a sentence of its own.
"""

import re
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, FloatField, IntegerField, StringField, TextAreaField

from inventory.wording import clean

FILL = _l("Hãy điền chỗ này.")
_WHOLE = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)", re.ASCII)

#: WTForms' own sentences, which it ships in no Vietnamese.
_OWN_WORDS = {
    "This field is required.": _l("Hãy điền chỗ này."),
    "Not a valid choice.": _l("Hãy chọn một mục trong danh sách."),
    "Invalid Choice: could not coerce.": _l("Hãy chọn một mục trong danh sách."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l(
        "Có mục không còn trong danh sách."
    ),
    "'%(value)s' is not a valid choice for this field.": _l("Có mục không còn trong danh sách."),
    "'%(value)s' are not valid choices for this field.": _l("Có mục không còn trong danh sách."),
}


#: Days of this service lie here; clocks and databases stumble over years far outside.
FIRST_YEAR, LAST_YEAR = 1945, 2100


class _Words:
    """What WTForms asks for its sentences."""

    def gettext(self, text: str) -> str:
        """The sentence in the reader's language."""
        return str(_OWN_WORDS.get(text, text))

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The sentence for a number; Vietnamese has one form."""
        return self.gettext(one if number == 1 else many)


class Form(FlaskForm):
    """A form whose every sentence can be read by the person who filled it in."""

    class Meta(FlaskForm.Meta):
        """The words of WTForms itself."""

        def get_translations(self, form: Any) -> _Words:  # noqa: ARG002
            """Ours."""
            return _Words()


def cleaned(value: str | None) -> str:
    """A filter: text as it is kept."""
    return clean(value or "")


def cleaned_lines(value: str | None) -> str:
    """A filter: text of several lines as it is kept."""
    return clean(value or "", lines=True)


class LineField(StringField):
    """One line of text, cleaned."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, filters=[cleaned], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the text; blanks alone fill in nothing."""
        super().process_formdata(valuelist)
        if not cleaned(self.data):
            self.raw_data: list[str] = []


class NoteField(TextAreaField):
    """Several lines of text, cleaned."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, filters=[cleaned_lines], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the text; blanks alone fill in nothing."""
        super().process_formdata(valuelist)
        if not cleaned(self.data):
            self.raw_data: list[str] = []


class DayField(DateField):
    """A day, from a date box (2021-05-23) or typed as offices write it (23/05/2021)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; empty is none."""
        text = clean(valuelist[0]) if valuelist else ""
        self.data: date | None = None
        if not text:
            self.raw_data: list[str] = []  # unseen characters fill in nothing
            return
        for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                day = datetime.strptime(text, pattern).date()
            except ValueError:
                continue
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise ValueError(_("Ngày phải từ năm 1945 đến năm 2100."))
            self.data = day
            return
        raise ValueError(_("Ngày chưa đúng; hãy viết như 23/05/2021."))


class CommaField(FloatField):
    """A decimal number with a comma or a point; empty is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; infinity and no-number are none of ours."""
        text = clean(valuelist[0]).replace(",", ".") if valuelist else ""
        self.data: float | None = None
        if not text:
            self.raw_data: list[str] = []  # unseen characters fill in nothing
            return
        if len(text) > 30 or not all(glyph in "0123456789.-+" for glyph in text):
            raise ValueError(_("Số chưa đúng; hãy viết như 107,05."))
        try:
            self.data = float(text)
        except ValueError:
            raise ValueError(_("Số chưa đúng; hãy viết như 107,05.")) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else repr(self.data).replace(".", ",")


class WholeField(IntegerField):
    """A whole number, with or without dots between thousands; empty is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        text = clean(valuelist[0]).replace(" ", "") if valuelist else ""
        self.data: int | None = None
        if not text:
            self.raw_data: list[str] = []  # unseen characters fill in nothing
            return
        # A dot stands between thousands and nowhere else: 1.5 is no 15.
        if len(text) > 20 or not _WHOLE.fullmatch(text):
            raise ValueError(_("Số chưa đúng; hãy viết như 1200."))
        self.data = int(text.replace(".", ""))
