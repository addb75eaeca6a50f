"""Lighthouse on the field app, as `make lighthouse`: five runs, the median of each score, against the aims.

The service runs on loopback with the test city on gunicorn, as it is installed; Chromium is Debian's. Exit
code 1 names the score that is under its aim.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

from flask_migrate import upgrade

from app import create_app
from inventory.database import db
from tests.city import build

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RUNS = int(os.environ.get("RUNS", "5"))
AIMS = {"performance": 95, "accessibility": 100, "best-practices": 100}
READY_S = 60


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


def _serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    environment = {"TRUCQUAN_DATA": str(folder)}
    service = create_app(environment)
    with service.app_context():
        upgrade(directory=str(ROOT / "inventory/migrations"))
        build()
        db.session.remove()
        db.engine.dispose()
    return subprocess.Popen(
        [str(Path(sys.executable).parent / "gunicorn"), "app:create_app()"],
        cwd=ROOT,
        env={**os.environ, **environment, "PORT": str(port)},
        stderr=subprocess.DEVNULL,
    )


def _wait(address: str) -> None:
    ends = time.monotonic() + READY_S
    while time.monotonic() < ends:
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own loopback
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the service does not answer")


def _scores(address: str, folder: Path, number: int) -> dict[str, float]:
    report = folder / f"run-{number}.json"
    flags = "--chrome-flags=--headless=new --no-sandbox"
    categories = f"--only-categories={','.join(AIMS)}"
    subprocess.run(
        [str(HERE / "node_modules/.bin/lighthouse"), address, "--quiet", "--output=json",
         f"--output-path={report}", categories, flags],
        check=True, env={**os.environ, "CHROME_PATH": "/usr/bin/chromium"},
    )  # fmt: skip
    told = json.loads(report.read_text(encoding="utf-8"))
    for audit in told["audits"].values():
        if number == 0 and audit["score"] is not None and audit["score"] < 0.9:
            print(f"  {audit['id']}: {audit['score']} {audit.get('displayValue', '')}")
    return {name: 100 * told["categories"][name]["score"] for name in AIMS}


def main() -> int:
    """Measure and print; 1 when a median is under its aim."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = _serve(folder, port)
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            runs = [_scores(f"http://127.0.0.1:{port}/field/", folder, number) for number in range(RUNS)]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
    worst = 0
    for name, aim in AIMS.items():
        found = [run[name] for run in runs]
        print(f"{name:16} median {median(found):5.1f}  of {[round(one) for one in found]}  aim ≥ {aim}")
        worst |= median(found) < aim
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
