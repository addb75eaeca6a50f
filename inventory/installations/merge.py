"""Two editors of one record: what both changed is kept, unless they changed the same thing.

Pure. A form sends every field it shows, so what a person changed is what differs from the version
they were looking at; the rest is only what they saw.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from inventory.installations.lifecycle import ENDED
from inventory.installations.record import FIELDS, POSITION, Record, plain
from inventory.vocabulary import Condition


@dataclass(frozen=True)
class Merged:
    """Both are kept: `mine` are the fields this person changed, `theirs` those of others before."""

    record: Record
    mine: frozenset[str]
    theirs: frozenset[str]


@dataclass(frozen=True)
class Conflict:
    """The same fields were changed: (field, their value, my value), as JSON values."""

    changed: tuple[tuple[str, object, object], ...]


def merge(base: Record | None, current: Record, wanted: Mapping[str, Any]) -> Merged | Conflict:
    """Put what a person wants onto the current record.

    `base` is the record they were looking at; None when nobody knows it, then every difference
    counts as a conflict. Raises ValueError for a field that no record has.
    """
    strange = set(wanted) - set(FIELDS)
    if strange:
        raise ValueError(f"no such field: {sorted(strange)}")
    if base is None:
        told = _differing(current, wanted, FIELDS)
        return Conflict(told) if told else Merged(current, frozenset(), frozenset())
    mine = {name: value for name, value in wanted.items() if value != getattr(base, name)}
    theirs = frozenset(name for name in FIELDS if getattr(base, name) != getattr(current, name))
    if theirs.intersection(POSITION) and mine.keys() & set(POSITION):
        mine |= {name: mine.get(name, getattr(base, name)) for name in POSITION}
    told = _differing(current, mine, tuple(name for name in FIELDS if name in theirs))
    return Conflict(told) if told else Merged(replace(current, **mine), frozenset(mine), theirs)


#: What a person sees from the street: who says "as it was" denies a change of these.
_IN_SIGHT = frozenset(
    {"kind_code", "zone", "quantity", "working", "lifecycle", "condition", "slogan_id", "shown_text"}
)


def contradicts(changed: Iterable[str]) -> bool:
    """Whether "it is still as I saw it" contradicts somebody's change of these fields."""
    return not _IN_SIGHT.isdisjoint(changed)


def gone_since(base: Record | None, current: Record) -> str | None:
    """The field that says that a thing which stood when it was seen stands no more; None otherwise.

    Without a known base it counts as having stood.
    """
    if current.lifecycle in ENDED and (base is None or base.lifecycle not in ENDED):
        return "lifecycle"
    if _missing(current) and (base is None or not _missing(base)):
        return "condition"
    return None


def _missing(record: Record) -> bool:
    return record.condition is Condition.MISSING or record.quantity == 0


def _differing(
    current: Record, wanted: Mapping[str, Any], names: tuple[str, ...]
) -> tuple[tuple[str, object, object], ...]:
    return tuple(
        (name, plain(getattr(current, name)), plain(wanted[name]))
        for name in names
        if name in wanted and wanted[name] != getattr(current, name)
    )
