"""Reads of neighbourhoods: the list that a person sees, one of them, and what an import compares with."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.errors import Unseen
from inventory.neighbourhoods.import_plan import KnownNeighbour, VotingPlace
from inventory.neighbourhoods.rules import Neighbour
from inventory.tables.area import Area
from inventory.tables.neighbourhood import Neighbourhood
from inventory.tables.place import Place
from inventory.wording import vietnamese_key


@dataclass(frozen=True)
class Listing:
    """Every neighbourhood that the actor sees, by ward and name; `places` by id: (ward, number, voters)."""

    lines: tuple[Neighbour, ...]
    places: Mapping[int, tuple[str, int, int | None]]


def listing(session: Session, actor: Actor, campaign: CampaignSeen) -> Listing:
    """The list, in the order of wards and names; the id breaks every tie."""
    row = Neighbourhood
    rows = session.execute(
        select(row, Area.name, Place.number)
        .join(Area, Area.id == row.area_id)
        .outerjoin(Place, Place.id == row.place_id)
        .where(row.campaign_id == campaign.id, scope.where(actor, row.area_id))
    )
    lines = [_line(one, ward, number) for one, ward, number in rows]
    lines.sort(key=lambda line: (vietnamese_key(line.area_name), line.code, line.id))
    places = session.execute(
        select(Place.id, Area.name, Place.number, Place.voters)
        .join(Area, Area.id == Place.area_id)
        .where(Place.campaign_id == campaign.id, scope.where(actor, Place.area_id))
    )
    return Listing(tuple(lines), {number: (ward, n, voters) for number, ward, n, voters in places})


def one(session: Session, actor: Actor, campaign: CampaignSeen, neighbourhood_id: int) -> Neighbour:
    """One neighbourhood. Raises Unseen."""
    row = Neighbourhood
    found = session.execute(
        select(row, Area.name, Place.number)
        .join(Area, Area.id == row.area_id)
        .outerjoin(Place, Place.id == row.place_id)
        .where(row.id == neighbourhood_id, row.campaign_id == campaign.id, scope.where(actor, row.area_id))
    ).first()
    if found is None:
        raise Unseen("neighbourhood", neighbourhood_id)
    return _line(*found)


def _line(row: Neighbourhood, ward: str, number: int | None) -> Neighbour:
    return Neighbour(
        id=row.id,
        area_id=row.area_id,
        area_name=ward,
        code=row.code,
        name=row.name,
        place_id=row.place_id,
        place_number=number or 0,
        households=row.households,
        voters=row.voters,
        position=None if row.lat is None or row.lon is None else (row.lat, row.lon),
        source=row.source,
        licence=row.licence,
        synthetic=row.synthetic,
        version=row.version,
    )


def places_of(session: Session, campaign: CampaignSeen, area_id: int) -> tuple[tuple[int, int, str], ...]:
    """The polling places of a ward that the caller may see: (id, number, name), by number."""
    rows = session.execute(
        select(Place.id, Place.number, Place.name)
        .where(Place.campaign_id == campaign.id, Place.area_id == area_id)
        .order_by(Place.number, Place.id)
    )
    return tuple((number, order, name) for number, order, name in rows)


def voting_places(session: Session, campaign_id: int, areas: frozenset[int]) -> tuple[VotingPlace, ...]:
    """The polling places that a file may name."""
    rows = session.execute(
        select(Place.id, Place.area_id, Place.number, Place.voters)
        .where(Place.campaign_id == campaign_id)
        .order_by(Place.id)
    )
    return tuple(
        VotingPlace(row.id, row.area_id, row.number, row.voters) for row in rows if row.area_id in areas
    )


def known(session: Session, campaign_id: int, areas: frozenset[int]) -> tuple[KnownNeighbour, ...]:
    """The neighbourhoods within the areas, in the order of wards and codes."""
    row = Neighbourhood
    rows = session.execute(
        select(row, Area.code, Area.name, Place.number)
        .join(Area, Area.id == row.area_id)
        .outerjoin(Place, Place.id == row.place_id)
        .where(row.campaign_id == campaign_id)
        .order_by(Area.code, row.code, row.id)
    )
    return tuple(_known(*columns) for columns in rows if columns[0].area_id in areas)


def _known(row: Neighbourhood, area_code: str, area_name: str, number: int | None) -> KnownNeighbour:
    return KnownNeighbour(
        id=row.id,
        area_id=row.area_id,
        area_code=area_code,
        area_name=area_name,
        code=row.code,
        name=row.name,
        number=number,
        households=row.households,
        voters=row.voters,
        position=None if row.lat is None or row.lon is None else (row.lat, row.lon),
        source=row.source,
        licence=row.licence,
        synthetic=row.synthetic,
    )
