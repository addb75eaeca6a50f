"""The printed map as PDF: data/sheet.typ with the values of sheet.py."""

from pathlib import Path
from typing import Any

from inventory import typesetting
from inventory.typesetting import SECONDS, Unfinished

__all__ = ["Unfinished", "pdf"]

LAYOUT = Path(__file__).with_name("data") / "sheet.typ"


def pdf(values: dict[str, Any], moment: int, seconds: float = SECONDS) -> bytes:
    """The sheet as PDF; `moment` (seconds since 1970) is its date of creation. Raises Unfinished."""
    return typesetting.pdf(LAYOUT, values, moment, seconds)
