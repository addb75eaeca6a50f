"""Worlds for the tests of the plan: facts of tests/worlds.py with prices, gaps and a reach model."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from inventory.facts import Facts
from inventory.vocabulary import LineAction
from maps.coverage.rules import gaps
from maps.investment.lines import BookFact, PriceFact
from maps.plan.terms import World
from maps.planning.demand import points
from maps.planning.inputs import Inputs
from maps.reach import defaults
from maps.reach.reaching import Reach

TODAY = date(2021, 4, 19)
PRICES = {"banner_h": 350_000, "banner_v": 180_000, "flag": 55_000, "board": 2_800_000, "speaker": 6_500_000}
#: The data files' parameters under the kinds of tests/worlds.py.
_LIKE = {"speaker": "SPK_CLUSTER_FM", "banner_h": "BANNER_H", "banner_v": "BANNER_V", "board": "NOTICE_BOARD"}
_MODEL = defaults.model()
REACH = Reach(
    replace(_MODEL, kinds=tuple(replace(_MODEL.kind_of[like], code=code) for code, like in _LIKE.items()))
)


def book(prices: dict[Any, int] | None = None, **changes: Any) -> BookFact:
    """Prices without additions, unless changed; keys are kinds (bought) or (kind, action)."""
    rows = []
    for number, (key, amount) in enumerate((prices if prices is not None else PRICES).items(), start=1):
        kind, action = key if isinstance(key, tuple) else (key, LineAction.BUY)
        rows.append(PriceFact(number, kind, action, "cái", "piece", amount, False, "thử", True))
    values = {
        "id": 1, "number": 1, "name": "Sổ giá", "source": "thử", "price_date": "01/03/2021", "vat_percent": 0,
        "vat_included": False, "contingency_percent": 0, "takedown_percent": 0, "rows": tuple(rows),
    }  # fmt: skip
    return BookFact(**{**values, **changes})


def world(facts: Facts, /, book_: BookFact | None = None, inputs: Inputs | None = None, **_: Any) -> World:
    """The world of these facts today."""
    given = inputs or Inputs()
    return World(
        facts=facts,
        gaps=gaps(facts, REACH),
        book=book_ or book(),
        inputs=given,
        reach=REACH,
        points=points(facts, given.weights),
        today=TODAY,
    )


def keys(choices: Iterable[Any]) -> list[str]:
    """What is done, by key."""
    return sorted(one.key for one in choices)
