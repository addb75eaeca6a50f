"""Places over HTTP: the list's order, search, filters and pages; one place; the office's forms."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from inventory.clock import now
from inventory.database import db
from inventory.tables.place import Place, Venue
from inventory.tables.survey import Survey
from inventory.tables.trail import TrailLine
from inventory.vocabulary import VenueKind
from inventory.wording import fold
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker

_HTML = "{http://www.w3.org/1999/xhtml}"


def _titles(who: Visitor) -> list[str]:
    spans = (node for node in who.page.iter(f"{_HTML}span") if node.get("class") == "tq-card__title")
    words = ("".join(node.itertext()) for node in spans)
    return [title for title in words if title.startswith("KVBP")]


def _more(app: Flask, city: City, names: list[str], first: int = 10) -> list[int]:
    with app.app_context():
        ids = []
        for offset, name in enumerate(names):
            venue = Venue(area_id=city.ward_a, name=name, folded=fold(name), kind=VenueKind.SCHOOL)
            db.session.add(venue)
            db.session.flush()
            place = Place(
                campaign_id=city.campaign,
                area_id=city.ward_a,
                venue_id=venue.id,
                code=f"x-{first + offset}",
                number=first + offset,
                name=f"Khu vực bỏ phiếu số {first + offset}",
                folded=fold(name),
            )
            db.session.add(place)
            db.session.flush()
            ids.append(place.id)
        db.session.commit()
        return ids


def _finish(app: Flask, city: City, place_id: int, finished: bool = True) -> None:
    with app.app_context():
        area = db.session.get_one(Place, place_id).area_id
        db.session.add(
            Survey(
                id=f"00000000-0000-7000-8000-{place_id:012d}",
                campaign_id=city.campaign,
                area_id=area,
                place_id=place_id,
                standard_id=city.standard,
                person_id=city.people["ward_staff"],
                started_at=now(),
                finished_at=now() if finished else None,
            )
        )
        db.session.commit()


def test_a_ward_sees_its_places_and_its_own_page(visit: VisitorMaker, city: City) -> None:
    who = visit("ward_staff")
    who.get("/places")
    assert _titles(who) == ["KVBP 1 · Nhà văn hóa khu 1", "KVBP 2 · Nhà văn hóa khu 2"]
    text = who.words()
    for part in ("2 trên 2 nơi", "Việc chung toàn phường, xã: Phường Hồng Thử", "700 cử tri", "minh họa"):
        assert part in text
    assert "Đồng Thử" not in text
    office = visit("culture_office")
    office.get("/places")
    assert len(_titles(office)) == 4
    office.get(f"/places?area={city.ward_b}")
    assert len(_titles(office)) == 2
    who.get(f"/places?area={city.ward_b}", status=404)


def test_what_is_not_surveyed_comes_first_and_states_filter(
    app: Flask, visit: VisitorMaker, city: City
) -> None:
    who = visit("ward_staff")
    _finish(app, city, city.places_a[0])
    who.get("/places")
    assert [title[:6] for title in _titles(who)] == ["KVBP 2", "KVBP 1"]
    who.get("/places?state=surveyed")
    assert [title[:6] for title in _titles(who)] == ["KVBP 1"]
    assert "1 trên 2 nơi" in who.words()
    _finish(app, city, city.places_a[1], finished=False)
    who.get("/places?state=in_progress")
    assert [title[:6] for title in _titles(who)] == ["KVBP 2"]
    who.get("/places?state=returned")
    assert "Không có nơi nào khớp" in who.words()


def test_the_nearest_comes_first(visit: VisitorMaker, city: City) -> None:
    who = visit("ward_staff")
    who.get("/places?lat=20.96&lon=107.0262")
    assert [title[:6] for title in _titles(who)] == ["KVBP 2", "KVBP 1"]
    assert "21 m" in who.words()


def test_search_knows_marks_and_does_without(app: Flask, visit: VisitorMaker, city: City) -> None:
    _more(app, city, ["Trường Đường Hoa", "Nhà ông Dương", "Đình Dưỡng"])
    who = visit("ward_staff")
    who.get("/places?q=dương")
    assert [title.split(" · ")[1] for title in _titles(who)] == [
        "Nhà ông Dương",
        "Trường Đường Hoa",
        "Đình Dưỡng",
    ]
    who.get("/places?q=duong hoa")
    assert len(_titles(who)) == 1
    who.get("/places?q=11")
    assert _titles(who)[0].startswith("KVBP 11")


def test_pages_go_by_key(app: Flask, visit: VisitorMaker, city: City) -> None:
    _more(app, city, [f"Điểm {number}" for number in range(120)])
    who = visit("ward_staff")
    seen: list[str] = []
    address = "/places"
    for _ in range(3):
        who.get(address)
        seen += _titles(who)
        links = {node.get("rel"): node.get("href") for node in who.page.iter(f"{_HTML}a") if node.get("rel")}
        address = links.get("next", "")
    assert (len(seen), len(set(seen)), address) == (122, 122, "")
    assert "122 trên 122 nơi" in who.words()
    who.get(links["prev"])
    assert _titles(who) == seen[50:100]


def test_queries_of_the_list_that_no_page_sends(visit: VisitorMaker, city: City) -> None:
    who = visit("ward_staff")
    for query in ("state=x", "area=x", "after=-1", "lat=a&lon=b", "lat=999&lon=1", "lat=nan&lon=nan"):
        who.get(f"/places?{query}", status=400)
    who.get("/places?q=%00%ff&after=999999999")


def test_restricted_places_hide_where_they_are(app: Flask, visit: VisitorMaker, city: City) -> None:
    with app.app_context():
        db.session.get_one(Venue, city.venues_a[0]).kind = VenueKind.ARMED_FORCES
        db.session.commit()
    address = f"/places/{city.places_a[0]}"
    for role, knows in (
        ("ward_staff", True),
        ("culture_office", True),
        ("leader", False),
        ("auditor", False),
    ):
        who = visit(role)
        text = who.get(address).get_data(as_text=True)
        assert ("20,96" in text) is knows
        listed = who.get("/places?lat=20.96&lon=107.023").get_data(as_text=True)
        assert ("vị trí không công khai" in listed) is not knows


def test_a_place_shows_its_facts(visit: VisitorMaker, city: City) -> None:
    who = visit("leader")
    who.get(f"/places/{city.places_a[0]}")
    text = who.words()
    for part in (
        "Khu vực bỏ phiếu số 01",
        "700",
        "Nhà văn hóa",
        "theo tệp nhập",
        "tests/city.py",
        "MIT",
        "cần 10 lá",
    ):
        assert part in text
    assert "Chưa có lượt nào" in text
    visit("ward_staff").get(f"/places/{city.places_b[0]}", status=404)
    visit("admin").get(f"/places/{city.places_a[0]}", status=403)


def _typed(who: Visitor, address: str, **words: Any) -> dict[str, Any]:
    who.get(address)
    return dict(who.fields(address)) | words


def test_the_office_adds_a_place_once(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, address = visit("culture_office"), f"/places/new?area={city.ward_a}"
    words = _typed(
        who,
        address,
        number="7",
        voters="1.250",
        opens_at="07:00",
        closes_at="19:00",
        venue_name="Trường Tiểu học Bãi Cháy",
        venue_kind="school",
        lat="20°57'11\"",
        lon="107,0301",
    )
    first = who.post(address, words)
    assert who.post(address, words).location == first.location
    with app.app_context():
        place = db.session.scalars(select(Place).where(Place.number == 7)).one()
        venue = db.session.get_one(Venue, place.venue_id)
        assert (place.voters, place.code, place.name) == (1250, "06649-07", "Khu vực bỏ phiếu số 07")
        assert (venue.name, round(venue.lat or 0, 4), venue.lon) == (
            "Trường Tiểu học Bãi Cháy",
            20.9531,
            107.0301,
        )
        assert "place.created" in set(db.session.scalars(select(TrailLine.act)))
    visit("ward_staff").get(address, status=403)
    who.get("/places/new")
    assert "Tiếp tục" in who.words()


def test_what_is_wrong_with_a_place_is_told(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, address = visit("culture_office"), f"/places/new?area={city.ward_a}"
    for words, said in (
        ({"number": "1", "venue": str(city.venues_a[0])}, "đã có khu vực bỏ phiếu mang số đó"),
        ({"number": "x"}, "Ghi bằng số"),
        ({"number": "0", "venue_name": "A"}, "từ 1 đến"),
        ({"number": "8"}, "Chọn một địa điểm"),
        ({"number": "8", "venue_name": "A", "lat": "107", "lon": "20,9"}, "vượt quá"),
        ({"number": "8", "venue_name": "A", "lat": "20,9"}, "Chưa có tọa độ"),
        ({"number": "8", "venue_name": "A", "opens_at": "19:00", "closes_at": "07:00"}, "sau giờ mở"),
        ({"number": "8", "venue_name": "A", "opens_at": "25:00"}, "07:00"),
        ({"number": "8", "venue_name": "A", "venue_kind": "castle"}, "loại địa điểm"),
        ({"number": "8", "venue": "99999"}, "không thuộc phường"),
    ):
        who.post(address, _typed(who, address, **words), status=422)
        assert said in who.words()
        for name, value in words.items():
            if name in {"number", "lat", "venue_name"}:
                assert who.fields(address)[name] == value
    with app.app_context():
        assert len(list(db.session.scalars(select(Place)))) == 4
    who.get("/places/new?area=99999", status=404)


def test_an_edit_is_kept_and_a_stale_one_is_told(app: Flask, visit: VisitorMaker, city: City) -> None:
    one, other = visit("culture_office"), visit("culture_office")
    address = f"/places/{city.places_a[0]}/edit"
    mine, theirs = _typed(one, address, voters="810"), _typed(other, address, voters="820", restricted="y")
    other.post(address, theirs)
    page = one.post(address, mine, status=409).get_data(as_text=True)
    assert "Người khác vừa lưu: 820." in page
    assert one.fields(address)["voters"] == "810"
    one.post(address, dict(one.fields(address)))
    with app.app_context():
        place = db.session.get_one(Place, city.places_a[0])
        assert (place.voters, place.version) == (810, 3)
        venue = db.session.get_one(Venue, place.venue_id)
        assert (venue.version, venue.lat) == (1, 20.96)  # nothing of it was typed anew


def test_choosing_another_venue_leaves_that_one_as_it_is(app: Flask, visit: VisitorMaker, city: City) -> None:
    who, address = visit("culture_office"), f"/places/{city.places_a[0]}/edit"
    who.post(address, _typed(who, address, venue=str(city.venues_a[1])))
    with app.app_context():
        assert db.session.get_one(Place, city.places_a[0]).venue_id == city.venues_a[1]
        assert db.session.get_one(Venue, city.venues_a[1]).name == "Nhà văn hóa khu 2"
