"""Entries that wait for others: parked ones are applied as soon as what they speak of has come."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from inventory import campaigns, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.clock import now
from inventory.database import db
from inventory.outcomes import Done
from inventory.people import devices
from inventory.sync import applying, pictures, visits
from inventory.sync.places import Context, area_of
from inventory.sync.rules import orphans_before
from inventory.sync.said import Decoded, PhotoSaid, WithdrawSaid
from inventory.sync.stored import recording
from inventory.sync.verdicts import CASES, Verdict, detail_of, held, of_outcome
from inventory.tables.field import ExpectedPhoto, FieldEntry
from inventory.tables.installation import Installation
from inventory.vocabulary import CaseState, EntryAct, EntryOutcome

_log = logging.getLogger("trucquan")
#: As a literal, so that SQLite uses the partial index; a bound value would not do.
_PARKED = text("field_entry.outcome = 'parked'")
_ANY = select(FieldEntry.id).where(_PARKED).limit(1)
#: What the office has decided stays decided, whatever comes later.
_UNDECIDED = or_(FieldEntry.case_state.is_(None), FieldEntry.case_state == CaseState.OPEN)
#: Entries that are tried again in one push because their cause turned out to be here.
MOST_SWEPT = 50


class Waiting:
    """What waits in the database for ids that a batch may bring, and what the batch itself parks."""

    def __init__(self) -> None:
        self.by_id: dict[str, list[FieldEntry]] = defaultdict(list)
        self.anything = True

    def begin(self) -> None:
        """Ask whether anything waits at all: mostly nothing does, and then nothing has to be looked for."""
        self.anything = db.session.scalar(_ANY) is not None

    @classmethod
    def of(cls, entries: Sequence[Decoded]) -> "Waiting":
        """Look once for everything that waits for what these entries bring."""
        made = cls()
        made.look({number for entry in entries for number in entry.brings})
        return made

    def look(self, ids: Iterable[str], lock: bool = False) -> None:
        """Find what is parked and waits for one of these. With `lock`, before anything is written, nobody
        decides about it meanwhile (on PostgreSQL)."""
        wanted = sorted(set(ids) - self.by_id.keys())
        if not wanted or not self.anything:
            return
        self._await(FieldEntry.waits_for.in_(wanted), lock=lock)

    def _await(self, which: ColumnElement[bool], most: int | None = None, lock: bool = False) -> list[str]:
        """Note parked entries that nobody has decided about; the ids that they wait for."""
        wanted = select(FieldEntry).where(_PARKED, _UNDECIDED, which)
        if lock:
            wanted = wanted.with_for_update()
        rows = db.session.scalars(wanted.order_by(FieldEntry.id).limit(most)).all()
        for row in rows:
            self.by_id[row.waits_for or ""].append(row)
        return [row.waits_for or "" for row in rows]

    def sweep(self) -> None:
        """Free what waits for something that is here.

        On PostgreSQL two people's pushes may pass each other: one brings a thing while the other, who
        cannot see it yet, parks a change of it. The next push of anybody finds both.
        """
        first = aliased(FieldEntry)
        here = or_(
            exists().where(Installation.id == FieldEntry.waits_for),
            exists().where(ExpectedPhoto.id == FieldEntry.waits_for),
            exists().where(first.id == FieldEntry.waits_for, first.outcome != EntryOutcome.PARKED),
        )
        self.by_id.clear()
        self.release(self._await(here, MOST_SWEPT))

    def settle(self, actor: Actor, campaign: CampaignSeen, row: FieldEntry, verdict: Verdict) -> None:
        """Write a verdict into its entry's row, with a line of the trail where nothing else says it."""
        row.outcome, row.code, row.field = verdict.outcome, verdict.code[:48], verdict.field[:48]
        row.detail, row.subject_id, row.version = detail_of(verdict), verdict.subject[:80], verdict.version
        row.waits_for = verdict.waits_for
        entry = applying.decoded(row)
        row.area_id = verdict.area_id or row.area_id or area_of(entry)
        if verdict.outcome in CASES:
            row.case_state = CaseState.OPEN
        elif row.case_state is CaseState.OPEN:
            row.case_state, row.settled_at, row.settled_how = CaseState.SETTLED, now(), "arrived"
        db.session.flush()
        context = Context(row.person_id, row.device_id)
        if verdict.applied:
            _beside(lambda: visits.tell_photos(actor, campaign, entry))
            self._close_retold(actor, campaign, row, entry)
            return
        if verdict.outcome in {EntryOutcome.HELD, EntryOutcome.PARKED}:
            _beside(lambda: pictures.keep_bytes(actor, campaign, entry, context))
        if verdict.waits_for:
            self.anything = True
            self.by_id[verdict.waits_for].append(row)
        detail = {"act": row.act.value, "code": verdict.code}
        trail.record(f"entry.{verdict.outcome}", "entry", row.id, row.area_id, detail)

    def _close_retold(self, actor: Actor, campaign: CampaignSeen, row: FieldEntry, entry: Decoded) -> None:
        """A photo that its person told again, or took back, waits for nothing where it was told before."""
        if not isinstance(entry.said, PhotoSaid | WithdrawSaid):
            return
        wanted = select(FieldEntry).where(
            FieldEntry.about == entry.said.photo,
            FieldEntry.id != row.id,
            FieldEntry.person_id == row.person_id,
            FieldEntry.act == EntryAct.PHOTO,
            FieldEntry.outcome.in_([EntryOutcome.PARKED, EntryOutcome.HELD]),
            _UNDECIDED,
        )
        for earlier in db.session.scalars(
            wanted.order_by(FieldEntry.id).with_for_update(skip_locked=True)
        ).all():
            told = of_outcome(Done(entry.said.photo, again=True), row.area_id)
            self.settle(actor, campaign, earlier, told)

    def release(self, ids: Iterable[str]) -> None:
        """Decide what waited for these, in the order of their own ids, and what waited for that.

        Whatever became of an entry, who waited for it waits no longer: behind one that was refused they
        are decided as if they had come after it.
        """
        brought = list(dict.fromkeys(ids))
        while brought:
            rows = [row for number in brought for row in self.by_id.pop(number, [])]
            brought = []
            for row in sorted(rows, key=lambda row: row.id):
                brought += self._again(row)
            self.look(brought)

    def _again(self, row: FieldEntry) -> tuple[str, ...]:
        """Try a parked entry again with its own person's rights of this moment."""
        session = db.session()
        if not _is_free(row.id):
            return ()
        campaign, is_open = campaigns.of_id(session, row.campaign_id)
        actor = devices.actor_of(session, row.person_id, campaign)
        if actor is None:
            return ()
        entry = applying.decoded(row)
        with recording(campaign):
            if not devices.is_active(session, row.person_id):
                verdict = held("disabled")
            elif not is_open:
                verdict = held("campaign_closed")
            else:
                verdict = applying.apply(actor, campaign, entry, Context(row.person_id, row.device_id))
            if verdict.outcome is EntryOutcome.PARKED and verdict.waits_for == row.waits_for:
                self.by_id[row.waits_for or ""].append(row)
                return ()
            self.settle(actor, campaign, row, verdict)
        return () if verdict.outcome is EntryOutcome.PARKED else entry.brings


