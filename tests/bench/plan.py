"""The optimiser beside SCIP and scipy.optimize.milp; `python -m tests.bench.plan`.

The instance (seeded): places in wards in towns, 8 kinds with radius 60–300 m and their own cost,
log-normal voters; a demand is a place that misses a kind, a candidate one kind at one spot, most of
them near a demand of their kind; the budget is a quarter of what one candidate for each demand would
cost; every ward in which something can be served gets at least one. Everybody gets the same arrays,
asks for a relative gap of 0.1 %, and works in a process of its own on one thread; CPU seconds from
the arrays to the answer (reading apart), the peak is the process's. Peers have 120 s each.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from maps.solve.facade import curve, solve
from maps.solve.instance import Instance
from maps.solve.median import medians
from maps.solve.model import DEMANDS, Model, Row, Solution
from maps.solve.recount import agrees
from maps.solve.sparse import starts
from maps.solve.watching import Watch

SEED, GAP, LIMIT_S, ROUNDS = 20210523, 1e-3, 120.0, 5
SIZES = (("city", 300, 2_000), ("province", 1_500, 20_000))
RADIUS_M = np.array([60, 80, 100, 120, 150, 200, 250, 300.0])
COST = np.array([0.35, 0.8, 1.5, 2.5, 4, 9, 15, 30]) * 1e6
PEERS = Path(__file__).parents[2] / ".venv-bench/bin/python"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
NAMES = {"ours": "ours", "scip": "SCIP through OR-Tools", "scipy": "scipy.optimize.milp"}
MEDIANS = ((100, 5), (200, 40), (400, 5), (600, 60), (900, 90))
NONE = np.zeros(0, np.int64)


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory(prefix="trucquan-bench-") as folder:
        for name, places, candidates in SIZES:
            data = Path(folder) / f"{name}.npz"
            columns = make(places, candidates)
            np.savez(data, allow_pickle=False, **columns)
            pairs, demands = len(columns["demand"]), len(columns["weight"])
            print(
                f"{name}: {places:,} places, {demands:,} demands × {candidates:,} candidates, {pairs:,} pairs"
            )
            _table({who: _answer(who, data) for who in ("ours", "scip", "scipy")})
        print(f"budget curve, 20 points, province: {_answer('curve', data)}")
    print("p-medians on random graphs (as OR-Library's pmed are made), gap 0, 60 s:")
    for n, p in MEDIANS:
        print(f"  {_median(n, p)}", flush=True)


def make(places: int, candidates: int, seed: int = SEED) -> dict[str, np.ndarray]:
    """The arrays of an instance: cost, start, demand, weight, ward of each demand, budget."""
    chance = np.random.default_rng(seed)
    wards, towns = places // 8, max(1, places // 300)
    town = chance.uniform(0, 60_000, (towns, 2))
    ward = town[chance.integers(0, towns, wards)] + chance.normal(0, 1_500, (wards, 2))
    ward_of = chance.integers(0, wards, places)
    spot = ward[ward_of] + chance.normal(0, 300, (places, 2))
    voters = np.round(chance.lognormal(np.log(1_200), 0.5, places))
    place, kind = np.nonzero(chance.random((places, 8)) < 0.32)
    beside = chance.integers(0, len(place), candidates)
    anywhere = chance.random(candidates) < 0.2
    at = np.where(anywhere, chance.integers(0, places, candidates), place[beside])
    its = np.where(anywhere, chance.integers(0, 8, candidates), kind[beside])
    here = spot[at] + chance.normal(0, 1, (candidates, 2)) * RADIUS_M[its][:, None] * 0.7
    cost = (COST[its] * chance.uniform(0.8, 1.25, candidates) / 1_000).astype(np.int64) * 1_000
    number = np.full((places, 8), -1)
    number[place, kind] = np.arange(len(place))
    who, whom = [], []
    for first in range(0, candidates, 1_000):
        apart = ((here[first : first + 1_000, None] - spot[None]) ** 2).sum(axis=2)
        j, i = np.nonzero(apart <= RADIUS_M[its[first : first + 1_000]][:, None] ** 2)
        served = number[i, its[first + j]]
        who.append(first + j[served >= 0])
        whom.append(served[served >= 0])
    candidate, demand = np.concatenate(who), np.concatenate(whom)
    order = np.lexsort((demand, candidate))
    candidate, demand = candidate[order], demand[order]
    cheapest = np.full(len(place), np.inf)
    np.minimum.at(cheapest, demand, cost[candidate])
    budget = int(0.25 * cheapest[np.isfinite(cheapest)].sum())
    return {
        "cost": cost, "start": starts(np.bincount(candidate, minlength=candidates)), "demand": demand,
        "weight": voters[place], "ward": ward_of[place], "budget": np.array(budget),
    }  # fmt: skip


def model_of(columns: Any) -> Model:
    """The arrays as a model with one row for each ward in which something can be served."""
    demand, ward = columns["demand"], columns["ward"]
    can = np.unique(demand)
    rows = []
    for number in np.unique(ward[can]).tolist():
        members = can[ward[can] == number]
        rows.append(Row(f"ward {number}", DEMANDS, members, np.ones(len(members)), 1.0, np.inf))
    ones = np.ones(len(columns["weight"]), np.int64)
    return Model(
        columns["cost"], columns["start"], demand, np.ones(len(demand), np.int64), columns["weight"], ones,
        int(columns["budget"]), None, NONE, NONE, tuple(rows),
    )  # fmt: skip


def _answer(who: str, data: Path) -> dict[str, Any]:
    """Let one of them solve in a process of its own."""
    python = str(PEERS) if PEERS.exists() else sys.executable
    if who in ("scip", "scipy") and not PEERS.exists():
        return {}
    done = subprocess.run(
        [python, "-m", "tests.bench.plan", who, str(data)], check=True, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **ONE_THREAD}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def _table(found: dict[str, dict[str, Any]]) -> None:
    print(f"  {'who':<26}{'cpu s':>9}{'× ours':>9}{'value':>14}{'bound':>14}{'gap %':>9}{'peak MB':>9}")
    for who, figures in found.items():
        if not figures:
            print(f"  {NAMES[who]:<26} missing: `make peers` sets it up")
            continue
        ratio = figures["cpu"] / found["ours"]["cpu"]
        gap = abs(figures["bound"] - figures["value"]) / max(figures["value"], 1e-9) * 100
        print(
            f"  {NAMES[who]:<26}{figures['cpu']:>9.3f}{ratio:>9.1f}{figures['value']:>14,.0f}"
            f"{figures['bound']:>14,.0f}{gap:>9.4f}{figures['peak']:>9.0f}", flush=True,
        )  # fmt: skip


def work(who: str, data: Path) -> dict[str, Any]:
    """What one process does: the median of several rounds for ours, one for the slow peers."""
    columns = dict(np.load(data))
    model = model_of(columns)
    rounds = ROUNDS if who == "ours" else 1
    taken, value, bound = [], 0.0, 0.0
    if who == "curve":
        return _curve(model)
    for _ in range(rounds):
        began = time.process_time()
        value, bound = {"ours": _ours, "scip": _scip, "scipy": _scipy}[who](model)
        taken.append(time.process_time() - began)
    if who == "ours":
        answer = solve(model, GAP, LIMIT_S)
        assert isinstance(answer, Solution)
        assert agrees(model, answer)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu": float(np.median(taken)), "value": value, "bound": bound, "peak": peak}


def _ours(model: Model) -> tuple[float, float]:
    answer = solve(model, GAP, LIMIT_S)
    assert isinstance(answer, Solution)
    return answer.value, answer.bound


def _curve(model: Model) -> dict[str, Any]:
    assert model.budget is not None
    budgets = [model.budget * 4 * step // 20 for step in range(1, 21)]
    began = time.process_time()
    answers = curve(model, budgets, GAP, LIMIT_S)
    cpu = time.process_time() - began
    gaps = [answer.gap for answer in answers if isinstance(answer, Solution)]
    return {"cpu s": round(cpu, 3), "points": len(gaps), "widest gap %": round(100 * max(gaps), 4)}


def _matrix(model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The usual model: rows y_i ≤ Σ x_j, the budget, the wards; (row, column, value, lower, upper)."""
    n, m = len(model.cost), len(model.weight)
    j = np.repeat(np.arange(n), np.diff(model.start))
    parts = [(model.demand, j, -np.ones(len(j))), (np.arange(m), n + np.arange(m), np.ones(m)),
             (np.full(n, m), np.arange(n), model.cost / 1000.0)]  # fmt: skip
    for at, ward in enumerate(model.rows):
        parts.append((np.full(len(ward.index), m + 1 + at), n + ward.index, ward.value))
    row, column, value = (np.concatenate(side) for side in zip(*parts, strict=True))
    lower = np.concatenate((np.full(m + 1, -np.inf), [one.lower for one in model.rows]))
    upper = np.concatenate((np.zeros(m), [(model.budget or 0) / 1000.0], np.full(len(model.rows), np.inf)))
    return row, column, value, lower, upper


