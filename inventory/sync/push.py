"""Taking entries: each is decided once, kept with its outcome, and answered the same ever after.

    take(sender: Sender, entries: Sequence[Came]) -> list[Answer]

for a push of a phone and for a rescue file. Make the sender with

    sender_of(session, campaign, person_id, device_id, imported_by) -> Sender | None

which reads the person's rights at this moment (None: there is no such person; `held` is "disabled" when
they can no longer work here, then everything is kept and nothing applied); or, with a session, as
`Sender(actor, campaign, device_id)`. `Came(id, sha256, body)` is an entry as it came; ids must be
well-formed. A caller runs `take` inside one write transaction and answers after its commit, so what was
acknowledged is on the disk. OperationalError (disk, lock) goes up: then nothing of the batch is stored.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from inventory import campaigns, trail
from inventory.access.permissions import Actor, Permission
from inventory.access.scope import areas_below
from inventory.campaigns import CampaignSeen
from inventory.clock import now
from inventory.database import db
from inventory.outcomes import Problem
from inventory.people import devices
from inventory.sync import applying, bulk, bulk_visits, locking, runs
from inventory.sync.bodies import decode
from inventory.sync.places import Context
from inventory.sync.runs import Run
from inventory.sync.said import Came, Decoded
from inventory.sync.stored import answer_of, recording
from inventory.sync.verdicts import Answer, Verdict, held, problem_of
from inventory.sync.waiting import Waiting, open_orphans
from inventory.tables.field import FieldEntry, ReusedEntry
from inventory.vocabulary import EntryOutcome

__all__ = ["Answer", "Came", "Sender", "sender_of", "take"]

ID_REUSED = "id_reused"
#: Whether runs of entries are written together; tests compare both ways.
BULK = True
_log = logging.getLogger("trucquan")
_KNOWN = (
    select(FieldEntry)
    .where(FieldEntry.id.in_(bindparam("ids", expanding=True)))
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Sender:
    """Whose entries these are, from which phone; `imported_by` is who brought a rescue file.

    `held` is a code: with it nothing is applied, everything is kept for the office.
    """

    actor: Actor
    campaign: CampaignSeen
    device_id: str | None = None
    imported_by: int | None = None
    held: str = ""


def sender_of(
    session: Session,
    campaign: CampaignSeen,
    person_id: int,
    device_id: str | None = None,
    imported_by: int | None = None,
) -> Sender | None:
    """A sender without a session, with the person's rights of this moment."""
    actor = devices.actor_of(session, person_id, campaign)
    if actor is None:
        return None
    works = actor.may(Permission.SURVEY) and devices.is_active(session, person_id)
    return Sender(actor, campaign, device_id, imported_by, "" if works else "disabled")


def take(sender: Sender, entries: Sequence[Came | Decoded]) -> list[Answer]:
    """Take a batch in its order. One that is refused or fails stops no other.

    Who has the time decodes the entries before, so that no lock is held meanwhile.
    """
    read = [entry if isinstance(entry, Decoded) else decode(entry) for entry in entries]
    return _Batch(sender, read).run()


