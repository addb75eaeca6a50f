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
from inventory.vocabulary import PhotoOrigin, PhotoRole
from inventory.wording import clean

MOST_AT_ONCE = 20
LONGEST_NAME = 200
BARRED = Problem("photo_barred", "Ảnh này đã bị rút vì lộ thông tin riêng; hãy chụp ảnh khác.", "photo")
NOT_KEPT = Problem("photo_not_kept", "Máy chủ chưa ghi được ảnh này; gửi lại sau.", "photo")
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
    likeness: int


@dataclass(frozen=True)
class Shutter:
    """What a phone says of the moment of a picture: its id, where it took it from, its clock and its fix."""

    photo_id: str
    origin: PhotoOrigin
    reason: str = ""
    taken_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True)
class Received:
    """What became of one upload: `kept`, or the `problem` to tell with the file's name."""

    role: PhotoRole
    name: str
    kept: Kept | None = None
    problem: Problem | None = None
    shutter: Shutter | None = None


def receive(
    uploads: Iterable[Upload], media: Path, is_barred: Callable[[str], bool] | None = None
) -> tuple[Received, ...]:
    """Check and keep uploads one by one; a bad one is told and does not touch the others.

    Boxes of a form that were left empty (no name, no bytes) are passed over. `is_barred` says of a
    hash that these very bytes were taken back as private: they are not kept a second time.
    """
    found: list[Received] = []
    for upload in uploads:
        name = file_name(upload.name)
        data = upload.stream.read(pictures.LARGEST_BYTES + 1)
        if not name and not data:
            continue
        if len(found) >= MOST_AT_ONCE:
            problem = Problem("photo_many", "Mỗi lần chỉ nhận 20 ảnh; gửi tiếp phần còn lại.", "photo")
            found.append(Received(upload.role, name, problem=problem))
            continue
        kept = keep(data, media, is_barred)
        if isinstance(kept, Problem):
            found.append(Received(upload.role, name, problem=kept))
        else:
            found.append(Received(upload.role, name, kept))
    return tuple(found)


def file_name(text: str) -> str:
    """The name that a file had on the phone, without folders and signs that cannot be shown."""
    return clean(text.replace("\\", "/").rpartition("/")[2])[:LONGEST_NAME]


def keep(
    data: bytes,
    media: Path,
    is_barred: Callable[[str], bool] | None = None,
    most: int = pictures.LARGEST_BYTES,
) -> Kept | Problem:
    """Check one picture and put its three files into the folder, or say what is wrong with it."""
    picture = pictures.read(data, most)
    if isinstance(picture, Problem):
        return picture
    if is_barred is not None and is_barred(hashlib.sha256(picture.original).hexdigest()):
        return BARRED
    try:
        return Kept(
            sha256=store.put(media, picture.original),
            shown_sha256=store.put(media, picture.shown),
            thumbnail_sha256=store.put(media, picture.thumbnail),
            width=picture.width,
            height=picture.height,
            size=len(picture.original),
            taken_at=picture.taken_at,
            likeness=picture.likeness,
        )
    except OSError as error:
        _log.error("photo not kept: %s", error.strerror)
        return NOT_KEPT


def with_name(problem: Problem, name: str) -> Problem:
    """A problem of one file, with the file's name among its values."""
    return Problem(problem.code, problem.message, problem.field, (*problem.values, ("file", name)))
