"""The server is killed in mid-push, again and again: what was acknowledged is there once, the rest comes."""

import json
import threading
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from inventory.identity import new_id
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation, InstallationEvent
from tests.faults.browser import Browser, Silence
from tests.faults.ground import Ground, close, lay
from tests.faults.service import Service
from tests.postgres import Cluster
from tests.web.pushing import Phone

HEADERS = {"X-Trucquan-Field": "test", "Content-Type": "application/json"}


class Sender(threading.Thread):
    """One phone that sends its queue in batches until everything is acknowledged."""

    def __init__(self, ground: Ground, port: int, batches: int) -> None:
        super().__init__(daemon=True)
        city = ground.city
        self.browser = Browser(port, ground.cookies["ward_staff"])
        self.phone = Phone(client=None, city=city, person=city.people["ward_staff"])  # type: ignore[arg-type]
        self.waiting = [[self.phone.record(new_id()) for _ in range(20)] for _ in range(batches)]
        self.acknowledged: Counter[str] = Counter()
        self.ending = threading.Event()

    def run(self) -> None:
        """Send until done, or until the test gives up."""
        while self.waiting and not self.ending.is_set():
            body = json.dumps(self.phone.envelope(self.waiting[0])).encode()
            try:
                answer = self.browser.ask("POST", "/field/push", body, HEADERS)
            except Silence:
                self.ending.wait(0.05)
                continue
            if answer.status in {201, 202}:
                told = json.loads(answer.text)["answers"]
                assert {one["outcome"] for one in told} == {"stored"}
                self.acknowledged.update(one["id"] for one in told)
                self.waiting.pop(0)
            else:
                self.ending.wait(0.05)


def _kill_and_count(url: str, folder: Path, kills: int, batches: int) -> None:
    ground = lay(url, folder, 0)
    service = Service(ground.settings, folder)
    service.start()
    senders = [Sender(ground, service.port, batches) for _ in range(3)]
    try:
        for sender in senders:
            sender.start()
        for turn in range(1, kills + 1):
            goal = turn * len(senders) * batches * 20 // (kills + 2)
            for _wait in range(12_000):
                if sum(len(sender.acknowledged) for sender in senders) >= goal:
                    break
                senders[0].ending.wait(0.01)
            service.kill()
            service.start()
        for sender in senders:
            sender.join(180)
            assert not sender.waiting, "a phone never got its queue through"
    finally:
        for sender in senders:
            sender.ending.set()
        service.kill()
    acknowledged = {number for sender in senders for number in sender.acknowledged}
    app = ground.app()
    from inventory import trail
    from inventory.database import db

    with app.app_context():
        assert set(db.session.scalars(select(FieldEntry.id))) == acknowledged
        things = [str(number) for number in db.session.scalars(select(Installation.entry_id))]
        assert sorted(things) == sorted(acknowledged)
        assert len(list(db.session.scalars(select(InstallationEvent.id)))) == len(acknowledged)
        assert trail.verify(db.session()) is None
        close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_push_survives_kills_in_its_middle(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    _kill_and_count(_database(kind, request, tmp_path), tmp_path, 1, 4)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_fifty_kills_lose_and_double_nothing(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    _kill_and_count(_database(kind, request, tmp_path), tmp_path, 50, 200)


def _database(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    if kind == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        return cluster.copy("template_trucquan")
    import shutil

    migrated: Path = request.getfixturevalue("migrated")
    shutil.copyfile(migrated, folder / "test.db")
    return f"sqlite:///{folder / 'test.db'}"
