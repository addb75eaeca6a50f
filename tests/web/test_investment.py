"""The investment list on screen and as files: the same đồng, one's own wards only, every line explained."""

import csv
import hashlib
import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import event, select

from inventory.campaigns import facts_moved
from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.tables.installation import Installation, Review
from inventory.tables.place import Place
from inventory.tables.standard import Requirement
from inventory.tables.survey import Answer, Survey
from inventory.tables.trail import TrailLine
from inventory.vocabulary import AppliesTo, Condition, Family, Lifecycle, ReviewState, Zone
from maps.coverage import actions as coverage
from maps.investment import queries
from maps.tables.prices import PriceBook, PriceRow
from tests.city import City
from tests.client import Visitor
from tests.unit.test_downloads import AMOUNT, in_libreoffice, labelled, without_cached_values
from tests.web.furnished import acting

Visit = Callable[[str | None], Visitor]
TOTAL = re.compile(r'<data id="total" value="(\d+)"')


def survey(city: City, area: int, place: int | None) -> None:
    """Somebody looked for everything that the standard asks for here."""
    asked = AppliesTo.AREA if place is None else AppliesTo.PLACE
    visit = Survey(
        id=new_id(),
        campaign_id=city.campaign,
        area_id=area,
        place_id=place,
        standard_id=city.standard,
        person_id=city.people["ward_staff"],
        started_at=now(),
        finished_at=now(),
    )
    db.session.add(visit)
    db.session.flush()
    wanted: set[tuple[Zone, str]] = set()
    for row in db.session.scalars(select(Requirement).where(Requirement.standard_id == city.standard)):
        if row.applies_to is asked:
            audio = {"SPK_CLUSTER_FM", "SPK_MOBILE"} if row.family is Family.AUDIO else set()
            wanted |= {(row.zone, kind) for kind in ({row.kind_code} if row.kind_code else audio) if kind}
    for zone, kind in wanted:
        db.session.add(Answer(survey_id=visit.id, zone=zone, kind_code=kind, found=0, at=now()))
    facts_moved(city.campaign, area)


