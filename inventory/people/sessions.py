"""Sessions: rows that can be listed and ended; the cookie holds a 256-bit token, the row its hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from inventory.access.permissions import Actor
from inventory.access.scope import areas_below
from inventory.campaigns import CampaignSeen
from inventory.clock import now
from inventory.database import db
from inventory.tables.area import Area
from inventory.tables.person import Person, PersonArea, SessionRow
from inventory.vocabulary import Role

#: Ward phones stay signed in (a documented deviation); those who decide or manage do not.
IDLE = {Role.WARD_STAFF: timedelta(days=14), Role.WARD_LEAD: timedelta(days=14)}
IDLE_OTHERS = timedelta(hours=12)
LONGEST = timedelta(days=30)
#: A session's last-seen is written at most this often, in a short transaction of its own.
SEEN_EVERY = timedelta(minutes=15)


@dataclass(frozen=True)
class Found:
    """A live session: who, and whether its last-seen is old enough to be written."""

    actor: Actor
    stale: bool
    area_name: str


def token_hash(token: str) -> str:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(person_id: int, browser: str, address: str) -> str:
    """Open a session in the current transaction and return its token, to be put in the cookie."""
    token = secrets.token_urlsafe(32)
    moment = now()
    db.session.add(
        SessionRow(
            token_hash=token_hash(token),
            person_id=person_id,
            created_at=moment,
            last_seen_at=moment,
            browser=browser[:200],
            address=address[:64],
        )
    )
    db.session.flush()
    return token


#: Both are asked at every request: made once.
_LIVE = (
    select(SessionRow, Person)
    .join(Person, Person.id == SessionRow.person_id)
    .where(SessionRow.token_hash == bindparam("token"), SessionRow.ended_at.is_(None), Person.active)
)
_GRANTED = (
    select(PersonArea.area_id, Area.name)
    .join(Area, Area.id == PersonArea.area_id)
    .where(PersonArea.person_id == bindparam("person"))
    .order_by(PersonArea.area_id)
)


def load(session: Session, token: str, campaign: CampaignSeen | None) -> Found | None:
    """Find the live session of a token: not ended, not idle too long, of an active person."""
    row = session.execute(_LIVE, {"token": token_hash(token)}).first()
    if row is None:
        return None
    line, person = row
    moment = now()
    if not is_alive(line.created_at, line.last_seen_at, person.role, moment):
        return None
    granted = session.execute(_GRANTED, {"person": person.id}).all()
    ids = frozenset(grant.area_id for grant in granted)
    day = campaign.tree_date if campaign else moment.date()
    return Found(
        Actor(
            person_id=person.id,
            username=person.username,
            name=person.name,
            role=person.role,
            session_id=line.id,
            granted=ids,
            areas=areas_below(session, ids, day),
            tree_date=day,
            language=person.language,
        ),
        stale=moment - line.last_seen_at > SEEN_EVERY,
        area_name=", ".join(grant.name for grant in granted),
    )


def is_alive(created: datetime, seen: datetime, role: Role, moment: datetime) -> bool:
    """Whether a session is still within its idle and its longest time."""
    return moment - created < LONGEST and moment - seen < IDLE.get(role, IDLE_OTHERS)


def touch(session: Session, session_id: int) -> None:
    """Write that the session was seen now."""
    session.execute(update(SessionRow).where(SessionRow.id == session_id).values(last_seen_at=now()))


def end(session_id: int, why: str) -> None:
    """End one session."""
    db.session.execute(
        update(SessionRow)
        .where(SessionRow.id == session_id, SessionRow.ended_at.is_(None))
        .values(ended_at=now(), ended_why=why)
    )


def end_all(person_id: int, why: str, but: int | None = None) -> int:
    """End every session of a person (but one, if it is their own); returns how many."""
    ended = db.session.execute(
        update(SessionRow)
        .where(
            SessionRow.person_id == person_id,
            SessionRow.ended_at.is_(None),
            SessionRow.id != (but or 0),
        )
        .values(ended_at=now(), ended_why=why)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]
