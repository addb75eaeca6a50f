"""The photo folder: files lie under their own hash (`ab/cd/abcd…`), written whole or not at all.

The same bytes are the same file, so writing again is harmless and what is there never changes.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{64}")


def path_of(media: Path, sha256: str) -> Path:
    """Where a file lies. Raises ValueError for anything but a hash: nothing else names a file."""
    if not _HASH.fullmatch(sha256):
        raise ValueError("not a SHA-256 in hexadecimal")
    return media / sha256[:2] / sha256[2:4] / sha256


def put(media: Path, data: bytes) -> str:
    """Keep bytes and return their hash. OSError (a full disk) leaves nothing half-written behind."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(media, sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    for folder in (path.parent, path.parent.parent, media):
        _sync(folder)
    return sha256


def get(media: Path, sha256: str) -> bytes:
    """The bytes of a file. Raises FileNotFoundError when it is not there."""
    return path_of(media, sha256).read_bytes()


def remove(media: Path, sha256: str) -> None:
    """Delete a file; one that is not there is as good as deleted."""
    path = path_of(media, sha256)
    if path.exists():
        path.unlink()
        _sync(path.parent)


def _sync(folder: Path) -> None:
    """Make names durable: after a power cut a row must not point at a file that has no name."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
