"""Reads of people: one's own account, the admin's list and pages, the areas that can be granted."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.clock import day_of, now
from inventory.database import db
from inventory.errors import Unseen
from inventory.people.rules import browser_name
from inventory.people.sessions import is_alive
from inventory.tables.area import Area
from inventory.tables.campaign import Campaign
from inventory.tables.person import Person, PersonArea, SessionRow
from inventory.vocabulary import Role
from inventory.wording import matches, vietnamese_key

PAGE = 50


@dataclass(frozen=True)
class SessionSeen:
    """One signed-in browser, as its owner sees it."""

    id: int
    browser: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    here: bool


@dataclass(frozen=True)
class AccountSeen:
    """One's own account."""

    password_at: datetime | None
    sessions: tuple[SessionSeen, ...]


@dataclass(frozen=True)
class PersonSeen:
    """A person as an admin sees them."""

    id: int
    username: str
    name: str
    role: Role
    active: bool
    has_password: bool
    version: int
    areas: tuple[tuple[int, str], ...]
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Wanted:
    """The filters of the list; `after` is the last user name of the page before."""

    text: str = ""
    role: Role | None = None
    area_id: int | None = None
    active: bool | None = None
    after: str = ""


@dataclass(frozen=True)
class PeoplePage:
    """One page of the list: `found` of `everybody` match, `next` leads on."""

    people: tuple[PersonSeen, ...]
    found: int
    everybody: int
    next: str


def own_account(actor: Actor) -> AccountSeen:
    """One's own sessions that still live, newest first."""
    session, moment = db.session(), now()
    rows = session.scalars(
        select(SessionRow)
        .where(SessionRow.person_id == actor.person_id, SessionRow.ended_at.is_(None))
        .order_by(SessionRow.last_seen_at.desc(), SessionRow.id.desc())
    )
    alive = [row for row in rows if is_alive(row.created_at, row.last_seen_at, actor.role, moment)]
    return AccountSeen(
        session.scalar(select(Person.password_at).where(Person.id == actor.person_id)),
        tuple(
            SessionSeen(
                row.id,
                browser_name(row.browser),
                row.address,
                row.created_at,
                row.last_seen_at,
                row.id == actor.session_id,
            )
            for row in alive
        ),
    )


@dataclass(frozen=True)
class CampaignChoice:
    """An election that the pages may speak of."""

    id: int
    name: str
    election_day: date
    open: bool


def campaigns() -> tuple[CampaignChoice, ...]:
    """Every election, the latest first."""
    columns = (Campaign.id, Campaign.name, Campaign.election_day, Campaign.open)
    rows = db.session.execute(select(*columns).order_by(Campaign.election_day.desc(), Campaign.id.desc()))
    return tuple(CampaignChoice(*row) for row in rows)


def people(wanted: Wanted, day: date) -> PeoplePage:
    """One page of everybody, by user name; an admin manages the people of the whole service.

    Names are compared in Python, where tone marks and đ fold; there are thousands of people, not millions.
    """
    session = db.session()
    query = select(Person.id, Person.username, Person.name).order_by(Person.username)
    if wanted.role:
        query = query.where(Person.role == wanted.role)
    if wanted.active is not None:
        query = query.where(Person.active.is_(wanted.active))
    if wanted.area_id:
        inside = scope.below(frozenset({wanted.area_id}), day)
        granted = select(PersonArea.person_id).where(PersonArea.area_id.in_(inside))
        query = query.where(Person.id.in_(granted))
    rows = [
        row
        for row in session.execute(query)
        if not wanted.text or matches(wanted.text, f"{row.name} {row.username}") is not None
    ]
    rest = sorted((row for row in rows if row.username > wanted.after), key=lambda row: row.username)
    shown = rest[:PAGE]
    return PeoplePage(
        _seen(session, [row.id for row in shown]),
        len(rows),
        session.scalar(select(func.count()).select_from(Person)) or 0,
        shown[-1].username if len(rest) > PAGE else "",
    )


def person(person_id: int) -> PersonSeen:
    """One person. Raises Unseen."""
    found = _seen(db.session(), [person_id])
    if not found:
        raise Unseen("person", person_id)
    return found[0]


def _seen(session: Session, ids: list[int]) -> tuple[PersonSeen, ...]:
    people = session.scalars(select(Person).where(Person.id.in_(ids))).all()
    areas: dict[int, list[tuple[int, str]]] = {}
    for person_id, area_id, name in session.execute(
        select(PersonArea.person_id, Area.id, Area.name)
        .join(Area, Area.id == PersonArea.area_id)
        .where(PersonArea.person_id.in_(ids))
    ):
        areas.setdefault(person_id, []).append((area_id, name))
    seen: dict[int, datetime] = {
        row[0]: row[1]
        for row in session.execute(
            select(SessionRow.person_id, func.max(SessionRow.last_seen_at))
            .where(SessionRow.person_id.in_(ids))
            .group_by(SessionRow.person_id)
        )
    }
    found = [
        PersonSeen(
            row.id,
            row.username,
            row.name,
            row.role,
            row.active,
            bool(row.password_hash),
            row.version,
            tuple(sorted(areas.get(row.id, ()), key=lambda area: (vietnamese_key(area[1]), area[0]))),
            seen.get(row.id),
        )
        for row in people
    ]
    return tuple(sorted(found, key=lambda person: person.username))


def grantable(day: date | None, beside: frozenset[int] = frozenset()) -> list[tuple[int, str]]:
    """Areas that can be granted: those valid on the day, and `beside` (granted already); by name."""
    when = day or day_of(now())
    valid = (Area.valid_from <= when) & (Area.valid_to.is_(None) | (Area.valid_to > when))
    rows = db.session.execute(select(Area.id, Area.name, Area.code).where(valid | Area.id.in_(beside)))
    found = [(row.id, f"{row.name} ({row.code})") for row in rows]
    return sorted(found, key=lambda area: (vietnamese_key(area[1]), area[0]))
