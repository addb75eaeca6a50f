"""Lines of the investment list: the values that screen, XLSX and CSV all show.

Money is integer đồng. One list has priced lines, lines without a price row, and lines to verify
or to survey; only priced lines enter the total (design §6).
"""

from dataclasses import dataclass

from inventory.vocabulary import GapReason, LineAction


@dataclass(frozen=True)
class PriceFact:
    """A row of the price book in force. `unit_price` is đồng for one `unit_vi` of the kind.

    `per_m2` prices are multiplied by the kind's default face (m²), rounded once per unit.
    """

    id: int
    kind: str
    action: LineAction
    unit_vi: str
    unit_en: str
    unit_price: int
    per_m2: bool
    source: str
    guess: bool


@dataclass(frozen=True)
class BookFact:
    """The price book in force: percentages are whole per cent; None prints no line."""

    id: int
    number: int
    name: str
    source: str
    price_date: str
    vat_percent: int
    vat_included: bool
    contingency_percent: int
    takedown_percent: int
    rows: tuple[PriceFact, ...]


@dataclass(frozen=True)
class Line:
    """One line. `unit_price` and `amount` are None where no price row is known or none applies."""

    action: LineAction
    area_id: int
    area_name: str
    place_id: int | None
    place_name: str
    requirement_id: int
    requirement: str
    kind: str
    kind_name: str
    mandatory: bool
    voters: int | None
    quantity: int
    unit: str
    unit_price: int | None
    price_source: str
    price_guess: bool
    amount: int | None
    from_store: int
    reason: GapReason | None
    why: str
    nearest_m: float | None
    synthetic: bool


@dataclass(frozen=True)
class Subtotal:
    """Sum of the priced lines of one ward, in đồng."""

    area_id: int
    area_name: str
    lines: int
    amount: int


@dataclass(frozen=True)
class InvestmentList:
    """The whole list; `total` = works + VAT + taking down + contingency, in đồng."""

    priced: tuple[Line, ...]
    unpriced: tuple[Line, ...]
    to_verify: tuple[Line, ...]
    to_survey: tuple[Line, ...]
    subtotals: tuple[Subtotal, ...]
    works: int
    takedown: int
    contingency: int
    vat: int
    total: int


