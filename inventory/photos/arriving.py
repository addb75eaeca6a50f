"""The bytes of a told photo: taken part by part, durable before they are counted, whole only by their hash.

Every step is a short transaction of its own, because disks and pictures are slow. The last one is left in
the session for its caller to commit: `expecting.complete`, which attaches the photo by the web's own action.
"""

import errno
import hashlib
import logging
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import func, select, update

from inventory import database
from inventory.clock import campaign_now
from inventory.outcomes import Done, Problem
from inventory.photos import expecting, intake, parts, removal
from inventory.photos.pictures import LARGEST_TOLD
from inventory.tables.field import ExpectedPhoto
from inventory.vocabulary import PhotoState

LARGEST_PART = 2**20
#: Bytes that stay free for the database when photos fill the disk, and bytes that may be on their way.
LEAST_FREE, MOST_INCOMING = 200_000_000, 20_000_000_000
_ELSEWHERE = Problem("offset", "Phần ảnh này không nối tiếp phần đã có.")
_UNFIT = Problem("full", "Máy chủ hết chỗ ghi ảnh; ảnh vẫn còn trên máy và sẽ được gửi lại.")
_DIFFERS = Problem("hash_differs", "Ảnh nhận được khác ảnh đã báo; máy sẽ gửi lại từ đầu.")
_log = logging.getLogger("trucquan")


@dataclass(frozen=True)
class Told:
    """A photo that a phone has told of, and how much of it is here."""

    id: str
    person_id: int
    device_id: str | None
    state: PhotoState
    received: int
    size: int
    sha256: str
    code: str = ""
    attached: bool = False

    @property
    def complete(self) -> bool:
        """Whether all bytes are here and were kept."""
        return self.state is PhotoState.COMPLETE


@dataclass(frozen=True)
class Part:
    """Bytes from a phone, where they begin, and the hash that the phone gave them ("" for none)."""

    offset: int
    data: bytes
    sha256: str = ""


@dataclass(frozen=True)
class Taken:
    """The answer: an HTTP status, the photo as it now is, and what is wrong with it."""

    status: int
    told: Told
    problem: Problem | None = None


def told_of(photo_id: str) -> Told | None:
    """What is known of a photo; None before its entry was here."""
    with database.snapshot() as session:
        row = session.get(ExpectedPhoto, photo_id)
        if row is None:
            return None
        return Told(
            id=row.id,
            person_id=row.person_id,
            device_id=row.device_id,
            state=row.state,
            received=row.received,
            size=row.size,
            sha256=row.sha256,
            code=row.code,
            attached=row.photo_id is not None,
        )


def take(told: Told, part: Part, media: Path) -> Taken:
    """Take one part. When it was the last one, the photo is checked, kept and attached."""
    if told.state is PhotoState.REFUSED:
        return Taken(422, told, _refused(told.code))
    if told.complete:
        return Taken(200, told)
    received = _there(told, media)
    if received != told.received:
        told = _count(told, received)
    if part.offset != told.received:
        return Taken(409, told, _ELSEWHERE)
    if len(part.data) > min(LARGEST_PART, told.size - told.received):
        return Taken(413, told, Problem("large", "Phần ảnh này lớn hơn phần còn thiếu."))
    if part.sha256 and hashlib.sha256(part.data).hexdigest() != part.sha256:
        return Taken(422, told, Problem("part_hash", "Phần ảnh này bị hỏng trên đường gửi."))
    return _write(told, part, media)


def take_whole(photo_id: str, data: bytes, media: Path) -> Taken | None:
    """Take all bytes of a told photo at once, from a rescue file; None when its entry is not here.

    The entries must be committed before, and what is left in the session committed after each photo.
    """
    told = told_of(photo_id)
    if told is None:
        return None
    if told.state is PhotoState.REFUSED:
        return Taken(422, told, _refused(told.code))
    if told.complete:
        return Taken(200, told)
    if hashlib.sha256(data).hexdigest() != told.sha256:
        return Taken(422, told, _DIFFERS)
    return _finish(told, data, media)


