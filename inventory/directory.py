"""The directory: wards, places and standards by name, as the derived pages in maps/ print them.

Every reader that tells of a ward's rows takes the actor and answers only what they see. Nothing
here has a position; `hidden` says of a place that nothing may tell the actor where it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.errors import Unseen
from inventory.facts import RequirementFact, StandardFact
from inventory.restricted import may_know_position
from inventory.tables.area import Area
from inventory.tables.campaign import AreaFacts, Campaign
from inventory.tables.installation import Installation
from inventory.tables.kind import Kind
from inventory.tables.place import Place, Venue
from inventory.tables.standard import Requirement, Standard
from inventory.vocabulary import WARD_KINDS, AreaKind, Family, VenueKind
from inventory.wording import vietnamese_key


@dataclass(frozen=True)
class Ward:
    """A commune-level unit of the campaign."""

    id: int
    code: str
    name: str
    kind: AreaKind


@dataclass(frozen=True)
class PlaceName:
    """A polling place as lists print it."""

    id: int
    area_id: int
    number: int
    name: str
    venue_name: str
    venue_kind: VenueKind
    voters: int | None
    synthetic: bool
    venue_id: int
    hidden: bool = False


@dataclass(frozen=True)
class KindName:
    """A kind as filters and lists print it."""

    code: str
    family: Family
    name_vi: str
    name_en: str
    unit_vi: str
    unit_en: str


def restricted_venue(campaign_id: int) -> ColumnElement[bool]:
    """Whether some place of the venue of a row is restricted, in any ward; for `may_know_position`."""
    closed = select(Place.venue_id).where(Place.campaign_id == campaign_id, Place.restricted)
    return Venue.id.in_(closed)


def all_wards(session: Session, campaign_id: int) -> tuple[int, ...]:
    """Ids of every ward of a campaign's tree: what a change of the standard moves."""
    campaign = session.get_one(Campaign, campaign_id)
    tree = scope.below(frozenset({campaign.root_area_id}), campaign.tree_date)
    query = select(Area.id).where(Area.id.in_(tree), Area.kind.in_(sorted(WARD_KINDS)))
    return tuple(session.scalars(query.order_by(Area.id)))


def ward_kinds(session: Session, campaign_id: int) -> tuple[tuple[int, AreaKind], ...]:
    """Id and kind of every ward of a campaign's tree: what reach takes its surroundings from."""
    campaign = session.get_one(Campaign, campaign_id)
    tree = scope.below(frozenset({campaign.root_area_id}), campaign.tree_date)
    query = select(Area.id, Area.kind).where(Area.id.in_(tree), Area.kind.in_(sorted(WARD_KINDS)))
    return tuple((row.id, row.kind) for row in session.execute(query.order_by(Area.id)))


def wards_and_places(
    session: Session, actor: Actor, campaign: CampaignSeen
) -> tuple[tuple[Ward, ...], tuple[PlaceName, ...]]:
    """The wards of the campaign that the actor sees, by name, and their polling places by number."""
    tree = scope.below(frozenset({campaign.root_area_id}), campaign.tree_date)
    here = (Place.area_id == Area.id) & (Place.campaign_id == campaign.id)
    rows = session.execute(
        select(
            *(Area.id, Area.code, Area.name, Area.kind),
            *(Place.id, Place.area_id, Place.number, Place.name),
            *(Venue.name, Venue.kind, Place.voters, Place.synthetic, Place.venue_id),
            restricted_venue(campaign.id),
        )
        .select_from(Area)
        .outerjoin(Place, here)
        .outerjoin(Venue, Venue.id == Place.venue_id)
        .where(Area.id.in_(tree), Area.kind.in_(sorted(WARD_KINDS)), scope.where(actor, Area.id))
        .order_by(Area.id, Place.number, Place.id)
    ).all()
    wards = {row[0]: Ward(*row[:4]) for row in rows}
    by_name = sorted(wards.values(), key=lambda ward: (vietnamese_key(ward.name), ward.id))
    return tuple(by_name), tuple(_place(actor, *row[4:]) for row in rows if row[4] is not None)


def _place(actor: Actor, *columns: Any) -> PlaceName:
    *words, restricted = columns
    place = PlaceName(*words)
    return place if may_know_position(actor, restricted, place.venue_kind) else replace(place, hidden=True)


def facts_state(session: Session, campaign: CampaignSeen) -> tuple[int | None, dict[int, int]]:
    """The standard in force on the campaign's today, and the facts' counter of each area."""
    in_force = (
        select(Standard.id)
        .where(Standard.campaign_id == campaign.id, Standard.in_force_from <= campaign.today)
        .order_by(Standard.in_force_from.desc(), Standard.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(in_force.label("standard"), AreaFacts.area_id, AreaFacts.version)
        .select_from(Campaign)
        .outerjoin(AreaFacts, AreaFacts.campaign_id == Campaign.id)
        .where(Campaign.id == campaign.id)
    ).all()
    versions = {row.area_id: row.version for row in rows if row.area_id is not None}
    return (rows[0].standard if rows else None), versions


def kinds(session: Session) -> tuple[KindName, ...]:
    """Every kind, in the order of the taxonomy."""
    columns = (Kind.code, Kind.family, Kind.name_vi, Kind.name_en, Kind.unit_vi, Kind.unit_en)
    rows = session.execute(select(*columns).order_by(Kind.position, Kind.code))
    return tuple(KindName(*row) for row in rows)


def standard_version(session: Session, standard_id: int) -> StandardFact:
    """One version of the standard with its requirements in their order. Raises Unseen."""
    row = Requirement
    rows = session.execute(
        select(
            *(Standard.number, Standard.name),
            *(row.id, row.code, row.name_vi, row.name_en, row.applies_to, row.zone, row.family),
            *(row.kind_code, row.priced_kind_code, row.minimum, row.per_voters, row.within_m),
            *(row.mandatory, row.area_kinds, row.venue_kinds, row.by_reach),
        )
        .join(row, row.standard_id == Standard.id)
        .where(Standard.id == standard_id)
        .order_by(row.position, row.id)
    ).all()
    if not rows:
        raise Unseen("standard", standard_id)
    return StandardFact(standard_id, rows[0][0], rows[0][1], tuple(_requirement(*row[2:]) for row in rows))


def _requirement(*columns: Any) -> RequirementFact:
    values = list(columns)
    values[-3:-1] = frozenset(map(AreaKind, columns[-3])), frozenset(map(VenueKind, columns[-2]))
    return RequirementFact(*values)


def seen_installations(session: Session, actor: Actor, ids: Iterable[str]) -> frozenset[str]:
    """Which of these installations the actor may open; of the others only a distance is told."""
    wanted = sorted(set(ids))
    if not wanted:
        return frozenset()
    rows = session.execute(select(Installation.id, Installation.area_id).where(Installation.id.in_(wanted)))
    return frozenset(number for number, area_id in rows if scope.sees(actor, area_id))
