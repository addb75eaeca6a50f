"""Neighbourhoods on their pages: a file is looked at, then written; lists and forms; facts for maps."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inventory.database import db
from inventory.facts import NeighbourhoodFact
from inventory.past import read_facts_on
from inventory.snapshot import read_facts
from inventory.tables.campaign import AreaFacts
from inventory.tables.neighbourhood import Neighbourhood
from inventory.tables.place import ImportBatch
from inventory.tables.trail import TrailLine
from tests.city import TODAY, City
from tests.client import Visitor
from tests.web.query_counting import MOST, counted

Visit = Callable[[str | None], Visitor]
PAGE = "/neighbourhoods/import"
HEAD = "Phường,Khu phố,Số hộ,Cử tri,KVBP số,Vĩ độ,Kinh độ"
#: Place 1 of ward A has 700 voters, place 2 has 1,400.
ROWS = (
    "Hồng Thử,Khu 1,100,400,1,20.951,107.011",
    "Hồng Thử,Khu 2,80,300,1,20.952,107.012",
    "Xã Đồng Thử,Thôn Đông,,500,1,,",
)


def upload(office: Visitor, rows: Sequence[str] = ROWS, status: int = 303, name: str = "khu.csv") -> str:
    """Send a file; where it leads."""
    office.get(PAGE)
    content = "\n".join((HEAD, *rows)).encode()
    body = {**office.fields(PAGE), "source": "UBND các phường", "file": (io.BytesIO(content), name)}
    answer = office.post(PAGE, body, status, content_type="multipart/form-data")
    return str(answer.headers.get("Location", ""))


def confirm(office: Visitor, batch: str, status: int = 303) -> dict[str, str]:
    office.get(batch)
    body = office.fields(batch)
    office.post(batch, body, status)
    return body


def filled(visit: Visit, rows: Sequence[str] = ROWS) -> Visitor:
    office = visit("culture_office")
    confirm(office, upload(office, rows))
    return office


def stored(app: Flask, city: City) -> tuple[NeighbourhoodFact, ...]:
    with app.app_context():
        facts = read_facts(db.session(), city.campaign)
        assert read_facts_on(db.session(), city.campaign, TODAY).neighbourhoods == facts.neighbourhoods
        return facts.neighbourhoods


def moved(app: Flask) -> dict[int, int]:
    with app.app_context():
        rows = db.session.execute(select(AreaFacts.area_id, AreaFacts.version)).all()
        return {row.area_id: row.version for row in rows}


def row_of(app: Flask, name: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Neighbourhood.id).where(Neighbourhood.name == name)).one()


def test_a_file_is_looked_at_then_written_and_again_changes_nothing(
    app: Flask, city: City, visit: Visit
) -> None:
    office = visit("culture_office")
    batch = upload(office)
    assert stored(app, city) == ()
    office.get(batch)
    assert "Khu phố, thôn mới 3" in office.words()
    assert "các khu phố, thôn cộng lại 500 cử tri, danh sách nơi bỏ phiếu ghi 700" in office.words()
    assert "Chưa có vị trí; vẫn tính cử tri ở nơi bỏ phiếu." in office.words()
    body = confirm(office, batch)
    office.post(batch, body)
    office.get(batch)
    assert "Đã ghi tệp khu.csv" in office.words()
    one, two, three = stored(app, city)
    assert (one.name, one.place_id, one.households, one.voters) == ("Khu 1", city.places_a[0], 100, 400)
    assert (one.lat, one.lon, one.code, two.code) == (20.951, 107.011, "KP-01", "KP-02")
    assert (three.area_id, three.place_id, three.lat, three.code) == (
        *(city.ward_b, city.places_b[0], None, "KP-01"),
    )
    assert moved(app) == {city.ward_a: 1, city.ward_b: 1}
    again = upload(office)
    office.get(again)
    assert "Tệp giống hệt danh sách đang có" in office.words()
    changed = upload(office, ["Hồng Thử,Khu 1,100,410,1,,", "Hồng Thử,Khu 3,5,9,2,20.95,107.01"])
    office.get(changed)
    assert "KP-01 Khu 1, Phường Hồng Thử Số cử tri 400 410" in office.words()
    confirm(office, changed)
    assert [(row.name, row.voters) for row in stored(app, city)] == [
        *(("Khu 1", 410), ("Khu 2", 300), ("Khu 3", 9), ("Thôn Đông", 500)),
    ]
    assert moved(app) == {city.ward_a: 2, city.ward_b: 1}
    with app.app_context():
        acts = list(db.session.scalars(select(TrailLine.act).order_by(TrailLine.number)))
        assert acts.count("neighbourhoods.import") == 2


def test_an_export_comes_back_unchanged(app: Flask, city: City, visit: Visit) -> None:
    office = filled(visit)
    for ending in ("csv", "xlsx"):
        content = office.get(f"/neighbourhoods/export.{ending}").get_data()
        office.get(PAGE)
        body = {**office.fields(PAGE), "file": (io.BytesIO(content), f"a.{ending}")}
        answer = office.post(PAGE, body, content_type="multipart/form-data")
        office.get(answer.headers["Location"])
        assert "Tệp giống hệt danh sách đang có" in office.words()
    assert office.get("/neighbourhoods/template.xlsx").get_data().startswith(b"PK")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["Hồng Thử,,1,1,1,,"], "Thiếu tên khu phố, thôn."),
        (["Hồng Thử,Khu 1,1,1,9,,"], "Phường Hồng Thử không có khu vực bỏ phiếu số 9 trong danh sách."),
        (["Hồng Thử,Khu 1,một,1,1,,"], "“một” không phải số nguyên dùng được ở cột này."),
        (["Hồng Thử,Khu 1,1,1,1,1,2"], "nằm ngoài Việt Nam"),
        (["Hồng Thử,Khu 1,1,1,1,,", "hong thu,KHU 1,1,1,1,,"], "Trùng với dòng 2"),
    ],
)
def test_a_file_with_errors_is_not_kept(
    app: Flask, city: City, visit: Visit, rows: list[str], sentence: str
) -> None:
    office = visit("culture_office")
    upload(office, rows, 422)
    assert sentence in office.words()
    assert stored(app, city) == ()
    with app.app_context():
        assert db.session.scalars(select(ImportBatch)).all() == []


def test_what_is_no_list_is_refused_in_a_sentence(app: Flask, visit: Visit) -> None:
    office = visit("culture_office")
    upload(office, name="khu.pdf", status=422)
    assert "Chỉ nhận tệp CSV (.csv) hoặc Excel (.xlsx)." in office.words()
    upload(office, ['"'], 422)
    assert "Dấu ngoặc kép" in office.words()


def test_a_list_that_changed_in_between_is_shown_again(app: Flask, city: City, visit: Visit) -> None:
    first, second = visit("culture_office"), visit("culture_office")
    mine = upload(first)
    first.get(mine)
    body = first.fields(mine)
    confirm(second, upload(second, ["Hồng Thử,Khu 1,100,401,1,,"]))
    first.post(mine, body, 409)
    assert "Danh sách vừa có thay đổi khác" in first.words()
    assert [row.voters for row in stored(app, city)] == [401]
    confirm(first, mine)
    assert [row.voters for row in stored(app, city)] == [400, 300, 500]


def test_a_kept_file_of_neighbourhoods_is_no_file_of_places(app: Flask, visit: Visit) -> None:
    office = visit("culture_office")
    batch = upload(office)
    office.get(batch.replace("/neighbourhoods/", "/places/"), 404)
    visit("ward_staff").get(batch, 403)


def test_the_list_tells_what_is_known_and_only_of_ones_own_ward(app: Flask, city: City, visit: Visit) -> None:
    filled(visit)
    officer = visit("ward_staff")
    with counted(app) as asked:
        officer.get("/neighbourhoods")
    assert len(asked) <= MOST
    assert "Khu 2 KP-02 Phường Hồng Thử KVBP 1 80 300 có" in officer.words()
    assert "Thôn Đông" not in officer.words()
    assert "20,95" not in officer.words()
    officer.get(f"/neighbourhoods?area={city.ward_b}", 404)
    officer.get(f"/neighbourhoods/{row_of(app, 'Thôn Đông')}", 403)
    leader = visit("leader")
    leader.get("/neighbourhoods")
    assert "Có vị trí 2/3" in leader.words()
    assert "KVBP 1, Xã Đồng Thử : cộng lại 500, danh sách ghi 700" in leader.words()
    leader.get(f"/neighbourhoods?area={city.ward_a}")
    assert "Có vị trí 2/2" in leader.words()
    leader.get("/neighbourhoods?area=x", 400)


def typed(office: Visitor, address: str, **words: Any) -> dict[str, Any]:
    office.get(address)
    return {**office.fields(address), **words}


def test_a_change_by_hand_moves_the_wards_facts(app: Flask, city: City, visit: Visit) -> None:
    office = filled(visit)
    before = moved(app)
    address = f"/neighbourhoods/{row_of(app, 'Khu 1')}"
    words = {"voters": "1.050", "place_id": str(city.places_a[1]), "lat": "20°57'00\"", "lon": "107,02"}
    body = typed(office, address, name="Khu Một", **words)
    office.post(address, body)
    office.post(address, body)
    fact = next(row for row in stored(app, city) if row.name == "Khu Một")
    assert (fact.voters, fact.place_id, fact.lat, fact.lon) == (1050, city.places_a[1], 20.95, 107.02)
    assert moved(app) == {**before, city.ward_a: before[city.ward_a] + 1}
    office.get("/neighbourhoods")
    assert "Khu Một" in office.words()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"name": " "}, "Hãy điền chỗ này."),
        ({"name": "khu 2"}, "Phường, xã này đã có khu phố, thôn tên đó."),
        ({"voters": "nhiều"}, "Số chưa đúng"),
        ({"voters": "100001"}, "Số cử tri phải từ 0 đến 100.000."),
        ({"households": "-1"}, "Số hộ phải từ 0 đến 50.000."),
        ({"households": "60000"}, "Số hộ phải từ 0 đến 50.000."),
        ({"lat": "48,85", "lon": "2,35"}, "Vị trí này nằm ngoài Việt Nam."),
        ({"lat": "20,95", "lon": ""}, ""),
        ({"place_id": "999999"}, "Hãy chọn một mục trong danh sách."),
        ({"place_id": "a\x00b"}, "Hãy chọn một mục trong danh sách."),
        ({"source": "x" * 501}, "Dài quá."),
    ],
)
def test_what_is_wrong_is_told_and_stays_typed(
    app: Flask, city: City, visit: Visit, words: dict[str, str], sentence: str
) -> None:
    office = filled(visit)
    address, before = f"/neighbourhoods/{row_of(app, 'Khu 1')}", stored(app, city)
    office.post(address, typed(office, address, licence="của tôi", **words), 422)
    assert sentence in office.words()
    assert office.fields(address)["licence"] == "của tôi"
    assert stored(app, city) == before


def test_two_people_edit_one(app: Flask, city: City, visit: Visit) -> None:
    first = filled(visit)
    second = visit("culture_office")
    address = f"/neighbourhoods/{row_of(app, 'Khu 1')}"
    mine, theirs = typed(first, address, voters="410"), typed(second, address, voters="420")
    second.post(address, theirs)
    first.post(address, mine, 409)
    assert "Người khác vừa lưu: 420." in first.words()
    first.post(address, first.fields(address))
    assert stored(app, city)[0].voters == 410
