"""Entries that wait for others: parked ones are applied as soon as what they speak of has come."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from inventory import campaigns, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.clock import now
from inventory.database import db
from inventory.people import devices
from inventory.sync import applying, pictures, visits
from inventory.sync.places import Context, area_of
from inventory.sync.rules import orphans_before
from inventory.sync.said import Decoded
from inventory.sync.verdicts import CASES, Verdict, detail_of, held
from inventory.tables.field import FieldEntry
from inventory.vocabulary import CaseState, EntryOutcome

_log = logging.getLogger("trucquan")
#: As a literal, so that SQLite uses the partial index; a bound value would not do.
_PARKED = text("field_entry.outcome = 'parked'")


class Waiting:
    """What waits in the database for ids that a batch may bring, and what the batch itself parks."""

    def __init__(self) -> None:
        self.by_id: dict[str, list[FieldEntry]] = defaultdict(list)

    @classmethod
    def of(cls, entries: Sequence[Decoded]) -> "Waiting":
        """Look once for everything that waits for what these entries bring."""
        made = cls()
        made.look({number for entry in entries for number in entry.brings})
        return made

    def look(self, ids: Iterable[str]) -> None:
        """Find what is parked and waits for one of these."""
        wanted = sorted(set(ids) - self.by_id.keys())
        if not wanted:
            return
        rows = db.session.scalars(
            select(FieldEntry).where(_PARKED, FieldEntry.waits_for.in_(wanted)).order_by(FieldEntry.id)
        )
        for row in rows.all():
            self.by_id[row.waits_for or ""].append(row)

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
            return
        if verdict.outcome in {EntryOutcome.HELD, EntryOutcome.PARKED}:
            _beside(lambda: pictures.keep_bytes(actor, campaign, entry, context))
        if verdict.waits_for:
            self.by_id[verdict.waits_for].append(row)
        detail = {"act": row.act.value, "code": verdict.code}
        trail.record(f"entry.{verdict.outcome}", "entry", row.id, row.area_id, detail)

    def release(self, ids: Iterable[str]) -> None:
        """Apply what waited for these, in the order of their own ids, and what waited for that."""
        brought = list(ids)
        while brought:
            rows = [row for number in brought for row in self.by_id.pop(number, [])]
            brought = []
            for row in sorted(rows, key=lambda row: row.id):
                brought += self._again(row)
            self.look(brought)

    def _again(self, row: FieldEntry) -> tuple[str, ...]:
        """Try a parked entry again with its own person's rights of this moment."""
        session = db.session()
        campaign = campaigns.of_id(session, row.campaign_id)
        actor = devices.actor_of(session, row.person_id, campaign)
        if campaign is None or actor is None:
            return ()
        entry = applying.decoded(row)
        if devices.is_active(session, row.person_id):
            verdict = applying.apply(actor, campaign, entry, Context(row.person_id, row.device_id))
        else:
            verdict = held("disabled")
        if verdict.outcome is EntryOutcome.PARKED and verdict.waits_for == row.waits_for:
            self.by_id[row.waits_for or ""].append(row)
            return ()
        self.settle(actor, campaign, row, verdict)
        return entry.brings if verdict.applied else ()


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
