"""Areas as a dated tree; predecessors many-to-many because units merge and split."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Json, words
from inventory.database import Base
from inventory.vocabulary import AreaKind


class Area(Base):
    """One administrative unit in one period of validity; codes were reused in 2025."""

    __tablename__ = "area"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16))
    kind: Mapped[AreaKind] = mapped_column(words(AreaKind))
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    folded: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    boundary: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    population: Mapped[int | None]
    population_estimated: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(String(120), default="")
    version: Mapped[int] = mapped_column(default=1)


class AreaParent(Base):
    """A dated edge of the tree."""

    __tablename__ = "area_parent"
    __table_args__ = (Index(None, "parent_id"),)

    child_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]


class AreaPredecessor(Base):
    """Which unit (or a part of which) a unit was formed from."""

    __tablename__ = "area_predecessor"

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)
    whole: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str] = mapped_column(Text, default="")


class WardDeclaration(Base):
    """A ward lead's dated word that the ward's survey is complete; it never blocks anything."""

    __tablename__ = "ward_declaration"
    __table_args__ = (Index(None, "campaign_id", "area_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
