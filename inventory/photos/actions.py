"""Writes of photos: attach what intake kept to an installation, once for the same bytes."""

from collections.abc import Iterable

from sqlalchemy import select

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.clock import campaign_now
from inventory.database import db
from inventory.identity import new_id
from inventory.installations import writes
from inventory.installations.writes import Change, Origin
from inventory.outcomes import Done, Outcome, Problem, Refused
from inventory.photos.intake import Received, with_name
from inventory.receipts import Entry
from inventory.tables.installation import Photo, Review
from inventory.vocabulary import ReviewState


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
    if received.kept is None:
        return Refused((received.problem or Problem("photo_missing", "Chưa chọn ảnh.", "photo"),))
    kept = received.kept
    there = db.session.scalar(
        select(Photo.id).where(Photo.installation_id == row.id, Photo.sha256 == kept.sha256)
    )
    if there:
        return Done(there, again=True)
    photo = Photo(
        id=new_id(),
        installation_id=row.id,
        campaign_id=campaign.id,
        person_id=actor.person_id,
        sha256=kept.sha256,
        shown_sha256=kept.shown_sha256,
        thumbnail_sha256=kept.thumbnail_sha256,
        role=received.role.value,
        original_name=received.name,
        width=kept.width,
        height=kept.height,
        size=kept.size,
        taken_at=kept.taken_at,
        received_at=campaign_now(),
    )
    db.session.add(photo)
    db.session.flush()
    trail.record(
        "photo.added", "photo", photo.id, row.area_id, {"installation": row.id, "sha256": kept.sha256}
    )
    _answer_return(actor, campaign, row.id, entry)
    if not part:
        receipts.keep(entry, actor.person_id, "photo.added", photo.id, 1)
    return Done(photo.id)


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


def _answer_return(actor: Actor, campaign: CampaignSeen, installation_id: str, entry: Entry) -> None:
    """A new photo answers what the office returned: it comes before the office again."""
    review = db.session.get(Review, (installation_id, campaign.id))
    if review is None or review.state is not ReviewState.RETURNED:
        return
    row = writes.held(actor, installation_id)
    change = Change("submitted", writes.record_of(row), "Đã thêm ảnh.")
    writes.write(actor, campaign, row, change, entry, Origin(part=True))
