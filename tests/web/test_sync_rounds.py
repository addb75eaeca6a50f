"""Visits written together come to the same as entry by entry, whatever lies between and what goes wrong."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, event, select

from app import create_app
from inventory import trail
from inventory.database import db, table_of
from inventory.identity import new_id
from inventory.sync import push
from inventory.tables.field import ExpectedPhoto, FieldEntry, NearAnswer, PositionEvidence
from inventory.tables.installation import Installation, InstallationEvent, Review
from inventory.tables.survey import Answer, Survey
from inventory.tables.trail import TrailLine
from tests.bench.push_visits import first_visits, more_places
from tests.city import City, build
from tests.conftest import environment
from tests.web.pushing import Phone, entry

#: What differs by itself between two services: the moment, serial numbers, hashes over them.
_OWN = {
    *(
        "at",
        "received_at",
        "created_at",
        "updated_at",
        "submitted_at",
        "started_at",
        "finished_at",
        "told_at",
    ),
    *("number", "hash", "previous_hash"),
}
_TABLES: tuple[Any, ...] = (
    *(FieldEntry, Installation, InstallationEvent, Review, Survey, Answer, TrailLine),
    *(ExpectedPhoto, NearAnswer, PositionEvidence),
)
_KEYS = ("gate.BANNER_H", "gate.FLAG_DECOR", "gate.audio", "outside.PANEL_SMALL", "outside.NOTICE_BOARD")
_SPOTS: tuple[dict[str, Any], ...] = (
    {},
    {"fix": {"lat": 20.961, "lon": 107.021, "accuracy_m": 7, "age_s": 1}},
    {"fix": {"lat": 20.961, "lon": 107.021, "accuracy_m": 70, "age_s": 1}, "reason": "indoors"},
)
_STEP = st.fixed_dictionaries(
    {
        "act": st.sampled_from(["answer"] * 8 + ["finish", "finish", "photo", "record", "amend"]),
        "place": st.sampled_from([0, 0, 0, 1, 1, 2]),
        "visit": st.sampled_from([0, 0, 0, 1]),
        "key": st.sampled_from(_KEYS),
        "found": st.sampled_from([None, 0, 1, 1, 2, 3]),
        "working": st.sampled_from([None, None, 0, 1]),
        "quick": st.sampled_from(["", "", "same", "none", "enough"]),
        "kind": st.sampled_from(["", "", "SPK_CLUSTER_FM", "FLAG_NATIONAL"]),
        "note": st.sampled_from(["", "", "sát  cổng"]),
        "spot": st.sampled_from(_SPOTS),
        "base": st.sampled_from([0, 0, 1, 2]),
        "after": st.sampled_from([False] * 5 + [True]),
        "extra": st.booleans(),
        "zones": st.sampled_from([[], [], ["gate"], ["outside", "gate"]]),
        "answers": st.sampled_from([None, 0, 1, 9]),
    }
)


class Maker:
    """Makes the entries of a phone, so that both services get the very same."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.visits = [[new_id(), new_id()] for _ in range(3)]
        self.things: dict[tuple[int, str], list[str]] = {}
        self.sent: list[str] = []

    def one(self, step: dict[str, Any]) -> dict[str, str]:
        """An entry of one step."""
        place, key = step["place"], step["key"]
        # The third place is told with a visit of the first: an id that is taken.
        visit = self.visits[min(place, 1)][step["visit"]]
        where: dict[str, Any] = {"place": self.city.places_a[min(place, 1)], "area": self.city.ward_a}
        known = self.things.setdefault((place, key), [])
        made = getattr(self, f"_{step['act']}")(step, where, visit, known)
        self.sent.append(made["id"])
        return made

    def _answer(
        self, step: dict[str, Any], where: dict[str, Any], visit: str, known: list[str]
    ) -> dict[str, str]:
        base = {} if step["base"] == 0 else dict.fromkeys(known, step["base"])
        new = [new_id() for _ in range(4)]
        if not step["after"]:
            known.append(new[0])
        return entry(
            "answer",
            visit=visit,
            key=step["key"],
            **where,
            **{name: step[name] for name in ("found", "working", "quick", "kind", "extra")},
            details={"note": step["note"]},
            base=base,
            after=self.sent[-1] if step["after"] and self.sent else None,
            new=new,
            position=step["spot"],
            near=[{"other": known[0], "same": False}] if step["extra"] and known else [],
        )

    def _finish(
        self, step: dict[str, Any], where: dict[str, Any], visit: str, _known: list[str]
    ) -> dict[str, str]:
        told: dict[str, Any] = {
            "empty_zones": step["zones"],
            "note": step["note"],
            "answers": step["answers"],
        }
        return entry("finish", visit=visit, **where, **told)

    def _photo(
        self, step: dict[str, Any], _where: dict[str, Any], _visit: str, known: list[str]
    ) -> dict[str, str]:
        of = {"answer": self.sent[-1]} if self.sent else {"installation": new_id()}
        if step["extra"] and known:
            of = {"installation": known[-1]}
        told: dict[str, Any] = {
            "sha256": "0" * 64,
            "size": 1000,
            "role": "overview",
            "name": "a.jpg",
            "origin": "camera",
        }
        return entry("photo", photo=new_id(), of=of, **told)

    def _record(
        self, step: dict[str, Any], where: dict[str, Any], _visit: str, known: list[str]
    ) -> dict[str, str]:
        zone, _, kind = step["key"].partition(".")
        fields = {"zone": zone, "kind_code": "SPK_CLUSTER_FM" if kind == "audio" else kind}
        known.append(new_id())
        return entry("record", installation=known[-1], fields=fields, position=step["spot"], **where)

    def _amend(
        self, step: dict[str, Any], where: dict[str, Any], _visit: str, known: list[str]
    ) -> dict[str, str]:
        number = known[-1] if known else new_id()
        return entry("amend", installation=number, base=1, fields={"note": "khác"}, area=where["area"])


