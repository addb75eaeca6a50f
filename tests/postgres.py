"""A PostgreSQL cluster of the tests' own: started on a free loopback port, stopped at the end."""

import os
import shutil
import socket
import subprocess
import tempfile
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


@dataclass
class Cluster:
    """A running cluster."""

    folder: Path
    port: int
    binaries: Path

    @classmethod
    def start(cls, _unused: Path) -> "Cluster":
        """Make and start a cluster; its folder must be reachable for the postgres user."""
        binaries = _binaries()
        folder = Path(tempfile.mkdtemp(prefix="trucquan-pg-"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        cls._run(str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-N")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        options = (
            f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200 "
            "-c shared_buffers=64MB"
        )
        log = str(folder / "log")
        cls._run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", log, "-o", options, "start")
        return cls(folder, port, binaries)

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
        self._run(str(self.binaries / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
