"""Every address that writes, all alike: what it leaves behind, and what it does not let in.

Claim 56: a line for every change. Claim 26: no column is written by a field that the form has not.
Claim 42: no other site writes. The forms are those that the pages themselves show.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from inventory import identity
from inventory.database import Base, db
from inventory.tables.trail import TrailLine
from tests.city import City, build
from tests.client import Visitor
from tests.conftest import environment
from tests.property.routes import LOGS, Target, counts, packed, writing
from tests.web.furnished import Furnished, furnish

MOMENT = datetime(2026, 4, 19, 3, 0, tzinfo=UTC)
#: Random by nature, or the hash of all that was sent; nothing that a field could set.
ITS_OWN = {
    "password_hash",
    "token_hash",
    "code_hash",
    "sha256",
    "hash",
    "previous_hash",
    "content",
    "seconds",
}
#: Ends the session itself.
ENDING = {"people.sign_out"}
#: Filled in where the page shows an empty form, so that many a form is really written.
TYPED: dict[str, str] = {
    "items-0-found": "2", "items-0-working": "2", "note": "ghi chú", "name": "Tên thử", "number": "77",
    "voters": "800", "reason": "no_photo", "text": "Câu thử", "unit_price": "1000", "source": "thử",
    "minimum": "1", "name_vi": "Tên thử", "name_en": "Trial", "why": "thử",
    "election_day": "2026-05-23", "decoration_deadline": "2026-05-10", "tree_date": "2026-04-19",
    "moved_on": "2022-01-01", "offset_days": "-10", "withdrawn_reason": "thử", "issued_on": "2021-01-01",
    "step": "accepted", "username": "nguoi.thu", "venue_name": "Nhà thử", "language": "en",
}  # fmt: skip


def filled_in(target: Target) -> dict[str, list[str]]:
    """The form as its page shows it, with words where it shows an empty box."""
    return {name: [value or TYPED[name]] for name, value in target.fields if value or name in TYPED}


class World:
    """A service whose database is put back to where it was, at one moment, with ids by their number."""

    def __init__(self, base: Path, city: City) -> None:
        self.base, self.place, self.city = base, base.with_name("world.db"), city
        self.app: Flask = create_app(environment(f"sqlite:///{self.place}", base.parent))

    def again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Everything as it was."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self.place.with_name(self.place.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.base, self.place)
        given = iter(range(10**9))
        counted = SimpleNamespace(token_bytes=lambda size: next(given).to_bytes(size))
        monkeypatch.setattr(identity, "secrets", counted)

    def send(self, target: Target, extra: dict[str, str]) -> int:
        """Send the form as its page shows it, with more fields."""
        visitor = Visitor.signed_in(self.app, self.city.people[target.role] if target.role else None)
        body = filled_in(target)
        body |= {name: [value] for name, value in extra.items()}
        body["entry_id"] = ["01a2069f-8348-7d16-950f-c290adc9df6e"]
        sent = packed(body, visitor.token())
        answer = visitor.client.post(target.address, data=sent, content_type="multipart/form-data")
        return answer.status_code

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything that the database holds, but for what is random by nature."""
        with self.app.app_context():
            found = {
                table.name: [
                    {name: value for name, value in row._mapping.items() if name not in ITS_OWN}
                    for row in db.session.execute(select(table).order_by(*table.primary_key.columns))
                ]
                for table in Base.metadata.sorted_tables
            }
            db.session.rollback()
            return found


@pytest.fixture
def base(migrated: Path, tmp_path: Path) -> tuple[Path, City, list[Target]]:
    """A furnished city in a file, and every form."""
    place = tmp_path / "base.db"
    shutil.copyfile(migrated, place)
    app = create_app(environment(f"sqlite:///{place}", tmp_path))
    with app.app_context():
        city = build()
    furnished: Furnished = furnish(app, city)
    targets = [target for target in writing(app, city, furnished) if target.rule.endpoint not in ENDING]
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return place, city, targets


def every_column() -> dict[str, str]:
    """A field for each column that any table has, with a value it might take."""
    return {
        column.name: "2" if "int" in str(column.type).lower() else "admin"
        for table in Base.metadata.sorted_tables
        for column in table.columns
    }


def test_no_column_is_written_by_a_field_that_the_form_has_not(
    base: tuple[Path, City, list[Target]], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, city, targets = base
    world, columns = World(place, city), every_column()
    wrong, written = [], 0
    for target in targets:
        strangers = {name: value for name, value in columns.items() if name not in dict(target.fields)}
        with time_machine.travel(MOMENT, tick=False):
            world.again(monkeypatch)
            before = world.rows()
            world.send(target, {})
            asked = world.rows()
            world.again(monkeypatch)
            world.send(target, strangers)
            more = world.rows()
        written += any(before[name] != asked[name] for name in asked if name not in LOGS)
        wrong += [
            (str(target), table, [row for row in more[table] if row not in asked[table]][:2])
            for table in asked
            if asked[table] != more[table]
        ]
    assert wrong == []
    assert written >= 15


def test_every_change_leaves_a_line_and_no_refusal_leaves_a_row(app: Flask, city: City) -> None:
    targets = writing(app, city, furnish(app, city))
    silent, changed = [], 0
    for target in targets:
        if target.rule.endpoint in ENDING:
            continue
        visitor = Visitor.signed_in(app, city.people[target.role] if target.role else None)
        token = visitor.token()
        with app.app_context():
            before, lines = counts(), db.session.scalar(select(func.count()).select_from(TrailLine)) or 0
        body = filled_in(target)
        body["entry_id"] = [identity.new_id()]
        answer = visitor.client.post(
            target.address, data=packed(body, token), content_type="multipart/form-data"
        )
        with app.app_context():
            after, now = counts(), db.session.scalar(select(func.count()).select_from(TrailLine)) or 0
        assert answer.status_code < 500, str(target)
        if answer.status_code >= 400:
            assert after == before, str(target)
        if after != before:
            changed += 1
            if now == lines:
                silent.append(
                    (str(target), {name: after[name] for name in after if after[name] != before[name]})
                )
            assert after["receipt"] - before["receipt"] <= 1, str(target)
    assert silent == []
    assert changed > 10


FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},  # another port of this very machine
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:8001"},
)


def test_no_other_site_and_no_form_without_its_token_writes(app: Flask, city: City) -> None:
    targets, wrong = writing(app, city, furnish(app, city)), []
    with app.app_context():
        before = counts()
    for target in targets:
        visitor = Visitor.signed_in(app, city.people[target.role] if target.role else None)
        token = visitor.token()
        for headers in FOREIGN:
            body = {**dict(target.fields), "csrf_token": token}
            if visitor.client.post(target.address, data=body, headers=headers).status_code != 403:
                wrong.append((str(target), str(headers)))
        for bad in ({}, {"csrf_token": ""}, {"csrf_token": token[:-1]}):
            body = {**dict(target.fields), **bad}
            if not bad:
                body.pop("csrf_token", None)
            if visitor.client.post(target.address, data=body).status_code != 400:
                wrong.append((str(target), str(bad)))
    assert wrong == []
    with app.app_context():
        assert counts() == before
