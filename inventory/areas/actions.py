"""Writes to the area tree: areas, moves in the tree, predecessors, boundaries, whole sets of wards."""

from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from inventory import receipts, trail
from inventory.access.permissions import Actor
from inventory.access.scope import below
from inventory.areas import queries, rules
from inventory.areas.boundaries import Boundary, read_wards
from inventory.areas.rules import AreaDraft, Edge
from inventory.campaigns import facts_moved
from inventory.database import action, db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Problem, Refused, Stale, refuse
from inventory.receipts import Entry
from inventory.tables.area import Area, AreaParent, AreaPredecessor
from inventory.tables.campaign import Campaign
from inventory.tables.place import Place
from inventory.wording import fold

_FIELDS = (
    "code", "kind", "name", "name_en", "valid_from", "valid_to", "lat", "lon", "population",
    "population_estimated", "source", "licence",
)  # fmt: skip


@action
def create_area(
    actor: Actor | None,
    draft: AreaDraft,
    parent_id: int | None = None,
    boundary: Boundary | None = None,
    entry: Entry | None = None,
) -> Outcome:
    """Add an area, below a parent from its first day on. Commands pass no actor and no entry."""
    problems = [*rules.area_problems(draft), *_taken(draft, None), *_no_parent(parent_id)]
    if problems:
        return Refused(tuple(problems))
    area = _insert(draft, parent_id, boundary)
    if actor and entry:
        receipts.keep(entry, actor.person_id, "area.created", area.id, 1)
    _moved(area.id)
    trail.record("area.created", "area", area.id, area.id, {"code": draft.code, "name": draft.name})
    return Done(str(area.id))


@action
def change_area(actor: Actor, area_id: int, draft: AreaDraft, entry: Entry, base_version: int) -> Outcome:
    """Change an area's own words; its place in the tree and its boundary have actions of their own."""
    area = _area(area_id)
    before = {name: getattr(area, name) for name in _FIELDS}
    changed = {
        name: (old, getattr(draft, name)) for name, old in before.items() if old != getattr(draft, name)
    }
    if area.version != base_version:
        return Stale(area.version, tuple((name, old, new) for name, (old, new) in changed.items()))
    problems = [*rules.area_problems(draft), *_taken(draft, area_id)]
    if problems:
        return Refused(tuple(problems))
    for name in _FIELDS:
        setattr(area, name, getattr(draft, name))
    area.folded = fold(draft.name)
    _bump(actor, area, "area.changed", entry)
    detail = {name: [_plain(old), _plain(new)] for name, (old, new) in changed.items()}
    trail.record("area.changed", "area", area_id, area_id, detail)
    return Done(str(area_id), area.version)


@action
def move_area(
    actor: Actor | None, area_id: int, parent_id: int | None, day: date, entry: Entry | None = None
) -> Outcome:
    """Let an area belong to a parent from a day on (None: to nobody); what was before stays."""
    area = _area(area_id)
    problems = _no_parent(parent_id)
    if day < area.valid_from or (area.valid_to is not None and day >= area.valid_to):
        problems.append(Problem("day", "Ngày này nằm ngoài thời gian có hiệu lực của địa bàn.", "moved_on"))
    tree = queries.tree()
    edges = rules.moved(tree.get(area_id, []), day, parent_id)
    if rules.makes_a_circle(area_id, edges, tree):
        problems.append(Problem("circle", "Địa bàn không thể nằm dưới chính nó.", "parent"))
    if problems:
        return Refused(tuple(problems))
    _write_edges(area_id, edges)
    left_out = _left_out()
    if left_out:
        return Refused((left_out,))
    _bump(actor, area, "area.moved", entry)
    trail.record("area.moved", "area", area_id, area_id, {"parent": parent_id, "from": day.isoformat()})
    return Done(str(area_id), area.version)


def _left_out() -> Problem | None:
    """A move may not take polling places out of the tree that an open campaign reads."""
    for campaign in db.session.scalars(select(Campaign).where(Campaign.open).order_by(Campaign.id)):
        tree = below(frozenset({campaign.root_area_id}), campaign.tree_date)
        lost = db.session.scalar(
            select(func.count()).where(Place.campaign_id == campaign.id, Place.area_id.not_in(tree))
        )
        if lost:
            return Problem(
                "places_left_out",
                "%(count)s nơi bỏ phiếu của “%(campaign)s” sẽ ra ngoài địa bàn của cuộc bầu cử đang mở.",
                "parent",
                (("count", lost), ("campaign", campaign.name)),
            )
    return None


