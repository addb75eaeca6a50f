"""A ward is alone: what another ward has changes not one byte of what this one is told (claims 24, 25).

Two copies of one database, the second with a thousand more rows in ward B; ward A's people open every
page, list, search, map answer and file of both, at the same frozen moment, before and after a new run.
"""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile, is_zipfile

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from inventory import identity
from inventory.database import db
from tests.city import City, build
from tests.client import Visitor
from tests.conftest import environment
from tests.web.crowds import SECRET, crowd, ids
from tests.web.furnished import OF_A_WARD, Furnished, furnish
from tests.web.who_may import WHO_MAY

MOMENT = datetime(2026, 4, 19, 3, 0, tzinfo=UTC)
WHO = {"ward_staff": "s", "ward_lead": "l"}

#: What a person may type or press on the pages with filters; each is asked as it is.
ASKED = (
    "/places?q=khu",
    "/places?q=bi+mat",
    "/places?ward={ward_b}",
    "/places?after=zzz",
    "/coverage?figure=verified",
    "/coverage?ward={ward_b}",
    "/coverage?figure=verified&ward={ward_b}",
    "/coverage?place={place_b}",
    "/investment?figure=verified",
    "/investment?ward={ward_b}",
    "/investment?q=bi+mat",
    "/investment.csv?figure=verified",
    "/investment.xlsx?figure=verified",
    "/map?ward={ward_b}",
    "/map?figure=verified",
    "/map/places.json?ward={ward_b}",
    "/map/installations.json?figure=verified",
    "/slogans?q=cu+tri",
)

#: What differs by itself between two openings of one page: form tokens, entry ids, nonces.
_OWN = (
    re.compile(rb'(name="csrf_token"[^>]*value=")[^"]*'),
    re.compile(rb'(name="[\w-]*entry_id"[^>]*value=")[^"]*'),
    re.compile(rb'(nonce=")[^"]*'),
    re.compile(rb"('nonce-)[^']*"),
)
_HEADERS = ("Content-Type", "Content-Disposition", "ETag", "Location", "Cache-Control")


class World:
    """A service on a copy of the database, and ward A's two people in it."""

    def __init__(self, base: Path, folder: Path, filled: bool, city: City) -> None:
        shutil.copytree(base, folder)
        self.app: Flask = create_app(environment(f"sqlite:///{folder / 'test.db'}", folder))
        self.city = city
        if filled:
            with self.app.app_context():
                crowd(city)
        self.clients = {role: Visitor.signed_in(self.app, city.people[role]) for role in WHO}

    def close(self) -> None:
        """Let go of the file."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One moment for everything, and ids that follow from their number alone."""
    given = iter(range(10**9))
    counted = SimpleNamespace(token_bytes=lambda size: next(given).to_bytes(size))
    monkeypatch.setattr(identity, "secrets", counted)
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def base(migrated: Path, tmp_path: Path, frozen: None) -> tuple[Path, City, Furnished]:
    """The folder of a furnished city."""
    folder = tmp_path / "base"
    folder.mkdir()
    shutil.copyfile(migrated, folder / "test.db")
    app = create_app(environment(f"sqlite:///{folder / 'test.db'}", folder))
    with app.app_context():
        city = build()
    furnished = furnish(app, city)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return folder, city, furnished


@pytest.fixture
def worlds(base: tuple[Path, City, Furnished], tmp_path: Path) -> Iterator[tuple[World, World, Furnished]]:
    """Ward B as it was, and ward B with a thousand more rows."""
    folder, city, furnished = base
    plain = World(folder, tmp_path / "plain", False, city)
    filled = World(folder, tmp_path / "filled", True, city)
    yield plain, filled, furnished
    plain.close()
    filled.close()


def addresses(world: World, furnished: Furnished, letter: str) -> list[str]:
    """Every address of ward A's that this role may open, and what it may ask there."""
    found = [
        furnished.address(world.app, rule, world.city.ward_a)
        for rule in world.app.url_map.iter_rules()
        if "GET" in (rule.methods or set())
        and letter in WHO_MAY[rule.endpoint]
        and WHO_MAY[rule.endpoint] != "-"
    ]
    foreign = {"ward_b": world.city.ward_b, "place_b": world.city.places_b[0]}
    return found + [address.format(**foreign) for address in ASKED]


