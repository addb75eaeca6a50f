"""What the list of places reads: places, wards, how far each survey is, and what was returned."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.directory import restricted_venue
from inventory.geodesy import Position
from inventory.places.queries import ward_names
from inventory.places.rules import PlaceLine, VisitState, far
from inventory.restricted import may_know_position
from inventory.tables.area import Area
from inventory.tables.installation import Installation, Review
from inventory.tables.kind import Kind
from inventory.tables.place import Place, Venue
from inventory.tables.survey import Survey
from inventory.vocabulary import ReviewState, Zone
from inventory.wording import vietnamese_key


@dataclass(frozen=True)
class WardLine:
    """A ward with the state of its own page for things of the whole ward."""

    id: int
    name: str
    state: VisitState
    returned: int


@dataclass(frozen=True)
class ReturnedLine:
    """A thing that the office sent back: where to mend it, and why it came back."""

    id: str
    kind_vi: str
    kind_en: str
    zone: Zone | None
    kind_code: str
    area_id: int
    venue_id: int | None
    place_id: int | None
    place_number: int
    where: str
    own: bool
    at: datetime
    reason_code: str
    reason_text: str


@dataclass(frozen=True)
class Listing:
    """Everything the list needs; it is narrowed, ordered and paged by rules."""

    wards: tuple[WardLine, ...]
    places: tuple[PlaceLine, ...]
    returned: tuple[ReturnedLine, ...]


def listing(session: Session, actor: Actor, campaign: CampaignSeen, here: Position | None) -> Listing:
    """Read the places and wards that the actor sees, in four queries."""
    of_place, of_ward = _visit_states(session, actor, campaign)
    back = _returned(session, actor, campaign)
    at_venue = Counter(row["venue_id"] for row in back if row["venue_id"] is not None)
    at_ward = Counter(row["area_id"] for row in back if row["venue_id"] is None)
    lines = []
    for row in session.execute(_places(actor, campaign)):
        known = may_know_position(actor, row.restricted, row.kind)
        line = PlaceLine(
            id=row.id,
            area_id=row.area_id,
            area_name=row.area,
            venue_id=row.venue_id,
            number=row.number,
            name=row.name,
            venue_name=row.venue,
            voters=row.voters,
            point=(row.lat, row.lon) if known and row.lat is not None else None,
            hidden=not known,
            synthetic=row.synthetic,
            state=_state(of_place.get(row.id), at_venue[row.venue_id]),
            returned=at_venue[row.venue_id],
        )
        lines.append(replace(line, distance_m=far(line, here)))
    wards = [
        WardLine(number, name, _state(of_ward.get(number), at_ward[number]), at_ward[number])
        for number, name in ward_names(session, actor, campaign)
    ]
    places = {line.venue_id: line for line in reversed(lines)}
    names = {ward.id: ward.name for ward in wards}
    return Listing(
        wards=tuple(sorted(wards, key=lambda ward: (vietnamese_key(ward.name), ward.id))),
        places=tuple(lines),
        returned=tuple(_returned_line(row, places, names, actor) for row in back),
    )


def _places(actor: Actor, campaign: CampaignSeen) -> Any:
    return (
        select(
            *(Place.id, Place.area_id, Area.name.label("area"), Place.venue_id, Place.number, Place.name),
            *(Venue.name.label("venue"), Place.voters, Place.synthetic),
            restricted_venue(campaign.id).label("restricted"),
            *(Venue.kind, Venue.lat, Venue.lon),
        )
        .join(Venue, Venue.id == Place.venue_id)
        .join(Area, Area.id == Place.area_id)
        .where(Place.campaign_id == campaign.id, scope.where(actor, Place.area_id))
        .order_by(Place.area_id, Place.number, Place.id)
    )


def _visit_states(
    session: Session, actor: Actor, campaign: CampaignSeen
) -> tuple[dict[int, VisitState], dict[int, VisitState]]:
    """The state of each place and of each ward's own page; what has no visit is absent."""
    rows = session.execute(
        select(Survey.place_id, Survey.area_id, func.max(Survey.finished_at))
        .where(Survey.campaign_id == campaign.id, scope.where(actor, Survey.area_id))
        .group_by(Survey.place_id, Survey.area_id)
    )
    places: dict[int, VisitState] = {}
    wards: dict[int, VisitState] = {}
    for place_id, area_id, finished in rows:
        state = VisitState.SURVEYED if finished else VisitState.IN_PROGRESS
        if place_id is None:
            wards[area_id] = state
        else:
            places[place_id] = state
    return places, wards


def _state(visited: VisitState | None, returned: int) -> VisitState:
    if returned:
        return VisitState.RETURNED
    return visited or VisitState.NOT_SURVEYED


def _returned(session: Session, actor: Actor, campaign: CampaignSeen) -> list[Mapping[str, Any]]:
    row = Installation
    found = session.execute(
        select(
            *(row.id, row.area_id, row.venue_id, row.zone, row.kind_code),
            *(Kind.name_vi, Kind.name_en, Review.submitted_by, Review.decided_at),
            *(Review.reason_code, Review.reason_text),
        )
        .join(Review, Review.installation_id == row.id)
        .join(Kind, Kind.code == row.kind_code)
        .where(
            Review.campaign_id == campaign.id,
            Review.state == ReviewState.RETURNED,
            scope.where(actor, row.area_id),
        )
        .order_by(Review.decided_at, row.id)
    )
    return [dict(line) for line in found.mappings()]


def _returned_line(
    row: Mapping[str, Any], places: Mapping[int, PlaceLine], wards: Mapping[int, str], actor: Actor
) -> ReturnedLine:
    place = places.get(row["venue_id"])
    return ReturnedLine(
        id=row["id"],
        kind_vi=row["name_vi"],
        kind_en=row["name_en"],
        zone=row["zone"],
        kind_code=row["kind_code"],
        area_id=row["area_id"],
        venue_id=row["venue_id"],
        place_id=place.id if place else None,
        place_number=place.number if place else 0,
        where=place.venue_name if place else wards.get(row["area_id"], ""),
        own=row["submitted_by"] == actor.person_id,
        at=row["decided_at"],
        reason_code=row["reason_code"],
        reason_text=row["reason_text"],
    )
