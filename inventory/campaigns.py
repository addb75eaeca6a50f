"""The campaign of a request, its standard in force, and the counters that say when facts moved on."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from inventory.clock import now, today_of
from inventory.database import db
from inventory.tables.campaign import AreaFacts, Campaign
from inventory.tables.standard import Standard

# One statement, so that two people's first changes in a ward cannot collide.
_RAISE = text(
    "INSERT INTO area_facts (campaign_id, area_id, version) VALUES (:campaign, :area, 1) "
    "ON CONFLICT (campaign_id, area_id) DO UPDATE SET version = area_facts.version + 1"
)


@dataclass(frozen=True)
class CampaignSeen:
    """The campaign as every page needs it; `today` is pinned in a demo."""

    id: int
    code: str
    name: str
    election_day: date
    decoration_deadline: date
    tree_date: date
    root_area_id: int
    today: date
    pinned: bool
    synthetic: bool

    @property
    def days_left(self) -> int:
        """Whole days to the decoration deadline; negative when it has passed."""
        return (self.decoration_deadline - self.today).days


#: Asked at every request: made once. No campaign has the number 0.
_OF_REQUEST = (
    select(Campaign)
    .order_by(
        *((Campaign.id == bindparam("chosen")).desc(), Campaign.open.desc()),
        *(Campaign.election_day.desc(), Campaign.id),
    )
    .limit(1)
)


def current(session: Session, chosen: int | None = None) -> CampaignSeen | None:
    """The chosen campaign, or the open one with the latest election day; None before there is one."""
    # A cookie may name a campaign of a database that has been replaced since.
    row = session.scalars(_OF_REQUEST, {"chosen": chosen or 0}).first()
    return _seen(row) if row is not None else None


def of_code(session: Session, code: str) -> tuple[CampaignSeen, bool] | None:
    """The campaign of a code, and whether it is open; None when there is none."""
    row = session.scalars(select(Campaign).where(Campaign.code == code)).first()
    return (_seen(row), row.open) if row is not None else None


def of_id(session: Session, campaign_id: int) -> tuple[CampaignSeen, bool]:
    """The campaign of an id that a row refers to, and whether it is open."""
    row = session.get_one(Campaign, campaign_id)
    return _seen(row), row.open


def _seen(row: Campaign) -> CampaignSeen:
    return CampaignSeen(
        id=row.id,
        code=row.code,
        name=row.name,
        election_day=row.election_day,
        decoration_deadline=row.decoration_deadline,
        tree_date=row.tree_date,
        root_area_id=row.root_area_id,
        today=today_of(row.pinned_today, now()),
        pinned=row.pinned_today is not None,
        synthetic=row.synthetic,
    )


def standard_in_force(session: Session, campaign_id: int, day: date) -> int | None:
    """The id of the standard in force on a day: the latest whose day has come."""
    return session.scalar(
        select(Standard.id)
        .where(Standard.campaign_id == campaign_id, Standard.in_force_from <= day)
        .order_by(Standard.in_force_from.desc(), Standard.number.desc())
        .limit(1)
    )


def facts_moved(campaign_id: int, *area_ids: int) -> None:
    """Raise the campaign's counter and those of the areas, in the transaction of the change."""
    db.session.execute(
        update(Campaign).where(Campaign.id == campaign_id).values(facts_version=Campaign.facts_version + 1)
    )
    for area_id in sorted(set(area_ids)):
        db.session.execute(_RAISE, {"campaign": campaign_id, "area": area_id})


def facts_versions(session: Session, campaign_id: int) -> dict[int, int]:
    """The counter of every area of a campaign that has one."""
    rows = session.execute(
        select(AreaFacts.area_id, AreaFacts.version).where(AreaFacts.campaign_id == campaign_id)
    )
    return {row.area_id: row.version for row in rows}
