"""Rules of the trail's page: a day's bounds, details as text, cells that no spreadsheet runs. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from inventory.clock import HA_NOI

#: What a spreadsheet takes for the beginning of a formula, also in full width.
_TRIGGERS = tuple("=+-@\t\r\n|%＝＋－＠")


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day in Vietnam, and that of the next day."""
    begin = datetime.combine(day, time(), HA_NOI)
    return begin.astimezone(UTC), (begin + timedelta(days=1)).astimezone(UTC)


def detail_text(detail: Mapping[str, Any]) -> str:
    """A line's detail in one line of text: "name: A → B · role: leader"."""
    return " · ".join(f"{key}: {_value(value)}" for key, value in detail.items())


def _value(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{_value(value[0])} → {_value(value[1])}"
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def shielded(text: str) -> str:
    """A text that a spreadsheet shows and does not run."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_TRIGGERS) or text[:1] in _TRIGGERS else text


def csv_bytes(rows: Iterable[Sequence[str | int]]) -> bytes:
    """CSV in UTF-8 with BOM; texts are shielded, numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow(shielded(cell) if isinstance(cell, str) else cell for cell in row)
    return out.getvalue().encode("utf-8-sig")
