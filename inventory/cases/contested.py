"""What two people said differently: as it was when the entry came, and what has been changed since.

A case may lie for days. What others change meanwhile and the phone had changed too is contested as well:
it is shown, and who decides chooses, so that settling one field overwrites no other unseen.
"""

from collections.abc import Iterable
from typing import Any

from inventory.database import db
from inventory.installations import writes
from inventory.installations.fixes import position_fields
from inventory.installations.merge import Conflict, merge
from inventory.installations.record import POSITION
from inventory.sync import applying, things
from inventory.sync.said import AmendSaid
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation

#: (field, what stands, what the phone says), as JSON values.
Differing = tuple[tuple[str, Any, Any], ...]


def as_stored(row: FieldEntry) -> Differing:
    """As it was noted: when the entry came, or when its case was settled."""
    changed = (row.detail or {}).get("changed") or ()
    return tuple((str(one[0]), one[1], one[2]) for one in changed if len(one) == 3)


def differing(row: FieldEntry) -> Differing:
    """What is contested at this moment, in the order in which it became so."""
    stored = as_stored(row)
    known = {name for name, _theirs, _mine in stored}
    return stored + tuple(one for one in _since(row) if one[0] not in known)


def fields(found: Iterable[tuple[str, Any, Any]]) -> frozenset[str]:
    """The fields; the parts of a position are one."""
    return frozenset("position" if name in POSITION else name for name, _theirs, _mine in found)


def _since(row: FieldEntry) -> Differing:
    said = applying.decoded(row).said
    if not isinstance(said, AmendSaid):
        return ()
    thing = db.session.get(Installation, said.installation)
    base = things.base_of(said, row.person_id)
    if thing is None or isinstance(base, str):
        return ()
    wanted = {**said.fields, **position_fields(said.position.fix, said.position.tap)}
    now = merge(writes.seen_at(thing.id, base), writes.record_of(thing), wanted)
    return now.changed if isinstance(now, Conflict) else ()
