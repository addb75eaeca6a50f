"""Writes of visits: one press of "Lưu" or "Xong nơi này", and a ward lead's declaration.

Everything of one press is one transaction: the visit, its answers, every installation and the photos
(which were checked and kept in the media folder before, see photos/intake.py). Either all of it is
there, or nothing and the page says why. The place (or ward) is locked first, so that two people who
save at once come one after the other and the second is told what changed.
"""

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.clock import campaign_now
from inventory.database import db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.receipts import Entry
from inventory.surveys import queries, writing
from inventory.surveys.presses import Submission, sort
from inventory.surveys.queries import Target
from inventory.tables.area import WardDeclaration


@database.action
def save(
    actor: Actor, campaign: CampaignSeen, target: Target, submission: Submission, entry: Entry
) -> Outcome:
    """Store one press. `Done.subject` is the visit's id, its notes are told but blocked nothing."""
    if not sees(actor, target.area_id):
        raise Unseen("area", target.area_id)
    writing.lock(target)
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    sheet = queries.sheet(db.session(), actor, campaign, target)
    if sheet.standard_id is None:
        return writing.NO_STANDARD
    result = sort(sheet, submission)
    if result.problems:
        return Refused(tuple(result.problems))
    if result.stale:
        return Stale(0, tuple(result.stale))
    if not result.decided and not (submission.finish and sheet.answered):
        return writing.NOTHING_ANSWERED
    return writing.store(actor, campaign, sheet, submission, result.decided, entry)


@database.action
def declare(actor: Actor, campaign: CampaignSeen, target: Target, note: str, entry: Entry) -> Outcome:
    """Keep a ward lead's dated word that the ward is complete; it blocks nothing, ever."""
    if not sees(actor, target.area_id):
        raise Unseen("area", target.area_id)
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    row = WardDeclaration(
        campaign_id=campaign.id,
        area_id=target.area_id,
        person_id=actor.person_id,
        at=campaign_now(),
        note=note,
    )
    db.session.add(row)
    db.session.flush()
    receipts.keep(entry, actor.person_id, "ward.declared", row.id, 1)
    trail.record("ward.declared", "area", target.area_id, target.area_id, {"note": note[:200]})
    return Done(str(row.id))
