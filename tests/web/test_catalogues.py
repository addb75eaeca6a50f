"""Standards by versions, kinds and slogans as the office keeps them and wards read them."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from inventory.campaigns import standard_in_force
from inventory.catalogues import loading
from inventory.database import db
from inventory.directory import standard_version
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.installations.record import Record
from inventory.outcomes import Done
from inventory.receipts import entry_of
from inventory.snapshot import read_facts
from inventory.tables.campaign import AreaFacts, Campaign
from inventory.tables.installation import Installation
from inventory.tables.kind import Kind, KindCondition
from inventory.tables.slogan import Slogan
from inventory.tables.standard import Requirement, Standard
from inventory.tables.survey import Survey
from inventory.tables.trail import Receipt, TrailLine
from inventory.vocabulary import Condition, Lifecycle, Zone
from maps.tables.prices import PriceBook, PriceRow
from tests.city import TODAY, City
from tests.client import Visitor
from tests.conftest import VisitorMaker
from tests.web.furnished import acting
from tests.web.query_counting import MOST, counted

Words = dict[str, Any]


def typed(visitor: Visitor, page: str, **words: Any) -> Words:
    """What a browser would send from the form of a page, with some fields typed anew; None unticks."""
    visitor.get(page)
    return {key: value for key, value in {**visitor.fields(page), **words}.items() if value is not None}


def draft_of(office: Visitor) -> str:
    """Begin a draft; its address."""
    office.get("/standards")
    answer = office.post("/standards", office.fields("/standards"))
    return str(answer.headers["Location"])


def rows_of(office: Visitor, draft: str) -> dict[str, str]:
    """The address of each row of a draft, by its code, in the page's order."""
    page = office.client.get(draft).text
    addresses = dict.fromkeys(re.findall(rf'href="({draft}/requirements/\d+)"', page))
    found = re.findall(r'class="cat-code">([^<]+)<', page)
    return dict(zip(found, addresses, strict=True))


def press(office: Visitor, page: str, action: str, status: int = 303, **words: Any) -> Any:
    """Press a button of a page."""
    office.get(page)
    return office.post(action, {**office.fields(action), **words}, status)


def facts(app: Flask, city: City) -> tuple[int, dict[int, int]]:
    with app.app_context():
        campaign = db.session.get_one(Campaign, city.campaign)
        rows = db.session.execute(select(AreaFacts.area_id, AreaFacts.version)).all()
        return campaign.facts_version, {row.area_id: row.version for row in rows}


def acts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(TrailLine.act).order_by(TrailLine.number)))


def hang(app: Flask, city: City, who: str = "ward_staff", **fields: Any) -> str:
    """Record a banner in a ward; its id."""
    with app.app_context():
        actor, campaign = acting(city.people[who])
        ward = city.ward_a if who == "ward_staff" else city.ward_b
        words: Words = {"kind_code": "BANNER_H", "area_id": ward, "zone": Zone.PUBLIC, **fields}
        outcome = installations.record(actor, campaign, Record(**words), entry_of(new_id(), {}))
        assert isinstance(outcome, Done), outcome
        db.session.commit()
        return outcome.subject


def bare(app: Flask, city: City, kinds: bool = False) -> None:
    """A campaign without a standard, and without kinds too."""
    with app.app_context():
        tables: list[Any] = [Requirement, Survey, Standard]
        if not kinds:
            tables += [PriceRow, PriceBook, KindCondition, Kind]
        for table in tables:
            db.session.execute(delete(table))
        db.session.commit()


# --- standards ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ward_staff", "ward_lead", "culture_office", "leader", "auditor"])
def test_everybody_reads_the_version_in_force_in_words(visit: VisitorMaker, who: str) -> None:
    visitor = visit(who)
    visitor.get("/standards")
    words = visitor.words()
    assert "Tiêu chuẩn thử đang áp dụng" in words
    assert "ít nhất 10 lá" in words
    assert "1 cái cho mỗi 1.000 cử tri, ít nhất 1" in words
    assert "Loại nào cũng được: Loa, âm thanh tính giá theo Cụm loa FM" in words
    assert "trong vòng 300 m" in words
    assert words.index("Cổng vào") < words.index("Trước phòng bỏ phiếu") < words.index("Nơi công cộng")
    assert ("Phiên bản mới" in words) == (who == "culture_office")


