"""The coverage engine at the size of the nation, beside its peers; `python -m tests.bench.nation`.

84,767 places, 1,000,000 things of 8 kinds with limits of 60 to 300 m (`flask maps bench-data`): how
many working things of each kind lie within its limit of each place. Everybody gets the same columns
of degrees and states, in memory, and answers with the same matrix; each runs in a process of its own
with one thread. CPU time is the figure (the machine is shared); the peak of memory is the process's,
interpreter and data included. "wrong" are cells that differ from pyproj's geodesics.

PostGIS gets a throw-away cluster with the data loaded and, for each kind, an index of its own; what is
timed is the backend that answers. The peers come with `make peers`; without them only ours is measured.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from maps.coverage.bench_data import KINDS, Size, make
from maps.coverage.cells import Degrees, counts_by_kind
from maps.coverage.counts import Counts
from maps.coverage.grid import chord_of, located
from tests.postgres import Cluster

SEED = 20210523
ROUNDS = 5
CHANGES = 50_000
PEERS = Path(__file__).parents[2] / ".venv-bench/bin/python"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
Columns = dict[str, np.ndarray]


def main() -> None:
    """Make the data, let everybody count, print the table."""
    world = make(Size.NATION, SEED)
    print(f"{len(world.ward):,} places × {len(world.kind):,} things × {len(KINDS)} kinds, seed {SEED}")
    print(f"sha256 of the data {world.sha256()[:16]}…")
    with tempfile.TemporaryDirectory(prefix="trucquan-bench-") as folder:
        data = Path(folder) / "nation.npz"
        np.savez(data, allow_pickle=False, **world.columns())
        del world
        names = ["ours", *(("scipy", "postgis") if PEERS.exists() else ())]
        truth = _answer("truth", data)[1] if PEERS.exists() else None
        if truth is None:
            print("the peers are missing: `make peers` sets them up")
        found = {name: _answer(name, data) for name in names}
        _table(found, truth)
        _changes(_answer("changes", data)[0])


def _answer(name: str, data: Path) -> tuple[dict[str, Any], np.ndarray]:
    """Let one of them count in a process of its own."""
    python = str(PEERS) if PEERS.exists() else sys.executable
    done = subprocess.run(
        [python, "-m", "tests.bench.nation", name, str(data)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **ONE_THREAD},
        cwd=Path(__file__).parents[2],
    )
    counts = data.with_name(f"{name}.npy")
    return json.loads(done.stdout.splitlines()[-1]), np.load(counts) if counts.exists() else np.zeros(0)


def _table(found: dict[str, tuple[dict[str, Any], np.ndarray]], truth: np.ndarray | None) -> None:
    ours = found["ours"][0]["cpu"]
    print(f"{'who':<44}{'cpu s':>9}{'× ours':>9}{'peak MB':>9}{'wrong':>8}")
    for figures, counts in found.values():
        wrong = "–" if truth is None else f"{int((counts != truth).sum())}"
        line = f"{figures['what']:<44}{figures['cpu']:>9.3f}{figures['cpu'] / ours:>9.1f}"
        print(f"{line}{figures['peak']:>9.0f}{wrong:>8}")
    if truth is not None:
        print(f"{truth.size:,} cells, {int(truth.sum()):,} things within their limits of a place")


def _changes(figures: dict[str, Any]) -> None:
    print(
        f"one change: median {figures['median']:.1f} µs, p99 {figures['p99']:.1f} µs, "
        f"cpu {figures['cpu']:.1f} µs; "
        f"{figures['cells']:.2f} cells touched; the index is built in {figures['build']:.2f} s cpu"
    )


# What runs in a process of its own


def worker(name: str, path: Path) -> None:
    """Count and print one line of figures; the matrix is written beside the data."""
    with np.load(path) as file:
        data: Columns = {column: file[column] for column in file.files}
    figures, counts = WORKERS[name](data)
    if counts is not None:
        np.save(path.with_name(f"{name}.npy"), counts)
    print(json.dumps({"peak": _peak_mb("self"), **figures}))


def _timed(what: str, work: Callable[[], np.ndarray]) -> tuple[dict[str, Any], np.ndarray]:
    counts = work()
    seconds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return {"what": what, "cpu": statistics.median(seconds)}, counts


def ours(data: Columns) -> tuple[dict[str, Any], np.ndarray]:
    """Cells of degrees, NumPy only."""

    def count() -> np.ndarray:
        works = data["state"] == 0
        things = Degrees(data["thing_lat"][works], data["thing_lon"][works])
        points = Degrees(data["place_lat"], data["place_lon"])
        return counts_by_kind(points, things, data["kind"][works], data["radius_m"])

    return _timed("Trực Quan, counts_by_kind (NumPy)", count)


def peer_scipy(data: Columns) -> tuple[dict[str, Any], np.ndarray]:
    """A tree a kind over ECEF coordinates, balls of the limit's chord."""
    from scipy.spatial import cKDTree

    def count() -> np.ndarray:
        works = data["state"] == 0
        points = located(data["place_lat"], data["place_lon"]).xyz
        things = located(data["thing_lat"][works], data["thing_lon"][works]).xyz
        kind = data["kind"][works]
        columns = [
            cKDTree(things[kind == number]).query_ball_point(
                points, float(chord_of(limit)), return_length=True
            )
            for number, limit in enumerate(data["radius_m"].tolist())
        ]
        return np.column_stack(columns).astype(np.int32)

    return _timed("SciPy, cKDTree on ECEF chords", count)


