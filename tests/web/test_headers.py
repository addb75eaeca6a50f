"""The headers of every kind of answer, literally: a changed header is a decision, not an accident.

Claims 28, 36 and 43: nothing outside, nothing inline, no cache on shared phones, no spoofed host.
"""

import http.client
from pathlib import Path

import pytest
from flask import Flask, request

from app import create_app
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker, environment
from tests.faults.service import serving
from tests.web.furnished import Furnished, furnish
from tests.web.who_may import ROLES, WHO_MAY

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}
PAGE = {**ALWAYS, "Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Vary": "Cookie"}
PHOTO = {
    **ALWAYS,
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie",
    "Content-Type": "image/jpeg",
}
#: Said by Werkzeug, by the session and by what an answer is; the rest is said above.
BY_THEMSELVES = {"Content-Type", "Content-Length", "Set-Cookie", "Location", "Retry-After", "Allow"}


@pytest.fixture
def furnished(app: Flask, city: City) -> Furnished:
    """A photo to look at."""
    return furnish(app, city)


def held(visitor: Visitor, address: str, status: int, expected: dict[str, str], *also: str) -> None:
    """The answer has these headers with these values, and no others but the named ones."""
    answer = visitor.client.get(address)
    assert answer.status_code == status, address
    found = dict(answer.headers)
    assert {name: found.get(name) for name in expected} == expected, address
    assert set(found) - set(expected) - BY_THEMSELVES - set(also) == set(), address


def test_the_headers_of_each_kind_of_answer(
    app: Flask, city: City, visit: VisitorMaker, furnished: Furnished
) -> None:
    ward, nobody, office = visit("ward_staff"), visit(None), visit("culture_office")
    held(nobody, "/sign-in", 200, PAGE)
    held(ward, "/account", 200, PAGE)
    held(ward, "/places", 200, PAGE)
    held(nobody, "/places", 303, PAGE)
    held(ward, "/people", 403, PAGE)
    held(ward, "/no-such-page", 404, PAGE)
    held(nobody, "/healthz", 200, PAGE)
    held(ward, "/map/places.json", 200, PAGE)
    held(office, "/places/export.csv", 200, PAGE, "Content-Disposition")
    held(office, "/places/export.xlsx", 200, PAGE, "Content-Disposition")
    photo = furnished.rows[city.ward_a]["photo_id"]
    held(ward, f"/photos/{photo}", 200, PHOTO, "ETag", "Content-Disposition")
    file = {**ALWAYS, "Content-Security-Policy": POLICY}
    own = ("ETag", "Last-Modified", "Date", "Content-Disposition", "Accept-Ranges", "Vary")
    held(nobody, "/static/css/tokens.css", 200, {**file, "Cache-Control": "no-cache"}, *own)
    kept = {**file, "Cache-Control": "public, max-age=31536000, immutable"}
    held(nobody, "/static/css/tokens.css?v=1", 200, kept, *own)
    held(nobody, "/static/../app.py", 404, file, "Vary")


def test_a_file_that_anybody_may_keep_carries_nobodys_cookie(
    app: Flask, city: City, visit: VisitorMaker, furnished: Furnished
) -> None:
    visitor = visit("ward_staff")
    with visitor.client.session_transaction() as cookie:
        cookie.permanent = True  # as ward phones are
    photo = furnished.rows[city.ward_a]["photo_id"]
    for address in ("/static/css/tokens.css?v=1", f"/photos/{photo}", "/map/wards.json"):
        answer = visitor.client.get(address)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers, address


def test_only_the_map_page_has_a_nonce_and_it_is_new_each_time(visit: VisitorMaker) -> None:
    visitor, seen = visit("ward_staff"), set()
    for _turn in range(2):
        policy = visitor.client.get("/map").headers["Content-Security-Policy"]
        nonce = policy.partition("'nonce-")[2].partition("'")[0]
        assert len(nonce) >= 22
        assert policy.replace(f" 'nonce-{nonce}'", "") == POLICY
        seen.add(nonce)
    assert len(seen) == 2


def test_no_answer_of_any_route_is_looser(app: Flask, city: City, furnished: Furnished) -> None:
    """Every GET of every role: a content type with a charset, no inline, no cache of people's data."""
    for letter, role in ROLES.items():
        visitor = Visitor.signed_in(app, city.people[role])
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or set()) or letter not in WHO_MAY[rule.endpoint]:
                continue
            answer = visitor.client.get(furnished.address(app, rule, city.ward_a))
            found = answer.headers
            assert {name: found.get(name) for name in ALWAYS} == ALWAYS, rule
            assert "unsafe" not in found["Content-Security-Policy"], rule
            assert "http" not in found["Content-Security-Policy"], rule
            assert "public" not in found["Cache-Control"], rule
            if (answer.mimetype or "").startswith("text/"):
                assert answer.headers["Content-Type"].endswith("; charset=utf-8"), rule