def thing(city: City, area: int, kind: str, **given: object) -> None:
    """One record that its ward sent; `state` is where the office's review of it stands."""
    state = given.pop("state", ReviewState.SUBMITTED)
    words: dict[str, object] = {
        "quantity": 1,
        "working": 1,
        "lifecycle": Lifecycle.INSTALLED,
        "condition": Condition.GOOD,
        **given,
    }
    row = Installation(
        id=new_id(),
        area_id=area,
        kind_code=kind,
        created_at=now(),
        updated_at=now(),
        created_by=city.people["ward_staff"],
        updated_by=city.people["ward_staff"],
        **words,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(Review(installation_id=row.id, campaign_id=city.campaign, state=state))
    facts_moved(city.campaign, area)


def run(city: City) -> None:
    """Compute the gaps as the office does."""
    db.session.commit()
    actor, campaign = acting(city.people["leader"])
    db.session.commit()
    coverage.run(actor, campaign)
    db.session.commit()


@pytest.fixture
def counted(app: Flask, city: City) -> City:
    """Both wards surveyed but for one place, some things standing, broken and in store; one run."""
    with app.app_context():
        survey(city, city.ward_a, None)
        for place in (*city.places_a, city.places_b[0]):
            survey(city, city.ward_a if place in city.places_a else city.ward_b, place)
        gate = {"venue_id": city.venues_a[0], "zone": Zone.GATE}
        thing(city, city.ward_a, "BANNER_H", **gate)
        thing(city, city.ward_a, "FLAG_NATIONAL", condition=Condition.TORN, working=0, **gate)
        thing(city, city.ward_a, "FLAG_DECOR", quantity=4, working=4, lifecycle=Lifecycle.STORED)
        thing(city, city.ward_a, "NOTICE_BOARD", lifecycle=Lifecycle.STORED)
        thing(city, city.ward_a, "NOTICE_BOARD", lifecycle=Lifecycle.STORED)
        db.session.get_one(Place, city.places_a[1]).name = "Khu vực =1+1 <b>"
        run(city)
    return city


def total_of(visitor: Visitor, address: str = "/investment") -> int:
    """The total that the page shows."""
    found = TOTAL.search(visitor.get(address).get_data(as_text=True))
    assert found, address
    return int(found.group(1))


def csv_rows(visitor: Visitor, address: str = "/investment.csv") -> list[dict[str, str]]:
    text = visitor.get(address).get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def csv_total(rows: list[dict[str, str]]) -> int:
    (row,) = [row for row in rows if row["Loại dòng"] == "Tổng cộng"]
    return int(row["Thành tiền (đồng)"])


@contextmanager
def counting_queries(app: Flask) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    said: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_before_a_run_and_without_a_book_the_page_says_what_to_do(
    app: Flask, city: City, visit: Visit
) -> None:
    leader = visit("leader")
    leader.get("/investment")
    assert "Chưa có lần tính nào" in leader.words()
    assert leader.fields("/coverage/runs")["csrf_token"]
    leader.get("/investment.xlsx", 404)
    with app.app_context():
        db.session.query(PriceRow).delete()
        db.session.query(PriceBook).delete()
        run(city)
    leader.get("/investment")
    assert "Chưa có đơn giá nào đang áp dụng" in leader.words()
    visit("ward_staff").get("/investment")


def test_screen_xlsx_and_csv_say_the_same_dong(counted: City, visit: Visit) -> None:
    leader = visit("leader")
    for query in ("", "?figure=verified"):
        total = total_of(leader, f"/investment{query}")
        assert total > 0
        packed = leader.get(f"/investment.xlsx{query}").get_data()
        for cell in (
            _openpyxl_total(packed),
            _calamine_total(packed),
            csv_total(csv_rows(leader, f"/investment.csv{query}")),
        ):
            assert cell == total
        lines = [row for row in csv_rows(leader, f"/investment.csv{query}") if row["Loại dòng"] == "Hạng mục"]
        for row in lines:
            assert int(row["Số lượng"]) * int(row["Đơn giá (đồng)"]) == int(row["Thành tiền (đồng)"])


def _openpyxl_total(packed: bytes) -> int:
    sheet = openpyxl.load_workbook(io.BytesIO(packed), data_only=True)["Danh mục"]
    (row,) = [row for row in sheet.iter_rows(values_only=True) if row[1] == "TỔNG CỘNG"]
    return int(next(cell for cell in reversed(row) if isinstance(cell, int | float)))


def _calamine_total(packed: bytes) -> int:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(packed)).get_sheet_by_name("Danh mục").to_python()
    (row,) = [row for row in rows if row[1] == "TỔNG CỘNG"]
    return int(next(cell for cell in reversed(row) if isinstance(cell, int | float)))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_calculates_the_total_of_the_screen(counted: City, visit: Visit, tmp_path: Path) -> None:
    leader = visit("leader")
    total = total_of(leader)
    rows = in_libreoffice(without_cached_values(leader.get("/investment.xlsx").get_data()), tmp_path)
    assert int(labelled(rows, "TỔNG CỘNG")[AMOUNT]) == total


def test_the_total_is_lines_takedown_vat_and_contingency(app: Flask, counted: City, visit: Visit) -> None:
    rows = csv_rows(visit("leader"))
    works = sum(int(row["Thành tiền (đồng)"]) for row in rows if row["Loại dòng"] == "Hạng mục")
    takedown = (works + 5) // 10
    vat = (works + takedown + 5) // 10
    contingency = ((works + takedown + vat) * 5 + 50) // 100
    assert csv_total(rows) == works + takedown + vat + contingency
    flags = [row for row in rows if row["Loại hình"] == "Cờ trang trí" and row["Loại dòng"] == "Hạng mục"]
    in_a = [row for row in flags if row["Phường, xã"] == "Phường Hồng Thử"]
    assert sum(int(row["Số lượng"]) + int(row["Lấy từ kho"]) for row in in_a) == 20
    assert sum(int(row["Lấy từ kho"]) for row in in_a) == 4
    boards = [
        row for row in rows if (row["Loại hình"], row["Phường, xã"]) == ("Bảng niêm yết", "Phường Hồng Thử")
    ]
    assert sum(int(row["Số lượng"]) + int(row["Lấy từ kho"]) for row in boards) == 3
    assert sum(int(row["Lấy từ kho"]) for row in boards) == 2, "both that lie in store, each by itself"
    assert "Không cần kinh phí" in {row["Loại dòng"] for row in rows}


def test_what_is_taken_from_the_store_later_does_not_change_a_run(
    app: Flask, counted: City, visit: Visit
) -> None:
    leader = visit("leader")
    before = total_of(leader)
    with app.app_context():
        for row in db.session.scalars(select(Installation).where(Installation.lifecycle == Lifecycle.STORED)):
            row.lifecycle = Lifecycle.DISPOSED
            facts_moved(counted.campaign, row.area_id)
        db.session.commit()
    assert total_of(leader) == before
    assert "đã thay đổi từ lần tính này" in leader.words()
    assert "Tính lại" in leader.words()
    with app.app_context():
        run(counted)
    assert total_of(leader) > before


