"""Lines of the investment list: the values that screen, XLSX and CSV all show.

Money is integer đồng. One list has priced lines, lines without a price row, and lines to verify
or to survey; only priced lines enter the total (design §6). What is added to them (taking down,
VAT, contingency) are priced lines of their own.
"""

from dataclasses import dataclass
from enum import StrEnum

from inventory.vocabulary import Figure, GapReason, LineAction


@dataclass(frozen=True)
class Sentence:
    """A whole sentence that is translated where it is shown.

    `message` is a msgid in Vietnamese with `%(name)s` placeholders; `values` fill them and are
    already written for people (numbers and distances in the language of the list).
    """

    message: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def vi(self) -> str:
        """The sentence in Vietnamese, for files."""
        return self.message % dict(self.values)


def sentence(message: str, **values: str) -> Sentence:
    """A sentence with its values; its first argument is a msgid."""
    return Sentence(message, tuple(values.items()))


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
    """The price book in force: percentages are whole per cent; 0 prints no line."""

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
    """One line. `unit_price` and `amount` are None where no price row is known or none applies.

    `quantity` is what the money buys; `from_store` units come from the ward's store and `shared`
    units from another line at the same venue, so that over the lines of one gap
    quantity + from_store + shared = missing. A survey line stands for a whole place or ward: its
    quantity counts the unanswered requirements, and its requirement and kind are empty. `spot` is ""
    but for a plan's lines, of which one place may have several that differ in where they stand.
    """

    action: LineAction
    area_id: int
    area_code: str
    area_name: str
    place_id: int | None
    place_number: int | None
    place_name: str
    venue_name: str
    requirement_id: int | None
    requirement: str
    kind: str
    kind_name: str
    mandatory: bool
    voters: int | None
    quantity: int
    unit: str
    unit_price: int | None
    price_id: int | None
    price_source: str
    price_guess: bool
    amount: int | None
    from_store: int
    shared: int
    reason: GapReason | None
    why: tuple[Sentence, ...]
    nearest_m: float | None
    synthetic: bool
    spot: str = ""

    @property
    def why_vi(self) -> str:
        """Why the line is there, in Vietnamese, for files."""
        return " ".join(one.vi for one in self.why)


@dataclass(frozen=True)
class Subtotal:
    """Sum of the priced lines of one ward, in đồng."""

    area_id: int
    area_code: str
    area_name: str
    lines: int
    amount: int


class AdditionCode(StrEnum):
    """What is added to the works, in the order in which it is added."""

    TAKEDOWN = "takedown"
    VAT = "vat"
    CONTINGENCY = "contingency"


@dataclass(frozen=True)
class Addition:
    """A priced line of its own: `amount` = `percent` of `base`, both đồng, rounded once, half up.

    `included` says that the unit prices hold it already; its amount is then 0.
    """

    code: AdditionCode
    label: Sentence
    percent: int
    base: int
    amount: int
    included: bool = False


@dataclass(frozen=True)
class InvestmentList:
    """The whole list. `works` = sum of `priced`; `total` = `works` + every addition, in đồng.

    `covered` are gaps that need no money: the ward's store or a shared venue closes them.
    """

    figure: Figure
    priced: tuple[Line, ...]
    unpriced: tuple[Line, ...]
    covered: tuple[Line, ...]
    to_verify: tuple[Line, ...]
    to_survey: tuple[Line, ...]
    subtotals: tuple[Subtotal, ...]
    works: int
    additions: tuple[Addition, ...]
    total: int

    def added(self, code: AdditionCode) -> int:
        """The amount of one addition in đồng, 0 where the list has no such line."""
        return sum(addition.amount for addition in self.additions if addition.code is code)