class _Batch:
    """One batch on its way through."""

    def __init__(self, sender: Sender, entries: list[Decoded]) -> None:
        self.sender, self.entries = sender, entries
        self.known: dict[str, FieldEntry] = {}
        self.campaigns: dict[str, tuple[Actor, CampaignSeen, bool]] = {}
        self.waiting = Waiting()
        self.stored: dict[str, Answer] = {}
        self.tried: set[str] = set()
        counted = Counter(entry.id for entry in entries)
        self.twice = {number for number, times in counted.items() if times > 1}

    def run(self) -> list[Answer]:
        """Answer every entry."""
        if not self.entries:
            return []
        _one_at_a_time(self.sender.actor.person_id)
        self._find({entry.id for entry in self.entries})
        new = [entry for entry in self.entries if entry.id not in self.known]
        self.waiting.begin()
        if new:
            locking.hold(new)
            self.waiting.look({number for entry in new for number in entry.brings}, lock=True)
        answers = []
        for number, entry in enumerate(self.entries):
            self._look_ahead(number)
            answers.append(self._take(entry))
        if self.waiting.anything:
            self.waiting.sweep()
            open_orphans(now())
        return answers

    def _find(self, ids: set[str]) -> None:
        rows = db.session.scalars(_KNOWN, {"ids": sorted(ids)})
        self.known |= {row.id: row for row in rows.all()}

    def _look_ahead(self, number: int) -> None:
        """Store the run that begins here together; whatever stands in the way is left to be taken alone."""
        first = self.entries[number]
        if not BULK or self.sender.held or first.id in self.tried or first.id in self.known:
            return
        run = runs.beginning_at(self.entries, number, self.known, self.twice)
        if run is None:
            return
        self.tried |= {entry.id for entry in run.entries}
        actor, campaign, is_open = self._campaign(first.campaign)
        if is_open:
            with recording(campaign):
                self._take_together(actor, campaign, run)

    def _take_together(self, actor: Actor, campaign: CampaignSeen, run: Run) -> None:
        sender = self.sender
        bringing = bulk.Bringing(actor.person_id, sender.device_id, sender.imported_by)
        together = bulk if runs.is_new_thing(run.entries[0]) else bulk_visits
        apart = run.apart | {number for number, rows in self.waiting.by_id.items() if rows}
        point = db.session.begin_nested()
        try:
            stored = together.take(actor, campaign, run.entries, bringing, apart)
        except OperationalError:
            raise
        except Exception as error:
            point.rollback()
            _log.warning("a batch is taken one by one: %s", type(error).__name__)
            return
        point.commit()
        self.stored |= stored

    def _take(self, entry: Decoded) -> Answer:
        together = self.stored.get(entry.id)
        if together is not None:
            return together
        row = self.known.get(entry.id)
        if row is not None:
            return self._seen(entry, row)
        if entry.act is None:
            return _unread(entry)
        row = self._insert(entry)
        if row is None:  # somebody else's push with the same id came first
            self._find({entry.id})
            return self._seen(entry, self.known[entry.id])
        actor, campaign, is_open = self._campaign(entry.campaign)
        with recording(campaign):
            verdict = self._decide(actor, campaign, is_open, entry)
            self.waiting.settle(actor, campaign, row, verdict)
            self.waiting.release(entry.brings)
        self.known[entry.id] = row
        return answer_of(row, seen=False)

    def _seen(self, entry: Decoded, row: FieldEntry) -> Answer:
        if row.sha256 == entry.sha256:
            return answer_of(row, seen=True)
        if entry.problem is None or entry.problem.code != "damaged":
            self._keep_both(entry, row)
        return Answer(entry.id, entry.sha256, ID_REUSED, True, ID_REUSED, problem=problem_of(ID_REUSED, None))

    def _keep_both(self, entry: Decoded, row: FieldEntry) -> None:
        held_here = db.session.scalar(
            select(ReusedEntry.id).where(ReusedEntry.entry_id == entry.id, ReusedEntry.sha256 == entry.sha256)
        )
        if held_here is not None:
            return
        person_id = self.sender.actor.person_id
        db.session.add(
            ReusedEntry(
                entry_id=entry.id,
                sha256=entry.sha256,
                body=entry.body,
                person_id=person_id,
                received_at=now(),
            )
        )
        db.session.flush()
        trail.record("entry.id_reused", "entry", entry.id, row.area_id, {"sha256": entry.sha256})

    def _insert(self, entry: Decoded) -> FieldEntry | None:
        """Write the entry as it came; None when its id was taken between two looks."""
        sender = self.sender
        row = FieldEntry(
            id=entry.id,
            sha256=entry.sha256,
            act=entry.act,
            person_id=sender.actor.person_id,
            device_id=sender.device_id,
            campaign_id=self._campaign(entry.campaign)[1].id,
            area_id=None,
            body=entry.body,
            about=entry.about,
            outcome=EntryOutcome.HELD,
            made_at=entry.made_at,
            received_at=now(),
            imported_by=sender.imported_by,
        )
        point = db.session.begin_nested()
        try:
            db.session.add(row)
            db.session.flush()
        except IntegrityError:
            point.rollback()
            return None
        point.commit()
        return row

    def _campaign(self, code: str) -> tuple[Actor, CampaignSeen, bool]:
        """The campaign that an entry names, the person's rights in it, and whether it is open."""
        found = self.campaigns.get(code)
        if found is None:
            found = self.campaigns[code] = self._read_campaign(code)
        return found

    def _read_campaign(self, code: str) -> tuple[Actor, CampaignSeen, bool]:
        actor, session = self.sender.actor, db.session()
        named = campaigns.of_code(session, code or self.sender.campaign.code)
        if named is None:
            return actor, self.sender.campaign, False
        campaign, is_open = named
        if campaign.tree_date != actor.tree_date:
            areas = areas_below(session, actor.granted, campaign.tree_date)
            actor = replace(actor, areas=areas, tree_date=campaign.tree_date)
        return actor, campaign, is_open

    def _decide(self, actor: Actor, campaign: CampaignSeen, is_open: bool, entry: Decoded) -> Verdict:
        if self.sender.held:
            return held(self.sender.held)
        if not is_open:
            return held("campaign_closed")
        return applying.apply(actor, campaign, entry, Context(actor.person_id, self.sender.device_id))


def _one_at_a_time(person_id: int) -> None:
    """On PostgreSQL pushes of one person wait for each other, so that an entry that comes twice at the
    same moment is stored once; SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        digest = hashlib.sha256(f"field:{person_id}".encode()).digest()
        key = int.from_bytes(digest[:8], signed=True)
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _unread(entry: Decoded) -> Answer:
    """What could not even be read is not kept under its id: the phone has it, and may send it whole."""
    problem = entry.problem or Problem("unreadable", "")
    shown = problem_of(problem.code, None, problem.field)
    trail.record("entry.unreadable", "entry", entry.id, None, {"code": problem.code})
    return Answer(
        entry.id, entry.sha256, EntryOutcome.REFUSED.value, False, problem.code, problem.field, shown
    )
