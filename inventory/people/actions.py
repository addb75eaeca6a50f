"""Writes about people: made and changed by an admin, never deleted, because the trail names them."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from inventory import receipts, trail
from inventory.access.permissions import Actor
from inventory.clock import now
from inventory.database import action, db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Problem, Refused, Stale, refuse
from inventory.people import rules, sessions
from inventory.people.signing_in import forget_devices
from inventory.receipts import Entry
from inventory.tables.area import Area
from inventory.tables.person import Person, PersonArea, ResetSlip, SessionRow
from inventory.vocabulary import Role
from inventory.wording import clean

SLIP_LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class PersonDraft:
    """A person as an admin or a command writes them; `areas` are the ids of the granted areas."""

    username: str
    name: str
    role: Role
    areas: frozenset[int] = field(default_factory=frozenset)
    active: bool = True


@action
def create_person(
    actor: Actor | None, draft: PersonDraft, password_hash: str = "", entry: Entry | None = None
) -> Outcome:
    """Make a person. Without a password hash they choose a password with a slip.

    Commands pass no actor and no entry. The hash is computed before, outside any transaction.
    """
    username = rules.username_of(draft.username)
    problems = _problems(draft, username)
    if not problems and db.session.scalar(select(Person.id).where(Person.username == username)):
        problems = [Problem("taken", "Tên đăng nhập này đã có người dùng.", "username")]
    if problems:
        return Refused(tuple(problems))
    person = Person(
        username=username,
        name=clean(draft.name),
        role=draft.role,
        password_hash=password_hash,
        password_at=now() if password_hash else None,
        active=draft.active,
        created_at=now(),
    )
    db.session.add(person)
    db.session.flush()
    _grant(person.id, draft.areas)
    if actor and entry:
        receipts.keep(entry, actor.person_id, "person.created", person.id, 1)
    detail = {"username": username, "role": draft.role.value, "areas": sorted(draft.areas)}
    trail.record("person.created", "person", person.id, detail=detail)
    return Done(str(person.id))


@action
def change_person(
    actor: Actor, person_id: int, draft: PersonDraft, entry: Entry, base_version: int
) -> Outcome:
    """Change name, role, areas or activity; another role or a locked account signs them out at once."""
    # Admins are locked together, so that two cannot demote each other in the same moment.
    admins = set(
        db.session.scalars(
            select(Person.id)
            .where(Person.role == Role.ADMIN, Person.active)
            .order_by(Person.id)
            .with_for_update()
        )
    )
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise Unseen("person", person_id)
    before = _draft(person)
    if person.version != base_version:
        return Stale(person.version, _differences(before, draft))
    problems = _problems(draft, person.username)
    standing = rules.Standing(person.id, person.role, person.active, len(admins - {person.id}))
    forbidden = rules.change_problem(actor.person_id, standing, draft.role, draft.active)
    if problems or forbidden:
        return Refused((*problems, *([forbidden] if forbidden else [])))
    person.name, person.role, person.active = clean(draft.name), draft.role, draft.active
    person.version += 1
    db.session.flush()
    _grant(person.id, draft.areas)
    if before.role is not draft.role or (before.active and not draft.active):
        sessions.end_all(person.id, "role" if draft.active else "disabled")
    if not draft.active:
        forget_devices(person.id)
    receipts.keep(entry, actor.person_id, "person.changed", person.id, person.version)
    changed = {name: [old, new] for name, old, new in _differences(before, draft)}
    trail.record("person.changed", "person", person.id, detail=changed)
    return Done(str(person.id), person.version)


@action
def make_slip(actor: Actor | None, person_id: int, code: str, entry: Entry | None = None) -> Outcome:
    """Keep a one-time slip's hash; slips made before for the same person stop working."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise Unseen("person", person_id)
    if not person.active:
        return refuse("inactive", "Tài khoản này đang khóa; hãy mở lại trước khi lập phiếu.")
    moment = now()
    db.session.execute(
        update(ResetSlip)
        .where(ResetSlip.person_id == person_id, ResetSlip.used_at.is_(None), ResetSlip.expires_at > moment)
        .values(expires_at=moment)
    )
    db.session.add(
        ResetSlip(
            code_hash=sessions.token_hash(rules.code_of(code)),
            person_id=person_id,
            made_by=actor.person_id if actor else None,
            made_at=moment,
            expires_at=moment + SLIP_LIFE,
        )
    )
    db.session.flush()
    if actor and entry:
        receipts.keep(entry, actor.person_id, "slip.made", person_id, person.version)
    trail.record("slip.made", "person", person_id, detail={"username": person.username})
    return Done(str(person_id))


def sign_out(actor: Actor) -> None:
    """End the session of this request."""
    sessions.end(actor.session_id, "signed out")
    trail.record("sign_out", "person", actor.person_id)


def end_own_session(actor: Actor, session_id: int) -> None:
    """End one of one's own sessions. Raises Unseen for another's."""
    row = db.session.get(SessionRow, session_id)
    if row is None or row.person_id != actor.person_id:
        raise Unseen("session", session_id)
    if row.ended_at is None:
        sessions.end(session_id, "by hand")
        trail.record("session.ended", "session", session_id)


def end_other_sessions(actor: Actor) -> None:
    """End all of one's own sessions but this one."""
    ended = sessions.end_all(actor.person_id, "by hand", but=actor.session_id)
    if ended:
        trail.record("session.ended", "person", actor.person_id, detail={"sessions_ended": ended})


def choose_language(actor: Actor, language: str) -> None:
    """Keep the language for the next browser."""
    if language == actor.language:
        return
    db.session.execute(update(Person).where(Person.id == actor.person_id).values(language=language))
    trail.record("language.chosen", "person", actor.person_id, detail={"language": language})


def _problems(draft: PersonDraft, username: str) -> list[Problem]:
    found = [problem] if (problem := rules.username_problem(username)) else []
    if not 0 < len(clean(draft.name)) <= 120:
        found.append(Problem("name", "Họ và tên cần 1 đến 120 ký tự.", "name"))
    if draft.role is not Role.ADMIN and not draft.areas:
        found.append(Problem("areas", "Hãy chọn ít nhất một địa bàn cho người này.", "areas"))
    known = db.session.scalar(select(func.count()).select_from(Area).where(Area.id.in_(draft.areas)))
    if known != len(draft.areas):
        found.append(Problem("areas", "Có địa bàn không còn trong danh sách.", "areas"))
    return found


def _grant(person_id: int, areas: frozenset[int]) -> None:
    db.session.execute(delete(PersonArea).where(PersonArea.person_id == person_id))
    db.session.add_all(PersonArea(person_id=person_id, area_id=area) for area in sorted(areas))
    db.session.flush()


def _draft(person: Person) -> PersonDraft:
    areas = db.session.scalars(select(PersonArea.area_id).where(PersonArea.person_id == person.id))
    return PersonDraft(person.username, person.name, person.role, frozenset(areas), person.active)


def _differences(theirs: PersonDraft, yours: PersonDraft) -> tuple[tuple[str, object, object], ...]:
    pairs: tuple[tuple[str, object, object], ...] = (
        ("name", theirs.name, clean(yours.name)),
        ("role", theirs.role.value, yours.role.value),
        ("areas", sorted(theirs.areas), sorted(yours.areas)),
        ("active", theirs.active, yours.active),
    )
    return tuple(pair for pair in pairs if pair[1] != pair[2])
