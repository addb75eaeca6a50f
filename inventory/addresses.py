"""Addresses to return to after a form: only plain paths of this service. Pure."""

import unicodedata
from collections.abc import Container
from urllib.parse import unquote, urlsplit


def safe_next(text: str | None, default: str = "/") -> str:
    """The address to return to, if it is a plain path of this service; else the default.

    Browsers read backslashes as slashes and drop tabs and line breaks, also from their percent
    forms in some redirect chains, so anything that is not one plain path is dropped whole.
    """
    if not text or not text.isascii() or len(text) > 2000:
        return default
    for form in (text, unquote(text)):
        # The query may hold words; the part before it decides where a browser goes.
        path = form.partition("?")[0]
        if not path.startswith("/") or any(piece in path for piece in ("//", "\\", " ")):
            return default
        if any(unicodedata.category(glyph)[0] in "CZ" for glyph in form if glyph != " "):
            return default
    return text


def next_among(pages: Container[str], text: str | None, default: str) -> str:
    """Like `safe_next`, but only to one of these pages, whatever its query says."""
    target = safe_next(text, default)
    return target if urlsplit(target).path in pages else default
