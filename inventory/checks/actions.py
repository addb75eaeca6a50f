"""Writes of field checks: one is kept as it was said and never changed."""

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.checks.queries import Subject
from inventory.checks.rules import Draft, problem
from inventory.clock import campaign_now
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import new_id
from inventory.outcomes import Done, Outcome, Refused
from inventory.receipts import Entry
from inventory.tables.field_check import FieldCheck
from inventory.vocabulary import PositionSource


@database.action
def record(
    actor: Actor,
    campaign: CampaignSeen,
    subject: Subject,
    draft: Draft,
    entry: Entry,
    synthetic: bool = False,
) -> Outcome:
    """Keep a check. No facts move: it stands beside the model's answer and changes no figure."""
    if not sees(actor, subject.area_id):
        raise Unseen("area", subject.area_id)
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    wrong = problem(draft, subject.family)
    if wrong:
        return Refused((wrong,))
    row = _row(actor, campaign, subject, draft, entry, synthetic)
    db.session.add(row)
    db.session.flush()
    receipts.keep(entry, actor.person_id, "check.recorded", row.id, 1)
    detail = {
        "answer": draft.answer.value,
        "place": subject.place_id,
        "installation": subject.installation_id,
    }
    trail.record("check.recorded", "field_check", row.id, row.area_id, detail)
    return Done(row.id, 1)


def _row(
    actor: Actor, campaign: CampaignSeen, subject: Subject, draft: Draft, entry: Entry, synthetic: bool
) -> FieldCheck:
    row = FieldCheck(
        id=new_id(),
        campaign_id=campaign.id,
        area_id=subject.area_id,
        place_id=subject.place_id,
        installation_id=subject.installation_id,
        channel=draft.answer.channel,
        perceived=draft.answer.perceived,
        at=campaign_now(),
        person_id=actor.person_id,
        note=draft.note[:500],
        entry_id=entry.id,
        synthetic=synthetic,
    )
    if draft.spot is not None:
        (row.lat, row.lon), row.accuracy_m = draft.spot.position, draft.spot.accuracy_m
        row.position_source = PositionSource.MAP if row.accuracy_m is None else PositionSource.DEVICE
    return row
