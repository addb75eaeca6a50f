"""Writing many new installations at once: their rows, first events, reviews and lines, in one pass.

The one way a new installation is written, for one of a form as for a hundred of a phone (writes.create).
The caller has decided (`rules.decide_record`), made sure that the ids are free, and holds a savepoint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory import trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.clock import campaign_now
from inventory.database import insert_many, table_of
from inventory.installations.record import FIELDS, Record
from inventory.tables.installation import Installation, InstallationEvent, Review
from inventory.trail import Line
from inventory.vocabulary import ReviewState, Role

#: How an event of the office begins: the ward reads who changed its record.
OFFICE_MARK = "Phòng Văn hóa và Thông tin sửa."


@dataclass(frozen=True)
class New:
    """A decided new record under its id; `entry_id` is the entry that brought it, the rest its origin."""

    id: str
    record: Record
    entry_id: str
    survey_id: str | None = None
    device_at: datetime | None = None
    synthetic: bool = False
    source: str = ""
    licence: str = ""


def write_new(actor: Actor, campaign: CampaignSeen, news: Sequence[New]) -> None:
    """Write them all; the areas' counters are raised once."""
    if not news:
        return
    moment, states = campaign_now(), [new.record.as_state() for new in news]
    insert_many(table_of(Installation), [_row(actor, moment, new) for new in news])
    insert_many(table_of(Review), [_review(actor, campaign, moment, new) for new in news])
    events = [_event(actor, campaign, moment, new, state) for new, state in zip(news, states, strict=True)]
    insert_many(table_of(InstallationEvent), events)
    facts_moved(campaign.id, *{new.record.area_id for new in news})
    told = {"event": 1, "version": 1, "fields": []}
    trail.record_all(
        [Line("installation.recorded", "installation", new.id, new.record.area_id, told) for new in news]
    )


def _row(actor: Actor, moment: datetime, new: New) -> dict[str, Any]:
    values = {name: getattr(new.record, name) for name in FIELDS}
    values.update(
        id=new.id,
        source=new.source,
        licence=new.licence,
        synthetic=new.synthetic,
        created_at=moment,
        created_by=actor.person_id,
        updated_at=moment,
        updated_by=actor.person_id,
        entry_id=new.entry_id,
        version=1,
    )
    return values


def _review(actor: Actor, campaign: CampaignSeen, moment: datetime, new: New) -> dict[str, Any]:
    return {
        "installation_id": new.id,
        "campaign_id": campaign.id,
        "state": ReviewState.SUBMITTED,
        "submitted_by": actor.person_id,
        "submitted_at": moment,
        "reason_code": "",
        "reason_field": "",
        "reason_text": "",
        "version": 1,
    }


def _event(
    actor: Actor, campaign: CampaignSeen, moment: datetime, new: New, state: dict[str, Any]
) -> dict[str, Any]:
    return {
        "installation_id": new.id,
        "number": 1,
        "act": "recorded",
        "campaign_id": campaign.id,
        "person_id": actor.person_id,
        "at": moment,
        "device_at": new.device_at,
        "survey_id": new.survey_id,
        "entry_id": new.entry_id,
        "changes": {},
        "state": state,
        "note": OFFICE_MARK if actor.role is Role.CULTURE_OFFICE else "",
    }