def test_a_draft_is_copied_changed_and_put_in_force(app: Flask, city: City, visit: VisitorMaker) -> None:
    office = visit("culture_office")
    draft = draft_of(office)
    rows = rows_of(office, draft)
    assert list(rows) == ["G1", "G2", "G3", "G4", "O1", "P1", "M1"]
    changed = typed(
        office, rows["G1"], minimum="2", per_voters="1.500", source="Quyết định 12", guess="y", name_en=""
    )
    office.post(rows["G1"], changed)
    new = f"{draft}/requirements/new"
    more = {"code": "R1", "name_vi": "Phướn đường vào", "zone": "route", "what": "family:banner"}
    office.post(
        new,
        typed(
            office,
            new,
            **more,
            priced_kind_code="BANNER_H",
            minimum="0",
            per_voters="250",
            counted="within",
            within_m="125,5",
        ),
    )
    press(office, rows["G3"], f"{rows['G3']}/removal")
    office.post(f"{draft}/words", typed(office, f"{draft}/words", name="Tiêu chuẩn mới", note="Một\nhai"))
    assert facts(app, city)[0] == 0, "a draft moves nothing"

    force = f"{draft}/in-force"
    office.get(force)
    words = office.words()
    assert "R1 · Phướn đường vào: 1 cái cho mỗi 250 cử tri trong vòng 125,5 m" in words
    assert "Ít nhất: từ “1” thành “2”" in words
    assert "Nguồn: từ “–” thành “Quyết định 12”" in words
    assert "5 yêu cầu giữ nguyên" in words
    office.post(force, office.fields(force))
    office.get("/standards")
    assert "Tiêu chuẩn mới đang áp dụng" in office.words()
    assert "1 lá cho mỗi 1.500 cử tri, ít nhất 2" in office.words()
    with app.app_context():
        number = int(draft.rsplit("/", 1)[1])
        assert standard_in_force(db.session(), city.campaign, TODAY) == number
        row = db.session.scalars(select(Requirement).where(Requirement.code == "R1")).one()
        assert (row.family.value, row.kind_code, row.priced_kind_code) == ("banner", None, "BANNER_H")
        assert (row.minimum, row.per_voters, row.within_m, row.applies_to.value) == (0, 250, 125.5, "place")
    counter, areas = facts(app, city)
    assert counter == 1
    assert areas == {city.ward_a: 1, city.ward_b: 1}
    assert acts(app)[-6:] == [
        *("standard.copied", "standard.row_changed", "standard.row_added", "standard.row_removed"),
        *("standard.changed", "standard.in_force"),
    ]


