"""The investment list as CSV: a Document in, bytes out.

UTF-8 with a byte order mark, so that Excel reads Vietnamese; CRLF and commas as RFC 4180 has them.
Comma, not the semicolon that some decimal-comma systems use: programs expect it, no number in the
file has a decimal or thousands mark that could be mistaken for it, and office people have the
XLSX. The first row is the head; every row says in its first column what it is, so the total is
the sum of "Thành tiền" over the rows "Hạng mục" and "Cộng thêm". What the XLSX says above its
table stands in the columns at the end of each row and in the rows "Ghi chú".
"""

import csv
import io
import re
from collections.abc import Iterable

from maps.downloads.columns import COLUMNS, Cell, Column
from maps.downloads.rows import Document

BOM = "\ufeff"
ITEM, ADDED, TOTAL, NOTE = "Hạng mục", "Cộng thêm", "Tổng cộng", "Ghi chú"
_TAIL = ("Cuộc bầu cử", "Phiên bản dữ kiện", "Số liệu")
_KEYS = tuple(column.key for column in COLUMNS)

#: What makes a spreadsheet calculate a cell, also as full-width forms, at the start of the text or
#: behind a semicolon or line break (a program that splits there would start a cell with it).
_TRIGGER = re.compile(r"(^|[;\t\r\n])(\s*)([=+\-@\t\r\n＝＋－＠])")


def csv_bytes(document: Document) -> bytes:
    """The file; the rows are those of the XLSX, in the same order."""
    packed = io.StringIO(newline="")
    write = csv.writer(packed, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n").writerow
    write(("Loại dòng", "STT", *(column.title for column in COLUMNS), *_TAIL))
    for row in _rows(document):
        write([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return (BOM + packed.getvalue()).encode()


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would calculate."""
    return _TRIGGER.sub(r"\1'\2\3", text)


def _rows(document: Document) -> Iterable[tuple[Cell, ...]]:
    tail: tuple[Cell, ...] = (document.campaign, document.facts_version, document.figure)
    number = 0
    for group in document.groups:
        for cells in group.rows:
            number += 1
            yield (ITEM, number, *cells, *tail)
    for entry in document.sums[1:]:
        yield (ADDED, None, *_placed({"requirement": entry.title, "amount": entry.amount}), *tail)
    yield (TOTAL, None, *_placed({"amount": document.total, "why": document.words}), *tail)
    for section in document.sections:
        for number, cells in enumerate(section.rows, start=1):
            yield (section.name, number, *_placed(_by_key(section.columns, cells)), *tail)
    for what, note in document.notes:
        yield (NOTE, None, *_placed({"requirement": what, "why": note}), *tail)


def _by_key(columns: tuple[Column, ...], cells: tuple[Cell, ...]) -> dict[str, Cell]:
    return {column.key: cell for column, cell in zip(columns, cells, strict=True)}


def _placed(values: dict[str, Cell]) -> tuple[Cell, ...]:
    """Values in the columns of the list, the others empty."""
    return tuple(values.get(key) for key in _KEYS)