def _scipy(model: Model) -> tuple[float, float]:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    row, column, value, lower, upper = _matrix(model)
    n, m = len(model.cost), len(model.weight)
    matrix = csr_array((value, (row, column)), shape=(len(lower), n + m))
    cost = np.concatenate((np.zeros(n), -model.weight))
    answer = milp(
        cost, integrality=np.repeat([1, 0], [n, m]), bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, lower, upper),
        options={"mip_rel_gap": GAP, "time_limit": LIMIT_S},
    )  # fmt: skip
    return (0.0 if answer.x is None else -answer.fun), -answer.mip_dual_bound


def _scip(model: Model) -> tuple[float, float]:
    from ortools.linear_solver import pywraplp  # type: ignore[import-not-found]

    row, column, value, lower, upper = _matrix(model)
    n, m = len(model.cost), len(model.weight)
    solver = pywraplp.Solver.CreateSolver("SCIP")
    x = [solver.BoolVar("") for _ in range(n)] + [solver.NumVar(0, 1, "") for _ in range(m)]
    rows = [solver.Constraint(low, high) for low, high in zip(lower.tolist(), upper.tolist(), strict=True)]
    for r, c, v in zip(row.tolist(), column.tolist(), value.tolist(), strict=True):
        rows[r].SetCoefficient(x[c], v)
    objective = solver.Objective()
    for at, weight in enumerate(model.weight.tolist()):
        objective.SetCoefficient(x[n + at], weight)
    objective.SetMaximization()
    solver.SetTimeLimit(int(LIMIT_S * 1000))
    solver.SetNumThreads(1)
    parameters = pywraplp.MPSolverParameters()
    parameters.SetDoubleParam(parameters.RELATIVE_MIP_GAP, GAP)
    solver.Solve(parameters)
    return objective.Value(), objective.BestBound()