def test_a_ward_sees_its_own_part_and_nothing_of_others(app: Flask, counted: City, visit: Visit) -> None:
    officer, leader = visit("ward_staff"), visit("leader")
    officer.get("/investment")
    assert "Xã Đồng Thử" not in officer.words()
    own = [row for row in csv_rows(officer) if row["Loại dòng"] == "Hạng mục"]
    theirs = [
        row
        for row in csv_rows(leader)
        if row["Loại dòng"] == "Hạng mục" and row["Phường, xã"] == "Phường Hồng Thử"
    ]
    drop = {"STT", "Phiên bản dữ kiện"}
    assert [{k: v for k, v in row.items() if k not in drop} for row in own] == [
        {k: v for k, v in row.items() if k not in drop} for row in theirs
    ]
    officer.get(f"/investment?ward={counted.ward_b}", 404)
    with app.app_context():
        lines = db.session.query(TrailLine).filter_by(act="look.refused").count()
    assert lines == 1


def test_another_wards_rows_change_no_byte_of_a_wards_page(app: Flask, counted: City, visit: Visit) -> None:
    officer = visit("ward_staff")
    before = (_bare(officer.get("/investment")), _without_time(csv_rows(officer)))
    with app.app_context():
        for _ in range(40):
            thing(counted, counted.ward_b, "FLAG_DECOR", lifecycle=Lifecycle.STORED)
        survey(counted, counted.ward_b, counted.places_b[1])
        db.session.commit()
    assert (_bare(officer.get("/investment")), _without_time(csv_rows(officer))) == before


def _bare(response: object) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", response.get_data(as_text=True))  # type: ignore[attr-defined]


def _without_time(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if row["Yêu cầu"] != "Lập lúc"]


def test_filters_sorts_and_pages_never_change_the_total(counted: City, visit: Visit) -> None:
    leader = visit("leader")
    total = total_of(leader)
    for query in (
        f"ward={counted.ward_a}",
        "action=replace",
        "kind=FLAG_DECOR",
        "mandatory=1",
        "mandatory=0",
        "zone=gate",
        "q=co+trang+tri",
        "q=khong+co+gi",
        "sort=-amount",
        "sort=voters",
        "sort=ward",
        "sort=kind",
        "sort=place",
        "part=survey",
        "part=verify",
        "part=unpriced",
        "part=covered",
        "sort=requirement&after=1.2.3.buy.X",
    ):
        assert total_of(leader, f"/investment?{query}") == total, query
    leader.get("/investment?q=co+trang+tri")
    words = leader.words()
    assert "3 / 11 dòng" in words or re.search(r"3 / \d+ dòng", words), words
    leader.get("/investment?action=replace")
    assert "Cộng 1 dòng đang lọc: 70.000" in leader.words().replace("\u00a0", " ")


@pytest.mark.parametrize(
    "query",
    [
        "figure=best",
        "part=x",
        "sort=x",
        "zone=x",
        "action=verify",
        "kind=x",
        "requirement=x",
        "mandatory=2",
        f"q={'a' * 101}",
    ],
)
def test_a_value_that_no_page_sends_is_refused(counted: City, visit: Visit, query: str) -> None:
    leader = visit("leader")
    leader.get(f"/investment?{query}", 400)
    assert "Bộ lọc có giá trị không dùng được" in leader.words()


