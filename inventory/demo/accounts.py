"""The demo's accounts: made once, with fresh random passwords each time they are asked for."""

from dataclasses import dataclass

from sqlalchemy import select

from inventory import trail
from inventory.clock import now
from inventory.database import db, release
from inventory.demo.campaign import OFFICE, WARDS_WITH_LEAD, Account
from inventory.outcomes import Done
from inventory.passwords import hash_password, random_password
from inventory.people import sessions
from inventory.people.actions import PersonDraft, create_person
from inventory.tables.area import Area
from inventory.tables.person import Person, PersonArea
from inventory.vocabulary import Role
from inventory.wording import fold


@dataclass(frozen=True)
class Opened:
    """An account with the password that is shown once and kept nowhere."""

    username: str
    password: str
    role: str
    area: str


def planned(wards: dict[str, str]) -> tuple[Account, ...]:
    """Every demo account; `wards` are names by code."""
    staff = [Account(_slug(name), f"Cán bộ {name}", Role.WARD_STAFF, code) for code, name in wards.items()]
    leads = [
        Account(f"{_slug(wards[code])}.pt", f"Phụ trách {wards[code]}", Role.WARD_LEAD, code)
        for code in WARDS_WITH_LEAD
        if code in wards
    ]
    return (*OFFICE, *leads, *staff)


def _slug(name: str) -> str:
    words = fold(name).split()
    return "".join(words[1:] if words[0] in {"phuong", "xa"} else words)


def create(accounts: tuple[Account, ...], areas: dict[str, int]) -> dict[str, int]:
    """Make the people, without a password; returns their ids by user name."""
    made = {}
    for account in accounts:
        draft = PersonDraft(account.username, account.name, account.role, frozenset({areas[account.area]}))
        outcome = create_person(None, draft)
        if not isinstance(outcome, Done):
            raise TypeError(f"{account.username}: {outcome}")
        made[account.username] = int(outcome.subject)
    return made


def open_all(usernames: tuple[str, ...]) -> tuple[Opened, ...]:
    """Give the accounts fresh random passwords and end their old sessions."""
    release()
    fresh = {username: random_password() for username in usernames}
    hashes = {username: hash_password(password) for username, password in fresh.items()}
    rows = db.session.execute(
        select(Person, Area.name)
        .join(PersonArea, PersonArea.person_id == Person.id)
        .join(Area, Area.id == PersonArea.area_id)
        .where(Person.username.in_(usernames))
        .order_by(Person.id)
    ).all()
    opened = []
    for person, area in rows:
        person.password_hash, person.password_at = hashes[person.username], now()
        sessions.end_all(person.id, "password")
        opened.append(Opened(person.username, fresh[person.username], person.role.value, area))
    trail.record("demo.passwords", "person", "", detail={"accounts": len(opened)})
    db.session.commit()
    return tuple(opened)
