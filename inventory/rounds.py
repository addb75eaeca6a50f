"""Rounds: which places a person surveys next, those first that they were given; the home pages ask here."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select
from sqlalchemy.orm import Session, aliased

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


@dataclass(frozen=True)
class Round:
    """What to survey next; `given` is how many places the actor was given, 0 when all is surveyed."""

    places: tuple[ToSurvey, ...]
    given: int


def to_survey(session: Session, actor: Actor, campaign: CampaignSeen, most: int) -> Round:
    """Places without a finished visit: the actor's own in the order to go, then those with most voters."""
    visited = select(Survey.place_id).where(
        Survey.campaign_id == campaign.id, Survey.finished_at.is_not(None), Survey.place_id.is_not(None)
    )
    rows = session.execute(
        select(
            Place.id,
            Place.number,
            Venue.name,
            Place.voters,
            Assignment.id.is_not(None),
            _given(actor, campaign),
        )
        .select_from(Place)
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
    found = rows.all()
    places = tuple(
        ToSurvey(number, order, venue, voters, mine) for number, order, venue, voters, mine, _ in found
    )
    return Round(places, found[0][-1] if found else 0)


def _given(actor: Actor, campaign: CampaignSeen) -> ScalarSelect[int]:
    """Counted within the same question: the home page asks few."""
    row, there = aliased(Assignment), aliased(Place)
    return (
        select(func.count(row.id))
        .select_from(row)
        .join(there, there.id == row.place_id)
        .where(row.campaign_id == campaign.id, row.person_id == actor.person_id)
        .where(scope.where(actor, there.area_id))
        .scalar_subquery()
    )


def _given_to(actor: Actor, campaign: CampaignSeen) -> ColumnElement[bool]:
    return and_(
        Assignment.place_id == Place.id,
        Assignment.campaign_id == campaign.id,
        Assignment.person_id == actor.person_id,
    )
