"""Which entries of a batch can go together: runs of the same sort, told apart from what lies between. Pure.

A run takes its entries before what lies between them, so only that may lie there which has nothing to do
with them: entries that are known or could not be read, and photos of other things.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from inventory.sync.said import AnswerSaid, Decoded, FinishSaid, PhotoSaid, RecordSaid


@dataclass(frozen=True)
class Run:
    """Entries of one sort in their order; `apart` are ids of those of them that go alone."""

    entries: tuple[Decoded, ...]
    apart: frozenset[str]


def is_new_thing(entry: Decoded) -> bool:
    """Whether an entry is a new installation at a place."""
    return isinstance(entry.said, RecordSaid) and entry.said.place is not None


def is_of_visit(entry: Decoded) -> bool:
    """Whether an entry is an item or the end of a visit to a place."""
    return isinstance(entry.said, AnswerSaid | FinishSaid) and entry.said.place is not None


def touched(entry: Decoded) -> set[str]:
    """What an entry of a run has to do with: two that share nothing of it do not matter to each other."""
    said, found = entry.said, {entry.id, *entry.brings}
    if isinstance(said, AnswerSaid | FinishSaid):
        found |= {said.visit, f"place {said.place}"}
    if isinstance(said, AnswerSaid):
        found |= {*said.base, *([said.after] if said.after else [])}
    return found


def beginning_at(
    entries: Sequence[Decoded], start: int, known: Collection[str], twice: Collection[str]
) -> Run | None:
    """The run that begins with an entry; None when it can only go alone.

    `known` are ids that are only answered again, `twice` those that come more than once.
    """
    first = entries[start]
    same = next((sort for sort in (is_new_thing, is_of_visit) if sort(first)), None)
    if same is None or first.id in twice:
        return None
    found: list[Decoded] = []
    shown: set[str] = set()
    apart: set[str] = set()
    for entry in entries[start:]:
        if entry.id in twice:
            break
        if entry.id in known or entry.act is None:
            continue
        if isinstance(entry.said, PhotoSaid):
            shown |= {entry.said.installation or "", entry.said.answer or ""}
        elif same(entry) and entry.campaign == first.campaign:
            found.append(entry)
            if touched(entry) & shown:
                apart.add(entry.id)
        else:
            break
    return Run(tuple(found), frozenset(apart))
