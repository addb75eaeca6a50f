"""Attempts: how often a name may be tried, from where. Counted in the database, for every process.

A try is written down *before* the password is looked at, in a short transaction of its own that
lets one process in at a time; so n processes let through as many guesses as one. Tries are counted
by (name, source). A browser that has signed in as this person before is a source of its own, so that
nobody else's guesses, not even from the same office, keep the right person out. While a name is
tried from everywhere, each source has fewer tries: a guesser is slowed, a newcomer still gets in.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from inventory import database
from inventory.clock import now
from inventory.tables.person import SignInAttempt

WINDOW = timedelta(minutes=5)
#: Tries of one name from one source within the window.
PER_SOURCE = 10
#: Tries of all names from one address: an office behind one address has this many slips of the finger.
PER_ADDRESS = 60
#: From this many tries of one name from everywhere on, each source has only SLOWED.
CROWDED, SLOWED = 30, 3
_LOCK = 0x7369_676E  # "sign": the advisory lock that lets one process of PostgreSQL count at a time


@dataclass(frozen=True)
class Try:
    """A try that may be made: the `number`-th of its source in the window."""

    name_key: str
    source: str
    number: int


@dataclass(frozen=True)
class Wait:
    """Too many tries: come back in this many seconds."""

    seconds: int


def reserve(username: str, address: str, device: str | None = None) -> Try | Wait:
    """Write a try down, or say how long to wait. Must be called outside any transaction.

    `device` is the hash of a known device's cookie, which the caller has looked up.
    """
    key, moment = _name_key(username), now()
    source = f"device:{device[:40]}" if device else address[:64]
    with database.aside() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        session.execute(delete(SignInAttempt).where(SignInAttempt.at < moment - WINDOW))
        tried = _times(session, SignInAttempt.username == key, SignInAttempt.address == source)
        crowd = _count(session, SignInAttempt.username == key)
        allowed = PER_SOURCE if device or crowd < CROWDED else SLOWED
        if len(tried) >= allowed:
            return Wait(_until(tried[-allowed], moment))
        if not device:
            everything = _times(session, SignInAttempt.address == source)
            if len(everything) >= PER_ADDRESS:
                return Wait(_until(everything[-PER_ADDRESS], moment))
        session.add(SignInAttempt(username=key, address=source, at=moment))
    return Try(key, source, len(tried) + 1)


def forgive(made: Try) -> None:
    """Forget the tries of a source once it knew the password, in the current transaction."""
    database.db.session.execute(
        delete(SignInAttempt).where(
            SignInAttempt.username == made.name_key, SignInAttempt.address == made.source
        )
    )


def _name_key(username: str) -> str:
    # Now and then somebody types the password into the field of the name: it is kept as a MAC only.
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, username.encode("utf-8", "replace"), "sha256").hexdigest()


def _times(session: Session, *conditions: object) -> list[datetime]:
    query = select(SignInAttempt.at).where(*conditions).order_by(SignInAttempt.at, SignInAttempt.id)  # type: ignore[arg-type]
    return list(session.scalars(query))


def _count(session: Session, condition: object) -> int:
    return session.scalar(select(func.count()).select_from(SignInAttempt).where(condition)) or 0  # type: ignore[arg-type]


def _until(oldest: datetime, moment: datetime) -> int:
    return max(1, int((oldest + WINDOW - moment).total_seconds()) + 1)
