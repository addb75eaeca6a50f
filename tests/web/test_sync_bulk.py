"""New installations written together come to the same as one by one."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, select

from app import create_app
from inventory import trail
from inventory.database import db, table_of
from inventory.identity import new_id
from inventory.sync import push
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation, InstallationEvent, Review
from inventory.tables.trail import TrailLine
from tests.city import build
from tests.conftest import environment
from tests.web.pushing import Phone

#: What differs by itself between two services: the moment, serial numbers, hashes over them.
_OWN = {"at", "received_at", "created_at", "updated_at", "submitted_at", "number", "hash", "previous_hash"}
_FIELDS = st.fixed_dictionaries(
    {
        "kind_code": st.sampled_from(["BANNER_H", "FLAG_DECOR", "PANEL_SMALL", "KHÔNG_CÓ"]),
        "quantity": st.integers(0, 3),
        "working": st.integers(0, 3),
        "condition": st.sampled_from(["good", "torn", "missing"]),
        "note": st.sampled_from(["", "sát  cổng", "dòng\nhai"]),
        "azimuth": st.sampled_from([None, 0, 359.5, 400]),
    }
)
_SPOTS = st.sampled_from(
    [
        {},
        {"fix": {"lat": 20.961, "lon": 107.021, "accuracy_m": 7, "age_s": 1}},
        {"tap": {"lat": 20.962, "lon": 107.022}},
        {"fix": {"lat": 20.961, "lon": 107.021, "accuracy_m": 70, "age_s": 1}, "reason": "indoors"},
    ]
)


def _table(table: Table) -> list[Any]:
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


@given(st.lists(st.tuples(_FIELDS, _SPOTS, st.sampled_from([0, 0, 0, 1, 999_999])), min_size=1, max_size=8))
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
def test_together_and_one_by_one_come_to_the_same(
    migrated: Path, tmp_path: Path, things: list[tuple[dict[str, Any], dict[str, Any], int]]
) -> None:
    batch: list[dict[str, str]] = []
    found = []
    device = new_id()
    for together in (True, False):
        folder = tmp_path / str(together)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copyfile(migrated, folder / "test.db")
        app = create_app(environment(f"sqlite:///{folder / 'test.db'}", folder))
        with app.app_context():
            city = build()
            db.session.remove()
        phone = Phone.of(app, city)
        phone.device = device
        if not batch:
            places = [*city.places_a, 999_999]
            batch = [
                phone.record(fields=fields, position=spot, place=places[min(at, 2)])
                for fields, spot, at in things
            ]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(push, "BULK", together)
            told = phone.push(*batch)
        with app.app_context():
            assert trail.verify(db.session()) is None
            tables = [FieldEntry, Installation, InstallationEvent, Review, TrailLine]
            found.append((told, [_table(table_of(one)) for one in tables]))
            db.session.remove()
            db.engine.dispose()
    assert found[0] == found[1]
