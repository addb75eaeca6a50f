"""The field app's addresses: its shell, who is signed in, and packs: deltas that tell only what is seen."""

import gzip
import hashlib
import json
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import create_app
from inventory.database import db
from inventory.field import shell
from inventory.field.views import current_shell
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.installations.record import Record
from inventory.outcomes import Done
from inventory.people.sessions import token_hash
from inventory.receipts import entry_of
from inventory.tables.field import FieldDevice
from inventory.tables.kind import Kind
from inventory.tables.place import Place
from inventory.tables.trail import TrailLine
from inventory.vocabulary import Zone
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker
from tests.web.furnished import acting, furnish
from tests.web.query_counting import counted

JSON = {"Accept": "application/json", "X-Trucquan-Field": "test"}
#: Files that the app needs before it opens, packed (the issue's own limit).
MOST_SHELL_BYTES = 300_000
MOST_QUERIES = 22


def _pack(visitor: Visitor, area: int, **query: str) -> dict[str, Any]:
    response = visitor.client.get(f"/field/pack/{area}", query_string=query, headers=JSON)
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.headers["X-Trucquan-Answer"] == "1"
    told: dict[str, Any] = json.loads(response.get_data())
    return told


def _record(app: Flask, city: City, who: str, ward: int, **fields: Any) -> str:
    with app.app_context():
        actor, campaign = acting(city.people[who])
        record = Record("PANEL_SMALL", ward, zone=Zone.PUBLIC, **fields)
        done = installations.record(actor, campaign, record, entry_of(new_id(), {}))
        assert isinstance(done, Done), done
        db.session.commit()
        return done.subject


def test_the_shell_opens_for_anybody_and_tells_nothing(app: Flask, city: City, visit: VisitorMaker) -> None:
    pages = [visit(who).get("/field/").get_data() for who in (None, "ward_staff", "admin")]
    assert pages[0] == pages[1] == pages[2]
    response = visit(None).get("/field/worker.js")
    assert response.mimetype == "text/javascript"
    assert "no-cache" in response.headers["Cache-Control"]
    manifest = json.loads(visit(None).get("/field/manifest.webmanifest").get_data())
    assert (manifest["scope"], manifest["start_url"]) == ("/field/", "/field/")
    for icon in manifest["icons"]:
        assert app.test_client().get(icon["src"]).status_code == 200


def test_the_shell_is_whole_and_at_most_300_kb_packed(app: Flask, city: City) -> None:
    client = app.test_client()
    with app.test_request_context():
        found = current_shell()
    assert found.missing == ()
    assert "/static/js/field/db.js" in found.files
    assert "/static/vendor/idb-8.0.4/idb.js" in found.files
    assert "/static/js/field/worker.js" not in found.files
    packed = {address: len(gzip.compress(client.get(address).get_data(), 6)) for address in found.files}
    assert sum(packed.values()) <= MOST_SHELL_BYTES, sorted(packed.items(), key=lambda row: -row[1])[:9]
    assert all(client.get(address).status_code == 200 for address in found.later)


def test_what_the_shell_lists_is_served_with_the_very_hash(app: Flask, city: City) -> None:
    client = app.test_client()
    with app.test_request_context():
        found = current_shell()
    for address, hash_ in found.files.items():
        assert hashlib.sha256(client.get(address).get_data()).hexdigest() == hash_, address


def test_switched_off_serves_a_worker_that_removes_itself(app: Flask, city: City) -> None:
    environment = {
        "TRUCQUAN_DATA": str(app.config["SETTINGS"].data),
        "TRUCQUAN_DATABASE": app.config["SETTINGS"].database,
        "TRUCQUAN_FIELD_OFF": "1",
    }
    client = create_app(environment).test_client()
    text = client.get("/field/worker.js").get_data(as_text=True)
    assert "unregister()" in text
    assert "SHELL" not in text
    assert 'data-worker="off"' in client.get("/field/").get_data(as_text=True)


def test_words_come_in_both_languages(app: Flask, city: City) -> None:
    client = app.test_client()
    vi, en = (client.get(f"/field/words.json?lang={one}").get_json() for one in ("vi", "en"))
    assert vi["labels"]["zone"]["gate"] == "Cổng vào"
    assert en["labels"]["zone"]["gate"] != "Cổng vào"
    assert (vi["sentences"], vi["labels"].keys()) == ({}, en["labels"].keys())
    assert client.get("/field/words.json?lang=xx").status_code == 400


def test_me_says_who_where_and_how_much(app: Flask, city: City, visit: VisitorMaker) -> None:
    told = json.loads(visit("ward_staff").get("/field/me", headers=JSON).get_data())
    assert told["person"]["id"] == city.people["ward_staff"]
    assert told["areas"] == [{"id": city.ward_a, "name": "Phường Hồng Thử", "kind": "phuong", "features": 2}]
    assert told["campaign"]["code"] == "thu-2021"
    assert told["most_features"] == 5000
    office = json.loads(visit("culture_office").get("/field/me", headers=JSON).get_data())
    assert [area["id"] for area in office["areas"]] == [city.ward_a, city.ward_b]


