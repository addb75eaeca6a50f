"""The investment list as XLSX: a Document in, bytes out.

Text is only ever written as text, so nothing a person typed becomes a formula or a link. Sums are
formulas whose cached values are the list's own figures: a reader who cannot calculate sees the
same đồng as one who can. The same document makes the same bytes (the creation date is given).
"""

import io
from collections.abc import Iterable
from datetime import UTC
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from maps.downloads.columns import Cell, Column, Shape
from maps.downloads.rows import Document, Group, Section

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_THIN = {"border": 1, "border_color": "#B1B4B6", "valign": "top"}
_CENTRED = {"valign": "vcenter", "align": "center"}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "plain": {},
    "bold": {"bold": True},
    "warning": {"bold": True, "font_color": "#B10E1E"},
    "head": _THIN | _CENTRED | {"bold": True, "text_wrap": True, "bg_color": "#E7EEF0"},
    Shape.TEXT.value: _THIN | {"text_wrap": True},
    Shape.CODE.value: _THIN | {"num_format": "@"},
    Shape.NUMBER.value: _THIN | {"num_format": "#,##0"},
    Shape.MONEY.value: _THIN | {"num_format": "#,##0"},
    "sum_label": {"top": 1, "bottom": 1, "border_color": "#B1B4B6", "bold": True, "bg_color": "#F3F2F1"},
    "sum": _THIN | {"bold": True, "bg_color": "#F3F2F1", "num_format": "#,##0"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "amount": {"bold": True, "num_format": "#,##0", "align": "left", "font_size": 12},
}
#: Rows above the table: title, two lines about it, the total, the warning.
_TOTAL_ROW, _WARNING_ROW, _HEAD_ROW = 3, 4, 5
_NUMBER_COLUMN = Column("number", "STT", Shape.NUMBER, 5, lambda _: None)


