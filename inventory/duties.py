"""Duties: what waits for a person, counted within what they see; the home pages in maps/ ask here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, literal_column, select, union
from sqlalchemy.orm import Session, aliased

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.clock import now
from inventory.tables.area import Area, WardDeclaration
from inventory.tables.campaign import Campaign
from inventory.tables.field import FieldEntry, ReusedEntry
from inventory.tables.installation import Installation, Review
from inventory.tables.kind import Kind
from inventory.tables.person import Person, SessionRow
from inventory.tables.place import ImportBatch, Place, Venue
from inventory.tables.survey import Survey
from inventory.tables.trail import TrailLine
from inventory.vocabulary import WARD_KINDS, ReturnReason, ReviewState, Zone
from inventory.wording import vietnamese_key

#: What a phone said of a thing that never came is a case after so long (inventory/sync/rules.py).
ORPHAN_AFTER = timedelta(days=5)
#: A session that was seen within this time counts as in use.
RECENT = timedelta(hours=12)


@dataclass(frozen=True)
class Progress:
    """How far a ward's survey is: places with a finished visit of all; the last declaration."""

    area_id: int
    name: str
    places: int
    surveyed: int
    declared_at: datetime | None


@dataclass(frozen=True)
class Returned:
    """An installation that the office sent back, with its reason."""

    id: str
    name_vi: str
    name_en: str
    zone: Zone | None
    venue_name: str
    reason: ReturnReason | None
    text: str


@dataclass(frozen=True)
class Queue:
    """What waits for the office in a ward, and since when."""

    area_id: int
    name: str
    waiting: int
    oldest: datetime


@dataclass(frozen=True)
class Imported:
    """A list of places that was taken in."""

    name: str
    at: datetime
    who: str


@dataclass(frozen=True)
class Line:
    """A trail line as the auditor's home prints it."""

    number: int
    at: datetime
    who: str
    act: str
    subject: str
    subject_id: str


@dataclass(frozen=True)
class Service:
    """What an admin looks after; nothing of the business."""

    people: tuple[tuple[str, int], ...]
    sessions: int
    areas: int
    campaigns: int


def progress(session: Session, actor: Actor, campaign: CampaignSeen) -> tuple[Progress, ...]:
    """Every ward that the actor sees, by name."""
    visited = (
        select(Survey.place_id)
        .where(Survey.campaign_id == campaign.id, Survey.finished_at.is_not(None))
        .distinct()
        .subquery()
    )
    declared = (
        select(func.max(WardDeclaration.at))
        .where(WardDeclaration.area_id == Area.id, WardDeclaration.campaign_id == campaign.id)
        .scalar_subquery()
    )
    tree = scope.below(frozenset({campaign.root_area_id}), campaign.tree_date)
    rows = session.execute(
        select(Area.id, Area.name, func.count(Place.id), func.count(visited.c.place_id), declared)
        .select_from(Area)
        .outerjoin(Place, (Place.area_id == Area.id) & (Place.campaign_id == campaign.id))
        .outerjoin(visited, visited.c.place_id == Place.id)
        .where(Area.id.in_(tree), Area.kind.in_(sorted(WARD_KINDS)), scope.where(actor, Area.id))
        .group_by(Area.id, Area.name)
    )
    found = [Progress(*row) for row in rows]
    return tuple(sorted(found, key=lambda ward: (vietnamese_key(ward.name), ward.area_id)))


def first_visit(session: Session, actor: Actor, campaign: CampaignSeen) -> datetime | None:
    """When the first visit that the actor sees was finished."""
    return session.scalar(
        select(func.min(Survey.finished_at)).where(
            Survey.campaign_id == campaign.id, scope.where(actor, Survey.area_id)
        )
    )


def returned(session: Session, actor: Actor, campaign: CampaignSeen, most: int) -> tuple[Returned, ...]:
    """What the office sent back, the oldest first."""
    rows = session.execute(
        _reviews(actor, campaign, ReviewState.RETURNED)
        .with_only_columns(
            Installation.id,
            Kind.name_vi,
            Kind.name_en,
            Installation.zone,
            func.coalesce(Venue.name, ""),
            Review.reason_code,
            Review.reason_text,
        )
        .join(Kind, Kind.code == Installation.kind_code)
        .outerjoin(Venue, Venue.id == Installation.venue_id)
        .order_by(Review.decided_at, Installation.id)
        .limit(most)
    )
    known = {reason.value: reason for reason in ReturnReason}
    return tuple(Returned(*row[:5], known.get(row[5]), row[6]) for row in rows)


