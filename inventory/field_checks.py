"""Field checks as pages and the model's side read them: what was heard or read, where, by whom.

Every reader takes the actor and answers only what they see. Whoever may not know where a restricted
venue lies gets the check without its spot (`hidden`); the rule is in restricted.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import Session, aliased

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.restricted import may_know_position
from inventory.tables.area import Area
from inventory.tables.field_check import FieldCheck
from inventory.tables.installation import Installation
from inventory.tables.kind import Kind
from inventory.tables.person import Person
from inventory.tables.place import Place, Venue
from inventory.vocabulary import Channel, PositionSource, VenueKind


@dataclass(frozen=True)
class FieldCheckSeen:
    """One check. `perceived`: heard clearly, or could be read. Degrees are WGS84, accuracy in metres.

    Of a place (`place_*`), of a thing (`installation_id`, `kind_*`), or of both; "" and None where
    there is none. `lat` and `lon` are None where nobody noted the spot or the actor may not know it.
    """

    id: str
    area_id: int
    area_name: str
    channel: Channel
    perceived: bool
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    position_source: PositionSource | None
    at: datetime
    who: str
    note: str
    synthetic: bool
    place_id: int | None
    place_number: int | None
    venue_name: str
    installation_id: str | None
    kind_vi: str
    kind_en: str
    hidden: bool


def checks(session: Session, actor: Actor, campaign: CampaignSeen) -> tuple[FieldCheckSeen, ...]:
    """Every check of the campaign in the wards that the actor sees, the newest first."""
    return _read(session, actor, _query(actor, campaign))


def of_place(
    session: Session, actor: Actor, campaign: CampaignSeen, place_id: int, most: int = 20
) -> tuple[FieldCheckSeen, ...]:
    """The newest checks of a place."""
    return _read(session, actor, _query(actor, campaign).where(FieldCheck.place_id == place_id).limit(most))


def of_installation(
    session: Session, actor: Actor, campaign: CampaignSeen, installation_id: str, most: int = 20
) -> tuple[FieldCheckSeen, ...]:
    """The newest checks of a thing."""
    query = _query(actor, campaign).where(FieldCheck.installation_id == installation_id)
    return _read(session, actor, query.limit(most))


def of_wards(
    session: Session, actor: Actor, campaign: CampaignSeen, area_id: int | None, after: str, most: int
) -> tuple[FieldCheckSeen, ...]:
    """The checks of one ward, or of all that the actor sees (None), behind the check `after` ("")."""
    query = _query(actor, campaign)
    if area_id is not None:
        query = query.where(FieldCheck.area_id == area_id)
    last = session.get(FieldCheck, after) if after else None
    if last is not None and last.campaign_id == campaign.id and scope.sees(actor, last.area_id):
        earlier = (FieldCheck.at == last.at) & (FieldCheck.id < last.id)
        query = query.where((FieldCheck.at < last.at) | earlier)
    return _read(session, actor, query.limit(most))


def _query(actor: Actor, campaign: CampaignSeen) -> Select[Any]:
    row = FieldCheck
    at_place, at_thing = aliased(Venue), aliased(Venue)
    closed = select(Place.venue_id).where(Place.campaign_id == campaign.id, Place.restricted)
    told: list[Any] = [
        *(row.id, row.area_id, Area.name, row.channel, row.perceived, row.lat, row.lon),
        *(row.accuracy_m, row.position_source, row.at, Person.name, row.note, row.synthetic),
        *(row.place_id, Place.number, at_place.name, row.installation_id, Kind.name_vi, Kind.name_en),
        or_(at_place.id.in_(closed), at_thing.id.in_(closed)),
        case((at_place.kind == VenueKind.ARMED_FORCES, at_place.kind), else_=at_thing.kind),
    ]
    return (
        select(*told)
        .join(Area, Area.id == row.area_id)
        .join(Person, Person.id == row.person_id)
        .outerjoin(Place, Place.id == row.place_id)
        .outerjoin(at_place, at_place.id == Place.venue_id)
        .outerjoin(Installation, Installation.id == row.installation_id)
        .outerjoin(at_thing, at_thing.id == Installation.venue_id)
        .outerjoin(Kind, Kind.code == Installation.kind_code)
        .where(row.campaign_id == campaign.id, scope.where(actor, row.area_id))
        .order_by(row.at.desc(), row.id.desc())
    )


def _read(session: Session, actor: Actor, query: Select[Any]) -> tuple[FieldCheckSeen, ...]:
    return tuple(_seen(actor, *row) for row in map(tuple, session.execute(query)))


def _seen(actor: Actor, *columns: Any) -> FieldCheckSeen:
    (*values, restricted, venue_kind) = columns
    hidden = not may_know_position(actor, bool(restricted), venue_kind or VenueKind.OTHER)
    spot = dict.fromkeys(("lat", "lon", "accuracy_m", "position_source"))
    names = FieldCheckSeen.__dataclass_fields__
    told = dict(zip(names, values, strict=False)) | (spot if hidden else {})
    for name in ("venue_name", "kind_vi", "kind_en"):
        told[name] = told[name] or ""
    return FieldCheckSeen(**told, hidden=hidden)
