"""Words of a visit's pages that are made of codes."""

from flask_babel import gettext as _

from inventory.labels import RETURN_REASONS
from inventory.vocabulary import ReturnReason


def office_says(code: str, text: str) -> str:
    """The office's reason as the person reads it at the field."""
    return str(_("Phòng VH&TT: %(reason)s", reason=reason(code, text)))


def reason(code: str, text: str) -> str:
    """Why the office sent something back: the chip it chose and what it wrote beside it."""
    words = str(RETURN_REASONS[ReturnReason(code)]) if code in set(ReturnReason) else ""
    return " – ".join(part for part in (words, text) if part)
