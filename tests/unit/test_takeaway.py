"""Maps to take away, their pure parts: one script of many, paper and scale, names, pictures, typesetting."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.geodesy import distance_m
from maps.draw.frame import Bounds
from maps.draw.local_map import inlined
from maps.takeaway import chart, held, nation, typeset
from maps.takeaway.bundle import bundle
from maps.takeaway.chart import Patch, Spot
from maps.takeaway.files import plain
from maps.takeaway.labels import Label, Name, lay
from maps.takeaway.paper import Box, Paper, Projection, bar, fit, sheet

CITY = Bounds(20.91, 106.83, 21.24, 107.27)
PAYLOADS = (
    "<img src=x onerror=window.__pwn=1>",
    "</script><script>window.__pwn=1</script>",
    "${window.__pwn=1}",
    "`+(window.__pwn=1)+`",
    '#read("/etc/passwd") *x* _y_ $z$ @w <q> \\ #set page(width: 1mm)',
)


def square(west: float, south: float, side: float) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def values(**changes: Any) -> dict[str, Any]:
    """A sheet with little on it."""
    layout = sheet(Paper.A4)
    small = nation.inset(layout.side.width, CITY)
    picture = chart.svg(10, 10, ())
    return {
        "sheet": {
            "width": layout.width,
            "height": layout.height,
            "margin": layout.margin,
            **{
                name: [box.x, box.y, box.width, box.height]
                for name, box in (
                    ("head", layout.head),
                    ("chart", layout.chart),
                    ("side", layout.side),
                    ("foot", layout.foot),
                )
            },
        },
        "point": layout.point,
        "title": "Bản đồ",
        "under": "",
        "ribbon": "",
        "ground": picture,
        "marks": picture,
        "names": [],
        "keyed": [],
        "bar": {"parts": 5, "length": 40.0, "words": ["0", "", "", "", "", "10 km"]},
        "scale": "Tỉ lệ 1:250.000",
        "legend": [],
        "steps": [],
        "inset": {
            "picture": small.picture,
            "height": small.height,
            "words": [[word.text, word.under, word.x, word.y] for word in small.words],
        },
        "counts": [],
        "sources": [],
        "made": "",
        "list": None,
        **changes,
    }


def text_of(content: bytes, tmp_path: Path) -> str:
    """The text of a PDF as another program reads it."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(content)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return read.stdout.decode()


