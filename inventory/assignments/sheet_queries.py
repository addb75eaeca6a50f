"""What printed sheets read: one person's places in the order to go, and the things that get labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.orm import Session

from inventory.access import scope
from inventory.access.permissions import Actor, Permission
from inventory.assignments.walking import Ground
from inventory.campaigns import CampaignSeen, standard_in_force
from inventory.directory import restricted_venue, standard_version
from inventory.errors import Unseen
from inventory.geodesy import Position
from inventory.standards import place_checklist
from inventory.tables.area import Area
from inventory.tables.assignment import Assignment
from inventory.tables.installation import Installation
from inventory.tables.kind import Kind
from inventory.tables.person import Person, PersonArea
from inventory.tables.place import Place, Venue
from inventory.vocabulary import STANDING, AreaKind, VenueKind

#: Labels that one file may have.
MOST_LABELS = 2_000


@dataclass(frozen=True)
class Stop:
    """One place of a route sheet. `address` is "" where it may not be printed (`hidden`)."""

    place_id: int
    area_name: str
    number: int
    venue_name: str
    address: str
    hidden: bool
    voters: int | None
    items: int
    position: Position | None
    team: str


@dataclass(frozen=True)
class Route:
    """One person's places, ward by ward in the order to go; `metres` walked between those with a position."""

    person: str
    stops: tuple[Stop, ...]
    metres: float


def route(session: Session, actor: Actor, campaign: CampaignSeen, person_id: int) -> Route:
    """The way of a person. Their own, or (for who assigns) of somebody who has to do with their wards.

    Raises Unseen.
    """
    person = session.get(Person, person_id)
    rows = session.execute(_stops(actor, campaign, person_id)).all()
    if person is None or not _may_open(session, actor, person_id, bool(rows)):
        raise Unseen("person", person_id)
    asked = _asked(session, campaign)
    stops = tuple(_stop(row, asked) for row in rows)
    return Route(person.name, stops, sum(_metres(stops, area) for area in {stop.area_name for stop in stops}))


def _may_open(session: Session, actor: Actor, person_id: int, has_places: bool) -> bool:
    if person_id == actor.person_id:
        return True
    if not actor.may(Permission.ASSIGN):
        return False
    granted = session.scalars(select(PersonArea.area_id).where(PersonArea.person_id == person_id))
    return has_places or any(scope.sees(actor, area) for area in granted)


def _stops(actor: Actor, campaign: CampaignSeen, person_id: int) -> Any:
    return (
        select(
            *(Place.id, Area.name.label("area"), Area.kind.label("area_kind"), Place.number, Place.voters),
            *(Venue.name.label("venue"), Venue.kind, Venue.address, Venue.lat, Venue.lon, Assignment.team),
            restricted_venue(campaign.id).label("restricted"),
        )
        .select_from(Assignment)
        .join(Place, Place.id == Assignment.place_id)
        .join(Venue, Venue.id == Place.venue_id)
        .join(Area, Area.id == Place.area_id)
        .where(
            Assignment.campaign_id == campaign.id,
            Assignment.person_id == person_id,
            scope.where(actor, Place.area_id),
        )
        .order_by(Area.folded, Area.id, Assignment.position, Place.number)
    )


def _stop(row: Any, asked: Any) -> Stop:
    # Paper gets lost: where a restricted venue is stands on no sheet, whoever prints it.
    hidden = bool(row.restricted) or row.kind is VenueKind.ARMED_FORCES
    return Stop(
        place_id=row.id,
        area_name=row.area,
        number=row.number,
        venue_name=row.venue,
        address="" if hidden else row.address,
        hidden=hidden,
        voters=row.voters,
        items=asked(row.kind, row.area_kind),
        position=None if row.lat is None else (row.lat, row.lon),
        team=row.team,
    )


def _metres(stops: Sequence[Stop], area: str) -> float:
    """Metres from the first to the last place of a ward in the order of the sheet."""
    here = [stop.position for stop in stops if stop.area_name == area and stop.position]
    return Ground(here, None).length(range(len(here)))


