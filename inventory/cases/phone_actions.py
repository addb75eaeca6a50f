"""Writes of the admin about a person's phones: one is cut off from the service, or let in again.

What lies on a phone cannot be erased from here; cutting off ends its session and refuses what it sends.
"""

from sqlalchemy import select

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.clock import now
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import is_id
from inventory.outcomes import Done, Outcome, refuse
from inventory.people import sessions
from inventory.receipts import Entry
from inventory.tables.field import FieldDevice
from inventory.tables.person import SessionRow

WHY = "phone cut off"


@database.action
def cut_off(actor: Actor, person_id: int, device_id: str, everywhere: bool, entry: Entry) -> Outcome:
    """Refuse everything of this phone from now on and end its session; `everywhere`: all of the person's."""
    device = _held(person_id, device_id)
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    if device.cut_off_at is not None:
        return refuse("cut_already", "Máy này đã bị cắt.")
    device.cut_off_at, device.cut_off_by = now(), actor.person_id
    ended = _end_sessions(actor, device, everywhere)
    detail = {"person": person_id, "sessions_ended": ended}
    return _kept(actor, device, entry, "phone.cut_off", detail)


@database.action
def allow(actor: Actor, person_id: int, device_id: str, entry: Entry) -> Outcome:
    """Take this phone's entries again; its person signs in anew."""
    device = _held(person_id, device_id)
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    if device.cut_off_at is None:
        return refuse("not_cut", "Máy này đang được dùng.")
    device.cut_off_at = device.cut_off_by = None
    return _kept(actor, device, entry, "phone.allowed", {"person": person_id})


def _held(person_id: int, device_id: str) -> FieldDevice:
    """The phone, locked; Unseen when it is not there or another person's."""
    row = db.session.get(FieldDevice, device_id, with_for_update=True) if is_id(device_id) else None
    if row is None or row.person_id != person_id:
        raise Unseen("phone", device_id)
    return row


def _end_sessions(actor: Actor, device: FieldDevice, everywhere: bool) -> int:
    if everywhere:
        return sessions.end_all(device.person_id, WHY, but=actor.session_id)
    # Only a session of this very person is ended, whatever stands beside the phone.
    own = db.session.scalar(
        select(SessionRow.id).where(
            SessionRow.id == (device.session_id or 0),
            SessionRow.person_id == device.person_id,
            SessionRow.ended_at.is_(None),
        )
    )
    if own is None:
        return 0
    sessions.end(own, WHY)
    return 1


def _kept(actor: Actor, device: FieldDevice, entry: Entry, act: str, detail: dict[str, int]) -> Done:
    db.session.flush()
    receipts.keep(entry, actor.person_id, act, device.id, 1)
    trail.record(act, "phone", device.id, detail=dict(detail))
    return Done(device.id)
