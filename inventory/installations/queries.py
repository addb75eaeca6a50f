"""Reads of installations: one with everything around it, and those of a place or ward.

`seen` checks the scope itself; the lists are for callers that have checked the place or ward.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import is_id
from inventory.installations import surroundings
from inventory.installations.flags import Flag, flags
from inventory.installations.record import Record
from inventory.installations.rules import KindSeen, SloganSeen, Surroundings
from inventory.installations.writes import record_of
from inventory.restricted import may_know_position
from inventory.tables.area import Area
from inventory.tables.installation import Installation, Photo, Review
from inventory.tables.person import Person
from inventory.tables.place import Place
from inventory.vocabulary import PhotoRole, ReviewState, Zone


@dataclass(frozen=True)
class ReviewSeen:
    """Where the office's review stands in a campaign; `verified` is the record as last verified."""

    state: ReviewState
    submitted_by: int | None
    submitted_at: datetime | None
    decided_by: int | None
    decided_at: datetime | None
    reason_code: str
    reason_field: str
    reason_text: str
    verified_version: int | None
    verified: Record | None
    version: int


@dataclass(frozen=True)
class PhotoSeen:
    """A picture's row; its files are asked for by its id."""

    id: str
    role: PhotoRole
    received_at: datetime
    taken_at: datetime | None
    campaign_id: int
    who: str
    origin_reason: str = ""


@dataclass(frozen=True)
class Standing:
    """One installation in a list: its record and where its review stands (None: not yet this time)."""

    id: str
    version: int
    record: Record
    review: ReviewSeen | None
    updated_at: datetime
    synthetic: bool
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceSeen:
    """A polling place that the venue serves in this campaign."""

    id: int
    number: int
    name: str
    restricted: bool


@dataclass(frozen=True)
class InstallationSeen:
    """Everything that the page of one installation shows; names in place of ids."""

    id: str
    version: int
    record: Record
    kind: KindSeen
    kinds: Mapping[str, KindSeen]
    area_name: str
    around: Surroundings
    places: tuple[PlaceSeen, ...]
    review: ReviewSeen | None
    photos: tuple[PhotoSeen, ...]
    flags: tuple[Flag, ...]
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    source: str
    licence: str
    synthetic: bool
    position_hidden: bool

    @property
    def venue_name(self) -> str:
        """The venue's name, "" for a thing of the ward."""
        return self.around.venue.name if self.around.venue else ""

    @property
    def slogan(self) -> SloganSeen | None:
        """The catalogue's text that it should show."""
        return self.around.slogan


def seen(actor: Actor, campaign: CampaignSeen, installation_id: str) -> InstallationSeen:
    """One installation; Unseen when it is not there or not the actor's to see."""
    row = db.session.get(Installation, installation_id) if is_id(installation_id) else None
    if row is None or not sees(actor, row.area_id):
        raise Unseen("installation", installation_id)
    record = record_of(row)
    kinds = surroundings.kinds()
    kind = kinds[record.kind_code]
    around = surroundings.around(campaign, record, row.id)
    places = _places(campaign.id, row.venue_id)
    names = _names({row.created_by, row.updated_by})
    venue = around.venue
    closed = any(place.restricted for place in places)
    hidden = venue is not None and not may_know_position(actor, closed, venue.kind)
    return InstallationSeen(
        id=row.id,
        version=row.version,
        record=record,
        kind=kind,
        kinds=kinds,
        area_name=db.session.scalar(select(Area.name).where(Area.id == row.area_id)) or "",
        around=around,
        places=places,
        review=_reviews(campaign.id, [row.id]).get(row.id),
        photos=photos(row.id),
        flags=tuple(flag for flag in flags(record, kind, around) if not (hidden and flag.field == "lat")),
        created_at=row.created_at,
        created_by=names[row.created_by],
        updated_at=row.updated_at,
        updated_by=names[row.updated_by],
        source=row.source,
        licence=row.licence,
        synthetic=row.synthetic,
        position_hidden=hidden,
    )


