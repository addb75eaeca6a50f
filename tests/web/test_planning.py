"""The inputs of planning: five lists that the office keeps, what is refused, two people at once."""

import json
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inventory.campaigns import facts_versions
from inventory.database import db, snapshot
from inventory.errors import Unseen
from inventory.facts import KindFact
from inventory.identity import new_id
from inventory.outcomes import Done, Refused, Stale
from inventory.receipts import entry_of
from inventory.tables.campaign import Campaign
from inventory.tables.trail import TrailLine
from inventory.vocabulary import Family
from maps.planning import actions, demo, queries
from maps.planning.inputs import Duty, Fund, Inputs, PlanZone, Site, Supply, as_words
from maps.planning.rules import problems
from maps.planning.samples import supply
from maps.planning.weights import Weight, WeightOn
from tests.city import City
from tests.client import Visitor
from tests.web.furnished import acting, plan_inputs

Visit = Callable[[str | None], Visitor]

SQUARE = "20,95 107,01\n20,95 107,02\n20,96 107,02\n20,96 107,01"
OPEN = '{"type":"Polygon","coordinates":[[[107,20.9],[107,21],[107.1,21]]]}'
XSS = "<script>alert(1)</script>\"'&"

SITE = {"name": "Ngã tư chợ", "lat": "20,96", "lon": "107,02", "duty": "may"}
ZONE = {"name": "Bờ vịnh", "rule": "exclusion", "reason": "cảnh quan", "corners": SQUARE}
WEIGHT = {"subject": "area_kind:xa", "factor": "1,2", "reason": "nơi xa", "guess": "y"}
FUND = {"name": "Ngân sách Thành phố", "cap": "500.000.000 đ", "position": "1"}
SUPPLY = {"kind": "BANNER_H", "lead_days": "5", "life": "1", "life_in": "campaigns", "most": ""}
#: The five lists: the address, and a row that can be kept.
LISTS: dict[str, dict[str, str]] = {
    "sites": SITE,
    "zones": ZONE,
    "weights": WEIGHT,
    "funds": FUND,
    "supplies": SUPPLY,
}


def add(office: Visitor, which: str, status: int = 303, **typed: Any) -> None:
    """Open the form of a new row, fill it in, send it."""
    address = f"/planning/{which}/new"
    office.get(address)
    office.post(address, {**office.fields(address), **LISTS[which], **typed}, status)


def stored(app: Flask, city: City) -> Inputs:
    with app.app_context(), snapshot() as session:
        return queries.inputs(session, city.campaign)