def told(client: FlaskClient, address: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer, without what is new at every opening."""
    answer: TestResponse = client.get(address)
    body = answer.get_data()
    for pattern in _OWN:
        body = pattern.sub(rb"\1", body)
    headers = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
    return answer.status_code, headers, body


def unpacked(body: bytes) -> bytes:
    """A workbook's parts, or the body itself."""
    if not is_zipfile(BytesIO(body)):
        return body
    with ZipFile(BytesIO(body)) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())


def compare(plain: World, filled: World, furnished: Furnished) -> list[str]:
    """The addresses whose answers differ or tell the crowd's word."""
    wrong = []
    for role, letter in WHO.items():
        for address in addresses(plain, furnished, letter):
            alone = told(plain.clients[role].client, address)
            beside = told(filled.clients[role].client, address)
            assert alone[0] < 500, (address, alone[0])
            if alone != beside:
                wrong.append(f"{role} {address}: {alone[:2]} {beside[:2]} {first_difference(alone, beside)}")
            if SECRET.encode() in unpacked(beside[2]):
                wrong.append(f"{role} {address}: tells ward B's words")
    return wrong


def first_difference(one: tuple[int, object, bytes], other: tuple[int, object, bytes]) -> str:
    """The first line that differs, for the test's output."""
    pairs = zip(unpacked(one[2]).splitlines(), unpacked(other[2]).splitlines(), strict=False)
    return next((f"{left[:300]!r} / {right[:300]!r}" for left, right in pairs if left != right), "length")


def run(world: World, role: str) -> int:
    """Compute the gaps anew, as a person of the ward does."""
    visitor = world.clients[role]
    words = {"csrf_token": visitor.token(), "entry_id": identity.new_id()}
    return visitor.client.post("/coverage/runs", data=words).status_code


def office(world: World) -> FlaskClient:
    """A browser of the culture office, which reads every ward."""
    return Visitor.signed_in(world.app, world.city.people["culture_office"]).client


def test_a_thousand_rows_next_door_change_not_one_byte(worlds: tuple[World, World, Furnished]) -> None:
    plain, filled, furnished = worlds
    assert compare(plain, filled, furnished) == []
    assert (run(plain, "ward_lead"), run(filled, "ward_lead")) == (303, 303)
    assert compare(plain, filled, furnished) == []
    opened = [told(filled.clients["ward_staff"].client, one) for one in addresses(filled, furnished, "s")]
    assert sum(status == 200 for status, _headers, _body in opened) > 30
    # The comparison can see: the office reads both wards, and reads the difference.
    for address in ("/places", "/coverage", "/investment.csv", "/map/places.json"):
        alone, beside = (told(office(world), address) for world in (plain, filled))
        assert alone[0] == beside[0] == 200
        assert alone != beside, address
        assert SECRET.encode() in beside[2], address


def test_every_foreign_row_is_not_there(worlds: tuple[World, World, Furnished]) -> None:
    _plain, filled, furnished = worlds
    with filled.app.app_context():
        foreign = ids(filled.city)
    asked, wrong = 0, []
    for role, letter in WHO.items():
        for rule in filled.app.url_map.iter_rules():
            names = rule.arguments & OF_A_WARD
            if "GET" not in (rule.methods or set()) or letter not in WHO_MAY[rule.endpoint] or not names:
                continue
            (name,) = names
            furnished_there = [furnished.rows[filled.city.ward_b][name]]
            for identity_there in foreign.get(name, furnished_there):
                rows = {filled.city.ward_b: {**furnished.rows[filled.city.ward_b], name: str(identity_there)}}
                address = Furnished(rows, furnished.shared).address(filled.app, rule, filled.city.ward_b)
                status = filled.clients[role].client.get(address).status_code
                asked += 1
                if status != 404:
                    wrong.append((role, address, status))
    assert wrong == []
    assert asked >= 20
