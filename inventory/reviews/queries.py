"""Reads of the review queue: counts by ward, one page of items with their flags, and what changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import aliased

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.identity import is_id
from inventory.installations import surroundings
from inventory.installations.fixes import Evidence
from inventory.installations.flags import Flag, flags
from inventory.installations.record import FIELDS, Record
from inventory.installations.rules import KindSeen
from inventory.tables.area import Area
from inventory.tables.installation import Installation, Photo, Review
from inventory.tables.person import Person
from inventory.tables.place import Venue
from inventory.vocabulary import ReviewState
from inventory.wording import vietnamese_key

PAGE = 30


@dataclass(frozen=True)
class WardQueue:
    """How much of a ward waits for the office, and since when."""

    area_id: int
    name: str
    waiting: int
    oldest: datetime


@dataclass(frozen=True)
class Waiting:
    """One item of the queue."""

    id: str
    version: int
    area_id: int
    area_name: str
    venue_name: str
    record: Record
    kind: KindSeen
    verified: Record | None
    sent_by: str
    sent_by_id: int
    sent_at: datetime
    photos: tuple[str, ...]
    flags: tuple[Flag, ...]
    slogan_text: str
    synthetic: bool
    evidence: Evidence | None
    another: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class QueuePage:
    """A page of the queue: `n` of `total` after the filters, and the key of the next page."""

    items: tuple[Waiting, ...]
    total: int
    next_key: str


def wards(actor: Actor, campaign: CampaignSeen) -> tuple[WardQueue, ...]:
    """Wards with something waiting, the longest wait first."""
    rows = db.session.execute(
        _waiting(actor, campaign, Area.id, Area.name, func.count(), func.min(Review.submitted_at)).group_by(
            Area.id, Area.name
        )
    )
    found = [WardQueue(*row) for row in rows]
    return tuple(sorted(found, key=lambda ward: (ward.oldest, vietnamese_key(ward.name), ward.area_id)))


def page(
    actor: Actor, campaign: CampaignSeen, area_id: int | None = None, kind: str = "", after: str = ""
) -> QueuePage:
    """The oldest first; `after` is the key that the page before gave. `total` is -1 without a kind's
    filter: the wards' counts say it already."""
    chosen: list[ColumnElement[bool]] = []
    if area_id is not None:
        chosen.append(Installation.area_id == area_id)
    if kind:
        chosen.append(Installation.kind_code == kind)
    counted = _waiting(actor, campaign, func.count()).where(*chosen)
    total = (db.session.scalar(counted) or 0) if kind else -1
    query = _rows(actor, campaign).where(*chosen).order_by(Review.submitted_at, Installation.id)
    query = query.limit(PAGE + 1)
    key = _key(after)
    if key:
        query = query.where(tuple_(Review.submitted_at, Installation.id) > key)
    rows = db.session.execute(query).all()
    items = _items(campaign, rows[:PAGE])
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else None
    next_key = f"{last[1].submitted_at.isoformat()}~{last[0].id}" if last else ""
    return QueuePage(items, total, next_key)


def one(actor: Actor, campaign: CampaignSeen, installation_id: str) -> Waiting | None:
    """One item of the queue; None when it does not wait (any more), or not for this person."""
    rows = db.session.execute(_rows(actor, campaign).where(Installation.id == installation_id)).all()
    return next(iter(_items(campaign, rows)), None)


def _rows(actor: Actor, campaign: CampaignSeen) -> Select[Any]:
    sender = aliased(Person)
    return (
        _waiting(actor, campaign, Installation, Review, Area.name, Venue.name, sender.name)
        .outerjoin(Venue, Venue.id == Installation.venue_id)
        .outerjoin(sender, sender.id == Review.submitted_by)
    )


def _waiting(actor: Actor, campaign: CampaignSeen, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Installation)
        .join(Review, Review.installation_id == Installation.id)
        .join(Area, Area.id == Installation.area_id)
        .where(
            Review.campaign_id == campaign.id,
            Review.state == ReviewState.SUBMITTED,
            scope.where(actor, Installation.area_id),
        )
    )


def _key(text: str) -> tuple[datetime, str] | None:
    moment, mark, number = text.partition("~")
    if not mark or not is_id(number):
        return None
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, number) if at.tzinfo else None


def _items(campaign: CampaignSeen, rows: Any) -> tuple[Waiting, ...]:
    records = {row[0].id: Record(**{name: getattr(row[0], name) for name in FIELDS}) for row in rows}
    kinds = surroundings.kinds()
    around = surroundings.around_all(campaign, records) if records else {}
    pictures = _photos(campaign.id, list(records))
    found = []
    for thing, review, area_name, venue_name, sender in rows:
        record, kind = records[thing.id], kinds[thing.kind_code]
        slogan = around[thing.id].slogan
        found.append(
            Waiting(
                id=thing.id,
                version=thing.version,
                area_id=thing.area_id,
                area_name=area_name,
                venue_name=venue_name or "",
                record=record,
                kind=kind,
                verified=Record.from_state(review.verified_state) if review.verified_state else None,
                sent_by=sender or "",
                sent_by_id=review.submitted_by or 0,
                sent_at=review.submitted_at,
                photos=tuple(pictures.get(thing.id, ())),
                flags=flags(record, kind, around[thing.id]),
                slogan_text=slogan.text if slogan else "",
                synthetic=thing.synthetic,
                evidence=around[thing.id].evidence,
                another=around[thing.id].another,
            )
        )
    return tuple(found)


def _photos(campaign_id: int, ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if not ids:
        return found
    rows = db.session.execute(
        select(Photo.installation_id, Photo.id)
        .where(Photo.campaign_id == campaign_id, Photo.installation_id.in_(ids), Photo.withdrawn_at.is_(None))
        .order_by(Photo.received_at, Photo.id)
    )
    for number, photo in rows:
        found.setdefault(number, []).append(photo)
    return found
