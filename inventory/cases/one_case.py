"""Reads of one case with both sides, and of the places that may be chosen instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from inventory import duties
from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.cases import bodies, contested
from inventory.cases.bodies import Said
from inventory.cases.queries import PlaceNamed, places_named, ward_of
from inventory.cases.rules import CaseKind, kind_of
from inventory.clock import now
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import is_id
from inventory.installations.record import FIELDS, Record
from inventory.tables.area import Area
from inventory.tables.field import ExpectedPhoto, FieldDevice, FieldEntry, ReusedEntry
from inventory.tables.installation import Installation, Photo
from inventory.tables.person import Person
from inventory.tables.place import Place, Venue
from inventory.vocabulary import CaseState, EntryAct


@dataclass(frozen=True)
class Standing:
    """What the records say now of the thing that the entry is about."""

    id: str
    version: int
    record: Record
    updated_by: str
    updated_at: datetime
    venue: str
    photos: tuple[str, ...]


@dataclass(frozen=True)
class Body:
    """One of the bodies that came under an id."""

    said: Said
    who: str
    received_at: datetime


@dataclass(frozen=True)
class CaseSeen:
    """A case with both sides. `differing` are [field, theirs, mine] as they were when it came."""

    id: str
    kind: CaseKind
    open: bool
    code: str
    field: str
    act: EntryAct
    said: Said
    detail: Mapping[str, Any]
    differing: tuple[tuple[str, Any, Any], ...]
    who: str
    area_id: int
    area: str
    place: PlaceNamed | None
    device: str
    made_at: datetime | None
    received_at: datetime
    standing: Standing | None
    photos: tuple[str, ...]
    others: tuple[Body, ...]
    settled_by: str
    settled_at: datetime | None
    settled_how: str

    @property
    def version(self) -> int:
        """The version of what the deciding person looks at: the thing's, 0 where there is none."""
        return self.standing.version if self.standing else 0


def one(actor: Actor, campaign: CampaignSeen, entry_id: str) -> CaseSeen:
    """One case, open or settled. Raises Unseen for what is none, or not the actor's to see."""
    row = _row(actor, campaign, entry_id) if is_id(entry_id) else None
    is_open = row is not None and _is_open(entry_id)
    if row is None or not (is_open or row[0].case_state is CaseState.SETTLED):
        raise Unseen("case", entry_id)
    entry, area_id, area, who, device = row
    said = bodies.read(entry.act, entry.body)
    detail = dict(entry.detail or {})
    return CaseSeen(
        id=entry.id,
        kind=_kind(entry, detail),
        open=is_open,
        code=entry.code,
        field=entry.field,
        act=entry.act,
        said=said,
        detail=detail,
        differing=contested.differing(entry) if is_open else contested.as_stored(entry),
        who=who,
        area_id=area_id,
        area=area,
        place=places_named({said.place}).get(said.place),
        device=device,
        made_at=entry.made_at,
        received_at=entry.received_at,
        standing=_standing(actor, campaign, said.installation or entry.about),
        photos=_phone_photos(entry.id, said.photo),
        others=_others(entry),
        settled_by=db.session.scalar(select(Person.name).where(Person.id == entry.settled_by)) or "",
        settled_at=entry.settled_at,
        settled_how=entry.settled_how,
    )


def _row(actor: Actor, campaign: CampaignSeen, entry_id: str) -> Any:
    """The entry with the names of its ward, person and phone, or None."""
    return db.session.execute(
        select(FieldEntry, Area.id, Area.name, Person.name, func.coalesce(FieldDevice.name, ""))
        .join(Area, Area.id == ward_of(campaign))
        .join(Person, Person.id == FieldEntry.person_id)
        .outerjoin(FieldDevice, FieldDevice.id == FieldEntry.device_id)
        .where(FieldEntry.id == entry_id, FieldEntry.campaign_id == campaign.id, scope.where(actor, Area.id))
    ).first()


def _kind(entry: FieldEntry, detail: Mapping[str, Any]) -> CaseKind:
    """What it was when it was settled: an entry that was admitted has another outcome since."""
    settled = detail.get("settled")
    known = settled.get("kind") if isinstance(settled, dict) else None
    return CaseKind(known) if known in set(CaseKind) else kind_of(entry.outcome, entry.code)


def _is_open(entry_id: str) -> bool:
    open_ids = duties.open_cases(now())
    return (
        db.session.scalar(select(FieldEntry.id).where(FieldEntry.id == entry_id, FieldEntry.id.in_(open_ids)))
        is not None
    )


def _others(entry: FieldEntry) -> tuple[Body, ...]:
    rows = db.session.execute(
        select(ReusedEntry, Person.name)
        .join(Person, Person.id == ReusedEntry.person_id)
        .where(ReusedEntry.entry_id == entry.id)
        .order_by(ReusedEntry.id)
    )
    return tuple(Body(bodies.read(entry.act, row.body), who, row.received_at) for row, who in rows)


def _standing(actor: Actor, campaign: CampaignSeen, installation_id: str | None) -> Standing | None:
    found = db.session.execute(
        select(Installation, Person.name, func.coalesce(Venue.name, ""))
        .join(Person, Person.id == Installation.updated_by)
        .outerjoin(Venue, Venue.id == Installation.venue_id)
        .where(Installation.id == installation_id)
    ).first()
    if found is None or not scope.sees(actor, found[0].area_id):
        return None
    thing, who, venue = found
    photos = db.session.scalars(
        select(Photo.id)
        .where(
            Photo.installation_id == thing.id,
            Photo.campaign_id == campaign.id,
            Photo.withdrawn_at.is_(None),
        )
        .order_by(Photo.received_at.desc(), Photo.id)
        .limit(6)
    )
    record = Record(**{name: getattr(thing, name) for name in FIELDS})
    return Standing(thing.id, thing.version, record, who, thing.updated_at, venue, tuple(photos))


def _phone_photos(entry_id: str, photo: str | None) -> tuple[str, ...]:
    """Photos that came whole with this entry and may be shown."""
    rows = db.session.scalars(
        select(Photo.id)
        .join(ExpectedPhoto, ExpectedPhoto.photo_id == Photo.id)
        .where(
            or_(
                ExpectedPhoto.answer_id == entry_id,
                ExpectedPhoto.entry_id == entry_id,
                ExpectedPhoto.id == (photo or entry_id),  # PostgreSQL has no empty id
            ),
            Photo.withdrawn_at.is_(None),
        )
        .order_by(Photo.received_at, Photo.id)
        .limit(6)
    )
    return tuple(rows)


def places_of(campaign: CampaignSeen, area_id: int) -> tuple[PlaceNamed, ...]:
    """The places of a ward that an entry may be written to, by number."""
    rows = db.session.execute(
        select(Place.id, Place.number, Venue.name)
        .join(Venue, Venue.id == Place.venue_id)
        .where(Place.campaign_id == campaign.id, Place.area_id == area_id)
        .order_by(Place.number, Place.id)
    )
    return tuple(PlaceNamed(*row) for row in rows)
