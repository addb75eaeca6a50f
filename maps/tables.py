"""Tables of what the city derives: price books, coverage runs and their gaps."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Dong, Json, Serial, Uuid, words
from inventory.database import Base
from inventory.vocabulary import GapReason, LineAction


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


class CoverageRun(Base):
    """One computation of all gaps of a campaign, from one snapshot of the facts.

    `store` are the usable units that lay in store, as [area id, kind, units]: what is priced for a
    run stays what it was, whatever is taken from the store later.
    """

    __tablename__ = "coverage_run"
    __table_args__ = (Index(None, "campaign_id", "number"), UniqueConstraint("campaign_id", "number"))

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    facts_version: Mapped[int]
    area_versions: Mapped[dict[str, Any]] = mapped_column(Json)
    store: Mapped[list[Any]] = mapped_column(Json)
    read_at: Mapped[datetime]
    campaign_day: Mapped[date]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    seconds: Mapped[float]


class CoverageGap(Base):
    """One stored Gap (maps/coverage/gaps.py says what each figure means)."""

    __tablename__ = "coverage_gap"
    __table_args__ = (
        Index(None, "run_id", "area_id"),
        Index(None, "run_id", "place_id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("coverage_run.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    mandatory: Mapped[bool]
    answered: Mapped[bool]
    needed: Mapped[int]
    voters_unknown: Mapped[bool]
    standing: Mapped[int]
    working: Mapped[int]
    verified: Mapped[int]
    missing_reported: Mapped[int]
    missing_verified: Mapped[int]
    reason_reported: Mapped[GapReason | None] = mapped_column(words(GapReason))
    reason_verified: Mapped[GapReason | None] = mapped_column(words(GapReason))
    nearest_installation_id: Mapped[str | None] = mapped_column(Uuid)
    nearest_m: Mapped[float | None]
    stored: Mapped[int]
    repairable: Mapped[int]
    broken: Mapped[list[Any]] = mapped_column(Json)
    voters: Mapped[int | None]