def test_a_row_counts_by_reach_in_words_in_facts_and_in_the_next_version(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    office = visit("culture_office")
    draft = draft_of(office)
    row = rows_of(office, draft)["G4"]
    office.get(row)
    assert (office.fields(row)["counted"], office.fields(row)["within_m"]) == ("within", "300")
    office.post(row, typed(office, row, counted="reach", within_m=""))
    office.get(f"{draft}/in-force")
    words = office.words()
    assert "Tính những thứ: từ “Trong khoảng cách (m)” thành “Trong tầm nghe, tầm đọc theo mô hình”" in words
    press(office, f"{draft}/in-force", f"{draft}/in-force")
    office.get("/standards")
    assert "trong tầm nghe, tầm đọc theo mô hình" in office.words()
    number = int(draft.rsplit("/", 1)[1])
    with app.app_context():
        known = standard_version(db.session(), number)
        assert read_facts(db.session(), city.campaign).standard == known
        assert {one.code: (one.by_reach, one.within_m) for one in known.requirements}["G4"] == (True, None)
        assert [one.code for one in known.requirements if one.by_reach] == ["G4"]
    again = draft_of(office)
    row = rows_of(office, again)["G4"]
    office.get(row)
    assert office.fields(row)["counted"] == "reach"
    visit("ward_staff").get(f"/places/{city.places_a[0]}")


def test_a_version_in_force_is_never_changed(app: Flask, city: City, visit: VisitorMaker) -> None:
    office = visit("culture_office")
    draft = draft_of(office)
    row = rows_of(office, draft)["G1"]
    sent = typed(office, row, minimum="9")
    words = typed(office, f"{draft}/words", name="Khác")
    office.get(draft)
    throw, move = office.fields(f"{draft}/discard"), office.fields(f"{row}/move")
    press(office, f"{draft}/in-force", f"{draft}/in-force")
    office.post(row, sent, 422)
    office.post(f"{draft}/words", words, 422)
    office.post(f"{draft}/discard", throw, 422)
    office.post(f"{row}/move", {**move, "way": "down"}, 422)
    office.get(row, 409)
    office.get(f"{draft}/in-force", 409)
    office.get(f"{draft}/requirements/new", 409)
    assert list(rows_of_words(office, draft)) == ["G1", "G2", "G3", "G4", "O1", "P1", "M1"]
    with app.app_context():
        least = select(Requirement.minimum).where(Requirement.code == "G1")
        assert set(db.session.scalars(least)) == {1}


def rows_of_words(visitor: Visitor, address: str) -> list[str]:
    """The codes of a version's rows in the page's order."""
    return re.findall(r'class="cat-code">([^<]+)<', visitor.client.get(address).text)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"code": "G2"}, "Mã G2 đã có trong bản này."),
        ({"code": ""}, "Hãy điền chỗ này."),
        ({"name_vi": "  "}, "Hãy điền chỗ này."),
        ({"minimum": "0"}, "Hãy ghi ít nhất 1, hoặc ghi số cử tri cho mỗi cái."),
        ({"minimum": "1,5"}, "Viết số nguyên, ví dụ 3 hoặc 1.200."),
        ({"minimum": "5000"}, "Số lượng phải từ 0 đến 1.000."),
        ({"per_voters": "nhiều"}, "Viết số nguyên, ví dụ 3 hoặc 1.200."),
        ({"counted": "within", "within_m": "12 mét"}, "Viết số với dấu phẩy cho phần lẻ, ví dụ 2,4."),
        ({"counted": "within", "within_m": "0"}, "Khoảng cách phải lớn hơn 0 và không quá 10.000 m."),
        (
            {"zone": "public", "counted": "within", "within_m": "100"},
            "Yêu cầu của cả phường, xã không có khoảng cách",
        ),
        ({"counted": "within"}, "Hãy ghi khoảng cách, hoặc chọn cách tính khác."),
        ({"counted": "here", "within_m": "100"}, "Đã ghi khoảng cách: hãy chọn"),
        ({"counted": "reach", "within_m": "100"}, "Đã ghi khoảng cách: hãy chọn"),
        ({"counted": "reach"}, "Chỉ loa, băng rôn, pano và màn hình có tầm nghe, tầm đọc"),
        ({"counted": "reach", "zone": "public"}, "Yêu cầu của cả phường, xã không tính theo tầm nghe"),
        ({"counted": "far"}, "Hãy chọn một mục trong danh sách."),
        ({"zone": "sea"}, "Hãy chọn một mục trong danh sách."),
        ({"what": "family:flag", "priced_kind_code": "BANNER_H"}, "Hãy chọn loại để tính giá"),
        ({"what": ""}, "Hãy điền chỗ này."),
        ({"what": "family:boat"}, "Hãy chọn một mục trong danh sách."),
        ({"area_kinds": "nation"}, "Có mục không còn trong danh sách."),
        ({"source": "x" * 2001}, "Dài quá."),
    ],
)
def test_a_wrong_row_keeps_what_was_typed(visit: VisitorMaker, words: Words, sentence: str) -> None:
    office = visit("culture_office")
    row = rows_of(office, draft_of(office))["G1"]
    office.post(row, typed(office, row, name_en="As typed", **words), 422)
    assert sentence in office.words()
    again = office.fields(row)
    assert again["name_en"] == "As typed"
    for name in ("minimum", "per_voters", "within_m"):
        if name in words:
            assert again[name] == words[name]


