"""Places come in by a page and by a command: checked first, written once, in one transaction."""

import io
import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from werkzeug.test import TestResponse

from inventory.database import Base, db
from inventory.identity import new_id
from inventory.places.exporting import export_rows, xlsx_bytes
from inventory.places.import_queries import known_places
from inventory.tables.campaign import Campaign
from inventory.tables.place import ImportBatch, Place, Venue
from inventory.tables.trail import TrailLine
from inventory.vocabulary import VenueKind
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker

HEAD = "Mã;Phường/xã;Số KVBP;Địa điểm;Loại địa điểm;Vĩ độ;Kinh độ;Cử tri;Giờ mở;Minh họa"
NEW = ";Hồng Thử;7;Trường Tiểu học Thử;Trường học;20,97;107,03;900;6h30;x"
OTHER = ";Xã Đồng Thử;9;Nhà văn hóa khu 9;Nhà văn hóa;20,96;107,08;800;;x"
FEW = ";Đồng Thử;8;Nhà văn hóa khu 8;Nhà văn hóa;20,965;107,08;120;;x"
WRONG = ";Hồng Thử;8;Chỗ sai;Nhà văn hóa;107,03;20,97;900;;x"


def data(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines)).encode()


def send(
    visitor: Visitor, content: bytes, name: str = "ds.csv", status: int = 303, **words: str
) -> TestResponse:
    """Upload a file through the form of the page."""
    visitor.get("/places/import")
    fields = {**visitor.fields("/places/import"), **words}
    return resend(visitor, fields, content, name, status)


