"""What differs between two who saved the same row, in words: the field, theirs, yours."""

from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from inventory.labels import label
from inventory.outcomes import Stale
from inventory.wording import UNKNOWN, day


def stale_words(form: Any, stale: Stale) -> list[tuple[str, str, str]]:
    """The differences of a stale outcome, by the labels of the form's fields."""
    return [
        (form[name].label.text, _word(form[name], theirs), _word(form[name], yours))
        for name, theirs, yours in stale.changed
        if name in form
    ]


def _word(field: Any, value: object) -> str:
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    if isinstance(value, date):
        return day(value)
    if isinstance(value, StrEnum):
        return label(value)
    names = {choice[0]: choice[1] for choice in getattr(field, "choices", None) or ()}
    return str(names.get(value, value))
