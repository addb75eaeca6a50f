"""Whatever is sent: a sentence and 4xx, never 5xx, and a refused request changes no row (claim 47).

Both databases, since they refuse different things: PostgreSQL takes no NUL in a text and no number
beyond a column's, SQLite takes nearly everything.
"""

from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from inventory.database import db
from inventory.tables.person import Person
from inventory.vocabulary import Role
from tests.city import City
from tests.client import Visitor
from tests.property.routes import NASTY, Target, bodies, counts, packed, reading, texts, writing
from tests.web.furnished import furnish

#: Parameters that the pages read; each is tried on every page.
NAMES = (
    "page", "q", "after", "before", "ward", "figure", "day", "kind", "item", "place", "parent", "sort",
    "zone", "state", "check", "v", "next", "standard", "family", "part", "area", "from", "to",
)  # fmt: skip
#: Pages that end what the next example needs, or that are slow by nature (a hash, a whole run).
ENDING = {"people.sign_out"}
SLOW = {"people.sign_in", "people.reset", "people.password", "coverage.run", "people.slip"}
#: Pages that are typeset or hold a whole map: a tenth of a second and more.
HEAVY = {"draw.page", "takeaway.html", "takeaway.pdf", "assignments.route_pdf", "assignments.labels_pdf"}


class Ground:
    """The service, its routes, and one signed-in browser a role."""

    def __init__(self, app: Flask, city: City) -> None:
        furnished = furnish(app, city)
        self.app, self.city = app, city
        self.writing, self.reading = writing(app, city, furnished), reading(app, city, furnished)
        self.visitors: dict[str | None, tuple[Visitor, str]] = {}
        self.counted: dict[str, int] = {}

    def visitor(self, role: str | None) -> tuple[Visitor, str]:
        """A browser and its form token."""
        if role not in self.visitors:
            visitor = Visitor.signed_in(self.app, self.city.people[role] if role else None)
            self.visitors[role] = (visitor, visitor.token())
        return self.visitors[role]

    def check_alive(self, target: Target) -> None:
        """What was sent before must not have put this role out of the door: else nothing is tested."""
        visitor, _token = self.visitor(target.role)
        if target.role and visitor.client.get("/account").status_code != 200:
            with self.app.app_context():
                db.session.execute(
                    update(Person)
                    .where(Person.id == self.city.people[target.role])
                    .values(active=True, role=Role(target.role))
                )
                db.session.commit()
            del self.visitors[target.role]
            visitor, _token = self.visitor(target.role)
            assert visitor.client.get("/account").status_code == 200, str(target)

    def counts(self) -> dict[str, int]:
        """The rows of business as they are now."""
        with self.app.app_context():
            return counts()


@pytest.fixture
def ground(app: Flask, city: City) -> Ground:
    """A furnished city."""
    return Ground(app, city)