def xlsx(document: Document) -> bytes:
    """The workbook: the list, its four sheets without amounts, and the notes."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, _OPTIONS)
    book.set_properties(
        {"title": document.title, "created": document.made_at.astimezone(UTC).replace(tzinfo=None)}
    )
    formats = {
        name: book.add_format({"font_name": "Times New Roman"} | parts) for name, parts in _FORMATS.items()
    }
    _MainSheet(book.add_worksheet("Danh mục"), formats, document).write()
    for section in document.sections:
        _write_section(book.add_worksheet(section.name), formats, document, section)
    _write_notes(book.add_worksheet("Ghi chú"), formats, document)
    book.close()
    return packed.getvalue()


class _MainSheet:
    """The priced lines by ward, with subtotals, what is added, and the total."""

    def __init__(self, sheet: Any, formats: dict[str, Any], document: Document) -> None:
        self._sheet, self._formats, self._document = sheet, formats, document
        self._columns = (_NUMBER_COLUMN, *document.columns)
        self._amount = next(at for at, column in enumerate(self._columns) if column.key == "amount")

    def write(self) -> None:
        """Rows from top to bottom; the total above the table repeats the one below it."""
        document = self._document
        row = _HEAD_ROW + 1
        _head(self._sheet, self._formats, document, self._columns)
        number = 1
        for group in document.groups:
            row = self._group(group, row, number)
            number += len(group.rows)
        last = max(row - 1, _HEAD_ROW + 1)
        total = self._sums(row, last)
        self._sheet.write_string(_TOTAL_ROW, 1, "Tổng cộng (đồng)", self._formats["bold"])
        self._formula(_TOTAL_ROW, 3, f"={xl_rowcol_to_cell(total, self._amount)}", document.total, "amount")
        self._sheet.write_string(_TOTAL_ROW, 4, f"Bằng chữ: {document.words}", self._formats["bold"])
        _print_setup(self._sheet, self._columns, total + 1, last)

    def _group(self, group: Group, row: int, number: int) -> int:
        first = row
        for cells in group.rows:
            self._sheet.set_row(row, None, None, {"level": 1})
            _write_row(self._sheet, self._formats, row, self._columns, (number, *cells))
            row, number = row + 1, number + 1
        start = xl_rowcol_to_cell(first, self._amount)
        end = xl_rowcol_to_cell(row - 1, self._amount)
        self._sum_row(row, f"Cộng {group.title}", f"=SUM({start}:{end})", group.subtotal)
        return row + 1

    def _sums(self, row: int, last: int) -> int:
        """Works (the numbered rows only, not the subtotals), what is added, total; answers its row."""
        first_sum = row
        numbers = f"$A${_HEAD_ROW + 2}:$A${last + 1}"
        top = xl_rowcol_to_cell(_HEAD_ROW + 1, self._amount, row_abs=True, col_abs=True)
        bottom = xl_rowcol_to_cell(last, self._amount, row_abs=True, col_abs=True)
        for entry in self._document.sums:
            above = f"SUM({self._between(first_sum, row - 1)})"
            if row == first_sum:
                formula = f'=SUMIF({numbers},">0",{top}:{bottom})' if self._document.groups else "=0"
            else:
                formula = "=0" if entry.percent is None else f"=ROUND({above}*{entry.percent}/100,0)"
            self._sum_row(row, entry.title, formula, entry.amount)
            row += 1
        self._sum_row(row, "TỔNG CỘNG", f"=SUM({self._between(first_sum, row - 1)})", self._document.total)
        self._sheet.write_string(row + 1, 1, f"Bằng chữ: {self._document.words}", self._formats["bold"])
        return row

    def _between(self, first: int, last: int) -> str:
        return f"{xl_rowcol_to_cell(first, self._amount)}:{xl_rowcol_to_cell(last, self._amount)}"

    def _sum_row(self, row: int, label: str, formula: str, value: int) -> None:
        for at in range(self._amount + 1):
            self._sheet.write_blank(row, at, None, self._formats["sum_label"])
        self._sheet.write_string(row, 1, label, self._formats["sum_label"])
        self._formula(row, self._amount, formula, value, "sum")

    def _formula(self, row: int, column: int, formula: str, value: int, style: str) -> None:
        self._sheet.write_formula(row, column, formula, self._formats[style], value)


def _head(sheet: Any, formats: dict[str, Any], document: Document, columns: tuple[Column, ...]) -> None:
    """Title, what the list is about, the warning, and the head of the table."""
    sheet.write_string(0, 0, document.title, formats["title"])
    for at, line in enumerate(document.about, start=1):
        sheet.write_string(at, 0, line, formats["plain"])
    if document.warning:
        sheet.write_string(_WARNING_ROW, 0, document.warning, formats["warning"])
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(_HEAD_ROW, at, column.title, formats["head"])
    sheet.set_row(_HEAD_ROW, 32)
    sheet.freeze_panes(_HEAD_ROW + 1, 0)


def _write_row(
    sheet: Any, formats: dict[str, Any], row: int, columns: tuple[Column, ...], cells: Iterable[Cell]
) -> None:
    for at, (column, value) in enumerate(zip(columns, cells, strict=True)):
        style = formats[column.shape.value]
        if value is None or value == "":
            sheet.write_blank(row, at, None, style)
        elif isinstance(value, int):
            sheet.write_number(row, at, value, style)
        else:
            sheet.write_string(row, at, value, style)


def _print_setup(sheet: Any, columns: tuple[Column, ...], bottom: int, last: int) -> None:
    """A4 across, the warning and the head on every page; columns for machines stay off the paper."""
    printed = sum(column.printed for column in columns)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_WARNING_ROW, _HEAD_ROW)
    sheet.print_area(0, 0, bottom, printed - 1)
    sheet.set_footer("&C&P/&N")
    sheet.autofilter(_HEAD_ROW, 0, last, len(columns) - 1)
    for at, column in enumerate(columns):
        if column.shape is Shape.CODE:
            letters = xl_rowcol_to_cell(0, at).rstrip("1")
            sheet.ignore_errors({"number_stored_as_text": f"{letters}{_HEAD_ROW + 2}:{letters}{last + 1}"})


def _write_section(sheet: Any, formats: dict[str, Any], document: Document, section: Section) -> None:
    columns = (_NUMBER_COLUMN, *section.columns)
    _head(sheet, formats, document, columns)
    sheet.write_string(_TOTAL_ROW, 0, section.title, formats["bold"])
    row = _HEAD_ROW + 1
    for number, cells in enumerate(section.rows, start=1):
        _write_row(sheet, formats, row, columns, (number, *cells))
        row += 1
    if not section.rows:
        sheet.write_string(row, 1, "Không có mục nào", formats["plain"])
    last = max(row - 1, _HEAD_ROW + 1)
    _print_setup(sheet, columns, last, last)


def _write_notes(sheet: Any, formats: dict[str, Any], document: Document) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    for row, (what, note) in enumerate(document.notes):
        sheet.write_string(row, 0, what, formats["bold"])
        sheet.write_string(row, 1, note, formats["wrapped"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
