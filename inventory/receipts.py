"""Receipts: a repeated entry answers what the first one did, and changes nothing.

The form (later: the phone's queue) carries an entry id. The receipt is written in the same
transaction as the change; the primary key decides between two at the same moment.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from inventory.clock import now
from inventory.database import db, is_writing
from inventory.tables.trail import Receipt


@dataclass(frozen=True)
class Entry:
    """One thing a person did: its id, and the SHA-256 of what was sent."""

    id: str
    sha256: str


@dataclass(frozen=True)
class Stored:
    """What an earlier sending of an entry led to; `same` is false when its words were others."""

    subject_id: str
    version: int
    same: bool


def entry_of(entry_id: str, words: Mapping[str, Any]) -> Entry:
    """Make an entry of what a form sent; the order of its fields does not matter."""
    body = json.dumps(words, ensure_ascii=False, sort_keys=True, default=str)
    return Entry(entry_id, hashlib.sha256(body.encode()).hexdigest())


def part_id(entry_id: str, key: str) -> str:
    """The id of one part of an entry: derived, so that the same press again is the same part."""
    return str(uuid.uuid5(uuid.UUID(entry_id), key))


def known(entry: Entry) -> Stored | None:
    """Find what this entry led to, if it was stored before.

    Two presses of one button may arrive at the same moment. SQLite has one writer; on PostgreSQL the
    second waits here until the first has committed, and then finds its receipt.
    """
    if is_writing() and db.engine.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(entry.id.encode()).digest()[:8], signed=True)
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
    row = db.session.get(Receipt, entry.id)
    return Stored(row.subject_id, row.version, row.sha256 == entry.sha256) if row else None


def keep(entry: Entry, person_id: int, act: str, subject_id: object, version: int) -> None:
    """Write the receipt beside the change."""
    db.session.add(
        Receipt(
            entry_id=entry.id,
            sha256=entry.sha256,
            person_id=person_id,
            act=act,
            subject_id=str(subject_id),
            version=version,
            at=now(),
        )
    )
    db.session.flush()