def _table(table: Table) -> list[str]:
    rows = db.session.execute(select(table)).mappings()
    kept = [
        {
            name: value
            for name, value in row.items()
            if name not in _OWN and not (name == "id" and isinstance(value, int))
        }
        for row in rows
    ]
    return sorted(map(repr, kept))


def _service(migrated: Path, folder: Path) -> tuple[Flask, City]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copyfile(migrated, folder / "test.db")
    app = create_app(environment(f"sqlite:///{folder / 'test.db'}", folder))
    with app.app_context():
        city = build()
        db.session.remove()
    return app, city


def _send(app: Flask, phone: Phone, batches: list[list[dict[str, str]]], together: bool) -> Any:
    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(push, "BULK", together)
        for batch in batches:
            told.append(phone.send(*batch).get_json())
            with app.app_context():  # as if another campaign had begun: nothing has been reviewed
                db.session.execute(delete(Review))
                db.session.commit()
                db.session.remove()
    with app.app_context():
        assert trail.verify(db.session()) is None
        tables = {one.__tablename__: _table(table_of(one)) for one in _TABLES}
        db.session.remove()
        db.engine.dispose()
    return [answer["answers"] for answer in told], tables


def _compare(migrated: Path, tmp_path: Path, steps: list[list[dict[str, Any]]]) -> None:
    found: list[Any] = []
    batches: list[list[dict[str, str]]] = []
    device = new_id()
    for together in (True, False):
        app, city = _service(migrated, tmp_path / str(together))
        phone = Phone.of(app, city)
        phone.device = device
        if not batches:
            maker = Maker(city)
            batches = [[maker.one(step) for step in some] for some in steps]
        found.append(_send(app, phone, batches, together))
    assert found[0] == found[1]


_ROUNDS = st.lists(st.lists(_STEP, min_size=1, max_size=9), min_size=1, max_size=3)


@given(_ROUNDS)
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
def test_visits_together_and_entry_by_entry_come_to_the_same(
    migrated: Path, tmp_path: Path, steps: list[list[dict[str, Any]]]
) -> None:
    _compare(migrated, tmp_path, steps)


@pytest.mark.soak
@given(_ROUNDS)
@settings(max_examples=400, suppress_health_check=list(HealthCheck))
def test_the_same_of_many_rounds(migrated: Path, tmp_path: Path, steps: list[list[dict[str, Any]]]) -> None:
    _compare(migrated, tmp_path, steps)


def test_a_morning_of_visits_is_written_with_few_statements(app: Flask, city: City) -> None:
    phone = Phone.of(app, city)
    with app.app_context():
        places = more_places(city, 10)
        engine = db.engine
        db.session.remove()
    entries = first_visits(city, places)
    phone.push(*entries[:10])
    seen: list[str] = []

    def note(*told: Any) -> None:
        seen.append(told[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        answers = phone.push(*entries)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert {one["outcome"] for one in answers} == {"stored"}
    assert [one["seen"] for one in answers] == [True] * 10 + [False] * 90
    assert len(seen) < 60
