"""The trail: every write, refusal to look and download, append-only and hash-chained.

A line's hash covers its own words and the line before it, so an edit, a deletion, an insertion or a
swap shows at its number; a cut tail shows against the head that reports and logs have printed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import g, has_request_context
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from inventory import database
from inventory.clock import now
from inventory.tables.trail import TrailLine
from inventory.wording import clean

GENESIS = "0" * 64
_LOCK = 0x7472_6169  # "trai": the advisory lock that keeps PostgreSQL's writers in one line


@dataclass(frozen=True)
class Line:
    """One line to be added: what was done to what, where, and what else is worth knowing."""

    act: str
    subject: str
    subject_id: object
    area_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold."""

    number: int
    why: str


def record(
    act: str,
    subject: str,
    subject_id: object,
    area_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add a line in the transaction of the write; a reader's line gets a short one of its own."""
    if database.is_writing():
        _append(database.db.session(), act, subject, subject_id, area_id, detail)
    else:
        with database.aside() as session:
            _append(session, act, subject, subject_id, area_id, detail)


def _append(
    session: Session,
    act: str,
    subject: str,
    subject_id: object,
    area_id: int | None,
    detail: Mapping[str, Any] | None,
) -> None:
    _append_all(session, [Line(act, subject, subject_id, area_id, detail or {})])


def record_all(lines: Sequence[Line]) -> None:
    """Add several lines in the transaction of their writes, in one walk along the chain."""
    _append_all(database.db.session(), lines)


def _append_all(session: Session, lines: Sequence[Line]) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    session.flush()
    last = session.execute(
        select(TrailLine.number, TrailLine.hash).order_by(TrailLine.number.desc()).limit(1)
    ).first()
    number, previous = (last.number, last.hash) if last else (0, GENESIS)
    actor = g.get("actor") if has_request_context() else None
    campaign = g.get("campaign") if has_request_context() else None
    made = []
    for line in lines:
        number += 1
        values = {
            "number": number,
            "at": now(),
            "person_id": actor.person_id if actor else None,
            "session_id": actor.session_id if actor else None,
            "act": line.act,
            "subject": line.subject,
            "subject_id": clean(str(line.subject_id))[:80],  # an address may hold what no table can
            "area_id": line.area_id,
            "campaign_id": campaign.id if campaign else None,
            "detail": dict(line.detail),
            "previous_hash": previous,
        }
        values["hash"] = previous = _digest(values)
        made.append(values)
    if session is database.db.session():
        database.insert_many(database.table_of(TrailLine), made)
    else:
        session.execute(insert(database.table_of(TrailLine)), made)


def digest(line: TrailLine) -> str:
    """SHA-256 of a line's words and of the hash before it; the order of keys is fixed."""
    return _digest({name: getattr(line, name) for name in _HASHED})


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_HASHED = (
    "number", "at", "person_id", "session_id", "act", "subject", "subject_id", "area_id", "campaign_id",
    "detail", "previous_hash",
)  # fmt: skip


def _digest(values: Mapping[str, Any]) -> str:
    words = [_moment(values[name]) if name == "at" else values[name] for name in _HASHED]
    return hashlib.sha256(_encode(words).encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def verify(session: Session, head: tuple[int, str] | None = None) -> Break | None:
    """Walk the chain; `head` is a (number, hash) written down earlier, to notice a cut tail."""
    previous, expected, seen = GENESIS, 1, head is None
    for line in session.scalars(
        select(TrailLine).order_by(TrailLine.number).execution_options(yield_per=1000)
    ):
        if line.number != expected:
            return Break(expected, "missing")
        if line.previous_hash != previous or digest(line) != line.hash:
            return Break(line.number, "changed")
        if head and line.number == head[0]:
            if line.hash != head[1]:
                return Break(line.number, "rewritten")
            seen = True
        previous, expected = line.hash, expected + 1
    return None if seen else Break(expected, "cut")


def head(session: Session) -> tuple[int, str]:
    """The newest line's number and hash, to be printed where the database's owner cannot reach."""
    last = session.execute(
        select(TrailLine.number, TrailLine.hash).order_by(TrailLine.number.desc()).limit(1)
    ).first()
    return (last.number, last.hash) if last else (0, GENESIS)


def count(session: Session) -> int:
    """How many lines there are."""
    return session.scalar(select(func.count()).select_from(TrailLine)) or 0
