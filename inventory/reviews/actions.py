"""Writes of the review: verify and return, each an event, a receipt and a line in the trail."""

from sqlalchemy import func, select

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.clock import campaign_now
from inventory.database import db
from inventory.errors import Unseen
from inventory.installations import writes
from inventory.installations.writes import Change, Origin
from inventory.outcomes import Done, Outcome, Problem, Refused, Stale
from inventory.receipts import Entry
from inventory.reviews.rules import (
    FIELD_OF,
    UnderReview,
    refusal_to_return,
    refusal_to_verify,
)
from inventory.tables.installation import Installation, InstallationEvent, Photo, Review
from inventory.vocabulary import ReturnReason, ReviewState

#: Events by which a person writes what is to be verified.
_WRITING = ("recorded", "amended", "moved", "reverted", "submitted")


@database.action
def verify(
    actor: Actor, campaign: CampaignSeen, installation_id: str, base_version: int, entry: Entry
) -> Outcome:
    """Verify the record as it stands; Stale when it changed since the office looked at it."""
    row, review = _held(actor, campaign, installation_id)
    known = writes.again(entry, Origin())
    if known:
        return known
    if row.version != base_version:
        return Stale(row.version, (), writes.name_of(row.updated_by))
    problem = refusal_to_verify(_under_review(campaign, row, review), actor.person_id)
    if problem:
        return Refused((problem,))
    record = writes.record_of(row)
    review.state = ReviewState.VERIFIED
    review.verified_version, review.verified_state = row.version, record.as_state()
    review.reason_code = review.reason_field = review.reason_text = ""
    _decide(actor, campaign, row, review, Change("verified", record), entry)
    return Done(row.id, row.version)


@database.action
def give_back(
    actor: Actor,
    campaign: CampaignSeen,
    installation_id: str,
    base_version: int,
    reason: str,
    text: str,
    entry: Entry,
) -> Outcome:
    """Return the record to who sent it, with the reason at the field it is about."""
    row, review = _held(actor, campaign, installation_id)
    known = writes.again(entry, Origin())
    if known:
        return known
    if row.version != base_version:
        return Stale(row.version, (), writes.name_of(row.updated_by))
    problem = refusal_to_return(_under_review(campaign, row, review), actor.person_id, reason, text)
    if problem:
        return Refused((problem,))
    review.state = ReviewState.RETURNED
    review.reason_code, review.reason_text = reason, text[:500]
    review.reason_field = FIELD_OF[ReturnReason(reason)]
    change = Change("returned", writes.record_of(row), f"{reason}: {text}".rstrip(": "))
    _decide(actor, campaign, row, review, change, entry)
    return Done(row.id, row.version)


def _held(actor: Actor, campaign: CampaignSeen, installation_id: str) -> tuple[Installation, Review]:
    row = writes.held(actor, installation_id)
    review = db.session.get(Review, (row.id, campaign.id), populate_existing=True)
    if review is None:
        raise Unseen("review", installation_id)
    return row, review


def _under_review(campaign: CampaignSeen, row: Installation, review: Review) -> UnderReview:
    event = InstallationEvent
    here = (event.installation_id == row.id, event.campaign_id == campaign.id)
    verified = select(func.max(event.number)).where(*here, event.act == "verified").scalar_subquery()
    writers = db.session.scalars(
        select(event.person_id)
        .where(*here, event.act.in_(_WRITING), event.number > func.coalesce(verified, 0))
        .distinct()
    )
    returns = db.session.scalar(select(func.count()).where(*here, event.act == "returned")) or 0
    photos = 0
    if returns:
        mine = (
            Photo.installation_id == row.id,
            Photo.campaign_id == campaign.id,
            Photo.withdrawn_at.is_(None),
        )
        photos = db.session.scalar(select(func.count()).select_from(Photo).where(*mine)) or 0
    return UnderReview(review.state, frozenset(writers) | {review.submitted_by or 0}, returns, photos)


def _decide(
    actor: Actor, campaign: CampaignSeen, row: Installation, review: Review, change: Change, entry: Entry
) -> None:
    review.decided_by, review.decided_at = actor.person_id, campaign_now()
    review.version += 1
    number = writes.add_event(actor, campaign, row, change, {}, entry, Origin())
    receipts.keep(entry, actor.person_id, f"review.{change.act}", row.id, row.version)
    facts_moved(campaign.id, row.area_id)
    detail = {"event": number, "version": row.version, "reason": review.reason_code}
    trail.record(f"review.{change.act}", "installation", row.id, row.area_id, detail)


def problems_of(outcome: Outcome) -> tuple[Problem, ...]:
    """What to tell of a decision that was not stored."""
    if isinstance(outcome, Refused):
        return outcome.problems
    if isinstance(outcome, Stale):
        return (Problem("stale", "Mục này vừa được sửa; hãy xem lại trước khi quyết định."),)
    return ()
