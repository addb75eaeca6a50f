"""The ground of the fault tests: a city with things to change, cookies, and the books afterwards."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, text

from app import create_app
from inventory import trail
from inventory.database import db
from inventory.identity import new_id
from inventory.installations import actions
from inventory.installations.record import Record
from inventory.outcomes import Done
from inventory.people import sessions
from inventory.photos.store import path_of
from inventory.receipts import entry_of
from inventory.tables.installation import Installation, InstallationEvent, Photo
from inventory.tables.place import Place
from inventory.tables.survey import Survey
from inventory.tables.trail import Receipt, TrailLine
from inventory.vocabulary import Zone
from tests.city import City, build
from tests.conftest import environment
from tests.web.furnished import acting


@dataclass
class Ground:
    """A database with a city and `things` of ward A, and cookies by person."""

    settings: dict[str, str]
    city: City
    things: list[str] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)

    def app(self) -> Flask:
        """A service of the test's own process on the same database."""
        return create_app(self.settings)


def lay(database: str, folder: Path, things: int) -> Ground:
    """Build the city and record banners, all by ward A's officer."""
    settings = environment(database, folder)
    app = create_app(settings)
    with app.app_context():
        ground = Ground(settings, build())
        city = ground.city
        actor, campaign = acting(city.people["ward_staff"])
        venue = db.session.get_one(Place, city.places_a[0]).venue_id
        for number in range(things):
            banner = Record("BANNER_H", city.ward_a, venue_id=venue, zone=Zone.GATE, serial=f"B{number}")
            made = actions.record(actor, campaign, banner, entry_of(new_id(), {}))
            assert isinstance(made, Done), made
            ground.things.append(made.subject)
        tokens = {who: sessions.begin(number, "tests", "127.0.0.1") for who, number in city.people.items()}
        db.session.commit()
        close()
    for who, token in tokens.items():
        ground.cookies[who] = _cookie(app, token)
    return ground


def _cookie(app: Flask, token: str) -> str:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    name = app.config["SESSION_COOKIE_NAME"]
    kept = client.get_cookie(name)
    assert kept is not None
    # One form token for the whole session: two pages opened at once must not make two.
    client.get("/account")
    kept = client.get_cookie(name)
    assert kept is not None
    with app.app_context():
        close()
    return f"{name}={kept.value}"


def close() -> None:
    """Let go of the database."""
    db.session.remove()
    db.engine.dispose()


def balance(app: Flask, acknowledged: Counter[str]) -> dict[str, int]:
    """Hold the books against what was acknowledged (an entry id may be acknowledged more than once).

    Every acknowledged entry is there once; every change has its event, its receipt and its line, no
    line is without its change, the chain is whole, the database is sound, photos are what rows say.
    """
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert trail.verify(db.session()) is None
        receipts = set(db.session.scalars(select(Receipt.entry_id)))
        lost = acknowledged.keys() - receipts
        assert lost == set(), f"{len(lost)} acknowledged and lost"
        _balance_events()
        _balance_photos(app)
        found = {
            "acknowledged": len(acknowledged),
            "receipts": len(receipts),
            "lines": trail.count(db.session()),
        }
        close()
    return found


def _balance_events() -> None:
    events = Counter(
        f"{act}:{thing}"
        for thing, act in db.session.execute(select(InstallationEvent.installation_id, InstallationEvent.act))
    )
    lines = Counter(
        f"{act.partition('.')[2]}:{subject}"  # "installation.amended", "review.verified"
        for act, subject in db.session.execute(
            select(TrailLine.act, TrailLine.subject_id).where(TrailLine.subject == "installation")
        )
    )
    assert lines == events
    visits = db.session.scalar(select(func.sum(Survey.version)))
    presses = db.session.scalar(
        select(func.count()).select_from(TrailLine).where(TrailLine.subject == "survey")
    )
    assert (visits or 0) == presses
    entries = list(
        db.session.scalars(select(InstallationEvent.entry_id).where(InstallationEvent.act == "amended"))
    )
    assert len(entries) == len(set(entries)), "an entry was applied twice"
    versions = db.session.scalar(select(func.sum(Installation.version)))
    raising = ("recorded", "amended", "moved", "reverted")
    raised = db.session.scalar(
        select(func.count()).select_from(InstallationEvent).where(InstallationEvent.act.in_(raising))
    )
    assert versions == raised


def _balance_photos(app: Flask) -> None:
    added = db.session.scalar(
        select(func.count()).select_from(TrailLine).where(TrailLine.act == "photo.added")
    )
    photos = db.session.scalars(select(Photo)).all()
    assert added == len(photos)
    for photo in photos:
        for sha256 in (photo.sha256, photo.shown_sha256, photo.thumbnail_sha256):
            kept = path_of(app.config["SETTINGS"].media, sha256).read_bytes()
            assert hashlib.sha256(kept).hexdigest() == sha256
