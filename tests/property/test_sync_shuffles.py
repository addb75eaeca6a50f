"""Claim 10: whatever order a line makes of a phone's entries, doubled and late, they end as in their order.

The entries hang together as on a phone: changes follow each other by `after`, an answer corrects the one
before it, a visit ends behind its answers, photos are told, corrected and taken back. The end of each
history is laid beside that of the plain one, row by row.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from inventory import trail
from inventory.database import db
from inventory.installations.manifest import CALLED_OFF
from inventory.installations.record import FIELDS, plain
from inventory.tables.field import ExpectedPhoto, FieldEntry
from inventory.tables.installation import Installation, InstallationEvent, Review
from inventory.tables.survey import Answer, Survey
from tests.city import City, build
from tests.conftest import environment
from tests.web.pushing import Phone, entry

_EVENT = (InstallationEvent.installation_id, InstallationEvent.act, InstallationEvent.entry_id)
Open = Callable[[], tuple[Flask, City]]


def ids() -> Callable[[], str]:
    """Ids in the order of their making, the same in every run."""
    count = iter(range(1, 10_000))
    return lambda: f"018f0000-0000-7000-8000-{next(count):012x}"


def history(phone: Phone) -> list[dict[str, str]]:
    """A morning's work in its order."""
    new, told = ids(), []

    def add(one: dict[str, str]) -> str:
        told.append(one)
        return one["id"]

    things = [new() for _ in range(3)]
    last = [
        add(phone.record(thing, new(), fields={"kind_code": "NOTICE_BOARD", "zone": "outside"}))
        for thing in things
    ]
    for turn, thing in enumerate([things[0], things[1], things[0], things[2], things[0]]):
        at = things.index(thing)
        fields = {("note", "serial")[turn % 2]: f"lần {turn}"}
        last[at] = add(phone.amend(thing, None, number=new(), after=last[at], fields=fields))
    bad = phone.amend(things[0], None, number=new(), after=last[0], fields={"kind_code": "KHÔNG_CÓ"})
    last[0] = add(bad)
    last[0] = add(phone.amend(things[0], None, number=new(), after=last[0], fields={"note": "sau cùng"}))
    area = phone.city.ward_a
    last[1] = add(entry("confirm", new(), installation=things[1], after=last[1], area=area))
    last[2] = add(entry("move", new(), installation=things[2], after=last[2], step="lost", area=area))
    visit, banners = new(), [new() for _ in range(3)]
    first = add(phone.answer(visit, found=2, new=banners[:2], number=new()))
    corrected = phone.answer(visit, found=3, new=banners[2:], number=new(), after=first)
    add(corrected)
    add(phone.answer(visit, "gate.FLAG_NATIONAL", found=-1, number=new()))
    add(phone.answer(visit, "gate.FLAG_NATIONAL", found=1, new=[new()], number=new()))
    photos = [new() for _ in range(3)]
    for photo, of in zip(
        photos, ({"installation": things[0]}, {"answer": first}, {"answer": corrected["id"]}), strict=True
    ):
        words: dict[str, Any] = {"sha256": photo.replace("-", "") * 2, "size": 9, "role": "overview"}
        add(entry("photo", new(), photo=photo, of=of, origin="camera", area=area, **words))
    add(entry("withdraw", new(), photo=photos[1], reason="blurred", text="", area=area))
    add(phone.finish(visit, answers=4, note="xong", number=new()))
    return told


def the_end(app: Flask) -> dict[str, Any]:
    """All that the records say, without the moments at which they were written."""
    with app.app_context():
        session = db.session()
        found = {
            "things": {
                row.id: (row.version, [plain(getattr(row, name)) for name in FIELDS])
                for row in session.scalars(select(Installation))
            },
            "events": Counter(
                tuple(row)
                for row in session.execute(
                    select(
                        InstallationEvent.installation_id, InstallationEvent.act, InstallationEvent.entry_id
                    )
                )
            ),
            "reviews": Counter(
                tuple(row) for row in session.execute(select(Review.installation_id, Review.state))
            ),
            "visits": [
                (row.id, row.finished_at is not None, row.note, row.version)
                for row in session.scalars(select(Survey))
            ],
            "answers": {(row.zone, row.kind_code): row.found for row in session.scalars(select(Answer))},
            "photos": {
                # What a photo shows is not asked any more once it is taken back.
                row.id: (row.state, row.code, row.installation_id if row.code != CALLED_OFF else None)
                for row in session.scalars(select(ExpectedPhoto))
            },
            "entries": {
                row.id: (row.outcome, row.code, row.case_state) for row in session.scalars(select(FieldEntry))
            },
        }
        assert trail.verify(session) is None
        db.session.remove()
    return found


def pushed(app: Flask, city: City, order: list[int], sizes: random.Random | None = None) -> dict[str, Any]:
    """The end when the entries come in this order, in batches of one to ten."""
    phone = Phone.of(app, city)
    told = history(phone)
    left = [told[number] for number in order]
    while left:
        size = sizes.randint(1, 10) if sizes else 1
        answer = phone.send(*left[:size])
        assert answer.status_code in {201, 202}
        del left[:size]
    return the_end(app)


def shuffled(count: int, dice: random.Random) -> list[int]:
    """Every entry at least once, a third of them twice, in any order."""
    order = list(range(count)) + dice.sample(range(count), count // 3)
    dice.shuffle(order)
    return order


def all_end_alike(opened: Open, seeds: range) -> None:
    """Compare so many histories with the plain one."""
    app, city = opened()
    count = len(history(Phone.of(app, city)))
    expected = pushed(app, city, list(range(count)))
    outcomes = Counter(outcome.value for outcome, _code, _case in expected["entries"].values())
    assert outcomes == {"stored": count - 2, "refused": 2}
    for seed in seeds:
        dice = random.Random(seed)
        app, city = opened()
        assert pushed(app, city, shuffled(count, dice), dice) == expected, seed


@pytest.fixture
def opened(migrated: Path, tmp_path: Path) -> Iterator[Open]:
    """Puts the database back to its beginning each time it is called."""
    path, beginning = tmp_path / "test.db", tmp_path / "beginning.db"
    shutil.copyfile(migrated, path)
    app = create_app(environment(f"sqlite:///{path}", tmp_path))
    with app.app_context():
        city = build()
    _close(app)
    shutil.copyfile(path, beginning)

    def fresh() -> tuple[Flask, City]:
        _close(app)
        for beside in tmp_path.glob("test.db-*"):
            beside.unlink()
        shutil.copyfile(beginning, path)
        return app, city

    yield fresh
    _close(app)


def _close(app: Flask) -> None:
    """Let go of the file; SQLite then writes all of it into its one file."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_shuffled_doubled_and_late_entries_end_as_in_order(opened: Open) -> None:
    all_end_alike(opened, range(25))


@pytest.mark.soak
def test_a_thousand_shuffles_end_as_in_order(opened: Open) -> None:
    all_end_alike(opened, range(25, 1_025))
