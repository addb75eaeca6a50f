"""Reads of the import: whose file it is, and what of it is here already."""

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.people import devices
from inventory.rescue.reading import Rescue
from inventory.rescue.rules import EntryKnown, PhotoKnown
from inventory.sync.verdicts import problem_of
from inventory.tables.field import ExpectedPhoto, FieldEntry, ReusedEntry

_CHUNK = 500


def entries_known(session: Session, rescue: Rescue) -> dict[str, EntryKnown]:
    """The entries of the file that stand here, by id."""
    found: dict[str, EntryKnown] = {}
    row = FieldEntry
    for ids in _chunks(entry.id for entry in rescue.entries):
        wanted = select(row.id, row.sha256, row.outcome, row.code, row.detail).where(row.id.in_(ids))
        for line in session.execute(wanted):
            found[line.id] = EntryKnown(line.sha256, line.outcome.value, problem_of(line.code, line.detail))
    return found


def words_kept(session: Session, rescue: Rescue) -> frozenset[str]:
    """The hashes of other words that were kept under ids of this file."""
    found: set[str] = set()
    for ids in _chunks(entry.id for entry in rescue.entries):
        found.update(session.scalars(select(ReusedEntry.sha256).where(ReusedEntry.entry_id.in_(ids))))
    return frozenset(found)


def photos_known(session: Session, rescue: Rescue) -> dict[str, PhotoKnown]:
    """The photos of the file that the office knows of, by id."""
    found: dict[str, PhotoKnown] = {}
    row = ExpectedPhoto
    for ids in _chunks(photo.id for photo in rescue.photos):
        wanted = select(row.id, row.state, row.sha256, row.code).where(row.id.in_(ids))
        for line in session.execute(wanted):
            found[line.id] = PhotoKnown(line.state, line.sha256, line.code)
    return found


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    left = iter(ids)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk


def person(session: Session, person_id: int, campaign: CampaignSeen) -> Actor | None:
    """Whose file it is, with their rights of this moment."""
    return devices.actor_of(session, person_id, campaign)
