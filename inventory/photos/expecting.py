"""Photos that phones have told of: expected, complete, attached to what they show.

A photo's data comes as an entry, its bytes apart and in parts (arriving.py). Whichever comes last brings
both together: `arrived` when it was the record, `complete` when it was the bytes. Called by sync, which
has checked that the person may, inside its savepoints; the entry's own row must be in `field_entry` first.

For an entry that is held or parked call `expect` with neither installation nor answer: its bytes are
taken and wait, and telling it again later with one of both attaches them. A `withdraw` of a photo whose
bytes are not attached yet is `call_off`.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from inventory import campaigns, database, trail
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.clock import campaign_now
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import is_id
from inventory.installations.manifest import CALLED_OFF
from inventory.outcomes import Done, Outcome, Refused, refuse
from inventory.people import devices
from inventory.photos import parts, removal
from inventory.photos.actions import attach_to
from inventory.photos.intake import Kept, Received, Shutter, file_name
from inventory.photos.pictures import LARGEST_TOLD
from inventory.receipts import Entry
from inventory.settings import Settings
from inventory.tables.field import ExpectedPhoto, FieldEntry
from inventory.tables.installation import Installation, Photo
from inventory.vocabulary import PhotoOrigin, PhotoRole, PhotoState
from inventory.wording import clean

_HASH = re.compile(r"[0-9a-f]{64}")
LONGEST_REASON = 200
_REUSED = refuse("photo_reused", "Mã của ảnh này đã dùng cho một ảnh khác.", "photo")


@dataclass(frozen=True)
class PhotoTold:
    """What a phone tells of a photo; `answer_id` is the entry whose thing it shows, where that is not named.

    `size` in bytes, `lat` to `age_s` the fix at the shutter in degrees, metres and seconds, `taken_at` the
    phone's own clock: evidence and never trusted.
    """

    photo_id: str
    installation_id: str | None
    answer_id: str | None
    sha256: str
    size: int
    role: str = PhotoRole.OVERVIEW.value
    name: str = ""
    taken_at: datetime | None = None
    origin: str = PhotoOrigin.CAMERA.value
    reason: str = ""
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    age_s: float | None = None


@database.action
def expect(
    actor: Actor,
    campaign: CampaignSeen,
    entry_id: str,
    told: PhotoTold,
    person_id: int,
    device_id: str | None = None,
) -> Outcome:
    """Write down that a photo will come. The same photo with the same hash again changes nothing, or
    gives a waiting one the thing that it shows. Unseen when that thing is not the actor's to see."""
    problem = _refusal(told)
    if problem:
        return problem
    area_id = _area_of(actor, told.installation_id)
    row = db.session.get(ExpectedPhoto, told.photo_id, populate_existing=True)
    if row is not None:
        if (row.person_id, row.sha256) != (person_id, told.sha256):
            return _REUSED
        return _tell_again(row, told)
    if db.session.get(Photo, told.photo_id) is not None:
        return _REUSED
    row = _row(campaign, entry_id, told, person_id, device_id)
    db.session.add(row)
    db.session.flush()
    trail.record("photo.expected", "photo", row.id, area_id, {"entry": entry_id, "sha256": row.sha256})
    return Done(row.id)


def _row(
    campaign: CampaignSeen, entry_id: str, told: PhotoTold, person_id: int, device_id: str | None
) -> ExpectedPhoto:
    return ExpectedPhoto(
        id=told.photo_id,
        entry_id=entry_id,
        person_id=person_id,
        device_id=device_id,
        campaign_id=campaign.id,
        installation_id=told.installation_id or _pictured(told.answer_id, person_id),
        answer_id=told.answer_id,
        sha256=told.sha256,
        size=told.size,
        received=0,
        state=PhotoState.EXPECTED,
        role=told.role,
        name=file_name(told.name),
        origin=PhotoOrigin(told.origin),
        origin_reason=clean(told.reason)[:LONGEST_REASON],
        taken_at=told.taken_at,
        told_at=campaign_now(),
        **_fix(told),
    )


def _refusal(told: PhotoTold) -> Refused | None:
    """Why no bytes could ever be taken for this."""
    if not is_id(told.photo_id) or not _HASH.fullmatch(told.sha256):
        return refuse("photo_hash", "Thiếu mã của ảnh; hãy chụp lại ảnh này.", "photo")
    if told.size < 1 or told.size > LARGEST_TOLD:
        return refuse("photo_size", "Ảnh lớn hơn 25 MB. Chụp lại ở cỡ nhỏ hơn.", "photo")
    if told.role not in set(PhotoRole) or told.origin not in set(PhotoOrigin):
        return refuse("photo_role", "Ảnh này thiếu loại ảnh; hãy chụp lại.", "photo")
    if told.origin == PhotoOrigin.GALLERY and not clean(told.reason):
        return refuse("photo_reason", "Ghi lý do chọn ảnh từ thư viện.", "photo")
    return None


def _fix(told: PhotoTold) -> dict[str, float | None]:
    """The fix as columns; numbers that are no place on earth say nothing."""
    names = ("lat", "lon", "accuracy_m", "age_s")
    lat, lon = told.lat, told.lon
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return dict.fromkeys(names)
    return {name: getattr(told, name) for name in names}


