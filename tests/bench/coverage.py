"""How long a coverage run takes and how much memory it wants; `python -m tests.bench.coverage`.

City (300 places, 6,000 installations) and province (five times that) in one run, and beside them
what a general spatial index would take to find the same pairs: shapely's STRtree with `dwithin`
on UTM zone 48N. CPU time is the robust figure on a shared machine. The tree measures in the flat
grid, so a pair close to the limit may differ; the number of such pairs is printed.
"""

import gc
import math
import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from inventory.facts import Facts
from inventory.vocabulary import Figure
from maps.coverage.grid import Floats, Ints, Located, located, nearest, pairs_within
from maps.coverage.rules import gaps
from maps.coverage.summary import summarise_facts
from maps.coverage.things import standing_things, venue_points
from tests.worlds import city

SIZES = (("city", 300, 6_000), ("province", 1_500, 30_000))
LIMIT_M = 300.0
ROUNDS = 7


def main() -> None:
    """Print the table."""
    print(f"{'size':<10}{'what':<38}{'wall ms':>10}{'cpu ms':>10}{'peak MB':>10}")
    medians: dict[tuple[str, str], float] = {}
    for name, places, installations in SIZES:
        facts = city(places, installations)
        found = gaps(facts)
        points, things = _positions(facts)
        flat_points, flat_things = _utm(points), _utm(things)
        for what, work in (
            (f"gap run ({len(found)} gaps)", lambda facts=facts: gaps(facts)),
            ("gap run, collector paused", lambda facts=facts: _paused(facts)),
            ("summary", lambda facts=facts, found=found: summarise_facts(facts, found)),
            ("pairs: cell grid on chords", lambda p=points, t=things: pairs_within(p, t, LIMIT_M)),
            ("pairs: STRtree dwithin, UTM", lambda p=flat_points, t=flat_things: _tree_pairs(p, t)),
            ("nearest: cell grid on chords", lambda p=points, t=things: nearest(p, t)),
            ("nearest: STRtree, UTM", lambda p=flat_points, t=flat_things: _tree_nearest(p, t)),
        ):
            wall, cpu, peak = _measure(work)
            medians[name, what.split(" (")[0]] = cpu
            print(f"{name:<10}{what:<38}{wall:>10.1f}{cpu:>10.1f}{peak:>10.1f}")
        print(f"{'':<10}{_difference(points, things, flat_points, flat_things)}")
    for label in ("gap run", "gap run, collector paused", "summary"):
        ratio = medians["province", label] / medians["city", label]
        print(f"{label}: province ÷ city = {ratio:.1f} (5.0 is linear)")
    for label in ("pairs", "nearest"):
        for name, _, _ in SIZES:
            tree = next(v for (n, w), v in medians.items() if n == name and w.startswith(f"{label}: STR"))
            ours = medians[name, f"{label}: cell grid on chords"]
            print(f"{label}, {name}: STRtree ÷ grid = {tree / ours:.1f}")


def _measure(work: Callable[[], object]) -> tuple[float, float, float]:
    """Median wall and CPU milliseconds, and the peak of traced memory in MB (in a run of its own)."""
    work()
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - wall) * 1e3)
        cpus.append((time.process_time() - cpu) * 1e3)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return statistics.median(walls), statistics.median(cpus), peak


def _paused(facts: Facts) -> object:
    """The run without Python's cycle collector, which walks all facts again as results pile up.

    What is left is the growth of the engine itself.
    """
    gc.disable()
    try:
        return gaps(facts)
    finally:
        gc.enable()


def _positions(facts: Facts) -> tuple[Located, Located]:
    kinds = {kind.code: kind for kind in facts.kinds}
    things = standing_things(facts.installations, Figure.REPORTED, kinds, venue_points(facts.places))
    lat = [math.nan if place.lat is None else place.lat for place in facts.places]
    lon = [math.nan if place.lon is None else place.lon for place in facts.places]
    return located(lat, lon), things.at


def _utm(positions: Located) -> Floats:
    """Easting and northing in UTM zone 48N, by Krüger's series to the third order (below 1 mm)."""
    third = 0.001679220386383705
    phi, lam = np.radians(positions.lat), np.radians(positions.lon - 105.0)
    eccentricity = 2.0 * math.sqrt(third) / (1.0 + third)
    conformal = np.sinh(np.arctanh(np.sin(phi)) - eccentricity * np.arctanh(eccentricity * np.sin(phi)))
    xi = np.arctan2(conformal, np.cos(lam))
    eta = np.arctanh(np.sin(lam) / np.sqrt(1.0 + conformal**2))
    series = (
        third / 2 - 2 * third**2 / 3 + 5 * third**3 / 16,
        13 * third**2 / 48 - 3 * third**3 / 5,
        61 * third**3 / 240,
    )
    radius = 6_378_137.0 / (1 + third) * (1 + third**2 / 4) * 0.9996
    east = eta + sum(a * np.cos(2 * j * xi) * np.sinh(2 * j * eta) for j, a in enumerate(series, 1))
    north = xi + sum(a * np.sin(2 * j * xi) * np.cosh(2 * j * eta) for j, a in enumerate(series, 1))
    return np.column_stack((radius * east, radius * north))


def _shapes(flat: Floats) -> Any:
    """Points of the peer; its stubs know no array of geometries."""
    return shapely.points(flat)


def _tree_pairs(points: Floats, things: Floats) -> tuple[Ints, Ints]:
    pairs = shapely.STRtree(_shapes(things)).query(_shapes(points), predicate="dwithin", distance=LIMIT_M)
    return pairs[0], pairs[1]


def _tree_nearest(points: Floats, things: Floats) -> Ints:
    return np.asarray(shapely.STRtree(_shapes(things)).nearest(_shapes(points)), dtype=np.int64)


def _difference(points: Located, things: Located, flat_points: Floats, flat_things: Floats) -> str:
    ours = set(zip(*(side.tolist() for side in pairs_within(points, things, LIMIT_M)), strict=True))
    theirs = set(zip(*(side.tolist() for side in _tree_pairs(flat_points, flat_things)), strict=True))
    return f"{len(ours)} pairs within {LIMIT_M:.0f} m; the tree differs in {len(ours ^ theirs)}"


if __name__ == "__main__":
    main()
