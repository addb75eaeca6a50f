"""Claim 18: a full disk loses nothing that was acknowledged, says so, lets people read, and recovers."""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, update

from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.tables.person import SessionRow
from tests.client import Visitor
from tests.faults.browser import Browser
from tests.faults.ground import Ground, balance, lay
from tests.faults.service import serving


@pytest.fixture
def small(migrated: Path, tmp_path: Path) -> Ground:
    """One banner on SQLite."""
    shutil.copyfile(migrated, tmp_path / "test.db")
    return lay(f"sqlite:///{tmp_path / 'test.db'}", tmp_path, 1)


class Lid:
    """Lets the database file grow by so many pages and no more, as a full disk does."""

    def __init__(self, app: Flask, extra: int) -> None:
        with app.app_context():
            connection = db.session.connection()
            self.pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one()) + extra
            db.session.remove()
            db.engine.dispose()

    def __enter__(self) -> "Lid":
        event.listen(Engine, "connect", self._close)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(Engine, "connect", self._close)

    def _close(self, connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={self.pages}")


def test_a_full_database_says_so_keeps_what_it_has_and_goes_on_when_there_is_room(small: Ground) -> None:
    app = small.app()
    visitor = Visitor.signed_in(app, small.city.people["ward_staff"])
    address = f"/installations/{small.things[0]}"
    acknowledged: Counter[str] = Counter()
    refused: Counter[int] = Counter()

    def write(number: int) -> int:
        visitor.get(address)
        fields = {**visitor.fields(address), "note": f"{number} " + "x" * 1900}
        answer = visitor.client.post(address, data=fields)
        if answer.status_code == 303:
            acknowledged[fields["entry_id"]] += 1
        else:
            refused[answer.status_code] += 1
            visitor.client.get("/account")  # reading goes on
        return answer.status_code

    with Lid(app, extra=60):
        for number in range(200):
            if write(number) != 303 and refused.total() >= 5:
                break
        assert acknowledged
        assert refused.keys() == {507}, refused
        page = visitor.client.post(address, data={**visitor.fields(address), "note": "y" * 1990})
        assert page.status_code == 507
        assert "Máy chủ hết chỗ ghi" in page.text
        _let_the_session_be_written(app, visitor)
        assert visitor.client.get(address).status_code == 200
        assert visitor.client.get("/healthz").status_code == 200
        assert balance(app, acknowledged)["acknowledged"] == acknowledged.total()
    with app.app_context():
        db.engine.dispose()  # the same service, new connections: there is room again
    assert write(1000) == 303
    balance(app, acknowledged)


def _let_the_session_be_written(app: Flask, visitor: Visitor) -> None:
    """Make the session old enough that a reader's last-seen is due; that must not cost the page."""
    with app.app_context():
        old = now() - timedelta(hours=1)
        db.session.execute(update(SessionRow).values(last_seen_at=old))
        db.session.commit()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes. Only root may mount one; `make soak` is run as root."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_under_a_real_server(migrated: Path, disk: Path, tmp_path: Path) -> None:
    shutil.copyfile(migrated, disk / "test.db")
    ground = lay(f"sqlite:///{disk / 'test.db'}", disk, 1)
    acknowledged: Counter[str] = Counter()
    others: Counter[int] = Counter()
    address = f"/installations/{ground.things[0]}"
    with serving(ground.settings, tmp_path) as service:
        browser = Browser(service.port, ground.cookies["ward_staff"])

        def write(number: int) -> int:
            fields = browser.open(address).fields(address)
            words = {**fields, "entry_id": new_id(), "note": f"{number} " + "x" * 1900}
            answer = browser.send(address, words)
            if answer.status == 303:
                acknowledged[words["entry_id"]] += 1
            else:
                others[answer.status] += 1
            return answer.status

        write(0)
        ballast = disk / "ballast"
        _fill(ballast)
        for number in range(1, 400):
            if write(number) != 303 and others.total() >= 10:
                break
        assert others.keys() <= {503, 507}, others
        assert others.total() >= 10
        ballast.unlink()
        assert write(1000) == 303, "it goes on by itself when there is room"
    app = ground.app()
    balance(app, acknowledged)


def _fill(path: Path) -> None:
    """Write until nothing more fits, but for a few pages."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            file.truncate(max(0, path.stat().st_size - 64 * 1024))
