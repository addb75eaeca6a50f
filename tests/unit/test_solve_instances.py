"""The four problems of bare instances against trying every choice; which rules collide; any order."""

import itertools
import json
import math
from typing import Any

import numpy as np
import pytest

from maps.solve.bare import Collision, answer
from maps.solve.commands import told
from maps.solve.instance import read
from maps.solve.watching import Watch

PROBLEMS = ("budget", "mclp", "lscp", "pmedian")


def random_instance(seed: int, problem: str) -> dict[str, Any]:
    """A small instance of a problem; every key may be there or not."""
    chance = np.random.default_rng(seed)
    n, m = int(chance.integers(1, 8)), int(chance.integers(0, 8))
    thick = chance.choice([0.3, 0.6, 1.0])
    pairs: list[list[Any]] = [
        [f"c{j}", f"d{i}"] for j in range(n) for i in range(m) if chance.random() < thick
    ]
    if problem == "pmedian":
        pairs = [[*pair, int(chance.integers(0, 20))] for pair in pairs]
    lock = chance.random(n)
    share = float(chance.choice([0.0, 0.0, 0.15]))
    made: dict[str, Any] = {
        "problem": problem,
        "candidates": [{"id": f"c{j}", "cost": int(chance.integers(0, 9)) * 100_000} for j in range(n)],
        "demands": [
            {"id": f"d{i}", "weight": int(chance.integers(0, 50)), "area": f"a{i % 2}"} for i in range(m)
        ],
        "pairs": pairs + pairs[:2],
        "locked_in": [f"c{j}" for j in range(n) if lock[j] < share],
        "locked_out": [f"c{j}" for j in range(n) if lock[j] > 1 - share],
    }
    if problem == "budget":
        made["budget"] = int(chance.integers(0, 5 * n)) * 100_000
    if problem in ("mclp", "pmedian"):
        made["sites"] = int(chance.integers(0, n + 2))
    if m and chance.random() < 0.3:
        made["area_minimum"] = {"a0": int(chance.integers(0, 3))}
    return made


def worth(made: dict[str, Any], chosen: tuple[str, ...]) -> float | None:
    """The value of a choice counted anew, None when it breaks a rule."""
    problem, inside = made["problem"], set(chosen)
    if not set(made["locked_in"]) <= inside or inside & set(made["locked_out"]):
        return None
    near: dict[str, float] = {}
    for pair in made["pairs"]:
        if pair[0] in inside:
            near[pair[1]] = min(near.get(pair[1], math.inf), pair[2] if len(pair) > 2 else 0.0)
    for area, least in made.get("area_minimum", {}).items():
        if sum(1 for row in made["demands"] if row["area"] == area and row["id"] in near) < least:
            return None
    weight = {row["id"]: row["weight"] for row in made["demands"]}
    served = float(sum(weight[name] for name in near))
    if problem == "budget":
        spent = sum(row["cost"] for row in made["candidates"] if row["id"] in inside)
        return served if spent <= made["budget"] else None
    if problem == "mclp":
        return served if len(inside) <= made["sites"] else None
    if problem == "lscp":
        can = {pair[1] for pair in made["pairs"] if pair[0] not in made["locked_out"]}
        return float(len(inside)) if can <= set(near) else None
    whole = len(inside) == made["sites"] and len(near) == len(weight)
    return sum(weight[name] * far for name, far in near.items()) if whole else None


def best(made: dict[str, Any]) -> float | None:
    """The best value of all choices, None when every one breaks a rule."""
    names = [row["id"] for row in made["candidates"]]
    values = [
        value
        for size in range(len(names) + 1)
        for chosen in itertools.combinations(names, size)
        if (value := worth(made, chosen)) is not None
    ]
    if not values:
        return None
    return max(values) if made["problem"] in ("budget", "mclp") else min(values)


def solved(made: dict[str, Any], gap: float = 0.0) -> dict[str, Any] | Collision:
    asked = read(json.dumps(made))
    found = answer(asked, gap, Watch(30.0))
    return found if isinstance(found, Collision) else told(asked, found)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("block", range(4))
def test_small_instances_are_solved_to_the_optimum(problem: str, block: int) -> None:
    for seed in range(block * 150, block * 150 + 150):
        made = random_instance(seed, problem)
        wanted, found = best(made), solved(made)
        if isinstance(found, Collision):
            assert wanted is None, seed
            assert found.rules, seed
            continue
        assert wanted is not None, seed
        assert worth(made, tuple(found["chosen"])) == found["value"] == found["bound"] == wanted, seed
        assert found["gap"] == 0, seed
        order = [row["id"] for row in made["candidates"]]
        assert found["chosen"] == sorted(found["chosen"], key=order.index), seed


