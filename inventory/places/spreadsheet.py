"""XLSX into rows of text cells, after the guard has looked; nothing here knows what columns mean."""

import io
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import python_calamine

from inventory.places.workbook_guard import MAX_COLUMNS, MAX_ROWS, damaged, guarded, too_large

Cells = tuple[tuple[str, ...], ...]


def read_workbook(data: bytes) -> list[tuple[str, Cells]]:
    """Sheets as (name, rows) in the workbook's order; merged cells are filled with their value.

    Raises Unreadable for whatever is too large, damaged, locked or not a workbook.
    """
    clean = guarded(data)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(clean)) as book:
            visible = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
            return [(name, _cells(book.get_sheet_by_name(name))) for name in visible]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # A panic of the Rust library is no Exception.
        raise damaged() from error


def _cells(sheet: python_calamine.CalamineSheet) -> Cells:
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise too_large()
    rows = [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    _fill_merged(rows, sheet.merged_cell_ranges or ())
    return tuple(tuple(row) for row in rows)


def _fill_merged(rows: list[list[str]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Give every row of a merged block its value, so that a ward written once names all its places.

    Blocks never overlap in a real workbook; the empty test keeps hostile ones cheap and harmless.
    """
    budget = MAX_ROWS * MAX_COLUMNS
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]) or not (value := rows[top][left]):
            continue
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                budget -= 1
                row[column] = row[column] or value
            if budget < 0:
                raise damaged()


def cell_text(value: object) -> str:
    """What a person sees in a cell: 780 without ".0", 07:00 for a time, 1/0 for true and false."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime) and value.year > 1900:
        return _day(value) if value.time() == time() else value.isoformat(" ")
    if isinstance(value, datetime | time):
        return f"{value.hour:02}:{value.minute:02}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(value, date):
        return _day(value)
    return "" if value is None else str(value)


def _day(value: date) -> str:
    return f"{value.day:02}/{value.month:02}/{value.year}"


def _number_text(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(repr(value)), "f") if abs(value) < 1e15 else repr(value)
