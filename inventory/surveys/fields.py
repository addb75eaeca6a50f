"""Boxes of the visit's form: whole numbers, numbers with a comma, and what only a device writes."""

import math
import re

from flask_babel import gettext as _
from wtforms import HiddenField, IntegerField, StringField

from inventory.wording import number

_DECIMAL = re.compile(r"\d{1,6}([.,]\d{1,4})?")


class Whole(IntegerField):  # type: ignore[misc]  # WTForms has no types
    """A whole number in a box of its own; blank is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read digits; anything else is told in the reader's language."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise ValueError(_("Ghi bằng số, ví dụ 2."))
        self.data = int(text)


class Decimal(StringField):  # type: ignore[misc]  # WTForms has no types
    """A number with a comma or a point; blank is None. `data` is a float, what was typed is kept."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not _DECIMAL.fullmatch(text):
            raise ValueError(_("Ghi bằng số, ví dụ 2,4."))
        self.data = float(text.replace(",", "."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else number(self.data, 4).replace(".", "")


class Fix(HiddenField):  # type: ignore[misc]  # WTForms has no types
    """A number of the device: nobody typed it, so a useless one is None and no error."""

    @property
    def value(self) -> float | None:
        """The number, where it is one."""
        try:
            found = float(self.data or "")
        except ValueError:
            return None
        return found if math.isfinite(found) else None
