"""The price book of the demo campaign: market figures of 2021, every guess marked as one."""

import csv
from datetime import date
from pathlib import Path

from inventory.vocabulary import LineAction
from maps.prices.actions import load_book
from maps.prices.rules import BookWords, RowWords

_FILE = Path(__file__).with_name("data") / "prices_2021.csv"
_WORDS = BookWords(
    name="Đơn giá minh họa năm 2021",
    source="Nguồn công khai năm 2018 đến 2021 và giả định; thay bằng báo giá của Thành phố",
    price_date=date(2021, 3, 1),
    vat_percent=10,
    vat_included=False,
    contingency_percent=5,
    takedown_percent=10,
    note="Dòng có dấu [giả định] chưa có nguồn.",
)
#: Before the first survey of the demo, so that every day of it has prices.
_FROM = date(2021, 3, 1)


def load(campaign_id: int) -> None:
    """Write the book in force, in the current transaction."""
    load_book(campaign_id, rows(), _WORDS, in_force_from=_FROM)


def rows(path: Path = _FILE) -> tuple[RowWords, ...]:
    """The rows of a CSV with the columns of RowWords."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return tuple(_row(row) for row in csv.DictReader(lines))


def _row(row: dict[str, str]) -> RowWords:
    return RowWords(
        kind=row["kind"],
        action=LineAction(row["action"]),
        unit_price=int(row["unit_price"]),
        per_m2=row["per_m2"] == "1",
        unit_vi=row["unit_vi"],
        unit_en=row["unit_en"],
        low=int(row["low"]) if row["low"] else None,
        high=int(row["high"]) if row["high"] else None,
        source=row["source"],
        guess=row["guess"] == "1",
    )
