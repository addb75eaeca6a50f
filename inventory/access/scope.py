"""Scope: which rows a person may see, written once as a check and once as a condition.

Every business row hangs on an area; a person sees the rows of the areas they are granted and of
everything below those in the tree at the campaign's date. A property test holds both together.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from inventory.access.permissions import Actor
from inventory.tables.area import Area, AreaParent


def below(granted: Any, day: Any) -> Select[int]:
    """Select the ids of the granted areas and of all areas below them on a day.

    `granted` is a set of ids and `day` a date, or both are parameters of a statement made once.
    """
    edge = AreaParent
    top = select(edge.child_id.label("id")).where(edge.parent_id.in_(granted), *_valid(day))
    tree = top.cte(recursive=True)  # unnamed: one query may ask for two trees
    tree = tree.union(select(edge.child_id).join(tree, edge.parent_id == tree.c.id).where(*_valid(day)))
    return select(Area.id).where(Area.id.in_(granted) | Area.id.in_(select(tree.c.id)))


def _valid(day: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        AreaParent.valid_from <= day,
        (AreaParent.valid_to.is_(None)) | (AreaParent.valid_to > day),
    )


#: Asked at every request: made once, because making it takes longer than running it.
_BELOW = below(bindparam("granted", expanding=True), bindparam("day"))


def areas_below(session: Session, granted: frozenset[int], day: date) -> frozenset[int]:
    """Read the closure of the granted areas on a day."""
    if not granted:
        return frozenset()
    return frozenset(session.scalars(_BELOW, {"granted": sorted(granted), "day": day}))


def sees(actor: Actor, area_id: int | None) -> bool:
    """Whether the actor may see a row of this area."""
    return area_id is not None and area_id in actor.areas


def where(actor: Actor, area: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[bool]:
    """The same rule as a condition on a query's area column."""
    return area.in_(below(actor.granted, actor.tree_date))
