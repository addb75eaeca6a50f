"""The inputs of planning: free sites, zones, weights, funds, and how soon and how long kinds are there."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Dong, Json, words
from inventory.database import Base
from maps.planning.inputs import Duty, LifeIn, ZoneRule
from maps.planning.weights import WeightOn


class PlanSite(Base):
    """A spot that is no polling place, where a plan may, must or must not put something."""

    __tablename__ = "plan_site"
    __table_args__ = (Index(None, "campaign_id", "area_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    name: Mapped[str] = mapped_column(String(200))
    lat: Mapped[float]
    lon: Mapped[float]
    families: Mapped[list[Any]] = mapped_column(Json)
    kinds: Mapped[list[Any]] = mapped_column(Json)
    duty: Mapped[Duty] = mapped_column(words(Duty))
    note: Mapped[str] = mapped_column(Text, default="")
    synthetic: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class PlanZoneRow(Base):
    """A polygon in which nothing new may stand, or at least so many new things must.

    `boundary` is GeoJSON text and not JSON: a plan's hash covers it letter by letter.
    """

    __tablename__ = "plan_zone"
    __table_args__ = (
        Index(None, "campaign_id"),
        CheckConstraint("minimum >= 0", name="minimum"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    name: Mapped[str] = mapped_column(String(200))
    rule: Mapped[ZoneRule] = mapped_column(words(ZoneRule))
    boundary: Mapped[str] = mapped_column(Text)
    minimum: Mapped[int] = mapped_column(default=0)
    families: Mapped[list[Any]] = mapped_column(Json)
    kinds: Mapped[list[Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text, default="")
    synthetic: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class DemandWeight(Base):
    """How much one voter counts; `subject` is the id of a place or an area, or the word of a kind."""

    __tablename__ = "demand_weight"
    __table_args__ = (
        UniqueConstraint("campaign_id", "on", "subject"),
        CheckConstraint("factor > 0", name="factor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    on: Mapped[WeightOn] = mapped_column(words(WeightOn))
    subject: Mapped[str] = mapped_column(String(40))
    factor: Mapped[float]
    reason: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    guess: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class FundRow(Base):
    """A source of money; `cap` is whole đồng, none where it is not limited."""

    __tablename__ = "fund"
    __table_args__ = (
        Index(None, "campaign_id", "position"),
        CheckConstraint("cap IS NULL OR cap >= 0", name="cap"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    name: Mapped[str] = mapped_column(String(200))
    cap: Mapped[int | None] = mapped_column(Dong)
    families: Mapped[list[Any]] = mapped_column(Json)
    kinds: Mapped[list[Any]] = mapped_column(Json)
    areas: Mapped[list[Any]] = mapped_column(Json)
    position: Mapped[int]
    source: Mapped[str] = mapped_column(Text, default="")
    synthetic: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class KindSupply(Base):
    """How soon a kind hangs after the order, how long it serves, how many a campaign may get."""

    __tablename__ = "kind_supply"
    __table_args__ = (
        UniqueConstraint("campaign_id", "kind_code"),
        CheckConstraint("lead_days IS NULL OR lead_days >= 0", name="lead_days"),
        CheckConstraint("life IS NULL OR life > 0", name="life"),
        CheckConstraint("most IS NULL OR most >= 0", name="most"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind_code: Mapped[str] = mapped_column(ForeignKey("kind.code"))
    lead_days: Mapped[int | None]
    life: Mapped[int | None]
    life_in: Mapped[LifeIn] = mapped_column(words(LifeIn))
    most: Mapped[int | None]
    source: Mapped[str] = mapped_column(Text, default="")
    guess: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