def _area_of(actor: Actor, installation_id: str | None) -> int | None:
    if installation_id is None:
        return None
    area_id = None
    if is_id(installation_id):
        area_id = db.session.scalar(select(Installation.area_id).where(Installation.id == installation_id))
    if not sees(actor, area_id):
        raise Unseen("installation", installation_id)
    return area_id


def _pictured(answer_id: str | None, person_id: int) -> str | None:
    """The installation that an answer of this very person recorded, once it is here."""
    if answer_id is None:
        return None
    own = (FieldEntry.id == answer_id, FieldEntry.person_id == person_id)
    detail = db.session.scalar(select(FieldEntry.detail).where(*own))
    found = (detail or {}).get("pictured")
    return found if isinstance(found, str) else None


def _tell_again(row: ExpectedPhoto, told: PhotoTold) -> Outcome:
    if row.installation_id is None:
        row.answer_id = told.answer_id or row.answer_id
        row.installation_id = told.installation_id or _pictured(row.answer_id, row.person_id)
        _attach_whole(row)
    return Done(row.id, again=True)


@database.action
def arrived(
    actor: Actor,  # noqa: ARG001  the photo's own person took it, whoever brings the record
    campaign: CampaignSeen,
    installation_id: str | None = None,
    answer_id: str | None = None,
) -> Done:
    """A record came: photos told for it know now what they show, and whole ones are attached.

    Give the installation, or the answer whose `detail["pictured"]` is written (and flushed) already.
    """
    rows = select(ExpectedPhoto).where(
        ExpectedPhoto.campaign_id == campaign.id,
        ExpectedPhoto.photo_id.is_(None),
        ExpectedPhoto.state != PhotoState.REFUSED,
    )
    if answer_id is not None:
        rows = rows.where(ExpectedPhoto.answer_id == answer_id)
    else:
        rows = rows.where(ExpectedPhoto.installation_id == installation_id)
    for row in db.session.scalars(rows.order_by(ExpectedPhoto.id).with_for_update()).all():
        row.installation_id = row.installation_id or _pictured(row.answer_id, row.person_id)
        _attach_whole(row)
    return Done(installation_id or "")


@database.action
def complete(photo_id: str, kept: Kept) -> Outcome:
    """All bytes are here and their hash is the one that was told: say so, and attach the photo where its
    record is here. Two at the same moment: the second finds it done (`again`)."""
    row = db.session.get(ExpectedPhoto, photo_id, with_for_update=True, populate_existing=True)
    if row is None or row.sha256 != kept.sha256:
        raise Unseen("photo", photo_id)
    if row.state is not PhotoState.EXPECTED:
        return Done(row.id, again=True)
    row.received, row.state, row.complete_at = row.size, PhotoState.COMPLETE, campaign_now()
    if row.installation_id is None:
        row.installation_id = _pictured(row.answer_id, row.person_id)
    _attach_whole(row, kept)
    db.session.flush()
    return Done(row.id)


@database.action
def call_off(photo_id: str, person_id: int) -> Outcome:
    """Its person takes back a photo that nobody has seen yet: its bytes are not wanted any more.

    Refused with `photo_here` when it is attached (then it is `actions.withdraw`) and `unknown` before
    it was told.
    """
    row = db.session.get(ExpectedPhoto, photo_id, with_for_update=True, populate_existing=True)
    if row is None or row.person_id != person_id:
        return refuse("unknown", "Chưa có ảnh này ở máy chủ.", "photo")
    if row.photo_id is not None:
        return refuse("photo_here", "Ảnh này đã ở trong hồ sơ; hãy rút ảnh ở đó.", "photo")
    if row.code == CALLED_OFF:
        return Done(row.id, again=True)
    row.state, row.code = PhotoState.REFUSED, CALLED_OFF
    removal.remember_called_off(row.id)
    trail.record("photo.called_off", "photo", row.id, None, {"sha256": row.sha256})
    return Done(row.id)


def _attach_whole(row: ExpectedPhoto, kept: Kept | None = None) -> None:
    """Attach a complete photo whose record is known. Its rights were decided when it was told, so that a
    person who has moved since does not lose a photo."""
    if row.state is not PhotoState.COMPLETE or row.installation_id is None or row.photo_id is not None:
        return
    kept = kept or parts.note_of(_media(), row.id)
    actor = devices.actor_of(db.session(), row.person_id, None)
    campaign = campaigns.current(db.session(), row.campaign_id)
    thing = db.session.get(Installation, row.installation_id, with_for_update=True, populate_existing=True)
    if kept is None or actor is None or campaign is None or thing is None:
        return
    outcome = attach_to(actor, campaign, thing, _received(row, kept), Entry(row.entry_id, row.sha256))
    if isinstance(outcome, Done):
        row.photo_id = outcome.subject
    elif isinstance(outcome, Refused):
        row.state, row.code = PhotoState.REFUSED, outcome.problems[0].code


def _received(row: ExpectedPhoto, kept: Kept) -> Received:
    shutter = Shutter(row.id, row.origin, row.origin_reason, row.taken_at, row.lat, row.lon, row.accuracy_m)
    return Received(PhotoRole(row.role), row.name, kept, shutter=shutter)


def _media() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.media
