"""Locks of a batch, taken at once and in one order, before anything is written.

A visit on the web locks its place, then its installations, then the campaign's counter, then the trail.
A batch does many such things in one transaction; taking its places and installations first keeps it from
holding the counter while it waits for a place that a visit holds.
"""

from collections.abc import Sequence

from sqlalchemy import select

from inventory.database import db
from inventory.installations.actions import hold as hold_installations
from inventory.sync.said import AmendSaid, AnswerSaid, ConfirmSaid, Decoded, FinishSaid, MoveSaid
from inventory.tables.area import Area
from inventory.tables.place import Place


def hold(entries: Sequence[Decoded]) -> None:
    """Lock what these entries will write to; SQLite has one writer and nothing to lock."""
    if db.engine.dialect.name == "sqlite":
        return
    places, areas = _visited(entries)
    for table, ids in ((Area, areas), (Place, places)):
        if ids:
            rows = select(table.id).where(table.id.in_(sorted(ids))).order_by(table.id)
            db.session.execute(rows.with_for_update())
    things = {number for entry in entries for number in _changed(entry)}
    if things:
        hold_installations(things)


def _visited(entries: Sequence[Decoded]) -> tuple[set[int], set[int]]:
    """Places and whole wards that are visited."""
    places: set[int] = set()
    areas: set[int] = set()
    for entry in entries:
        said = entry.said
        if isinstance(said, AnswerSaid | FinishSaid):
            if said.place is not None:
                places.add(said.place)
            elif entry.area_id is not None:
                areas.add(entry.area_id)
    return places, areas


def _changed(entry: Decoded) -> tuple[str, ...]:
    """Installations that an entry changes."""
    if isinstance(entry.said, AnswerSaid):
        return tuple(entry.said.base)
    if isinstance(entry.said, AmendSaid | ConfirmSaid | MoveSaid):
        return (entry.said.installation,)
    return ()