def tidy(told: Told, media: Path) -> None:
    """Delete the parts of a photo that is committed as complete, and its note once it is attached."""
    parts.drop(media, told.id)
    if told.attached:
        parts.drop_note(media, told.id)


def _there(told: Told, media: Path) -> int:
    """Bytes that count: those of the row, unless the file has lost some (a disk that was replaced)."""
    return min(told.received, parts.length(media, told.id)) if told.received else 0


def _write(told: Told, part: Part, media: Path) -> Taken:
    if not _has_room(told, part, media):
        return Taken(507, told, _UNFIT)
    if part.data:
        try:
            parts.write(media, told.id, part.offset, part.data)
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            _log.error("photo part not kept: %s", error.strerror)
            return Taken(507, told, _UNFIT)
        after = told.received + len(part.data)
        counted = _count(told, after)
        if counted.received != after:  # another part was counted meanwhile
            return Taken(409, counted, _ELSEWHERE)
        told = counted
    if told.received < told.size:
        return Taken(202, told)
    try:
        data = parts.read(media, told.id, told.size)
    except FileNotFoundError:  # another sender of the last part was faster, and its parts are tidied away
        now = told_of(told.id) or told
        return Taken(200, now) if now.complete else Taken(409, now, _ELSEWHERE)
    if hashlib.sha256(data).hexdigest() != told.sha256:
        again = _count(told, 0)
        parts.drop(media, told.id)
        return Taken(422, again, _DIFFERS)
    return _finish(told, data, media)


def _finish(told: Told, data: bytes, media: Path) -> Taken:
    """Check the picture and keep its files, then say that it is complete."""
    kept = intake.keep(data, media, removal.is_barred, LARGEST_TOLD)
    if kept == intake.NOT_KEPT:
        return Taken(507, told, _UNFIT)
    if isinstance(kept, Problem):
        refused = _refuse(told, kept.code)
        parts.drop(media, told.id)  # nobody will ever ask for them
        return Taken(422, refused, kept)
    parts.keep_note(media, told.id, kept)
    outcome = expecting.complete(told.id, kept)
    again = isinstance(outcome, Done) and outcome.again
    done = replace(told, state=PhotoState.COMPLETE, received=told.size)
    return Taken(200 if again else 201, done)


def _count(told: Told, received: int) -> Told:
    """Count bytes, if nobody counted others since `told` was read; answers what stands now."""
    at = (ExpectedPhoto.id == told.id, ExpectedPhoto.received == told.received)
    with database.aside() as session:
        session.execute(
            update(ExpectedPhoto)
            .where(*at, ExpectedPhoto.state == PhotoState.EXPECTED)
            .values(received=received)
        )
        now = session.scalar(select(ExpectedPhoto.received).where(ExpectedPhoto.id == told.id)) or 0
    return replace(told, received=now)


def _refuse(told: Told, code: str) -> Told:
    """The bytes are what was told and still no picture: refused for good, the record is untouched."""
    with database.aside() as session:
        session.execute(
            update(ExpectedPhoto)
            .where(ExpectedPhoto.id == told.id, ExpectedPhoto.state == PhotoState.EXPECTED)
            .values(state=PhotoState.REFUSED, code=code, complete_at=campaign_now())
        )
    return replace(told, state=PhotoState.REFUSED, code=code)


def _refused(code: str) -> Problem:
    return Problem(code, "Máy chủ không nhận được ảnh này; hãy chụp lại.", "photo")


def _has_room(told: Told, part: Part, media: Path) -> bool:
    """Whether the disk has room for this photo beside what the database needs."""
    if shutil.disk_usage(media).free < LEAST_FREE + len(part.data):
        return False
    if part.offset:
        return True
    on_its_way = select(func.sum(ExpectedPhoto.received)).where(ExpectedPhoto.state == PhotoState.EXPECTED)
    with database.snapshot() as session:
        return (session.scalar(on_its_way) or 0) + told.size <= MOST_INCOMING
