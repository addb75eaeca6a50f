"""Reads of the inputs of planning: all of them for a plan, or one list with versions for a page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from inventory import directory, positions
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.errors import Unseen
from inventory.facts import KindFact
from inventory.positions import Outline
from inventory.snapshot import read_kinds
from inventory.vocabulary import Family
from maps.planning.inputs import Fund, Inputs, PlanZone, Row, Site, Supply
from maps.planning.rules import Ground, visible
from maps.planning.weights import Weight, Weights
from maps.tables.planning import DemandWeight, FundRow, KindSupply, PlanSite, PlanZoneRow

T = TypeVar("T", bound=Row)

#: Where each sort of row is kept.
TABLES: Mapping[type[Any], Any] = {
    Site: PlanSite,
    PlanZone: PlanZoneRow,
    Weight: DemandWeight,
    Fund: FundRow,
    Supply: KindSupply,
}
#: Columns that have another name than the field.
_COLUMN = {"kind": "kind_code"}


@dataclass(frozen=True)
class Held(Generic[T]):
    """A row with the version of what is stored."""

    row: T
    version: int


def inputs(session: Session, campaign_id: int) -> Inputs:
    """All inputs of a campaign in their order; the session says at which moment (`database.snapshot()`)."""
    return Inputs(
        sites=_rows(session, campaign_id, Site),
        zones=_rows(session, campaign_id, PlanZone),
        weights=Weights(_rows(session, campaign_id, Weight)),
        funds=_rows(session, campaign_id, Fund),
        supplies=_rows(session, campaign_id, Supply),
    )


def _rows(session: Session, campaign_id: int, of: type[T]) -> tuple[T, ...]:
    return tuple(held.row for held in _held(session, campaign_id, of))


def _held(session: Session, campaign_id: int, of: type[T]) -> tuple[Held[T], ...]:
    table = TABLES[of]
    order = (table.position, table.id) if of is Fund else (table.id,)
    stored = session.scalars(select(table).where(table.campaign_id == campaign_id).order_by(*order))
    return tuple(Held(row_of(row, of), row.version) for row in stored)


def row_of(stored: Any, of: type[T]) -> T:
    """What a stored row says, as a plain value."""
    return of(**{one.name: _plain(one.name, getattr(stored, column(one.name))) for one in fields(of)})


def column(name: str) -> str:
    """The column that keeps a field."""
    return _COLUMN.get(name, name)


def _plain(name: str, value: Any) -> Any:
    if name == "families":
        return tuple(map(Family, value))
    return tuple(value) if isinstance(value, list) else value


def seen(campaign: CampaignSeen, of: type[T], known: Ground) -> tuple[Held[T], ...]:
    """The rows of one list that the person of this ground may know, in their order."""
    return tuple(held for held in _held(db.session(), campaign.id, of) if visible(held.row, known))


def one(campaign: CampaignSeen, of: type[T], row_id: int, known: Ground) -> Held[T]:
    """One row. Raises Unseen for those of other campaigns, and of wards that the actor does not see."""
    table = TABLES[of]
    stored = db.session.scalars(
        select(table).where(table.id == row_id, table.campaign_id == campaign.id)
    ).first()
    found = Held(row_of(stored, of), stored.version) if stored is not None else None
    if found is None or not visible(found.row, known):
        raise Unseen(table.__tablename__, row_id)
    return found


def ground(actor: Actor, campaign: CampaignSeen, lines: bool = False) -> Ground:
    """What rows of this campaign may name, as the actor sees it; `lines` with the outlines of wards."""
    session = db.session()
    wards, places = directory.wards_and_places(session, actor, campaign)
    drawn: tuple[Outline, ...] = positions.outlines(session, actor, campaign) if lines else ()
    return Ground(
        kinds=frozenset(kind.code for kind in kinds()),
        wards={ward.id: ward.name for ward in wards},
        lines={line.area_id: json.dumps(line.boundary) for line in drawn if line.boundary},
        places={place.id: (place.area_id, f"{place.name}, {place.venue_name}") for place in places},
        whole=campaign.root_area_id in actor.areas,
    )


def kinds() -> tuple[KindFact, ...]:
    """Every kind, in the order of the taxonomy."""
    return read_kinds(db.session())


def subject(row: Row) -> str:
    """The table in which a row is kept, as the trail names it."""
    name: str = TABLES[type(row)].__tablename__
    return name
