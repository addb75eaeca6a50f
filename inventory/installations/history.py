"""Reads of the past: every change of an installation, and how it stood on any day.

Callers have checked the scope of the installation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from inventory.clock import end_of
from inventory.database import db
from inventory.installations.bulk import OFFICE_MARK
from inventory.installations.record import Record
from inventory.installations.writes import VERSIONED
from inventory.tables.campaign import Campaign
from inventory.tables.installation import InstallationEvent
from inventory.tables.person import Person


@dataclass(frozen=True)
class EventSeen:
    """One change. `version` is the row's version after it, for those that raise it."""

    number: int
    act: str
    who: str
    at: datetime
    device_at: datetime | None
    campaign: str
    changes: Mapping[str, list[Any]]
    note: str
    by_office: bool
    version: int | None

    @property
    def revertable(self) -> bool:
        """Whether there is a state before it to go back to."""
        return self.version is not None and self.number > 1 and bool(self.changes)


def history(installation_id: str) -> tuple[EventSeen, ...]:
    """Every change, the newest first; the caller has checked the scope."""
    event = InstallationEvent
    rows = db.session.execute(
        select(event, Person.name, Campaign.name)
        .join(Person, Person.id == event.person_id)
        .join(Campaign, Campaign.id == event.campaign_id)
        .where(event.installation_id == installation_id)
        .order_by(event.number)
    )
    told, version = [], 0
    for row, who, campaign in rows:
        version += row.act in VERSIONED
        by_office = row.note.startswith(OFFICE_MARK)
        told.append(
            EventSeen(
                number=row.number,
                act=row.act,
                who=who,
                at=row.at,
                device_at=row.device_at,
                campaign=campaign,
                changes=row.changes,
                note=row.note.removeprefix(OFFICE_MARK).strip(),
                by_office=by_office,
                version=version if row.act in VERSIONED else None,
            )
        )
    return tuple(reversed(told))


def state_on(installation_id: str, day: date) -> Record | None:
    """The record at the end of a day of Viet Nam; None when it was not recorded yet."""
    event = InstallationEvent
    state = db.session.scalar(
        select(event.state)
        .where(event.installation_id == installation_id, event.at < end_of(day))
        .order_by(event.number.desc())
        .limit(1)
    )
    return Record.from_state(state) if state else None
