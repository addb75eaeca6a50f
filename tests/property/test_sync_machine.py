"""Two phones, a flaky line and a server: whatever happens on the way, each acknowledged entry is there
exactly once, and each that was not acknowledged is still on its phone.

Phones are modelled as the protocol has them: a queue that loses an entry only by an answer that echoes its
id and hash. The line loses requests and answers, delivers twice, late and in another order; the server
dies before or after its commit.
"""

import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from app import create_app
from inventory import trail
from inventory.database import db
from inventory.identity import new_id
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation, InstallationEvent
from inventory.vocabulary import EntryOutcome
from tests.city import City, build
from tests.conftest import environment
from tests.postgres import Cluster
from tests.web.pushing import HEADERS, Phone, entry

SETTLED = frozenset({"stored", "merged", "parked", "held", "conflict"})
PHONES = st.integers(0, 1)


class Queue:
    """A phone's queue and what it knows."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.waiting: list[dict[str, str]] = []
        self.sent: dict[str, str] = {}
        self.needs: dict[str, str] = {}
        self.things: list[tuple[str, str]] = []  # (installation, own newest entry about it)

    def settle(self, answers: list[dict[str, Any]]) -> None:
        """Only an answer with the entry's own id and hash moves it."""
        told = {(one["id"], one["sha256"]): one["outcome"] for one in answers}
        for one in list(self.waiting):
            outcome = told.get((one["id"], one["sha256"]))
            if outcome is None:
                continue
            self.waiting.remove(one)
            (self.sent if outcome in SETTLED else self.needs)[one["id"]] = outcome


class Machine(RuleBasedStateMachine):
    """The whole of it; `open_service` is set by the tests below."""

    open_service: Any = None

    @initialize()
    def begin(self) -> None:
        """A fresh database and two phones of ward A."""
        self.app, self.city, self.close = type(self).open_service()
        self.queues = [Queue(Phone.of(self.app, self.city, who)) for who in ("ward_staff", "ward_lead")]
        self.late: list[tuple[int, bytes]] = []
        self.made: set[str] = set()

    def _add(self, queue: Queue, one: dict[str, str]) -> None:
        queue.waiting.append(one)
        self.made.add(one["id"])

    @rule(number=PHONES)
    def record(self, number: int) -> None:
        """A person records something."""
        queue, thing = self.queues[number], new_id()
        one = queue.phone.record(thing)
        self._add(queue, one)
        queue.things.append((thing, one["id"]))

    @rule(
        number=PHONES, word=st.sampled_from(["một", "hai", "ba"]), field=st.sampled_from(["note", "serial"])
    )
    def amend(self, number: int, word: str, field: str) -> None:
        """A person corrects an own thing, on top of what they did before."""
        queue = self.queues[number]
        if not queue.things:
            return
        thing, before = queue.things[-1]
        one = queue.phone.amend(thing, None, after=before, fields={field: word})
        self._add(queue, one)
        queue.things[-1] = (thing, one["id"])

    @rule(number=PHONES, word=st.sampled_from(["của tôi", "của nó"]))
    def amend_others(self, number: int, word: str) -> None:
        """A person changes what the other phone recorded, as it was at first."""
        other = self.queues[1 - number]
        if other.things:
            one = self.queues[number].phone.amend(other.things[0][0], 1, fields={"note": word})
            self._add(self.queues[number], one)

    @rule(number=PHONES, found=st.integers(0, 3))
    def answer(self, number: int, found: int) -> None:
        """A person answers an item of a visit of their own and ends it."""
        queue, visit = self.queues[number], new_id()
        place = self.city.places_a[1]
        new = [new_id() for _ in range(found)]
        self._add(queue, queue.phone.answer(visit, found=found, new=new, place=place))
        self._add(queue, queue.phone.finish(visit, place=place, answers=1))

    @rule(
        number=PHONES,
        count=st.integers(1, 6),
        fate=st.sampled_from(["whole", "whole", "lost", "deaf", "crash"]),
    )
    def send(self, number: int, count: int, fate: str) -> None:
        """A batch goes out: it may be lost, its answer may be lost, the server may die in the middle."""
        queue = self.queues[number]
        batch = queue.waiting[:count]
        body = json.dumps(queue.phone.envelope(batch)).encode()
        if fate == "lost":
            return
        if fate == "crash":
            self._crash(queue, body)
            return
        answers = self._post(queue, body)
        if fate == "deaf":
            self.late.append((number, body))
        else:
            queue.settle(answers)

    @rule(data=st.data())
    def deliver_late(self, data: st.DataObject) -> None:
        """An old request comes once more, in whatever order."""
        if self.late:
            number, body = data.draw(st.sampled_from(self.late))
            self.queues[number].settle(self._post(self.queues[number], body))

    @rule(number=PHONES)
    def backwards(self, number: int) -> None:
        """A line that turns the order round."""
        queue = self.queues[number]
        if queue.waiting:
            batch = list(reversed(queue.waiting[:5]))
            queue.settle(self._post(queue, json.dumps(queue.phone.envelope(batch)).encode()))

    def _post(self, queue: Queue, body: bytes) -> list[dict[str, Any]]:
        answer = queue.phone.client.post("/field/push", data=body, headers=HEADERS)
        assert answer.status_code in {201, 202}, answer.get_data(as_text=True)
        found: list[dict[str, Any]] = answer.get_json()["answers"]
        return found

    def _crash(self, queue: Queue, body: bytes) -> None:
        """The process dies before the commit: what it had written is rolled back, no answer comes."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("inventory.database.finish", _die)
            answer = queue.phone.client.post("/field/push", data=body, headers=HEADERS)
        assert answer.status_code == 500

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every entry is on its phone or known to the server; what is acknowledged is there once."""
        if not hasattr(self, "app"):
            return
        with self.app.app_context():
            rows = {row.id: row.outcome for row in db.session.scalars(select(FieldEntry)).all()}
            db.session.remove()
        on_phones = {one["id"] for queue in self.queues for one in queue.waiting}
        acknowledged = {number for queue in self.queues for number in (*queue.sent, *queue.needs)}
        assert acknowledged <= rows.keys()
        assert on_phones | acknowledged == self.made
        assert rows.keys() <= self.made

    def teardown(self) -> None:
        """At last the line is good: everything comes, once, and the books are right."""
        if not hasattr(self, "app"):
            return
        try:
            for queue in self.queues:
                while queue.waiting:
                    queue.settle(
                        self._post(queue, json.dumps(queue.phone.envelope(queue.waiting[:50])).encode())
                    )
                assert queue.needs == {}
            self._balance()
        finally:
            self.close()

    def _balance(self) -> None:
        with self.app.app_context():
            rows = db.session.scalars(select(FieldEntry)).all()
            assert {row.id for row in rows} == self.made
            assert not [row for row in rows if row.outcome is EntryOutcome.PARKED and row.act == "record"]
            stored = [row for row in rows if row.outcome in {EntryOutcome.STORED, EntryOutcome.MERGED}]
            recorded = {row.about for row in stored if row.act == "record"}
            answered = {
                key for row in stored if row.act == "answer" for key in (row.detail or {}).get("left", {})
            }
            assert set(db.session.scalars(select(Installation.id))) == recorded | answered
            events = Counter(db.session.scalars(select(InstallationEvent.entry_id)))
            for row in stored:
                if row.act in {"record", "amend"}:
                    assert events[row.id] <= 1, "an entry was applied twice"
                    assert events[row.id] == 1 or row.act == "amend"
            raised = db.session.scalar(
                select(func.count()).where(InstallationEvent.act.in_(["recorded", "amended"]))
            )
            assert db.session.scalar(select(func.sum(Installation.version))) in {raised, None}
            assert trail.verify(db.session()) is None
            db.session.remove()


