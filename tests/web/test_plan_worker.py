"""The worker as a real process: it makes what waits; one killed half-way is told, and the next goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from inventory.database import db
from inventory.identity import new_id
from inventory.outcomes import Done
from inventory.receipts import entry_of
from maps import jobs
from maps.keeper import APP
from maps.plan import actions, queries
from maps.plan.ask import Ask
from maps.plan.status import Status
from tests.city import City
from tests.conftest import environment
from tests.web.furnished import acting
from tests.web.test_investment import counted

__all__ = ["counted"]
#: A plan on the small city takes a moment; a loaded machine takes longer.
PATIENCE_S = 120.0


@contextmanager
def worker(settings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """`flask maps worker`, ended at the end whatever happens."""
    command = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        str(APP),
        "maps",
        "worker",
        "--parent",
        str(os.getpid()),
    ]
    process = subprocess.Popen(command, env={**os.environ, **settings}, cwd=APP.parent)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(true: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < PATIENCE_S
        time.sleep(0.1)


def asked(app: Flask, city: City) -> int:
    with app.app_context():
        actor, campaign = acting(city.people["culture_office"])
        outcome = actions.ask_for(actor, campaign, Ask(budget=30_000_000), entry_of(new_id(), {}))
        assert isinstance(outcome, Done)
        db.session.commit()
        return int(outcome.subject)


def status(app: Flask, city: City, plan_id: int) -> Status:
    with app.app_context():
        actor, campaign = acting(city.people["culture_office"])
        db.session.commit()
        return queries.one(actor, campaign, plan_id).status


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_makes_what_waits_and_survives_a_kill(
    app: Flask, counted: City, database_url: str, tmp_path: Path
) -> None:
    settings = environment(database_url, tmp_path)
    first = asked(app, counted)
    with worker(settings) as process:
        until(lambda: status(app, counted, first) is Status.DONE)
        second = asked(app, counted)
        with app.app_context():
            jobs.queue(app).plan(second)
        until(lambda: status(app, counted, second) is not Status.WAITING)
        process.send_signal(signal.SIGKILL)
        process.wait()
    # Killed while it ran, or just after it was done: never in between.
    half_way = status(app, counted, second)
    assert half_way in (Status.RUNNING, Status.DONE)
    third = asked(app, counted)
    with worker(settings):
        until(lambda: status(app, counted, third) is Status.DONE)
    ended = status(app, counted, second)
    assert ended is (Status.INTERRUPTED if half_way is Status.RUNNING else Status.DONE)
    assert status(app, counted, first) is Status.DONE


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_makes_a_plan_and_its_file(app: Flask, counted: City, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    out = tmp_path / "plan.xlsx"
    told = runner.invoke(args=["maps", "plan", "--budget", "30 triệu", "--name", "Thử", "--out", str(out)])
    assert told.exit_code == 0, told.output
    assert "đếm lại độc lập: khớp" in told.output
    assert out.read_bytes()[:2] == b"PK"
    machine = runner.invoke(args=["maps", "plan", "--budget", "30000000", "--json"])
    said = json.loads(machine.stdout)
    assert (said["status"], said["recounted"], said["total"] <= 30_000_000) == ("done", True, True)
    collided = runner.invoke(args=["maps", "plan", "--budget", "100000", "--ward-min-met", "3"])
    assert collided.exit_code == 3
    assert "Không thể giữ cùng lúc" in collided.output
    for wrong in (["--budget", "0"], ["--budget", "NaN"], ["--budget", "5", "--out", "plan.pdf"]):
        refused = runner.invoke(args=["maps", "plan", *wrong])
        assert refused.exit_code != 0
        assert "Traceback" not in refused.output
