"""Writes of photos: attach what intake kept, once for the same bytes, and take back what is wrong."""

from collections.abc import Iterable

from sqlalchemy import select

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.clock import campaign_now
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import is_id, new_id
from inventory.installations import writes
from inventory.installations.writes import Change, Origin
from inventory.outcomes import Done, Outcome, Problem, Refused, refuse
from inventory.photos import removal
from inventory.photos.intake import BARRED, Kept, Received, Shutter, with_name
from inventory.photos.rules import Why, is_private
from inventory.receipts import Entry
from inventory.tables.installation import Installation, Photo, Review
from inventory.vocabulary import ReviewState, WithdrawReason


@database.action
def attach(
    actor: Actor,
    campaign: CampaignSeen,
    installation_id: str,
    received: Received,
    entry: Entry,
    part: bool = False,
) -> Outcome:
    """Attach one kept photo. The same bytes again answer the photo that is there (`again`).

    `part` says that the entry's receipt is its caller's concern (a form with several photos).
    """
    row = writes.held(actor, installation_id)
    known = writes.again(entry, Origin(part=part))
    if known:
        return known
    outcome = attach_to(actor, campaign, row, received, entry)
    if isinstance(outcome, Done) and not (outcome.again or part):
        receipts.keep(entry, actor.person_id, "photo.added", outcome.subject, 1)
    return outcome


def attach_to(
    actor: Actor, campaign: CampaignSeen, row: Installation, received: Received, entry: Entry
) -> Outcome:
    """Attach to a row that its caller has locked, and for which it has decided that the actor may.

    Only actions call this: a refusal leaves what is to be rolled back.
    """
    if received.kept is None:
        return Refused((received.problem or Problem("photo_missing", "Chưa chọn ảnh.", "photo"),))
    kept = received.kept
    photo = db.session.scalar(
        select(Photo).where(Photo.installation_id == row.id, Photo.sha256 == kept.sha256)
    )
    if photo is not None and photo.withdrawn_at is None:
        return Done(photo.id, again=True)
    if photo is not None and is_private(photo.withdrawn_why):
        return Refused((BARRED,))
    if photo is None:
        photo = _new(row.id, kept, received.shutter)
        db.session.add(photo)
    _send(photo, actor, campaign, received)
    db.session.flush()
    _answer_return(actor, campaign, row, entry)  # raises counters, which others hold before the trail
    trail.record(
        "photo.added", "photo", photo.id, row.area_id, {"installation": row.id, "sha256": kept.sha256}
    )
    return Done(photo.id)


def _new(installation_id: str, kept: Kept, shutter: Shutter | None) -> Photo:
    return Photo(
        id=shutter.photo_id if shutter else new_id(),
        installation_id=installation_id,
        sha256=kept.sha256,
        shown_sha256=kept.shown_sha256,
        thumbnail_sha256=kept.thumbnail_sha256,
        width=kept.width,
        height=kept.height,
        size=kept.size,
        taken_at=kept.taken_at,
        likeness=kept.likeness,
    )


def _send(photo: Photo, actor: Actor, campaign: CampaignSeen, received: Received) -> None:
    """Who sent it and when. What was taken back (not as private) and is sent again, is there again."""
    photo.campaign_id, photo.person_id = campaign.id, actor.person_id
    photo.role, photo.original_name = received.role.value, received.name
    photo.received_at = campaign_now()
    photo.withdrawn_at = photo.withdrawn_by = None
    photo.withdrawn_why = ""
    shutter = received.shutter
    if shutter is not None:
        photo.origin, photo.origin_reason = shutter.origin, shutter.reason
        photo.lat, photo.lon, photo.accuracy_m = shutter.lat, shutter.lon, shutter.accuracy_m
        photo.taken_at = shutter.taken_at or photo.taken_at


@database.action
def withdraw(actor: Actor, campaign: CampaignSeen, photo_id: str, why: Why, entry: Entry) -> Outcome:
    """Take a photo back: from now on nobody sees it, and the installation's past says who and why.

    The files stay for an auditor, unless the reason is PRIVATE: then they are deleted once this is
    committed, when the request ends (`removal.remember_private`).
    """
    photo = db.session.get(Photo, photo_id) if is_id(photo_id) else None
    if photo is None:
        raise Unseen("photo", photo_id)
    row = _held(actor, photo)
    known = writes.again(entry, Origin())
    if known:
        return known
    db.session.refresh(photo)  # the lock of its installation is held: another may have been first
    if photo.withdrawn_at is not None:
        raise Unseen("photo", photo_id)
    if why.reason is WithdrawReason.OTHER and not why.text:
        return refuse("why_missing", "Viết lý do rút ảnh.", "text")
    photo.withdrawn_at, photo.withdrawn_by = campaign_now(), actor.person_id
    photo.withdrawn_why = why.words()
    if why.reason is WithdrawReason.PRIVATE:
        removal.remember_private()
    change = Change("photo_withdrawn", writes.record_of(row), why.words())
    writes.add_event(actor, campaign, row, change, {}, entry, Origin())
    receipts.keep(entry, actor.person_id, "photo.withdrawn", photo.id, 1)
    detail = {"installation": row.id, "sha256": photo.sha256, "why": why.reason.value}
    trail.record("photo.withdrawn", "photo", photo.id, row.area_id, detail)
    return Done(photo.id)


def _held(actor: Actor, photo: Photo) -> Installation:
    try:
        return writes.held(actor, photo.installation_id)
    except Unseen:
        raise Unseen("photo", photo.id) from None


@database.action
def attach_all(
    actor: Actor, campaign: CampaignSeen, installation_id: str, received: Iterable[Received], entry: Entry
) -> Done:
    """Attach what was kept and tell about each file that was not: a bad photo loses nothing else.

    The photos are part of the entry of a visit, which keeps its receipt. `Done.notes` has one
    problem for each file that was refused, with its name in `values`.
    """
    notes: list[Problem] = []
    for one in received:
        outcome = attach(actor, campaign, installation_id, one, entry, part=True)
        if isinstance(outcome, Refused):
            notes += [with_name(problem, one.name) for problem in outcome.problems]
    return Done(installation_id, notes=tuple(notes))


@database.action
def send(
    actor: Actor, campaign: CampaignSeen, installation_id: str, received: Iterable[Received], entry: Entry
) -> Outcome:
    """Attach the photos of a form of their own; pressed twice, the second changes nothing."""
    writes.held(actor, installation_id)
    known = writes.again(entry, Origin())
    if known:
        return known
    done = attach_all(actor, campaign, installation_id, received, entry)
    receipts.keep(entry, actor.person_id, "photos.added", installation_id, 1)
    return done


def _answer_return(actor: Actor, campaign: CampaignSeen, row: Installation, entry: Entry) -> None:
    """A new photo answers what the office returned: it comes before the office again."""
    review = db.session.get(Review, (row.id, campaign.id))
    if review is None or review.state is not ReviewState.RETURNED:
        return
    change = Change("submitted", writes.record_of(row), "Đã thêm ảnh.")
    writes.write(actor, campaign, row, change, entry, Origin(part=True))
