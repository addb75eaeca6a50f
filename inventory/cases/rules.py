"""Cases: what a phone sent and a person has to decide. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from inventory.outcomes import Problem
from inventory.vocabulary import EntryOutcome

SHORTEST_REASON = 5


class CaseKind(StrEnum):
    """Why somebody has to decide."""

    CONFLICT = "conflict"  # two people changed the same field
    GONE = "gone"  # a change of a thing that was taken away meanwhile
    HELD = "held"  # sent by somebody who may not write there (any more), or about a place that is gone
    ORPHAN = "orphan"  # it speaks of something that never came
    REUSED = "reused"  # another body came under its id


class Way(StrEnum):
    """How a case is settled; kept in `settled_how`."""

    KEEP = "keep"  # what stands stays
    PHONE = "phone"  # the phone's values, for the chosen fields
    ADMIT = "admit"  # it is written, as its person said it
    REOPEN = "reopen"  # the thing is brought back, with the change
    DROP = "drop"  # it is not written; it stays readable


_WAYS: Mapping[CaseKind, tuple[Way, ...]] = {
    CaseKind.CONFLICT: (Way.KEEP, Way.PHONE),
    CaseKind.GONE: (Way.REOPEN, Way.DROP),
    CaseKind.HELD: (Way.ADMIT, Way.DROP),
    CaseKind.ORPHAN: (Way.ADMIT, Way.DROP),
    CaseKind.REUSED: (Way.KEEP,),
}
#: These write something; the others only say that nothing is written.
WRITING = frozenset({Way.PHONE, Way.ADMIT, Way.REOPEN})
#: Held because its place is not there any more: somebody names another one.
PLACE_GONE = "place_gone"


def kind_of(outcome: EntryOutcome, code: str) -> CaseKind:
    """What kind of case an open entry is, by its stored outcome."""
    if outcome is EntryOutcome.CONFLICT:
        return CaseKind.GONE if code == "gone" else CaseKind.CONFLICT
    if outcome is EntryOutcome.HELD:
        return CaseKind.HELD
    return CaseKind.ORPHAN if outcome is EntryOutcome.PARKED else CaseKind.REUSED


def ways(kind: CaseKind) -> tuple[Way, ...]:
    """The ways that stand open, in the order of the page."""
    return _WAYS[kind]


def needs_place(kind: CaseKind, code: str) -> bool:
    """Whether admitting it asks for a place to write it to."""
    return kind is CaseKind.HELD and code == PLACE_GONE


def refusal(
    kind: CaseKind, way: str, fields: frozenset[str], offered: frozenset[str], reason: str
) -> Problem | None:
    """Why this may not be settled so, or None. `offered` are the fields that differ."""
    if way not in ways(kind):
        return Problem("way", "Chọn một cách quyết định.", "way")
    if way == Way.PHONE and offered and not fields & offered:
        return Problem("fields", "Chọn ít nhất một ô lấy số từ điện thoại.", "fields")
    if way == Way.DROP and len(reason) < SHORTEST_REASON:
        return Problem("reason", "Viết lý do để người ghi hiểu vì sao không ghi.", "reason")
    return None
