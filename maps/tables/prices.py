"""Price books: versions of the unit prices, and their rows."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Dong, words
from inventory.database import Base
from inventory.vocabulary import LineAction


class PriceBook(Base):
    """One version of the unit prices; in force from its day, until a later version is."""

    __tablename__ = "price_book"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text, default="")
    price_date: Mapped[date]
    in_force_from: Mapped[date | None]
    vat_percent: Mapped[int] = mapped_column(default=10)
    vat_included: Mapped[bool] = mapped_column(default=False)
    contingency_percent: Mapped[int] = mapped_column(default=5)
    takedown_percent: Mapped[int] = mapped_column(default=10)
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)


class PriceRow(Base):
    """What one unit of a kind costs to buy, replace or repair, in whole đồng."""

    __tablename__ = "price_row"
    __table_args__ = (
        UniqueConstraint("book_id", "kind_code", "action"),
        CheckConstraint("unit_price >= 0", name="unit_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("price_book.id"))
    kind_code: Mapped[str] = mapped_column(ForeignKey("kind.code"))
    action: Mapped[LineAction] = mapped_column(words(LineAction))
    unit_price: Mapped[int] = mapped_column(Dong)
    low: Mapped[int | None] = mapped_column(Dong)
    high: Mapped[int | None] = mapped_column(Dong)
    per_m2: Mapped[bool] = mapped_column(default=False)
    unit_vi: Mapped[str] = mapped_column(String(32))
    unit_en: Mapped[str] = mapped_column(String(32), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    guess: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
