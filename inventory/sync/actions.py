"""Writes of a push: the entries, and what the phone said of itself, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from inventory.access.permissions import Actor
from inventory.database import db
from inventory.outcomes import Problem
from inventory.sync import push
from inventory.sync.envelope import Envelope
from inventory.sync.push import Answer, Sender
from inventory.sync.rules import clock_is_wrong, clock_offset
from inventory.sync.said import Decoded
from inventory.tables.field import FieldDevice


@dataclass(frozen=True)
class Taken:
    """What a push came to: its answers in order, and what to tell of the phone's clock."""

    answers: tuple[Answer, ...]
    clock: Problem | None


def take(sender: Sender, told: Envelope, entries: Sequence[Decoded], moment: datetime) -> Taken:
    """Take what a phone sends and write down how it stands. `moment` is when the push came."""
    answers = push.take(sender, entries)
    offset = clock_offset(told.sent_at, moment)
    _report(sender.actor, told, moment, offset)
    return Taken(tuple(answers), _clock(offset))


def _report(actor: Actor, told: Envelope, moment: datetime, offset: float | None) -> None:
    """The phone's row; `/field/me` makes it, and a push that comes first makes one without a proof."""
    row = db.session.get(FieldDevice, told.device_id) or _new(actor, told, moment)
    if row is None or row.person_id != actor.person_id:
        return  # a phone's word about itself is never a reason to lose work; it is only not believed
    status = told.status
    row.app, row.last_seen_at, row.last_push_at = told.app, moment, moment
    row.session_id = actor.session_id or row.session_id
    row.waiting, row.photos_waiting, row.needs_person = status.waiting, status.photos, status.needs
    row.oldest_waiting_at, row.free_bytes, row.persisted = status.oldest, status.free, status.persisted
    row.clock_offset_s = offset
    db.session.flush()


def _new(actor: Actor, told: Envelope, moment: datetime) -> FieldDevice | None:
    """A row without a proof. Another tab may make it at the same moment: then it is that one."""
    row = FieldDevice(
        id=told.device_id,
        person_id=actor.person_id,
        token_hash="",
        first_seen_at=moment,
        last_seen_at=moment,
    )
    point = db.session.begin_nested()
    try:
        db.session.add(row)
        db.session.flush()
    except IntegrityError:
        point.rollback()
        return db.session.get(FieldDevice, told.device_id)
    point.commit()
    return row


def _clock(offset: float | None) -> Problem | None:
    if offset is None or not clock_is_wrong(offset):
        return None
    return Problem(
        "clock",
        "Đồng hồ của máy lệch %(hours)s giờ; hãy chỉnh lại. Giờ ghi nhận lấy theo máy chủ.",
        "",
        (("hours", round(abs(offset) / 3600)),),
    )
