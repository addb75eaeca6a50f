"""Stored entries: what each is answered, and the campaign in whose time and name it is recorded."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g, has_request_context

from inventory import clock
from inventory.campaigns import CampaignSeen
from inventory.sync.verdicts import Answer, notes_of, problem_of
from inventory.tables.field import FieldEntry


@contextmanager
def recording(campaign: CampaignSeen) -> Iterator[None]:
    """Record in this block at the campaign's own time and, in the trail, under its name."""
    before = g.get("campaign") if has_request_context() else None
    clock.set_campaign_day(campaign.today if campaign.pinned else None)
    if has_request_context():
        g.campaign = campaign
    try:
        yield
    finally:
        clock.set_campaign_day(before.today if before and before.pinned else None)
        if has_request_context():
            g.campaign = before


def answer_of(row: FieldEntry, seen: bool) -> Answer:
    """What is answered for a stored entry."""
    detail = row.detail or {}
    return Answer(
        id=row.id,
        sha256=row.sha256,
        outcome=row.outcome.value,
        seen=seen,
        code=row.code,
        field=row.field,
        problem=problem_of(row.code, detail, row.field),
        subject=row.subject_id,
        version=row.version,
        changed=tuple((name, theirs, mine) for name, theirs, mine in detail.get("changed") or ()),
        who=detail.get("who") or "",
        notes=notes_of(detail),
    )
