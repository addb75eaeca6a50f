"""Shared ground of the tests: a migrated database of each kind, a small city, signed-in clients.

SQLite databases are copies of one migrated file, PostgreSQL ones are made from a migrated template,
so a test gets a fresh database in milliseconds. `app` runs on both: a test that uses it runs twice.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings

from app import create_app
from inventory.database import db
from tests.city import City, build
from tests.client import Visitor
from tests.postgres import Cluster

# `make test` tries the same fixed examples each time; `make soak` new and many more. Nothing is timed here.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

KEY = "test-key-0123456789-abcdefghijklmnop"


def environment(database: str, folder: Path) -> dict[str, str]:
    """The settings of a test's service."""
    return {"TRUCQUAN_DATABASE": database, "TRUCQUAN_DATA": str(folder), "TRUCQUAN_SECRET_KEY": KEY}


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the head of the migrations, empty."""
    folder = tmp_path_factory.mktemp("migrated")
    path = folder / "empty.db"
    service = create_app(environment(f"sqlite:///{path}", folder))
    with service.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL cluster of our own on a free loopback port, with a migrated template."""
    running = Cluster.start(tmp_path_factory.mktemp("postgres"))
    try:
        url = running.create("template_trucquan")
        service = create_app(environment(url, tmp_path_factory.mktemp("template")))
        with service.app_context():
            upgrade()
            db.session.remove()
            db.engine.dispose()
        yield running
    finally:
        running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh, migrated, empty database of each kind."""
    if request.param == "postgresql":
        running: Cluster = request.getfixturevalue("cluster")
        return running.copy("template_trucquan")
    migrated: Path = request.getfixturevalue("migrated")
    path = tmp_path / "test.db"
    shutil.copyfile(migrated, path)
    return f"sqlite:///{path}"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The service on a fresh database."""
    service = create_app(environment(database_url, tmp_path))
    service.config["TESTING"] = False  # errors are answered as people get them
    yield service
    with service.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def city(app: Flask) -> City:
    """Two wards with places, a standard, prices, slogans and one person of each role."""
    with app.app_context():
        return build()


@pytest.fixture
def visit(app: Flask, city: City) -> "VisitorMaker":
    """`visit("ward_staff")` is a signed-in client whose every page is checked."""
    return VisitorMaker(app, city)


class VisitorMaker:
    """Makes signed-in visitors by role (or "other_ward" for ward B's officer, None for nobody)."""

    def __init__(self, app: Flask, city: City) -> None:
        self.app, self.city = app, city

    def __call__(self, who: str | None) -> Visitor:
        """Sign in without a password: through the same session rows that the sign-in page makes."""
        return Visitor.signed_in(self.app, self.city.people[who] if who else None)