@action
def add_predecessor(
    actor: Actor | None, area_id: int, before_id: int, whole: bool, source: str, entry: Entry | None = None
) -> Outcome:
    """Say which unit, or a part of which, an area was formed from."""
    area, before = _area(area_id), db.session.get(Area, before_id)
    if before is None or before.valid_from >= area.valid_from:
        return refuse("predecessor", "Hãy chọn một địa bàn có trước địa bàn này.", "predecessor")
    row = db.session.get(AreaPredecessor, (area_id, before_id))
    if row is None:
        row = AreaPredecessor(area_id=area_id, predecessor_id=before_id)
        db.session.add(row)
    row.whole, row.source = whole, source
    _bump(actor, area, "area.predecessor", entry)
    trail.record("area.predecessor", "area", area_id, area_id, {"added": before.code, "whole": whole})
    return Done(str(area_id), area.version)


@action
def remove_predecessor(actor: Actor, area_id: int, before_id: int, entry: Entry) -> Outcome:
    """Take a predecessor back."""
    area = _area(area_id)
    removed = db.session.execute(
        delete(AreaPredecessor).where(
            AreaPredecessor.area_id == area_id, AreaPredecessor.predecessor_id == before_id
        )
    )
    if removed.rowcount == 0:  # type: ignore[attr-defined]
        raise Unseen("predecessor", before_id)
    _bump(actor, area, "area.predecessor", entry)
    trail.record("area.predecessor", "area", area_id, area_id, {"removed": before_id})
    return Done(str(area_id), area.version)


@action
def set_boundary(
    actor: Actor | None,
    area_id: int,
    boundary: Boundary,
    source: str,
    licence: str,
    entry: Entry | None = None,
) -> Outcome:
    """Keep a new boundary with its source; the label's point follows where there was none."""
    area = _area(area_id)
    area.boundary, area.source, area.licence = boundary.geometry, source, licence
    if area.lat is None:
        area.lat, area.lon = boundary.lat, boundary.lon
    _bump(actor, area, "area.boundary", entry)
    trail.record("area.boundary", "area", area_id, area_id, {"source": source})
    return Done(str(area_id), area.version)


@action
def import_wards(
    collection: Any, parent_id: int, valid_from: date, source: str, licence: str, valid_to: date | None = None
) -> Outcome:
    """Add the wards of a FeatureCollection below a parent; those that are there already stay as they are.

    Raises BadInput for a file that is none. Done's subject is how many were added.
    """
    problems = _no_parent(parent_id)
    if problems:
        return Refused(tuple(problems))
    known = set(db.session.scalars(select(Area.code).where(Area.valid_from == valid_from)))
    added = []
    for ward in read_wards(collection, valid_from, source, licence):
        draft = ward.draft
        problems = rules.area_problems(draft)
        if problems:
            return Refused(tuple(problems))
        if draft.code not in known:
            known.add(draft.code)
            area = _insert(draft, parent_id, ward.boundary)
            area.valid_to = valid_to
            added.append(area.id)
    if added:
        _moved(*added)
        trail.record(
            "area.imported", "area", parent_id, parent_id, {"added": len(added), "source": source[:200]}
        )
    return Done(str(len(added)), again=not added)


def _area(area_id: int) -> Area:
    area = db.session.get(Area, area_id, with_for_update=True)
    if area is None:
        raise Unseen("area", area_id)
    return area


def _insert(draft: AreaDraft, parent_id: int | None, boundary: Boundary | None) -> Area:
    area = Area(**{name: getattr(draft, name) for name in _FIELDS}, folded=fold(draft.name))
    if boundary:
        area.boundary = boundary.geometry
        if area.lat is None:
            area.lat, area.lon = boundary.lat, boundary.lon
    db.session.add(area)
    db.session.flush()
    if parent_id is not None:
        _write_edges(area.id, [Edge(parent_id, draft.valid_from)])
    return area


def _write_edges(area_id: int, edges: list[Edge]) -> None:
    db.session.execute(delete(AreaParent).where(AreaParent.child_id == area_id))
    db.session.add_all(
        AreaParent(
            child_id=area_id, parent_id=edge.parent_id, valid_from=edge.valid_from, valid_to=edge.valid_to
        )
        for edge in edges
    )
    db.session.flush()


def _bump(actor: Actor | None, area: Area, act: str, entry: Entry | None) -> None:
    area.version += 1
    db.session.flush()
    if actor and entry:
        receipts.keep(entry, actor.person_id, act, area.id, area.version)
    _moved(area.id)


def _moved(*area_ids: int) -> None:
    """The tree is a fact of every campaign that reads it."""
    for campaign_id in db.session.scalars(select(Campaign.id).order_by(Campaign.id)):
        facts_moved(campaign_id, *area_ids)


def _taken(draft: AreaDraft, own_id: int | None) -> list[Problem]:
    query = select(Area.id).where(Area.code == draft.code, Area.valid_from == draft.valid_from)
    found = db.session.scalar(query)
    if found is None or found == own_id:
        return []
    return [Problem("taken", "Đã có địa bàn mang mã này từ ngày này.", "code")]


def _no_parent(parent_id: int | None) -> list[Problem]:
    if parent_id is None or db.session.get(Area, parent_id) is not None:
        return []
    return [Problem("parent", "Địa bàn cấp trên không có trong danh sách.", "parent")]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
