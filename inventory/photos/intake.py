"""Intake: uploads are checked, copied and kept before any transaction begins.

Decoding a picture takes a second of one core: nobody may wait for a database meanwhile. A view
checks first who asks, calls `database.release()`, then this, then the action with what came out.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from inventory.outcomes import Problem
from inventory.photos import pictures, store
from inventory.vocabulary import PhotoRole
from inventory.wording import clean

MOST_AT_ONCE = 20
LONGEST_NAME = 200
BARRED = Problem("photo_barred", "Ảnh này đã bị rút vì lộ thông tin riêng; hãy chụp ảnh khác.", "photo")
_log = logging.getLogger("trucquan")


@dataclass(frozen=True)
class Upload:
    """One file of a form: its role, the name it had on the phone, and its bytes to read."""

    role: PhotoRole
    name: str
    stream: IO[bytes]


@dataclass(frozen=True)
class Kept:
    """A photo whose three files are in the folder, ready to be attached."""

    sha256: str
    shown_sha256: str
    thumbnail_sha256: str
    width: int
    height: int
    size: int
    taken_at: datetime | None


@dataclass(frozen=True)
class Received:
    """What became of one upload: `kept`, or the `problem` to tell with the file's name."""

    role: PhotoRole
    name: str
    kept: Kept | None = None
    problem: Problem | None = None


def receive(
    uploads: Iterable[Upload], media: Path, is_barred: Callable[[str], bool] | None = None
) -> tuple[Received, ...]:
    """Check and keep uploads one by one; a bad one is told and does not touch the others.

    Boxes of a form that were left empty (no name, no bytes) are passed over. `is_barred` says of a
    hash that these very bytes were taken back as private: they are not kept a second time.
    """
    found: list[Received] = []
    for upload in uploads:
        name = clean(upload.name.replace("\\", "/").rpartition("/")[2])[:LONGEST_NAME]
        data = upload.stream.read(pictures.LARGEST_BYTES + 1)
        if not name and not data:
            continue
        if len(found) >= MOST_AT_ONCE:
            problem = Problem("photo_many", "Mỗi lần chỉ nhận 20 ảnh; gửi tiếp phần còn lại.", "photo")
            found.append(Received(upload.role, name, problem=problem))
            continue
        found.append(_receive(upload.role, name, data, media, is_barred))
    return tuple(found)


def _receive(
    role: PhotoRole, name: str, data: bytes, media: Path, is_barred: Callable[[str], bool] | None
) -> Received:
    picture = pictures.read(data)
    if isinstance(picture, Problem):
        return Received(role, name, problem=picture)
    if is_barred is not None and is_barred(hashlib.sha256(picture.original).hexdigest()):
        return Received(role, name, problem=BARRED)
    try:
        kept = Kept(
            sha256=store.put(media, picture.original),
            shown_sha256=store.put(media, picture.shown),
            thumbnail_sha256=store.put(media, picture.thumbnail),
            width=picture.width,
            height=picture.height,
            size=len(picture.original),
            taken_at=picture.taken_at,
        )
    except OSError as error:
        _log.error("photo not kept: %s", error.strerror)
        problem = Problem("photo_not_kept", "Máy chủ chưa ghi được ảnh này; gửi lại sau.", "photo")
        return Received(role, name, problem=problem)
    return Received(role, name, kept=kept)


def with_name(problem: Problem, name: str) -> Problem:
    """A problem of one file, with the file's name among its values."""
    return Problem(problem.code, problem.message, problem.field, (*problem.values, ("file", name)))