def _median(n: int, p: int) -> str:
    """A random graph of n²/50 edges of length 1–100, all shortest paths, p sites."""
    chance = np.random.default_rng(n + p)
    far = np.full((n, n), 1e9)
    np.fill_diagonal(far, 0)
    around = chance.permutation(n)
    ends = np.concatenate(
        (np.column_stack((around, np.roll(around, 1))), chance.integers(0, n, (n * n // 50, 2)))
    )
    for (a, b), length in zip(ends.tolist(), chance.integers(1, 101, len(ends)).tolist(), strict=True):
        if a != b:
            far[a, b] = far[b, a] = length
    for k in range(n):
        np.minimum(far, far[:, k : k + 1] + far[k : k + 1], out=far)
    j, i = np.divmod(np.arange(n * n), n)
    ids = tuple(range(n))
    asked = Instance(
        "pmedian", ids, ids, np.zeros(n, np.int64), np.ones(n), j, i, far[i, j], None, p, NONE, NONE, ()
    )
    began = time.process_time()
    found = medians(asked, 0.0, Watch(60.0))
    cpu = time.process_time() - began
    said = f"value {found.value:,.0f}, bound {found.bound:,.0f}, cpu {cpu:.2f} s, {'+'.join(found.steps)}"
    return f"n {n:>3}, p {p:>2}: {said}"


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(work(sys.argv[1], Path(sys.argv[2]))))
    else:
        main()
