"""Reads of the area tree, as an admin sees it; no business data."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from inventory.areas.rules import Edge
from inventory.database import db
from inventory.errors import Unseen
from inventory.tables.area import Area, AreaParent, AreaPredecessor
from inventory.vocabulary import WARD_KINDS, AreaKind
from inventory.wording import matches, vietnamese_key

PAGE = 50


@dataclass(frozen=True)
class AreaLine:
    """One area in a list."""

    id: int
    code: str
    kind: AreaKind
    name: str
    valid_from: date
    valid_to: date | None
    has_boundary: bool
    children: int = 0
    predecessors: tuple[tuple[str, bool], ...] = ()  # name, whether the whole of it


@dataclass(frozen=True)
class AreaPage:
    """One page of the list: `found` of `everything` match; `next` is the last id when there is more."""

    areas: tuple[AreaLine, ...]
    found: int
    everything: int
    next: int


@dataclass(frozen=True)
class Kin:
    """A parent in a period, or a predecessor or successor."""

    id: int
    name: str
    code: str
    valid_from: date
    valid_to: date | None
    whole: bool = True


@dataclass(frozen=True)
class AreaSeen:
    """One area with everything an admin edits."""

    line: AreaLine
    name_en: str
    lat: float | None
    lon: float | None
    population: int | None
    population_estimated: bool
    source: str
    licence: str
    version: int
    parents: tuple[Kin, ...]
    predecessors: tuple[Kin, ...]
    successors: tuple[Kin, ...]


_LINE = (
    Area.id,
    Area.code,
    Area.kind,
    Area.name,
    Area.valid_from,
    Area.valid_to,
    Area.boundary.is_not(None).label("has_boundary"),
)


def areas(day: date, parent_id: int | None, text: str, after: int) -> AreaPage:
    """One page of areas valid on a day: those that match, or the children of a parent (None: roots)."""
    valid = and_(Area.valid_from <= day, or_(Area.valid_to.is_(None), Area.valid_to > day))
    query = select(*_LINE).where(valid)
    if not text:
        edge = select(AreaParent.child_id).where(AreaParent.child_id == Area.id, *_on(day))
        inside = edge.where(AreaParent.parent_id == parent_id) if parent_id else edge
        query = query.where(exists(inside) if parent_id else ~exists(inside))
    rows = [
        row
        for row in db.session.execute(query)
        if not text or matches(text, f"{row.name} {row.code}") is not None
    ]
    rows.sort(key=lambda row: (vietnamese_key(row.name), row.id))
    start = next((number + 1 for number, row in enumerate(rows) if row.id == after), 0)
    shown = rows[start : start + PAGE]
    everything = db.session.scalar(select(func.count()).select_from(Area).where(valid)) or 0
    more = shown[-1].id if len(rows) > start + PAGE else 0
    return AreaPage(_lines(shown, day), len(rows), everything, more)


def _on(day: date) -> tuple[ColumnElement[bool], ...]:
    return (AreaParent.valid_from <= day, or_(AreaParent.valid_to.is_(None), AreaParent.valid_to > day))


def _lines(rows: Iterable[Any], day: date) -> tuple[AreaLine, ...]:
    found = list(rows)
    ids = [row.id for row in found]
    children: dict[int, int] = {
        row[0]: row[1]
        for row in db.session.execute(
            select(AreaParent.parent_id, func.count())
            .where(AreaParent.parent_id.in_(ids), *_on(day))
            .group_by(AreaParent.parent_id)
        )
    }
    before: dict[int, list[tuple[str, bool]]] = {}
    for area_id, name, whole in db.session.execute(
        select(AreaPredecessor.area_id, Area.name, AreaPredecessor.whole)
        .join(Area, Area.id == AreaPredecessor.predecessor_id)
        .where(AreaPredecessor.area_id.in_(ids))
        .order_by(Area.code, Area.id)
    ):
        before.setdefault(area_id, []).append((name, whole))
    return tuple(
        replace(_line(row), children=children.get(row.id, 0), predecessors=tuple(before.get(row.id, ())))
        for row in found
    )


def _line(row: Any) -> AreaLine:
    return AreaLine(*row)


def ancestors(area_id: int | None, day: date) -> list[tuple[int, str]]:
    """The way from the top down to an area on a day, itself last."""
    way: list[tuple[int, str]] = []
    while area_id is not None and area_id not in {known for known, _name in way}:
        row = db.session.execute(
            select(Area.name, AreaParent.parent_id)
            .outerjoin(AreaParent, and_(AreaParent.child_id == Area.id, *_on(day)))
            .where(Area.id == area_id)
        ).first()
        if row is None:
            raise Unseen("area", area_id)
        way.append((area_id, row.name))
        area_id = row.parent_id
    return way[::-1]


def area(area_id: int) -> AreaSeen:
    """One area. Raises Unseen."""
    row = db.session.execute(
        select(
            *_LINE,
            Area.name_en,
            Area.lat,
            Area.lon,
            Area.population,
            Area.population_estimated,
            Area.source,
            Area.licence,
            Area.version,
        ).where(Area.id == area_id)
    ).first()
    if row is None:
        raise Unseen("area", area_id)
    parents = db.session.execute(
        select(Area.id, Area.name, Area.code, AreaParent.valid_from, AreaParent.valid_to)
        .join(AreaParent, AreaParent.parent_id == Area.id)
        .where(AreaParent.child_id == area_id)
        .order_by(AreaParent.valid_from)
    )
    return AreaSeen(
        line=_line(row[: len(_LINE)]),
        name_en=row.name_en,
        lat=row.lat,
        lon=row.lon,
        population=row.population,
        population_estimated=row.population_estimated,
        source=row.source,
        licence=row.licence,
        version=row.version,
        parents=tuple(Kin(*parent) for parent in parents),
        predecessors=_kin(AreaPredecessor.area_id, AreaPredecessor.predecessor_id, area_id),
        successors=_kin(AreaPredecessor.predecessor_id, AreaPredecessor.area_id, area_id),
    )


def _kin(own: Any, other: Any, area_id: int) -> tuple[Kin, ...]:
    there = aliased(Area)
    rows = db.session.execute(
        select(there.id, there.name, there.code, there.valid_from, there.valid_to, AreaPredecessor.whole)
        .join(AreaPredecessor, there.id == other)
        .where(own == area_id)
        .order_by(there.code, there.id)
    )
    return tuple(Kin(*row) for row in rows)


def above_wards(beside: int | None = None) -> list[tuple[int, str]]:
    """Areas that can be a parent or a campaign's root, of any time, by name."""
    query = select(Area.id, Area.name, Area.code, Area.valid_from).where(Area.kind.not_in(sorted(WARD_KINDS)))
    rows = [row for row in db.session.execute(query) if row.id != beside]
    rows.sort(key=lambda row: (vietnamese_key(row.name), row.valid_from, row.id))
    return [(row.id, f"{row.name} ({row.code}, {row.valid_from.year})") for row in rows]


def earlier(area_id: int, valid_from: date) -> list[tuple[int, str]]:
    """Areas that began before a day: what an area may have been formed from."""
    query = select(Area.id, Area.name, Area.code).where(Area.valid_from < valid_from, Area.id != area_id)
    rows = sorted(db.session.execute(query), key=lambda row: (vietnamese_key(row.name), row.id))
    return [(row.id, f"{row.name} ({row.code})") for row in rows]


def tree() -> dict[int, list[Edge]]:
    """Every edge of the tree by child, for the check against circles."""
    found: dict[int, list[Edge]] = {}
    for row in db.session.execute(
        select(AreaParent.child_id, AreaParent.parent_id, AreaParent.valid_from, AreaParent.valid_to)
    ):
        found.setdefault(row.child_id, []).append(Edge(row.parent_id, row.valid_from, row.valid_to))
    return found
