"""Parts: bytes of photos on their way lie in `<media>/incoming/<photo id>` until they are whole.

How many of them count stands in the database, never in the file's length: a server that is killed between
writing and counting has written too much, and the next part is written over it.
"""

import contextlib
import json
import os
import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from inventory.identity import is_id
from inventory.photos.intake import Kept

FOLDER = "incoming"


def path_of(media: Path, photo_id: str) -> Path:
    """Where the parts lie. Raises ValueError for anything but an id: nothing else names a file."""
    if not is_id(photo_id):
        raise ValueError("not an id")
    return media / FOLDER / photo_id


def write(media: Path, photo_id: str, offset: int, data: bytes) -> None:
    """Write a part at its place and make it durable; OSError (a full disk) when it cannot be."""
    path = path_of(media, photo_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        file.seek(offset)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        _sync(path.parent)


def length(media: Path, photo_id: str) -> int:
    """How many bytes the file has; 0 when it is not there."""
    try:
        return path_of(media, photo_id).stat().st_size
    except FileNotFoundError:
        return 0


def read(media: Path, photo_id: str, size: int) -> bytes:
    """The first `size` bytes: what lies behind them was never counted."""
    with path_of(media, photo_id).open("rb") as file:
        return file.read(size)


def drop(media: Path, photo_id: str) -> None:
    """Delete the parts of a photo; its three files are in the folder by then."""
    with contextlib.suppress(FileNotFoundError):
        path_of(media, photo_id).unlink()


def keep_note(media: Path, photo_id: str, kept: Kept) -> None:
    """Note beside the parts what became of a whole photo, for when its record comes after its bytes."""
    path = _note(media, photo_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two senders of the last part may note it at once: each writes a file of its own.
    descriptor, fresh = tempfile.mkstemp(prefix=".note-", dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(kept), file, default=_moment)
        file.flush()
        os.fsync(file.fileno())
    Path(fresh).replace(path)
    _sync(path.parent)


def note_of(media: Path, photo_id: str) -> Kept | None:
    """What was noted of a whole photo; None when nothing is."""
    try:
        words = json.loads(_note(media, photo_id).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    taken = words.pop("taken_at")
    return Kept(**words, taken_at=datetime.fromisoformat(taken) if taken else None)


def drop_note(media: Path, photo_id: str) -> None:
    """Delete the note; the photo is attached."""
    with contextlib.suppress(FileNotFoundError):
        _note(media, photo_id).unlink()


def _note(media: Path, photo_id: str) -> Path:
    path = path_of(media, photo_id)
    return path.with_name(f"{path.name}.json")


def _moment(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(type(value).__name__)
    return value.isoformat()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