OUTSIDE = (
    "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static/%2e%2e%2fapp.py",
    "/static/..%5capp.py", "/static/css/../../../app.py", "/static//etc/passwd", "/static/%2fetc%2fpasswd",
    "/static/....//app.py", "/static/..;/app.py", "/static/%252e%252e/app.py", "/static/css/%00/../../app.py",
    "/static/css", "/static/", "//etc/passwd", "/../app.py", "/photos/../../etc/passwd",
    "/photos/..%2f..%2fsecret_key", "/photos/%2e%2e%2fsecret_key/thumbnail", "/data/secret_key",
    "/secret_key", "/.git/HEAD", "/.env", "/app.py", "/static/.%00./app.py", "/static/\\..\\app.py",
)  # fmt: skip


def test_no_path_leads_to_a_file_outside(migrated: Path, tmp_path: Path) -> None:
    """Claim 43, over a real socket, so that nothing tidies the address on its way."""
    with serving(environment(f"sqlite:///{migrated}", tmp_path), tmp_path) as service:
        for address in OUTSIDE:
            line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
            line.putrequest("GET", address)
            line.endheaders()
            answer = line.getresponse()
            body = answer.read()
            line.close()
            assert answer.status in {303, 308, 400, 404}, address
            for words in (b"create_app", b"root:", b"ref:", b"Index of"):
                assert words not in body, address


def test_with_an_https_origin_cookies_are_for_this_host_and_https_alone(
    migrated: Path, tmp_path: Path
) -> None:
    origin = "https://tq.example.vn"
    client = create_app(
        {**environment(f"sqlite:///{migrated}", tmp_path), "TRUCQUAN_ORIGIN": origin}
    ).test_client()
    answer = client.get("/sign-in", base_url=origin)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-trucquan=")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
    assert not [part for part in parts if part.lower().startswith("domain")]


def test_without_https_the_cookie_is_plain_but_no_script_reads_it(app: Flask) -> None:
    answer = app.test_client().get("/sign-in")
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Set-Cookie"].startswith("trucquan=")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("proxies", ["0", "1"])
def test_a_proxy_is_believed_only_where_it_was_said_to_stand(
    migrated: Path, tmp_path: Path, proxies: str
) -> None:
    service = create_app({**environment(f"sqlite:///{migrated}", tmp_path), "TRUCQUAN_PROXIES": proxies})
    seen: list[tuple[str | None, str, str]] = []

    @service.before_request
    def _note() -> None:
        seen.append((request.remote_addr, request.host, request.scheme))

    service.test_client().get(
        "/healthz",
        headers={
            "X-Forwarded-For": "198.51.100.1, 203.0.113.7",
            "X-Forwarded-Host": "spoofed.example",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Prefix": "/elsewhere",
            "Forwarded": "for=192.0.2.1;host=spoofed.example",
        },
    )
    believed = ("203.0.113.7", "spoofed.example", "https")
    assert seen == [believed if proxies == "1" else ("127.0.0.1", "localhost", "http")]


def test_the_tiles_host_alone_is_added_where_an_operator_set_tiles(migrated: Path, tmp_path: Path) -> None:
    tiles = {"TRUCQUAN_TILES": "https://{s}.tiles.example.vn/{z}/{x}/{y}.png"}
    client = create_app({**environment(f"sqlite:///{migrated}", tmp_path), **tiles}).test_client()
    headers = client.get("/sign-in").headers
    assert headers["Content-Security-Policy"] == POLICY.replace("blob:;", "blob: https://*.tiles.example.vn;")
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_the_server_tells_no_versions(migrated: Path, tmp_path: Path) -> None:
    settings = environment(f"sqlite:///{migrated}", tmp_path)
    with serving(settings, tmp_path) as service:
        for method, address in (("GET", "/sign-in"), ("GET", "/nothing"), ("TRACE", "/sign-in")):
            line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
            line.request(method, address, headers={"Cookie": "trucquan=canary"})
            answer = line.getresponse()
            body = answer.read()
            line.close()
            assert not any(digit in (answer.headers["Server"] or "") for digit in "0123456789")
            for word in (b"Werkzeug", b"Python/", b"Traceback", b"canary"):
                assert word not in body
                assert word.decode() not in str(answer.headers)
            assert method != "TRACE" or answer.status == 405
