"""A million installations in seconds: copies of one, made inside the database, with events and reviews."""

from io import BytesIO
from random import Random
from typing import Any

from PIL import Image
from sqlalchemy import ColumnElement, Table, Uuid, func, insert, literal, select, text, true, type_coerce

from inventory.database import db, table_of
from inventory.tables.installation import Installation, InstallationEvent, Review
from tests.faults.ground import Ground, close


def fill(ground: Ground, count: int) -> None:
    """Put `count` standing things beside the ground's first one, each with an event and a review."""
    with ground.app().app_context():
        things, first = table_of(Installation), ground.things[0]
        line = select(literal(1).label("n")).cte("line", recursive=True)
        line = line.union_all(select(line.c.n + 1).where(line.c.n < count))
        moved: dict[str, ColumnElement[Any]] = {
            "id": _random_id(),
            "lat": 20.94 + (line.c.n % 1000) * 0.00005,
            "lon": 107.0 + (line.c.n % 997) * 0.00005,
        }
        copies = [moved.get(column.name, column).label(column.name) for column in things.columns]
        source = select(*copies).select_from(things.join(line, true())).where(things.c.id == first)
        db.session.execute(insert(things).from_select([column.name for column in things.columns], source))
        for table in (table_of(InstallationEvent), table_of(Review)):
            _beside(table, things, first)
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        close()


def _beside(table: Table, things: Table, first: str) -> None:
    """The first thing's row of a table, once for every other thing."""
    names = [column.name for column in table.columns if column.name != "id"]
    copies = [things.c.id if name == "installation_id" else table.c[name] for name in names]
    source = (
        select(*copies)
        .select_from(table.join(things, true()))
        .where(table.c.installation_id == first, things.c.id != first)
    )
    db.session.execute(insert(table).from_select(names, source))


def _random_id() -> ColumnElement[Any]:
    if db.engine.dialect.name == "postgresql":
        return func.gen_random_uuid()
    return type_coerce(func.lower(func.hex(func.randomblob(16))), Uuid(as_uuid=False))


def picture(random: Random) -> bytes:
    """A JPEG of about 200 kB that no other is like."""
    image = Image.frombytes("RGB", (320, 240), random.randbytes(320 * 240 * 3)).resize((1280, 960))
    kept = BytesIO()
    image.save(kept, "JPEG", quality=72)
    return kept.getvalue()
