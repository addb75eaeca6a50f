"""Numbers as Vietnamese offices type them: a comma before decimals, dots between thousands. Pure.

A dot that cannot stand between thousands is read as a decimal point, because some keyboards have no comma.
"""

import re

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
_PLAIN = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


def whole(text: str) -> int | None:
    """ "1.200" and "1200" → 1200; None for anything that is no whole number of at most nine digits."""
    bare = _bare(text)
    if _GROUPED.fullmatch(bare) and "," not in bare:
        bare = bare.replace(".", "")
    return int(bare) if _WHOLE.fullmatch(bare) else None


def decimal(text: str) -> float | None:
    """ "1.200,5" → 1200.5, "0,8" and "0.8" → 0.8; None for anything that is no number of zero or more."""
    bare = _bare(text)
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(".", "")
    return float(bare.replace(",", ".")) if _PLAIN.fullmatch(bare) else None


def _bare(text: str) -> str:
    return text.replace("\u00a0", "").replace(" ", "")