def test_two_people_edit_a_draft(app: Flask, city: City, visit: VisitorMaker) -> None:
    first, second = visit("culture_office"), visit("culture_office")
    draft = draft_of(first)
    rows = rows_of(first, draft)
    theirs, mine = (
        typed(first, rows["G1"], minimum="3"),
        typed(second, rows["G1"], minimum="4", name_en="Mine"),
    )
    other = typed(second, rows["G2"], minimum="2")
    removal = press_fields(second, rows["G1"], f"{rows['G1']}/removal")
    force = typed(second, f"{draft}/in-force")
    first.post(rows["G1"], theirs)
    second.post(rows["G1"], mine, 409)
    assert "Ít nhất: của người đó là “3”, của bạn là “4”" in second.words()
    again = second.fields(rows["G1"])
    assert (again["minimum"], again["name_en"]) == ("4", "Mine")
    second.post(f"{rows['G1']}/removal", removal, 409)
    second.post(f"{draft}/in-force", force, 409)
    second.post(rows["G2"], other)  # another row is nobody's quarrel
    second.post(rows["G1"], again)
    with app.app_context():
        row = db.session.get_one(Requirement, int(rows["G1"].rsplit("/", 1)[1]))
        assert (row.minimum, row.name_en) == (4, "Mine")


def press_fields(visitor: Visitor, page: str, action: str) -> Words:
    visitor.get(page)
    return dict(visitor.fields(action))


def test_rows_move_inside_their_zone(visit: VisitorMaker) -> None:
    office = visit("culture_office")
    draft = draft_of(office)
    rows = rows_of(office, draft)
    press(office, draft, f"{rows['G1']}/move", way="down")
    press(office, draft, f"{rows['G4']}/move", way="up")
    assert rows_of_words(office, draft)[:4] == ["G2", "G1", "G4", "G3"]
    press(office, draft, f"{rows['O1']}/move", way="up")
    assert rows_of_words(office, draft)[4] == "O1", "alone in its zone"


def test_one_draft_at_a_time_and_it_can_be_thrown_away(app: Flask, visit: VisitorMaker) -> None:
    office = visit("culture_office")
    office.get("/standards")
    fields = office.fields("/standards")
    draft = str(office.post("/standards", fields).headers["Location"])
    assert office.post("/standards", fields).headers["Location"] == draft, "the same press twice"
    office.post("/standards", {**fields, "entry_id": new_id()}, 422)
    assert "Đang có một bản nháp" in office.words()
    throw = press_fields(office, draft, f"{draft}/discard")
    office.post(f"{draft}/discard", throw)
    office.post(f"{draft}/discard", throw)
    office.get(draft, 404)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Requirement)) == 7


@pytest.mark.parametrize(
    ("day", "status", "sentence"),
    [
        ("2021-04-18", 422, "Ngày áp dụng không được ở trước hôm nay."),
        ("2021-05-24", 422, "Ngày áp dụng không được ở sau ngày bầu cử."),
        ("", 422, "Hãy điền chỗ này."),
        ("hôm nay", 422, "Ngày chưa đúng"),
        ("01/05/2021", 303, ""),
    ],
)
def test_the_day_of_coming_into_force(visit: VisitorMaker, day: str, status: int, sentence: str) -> None:
    office = visit("culture_office")
    force = f"{draft_of(office)}/in-force"
    office.post(force, typed(office, force, day=day), status)
    if status == 422:
        assert sentence in office.words()
        assert office.fields(force)["day"] == day
        return
    office.get("/standards")
    assert "sắp áp dụng" in office.words()
    assert "Tiêu chuẩn, phiên bản 1" in office.words(), "until its day the old one is in force"
    later = f"{draft_of(office)}/in-force"
    office.get(later)
    assert "Phiên bản 2 sẽ thay bản đang áp dụng từ 01/05/2021." in office.words()


