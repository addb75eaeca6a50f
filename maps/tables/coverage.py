"""Coverage runs and their gaps."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Json, Serial, Uuid, words
from inventory.database import Base
from inventory.vocabulary import GapReason


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
