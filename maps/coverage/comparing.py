"""Two stored runs side by side: which lacks closed, which opened, what is new or gone. Pure.

Rows are matched by place or ward and by the requirement's code, because a new version of a standard
gives its requirements new ids. What nobody had looked at is neither met nor missing, so a lack that a
first visit finds is `found`, not opened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from inventory.vocabulary import Figure
from maps.coverage.gaps import Gap


class Move(StrEnum):
    """What became of a requirement at a place or ward from one run to the other, as a list has them."""

    CLOSED = "closed"
    OPENED = "opened"
    MORE = "more"
    FEWER = "fewer"
    FOUND = "found"
    MET = "met"
    UNKNOWN = "unknown"
    FRESH = "fresh"
    GONE = "gone"


#: Place (None: the ward's own), ward and the requirement's code.
Key = tuple[int | None, int, str]


@dataclass(frozen=True)
class Change:
    """One row that is otherwise; `before` or `after` is None where the row was not there."""

    key: Key
    move: Move
    before: Gap | None
    after: Gap | None

    def missing(self, figure: Figure) -> tuple[int | None, int | None]:
        """Missing units before and after; None while nobody looked, or without the row."""
        return _missing(self.before, figure), _missing(self.after, figure)


@dataclass(frozen=True)
class Comparison:
    """The changes in the order of the later run, those that are gone at the end; `same` rows moved not."""

    changes: tuple[Change, ...]
    same: int
    standard_changed: bool

    def count(self, *moves: Move) -> int:
        """How many rows moved so."""
        return sum(change.move in moves for change in self.changes)


def compare(
    before: Iterable[Gap],
    after: Iterable[Gap],
    codes_before: Mapping[int, str],
    codes_after: Mapping[int, str],
    figure: Figure = Figure.REPORTED,
) -> Comparison:
    """Compare two runs in one figure; the mappings give each run's requirement ids their codes."""
    old = {_key(gap, codes_before): gap for gap in before}
    changes: list[Change] = []
    same = 0
    for gap in after:
        key = _key(gap, codes_after)
        was = old.pop(key, None)
        move = Move.FRESH if was is None else _move(_missing(was, figure), _missing(gap, figure))
        if move is None:
            same += 1
        else:
            changes.append(Change(key, move, was, gap))
    changes += [Change(key, Move.GONE, gap, None) for key, gap in old.items()]
    return Comparison(tuple(changes), same, set(codes_before) != set(codes_after))


def _key(gap: Gap, codes: Mapping[int, str]) -> Key:
    return gap.place_id, gap.area_id, codes.get(gap.requirement_id, str(gap.requirement_id))


def _missing(gap: Gap | None, figure: Figure) -> int | None:
    if gap is None or not gap.answered:
        return None
    return gap.missing_reported if figure == Figure.REPORTED else gap.missing_verified


def _move(before: int | None, after: int | None) -> Move | None:
    """None where nothing moved."""
    if before == after:
        return None
    if after is None:
        return Move.UNKNOWN
    if before is None:
        return Move.FOUND if after else Move.MET
    if not before or not after:
        return Move.OPENED if after else Move.CLOSED
    return Move.MORE if after > before else Move.FEWER