def test_a_new_service_loads_kinds_and_a_first_standard(app: Flask, city: City, visit: VisitorMaker) -> None:
    bare(app, city)
    office = visit("culture_office")
    office.get("/standards")
    assert "Trước hết hãy nạp danh mục các loại." in office.words()
    answer = office.post("/standards/sample", {"entry_id": new_id()}, 422)
    assert "Hãy nạp danh mục chuẩn trước." in answer.text
    press(office, "/kinds", "/kinds/load")
    office.post("/kinds/load", {"entry_id": new_id()}, 422)
    fields = press_fields(office, "/standards", "/standards/sample")
    draft = str(office.post("/standards/sample", fields).headers["Location"])
    assert office.post("/standards/sample", fields).headers["Location"] == draft
    office.post("/standards/sample", {"entry_id": new_id()}, 422)
    office.get(draft)
    assert "bản nháp" in office.words()
    assert "giả định" in office.words()
    force = f"{draft}/in-force"
    office.post(force, typed(office, force, day="2021-03-01"))  # the first may be dated back
    with app.app_context():
        assert standard_in_force(db.session(), city.campaign, date(2021, 3, 1)) is not None
        assert db.session.scalar(select(func.count()).select_from(Kind)) == len(loading.rows("kinds.csv"))


def test_an_empty_draft_is_not_put_in_force(app: Flask, city: City, visit: VisitorMaker) -> None:
    bare(app, city, kinds=True)
    office = visit("culture_office")
    force = f"{draft_of(office)}/in-force"
    office.post(force, typed(office, force), 422)
    assert "Bản này chưa có yêu cầu nào." in office.words()


