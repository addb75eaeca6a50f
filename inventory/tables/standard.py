"""Standards: what each place must have, versioned; a version is never changed after it is in force."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Json, words
from inventory.database import Base
from inventory.vocabulary import AppliesTo, Family, Zone


class Standard(Base):
    """One version; in force from its day, until a later version is."""

    __tablename__ = "standard"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    in_force_from: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)


class Requirement(Base):
    """One row of a standard (design §6). `area_kinds` / `venue_kinds` empty = for all.

    With `by_reach` a thing counts where the place lies within its reach by the model in force.
    """

    __tablename__ = "requirement"
    __table_args__ = (
        UniqueConstraint("standard_id", "code"),
        CheckConstraint("minimum >= 0", name="minimum"),
        CheckConstraint("per_voters IS NULL OR per_voters > 0", name="per_voters"),
        CheckConstraint("within_m IS NULL OR within_m > 0", name="within_m"),
        CheckConstraint("NOT by_reach OR (within_m IS NULL AND applies_to = 'place')", name="by_reach"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    code: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    applies_to: Mapped[AppliesTo] = mapped_column(words(AppliesTo))
    zone: Mapped[Zone] = mapped_column(words(Zone))
    family: Mapped[Family] = mapped_column(words(Family))
    kind_code: Mapped[str | None] = mapped_column(ForeignKey("kind.code"))
    priced_kind_code: Mapped[str] = mapped_column(ForeignKey("kind.code"))
    minimum: Mapped[int]
    per_voters: Mapped[int | None]
    within_m: Mapped[float | None]
    by_reach: Mapped[bool] = mapped_column(default=False, server_default=false())
    mandatory: Mapped[bool] = mapped_column(default=True)
    area_kinds: Mapped[list[Any]] = mapped_column(Json, default=list)
    venue_kinds: Mapped[list[Any]] = mapped_column(Json, default=list)
    source: Mapped[str] = mapped_column(Text, default="")
    guess: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
