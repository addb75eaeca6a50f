"""`flask maps solve`: one JSON object, exit codes, and a sentence for whatever cannot be read."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from maps.solve.commands import solve
from maps.solve.instance import Malformed, read

GOOD: dict[str, Any] = {
    "problem": "budget",
    "candidates": [
        {"id": "c1", "cost": 350_000, "area": "a1"},
        {"id": "c2", "cost": 200_000},
        {"id": "c3", "cost": 100_000},
    ],
    "demands": [
        {"id": "d1", "weight": 860, "area": "a1"},
        {"id": "d2", "weight": 500, "area": "a1"},
        {"id": "d3"},
    ],
    "pairs": [["c1", "d1"], ["c2", "d2"], ["c3", "d3"], ["c1", "d1"]],
    "budget": 460_000,
}


def run(made: Any, *options: str) -> Result:
    text = made if isinstance(made, str | bytes) else json.dumps(made)
    return CliRunner().invoke(solve, ["-", *options], input=text)


def test_the_answer_is_one_object_with_exactly_its_keys() -> None:
    result = run(GOOD)
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert list(told) == ["problem", "chosen", "value", "bound", "gap", "seconds", "method"]
    assert (told["problem"], told["chosen"], told["value"]) == ("budget", ["c1", "c3"], 861)
    assert isinstance(told["value"], int)
    assert told["bound"] == 861
    assert told["gap"] == 0
    assert result.stderr == ""


def test_it_works_through_the_application_and_from_a_file(tmp_path: Any) -> None:
    from app import create_app

    path = tmp_path / "instance.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    app = create_app({"TRUCQUAN_DATA": str(tmp_path / "data")})
    result = app.test_cli_runner().invoke(args=["maps", "solve", str(path), "--gap", "0", "--seconds", "9"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["value"] == 861


@pytest.mark.parametrize(
    ("change", "chosen", "value"),
    [
        ({"problem": "mclp", "sites": 2}, ["c1", "c2"], 1360),
        ({"problem": "lscp"}, ["c1", "c2", "c3"], 3),
        ({"budget": 0}, [], 0),
        ({"budget": 10**15}, ["c1", "c2", "c3"], 1361),
        ({"budget": 10**15, "candidates": [{"id": f"c{n}", "cost": 10**15} for n in (1, 2, 3)]}, ["c1"], 860),
        (
            {"candidates": [{"id": f"c{n}", "cost": 0} for n in (1, 2, 3)], "budget": 0},
            ["c1", "c2", "c3"],
            1361,
        ),
        ({"locked_in": ["c2"]}, ["c2", "c3"], 501),
        ({"locked_out": ["c1"]}, ["c2", "c3"], 501),
        ({"pairs": []}, [], 0),
        ({"candidates": [], "demands": [], "pairs": []}, [], 0),
        ({"sites": 1}, ["c1", "c3"], 861),
        (
            {"problem": "pmedian", "sites": 1, "pairs": [["c1", d, 2] for d in ("d1", "d2", "d3")]},
            ["c1"],
            2722,
        ),
    ],
)
def test_what_is_unusual_but_right(change: dict[str, Any], chosen: list[str], value: int) -> None:
    result = run({**GOOD, **change}, "--gap", "0")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["chosen"], told["value"], told["bound"]) == (chosen, value, value)


def test_rules_that_collide_end_with_three() -> None:
    result = run({**GOOD, "locked_in": ["c1", "c2"]})
    assert result.exit_code == 3
    assert json.loads(result.stdout) == {
        "status": "infeasible",
        "rules": ["locked_in c1", "locked_in c2", "budget 460000"],
    }


BAD: list[tuple[Any, str]] = [
    ("", "JSON"),
    ("{", "JSON"),
    ("[" * 100_000, "JSON"),
    (b"\xff\xfe{}", "UTF-8"),
    ("[]", "đối tượng"),
    ({**GOOD, "problem": "tsp"}, "problem"),
    ({key: value for key, value in GOOD.items() if key != "problem"}, "problem"),
    ({key: value for key, value in GOOD.items() if key != "pairs"}, "pairs"),
    ({key: value for key, value in GOOD.items() if key != "demands"}, "demands"),
    ({key: value for key, value in GOOD.items() if key != "budget"}, "budget"),
    ({**GOOD, "problem": "mclp"}, "sites"),
    ({**GOOD, "candidates": {"id": "c1"}}, "candidates"),
    ({**GOOD, "candidates": [{"cost": 1}]}, "id"),
    ({**GOOD, "candidates": [{"id": 1.5, "cost": 1}]}, "id"),
    ({**GOOD, "candidates": [*GOOD["candidates"], {"id": "c1", "cost": 1}]}, "c1"),
    ({**GOOD, "candidates": [{"id": "c1"}]}, "cost"),
    ({**GOOD, "demands": [*GOOD["demands"], {"id": "d2"}]}, "d2"),
    ({**GOOD, "pairs": [["c9", "d1"]]}, "c9"),
    ({**GOOD, "pairs": [["c1", "d9"]]}, "d9"),
    ({**GOOD, "pairs": [["c1"]]}, "pairs"),
    ({**GOOD, "pairs": ["c1"]}, "pairs"),
    ({**GOOD, "pairs": [[["c1"], "d1"]]}, "pairs"),
    ({**GOOD, "pairs": [[True, "d1"]]}, "pairs"),
    ({**GOOD, "budget": -1}, "budget"),
    ({**GOOD, "budget": 1.5}, "budget"),
    ({**GOOD, "budget": "much"}, "budget"),
    ({**GOOD, "budget": None}, "budget"),
    ({**GOOD, "budget": 10**40}, "budget"),
    (json.dumps(GOOD).replace("460000", "NaN"), "NaN"),
    (json.dumps(GOOD).replace("460000", "Infinity"), "Infinity"),
    (json.dumps(GOOD).replace("460000", "1e999"), "budget"),
    (json.dumps(GOOD).replace('"weight": 860', '"weight": NaN'), "NaN"),
    (json.dumps(GOOD).replace('"weight": 860', '"weight": 860, "weight": 1'), "weight"),
    ({**GOOD, "demands": [{"id": "d1", "weight": -1}]}, "weight"),
    ({**GOOD, "demands": [{"id": "d1", "weight": "1"}]}, "weight"),
    ({**GOOD, "demands": [{"id": "d1", "weight": True}]}, "weight"),
    ({**GOOD, "candidates": [{"id": "c1", "cost": -1}]}, "cost"),
    ({**GOOD, "locked_in": ["c9"]}, "c9"),
    ({**GOOD, "locked_out": "c1"}, "locked_out"),
    ({**GOOD, "locked_in": [["c1"]]}, "locked_in"),
    ({**GOOD, "area_minimum": {"a9": 1}}, "a9"),
    ({**GOOD, "area_minimum": {"a1": -1}}, "area_minimum"),
    ({**GOOD, "area_minimum": ["a1"]}, "area_minimum"),
    ({**GOOD, "demands": [{"id": "d1", "area": ["x"]}]}, "area"),
    ({**GOOD, "problem": "pmedian", "sites": 1}, "pairs"),
    ({**GOOD, "problem": "pmedian", "sites": 1, "pairs": [["c1", "d1", -1]]}, "pairs"),
    ({**GOOD, "problem": "pmedian", "sites": 1, "pairs": [["c1", "d1", "near"]]}, "pairs"),
    ({**GOOD, "problem": "pmedian", "sites": 1, "pairs": [["c1", "d1", 10**400]]}, "pairs"),
    ({**GOOD, "problem": "pmedian", "sites": -1, "pairs": [["c1", "d1", 1]]}, "sites"),
]


@pytest.mark.parametrize(("made", "named"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_read_is_told_in_one_sentence(made: Any, named: str) -> None:
    result = run(made)
    assert result.exit_code == 2
    assert result.stdout == ""
    sentence = result.stderr.strip()
    assert named in sentence
    assert "\n" not in sentence
    assert "%(" not in sentence
    assert len(sentence) < 300


def test_a_file_that_is_not_there_is_told_too(tmp_path: Any) -> None:
    result = CliRunner().invoke(solve, [str(tmp_path / "none.json")])
    assert result.exit_code == 2
    assert "none.json" in result.stderr


def test_a_repeated_pair_of_a_median_counts_with_its_smaller_distance() -> None:
    made = {
        **GOOD,
        "problem": "pmedian",
        "sites": 1,
        "pairs": [["c1", "d1", 9], ["c1", "d1", 4], ["c1", "d2", 7]],
    }
    asked = read(json.dumps(made))
    assert asked.distance.tolist() == [4, 7]


def test_a_file_that_begins_with_a_byte_order_mark_is_read() -> None:
    assert read(b"\xef\xbb\xbf" + json.dumps(GOOD).encode()).budget == 460_000
    with pytest.raises(Malformed):
        read("\x00")


@pytest.mark.parametrize("problem", ["budget", "mclp", "lscp", "pmedian"])
def test_without_any_time_the_answer_is_still_true(problem: str) -> None:
    pairs = [[c, d, 3] for c in ("c1", "c2", "c3") for d in ("d1", "d2", "d3") if c[1] != d[1]]
    result = run({**GOOD, "problem": problem, "sites": 2, "pairs": pairs}, "--seconds", "0")
    told = json.loads(result.stdout)
    best = {"budget": 1361, "mclp": 1361, "lscp": 2, "pmedian": 4083}[problem]
    if problem in ("budget", "mclp"):
        assert told["value"] <= best <= told["bound"]
    else:
        assert told["bound"] <= best <= told["value"]


def test_no_site_serves_no_demand() -> None:
    made = {**GOOD, "problem": "pmedian", "sites": 0, "pairs": [["c1", d, 1] for d in ("d1", "d2", "d3")]}
    result = run(made, "--seconds", "0")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["rules"][-1] == "sites 0"
