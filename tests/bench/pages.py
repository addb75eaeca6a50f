"""Pages and files at city and province size: server time, CPU, queries, bytes gzipped."""

import gzip
import statistics
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import event

from inventory.campaigns import current
from inventory.database import db
from inventory.outcomes import Done
from maps.coverage import actions
from tests.bench.world import CITY, PROVINCE, Size, World, build
from tests.client import Visitor

ROUNDS = 5
#: (what, role, address, aim at city size in seconds)
PAGES = (
    ("places", "culture_office", "/places", 0.1),
    ("place", "culture_office", "/places/{place}", 0.1),
    ("survey form", "culture_office", "/places/{place}/survey", 0.1),
    ("review queue", "culture_office", "/reviews", 0.1),
    ("coverage", "culture_office", "/coverage", 0.1),
    ("map page", "leader", "/map", 0.5),
    ("map places", "leader", "/map/places.json", 0.5),
    ("map installations", "leader", "/map/installations.json", 0.5),
    ("investment", "leader", "/investment", 0.1),
    ("investment.xlsx", "leader", "/investment.xlsx", 1.0),
    ("investment.csv", "leader", "/investment.csv", 1.0),
    ("leader's home", "leader", "/", 0.1),
    ("trail", "auditor", "/trail", 0.1),
    ("people", "admin", "/people", 0.1),
)


def measure(world: World, role: str, address: str) -> tuple[float, float, int, int]:
    """(wall s, CPU s, SELECTs, gzipped bytes): medians of warm rounds."""
    visitor = Visitor.signed_in(world.app, world.people[role])
    asked: list[str] = []
    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    walls, cpus, counts, size = [], [], [], 0
    for turn in range(ROUNDS + 1):
        asked.clear()
        wall, cpu = perf_counter(), process_time()
        answer = visitor.client.get(address.format(place=world.place, ward=world.ward))
        body = answer.get_data()
        if turn:
            walls.append(perf_counter() - wall)
            cpus.append(process_time() - cpu)
            counts.append(sum(line.lstrip().startswith(("SELECT", "WITH")) for line in asked))
        assert answer.status_code == 200, (address, answer.status_code)
        size = len(gzip.compress(body, 6))
    return statistics.median(walls), statistics.median(cpus), max(counts), size


def run_gaps(world: World) -> tuple[float, float]:
    """Wall and CPU of one coverage run from button to stored rows, and the engine's own seconds."""
    with world.app.app_context():
        campaign = current(db.session())
        assert campaign is not None
        begun = process_time()
        assert isinstance(actions.run(None, campaign), Done)
        db.session.commit()
        spent = process_time() - begun
        seconds = float(db.session.execute(db.text("SELECT max(seconds) FROM coverage_run")).scalar() or 0)
    return spent, seconds


def table(size: Size) -> dict[str, tuple[float, float, int, int]]:
    """Measure every page at one size."""
    with tempfile.TemporaryDirectory() as folder:
        world = build(size, Path(folder))
        whole, engine = run_gaps(world)
        found = {what: measure(world, role, address) for what, role, address, _aim in PAGES}
        found["gap run, engine"] = (engine, engine, 0, 0)
        found["gap run, stored"] = (whole, whole, 0, 0)
        return found


def main() -> None:
    """Print the two sizes side by side."""
    small, large = table(CITY), table(PROVINCE)
    aims = {what: aim for what, _role, _address, aim in PAGES} | {"gap run, engine": 0.1}
    print(f"{'':22}{'city':>9}{'CPU':>9}{'queries':>9}{'kB gz':>8}{'aim':>8}   {'province':>9}{'ratio':>7}")
    for what, (wall, cpu, queries, size) in small.items():
        far = large[what]
        aim = f"{aims[what] * 1000:.0f} ms" if what in aims else ""
        print(
            f"{what:22}{wall * 1000:6.0f} ms{cpu * 1000:6.0f} ms{queries:9}{size / 1000:8.1f}{aim:>8}"
            f"   {far[0] * 1000:6.0f} ms{far[1] / cpu if cpu else 0:7.1f}"
        )
    print("ratio: province ÷ city in CPU; the data are five times as many")


if __name__ == "__main__":
    main()
