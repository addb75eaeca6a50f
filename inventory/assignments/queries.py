"""What assignments read: a ward's places with who has each, its people, and the wards to choose from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.assignments.rules import WALKERS, Given, PersonSeen, PlaceSeen, Standing, Work
from inventory.campaigns import CampaignSeen
from inventory.errors import Unseen
from inventory.geodesy import Position
from inventory.places.rules import VisitState
from inventory.surveys import queries as surveys
from inventory.tables.area import AreaParent
from inventory.tables.assignment import Assignment
from inventory.tables.person import Person, PersonArea
from inventory.tables.place import Place, Venue
from inventory.tables.survey import Survey
from inventory.vocabulary import VenueKind
from inventory.wording import vietnamese_key

__all__ = ["Given", "counts", "of_area", "people_of", "work"]


def of_area(session: Session, actor: Actor, campaign: CampaignSeen, area_id: int) -> tuple[Given, ...]:
    """Who has which place of a ward, by place; what nobody has is absent. Raises Unseen."""
    if not scope.sees(actor, area_id):
        raise Unseen("area", area_id)
    row = Assignment
    rows = session.execute(
        select(row.place_id, row.person_id, Person.name, row.team, row.position)
        .join(Place, Place.id == row.place_id)
        .join(Person, Person.id == row.person_id)
        .where(row.campaign_id == campaign.id, Place.area_id == area_id)
        .order_by(row.place_id)
    )
    return tuple(Given(*columns) for columns in rows)


def work(session: Session, actor: Actor, campaign: CampaignSeen, area_id: int) -> Work:
    """A ward with all that is needed to share it out. Raises Unseen."""
    target = surveys.ward(session, actor, campaign, area_id)
    given = of_area(session, actor, campaign, area_id)
    rows = session.execute(
        select(
            *(Place.id, Place.number, Venue.name, Place.voters, Venue.lat, Venue.lon, Venue.kind, Venue.id),
            Place.synthetic,
        )
        .join(Venue, Venue.id == Place.venue_id)
        .where(Place.campaign_id == campaign.id, Place.area_id == area_id)
        .order_by(Place.number, Place.id)
    ).all()
    states = _states(session, campaign, area_id)
    # Everybody who may open this surveys, so restricted venues have their positions here too.
    places = tuple(
        PlaceSeen(row[0], row[1], row[2], row[3], _point(row), row[8], states.get(row[0], _NEVER))
        for row in rows
    )
    return Work(
        area_id=area_id,
        area_name=target.area_name,
        places=places,
        people=_people(session, campaign, area_id, given),
        given=given,
        start=_start(rows),
    )


_NEVER = VisitState.NOT_SURVEYED


def _point(row: Any) -> Position | None:
    return None if row[4] is None else (row[4], row[5])


def _start(rows: Any) -> Position | None:
    """The ward's office, where one of its places is at it: everybody sets out there."""
    offices = sorted(
        (row[7], _point(row)) for row in rows if row[6] is VenueKind.COMMITTEE_OFFICE and row[4] is not None
    )
    return offices[0][1] if offices else None


def _states(session: Session, campaign: CampaignSeen, area_id: int) -> dict[int, VisitState]:
    rows = session.execute(
        select(Survey.place_id, func.max(Survey.finished_at))
        .where(Survey.campaign_id == campaign.id, Survey.area_id == area_id, Survey.place_id.is_not(None))
        .group_by(Survey.place_id)
    )
    return {
        place_id: VisitState.SURVEYED if finished else VisitState.IN_PROGRESS
        for place_id, finished in rows
        if place_id is not None
    }


def people_of(session: Session, area_id: int, day: date) -> tuple[PersonSeen, ...]:
    """Active ward people whom the ward, or an area above it, was granted; by name."""
    rows = session.execute(
        select(Person.id, Person.name, Person.role)
        .join(PersonArea, PersonArea.person_id == Person.id)
        .where(
            (PersonArea.area_id == area_id) | PersonArea.area_id.in_(_above(area_id, day)),
            *(Person.role.in_(WALKERS), Person.active),
        )
        .distinct()
    )
    found = [PersonSeen(*columns, Standing.HERE) for columns in rows]
    return tuple(sorted(found, key=_by_name))


def _by_name(person: PersonSeen) -> Any:
    return vietnamese_key(person.name), person.id


def _above(area_id: int, day: date) -> Any:
    """Select the areas that an area lies in on a day."""
    edge = AreaParent
    valid = (edge.valid_from <= day, (edge.valid_to.is_(None)) | (edge.valid_to > day))
    first = select(edge.parent_id.label("id")).where(edge.child_id == area_id, *valid)
    tree = first.cte(recursive=True)
    tree = tree.union(select(edge.parent_id).join(tree, edge.child_id == tree.c.id).where(*valid))
    return select(tree.c.id)


def _people(
    session: Session, campaign: CampaignSeen, area_id: int, given: tuple[Given, ...]
) -> tuple[PersonSeen, ...]:
    """The ward's people, and those who hold places there though they are of the ward no more."""
    here = people_of(session, area_id, campaign.tree_date)
    gone = {row.person_id for row in given} - {person.id for person in here}
    if not gone:
        return here
    rows = session.execute(
        select(Person.id, Person.name, Person.role, Person.active).where(Person.id.in_(gone))
    )
    others = [
        PersonSeen(number, name, role, Standing.MOVED if active else Standing.DISABLED)
        for number, name, role, active in rows
    ]
    return (*here, *sorted(others, key=_by_name))


@dataclass(frozen=True)
class WardCount:
    """How many places of a ward there are, and how many somebody has."""

    places: int
    given: int


def counts(session: Session, actor: Actor, campaign: CampaignSeen) -> dict[int, WardCount]:
    """The wards that the actor sees and that have places, by id."""
    rows = session.execute(
        select(Place.area_id, func.count(Place.id), func.count(Assignment.id))
        .outerjoin(
            Assignment,
            (Assignment.place_id == Place.id) & (Assignment.campaign_id == Place.campaign_id),
        )
        .where(Place.campaign_id == campaign.id, scope.where(actor, Place.area_id))
        .group_by(Place.area_id)
    )
    return {area_id: WardCount(places, given) for area_id, places, given in rows}


def place_names(
    session: Session, actor: Actor, campaign: CampaignSeen, area_id: int
) -> list[tuple[int, str]]:
    """The places of a ward as a list to choose from prints them, by number."""
    rows = session.execute(
        select(Place.id, Place.number, Venue.name)
        .join(Venue, Venue.id == Place.venue_id)
        .where(Place.campaign_id == campaign.id, Place.area_id == area_id, scope.where(actor, Place.area_id))
        .order_by(Place.number, Place.id)
    )
    return [(number, f"{code} · {name}") for number, code, name in rows]
