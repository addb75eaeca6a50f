"""The one way an installation's row is written: with its event, its review, its receipt and its line.

Only actions call this, inside their savepoint.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from inventory import receipts, trail
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.clock import campaign_now
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import is_id
from inventory.installations.bulk import OFFICE_MARK, New, write_new
from inventory.installations.record import FIELDS, Changes, Record, changes
from inventory.outcomes import Done, Refused, refuse
from inventory.receipts import Entry
from inventory.tables.installation import Installation, InstallationEvent, Review
from inventory.tables.person import Person
from inventory.vocabulary import ReviewState, Role

#: Each of these raises the row's version by one; the others (submitted, verified, returned) do not.
VERSIONED = ("recorded", "amended", "moved", "reverted")


@dataclass(frozen=True)
class Origin:
    """Where a change comes from.

    `survey_id` is the visit it belongs to and `device_at` the phone's own time. `part` says that
    the change is one of several of the same entry, whose receipt its caller (the visit) keeps.
    `synthetic`, `source` and `licence` are only kept when an installation is first recorded.
    `note` is a person's word on a step of a thing's life. `offline` says that the person could not see the
    newest state: what they saw is their base, only what contradicts it is in the way, and nobody is there
    to be warned.
    """

    survey_id: str | None = None
    device_at: datetime | None = None
    part: bool = False
    synthetic: bool = False
    offline: bool = False
    note: str = ""
    source: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Change:
    """What is to be written: the act, the whole record after it, and a person's word on it."""

    act: str
    after: Record
    note: str = ""


def hold(ids: Iterable[str]) -> None:
    """Lock rows for this transaction, in one order, so that two visits cannot wait for each other.

    A visit that changes several installations calls this before the first of them.
    """
    db.session.execute(
        select(Installation.id)
        .where(Installation.id.in_(sorted(set(ids))))
        .order_by(Installation.id)
        .with_for_update()
    )


def held(actor: Actor, installation_id: str) -> Installation:
    """The row, locked and fresh; Unseen when it is not there or not the actor's to see."""
    row = None
    if is_id(installation_id):
        row = db.session.get(Installation, installation_id, with_for_update=True, populate_existing=True)
    if row is None or not sees(actor, row.area_id):
        raise Unseen("installation", installation_id)
    return row


def record_of(row: Installation) -> Record:
    """The row as a value."""
    return Record(**{name: getattr(row, name) for name in FIELDS})


def seen_at(installation_id: str, version: int) -> Record | None:
    """The record as it was at a version; None for a version that never was."""
    if version < 1:
        return None
    event = InstallationEvent
    state = db.session.scalar(
        select(event.state)
        .where(event.installation_id == installation_id, event.act.in_(VERSIONED))
        .order_by(event.number)
        .offset(version - 1)
        .limit(1)
    )
    return Record.from_state(state) if state else None


def name_of(person_id: int) -> str:
    """A person's name."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""


def again(entry: Entry, origin: Origin) -> Done | Refused | None:
    """What this entry led to before; None when it is new. A part is the concern of its whole."""
    stored = None if origin.part else receipts.known(entry)
    if stored is None:
        return None
    if not stored.same:
        return refuse("entry_reused", "Biểu mẫu này đã được gửi trước đó. Hãy xem lại rồi gửi lần nữa.")
    return Done(stored.subject_id, stored.version, again=True)


def create(
    actor: Actor, campaign: CampaignSeen, number: str, record: Record, entry: Entry, origin: Origin
) -> Installation:
    """Write a new installation with its first event, as one of many (bulk.py)."""
    new = New(
        number,
        record,
        entry.id,
        origin.survey_id,
        origin.device_at,
        origin.synthetic,
        origin.source,
        origin.licence,
    )
    write_new(actor, campaign, [new])
    if not origin.part:
        receipts.keep(entry, actor.person_id, "installation.recorded", number, 1)
    return db.session.get_one(Installation, number)


def write(
    actor: Actor, campaign: CampaignSeen, row: Installation, change: Change, entry: Entry, origin: Origin
) -> Changes:
    """Write a change of an installation; returns what differs."""
    before = record_of(row)
    told = changes(before, change.after)
    for name in told:
        setattr(row, name, getattr(change.after, name))
    if change.act in VERSIONED:
        row.version += 1
        row.updated_at, row.updated_by, row.entry_id = campaign_now(), actor.person_id, entry.id
    _tell(actor, campaign, row, change, (told, before.area_id), entry, origin)
    return told


def _tell(
    actor: Actor,
    campaign: CampaignSeen,
    row: Installation,
    change: Change,
    was: tuple[Changes, int],
    entry: Entry,
    origin: Origin,
) -> None:
    told, old_area = was
    submit(actor, campaign, row.id)
    number = add_event(actor, campaign, row, change, told, entry, origin)
    if not origin.part:
        receipts.keep(entry, actor.person_id, f"installation.{change.act}", row.id, row.version)
    facts_moved(campaign.id, old_area, row.area_id)
    detail = {"event": number, "version": row.version, "fields": sorted(told)}
    trail.record(f"installation.{change.act}", "installation", row.id, row.area_id, detail)
    if old_area != row.area_id:  # the ward that it left is told as well: its phones still show it
        trail.record("installation.left", "installation", row.id, old_area, detail)


def add_event(
    actor: Actor,
    campaign: CampaignSeen,
    row: Installation,
    change: Change,
    told: Changes,
    entry: Entry,
    origin: Origin,
) -> int:
    """Add the next event; the row's lock keeps its number its own."""
    event = InstallationEvent
    last = db.session.scalar(select(func.max(event.number)).where(event.installation_id == row.id)) or 0
    note = change.note
    if actor.role is Role.CULTURE_OFFICE and change.act in VERSIONED:
        note = f"{OFFICE_MARK} {note}".strip()
    db.session.add(
        event(
            installation_id=row.id,
            number=last + 1,
            act=change.act,
            campaign_id=campaign.id,
            person_id=actor.person_id,
            at=campaign_now(),
            device_at=origin.device_at,
            survey_id=origin.survey_id,
            entry_id=entry.id,
            changes=told,
            state=change.after.as_state(),
            note=note,
        )
    )
    db.session.flush()
    return last + 1


def submit(actor: Actor, campaign: CampaignSeen, installation_id: str) -> None:
    """Put the installation before the office in this campaign; what it verified last is kept."""
    row = db.session.get(Review, (installation_id, campaign.id), populate_existing=True)
    if row is None:
        row = Review(installation_id=installation_id, campaign_id=campaign.id, version=0)
        db.session.add(row)
    row.state = ReviewState.SUBMITTED
    row.submitted_by, row.submitted_at = actor.person_id, campaign_now()
    # The reason of a return stays in the event of that return.
    row.reason_code = row.reason_field = row.reason_text = ""
    row.version = row.version + 1
    db.session.flush()
