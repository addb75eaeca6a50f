"""Reads of price books: the versions of a campaign, one version with its rows, what has no price."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.errors import Unseen
from inventory.facts import KindFact
from inventory.snapshot import read_kinds
from inventory.vocabulary import LineAction
from maps.investment.pricing import default_face, half_up
from maps.prices.rules import BookWords, RowWords
from maps.tables.prices import PriceBook, PriceRow


@dataclass(frozen=True)
class BookSeen:
    """A version as lists print it. `in_force_from` None: a draft. `current`: in force today."""

    id: int
    number: int
    words: BookWords
    in_force_from: date | None
    version: int
    rows: int
    current: bool

    @property
    def draft(self) -> bool:
        """Whether it may still be changed."""
        return self.in_force_from is None


@dataclass(frozen=True)
class RowSeen:
    """A row with its kind. `whole` is what one thing costs where the price is by m²; None: unknown."""

    id: int
    words: RowWords
    version: int
    kind: KindFact
    whole: int | None


@dataclass(frozen=True)
class Book:
    """One version with its rows in the order of the taxonomy, and the kinds that nobody can buy."""

    seen: BookSeen
    rows: tuple[RowSeen, ...]
    without: tuple[KindFact, ...]


def books(campaign: CampaignSeen) -> tuple[BookSeen, ...]:
    """Every version of the campaign, the newest first."""
    counts = select(PriceRow.book_id, func.count().label("rows")).group_by(PriceRow.book_id).subquery()
    found = db.session.execute(
        select(PriceBook, func.coalesce(counts.c.rows, 0))
        .outerjoin(counts, counts.c.book_id == PriceBook.id)
        .where(PriceBook.campaign_id == campaign.id)
        .order_by(PriceBook.number.desc())
    ).all()
    current = _current((book for book, _rows in found), campaign.today)
    return tuple(_seen(book, rows, current) for book, rows in found)


def _current(found: Iterable[PriceBook], today: date) -> int | None:
    begun = [
        (book.in_force_from, book.number, book.id)
        for book in found
        if book.in_force_from is not None and book.in_force_from <= today
    ]
    return max(begun)[2] if begun else None


def _seen(book: PriceBook, rows: int, current: int | None) -> BookSeen:
    words = BookWords(
        book.name,
        book.source,
        book.price_date,
        book.vat_percent,
        book.vat_included,
        book.contingency_percent,
        book.takedown_percent,
        book.note,
    )
    return BookSeen(book.id, book.number, words, book.in_force_from, book.version, rows, book.id == current)


def one(campaign: CampaignSeen, book_id: int) -> BookSeen:
    """One version. Raises Unseen for those of other campaigns too."""
    found = next((book for book in books(campaign) if book.id == book_id), None)
    if found is None:
        raise Unseen("price_book", book_id)
    return found


def opened(seen: BookSeen) -> Book:
    """A version with its rows."""
    kinds = read_kinds(db.session())
    order = {kind.code: (place, kind) for place, kind in enumerate(kinds)}
    actions = list(LineAction)
    rows = [
        row_seen(row, order[row.kind_code][1])
        for row in db.session.scalars(select(PriceRow).where(PriceRow.book_id == seen.id))
    ]
    rows.sort(key=lambda row: (order[row.words.kind][0], actions.index(row.words.action)))
    bought = {row.words.kind for row in rows if row.words.action is LineAction.BUY}
    return Book(seen, tuple(rows), tuple(kind for kind in kinds if kind.code not in bought))


def row(seen: BookSeen, row_id: int) -> RowSeen:
    """One row of a version. Raises Unseen."""
    found = db.session.scalars(
        select(PriceRow).where(PriceRow.id == row_id, PriceRow.book_id == seen.id)
    ).first()
    if found is None:
        raise Unseen("price_row", row_id)
    kinds = {kind.code: kind for kind in read_kinds(db.session())}
    return row_seen(found, kinds[found.kind_code])


def row_seen(row: PriceRow, kind: KindFact) -> RowSeen:
    """A row as plain values."""
    face = default_face(kind) if row.per_m2 else None
    whole = half_up(face * row.unit_price) if face is not None else None
    return RowSeen(row.id, words_of(row), row.version, kind, whole)


def words_of(row: PriceRow) -> RowWords:
    """What a row says."""
    values: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    return RowWords(kind=row.kind_code, **values)


#: The columns of a row that have the names of RowWords' fields; its kind is `kind_code`.
COLUMNS = ("action", "unit_price", "per_m2", "unit_vi", "unit_en", "low", "high", "source", "guess")


def kinds() -> tuple[KindFact, ...]:
    """Every kind, in the order of the taxonomy."""
    return read_kinds(db.session())
