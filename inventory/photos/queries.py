"""Reads of photos: the row of one, for who may see the installation that it shows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.errors import Unseen
from inventory.geodesy import Position
from inventory.identity import is_id
from inventory.installations.manifest import CALLED_OFF
from inventory.outcomes import Problem
from inventory.photos.rules import Evidence, distance_to, doubts, file_name
from inventory.tables.area import Area
from inventory.tables.field import ExpectedPhoto
from inventory.tables.installation import Installation, Photo
from inventory.tables.person import Person, PersonArea
from inventory.tables.place import Place
from inventory.vocabulary import PhotoRole, PhotoState
from inventory.wording import fold


@dataclass(frozen=True)
class PhotoFile:
    """What is served of a photo: the hashes of its two copies, and a readable name in ASCII."""

    id: str
    installation_id: str
    shown_sha256: str
    thumbnail_sha256: str
    name: str


def file_of(actor: Actor, photo_id: str) -> PhotoFile:
    """A photo's files; Unseen when it is not there any more or shows what the actor may not see."""
    row = None
    if is_id(photo_id):
        row = db.session.execute(
            select(
                Photo, Installation.area_id, Installation.kind_code, Installation.zone, Installation.venue_id
            )
            .join(Installation, Installation.id == Photo.installation_id)
            .where(Photo.id == photo_id, Photo.withdrawn_at.is_(None))
        ).first()
    if row is None or not sees(actor, row.area_id):
        raise Unseen("photo", photo_id)
    photo: Photo = row.Photo
    ward = db.session.scalar(select(Area.name).where(Area.id == row.area_id)) or ""
    number = _number_of(photo.campaign_id, row.venue_id)
    zone = row.zone.value if row.zone else ""
    name = file_name(fold(ward), number, zone, row.kind_code, photo.role, _place_among(photo))
    return PhotoFile(photo.id, photo.installation_id, photo.shown_sha256, photo.thumbnail_sha256, name)


def _number_of(campaign_id: int, venue_id: int | None) -> int | None:
    """The first polling place's number at a venue."""
    if venue_id is None:
        return None
    where = (Place.campaign_id == campaign_id, Place.venue_id == venue_id)
    return db.session.scalar(select(func.min(Place.number)).where(*where))


def _place_among(photo: Photo) -> int:
    """The how-manieth photo of its thing it is, from 1, in the order of arrival."""
    earlier = (Photo.received_at < photo.received_at) | (
        (Photo.received_at == photo.received_at) & (Photo.id <= photo.id)
    )
    where = (Photo.installation_id == photo.installation_id, earlier)
    return db.session.scalar(select(func.count()).select_from(Photo).where(*where)) or 1


@dataclass(frozen=True)
class Picture:
    """A photo as a reviewer looks at it: metres from the phone to the thing, and what to doubt."""

    id: str
    role: PhotoRole
    who: str
    taken_at: datetime | None
    received_at: datetime
    away_m: float | None
    doubts: tuple[Problem, ...]


def pictures(campaign: CampaignSeen, installation_id: str, thing: Position | None) -> tuple[Picture, ...]:
    """The photos of one thing in a campaign in the order of arrival; the caller has checked the scope."""
    rows = db.session.execute(
        select(Photo, Person.name)
        .join(Person, Person.id == Photo.person_id)
        .where(
            Photo.campaign_id == campaign.id,
            Photo.installation_id == installation_id,
            Photo.withdrawn_at.is_(None),
        )
        .order_by(Photo.received_at, Photo.id)
    )
    # A pinned day is not the day that phones know: their clocks would all seem wrong.
    return tuple(_picture(photo, who, thing, not campaign.pinned) for photo, who in rows)


def _picture(photo: Photo, who: str, thing: Position | None, timed: bool) -> Picture:
    known = photo.lat is not None and photo.lon is not None
    evidence = Evidence(
        photo.origin,
        photo.origin_reason,
        photo.taken_at if photo.origin and timed else None,
        photo.received_at,
        (photo.lat, photo.lon) if known else None,  # type: ignore[arg-type]
        photo.accuracy_m,
    )
    return Picture(
        photo.id,
        PhotoRole(photo.role),
        who,
        photo.taken_at,
        photo.received_at,
        distance_to(evidence, thing),
        doubts(evidence, thing),
    )


@dataclass(frozen=True)
class Missing:
    """A photo that a phone told of and that is not here; `state` says whether it can still come."""

    id: str
    installation_id: str | None
    area_id: int | None
    person_id: int
    who: str
    role: str
    name: str
    size: int
    received: int
    state: PhotoState
    code: str
    told_at: datetime


def missing(session: Session, actor: Actor, campaign: CampaignSeen) -> tuple[Missing, ...]:
    """Every told photo that is not here, the longest wait first: those of things that the actor sees, and
    those whose thing is not here either, of the actor's own or of people of areas that the actor sees."""
    rows = session.execute(
        select(ExpectedPhoto, Installation.area_id, Person.name)
        .join(Person, Person.id == ExpectedPhoto.person_id)
        .outerjoin(Installation, Installation.id == ExpectedPhoto.installation_id)
        .where(
            ExpectedPhoto.campaign_id == campaign.id,
            ExpectedPhoto.state != PhotoState.COMPLETE,
            ExpectedPhoto.code != CALLED_OFF,
            scope.where(actor, Installation.area_id)
            | (ExpectedPhoto.installation_id.is_(None) & ExpectedPhoto.person_id.in_(_people(actor))),
        )
        .order_by(ExpectedPhoto.told_at, ExpectedPhoto.id)
    )
    return tuple(
        Missing(
            id=row.id,
            installation_id=row.installation_id,
            area_id=area_id,
            person_id=row.person_id,
            who=who,
            role=row.role,
            name=row.name,
            size=row.size,
            received=row.received,
            state=row.state,
            code=row.code,
            told_at=row.told_at,
        )
        for row, area_id, who in rows
    )


def _people(actor: Actor) -> Select[int]:
    return select(PersonArea.person_id).where(scope.where(actor, PersonArea.area_id))


def shows(actor: Actor, photo_id: str) -> str:
    """The installation that a photo shows or, before it was taken back, showed; Unseen as above."""
    row = None
    if is_id(photo_id):
        row = db.session.execute(
            select(Installation.id, Installation.area_id)
            .join(Photo, Photo.installation_id == Installation.id)
            .where(Photo.id == photo_id)
        ).first()
    if row is None or not sees(actor, row.area_id):
        raise Unseen("photo", photo_id)
    number: str = row.id
    return number
