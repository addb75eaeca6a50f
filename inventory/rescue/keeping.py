"""The files that wait for their confirmation: a folder beside the photos, swept after a day.

A file is named by who brought it and its own hash, so nobody reaches another person's file, and the same
file brought twice is one. Its bytes are mapped, never held in memory as a whole.
"""

import hashlib
import mmap
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

#: A person's file that was looked at is forgotten after so many seconds; the phone still has its own.
KEPT_SECONDS = 24 * 3600
_BLOCK = 1 << 20
_HASH = re.compile(r"[0-9a-f]{64}")


def folder(media: Path) -> Path:
    """Where the files lie; beside the photos, so that several machines share them."""
    return media / ".rescue"


def keep(media: Path, person_id: int, stream: IO[bytes]) -> str:
    """Keep a file of this person and return its SHA-256. OSError leaves nothing half-written behind."""
    place = folder(media)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(media)
    digest, part = hashlib.sha256(), place / f".part-{secrets.token_hex(8)}"
    try:
        with part.open("xb") as file:
            while block := stream.read(_BLOCK):
                digest.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        part.replace(_path(media, person_id, digest.hexdigest()))
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


@contextmanager
def opened(media: Path, person_id: int, sha256: str) -> Iterator[bytes]:
    """The bytes of a kept file, as a map that slices like bytes. Raises FileNotFoundError."""
    if not _HASH.fullmatch(sha256):
        raise FileNotFoundError(sha256)
    with _path(media, person_id, sha256).open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            yield b""
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data  # type: ignore[misc]  # slices and finds like bytes, which is all that is asked


def forget(media: Path, person_id: int, sha256: str) -> None:
    """Delete a file that turned out to be none."""
    _path(media, person_id, sha256).unlink(missing_ok=True)


def sweep(media: Path, moment: float | None = None) -> None:
    """Delete what was brought longer ago than KEPT_SECONDS (Unix seconds)."""
    oldest = (time.time() if moment is None else moment) - KEPT_SECONDS
    for path in folder(media).iterdir():
        with suppress(OSError):  # another request was quicker
            if path.stat().st_mtime < oldest:
                path.unlink()


def _path(media: Path, person_id: int, sha256: str) -> Path:
    return folder(media) / f"{person_id}-{sha256}"