def truth(data: Columns) -> tuple[dict[str, Any], np.ndarray]:
    """pyproj's geodesics on every pair that a generous ball finds."""
    from pyproj import Geod
    from scipy.spatial import cKDTree

    ellipsoid, works = Geod(ellps="WGS84"), data["state"] == 0
    points = located(data["place_lat"], data["place_lon"]).xyz
    lat, lon, kind = data["thing_lat"][works], data["thing_lon"][works], data["kind"][works]
    counts = np.zeros((len(points), len(data["radius_m"])), np.int32)
    for number, limit in enumerate(data["radius_m"].tolist()):
        those = np.flatnonzero(kind == number)
        tree = cKDTree(located(lat[those], lon[those]).xyz)
        near = tree.query_ball_point(points, limit + 1.0)
        point = np.repeat(np.arange(len(points)), [len(one) for one in near])
        thing = those[np.concatenate([np.array(one, dtype=np.int64) for one in near])]
        metres = ellipsoid.inv(data["place_lon"][point], data["place_lat"][point], lon[thing], lat[thing])[2]
        counts[:, number] = np.bincount(point[metres <= limit + 1e-6], minlength=len(points))
    return {"what": "truth", "cpu": 0.0}, counts


def peer_postgis(data: Columns) -> tuple[dict[str, Any], np.ndarray]:
    """ST_DWithin on geography; the CPU time and memory are the backend's."""
    import psycopg

    cluster = Cluster.start(Path(tempfile.gettempdir()))
    try:
        address = cluster.create("nation").replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address, autocommit=True) as connection:
            _load(connection, data)
            backend = connection.info.backend_pid
            _ask(connection, data)
            begun = _cpu(backend)
            counts = _ask(connection, data)
            seconds = _cpu(backend) - begun
            peak = _peak_mb(backend)
    finally:
        cluster.stop()
    return {"what": "PostGIS, ST_DWithin on geography", "cpu": seconds, "peak": peak}, counts


def _load(connection: Any, data: Columns) -> None:
    run = connection.execute
    run("CREATE EXTENSION postgis")
    run("SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '256MB'")
    run("SET maintenance_work_mem = '512MB'")
    run("CREATE TABLE place (id int, at geography(Point, 4326))")
    run("CREATE TABLE thing (kind int, works bool, at geography(Point, 4326))")
    with connection.cursor() as cursor:
        with cursor.copy("COPY place FROM STDIN") as copy:
            for place, (lon, lat) in enumerate(zip(data["place_lon"], data["place_lat"], strict=True)):
                copy.write(f"{place}\tSRID=4326;POINT({lon:.7f} {lat:.7f})\n")
        with cursor.copy("COPY thing FROM STDIN") as copy:
            rows = zip(data["kind"], data["state"] == 0, data["thing_lon"], data["thing_lat"], strict=True)
            for kind, works, lon, lat in rows:
                copy.write(f"{kind}\t{'t' if works else 'f'}\tSRID=4326;POINT({lon:.7f} {lat:.7f})\n")
    for number in range(len(data["radius_m"])):
        run(f"CREATE INDEX ON thing USING gist (at) WHERE works AND kind = {number}")
    run("CREATE INDEX ON place USING gist (at)")
    run("VACUUM ANALYZE")


def _ask(connection: Any, data: Columns) -> np.ndarray:
    counts = np.zeros((len(data["place_lat"]), len(data["radius_m"])), np.int32)
    for number, limit in enumerate(data["radius_m"].tolist()):
        # Numbers of our own, written out: only then does the planner know the index of the kind.
        where = f"thing.works AND thing.kind = {number} AND ST_DWithin(place.at, thing.at, {limit})"
        question = f"SELECT place.id, count(*) FROM place JOIN thing ON {where} GROUP BY place.id"  # noqa: S608
        rows = connection.execute(question).fetchall()
        for place, count in rows:
            counts[place, number] = count
    return counts


def _peak_mb(process: int | str) -> float:
    """The most memory a process has had; getrusage would tell a parent's from before the exec."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _cpu(process: int) -> float:
    words = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def changes(data: Columns) -> tuple[dict[str, Any], None]:
    """Single things that begin and cease to work."""
    works = data["state"] == 0
    things = Degrees(data["thing_lat"][works], data["thing_lon"][works])
    begun = time.process_time()
    index = Counts(
        Degrees(data["place_lat"], data["place_lon"]), things, data["kind"][works], data["radius_m"]
    )
    build = time.process_time() - begun
    chosen = np.random.default_rng(1).integers(0, len(works), CHANGES)
    columns = (data["kind"], data["thing_lat"], data["thing_lon"], np.where(works, -1, 1))
    asked = list(zip(*(column[chosen].tolist() for column in columns), strict=True))
    times, cells, cpu = [], 0, time.process_time()
    for kind, lat, lon, by in asked:
        before = time.perf_counter_ns()
        cells += len(index.change(kind, lat, lon, by))
        times.append((time.perf_counter_ns() - before) / 1e3)
    cpu = (time.process_time() - cpu) / CHANGES * 1e6
    times.sort()
    median, p99 = times[CHANGES // 2], times[CHANGES * 99 // 100]
    return {"median": median, "p99": p99, "cpu": cpu, "cells": cells / CHANGES, "build": build}, None


WORKERS: dict[str, Callable[[Columns], tuple[dict[str, Any], np.ndarray | None]]] = {
    "ours": ours,
    "scipy": peer_scipy,
    "postgis": peer_postgis,
    "truth": truth,
    "changes": changes,
}

if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in WORKERS:
        worker(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
