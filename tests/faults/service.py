"""A real gunicorn in a process group of its own, on a free loopback port, that can be killed whole."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUNICORN = Path(sys.executable).with_name("gunicorn")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Service:
    """The service as `make run` starts it; what it prints goes to `log`."""

    def __init__(self, settings: Mapping[str, str], folder: Path, port: int | None = None) -> None:
        self.settings, self.port, self.log = dict(settings), port or free_port(), folder / "gunicorn.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start all processes and wait until one answers."""
        environment = {**os.environ, **self.settings, "PORT": str(self.port)}
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [str(GUNICORN), "app:create_app()"],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        until = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether a process answers now."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        except OSError:
            return False
        finally:
            line.close()

    def kill(self) -> None:
        """SIGKILL every process of the group at once: nobody gets to say goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator does."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(30)
        self.process = None


@contextmanager
def serving(settings: Mapping[str, str], folder: Path) -> Iterator[Service]:
    """The service, running for the block."""
    service = Service(settings, folder)
    service.start()
    try:
        yield service
    finally:
        service.kill()
