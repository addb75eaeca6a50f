"""Writes of installations: record, amend, move, confirm, revert. Forms and, later, the phone's queue
end here; each answers an Outcome and leaves an event, a receipt, a review and a line in the trail.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from inventory import database
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import new_id
from inventory.installations import lifecycle, rules, surroundings, writes
from inventory.installations.flags import Flag, FlagCode, flags
from inventory.installations.merge import Conflict, Merged, contradicts, gone_since, merge
from inventory.installations.record import FIELDS, Record, plain
from inventory.installations.record import changes as differences
from inventory.installations.writes import Change, Origin, hold
from inventory.outcomes import Done, Outcome, Problem, Refused, Stale, refuse
from inventory.receipts import Entry
from inventory.tables.installation import Installation, InstallationEvent, Review
from inventory.vocabulary import Lifecycle

__all__ = ["Origin", "amend", "confirm", "hold", "move", "record", "revert"]

ORDINARY = Origin()
BOTH_KEPT = Problem("merged", "Người khác cũng vừa sửa chỗ khác; cả hai thay đổi đều được giữ.")
UNCHANGED = Problem("unchanged", "Không có gì khác để lưu.")


@database.action
def record(
    actor: Actor,
    campaign: CampaignSeen,
    thing: Record,
    entry: Entry,
    origin: Origin = ORDINARY,
    number: str = "",
) -> Outcome:
    """Record a new installation; what is saved is submitted. `Done.subject` is its id.

    `number` is the id that a phone has given it (a UUIDv7); one that is taken is refused.
    """
    if not sees(actor, thing.area_id):
        raise Unseen("area", thing.area_id)
    known = writes.again(entry, origin)
    if known:
        return known
    if number and db.session.get(Installation, number) is not None:
        return refuse("id_taken", "Mã của mục này đã dùng cho một mục khác.")
    kind = surroundings.kinds().get(thing.kind_code)
    around = surroundings.around(campaign, thing)
    decided = rules.decide_record(thing, kind, around)
    if isinstance(decided, Refused):
        return decided
    assert kind is not None  # noqa: S101 -- decide_record refuses an unknown kind
    row = writes.create(actor, campaign, number or new_id(), decided.record, entry, origin)
    return Done(row.id, row.version, notes=_told(decided.record, kind, around, origin))


@database.action
def amend(
    actor: Actor,
    campaign: CampaignSeen,
    installation_id: str,
    wanted: Mapping[str, Any],
    base_version: int,
    entry: Entry,
    origin: Origin = ORDINARY,
) -> Outcome:
    """Change fields of the record as it was at `base_version`.

    Others' changes of other fields are kept with a note; the same fields answer Stale with both
    values. Nothing differing writes nothing, but puts it before the office in a new campaign.
    """
    row = writes.held(actor, installation_id)
    known = writes.again(entry, origin)
    if known:
        return known
    before = writes.record_of(row)
    base = before if base_version == row.version else writes.seen_at(row.id, base_version)
    gone = _gone(base, before, wanted) if origin.offline else ()
    merged = merge(base, before, wanted)
    if gone:
        return Stale(row.version, gone, writes.name_of(row.updated_by))
    if isinstance(merged, Conflict):
        return Stale(row.version, merged.changed, writes.name_of(row.updated_by))
    kind = surroundings.kinds().get(merged.record.kind_code)
    after = _settle(merged, before, kind)
    if after == before:
        return _unchanged(actor, campaign, row, entry, origin)
    if not sees(actor, after.area_id):
        return refuse("area_unknown", "Chọn một phường, xã trong địa bàn được giao.", "area_id")
    around = surroundings.around(campaign, after, row.id)
    decided = rules.decide_record(after, kind, around, before)
    if isinstance(decided, Refused):
        return _refused(decided, row, merged, before)
    assert kind is not None  # noqa: S101 -- decide_record refuses an unknown kind
    writes.write(actor, campaign, row, Change("amended", decided.record), entry, origin)
    notes = _told(decided.record, kind, around, origin)
    return Done(row.id, row.version, notes=notes + ((BOTH_KEPT,) if merged.theirs else ()))


@database.action
def move(
    actor: Actor,
    campaign: CampaignSeen,
    installation_id: str,
    step: Lifecycle,
    base_version: int,
    entry: Entry,
    origin: Origin = ORDINARY,
) -> Outcome:
    """Take the next step of its life; a step that may not follow is refused and says why.

    Who could not see that somebody had taken the same step before, has nothing to add.
    """
    row = writes.held(actor, installation_id)
    known = writes.again(entry, origin)
    if known:
        return known
    base = writes.seen_at(row.id, base_version)
    if base is None or base.lifecycle is not row.lifecycle:
        if origin.offline and row.lifecycle is step:
            return Done(row.id, row.version, notes=(UNCHANGED,))
        told = (("lifecycle", str(row.lifecycle), str(step)),)
        return Stale(row.version, told, writes.name_of(row.updated_by))
    problem = lifecycle.refusal(row.lifecycle, step)
    if problem:
        return Refused((problem,))
    after = replace(writes.record_of(row), lifecycle=step)
    writes.write(actor, campaign, row, Change("moved", after, origin.note), entry, origin)
    return Done(row.id, row.version)


@database.action
def confirm(
    actor: Actor,
    campaign: CampaignSeen,
    installation_id: str,
    base_version: int,
    entry: Entry,
    origin: Origin = ORDINARY,
) -> Outcome:
    """Say that it is still as recorded: it comes before the office in this campaign, unchanged.

    Who could not see the newest state confirms what they saw: another's change of something else (a note,
    a serial number) stands beside it, with a note; what contradicts it is Stale.
    """
    row = writes.held(actor, installation_id)
    known = writes.again(entry, origin)
    if known:
        return known
    stale = _stale(row, base_version)
    beside = origin.offline and stale is not None and _stands_beside(stale)
    if stale and not beside:
        return stale
    writes.write(actor, campaign, row, Change("submitted", writes.record_of(row)), entry, origin)
    return Done(row.id, row.version, notes=(BOTH_KEPT,) if beside else ())


@database.action
def revert(
    actor: Actor,
    campaign: CampaignSeen,
    installation_id: str,
    event_number: int,
    base_version: int,
    entry: Entry,
) -> Outcome:
    """Restore the state before an event, as a new event; nothing is erased."""
    row = writes.held(actor, installation_id)
    known = writes.again(entry, ORDINARY)
    if known:
        return known
    stale = _stale(row, base_version)
    if stale:
        return stale
    earlier = _before_event(row.id, event_number)
    if earlier is None or earlier == writes.record_of(row):
        return refuse("nothing_to_revert", "Không có gì để hoàn tác ở lần thay đổi này.")
    if not sees(actor, earlier.area_id):
        return refuse("area_unknown", "Trạng thái trước đó thuộc phường, xã ngoài địa bàn được giao.")
    change = Change("reverted", earlier, f"↶ {event_number}")
    writes.write(actor, campaign, row, change, entry, ORDINARY)
    return Done(row.id, row.version)


def _before_event(installation_id: str, number: int) -> Record | None:
    event = InstallationEvent
    act = db.session.scalar(
        select(event.act).where(event.installation_id == installation_id, event.number == number)
    )
    if act not in writes.VERSIONED:
        return None
    state = db.session.scalar(
        select(event.state).where(event.installation_id == installation_id, event.number == number - 1)
    )
    return Record.from_state(state) if state else None


def _stale(row: Installation, base_version: int) -> Stale | None:
    """Stale when the record differs from what the person was looking at."""
    if base_version == row.version:
        return None
    base, current = writes.seen_at(row.id, base_version), writes.record_of(row)
    told = differences(current, base) if base else {}
    if base and not told:
        return None
    changed = tuple((name, theirs, mine) for name, (theirs, mine) in told.items())
    return Stale(row.version, changed, writes.name_of(row.updated_by))


def _settle(merged: Merged, before: Record, kind: rules.KindSeen | None) -> Record:
    """Let follow by itself what the person did not say: what works, and what another kind lacks."""
    after = rules.tidy(merged.record)
    if kind is None:
        return after
    full = rules.settled(after, kind)
    follows = set() if kind.bulk else {"working"}
    if after.kind_code != before.kind_code:
        follows |= {"azimuth", "horns", "watts"}
    return replace(after, **{name: getattr(full, name) for name in follows - merged.mine})


def _unchanged(
    actor: Actor, campaign: CampaignSeen, row: Installation, entry: Entry, origin: Origin
) -> Outcome:
    if db.session.get(Review, (row.id, campaign.id)) is None:
        writes.write(actor, campaign, row, Change("submitted", writes.record_of(row)), entry, origin)
        return Done(row.id, row.version)
    return Done(row.id, row.version, notes=(UNCHANGED,))


def _refused(decided: Refused, row: Installation, merged: Merged, before: Record) -> Outcome:
    """A refusal that only the merge brought about is a conflict: each alone made sense."""
    if not merged.theirs & _COUNTS or not merged.mine & _COUNTS:
        return decided
    told = tuple(
        (name, getattr(before, name), getattr(merged.record, name))
        for name in FIELDS
        if name in _COUNTS and name in merged.mine | merged.theirs
    )
    return Stale(row.version, told, writes.name_of(row.updated_by))


#: These three say one thing together, so two people's halves of it may contradict each other.
_COUNTS = frozenset({"quantity", "working", "condition"})


def _told(
    record: Record, kind: rules.KindSeen, around: rules.Surroundings, origin: Origin
) -> tuple[Flag, ...]:
    """Flags to tell at once; that a photo is missing is plain while it is being taken."""
    if origin.offline:
        return ()
    return tuple(flag for flag in flags(record, kind, around) if flag.code != FlagCode.NO_PHOTO)


def _gone(
    base: Record | None, current: Record, wanted: Mapping[str, Any]
) -> tuple[tuple[str, object, object], ...]:
    """What to tell who changes a thing that stood when they saw it and stands no more."""
    name = gone_since(base, current)
    if name is None or all(getattr(current, field) == value for field, value in wanted.items()):
        return ()
    mine = wanted.get(name, getattr(base, name) if base else None)
    return ((name, plain(getattr(current, name)), plain(mine)),)


def _stands_beside(stale: Stale) -> bool:
    return bool(stale.changed) and not contradicts(name for name, _theirs, _mine in stale.changed)
