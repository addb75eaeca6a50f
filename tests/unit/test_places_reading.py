"""Uploaded bytes become rows of text, or one sentence; bombs are refused before they are parsed."""

import io
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import time as clock_time
from typing import Any

import pytest
import python_calamine
import xlsxwriter

from inventory.places.reading import MAX_BYTES, read_book
from inventory.places.spreadsheet import Cells, cell_text
from inventory.places.workbook_guard import MAX_COLUMNS, MAX_ROWS, Unreadable, column_number

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(fill: Callable[[Any, Any], object] = lambda _, sheet: sheet.write_string(0, 0, "Mã")) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("Danh sách"))
    return packed.getvalue()


def altered(parts: Mapping[str, str | bytes] | None = None, without: Iterable[str] = ()) -> bytes:
    """A real workbook with parts replaced or added."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        changed = dict(parts or {})
        for name in old.namelist():
            if name not in changed and name not in without:
                new.writestr(name, old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return packed.getvalue()


def sheet_of(cells: str) -> str:
    return f"{HEAD}<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>"


def refused(data: bytes, name: str = "list.xlsx") -> str:
    with pytest.raises(Unreadable) as caught:
        read_book(data, name)
    return caught.value.problem.code


def rows(data: bytes, name: str = "list.csv") -> Cells:
    return read_book(data, name).sheets[0].rows


TEXT = "Phường;Số KVBP;Vĩ độ\nHà Khánh;1;21,0156\nBãi Cháy;2;20,9512\n"
READ = (("Phường", "Số KVBP", "Vĩ độ"), ("Hà Khánh", "1", "21,0156"), ("Bãi Cháy", "2", "20,9512"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_of_any_common_character_set_reads_the_same(encoding: str) -> None:
    assert rows(TEXT.encode(encoding)) == READ


def test_windows_1258_is_recognised_and_composed() -> None:
    # Windows-1258 writes the tone after its vowel: "Phường" is P h ư ơ + grave.
    text = TEXT.replace("ờ", "ơ\u0300").replace("ố", "ô\u0301").replace("ĩ", "i\u0303")
    text = text.replace("ộ", "ô\u0323").replace("ã", "a\u0303")
    data = text.encode("cp1258")
    book = read_book(data, "list.csv")
    assert book.encoding == "cp1258"
    assert book.sheets[0].rows == READ


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_separators_are_found(delimiter: str) -> None:
    text = f'Mã{delimiter}Tên{delimiter}Tọa độ\n1{delimiter}A{delimiter}"21,01; 107,15"\n'
    assert rows(text.encode())[1] == ("1", "A", "21,01; 107,15")


def test_excels_own_first_line_names_the_separator_and_is_no_row() -> None:
    assert rows(b"sep=;\r\na,b;c\r\n1,5;2\r\n") == (("a,b", "c"), ("1,5", "2"))


def test_row_numbers_stay_those_of_the_spreadsheet() -> None:
    assert rows(b"a,b\n\n1,2\n") == (("a", "b"), (), ("1", "2"))


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "empty"),
        (b" \n\t ", "a.csv", "empty"),
        (b"a,b", "a.pdf", "wrong_type"),
        (b"a,b", "a", "wrong_type"),
        (b"a,b", "a.xls", "wrong_type"),
        (b"a" * (MAX_BYTES + 1), "a.csv", "too_big"),
        (b"\x00\x01\x02\x03\x04", "a.csv", "not_text"),
        (b"\xff\xfea", "a.csv", "not_text"),
        (b'a,"b\n1,2\n', "a.csv", "bad_csv"),
        (b"a,b\n" * (MAX_ROWS + 1), "a.csv", "too_many_cells"),
        (b",".join([b"a"] * (MAX_COLUMNS + 1)), "a.csv", "too_many_cells"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "a.xlsx", "old_excel"),
        (b"<html><table><tr><td>1</td></tr></table>", "a.xlsx", "wrong_extension"),
    ],
)
def test_refusals_say_which(data: bytes, name: str, code: str) -> None:
    assert refused(data, name) == code


def test_workbook_cells_read_as_people_see_them() -> None:
    def fill(book: Any, sheet: Any) -> None:
        time_format = book.add_format({"num_format": "hh:mm"})
        for column, value in enumerate(["06649", 780, 21.01562, True, "=1+1", -1.5]):
            sheet.write(1, column, value) if not isinstance(value, str) else sheet.write_string(
                1, column, value
            )
        sheet.write_datetime(1, 6, clock_time(6, 30), time_format)

    book = read_book(workbook(fill), "LIST.XLSX")
    assert book.sheets[0].name == "Danh sách"
    assert book.sheets[0].rows[1] == ("06649", "780", "21.01562", "1", "=1+1", "-1.5", "06:30")


def test_merged_cells_give_every_row_their_value() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:C1", "DANH SÁCH")
        sheet.merge_range("A2:A4", "Phường Hà Khánh")
        for row in (1, 2, 3):
            sheet.write(row, 1, row)
            sheet.write(row, 2, "x")

    read = read_book(workbook(fill), "a.xlsx").sheets[0].rows
    assert [row[0] for row in read[1:]] == ["Phường Hà Khánh"] * 3


def test_several_sheets_keep_their_order_and_names() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "x")
        book.add_worksheet("Hai").write(0, 0, "y")

    assert [sheet.name for sheet in read_book(workbook(fill), "a.xlsx").sheets] == ["Danh sách", "Hai"]


def bombs() -> Iterator[tuple[str, bytes, str]]:
    million = b"0" * 1_000_000
    wide = "".join(f'<c r="{name}1"><v>1</v></c>' for name in letters(16_384))
    sparse = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    shared = (
        f"{HEAD}<sst {MAIN}><si><t>{'x' * 900_000}</t></si></sst>",
        sheet_of("".join('<row><c t="s"><v>0</v></c></row>' for _ in range(5_000))),
    )
    laughs = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    doctype = f"{HEAD}{laughs}<worksheet {MAIN}><sheetData/></worksheet>"
    whole = workbook()
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://x/attachedTemplate" Target="http://e/" TargetMode="External"/>'
        "</Relationships>"
    )
    yield "zip bomb", altered({SHEET: million * 60}), "bomb"
    yield "unpacks beyond the limit", altered({f"xl/media/{n}.bin": million * 9 for n in range(8)}), "bomb"
    yield "ratio of one member", altered({"xl/media/a.bin": million * 5}), "bomb"
    yield "16,384 columns", altered({SHEET: sheet_of(f'<row r="1">{wide}</row>')}), "too_many_cells"
    yield "two far corners", altered({SHEET: sheet_of(sparse)}), "too_many_cells"
    yield "one text many times", altered({"xl/sharedStrings.xml": shared[0], SHEET: shared[1]}), "bomb"
    yield "nested archive", altered({"xl/embeddings/a.xlsx": whole}), "nested_archive"
    yield "nested archive, other name", altered({"docProps/app.xml": whole}), "nested_archive"
    yield "entities", altered({SHEET: doctype}), "doctype"
    yield "entities in a part without cells", altered({"docProps/core.xml": doctype}), "doctype"
    yield "entities in UTF-16", altered({SHEET: doctype.encode("utf-16")}), "damaged"
    yield "other encoding", altered({SHEET: doctype.replace("UTF-8", "UTF-7")}), "doctype"
    yield "many members", altered({f"xl/x{n}.xml": "<a/>" for n in range(300)}), "too_many_members"
    yield "outside link", altered({"xl/externalLinks/externalLink1.xml": "<a/>"}), "external_link"
    yield "outside template", altered({"xl/_rels/settings.xml.rels": relations}), "external_link"
    yield "truncated", whole[: len(whole) // 2], "damaged"
    yield "truncated by one byte", whole[:-1], "damaged"
    yield "no workbook", altered(without=["xl/workbook.xml"]), "not_workbook"
    yield "bad XML", altered({SHEET: "<worksheet><sheetData>"}), "damaged"
    yield "no such text", altered({SHEET: sheet_of('<row><c t="s"><v>99</v></c></row>')}), "damaged"
    yield (
        "strange position",
        altered({SHEET: sheet_of('<row r="1"><c r="ZZZZ9"><v>1</v></c></row>')}),
        "damaged",
    )
    yield "path outside", altered({"../../etc/passwd": "x"}), "damaged"
    yield "only the mark", b"PK\x03\x04", "damaged"


def letters(count: int) -> Iterator[str]:
    for number in range(1, count + 1):
        name = ""
        while number:
            number, rest = divmod(number - 1, 26)
            name = chr(65 + rest) + name
        yield name


@pytest.mark.parametrize(("data", "code"), [pytest.param(d, c, id=i) for i, d, c in bombs()])
def test_bombs_are_refused_without_parsing(data: bytes, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*_: object) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr(python_calamine.CalamineWorkbook, "from_filelike", parsed)
    began = time.process_time()
    assert refused(data) == code
    # Generous against the promised second: the machine is shared while tests run.
    assert time.process_time() - began < 1


def test_a_workbook_named_csv_is_refused() -> None:
    assert refused(workbook(), "a.csv") == "wrong_extension"


def test_an_encrypted_member_is_refused_as_locked() -> None:
    data = bytearray(workbook())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refused(bytes(data)) == "locked"


def test_hyperlinks_and_coloured_empty_columns_are_harmless() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_url(0, 0, "https://example.invalid/", string="Mã")
        sheet.write_blank(0, 16_383, None, book.add_format({"bg_color": "red"}))

    assert read_book(workbook(fill), "a.xlsx").sheets[0].rows == (("Mã",),)


def test_a_hidden_second_archive_in_front_is_not_what_gets_parsed() -> None:
    other = workbook(lambda _, sheet: sheet.write_string(0, 0, "khác"))
    assert read_book(other + workbook(), "a.xlsx").sheets[0].rows == (("Mã",),)


@pytest.mark.parametrize(
    ("value", "text"),
    [(780.0, "780"), (0.1, "0.1"), (1e-7, "0.0000001"), (1e300, "1e+300"), (float("nan"), "nan"), (None, "")],
)
def test_numbers_as_text(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_letters_of_columns() -> None:
    assert [column_number(name) for name in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16_384]
