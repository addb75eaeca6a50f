"""The budget with all that is added to it, and who pays: no đồng too many, none unpaid."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.investment.lines import BookFact
from maps.plan.funds import hall_sets, split, totals, with_works_caps
from maps.plan.works import total_of, works_limit
from maps.planning.inputs import Fund
from tests.plan_ground import book

BOOKS = st.builds(
    lambda down, vat, held, spare: book(
        {}, takedown_percent=down, vat_percent=vat, vat_included=held, contingency_percent=spare
    ),
    *(st.integers(0, 100), st.integers(0, 20), st.booleans(), st.integers(0, 30)),
)


@given(BOOKS, st.integers(1, 10**15))
def test_the_works_limit_is_the_last_that_fits(prices: BookFact, budget: int) -> None:
    works = works_limit(prices, budget)
    assert total_of(prices, works) <= budget
    assert total_of(prices, works + 1) > budget


def fund(number: int, cap: int | None) -> Fund:
    return Fund(id=number, name=f"Nguồn {number}", cap=cap, position=number)


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.sets(st.integers(1, 3), min_size=1)), max_size=5),
    st.lists(st.none() | st.integers(0, 12), min_size=3, max_size=3),
)
def test_halls_conditions_hold_just_when_the_money_can_be_split(
    costs: list[tuple[int, set[int]]], caps: list[int | None]
) -> None:
    funds = [fund(number, cap) for number, cap in enumerate(caps, start=1)]
    amounts, payers = [cost for cost, _ in costs], [frozenset(who) for _, who in costs]
    holds = all(
        sum(cost for cost, who in zip(amounts, payers, strict=True) if who <= union) <= cap
        for union, cap in hall_sets(payers, funds)
    )
    paid = split(amounts, payers, funds)
    assert (paid is not None) == holds == possible(amounts, payers, caps)
    if paid is None:
        return
    for cost, who, row in zip(amounts, payers, paid, strict=True):
        assert sum(row.values()) == cost
        assert set(row) <= who
        assert all(amount > 0 for amount in row.values())
    for one in funds:
        assert one.cap is None or sum(row.get(one.id, 0) for row in paid) <= one.cap


def possible(amounts: list[int], payers: list[frozenset[int]], caps: list[int | None]) -> bool:
    """By looking at every set of funds (the max-flow min-cut condition, spelled out)."""
    for kept in product((False, True), repeat=3):
        chosen = {number for number in (1, 2, 3) if kept[number - 1]}
        money = [caps[number - 1] for number in chosen]
        if None in money:
            continue
        if sum(cost for cost, who in zip(amounts, payers, strict=True) if who <= chosen) > sum(
            one or 0 for one in money
        ):
            return False
    return True


def test_the_money_moves_aside_for_who_has_no_other_payer() -> None:
    funds = [fund(1, 10), fund(2, 10)]
    paid = split([10, 10], [frozenset({1, 2}), frozenset({1})], funds)
    assert paid == [{2: 10}, {1: 10}]


@given(BOOKS, st.lists(st.integers(0, 10**9), min_size=1, max_size=4))
def test_what_the_funds_pay_adds_up_to_the_total(prices: BookFact, works: list[int]) -> None:
    caps = [total_of(prices, one) + 3 * len(works) for one in works]
    funds = [fund(number, cap) for number, cap in enumerate(caps, start=1)]
    held = {one.id: one.cap or 0 for one in with_works_caps(funds, prices)}
    spent = {number: min(amount, held[number]) for number, amount in enumerate(works, start=1)}
    found = totals(spent, funds, prices)
    assert sum(found.values()) == total_of(prices, sum(spent.values()))
    assert all(found[one.id] <= (one.cap or 0) for one in funds)


def test_no_budget_is_no_works() -> None:
    assert works_limit(book(), 0) == 0


@pytest.mark.parametrize("budget", [1, 1_000_000, 10**15])
def test_without_additions_the_budget_is_the_works(budget: int) -> None:
    assert works_limit(book(), budget) == budget
