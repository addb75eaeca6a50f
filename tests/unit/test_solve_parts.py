"""The optimiser's parts, each against a plainer way to the same; middling models against a naive one."""

from dataclasses import replace

import numpy as np
import pytest

from maps.solve.bare import answer
from maps.solve.core import core_of, exact_sum
from maps.solve.facade import curve, solve
from maps.solve.greedy import Choice
from maps.solve.instance import Instance
from maps.solve.linear import Engine, Impossible, Program, safe_bound
from maps.solve.median_prices import Aim, Task, prices
from maps.solve.median_swaps import greedy, interchange
from maps.solve.median_table import dense
from maps.solve.model import DEMANDS, Model, Progress, Row, Solution, Unsolvable
from maps.solve.prices import priced_bound
from maps.solve.program import written
from maps.solve.recount import agrees
from maps.solve.reduce import dominated, implied, merged, reduced
from maps.solve.setcover import smallest_cover
from maps.solve.sparse import starts, table
from maps.solve.watching import Watch
from maps.solve.weighting import Weighting, checked_scores
from tests.unit.test_solve_models import random_model

NONE = np.zeros(0, np.int64)


def model(pairs: list[tuple[int, int]], cost: list[int], weight: list[float], **more: object) -> Model:
    """A model of these pairs, one unit each, without limits but for `more`."""
    pairs = sorted(pairs)
    start = starts(np.bincount([j for j, _ in pairs], minlength=len(cost)))
    made = Model(
        np.array(cost), start, np.array([i for _, i in pairs], dtype=np.int64), np.ones(len(pairs), np.int64),
        np.array(weight, dtype=float), np.ones(len(weight), np.int64), None, None, NONE, NONE,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def middling(seed: int, n: int = 120, m: int = 90) -> Model:
    """A model on which trying everything is out of the question, with areas that ask for something."""
    chance = np.random.default_rng(seed)
    spots, asks = chance.uniform(0, 100, (n, 2)), chance.uniform(0, 100, (m, 2))
    near = ((spots[:, None] - asks[None]) ** 2).sum(axis=2) < 12.0**2
    j, i = np.nonzero(near)
    can = np.unique(i)
    rows = tuple(
        Row(f"area {area}", DEMANDS, can[can % 6 == area], np.ones(int((can % 6 == area).sum())), 2.0, np.inf)
        for area in range(6)
    )
    cost = chance.integers(5, 40, n)
    return model(
        list(zip(j.tolist(), i.tolist(), strict=True)), cost.tolist(), chance.integers(1, 900, m).tolist(),
        budget=int(cost.sum() // 8), rows=rows,
    )  # fmt: skip


def naive(asked: Model) -> float:
    """The same by the textbook model and nothing else."""
    n, m = len(asked.cost), len(asked.weight)
    j = np.repeat(np.arange(n), np.diff(asked.start))
    parts = [(j, asked.demand, -np.ones(len(j))), (n + np.arange(m), np.arange(m), np.ones(m)),
             (np.arange(n), np.full(n, m), asked.cost.astype(float))]  # fmt: skip
    for at, row in enumerate(asked.rows):
        parts.append((n + row.index, np.full(len(row.index), m + 1 + at), row.value))
    column, row_of, value = (np.concatenate(side) for side in zip(*parts, strict=True))
    height = m + 1 + len(asked.rows)
    lower = np.append(np.full(m + 1, -np.inf), [row.lower for row in asked.rows])
    upper = np.concatenate((np.zeros(m), [float(asked.budget or 0)], np.full(len(asked.rows), np.inf)))
    program = Program(
        np.append(np.zeros(n), -asked.weight), np.zeros(n + m), np.ones(n + m),
        table(column, row_of, value, n + m, height), lower, upper, np.ones(n + m, np.bool_),
    )  # fmt: skip
    return -Engine(program, Watch(60.0)).integer(0.0, 0.999).bound


@pytest.mark.parametrize("seed", range(6))
def test_middling_models_have_the_value_of_the_naive_one(seed: int) -> None:
    asked = middling(seed)
    found = solve(asked, 0.0)
    assert isinstance(found, Solution)
    assert agrees(asked, found)
    assert found.value == found.bound == pytest.approx(naive(asked), abs=0.999)


def test_a_wider_gap_is_kept_too() -> None:
    for seed in range(4):
        asked = middling(seed, 200, 150)
        best, rough = solve(asked, 0.0), solve(asked, 0.05)
        assert isinstance(best, Solution)
        assert isinstance(rough, Solution)
        assert rough.proven
        assert rough.gap <= 0.05
        assert rough.value <= best.value <= rough.bound


def test_more_money_never_serves_less() -> None:
    asked = middling(3)
    answers = [one for one in curve(asked, [0, *range(150, 900, 75)], 0.01) if isinstance(one, Solution)]
    assert len(answers) > 5
    assert [one.value for one in answers] == sorted(one.value for one in answers)


def test_the_same_model_gives_the_same_choice() -> None:
    asked = middling(4)
    first, second = solve(asked, 1e-3), solve(asked, 1e-3)
    assert isinstance(first, Solution)
    assert isinstance(second, Solution)
    assert first.chosen.tolist() == second.chosen.tolist()
    assert (first.value, first.bound, first.method) == (second.value, second.bound, second.method)


def test_a_solve_is_cancelled_by_who_watches_and_still_answers() -> None:
    heard: list[Progress] = []

    def stop(progress: Progress) -> bool:
        heard.append(progress)
        return False

    asked = replace(middling(5, 400, 300), rows=())
    found = solve(asked, 0.0, watch=stop)
    assert heard
    assert isinstance(found, Solution)
    assert found.cancelled
    assert agrees(asked, found)


def test_no_time_at_all_still_gives_an_honest_answer() -> None:
    asked = replace(middling(6), rows=())
    found = solve(asked, 0.0, seconds=0.0)
    assert isinstance(found, Solution)
    assert agrees(asked, found)
    assert not found.proven
    assert naive(asked) <= found.bound + 1e-6


def test_reduction_leaves_the_best_value_as_it_is() -> None:
    fewer = 0
    for seed in range(80):
        core = core_of(random_model(seed))
        if core is None or not len(core.cost):
            continue
        small = reduced(core)
        fewer += len(small.cost) < len(core.cost)
        assert _best(core) == pytest.approx(_best(small)), seed
    assert fewer > 10


def _best(core: object) -> float | None:
    """The best value of a small core by trying every choice."""
    n = len(core.cost)  # type: ignore[attr-defined]
    best = None
    for number in range(2**n):
        chosen = np.array([(number >> j) & 1 for j in range(n)], dtype=np.bool_)
        if core.allowed(chosen):  # type: ignore[attr-defined]
            value = core.value(chosen)  # type: ignore[attr-defined]
            best = value if best is None or value > best else best
    return best


def test_what_dominance_drops_and_what_it_keeps() -> None:
    core = core_of(model([(0, 0), (1, 0), (1, 1), (2, 2), (3, 2)], [5, 5, 3, 3], [1, 1, 1], budget=9))
    assert core is not None
    assert dominated(core).tolist() == [True, False, False, True]
    cheaper = core_of(model([(0, 0), (1, 0), (1, 1)], [4, 5], [1, 1], budget=9))
    assert cheaper is not None
    assert dominated(cheaper).tolist() == [False, False]
    twins = core_of(model([(0, 0), (0, 1), (1, 0), (1, 1)], [4, 5], [2, 3], budget=9))
    assert twins is not None
    assert merged(twins).weight.tolist() == [5.0]
    takers = table(np.array([0, 1, 1]), np.array([0, 0, 1]), np.ones(3), 2, 2)
    assert implied(takers).tolist() == [False, True]


def test_a_row_that_asks_for_a_candidate_protects_it_from_dominance() -> None:
    row = Row("at least one", "candidates", np.array([0]), np.ones(1), 1.0, np.inf)
    core = core_of(model([(0, 0), (1, 0), (1, 1)], [5, 5], [1, 1], budget=20, rows=(row,)))
    assert core is not None
    assert not dominated(core)[0]


def test_gains_units_and_sums_stay_right_under_many_changes() -> None:
    for seed in range(40):
        core = core_of(random_model(seed))
        if core is None or not len(core.cost):
            continue
        chance, choice = np.random.default_rng(seed), Choice(core)
        for _ in range(30):
            j = int(chance.integers(len(core.cost)))
            choice.change(np.array([j]), not choice.chosen[j])
        fresh = Choice(core, choice.chosen)
        assert choice.gain == pytest.approx(fresh.gain)
        assert choice.have.tolist() == core.units(choice.chosen).tolist()
        assert choice.sum == pytest.approx(fresh.sum)
        assert choice.spent == core.spent(choice.chosen)


def test_prices_bound_every_value() -> None:
    for seed in range(8):
        asked = replace(middling(seed), rows=())
        core = core_of(asked)
        assert core is not None
        best = naive(asked)
        bound, _ = priced_bound(core, 0.7 * best, Watch(30.0))
        assert best - 1e-6 <= bound <= float(core.weight.sum())
        assert bound <= 1.05 * best


def test_any_row_prices_give_a_bound() -> None:
    chance = np.random.default_rng(1)
    core = core_of(middling(2))
    assert core is not None
    program = written(core).program
    best = Engine(program, Watch(30.0)).relax()
    assert best is not None
    for _ in range(20):
        noisy = best.prices * chance.uniform(0.5, 1.5, len(best.prices))
        assert safe_bound(program, noisy)[1] <= best.bound + 1e-6


def test_an_impossible_program_is_told_and_a_later_one_is_solved() -> None:
    core = core_of(model([(0, 0)], [5], [1.0], budget=5))
    assert core is not None
    engine = Engine(written(core).program, Watch(30.0))
    engine.row(0, 2.0, 3.0)
    with pytest.raises(Impossible):
        engine.relax()
    engine.row(0, -np.inf, 1.0)
    again = engine.relax()
    assert again is not None
    assert again.bound == pytest.approx(-1.0)


def test_sums_of_large_amounts_are_exact() -> None:
    amounts = np.full(20_000, 10**15 + 7)
    assert exact_sum(amounts) == 20_000 * (10**15 + 7)


def test_arrays_that_do_not_fit_are_refused() -> None:
    good = model([(0, 0), (1, 1)], [1, 2], [1, 1])
    for change in (
        {"start": np.array([0, 1])}, {"demand": np.array([0, 5])}, {"units": np.array([1, 0])},
        {"cost": np.array([1, -2])}, {"weight": np.array([1.0, np.nan])}, {"need": np.array([1, 0])},
        {"locked_in": np.array([9])}, {"rows": (Row("r", "wards", NONE, np.zeros(0), 0.0, 1.0),)},
        {"rows": (Row("r", "demands", np.array([0, 0]), np.ones(2), 0.0, 1.0),)},
        {"rows": (Row("r", "demands", np.array([0]), np.ones(1), np.nan, 1.0),)},
    ):  # fmt: skip
        with pytest.raises(Unsolvable):
            solve(replace(good, **change))  # type: ignore[arg-type]


def test_the_weighting_search_keeps_its_scores_and_finds_a_small_cover() -> None:
    chance = np.random.default_rng(3)
    near = chance.random((60, 80)) < 0.08
    near[chance.integers(0, 60, 80), np.arange(80)] = True
    j, i = np.nonzero(near)
    asked = model(list(zip(j.tolist(), i.tolist(), strict=True)), [1] * 60, [1.0] * 80)
    core = core_of(asked)
    assert core is not None
    search = Weighting(core.brings, np.ones(60, np.bool_))
    covers: list[int] = []
    search.run(300, 0, lambda: False, lambda cover: covers.append(int(cover.sum())))
    assert search.score == pytest.approx(checked_scores(search))
    assert covers == sorted(covers, reverse=True)
    best = smallest_cover(core, 0.0, Watch(30.0))
    assert best.value() == best.bound
    assert covers[-1] <= best.value() + 1


def graph(n: int, seed: int) -> np.ndarray:
    """Shortest paths of a random graph, as OR-Library's pmed instances are made."""
    chance = np.random.default_rng(seed)
    far = np.full((n, n), 1e9)
    np.fill_diagonal(far, 0)
    around = chance.permutation(n)
    ends = np.vstack((np.column_stack((around, np.roll(around, 1))), chance.integers(0, n, (n * n // 50, 2))))
    for (a, b), length in zip(ends.tolist(), chance.integers(1, 101, len(ends)).tolist(), strict=True):
        if a != b:
            far[a, b] = far[b, a] = length
    for k in range(n):
        far = np.minimum(far, far[:, k : k + 1] + far[k : k + 1])
    return far


def median_instance(far: np.ndarray, sites: int) -> Instance:
    n = len(far)
    j, i = np.divmod(np.arange(n * n), n)
    ids = tuple(range(n))
    return Instance(
        "pmedian", ids, ids, np.zeros(n, np.int64), np.ones(n), j, i, far[i, j], None, sites, NONE, NONE, ()
    )


@pytest.mark.parametrize(("n", "sites"), [(30, 3), (40, 4), (40, 12), (60, 5)])
def test_medians_have_the_value_of_the_naive_program(n: int, sites: int) -> None:
    far = graph(n, n + sites)
    found = answer(median_instance(far, sites), 0.0, Watch(60.0))
    assert isinstance(found, Solution)
    assert found.value == found.bound
    assert len(found.chosen) == sites
    assert float(far[:, found.chosen].min(axis=1).sum()) == found.value
    assert naive_median(far, sites) == pytest.approx(found.value, abs=1e-4)


def naive_median(far: np.ndarray, sites: int) -> float:
    """A variable for every pair."""
    n = len(far)
    i, j = np.divmod(np.arange(n * n), n)
    pair = n + np.arange(n * n)
    parts = [(pair, i, np.ones(n * n)), (pair, n + np.arange(n * n), np.ones(n * n)),
             (j, n + np.arange(n * n), -np.ones(n * n)),
             (np.arange(n), np.full(n, n + n * n), np.ones(n))]  # fmt: skip
    column, row, value = (np.concatenate(side) for side in zip(*parts, strict=True))
    size, height = n + n * n, n + n * n + 1
    lower = np.concatenate((np.ones(n), np.full(n * n, -np.inf), [sites]))
    upper = np.concatenate((np.ones(n), np.zeros(n * n), [sites]))
    program = Program(
        np.append(np.zeros(n), far.ravel()), np.zeros(size), np.ones(size),
        table(column, row, value, size, height), lower, upper, np.arange(size) < n,
    )  # fmt: skip
    return Engine(program, Watch(60.0)).integer(0.0, 0.999).bound


def test_prices_of_a_median_never_pass_the_value_and_swaps_never_worsen() -> None:
    far = graph(80, 5)
    costs = dense(*np.divmod(np.arange(6400), 80), far.ravel(), (80, 80))
    nobody = np.zeros(80, np.bool_)
    first = greedy(costs, 6, NONE)
    better = interchange(costs, first, nobody, lambda: False)
    assert costs.total(better) <= costs.total(first)
    value = costs.total(better)
    aim = Aim(lambda: value, lambda: value - 1, lambda _: None, Watch(30.0))
    for start in (np.zeros(80), costs.cost[:, better].min(axis=1)):
        found = prices(Task(np.ascontiguousarray(far.T), 6, nobody), start, aim, 200)
        assert found.bound <= value + 1e-6
        worth = np.minimum(far.T - found.prices, 0).sum(axis=1)
        assert found.bound == pytest.approx(found.prices.sum() + np.sort(worth)[:6].sum())
