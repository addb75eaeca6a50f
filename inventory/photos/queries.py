"""Reads of photos: the row of one, for who may see the installation that it shows."""

from dataclasses import dataclass

from sqlalchemy import select

from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import is_id
from inventory.tables.installation import Installation, Photo


@dataclass(frozen=True)
class PhotoFile:
    """What is served of a photo: the hashes of its two copies, and a readable name in ASCII."""

    id: str
    installation_id: str
    shown_sha256: str
    thumbnail_sha256: str
    name: str


def file_of(actor: Actor, photo_id: str) -> PhotoFile:
    """A photo's files; Unseen when it is not there any more or shows what the actor may not see."""
    row = None
    if is_id(photo_id):
        row = db.session.execute(
            select(Photo, Installation.area_id, Installation.kind_code)
            .join(Installation, Installation.id == Photo.installation_id)
            .where(Photo.id == photo_id, Photo.withdrawn_at.is_(None))
        ).first()
    if row is None or not sees(actor, row.area_id):
        raise Unseen("photo", photo_id)
    photo: Photo = row.Photo
    name = f"{row.kind_code.lower()}-{photo.role}-{photo.sha256[:8]}.jpg".replace("_", "-")
    return PhotoFile(photo.id, photo.installation_id, photo.shown_sha256, photo.thumbnail_sha256, name)


def shows(actor: Actor, photo_id: str) -> str:
    """The installation that a photo shows or, before it was taken back, showed; Unseen as above."""
    row = None
    if is_id(photo_id):
        row = db.session.execute(
            select(Installation.id, Installation.area_id)
            .join(Photo, Photo.installation_id == Installation.id)
            .where(Photo.id == photo_id)
        ).first()
    if row is None or not sees(actor, row.area_id):
        raise Unseen("photo", photo_id)
    number: str = row.id
    return number
