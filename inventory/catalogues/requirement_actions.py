"""Writes of the rows of a draft: add, change, remove, put in order. Rows of a version in force stay."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select

from inventory import database
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.catalogues.requirement_rules import RequirementWords, changes, moved, requirement_problems
from inventory.catalogues.standard_actions import FIXED, held, kept
from inventory.catalogues.standard_queries import words_of
from inventory.database import db
from inventory.errors import Unseen
from inventory.outcomes import Outcome, Problem, Refused, Stale
from inventory.receipts import Entry
from inventory.tables.kind import Kind
from inventory.tables.standard import Requirement, Standard


@database.action
def add(
    actor: Actor, campaign: CampaignSeen, standard_id: int, words: RequirementWords, entry: Entry
) -> Outcome:
    """Add a row at the end of a draft."""
    draft = held(campaign, standard_id)
    if draft.in_force_from is not None:
        return FIXED
    problems = _problems(draft, words, None)
    if problems:
        return Refused(problems)
    last = db.session.scalar(
        select(func.max(Requirement.position)).where(Requirement.standard_id == draft.id)
    )
    draft.version += 1
    position = 0 if last is None else last + 1
    row = Requirement(standard_id=draft.id, position=position, version=draft.version, **_columns(words))
    db.session.add(row)
    return kept(actor, entry, "standard.row_added", draft, row=words.code, **_told(words))


@database.action
def change(
    actor: Actor,
    campaign: CampaignSeen,
    standard_id: int,
    requirement_id: int,
    words: RequirementWords,
    base_version: int,
    entry: Entry,
) -> Outcome:
    """Change a row of a draft. Stale when somebody changed this row since."""
    draft, row = _held_row(campaign, standard_id, requirement_id)
    if draft.in_force_from is not None:
        return FIXED
    changed = changes(words_of(row), words)
    if row.version != base_version and changed:
        return Stale(row.version, changed)
    problems = _problems(draft, words, row.id)
    if problems:
        return Refused(problems)
    for name, value in _columns(words).items():
        setattr(row, name, value)
    draft.version += 1
    row.version = draft.version
    detail = {name: [str(was), str(mine)] for name, was, mine in changed}
    return kept(actor, entry, "standard.row_changed", draft, row=words.code, **detail)


@database.action
def remove(
    actor: Actor,
    campaign: CampaignSeen,
    standard_id: int,
    requirement_id: int,
    base_version: int,
    entry: Entry,
) -> Outcome:
    """Take a row out of a draft. Stale when somebody changed this row since."""
    draft, row = _held_row(campaign, standard_id, requirement_id)
    if draft.in_force_from is not None:
        return FIXED
    if row.version != base_version:
        return Stale(row.version)
    code = row.code
    db.session.delete(row)
    draft.version += 1
    return kept(actor, entry, "standard.row_removed", draft, row=code)


@database.action
def move(
    actor: Actor, campaign: CampaignSeen, standard_id: int, requirement_id: int, up: bool, entry: Entry
) -> Outcome:
    """Move a row one step inside its zone; at the end of its zone it stays where it is."""
    draft, row = _held_row(campaign, standard_id, requirement_id)
    if draft.in_force_from is not None:
        return FIXED
    rows = db.session.scalars(
        select(Requirement)
        .where(Requirement.standard_id == draft.id)
        .order_by(Requirement.position, Requirement.id)
    ).all()
    order = moved([(one.id, one.zone) for one in rows], row.id, up)
    if order is not None:
        for one in rows:
            one.position = order.index(one.id)
        draft.version += 1
    return kept(actor, entry, "standard.row_moved", draft, row=row.code, up=up)


def _held_row(campaign: CampaignSeen, standard_id: int, requirement_id: int) -> tuple[Standard, Requirement]:
    draft = held(campaign, standard_id)
    row = db.session.get(Requirement, requirement_id, populate_existing=True)
    if row is None or row.standard_id != draft.id:
        raise Unseen("requirement", requirement_id)
    return draft, row


def _problems(draft: Standard, words: RequirementWords, own_id: int | None) -> tuple[Problem, ...]:
    kinds = {row.code: row.family for row in db.session.execute(select(Kind.code, Kind.family))}
    taken = db.session.execute(
        select(Requirement.code, Requirement.id).where(Requirement.standard_id == draft.id)
    )
    others = frozenset(code for code, number in taken if number != own_id)
    return requirement_problems(words, kinds, others)


def _columns(words: RequirementWords) -> dict[str, Any]:
    values = {**asdict(words), "applies_to": words.applies_to}
    for name in ("area_kinds", "venue_kinds"):
        values[name] = [word.value for word in values[name]]
    return values


def _told(words: RequirementWords) -> dict[str, Any]:
    return {"zone": words.zone.value, "what": words.what, "minimum": words.minimum}
