"""A list of places is read whatever its headings; every problem has its row, column and sentence."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import time

import pytest

from inventory.labels import VENUE_KINDS
from inventory.places.exporting import csv_bytes, export_rows, xlsx_bytes
from inventory.places.import_cells import VENUE_KIND_WORDS, read_venue_kind
from inventory.places.import_columns import HEADINGS, Column, find_table, recognise
from inventory.places.import_plan import FIELDS, ImportPlan, KnownPlace, plan
from inventory.places.import_problems import _ERRORS, _WARNINGS, RowProblem, errors_of
from inventory.places.import_report import exit_code, report
from inventory.places.import_wards import KnownArea
from inventory.places.importing import FileRead, PlaceRow, read_places
from inventory.places.reading import Book, Sheet, read_book
from inventory.places.row_reading import Defaults
from inventory.vocabulary import AreaKind, VenueKind

SQUARE = json.dumps(
    {
        "type": "Polygon",
        "coordinates": [[[107.1, 20.9], [107.2, 20.9], [107.2, 21.1], [107.1, 21.1], [107.1, 20.9]]],
    }
)
HA_KHANH = KnownArea(1, "06649", "Phường Hà Khánh", AreaKind.PHUONG, SQUARE)
HOA_BINH = KnownArea(2, "07045", "Xã Hòa Bình", AreaKind.XA)
TROI_P = KnownArea(3, "07030", "Phường Trới", AreaKind.PHUONG)
TROI_X = KnownArea(4, "07031", "Xã Trới", AreaKind.XA)
AREAS = (HA_KHANH, HOA_BINH, TROI_P, TROI_X)

HEAD = "Phường/xã;Số KVBP;Địa điểm;Vĩ độ;Kinh độ;Cử tri"
ROW = "Phường Hà Khánh;1;Nhà văn hóa khu 1;21,0156;107,1563;851"


def read(*lines: str, name: str = "list.csv", defaults: Defaults | None = None) -> FileRead:
    return read_places(read_book("\n".join(lines).encode(), name), AREAS, defaults)


def planned(*lines: str, known: Iterable[KnownPlace] = (), defaults: Defaults | None = None) -> ImportPlan:
    return plan(read(*lines, defaults=defaults), known)


def only(*lines: str, known: Iterable[KnownPlace] = ()) -> RowProblem:
    """The single problem of a file."""
    found = planned(*lines, known=known).problems
    assert len(found) == 1, [problem.code for problem in found]
    return found[0]


def known_of(*lines: str, start: int = 1) -> list[KnownPlace]:
    """The places that a confirmed file would leave behind."""
    return [stored(row, number) for number, row in enumerate(planned(*lines).new, start=start)]


def stored(row: PlaceRow, identity: int) -> KnownPlace:
    return KnownPlace(
        identity,
        identity,
        row.area.id,
        row.area.code,
        row.area.name,
        row.code or "",
        row.number,
        row.name or f"Khu vực bỏ phiếu số {row.number:02}",
        row.venue or "",
        row.venue_kind or VenueKind.OTHER,
        row.address or "",
        row.position,
        row.voters,
        row.opens_at,
        row.closes_at,
        bool(row.restricted),
        row.source or "",
        row.licence or "",
        bool(row.synthetic),
    )


def test_a_good_row_is_read_whole() -> None:
    lines = (
        "STT;Mã;Mã phường;Phường/xã;Số KVBP;Địa điểm;Loại địa điểm;Địa chỉ;Tọa độ;"
        "Cử tri;Giờ mở;Giờ đóng;Hạn chế;Nguồn;Giấy phép;Minh họa",
        "1;HK-1;6649;ha khanh;KVBP số 07;Trường Tiểu học;Trường học;Tổ 3;20°57'11\"N 107°9'23\"E;"
        "1.234;6h30;19:00;không;QĐ 879;Nội bộ;x",
    )
    found = read(*lines)
    assert found.problems == ()
    (row,) = found.rows
    assert (row.area, row.number, row.code, row.row) == (HA_KHANH, 7, "HK-1", 2)
    assert (row.venue, row.venue_kind, row.address) == ("Trường Tiểu học", VenueKind.SCHOOL, "Tổ 3")
    assert row.position == pytest.approx((20.953056, 107.156389), abs=1e-6)
    assert (row.voters, row.opens_at, row.closes_at) == (1234, time(6, 30), time(19))
    assert (row.restricted, row.synthetic, row.source, row.licence) == (False, True, "QĐ 879", "Nội bộ")


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Mã", Column.CODE), ("MA", Column.CODE), ("id", Column.CODE),
        ("Số KVBP", Column.NUMBER), ("so kvbp", Column.NUMBER), ("Khu vực bỏ phiếu số", Column.NUMBER),
        ("area_no", Column.NUMBER), ("Phường/xã", Column.WARD), ("PHƯỜNG, XÃ", Column.WARD),
        ("Phuong / Xa", Column.WARD), ("ward", Column.WARD), ("Mã phường", Column.WARD_CODE),
        ("ward_code", Column.WARD_CODE), ("Địa điểm", Column.VENUE), ("venue_name", Column.VENUE),
        ("Loại địa điểm", Column.VENUE_KIND), ("venue_kind", Column.VENUE_KIND), ("Vĩ độ", Column.LAT),
        ("Vĩ độ (lat)", Column.LAT), ("lon", Column.LON), ("Kinh độ", Column.LON),
        ("Tọa độ", Column.POSITION),
        ("Toạ độ", Column.POSITION), ("Cử tri", Column.VOTERS), ("Số cử tri (người)", Column.VOTERS),
        ("Giờ mở", Column.OPENS), ("Mở cửa", Column.OPENS), ("Hạn chế", Column.RESTRICTED),
        ("Nguồn", Column.SOURCE), ("Giấy phép", Column.LICENCE), ("Minh họa", Column.SYNTHETIC),
        ("synthetic", Column.SYNTHETIC), ("area_name", Column.NAME), ("Ghi chú", None), ("", None),
    ],
)  # fmt: skip
def test_headings_are_recognised(heading: str, column: Column | None) -> None:
    assert recognise(heading) is column


def test_no_two_columns_share_a_heading() -> None:
    names = [name for names in HEADINGS.values() for name in names]
    assert len({recognise(name) for name in names}) == len(Column)
    assert all(recognise(name) is column for column, known in HEADINGS.items() for name in known)


def test_titles_above_and_numbering_below_the_headings_are_passed_over() -> None:
    found = read("ỦY BAN NHÂN DÂN", "DANH SÁCH KHU VỰC BỎ PHIẾU", "", HEAD, "(1);(2);(3);(4);(5);(6)", ROW)
    assert [row.row for row in found.rows] == [6]
    assert found.problems == ()


def test_two_rows_of_headings_as_merged_cells_leave_them() -> None:
    sheet = Sheet(
        "",
        (
            ("Phường", "Số KVBP", "Địa điểm", "Tọa độ", "Tọa độ"),
            ("Phường", "Số KVBP", "Địa điểm", "Vĩ độ", "Kinh độ"),
        ),
    )
    table = find_table(sheet)
    assert table is not None
    assert table.first == 2
    assert table.columns[Column.LON] == 4


def test_the_first_list_among_sheets_is_read_and_the_others_are_named() -> None:
    good = tuple(tuple(line.split(";")) for line in (HEAD, ROW))
    book = Book((Sheet("Bìa", (("x",),)), Sheet("Trống", ()), Sheet("A", good), Sheet("B", good)), "xlsx")
    found = read_places(book, AREAS)
    assert len(found.rows) == 1
    assert [(p.sheet, p.code) for p in found.problems] == [("Bìa", "sheet_skipped"), ("B", "sheet_skipped")]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("a;b", "1;2"), "no_columns"),
        (("",), "no_columns"),
        ((HEAD,), "no_rows"),
        ((f"{HEAD};Số cử tri", f"{ROW};5"), "column_twice"),
        ((f"{HEAD};Màu sơn", f"{ROW};đỏ"), "unknown_column"),
    ],
)
def test_problems_of_the_whole_file(lines: tuple[str, ...], code: str) -> None:
    if lines == ("",):
        found = plan(read_places(Book((Sheet("", ()),), "utf-8"), AREAS), ()).problems
        assert [problem.code for problem in found] == [code]
        return
    assert only(*lines).code == code


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (";1;A;21,0;107,15;851", "missing_ward", "Phường/xã"),
        ("Phường Không Có;1;A;21,0;107,15;851", "unknown_ward", "Phường/xã"),
        ("Phường Hà Khanhh;1;A;21,0;107,15;851", "unknown_ward_guess", "Phường/xã"),
        ("Trới;1;A;21,0;107,15;851", "ward_ambiguous", "Phường/xã"),
        ("Hà Khánh;;A;21,0;107,15;851", "missing_number", "Số KVBP"),
        ("Hà Khánh;12A;A;21,0;107,15;851", "number_unreadable", "Số KVBP"),
        ("Hà Khánh;-1;A;21,0;107,15;851", "number_unreadable", "Số KVBP"),
        ("Hà Khánh;1;;21,0;107,15;851", "missing_venue", "Địa điểm"),
        ("Hà Khánh;1;A;21,0;;851", "position_half", "Vĩ độ"),
        ("Hà Khánh;1;A;hai mốt;107,15;851", "position_unreadable", "Vĩ độ"),
        ("Hà Khánh;1;A;107,15;21,0;851", "position_swapped", "Vĩ độ"),
        ("Hà Khánh;1;A;2326000;428000;851", "position_vn2000", "Vĩ độ"),
        ("Hà Khánh;1;A;48,8;2,3;851", "position_outside", "Vĩ độ"),
        ("Hà Khánh;1;A;21,0;107,15;nhiều", "voters_unreadable", "Cử tri"),
        ("Hà Khánh;1;A;21,0;107,15;85,5", "voters_unreadable", "Cử tri"),
        ("Hà Khánh;1;A;21,0;107,15;-851", "voters_negative", "Cử tri"),
        ("Hà Khánh;1;A;21,0;107,15;1.000.000", "voters_huge", "Cử tri"),
        (f"Hà Khánh;1;{'A' * 201};21,0;107,15;851", "too_long", "Địa điểm"),
    ],
)
def test_errors_have_their_row_and_column(row: str, code: str, column: str) -> None:
    found = only(HEAD, ROW, "", row.replace(";1;", ";9;", 1))
    assert (found.row, found.column, found.level, found.code) == (4, column, "error", code)
    assert "%(" not in found.sentence()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Hà Khánh;9;A;21,0;107,15;299", "voters_few"),
        ("Hà Khánh;9;A;21,0;107,15;4001", "voters_many"),
        ("Hà Khánh;9;A;;;851", "no_position"),
        ("Hà Khánh;9;A;21,2;107,15;851", "outside_ward"),
        ("Hà Khánh;9;=1+1;21,0;107,15;851", "formula_text"),
        ("Hà Khánh;9;A;21,0156;107,1563;851", "shared_position"),
        ("Tổng cộng;;;;;851", "total_row"),
    ],
)
def test_warnings_keep_the_row(row: str, code: str) -> None:
    found = planned(HEAD, ROW, row)
    assert [(problem.level, problem.code) for problem in found.problems] == [("warning", code)]
    assert len(found.new) == (1 if code == "total_row" else 2)
    assert "%(" not in found.problems[0].sentence()


def test_the_distance_outside_the_ward_is_told() -> None:
    found = only(HEAD, "Hà Khánh;9;A;21,2;107,15;851")
    assert dict(found.values) == {"ward": "Phường Hà Khánh", "metres": "11.072"}


def test_a_swap_is_proposed_and_never_made() -> None:
    found = only(HEAD, "Hà Khánh;9;A;107,15;21,0;851")
    assert "vĩ độ 21, kinh độ 107,15" in found.sentence()


def test_formulas_stay_the_text_they_are() -> None:
    (row,) = read(HEAD, "Hà Khánh;9;=cmd|'/C calc'!A0;21,0;107,15;851").rows
    assert row.venue == "=cmd|'/C calc'!A0"


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("21,0;107,15", "21,01;107,15", "venue_two_positions"),
        ("21,0;107,15", "21,0;107,15", None),
        ("21,0;107,15", ";", None),
    ],
)
def test_one_venue_has_one_position(first: str, second: str, code: str | None) -> None:
    found = planned(HEAD, f"Hà Khánh;1;Trường A;{first};851", f"Hà Khánh;2;truong a;{second};851")
    assert [problem.code for problem in found.problems] == ([code] if code else [])


def test_a_new_place_may_not_move_the_venue_of_a_known_one() -> None:
    known = known_of(HEAD, ROW)
    found = only(HEAD, "Hà Khánh;2;Nhà văn hóa khu 1;21,02;107,15;851", known=known)
    assert (found.code, dict(found.values)["other"]) == ("venue_two_positions_known", "06649-01")


def test_venue_types_must_agree_too() -> None:
    head = f"{HEAD};Loại địa điểm"
    found = only(head, f"{ROW};Trường học", f"{ROW.replace(';1;', ';2;', 1)};Bệnh viện")
    assert (found.code, found.level) == ("venue_disagrees", "error")


def test_unknown_types_become_other_with_a_warning() -> None:
    found = planned(f"{HEAD};Loại địa điểm", f"{ROW};Lều bạt")
    assert [problem.code for problem in found.problems] == ["unknown_venue_kind"]
    assert found.new[0].venue_kind is None


def test_barracks_are_restricted_unless_the_file_says_otherwise() -> None:
    head = f"{HEAD};Loại địa điểm;Hạn chế"
    found = planned(head, f"{ROW};Đơn vị vũ trang;")
    assert found.new[0].restricted is True
    assert [problem.code for problem in found.problems] == ["restricted_assumed"]
    assert planned(head, f"{ROW};Đơn vị vũ trang;không").new[0].restricted is False


def test_duplicates_name_the_other_row() -> None:
    found = only(HEAD, ROW, ROW)
    assert (found.code, found.row, dict(found.values)) == ("duplicate", 3, {"other": 2})
    coded = f"Mã;{HEAD}"
    again = only(coded, f"X;{ROW}", f"X;{ROW.replace(';1;', ';2;', 1)}")
    assert again.code == "duplicate"


def test_the_same_file_again_changes_nothing() -> None:
    lines = (HEAD, ROW, "Hòa Bình;1;B;;;400")
    known = known_of(*lines)
    again = planned(*lines, known=known)
    assert (again.new, again.changed, len(again.same)) == ((), (), 2)


def test_changes_name_field_old_and_new() -> None:
    known = known_of(HEAD, ROW)
    found = planned(HEAD, ROW.replace("851", "900").replace("21,0156", "21,0157"), known=known)
    assert [(c.field, c.old, c.new) for c in found.changed[0].changes] == [
        (Column.POSITION, (21.0156, 107.1563), (21.0157, 107.1563)),
        (Column.VOTERS, 851, 900),
    ]


def test_an_empty_cell_blanks_nothing_and_warns() -> None:
    known = known_of(HEAD, ROW)
    found = planned(HEAD, "Hà Khánh;1;Nhà văn hóa khu 1;;;", known=known)
    assert (found.changed, len(found.same)) == ((), 1)
    assert {(p.level, p.code, p.column) for p in found.problems} == {
        ("warning", "would_blank", "Vĩ độ"),
        ("warning", "would_blank", "Cử tri"),
    }


def test_kept_values_are_told_in_words() -> None:
    head = f"{HEAD};Loại địa điểm;Minh họa"
    known = known_of(head, f"{ROW};Đình;x")
    found = planned(head, "Hà Khánh;1;;;;851;;", known=known)
    said = " ".join(problem.sentence() for problem in found.problems)
    assert "“Đình, đền”" in said
    assert "“21,0156; 107,1563”" in said
    assert "“có”" in said


def test_an_absent_column_says_nothing() -> None:
    known = known_of(HEAD, ROW)
    found = planned("Phường;Số KVBP", "Hà Khánh;1", known=known)
    assert (found.changed, found.problems, len(found.same)) == ((), (), 1)


def test_a_code_is_the_key_and_lets_a_number_change() -> None:
    known = known_of(f"Mã;{HEAD}", f"X;{ROW}")
    found = planned(f"Mã;{HEAD}", f"X;{ROW.replace(';1;', ';5;', 1)}", known=known)
    assert [(c.field, c.old, c.new) for c in found.changed[0].changes] == [(Column.NUMBER, 1, 5)]


def test_a_number_that_another_place_holds_is_refused() -> None:
    known = known_of(f"Mã;{HEAD}", f"X;{ROW}")
    found = only(f"Mã;{HEAD}", f"Y;{ROW}", known=known)
    assert (found.code, dict(found.values)["place_code"]) == ("number_taken", "X")


def test_a_file_moves_no_place_to_another_ward() -> None:
    known = known_of(f"Mã;{HEAD}", f"X;{ROW}")
    found = only(f"Mã;{HEAD}", "X;Hòa Bình;1;B;;;851", known=known)
    assert (found.code, dict(found.values)["known"]) == ("ward_changed", "Phường Hà Khánh")


def test_a_code_that_an_unseen_place_has_is_refused() -> None:
    lines = read(f"Mã;{HEAD}", f"X;{ROW}")
    assert [p.code for p in plan(lines, (), frozenset({"X"})).problems] == ["code_taken"]
    assert plan(read(HEAD, ROW), (), frozenset({"06649-01"})).new[0].code == "06649-01-2"


def test_generated_codes_never_collide() -> None:
    known = [replace(known_of(HEAD, ROW)[0], number=3, code="06649-02")]
    found = planned(HEAD, ROW.replace(";1;", ";2;", 1).replace("khu 1", "khu 2"), known=known)
    assert found.new[0].code == "06649-02-2"


def test_known_places_of_the_same_wards_that_the_file_leaves_out_are_listed() -> None:
    known = known_of(HEAD, ROW, "Hà Khánh;2;B;21,0;107,15;851", "Hòa Bình;1;C;21,0;107,3;851")
    found = planned(HEAD, ROW, known=known)
    assert [place.code for place in found.missing_from_file] == ["06649-02"]
    assert found.problems == ()


def test_what_the_person_says_of_the_file_fills_silent_rows() -> None:
    defaults = Defaults("QĐ 879", "Nội bộ", True)
    (row,) = read(f"{HEAD};Nguồn", f"{ROW};", defaults=defaults).rows
    assert (row.source, row.licence, row.synthetic) == ("QĐ 879", "Nội bộ", True)
    (row,) = read(f"{HEAD};Nguồn;Minh họa", f"{ROW};Sổ tay;0", defaults=defaults).rows
    assert (row.source, row.synthetic) == ("Sổ tay", False)


def test_the_number_may_stand_in_the_areas_name() -> None:
    (row,) = read("Phường;Khu vực bỏ phiếu;Địa điểm", "Hà Khánh;Khu vực bỏ phiếu số 07;A").rows
    assert (row.number, row.name) == (7, "Khu vực bỏ phiếu số 07")


def test_the_report_and_the_end_of_the_command() -> None:
    clean = planned(HEAD, ROW)
    assert exit_code(clean.problems) == 0
    warned = planned(HEAD, ROW.replace("851", "200"))
    assert exit_code(warned.problems) == 1
    wrong = planned(HEAD, ROW.replace("851", "-1"))
    assert exit_code(wrong.problems) == 2
    told = report(warned, warned.problems)
    assert (told["new"], told["changed"], told["same"]) == (1, 0, 0)
    assert told["problems"] == [
        {
            "sheet": "",
            "row": 2,
            "column": "Cử tri",
            "level": "warning",
            "code": "voters_few",
            "message": warned.problems[0].sentence(),
        }
    ]
    assert "Điều 11 Luật 85/2015/QH13" in told["problems"][0]["message"]
    assert report(None, wrong.problems)["new"] == 0


def test_an_export_comes_back_unchanged() -> None:
    known = known_of(
        f"{HEAD};Loại địa điểm;Giờ mở;Hạn chế;Nguồn;Minh họa",
        f"{ROW};Đình;6h30;có;-nguồn;x",
        "Hòa Bình;1;'=B;;;400;;;;=SUM(A1);",
    )
    rows = export_rows(known)
    for data, name in ((csv_bytes(rows), "a.csv"), (xlsx_bytes(rows, "Nơi bỏ phiếu"), "a.xlsx")):
        again = plan(read_places(read_book(data, name), AREAS), known)
        assert (again.new, again.changed, len(again.same)) == ((), (), 2)
        assert errors_of(again.problems) == ()


def test_types_are_exported_in_the_words_of_the_screens() -> None:
    assert {kind: str(words) for kind, words in VENUE_KINDS.items()} == dict(VENUE_KIND_WORDS)
    assert all(read_venue_kind(words) is kind for kind, words in VENUE_KIND_WORDS.items())


def test_every_field_of_a_known_place_has_a_column() -> None:
    assert {"code", "area_code", "area_name", "id", "venue_id", "area_id"} | set(FIELDS.values()) == set(
        KnownPlace.__dataclass_fields__
    )


def test_sentences_are_whole() -> None:
    for problem in (*_ERRORS, *_WARNINGS):
        assert problem.message.endswith((".", "?")), problem.code


def test_the_columns_of_the_synthetic_list_of_ha_long_are_understood() -> None:
    lines = (
        "id,ward_code,ward,area_no,area_name,venue_name,venue_kind,lat,lon,voters,synthetic",
        "06649-01,06649,Phường Hà Khánh,1,Khu vực bỏ phiếu số 01,Nhà văn hóa,"
        "cultural_house,21.01562,107.15636,851,1",
    )
    (row,) = planned(*lines).new
    assert (row.code, row.number, row.venue_kind) == ("06649-01", 1, VenueKind.CULTURAL_HOUSE)
    assert (row.position, row.voters, row.synthetic) == ((21.01562, 107.15636), 851, True)
    assert planned(*lines).problems == ()
