"""Importing neighbourhoods: look at a file, keep it for confirmation, write it in one transaction.

The same way as places go (inventory/places/import_actions.py), whose kept files and steps this uses.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from inventory import database, receipts, trail
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.clock import campaign_now
from inventory.database import db
from inventory.errors import Unseen
from inventory.neighbourhoods import queries
from inventory.neighbourhoods.import_plan import FIELDS, Changed, ImportPlan, plan
from inventory.neighbourhoods.import_reading import Column, FileRead, NeighbourRow, read_neighbourhoods
from inventory.outcomes import Done, Outcome
from inventory.places import import_actions as of_places
from inventory.places import import_queries as batches
from inventory.places.import_actions import HAS_ERRORS, Upload, moved_on
from inventory.places.import_queries import BatchSeen, Importer
from inventory.places.reading import read_book
from inventory.places.row_reading import Defaults
from inventory.receipts import Entry
from inventory.tables.campaign import Campaign
from inventory.tables.neighbourhood import Neighbourhood
from inventory.tables.place import ImportBatch
from inventory.wording import fold

SUBJECT = "neighbourhoods"


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
        wards = batches.wards(session, campaign, importer.areas)
        known = queries.known(session, campaign.id, importer.areas)
        places = queries.voting_places(session, campaign.id, importer.areas)
    read = read_neighbourhoods(book, wards, upload.defaults)
    found = plan(read, known, places)
    return Examined(read, found, fingerprint(found))


def examine_batch(
    importer: Importer, campaign: CampaignSeen, batch_id: str
) -> tuple[BatchSeen, Examined | None]:
    """A kept file compared with what is known now; nothing to compare once it was confirmed."""
    with database.snapshot() as session:
        batch = batches.read_batch(session, importer, campaign.id, batch_id, SUBJECT)
        if batch.confirmed_at is not None:
            return batch, None
        content = batches.read_content(session, batch_id)
    defaults = Defaults(batch.source, batch.licence, batch.synthetic or None)
    return batch, examine(importer, campaign, Upload(batch.name, content, defaults))


def fingerprint(found: ImportPlan) -> str:
    """SHA-256 of what confirming would write; headings and warnings do not matter."""
    named = [row for row in found.new if row.number] + [change.row for change in found.changed]
    parts = [
        *(f"new {row}" for row in found.new),
        *(f"changed {change.known.id} {change.row} {change.changes}" for change in found.changed),
        *(f"votes {found.places.get((row.area.id, row.number or 0))}" for row in named),
        f"errors {len(found.errors)}",
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def keep(importer: Importer, campaign: CampaignSeen, upload: Upload, entry: Entry) -> Outcome:
    """Keep a checked file until it is confirmed. No neighbourhood is touched."""
    return of_places.keep(importer, campaign, upload, entry, SUBJECT)


@database.action
def confirm(
    importer: Importer, campaign: CampaignSeen, batch_id: str, seen: str, read: FileRead, entry: Entry
) -> Outcome:
    """Write a kept file, if it still does what the person saw (`seen` is that fingerprint)."""
    if importer.person_id is None:
        raise Unseen("person", "")
    batches.read_batch(db.session(), importer, campaign.id, batch_id, SUBJECT)
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
    receipts.keep(entry, importer.person_id, "neighbourhoods.import", batch_id, 1)
    return Done(batch_id)


@database.action
def import_now(importer: Importer, campaign: CampaignSeen, upload: Upload, read: FileRead) -> Outcome:
    """Check and write in one go, for commands; errors refuse everything."""
    found = _compare(importer, campaign, read)
    if found.errors:
        return HAS_ERRORS
    if not found.new and not found.changed:
        return Done("", again=True)
    batch = of_places.batch_of(importer, campaign, upload, SUBJECT)
    _write(campaign, batch, found)
    return Done(batch.id)


def _compare(importer: Importer, campaign: CampaignSeen, read: FileRead) -> ImportPlan:
    session = db.session()
    # One writer of the list at a time: what is compared here is what is written.
    session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    return plan(
        read,
        queries.known(session, campaign.id, importer.areas),
        queries.voting_places(session, campaign.id, importer.areas),
    )


def _write(campaign: CampaignSeen, batch: ImportBatch, found: ImportPlan) -> None:
    touched = {row.area.id for row in found.new} | {change.known.area_id for change in found.changed}
    for row in found.new:
        db.session.add(_new(campaign, batch, row, found))
    for change in found.changed:
        _change(batch, change, found)
    batch.confirmed_at = campaign_now()
    batch.report = {
        "new": len(found.new),
        "changed": len(found.changed),
        "same": len(found.same),
        "warnings": len(found.problems),
    }
    db.session.flush()
    facts_moved(campaign.id, *touched)
    detail = {**batch.report, "file": batch.name, "sha256": batch.sha256, "source": batch.source}
    trail.record("neighbourhoods.import", "import_batch", batch.id, detail=detail)


def _new(campaign: CampaignSeen, batch: ImportBatch, row: NeighbourRow, found: ImportPlan) -> Neighbourhood:
    lat, lon = row.position or (None, None)
    return Neighbourhood(
        campaign_id=campaign.id,
        area_id=row.area.id,
        place_id=found.places.get((row.area.id, row.number or 0)),
        code=row.code,
        name=row.name,
        folded=fold(row.name)[:200],
        households=row.households,
        voters=row.voters,
        lat=lat,
        lon=lon,
        source=row.source or "",
        licence=row.licence or "",
        synthetic=bool(row.synthetic),
        batch_id=batch.id,
        version=1,
    )


def _change(batch: ImportBatch, change: Changed, found: ImportPlan) -> None:
    row = db.session.get_one(Neighbourhood, change.known.id)
    for told in change.changes:
        if told.field is Column.NUMBER:
            row.place_id = found.places.get((row.area_id, change.row.number or 0))
        elif told.field is Column.POSITION:
            row.lat, row.lon = change.row.position or (None, None)
        else:
            setattr(row, FIELDS[told.field], told.new)
    row.folded, row.batch_id = fold(row.name)[:200], batch.id
    row.version += 1
