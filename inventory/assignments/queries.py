"""What assignments read: a ward's places with who has each, its people, and one person's way."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.errors import Unseen
from inventory.tables.assignment import Assignment
from inventory.tables.person import Person
from inventory.tables.place import Place


@dataclass(frozen=True)
class Given:
    """A place that a person has; `position` is where it comes on their way, from 0, `team` a group or ""."""

    place_id: int
    person_id: int
    person: str
    team: str
    position: int


def of_area(session: Session, actor: Actor, campaign: CampaignSeen, area_id: int) -> tuple[Given, ...]:
    """Who has which place of a ward, by place; what nobody has is absent. Raises Unseen."""
    if not sees(actor, area_id):
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
