"""Importing places: look at a file, keep it for confirmation, and write it in one transaction.

Reading a file and comparing it happen in a snapshot, so that nobody waits for the writer's lock;
the confirmation compares once more inside its own transaction and refuses when the answer differs.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from inventory import database, receipts, trail
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.clock import campaign_now, now
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import new_id
from inventory.outcomes import Done, Outcome, refuse
from inventory.places import import_queries as queries
from inventory.places.import_plan import ImportPlan, plan
from inventory.places.import_queries import BatchSeen, Importer
from inventory.places.import_report import exit_code
from inventory.places.import_writing import Writing
from inventory.places.importing import FileRead, read_places
from inventory.places.reading import read_book
from inventory.places.row_reading import Defaults
from inventory.receipts import Entry
from inventory.tables.place import ImportBatch

HAS_ERRORS = refuse("import_errors", "Tệp có lỗi, chưa ghi gì. Hãy sửa tệp rồi tải lên lại.")
#: A file that was checked and never confirmed is forgotten after this long.
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Upload:
    """A file and what the person says of it."""

    name: str
    content: bytes
    defaults: Defaults

    @property
    def sha256(self) -> str:
        """Of the file's bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Examined:
    """A file that was read and compared; `fingerprint` stands for all that confirming would write."""

    read: FileRead
    plan: ImportPlan
    fingerprint: str


def examine(importer: Importer, campaign: CampaignSeen, upload: Upload) -> Examined:
    """Read and compare a file; writes nothing. Raises Unreadable when it cannot be read at all."""
    book = read_book(upload.content, upload.name)
    with database.snapshot() as session:
        wards = queries.wards(session, campaign, importer.areas)
        known = queries.known_places(session, campaign.id, importer.areas)
        taken = queries.taken_codes(session, campaign.id, importer.areas)
    read = read_places(book, wards, upload.defaults)
    found = plan(read, known, taken)
    return Examined(read, found, fingerprint(found))


def examine_batch(
    importer: Importer, campaign: CampaignSeen, batch_id: str
) -> tuple[BatchSeen, Examined | None]:
    """A kept file compared with what is known now; nothing to compare once it was confirmed."""
    with database.snapshot() as session:
        batch = queries.read_batch(session, importer, campaign.id, batch_id)
        if batch.confirmed_at is not None:
            return batch, None
        content = queries.read_content(session, batch_id)
    defaults = Defaults(batch.source, batch.licence, batch.synthetic or None)
    return batch, examine(importer, campaign, Upload(batch.name, content, defaults))


def fingerprint(found: ImportPlan) -> str:
    """SHA-256 of what confirming would write; headings and warnings do not matter."""
    parts = [
        *(f"new {row}" for row in found.new),
        *(f"changed {change.known.id} {change.row} {change.changes}" for change in found.changed),
        f"errors {len(found.errors)}",
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@database.action
def keep(
    importer: Importer, campaign: CampaignSeen, upload: Upload, entry: Entry, subject: str = "places"
) -> Outcome:
    """Keep a checked file of this subject until it is confirmed. Nothing else is touched."""
    if importer.person_id is None:
        raise Unseen("person", "")
    before = receipts.known(entry)
    if before is not None:
        return Done(before.subject_id, again=True) if before.same else _other_words()
    moment = now()
    db.session.execute(
        delete(ImportBatch).where(
            ImportBatch.person_id == importer.person_id,
            ImportBatch.confirmed_at.is_(None),
            ImportBatch.checked_at < moment - FORGOTTEN_AFTER,
        )
    )
    batch = batch_of(importer, campaign, upload, subject)
    receipts.keep(entry, importer.person_id, f"{subject}.check", batch.id, 1)
    return Done(batch.id)


def batch_of(
    importer: Importer, campaign: CampaignSeen, upload: Upload, subject: str = "places"
) -> ImportBatch:
    """The row of a file, not confirmed yet."""
    batch = ImportBatch(
        id=new_id(),
        campaign_id=campaign.id,
        subject=subject,
        person_id=importer.person_id,
        name=upload.name[-200:],
        sha256=upload.sha256,
        content=upload.content,
        source=upload.defaults.source,
        licence=upload.defaults.licence,
        synthetic=bool(upload.defaults.synthetic),
        report=None,
        checked_at=now(),
        confirmed_at=None,
    )
    db.session.add(batch)
    db.session.flush()
    return batch


@database.action
def confirm(
    importer: Importer, campaign: CampaignSeen, batch_id: str, seen: str, read: FileRead, entry: Entry
) -> Outcome:
    """Write a kept file, if it still does what the person saw (`seen` is that fingerprint)."""
    if importer.person_id is None:
        raise Unseen("person", "")
    queries.read_batch(db.session(), importer, campaign.id, batch_id)
    row = db.session.get_one(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if row.confirmed_at is not None:
        return Done(batch_id, again=True)
    found = _compare(importer, campaign, read)
    if found.errors:
        return HAS_ERRORS
    if fingerprint(found) != seen:
        return moved_on()
    try:
        _write(campaign, row, found)
    except IntegrityError:  # PostgreSQL lets two people confirm at once; the first one wins.
        return moved_on()
    receipts.keep(entry, importer.person_id, "places.import", batch_id, 1)
    return Done(batch_id)


@database.action
def import_now(importer: Importer, campaign: CampaignSeen, upload: Upload, read: FileRead) -> Outcome:
    """Check and write in one go, for the command; errors refuse everything."""
    found = _compare(importer, campaign, read)
    if found.errors:
        return HAS_ERRORS
    if not found.new and not found.changed:
        return Done("", again=True)
    batch = batch_of(importer, campaign, upload)
    _write(campaign, batch, found)
    return Done(batch.id)


def _compare(importer: Importer, campaign: CampaignSeen, read: FileRead) -> ImportPlan:
    session = db.session()
    queries.hold_places(session, campaign.id)
    return plan(
        read,
        queries.known_places(session, campaign.id, importer.areas),
        queries.taken_codes(session, campaign.id, importer.areas),
    )


def _write(campaign: CampaignSeen, batch: ImportBatch, found: ImportPlan) -> None:
    touched = Writing(campaign.id, batch.id).write(found)
    batch.confirmed_at = campaign_now()
    batch.report = {
        "new": len(found.new),
        "changed": len(found.changed),
        "same": len(found.same),
        "missing_from_file": len(found.missing_from_file),
        "warnings": len(found.problems),
        "exit": exit_code(found.problems),
    }
    db.session.flush()
    if touched:
        facts_moved(campaign.id, *touched)
    detail = {**batch.report, "file": batch.name, "sha256": batch.sha256, "source": batch.source}
    trail.record("places.import", "import_batch", batch.id, detail=detail)


def moved_on() -> Outcome:
    """Somebody else wrote between the look and the word."""
    return refuse(
        "import_moved_on", "Danh sách vừa có thay đổi khác. Hãy xem lại kết quả dưới đây rồi xác nhận."
    )


def _other_words() -> Outcome:
    return refuse(
        "entry_reused", "Biểu mẫu này đã được gửi với nội dung khác. Hãy tải lại trang rồi thử lần nữa."
    )
