"""The optimiser against trying everything: thousands of small models with locks, rows and needs."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from maps.solve.facade import curve, solve
from maps.solve.model import Infeasible, Model, Row, Solution
from maps.solve.recount import agrees, recount

NONE = np.zeros(0, np.int64)


def random_model(seed: int) -> Model:
    """A small model: 2–7 candidates, 1–8 demands, everything else by chance."""
    chance = np.random.default_rng(seed)
    n, m = int(chance.integers(2, 8)), int(chance.integers(1, 9))
    brings = np.where(
        chance.random((n, m)) < chance.choice([0.2, 0.4, 0.7]), chance.integers(1, 4, (n, m)), 0
    )
    if chance.random() < 0.5:
        brings = np.minimum(brings, 1)
    scale = int(chance.choice([1, 1, 1000, 10**15 // 7]))
    cost = chance.integers(0, 8, n) * scale + (chance.integers(0, 3, n) if scale > 1 else 0)
    weight = chance.integers(0, 9, m).astype(float)
    if chance.random() < 0.3:
        weight = weight + chance.random(m)
    need = chance.integers(1, 4, m) if chance.random() < 0.5 else np.ones(m, np.int64)
    budget = int(chance.integers(0, 5 * n)) * scale if chance.random() < 0.8 else None
    rows = tuple(_rows(chance, n, m)) if chance.random() < 0.6 else ()
    if budget is not None and chance.random() < 0.3:
        # What a ward gets of the money at least and at most, in đồng.
        part = np.flatnonzero(chance.random(n) < 0.6)
        limits = float(budget // 5), float(budget * 3 // 4)
        rows = (*rows, Row("share", "candidates", part, cost[part].astype(float), *limits))
    locks = chance.random(n)
    share = chance.choice([0.0, 0.1])
    return Model(
        cost=cost, start=np.concatenate(([0], np.cumsum((brings > 0).sum(axis=1)))),
        demand=np.nonzero(brings)[1], units=brings[brings > 0], weight=weight, need=need,
        budget=budget,
        sites=int(chance.integers(0, n + 1)) if chance.random() < 0.3 else None,
        locked_in=np.flatnonzero(locks < share), locked_out=np.flatnonzero(locks > 1 - share),
        rows=rows,
    )  # fmt: skip


def _rows(chance: np.random.Generator, n: int, m: int) -> Iterator[Row]:
    for number in range(int(chance.integers(1, 4))):
        of, size = ("candidates", n) if chance.random() < 0.5 else ("demands", m)
        index = np.flatnonzero(chance.random(size) < 0.6)
        kind = int(chance.integers(0, 4))
        value = chance.integers(1, 4, len(index)).astype(float)
        if kind == 3:
            value = value * chance.choice([-1.0, 1.0], len(index))
        lower = float(chance.integers(0, 4)) if kind in (0, 2) else -np.inf
        upper = float(chance.integers(1, 6)) if kind in (1, 2) else np.inf
        if kind == 3:
            upper = 2.0
        yield Row(f"row {number}", of, index, value, lower, upper)


def best_by_trying(model: Model) -> float | None:
    """The best value of all choices, None when none keeps the rules."""
    best: float | None = None
    for size in range(len(model.cost) + 1):
        for chosen in itertools.combinations(range(len(model.cost)), size):
            counted = recount(model, chosen)
            if not counted.broken and (best is None or counted.value > best):
                best = counted.value
    return best


@pytest.mark.parametrize("block", range(20))
def test_small_models_are_solved_to_the_optimum(block: int) -> None:
    for seed in range(block * 60, block * 60 + 60):
        model = random_model(seed)
        best, answer = best_by_trying(model), solve(model, gap=0.0)
        if best is None:
            assert isinstance(answer, Infeasible), seed
            continue
        assert isinstance(answer, Solution), seed
        assert agrees(model, answer), seed
        assert answer.value == pytest.approx(best, rel=1e-9), seed
        assert answer.bound == pytest.approx(best, rel=1e-6), seed
        assert answer.proven, seed


def test_the_rules_named_collide_and_none_of_them_can_be_left_out() -> None:
    told = 0
    for seed in range(1200):
        model = random_model(seed)
        answer = solve(model, gap=0.5)
        if isinstance(answer, Infeasible):
            told += 1
            assert answer.rules, seed
            assert best_by_trying(_with(model, set(answer.rules))) is None, seed
            for name in answer.rules:
                assert best_by_trying(_with(model, set(answer.rules) - {name})) is not None, (seed, name)
    assert told > 50


def _with(model: Model, names: set[str]) -> Model:
    def locks(what: str, index: np.ndarray) -> np.ndarray:
        return np.array([j for j in index.tolist() if f"{what} {j}" in names], dtype=np.int64)

    return replace(
        model,
        rows=tuple(row for row in model.rows if row.name in names),
        locked_in=locks("locked_in", model.locked_in), locked_out=locks("locked_out", model.locked_out),
        budget=model.budget if f"budget {model.budget}" in names else None,
        sites=model.sites if f"sites {model.sites}" in names else None,
    )  # fmt: skip


def test_a_curve_never_falls_and_every_point_is_the_optimum() -> None:
    for seed in range(150):
        model = replace(random_model(seed), locked_in=NONE)
        budgets = [0, 3, 7, 12, 20]
        answers = curve(model, budgets, gap=0.0)
        last = 0.0
        for budget, answer in zip(budgets, answers, strict=True):
            at = replace(model, budget=budget)
            best = best_by_trying(at)
            assert (best is None) == isinstance(answer, Infeasible), (seed, budget)
            if isinstance(answer, Solution):
                assert agrees(at, answer), (seed, budget)
                assert answer.value == pytest.approx(best), (seed, budget)
                assert answer.value >= last, (seed, budget)
                last = answer.value
