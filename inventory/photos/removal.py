"""Private pictures: their files leave the folder, and the same bytes do not come in again.

Who takes a picture back, by a form, a phone's entry, a rescue file or a decided case, remembers it here;
the files go when the request has ended. Each function reads in a short transaction of its own, so that
only what is committed counts.
"""

import logging
from pathlib import Path

from flask import g, has_request_context
from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from inventory.database import snapshot
from inventory.installations.manifest import CALLED_OFF
from inventory.photos import parts, store
from inventory.tables.field import ExpectedPhoto
from inventory.tables.installation import Photo
from inventory.vocabulary import PhotoState, WithdrawReason

_PRIVATE = or_(
    Photo.withdrawn_why == WithdrawReason.PRIVATE.value,
    Photo.withdrawn_why.startswith(f"{WithdrawReason.PRIVATE.value}:", autoescape=True),
)
_log = logging.getLogger("trucquan")
_FILES = (Photo.sha256, Photo.shown_sha256, Photo.thumbnail_sha256)


def remember_private() -> None:
    """A private picture is taken back in this request."""
    if has_request_context():
        g.private_taken_back = True


def remember_called_off(photo_id: str) -> None:
    """A photo that nobody has seen is called off in this request: nobody wants its bytes."""
    if has_request_context():
        g.setdefault("called_off", []).append(photo_id)


def after_request(media: Path) -> None:
    """Delete what was taken back in this request; what did not become so after all stays."""
    if g.pop("private_taken_back", False):
        delete_private(media)
    for photo_id in g.pop("called_off", ()):
        delete_called_off(media, photo_id)


def delete_called_off(media: Path, photo_id: str) -> None:
    """Delete the bytes of a photo that was called off, unless another photo is made of the same."""
    try:
        with snapshot() as session:
            row = session.get(ExpectedPhoto, photo_id)
            if row is None or row.code != CALLED_OFF:
                return
            same = (ExpectedPhoto.sha256 == row.sha256, ExpectedPhoto.state == PhotoState.COMPLETE)
            wanted = session.scalar(select(Photo.id).where(Photo.sha256 == row.sha256).limit(1)) or (
                session.scalar(select(ExpectedPhoto.id).where(*same).limit(1))
            )
        kept = parts.note_of(media, photo_id)
        if kept is not None and wanted is None:
            for digest in (kept.sha256, kept.shown_sha256, kept.thumbnail_sha256):
                store.remove(media, digest)
        parts.drop(media, photo_id)
        parts.drop_note(media, photo_id)
    except (OSError, SQLAlchemyError):
        _log.exception("the bytes of a photo that was called off are not deleted")


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
