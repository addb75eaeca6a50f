"""The database: one base, one transaction a request, and who may write when.

SQLite runs with WAL, synchronous FULL and BEGIN IMMEDIATE for writers behind one lock of this
process (busy waiting between threads is unfair); readers use a plain BEGIN, which is a snapshot.
PostgreSQL readers use REPEATABLE READ for the same promise, writers READ COMMITTED with versions.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    TypeDecorator,
    bindparam,
    event,
    insert,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import Pool

from inventory.outcomes import Done, Refused, Stale

BUSY_MILLISECONDS = 20_000

_names = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcMoment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite has no zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments: a time without a zone is a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Put UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table of both contexts; names of constraints let Alembic drop them on SQLite."""

    metadata = MetaData(naming_convention=_names)
    type_annotation_map = {datetime: UtcMoment}


def table_of(row: type[Base]) -> Table:
    """The table of a class, for inserting many rows without objects."""
    table: Any = row.__table__
    found: Table = table
    return found


_Prepared = tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]
_prepared: dict[tuple[str, str, tuple[str, ...], str], _Prepared] = {}


def insert_many(table: Table, rows: Sequence[Mapping[str, Any]], more: str = "") -> None:
    """Insert rows in the current transaction, without objects and without defaults: every row has the
    same columns. The statement and its converters are prepared once a process; `more` is put after it.
    """
    if not rows:
        return
    connection = db.session.connection(bind_arguments={"bind": db.engine})
    dialect, names = connection.dialect, tuple(rows[0])
    known = _prepared.get((table.name, dialect.name, names, more))
    if known is None:
        plain = insert(table).inline()  # nothing is returned, so that `more` may follow
        compiled = plain.values({name: bindparam(name) for name in names}).compile(dialect=dialect)
        order = compiled.positiontup or names
        kinds = [(name, table.c[name].type.dialect_impl(dialect)) for name in order]
        known = str(compiled) + more, tuple((name, kind.bind_processor(dialect)) for name, kind in kinds)
        _prepared[table.name, dialect.name, names, more] = known
    statement, columns = known
    if dialect.positional:
        sent: Any = [
            tuple([row[name] if turn is None else turn(row[name]) for name, turn in columns]) for row in rows
        ]
    else:
        sent = [
            {name: row[name] if turn is None else turn(row[name]) for name, turn in columns} for row in rows
        ]
    connection.exec_driver_sql(statement, sent)


def upsert_many(
    table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...], raised: tuple[str, ...] = ()
) -> None:
    """The same, and a row whose key is taken gets these values; columns in `raised` go up by one instead."""
    if not rows:
        return
    sets = [
        f"{name} = {table.name}.{name} + 1" if name in raised else f"{name} = excluded.{name}"
        for name in rows[0]
        if name not in key
    ]
    insert_many(table, rows, f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(sets)}")


db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)

_writing: ContextVar[bool] = ContextVar("writing", default=True)
_writer = threading.Lock()


def is_writing() -> bool:
    """Whether transactions begun now are for writing; commands are, GET requests are not."""
    return _writing.get()


@contextmanager
def writing(allowed: bool) -> Iterator[None]:
    """Begin transactions in this block for writing, or only for reading."""
    token = _writing.set(allowed)
    try:
        yield
    finally:
        _writing.reset(token)


def set_writing(allowed: bool) -> None:
    """Set the mode for the rest of this request; the next request sets its own."""
    _writing.set(allowed)


def finish() -> None:
    """Commit what the request did, or end the snapshot of a reader. The only commit of a request."""
    if is_writing():
        db.session.commit()
    else:
        db.session.rollback()


def release() -> None:
    """End the transaction before slow work (hashing, pictures), so that nobody waits for it."""
    db.session.rollback()


def abandon() -> None:
    """End the transaction after a failure; a full SQLite has ended it already, with its savepoints."""
    try:
        release()
    except OperationalError:
        db.session.remove()


@contextmanager
def aside() -> Iterator[Session]:
    """A short write of its own: a trail line of a reader or of a refused request."""
    with writing(True), Session(db.engine) as session:
        yield session
        session.commit()


@contextmanager
def snapshot() -> Iterator[Session]:
    """A session that sees one moment and holds no writer's lock, for computing from facts."""
    with writing(False), Session(db.engine) as session:
        yield session
        session.rollback()


P = ParamSpec("P")
R = TypeVar("R", bound=Done | Refused | Stale)


def action(decide: Callable[P, R]) -> Callable[P, R]:
    """Run a write in a savepoint: a refusal leaves nothing behind, whatever it had begun."""

    @wraps(decide)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        point = db.session.begin_nested()
        try:
            outcome = decide(*args, **kwargs)
        except BaseException:
            point.rollback()
            raise
        if isinstance(outcome, Done):
            point.commit()
        else:
            point.rollback()
        return outcome

    return run


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # SQLAlchemy's begin event below says BEGIN itself.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        if not is_writing():
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    if not is_writing():
        connection.exec_driver_sql("BEGIN")
        return
    if not connection.info.get("holds the lock"):
        # After the busy time SQLite itself answers "locked", with its own message.
        connection.info["holds the lock"] = _writer.acquire(timeout=BUSY_MILLISECONDS / 1000)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@event.listens_for(Pool, "checkin")
def _give_lock(_connection: Any, record: Any) -> None:
    # A session gives its connection back right after COMMIT or ROLLBACK has really ended.
    if record.info.pop("holds the lock", False):
        _writer.release()
