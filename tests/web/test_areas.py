"""Areas and campaigns: the dated tree, its moves, boundaries from outside, elections and milestones."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from inventory.areas import actions, boundaries, campaign_actions, rules
from inventory.areas.boundaries import read_boundary, read_wards
from inventory.areas.rules import CampaignDraft, Edge, MilestoneDraft
from inventory.database import db
from inventory.errors import BadInput
from inventory.outcomes import Done, Refused
from inventory.strict_json import strict_json
from inventory.tables.area import Area, AreaParent
from inventory.tables.campaign import Campaign, Milestone
from inventory.tables.trail import TrailLine
from inventory.vocabulary import AreaKind
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker
from tests.web.query_counting import MOST, counted

WARDS = Path(__file__).parents[2] / "inventory/demo/data/halong_wards_2021.geojson"
SQUARE = [[107.0, 20.9], [107.1, 20.9], [107.1, 21.0], [107.0, 21.0], [107.0, 20.9]]
POLYGON: dict[str, Any] = {"type": "Polygon", "coordinates": [SQUARE]}


def _acts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(TrailLine.act).order_by(TrailLine.number)))


def _typed(visitor: Visitor, page: str, action: str, **words: Any) -> dict[str, Any]:
    visitor.get(page)
    fields = {**visitor.fields(action), **words}
    return {key: value for key, value in fields.items() if value is not None}


# --- the tree, pure -------------------------------------------------------------------------

_days = st.dates(date(2000, 1, 1), date(2030, 1, 1))
_moves = st.lists(st.tuples(_days, st.none() | st.integers(10, 14)), max_size=8)


def _parent(edges: list[Edge], day: date) -> int | None:
    held = [edge.parent_id for edge in edges if edge.covers(day)]
    assert len(held) <= 1, "edges overlap"
    return held[0] if held else None


@given(_moves, _days, st.none() | st.integers(10, 14), st.lists(_days, max_size=10))
def test_a_move_changes_no_day_before_it(
    moves: list[tuple[date, int | None]], day: date, parent: int | None, looks: list[date]
) -> None:
    edges: list[Edge] = []
    for moved_on, to in moves:
        edges = rules.moved(edges, moved_on, to)
    after = rules.moved(edges, day, parent)
    assert _parent(after, day) == parent
    assert all(edge.valid_to is None or edge.valid_to > edge.valid_from for edge in after)
    for look in looks:
        if look < day:
            assert _parent(after, look) == _parent(edges, look)
        _parent(after, look)


def test_a_circle_is_seen_on_every_day() -> None:
    first, later = date(2020, 1, 1), date(2025, 7, 1)
    tree = {2: [Edge(1, first)], 3: [Edge(2, first, later)]}
    assert rules.makes_a_circle(1, [Edge(3, first)], tree)
    assert rules.makes_a_circle(1, [Edge(1, first)], tree)
    assert not rules.makes_a_circle(1, [Edge(3, later)], tree)  # by then 3 is not below 1 any more
    assert not rules.makes_a_circle(4, [Edge(3, first)], tree)


# --- boundaries, pure -----------------------------------------------------------------------

BAD_BOUNDARIES: list[Any] = [
    None,
    [],
    {},
    "Polygon",
    {"type": "Point", "coordinates": [107, 20]},
    {"type": "Polygon"},
    {"type": "Polygon", "coordinates": []},
    {"type": "Polygon", "coordinates": [[]]},
    {"type": "Polygon", "coordinates": [SQUARE[:3]]},
    {"type": "Polygon", "coordinates": [SQUARE[:4]]},
    {"type": "Polygon", "coordinates": [[[20.9, 107.0], [20.9, 107.1], [21.0, 107.1], [20.9, 107.0]]]},
    {"type": "Polygon", "coordinates": [[[x * 10_000, y * 10_000] for x, y in SQUARE]]},
    {"type": "Polygon", "coordinates": [[["107", "20.9"], *SQUARE[1:]]]},
    {"type": "Polygon", "coordinates": [[[True, True], *SQUARE[1:]]]},
    {"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]]},
    {"type": "Polygon", "coordinates": [[[107, 20], [107, 20], [107, 20], [107, 20]]]},
    {"type": "MultiPolygon", "coordinates": [SQUARE]},
    {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]},
    {"type": "Feature", "geometry": None},
    {"type": "FeatureCollection", "features": []},
    {"type": "FeatureCollection", "features": [POLYGON, POLYGON]},
    {"type": "GeometryCollection", "geometries": [POLYGON]},
]


@pytest.mark.parametrize("number", range(len(BAD_BOUNDARIES)))
def test_a_bad_boundary_is_refused_with_a_sentence(number: int) -> None:
    with pytest.raises(BadInput) as refused:
        read_boundary(BAD_BOUNDARIES[number])
    assert refused.value.field == "boundary"


def test_a_boundary_is_kept_with_two_numbers_a_position_and_nothing_else() -> None:
    high = {
        "type": "Polygon",
        "coordinates": [[[*point, 12.5] for point in SQUARE]],
        "crs": "x",
        "note": "<b>",
    }
    found = read_boundary({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": high}]})
    assert found.geometry == POLYGON
    assert (107.0 < found.lon < 107.1, 20.9 < found.lat < 21.0) == (True, True)


_numbers = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
_nested = st.recursive(
    _numbers,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.fixed_dictionaries(
            {"type": st.sampled_from(["Polygon", "MultiPolygon", "Feature", "FeatureCollection"])},
            optional={"coordinates": inner, "geometry": inner, "features": inner, "properties": inner},
        )
    ),
    max_leaves=30,
)


@given(_nested)
def test_any_json_is_a_boundary_or_refused(value: Any) -> None:
    for read in (read_boundary, lambda it: read_wards(it, date(2020, 1, 1), "", "")):
        try:
            read(value)
        except BadInput:
            continue


# --- wards of a file ------------------------------------------------------------------------


def test_the_wards_of_a_file_come_in_once(app: Flask, city: City) -> None:
    collection = json.loads(WARDS.read_text(encoding="utf-8"))
    with app.app_context():
        before = db.session.scalar(select(Campaign.facts_version))
        day = date(2021, 1, 1)
        first = actions.import_wards(collection, city.root, day, "thử", "MIT")
        again = actions.import_wards(collection, city.root, day, "khác", "khác")
        db.session.commit()
        assert isinstance(first, Done)
        assert isinstance(again, Done)
        assert (first.subject, first.again, again.subject, again.again) == ("33", False, "0", True)
        kinds = db.session.execute(
            select(Area.kind, func.count()).where(Area.source == "thử").group_by(Area.kind)
        )
        assert {row[0]: row[1] for row in kinds} == {AreaKind.PHUONG: 21, AreaKind.XA: 12}
        row = db.session.scalars(select(Area).where(Area.code == "06649", Area.valid_from == day)).one()
        assert (row.name, row.name_en, row.folded) == ("Phường Hà Khánh", "Ha Khanh Ward", "phuong ha khanh")
        assert row.boundary is not None
        assert (
            db.session.scalar(select(AreaParent.parent_id).where(AreaParent.child_id == row.id)) == city.root
        )
        assert (db.session.scalar(select(Campaign.facts_version)) or 0) > (before or 0)
        unknown = actions.import_wards(collection, 999_999, day, "", "")
        assert isinstance(unknown, Refused)
    assert _acts(app) == ["area.imported"]


# --- pages ----------------------------------------------------------------------------------


def test_an_admin_adds_changes_and_moves_an_area(app: Flask, city: City, visit: VisitorMaker) -> None:
    admin = visit("admin")
    body = _typed(
        admin,
        f"/areas/new?parent={city.root}",
        "/areas/new",
        code="06700",
        kind="phuong",
        name="Phường Mới",
        valid_from="01/01/2021",
        lat="20,95",
        lon="107,05",
        population="1.200",
    )
    page = admin.post("/areas/new", body).location
    assert admin.post("/areas/new", body).location == page
    admin.get(page)
    assert "Phường Mới" in admin.words()
    assert "từ 01/01/2021" in admin.words()
    admin.get(f"/areas?parent={city.root}&day=2021-02-01")
    assert "Phường Mới" in admin.words()
    admin.get(f"/areas?parent={city.root}&day=2020-02-01")
    assert "Phường Mới" not in admin.words()
    changed = _typed(admin, f"{page}/edit", f"{page}/edit", name="Phường Đổi Tên", population="1300")
    admin.post(f"{page}/edit", changed)
    admin.get("/areas?q=phuong+doi+ten&day=2021-02-01")
    assert "Phường Đổi Tên" in admin.words()
    move = _typed(admin, page, f"{page}/parent", parent="", moved_on="2021-06-01")
    admin.post(f"{page}/parent", move)
    admin.get(page)
    assert "01/01/2021 đến trước 01/06/2021" in admin.words()
    admin.get("/areas?day=2021-07-01")
    assert "Phường Đổi Tên" in admin.words()
    assert _acts(app) == ["area.created", "area.changed", "area.moved"]


def test_the_tree_refuses_circles_and_days_outside(app: Flask, city: City, visit: VisitorMaker) -> None:
    admin = visit("admin")
    with app.app_context():
        draft = rules.AreaDraft("22", AreaKind.PROVINCE, "Tỉnh Thử", date(2020, 1, 1))
        made = actions.create_area(None, draft)
        assert isinstance(made, Done)
        province = int(made.subject)
        assert isinstance(actions.move_area(None, city.root, province, date(2020, 1, 1)), Done)
        db.session.commit()
    page = f"/areas/{province}"
    move = _typed(admin, page, f"{page}/parent", parent=str(city.root), moved_on="2021-06-01")
    admin.post(f"{page}/parent", move, 422)
    assert "không thể nằm dưới chính nó" in admin.words()
    admin.post(f"{page}/parent", {**move, "moved_on": "2019-06-01"}, 422)
    assert "ngoài thời gian có hiệu lực" in admin.words()
    admin.post(f"{page}/parent", {**move, "moved_on": "32/13/2021"}, 422)
    admin.post(f"{page}/parent", {**move, "parent": "999999"}, 422)


def test_predecessors_are_added_shown_and_taken_back(app: Flask, city: City, visit: VisitorMaker) -> None:
    admin = visit("admin")
    with app.app_context():
        draft = rules.AreaDraft("06649", AreaKind.PHUONG, "Phường Gộp", date(2025, 7, 1))
        made = actions.create_area(None, draft)
        assert isinstance(made, Done)
        db.session.commit()
    page = f"/areas/{made.subject}"
    body = _typed(admin, page, f"{page}/predecessors", predecessor=str(city.ward_a), source="NQ 1679")
    admin.post(f"{page}/predecessors", body)
    admin.get("/areas?day=2025-08-01")
    assert "một phần Phường Hồng Thử" in admin.words()
    admin.get(f"/areas/{city.ward_a}")
    assert "Phường Gộp" in admin.words()
    removal = f"{page}/predecessors/{city.ward_a}/remove"
    admin.post(removal, _typed(admin, page, removal))
    admin.get(page)
    assert "Phường Hồng Thử" not in [node.text for node in admin.page.iter("{http://www.w3.org/1999/xhtml}a")]
    admin.post(removal, _typed(admin, page, f"{page}/predecessors"), 404)


def test_a_boundary_comes_in_as_a_file(app: Flask, city: City, visit: VisitorMaker) -> None:
    admin = visit("admin")
    page = f"/areas/{city.ward_a}"
    body = _typed(admin, page, f"{page}/boundary", source="Bản đồ thử", licence="MIT")

    def send(content: bytes, status: int) -> None:
        file = (io.BytesIO(content), "../../x<b>.geojson")
        admin.post(f"{page}/boundary", {**body, "boundary": file}, status)

    for content in (
        b"",
        b"{",
        b"[" * 5000,
        b'{"type":"Polygon","coordinates":[[[NaN,1]]]}',
        b"\xff\xfe",
        b"PK\x03",
    ):
        send(content, 422)
    send(b" " * (boundaries.LONGEST + 1), 422)
    assert "dài quá" in admin.words()
    admin.post(f"{page}/boundary", body, 422)
    assert "Hãy chọn một tệp" in admin.words()
    send(json.dumps(POLYGON).encode(), 303)
    with app.app_context():
        assert db.session.get_one(Area, city.ward_a).boundary == POLYGON
    assert _acts(app) == ["area.boundary"]


@pytest.mark.parametrize(
    "words",
    [
        {"code": ""},
        {"code": "a b"},
        {"code": "06649"},  # taken from that day
        {"name": ""},
        {"name": "x" * 121},
        {"kind": "kingdom"},
        {"valid_from": ""},
        {"valid_from": "2021-02-30"},
        {"valid_from": "1021-01-01"},
        {"valid_to": "2019-01-01"},
        {"lat": "20,9"},
        {"lat": "nan", "lon": "107"},
        {"lat": "107", "lon": "20"},
        {"population": "-5"},
        {"population": "9" * 30},
        {"parent": "999999"},
    ],
)
def test_a_wrong_area_is_refused(app: Flask, city: City, visit: VisitorMaker, words: dict[str, str]) -> None:
    admin = visit("admin")
    right = {"code": "06700", "kind": "phuong", "name": "Phường Mới", "valid_from": "2020-01-01"}
    admin.post("/areas/new", _typed(admin, "/areas/new", "/areas/new", **{**right, **words}), 422)
    assert "Lỗi" in admin.words()
    assert _acts(app) == []


def test_the_second_to_save_an_area_sees_both_values(app: Flask, city: City, visit: VisitorMaker) -> None:
    first, second = visit("admin"), visit("admin")
    address = f"/areas/{city.ward_a}/edit"
    mine, theirs = (
        _typed(first, address, address, name="Tên thứ nhất"),
        _typed(second, address, address, name="Tên thứ hai"),
    )
    first.post(address, mine)
    second.post(address, theirs, 409)
    assert "Tên thứ nhất" in second.words()
    second.post(address, second.fields(address))
    with app.app_context():
        assert db.session.get_one(Area, city.ward_a).name == "Tên thứ hai"


def test_an_admin_adds_a_campaign_with_milestones(app: Flask, city: City, visit: VisitorMaker) -> None:
    admin = visit("admin")
    body = _typed(
        admin,
        "/campaigns/new",
        "/campaigns/new",
        code="thu-2026",
        name="Bầu cử thử 2026",
        root_area_id=str(city.root),
        election_day="15/03/2026",
        decoration_deadline="2026-03-01",
        tree_date="2026-01-01",
    )
    page = admin.post("/campaigns/new", body).location
    assert admin.post("/campaigns/new", body).location == page
    mark = _typed(
        admin, page, f"{page}/milestones", code="list", name_vi="Niêm yết danh sách cử tri", offset_days="-40"
    )
    admin.post(f"{page}/milestones", mark)
    admin.get(page)
    assert "03/02/2026" in admin.words()
    changed = _typed(admin, page, page, election_day="2026-03-22", pinned_today=None)
    admin.post(page, changed)
    admin.get(page)
    assert "10/02/2026" in admin.words()
    admin.post(page, {**changed, "entry_id": "0190f0f0-0000-7000-8000-000000000001", "name": "Khác"}, 409)
    removal = f"{page}/milestones/list/remove"
    admin.post(removal, _typed(admin, page, removal))
    admin.get("/campaigns")
    assert "Bầu cử thử 2026" in admin.words()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Milestone)) == 0
    assert _acts(app) == ["campaign.created", "milestone.set", "campaign.changed", "milestone.removed"]


@pytest.mark.parametrize(
    "words",
    [
        {"code": "X"},
        {"code": "thu-2021"},
        {"name": ""},
        {"root_area_id": "999999"},
        {"root_area_id": "x"},
        {"election_day": ""},
        {"decoration_deadline": "2026-04-01"},
        {"tree_date": "2019-01-01"},
        {"pinned_today": "yesterday"},
        {"election_day": "9999-12-31"},
    ],
)
def test_a_wrong_campaign_is_refused(
    app: Flask, city: City, visit: VisitorMaker, words: dict[str, str]
) -> None:
    admin = visit("admin")
    right = {
        "code": "thu-2026",
        "name": "Bầu cử thử 2026",
        "root_area_id": str(city.root),
        "election_day": "2026-03-15",
        "decoration_deadline": "2026-03-01",
        "tree_date": "2026-01-01",
    }
    body = _typed(admin, "/campaigns/new", "/campaigns/new", **{**right, **words})
    admin.post("/campaigns/new", body, 422)
    assert _acts(app) == []


def test_campaigns_of_commands_are_checked_too(app: Flask, city: City) -> None:
    with app.app_context():
        day = date(2026, 3, 15)
        draft = CampaignDraft("thu-2026", "Thử", day, day + timedelta(days=1), day, city.root)
        assert isinstance(campaign_actions.create_campaign(None, draft), Refused)
        bad = MilestoneDraft("X Y", "", 5000)
        outcome = campaign_actions.set_milestone(None, city.campaign, bad)
        assert isinstance(outcome, Refused)
        assert [problem.field for problem in outcome.problems] == ["code", "name_vi", "offset_days"]


@pytest.mark.parametrize(
    "query", ["day=x", "parent=x", "after=99999", "q=%00%ff", "parent=999999", "day=0001-01-01"]
)
def test_odd_addresses_answer_a_page(app: Flask, city: City, visit: VisitorMaker, query: str) -> None:
    visit("admin").get(f"/areas?{query}", 404 if query == "parent=999999" else 200)


@pytest.mark.parametrize(
    "address",
    ["/areas", "/areas?parent=2", "/areas?q=a", "/areas/2", "/areas/2/edit", "/campaigns", "/campaigns/1"],
)
def test_pages_of_areas_ask_few_queries(app: Flask, city: City, visit: VisitorMaker, address: str) -> None:
    admin = visit("admin")
    with counted(app) as asked:
        admin.get(address)
    assert len(asked) <= MOST, asked


@pytest.mark.parametrize("who", ["ward_staff", "ward_lead", "culture_office", "leader", "auditor"])
def test_only_admins_manage_areas(app: Flask, city: City, visit: VisitorMaker, who: str) -> None:
    visitor = visit(who)
    for address in (
        "/areas",
        "/areas/new",
        f"/areas/{city.ward_a}",
        "/campaigns",
        f"/campaigns/{city.campaign}",
    ):
        visitor.get(address, 403)
    visitor.post(f"/areas/{city.ward_a}/boundary", {}, 403)


def test_the_strict_reader_takes_the_shipped_wards() -> None:
    assert len(read_wards(strict_json(WARDS.read_bytes(), 2_000_000), date(2020, 1, 1), "s", "l")) == 33


def test_a_move_may_not_take_polling_places_out_of_an_open_campaign(app: Flask, city: City) -> None:
    with app.app_context():
        outcome = actions.move_area(None, city.ward_a, None, date(2020, 1, 1))
        assert isinstance(outcome, Refused)
        assert [problem.code for problem in outcome.problems] == ["places_left_out"]
        db.session.commit()
        edges = db.session.query(AreaParent).filter_by(child_id=city.ward_a).all()
        assert [edge.parent_id for edge in edges] == [city.root]
