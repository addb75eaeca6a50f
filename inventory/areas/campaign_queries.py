"""Reads of campaigns and their milestones, as an admin sees them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from inventory.areas.rules import milestone_day
from inventory.database import db
from inventory.errors import Unseen
from inventory.tables.area import Area
from inventory.tables.campaign import Campaign, Milestone


@dataclass(frozen=True)
class MilestoneSeen:
    """A milestone with its computed day."""

    code: str
    name_vi: str
    name_en: str
    offset_days: int
    day: date
    source: str


@dataclass(frozen=True)
class CampaignLine:
    """A campaign as its admin sees it."""

    id: int
    code: str
    name: str
    election_day: date
    decoration_deadline: date
    tree_date: date
    root_area_id: int
    root_name: str
    pinned_today: date | None
    open: bool
    synthetic: bool
    version: int


def campaigns() -> tuple[CampaignLine, ...]:
    """Every campaign, the latest election first."""
    rows = db.session.execute(_campaigns().order_by(Campaign.election_day.desc(), Campaign.id.desc()))
    return tuple(CampaignLine(*row) for row in rows)


def campaign(campaign_id: int) -> CampaignLine:
    """One campaign. Raises Unseen."""
    row = db.session.execute(_campaigns().where(Campaign.id == campaign_id)).first()
    if row is None:
        raise Unseen("campaign", campaign_id)
    return CampaignLine(*row)


def _campaigns() -> Any:
    return select(
        Campaign.id,
        Campaign.code,
        Campaign.name,
        Campaign.election_day,
        Campaign.decoration_deadline,
        Campaign.tree_date,
        Campaign.root_area_id,
        Area.name,
        Campaign.pinned_today,
        Campaign.open,
        Campaign.synthetic,
        Campaign.version,
    ).join(Area, Area.id == Campaign.root_area_id)


def milestones(campaign_id: int, election_day: date) -> tuple[MilestoneSeen, ...]:
    """A campaign's milestones with their days, in the order of time."""
    rows = db.session.scalars(
        select(Milestone)
        .where(Milestone.campaign_id == campaign_id)
        .order_by(Milestone.offset_days, Milestone.code)
    )
    return tuple(
        MilestoneSeen(
            row.code,
            row.name_vi,
            row.name_en,
            row.offset_days,
            milestone_day(election_day, row.offset_days),
            row.source,
        )
        for row in rows
    )