def at_place(campaign: CampaignSeen, venue_id: int, zone: Zone | None = None) -> tuple[Standing, ...]:
    """What is recorded at a venue (in one zone), whatever its life, oldest first."""
    where = [Installation.venue_id == venue_id]
    if zone is not None:
        where.append(Installation.zone == zone)
    return _standing(campaign, *where)


def of_area(campaign: CampaignSeen, area_id: int) -> tuple[Standing, ...]:
    """What hangs on the ward itself (zones public and mobile), whatever its life, oldest first."""
    return _standing(campaign, Installation.area_id == area_id, Installation.venue_id.is_(None))


def these(campaign: CampaignSeen, ids: list[str]) -> tuple[Standing, ...]:
    """The installations with these ids, for a page of a list; the caller has checked the scope."""
    return _standing(campaign, Installation.id.in_(ids))


def flags_of(campaign: CampaignSeen, things: tuple[Standing, ...]) -> dict[str, tuple[Flag, ...]]:
    """The flags of many installations, in eight queries however many there are."""
    kinds = surroundings.kinds()
    around = surroundings.around_all(campaign, {thing.id: thing.record for thing in things})
    return {
        thing.id: flags(thing.record, kinds[thing.record.kind_code], around[thing.id]) for thing in things
    }


def photos(installation_id: str) -> tuple[PhotoSeen, ...]:
    """The pictures of an installation, the newest first."""
    rows = db.session.execute(
        select(
            Photo.id,
            Photo.role,
            Photo.received_at,
            Photo.taken_at,
            Photo.campaign_id,
            Person.name,
            Photo.origin_reason,
        )
        .join(Person, Person.id == Photo.person_id)
        .where(Photo.installation_id == installation_id, Photo.withdrawn_at.is_(None))
        .order_by(Photo.received_at.desc(), Photo.id.desc())
    )
    return tuple(
        PhotoSeen(number, PhotoRole(role), received, taken, campaign, who, reason)
        for number, role, received, taken, campaign, who, reason in rows
    )


def _standing(campaign: CampaignSeen, *where: ColumnElement[bool]) -> tuple[Standing, ...]:
    rows = db.session.scalars(
        select(Installation).where(*where).order_by(Installation.created_at, Installation.id)
    ).all()
    ids = [row.id for row in rows]
    reviews, pictures = _reviews(campaign.id, ids), _photo_ids(campaign.id, ids)
    return tuple(
        Standing(
            id=row.id,
            version=row.version,
            record=record_of(row),
            review=reviews.get(row.id),
            updated_at=row.updated_at,
            synthetic=row.synthetic,
            photos=tuple(pictures[row.id]),
        )
        for row in rows
    )


def _reviews(campaign_id: int, ids: list[str]) -> dict[str, ReviewSeen]:
    if not ids:
        return {}
    rows = db.session.scalars(
        select(Review).where(Review.campaign_id == campaign_id, Review.installation_id.in_(ids))
    )
    return {
        row.installation_id: ReviewSeen(
            state=row.state,
            submitted_by=row.submitted_by,
            submitted_at=row.submitted_at,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            reason_code=row.reason_code,
            reason_field=row.reason_field,
            reason_text=row.reason_text,
            verified_version=row.verified_version,
            verified=Record.from_state(row.verified_state) if row.verified_state else None,
            version=row.version,
        )
        for row in rows
    }


def _photo_ids(campaign_id: int, ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    if ids:
        rows = db.session.execute(
            select(Photo.installation_id, Photo.id)
            .where(
                Photo.campaign_id == campaign_id,
                Photo.installation_id.in_(ids),
                Photo.withdrawn_at.is_(None),
            )
            .order_by(Photo.received_at.desc(), Photo.id.desc())
        )
        for installation, photo in rows:
            found[installation].append(photo)
    return found


def _places(campaign_id: int, venue_id: int | None) -> tuple[PlaceSeen, ...]:
    if venue_id is None:
        return ()
    rows = db.session.execute(
        select(Place.id, Place.number, Place.name, Place.restricted)
        .where(Place.campaign_id == campaign_id, Place.venue_id == venue_id)
        .order_by(Place.number, Place.id)
    )
    return tuple(PlaceSeen(*row) for row in rows)


def _names(ids: set[int]) -> dict[int, str]:
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row[0]: row[1] for row in rows}