def _asked(session: Session, campaign: CampaignSeen) -> Any:
    """How many items a visit to such a place has, grouped as surveys/checklist.py does."""
    standard_id = standard_in_force(session, campaign.id, campaign.today)
    wanted = standard_version(session, standard_id).requirements if standard_id else ()

    def count(venue_kind: VenueKind, area_kind: AreaKind) -> int:
        rows = place_checklist(wanted, venue_kind, area_kind)
        return len({(row.zone, row.kind or row.family) for row in rows})

    return count


@dataclass(frozen=True)
class Labelled:
    """A thing that gets a label. `place_number` 0: it is of the whole ward."""

    id: str
    kind: str
    place_number: int
    where: str
    area_name: str


@dataclass(frozen=True)
class LabelChoice:
    """Which things get labels: of a ward, of one place of it, of one kind; None for all."""

    area_id: int | None = None
    place_id: int | None = None
    kind: str | None = None


def labelled(
    session: Session, actor: Actor, campaign: CampaignSeen, choice: LabelChoice
) -> tuple[Labelled, ...]:
    """The standing things of a choice, ward by ward and place by place; at most MOST_LABELS and one more."""
    numbers = _numbers(session, actor, campaign)
    rows = session.execute(
        select(Installation.id, Kind.name_vi, Installation.venue_id, Venue.name, Area.name)
        .join(Kind, Kind.code == Installation.kind_code)
        .join(Area, Area.id == Installation.area_id)
        .outerjoin(Venue, Venue.id == Installation.venue_id)
        .where(
            scope.where(actor, Installation.area_id),
            Installation.lifecycle.in_(sorted(STANDING)),
            Installation.quantity > 0,
            *_chosen(campaign, choice),
        )
        .order_by(Area.folded, Area.id, Venue.id, Kind.position, Installation.id)
        .limit(MOST_LABELS + 1)
    )
    return tuple(Labelled(row[0], row[1], numbers.get(row[2] or 0, 0), row[3] or "", row[4]) for row in rows)


def _chosen(campaign: CampaignSeen, choice: LabelChoice) -> list[ColumnElement[bool]]:
    found = []
    if choice.area_id is not None:
        found.append(Installation.area_id == choice.area_id)
    if choice.place_id is not None:
        venue = select(Place.venue_id).where(
            Place.id == choice.place_id, Place.campaign_id == campaign.id, Place.area_id == choice.area_id
        )
        found.append(Installation.venue_id == venue.scalar_subquery())
    if choice.kind is not None:
        found.append(Installation.kind_code == choice.kind)
    return found


def _numbers(session: Session, actor: Actor, campaign: CampaignSeen) -> dict[int, int]:
    """The number of the first polling place at each venue."""
    rows = session.execute(
        select(Place.venue_id, Place.number)
        .where(Place.campaign_id == campaign.id, scope.where(actor, Place.area_id))
        .order_by(Place.number.desc())
    )
    return {row.venue_id: row.number for row in rows}


@dataclass(frozen=True)
class Found:
    """A thing that a code may mean."""

    id: str
    kind_vi: str
    kind_en: str
    where: str
    area_name: str


def things_with(session: Session, actor: Actor, tail: str) -> tuple[Found, ...]:
    """The installations that the actor sees whose id ends in these ten hexadecimal digits; mostly one."""
    rows = session.execute(
        select(Installation.id, Kind.name_vi, Kind.name_en, Venue.name, Area.name)
        .join(Kind, Kind.code == Installation.kind_code)
        .join(Area, Area.id == Installation.area_id)
        .outerjoin(Venue, Venue.id == Installation.venue_id)
        .where(scope.where(actor, Installation.area_id), cast(Installation.id, String).endswith(tail))
        .order_by(Installation.id)
    )
    return tuple(Found(row[0], row[1], row[2], row[3] or "", row[4]) for row in rows)


def place_with(session: Session, actor: Actor, campaign: CampaignSeen, place_id: int) -> int | None:
    """The id of the polling place, where the actor sees it."""
    return session.scalar(
        select(Place.id).where(
            Place.id == place_id, Place.campaign_id == campaign.id, scope.where(actor, Place.area_id)
        )
    )
