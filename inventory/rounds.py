"""Rounds: which places a person surveys next, those first that they were given; the home pages ask here."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.tables.assignment import Assignment
from inventory.tables.place import Place, Venue
from inventory.tables.survey import Survey


@dataclass(frozen=True)
class ToSurvey:
    """A place without a finished visit; `mine` when the actor was given it."""

    id: int
    number: int
    venue_name: str
    voters: int | None
    mine: bool


def to_survey(session: Session, actor: Actor, campaign: CampaignSeen, most: int) -> tuple[ToSurvey, ...]:
    """Places without a finished visit: the actor's own in the order to go, then those with most voters."""
    visited = select(Survey.place_id).where(
        Survey.campaign_id == campaign.id, Survey.finished_at.is_not(None), Survey.place_id.is_not(None)
    )
    rows = session.execute(
        select(Place.id, Place.number, Venue.name, Place.voters, Assignment.id.is_not(None))
        .join(Venue, Venue.id == Place.venue_id)
        .outerjoin(Assignment, _given_to(actor, campaign))
        .where(Place.campaign_id == campaign.id, scope.where(actor, Place.area_id), Place.id.not_in(visited))
        .order_by(
            Assignment.id.is_(None),
            Assignment.position,
            Place.voters.desc().nulls_last(),
            Place.number,
            Place.id,
        )
        .limit(most)
    )
    return tuple(ToSurvey(*row) for row in rows)


def given(session: Session, actor: Actor, campaign: CampaignSeen) -> int:
    """How many places the actor was given to survey."""
    mine = _given_to(actor, campaign) & scope.where(actor, Place.area_id)
    return session.scalar(select(func.count()).select_from(Place).join(Assignment, mine)) or 0


def _given_to(actor: Actor, campaign: CampaignSeen) -> ColumnElement[bool]:
    return and_(
        Assignment.place_id == Place.id,
        Assignment.campaign_id == campaign.id,
        Assignment.person_id == actor.person_id,
    )
