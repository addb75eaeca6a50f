"""What a visit reads: the place or ward, its checklist, the open visit and the visits before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, standard_in_force
from inventory.directory import restricted_venue, standard_version
from inventory.errors import Unseen
from inventory.facts import RequirementFact
from inventory.geodesy import Position
from inventory.installations import surroundings
from inventory.installations.record import FIELDS, Record
from inventory.installations.rules import KindSeen, SloganSeen
from inventory.standards import area_checklist, place_checklist
from inventory.surveys.checklist import Answered, Item, Standing, ZoneList, build
from inventory.tables.area import Area, WardDeclaration
from inventory.tables.installation import Installation, Photo, Review
from inventory.tables.person import Person
from inventory.tables.place import Place, Venue
from inventory.tables.survey import Answer, Survey
from inventory.vocabulary import (
    AREA_ZONES,
    PLACE_ZONES,
    STANDING,
    WARD_KINDS,
    AreaKind,
    VenueKind,
    Zone,
)


@dataclass(frozen=True)
class Target:
    """What is visited: a polling place, or (without place and venue) a whole ward."""

    area_id: int
    area_name: str
    area_kind: AreaKind
    place_id: int | None = None
    venue_id: int | None = None
    number: int = 0
    name: str = ""
    venue_name: str = ""
    venue_kind: VenueKind = VenueKind.OTHER
    voters: int | None = None
    point: Position | None = None
    restricted: bool = False
    synthetic: bool = False

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Where to look, in the order a person walks."""
        return PLACE_ZONES if self.place_id else AREA_ZONES


@dataclass(frozen=True)
class Visit:
    """One visit, open while `finished_at` is None."""

    id: str
    person_id: int
    person: str
    started_at: datetime
    finished_at: datetime | None
    note: str