def test_nobody_and_those_who_do_not_survey_get_no_data(city: City, visit: VisitorMaker) -> None:
    for who, status in ((None, 401), ("leader", 403), ("admin", 403)):
        for address in ("/field/me", f"/field/pack/{city.ward_a}"):
            visit(who).get(address, status, headers=JSON)


def _cookie(response: Any) -> Any:
    jar: SimpleCookie = SimpleCookie()
    for line in response.headers.getlist("Set-Cookie"):
        jar.load(line)
    return jar["field-device"]


def test_a_phone_is_registered_once_and_keeps_its_secret(app: Flask, city: City, visit: VisitorMaker) -> None:
    visitor, device = visit("ward_staff"), new_id()
    first = visitor.get(f"/field/me?device={device}", headers=JSON)
    cookie = _cookie(first)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/field/")
    again = _cookie(visitor.get(f"/field/me?device={device}", headers=JSON))
    assert again.value == cookie.value
    with app.app_context():
        row = db.session.scalars(select(FieldDevice)).one()
        assert (row.id, row.person_id, row.app) == (device, city.people["ward_staff"], "test")
        assert row.token_hash == token_hash(f"{cookie.value}:{row.person_id}")
        lines = db.session.scalars(select(TrailLine).where(TrailLine.act == "phone.registered")).all()
        assert [line.subject_id for line in lines] == [device]


def test_nobody_takes_over_the_phone_of_another(app: Flask, city: City, visit: VisitorMaker) -> None:
    device = new_id()
    visit("ward_staff").get(f"/field/me?device={device}", headers=JSON)
    refused = visit("ward_lead").get(f"/field/me?device={device}", 409, headers=JSON)
    assert json.loads(refused.get_data())["error"]["code"] == "device"
    with app.app_context():
        assert db.session.scalars(select(FieldDevice.person_id)).one() == city.people["ward_staff"]
    visit("ward_staff").get("/field/me?device=not-an-id", 400, headers=JSON)


def test_a_phone_that_was_cut_off_gets_nothing(app: Flask, city: City, visit: VisitorMaker) -> None:
    visitor, device = visit("ward_staff"), new_id()
    visitor.get(f"/field/me?device={device}", headers=JSON)
    with app.app_context():
        db.session.execute(update(FieldDevice).values(cut_off_at=FieldDevice.first_seen_at))
        db.session.commit()
    for address in (f"/field/me?device={device}", f"/field/pack/{city.ward_a}"):
        assert json.loads(visitor.get(address, 403, headers=JSON).get_data())["error"]["code"] == "cut_off"


def test_a_pack_has_all_that_a_visit_needs(app: Flask, city: City, visit: VisitorMaker) -> None:
    rows = furnish(app, city).rows[city.ward_a]
    pack = _pack(visit("ward_staff"), city.ward_a)
    sections = {name: section["rows"] for name, section in pack["sections"].items()}
    assert pack["full"]
    assert pack["area"]["id"] == city.ward_a
    assert [place["id"] for place in sections["places"]] == city.places_a
    assert sections["outline"]["type"] == "Polygon"
    checklist = sections["checklists"][f"place:{city.places_a[0]}"]
    assert [item["key"] for item in checklist] == [
        *("gate.FLAG_NATIONAL", "gate.BANNER_H", "gate.FLAG_DECOR", "gate.audio", "outside.NOTICE_BOARD")
    ]
    assert sections["checklists"][f"ward:{city.ward_a}"][0]["key"] == "public.PANEL_SMALL"
    assert {kind["code"] for kind in sections["kinds"]} >= {"BANNER_H", "SPK_MOBILE"}
    assert [slogan["withdrawn"] for slogan in sections["slogans"]] == [False, True]
    (thing,) = pack["things"]
    assert (thing["id"], thing["kind_code"], thing["version"]) == (rows["installation_id"], "BANNER_H", 1)
    assert thing["review"]["state"] == "submitted"
    assert thing["photos"] == [{"id": rows["photo_id"], "role": "overview"}]


def test_a_later_pack_is_only_what_changed(app: Flask, city: City, visit: VisitorMaker) -> None:
    visitor = visit("ward_staff")
    first = _record(app, city, "ward_staff", city.ward_a)
    pack = _pack(visitor, city.ward_a)
    have = ",".join(section["digest"] for section in pack["sections"].values())
    assert [thing["id"] for thing in pack["things"]] == [first]
    same = _pack(visitor, city.ward_a, cursor=pack["cursor"], have=have)
    assert (same["full"], same["things"], same["gone"], same["sections"]) == (False, [], [], {})
    second = _record(app, city, "ward_staff", city.ward_a)
    with app.app_context():
        db.session.execute(update(Kind).where(Kind.code == "BANNER_H").values(name_vi="Tên mới"))
        db.session.commit()
    later = _pack(visitor, city.ward_a, cursor=same["cursor"], have=have)
    assert [thing["id"] for thing in later["things"]] == [second]
    assert list(later["sections"]) == ["kinds"]


