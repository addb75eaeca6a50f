"""Push throughput over HTTP: a real gunicorn; new installations alone and in batches of 100, and visits.

    python -m tests.bench.push [--quick] [--stored N]

Entries/s are acknowledged ones (after the commit), CPU ms an entry is that of all of the service's processes
(and of PostgreSQL's), which other work on the machine disturbs less than the clock. Beside it in the same
run: a bare Flask + SQLite stub (push_stub.py). ODK Central's figures are quoted, not measured here.
"""

import argparse
import hashlib
import json
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any

from flask_migrate import upgrade

from app import create_app
from inventory.database import db
from inventory.identity import new_id
from tests.bench.push_ground import fill, picture
from tests.bench.push_processes import cpu_of, stub
from tests.bench.push_visits import first_visits, more_places
from tests.city import City
from tests.conftest import environment
from tests.faults.ground import Ground, lay
from tests.faults.service import Service
from tests.postgres import Cluster

CENTRAL = (
    "ODK Central (shared/measurements.md, same class of machine): 15.6 to 20 ms of CPU a submission"
    " without a photo, 22 to 31 ms with one of 200 kB"
)


@dataclass(frozen=True)
class Load:
    """What is sent: so many clients, pushes each, entries in each push."""

    clients: int
    pushes: int
    entries: int
    photos: bool = False
    visits: bool = False


@dataclass(frozen=True)
class Measured:
    """Entries a second, CPU ms an entry, and the push's median and 99th percentile in ms."""

    rate: float
    cpu: float
    median: float
    worst: float


def record(city: City, random: Random) -> dict[str, str]:
    """One entry as the app makes it."""
    fix = {"lat": 20.96 + random.uniform(-0.01, 0.01), "lon": 107.02, "accuracy_m": 7.5, "age_s": 0.4}
    fields = {"kind_code": "BANNER_H", "zone": "gate", "condition": "good", "slogan_id": city.slogan}
    return _entry(
        "record",
        installation=new_id(),
        area=city.ward_a,
        place=city.places_a[0],
        fields={**fields, "width_m": 6.0, "height_m": 0.8, "azimuth": 90, "note": "treo ngang cổng"},
        position={"fix": fix, "tap": None, "reason": ""},
        near=[],
    )


def _entry(act: str, **body: Any) -> dict[str, str]:
    told = {"act": act, "campaign": "thu-2021", "made_at": "2026-11-25T08:00:00.000Z", **body}
    text = json.dumps(told, ensure_ascii=False)
    return {"id": new_id(), "sha256": hashlib.sha256(text.encode()).hexdigest(), "body": text}


def with_photo(city: City, random: Random) -> tuple[list[dict[str, str]], str, bytes]:
    """A record, the entry of its photo, the photo's id and its bytes."""
    one, data, photo = record(city, random), picture(random), new_id()
    told = _entry(
        "photo",
        photo=photo,
        of={"installation": json.loads(one["body"])["installation"]},
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        role="overview",
        name="anh.jpg",
        origin="camera",
        reason="",
    )
    return [one, told], photo, data


