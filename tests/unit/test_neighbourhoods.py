"""A list of neighbourhoods is read whatever its headings; the plan adds, changes, warns, never removes."""

import json
from dataclasses import replace

import pytest

from inventory.neighbourhoods.exporting import export_rows, template_rows
from inventory.neighbourhoods.import_plan import ImportPlan, KnownNeighbour, VotingPlace, plan
from inventory.neighbourhoods.import_reading import FileRead, read_neighbourhoods
from inventory.neighbourhoods.rules import Draft, problems, together
from inventory.places.exporting import csv_bytes, xlsx_bytes
from inventory.places.import_wards import KnownArea
from inventory.places.reading import Book, Sheet, read_book
from inventory.places.row_reading import Defaults
from inventory.vocabulary import AreaKind

SQUARE = json.dumps(
    {
        "type": "Polygon",
        "coordinates": [[[107.1, 20.9], [107.2, 20.9], [107.2, 21.1], [107.1, 21.1], [107.1, 20.9]]],
    }
)
HA_KHANH = KnownArea(1, "06649", "Phường Hà Khánh", AreaKind.PHUONG, SQUARE)
HOA_BINH = KnownArea(2, "07045", "Xã Hòa Bình", AreaKind.XA)
WARDS = (HA_KHANH, HOA_BINH)
PLACES = (VotingPlace(11, 1, 1, 900), VotingPlace(12, 1, 2, None), VotingPlace(21, 2, 1, 500))
HEAD = ("Phường", "Khu phố", "Số hộ", "Cử tri", "KVBP số", "Tọa độ")


def read(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD, defaults: Defaults | None = None) -> FileRead:
    return read_neighbourhoods(Book((Sheet("", (head, *rows)),), "utf-8"), WARDS, defaults)


def planned(found: FileRead, *known: KnownNeighbour) -> ImportPlan:
    return plan(found, known, PLACES)


def codes(found: ImportPlan) -> list[str]:
    return [problem.code for problem in found.problems]


def known_of(found: ImportPlan) -> tuple[KnownNeighbour, ...]:
    """What is known once a plan of new rows was written."""
    return tuple(
        KnownNeighbour(
            id=number,
            area_id=row.area.id,
            area_code=row.area.code,
            area_name=row.area.name,
            code=row.code or "",
            name=row.name,
            number=row.number,
            households=row.households,
            voters=row.voters,
            position=row.position,
            source=row.source or "",
            licence=row.licence or "",
            synthetic=bool(row.synthetic),
        )
        for number, row in enumerate(found.new, start=1)
    )


GOOD = (
    ("Hà Khánh", "Khu 1", "210 hộ", "500", "1", "20,95; 107,15"),
    ("phuong ha khanh", "Khu 2", "180", "400", "KVBP số 01", "20,96; 107,16"),
    ("Xã Hòa Bình", "Thôn Đồng Lá", "", "500", "1", "21,1; 107,0"),
)


def test_rows_are_read_and_get_codes() -> None:
    found = planned(read(*GOOD, defaults=Defaults("UBND phường", "mở", True)))
    assert codes(found) == []
    assert [(row.code, row.number, row.households, row.voters) for row in found.new] == [
        ("KP-01", 1, 210, 500),
        ("KP-02", 1, 180, 400),
        ("KP-01", 1, None, 500),
    ]
    assert found.new[0].position == (20.95, 107.15)
    assert {(row.source, row.licence, row.synthetic) for row in found.new} == {("UBND phường", "mở", True)}


def test_the_same_file_and_its_export_change_nothing() -> None:
    first = read(*GOOD, defaults=Defaults("UBND phường", "", True))
    known = known_of(planned(first))
    assert (planned(first, *known).new, planned(first, *known).changed) == ((), ())
    rows = export_rows(known)
    for data, name in ((csv_bytes(rows), "a.csv"), (xlsx_bytes(rows, "Khu phố"), "a.xlsx")):
        again = planned(read_neighbourhoods(read_book(data, name), WARDS), *known)
        assert (again.new, again.changed, len(again.same), codes(again)) == ((), (), 3, [])


def test_the_template_has_headings_and_no_rows() -> None:
    data = xlsx_bytes(template_rows(), "Khu phố, thôn")
    found = read_neighbourhoods(read_book(data, "mau.xlsx"), WARDS)
    assert [problem.code for problem in found.problems] == ["no_rows"]