def sizes_of(content: bytes, tmp_path: Path) -> list[str]:
    """The size of every page, in points."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(content)
    read = subprocess.run(["pdfinfo", "-l", "99", path], capture_output=True, check=True)
    return re.findall(r"size:\s+([\d.]+ x [\d.]+) pts", read.stdout.decode())


# --- one script out of many ---------------------------------------------------------------


def test_modules_become_one_script_in_which_nothing_is_imported() -> None:
    made = bundle(
        {
            "a.js": 'import { two as deux } from "./b.js";\nimport { three } from "./c.js";\ndeux(three);\n',
            "b.js": 'import { three } from "./c.js";\nexport const two = (n) => n + three;\n',
            "c.js": "export const three = 3;\nexport async function four() {}\n",
        },
        "a.js",
    )
    assert "import" not in made
    assert "export" not in made
    assert made.count("const three = 3") == 1
    assert "const { two: deux } = module_b;" in made
    assert "return { three, four };" in made
    assert made.index("module_c =") < made.index("module_b =") < made.index("module_a =")


@pytest.mark.parametrize(
    "sources",
    [
        {"a.js": 'import { x } from "./gone.js";\n'},
        {"a.js": 'import { x } from "./b.js";\n', "b.js": 'import { y } from "./a.js";\n'},
        {"a.js": "export default 1;\n"},
        {"a.js": 'import * as all from "./b.js";\n', "b.js": ""},
        {"a.js": 'import "./b.js";\n', "b.js": ""},
    ],
)
def test_a_writing_that_it_does_not_know_is_refused(sources: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"\.js"):
        bundle(sources, "a.js")


def test_our_style_sheets_ask_for_no_other_file() -> None:
    asked = re.findall(r"url\(\s*[\"']?(?!data:|#)([^\"')]+)", held.style_sheet())
    assert asked == []
    assert "@import" not in held.style_sheet()
    assert held.style_sheet().count("data:font/woff2") == 9


def test_the_map_pages_script_is_one_text_and_stays_so() -> None:
    assert held.map_script().count("window.trucquan") >= 1
    assert not re.search(r"^(import|export)\b", held.map_script(), re.MULTILINE)


@pytest.mark.parametrize("bad", ["a </script>", "a </ScRiPt >", "<!-- a"])
def test_a_script_that_ends_its_element_is_not_ours(bad: str) -> None:
    with pytest.raises(ValueError, match="ends its own element"):
        inlined("", (bad,))
    with pytest.raises(ValueError, match="ends its own element"):
        inlined("</style>", ())


# --- paper, scale, projection ---------------------------------------------------------------


@pytest.mark.parametrize("paper", list(Paper))
def test_nothing_on_the_sheet_lies_on_another(paper: Paper) -> None:
    layout = sheet(paper)
    boxes = [layout.head, layout.chart, layout.side, layout.foot]
    for number, one in enumerate(boxes):
        assert one.x >= layout.margin - 1e-9
        assert one.x + one.width <= layout.width - layout.margin + 1e-9
        assert one.y + one.height <= layout.height - layout.margin + 1e-9
        for other in boxes[number + 1 :]:
            assert not crossing(one, other)
    assert nation.height_for(layout.side.width) < layout.side.height / 2


def crossing(one: Box, other: Box) -> bool:
    apart = (
        one.x + one.width <= other.x + 1e-9
        or other.x + other.width <= one.x + 1e-9
        or one.y + one.height <= other.y + 1e-9
        or other.y + other.height <= one.y + 1e-9
    )
    return not apart


def test_the_city_fits_at_a_usual_scale() -> None:
    made = fit(CITY, 211.0, 160.0)
    assert made.scale == 250_000
    for lat, lon in ((CITY.south, CITY.west), (CITY.north, CITY.east)):
        x, y = made.at(lat, lon)
        assert 0 <= x <= 211
        assert 0 <= y <= 160
    assert fit(Bounds(20.9, 107.0, 20.9, 107.0), 200, 160).scale == 1000


LATS, LONS = st.floats(8.5, 23.0), st.floats(103.0, 117.0)


@given(LATS, LONS, st.floats(0.002, 0.5), st.floats(0.002, 0.5))
def test_the_scale_bar_is_as_long_as_the_geodesic_says(
    lat: float, lon: float, up: float, right: float
) -> None:
    """Within 1 %, along the bar and across it, wherever in Việt Nam the sheet lies."""
    frame = Bounds(lat - up / 2, lon - right / 2, lat + up / 2, lon + right / 2)
    made = fit(frame, 211.0, 160.0)
    drawn = bar(made, 55.0)
    assert 20.0 <= drawn.length <= 55.0 + 1e-9
    x, y = made.width / 2, made.height / 2
    along = distance_m(made.back(x - drawn.length / 2, y), made.back(x + drawn.length / 2, y))
    down = distance_m(made.back(x, y - drawn.length / 2), made.back(x, y + drawn.length / 2))
    assert along == pytest.approx(drawn.metres, rel=0.01)
    assert down == pytest.approx(drawn.metres, rel=0.01)
    edge = distance_m(made.back(5, 5), made.back(5 + drawn.length, 5))
    assert edge == pytest.approx(drawn.metres, rel=0.01)


@given(LATS, LONS, st.floats(0, 211), st.floats(0, 160), st.integers(1000, 500_000))
def test_back_is_the_way_back(lat: float, lon: float, x: float, y: float, scale: int) -> None:
    made = Projection((lat, lon), scale, 211.0, 160.0)
    assert made.at(*made.back(x, y)) == pytest.approx((x, y), abs=1e-6)


# --- names ------------------------------------------------------------------------------------

POINTS = st.tuples(st.floats(0, 200), st.floats(0, 150))
WORDS = st.sampled_from(["Bãi Cháy", "Hồng Gai", "Trần Hưng Đạo", "Hà Tu", "Kỳ Thượng"])


@given(st.lists(st.tuples(WORDS, POINTS, st.floats(0, 9)), max_size=40), st.lists(POINTS, max_size=30))
def test_no_name_covers_another_or_leaves_the_map(
    wanted: list[tuple[str, tuple[float, float], float]], marks: list[tuple[float, float]]
) -> None:
    names = [Name(text, x, y, room) for text, (x, y), room in wanted]
    corner = Label("", 30, 140, 60, 20)
    laid = lay(names, marks, (200.0, 150.0), 7.0, (corner,))
    assert sorted(one.key or one.text for one in laid) == sorted(name.text for name in names)
    written = [one for one in laid if not one.key]
    for number, one in enumerate(written):
        assert one.x - one.width / 2 >= 0
        assert one.x + one.width / 2 <= 200
        assert not one.meets(corner)
        assert not any(one.meets(other) for other in written[number + 1 :])
    numbers = [int(one.text) for one in laid if one.key]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_a_name_moves_off_a_mark() -> None:
    (label,) = lay([Name("Hà Tu", 50, 50, 1)], [(50, 50)], (100.0, 100.0), 7.0)
    assert abs(label.y - 50) > label.height / 2 or abs(label.x - 50) > label.width / 2


# --- pictures ---------------------------------------------------------------------------------


def test_every_island_of_both_archipelagos_has_its_dot() -> None:
    found = json.loads(nation.FILE.read_text(encoding="utf-8"))["features"]
    parts = {one["properties"]["name"]: len(one["geometry"]["coordinates"]) for one in found}
    assert parts["Quần đảo Hoàng Sa"] == 46
    assert parts["Quần đảo Trường Sa"] == 140
    assert nation.FILE.stat().st_size <= 120_000
    small = nation.inset(64.0, CITY)
    assert small.picture.count("<circle") == 186
    for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', small.picture):
        assert 0 < float(x) < small.width
        assert 0 < float(y) < small.height
    assert [word.text for word in small.words] == ["Quần đảo Hoàng Sa", "Quần đảo Trường Sa", "Biển Đông"]


def test_where_the_sheet_lies_can_be_seen_however_small_it_is() -> None:
    small = nation.inset(64.0, Bounds(20.95, 107.05, 20.951, 107.051))
    frame = re.search(r"h([\d.]+)v([\d.]+)", small.picture)
    assert frame
    assert min(map(float, frame.groups())) >= 2.0


def test_far_islets_are_cut_and_a_crossed_line_is_mended() -> None:
    view = fit(CITY, 211.0, 160.0)
    far = chart.path(view, square(110.0, 15.0, 0.1))
    bow = {
        "type": "Polygon",
        "coordinates": [[[107.0, 21.0], [107.1, 21.1], [107.1, 21.0], [107.0, 21.1], [107.0, 21.0]]],
    }
    assert far == ""
    assert chart.path(view, bow).count("M") == 2


def test_a_state_is_a_shape_before_it_is_a_colour() -> None:
    def shape(name: str) -> str:
        return re.sub(r"#[0-9a-f]{6}", "", chart.MARKS[name])

    assert len({shape(name) for name in chart.MARKS}) == len(chart.MARKS)
    drawn = chart.marks(fit(CITY, 211, 160), [Spot("none", 10, 20, 2)])
    assert "translate(10.00 20.00) scale(1.00)" in drawn
    wards = chart.ground(fit(CITY, 211, 160), (), None, [Patch(square(107, 21, 0.1), None, own=True)])
    assert "url(#hatch)" in wards


def test_a_name_of_a_file_is_plain() -> None:
    assert plain("Phường Bãi Cháy") == "phuong-bai-chay"
    assert plain("../../<x>") == "x"
    assert plain("日本") == "khong-ten"


# --- typesetting ------------------------------------------------------------------------------


def test_what_people_typed_is_set_as_text_and_never_read_as_markup(tmp_path: Path) -> None:
    made = typeset.pdf(
        values(title=PAYLOADS[4], counts=list(PAYLOADS), names=[[PAYLOADS[1], 50, 50, False]]), 1
    )
    text = " ".join(text_of(made, tmp_path).split())
    for payload in PAYLOADS:
        assert "".join(payload.split()) in "".join(text.split())
    assert "root:" not in text
    assert sizes_of(made, tmp_path) == ["841.89 x 595.276"]


def test_a_letter_that_the_font_lacks_costs_no_sheet(tmp_path: Path) -> None:
    made = typeset.pdf(values(title="Phường 日本 🎉 Bãi Cháy"), 1)
    assert "Bãi Cháy" in text_of(made, tmp_path)


def test_the_same_sheet_has_the_same_bytes() -> None:
    assert typeset.pdf(values(), 1_618_800_000) == typeset.pdf(values(), 1_618_800_000)


def test_a_sheet_that_takes_too_long_or_fails_is_given_up() -> None:
    with pytest.raises(typeset.Unfinished, match="seconds"):
        typeset.pdf(values(), 1, seconds=0.01)
    with pytest.raises(typeset.Unfinished):
        typeset.pdf({"title": "nothing else"}, 1)
