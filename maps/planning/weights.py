"""Priorities: how much one voter of a place counts in a plan, and who says so. Pure.

The office writes factors on four levels; a place's own is the most specific one that is written:
the place itself, then its ward, then the type of its venue, then the kind of its ward. Nothing is
multiplied together, so that a factor on the list is the factor that counts. No row means 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inventory.facts import PlaceFact
from inventory.vocabulary import AreaKind


class WeightOn(StrEnum):
    """What a factor is written for, the most specific first: the order decides."""

    PLACE = "place"
    AREA = "area"
    VENUE_KIND = "venue_kind"
    AREA_KIND = "area_kind"


#: A factor outside these bounds is a slip of the pen, not a priority.
LEAST_FACTOR, MOST_FACTOR = 0.1, 10.0
USUAL = 1.0


@dataclass(frozen=True, kw_only=True)
class Weight:
    """One factor: `subject` is the id of a place or an area, or the word of a kind, as text."""

    on: WeightOn
    subject: str
    factor: float
    reason: str = ""
    source: str = ""
    guess: bool = False
    id: int = 0


@dataclass(frozen=True)
class Weights:
    """All factors of a campaign; of two rows for the same subject the last counts (the table has one)."""

    rows: tuple[Weight, ...] = ()
    _known: Mapping[WeightOn, Mapping[str, Weight]] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        """Keep a table of each level beside the rows: a nation asks 84,767 times."""
        known: dict[WeightOn, dict[str, Weight]] = {on: {} for on in WeightOn}
        for row in self.rows:
            known[row.on][row.subject] = row
        object.__setattr__(self, "_known", known)

    def of(self, place: PlaceFact, area_kind: AreaKind | None) -> Weight | None:
        """The row that counts for a place of a ward of this kind; None where none is written."""
        known = self._known
        return (
            known[WeightOn.PLACE].get(str(place.id))
            or known[WeightOn.AREA].get(str(place.area_id))
            or known[WeightOn.VENUE_KIND].get(place.venue_kind)
            or known[WeightOn.AREA_KIND].get(area_kind or "")
        )

    def factor(self, place: PlaceFact, area_kind: AreaKind | None) -> float:
        """How much one voter of the place counts: 1 where nothing is written."""
        row = self.of(place, area_kind)
        return row.factor if row else USUAL