def resend(
    visitor: Visitor, fields: dict[str, str], content: bytes, name: str = "ds.csv", status: int = 303
) -> TestResponse:
    answer = visitor.client.post(
        "/places/import",
        data={**fields, "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )
    return visitor._checked(answer, status, "/places/import")


def confirm(visitor: Visitor, address: str, status: int = 303, **words: str) -> TestResponse:
    fields = {**visitor.fields(address), **words}
    return visitor._checked(visitor.client.post(address, data=fields), status, address)


def count(app: Flask, table: type[Base] = Place) -> int:
    with app.app_context():
        found = db.session.query(table).count()
        db.session.rollback()
        return found


def test_a_file_is_looked_at_then_written_and_again_changes_nothing(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    office = visit("culture_office")
    before = count(app)
    address = send(office, data(NEW, OTHER), source="QĐ 879", licence="Nội bộ").location
    office.get(address)
    assert "Chưa ghi gì" in office.words()
    assert count(app) == before, "nothing is written before it is confirmed"
    facts = version(app, city)
    assert confirm(office, address).location == address
    office.get(address)
    assert "Đã ghi tệp ds.csv" in office.words()
    assert "Trường Tiểu học Thử" in office.words()
    assert count(app) == before + 2
    assert version(app, city) == facts + 1
    with app.app_context():
        place = db.session.query(Place).filter_by(code="06649-07").one()
        venue = db.session.get_one(Venue, place.venue_id)
        assert (place.area_id, place.number, place.voters) == (city.ward_a, 7, 900)
        assert (place.source, place.licence, place.synthetic) == ("QĐ 879", "Nội bộ", True)
        assert (venue.kind, venue.lat, venue.lon) == (VenueKind.SCHOOL, 20.97, 107.03)
        line = db.session.query(TrailLine).filter_by(act="places.import").one()
        assert (line.person_id, line.detail["new"]) == (city.people["culture_office"], 2)
        assert place.batch_id == address.rsplit("/", 1)[1]
        db.session.rollback()
    again = send(office, data(NEW, OTHER), source="QĐ 879", licence="Nội bộ").location
    office.get(again)
    assert "giống hệt" in office.words()
    with pytest.raises(AssertionError, match="no form"):
        office.fields(again)


def version(app: Flask, city: City) -> int:
    with app.app_context():
        found = db.session.get_one(Campaign, city.campaign).facts_version
        db.session.rollback()
        return found


def test_errors_are_shown_apart_and_nothing_is_kept(app: Flask, visit: VisitorMaker) -> None:
    office = visit("culture_office")
    send(office, data(NEW, FEW, WRONG), status=422)
    words = office.words()
    assert "Tệp có lỗi nên chưa ghi gì" in words
    assert words.index("Lỗi phải sửa") < words.index("đổi chỗ") < words.index("Cảnh báo nên xem")
    assert words.index("Cảnh báo nên xem") < words.index("Điều 11")
    assert count(app, ImportBatch) == 0


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "Tệp không có nội dung"),
        (b"x" * (5 * 1024 * 1024 + 1), "a.csv", "lớn hơn 5 MB"),
        (b"\x00\x01", "a.csv", "Không đọc được chữ"),
        (b"PK\x03\x04", "a.xlsx", "bị hỏng"),
        (b"%PDF-1.7", "a.pdf", "Chỉ nhận tệp CSV"),
        (b"a;b\n1;2", "../../etc/passwd", "Chỉ nhận tệp CSV"),
        (b"a;b\n1;2", "a.csv", "Không tìm thấy dòng tiêu đề"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    app: Flask, visit: VisitorMaker, content: bytes, name: str, words: str
) -> None:
    office = visit("culture_office")
    send(office, content, name, status=422)
    assert words in office.words()
    assert count(app, ImportBatch) == 0


def test_no_file_asks_for_one_and_keeps_what_was_typed(visit: VisitorMaker) -> None:
    office = visit("culture_office")
    office.get("/places/import")
    fields = {**office.fields("/places/import"), "source": "QĐ 879"}
    answer = office.client.post("/places/import", data=fields, content_type="multipart/form-data")
    office._checked(answer, 422, "/places/import")
    assert "Hãy chọn một tệp" in office.words()
    assert office.fields("/places/import")["source"] == "QĐ 879"


def test_pressing_twice_keeps_one_file_and_writes_once(app: Flask, visit: VisitorMaker) -> None:
    office = visit("culture_office")
    office.get("/places/import")
    fields = office.fields("/places/import")
    first = resend(office, fields, data(NEW)).location
    assert resend(office, fields, data(NEW)).location == first
    assert count(app, ImportBatch) == 1
    resend(office, fields, data(OTHER), status=422)
    assert "nội dung khác" in office.words()
    office.get(first)
    words = office.fields(first)
    for _ in range(2):
        answer = office.client.post(first, data=words)
        assert (answer.status_code, answer.location) == (303, first)
    with app.app_context():
        assert db.session.query(TrailLine).filter_by(act="places.import").count() == 1
        db.session.rollback()


def test_what_changed_meanwhile_is_shown_before_it_is_written(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    office = visit("culture_office")
    address = send(office, data(NEW)).location
    office.get(address)
    stale = office.fields(address)
    with app.app_context():
        place = db.session.query(Place).filter_by(number=1, area_id=city.ward_a).one()
        place.number = 7
        place.code = "06649-07"
        db.session.commit()
    before = count(app)
    answer = office.client.post(address, data=stale)
    office._checked(answer, 409, address)
    assert "Hãy xem lại kết quả" in office.words()
    assert count(app) == before
    confirm(office, address)
    assert count(app) == before


def test_a_forged_or_old_confirmation_writes_nothing(app: Flask, visit: VisitorMaker) -> None:
    office = visit("culture_office")
    address = send(office, data(NEW)).location
    office.get(address)
    before = count(app)
    confirm(office, address, status=409, seen="0" * 64)
    office.get(address)
    confirm(office, address, status=409, entry_id="x")
    assert count(app) == before


def test_a_batch_is_its_senders_alone(app: Flask, city: City, visit: VisitorMaker) -> None:
    office, leader = visit("culture_office"), visit("leader")
    address = send(office, data(NEW)).location
    assert leader.client.get(address).status_code == 403
    for address in (f"/places/import/{new_id()}", "/places/import/x"):
        assert office.client.get(address).status_code == 404


@pytest.mark.parametrize("role", ["ward_staff", "ward_lead", "leader", "auditor", "admin"])
def test_only_the_office_imports_and_exports(visit: VisitorMaker, role: str) -> None:
    visitor = visit(role)
    for address in ("/places/import", "/places/export.csv", "/places/export.xlsx"):
        assert visitor.client.get(address).status_code == 403


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_comes_back_without_a_change(app: Flask, visit: VisitorMaker, ending: str) -> None:
    office = visit("culture_office")
    answer = office.client.get(f"/places/export.{ending}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename=kvbp-thu-2021.{ending}"
    address = send(office, answer.data, f"kvbp.{ending}").location
    office.get(address)
    assert "giống hệt" in office.words()
    with app.app_context():
        assert db.session.query(TrailLine).filter_by(act="places.export").count() == 1
        db.session.rollback()


def test_a_new_name_at_the_same_spot_renames_the_venue_and_elsewhere_makes_another(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    office = visit("culture_office")
    with app.app_context():
        known = known_places(db.session(), city.campaign, frozenset({city.ward_a, city.ward_b}))
        db.session.rollback()
    first, second = (place for place in known if place.area_id == city.ward_a)
    rows = export_rows((first, second))
    venue, lat = rows[0].index("Địa điểm"), rows[0].index("Vĩ độ")
    rows[1][venue] = "Nhà văn hóa khu Một"
    rows[2][venue], rows[2][lat] = "Trường mới", 20.98
    address = send(office, xlsx_bytes(rows, "A"), "a.xlsx").location
    office.get(address)
    assert "Nhà văn hóa khu Một" in office.words()
    confirm(office, address)
    with app.app_context():
        places = {place.id: place for place in db.session.query(Place)}
        assert places[first.id].venue_id == first.venue_id
        assert db.session.get_one(Venue, first.venue_id).name == "Nhà văn hóa khu Một"
        assert places[second.id].venue_id != second.venue_id
        assert db.session.get_one(Venue, second.venue_id).name == second.venue
        assert "truong moi" in places[second.id].folded
        assert places[first.id].version == 2
        db.session.rollback()


def run(app: Flask, tmp_path: Path, content: bytes, *options: str, name: str = "ds.csv") -> Result:
    path = tmp_path / name
    path.write_bytes(content)
    return app.test_cli_runner().invoke(args=["inventory", "import", "places", str(path), *options])


def test_the_command_checks_and_writes(app: Flask, city: City, tmp_path: Path) -> None:
    before = count(app)
    checked = run(app, tmp_path, data(NEW, OTHER), "--check", "--json")
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.stdout) | {"missing_from_file": 4} == {
        "new": 2, "changed": 0, "same": 0, "missing_from_file": 4, "problems": [],
    }  # fmt: skip
    assert count(app) == before
    written = run(app, tmp_path, data(NEW, OTHER), "--json", "--source", "QĐ 879", "--campaign", "thu-2021")
    assert (written.exit_code, json.loads(written.stdout)["new"]) == (0, 2)
    assert count(app) == before + 2
    again = run(app, tmp_path, data(NEW, OTHER), "--json", "--source", "QĐ 879")
    assert (again.exit_code, json.loads(again.stdout)["same"]) == (0, 2)
    assert count(app, ImportBatch) == 1


def test_the_command_ends_with_1_for_warnings_and_2_for_errors(
    app: Flask, city: City, tmp_path: Path
) -> None:
    before = count(app)
    wrong = run(app, tmp_path, data(NEW, FEW, WRONG), "--json")
    assert wrong.exit_code == 2
    told = json.loads(wrong.stdout)
    assert [(p["row"], p["level"], p["code"]) for p in told["problems"]] == [
        (3, "warning", "voters_few"),
        (4, "error", "position_swapped"),
    ]
    assert set(told["problems"][0]) == {"sheet", "row", "column", "level", "code", "message"}
    assert count(app) == before, "errors refuse the whole file"
    warned = run(app, tmp_path, data(FEW), "--json")
    assert warned.exit_code == 1
    assert count(app) == before + 1
    unreadable = run(app, tmp_path, b"\x00", "--json")
    assert (unreadable.exit_code, json.loads(unreadable.stdout)["problems"][0]["code"]) == (2, "not_text")
    assert run(app, tmp_path, data(NEW), "--campaign", "no").exit_code == 2
