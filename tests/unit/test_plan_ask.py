"""What may be asked of a plan: budgets as offices write them, rules that make sense, one hash an input."""

import math

import pytest

from inventory.outcomes import Problem
from maps.plan.ask import MOST_MONEY, Ask, inputs_hash, problems, read, read_budget, words


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("500000000", 500_000_000),
        ("500.000.000", 500_000_000),
        (" 500.000.000 đ ", 500_000_000),
        ("500 triệu", 500_000_000),
        ("1,5 tỷ", 1_500_000_000),
        ("2 tỉ", 2_000_000_000),
        ("350.000 đồng", 350_000),
        ("1.000.000.000.000.000", MOST_MONEY),
    ],
)
def test_budgets_as_offices_write_them(text: str, amount: int) -> None:
    assert read_budget(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-5",
        "NaN",
        "inf",
        "1e9",
        "1,5",
        "12.34",
        "5 xu",
        "1.000.000.000.000.001",
        "٥٠٠",
        "9" * 50,
        "0 tỷ",
    ],
)
def test_budgets_that_are_none(text: str) -> None:
    found = read_budget(text)
    assert isinstance(found, Problem)
    assert found.field == "budget"


def test_a_sensible_ask_has_no_problem() -> None:
    assert problems(Ask(budget=1)) == ()
    assert problems(Ask(budget=MOST_MONEY, ward_min_share=3, ward_max_share=3, gap=0.0, seconds=600)) == ()


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (Ask(budget=0), "budget"),
        (Ask(budget=-1), "budget"),
        (Ask(budget=MOST_MONEY + 1), "budget"),
        (Ask(budget=1, ward_min_share=20, ward_max_share=10), "share"),
        (Ask(budget=1, ward_min_share=-1), "share"),
        (Ask(budget=1, ward_min_met=-1), "ward_min_met"),
        (Ask(budget=1, kind_limits=(("a", -1),)), "kind_limit"),
        (Ask(budget=1, gap=math.nan), "gap"),
        (Ask(budget=1, seconds=math.inf), "seconds"),
        (Ask(budget=1, locked_in=("x",), locked_out=("x",)), "locks"),
    ],
)
def test_what_cannot_be_asked(ask: Ask, code: str) -> None:
    assert [problem.code for problem in problems(ask)] == [code]


def test_an_ask_comes_back_from_its_words() -> None:
    ask = Ask(
        budget=5, name="Tên", kind_limits=(("a", 3),), funds=(2, 7), locked_in=("k",), locked_out=("l", "m")
    )
    assert read(words(ask)) == ask


def test_the_hash_is_of_the_inputs_and_not_of_the_name() -> None:
    one = inputs_hash(Ask(budget=5, name="a"), facts=1)
    assert one == inputs_hash(Ask(budget=5, name="b"), facts=1)
    assert one != inputs_hash(Ask(budget=6, name="a"), facts=1)
    assert one != inputs_hash(Ask(budget=5, name="a"), facts=2)
    assert len(one) == 64
