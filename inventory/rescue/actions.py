"""Taking a rescue file in: its entries through the very push of the phones, its photos like finished uploads.

Each hundred entries and each photo is a transaction of its own, so that nobody waits for the whole file.
The same file again, or the phone itself later, finds everything known: nothing is stored twice.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inventory import database, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.errors import Unseen
from inventory.photos import arriving
from inventory.rescue.reading import EntryRead, PhotoRead, Rescue
from inventory.rescue.rules import ENTRIES_AT_ONCE, PHOTOS_AT_ONCE, Compared
from inventory.sync import push
from inventory.sync.rules import MOST_ENTRIES


@dataclass(frozen=True)
class Job:
    """Who takes whose file in; `sha256` is the file's."""

    importer: Actor
    person: Actor
    campaign: CampaignSeen
    rescue: Rescue
    sha256: str
    media: Path


@dataclass(frozen=True)
class Taken:
    """How many entries were handed over and photos completed by one press, and the entries' outcomes."""

    entries: int
    photos: int
    outcomes: dict[str, int]


def take_in(job: Job, data: bytes, compared: Compared) -> Taken:
    """Take in what is not here, as much as one press may. Every step is committed before the next begins."""
    entries = (*compared.new, *compared.other)[:ENTRIES_AT_ONCE]
    outcomes: Counter[str] = Counter()
    for start in range(0, len(entries), MOST_ENTRIES):
        outcomes.update(_entries(job, entries[start : start + MOST_ENTRIES]))
        database.finish()
    photos = 0
    for photo in compared.photos_new[:PHOTOS_AT_ONCE]:
        photos += _photo(job, data, photo)
        database.finish()
    if entries or photos:
        detail = {"file": job.sha256, "entries": len(entries), "photos": photos, **outcomes}
        trail.record("rescue.import", "person", job.person.person_id, None, detail)
    return Taken(len(entries), photos, dict(outcomes))


def _entries(job: Job, entries: Sequence[EntryRead]) -> list[str]:
    """Hand over one batch with the person's rights of this very moment; answers the outcomes."""
    device = job.rescue.device or None
    sender = push.sender_of(
        database.db.session(), job.campaign, job.person.person_id, device, job.importer.person_id
    )
    if sender is None:
        raise Unseen("person", job.person.person_id)
    came = [push.Came(entry.id, entry.sha256, entry.body) for entry in entries]
    return [answer.outcome for answer in push.take(sender, came)]


def _photo(job: Job, data: bytes, photo: PhotoRead) -> bool:
    """Complete one photo that this person told of. What stays unknown waits for its entry."""
    told = arriving.told_of(photo.id)
    if told is None or told.person_id != job.person.person_id or told.sha256 != photo.sha256:
        return False
    taken = arriving.take_whole(photo.id, data[photo.start : photo.end], job.media)
    database.finish()
    after = arriving.told_of(photo.id)
    if after is not None and after.complete:
        arriving.tidy(after, job.media)
    return taken is not None and taken.status == 201
