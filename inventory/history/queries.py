"""Reads of the trail for the auditor, who alone reads the whole of it: no scope narrows these."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from inventory import trail
from inventory.database import db
from inventory.history.rules import bounds
from inventory.tables.area import Area
from inventory.tables.person import Person
from inventory.tables.trail import TrailLine
from inventory.trail import Break
from inventory.wording import matches

PAGE = 50
#: More lines than this are not put into one file; a day or a person narrows it.
MOST_IN_A_FILE = 50_000


@dataclass(frozen=True)
class Wanted:
    """The filters; `before` is the number that the page begins below."""

    person: str = ""
    act: str = ""
    subject: str = ""
    subject_id: str = ""
    day: date | None = None
    before: int = 0


@dataclass(frozen=True)
class LineSeen:
    """One line with its names."""

    number: int
    at: datetime
    username: str | None
    name: str | None
    act: str
    subject: str
    subject_id: str
    area: str | None
    detail: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class TrailPage:
    """One page: `found` of `everything` match; `next` is the number to go on below."""

    lines: tuple[LineSeen, ...]
    found: int
    everything: int
    next: int
    acts: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """The chain's check: it holds up to `number` with that hash, or where it breaks."""

    number: int
    hash: str
    broken: Break | None


def page(wanted: Wanted) -> TrailPage:
    """One page of the lines that match, the newest first."""
    session = db.session()
    matching = _filtered(select(TrailLine.number), wanted)
    found = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    query = _lines(wanted)
    if wanted.before:
        query = query.where(TrailLine.number < wanted.before)
    rows = session.execute(query.limit(PAGE + 1)).all()
    lines = tuple(LineSeen(*row) for row in rows[:PAGE])
    acts = session.scalars(select(TrailLine.act).distinct().order_by(TrailLine.act))
    more = lines[-1].number if len(rows) > PAGE else 0
    return TrailPage(lines, found, trail.count(session), more, tuple(acts))


def for_a_file(wanted: Wanted) -> Iterator[LineSeen]:
    """The lines that match, the newest first, at most MOST_IN_A_FILE of them."""
    query = _lines(wanted).limit(MOST_IN_A_FILE).execution_options(yield_per=1000)
    for row in db.session.execute(query):
        yield LineSeen(*row)


def check(written_down: tuple[int, str] | None) -> Checked:
    """Walk the whole chain, and hold it against a number and hash that somebody wrote down."""
    session = db.session()
    broken = trail.verify(session, written_down)
    number, digest = trail.head(session)
    return Checked(broken.number - 1 if broken else number, digest, broken)


def _lines(wanted: Wanted) -> Any:
    query = (
        select(
            TrailLine.number,
            TrailLine.at,
            Person.username,
            Person.name,
            TrailLine.act,
            TrailLine.subject,
            TrailLine.subject_id,
            Area.name,
            TrailLine.detail,
            TrailLine.hash,
        )
        .outerjoin(Person, Person.id == TrailLine.person_id)
        .outerjoin(Area, Area.id == TrailLine.area_id)
        .order_by(TrailLine.number.desc())
    )
    return _filtered(query, wanted)


def _filtered(query: Any, wanted: Wanted) -> Any:
    if wanted.person:
        query = query.where(TrailLine.person_id.in_(_people(wanted.person)))
    if wanted.act:
        query = query.where(TrailLine.act == wanted.act)
    if wanted.subject:
        query = query.where(TrailLine.subject == wanted.subject)
    if wanted.subject_id:
        query = query.where(TrailLine.subject_id == wanted.subject_id)
    if wanted.day:
        begin, end = bounds(wanted.day)
        query = query.where(TrailLine.at >= begin, TrailLine.at < end)
    return query


def _people(text: str) -> list[int]:
    rows = db.session.execute(select(Person.id, Person.username, Person.name))
    return [row.id for row in rows if matches(text, f"{row.name} {row.username}") is not None]