def _die() -> None:
    raise RuntimeError("killed")


def _open(url: str, folder: Path) -> tuple[Flask, City]:
    app = create_app(environment(url, folder))
    with app.app_context():
        return app, build()


def _shut(app: Flask, folder: Path) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)


def _run(open_service: Any, examples: int, steps: int) -> None:
    machine = type("ThisMachine", (Machine,), {"open_service": staticmethod(open_service)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_each_acknowledged_entry_is_there_once_whatever_the_line_does(migrated: Path) -> None:
    def open_service() -> tuple[Flask, City, Any]:
        folder = Path(tempfile.mkdtemp())
        shutil.copyfile(migrated, folder / "test.db")
        app, city = _open(f"sqlite:///{folder / 'test.db'}", folder)
        return app, city, lambda: _shut(app, folder)

    _run(open_service, 8, 20)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_same_many_times_on_both_databases(
    kind: str, request: pytest.FixtureRequest, migrated: Path
) -> None:
    def open_service() -> tuple[Flask, City, Any]:
        folder = Path(tempfile.mkdtemp())
        if kind == "postgresql":
            cluster: Cluster = request.getfixturevalue("cluster")
            url = cluster.copy("template_trucquan")
        else:
            shutil.copyfile(migrated, folder / "test.db")
            url = f"sqlite:///{folder / 'test.db'}"
        app, city = _open(url, folder)
        return app, city, lambda: _shut(app, folder)

    _run(open_service, 200, 50)


def test_another_entry_never_hides_behind_a_known_hash(migrated: Path, tmp_path: Path) -> None:
    """An answer without the entry's own hash moves nothing on the phone."""
    shutil.copyfile(migrated, tmp_path / "test.db")
    app, city = _open(f"sqlite:///{tmp_path / 'test.db'}", tmp_path)
    queue = Queue(Phone.of(app, city))
    queue.waiting = [entry("confirm", installation=new_id())]
    queue.settle([{"id": queue.waiting[0]["id"], "sha256": "0" * 64, "outcome": "stored"}])
    assert len(queue.waiting) == 1
    _shut(app, tmp_path / "none")
