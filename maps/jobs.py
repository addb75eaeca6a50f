"""The job queue: Huey with its own SQLite file beside the database, one worker process, ids only.

What is asked for is a row of our own table; the queue only says "look at plan 12". So nothing is
lost with the queue: a worker that starts asks the table what still waits, and once a minute again.
The file holds pickled ids and is writable by this service alone (it lies in the data folder).
"""

import logging
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from flask import Flask, after_this_request, current_app
from flask.wrappers import Response

from maps.plan import job

_log = logging.getLogger("trucquan")

FILE, LOCK = "jobs.db", "jobs.lock"
#: How often a worker looks whether its parent still lives, and whether a second worker left the lock.
LOOK_S = 1.0


def queue(app: Flask) -> Any:
    """The queue of an app: made when it is first needed, because Huey is no concern of a start."""
    if "jobs" not in app.extensions:
        from huey import SqliteHuey, crontab  # type: ignore[import-untyped]

        huey = SqliteHuey("trucquan", filename=str(_folder(app) / FILE), timeout=20.0)

        @huey.task(name="plan")  # type: ignore[untyped-decorator]
        def plan(plan_id: int) -> None:
            with app.app_context():
                job.carry_out(plan_id)

        @huey.periodic_task(crontab(minute="*"), name="left_waiting")  # type: ignore[untyped-decorator]
        def left_waiting() -> None:
            with app.app_context():
                _take_up(app)

        app.extensions["jobs"] = huey
        huey.plan = plan
    return app.extensions["jobs"]


def soon(plan_id: int) -> None:
    """Put a plan into the queue once this request has committed it."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    @after_this_request
    def _enqueue(response: Response) -> Response:
        try:
            queue(app).plan(plan_id)
        except Exception:  # The row waits all the same: the worker asks the table once a minute.
            _log.exception("plan %s could not be queued", plan_id)
        return response


def work(app: Flask, parent: int | None = None) -> None:
    """Be the worker until told to stop, or until the parent process is gone. Only one works at a time."""
    with (_folder(app) / LOCK).open("a") as held:
        if not _alone(held, parent):
            return
        with app.app_context():
            stopped = job.mark_interrupted()
            if stopped:
                _log.warning("%s plans were interrupted", stopped)
            _take_up(app)
        consumer = queue(app).create_consumer(workers=1, periodic=True, check_worker_health=True)
        if parent is not None:
            threading.Thread(target=_follow, args=(parent,), daemon=True).start()
        consumer.run()


def _take_up(app: Flask) -> None:
    for plan_id in job.waiting():
        queue(app).plan(plan_id)


def _alone(held: Any, parent: int | None) -> bool:
    """Wait for the lock of the one worker; False when the parent goes meanwhile."""
    import fcntl  # not on Windows, where the server may still start

    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if parent is not None and os.getppid() != parent:
                return False
            time.sleep(LOOK_S)
            continue
        return True


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)


def _folder(app: Flask) -> Path:
    data: Path = app.config["SETTINGS"].data
    return data
