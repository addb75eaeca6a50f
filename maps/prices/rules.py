"""What a price book may hold: money as offices write it, percentages, and when a version comes into force.

Pure. A book is a draft until it has a day; from then on it never changes, so that a list that was
printed from it can be made again.
"""

import re
from dataclasses import dataclass
from datetime import date

from inventory.outcomes import Problem
from inventory.vocabulary import PRICED_ACTIONS, LineAction

#: A single thing dearer than a thousand billion đồng is a slip of the finger.
DEAREST = 10**12
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+")
_CURRENCY = re.compile(r"\s*(?:đồng|đ|vnđ|vnd|₫)\s*$", re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,3})\s*%?")


@dataclass(frozen=True)
class BookWords:
    """What a book says of itself. Percentages are whole per cent."""

    name: str
    source: str
    price_date: date
    vat_percent: int
    vat_included: bool
    contingency_percent: int
    takedown_percent: int
    note: str = ""


@dataclass(frozen=True)
class RowWords:
    """One row: đồng for one unit of a kind, for one action."""

    kind: str
    action: LineAction
    unit_price: int
    per_m2: bool
    unit_vi: str
    unit_en: str = ""
    low: int | None = None
    high: int | None = None
    source: str = ""
    guess: bool = False


def dong(text: str, digits: int = 15) -> int | None:
    """Whole đồng as offices write them: "350.000", "350000", "350.000 đ"; None for anything else.

    A comma is refused because it could be a decimal one, and so are groups of other than three and
    more digits than `digits`.
    """
    bare = _CURRENCY.sub("", text.replace("\u00a0", " ").strip())
    if not bare.isascii() or not _GROUPED.fullmatch(bare):
        return None
    written = bare.replace(".", "")
    return int(written) if len(written) <= digits else None


def whole_percent(text: str) -> int | None:
    """A whole per cent from 0 to 100: "10", "10 %"; None for anything else."""
    found = _PERCENT.fullmatch(text.replace("\u00a0", " ").strip())
    if found is None or not found.group(1).isascii() or int(found.group(1)) > 100:
        return None
    return int(found.group(1))


def row_problems(row: RowWords, kinds: frozenset[str]) -> tuple[Problem, ...]:
    """Why a row cannot be kept. A price of 0 would ask for nothing: such a row is left out instead."""
    found = []
    if row.kind not in kinds:
        found.append(Problem("kind", "Loại này không có trong danh mục.", "kind"))
    if row.action not in PRICED_ACTIONS:
        found.append(Problem("action", "Việc này không có đơn giá.", "action"))
    if not 0 < row.unit_price <= DEAREST:
        found.append(
            Problem("unit_price", "Đơn giá phải lớn hơn 0 và không quá một nghìn tỷ đồng.", "unit_price")
        )
    if row.low is not None and row.low > row.unit_price:
        found.append(Problem("low", "Mức thấp phải không lớn hơn đơn giá.", "low"))
    if row.high is not None and not row.unit_price <= row.high <= DEAREST:
        found.append(Problem("high", "Mức cao phải không nhỏ hơn đơn giá.", "high"))
    return tuple(found)


def force_problem(day: date, today: date, election_day: date, rows: int, named: bool) -> Problem | None:
    """Why a draft cannot come into force on a day. Past days are closed: their lists are printed."""
    if not rows:
        return Problem("empty", "Bản này chưa có dòng đơn giá nào.")
    if not named:
        return Problem("source", "Hãy ghi nguồn của đơn giá trước khi áp dụng.")
    if day < today:
        return Problem("past", "Ngày áp dụng không được ở trước hôm nay.", "day")
    if day > election_day:
        return Problem("late", "Ngày áp dụng không được ở sau ngày bầu cử.", "day")
    return None