def _is_free(entry_id: str) -> bool:
    """Whether it still waits, read anew and locked. Who is just deciding about it is not waited for, because
    they may wait for what this batch has written: the next push finds it again."""
    mine = select(FieldEntry).where(FieldEntry.id == entry_id).with_for_update(skip_locked=True)
    row = db.session.scalars(mine.execution_options(populate_existing=True)).first()
    return row is not None and row.outcome is EntryOutcome.PARKED and row.case_state is not CaseState.SETTLED


def _beside(act: Callable[[], None]) -> None:
    """Do what goes with an entry and must not cost it: a photo's bytes can be told of again."""
    point = db.session.begin_nested()
    try:
        act()
    except OperationalError:
        raise
    except Exception as error:
        point.rollback()
        _log.error("beside an entry: %s", type(error).__name__)
    else:
        point.commit()


def reapply(actor: Actor, campaign: CampaignSeen, row: FieldEntry, context: Context) -> Verdict:
    """Apply a stored entry that was held, parked or in conflict (see applying.py)."""
    entry = applying.decoded(row)
    verdict = applying.apply(actor, campaign, entry, context)
    if verdict.applied:
        waiting = Waiting.of([entry])
        was = row.case_state, row.settled_at, row.settled_how
        waiting.settle(actor, campaign, row, verdict)
        row.case_state, row.settled_at, row.settled_how = was
        waiting.release(entry.brings)
    return verdict


def open_orphans(moment: datetime) -> None:
    """Make cases of parked entries for whose cause nothing has come for too long."""
    db.session.execute(
        update(FieldEntry)
        .where(_PARKED, FieldEntry.case_state.is_(None), FieldEntry.received_at < orphans_before(moment))
        .values(case_state=CaseState.OPEN, code="orphan")
        .execution_options(synchronize_session=False)
    )
