"""Whose rescue file somebody may take in, and what is still to be done with one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.access.permissions import Actor
from inventory.outcomes import Problem
from inventory.rescue.reading import EntryRead, PhotoRead, Rescue
from inventory.sync.bodies import decode
from inventory.sync.said import Came
from inventory.vocabulary import PhotoState

#: How much one press takes in, so that its answer comes soon; what is left waits for the next one.
ENTRIES_AT_ONCE = 2_000
PHOTOS_AT_ONCE = 60


@dataclass(frozen=True)
class EntryKnown:
    """What stands here under an entry's id."""

    sha256: str
    outcome: str
    problem: Problem | None  # the stored reason, where there is one


@dataclass(frozen=True)
class PhotoKnown:
    """What stands here under a photo's id."""

    state: PhotoState
    sha256: str
    code: str


@dataclass(frozen=True)
class Compared:
    """A file beside what is here: what is new, what is here with the same words, and with other words."""

    new: tuple[EntryRead, ...]
    here: tuple[tuple[EntryRead, EntryKnown], ...]
    other: tuple[EntryRead, ...]
    unread: tuple[EntryRead, ...]  # whole, and still nothing that this service understands: never taken
    photos_new: tuple[PhotoRead, ...]  # the bytes are wanted, or will be when their entry is here
    photos_here: tuple[PhotoRead, ...]
    photos_refused: tuple[tuple[PhotoRead, str], ...]
    photos_draft: tuple[PhotoRead, ...]  # of what nobody said to be finished: it stays with the phone

    @property
    def is_done(self) -> bool:
        """Whether importing would change nothing any more."""
        return not self.new and not self.other and not self.photos_new


def import_problem(importer: Actor, person: Actor | None) -> Problem | None:
    """Why this person's file may not be taken in by the importer; None when it may.

    The file comes from outside and its entries may be forged, so it is taken only by somebody who could
    decide about all of that person's work anyway.
    """
    if person is None:
        return Problem("unknown_person", "Tệp này của một người không có trong hệ thống.", "file")
    if person.person_id == importer.person_id:
        return None
    if not person.granted or not person.areas <= importer.areas:
        return Problem(
            "outside",
            "Người này có địa bàn ngoài địa bàn của anh, chị. Hãy chuyển tệp cho nơi phụ trách địa bàn đó.",
            "file",
        )
    return None


def compare(
    rescue: Rescue,
    entries: Mapping[str, EntryKnown],
    photos: Mapping[str, PhotoKnown],
    reused: frozenset[str],
) -> Compared:
    """Put a file beside what is here. `reused` are hashes of other words that were kept before."""
    new, here, other, unread = [], [], [], []
    for entry in rescue.entries:
        known = entries.get(entry.id)
        if decode(Came(entry.id, entry.sha256, entry.body)).act is None:
            unread.append(entry)
        elif known is None:
            new.append(entry)
        elif known.sha256 == entry.sha256:
            here.append((entry, known))
        elif entry.sha256 not in reused:
            other.append(entry)
    piles = _photos(rescue.photos, photos)
    return Compared(tuple(new), tuple(here), tuple(other), tuple(unread), *piles)


def _photos(
    found: tuple[PhotoRead, ...], known: Mapping[str, PhotoKnown]
) -> tuple[
    tuple[PhotoRead, ...], tuple[PhotoRead, ...], tuple[tuple[PhotoRead, str], ...], tuple[PhotoRead, ...]
]:
    """(new, here, refused, draft), as Compared has them."""
    waiting, stored, refused, drafts = [], [], [], []
    for photo in found:
        seen = known.get(photo.id)
        if seen is not None and seen.state is PhotoState.COMPLETE:
            stored.append(photo)
        elif seen is not None and seen.state is PhotoState.REFUSED:
            refused.append((photo, seen.code))
        elif photo.draft:
            drafts.append(photo)
        else:
            waiting.append(photo)
    return tuple(waiting), tuple(stored), tuple(refused), tuple(drafts)
