"""Entries about photos: one was taken (its bytes come apart), one is taken back."""

from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.outcomes import Done, Problem
from inventory.photos import actions, expecting
from inventory.photos.expecting import PhotoTold
from inventory.photos.rules import LONGEST_WHY, Why
from inventory.sync.places import Context
from inventory.sync.said import Decoded, PhotoSaid, WithdrawSaid
from inventory.sync.things import receipt
from inventory.sync.verdicts import Verdict, held, of_outcome, parked, refused
from inventory.tables.field import ExpectedPhoto, FieldEntry
from inventory.tables.installation import Installation, Photo
from inventory.vocabulary import WithdrawReason
from inventory.wording import clean


def photo(actor: Actor, campaign: CampaignSeen, entry: Decoded, context: Context) -> Verdict:
    """Expect the bytes of a photo; parked while what it shows is not here (its bytes may come already)."""
    said = entry.said
    assert isinstance(said, PhotoSaid)  # noqa: S101 -- by its act
    area_id = None
    if said.installation is not None:
        row = db.session.get(Installation, said.installation)
        if row is None:
            return parked(said.installation)
        area_id = row.area_id
    elif said.answer is not None:
        answered = db.session.get(FieldEntry, said.answer)
        if answered is None:
            return parked(said.answer)
        area_id = answered.area_id
    if area_id is not None and not sees(actor, area_id):
        return held("moved_away", area_id)
    return of_outcome(
        expecting.expect(actor, campaign, entry.id, told(said), context.person_id, context.device_id), area_id
    )


def told(said: PhotoSaid, bare: bool = False) -> PhotoTold:
    """What the photos' feature is told; `bare` without what it shows."""
    fix = said.fix
    return PhotoTold(
        photo_id=said.photo,
        installation_id=None if bare else said.installation,
        answer_id=None if bare else said.answer,
        sha256=said.sha256,
        size=said.size,
        role=said.role,
        name=said.name,
        taken_at=said.taken_at,
        origin=said.origin,
        reason=said.reason,
        lat=fix.lat if fix else None,
        lon=fix.lon if fix else None,
        accuracy_m=fix.accuracy_m if fix else None,
        age_s=fix.age_s if fix else None,
    )


def keep_bytes(actor: Actor, campaign: CampaignSeen, entry: Decoded, context: Context) -> None:
    """Let the bytes of a held or parked photo come: what is kept for a decision is kept whole."""
    if isinstance(entry.said, PhotoSaid):
        bare = told(entry.said, bare=True)
        expecting.expect(actor, campaign, entry.id, bare, context.person_id, context.device_id)


def withdraw(actor: Actor, campaign: CampaignSeen, entry: Decoded, context: Context) -> Verdict:
    """Take a photo back: from the record, or before anybody has seen it."""
    said = entry.said
    assert isinstance(said, WithdrawSaid)  # noqa: S101 -- by its act
    if said.reason not in set(WithdrawReason):
        return refused(Problem("why_missing", "Chọn lý do rút ảnh.", "reason"))
    told = db.session.get(ExpectedPhoto, said.photo)
    shown = db.session.get(Photo, told.photo_id if told and told.photo_id else said.photo)
    if shown is None and told is None:
        return parked(said.photo)
    if shown is None:
        return of_outcome(expecting.call_off(said.photo, context.person_id))
    area_id = db.session.get_one(Installation, shown.installation_id).area_id
    if not sees(actor, area_id):
        return held("moved_away", area_id)
    if shown.withdrawn_at is not None:
        return of_outcome(Done(shown.id, again=True), area_id)
    why = Why(WithdrawReason(said.reason), clean(said.text)[:LONGEST_WHY])
    return of_outcome(actions.withdraw(actor, campaign, shown.id, why, receipt(entry)), area_id)
