"""Health answers, and backups that restore — or say why they do not."""

import json
import sqlite3
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from inventory import trail
from inventory.care import actions
from inventory.care.backup import BackupError
from inventory.database import db
from inventory.settings import Settings
from inventory.tables.person import Person
from tests.city import City

PHOTO = b"not really a picture, but its name is its hash"


@pytest.fixture
def settings(app: Flask) -> Settings:
    chosen: Settings = app.config["SETTINGS"]
    return chosen


def _store(settings: Settings) -> Path:
    import hashlib

    digest = hashlib.sha256(PHOTO).hexdigest()
    path = settings.media / digest[:2] / digest[2:4] / f"{digest}.jpg"
    path.parent.mkdir(parents=True)
    path.write_bytes(PHOTO)
    return path


def test_health(app: Flask, city: City) -> None:
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.json is not None
    assert ready.json["checks"]["database"]
    assert ready.json["checks"]["migrations"]
    assert ready.status_code == 200


def test_readiness_says_when_the_database_is_behind(app: Flask) -> None:
    with app.app_context():
        db.session.execute(db.text("UPDATE alembic_version SET version_num = 'older'"))
        db.session.commit()
    ready = app.test_client().get("/readyz")
    assert ready.status_code == 503
    assert ready.json is not None
    assert ready.json["checks"] == {
        "database": True,
        "migrations": False,
        "disk": ready.json["checks"]["disk"],
    }


def test_a_backup_restores_what_was_there(app: Flask, city: City, settings: Settings, tmp_path: Path) -> None:
    photo = _store(settings)
    with app.app_context():
        trail.record("tried", "test", 1)
        db.session.commit()
        made = actions.make(settings, tmp_path / "backups")
        assert actions.verify(settings, made).trail_number == 1
        before = {row.id: row.name for row in db.session.query(Person)}
        db.session.query(Person).update({"name": "đã đổi"})
        db.session.commit()
        photo.unlink()
        db.session.remove()
        db.engine.dispose()
        actions.restore(settings, made)
        assert {row.id: row.name for row in db.session.query(Person)} == before
        assert trail.verify(db.session()) is None
    assert photo.read_bytes() == PHOTO


@pytest.mark.parametrize("harm", ["byte", "missing", "stray", "manifest", "photo"])
def test_a_harmed_backup_is_refused_and_nothing_is_replaced(
    app: Flask, city: City, settings: Settings, tmp_path: Path, harm: str
) -> None:
    _store(settings)
    with app.app_context():
        made = actions.make(settings, tmp_path / "backups")
        database = next(made.glob("database.*"))
        photo = next((made / "media").rglob("*.jpg"))
        if harm == "byte":
            content = bytearray(database.read_bytes())
            content[len(content) // 2] ^= 1
            database.write_bytes(content)
        elif harm == "missing":
            photo.unlink()
        elif harm == "stray":
            (made / "stray.txt").write_text("?")
        elif harm == "manifest":
            (made / "manifest.json").write_text("{")
        else:
            photo.write_bytes(b"other")
        with pytest.raises(BackupError):
            actions.restore(settings, made)
        assert db.session.query(Person).count() == len(city.people)


def test_a_damaged_photo_stops_the_backup_and_leaves_no_folder(
    app: Flask, city: City, settings: Settings, tmp_path: Path
) -> None:
    _store(settings).write_bytes(b"damaged")
    with app.app_context(), pytest.raises(BackupError):
        actions.make(settings, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_backup_under_writes_is_whole(app: Flask, city: City, settings: Settings, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with app.app_context():
            number = 0
            while not stop.is_set() and number < 400:
                number += 1
                trail.record("tried", "test", number)
                db.session.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with app.app_context():
            made = [actions.make(settings, tmp_path / f"b{turn}") for turn in range(3)]
    finally:
        stop.set()
        writer.join()
    with app.app_context():
        found = [actions.verify(settings, folder) for folder in made]
    # Prefix-consistent: each later copy holds all that the earlier one held.
    assert [one.trail_number for one in found] == sorted(one.trail_number for one in found)


def test_the_commands_say_what_they_did(app: Flask, city: City, tmp_path: Path) -> None:
    runner: FlaskCliRunner = app.test_cli_runner()
    made = runner.invoke(args=["inventory", "backup", str(tmp_path / "b")])
    assert made.exit_code == 0, made.output
    folder = made.output.strip().splitlines()[-1]
    assert json.loads((Path(folder) / "manifest.json").read_text())["rows"]["person"] == len(city.people)
    checked = runner.invoke(args=["inventory", "verify-backup", folder])
    assert checked.exit_code == 0, checked.output
    assert "ok:" in checked.output
    nothing = runner.invoke(args=["inventory", "verify-backup", str(tmp_path)])
    assert nothing.exit_code == 1
    assert "does not hold" in nothing.output


def test_every_sqlite_connection_is_durable(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            assert db.session.scalar(db.text("SHOW synchronous_commit")) == "on"
            return
        with db.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)
            assert raw.execute("PRAGMA synchronous").fetchone() == (2,)
            assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert raw.execute("PRAGMA foreign_keys").fetchone() == (1,)