def test_rows_of_another_version_or_campaign_are_not_there(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    office = visit("culture_office")
    draft = draft_of(office)
    row = rows_of(office, draft)["G1"].rsplit("/", 1)[1]
    office.get(f"/standards/{city.standard}/requirements/{row}", 404)
    office.get("/standards/999999", 404)
    fields = {"entry_id": new_id(), "base_version": "1"}
    office.post(f"/standards/{city.standard}/requirements/{row}/removal", fields, 404)
    with app.app_context():
        db.session.execute(update(Campaign).values(open=False))
        campaign = db.session.get_one(Campaign, city.campaign)
        other = Campaign(code="khac", name="Khác", election_day=date(2026, 3, 15), open=True,
                         decoration_deadline=date(2026, 3, 1), tree_date=campaign.tree_date,
                         root_area_id=city.root)  # fmt: skip
        db.session.add(other)
        db.session.commit()
    for address in (draft, f"/standards/{city.standard}", f"/slogans/{city.slogan}"):
        office.get(address, 404)
    office.get("/standards")
    office.get("/slogans")


# --- kinds ----------------------------------------------------------------------------------


def ticked(visitor: Visitor, page: str, **words: Any) -> Words:
    """The fields of a kind's form; `exists` and `works` are lists there."""
    fields = typed(visitor, page, **words)
    boxes = [
        node for node in visitor.page.iter() if isinstance(node.tag, str) and node.get("type") == "checkbox"
    ]
    for name in ("exists", "works"):
        if name not in words:
            fields[name] = [
                box.get("value")
                for box in boxes
                if box.get("name") == name and box.get("checked") is not None
            ]
    return fields


def test_a_change_of_what_works_moves_the_facts(app: Flask, city: City, visit: VisitorMaker) -> None:
    office = visit("culture_office")
    page = "/kinds/FLAG_NATIONAL"
    office.post(page, ticked(office, page, name_vi="Quốc kỳ", unit_vi="lá cờ", aliases="cờ đỏ sao vàng"))
    assert facts(app, city)[0] == 0, "names are no facts"
    fields = ticked(office, page)
    assert "good" in fields["works"]
    assert "faded" not in fields["works"]
    office.post(page, {**fields, "works": [*fields["works"], "faded"]})
    assert facts(app, city) == (1, {city.ward_a: 1, city.ward_b: 1})
    with app.app_context():
        row = db.session.get_one(KindCondition, ("FLAG_NATIONAL", Condition.FADED))
        assert row.works
        assert db.session.get_one(Kind, "FLAG_NATIONAL").version == 3
    ward = visit("ward_staff")
    ward.get("/kinds")
    assert "Quốc kỳ FLAG_NATIONAL còn gọi: cờ đỏ sao vàng" in ward.words()
    assert acts(app)[-2:] == ["kind.changed", "kind.changed"]


def test_how_a_kind_is_recorded_is_fixed_by_its_first_record(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    office = visit("culture_office")
    page = "/kinds/BANNER_H"
    fields = ticked(office, page)
    assert fields["directional"] == "y"
    hang(app, city)
    office.get(page)
    assert "nên cách ghi không đổi được nữa" in office.words()
    office.post(page, {**fields, "bulk": "y", "name_en": "Banner"})  # typed before the record: bulk stays
    with app.app_context():
        kind = db.session.get_one(Kind, "BANNER_H")
        assert (kind.bulk, kind.name_en) == (False, "Banner")
    flag = ticked(office, "/kinds/FLAG_DECOR")
    flag.pop("bulk")
    office.post("/kinds/FLAG_DECOR", flag)
    with app.app_context():
        assert not db.session.get_one(Kind, "FLAG_DECOR").bulk


def test_a_condition_that_is_met_stays(app: Flask, city: City, visit: VisitorMaker) -> None:
    hang(app, city, condition=Condition.TORN, working=0)
    office = visit("culture_office")
    fields = ticked(office, "/kinds/BANNER_H")
    office.post("/kinds/BANNER_H", {**fields, "exists": ["good", "faded", "dirty", "missing"]}, 422)
    assert "Đang có công trình ở tình trạng này nên không bỏ được: Rách." in office.words()


def test_a_kind_that_the_standard_asks_for_stays_in_use(visit: VisitorMaker) -> None:
    office = visit("culture_office")
    office.post("/kinds/BANNER_H", ticked(office, "/kinds/BANNER_H", in_use=None), 422)
    assert "“Tiêu chuẩn thử” đang cần loại này" in office.words()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"name_vi": ""}, "Hãy điền chỗ này."),
        ({"name_vi": "cờ trang trí"}, "Đã có loại khác mang tên này."),
        ({"default_width_m": "6,0,1"}, "Viết số với dấu phẩy"),
        ({"default_height_m": ""}, "Hãy ghi cả chiều rộng và chiều cao"),
        ({"near_duplicate_m": "-3"}, "Viết số với dấu phẩy"),
        ({"works": ["faded"]}, "Tình trạng “Tốt” luôn có và luôn dùng được."),
        ({"works": ["good", "silent"]}, "cũng phải là tình trạng có thể gặp"),
        ({"exists": ["sunken"]}, "Có mục không còn trong danh sách."),
    ],
)
def test_a_wrong_kind_keeps_what_was_typed(visit: VisitorMaker, words: Words, sentence: str) -> None:
    office = visit("culture_office")
    office.post("/kinds/BANNER_H", ticked(office, "/kinds/BANNER_H", unit_en="as typed", **words), 422)
    assert sentence in office.words()
    assert office.fields("/kinds/BANNER_H")["unit_en"] == "as typed"


def test_two_people_edit_a_kind(visit: VisitorMaker) -> None:
    first, second = visit("culture_office"), visit("culture_office")
    page = "/kinds/BANNER_H"
    theirs, mine = ticked(first, page, default_width_m="5,5"), ticked(second, page, default_width_m="4")
    first.post(page, theirs)
    second.post(page, {**mine, "works": ["good"]}, 409)
    assert "Chiều rộng thường dùng: của người đó là “5,5”, của bạn là “4”" in second.words()
    assert "của người đó là “Tốt; Bạc màu; Bẩn”, của bạn là “Tốt”" in second.words()
    second.post(page, {**second.fields(page), "exists": mine["exists"], "works": ["good"]})


