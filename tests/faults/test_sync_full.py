"""Claim 18 for pushes: a full disk loses nothing that was acknowledged and stores no half of a batch."""

import shutil
from pathlib import Path

from sqlalchemy import select, text

from inventory import trail
from inventory.database import db
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation
from tests.faults.ground import lay
from tests.faults.test_full_disk import Lid
from tests.web.pushing import Phone


def test_a_full_disk_takes_whole_batches_or_none_and_goes_on_when_there_is_room(
    migrated: Path, tmp_path: Path
) -> None:
    shutil.copyfile(migrated, tmp_path / "test.db")
    ground = lay(f"sqlite:///{tmp_path / 'test.db'}", tmp_path, 0)
    app = ground.app()
    phone = Phone.of(app, ground.city)
    acknowledged: set[str] = set()
    turned_away = []
    with Lid(app, extra=60):
        for _turn in range(30):
            batch = [phone.record(fields={"note": "x" * 900}) for _ in range(10)]
            answer = phone.send(*batch)
            if answer.status_code == 201:
                acknowledged |= {one["id"] for one in answer.get_json()["answers"]}
                continue
            assert answer.status_code == 507
            assert (answer.get_json()["code"], answer.headers["X-Trucquan-Answer"]) == ("full", "1")
            assert int(answer.headers["Retry-After"]) > 0
            turned_away.append(batch)
            if len(turned_away) == 3:
                break
        assert acknowledged
        assert len(turned_away) == 3
    with app.app_context():
        db.engine.dispose()  # there is room again, and nobody restarts the service
        assert set(db.session.scalars(select(FieldEntry.id))) == acknowledged
        db.session.remove()
    for batch in turned_away:
        assert {one["outcome"] for one in phone.push(*batch)} == {"stored"}
        acknowledged |= {one["id"] for one in batch}
    with app.app_context():
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert set(db.session.scalars(select(Installation.entry_id))) == acknowledged
        assert trail.verify(db.session()) is None
        db.session.remove()
        db.engine.dispose()