class Client(threading.Thread):
    """One phone on one connection that is kept open."""

    def __init__(self, port: int, ground: Ground, load: Load, gate: threading.Barrier, seed: int) -> None:
        super().__init__(daemon=True)
        self.port, self.cookie, self.load, self.gate = port, ground.cookies["ward_staff"], load, gate
        self.times: list[float] = []
        person, random = ground.city.people["ward_staff"], Random(seed)
        self.work: list[tuple[bytes, str, bytes]] = []
        for _turn in range(load.pushes):
            photo, data = "", b""
            if load.visits:
                entries = first_visits(ground.city, [ground.city.places_a.pop() for _ in range(10)])
            else:
                entries = [record(ground.city, random) for _ in range(load.entries)]
            if load.photos:
                entries, photo, data = with_photo(ground.city, random)
            told = {"format": 1, "device": new_id(), "person": person, "app": "bench", "entries": entries}
            self.work.append((json.dumps(told).encode(), photo, data))

    def run(self) -> None:
        """Send everything; every answer must say stored."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.gate.wait()
        for body, photo, data in self.work:
            began = time.perf_counter()
            told = self._ask(line, "POST", "/field/push", body, {"Content-Type": "application/json"})
            assert b'"outcome":"refused"' not in told.replace(b" ", b""), told[:400]
            self.times.append(time.perf_counter() - began)
            if photo:
                part = {"X-Part-SHA256": hashlib.sha256(data).hexdigest()}
                address = f"/field/photos/{photo}?offset=0"
                self._ask(line, "PUT", address, data, {**part, "Content-Type": "application/octet-stream"})
        line.close()

    def _ask(
        self, line: HTTPConnection, method: str, address: str, body: bytes, more: dict[str, str]
    ) -> bytes:
        headers = {"Cookie": self.cookie, "X-Trucquan-Field": "bench", **more}
        line.request(method, address, body, headers)
        answer = line.getresponse()
        told = answer.read()
        assert answer.status in {200, 201, 202}, (answer.status, told[:400])
        return told


def measure(port: int, ground: Ground, load: Load, processes: list[int]) -> Measured:
    """Send a load and take the figures."""
    gate = threading.Barrier(load.clients + 1)
    clients = [Client(port, ground, load, gate, seed) for seed in range(load.clients)]
    for client in clients:
        client.start()
    spent = sum(map(cpu_of, processes))
    gate.wait()
    began = time.perf_counter()
    for client in clients:
        client.join()
    seconds = time.perf_counter() - began
    spent = sum(map(cpu_of, processes)) - spent
    times = sorted(one * 1000 for client in clients for one in client.times)
    count = load.clients * load.pushes * load.entries
    assert len(times) == load.clients * load.pushes, "a client failed"
    worst = times[min(len(times) - 1, int(len(times) * 0.99))]
    return Measured(count / seconds, spent / count * 1000, statistics.median(times), worst)


def loads(quick: bool) -> list[tuple[str, Load]]:
    """What is measured, by name."""
    few = 8 if quick else 1
    singles, hundreds = ([1, 16], [1, 8]) if quick else ([1, 8, 16, 32], [1, 8, 16, 32])
    visits, photos = ([1, 8], [1]) if quick else ([1, 8, 16], [1, 8])
    found = [(f"single, {n:2} clients", Load(n, max(3, 240 // n // few), 1)) for n in singles]
    found += [(f"100s,   {n:2} clients", Load(n, max(2, 64 // n // few), 100)) for n in hundreds]
    found += [(f"visits, {n:2} clients", Load(n, max(2, 32 // n // few), 100, visits=True)) for n in visits]
    found += [(f"200 kB photo, {n:2} clients", Load(n, max(2, 48 // n // few), 1, True)) for n in photos]
    return found


def table(
    title: str, port: int, ground: Ground, processes: list[int], quick: bool, photos: bool = True
) -> None:
    """Measure every load at one service and print its lines."""
    print(f"\n{title}\n{'':28}{'entries/s':>10}{'CPU ms/entry':>14}{'p50 ms':>9}{'p99 ms':>9}", flush=True)
    measure(port, ground, Load(2, 3, 20), processes)  # warm
    for name, load in loads(quick):
        if (load.photos or load.visits) and not photos:
            continue
        one = measure(port, ground, load, processes)
        print(f"{name:28}{one.rate:10.0f}{one.cpu:14.2f}{one.median:9.1f}{one.worst:9.1f}", flush=True)


def ours(kind: str, stored: int, quick: bool) -> None:
    """Measure the service on one database with so many installations in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cluster = Cluster.start(folder, durable=True) if kind == "PostgreSQL" else None
        try:
            url = cluster.create("bench") if cluster else f"sqlite:///{folder / 'bench.db'}"
            app = create_app(environment(url, folder))
            with app.app_context():
                upgrade()
                db.session.remove()
            ground = lay(url, folder, 1)
            with app.app_context():
                ground.city.places_a += more_places(ground.city, 1300)
                db.session.remove()
            if stored:
                fill(ground, stored)
            service = Service(ground.settings, folder)
            service.start()
            assert service.process is not None
            processes = [service.process.pid, *([_postmaster(cluster)] if cluster else [])]
            try:
                table(f"{kind}, {stored:,} installations stored", service.port, ground, processes, quick)
            finally:
                service.kill()
        finally:
            if cluster:
                cluster.stop()


def _postmaster(cluster: Cluster) -> int:
    return int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])


def main() -> None:
    """Print every table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true", help="fewer pushes and loads")
    asked.add_argument("--stored", type=int, default=1_000_000, help="installations of the fuller databases")
    chosen = asked.parse_known_args()[0]
    quick = chosen.quick
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ground = Ground(
            {}, City(ward_a=1, places_a=[1], people={"ward_staff": 1}), cookies={"ward_staff": ""}
        )
        with stub(folder) as (port, process):
            table("bare Flask + SQLite stub", port, ground, [process], quick, photos=False)
    for kind in ("SQLite", "PostgreSQL"):
        for stored in (0, chosen.stored):
            ours(kind, stored, quick)
    print(f"\n{CENTRAL}")


if __name__ == "__main__":
    main()
