"""Private pictures: their files leave the folder, and the same bytes do not come in again.

Each function reads in a short transaction of its own, so that only what is committed counts.
"""

import logging
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from inventory.database import snapshot
from inventory.photos import store
from inventory.tables.installation import Photo
from inventory.vocabulary import WithdrawReason

_PRIVATE = or_(
    Photo.withdrawn_why == WithdrawReason.PRIVATE.value,
    Photo.withdrawn_why.startswith(f"{WithdrawReason.PRIVATE.value}:", autoescape=True),
)
_log = logging.getLogger("trucquan")
_FILES = (Photo.sha256, Photo.shown_sha256, Photo.thumbnail_sha256)


def is_barred(sha256: str) -> bool:
    """Whether these bytes were taken back as private, wherever that was."""
    found = select(Photo.id).where(Photo.sha256 == sha256, Photo.withdrawn_at.is_not(None), _PRIVATE)
    with snapshot() as session:
        return session.scalar(found.limit(1)) is not None


def delete_private(media: Path) -> None:
    """Delete the files of every private picture that was taken back and that no other photo shows.

    It asks for all of them and not for the newest alone: what a crash or a failing disk left over
    goes with the next. A failure is written to the log; the photo itself is withdrawn all the same.
    """
    try:
        for digest in sorted(_to_delete()):
            store.remove(media, digest)
    except (OSError, SQLAlchemyError):
        _log.exception("files of private photos are not deleted yet")


def _to_delete() -> set[str]:
    with snapshot() as session:
        hashes = {
            digest
            for files in session.execute(select(*_FILES).where(Photo.withdrawn_at.is_not(None), _PRIVATE))
            for digest in files
        }
        return hashes - _in_use(session, hashes)


def _in_use(session: Session, hashes: set[str]) -> set[str]:
    named = or_(*(column.in_(hashes) for column in _FILES))
    rows = session.execute(select(*_FILES).where(Photo.withdrawn_at.is_(None), named))
    return {digest for files in rows for digest in files}
