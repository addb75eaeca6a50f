"""What a check can be of: a place, or a thing that stands somewhere."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.errors import Unseen
from inventory.geodesy import Position
from inventory.tables.area import Area
from inventory.tables.installation import Installation
from inventory.tables.kind import Kind
from inventory.tables.place import Place, Venue
from inventory.vocabulary import Family


@dataclass(frozen=True)
class Subject:
    """What is checked. `family` None: a place. `point` is the venue's or the thing's own, for the map.

    Only people who survey open it, and they may know every position in their wards.
    """

    area_id: int
    area_name: str
    place_id: int | None
    number: int
    venue_name: str
    installation_id: str | None
    kind_vi: str
    kind_en: str
    family: Family | None
    point: Position | None
    synthetic: bool


def place(session: Session, actor: Actor, campaign: CampaignSeen, place_id: int) -> Subject:
    """A polling place. Raises Unseen."""
    row = session.execute(
        select(Place, Venue, Area.name)
        .join(Venue, Venue.id == Place.venue_id)
        .join(Area, Area.id == Place.area_id)
        .where(Place.id == place_id, Place.campaign_id == campaign.id)
    ).first()
    if row is None or not sees(actor, row.Place.area_id):
        raise Unseen("place", place_id)
    found, venue, area_name = row
    return Subject(
        area_id=found.area_id,
        area_name=area_name,
        place_id=found.id,
        number=found.number,
        venue_name=venue.name,
        installation_id=None,
        kind_vi="",
        kind_en="",
        family=None,
        point=_point(venue.lat, venue.lon),
        synthetic=found.synthetic,
    )


def installation(session: Session, actor: Actor, installation_id: str) -> Subject:
    """A thing that is recorded. Raises Unseen."""
    row = session.execute(
        select(Installation, Kind, Area.name, Venue)
        .join(Kind, Kind.code == Installation.kind_code)
        .join(Area, Area.id == Installation.area_id)
        .outerjoin(Venue, Venue.id == Installation.venue_id)
        .where(Installation.id == installation_id)
    ).first()
    if row is None or not sees(actor, row[0].area_id):
        raise Unseen("installation", installation_id)
    thing, kind, area_name, venue = row
    at_venue = _point(venue.lat, venue.lon) if venue else None
    return Subject(
        area_id=thing.area_id,
        area_name=area_name,
        place_id=None,
        number=0,
        venue_name=venue.name if venue else "",
        installation_id=thing.id,
        kind_vi=kind.name_vi,
        kind_en=kind.name_en,
        family=kind.family,
        point=_point(thing.lat, thing.lon) or at_venue,
        synthetic=thing.synthetic,
    )


def _point(lat: float | None, lon: float | None) -> Position | None:
    return None if lat is None or lon is None else (lat, lon)
