"""Reads of cases: by ward, and one page of the list with the oldest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from inventory import duties
from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.cases import bodies
from inventory.cases.bodies import Said
from inventory.cases.rules import CaseKind, kind_of
from inventory.clock import now
from inventory.database import db
from inventory.identity import is_id
from inventory.tables.area import Area
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation
from inventory.tables.person import Person
from inventory.tables.place import Place, Venue
from inventory.vocabulary import EntryAct
from inventory.wording import vietnamese_key

PAGE = 30


@dataclass(frozen=True)
class WardCases:
    """How many cases a ward has."""

    area_id: int
    name: str
    count: int


@dataclass(frozen=True)
class PlaceNamed:
    """A place as people call it: its number and its venue."""

    id: int
    number: int
    venue: str


@dataclass(frozen=True)
class CaseLine:
    """One case in the list."""

    id: str
    kind: CaseKind
    code: str
    act: EntryAct
    who: str
    area: str
    place: int | None
    venue: str
    kind_code: str
    received_at: datetime


@dataclass(frozen=True)
class CasesPage:
    """A page of the list and the key of the next one."""

    lines: tuple[CaseLine, ...]
    next_key: str


def wards(actor: Actor, campaign: CampaignSeen) -> tuple[WardCases, ...]:
    """Wards with open cases, by name."""
    rows = db.session.execute(
        _open(actor, campaign, Area.id, Area.name, func.count()).group_by(Area.id, Area.name)
    )
    found = [WardCases(*row) for row in rows]
    return tuple(sorted(found, key=lambda ward: (vietnamese_key(ward.name), ward.area_id)))


def page(actor: Actor, campaign: CampaignSeen, area_id: int | None = None, after: str = "") -> CasesPage:
    """Open cases, the oldest first; `after` is the key that the page before gave."""
    query = _open(actor, campaign, FieldEntry, Area.name, Person.name)
    query = query.join(Person, Person.id == FieldEntry.person_id)
    if area_id is not None:
        query = query.where(Area.id == area_id)
    key = _key(after)
    if key:
        query = query.where(tuple_(FieldEntry.received_at, FieldEntry.id) > key)
    rows = db.session.execute(query.order_by(FieldEntry.received_at, FieldEntry.id).limit(PAGE + 1)).all()
    said = {row[0].id: bodies.read(row[0].act, row[0].body) for row in rows[:PAGE]}
    things, venues = _things(rows[:PAGE]), places_named({one.place for one in said.values()})
    lines = tuple(_line(row, said[row[0].id], things, venues) for row in rows[:PAGE])
    last = rows[PAGE - 1][0] if len(rows) > PAGE else None
    return CasesPage(lines, f"{last.received_at.isoformat()}~{last.id}" if last else "")


def _line(
    row: Any,
    said: Said,
    things: Mapping[str, tuple[str, str]],
    venues: Mapping[int | None, PlaceNamed],
) -> CaseLine:
    entry, area, who = row
    kind, venue = things.get(entry.about or "", ("", ""))
    return CaseLine(
        id=entry.id,
        kind=kind_of(entry.outcome, entry.code),
        code=entry.code,
        act=entry.act,
        who=who,
        area=area,
        place=venues[said.place].number if said.place in venues else None,
        venue=venues[said.place].venue if said.place in venues else venue,
        kind_code=str(said.values.get("kind_code") or kind),
        received_at=entry.received_at,
    )


def ward_of(campaign: CampaignSeen) -> ColumnElement[int]:
    """The ward whose people decide; an entry that named no ward of ours is for those who see the whole."""
    return func.coalesce(FieldEntry.area_id, campaign.root_area_id)


def _open(actor: Actor, campaign: CampaignSeen, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(FieldEntry)
        .join(Area, Area.id == ward_of(campaign))
        .where(
            FieldEntry.id.in_(duties.open_cases(now())),
            FieldEntry.campaign_id == campaign.id,
            scope.where(actor, Area.id),
        )
    )


def _key(text: str) -> tuple[datetime, str] | None:
    moment, mark, number = text.partition("~")
    try:
        at = datetime.fromisoformat(moment) if mark and is_id(number) else None
    except ValueError:
        return None
    return (at, number) if at is not None and at.tzinfo and 1 < at.year < 9999 else None


def _things(rows: Any) -> dict[str, tuple[str, str]]:
    ids = {row[0].about for row in rows if row[0].about}
    found = db.session.execute(
        select(Installation.id, Installation.kind_code, func.coalesce(Venue.name, ""))
        .outerjoin(Venue, Venue.id == Installation.venue_id)
        .where(Installation.id.in_(ids))
    )
    return {row[0]: (row[1], row[2]) for row in found} if ids else {}


def places_named(ids: set[int | None]) -> dict[int | None, PlaceNamed]:
    """Places by id; those that are gone are left out."""
    known = {number for number in ids if number is not None}
    rows = (
        db.session.execute(
            select(Place.id, Place.number, Venue.name)
            .join(Venue, Venue.id == Place.venue_id)
            .where(Place.id.in_(known))
        )
        if known
        else ()
    )
    return {row[0]: PlaceNamed(*row) for row in rows}
