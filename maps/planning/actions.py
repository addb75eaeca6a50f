"""Writes of the inputs of planning. They move no facts: a plan carries a hash of what it started from."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Refused, Stale, refuse
from inventory.receipts import Entry
from maps.planning import queries
from maps.planning.inputs import Row, Site, Supply
from maps.planning.queries import TABLES, column
from maps.planning.rules import Ground, problems, visible
from maps.planning.weights import Weight

#: What says which row it is stays as it was when the row was added; a demo's row stays one.
FIXED = frozenset({"id", "on", "subject", "kind", "synthetic"})
#: A list longer than this is no list that anybody reads.
MOST_ROWS = 500
_TWICE = refuse("twice", "Mục này đã có một dòng; hãy sửa dòng đó.")


def add(actor: Actor, campaign: CampaignSeen, row: Row, entry: Entry) -> Outcome:
    """Write a new row of any list."""
    return add_all(actor, campaign, (row,), entry)


def add_all(actor: Actor, campaign: CampaignSeen, rows: Sequence[Row], entry: Entry) -> Outcome:
    """Write several rows of one list: all of them, or none with the first problem."""
    try:
        return _add(actor, campaign, rows, entry)
    except IntegrityError:
        return _TWICE  # somebody wrote a row of the same subject at the same moment


@database.action
def _add(actor: Actor, campaign: CampaignSeen, rows: Sequence[Row], entry: Entry) -> Outcome:
    known = queries.ground(actor, campaign, lines=True)
    table = TABLES[type(rows[0])]
    there = select(func.count()).select_from(table).where(table.campaign_id == campaign.id)
    if (db.session.scalar(there) or 0) + len(rows) > MOST_ROWS:
        return refuse("many", "Danh sách này chỉ nhận đến %(most)s dòng.", most=MOST_ROWS)
    for row in rows:
        found = problems(row, known)
        if found:
            return Refused(found)
        if _is_there(campaign, row):
            return _TWICE
    kept = _write(campaign.id, rows)
    for stored, row in zip(kept, rows, strict=True):
        _tell("planning.added", stored, row)
    receipts.keep(entry, actor.person_id, "planning.added", kept[0].id, kept[0].version)
    return Done(str(kept[0].id), kept[0].version)


@database.action
def save(actor: Actor, campaign: CampaignSeen, row: Row, base_version: int, entry: Entry) -> Outcome:
    """Change a row (the one of its id). Stale when somebody changed it since."""
    known = queries.ground(actor, campaign, lines=True)
    stored = _held(campaign, row, known)
    theirs = queries.row_of(stored, type(row))
    names = [one.name for one in fields(row) if hasattr(row, one.name)]
    row = replace(row, **{name: getattr(theirs, name) for name in names if name in FIXED})
    found = problems(row, known)
    if found:
        return Refused(found)
    changed = [name for name in names if getattr(row, name) != getattr(theirs, name)]
    if stored.version != base_version and changed:
        return Stale(
            stored.version, tuple((name, getattr(theirs, name), getattr(row, name)) for name in changed)
        )
    for name, value in _columns(row).items():
        setattr(stored, name, value)
    stored.version += 1
    db.session.flush()
    _tell("planning.changed", stored, row, changed)
    receipts.keep(entry, actor.person_id, "planning.changed", stored.id, stored.version)
    return Done(str(stored.id), stored.version)


@database.action
def remove(
    actor: Actor, campaign: CampaignSeen, of: type[Row], row_id: int, base_version: int, entry: Entry
) -> Outcome:
    """Take a row out. Stale when somebody changed it since it was looked at."""
    known = queries.ground(actor, campaign)
    held = queries.one(campaign, of, row_id, known)
    stored = _held(campaign, held.row, known)
    if stored.version != base_version:
        return Stale(stored.version)
    _tell("planning.removed", stored, held.row)
    db.session.delete(stored)
    db.session.flush()
    receipts.keep(entry, actor.person_id, "planning.removed", row_id, base_version)
    return Done(str(row_id), base_version)


def load(campaign_id: int, rows: Iterable[Row], known: Ground) -> None:
    """Write rows in the current transaction, for a demo or a new campaign.

    A row that could not be typed on the page raises ValueError.
    """
    kept = list(rows)
    for row in kept:
        found = problems(row, known)
        if found:
            raise ValueError(f"{row}: {found[0].code}")
    for of in TABLES:
        same = [row for row in kept if type(row) is of]
        if same:
            _write(campaign_id, same)
            trail.record("planning.loaded", queries.subject(same[0]), campaign_id, detail={"rows": len(same)})


def _is_there(campaign: CampaignSeen, row: Row) -> bool:
    """Whether a weight or a supply of the same subject is on the list."""
    if not isinstance(row, Weight | Supply):
        return False
    table, names = TABLES[type(row)], ("on", "subject") if isinstance(row, Weight) else ("kind",)
    same = [getattr(table, column(name)) == getattr(row, name) for name in names]
    query = select(func.count()).select_from(table).where(table.campaign_id == campaign.id, *same)
    return bool(db.session.scalar(query))


def _held(campaign: CampaignSeen, row: Row, known: Ground) -> Any:
    """The stored row, locked against a second writer until the request ends."""
    table = TABLES[type(row)]
    stored = db.session.scalars(
        select(table)
        .where(table.id == row.id, table.campaign_id == campaign.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if stored is None or not visible(queries.row_of(stored, type(row)), known):
        raise Unseen(queries.subject(row), row.id)
    return stored


def _columns(row: Row) -> dict[str, Any]:
    values = {one.name: getattr(row, one.name) for one in fields(row) if one.name != "id"}
    return {
        column(name): list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }


def _write(campaign_id: int, rows: Sequence[Row]) -> list[Any]:
    stored = [TABLES[type(row)](campaign_id=campaign_id, version=1, **_columns(row)) for row in rows]
    db.session.add_all(stored)
    db.session.flush()
    return stored


def _tell(act: str, stored: Any, row: Row, changed: Sequence[str] = ()) -> None:
    """A line in the trail: what the row is called, and what of it changed. A polygon by its hash."""
    detail: dict[str, Any] = {"name": _name(row), "version": stored.version}
    for name in changed:
        value = getattr(row, name)
        if name == "boundary":
            value = hashlib.sha256(value.encode()).hexdigest()
        detail[name] = list(value) if isinstance(value, tuple) else value
    area_id = row.area_id if isinstance(row, Site) else None
    trail.record(act, queries.subject(row), stored.id, area_id, detail)


def _name(row: Row) -> str:
    if isinstance(row, Weight):
        return f"{row.on}:{row.subject}"
    return row.kind if isinstance(row, Supply) else row.name
