"""What an import needs to read: the wards and places within reach, and its own batches."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from inventory.access.permissions import Actor
from inventory.access.scope import below
from inventory.campaigns import CampaignSeen
from inventory.errors import Unseen
from inventory.identity import is_id
from inventory.places.import_plan import KnownPlace
from inventory.places.import_wards import KnownArea
from inventory.tables.area import Area
from inventory.tables.place import ImportBatch, Place, Venue
from inventory.vocabulary import WARD_KINDS

#: Places of a batch shown on one page.
PAGE = 200


@dataclass(frozen=True)
class Importer:
    """Who imports: a person with the areas of their scope, or a command (None) with the whole tree."""

    person_id: int | None
    areas: frozenset[int]

    @classmethod
    def of(cls, actor: Actor) -> "Importer":
        """A signed-in person."""
        return cls(actor.person_id, actor.areas)


@dataclass(frozen=True)
class BatchSeen:
    """A file that was checked, and perhaps confirmed; `report` has the counts of what was written."""

    id: str
    name: str
    sha256: str
    source: str
    licence: str
    synthetic: bool
    checked_at: datetime
    confirmed_at: datetime | None
    report: dict[str, Any]


@dataclass(frozen=True)
class BatchPlace:
    """A place as the result page lists it."""

    id: int
    code: str
    area: str
    number: int
    venue: str
    synthetic: bool


@dataclass(frozen=True)
class BatchPlaces:
    """One page of a batch's places; `after` asks for the next one, None on the last."""

    places: tuple[BatchPlace, ...]
    total: int
    after: int | None


def wards(session: Session, campaign: CampaignSeen, areas: frozenset[int]) -> tuple[KnownArea, ...]:
    """The commune-level units of the campaign's tree that the importer may fill."""
    tree = below(frozenset({campaign.root_area_id}), campaign.tree_date)
    rows = session.execute(
        select(Area.id, Area.code, Area.name, Area.kind, Area.boundary)
        .where(Area.id.in_(tree), Area.kind.in_(sorted(WARD_KINDS)))
        .order_by(Area.code, Area.id)
    )
    return tuple(
        KnownArea(row.id, row.code, row.name, row.kind, json.dumps(row.boundary) if row.boundary else "")
        for row in rows
        if row.id in areas
    )


def known_places(session: Session, campaign_id: int, areas: frozenset[int]) -> tuple[KnownPlace, ...]:
    """The places of a campaign within the areas, with their venues, in the order of wards and numbers."""
    rows = session.execute(
        select(Place, Venue, Area.code, Area.name)
        .join(Venue, Venue.id == Place.venue_id)
        .join(Area, Area.id == Place.area_id)
        .where(Place.campaign_id == campaign_id)
        .order_by(Area.code, Place.number, Place.id)
    )
    return tuple(
        _known(place, venue, code, name) for place, venue, code, name in rows if place.area_id in areas
    )


def _known(place: Place, venue: Venue, area_code: str, area_name: str) -> KnownPlace:
    return KnownPlace(
        id=place.id,
        venue_id=venue.id,
        area_id=place.area_id,
        area_code=area_code,
        area_name=area_name,
        code=place.code,
        number=place.number,
        name=place.name,
        venue=venue.name,
        venue_kind=venue.kind,
        address=venue.address,
        position=(venue.lat, venue.lon) if venue.lat is not None and venue.lon is not None else None,
        voters=place.voters,
        opens_at=place.opens_at,
        closes_at=place.closes_at,
        restricted=place.restricted,
        source=place.source,
        licence=place.licence,
        synthetic=place.synthetic,
    )


def hold_places(session: Session, campaign_id: int) -> None:
    """Keep others from changing the campaign's places until this transaction ends (PostgreSQL)."""
    mine = select(Place.id).where(Place.campaign_id == campaign_id)
    session.execute(mine.order_by(Place.id).with_for_update()).all()


def taken_codes(session: Session, campaign_id: int, areas: frozenset[int]) -> frozenset[str]:
    """The codes of the campaign's places outside the areas: they may not be given twice either."""
    rows = session.execute(select(Place.code, Place.area_id).where(Place.campaign_id == campaign_id))
    return frozenset(row.code for row in rows if row.area_id not in areas)


def _own(importer: Importer, campaign_id: int, batch_id: str, subject: str) -> Select[Any]:
    """A batch is seen by the person who sent it, in its campaign, on the pages of its subject."""
    if not is_id(batch_id):
        raise Unseen("import_batch", batch_id)
    return select(ImportBatch).where(
        ImportBatch.id == batch_id,
        ImportBatch.campaign_id == campaign_id,
        ImportBatch.subject == subject,
        ImportBatch.person_id == importer.person_id,
    )


def read_batch(
    session: Session, importer: Importer, campaign_id: int, batch_id: str, subject: str = "places"
) -> BatchSeen:
    """One batch. Raises Unseen when it is not the importer's."""
    row = session.scalar(_own(importer, campaign_id, batch_id, subject))
    if row is None:
        raise Unseen("import_batch", batch_id)
    return BatchSeen(
        row.id,
        row.name,
        row.sha256,
        row.source,
        row.licence,
        row.synthetic,
        row.checked_at,
        row.confirmed_at,
        row.report or {},
    )


def read_content(session: Session, batch_id: str) -> bytes:
    """The bytes of a batch's file."""
    content = session.scalar(select(ImportBatch.content).where(ImportBatch.id == batch_id))
    if content is None:
        raise Unseen("import_batch", batch_id)
    return content


def places_of_batch(session: Session, importer: Importer, batch_id: str, after: int = 0) -> BatchPlaces:
    """The places that a batch wrote and no later one has written since, PAGE at a time."""
    mine = (Place.batch_id == batch_id, Place.area_id.in_(sorted(importer.areas)))
    rows = session.execute(
        select(Place.id, Place.code, Area.name, Place.number, Venue.name, Place.synthetic)
        .join(Venue, Venue.id == Place.venue_id)
        .join(Area, Area.id == Place.area_id)
        .where(*mine, Place.id > after)
        .order_by(Place.id)
        .limit(PAGE + 1)
    ).all()
    total = session.scalar(select(func.count()).select_from(Place).where(*mine)) or 0
    shown = tuple(BatchPlace(*row) for row in rows[:PAGE])
    return BatchPlaces(shown, total, shown[-1].id if len(rows) > PAGE else None)
