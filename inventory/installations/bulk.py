"""Writing many new installations at once: their rows, first events, reviews and lines, in one pass.

The one way a new installation is written, for one of a form as for a hundred of a phone (writes.create).
The caller has decided (`rules.decide_record`), made sure that the ids are free, and holds a savepoint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from inventory import trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.clock import campaign_now
from inventory.database import db, insert_many, table_of, upsert_many
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
    """Write them all with their lines; the areas' counters are raised once."""
    if not news:
        return
    insert_new(actor, campaign, news)
    facts_moved(campaign.id, *{new.record.area_id for new in news})
    trail.record_all([line_of(new) for new in news])


def insert_new(actor: Actor, campaign: CampaignSeen, news: Sequence[New]) -> None:
    """Only their rows: the caller raises the counters and writes their lines among its own."""
    moment, states = campaign_now(), [new.record.as_state() for new in news]
    insert_many(table_of(Installation), [_row(actor, moment, new) for new in news])
    insert_many(table_of(Review), [_review(actor, campaign, moment, new.id) for new in news])
    events = [_event(actor, campaign, moment, new, state) for new, state in zip(news, states, strict=True)]
    insert_many(table_of(InstallationEvent), events)


def line_of(new: New) -> Line:
    """What the trail says of a new one."""
    told = {"event": 1, "version": 1, "fields": []}
    return Line("installation.recorded", "installation", new.id, new.record.area_id, told)


@dataclass(frozen=True)
class Again:
    """A thing that somebody found as it is recorded, under the part of an entry that says so."""

    id: str
    version: int
    record: Record
    entry_id: str
    survey_id: str | None = None
    device_at: datetime | None = None


def write_again(actor: Actor, campaign: CampaignSeen, found: Sequence[Again]) -> list[Line]:
    """Put known things before the office again, unchanged, as writes.write does for one; each but once.

    The caller raises the counters and writes the lines that this returns.
    """
    if not found:
        return []
    moment, numbers = campaign_now(), _last_events([one.id for one in found])
    rows = [_review(actor, campaign, moment, one.id) for one in found]
    upsert_many(table_of(Review), rows, ("installation_id", "campaign_id"), raised=("version",))
    insert_many(
        table_of(InstallationEvent),
        [_found(actor, campaign, moment, one, numbers.get(one.id, 0) + 1) for one in found],
    )
    return [
        Line(
            "installation.submitted",
            "installation",
            one.id,
            one.record.area_id,
            {"event": numbers.get(one.id, 0) + 1, "version": one.version, "fields": []},
        )
        for one in found
    ]


def _last_events(ids: Sequence[str]) -> dict[str, int]:
    row = InstallationEvent
    newest = select(row.installation_id, func.max(row.number)).where(row.installation_id.in_(sorted(ids)))
    found = db.session.execute(newest.group_by(row.installation_id))
    return {one[0]: one[1] for one in found}


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


def _review(actor: Actor, campaign: CampaignSeen, moment: datetime, number: str) -> dict[str, Any]:
    return {
        "installation_id": number,
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


def _found(actor: Actor, campaign: CampaignSeen, moment: datetime, one: Again, number: int) -> dict[str, Any]:
    return {
        "installation_id": one.id,
        "number": number,
        "act": "submitted",
        "campaign_id": campaign.id,
        "person_id": actor.person_id,
        "at": moment,
        "device_at": one.device_at,
        "survey_id": one.survey_id,
        "entry_id": one.entry_id,
        "changes": {},
        "state": one.record.as_state(),
        "note": "",
    }