def test_mclp_chooses_as_many_as_asked_for() -> None:
    for seed in range(100):
        made = random_instance(seed, "mclp")
        found = solved(made)
        if not isinstance(found, Collision):
            free = len(made["candidates"]) - len(made["locked_out"])
            assert len(found["chosen"]) == min(made["sites"], free), seed


@pytest.mark.parametrize("problem", PROBLEMS)
def test_other_names_another_order_and_twins_change_no_value(problem: str) -> None:
    for seed in range(60):
        made = random_instance(seed, problem)
        found, again, twins = solved(made), solved(_renamed(made, seed)), solved(_with_twins(made))
        if isinstance(found, Collision):
            assert isinstance(again, Collision), seed
            continue
        assert not isinstance(again, Collision), seed
        assert again["value"] == found["value"], seed
        # A twin lets a p-median place two sites at one spot, and changes nothing else.
        if problem != "pmedian":
            assert not isinstance(twins, Collision), seed
            assert twins["value"] == found["value"], seed


def _renamed(made: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same with numbers for the candidates' names, everything in another order."""
    chance = np.random.default_rng(seed)
    name = {row["id"]: 1000 - at for at, row in enumerate(made["candidates"])}
    mixed = {
        **made,
        "candidates": [{**row, "id": name[row["id"]]} for row in made["candidates"]],
        "pairs": [[name[pair[0]], *pair[1:]] for pair in made["pairs"]],
        "locked_in": [name[one] for one in made["locked_in"]],
        "locked_out": [name[one] for one in made["locked_out"]],
    }
    for key in ("candidates", "demands", "pairs"):
        mixed[key] = [mixed[key][at] for at in chance.permutation(len(mixed[key]))]
    return mixed


def _with_twins(made: dict[str, Any]) -> dict[str, Any]:
    """The same with every candidate that is not locked there twice."""
    locked = set(made["locked_in"]) | set(made["locked_out"])
    free = [row for row in made["candidates"] if row["id"] not in locked]
    twins = [{**row, "id": row["id"] + "t"} for row in free]
    names = {row["id"] for row in free}
    pairs = [[pair[0] + "t", *pair[1:]] for pair in made["pairs"] if pair[0] in names]
    return {**made, "candidates": made["candidates"] + twins, "pairs": made["pairs"] + pairs}


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({"locked_in": ["c1"], "locked_out": ["c1"]}, ["locked_in c1", "locked_out c1"]),
        ({"budget": 5, "locked_in": ["c1", "c2"]}, ["locked_in c1", "locked_in c2", "budget 5"]),
        ({"area_minimum": {"a": 3}}, ["area_minimum a: 3"]),
        ({"area_minimum": {"a": 2}, "budget": 5}, ["area_minimum a: 2", "budget 5"]),
        ({"area_minimum": {"a": 2}, "locked_out": ["c2"]}, ["area_minimum a: 2", "locked_out c2"]),
        (
            {"problem": "mclp", "sites": 1, "locked_in": ["c1", "c2"]},
            ["locked_in c1", "locked_in c2", "sites 1"],
        ),
        ({"problem": "lscp", "area_minimum": {"a": 3}}, ["area_minimum a: 3"]),
        ({"problem": "pmedian", "sites": 3}, ["sites 3"]),
        ({"problem": "pmedian", "sites": 2, "locked_out": ["c1"]}, ["locked_out c1", "sites 2"]),
        ({"problem": "pmedian", "sites": 1}, ["demand d1", "demand d2", "sites 1"]),
    ],
)
def test_colliding_rules_are_named(change: dict[str, Any], rules: list[str]) -> None:
    made = {
        "problem": "budget",
        "candidates": [{"id": "c1", "cost": 3}, {"id": "c2", "cost": 4}],
        "demands": [{"id": "d1", "area": "a"}, {"id": "d2", "area": "a"}],
        "pairs": [["c1", "d1"], ["c2", "d2"]],
        "budget": 9,
        **change,
    }
    if made["problem"] == "pmedian":
        made["pairs"] = [[*pair, 1] for pair in made["pairs"]]
    found = solved(made)
    assert isinstance(found, Collision)
    assert list(found.rules) == rules