def returned_count(session: Session, actor: Actor, campaign: CampaignSeen) -> int:
    """How much the office sent back."""
    query = _reviews(actor, campaign, ReviewState.RETURNED).with_only_columns(func.count())
    return session.scalar(query) or 0


def queue(session: Session, actor: Actor, campaign: CampaignSeen) -> tuple[Queue, ...]:
    """Wards with something waiting for the office, the longest wait first."""
    rows = session.execute(
        _reviews(actor, campaign, ReviewState.SUBMITTED)
        .with_only_columns(Area.id, Area.name, func.count(), func.min(Review.submitted_at))
        .join(Area, Area.id == Installation.area_id)
        .group_by(Area.id, Area.name)
    )
    found = [Queue(*columns) for columns in map(_columns, rows)]
    return tuple(sorted(found, key=lambda one: (one.oldest, one.area_id)))


def _reviews(actor: Actor, campaign: CampaignSeen, state: ReviewState) -> Select[Any]:
    return (
        select(Installation.id)
        .join(Review, Review.installation_id == Installation.id)
        .where(
            Review.campaign_id == campaign.id,
            Review.state == state,
            scope.where(actor, Installation.area_id),
        )
    )


def open_cases(moment: datetime) -> Select[Any]:
    """The ids of phones' entries that somebody has to decide.

    Three questions of which each has a small index of its own: the state is written into the statement,
    because a partial index is not used for a value that comes later.
    """
    entry = FieldEntry
    is_open = select(entry.id).where(entry.case_state == literal_column("'open'"))
    orphans = select(entry.id).where(
        entry.outcome == literal_column("'parked'"),
        entry.case_state.is_(None),
        entry.received_at < moment - ORPHAN_AFTER,
    )
    first = aliased(FieldEntry)
    looked_at = exists().where(first.id == ReusedEntry.entry_id, first.settled_at >= ReusedEntry.received_at)
    reused = select(ReusedEntry.entry_id).where(~looked_at)
    return select(union(is_open, orphans, reused).subquery().c.id)


def cases(session: Session, actor: Actor, campaign: CampaignSeen) -> int:
    """How many entries of phones wait for a decision where the actor decides."""
    query = select(func.count()).where(
        FieldEntry.id.in_(open_cases(now())),
        FieldEntry.campaign_id == campaign.id,
        scope.where(actor, func.coalesce(FieldEntry.area_id, campaign.root_area_id)),
    )
    return session.scalar(query.select_from(FieldEntry)) or 0


def imports(session: Session, campaign: CampaignSeen, most: int) -> tuple[Imported, ...]:
    """The newest lists of places that were taken in."""
    rows = session.execute(
        select(ImportBatch.name, ImportBatch.confirmed_at, func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == ImportBatch.person_id)
        .where(
            ImportBatch.campaign_id == campaign.id,
            ImportBatch.subject == "places",
            ImportBatch.confirmed_at.is_not(None),
        )
        .order_by(ImportBatch.confirmed_at.desc(), ImportBatch.id)
        .limit(most)
    )
    return tuple(Imported(*columns) for columns in map(_columns, rows))


def newest_lines(session: Session, most: int) -> tuple[Line, ...]:
    """The newest lines of the trail; only the auditor's home asks."""
    rows = session.execute(
        select(
            TrailLine.number,
            TrailLine.at,
            func.coalesce(Person.name, ""),
            TrailLine.act,
            TrailLine.subject,
            TrailLine.subject_id,
        )
        .outerjoin(Person, Person.id == TrailLine.person_id)
        .order_by(TrailLine.number.desc())
        .limit(most)
    )
    return tuple(Line(*columns) for columns in map(_columns, rows))


def _columns(row: Any) -> tuple[Any, ...]:
    return tuple(row)


def service(session: Session) -> Service:
    """Counts for the admin."""
    people = session.execute(
        select(Person.role, func.count()).where(Person.active).group_by(Person.role).order_by(Person.role)
    )
    live = select(func.count(SessionRow.id)).where(
        SessionRow.ended_at.is_(None), SessionRow.last_seen_at > now() - RECENT
    )
    return Service(
        tuple((role.value, count) for role, count in people),
        session.scalar(live) or 0,
        session.scalar(select(func.count()).select_from(Area)) or 0,
        session.scalar(select(func.count()).select_from(Campaign)) or 0,
    )
