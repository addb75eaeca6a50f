"""A client that checks every page it opens, as a strict browser would.

Each HTML page must parse without errors, have one h1, a language, a title, labelled fields, unique
ids, no inline script or style, no address outside, and a table may not lack its heading cells.
"""

import re
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inventory.database import db
from inventory.people import sessions

_HTML = "{http://www.w3.org/1999/xhtml}"
_NAMED = {"input", "select", "textarea"}


class Visitor:
    """One browser. `get` and `post` answer responses; `page` the parsed tree of the last one."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: Any = None

    @classmethod
    def signed_in(cls, app: Flask, person_id: int | None) -> "Visitor":
        """A browser that carries a session of the person, or none."""
        client = app.test_client()
        if person_id is not None:
            with app.app_context():
                token = sessions.begin(person_id, "tests", "127.0.0.1")
                db.session.commit()
            with client.session_transaction() as cookie:
                cookie["_user_id"] = token
                cookie["_fresh"] = True
        return cls(client)

    def get(self, address: str, status: int = 200, **options: Any) -> TestResponse:
        """Open an address, expect a status, check the page."""
        return self._checked(self.client.get(address, **options), status, address)

    def post(
        self, address: str, data: dict[str, Any] | None = None, status: int = 303, **options: Any
    ) -> TestResponse:
        """Send a form with this session's token (taken from the last page, or from a fresh one)."""
        body = {"csrf_token": self.token(), **(data or {})}
        return self._checked(self.client.post(address, data=body, **options), status, address)

    def token(self) -> str:
        """The form token of this session."""
        found = self.client.get("/account" if self._is_signed_in() else "/sign-in")
        match = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', found.get_data(as_text=True))
        assert match, "no form token on the page"
        return match.group(1)

    def _is_signed_in(self) -> bool:
        with self.client.session_transaction() as cookie:
            return "_user_id" in cookie

    def _checked(self, response: TestResponse, status: int, address: str) -> TestResponse:
        text = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        assert response.status_code == status, (
            f"{address}: {response.status_code}, not {status}\n{text[:3000]}"
        )
        assert "'unsafe-inline'" not in response.headers.get("Content-Security-Policy", "")
        if text:
            self.page = check_page(text, address)
        return response

    def words(self) -> str:
        """The visible words of the last page."""
        return " ".join(" ".join(self.page.itertext()).split())

    def fields(self, action: str | None = None) -> dict[str, str]:
        """The values of the last page's form (the one with this action), as a browser would send them."""
        for form in self.page.iter(f"{_HTML}form"):
            if action is None or form.get("action") == action:
                return values_of(form)
        raise AssertionError(f"no form {action}")


def check_page(text: str, address: str) -> Any:
    """Parse strictly and hold the page against the rules above; returns the tree."""
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(text)
    errors = [error for error in parser.errors if error[1] not in {"expected-doctype-but-got-chars"}]
    assert not errors, f"{address}: {errors[:5]}"
    everything = [node for node in tree.iter() if isinstance(node.tag, str)]
    assert tree.get("lang"), f"{address}: no lang"
    headings = [node for node in everything if node.tag == f"{_HTML}h1"]
    assert len(headings) == 1, f"{address}: {len(headings)} h1"
    identities = [node.get("id") for node in everything if node.get("id")]
    twice = {identity for identity in identities if identities.count(identity) > 1}
    assert not twice, f"{address}: ids twice {sorted(twice)[:5]}"
    labels = {node.get("for") for node in everything if node.tag == f"{_HTML}label"}
    for node in everything:
        _check_node(node, labels, set(identities), address)
    return tree


def _check_node(node: Any, labels: set[str | None], identities: set[str | None], address: str) -> None:
    name = node.tag.removeprefix(_HTML)
    assert not [key for key in node.attrib if key.startswith("on")], f"{address}: handler in {name}"
    assert "style" not in node.attrib, f"{address}: style attribute in {name}"
    if name == "script":
        assert node.get("src") or node.get("type") == "application/json" or node.get("nonce"), (
            f"{address}: inline script"
        )
    for key in ("src", "href", "action"):
        value = node.get(key, "")
        assert not re.match(r"(?i)\s*(javascript|data):", value) or name == "img", f"{address}: {value[:60]}"
        if key == "src" or name == "link":
            assert not value.startswith(("http:", "https:", "//")), f"{address}: outside {value[:80]}"
    if name in _NAMED and node.get("type") not in {"hidden", "submit", "button"}:
        named = node.get("id") in labels or node.get("aria-label") or node.get("aria-labelledby")
        assert named, f"{address}: field {node.get('name')} has no label"
    if name == "img":
        assert "alt" in node.attrib, f"{address}: picture without alt"
    for reference in node.get("aria-describedby", "").split():
        assert reference in identities, f"{address}: describedby {reference}"


def values_of(form: Any) -> dict[str, str]:
    """The values of a form as a browser would send them."""
    values: dict[str, str] = {}
    for node in form.iter():
        name = node.get("name") if isinstance(node.tag, str) else None
        if not name:
            continue
        kind = node.get("type")
        if node.tag == f"{_HTML}select":
            options = list(node.iter(f"{_HTML}option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            values[name] = (chosen[0].get("value") or "") if chosen else ""
        elif node.tag == f"{_HTML}textarea":
            values[name] = node.text or ""
        elif kind in {"radio", "checkbox"}:
            if node.get("checked") is not None:
                values[name] = node.get("value", "on")
        elif node.tag == f"{_HTML}input" and kind not in {"submit", "button", "file"}:
            values[name] = node.get("value", "")
    return values
