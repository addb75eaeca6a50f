"""Signing in and out (claims 27 to 30, 32, 43): sessions rotate and end, guesses are counted."""

import multiprocessing
import re
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app import create_app
from inventory import passwords
from inventory.clock import now
from inventory.database import db
from inventory.errors import SettingError
from inventory.people import attempts
from inventory.people.sessions import token_hash
from inventory.tables.person import KnownDevice, Person, SessionRow, SignInAttempt
from inventory.tables.trail import TrailLine
from inventory.vocabulary import Role
from tests.city import City
from tests.client import Visitor
from tests.conftest import KEY, VisitorMaker, environment
from tests.web.signing import PASSWORD, give_password, knock


def _lines(app: Flask, act: str) -> list[tuple[int | None, str, dict[str, Any]]]:
    with app.app_context():
        rows = db.session.scalars(select(TrailLine).where(TrailLine.act == act).order_by(TrailLine.number))
        return [(row.person_id, row.subject_id, row.detail) for row in rows]


def _session_token(visitor: Visitor) -> str | None:
    with visitor.client.session_transaction() as cookie:
        return cookie.get("_user_id")


def test_signing_in_makes_a_new_session_row_cookie_and_form_token(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    give_password(app, city.people["ward_staff"])
    visitor = visit(None)
    before = visitor.token()
    response = knock(visitor, " Ward_Staff ", next="/account")
    assert response.location == "/account"
    token = _session_token(visitor)
    assert token is not None
    assert len(token) >= 43  # 32 random bytes in base64: 256 bits
    assert visitor.token() != before
    visitor.get("/account")
    assert "Người ward_staff" in visitor.words()
    with app.app_context():
        row = db.session.scalars(select(SessionRow)).one()
        assert row.token_hash == token_hash(token) != token
        assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == 0
    person = city.people["ward_staff"]
    assert _lines(app, "sign_in") == [(person, str(person), {"address": "127.0.0.1"})]


def test_a_second_sign_in_ends_the_first_session(app: Flask, city: City, visit: VisitorMaker) -> None:
    give_password(app, city.people["leader"])
    visitor = visit("ward_staff")
    old = _session_token(visitor)
    knock_with_token = visitor.token()
    visitor.client.post(
        "/sign-in",
        data={"csrf_token": knock_with_token, "username": "leader", "password": PASSWORD},
    )
    assert _session_token(visitor) not in {None, old}
    with app.app_context():
        rows = {row.token_hash: row.ended_why for row in db.session.scalars(select(SessionRow))}
    assert rows[token_hash(str(old))] == "replaced"


def test_a_cookie_is_dead_after_sign_out(app: Flask, city: City, visit: VisitorMaker) -> None:
    visitor = visit("ward_staff")
    stolen = visitor.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert stolen is not None
    response = visitor.post("/sign-out")
    assert response.location == "/sign-in"
    assert response.headers["Clear-Site-Data"] == '"cache"'
    thief = visit(None)
    thief.client.set_cookie(stolen.key, stolen.value)
    assert thief.get("/account", 303).location.startswith("/sign-in?next=")
    assert len(_lines(app, "sign_out")) == 1
    visitor.client.post("/sign-out", data={"csrf_token": visitor.token()})
    assert len(_lines(app, "sign_out")) == 1


def test_wrong_name_and_wrong_password_look_the_same(app: Flask, city: City, visit: VisitorMaker) -> None:
    give_password(app, city.people["ward_staff"])
    pages = []
    for username in ("ward_staff", "nobody.here"):
        visitor = visit(None)
        knock(visitor, username, "sai mật khẩu rồi nhé", 422)
        assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in visitor.words()
        assert visitor.fields("/sign-in")["username"] == username
        assert "password" not in [key for key, value in visitor.fields("/sign-in").items() if value]
        pages.append(visitor.words())
    assert pages[0] == pages[1]
    known, unknown = _lines(app, "sign_in.failed")
    assert known[2]["username"] == "ward_staff"
    assert unknown[1] == ""
    assert "username" not in unknown[2]


def test_an_unknown_name_costs_one_hash_too(
    app: Flask, city: City, visit: VisitorMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def wrong(stored: str | None, _password: str) -> bool:
        asked.append(stored)
        return False

    monkeypatch.setattr(passwords, "verify_password", wrong)
    for username in ("ward_staff", "nobody.here", "\x00", "x" * 64):
        knock(visit(None), username, "sai mật khẩu rồi nhé", 422)
    assert len(asked) == 4


def test_a_disabled_person_does_not_get_in(app: Flask, city: City, visit: VisitorMaker) -> None:
    give_password(app, city.people["leader"])
    visitor = visit("leader")
    visitor.get("/account")
    with app.app_context():
        db.session.execute(update(Person).where(Person.id == city.people["leader"]).values(active=False))
        db.session.commit()
    visitor.get("/account", 303)
    knock(visit(None), "leader", status=422)


def test_passwords_stand_in_no_log_and_no_line(
    app: Flask, city: City, visit: VisitorMaker, caplog: pytest.LogCaptureFixture
) -> None:
    give_password(app, city.people["ward_staff"])
    secret = "bí mật không ai được đọc"
    knock(visit(None), "ward_staff", secret, 422)
    knock(visit(None), secret, secret, 422)  # the password in the field of the name
    assert secret not in caplog.text
    with app.app_context():
        kept = [str(row.detail) for row in db.session.scalars(select(TrailLine))]
        kept += [row.username for row in db.session.scalars(select(SignInAttempt))]
    assert not [line for line in kept if secret in line]


def test_ten_guesses_then_a_sentence_and_a_time(app: Flask, city: City, visit: VisitorMaker) -> None:
    give_password(app, city.people["ward_staff"])
    visitor = visit(None)
    for _number in range(attempts.PER_SOURCE):
        knock(visitor, "ward_staff", "sai mật khẩu rồi nhé", 422)
    response = knock(visitor, "ward_staff", PASSWORD, 429)
    assert 1 <= int(response.headers["Retry-After"]) <= 301
    assert "Đã thử quá nhiều lần" in visitor.words()
    with app.app_context():  # five minutes later
        db.session.execute(update(SignInAttempt).values(at=now() - timedelta(minutes=5, seconds=1)))
        db.session.commit()
    knock(visitor, "ward_staff")


def test_many_names_from_one_address_are_stopped_too(
    app: Flask, city: City, visit: VisitorMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "verify_password", lambda *_: False)
    monkeypatch.setattr(attempts, "PER_ADDRESS", 12)
    visitor = visit(None)
    for number in range(12):
        knock(visitor, f"name{number}", "sai", 422, address="203.0.113.9")
    knock(visitor, "name99", "sai", 429, address="203.0.113.9")
    knock(visitor, "name99", "sai", 422, address="203.0.113.10")


def _attack(app: Flask, guesses: int, address: str) -> None:
    """Guess at ward_staff's password from an address, as fast as the service allows."""
    visitor = Visitor.signed_in(app, None)
    token = visitor.token()
    for number in range(guesses):
        body = {"csrf_token": token, "username": "ward_staff", "password": f"đoán lần thứ {number} nhé"}
        answer = visitor.client.post("/sign-in", data=body, environ_base={"REMOTE_ADDR": address})
        assert answer.status_code in {422, 429}


@pytest.mark.parametrize("guesses", [40, pytest.param(1000, marks=pytest.mark.soak)])
def test_an_attacker_cannot_lock_the_right_person_out(
    app: Flask, city: City, visit: VisitorMaker, guesses: int
) -> None:
    give_password(app, city.people["ward_staff"])
    known = visit(None)
    knock(known, "ward_staff", address="198.51.100.7")
    known.post("/sign-out")
    _attack(app, guesses, "203.0.113.66")
    # From elsewhere with a new browser, and from the attacker's own address with a known one.
    knock(visit(None), "ward_staff", address="198.51.100.8")
    knock(known, "ward_staff", address="203.0.113.66")


def test_a_crowd_of_addresses_is_slowed_and_the_right_person_still_gets_in(
    app: Flask, city: City, visit: VisitorMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(app, city.people["ward_staff"])
    monkeypatch.setattr(attempts, "CROWDED", 6)
    for number in range(6):
        _attack(app, 1, f"203.0.113.{number}")
    visitor = visit(None)
    for _number in range(attempts.SLOWED):
        knock(visitor, "ward_staff", "sai mật khẩu rồi nhé", 422, address="192.0.2.1")
    knock(visitor, "ward_staff", PASSWORD, 429, address="192.0.2.1")
    knock(visit(None), "ward_staff", PASSWORD, address="192.0.2.2")


def test_a_known_device_may_not_guess_for_ever(app: Flask, city: City, visit: VisitorMaker) -> None:
    give_password(app, city.people["ward_staff"])
    visitor = visit(None)
    knock(visitor, "ward_staff")
    visitor.post("/sign-out")
    for _number in range(attempts.PER_SOURCE):
        knock(visitor, "ward_staff", "sai mật khẩu rồi nhé", 422)
    knock(visitor, "ward_staff", PASSWORD, 429)
    knock(visit(None), "ward_staff")  # the device's tries are not the address's


def test_one_device_serves_all_who_share_a_phone(app: Flask, city: City, visit: VisitorMaker) -> None:
    visitor = visit(None)
    for who in ("ward_staff", "ward_lead"):
        give_password(app, city.people[who])
        knock(visitor, who)
        visitor.post("/sign-out")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(KnownDevice)) == 2
    cookie = visitor.client.get_cookie("trucquan-device")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def _guess_from_a_process(settings: dict[str, str], guesses: int, answers: Any) -> None:
    service = create_app(settings)
    visitor = Visitor.signed_in(service, None)
    token = visitor.token()
    statuses = []
    for number in range(guesses):
        body = {"csrf_token": token, "username": "ward_staff", "password": f"đoán lần thứ {number}"}
        statuses.append(visitor.client.post("/sign-in", data=body).status_code)
    answers.put(statuses)


@pytest.mark.parametrize("processes", [2, pytest.param(4, marks=pytest.mark.soak)])
def test_processes_together_let_through_ten_guesses(
    app: Flask, city: City, database_url: str, tmp_path: Path, processes: int
) -> None:
    give_password(app, city.people["ward_staff"])
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    settings = environment(database_url, tmp_path)
    workers = [
        spawn.Process(target=_guess_from_a_process, args=(settings, 25, answers)) for _ in range(processes)
    ]
    for worker in workers:
        worker.start()
    statuses = [status for _ in workers for status in answers.get(timeout=120)]
    for worker in workers:
        worker.join(30)
    assert statuses.count(422) == attempts.PER_SOURCE
    assert statuses.count(429) == 25 * processes - attempts.PER_SOURCE


OFF_SITE = (
    "//evil.example", "///evil.example", "////evil.example/%2f..", "https://evil.example",
    "http:evil.example",
    "https:/evil.example", "https:///evil.example", "HTTPS://EVIL.EXAMPLE",
    "\\\\evil.example", "/\\evil.example",
    "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example",
    " //evil.example", "/ /evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,hi",
    "vbscript:x", "/%2fevil.example", "/%2Fevil.example", "/%5cevil.example", "/%5Cevil.example",
    "/%09/evil.example", "/%0a/evil.example", "/%0d/evil.example", "/%0d%0aLocation:%20//evil.example",
    "/.//evil.example", "/x/..//evil.example", "evil.example", "@evil.example", "//user@evil.example",
    "/\u2028/evil.example", "/\u3000/evil.example", "\u2044\u2044evil.example", "//evil.example:80",
    "?next=x", "//[::1]/", "https://127.0.0.1@evil.example", "/%00//evil.example",
)  # fmt: skip


def test_no_next_leads_off_site(app: Flask, city: City, visit: VisitorMaker) -> None:
    assert len(OFF_SITE) >= 40
    visitor = visit("ward_staff")
    token = visitor.token()
    for target in OFF_SITE:
        body = {"csrf_token": token, "language": "vi", "next": target}
        answer = visitor.client.post("/language", data=body)
        assert (answer.status_code, answer.location) == (303, "/"), target
        assert visitor.client.get("/sign-in", query_string={"next": target}).location == "/", target
    for target in ("/", "/account", "/places?q=b%C3%A3i&page=2", "/places?next=//evil.example"):
        body = {"csrf_token": token, "language": "vi", "next": target}
        assert visitor.client.post("/language", data=body).location == target


def test_next_is_kept_through_a_mistake(app: Flask, city: City, visit: VisitorMaker) -> None:
    give_password(app, city.people["admin"])
    visitor = visit(None)
    asked = visitor.get("/people?q=a", 303).location
    visitor.get(asked)
    assert visitor.fields("/sign-in")["next"] == "/people?q=a"
    knock(visitor, "admin", "sai mật khẩu rồi nhé", 422, next="/people?q=a")
    assert visitor.fields("/sign-in")["next"] == "/people?q=a"
    assert knock(visitor, "admin", next="/people?q=a").location == "/people?q=a"


def test_forwarded_headers_of_a_stranger_mean_nothing(app: Flask, city: City, visit: VisitorMaker) -> None:
    give_password(app, city.people["ward_staff"])
    visitor = visit(None)
    for number in range(attempts.PER_SOURCE + 1):
        last = number == attempts.PER_SOURCE
        visitor.post(
            "/sign-in",
            {"username": "ward_staff", "password": "sai mật khẩu rồi nhé"},
            429 if last else 422,
            headers={"X-Forwarded-For": f"10.0.0.{number}", "X-Forwarded-Host": "evil.example"},
        )
    page = visitor.get("/sign-in", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert "evil.example" not in page.get_data(as_text=True)


def test_another_host_name_is_refused_where_the_origin_is_known(migrated: Path, tmp_path: Path) -> None:
    settings = {**environment(f"sqlite:///{migrated}", tmp_path), "TRUCQUAN_ORIGIN": "https://tq.example.vn"}
    client = create_app(settings).test_client()
    assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400
    answer = client.get("/sign-in", headers={"Host": "tq.example.vn"}, base_url="https://tq.example.vn")
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-trucquan=")
    assert re.search(r"; Secure; HttpOnly; (Path=/; )?SameSite=Lax", cookie)


def test_only_phones_of_wards_stay_signed_in(app: Flask, city: City, visit: VisitorMaker) -> None:
    for who, stays in ((Role.WARD_STAFF, True), (Role.LEADER, False), (Role.ADMIN, False)):
        give_password(app, city.people[who.value])
        response = knock(visit(None), who.value)
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = next(text for text in response.headers.getlist("Set-Cookie") if text.startswith(f"{name}="))
        assert ("Expires=" in cookie) is stays


def test_the_language_is_kept_signed_out_and_signed_in(app: Flask, city: City, visit: VisitorMaker) -> None:
    visitor = visit(None)
    assert visitor.post("/language", {"language": "en", "next": "/reset"}).location == "/reset"
    visitor.get("/sign-in")
    assert visitor.page.get("lang") == "en"
    visitor.post("/language", {"language": "xx"}, 400)
    member = visit("leader")
    member.post("/language", {"language": "en", "next": "/account"})
    with app.app_context():
        person = db.session.get_one(Person, city.people["leader"])
        assert person.language == "en"
    assert len(_lines(app, "language.chosen")) == 1


def test_nobody_can_sign_in_to_a_fresh_service(migrated: Path, tmp_path: Path) -> None:
    service = create_app(environment(f"sqlite:///{migrated}", tmp_path))
    with service.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0
        db.engine.dispose()


def test_the_key_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    settings = {"TRUCQUAN_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "TRUCQUAN_DATA": str(tmp_path)}
    first = create_app(settings).config["SECRET_KEY"]
    assert create_app(settings).config["SECRET_KEY"] == first
    assert len(first) >= 43
    path = tmp_path / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(SettingError, match="chmod 600"):
        create_app(settings)
    for weak in ("changeme", "secret", "a" * 64, KEY[:20]):
        with pytest.raises(SettingError, match="TRUCQUAN_SECRET_KEY"):
            create_app({**settings, "TRUCQUAN_SECRET_KEY": weak})
