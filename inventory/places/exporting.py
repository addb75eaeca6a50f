"""The list of places as rows and files that an import reads back without a change. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import time

import xlsxwriter

from inventory.places.import_cells import VENUE_KIND_WORDS, shielded
from inventory.places.import_columns import HEADINGS, Column
from inventory.places.import_plan import KnownPlace

Cell = str | int | float

#: The columns of an export, in the order an office reads them.
COLUMNS = tuple(column for column in Column if column is not Column.POSITION)


def export_rows(known: Iterable[KnownPlace]) -> list[list[Cell]]:
    """Headings, then one row a place; numbers stay numbers, unknown is an empty text."""
    return [
        [HEADINGS[column][0] for column in COLUMNS],
        *([_cell(place, c) for c in COLUMNS] for place in known),
    ]


def _cell(place: KnownPlace, column: Column) -> Cell:
    if column is Column.WARD_CODE:
        return place.area_code
    if column is Column.WARD:
        return place.area_name
    if column is Column.VENUE_KIND:
        return VENUE_KIND_WORDS[place.venue_kind]
    if column in (Column.LAT, Column.LON):
        return place.position[column is Column.LON] if place.position else ""
    value: Cell | bool | time | None = getattr(place, column.value)
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, time):
        return f"{value.hour:02}:{value.minute:02}"
    return "" if value is None else value


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV in UTF-8 with BOM; only texts are shielded from becoming formulas, never numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow(shielded(cell) if isinstance(cell, str) else repr(cell) for cell in row)
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(rows: Iterable[Sequence[Cell]], sheet_name: str) -> bytes:
    """XLSX with typed cells: texts are written as texts, so that none becomes a formula or a link."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(sheet_name)
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for index, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(index, column, cell, None if index else bold)
                else:
                    sheet.write_number(index, column, cell)
    return out.getvalue()
