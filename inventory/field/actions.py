"""Devices: a person on a phone makes itself known, so that the office sees who has sent when.

The phone has a secret of its own in a cookie; the row of (this person, this phone) keeps its hash. It is
proof of the phone when its person can no longer sign in. It is no session and lets nobody in.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from inventory import database, trail
from inventory.access.permissions import Actor
from inventory.clock import now
from inventory.people.devices import Sending, device_hash, is_cut_off
from inventory.tables.field import FieldDevice

#: How often "last seen" is written at most; a push writes its own moment.
SEEN_EVERY = timedelta(minutes=15)


@dataclass(frozen=True)
class Phone:
    """What a phone says of itself: its id (made there), the secret of its cookie ("" the first time)."""

    id: str
    token: str
    name: str
    app: str


@dataclass(frozen=True)
class Known:
    """What is known of it: the token for its cookie, and whether the administrator has cut it off."""

    token: str
    cut_off: bool = False
    other_person: bool = False


def register(actor: Actor, phone: Phone) -> Known:
    """Write that the phone is here: in a short transaction of its own, at most every quarter of an hour."""
    try:
        return _register(actor, phone)
    except IntegrityError:  # another tab of the same phone was first
        return _register(actor, phone)


def _register(actor: Actor, phone: Phone) -> Known:
    token = phone.token or secrets.token_urlsafe(32)
    with database.snapshot() as session:
        if is_cut_off(session, Sending(actor.person_id, phone.id, phone.token)):
            return Known(token, cut_off=True)
        row = session.get(FieldDevice, phone.id)
        answer = _judge(actor, row, token)
        if answer is not None or (row is not None and not _is_stale(row, actor, phone, token)):
            return answer or Known(token)
    fresh = False
    with database.aside() as session:
        row = session.get(FieldDevice, phone.id)
        answer = _judge(actor, row, token)
        if answer is not None:
            return answer
        if row is None:
            fresh = True
            row = FieldDevice(id=phone.id, person_id=actor.person_id, first_seen_at=now())
            session.add(row)
        row.token_hash, row.name, row.app = device_hash(token, actor.person_id), phone.name, phone.app
        row.session_id, row.last_seen_at = actor.session_id, now()
    if fresh:
        trail.record("phone.registered", "phone", phone.id, detail={"name": phone.name})
    return Known(token)


def _judge(actor: Actor, row: FieldDevice | None, token: str) -> Known | None:
    if row is None:
        return None
    if row.person_id != actor.person_id:
        return Known(token, other_person=True)
    return Known(token, cut_off=True) if row.cut_off_at is not None else None


def _is_stale(row: FieldDevice, actor: Actor, phone: Phone, token: str) -> bool:
    return (
        now() - row.last_seen_at > SEEN_EVERY
        or row.token_hash != device_hash(token, actor.person_id)
        or (row.app, row.session_id) != (phone.app, actor.session_id)
    )
