"""What the forms of catalogues share: numbers as offices type them (numbers.py reads them), and a press."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from inventory.catalogues.numbers import decimal, whole
from inventory.fields import CommaField, Form, WholeField, cleaned
from inventory.wording import number

LONG = _l("Dài quá.")


class Whole(WholeField):
    """A whole number; empty is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        text = cleaned(valuelist[0] if valuelist else "")
        self.data: int | None = whole(text)
        if text and self.data is None:
            raise ValueError(_("Viết số nguyên, ví dụ 3 hoặc 1.200."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else number(self.data)


class Decimal(CommaField):
    """A number of zero or more with a decimal comma; empty is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        text = cleaned(valuelist[0] if valuelist else "")
        self.data: float | None = decimal(text)
        if text and self.data is None:
            raise ValueError(_("Viết số với dấu phẩy cho phần lẻ, ví dụ 2,4."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else number(self.data, 6)


class Press(Form):
    """A button that changes something."""

    entry_id = HiddenField()
    base_version = HiddenField()


class MovePress(Press):
    """A button that moves a row; `way` is "up" or "down"."""

    way = HiddenField()