def quick(examples: int) -> Any:
    """Settings of a short search; the fixture is shared on purpose, each example is its own request."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def send(ground: Ground, target: Target, body: dict[str, list[Any]]) -> None:
    """Send one body and hold the answer against the promise."""
    visitor, token = ground.visitor(target.role)
    before = ground.counted or ground.counts()
    answer = visitor.client.post(target.address, data=packed(body, token), content_type="multipart/form-data")
    assert answer.status_code < 500, (str(target), body)
    ground.counted = ground.counts()
    if answer.status_code >= 400:
        assert answer.mimetype in {"text/html", "application/json"}, str(target)
        assert ground.counted == before, (str(target), answer.status_code, body)


@pytest.mark.parametrize(
    ("examples", "slow"),
    [
        (5, 2),
        pytest.param(10_000, 100, marks=[pytest.mark.soak, pytest.mark.timeout(6 * 3600)], id="10000"),
    ],
)
def test_nothing_sent_to_a_form_is_an_error_page(ground: Ground, examples: int, slow: int) -> None:
    """An empty form, each value that broke others in its turn, and what chance brings."""
    assert len(ground.writing) > 30
    for number, target in enumerate(ground.writing):
        if target.rule.endpoint in ENDING:
            continue
        ground.check_alive(target)
        send(ground, target, {})
        if target.rule.endpoint not in SLOW:
            _nasty(ground, target, number)
        _by_chance(ground, target, slow if target.rule.endpoint in SLOW else examples)


def _nasty(ground: Ground, target: Target, number: int) -> None:
    right = {name: [value] for name, value in target.fields if name != "csrf_token"}
    names = [name for name in right if name != "entry_id"][:16]
    for turn, name in enumerate(names):  # over all fields and forms every value has its turns
        send(ground, target, {**right, name: [NASTY[(number * 7 + turn) % len(NASTY)]]})


def _by_chance(ground: Ground, target: Target, examples: int) -> None:
    @quick(examples)
    @given(body=bodies(target))
    def hold(body: dict[str, list[Any]]) -> None:
        send(ground, target, body)

    hold()


def ask(ground: Ground, target: Target, query: str) -> None:
    """Open an address with a query."""
    visitor, _token = ground.visitor(target.role)
    answer = visitor.client.get(f"{target.address}?{query}")
    assert answer.status_code < 500, (str(target), query)


def pairs(name: str, value: str) -> str:
    """A parameter as a client may send it, any bytes included."""
    return f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}"


@pytest.mark.parametrize(
    "examples",
    [4, pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(6 * 3600)])],
)
def test_no_parameter_is_an_error_page(ground: Ground, examples: int) -> None:
    """Nasty values in all parameters at once, and what chance brings, on every page."""
    for number, target in enumerate(ground.reading):
        for start in range(0, len(NASTY), 40 if target.rule.endpoint in HEAVY else 16):
            value = NASTY[(start + number) % len(NASTY)][:3000]
            ask(ground, target, "&".join(pairs(name, value) for name in NAMES))
        _ask_by_chance(ground, target, 2 if target.rule.endpoint in HEAVY else examples)
    _addresses(ground)
    _bytes(ground)


def _ask_by_chance(ground: Ground, target: Target, examples: int) -> None:
    queries = st.lists(st.tuples(st.sampled_from(NAMES), texts().map(lambda text: text[:3000])), max_size=5)

    @quick(examples)
    @given(asked=queries)
    def hold(asked: list[tuple[str, str]]) -> None:
        ask(ground, target, "&".join(pairs(*pair) for pair in asked))

    hold()


def _addresses(ground: Ground) -> None:
    """Ids that are none, beyond every column, or not even text."""
    visitor, token = ground.visitor("culture_office")
    ids = ("0", "-1", "9" * 10, "9" * 19, "9" * 400, "%00", "%FF", "%ED%A0%80", "a%2Fb", "..", "x" * 3000)
    for rule in {target.rule.rule: target.rule for target in (*ground.reading, *ground.writing)}.values():
        for bad in ids:
            address = rule.rule
            for name in rule.arguments:
                for kind in ("", "int:", "uuid:", "path:"):
                    address = address.replace(f"<{kind}{name}>", bad)
            for method in sorted(set(rule.methods or ()) & {"GET", "POST"}):
                if rule.endpoint in ENDING or not rule.arguments:
                    continue
                answer = visitor.client.open(address, method=method, data={"csrf_token": token})
                assert answer.status_code < 500, (method, address[:200])


def _bytes(ground: Ground) -> None:
    """Bytes that are no form at all, whatever they are said to be."""
    visitor, _token = ground.visitor("ward_staff")
    for kind, body in (
        ("application/x-www-form-urlencoded", b"%00=%ff&=&&&" * 50),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 3_000_000),
        ("application/x-www-form-urlencoded", b"&".join(b"k%d=1" % number for number in range(6000))),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"),
        ("multipart/form-data; boundary=\x00", b"--\x00"),
        ("application/json", b"[" * 100_000),
        ("application/json; charset=utf-7", b"+AFs-"),
        ("text/plain", b"\x00" * 1000),
        ("", b"csrf_token=1"),
    ):
        for target in ground.writing[::6]:
            answer = visitor.client.post(target.address, data=body, content_type=kind)
            assert 400 <= answer.status_code < 500, (str(target), kind)


def test_the_rows_counted_are_all_rows_of_business(ground: Ground) -> None:
    with ground.app.app_context():
        found = counts()
        assert {
            "installation",
            "place",
            "photo",
            "survey",
            "person",
            "receipt",
            "coverage_run",
        } <= found.keys()
        assert found["installation"] == 2
        db.session.rollback()
