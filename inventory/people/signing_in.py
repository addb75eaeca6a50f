"""Signing in and choosing a password: slow hashes outside any transaction, then one short write."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import g
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from inventory import database, passwords, trail
from inventory.campaigns import CampaignSeen
from inventory.clock import now
from inventory.outcomes import Refused, refuse
from inventory.people import attempts, sessions
from inventory.people.attempts import Wait
from inventory.people.rules import code_of, username_of
from inventory.tables.person import KnownDevice, Person, ResetSlip
from inventory.wording import clean

#: How long a browser counts as known; as long as browsers keep a cookie.
DEVICE_LIFE = timedelta(days=400)


@dataclass(frozen=True)
class Knock:
    """Somebody at the door: what they typed, and where they come from."""

    username: str
    password: str
    address: str
    browser: str
    device: str = ""  # the known device's cookie


@dataclass(frozen=True)
class Opened:
    """Signed in: the session's token for the cookie, who it is, and the device's cookie."""

    token: str
    found: sessions.Found
    device: str


@dataclass(frozen=True)
class _Candidate:
    id: int
    username: str
    password_hash: str
    active: bool


def sign_in(knock: Knock, campaign: CampaignSeen | None) -> Opened | Refused | Wait:
    """Let somebody in, or not; the answer never tells whether the name or the password was wrong."""
    database.release()
    username = username_of(clean(knock.username))
    with database.snapshot() as session:
        candidate = _candidate(session, username)
        device = _known_device(session, knock.device, candidate)
    made = attempts.reserve(username, knock.address, device)
    if isinstance(made, Wait):
        return made
    right = passwords.verify_password(candidate.password_hash if candidate else None, knock.password)
    if not (right and candidate and candidate.active):
        _failed(candidate, knock.address, made.number)
        return refuse("wrong", "Tên đăng nhập hoặc mật khẩu chưa đúng.", "password")
    return _open(candidate, knock, made, campaign)


def _open(
    candidate: _Candidate, knock: Knock, made: attempts.Try, campaign: CampaignSeen | None
) -> Opened | Refused:
    session = database.db.session()
    token = sessions.begin(candidate.id, clean(knock.browser), knock.address)
    # The person may have been disabled, or the password changed, while the hash was computed.
    unchanged = session.scalar(select(Person.password_hash).where(Person.id == candidate.id))
    found = sessions.load(session, token, campaign)
    if found is None or unchanged != candidate.password_hash:
        database.release()
        return refuse("wrong", "Tên đăng nhập hoặc mật khẩu chưa đúng.", "password")
    attempts.forgive(made)
    device = _remember_device(session, knock.device, candidate.id)
    old = g.get("actor")
    if old:
        sessions.end(old.session_id, "replaced")
    g.actor = found.actor  # the trail names who acts from here on
    trail.record("sign_in", "person", candidate.id, detail={"address": knock.address})
    return Opened(token, found, device)


def _candidate(session: Session, username: str) -> _Candidate | None:
    row = session.execute(
        select(Person.id, Person.username, Person.password_hash, Person.active).where(
            Person.username == username
        )
    ).first()
    return _Candidate(*row) if row else None


def _failed(candidate: _Candidate | None, address: str, number: int) -> None:
    detail: dict[str, object] = {"address": address, "try": number}
    if candidate:
        detail["username"] = candidate.username  # a name that does not exist may be a mistyped password
    trail.record("sign_in.failed", "person", candidate.id if candidate else "", detail=detail)


def _device_hash(device: str, person_id: int) -> str:
    # The person's id is in the hash: one cookie serves all who share a phone.
    return hashlib.sha256(f"{device}:{person_id}".encode("utf-8", "replace")).hexdigest()


def _known_device(session: Session, device: str, candidate: _Candidate | None) -> str | None:
    if not device or candidate is None:
        return None
    token_hash = _device_hash(device, candidate.id)
    row = session.get(KnownDevice, token_hash)
    return token_hash if row and now() - row.created_at < DEVICE_LIFE else None


def _remember_device(session: Session, device: str, person_id: int) -> str:
    device = device if 20 < len(device) < 100 and device.isascii() else secrets.token_urlsafe(32)
    token_hash = _device_hash(device, person_id)
    row = session.get(KnownDevice, token_hash)
    if row is None:
        session.add(KnownDevice(token_hash=token_hash, person_id=person_id, created_at=now()))
        session.flush()
    else:
        row.created_at = now()
    return device


def forget_devices(person_id: int) -> None:
    """Forget the browsers of a person, when somebody else may have held one."""
    database.db.session.execute(delete(KnownDevice).where(KnownDevice.person_id == person_id))


def change_password(old: str, new: str) -> int | Refused | Wait:
    """Change one's own password; ends the other sessions and answers how many there were."""
    actor = g.actor
    database.release()
    weak = passwords.weakness(new, actor.username)
    if weak:
        return Refused((weak,))
    with database.snapshot() as session:
        candidate = _candidate(session, actor.username)
    # Whoever holds an open phone may not guess its password any faster than at the door.
    made = attempts.reserve(actor.username, f"session:{actor.session_id}")
    if isinstance(made, Wait):
        return made
    if candidate is None or not passwords.verify_password(candidate.password_hash, old):
        return refuse("wrong", "Mật khẩu đang dùng chưa đúng.", "old")
    hashed = passwords.hash_password(new)
    changed = database.db.session.execute(
        update(Person)
        .where(Person.id == actor.person_id, Person.password_hash == candidate.password_hash)
        .values(password_hash=hashed, password_at=now())
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        return refuse("wrong", "Mật khẩu vừa được đổi ở nơi khác; hãy đăng nhập lại.", "old")
    attempts.forgive(made)
    ended = sessions.end_all(actor.person_id, "password", but=actor.session_id)
    trail.record("password.changed", "person", actor.person_id, detail={"sessions_ended": ended})
    return ended


def use_slip(username: str, code: str, new: str, address: str) -> Refused | Wait | None:
    """Choose a new password with a slip; every session ends and the slip is spent. None is done."""
    database.release()
    username = username_of(clean(username))
    weak = passwords.weakness(new, username)
    if weak:
        return Refused((weak,))
    made = attempts.reserve(username, address)
    if isinstance(made, Wait):
        return made
    hashed = passwords.hash_password(new)  # always, so that the time does not tell a right code
    session, moment = database.db.session(), now()
    person_id = session.scalar(select(Person.id).where(Person.username == username, Person.active))
    spent = session.execute(
        update(ResetSlip)
        .where(
            ResetSlip.code_hash == sessions.token_hash(code_of(code)),
            ResetSlip.person_id == (person_id or 0),
            ResetSlip.used_at.is_(None),
            ResetSlip.expires_at > moment,
        )
        .values(used_at=moment)
    )
    if spent.rowcount != 1 or person_id is None:  # type: ignore[attr-defined]
        trail.record("reset.failed", "person", person_id or "", detail={"address": address})
        return refuse("slip", "Tên đăng nhập hoặc mã trên phiếu chưa đúng, hoặc phiếu đã hết hạn.", "code")
    session.execute(
        update(Person).where(Person.id == person_id).values(password_hash=hashed, password_at=moment)
    )
    attempts.forgive(made)
    forget_devices(person_id)
    sessions.end_all(person_id, "password")
    trail.record("password.reset", "person", person_id, detail={"address": address})
    return None
