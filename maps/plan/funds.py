"""Sources of money: when their caps suffice, and who pays what. Pure, whole đồng.

Costs can be paid by the funds if and only if, for every set S of funds, what only S may pay is at
most what S holds (Hall 1935, in the form for flows: Gale 1957). Those conditions are the rows of
the model; sets that no candidate's payers make up by union add nothing and are left out. A choice
that keeps them is then split by augmenting paths (Ford and Fulkerson 1956), which stay whole.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from maps.investment.lines import BookFact
from maps.plan.works import total_of, works_limit
from maps.planning.inputs import Fund

Payers = frozenset[int]

#: More limited sources than this would need too many conditions.
MOST_LIMITED = 8
#: Each of the three additions is rounded by itself for every fund: so many đồng they may differ.
_ROUNDED = 3


def hall_sets(payers: Sequence[Payers], funds: Sequence[Fund]) -> list[tuple[Payers, int]]:
    """Every union of payers without an unlimited fund, with the sum of its funds' caps."""
    caps = {fund.id: fund.cap for fund in funds}
    single = {one for one in payers if one and all(caps[number] is not None for number in one)}
    unions: set[Payers] = set()
    for one in sorted(single, key=sorted):
        unions |= {one} | {other | one for other in unions}
    return [
        (union, sum(caps[number] or 0 for number in union))
        for union in sorted(unions, key=lambda u: sorted(u))
    ]


def with_works_caps(funds: Sequence[Fund], book: BookFact) -> tuple[Fund, ...]:
    """The funds with what their caps leave for lines, so that each also pays for what is added to them."""
    margin = _ROUNDED * len(funds)
    return tuple(
        fund if fund.cap is None else replace(fund, cap=works_limit(book, max(0, fund.cap - margin)))
        for fund in funds
    )


def split(
    costs: Sequence[int], payers: Sequence[Payers], funds: Sequence[Fund]
) -> list[dict[int, int]] | None:
    """Who pays how much of each cost, the funds in their order; None when their caps do not suffice."""
    left: dict[int, int | None] = {fund.id: fund.cap for fund in funds}
    order = [fund.id for fund in funds]
    paid: list[dict[int, int]] = [{} for _ in costs]
    for number, cost in enumerate(costs):
        while cost > 0:
            path = _path(number, payers, paid, left, order)
            if path is None:
                return None
            cost -= _pay(path, cost, paid, left)
    return [{fund: amount for fund, amount in row.items() if amount} for row in paid]


def _path(
    number: int,
    payers: Sequence[Payers],
    paid: Sequence[Mapping[int, int]],
    left: Mapping[int, int | None],
    order: Sequence[int],
) -> list[tuple[int, int]] | None:
    """(line, fund) steps from a line to a fund with money left: each line moves what the next fund paid."""
    came: dict[int, tuple[int, int | None]] = {}
    queue: deque[tuple[int, int | None]] = deque([(number, None)])
    seen = {number}
    while queue:
        line, behind = queue.popleft()
        for fund in order:
            if fund not in payers[line] or fund in came:
                continue
            came[fund] = line, behind
            money = left[fund]
            if money is None or money > 0:
                return _back(fund, came)
            for other, row in enumerate(paid):
                if other not in seen and row.get(fund, 0) > 0:
                    seen.add(other)
                    queue.append((other, fund))
    return None


def _back(fund: int, came: Mapping[int, tuple[int, int | None]]) -> list[tuple[int, int]]:
    path = []
    step: int | None = fund
    while step is not None:
        line, behind = came[step]
        path.append((line, step))
        step = behind
    return path


def _pay(
    path: Sequence[tuple[int, int]], cost: int, paid: list[dict[int, int]], left: dict[int, int | None]
) -> int:
    """Move as much as the path bears; answers how much of the cost it pays."""
    money = left[path[0][1]]
    amount = cost if money is None else min(cost, money)
    for (line, _), (_, before) in pairwise(path):
        amount = min(amount, paid[line][before])
    for at, (line, fund) in enumerate(path):
        paid[line][fund] = paid[line].get(fund, 0) + amount
        if at + 1 < len(path):
            paid[line][path[at + 1][1]] -= amount
    if money is not None:
        left[path[0][1]] = money - amount
    return amount


def totals(works: Mapping[int, int], funds: Sequence[Fund], book: BookFact) -> dict[int, int]:
    """What each fund pays with its share of the additions; the sum is the plan's total, to the đồng."""
    found = {fund.id: total_of(book, works.get(fund.id, 0)) for fund in funds}
    apart = total_of(book, sum(works.values())) - sum(found.values())
    caps = {fund.id: fund.cap for fund in funds}
    step = 1 if apart > 0 else -1
    for fund in [fund.id for fund in funds if works.get(fund.id, 0)] * abs(apart):
        cap = caps[fund]
        if apart and (step < 0 or cap is None or found[fund] < cap):
            found[fund] += step
            apart -= step
    return found
