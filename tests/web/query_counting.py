"""How many queries a block asks: every list page has a budget (house rule 7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from inventory.database import db

MOST = 12


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that are executed in the block."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("SET TRANSACTION"):  # PostgreSQL's begin of a snapshot
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