def test_what_left_the_ward_is_told_as_gone(app: Flask, city: City, visit: VisitorMaker) -> None:
    visitor, thing = visit("ward_staff"), _record(app, city, "ward_staff", city.ward_a)
    pack = _pack(visitor, city.ward_a)
    with app.app_context():
        actor, campaign = acting(city.people["culture_office"])
        done = installations.amend(
            actor, campaign, thing, {"area_id": city.ward_b}, 1, entry_of(new_id(), {})
        )
        assert isinstance(done, Done), done
        db.session.commit()
    later = _pack(visitor, city.ward_a, cursor=pack["cursor"])
    assert (later["gone"], later["things"]) == ([thing], [])
    assert [row["id"] for row in _pack(visit("other_ward"), city.ward_b)["things"]] == [thing]


@pytest.mark.parametrize("cursor", ["", "x", "1-1-0000000000000000", "999-0-0000000000000000"])
def test_an_unknown_cursor_gives_everything(app: Flask, city: City, visit: VisitorMaker, cursor: str) -> None:
    _record(app, city, "ward_staff", city.ward_a)
    pack = _pack(visit("ward_staff"), city.ward_a, cursor=cursor)
    assert pack["full"]
    assert len(pack["things"]) == 1


def test_a_restored_database_gives_everything(app: Flask, city: City, visit: VisitorMaker) -> None:
    visitor = visit("ward_staff")
    _record(app, city, "ward_staff", city.ward_a)
    campaign, number, head = _pack(visitor, city.ward_a)["cursor"].split("-")
    other = "0" * 16 if head != "0" * 16 else "1" * 16
    # After a restore the same number is another line, or no line at all.
    for cursor in (f"{campaign}-{number}-{other}", f"{campaign}-{int(number) + 1}-{head}"):
        assert _pack(visitor, city.ward_a, cursor=cursor)["full"]
    assert not _pack(visitor, city.ward_a, cursor=f"{campaign}-{number}-{head}")["full"]


def test_another_ward_is_not_there_and_changes_no_byte(app: Flask, city: City, visit: VisitorMaker) -> None:
    visitor = visit("ward_staff")
    assert visitor.get(f"/field/pack/{city.ward_b}", 404, headers=JSON)
    before = _pack(visitor, city.ward_a)
    _record(app, city, "other_ward", city.ward_b)
    after = _pack(visitor, city.ward_a)
    assert {**before, "server_at": ""} == {**after, "server_at": ""}


def test_a_ward_that_is_too_large_is_refused_with_its_number(
    app: Flask, city: City, visit: VisitorMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inventory.field.packs.MOST_FEATURES", 1)
    answer = visit("ward_staff").get(f"/field/pack/{city.ward_a}", 413, headers=JSON)
    error = json.loads(answer.get_data())["error"]
    assert error["code"] == "too_many"
    assert " 2 " in error["message"]


def test_a_pack_travels_as_a_file(city: City, visit: VisitorMaker) -> None:
    visitor = visit("ward_staff")
    cursor = _pack(visitor, city.ward_a)["cursor"]
    response = visitor.get(f"/field/pack/{city.ward_a}?file=1&cursor={cursor}", headers=JSON)
    assert response.headers["Content-Disposition"].startswith("attachment")
    outer = json.loads(response.get_data())
    assert json.loads(outer["pack"])["full"]
    assert hashlib.sha256(outer["pack"].encode()).hexdigest() == outer["sha256"]


def test_a_pack_asks_few_queries_however_many_places(app: Flask, city: City, visit: VisitorMaker) -> None:
    visitor = visit("ward_staff")
    with counted(app) as few:
        _pack(visitor, city.ward_a)
    with app.app_context():
        place = db.session.get_one(Place, city.places_a[0])
        for number in range(3, 23):
            values = {c.key: getattr(place, c.key) for c in Place.__table__.columns if c.key != "id"}
            db.session.add(Place(**{**values, "number": number, "code": f"nhieu-{number}"}))
        db.session.commit()
        for _ in range(10):
            _record(app, city, "ward_staff", city.ward_a)
    with counted(app) as many:
        _pack(visitor, city.ward_a)
    assert len(many) == len(few) <= MOST_QUERIES


def test_whether_somebody_is_here_is_told_without_a_refusal(city: City, visit: VisitorMaker) -> None:
    for who, here in ((None, False), ("ward_staff", True), ("leader", False)):
        assert json.loads(visit(who).get("/field/here", headers=JSON).get_data()) == {"here": here}


def test_static_texts_are_packed_and_still_checked_by_their_tag(app: Flask, city: City) -> None:
    client, address = app.test_client(), "/static/js/field/sync.js"
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert len(packed.get_data()) < len(plain.get_data()) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]
    known = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    assert client.get(address, headers=known).status_code == 304


def test_what_opens_at_once_is_fetched_side_by_side(app: Flask, city: City) -> None:
    page = app.test_client().get("/field/").get_data(as_text=True)
    assert '<link rel="modulepreload" href="/static/js/field/db.js">' in page
    assert page.count("modulepreload") > 10
    with app.test_request_context():
        assert {f"/static/{name}" for name in shell.ahead()} <= set(current_shell().files)
