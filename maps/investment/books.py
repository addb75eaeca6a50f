"""The price book in force, read as the plain values that the rules take."""

from sqlalchemy import select

from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.wording import day
from maps.investment.lines import BookFact, PriceFact
from maps.tables import PriceBook, PriceRow


def in_force(campaign: CampaignSeen) -> BookFact | None:
    """The book in force on the campaign's today: the latest whose day has come; None without one."""
    book = db.session.scalars(
        select(PriceBook)
        .where(PriceBook.campaign_id == campaign.id, PriceBook.in_force_from <= campaign.today)
        .order_by(PriceBook.in_force_from.desc(), PriceBook.number.desc())
        .limit(1)
    ).first()
    return _fact(book) if book is not None else None


def _fact(book: PriceBook) -> BookFact:
    row = PriceRow
    rows = db.session.execute(
        select(
            row.id,
            row.kind_code,
            row.action,
            row.unit_vi,
            row.unit_en,
            row.unit_price,
            row.per_m2,
            row.source,
            row.guess,
        )
        .where(row.book_id == book.id)
        .order_by(row.id)
    )
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
        rows=tuple(PriceFact(*columns) for columns in rows),
    )
