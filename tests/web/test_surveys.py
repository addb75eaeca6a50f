"""A visit over plain HTTP: what a press stores, what a second press does, and what is refused."""

import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event, func, select

from inventory.access.permissions import GRANTS, Permission
from inventory.database import db
from inventory.tables.area import WardDeclaration
from inventory.tables.installation import Installation, InstallationEvent, Photo, Review
from inventory.tables.survey import Answer, Survey
from inventory.tables.trail import TrailLine
from inventory.vocabulary import Condition, PositionSource, ReviewState, Role
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker

KEYS = {
    "gate.FLAG_NATIONAL": 0,
    "gate.BANNER_H": 1,
    "gate.FLAG_DECOR": 2,
    "gate.audio": 3,
    "outside.NOTICE_BOARD": 4,
}


def _field(key: str, name: str) -> str:
    return f"items-{KEYS[key]}-{name}"


def _open(who: Visitor, place: int) -> dict[str, Any]:
    who.get(f"/places/{place}/survey")
    return dict(who.fields(f"/places/{place}/survey"))


def _press(who: Visitor, place: int, words: dict[str, Any], status: int = 303) -> str:
    response = who.post(f"/places/{place}/survey", words, status=status)
    return response.get_data(as_text=True)


def _rows(app: Flask, kind: str | None = None) -> list[Installation]:
    with app.app_context():
        query = select(Installation).order_by(Installation.id)
        rows = list(
            db.session.scalars(query if kind is None else query.where(Installation.kind_code == kind))
        )
        db.session.expunge_all()
        return rows


def _answers(app: Flask) -> dict[str, int]:
    with app.app_context():
        rows = db.session.execute(select(Answer.zone, Answer.kind_code, Answer.found))
        return {f"{row.zone}.{row.kind_code}": row.found for row in rows}


