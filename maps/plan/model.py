"""Offers and rules become the optimiser's arrays. Pure."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from maps.plan.offers import Offers
from maps.plan.rules import row
from maps.solve.model import DEMANDS, Model, Row


def model_of(
    offers: Offers, works: int, locks: tuple[Sequence[int], Sequence[int]], rows: tuple[Row, ...]
) -> Model:
    """The model with every want's weight; `works` is the budget of the lines."""
    start = np.cumsum([0, *(len(serves) for serves in offers.serves)], dtype=np.int64)
    pairs = [pair for serves in offers.serves for pair in serves]
    return Model(
        cost=_ints([one.cost for one in offers.candidates]),
        start=start,
        demand=_ints([want for want, _ in pairs]),
        units=_ints([units for _, units in pairs]),
        weight=np.array([float(want.weight) for want in offers.wants]),
        need=_ints([want.need for want in offers.wants]),
        budget=works,
        sites=None,
        locked_in=_ints(locks[0]),
        locked_out=_ints(locks[1]),
        rows=rows,
    )


def mandatory_only(model: Model, offers: Offers) -> Model:
    """The same model, in which only mandatory requirements count."""
    counted = np.array([want.mandatory for want in offers.wants], dtype=np.float64)
    return replace(model, weight=model.weight * counted)


def with_floor(model: Model, offers: Offers, value: float) -> Model:
    """The same model with what mandatory requirements reached in the first stage as a floor."""
    terms = [(n, float(want.weight)) for n, want in enumerate(offers.wants) if want.mandatory]
    return replace(model, rows=(*model.rows, row("mandatory", DEMANDS, terms, value, float("inf"))))


def _ints(values: Sequence[int]) -> "np.typing.NDArray[np.int64]":
    return np.array(values, dtype=np.int64)