@dataclass(frozen=True)
class Sheet:
    """The checklist of a target as one person sees it now."""

    target: Target
    standard_id: int | None
    zones: tuple[ZoneList, ...]
    kinds: dict[str, KindSeen]
    slogans: tuple[SloganSeen, ...]
    open_visit: Visit | None
    last: Visit | None

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item in the order of the page."""
        return tuple(item for zone in self.zones for item in zone.items)

    @property
    def answered(self) -> int:
        """How many items have their answer in the open visit."""
        return sum(zone.answered for zone in self.zones)


def place(session: Session, actor: Actor, campaign: CampaignSeen, place_id: int) -> Target:
    """The polling place, or Unseen."""
    return target_of(place_row(session, actor, campaign, place_id))


def place_row(session: Session, actor: Actor, campaign: CampaignSeen, place_id: int) -> Any:
    """A row with Place, Venue, area, area_kind and restricted (the venue), or Unseen."""
    row = session.execute(
        select(
            *(Place, Venue, Area.name.label("area"), Area.kind.label("area_kind")),
            restricted_venue(campaign.id).label("restricted"),
        )
        .join(Venue, Venue.id == Place.venue_id)
        .join(Area, Area.id == Place.area_id)
        .where(Place.id == place_id, Place.campaign_id == campaign.id, scope.where(actor, Place.area_id))
    ).first()
    if row is None:
        raise Unseen("place", place_id)
    return row


def target_of(row: Any) -> Target:
    """The target in such a row."""
    here: Place = row.Place
    venue: Venue = row.Venue
    return Target(
        area_id=here.area_id,
        area_name=row.area,
        area_kind=row.area_kind,
        place_id=here.id,
        venue_id=here.venue_id,
        number=here.number,
        name=here.name,
        venue_name=venue.name,
        venue_kind=venue.kind,
        voters=here.voters,
        point=None if venue.lat is None or venue.lon is None else (venue.lat, venue.lon),
        restricted=here.restricted,
        synthetic=here.synthetic,
    )


def ward(session: Session, actor: Actor, campaign: CampaignSeen, area_id: int) -> Target:
    """The ward of the campaign as a whole, or Unseen."""
    tree = scope.below(frozenset({campaign.root_area_id}), campaign.tree_date)
    row = session.execute(
        select(Area.id, Area.name, Area.kind).where(
            Area.id == area_id,
            Area.id.in_(tree),
            Area.kind.in_(sorted(WARD_KINDS)),
            scope.where(actor, Area.id),
        )
    ).first()
    if row is None:
        raise Unseen("area", area_id)
    return Target(row.id, row.name, row.kind)


def sheet(session: Session, actor: Actor, campaign: CampaignSeen, target: Target) -> Sheet:
    """Read the checklist by the standard in force; without one only what is recorded shows."""
    mine = and_(Survey.finished_at.is_(None), Survey.person_id == actor.person_id)
    visits, answers = history(session, campaign, target, mine)
    own = next((v for v in visits if v.finished_at is None and v.person_id == actor.person_id), None)
    standard_id, kinds, zones = checklist(
        session, campaign, target, [answer for visit_id, answer in answers if own and visit_id == own.id]
    )
    finished = [visit for visit in visits if visit.finished_at is not None]
    return Sheet(
        target=target,
        standard_id=standard_id,
        zones=zones,
        kinds=kinds,
        slogans=surroundings.slogans(campaign.id),
        open_visit=own,
        last=finished[0] if finished else None,
    )


def checklist(
    session: Session, campaign: CampaignSeen, target: Target, answers: Sequence[Answered]
) -> tuple[int | None, dict[str, KindSeen], tuple[ZoneList, ...]]:
    """The standard in force, the kinds, and the checklist with these answers."""
    standard_id = standard_in_force(session, campaign.id, campaign.today)
    kinds = surroundings.kinds()
    requirements = _requirements(session, standard_id, target)
    stand = things(session, campaign, target)
    return standard_id, kinds, build(target.zones, requirements, kinds, stand, answers, target.voters)


def _requirements(session: Session, standard_id: int | None, target: Target) -> tuple[RequirementFact, ...]:
    if standard_id is None:
        return ()
    rows = standard_version(session, standard_id).requirements
    if target.place_id is None:
        return area_checklist(rows, target.area_kind)
    return place_checklist(rows, target.venue_kind, target.area_kind)


def things(session: Session, campaign: CampaignSeen, target: Target) -> tuple[Standing, ...]:
    """What is recorded as standing there, with where its review stands in this campaign."""
    return things_of(session, campaign, _stands_at(target))


def things_of(session: Session, campaign: CampaignSeen, where: ColumnElement[bool]) -> tuple[Standing, ...]:
    """The same for any condition on Installation, by id."""
    row = Installation
    photos = (
        select(func.count())
        .select_from(Photo)
        .where(
            Photo.installation_id == row.id,
            Photo.campaign_id == campaign.id,
            Photo.withdrawn_at.is_(None),
        )
        .scalar_subquery()
    )
    of_review = (Review.state, Review.reason_code, Review.reason_field, Review.reason_text)
    rows = session.execute(
        select(row.id, row.version, *(getattr(row, name) for name in FIELDS), *of_review, photos)
        .outerjoin(Review, and_(Review.installation_id == row.id, Review.campaign_id == campaign.id))
        .where(where, row.lifecycle.in_(sorted(STANDING)))
        .order_by(row.id)
    )
    return tuple(_standing(columns) for columns in rows)


def _standing(columns: Any) -> Standing:
    number, version, *rest = columns
    values, (state, code, field, text, photos) = rest[: len(FIELDS)], rest[len(FIELDS) :]
    record = Record(**dict(zip(FIELDS, values, strict=True)))
    return Standing(number, version, record, state, code or "", field or "", text or "", photos)


def _stands_at(target: Target) -> ColumnElement[bool]:
    row = Installation
    of_area = row.area_id == target.area_id
    if target.venue_id is None:
        return and_(of_area, row.venue_id.is_(None), row.zone.in_(AREA_ZONES))
    return and_(of_area, row.venue_id == target.venue_id, row.zone.in_(PLACE_ZONES))


def visits_to(campaign: CampaignSeen, target: Target) -> ColumnElement[bool]:
    """The condition on Survey for the visits to a target."""
    here = Survey.place_id == target.place_id
    if target.place_id is None:
        here = and_(Survey.place_id.is_(None), Survey.area_id == target.area_id)
    return and_(Survey.campaign_id == campaign.id, here)


def history(
    session: Session, campaign: CampaignSeen, target: Target, answers_of: ColumnElement[bool]
) -> tuple[list[Visit], list[tuple[str, Answered]]]:
    """Every visit, open ones first, then the newest, and the answers of some, in one query."""
    rows = session.execute(
        select(*_visit_columns(), Answer.zone, Answer.kind_code, Answer.found)
        .join(Person, Person.id == Survey.person_id)
        .outerjoin(Answer, and_(Answer.survey_id == Survey.id, answers_of))
        .where(visits_to(campaign, target))
        .order_by(*_newest_first())
    ).all()
    visits = {row.id: _visit(row) for row in rows}
    answers = [(row.id, Answered(row.zone, row.kind_code, row.found)) for row in rows if row.zone]
    return list(visits.values()), answers


def _visit_columns() -> tuple[Any, ...]:
    return (
        Survey.id,
        Survey.person_id,
        Person.name.label("person"),
        Survey.started_at,
        Survey.finished_at,
        Survey.note,
    )


def _newest_first() -> tuple[Any, ...]:
    return Survey.finished_at.desc().nulls_first(), Survey.started_at.desc(), Survey.id


def _visit(row: Any) -> Visit:
    return Visit(row.id, row.person_id, row.person, row.started_at, row.finished_at, row.note)


@dataclass(frozen=True)
class Declaration:
    """A ward lead's dated word that the ward's survey is complete."""

    person: str
    at: datetime
    note: str


def last_declaration(session: Session, campaign: CampaignSeen, area_id: int) -> Declaration | None:
    """The newest declaration of a ward, if there is one."""
    row = session.execute(
        select(Person.name, WardDeclaration.at, WardDeclaration.note)
        .join(Person, Person.id == WardDeclaration.person_id)
        .where(WardDeclaration.campaign_id == campaign.id, WardDeclaration.area_id == area_id)
        .order_by(WardDeclaration.at.desc(), WardDeclaration.id.desc())
        .limit(1)
    ).first()
    return Declaration(*row) if row else None