def _count(app: Flask, table: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def _picture(colour: str = "red") -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(stream, "JPEG")
    stream.seek(0)
    return stream


def test_the_page_lists_the_standard_zone_by_zone(visit: VisitorMaker, city: City) -> None:
    who = visit("ward_staff")
    words = _open(who, city.places_a[0])
    assert {words[f"items-{n}-key"]: n for n in range(5)} == KEYS
    text = who.words()
    for part in (
        "Cổng vào",
        "Trước phòng bỏ phiếu",
        "Băng rôn ngang",
        "cần 10 lá",
        "Yêu cầu G4",
        "Xong nơi này",
    ):
        assert part in text
    assert "Không chụp danh sách cử tri" in text


def test_a_press_records_things_and_answers(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    words = _open(who, place)
    words |= {
        _field("gate.FLAG_NATIONAL", "quick"): "none",
        _field("gate.BANNER_H", "found"): "2",
        _field("gate.BANNER_H", "working"): "1",
        _field("gate.BANNER_H", "condition"): "torn",
        _field("gate.BANNER_H", "slogan"): str(city.slogan),
        _field("gate.BANNER_H", "azimuth"): "92,5",
        _field("gate.BANNER_H", "note"): "góc phải rách",
        _field("gate.BANNER_H", "photo"): (_picture(), "rach.jpg"),
        _field("gate.FLAG_DECOR", "found"): "8",
        _field("gate.FLAG_DECOR", "working"): "7",
        _field("gate.FLAG_DECOR", "condition"): "torn",
    }
    _press(who, place, words)
    banners = _rows(app, "BANNER_H")
    assert [(row.quantity, row.working, row.condition) for row in banners] == [
        (1, 1, Condition.GOOD),
        (1, 0, Condition.TORN),
    ]
    assert {(row.slogan_id, row.azimuth, row.width_m, row.note) for row in banners} == {
        (city.slogan, 92.5, 6.0, "góc phải rách")
    }
    assert {row.position_source for row in banners} == {PositionSource.VENUE}
    (flags,) = _rows(app, "FLAG_DECOR")
    assert (flags.quantity, flags.working, flags.condition) == (8, 7, Condition.TORN)
    assert _answers(app) == {"gate.FLAG_NATIONAL": 0, "gate.BANNER_H": 2, "gate.FLAG_DECOR": 8}
    with app.app_context():
        photo = db.session.scalars(select(Photo)).one()
        assert photo.installation_id == banners[1].id  # the photo shows what is broken
        assert db.session.scalars(select(Survey)).one().finished_at is None
        assert {row.state for row in db.session.scalars(select(Review))} == {ReviewState.SUBMITTED}


def test_a_double_press_makes_one_entry(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    words = _open(who, place) | {_field("gate.BANNER_H", "found"): "1"}
    for _ in range(3):
        _press(who, place, words)
    assert len(_rows(app)) == 1
    assert _count(app, InstallationEvent) == 1
    words[_field("gate.BANNER_H", "found")] = "2"
    page = _press(who, place, words, status=409)  # the same entry with other words: told, nothing lost
    assert "Phần vừa sửa thêm chưa lưu" in page
    assert len(_rows(app)) == 1
    again = dict(who.fields(f"/places/{place}/survey"))
    assert again[_field("gate.BANNER_H", "found")] == "2"
    _press(who, place, again)
    assert len(_rows(app)) == 2


def test_a_second_save_goes_on_with_the_same_visit_and_finishing_counts(
    app: Flask, visit: VisitorMaker, city: City
) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    _press(who, place, _open(who, place) | {_field("gate.BANNER_H", "found"): "1"})
    words = _open(who, place)
    assert words[_field("gate.BANNER_H", "found")] == "1"
    words |= {"zones-gate-none": "1", "zones-outside-none": "1", "finish": "1"}
    response = who.post(f"/places/{place}/survey", words)
    assert response.location == f"/places/{place}"
    assert _answers(app) == {
        "gate.BANNER_H": 1,
        "gate.FLAG_NATIONAL": 0,
        "gate.FLAG_DECOR": 0,
        "gate.SPK_CLUSTER_FM": 0,
        "outside.NOTICE_BOARD": 0,
    }
    with app.app_context():
        assert db.session.scalars(select(Survey)).one().finished_at is not None
    assert len(_rows(app)) == 1
    who.get(f"/places/{place}")
    assert "Đã xem: không có" in who.words()


def test_a_later_visit_amends_and_never_doubles(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    first = _open(who, place) | {
        _field("gate.BANNER_H", "found"): "3",
        _field("gate.FLAG_DECOR", "found"): "9",
    }
    _press(who, place, first | {"finish": "1"})
    ids = [row.id for row in _rows(app)]
    words = _open(who, place)
    assert words[_field("gate.BANNER_H", "found")] == ""  # grey until touched
    assert 'placeholder="3"' in who.get(f"/places/{place}/survey").get_data(as_text=True)
    words = _open(who, place)
    words |= {
        _field("gate.BANNER_H", "found"): "2",
        _field("gate.BANNER_H", "working"): "1",
        _field("gate.BANNER_H", "condition"): "fallen",
        _field("gate.FLAG_DECOR", "quick"): "same",
        "finish": "1",
    }
    _press(who, place, words)
    rows = _rows(app)
    assert [row.id for row in rows] == ids
    banners = sorted(row.condition for row in rows if row.kind_code == "BANNER_H")
    assert banners == sorted([Condition.GOOD, Condition.FALLEN, Condition.MISSING])
    (flags,) = (row for row in rows if row.kind_code == "FLAG_DECOR")
    assert (flags.quantity, flags.version) == (9, 1)
    assert _count(app, Survey) == 2


def test_extra_things_and_family_kinds(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    words = _open(who, place)
    words |= {
        _field("gate.audio", "kind"): "SPK_MOBILE",
        _field("gate.audio", "found"): "1",
        "extras-0-kind": "PANEL_SMALL",
        "extras-0-note": "pano cạnh cổng",
        "extras-1-kind": "BANNER_H",
    }
    page = _press(who, place, words, status=422)
    assert "ghi số ở mục đó" in page  # the banner has its own item above
    words = dict(who.fields(f"/places/{place}/survey")) | {"extras-1-kind": ""}
    _press(who, place, words)
    assert [row.kind_code for row in _rows(app)] == ["SPK_MOBILE", "PANEL_SMALL"]
    words = _open(who, place)
    assert "gate.PANEL_SMALL" in {words.get(f"items-{n}-key") for n in range(6)}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"found": "2", "working": "3"}, "Số dùng tốt phải từ 0 đến 2"),
        ({"found": "2", "working": "1"}, "chọn tình trạng"),
        ({"found": "hai"}, "Ghi bằng số"),
        ({"found": "-1"}, "Ghi bằng số"),
        ({"found": "999999999"}, "Số đang có phải từ 0"),
        ({"found": "1", "condition": "torn", "working": "1"}, "không dùng được"),
        ({"found": "2", "working": "1", "condition": "faded"}, "vẫn tính là dùng tốt"),
        ({"quick": "none", "found": "2"}, "bỏ một trong hai"),
        ({"working": "1"}, "Ghi đang có bao nhiêu"),
        ({"azimuth": "400", "found": "1"}, "từ 0 đến dưới 360"),
        ({"slogan": "99999", "found": "1"}, "Chọn một khẩu hiệu"),
        ({"note": "x" * 501}, "không quá 500"),
        ({"kind": "FLAG_DECOR", "found": "1"}, "Thứ khác loại"),
    ],
)
def test_what_is_wrong_is_told_at_the_field_and_stores_nothing(
    app: Flask, visit: VisitorMaker, city: City, words: dict[str, str], said: str
) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    sent = _open(who, place) | {_field("gate.FLAG_DECOR", "found"): "8"}
    sent |= {_field("gate.BANNER_H", name): value for name, value in words.items()}
    page = _press(who, place, sent, status=422)
    assert said in page
    kept = who.fields(f"/places/{place}/survey")
    assert kept[_field("gate.FLAG_DECOR", "found")] == "8"
    for name, value in words.items():
        if name in {"found", "working", "note"}:
            assert kept[_field("gate.BANNER_H", name)] == value
    assert (_rows(app), _answers(app), _count(app, Survey)) == ([], {}, 0)


def test_nothing_answered_is_not_a_visit(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    assert "Chưa có mục nào" in _press(who, place, _open(who, place) | {"finish": "1"}, status=422)
    assert _count(app, Survey) == 0
    who.post(f"/places/{place}/survey", {"items-0-found": "1"}, status=400)  # no entry id


def test_a_device_fix_is_taken_and_a_useless_one_blocks_nothing(
    app: Flask, visit: VisitorMaker, city: City
) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    words = _open(who, place)
    words |= {"fix_lat": "20.961", "fix_lon": "107.0231", "fix_accuracy_m": "8", "fix_age_s": "3"}
    words |= {_field("gate.BANNER_H", "found"): "1", _field("gate.BANNER_H", "fix_lat"): "nan"}
    words |= {_field("outside.NOTICE_BOARD", "found"): "1"}
    words |= {
        _field("outside.NOTICE_BOARD", f"fix_{name}"): value
        for name, value in (("lat", "20.9612"), ("lon", "107.0233"), ("accuracy_m", "5"), ("age_s", "1"))
    }
    _press(who, place, words)
    board, banner = (_rows(app, kind)[0] for kind in ("NOTICE_BOARD", "BANNER_H"))
    assert (banner.position_source, banner.lat, banner.accuracy_m) == (PositionSource.DEVICE, 20.961, 8.0)
    assert (board.lat, board.lon, board.position_age_s) == (20.9612, 107.0233, 1.0)
    words = _open(who, place) | {"fix_lat": "0", "fix_lon": "0", _field("gate.FLAG_DECOR", "found"): "1"}
    _press(who, place, words)
    assert _rows(app, "FLAG_DECOR")[0].position_source is PositionSource.VENUE
    words = _open(who, place) | {"lat": "107,02", "lon": "20,96", _field("gate.FLAG_NATIONAL", "found"): "1"}
    assert "vượt quá giới hạn" in _press(who, place, words, status=422)


def test_a_bad_photo_is_told_and_the_rest_is_stored(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    words = _open(who, place) | {_field("gate.BANNER_H", "found"): "1"}
    words[_field("gate.BANNER_H", "photo")] = [
        (io.BytesIO(b"not a picture"), "xau.jpg"),
        (_picture("blue"), "tot.jpg"),
    ]
    _press(who, place, words)
    assert len(_rows(app)) == 1
    assert _count(app, Photo) == 1
    who.get(f"/places/{place}/survey")
    assert "xau.jpg" in who.words()


def test_two_people_at_once_and_the_second_sees_both_values(
    app: Flask, visit: VisitorMaker, city: City
) -> None:
    staff, lead, place = visit("ward_staff"), visit("ward_lead"), city.places_a[0]
    mine, theirs = _open(staff, place), _open(lead, place)
    _press(lead, place, theirs | {_field("gate.BANNER_H", "found"): "2"})
    page = _press(staff, place, mine | {_field("gate.BANNER_H", "found"): "1"}, status=409)
    assert "2/2" in page
    assert "1/1" in page
    assert len(_rows(app)) == 2
    words = dict(staff.fields(f"/places/{place}/survey"))
    assert words[_field("gate.BANNER_H", "found")] == "1"
    _press(staff, place, words)
    assert sorted(row.condition for row in _rows(app)) == sorted([Condition.GOOD, Condition.MISSING])


def test_what_was_returned_stands_on_top_and_saving_submits_it_again(
    app: Flask, visit: VisitorMaker, city: City
) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    _press(who, place, _open(who, place) | {_field("gate.BANNER_H", "found"): "1", "finish": "1"})
    with app.app_context():
        review = db.session.scalars(select(Review)).one()
        review.state, review.reason_code, review.reason_text = ReviewState.RETURNED, "photo_blurred", "mờ quá"
        review.decided_at = review.submitted_at
        db.session.commit()
    who.get("/places")
    assert "Phòng VH&TT: Ảnh mờ, chụp lại giúp – mờ quá" in who.words()
    words = _open(who, place)
    assert "Phòng VH&TT: Ảnh mờ, chụp lại giúp – mờ quá" in who.words()
    _press(who, place, words | {_field("gate.BANNER_H", "photo"): (_picture(), "lai.jpg")})
    with app.app_context():
        assert db.session.scalars(select(Review)).one().state is ReviewState.SUBMITTED
    assert len(_rows(app)) == 1


def test_the_ward_has_its_own_page(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, address = visit("ward_staff"), f"/wards/{city.ward_a}/survey"
    who.get(address)
    words = dict(who.fields(address))
    assert [words[f"items-{n}-key"] for n in range(2)] == ["public.PANEL_SMALL", "mobile.SPK_MOBILE"]
    who.post(address, words | {"items-0-found": "1", "items-1-quick": "none", "finish": "1"})
    (panel,) = _rows(app)
    assert (panel.venue_id, panel.area_id, panel.lat) == (None, city.ward_a, None)
    assert _answers(app) == {"public.PANEL_SMALL": 1, "mobile.SPK_MOBILE": 0}


def test_a_declaration_is_kept_and_closes_nothing(app: Flask, visit: VisitorMaker, city: City) -> None:
    lead = visit("ward_lead")
    lead.get("/places")
    words = dict(lead.fields(f"/wards/{city.ward_a}/declare"))
    for _ in range(2):
        lead.post(f"/wards/{city.ward_a}/declare", words | {"note": "đã đi hết"})
    assert _count(app, WardDeclaration) == 1
    lead.post(f"/wards/{city.ward_b}/declare", words, status=404)
    visit("ward_staff").post(f"/wards/{city.ward_a}/declare", words, status=403)
    lead.get("/places")
    assert "xác nhận đã khảo sát xong" in lead.words()
    place = city.places_a[0]
    _press(lead, place, _open(lead, place) | {_field("gate.BANNER_H", "found"): "1"})


def test_another_wards_pages_are_not_there(app: Flask, visit: VisitorMaker, city: City) -> None:
    who = visit("ward_staff")
    for address in (
        f"/places/{city.places_b[0]}/survey",
        f"/wards/{city.ward_b}/survey",
        "/places/99999/survey",
    ):
        who.get(address, status=404)
        who.post(address, {"items-0-found": "1"}, status=404)
    who.get(f"/wards/{city.root}/survey", status=404)
    with app.app_context():
        acts = list(db.session.scalars(select(TrailLine.act)))
    assert acts.count("look.refused") == 7


def test_only_those_who_survey_may(visit: VisitorMaker, city: City) -> None:
    for role in Role:
        allowed = Permission.SURVEY in GRANTS[role]
        visit(role.value).get(f"/places/{city.places_a[0]}/survey", status=200 if allowed else 403)


def test_a_program_fills_only_what_it_knows(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    entry = _open(who, place)["entry_id"]
    _press(who, place, {"entry_id": entry, "items-1-found": "1", "items-1-working": "1", "finish": "1"})
    assert _answers(app) == {"gate.BANNER_H": 1}


def test_the_page_needs_few_queries_with_many_things(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, place = visit("ward_staff"), city.places_a[0]
    words = _open(who, place) | {
        _field("gate.BANNER_H", "found"): "40",
        _field("outside.NOTICE_BOARD", "found"): "20",
    }
    _press(who, place, words)
    for address in (f"/places/{place}/survey", f"/places/{place}", "/places", f"/wards/{city.ward_a}/survey"):
        seen: list[str] = []

        def _tell(*arguments: Any, seen: list[str] = seen) -> None:
            seen.append(arguments[2])

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", _tell)
        who.client.get(address)
        event.remove(engine, "before_cursor_execute", _tell)
        assert len([text for text in seen if text.startswith(("SELECT", "WITH"))]) <= 12, (address, seen)
