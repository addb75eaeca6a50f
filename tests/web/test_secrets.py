"""Secrets stay secret: what people type reaches no log, no error page, no address (claim 57).

And what breaks says so in a sentence (claim 55): without its database the service answers 503.
"""

import logging
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, request
from sqlalchemy import select

from app import create_app
from inventory.database import db
from inventory.identity import new_id
from inventory.tables.trail import TrailLine
from tests.city import City
from tests.client import Visitor, check_page
from tests.conftest import environment
from tests.faults.browser import Browser
from tests.faults.ground import lay
from tests.faults.service import serving
from tests.property.routes import writing
from tests.web.furnished import furnish, picture

PASSWORD = "canary-Mật-Khẩu-7711"
TOKEN = "canary-token-abcdef0123456789"
PHONE = "0912 345 678"
CANARIES = (PASSWORD, TOKEN, PHONE, PHONE.replace(" ", ""))


@pytest.fixture
def breaking(app: Flask) -> Flask:
    """The service with every write breaking at its end: what does the error path tell?"""

    @app.before_request
    def _break() -> None:
        if request.headers.get("X-Break") == "code":
            words = request.form.to_dict()
            raise RuntimeError(f"broken near {sorted(words)}")
        if request.headers.get("X-Break") == "database":
            db.session.execute(db.text("SELECT :word FROM nowhere"), {"word": request.form["note"]})

    return app


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger, every level."""
    with caplog.at_level(logging.DEBUG):
        for name in ("sqlalchemy.engine", "werkzeug", "trucquan", "app"):
            logging.getLogger(name).disabled = False
        yield caplog


def test_no_canary_in_logs_pages_or_trail(
    app: Flask, city: City, everything_logged: pytest.LogCaptureFixture
) -> None:
    furnished = furnish(app, city)
    everything_logged.clear()
    for target in writing(app, city, furnished):
        if target.rule.endpoint == "people.sign_out":
            continue
        visitor = Visitor.signed_in(app, city.people[target.role] if target.role else None)
        words = {
            name: PASSWORD for name, _ in target.fields if "password" in name or name in {"old", "again"}
        }
        body = {**dict(target.fields), **words, "entry_id": new_id(), "phone": PHONE}
        if target.rule.endpoint == "people.reset":
            body |= {"username": "ward_staff", "code": TOKEN}
        body |= {"csrf_token": visitor.token(), "secret": PASSWORD}
        answer = visitor.client.post(target.address, data=body, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code < 500, str(target)
        for canary in (PASSWORD, PHONE):
            assert canary not in answer.headers.get("Location", ""), str(target)
            assert answer.status_code == 422 or canary not in answer.text, str(target)
        assert PASSWORD not in answer.text, str(target)
    for canary in CANARIES:
        assert canary not in everything_logged.text
    with app.app_context():
        kept = " ".join(str(line.detail) for line in db.session.scalars(select(TrailLine)))
    assert not [canary for canary in CANARIES if canary in kept]


@pytest.mark.parametrize("kind", ["code", "database"])
def test_an_error_tells_the_client_nothing_but_a_number(
    breaking: Flask, city: City, everything_logged: pytest.LogCaptureFixture, kind: str
) -> None:
    visitor = Visitor.signed_in(breaking, city.people["ward_staff"])
    token = visitor.token()
    stolen = visitor.client.get_cookie(breaking.config["SESSION_COOKIE_NAME"])
    assert stolen is not None
    body = {"csrf_token": token, "password": PASSWORD, "note": TOKEN, "phone": PHONE}
    answer = visitor.client.post("/language", data=body, headers={"X-Break": kind})
    assert answer.status_code in {500, 503}
    check_page(answer.text, "error")
    for word in ("Traceback", "RuntimeError", "sqlalchemy", "psycopg", "nowhere", "SELECT", ".py"):
        assert word not in answer.text
    shown = answer.text.partition("<code>")[2].partition("</code>")[0]
    assert len(shown) == 8
    assert shown in everything_logged.text, "the office can find it again"
    for canary in (*CANARIES, stolen.value):
        assert canary not in everything_logged.text
        assert canary not in answer.text
    assert token not in everything_logged.text


def test_what_the_server_prints_holds_no_secret(migrated: Path, tmp_path: Path) -> None:
    (tmp_path / "test.db").write_bytes(migrated.read_bytes())
    ground = lay(f"sqlite:///{tmp_path / 'test.db'}", tmp_path, 1)
    address = f"/installations/{ground.things[0]}"
    with serving(ground.settings, tmp_path) as service:
        browser = Browser(service.port, ground.cookies["ward_staff"])
        browser.open(address)
        browser.send(address, {"note": PHONE, "password": PASSWORD, "code": TOKEN})
        browser.send("/sign-in", {"username": PASSWORD, "password": PASSWORD})
        browser.send("/account/password", {"old": PASSWORD, "password": TOKEN, "again": TOKEN})
        browser.open(f"/reset?code={TOKEN}")
        browser.ask("POST", address, b"\xff" * 100, {"Content-Type": "multipart/form-data; boundary=x"})
        token = browser.token
    printed = service.log.read_text()
    for canary in (*CANARIES, token, ground.cookies["ward_staff"].partition("=")[2]):
        assert canary not in printed
    assert ground.settings["TRUCQUAN_SECRET_KEY"] not in printed


def test_without_its_database_the_service_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    client = create_app(environment(f"sqlite:///{tmp_path / 'missing' / 'nowhere.db'}", folder)).test_client()
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json is not None
    assert ready.json["checks"]["database"] is False
    assert client.get("/static/css/tokens.css").status_code == 200
    for address in ("/", "/sign-in", "/places", "/investment.xlsx"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "Tạm ngừng phục vụ" in answer.text
        check_page(answer.text, address)
    sent = client.post("/sign-in", data={"username": "a", "password": "b"})
    assert sent.status_code == 503


def test_an_unmigrated_database_is_not_ready_and_says_so(tmp_path: Path) -> None:
    client = create_app(environment(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path)).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/sign-in").status_code == 503


def test_a_photo_that_cannot_be_kept_is_told_and_the_rest_goes_on(
    app: Flask, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The media folder's disk is gone or read-only: pages work, the photo is refused in a sentence."""
    furnished = furnish(app, city)
    visitor = Visitor.signed_in(app, city.people["ward_staff"])

    def refuse(_media: Path, _data: bytes) -> str:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("inventory.photos.store.put", refuse)
    address = f"/installations/{furnished.rows[city.ward_a]['installation_id']}"
    visitor.get(address)
    body = {"entry_id": new_id(), "photo-overview": (BytesIO(picture("green")), "anh.jpg")}
    visitor.post(f"{address}/photos", body, 422)
    assert "Máy chủ chưa ghi được ảnh này" in visitor.words()
    visitor.get(address)
    assert visitor.client.get(f"/photos/{furnished.rows[city.ward_a]['photo_id']}").status_code == 200
