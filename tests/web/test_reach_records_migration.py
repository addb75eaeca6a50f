"""The tables of what people record for reach: going down refuses while it would lose any of it."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app import create_app
from inventory.database import db
from tests.conftest import environment

OURS = ("neighbourhood", "field_check", "requirement", "import_batch")
AREA = (
    "INSERT INTO area (id, code, kind, name, name_en, folded, valid_from, population_estimated, source,"
    " licence, version) VALUES (1, '1', 'xa', 'Xã', '', 'xa', '2020-01-01', false, '', '', 1)"
)
CAMPAIGN = (
    "INSERT INTO campaign (id, code, name, election_day, decoration_deadline, tree_date, root_area_id,"
    " synthetic, open, facts_version, version)"
    " VALUES (1, 'c', 'C', '2021-05-23', '2021-05-10', '2021-04-19', 1, true, true, 0, 1)"
)
NEIGHBOURHOOD = (
    "INSERT INTO neighbourhood (id, campaign_id, area_id, code, name, folded, source, licence, synthetic,"
    " version) VALUES (1, 1, 1, 'KP-01', 'Khu 1', 'khu 1', '', '', true, 1)"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    """A service whose database is at this migration."""
    if request.param == "postgresql":
        url = request.getfixturevalue("cluster").create("reach_records")
    else:
        url = f"sqlite:///{tmp_path / 'test.db'}"
    app = create_app(environment(url, tmp_path))
    with app.app_context():
        upgrade(revision="0002")
        db.session.remove()
    return app


def execute(*statements: str) -> None:
    for statement in statements:
        db.session.execute(text(statement))
    db.session.commit()
    db.session.remove()


def test_down_refuses_to_lose_rows_and_up_again_works(
    service: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with service.app_context():
        execute(AREA, CAMPAIGN, NEIGHBOURHOOD)
        with pytest.raises(SystemExit):  # how the command ends
            downgrade(revision="0001")
        assert "would lose what is in neighbourhood; nothing was changed" in caplog.text
        assert db.session.execute(text("SELECT name FROM neighbourhood")).scalar() == "Khu 1"
        execute("DELETE FROM neighbourhood")
        downgrade(revision="0001")
        upgrade(revision="0002")
        with db.engine.connect() as connection:
            told = compare_metadata(MigrationContext.configure(connection), db.metadata)
        assert [str(one) for one in told if any(f"'{name}'" in str(one) for name in OURS)] == []
        db.session.remove()
        db.engine.dispose()
