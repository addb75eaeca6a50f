"""Prices: one row of the book for a kind and an action, whole đồng for one unit, and what is added.

All arithmetic is on integers and fractions; each amount is rounded once, half up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from inventory.facts import KindFact
from inventory.vocabulary import LineAction
from inventory.wording import percent as per_cent
from maps.investment.lines import Addition, AdditionCode, BookFact, PriceFact, Sentence, sentence

#: Where the price of an action is looked for: a replacement without a row of its own is a purchase.
_LOOKED_FOR = {
    LineAction.BUY: (LineAction.BUY,),
    LineAction.REPLACE: (LineAction.REPLACE, LineAction.BUY),
    LineAction.REPAIR: (LineAction.REPAIR,),
}


@dataclass(frozen=True)
class UnitPrice:
    """Đồng for one unit of a kind, with the row that says so."""

    amount: int
    row: PriceFact


def half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes up."""
    return (value + Fraction(1, 2)).__floor__()


def percent_of(base: int, percent: int) -> int:
    """`percent` of `base` đồng."""
    return half_up(Fraction(base * percent, 100))


class Prices:
    """The price book in force, asked by kind and action."""

    def __init__(self, rows: Iterable[PriceFact], kinds: Mapping[str, KindFact]) -> None:
        self._kinds = kinds
        self._rows: dict[tuple[str, LineAction], PriceFact] = {}
        for row in sorted(rows, key=lambda row: row.id):
            self._rows.setdefault((row.kind, row.action), row)

    def has(self, kind: str, action: LineAction) -> bool:
        """Does the book have a row of its own for this?"""
        return (kind, action) in self._rows

    def of(self, kind: str, action: LineAction) -> UnitPrice | None:
        """What one unit costs. None: no row, or a price by m² of a kind without a default face."""
        found = (self._rows.get((kind, looked)) for looked in _LOOKED_FOR[action])
        row = next((row for row in found if row is not None), None)
        if row is None:
            return None
        if not row.per_m2:
            return UnitPrice(row.unit_price, row)
        face = default_face(self._kinds[kind])
        return None if face is None else UnitPrice(half_up(face * row.unit_price), row)


def default_face(kind: KindFact) -> Fraction | None:
    """The kind's default face in m², exactly as its sides are written; None where a side is unknown."""
    width, height = kind.default_width_m, kind.default_height_m
    if width is None or height is None or width <= 0 or height <= 0:
        return None
    return Fraction(str(width)) * Fraction(str(height))


def additions(book: BookFact, works: int) -> tuple[Addition, ...]:
    """What is added to the works, in this order; every amount has its own base.

    Taking down is a share of the works; VAT is on the works and the taking down; contingency is on
    all of it, VAT included, as Vietnamese estimates have it [guess: the city may order otherwise].
    A percentage of 0 prints no line. When the unit prices hold VAT, its line says so and is 0.
    """
    found = []
    takedown = percent_of(works, book.takedown_percent)
    if book.takedown_percent:
        label = _label(AdditionCode.TAKEDOWN, book.takedown_percent)
        found.append(Addition(AdditionCode.TAKEDOWN, label, book.takedown_percent, works, takedown))
    base = works + takedown
    vat = 0 if book.vat_included else percent_of(base, book.vat_percent)
    if book.vat_included:
        label = sentence("Thuế giá trị gia tăng: đã gồm trong đơn giá")
        found.append(Addition(AdditionCode.VAT, label, book.vat_percent, base, 0, included=True))
    elif book.vat_percent:
        label = _label(AdditionCode.VAT, book.vat_percent)
        found.append(Addition(AdditionCode.VAT, label, book.vat_percent, base, vat))
    if book.contingency_percent:
        base += vat
        label = _label(AdditionCode.CONTINGENCY, book.contingency_percent)
        amount = percent_of(base, book.contingency_percent)
        found.append(Addition(AdditionCode.CONTINGENCY, label, book.contingency_percent, base, amount))
    return tuple(found)


def _label(code: AdditionCode, percent: int) -> Sentence:
    share = per_cent(percent / 100)
    if code is AdditionCode.TAKEDOWN:
        return sentence("Chi phí tháo dỡ (%(percent)s)", percent=share)
    if code is AdditionCode.VAT:
        return sentence("Thuế giá trị gia tăng (%(percent)s)", percent=share)
    return sentence("Dự phòng (%(percent)s)", percent=share)
