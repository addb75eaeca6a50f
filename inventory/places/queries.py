"""What the pages of one place read: its facts, its checklist, and the venues it could be at."""

from dataclasses import dataclass
from datetime import time

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from inventory import field_checks
from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.errors import Unseen
from inventory.field_checks import FieldCheckSeen
from inventory.geodesy import Position
from inventory.restricted import may_know_position
from inventory.surveys import queries as surveys
from inventory.surveys.checklist import ZoneList
from inventory.surveys.queries import Target, Visit
from inventory.tables.area import Area
from inventory.tables.place import Place, Venue
from inventory.tables.survey import Survey
from inventory.vocabulary import WARD_KINDS, PositionSource, VenueKind
from inventory.wording import vietnamese_key


@dataclass(frozen=True)
class PlaceFacts:
    """Everything about one place; `point` is None where unknown or hidden."""

    id: int
    version: int
    venue_version: int
    target: Target
    code: str
    opens_at: time | None
    closes_at: time | None
    address: str
    point: Position | None
    hidden: bool
    position_source: PositionSource | None
    source: str
    licence: str
    synthetic: bool


@dataclass(frozen=True)
class PlacePage:
    """One place with its checklist by the last finished answers, its visits and its field checks."""

    facts: PlaceFacts
    zones: tuple[ZoneList, ...]
    visits: tuple[Visit, ...]
    checks: tuple[FieldCheckSeen, ...]


def facts(session: Session, actor: Actor, campaign: CampaignSeen, place_id: int) -> PlaceFacts:
    """One place, or Unseen."""
    row = surveys.place_row(session, actor, campaign, place_id)
    place: Place = row.Place
    venue: Venue = row.Venue
    target = surveys.target_of(row)
    known = may_know_position(actor, row.restricted, venue.kind)
    return PlaceFacts(
        id=place.id,
        version=place.version,
        venue_version=venue.version,
        target=target,
        code=place.code,
        opens_at=place.opens_at,
        closes_at=place.closes_at,
        address=venue.address if known else "",
        point=target.point if known else None,
        hidden=not known,
        position_source=venue.position_source,
        source=place.source or venue.source,
        licence=place.licence or venue.licence,
        synthetic=place.synthetic,
    )


def place_page(session: Session, actor: Actor, campaign: CampaignSeen, place_id: int) -> PlacePage:
    """One place with what was found there."""
    found = facts(session, actor, campaign, place_id)
    visits, answers = surveys.history(session, campaign, found.target, Survey.finished_at.is_not(None))
    # The newest visit comes first, so an older answer to the same question gives way.
    latest = {(answer.zone, answer.kind): answer for _, answer in reversed(answers)}
    _, _, zones = surveys.checklist(session, campaign, found.target, list(latest.values()))
    checks = field_checks.of_place(session, actor, campaign, place_id)
    return PlacePage(found, zones, tuple(visits), checks)


@dataclass(frozen=True)
class VenueChoice:
    """A venue that a new place may be at."""

    id: int
    area_id: int
    name: str
    kind: VenueKind
    address: str
    point: Position | None
    version: int


def ward_names(session: Session, actor: Actor, campaign: CampaignSeen) -> list[tuple[int, str]]:
    tree = scope.below(frozenset({campaign.root_area_id}), campaign.tree_date)
    rows = session.execute(
        select(Area.id, Area.name)
        .where(Area.id.in_(tree), Area.kind.in_(sorted(WARD_KINDS)), scope.where(actor, Area.id))
        .order_by(Area.id)
    )
    return [(row.id, row.name) for row in rows]


def wards(session: Session, actor: Actor, campaign: CampaignSeen) -> tuple[tuple[int, str], ...]:
    """The wards a place can be in, by name."""
    return tuple(
        sorted(ward_names(session, actor, campaign), key=lambda row: (vietnamese_key(row[1]), row[0]))
    )


def venues(session: Session, actor: Actor, area_id: int) -> tuple[VenueChoice, ...]:
    """The venues of a ward that the actor sees, by name."""
    rows = session.scalars(
        select(Venue).where(and_(Venue.area_id == area_id, scope.where(actor, Venue.area_id)))
    )
    found = [
        VenueChoice(
            row.id,
            row.area_id,
            row.name,
            row.kind,
            row.address,
            None if row.lat is None or row.lon is None else (row.lat, row.lon),
            row.version,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda venue: (vietnamese_key(venue.name), venue.id)))


def check_area(session: Session, actor: Actor, campaign: CampaignSeen, area_id: int) -> None:
    """Raise Unseen unless the area is a ward of the campaign that the actor sees."""
    if area_id not in dict(ward_names(session, actor, campaign)):
        raise Unseen("area", area_id)
