"""The price book in force, read as the plain values that the rules take."""

from typing import Any

from sqlalchemy import ColumnElement, select

from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.wording import day
from maps.investment.lines import BookFact, PriceFact
from maps.tables.prices import PriceBook, PriceRow


def in_force(campaign: CampaignSeen) -> BookFact | None:
    """The book in force on the campaign's today: the latest whose day has come; None without one."""
    latest = (
        select(PriceBook.id)
        .where(PriceBook.campaign_id == campaign.id, PriceBook.in_force_from <= campaign.today)
        .order_by(PriceBook.in_force_from.desc(), PriceBook.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return _read(PriceBook.id == latest)


def of_id(campaign: CampaignSeen, book_id: int) -> BookFact | None:
    """One book of the campaign, whichever is in force now; for what was made with it."""
    return _read(PriceBook.id == book_id, PriceBook.campaign_id == campaign.id)


def _read(*conditions: ColumnElement[bool]) -> BookFact | None:
    row = PriceRow
    columns = (
        *(row.id, row.kind_code, row.action, row.unit_vi, row.unit_en),
        *(row.unit_price, row.per_m2, row.source, row.guess),
    )
    found = db.session.execute(
        select(PriceBook, *columns)
        .outerjoin(row, row.book_id == PriceBook.id)
        .where(*conditions)
        .order_by(row.id)
    ).all()
    if not found:
        return None
    prices = tuple(_price(*columns) for _book, *columns in found if columns[0] is not None)
    return _fact(found[0][0], prices)


def _price(*columns: Any) -> PriceFact:
    return PriceFact(*columns)


def _fact(book: PriceBook, rows: tuple[PriceFact, ...]) -> BookFact:
    return BookFact(
        id=book.id,
        number=book.number,
        name=book.name,
        source=book.source,
        price_date=day(book.price_date),
        vat_percent=book.vat_percent,
        vat_included=book.vat_included,
        contingency_percent=book.contingency_percent,
        takedown_percent=book.takedown_percent,
        rows=rows,
    )
