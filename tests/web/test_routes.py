"""Every route as every role, signed out too, and with a foreign ward's ids; the table is who_may.py."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from inventory.database import db
from inventory.tables.trail import TrailLine
from tests.city import City
from tests.client import Visitor
from tests.web.furnished import Furnished, furnish
from tests.web.who_may import EVERYBODY, ROLES, WHO_MAY


@pytest.fixture
def furnished(app: Flask, city: City) -> Furnished:
    """Both wards with one row of everything that an address can name."""
    return furnish(app, city)


def calls(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule with every method that it takes."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def test_every_route_is_in_the_table(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert known - WHO_MAY.keys() == set(), "routes that nobody has thought about"
    assert WHO_MAY.keys() - known == set(), "lines of routes that are gone"


def test_every_role_gets_what_the_table_says(app: Flask, city: City, furnished: Furnished) -> None:
    wrong = []
    for letter, role in ROLES.items():
        visitor = Visitor.signed_in(app, city.people[role])
        token = visitor.token()
        for rule, method in calls(app):
            who = WHO_MAY[rule.endpoint]
            allowed = who == EVERYBODY or letter in who
            if rule.endpoint in {"people.sign_out"}:
                continue  # ends the session that the next calls need; test_sign_in.py has it
            address = furnished.address(app, rule, city.ward_a)
            answer = visitor.client.open(address, method=method, data={"csrf_token": token})
            if (answer.status_code == 403) == allowed or answer.status_code >= 500:
                wrong.append((role, method, address, answer.status_code))
    assert wrong == []


def test_nobody_gets_in_without_signing_in(app: Flask, city: City, furnished: Furnished) -> None:
    wrong = []
    for rule, method in calls(app):
        if WHO_MAY[rule.endpoint] == EVERYBODY:
            continue
        visitor = Visitor.signed_in(app, None)
        address = furnished.address(app, rule, city.ward_a)
        answer = visitor.client.open(address, method=method, data={"csrf_token": visitor.token()})
        away = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
        if not (away or answer.status_code == 401):
            wrong.append((method, address, answer.status_code))
    assert wrong == []


def test_a_foreign_row_is_not_there_and_asking_leaves_a_line(
    app: Flask, city: City, furnished: Furnished
) -> None:
    wrong, asked = [], 0
    for role in ("ward_staff", "ward_lead"):
        visitor = Visitor.signed_in(app, city.people[role])
        token = visitor.token()
        letter = next(letter for letter, name in ROLES.items() if name == role)
        for rule, method in calls(app):
            if letter not in WHO_MAY[rule.endpoint] or not furnished.names_a_row(rule):
                continue
            address = furnished.address(app, rule, city.ward_b)
            answer = visitor.client.open(address, method=method, data={"csrf_token": token})
            asked += 1
            if answer.status_code != 404:
                wrong.append((role, method, address, answer.status_code))
    assert wrong == []
    assert asked > 0
    with app.app_context():
        lines = db.session.query(TrailLine).filter_by(act="look.refused").count()
    assert lines == asked


def test_a_row_that_never_was_answers_like_a_foreign_one(
    app: Flask, city: City, furnished: Furnished
) -> None:
    visitor = Visitor.signed_in(app, city.people["ward_staff"])
    for rule, method in calls(app):
        if method != "GET" or "s" not in WHO_MAY[rule.endpoint] or not furnished.names_a_row(rule):
            continue
        foreign = visitor.client.get(furnished.address(app, rule, city.ward_b))
        never = visitor.client.get(furnished.address(app, rule, None))
        assert (foreign.status_code, never.status_code) == (404, 404), rule
        assert _without_numbers(foreign.text) == _without_numbers(never.text)


def _without_numbers(page: str) -> str:
    """A page without what differs by itself: form tokens and the address that the language form keeps."""
    import re

    page = re.sub(r'name="csrf_token" value="[^"]*"', "", page)
    return re.sub(r'name="next" value="[^"]*"', "", page)
