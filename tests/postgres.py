"""A PostgreSQL cluster of the tests' own: started on a free loopback port, stopped at the end."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

HOW = "PostgreSQL's server is missing; type: apt-get install -y postgresql"


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not found:
        raise RuntimeError(HOW)
    return found[-1].parent


def _as_postgres(*command: str) -> list[str]:
    # PostgreSQL refuses to run as root; elsewhere the tests' own user owns the cluster.
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


def _children(parent: int) -> list[int]:
    """The processes that a process started, and theirs."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [number for child in map(int, found) for number in (child, *_children(child))]


@dataclass
class Cluster:
    """A running cluster."""

    folder: Path
    port: int
    binaries: Path
    durable: bool = False

    @classmethod
    def start(cls, _unused: Path, durable: bool = False) -> "Cluster":
        """Make and start a cluster; its folder must be reachable for the postgres user.

        `durable` waits for the disk as a real one does; other tests do not need that.
        """
        binaries = _binaries()
        folder = Path(tempfile.mkdtemp(prefix="trucquan-pg-"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        cls._run(str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-N")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        running = cls(folder, port, binaries, durable)
        running.again()
        return running

    def again(self) -> None:
        """Start it, again after a kill; waits until it answers."""
        fsync = "on" if self.durable else "off"
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync={fsync} "
            "-c max_connections=200 -c shared_buffers=64MB"
        )
        self._control("-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def kill(self) -> None:
        """SIGKILL the postmaster and every process that it started, all at once."""
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        everybody = (postmaster, *_children(postmaster))
        for number in everybody:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        # A new postmaster refuses to start while a process of the old one is still listed.
        while any(Path(f"/proc/{number}").exists() for number in everybody):
            time.sleep(0.01)

    def _control(self, *words: str) -> None:
        self._run(str(self.binaries / "pg_ctl"), "-D", str(self.folder / "data"), *words)

    @staticmethod
    def _run(*command: str) -> None:
        subprocess.run(_as_postgres(*command), check=True, capture_output=True, cwd="/")

    def _sql(self, statement: str) -> None:
        self._run(
            str(self.binaries / "psql"),
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "postgres",
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            statement,
        )

    def create(self, name: str) -> str:
        """Create an empty database and return its address."""
        self._sql(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def copy(self, template: str) -> str:
        """Create a database from a template and return its address."""
        name = f"t{uuid4().hex[:12]}"
        self._sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def url(self, name: str) -> str:
        """The address of a database of this cluster."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """Stop the cluster that start() started, and remove its folder."""
        self._control("-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
