"""Reads of who has sent when: phones as they spoke of themselves, what was refused, photos on their way."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.cases.troubles import PhoneSeen
from inventory.database import db
from inventory.tables.area import Area
from inventory.tables.field import ExpectedPhoto, FieldDevice, FieldEntry
from inventory.tables.installation import Installation
from inventory.tables.kind import Kind
from inventory.tables.person import Person, PersonArea
from inventory.tables.place import Venue
from inventory.vocabulary import EntryAct, EntryOutcome, PhotoState

#: Written into the statements: a partial index is not used for a value that comes later.
_REFUSED: ColumnElement[str] = literal_column(f"'{EntryOutcome.REFUSED.value}'")
_EXPECTED: ColumnElement[str] = literal_column(f"'{PhotoState.EXPECTED.value}'")
#: Phones of a city with some hundred officers; the page says when there are more.
MOST_PHONES = 500
LAST_REFUSED = 50
MOST_PHOTOS = 100


@dataclass(frozen=True)
class Phones:
    """The phones that the actor may look after: those shown, and how many there are."""

    shown: tuple[PhoneSeen, ...]
    total: int


@dataclass(frozen=True)
class RefusedSeen:
    """An entry that its person has to correct: the field, and why in the words that the phone got."""

    id: str
    who: str
    area: str
    act: EntryAct
    field: str
    code: str
    detail: dict[str, Any]
    received_at: datetime


@dataclass(frozen=True)
class Awaited:
    """Photos that were told of and are not whole here yet, by thing and person."""

    installation_id: str | None
    kind_vi: str
    kind_en: str
    venue: str
    area: str
    who: str
    photos: int
    received: int
    size: int
    oldest: datetime


def phones(actor: Actor) -> Phones:
    """Phones of people who are granted an area that the actor sees."""
    granted = select(PersonArea.person_id).where(scope.where(actor, PersonArea.area_id))
    query = _devices().where(FieldDevice.person_id.in_(granted))
    total = db.session.scalar(
        select(func.count()).select_from(FieldDevice).where(FieldDevice.person_id.in_(granted))
    )
    rows = db.session.execute(
        query.order_by(FieldDevice.last_seen_at.desc(), FieldDevice.id).limit(MOST_PHONES)
    )
    return Phones(_seen(rows), total or 0)


def phones_of(person_id: int) -> tuple[PhoneSeen, ...]:
    """The phones of one person, the one seen last first; for the admin."""
    query = _devices().where(FieldDevice.person_id == person_id)
    return _seen(db.session.execute(query.order_by(FieldDevice.last_seen_at.desc(), FieldDevice.id)))


def _devices() -> Select[FieldDevice, str]:
    return select(FieldDevice, Person.name).join(Person, Person.id == FieldDevice.person_id)


def _seen(rows: Any) -> tuple[PhoneSeen, ...]:
    found = [(row[0], row[1]) for row in rows]
    areas = _areas({device.person_id for device, _name in found})
    return tuple(
        PhoneSeen(
            id=device.id,
            person_id=device.person_id,
            person=name,
            areas=", ".join(areas[device.person_id]),
            name=device.name,
            app=device.app,
            first_seen_at=device.first_seen_at,
            last_seen_at=device.last_seen_at,
            last_push_at=device.last_push_at,
            waiting=device.waiting,
            photos=device.photos_waiting,
            needs=device.needs_person,
            oldest=device.oldest_waiting_at,
            free_bytes=device.free_bytes,
            persisted=device.persisted,
            clock_offset_s=device.clock_offset_s,
            cut_off_at=device.cut_off_at,
        )
        for device, name in found
    )


def _areas(people: set[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    if people:
        for person_id, name in db.session.execute(
            select(PersonArea.person_id, Area.name)
            .join(Area, Area.id == PersonArea.area_id)
            .where(PersonArea.person_id.in_(people))
            .order_by(Area.name, Area.id)
        ):
            names[person_id].append(name)
    return names


def refused(actor: Actor, campaign: CampaignSeen) -> tuple[RefusedSeen, ...]:
    """The last entries that were refused in the areas that the actor sees."""
    rows = db.session.execute(
        select(FieldEntry, Person.name, Area.name)
        .join(Person, Person.id == FieldEntry.person_id)
        .join(Area, Area.id == FieldEntry.area_id)
        .where(
            FieldEntry.campaign_id == campaign.id,
            FieldEntry.outcome == _REFUSED,
            scope.where(actor, FieldEntry.area_id),
        )
        .order_by(FieldEntry.received_at.desc(), FieldEntry.id)
        .limit(LAST_REFUSED)
    )
    return tuple(
        RefusedSeen(row.id, who, area, row.act, row.field, row.code, dict(row.detail or {}), row.received_at)
        for row, who, area in rows
    )


def awaited(actor: Actor, campaign: CampaignSeen) -> tuple[Awaited, ...]:
    """Photos on their way, those waited for longest first."""
    oldest = func.min(ExpectedPhoto.told_at)
    keys = (
        ExpectedPhoto.installation_id,
        func.coalesce(Kind.name_vi, ""),
        func.coalesce(Kind.name_en, ""),
        func.coalesce(Venue.name, ""),
        Area.name,
        Person.name,
    )
    sums = (func.count(), func.sum(ExpectedPhoto.received), func.sum(ExpectedPhoto.size), oldest)
    rows = db.session.execute(
        select(*keys, *sums)
        .select_from(ExpectedPhoto)
        .join(FieldEntry, FieldEntry.id == ExpectedPhoto.entry_id)
        .join(Area, Area.id == FieldEntry.area_id)
        .join(Person, Person.id == ExpectedPhoto.person_id)
        .outerjoin(Installation, Installation.id == ExpectedPhoto.installation_id)
        .outerjoin(Kind, Kind.code == Installation.kind_code)
        .outerjoin(Venue, Venue.id == Installation.venue_id)
        .where(
            ExpectedPhoto.campaign_id == campaign.id,
            ExpectedPhoto.state == _EXPECTED,
            scope.where(actor, FieldEntry.area_id),
        )
        .group_by(*keys, Person.id)
        .order_by(oldest, ExpectedPhoto.installation_id, Person.id)
        .limit(MOST_PHOTOS)
    )
    return tuple(Awaited(*row[:6], int(row[6]), int(row[7]), int(row[8]), row[9]) for row in rows)