def test_each_list_takes_a_row_changes_it_and_lets_it_go(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    for which in LISTS:
        add(office, which)
    found = stored(app, city)
    (site,), (zone,), (weight,), (fund,), (supply,) = (
        found.sites, found.zones, found.weights.rows, found.funds, found.supplies
    )  # fmt: skip
    assert (site.area_id, site.lat, site.duty, site.kinds) == (city.ward_a, 20.96, Duty.MAY, ())
    assert (zone.reason, zone.minimum) == ("cảnh quan", 0)
    assert (weight.on, weight.subject, weight.factor, weight.guess) == (WeightOn.AREA_KIND, "xa", 1.2, True)
    assert (fund.cap, fund.areas) == (500_000_000, ())
    assert (supply.lead_days, supply.life, supply.most) == (5, 1, None)
    office.get("/planning")
    words = office.words().replace("\u00a0", " ")
    for text in ("Ngã tư chợ", "Bờ vịnh", "cảnh quan", "1,2", "500.000.000 đ", "giả định", "1 cuộc bầu cử"):
        assert text in words
    for which, change in (
        ("sites", {"duty": "must", "families": "billboard"}),
        ("zones", {"rule": "must", "minimum": "2", "kinds": "PANEL_SMALL"}),
        ("weights", {"factor": "2"}),
        ("funds", {"cap": "", "areas": str(city.ward_b)}),
        ("supplies", {"lead_days": "", "life_in": "years"}),
    ):
        office.get(f"/planning/{which}/1")
        office.post(f"/planning/{which}/1", {**office.fields(f"/planning/{which}/1"), **change})
    found = stored(app, city)
    assert (found.sites[0].duty, found.sites[0].families) == (Duty.MUST, (Family.BILLBOARD,))
    assert (found.zones[0].minimum, found.zones[0].kinds) == (2, ("PANEL_SMALL",))
    assert found.weights.rows[0].factor == 2.0
    assert (found.funds[0].cap, found.funds[0].areas) == (None, (city.ward_b,))
    assert (found.supplies[0].lead_days, found.supplies[0].life_in) == (None, "years")
    for which in LISTS:
        office.get(f"/planning/{which}/1")
        office.post(f"/planning/{which}/1/removal", office.fields(f"/planning/{which}/1/removal"))
        office.get(f"/planning/{which}/1", 404)
    assert stored(app, city) == Inputs()


def test_a_change_moves_no_facts_and_leaves_a_line(app: Flask, city: City, visit: Visit) -> None:
    def facts() -> tuple[int, dict[int, int]]:
        with app.app_context():
            campaign = db.session.get_one(Campaign, city.campaign)
            return campaign.facts_version, facts_versions(db.session(), city.campaign)

    before = facts()
    office = visit("culture_office")
    add(office, "sites")
    office.get("/planning/sites/1")
    form = office.fields("/planning/sites/1")
    office.post("/planning/sites/1", {**form, "name": "Ngã năm"})
    office.post("/planning/sites/1", {**form, "name": "Ngã năm"})
    office.get("/planning/sites/1")
    office.post("/planning/sites/1/removal", office.fields("/planning/sites/1/removal"))
    assert facts() == before
    with app.app_context():
        lines = list(db.session.scalars(select(TrailLine).order_by(TrailLine.number)))
        assert [line.act for line in lines] == ["planning.added", "planning.changed", "planning.removed"]
        assert {line.area_id for line in lines} == {city.ward_a}
        assert lines[1].detail == {"name": "Ngã năm", "version": 2}


def test_the_same_press_is_one_row(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    for which, words in LISTS.items():
        address = f"/planning/{which}/new"
        office.get(address)
        form = {**office.fields(address), **words}
        office.post(address, form)
        office.post(address, form)
    found = stored(app, city)
    assert [len(rows) for rows in as_words(found).values()] == [1] * 5


WRONG: tuple[tuple[str, dict[str, str], str], ...] = (
    ("sites", {"name": ""}, "Hãy điền chỗ này."),
    ("sites", {"lat": ""}, "Hãy điền chỗ này."),
    ("sites", {"lat": "abc"}, "Không đọc được tọa độ"),
    ("sites", {"lat": "107,02", "lon": "20,96"}, "vượt quá giới hạn"),
    ("sites", {"lat": "48,8", "lon": "2,3"}, "ngoài Việt Nam"),
    ("sites", {"lat": "20,5"}, "ngoài ranh giới tham khảo của Phường Hồng Thử"),
    ("sites", {"area_id": "999"}, "chọn một mục"),
    ("sites", {"kinds": "NONE"}, "Có mục không còn trong danh sách."),
    ("zones", {"reason": ""}, "Hãy điền chỗ này."),
    ("zones", {"corners": "20,95 107,01"}, "ít nhất ba góc"),
    ("zones", {"corners": "20,95 107,01\n20,96 107,02\n20,96 107,01\n20,95 107,02"}, "tự cắt"),
    ("zones", {"corners": "20,95 107,01\nx\n20,96 107,01"}, "Dòng 2: không đọc được"),
    ("zones", {"corners": "20,1 106,1\n20,1 106,2\n20,2 106,2"}, "không nằm trên phường, xã nào"),
    ("zones", {"corners": OPEN}, "khép kín"),
    ("zones", {"rule": "must"}, "từ 1 đến 1.000"),
    ("weights", {"factor": "0"}, "từ 0,1 đến 10"),
    ("weights", {"factor": "1e3"}, "Số chưa đúng"),
    ("weights", {"subject": "area:999"}, "chọn một mục"),
    ("funds", {"cap": "1.000.000.000.000.001"}, "từ 0 đến 1.000.000.000.000.000"),
    ("funds", {"cap": "-5"}, "Viết số tiền nguyên đồng"),
    ("funds", {"cap": "1,5"}, "Viết số tiền nguyên đồng"),
    ("funds", {"cap": "9" * 20}, "Viết số tiền nguyên đồng"),
    ("funds", {"position": "0"}, "từ 1 đến 99"),
    ("supplies", {"lead_days": "400"}, "từ 0 đến 365"),
    ("supplies", {"lead_days": "1,5"}, "Số chưa đúng"),
    ("supplies", {"most": "-1"}, "từ 0 đến 1.000.000"),
    ("supplies", {"kind": "NONE"}, "chọn một mục"),
)  # fmt: skip


def test_what_cannot_be_kept_is_said_and_stays_typed(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    for which, typed, said in WRONG:
        add(office, which, 422, **typed)
        assert said in office.words(), (which, typed)
        shown = office.fields(f"/planning/{which}/new")
        for name, value in typed.items():
            if name not in {"area_id", "kinds", "subject", "kind", "rule"}:
                assert shown[name].strip() == value, (which, typed)
    assert stored(app, city) == Inputs()


def test_bounds_of_money_are_kept(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    for cap in ("0", "1.000.000.000.000.000", ""):
        add(office, "funds", cap=cap)
    assert [fund.cap for fund in stored(app, city).funds] == [0, 10**15, None]


def test_a_subject_has_one_row(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    for which in ("weights", "supplies"):
        add(office, which)
        add(office, which, 422)
        assert "Mục này đã có một dòng" in office.words()
    add(office, "weights", subject=f"place:{city.places_a[0]}")
    office.get("/planning")
    assert "Khu vực bỏ phiếu số 01, Nhà văn hóa khu 1 (Phường Hồng Thử)" in office.words()


def test_a_subject_cannot_be_sent_anew(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    add(office, "weights")
    office.get("/planning/weights/1")
    form = office.fields("/planning/weights/1")
    office.post("/planning/weights/1", {**form, "subject": f"area:{city.ward_a}", "factor": "3"})
    (row,) = stored(app, city).weights.rows
    assert (row.on, row.subject, row.factor) == (WeightOn.AREA_KIND, "xa", 3.0)


CONFLICTS: tuple[tuple[str, dict[str, str], dict[str, str], str], ...] = (
    ("sites", {"duty": "must"}, {"duty": "must_not"}, "“Bắt buộc đặt”, vừa nhập là “Không được đặt”"),
    ("zones", {"reason": "a"}, {"reason": "b"}, "“a”, vừa nhập là “b”"),
    ("zones", {"corners": SQUARE + "\n20,955 107,005"}, {"name": "x"}, "“5 góc”, vừa nhập là “4 góc”"),
    ("weights", {"factor": "2"}, {"factor": "3"}, "“2”, vừa nhập là “3”"),
    ("funds", {"cap": "5"}, {"cap": ""}, "“5”, vừa nhập là “–”"),
    ("supplies", {"life_in": "years"}, {"most": "7"}, "“năm”, vừa nhập là “cuộc bầu cử”"),
)


def test_two_people_change_one_row_and_the_second_is_told(app: Flask, city: City, visit: Visit) -> None:
    one, two = visit("culture_office"), visit("culture_office")
    made: Counter[str] = Counter()
    for which, mine, theirs, told in CONFLICTS:
        add(one, which)
        made[which] += 1
        address = f"/planning/{which}/{made[which]}"
        one.get(address)
        two.get(address)
        late = {**two.fields(address), **theirs}
        gone = two.fields(f"{address}/removal")
        one.post(address, {**one.fields(address), **mine})
        kept = as_words(stored(app, city))
        two.post(address, late, 409)
        assert told in two.words()
        again = two.fields(address)
        two.post(f"{address}/removal", gone)
        two.get(address)
        assert "Người khác vừa sửa dòng này" in two.words()
        assert as_words(stored(app, city)) == kept
        two.post(address, again)
        assert as_words(stored(app, city)) != kept


def test_words_of_people_are_words(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    add(office, "sites", name=XSS, note=XSS)
    add(office, "zones", name=XSS, reason=XSS)
    add(office, "funds", name=XSS, source=XSS)
    add(office, "weights", reason=XSS)
    page = office.get("/planning").text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 7
    for which in ("sites", "zones", "funds", "weights"):
        assert "<script>alert" not in office.get(f"/planning/{which}/1").text
    shapes = json.loads(office.get("/planning/shapes.json").text)
    names = {one["properties"]["name"] for one in shapes["features"]}
    assert names == {XSS}


def file_of(*features: Any) -> dict[str, Any]:
    text = json.dumps({"type": "FeatureCollection", "features": list(features)})
    return {"file": (BytesIO(text.encode()), "vung.geojson"), "rule": "exclusion", "reason": "lưới điện"}


def part(lon: float, **properties: Any) -> dict[str, Any]:
    ring = [[lon, 20.95], [lon + 0.01, 20.95], [lon + 0.01, 20.96], [lon, 20.95]]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_a_file_of_zones_comes_in_whole_or_not_at_all(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    address = "/planning/zones/import"
    office.get(address)
    form = office.fields(address)
    broken = part(107.01)
    broken["geometry"]["coordinates"][0].pop()
    office.post(address, {**form, **file_of(part(107.0), broken)}, 422)
    assert "Không nhận được vùng thứ 2 của tệp." in office.words()
    assert "khép kín" in office.words()
    office.post(address, {**form, **file_of(part(107.0), part(105.0))}, 422)
    assert "không nằm trên phường, xã nào" in office.words()
    office.post(address, {**form, "rule": "exclusion", "reason": "x"}, 422)
    assert "Hãy chọn một tệp." in office.words()
    assert stored(app, city).zones == ()
    good = {**office.fields(address), **form}
    office.post(address, {**good, **file_of(part(107.0, name="A", reason="riêng"), part(107.01))})
    office.post(address, {**good, **file_of(part(107.0, name="A", reason="riêng"), part(107.01))})
    zones = stored(app, city).zones
    assert [(zone.name, zone.reason) for zone in zones] == [("A", "riêng"), ("Vùng 2", "lưới điện")]


def test_a_list_has_an_end(app: Flask, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_ROWS", 1)
    with app.app_context():
        actor, campaign = acting(city.people["culture_office"])
        rows = [Fund(name="a", cap=1), Fund(name="b", cap=1)]
        first, second = (actions.add(actor, campaign, row, entry_of(new_id(), {})) for row in rows)
        assert isinstance(first, Done)
        assert isinstance(second, Refused)
        assert second.problems[0].code == "many"


def test_the_contradiction_of_a_must_is_told(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    add(office, "sites", duty="must", lat="20,957", lon="107,012")
    office.get("/planning")
    assert "mọi loại đều bị vùng cấm loại trừ" not in office.words()
    add(office, "zones")
    office.get("/planning")
    assert "Điểm “Ngã tư chợ” bắt buộc phải có công trình" in office.words()


def test_who_sees_and_who_changes(app: Flask, city: City, visit: Visit) -> None:
    with app.app_context():
        plan_inputs(city)
    for who, status in (("leader", 200), ("auditor", 200), ("ward_staff", 403), ("admin", 403)):
        visit(who).get("/planning", status)
    leader = visit("leader")
    leader.get("/planning")
    assert "Thêm vị trí dự kiến" not in leader.words()
    leader.get("/planning/sites/1", 403)
    leader.post("/planning/sites/1", {"entry_id": new_id()}, 403)
    visit("culture_office").get("/planning/sites/999999", 404)


def test_rows_of_another_campaign_are_not_there(app: Flask, city: City) -> None:
    with app.app_context():
        plan_inputs(city)
        actor, campaign = acting(city.people["culture_office"])
        first = db.session.get_one(Campaign, city.campaign)
        other = Campaign(
            code="khac",
            name="Khác",
            election_day=first.election_day,
            tree_date=first.tree_date,
            decoration_deadline=first.decoration_deadline,
            root_area_id=city.root,
        )
        db.session.add(other)
        db.session.flush()
        elsewhere = type(campaign)(**{**vars(campaign), "id": other.id})
        assert queries.inputs(db.session(), other.id) == Inputs()
        ground = queries.ground(actor, elsewhere)
        for of in (Site, PlanZone, Weight, Fund, Supply):
            with pytest.raises(Unseen):
                queries.one(elsewhere, of, 1, ground)
        fund = Fund(name="x", cap=1, id=1)
        with pytest.raises(Unseen):
            actions.save(actor, elsewhere, fund, 1, entry_of(new_id(), {}))
        with pytest.raises(Unseen):
            actions.remove(actor, elsewhere, Fund, 1, 1, entry_of(new_id(), {}))


def test_an_action_says_what_happened(app: Flask, city: City) -> None:
    with app.app_context():
        plan_inputs(city)
        actor, campaign = acting(city.people["culture_office"])
        changed = Fund(name="Khác", cap=7, id=1)
        assert actions.save(actor, campaign, changed, 1, entry_of(new_id(), {})) == Done("1", 2)
        stale = actions.save(actor, campaign, Fund(name="Khác", cap=8, id=1), 1, entry_of(new_id(), {}))
        assert stale == Stale(2, (("cap", 7, 8),))
        # What both wrote alike is no conflict.
        same = actions.save(actor, campaign, changed, 1, entry_of(new_id(), {}))
        assert isinstance(same, Done)


def test_the_demo_marks_every_guess(app: Flask, city: City) -> None:
    assert all(row.guess and "iả định" in row.source for row in supply())
    with app.app_context():
        demo.load(city.campaign)
        db.session.commit()
        found = queries.inputs(db.session(), city.campaign)
        kinds: tuple[KindFact, ...] = queries.kinds()
    assert {row.kind for row in found.supplies} == {kind.code for kind in kinds}
    assert [fund.cap for fund in found.funds] == [400_000_000, None]
    for rows in (found.sites, found.zones, found.funds):
        assert all(row.synthetic for row in rows)
    assert all(row.guess for row in found.weights.rows)


def test_the_shipped_assumptions_are_loaded_by_one_press(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    office.get("/planning")
    form = office.fields("/planning/supplies/sample")
    office.post("/planning/supplies/sample", form)
    office.post("/planning/supplies/sample", form)
    rows = stored(app, city).supplies
    assert len(rows) == 7, "a row for each kind that the city has"
    assert all(row.guess for row in rows)
    office.post("/planning/supplies/sample", {"entry_id": new_id()})
    office.get("/planning")
    assert "Mục này đã có một dòng" in office.words()
    assert "Nạp các số giả định ban đầu" not in office.words()
    assert stored(app, city).supplies == rows


def test_the_demo_could_be_typed(app: Flask, city: City) -> None:
    with app.app_context():
        actor, campaign = acting(city.people["culture_office"])
        ground = queries.ground(actor, campaign)
        assert [row for row in supply() if row.kind in ground.kinds and problems(row, ground)] == []
        with pytest.raises(ValueError, match="cap"):
            actions.load(city.campaign, [Fund(name="x", cap=-1)], ground)
