"""Campaigns: one election, its dates and the counter that says when its facts moved on."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Base


class Campaign(Base):
    """One election; `tree_date` says at which day its area tree is read."""

    __tablename__ = "campaign"
    __table_args__ = (CheckConstraint("decoration_deadline <= election_day", name="deadline"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    election_day: Mapped[date]
    decoration_deadline: Mapped[date]
    tree_date: Mapped[date]
    root_area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    pinned_today: Mapped[date | None]
    synthetic: Mapped[bool] = mapped_column(default=False)
    open: Mapped[bool] = mapped_column(default=True)
    facts_version: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class Milestone(Base):
    """A dated step of the election, as days from election day (negative before it)."""

    __tablename__ = "milestone"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    offset_days: Mapped[int]
    source: Mapped[str] = mapped_column(Text, default="")


class AreaFacts(Base):
    """The facts' counter of one area in one campaign, raised with the campaign's own."""

    __tablename__ = "area_facts"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
