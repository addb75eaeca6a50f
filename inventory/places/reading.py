"""Bytes of an uploaded list into sheets of text cells; nothing here knows what columns mean.

CSV in UTF-8 (with or without BOM), UTF-16 or Windows-1258, separated by comma, semicolon or TAB;
XLSX through the guard. The first row of a sheet is row 1, as a spreadsheet shows it.
"""

import csv
import io
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath

from inventory.places.spreadsheet import Cells, read_workbook
from inventory.places.workbook_guard import MAX_COLUMNS, MAX_ROWS, Unreadable, too_large

MAX_BYTES = 5 * 1024 * 1024
DELIMITERS = (",", ";", "\t")
_SAMPLE = 64 * 1024

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Sheet:
    """One table of a file; `name` is empty for a CSV file. Rows may have different lengths."""

    name: str
    rows: Cells


@dataclass(frozen=True)
class Book:
    """What a file holds. `encoding` is "xlsx" or the character set the text was read in."""

    sheets: tuple[Sheet, ...]
    encoding: str


def read_book(data: bytes, filename: str) -> Book:
    """Read a CSV or XLSX file. Raises Unreadable with a sentence for the person who sent it."""
    if len(data) > MAX_BYTES:
        raise Unreadable("too_big", "Tệp lớn hơn %(limit)s MB.", limit=MAX_BYTES // 1024 // 1024)
    if not data.strip():
        raise Unreadable("empty", "Tệp không có nội dung.")
    ending = PurePath(filename).suffix.lower()
    if ending == ".xlsx":
        return _workbook(data)
    if ending not in {".csv", ".tsv", ".txt"}:
        raise Unreadable("wrong_type", "Chỉ nhận tệp CSV (.csv) hoặc Excel (.xlsx).")
    if data.startswith((_ZIP, _OLD_OFFICE)):
        raise Unreadable(
            "wrong_extension",
            "Tên tệp là %(ending)s nhưng nội dung không phải văn bản. Hãy lưu lại đúng loại tệp.",
            ending=ending,
        )
    text, encoding = decode(data)
    return Book((Sheet("", _records(text)),), encoding)


def _workbook(data: bytes) -> Book:
    if data.startswith(_OLD_OFFICE):
        raise Unreadable(
            "old_excel",
            "Tệp là Excel đời cũ hoặc có mật khẩu. Hãy bỏ mật khẩu, lưu thành .xlsx rồi tải lên lại.",
        )
    if not data.startswith(_ZIP):
        raise Unreadable(
            "wrong_extension",
            "Tên tệp là %(ending)s nhưng nội dung không phải Excel. Hãy lưu lại đúng loại tệp.",
            ending=".xlsx",
        )
    return Book(tuple(Sheet(_tidy(name), rows) for name, rows in read_workbook(data)), "xlsx")


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and its character set; raises Unreadable when it is no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, encoding), encoding
    if len(data) >= 4 and data[:4].count(0) == 2 and len(data) % 2 == 0:
        # UTF-16 without its mark: every other byte of Latin headings is zero.
        encoding = "utf-16-be" if data[0] == 0 else "utf-16-le"
        return _decoded(data, encoding), encoding
    try:
        return _decoded(data, "utf-8"), "utf-8"
    except Unreadable:
        return _decoded(data, "cp1258"), "cp1258"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text() from error
    if "\x00" in text:
        raise _not_text()
    # Windows-1258 writes a vowel and its tone as two characters.
    return unicodedata.normalize("NFC", text)


def _not_text() -> Unreadable:
    return Unreadable(
        "not_text", "Không đọc được chữ trong tệp. Hãy lưu lại thành CSV UTF-8 hoặc Excel (.xlsx)."
    )


def _records(text: str) -> Cells:
    delimiter = ""
    first, _, rest = text.partition("\n")
    if first.strip().strip('"').lower()[:4] == "sep=":
        # Excel's own first line; Excel does not count it as a row either.
        delimiter, text = first.strip().strip('"')[4:5] or "\t", rest
    delimiter = delimiter if delimiter in DELIMITERS else find_delimiter(text)
    rows: list[tuple[str, ...]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            rows.append(_trimmed(record))
            if len(rows[-1]) > MAX_COLUMNS or (len(rows) > MAX_ROWS and any(rows[-1])):
                raise too_large()
    except csv.Error as error:
        raise Unreadable(
            "bad_csv", "Dấu ngoặc kép mở hoặc đóng sai ở gần dòng %(line)s của tệp.", line=reader.line_num
        ) from error
    return tuple(rows)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _trimmed(record: list[str]) -> tuple[str, ...]:
    end = len(record)
    while end and not record[end - 1].strip():
        end -= 1
    return tuple(record[:end])


def find_delimiter(text: str) -> str:
    """The separator that gives the first rows one and the same, largest width.

    A decimal comma in a file with semicolons gives few, uneven fields, so it does not win.
    """

    def fitness(delimiter: str) -> tuple[bool, int]:
        reader = csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=delimiter)
        widths: Counter[int] = Counter()
        try:
            for record in reader:
                if any(cell.strip() for cell in record):
                    widths[len(record)] += 1
        except csv.Error:
            pass
        if not widths:
            return (False, 0)
        width, rows = widths.most_common(1)[0]
        return (rows * 2 >= widths.total(), width)

    return max(DELIMITERS, key=fitness)
