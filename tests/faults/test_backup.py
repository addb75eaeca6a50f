"""Claim 20: a backup that is taken while everybody writes holds a moment of the books, photos with it."""

from collections import Counter
from pathlib import Path

import pytest

from app import create_app
from inventory.care import actions
from inventory.settings import Settings, read
from tests.conftest import environment
from tests.faults.ground import balance, close, lay
from tests.faults.load import Load
from tests.faults.service import serving


@pytest.mark.parametrize("entries", [40, pytest.param(2000, marks=pytest.mark.soak)])
def test_a_backup_under_load_restores_to_books_that_balance(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest, entries: int
) -> None:
    ground = lay(database_url, tmp_path, 4)
    with serving(ground.settings, tmp_path) as service, Load(ground, service.port) as load:
        load.wait_for(entries, seconds=entries)
        before = Counter(load.books.acknowledged)
        app = ground.app()
        with app.app_context():
            made = actions.make(read(ground.settings), tmp_path / "backups")
            close()
        load.wait_for(10)  # nobody had to stop for it
        later = Counter(load.books.acknowledged)
    elsewhere = _elsewhere(database_url, tmp_path, request)
    app = create_app(environment(elsewhere.database, elsewhere.data))
    with app.app_context():
        actions.restore(elsewhere, made)
        close()
    # Every entry that was acknowledged before it began is in it, with its event, line and photos.
    found = balance(app, before)
    assert found["receipts"] <= len(later) + len(ground.things)


def _elsewhere(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if "sqlite" in database_url:
        return read(environment(f"sqlite:///{folder / 'test.db'}", folder))
    fresh = request.getfixturevalue("cluster").copy("template_trucquan")
    return read(environment(fresh, folder))
