"""Any bytes end in rows or in one refusal; an export always comes back unchanged; order does not matter."""

import io
import random
import zipfile
from datetime import time

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.places.exporting import Cell, csv_bytes, export_rows
from inventory.places.import_cells import read_position, read_text, shielded
from inventory.places.import_plan import ImportPlan, KnownPlace, plan
from inventory.places.import_problems import errors_of
from inventory.places.import_report import report
from inventory.places.import_wards import KnownArea
from inventory.places.importing import read_places
from inventory.places.reading import read_book
from inventory.places.workbook_guard import Unreadable
from inventory.vocabulary import AreaKind, VenueKind
from inventory.wording import clean, fold

AREAS = (
    KnownArea(1, "06649", "Phường Hà Khánh", AreaKind.PHUONG),
    KnownArea(2, "07045", "Xã Hòa Bình", AreaKind.XA),
)
HEAD = "Mã;Phường/xã;Số KVBP;Địa điểm;Loại;Vĩ độ;Kinh độ;Tọa độ;Cử tri;Giờ mở;Hạn chế;Minh họa"


def whole(data: bytes, name: str) -> ImportPlan | None:
    """From bytes to the report: everything that a file goes through."""
    try:
        found = plan(read_places(read_book(data, name), AREAS), ())
    except Unreadable:  # The declared refusal; its sentence was filled in when it was made.
        return None
    assert report(found, found.problems)["problems"] is not None
    return found


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(["a.csv", "a.xlsx", "a.txt", "a"]))
def test_any_bytes_end_in_rows_or_a_refusal(data: bytes, name: str) -> None:
    whole(data, name)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=500), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_any_text_below_real_headings_never_fails(text: str, encoding: str) -> None:
    whole(f"{HEAD}\n{text}".encode(encoding, "ignore"), "a.csv")


cells = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "Hà Khánh",
            "07045",
            "1",
            "-1",
            "21,0",
            "107.15",
            "=1",
            "x",
            "7h",
            "20°57'N",
            "٣",
            "²",
            "1e9",
            "nan",
            "inf",
        ]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(cells, min_size=12, max_size=12), max_size=6))
def test_any_cells_never_fail(rows: list[list[str]]) -> None:
    wide = [[cell.replace(";", " ").replace('"', " ") for cell in row] for row in rows]
    lines = [HEAD, *(";".join(" ".join(cell.split()) for cell in row) for row in wide)]
    whole("\n".join(lines).encode("utf-8", "ignore"), "a.csv")


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "xl/workbook.xml",
                "xl/worksheets/sheet1.xml",
                "xl/sharedStrings.xml",
                "[Content_Types].xml",
                "xl/_rels/workbook.xml.rels",
                "x",
            ]
        ),
        st.binary(max_size=300),
    ),
    st.integers(0, 400),
)
def test_any_archive_ends_in_rows_or_a_refusal(parts: dict[str, bytes], cut: int) -> None:  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    whole(packed.getvalue()[: len(packed.getvalue()) - cut], "a.xlsx")


@given(st.text(max_size=60))
def test_the_shield_of_text_comes_off_again(text: str) -> None:
    kept = clean(text)
    assert read_text(shielded(kept)) == kept


@given(
    st.floats(6.5, 23.5), st.floats(102.5, 117.5), st.sampled_from(["{};{}", "{}, {}", "{} {}", "({} / {})"])
)
def test_positions_in_one_cell_come_back(lat: float, lon: float, shape: str) -> None:
    lat, lon = round(lat, 6), round(lon, 6)
    assert read_position(shape.format(lat, lon)) == (lat, lon)
    assert read_position(f"{lat}; {lon}".replace(".", ",")) == (lat, lon)


kept_text = st.text(max_size=30).map(clean)
hours = st.builds(time, st.integers(5, 11), st.sampled_from([0, 15, 30]))


@st.composite
def known_places(draw: st.DrawFn) -> list[KnownPlace]:
    """Places as the database may hold them: each with a venue of its own name."""
    numbers = draw(st.lists(st.tuples(st.sampled_from(AREAS), st.integers(1, 9999)), max_size=8, unique=True))
    places = []
    for identity, (area, number) in enumerate(numbers, start=1):
        name = draw(kept_text)
        places.append(
            KnownPlace(
                identity,
                identity,
                area.id,
                area.code,
                area.name,
                f"{draw(st.sampled_from(['K', '=', '-', chr(39)]))}{identity}",
                number,
                draw(kept_text) or "KV",
                f"{name[:20]} {identity}".strip(),
                draw(st.sampled_from(VenueKind)),
                draw(kept_text),
                draw(st.none() | st.tuples(st.floats(6.5, 23.5), st.floats(102.5, 117.5))),
                draw(st.none() | st.integers(0, 100_000)),
                draw(st.none() | hours),
                draw(st.none() | st.just(time(19))),
                draw(st.booleans()),
                draw(kept_text),
                draw(kept_text),
                draw(st.booleans()),
            )
        )
    return places


@settings(max_examples=150, deadline=None)
@given(known_places())
def test_an_export_comes_back_unchanged(known: list[KnownPlace]) -> None:
    rows = export_rows(known)
    found = plan(read_places(read_book(csv_bytes(rows), "a.csv"), AREAS), known)
    if known:
        assert errors_of(found.problems) == ()
    assert (found.new, found.changed, found.missing_from_file) == ((), (), ())
    assert len(found.same) == len(known)


@settings(max_examples=100, deadline=None)
@given(known_places(), st.randoms(use_true_random=False))
def test_shuffled_columns_and_rows_give_the_same_plan(known: list[KnownPlace], chance: random.Random) -> None:
    rows = export_rows(known)
    head, body = rows[0], rows[1:]
    order = list(range(len(head)))
    chance.shuffle(order)
    chance.shuffle(body)
    shuffled = [[row[column] for column in order] for row in (head, *body)]
    before, after = (whole_plan(table) for table in (rows, shuffled))
    assert before == after


def whole_plan(rows: list[list[Cell]]) -> tuple[set[tuple[str, ...]], list[str], set[str]]:
    found = whole(csv_bytes(rows), "a.csv")
    assert found is not None
    keys = (
        "area",
        "number",
        "code",
        "venue",
        "venue_kind",
        "position",
        "voters",
        "opens_at",
        "restricted",
        "source",
    )
    new = {tuple(str(getattr(row, key)) for key in keys) for row in found.new}
    # Of two rows at one spot the later one is told; which one that is depends on their order.
    told = sorted(problem.code for problem in found.problems)
    return new, told, {fold(problem.column) for problem in found.problems}
