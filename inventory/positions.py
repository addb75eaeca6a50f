"""Positions: where places and standing things are, and the outlines of wards, as the map draws them.

Every reader takes the actor and answers only what they see. Whoever may neither survey nor review has
no need to know where a restricted venue (armed forces) lies: its place and all that hangs on it come
without a position, marked `hidden` (the rule is in restricted.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.directory import restricted_venue
from inventory.facts import KindFact, StateFact
from inventory.geodesy import Position
from inventory.restricted import may_know_position
from inventory.snapshot import REPORTED, state_fact
from inventory.standards import standing_units, working_units
from inventory.tables.area import Area
from inventory.tables.installation import Installation, Review
from inventory.tables.place import Place, Venue
from inventory.vocabulary import STANDING, WARD_KINDS, Condition, Figure, ReviewState, VenueKind

#: What a state tells of a thing's size and direction: the fields behind its position.
_NAMES = tuple(field.name for field in fields(StateFact))
_MEASURES = _NAMES[_NAMES.index("lon") + 1 :]


@dataclass(frozen=True)
class PlacePosition:
    """Where a polling place is; `at` is None where nobody knows or the actor may not (`hidden`)."""

    place_id: int
    venue_id: int
    at: Position | None
    hidden: bool
    licence: str


class ThingPosition(NamedTuple):
    """A record of standing things: units that stand and that work, and where.

    `at` is the thing's own position or its venue's point; None as for a place. `state` is all that is
    known of it in the figure, for its reach.
    """

    id: str
    area_id: int
    venue_id: int | None
    kind: str
    standing: int
    working: int
    condition: Condition
    at: Position | None
    hidden: bool
    state: StateFact | None = None


class Outline(NamedTuple):
    """A ward's line (a GeoJSON polygon in degrees) and the point for its name, where they are known."""

    area_id: int
    version: int
    at: Position | None
    boundary: dict[str, Any] | None


def hidden_things(session: Session, actor: Actor, campaign: CampaignSeen) -> frozenset[str]:
    """Ids of what is recorded at venues whose position the actor may not know."""
    if may_know_position(actor, restricted=True, venue_kind=VenueKind.ARMED_FORCES):
        return frozenset()
    at = or_(restricted_venue(campaign.id), Venue.kind == VenueKind.ARMED_FORCES)
    query = select(Installation.id).join(Venue, Venue.id == Installation.venue_id).where(at)
    return frozenset(session.scalars(query))


def places(session: Session, actor: Actor, campaign: CampaignSeen) -> tuple[PlacePosition, ...]:
    """The position of every polling place that the actor sees, by id."""
    rows = session.execute(
        select(
            *(Place.id, Place.venue_id, Venue.lat, Venue.lon, Venue.licence),
            *(restricted_venue(campaign.id), Venue.kind),
        )
        .join(Venue, Venue.id == Place.venue_id)
        .where(Place.campaign_id == campaign.id, scope.where(actor, Place.area_id))
        .order_by(Place.id)
    )
    found = []
    for place_id, venue_id, lat, lon, licence, restricted, kind in rows:
        hidden = not may_know_position(actor, restricted, kind)
        found.append(PlacePosition(place_id, venue_id, None if hidden else _at(lat, lon), hidden, licence))
    return tuple(found)


def things(
    session: Session,
    actor: Actor,
    campaign: CampaignSeen,
    figure: Figure,
    kinds: Mapping[str, KindFact],
    venues: tuple[PlacePosition, ...],
) -> tuple[ThingPosition, ...]:
    """What stands in this figure in the actor's areas, by id; `venues` are those of `places`.

    A thing whose verified state was in another ward is the other ward's in that figure.
    """
    points = {place.venue_id: place for place in venues}
    found = []
    states = _reported(session, actor, campaign) if figure == Figure.REPORTED else None
    for number, state in _verified(session, actor, campaign) if states is None else states:
        standing = standing_units(kinds.get(state.kind), state)
        if not standing:
            continue
        venue = points.get(state.venue_id) if state.venue_id is not None else None
        hidden = venue is not None and venue.hidden
        at = None if hidden else _at(state.lat, state.lon) or (venue.at if venue else None)
        working = working_units(kinds.get(state.kind), state)
        found.append(
            ThingPosition(
                number,
                state.area_id,
                state.venue_id,
                state.kind,
                standing,
                working,
                state.condition,
                at,
                hidden,
                state,
            )
        )
    return tuple(found)


def _reported(session: Session, actor: Actor, campaign: CampaignSeen) -> list[tuple[str, StateFact]]:
    row = Installation
    rows = session.execute(
        select(
            *(row.id, row.kind_code, row.zone, row.venue_id, row.area_id, row.quantity, row.working),
            *(row.lifecycle, row.condition, row.lat, row.lon),
            *(getattr(row, name) for name in _MEASURES),
        )
        .join(Review, Review.installation_id == row.id)
        .where(
            Review.campaign_id == campaign.id,
            Review.state.in_(sorted(REPORTED)),
            row.lifecycle.in_(sorted(STANDING)),
            scope.where(actor, row.area_id),
        )
        .order_by(row.id)
    )
    return [(number, StateFact(*state)) for number, *state in rows]


def _verified(session: Session, actor: Actor, campaign: CampaignSeen) -> list[tuple[str, StateFact]]:
    row = Installation
    rows = session.execute(
        select(row.id, Review.verified_state)
        .join(Review, Review.installation_id == row.id)
        .where(
            Review.campaign_id == campaign.id,
            Review.state != ReviewState.RETURNED,
            scope.where(actor, row.area_id),
        )
        .order_by(row.id)
    )
    states = [(number, state_fact(stored)) for number, stored in rows if stored]
    return [(number, state) for number, state in states if scope.sees(actor, state.area_id)]


def outlines(session: Session, actor: Actor, campaign: CampaignSeen) -> tuple[Outline, ...]:
    """The lines of the wards that the actor sees, by id."""
    tree = scope.below(frozenset({campaign.root_area_id}), campaign.tree_date)
    rows = session.execute(
        select(Area.id, Area.version, Area.lat, Area.lon, Area.boundary)
        .where(Area.id.in_(tree), Area.kind.in_(sorted(WARD_KINDS)), scope.where(actor, Area.id))
        .order_by(Area.id)
    )
    return tuple(
        Outline(number, version, _at(lat, lon), boundary) for number, version, lat, lon, boundary in rows
    )


def _at(lat: float | None, lon: float | None) -> Position | None:
    return None if lat is None or lon is None else (lat, lon)