def test_a_changed_row_changes_its_fields_and_an_empty_cell_nothing() -> None:
    known = known_of(planned(read(*GOOD)))
    found = planned(read(("Hà Khánh", "khu 1", "", "520", "2", "")), *known)
    (change,) = found.changed
    assert [(one.field.value, one.old, one.new) for one in change.changes] == [
        ("name", "Khu 1", "khu 1"),
        ("number", 1, 2),
        ("voters", 500, 520),
    ]
    assert found.new == ()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("", "Khu 1", "", "1", "1", "20,95;107,15")], ["missing_ward"]),
        ([("Hà Khành Khê", "Khu 1", "", "1", "1", "20,95;107,15")], ["unknown_ward_guess"]),
        ([("Hà Khánh", " ", "5", "1", "1", "20,95;107,15")], ["missing_name"]),
        ([("Hà Khánh", "Khu 1", "nhiều", "1", "1", "20,95;107,15")], ["count_unreadable"]),
        ([("Hà Khánh", "Khu 1", "60000", "1", "1", "20,95;107,15")], ["count_unreadable"]),
        ([("Hà Khánh", "Khu 1", "", "-4", "1", "20,95;107,15")], ["count_unreadable"]),
        ([("Hà Khánh", "Khu 1", "", "1", "9", "20,95;107,15")], ["unknown_place"]),
        ([("Hà Khánh", "Khu 1", "", "1", "2", "107,15;20,95")], ["position_swapped"]),
        ([("Hà Khánh", "Khu 1", "", "1", "2", "20,95")], ["position_unreadable"]),
        ([("Hà Khánh", "Khu 1", "", "1", "2", "20,5;107,15")], ["outside_ward"]),
        ([("Hà Khánh", "Khu 1", "", "", "", "")], ["no_place", "no_voters", "no_position"]),
        ([("Hà Khánh", "Khu 1", "", "899", "1", "20,95;107,15")], ["sum_differs"]),
        ([("Tổng cộng", "", "5", "1", "", "")], ["no_rows", "total_row"]),
        ([], ["no_rows"]),
    ],
)
def test_every_problem_has_its_row_and_sentence(rows: list[tuple[str, ...]], expected: list[str]) -> None:
    found = planned(read(*rows))
    assert sorted(codes(found)) == sorted(expected)
    for problem in found.problems:
        assert problem.sentence()
        assert "%(" not in problem.sentence()


def test_a_name_stands_once_in_a_ward() -> None:
    twice = planned(read(GOOD[0], ("Hà Khánh", "KHU 1", "", "3", "2", "20,95;107,15")))
    assert "duplicate" in codes(twice)
    head = ("Mã", *HEAD)
    known = known_of(planned(read(*GOOD)))
    taken = planned(read(("KP-09", *GOOD[0]), head=head), *known)
    assert [problem.code for problem in taken.errors] == ["name_taken"]
    renamed = planned(read(("KP-01", "Hà Khánh", "Khu 1A", "", "", "", ""), head=head), *known)
    assert [one.new for one in renamed.changed[0].changes] == ["Khu 1A"]


def test_new_codes_step_over_taken_ones() -> None:
    known = known_of(planned(read(*GOOD)))
    found = planned(read(("Hà Khánh", "Khu 3", "", "5", "2", "20,95;107,15")), *known)
    assert [row.code for row in found.new] == ["KP-03"]


def test_sums_are_compared_with_what_is_left_alone() -> None:
    known = known_of(planned(read(*GOOD)))
    less = planned(read(("Hà Khánh", "Khu 1", "", "450", "", "")), *known)
    (told,) = [problem for problem in less.problems if problem.code == "sum_differs"]
    assert "850" in told.sentence()
    assert "900" in told.sentence()
    unknown = replace(known[1], voters=None)
    assert "sum_differs" not in codes(
        planned(read(("Hà Khánh", "Khu 1", "", "450", "", "")), known[0], unknown)
    )


def test_no_list_is_told_as_such() -> None:
    found = read(("1", "2"), head=("STT", "Ghi chú"))
    assert [problem.code for problem in found.problems] == ["no_columns"]


def test_sums_need_every_neighbourhood() -> None:
    assert together([(1, 5), (1, 6), (2, None), (2, 7), (None, 9)]) == {1: 11}


def test_a_draft_keeps_within_bounds() -> None:
    assert problems(Draft("Khu 1", None, 0, 0, None)) == ()
    found = problems(Draft("Khu 1", None, 50_001, -1, None))
    assert [(problem.code, problem.field) for problem in found] == [
        ("households_range", "households"),
        ("voters_range", "voters"),
    ]