def test_a_new_kind_stands_last_in_its_family(app: Flask, city: City, visit: VisitorMaker) -> None:
    office = visit("culture_office")
    words = {"code": "FLAG_STRING", "family": "flag", "name_vi": "Cờ dây", "unit_vi": "dây", "bulk": "y"}
    for code in ("FLAG_DECOR", "cờ", "", "A B"):
        office.post("/kinds/new", ticked(office, "/kinds/new", **{**words, "code": code}), 422)
        assert office.fields("/kinds/new")["name_vi"] == "Cờ dây"
    fields = ticked(office, "/kinds/new", **words)
    office.post("/kinds/new", fields)
    office.post("/kinds/new", fields)
    with app.app_context():
        found = list(db.session.scalars(select(Kind.code).order_by(Kind.position, Kind.code)))
        assert found.index("FLAG_STRING") == found.index("FLAG_DECOR") + 1
        assert len(found) == 8
        assert db.session.scalar(select(func.count()).select_from(Receipt)) == 1
    assert facts(app, city)[0] == 1
    office.get("/kinds/NO_SUCH", 404)
    row = rows_of(office, draft_of(office))["G3"]
    office.post(row, typed(office, row, what="FLAG_STRING"))


# --- slogans --------------------------------------------------------------------------------


def test_a_new_edition_withdraws_the_one_before_and_lists_its_copies(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    mine, theirs = (
        hang(app, city, slogan_id=city.slogan),
        hang(app, city, "other_ward", slogan_id=city.slogan),
    )
    office, ward = visit("culture_office"), visit("ward_staff")
    page = f"/slogans/{city.slogan}/edition"
    fields = typed(office, page, text="Cử tri cả nước tích cực đi bầu cử!", source="Công văn 7")
    answer = office.post(page, fields)
    assert office.post(page, fields).headers["Location"] == answer.headers["Location"]
    office.get("/slogans")
    assert "2 công trình đang mang câu đã thu hồi, cần thay." in office.words()
    assert "Thay bằng lần 2" in office.words()
    office.get(f"/slogans/{city.slogan}")
    assert "2 trên 2 công trình" in office.words()
    assert "Phường Hồng Thử: 1; Xã Đồng Thử: 1" in office.words()
    assert f"/installations/{mine}" in office.client.get(f"/slogans/{city.slogan}").text
    text = ward.get(f"/slogans/{city.slogan}").text
    assert "1 trên 1 công trình" in ward.words()
    assert f"/installations/{mine}" in text
    assert theirs not in text
    assert "Đồng Thử" not in text
    with app.app_context():
        old = db.session.get_one(Slogan, city.slogan)
        assert (old.withdrawn_on, old.text) == (TODAY, "Cử tri cả nước tích cực tham gia bầu cử!")
        new = db.session.scalars(select(Slogan).where(Slogan.number == 1, Slogan.edition == 2)).one()
        assert new.withdrawn_on is None
    office.post(page, typed(office, page, text="Lần nữa", source="Công văn 9"), 422)
    assert "Câu này đã có lần ban hành sau" in office.words()
    assert acts(app)[-1] == "slogan.renewed"


def test_the_recall_list_is_paged_by_key(app: Flask, city: City, visit: VisitorMaker) -> None:
    ids = [hang(app, city, slogan_id=city.withdrawn) for _ in range(52)]
    gone = hang(app, city, slogan_id=city.withdrawn, lifecycle=Lifecycle.INSTALLED)
    with app.app_context():
        db.session.execute(
            update(Installation).where(Installation.id == gone).values(lifecycle=Lifecycle.DISPOSED)
        )
        db.session.commit()
    office = visit("culture_office")
    first = office.get(f"/slogans/{city.withdrawn}").text
    assert "50 trên 52 công trình" in office.words()
    (onward,) = set(re.findall(r'rel="next" href="([^"]+)"', first))
    second = office.get(onward).text
    assert "2 trên 52 công trình" in office.words()
    seen = re.findall(r'/installations/([0-9a-f-]{36})"', first + second)
    assert sorted(seen) == sorted(ids)
    office.get(f"/slogans/{city.withdrawn}?after=%00nothing")


def test_a_text_is_withdrawn_with_a_reason_and_never_back(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    first, second = visit("culture_office"), visit("culture_office")
    page = f"/slogans/{city.slogan}/withdrawal"
    late = typed(second, page, withdrawn_reason="của tôi")
    first.post(page, typed(first, page, withdrawn_reason=""), 422)
    first.post(page, typed(first, page, withdrawn_on="2021-04-20", withdrawn_reason="sai"), 422)
    assert "Ngày thu hồi không được ở sau hôm nay." in first.words()
    assert first.fields(page)["withdrawn_reason"] == "sai"
    first.post(page, typed(first, page, withdrawn_reason="Sai nhiệm kỳ"))
    second.post(page, late, 409)
    assert "của người đó là “Sai nhiệm kỳ”, của bạn là “của tôi”" in second.words()
    second.post(page, second.fields(page), 422)
    assert "Câu này đã được thu hồi." in second.words()
    second.get(f"/slogans/{city.slogan}")
    assert "Lý do: Sai nhiệm kỳ" in second.words()
    assert "Thu hồi câu này" not in second.words()
    edition = f"/slogans/{city.slogan}/edition"
    fields = typed(second, edition, source="Công văn 8")
    assert "withdrawn_on" not in fields
    second.post(edition, fields)
    with app.app_context():
        assert db.session.get_one(Slogan, city.slogan).withdrawn_reason == "Sai nhiệm kỳ"


def test_a_new_text_takes_the_next_number(app: Flask, visit: VisitorMaker) -> None:
    office = visit("culture_office")
    fields = typed(office, "/slogans/new", text="Ngày hội của toàn dân!\nHãy đi bầu!", source="Công văn 1")
    assert fields["number"] == "3"
    office.post("/slogans/new", {**fields, "number": "1"}, 422)
    assert "Số này đã có trong danh mục" in office.words()
    office.post(
        "/slogans/new", {**office.fields("/slogans/new"), "number": "3", "issued_on": "31/02/2021"}, 422
    )
    again = office.fields("/slogans/new")
    assert again["issued_on"] == "31/02/2021"
    office.post("/slogans/new", {**again, "issued_on": "01/04/2021"})
    office.post("/slogans/new", {**again, "issued_on": "01/04/2021"})
    same = typed(office, "/slogans/new", text="Ngày hội của toàn dân!\nHãy đi bầu!", source="khác")
    office.post("/slogans/new", same, 422)
    assert "Câu này đã có trong danh mục." in office.words()
    with app.app_context():
        assert db.session.scalars(select(Slogan).where(Slogan.number == 3)).one().issued_on == date(
            2021, 4, 1
        )


# --- all ------------------------------------------------------------------------------------


def test_a_form_without_its_entry_or_version_changes_nothing(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    office = visit("culture_office")
    draft = draft_of(office)
    row = rows_of(office, draft)["G1"]
    before = acts(app)
    for address in ("/standards", "/kinds/load", f"{draft}/discard", f"{row}/move", "/slogans/new"):
        office.post(address, {}, 400)
    for address in (f"{draft}/discard", f"{draft}/in-force", f"{row}/removal"):
        office.post(address, {"entry_id": new_id(), "day": "2021-05-01"}, 400)
    assert acts(app) == before


def test_the_pages_stay_inside_their_budget(app: Flask, city: City, visit: VisitorMaker) -> None:
    hang(app, city, slogan_id=city.slogan)
    office = visit("culture_office")
    draft = draft_of(office)
    row = rows_of(office, draft)["G1"]
    pages = ["/standards", draft, row, f"{draft}/in-force", f"{draft}/requirements/new", f"{draft}/words"]
    pages += [
        "/kinds",
        "/kinds/BANNER_H",
        "/kinds/new",
        "/slogans",
        f"/slogans/{city.slogan}",
        "/slogans/new",
    ]
    pages += [f"/slogans/{city.slogan}/edition", f"/slogans/{city.slogan}/withdrawal"]
    for page in pages:
        with counted(app) as said:
            office.get(page)
        assert len(said) <= MOST, (page, len(said))


def test_the_pages_are_read_in_english(visit: VisitorMaker) -> None:
    office = visit("culture_office")
    office.post("/language", {"language": "en", "next": "/standards"})
    for page in ("/standards", "/kinds", "/slogans", "/kinds/BANNER_H"):
        office.get(page)
    office.get("/kinds")
    assert "Horizontal banner" in office.words()
