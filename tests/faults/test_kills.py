"""Claims 1, 4 and 56: what was acknowledged survives the death of the server and of the database."""

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_migrate import upgrade

from app import create_app
from tests.conftest import environment
from tests.faults.ground import Ground, balance, close, lay
from tests.faults.load import Load
from tests.faults.service import serving
from tests.postgres import Cluster

WRITERS = 6


@pytest.mark.parametrize("kills", [5, pytest.param(50, marks=pytest.mark.soak)])
def test_a_killed_server_has_lost_nothing_that_it_acknowledged(
    migrated: Path, tmp_path: Path, kills: int
) -> None:
    shutil.copyfile(migrated, tmp_path / "test.db")
    ground = lay(f"sqlite:///{tmp_path / 'test.db'}", tmp_path, WRITERS)
    chance = random.Random(kills)
    with serving(ground.settings, tmp_path) as service, Load(ground, service.port) as load:
        for _turn in range(kills):
            load.wait_for(10)
            time.sleep(chance.random() * 0.2)
            service.kill()
            service.start()
        load.wait_for(10)
    _hold(ground, load, kills)


@pytest.fixture
def durable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that waits for its disk, and that nobody else uses."""
    running = Cluster.start(tmp_path_factory.mktemp("durable"), durable=True)
    try:
        yield running
    finally:
        running.stop()


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_a_killed_postgresql_has_lost_nothing_that_was_acknowledged(
    durable: Cluster, tmp_path: Path, kills: int
) -> None:
    url = durable.create("trucquan")
    with create_app(environment(url, tmp_path)).app_context():
        upgrade()
        close()
    ground = lay(url, tmp_path, WRITERS)
    chance = random.Random(kills)
    with serving(ground.settings, tmp_path) as service, Load(ground, service.port) as load:
        for _turn in range(kills):
            load.wait_for(10)
            time.sleep(chance.random() * 0.2)
            durable.kill()
            durable.again()
        load.wait_for(10)
    assert load.books.others.keys() <= {503}, "a dead database is 'busy, try again', nothing else"
    _hold(ground, load, 1)


def _hold(ground: Ground, load: Load, kills: int) -> None:
    # A refusal would mean that a repetition met its own change as somebody else's.
    assert load.books.others.keys() <= {503}, load.books.others
    assert max(load.books.acknowledged.values()) == 1
    found = balance(ground.app(), load.books.acknowledged)
    assert found["acknowledged"] >= 10 * kills
