"""Keeps the worker of maps/jobs.py running beside a server; loads nothing of the service itself."""

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

_log = logging.getLogger("trucquan")

#: The file whose factory makes the worker's app too.
APP = Path(__file__).parents[1] / "app.py"
#: Seconds before a worker that died is started again, so that one that cannot start does not spin.
PAUSE_S = 2.0
#: How often it is looked whether the worker still lives.
LOOK_S = 1.0


class Keeper:
    """Keeps a worker process running beside a server: starts it again when it dies, ends it at the end."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Begin; the server goes on at once.

        The first worker is begun before this returns: a server that forks while another thread is
        inside Popen would give its child the pipe on which Popen waits.
        """
        self._begin()
        self._thread.start()

    def stop(self) -> None:
        """End the worker; a plan it was making is marked interrupted at the next start."""
        self._ending.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _begin(self) -> None:
        program = [sys.executable, "-m", "flask", "--app", str(APP)]
        command = [*program, "maps", "worker", "--parent", str(os.getpid())]
        try:
            self._process = subprocess.Popen(command)  # noqa: S603 -- our own program
        except OSError:
            _log.exception("the worker could not be started")

    def _keep(self) -> None:
        while not self._ending.is_set():
            # Looked at again and again, not waited for: the server reaps all its children itself.
            while self._process is not None and self._process.poll() is None:
                if self._ending.wait(LOOK_S):
                    return
            if not self._ending.wait(PAUSE_S):
                self._begin()
