"""Laws of the optimiser that must hold for every model: bounds, recounts, more of anything never worse."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.solve.facade import solve
from maps.solve.model import Infeasible, Solution
from maps.solve.recount import agrees, recount
from tests.unit.test_solve_models import best_by_trying, random_model

SEEDS = st.integers(min_value=10_000, max_value=10**9)


@settings(max_examples=150)
@given(seed=SEEDS, gap=st.sampled_from([0.0, 1e-4, 0.05, 0.3]))
def test_value_and_bound_hold_the_best_between_them(seed: int, gap: float) -> None:
    model = random_model(seed)
    best, answer = best_by_trying(model), solve(model, gap)
    assert (best is None) == isinstance(answer, Infeasible)
    if isinstance(answer, Solution) and best is not None:
        assert agrees(model, answer)
        assert answer.proven
        assert answer.value <= best + 1e-9 <= answer.bound + 1e-6 * (1 + abs(best))
        assert answer.gap <= gap


@settings(max_examples=60)
@given(seed=SEEDS, more=st.integers(min_value=0, max_value=50))
def test_more_money_is_never_worth_less(seed: int, more: int) -> None:
    model = replace(random_model(seed), budget=10)
    poor, rich = solve(model, 0.0), solve(replace(model, budget=10 + more), 0.0)
    if isinstance(poor, Solution):
        assert isinstance(rich, Solution)
        assert rich.value >= poor.value - 1e-9


@settings(max_examples=60)
@given(seed=SEEDS)
def test_a_lock_of_what_is_chosen_changes_nothing(seed: int) -> None:
    model = random_model(seed)
    answer = solve(model, 0.0)
    if isinstance(answer, Solution):
        locked = solve(replace(model, locked_in=answer.chosen), 0.0)
        assert isinstance(locked, Solution)
        assert abs(locked.value - answer.value) <= 1e-9 * (1 + answer.value)


@settings(max_examples=60)
@given(seed=SEEDS, spare=st.integers(min_value=0, max_value=2))
def test_fewer_rules_are_never_worth_less(seed: int, spare: int) -> None:
    model = random_model(seed)
    freer = replace(model, rows=model.rows[:spare], locked_out=np.zeros(0, np.int64))
    tight, free = solve(model, 0.0), solve(freer, 0.0)
    if isinstance(tight, Solution):
        assert isinstance(free, Solution)
        assert free.value >= tight.value - 1e-9 * (1 + tight.value)
        assert not recount(freer, tuple(free.chosen.tolist())).broken