def test_pages_by_key_show_every_line_once(
    counted: City, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from maps.investment import listing

    monkeypatch.setattr(listing.page, "__defaults__", ("", 3))
    leader = visit("leader")
    for sort in ("priority", "-amount", "ward"):
        address, seen = f"/investment?sort={sort}", []
        while address:
            page = leader.get(address).get_data(as_text=True)
            seen += re.findall(r'class="tq-lines__what">(.*?)</tr>', page, re.S)
            nxt = re.search(r'rel="next" href="([^"]+)"', page)
            address = nxt.group(1).replace("&amp;", "&").partition("#")[0] if nxt else ""
        count = len([row for row in csv_rows(leader) if row["Loại dòng"] == "Hạng mục"])
        assert len(seen) == len(set(seen)) == count, sort


def test_a_line_says_why(counted: City, visit: Visit) -> None:
    leader = visit("leader")
    leader.get("/investment?action=replace")
    words = leader.words().replace("\u00a0", " ")
    for said in (
        "Yêu cầu G1: cần 1, dùng tốt 0, còn thiếu 1.",
        "Tại chỗ có 1 hỏng, phải thay.",
        "Cần 1 · đang có 1 · dùng tốt 0 · đã xác minh 0 · còn thiếu 1",
        "Đơn giá 70.000 đ cho một cái",
        "giả định",
        "Nguồn: số liệu thử",
        "Mở nơi bỏ phiếu này",
    ):
        assert said in words, said
    leader.get("/investment?kind=BANNER_H")
    assert "Thứ gần nhất còn dùng tốt cách" in leader.words()


def test_the_verified_figure_prices_what_waits_and_says_so(counted: City, visit: Visit) -> None:
    leader = visit("leader")
    reported, verified = total_of(leader), total_of(leader, "/investment?figure=verified")
    assert verified > reported
    assert "Đang tính theo số liệu đã xác minh" in leader.words()
    leader.get("/investment?part=verify")
    assert "Chờ xác minh: 1 / 1 dòng" in leader.words()
    leader.get("/investment?part=survey")
    assert "Khảo sát cho đủ" in leader.words()


def test_a_download_is_named_in_ascii_and_in_the_trail(app: Flask, counted: City, visit: Visit) -> None:
    leader = visit("leader")
    total = total_of(leader)
    for shape in ("xlsx", "csv"):
        answer = leader.get(f"/investment.{shape}")
        name = re.fullmatch(r'attachment; filename="([^"]+)"', answer.headers["Content-Disposition"])
        assert name
        assert re.fullmatch(rf"danh-muc-dau-tu_thu-2021_20210419_lan-1_da-bao-cao\.{shape}", name.group(1))
        with app.app_context():
            line = db.session.scalars(select(TrailLine).order_by(TrailLine.number.desc())).first()
            assert line is not None
            assert (line.act, line.subject) == ("download", "investment")
            assert line.detail["sha256"] == hashlib.sha256(answer.get_data()).hexdigest()
            assert (line.detail["total"], line.detail["figure"], line.detail["run"]) == (total, "reported", 1)
            assert line.detail["lines"] > 0


def test_an_english_screen_still_gives_vietnamese_files(counted: City, visit: Visit) -> None:
    leader = visit("leader")
    leader.post("/language", {"language": "en", "next": "/"})
    total = total_of(leader)
    assert "Requirement G1" in leader.words()
    rows = csv_rows(leader)
    assert csv_total(rows) == total
    assert "Yêu cầu G1" in {row["Yêu cầu"] for row in rows}


def test_files_of_a_demo_say_so_and_text_stays_text(counted: City, visit: Visit) -> None:
    leader = visit("leader")
    leader.get("/investment")
    assert "DỮ LIỆU MINH HỌA" in leader.words()
    assert "DỮ LIỆU MINH HỌA" in leader.get("/investment.csv").get_data().decode()


def test_a_new_book_prices_the_same_run_from_its_day(app: Flask, counted: City, visit: Visit) -> None:
    leader = visit("leader")
    before = total_of(leader)
    with app.app_context():
        book = PriceBook(
            campaign_id=counted.campaign,
            number=2,
            name="Đơn giá mới",
            price_date=date(2021, 4, 1),
            in_force_from=date(2021, 4, 19),
            created_at=now(),
            takedown_percent=0,
            vat_percent=0,
            contingency_percent=0,
        )
        later = PriceBook(
            campaign_id=counted.campaign,
            number=3,
            name="Ngày mai",
            price_date=date(2021, 4, 1),
            in_force_from=date(2021, 4, 20),
            created_at=now(),
        )
        db.session.add_all([book, later])
        db.session.commit()
    assert before > 0
    assert total_of(leader) == 0
    assert "đơn giá phiên bản 2" in leader.words()
    assert "Không đồng" in leader.words()


def test_the_tile_says_what_the_page_says(app: Flask, counted: City, visit: Visit) -> None:
    for who in ("leader", "ward_staff"):
        with app.app_context():
            actor, campaign = acting(counted.people[who])
            asked = queries.amount_asked(actor, campaign)
        assert asked == total_of(visit(who))
    with app.app_context():
        actor, campaign = acting(counted.people["admin"])
        assert queries.amount_asked(actor, campaign) is None


@pytest.mark.parametrize("who", ["leader", "ward_staff"])
def test_a_page_asks_the_database_at_most_twelve_times(
    app: Flask, counted: City, visit: Visit, who: str
) -> None:
    reader = visit(who)
    reader.get("/investment")
    with counting_queries(app) as said:
        reader.get("/investment?sort=-amount")
    reads = [one for one in said if one.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert len(reads) <= 12, "\n".join(reads)
