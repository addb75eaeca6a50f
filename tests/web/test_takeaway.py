"""Maps to take away: whole in themselves, one's own areas only, recognised by their hash."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from inventory.database import db
from inventory.tables.area import Area
from inventory.tables.place import Place, Venue
from inventory.tables.trail import TrailLine
from inventory.vocabulary import Condition
from inventory.wording import fold
from maps.takeaway import typeset
from tests.city import City
from tests.client import Visitor
from tests.mapped import restrict, run, surveyed, thing
from tests.unit.test_takeaway import PAYLOADS, sizes_of, text_of

Visit = Callable[[str | None], Visitor]


@pytest.fixture
def drawn(app: Flask, city: City) -> City:
    """A banner that works at A1, a broken one at A2, one at B1; A1 and B1 surveyed; a run."""
    with app.app_context():
        thing(city, city.places_a[0], verified=True, lat=20.9601, lon=107.0231)
        thing(city, city.places_a[1], condition=Condition.TORN)
        thing(city, city.places_b[0], "SPK_CLUSTER_FM", lat=20.961, lon=107.064)
        surveyed(city, city.places_a[0])
        surveyed(city, city.places_b[0])
        run(city)
    return city


def page_of(visitor: Visitor, query: str = "", status: int = 200) -> str:
    """The HTML file's text."""
    answer = visitor.client.get(f"/map.html{query}")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def sheet_of(visitor: Visitor, tmp_path: Path, query: str = "") -> str:
    """The words of the printed sheet, white space collapsed."""
    answer = visitor.client.get(f"/map.pdf{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    return " ".join(text_of(answer.get_data(), tmp_path).split())


def data_of(text: str) -> list[dict[str, object]]:
    found = re.search(r'<script type="application/json" id="map-data">(.*?)</script>', text, re.DOTALL)
    assert found
    data: list[dict[str, object]] = json.loads(found.group(1))
    return data


def test_the_file_asks_for_nothing_and_runs_only_what_its_policy_names(drawn: City, visit: Visit) -> None:
    text = page_of(visit("culture_office"))
    assert len(text.encode()) <= 5_000_000
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert found
    policy = html.unescape(found.group(1))
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert (len(scripts), len(styles)) == (4, 1)
    for inside in (*scripts, *styles):
        assert base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode() in policy
    body = re.sub(r"<(script|style)[^>]*>.*?</\1>|<pre[^>]*>.*?</pre>", "", text, flags=re.DOTALL)
    assert not re.search(r"(?i)\s(?:src|href|action)=[\"'](?!#)", body)
    assert not re.search(r"\son\w+=|\sstyle=", body)
    assert "fetch(" not in re.sub(r"(?s)async function fetchJson.*?\n}\n", "", scripts[-1])


def test_the_file_says_whose_it_is_when_and_how_many_of_how_many(drawn: City, visit: Visit) -> None:
    text = page_of(visit("culture_office"))
    for words in (
        "4 / 4 nơi bỏ phiếu",
        "3 / 3 công trình",
        "lần tính số 1",
        "Đã báo cáo",
        "Ranh giới tham khảo",
    ):
        assert words in text
    assert text.count("Open Font License") >= 1
    ward = page_of(visit("culture_office"), f"?ward={drawn.ward_a}&figure=verified")
    assert "2 / 2 nơi bỏ phiếu" in ward
    assert "1 / 1 công trình" in ward
    assert "Đã xác minh" in ward
    assert "Xã Đồng Thử" not in ward


def test_the_file_speaks_the_readers_language(drawn: City, visit: Visit) -> None:
    visitor = visit("culture_office")
    with visitor.client.session_transaction() as cookie:
        cookie["language"] = "en"
    text = page_of(visitor)
    assert '<html class="govuk-template" lang="en">' in text
    assert "Polling place" in text or "polling place" in text
    assert '<html class="govuk-template" lang="vi">' in page_of(visit("leader"))


def test_the_same_map_has_the_same_bytes_and_the_trail_knows_them(
    app: Flask, drawn: City, visit: Visit
) -> None:
    visitor = visit("leader")
    for address in ("/map.html", "/map.pdf"):
        first, second = (visitor.client.get(address) for _ in range(2))
        assert first.get_data() == second.get_data()
        assert first.headers["Content-Disposition"].startswith("attachment; filename=")
        with app.app_context():
            query = select(TrailLine).where(TrailLine.act == "download").order_by(TrailLine.number.desc())
            line = db.session.scalars(query).first()
            assert line is not None
            assert line.subject == "map"
            assert line.detail["sha256"] == hashlib.sha256(first.get_data()).hexdigest()
            assert line.detail["file"] in first.headers["Content-Disposition"]


def test_a_ward_takes_its_own_rows_only(drawn: City, visit: Visit, tmp_path: Path) -> None:
    visitor = visit("ward_staff")
    text = page_of(visitor)
    assert "Xã Đồng Thử" not in text
    places, things, *_rest = data_of(text)
    assert set(places["places"]["ward"]) == {drawn.ward_a}  # type: ignore[index]
    assert set(things["things"]["ward"]) == {drawn.ward_a}  # type: ignore[index]
    assert "Đồng Thử" not in sheet_of(visitor, tmp_path, "?list=1")
    for shape in ("html", "pdf"):
        assert visitor.client.get(f"/map.{shape}?ward={drawn.ward_b}").status_code == 404


def test_a_restricted_venue_is_nowhere_in_a_file(
    app: Flask, drawn: City, visit: Visit, tmp_path: Path
) -> None:
    with app.app_context():
        restrict(drawn.places_a[0])
    visitor = visit("leader")
    data = data_of(page_of(visitor))
    assert "107.0231" not in json.dumps(data)
    assert "20.9601" not in json.dumps(data)
    places, things, *_rest = data
    here = places["places"]["id"].index(drawn.places_a[0])  # type: ignore[index]
    assert places["places"]["lat"][here] is None  # type: ignore[index]
    assert (things["total"], len(things["things"]["id"])) == (3, 2)  # type: ignore[index]
    told = sheet_of(visitor, tmp_path, "?list=1")
    assert "Vẽ 3 / 4 nơi bỏ phiếu" in told
    assert "1 nơi hạn chế không hiển thị vị trí" in told
    assert "(vị trí không hiển thị)" in told
    assert "Vẽ 4 / 4 nơi bỏ phiếu" in sheet_of(visit("culture_office"), tmp_path)


def test_what_people_typed_stays_text(app: Flask, drawn: City, visit: Visit, tmp_path: Path) -> None:
    with app.app_context():
        for place, payload in zip(db.session.scalars(select(Place)), PAYLOADS, strict=False):
            place.name, place.folded = payload, fold(payload)
            db.session.get_one(Venue, place.venue_id).name = payload
        db.session.get_one(Area, drawn.ward_a).name = PAYLOADS[1]
        db.session.commit()
    visitor = visit("culture_office")
    text = page_of(visitor)
    assert "<img" not in text
    assert "<script>window" not in text
    names = data_of(text)[0]["places"]["name"]  # type: ignore[index]
    assert set(PAYLOADS[:4]) <= set(names)
    told = "".join(sheet_of(visitor, tmp_path, "?list=1").split())
    for payload in PAYLOADS[:4]:
        assert "".join(payload.split()) in told


def test_the_sheet_has_all_that_a_printed_map_needs(drawn: City, visit: Visit, tmp_path: Path) -> None:
    told = sheet_of(visit("culture_office"), tmp_path)
    for words in (
        "Bản đồ tuyên truyền trực quan",
        "Vẽ 4 / 4 nơi bỏ phiếu",
        "Quần đảo Hoàng Sa",
        "Quần đảo Trường Sa",
        "Biển Đông",
        "Chú giải",
        "Ranh giới tham khảo, không có giá trị pháp lý",
        "Lần tính số 1",
        "B (Bắc)",
        "tính theo số đã báo cáo",
    ):
        assert words in told
    assert re.search(r"Tỉ lệ 1:[\d.]+", told)
    assert re.search(r"\d+ k?m\b", told)
    assert "tính theo số đã xác minh" in sheet_of(visit("culture_office"), tmp_path, "?figure=verified")


def test_a3_is_larger_and_the_list_is_a_page(drawn: City, visit: Visit, tmp_path: Path) -> None:
    visitor = visit("culture_office")
    large = sizes_of(visitor.client.get("/map.pdf?paper=a3").get_data(), tmp_path)
    assert large == ["1190.55 x 841.89"]
    listed = sizes_of(visitor.client.get("/map.pdf?list=1").get_data(), tmp_path)
    assert listed == ["841.89 x 595.276"] * 2


def test_without_a_run_a_map_can_be_taken_and_says_so(city: City, visit: Visit, tmp_path: Path) -> None:
    visitor = visit("culture_office")
    assert "chưa có lần tính nào" in page_of(visitor)
    told = sheet_of(visitor, tmp_path)
    assert "Chưa có lần tính nào" in told
    assert "chưa tính" in told


@pytest.mark.parametrize("query", ["figure=guessed", "paper=a0", "paper=", "figure=" + "x" * 3000])
def test_a_value_that_no_screen_sends_is_refused_with_a_sentence(
    drawn: City, visit: Visit, query: str
) -> None:
    visitor = visit("culture_office")
    for shape in ("html", "pdf"):
        visitor.get(f"/map.{shape}?{query}", 400)
        assert "Bộ lọc có giá trị không dùng được" in visitor.words()


def test_a_sheet_that_is_not_set_is_a_sentence_and_no_trail_line(
    app: Flask, drawn: City, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_arguments: object) -> bytes:
        raise typeset.Unfinished("not done in 60 seconds")

    monkeypatch.setattr(typeset, "pdf", never)
    visitor = visit("culture_office")
    answer = visitor.get("/map.pdf", 503)
    assert answer.headers["Retry-After"] == "60"
    with app.app_context():
        assert db.session.scalars(select(TrailLine).where(TrailLine.act == "download")).first() is None
