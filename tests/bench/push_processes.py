"""Processes of the push bench: what they spend, and the bare stub beside the service."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.faults.service import GUNICORN, ROOT, free_port

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(root: int) -> float:
    """CPU seconds of a process and of everything it started."""
    total = 0.0
    for number in [root, *_children(root)]:
        try:
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def _children(parent: int) -> list[int]:
    found: list[int] = []
    for tasks in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in map(int, tasks.read_text().split()):
            found += [child, *_children(child)]
    return found


@contextmanager
def stub(folder: Path) -> Iterator[tuple[int, int]]:
    """The bare service: its port and process."""
    port = free_port()
    command = [
        str(GUNICORN),
        "-b",
        f"127.0.0.1:{port}",
        "--threads",
        "8",
        "tests.bench.push_stub:create_stub()",
    ]
    with (folder / "stub.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env={**os.environ, "STUB_DATABASE": str(folder / "stub.db")},
        )
    try:
        for _turn in range(200):
            try:
                HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/")
                break
            except OSError:
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)
