"""The rows of the map: places and things with their state, filtered, in the order of the list. Pure.

A place is told with both figures; the list is in the order of the voters whom a gap affects.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inventory.directory import PlaceName, Ward
from inventory.facts import KindFact
from inventory.positions import PlacePosition, ThingPosition
from inventory.vocabulary import Figure, PlaceState
from maps.coverage.gaps import Gap
from maps.coverage.summary import SpotSummary


class Soundness(StrEnum):
    """How much of a record works."""

    WORKS = "works"
    IN_PART = "in_part"
    BROKEN = "broken"


class Unrun(StrEnum):
    """The state of a place that no run has counted yet; it stands beside PlaceState."""

    NOT_COMPUTED = "not_computed"


@dataclass(frozen=True)
class Filters:
    """What a person asked to see; None and "" let everything through. `figure` is not a filter but a view."""

    ward: int | None = None
    state: PlaceState | None = None
    kind: str = ""
    soundness: Soundness | None = None
    figure: Figure = Figure.REPORTED


@dataclass(frozen=True)
class PlaceRow:
    """A polling place on the map and in the list; `spot` is None before a run has counted it."""

    place: PlaceName
    ward: Ward
    position: PlacePosition
    spot: SpotSummary | None
    gaps: tuple[Gap, ...]

    def state(self, figure: Figure) -> PlaceState | Unrun:
        """The state in a figure, in words of the vocabulary."""
        return self.spot.state(figure) if self.spot else Unrun.NOT_COMPUTED

    def met(self, figure: Figure) -> int:
        """How many mandatory requirements are met."""
        if self.spot is None:
            return 0
        return self.spot.met_reported if figure == Figure.REPORTED else self.spot.met_verified


@dataclass(frozen=True)
class KindLine:
    """What stands of one kind: records, and how many of them work."""

    kind: KindFact
    records: int
    works: int
    in_part: int
    broken: int


def soundness(thing: ThingPosition) -> Soundness:
    """Works when all units do, broken when none does."""
    if thing.working >= thing.standing:
        return Soundness.WORKS
    return Soundness.IN_PART if thing.working else Soundness.BROKEN


def passes(row: PlaceRow, filters: Filters) -> bool:
    """Whether a place passes ward and state."""
    return filters.ward in (None, row.ward.id) and filters.state in (None, row.state(filters.figure))


def thing_passes(thing: ThingPosition, filters: Filters) -> bool:
    """Whether a thing passes ward, kind and soundness."""
    return (
        filters.ward in (None, thing.area_id)
        and filters.kind in ("", thing.kind)
        and filters.soundness in (None, soundness(thing))
    )


_URGENCY: Mapping[str, int] = {
    PlaceState.NONE: 0,
    PlaceState.PARTLY: 0,
    PlaceState.NOT_SURVEYED: 1,
    Unrun.NOT_COMPUTED: 1,
    PlaceState.COMPLETE: 2,
}


def by_voters_affected(rows: Iterable[PlaceRow], figure: Figure) -> list[PlaceRow]:
    """Places with a gap first, the most voters on top; then those nobody looked at; complete ones last."""

    def order(row: PlaceRow) -> tuple[int, int, int, int, int]:
        voters = row.place.voters or 0
        return _URGENCY[row.state(figure)], -voters, row.ward.id, row.place.number, row.place.id

    return sorted(rows, key=order)


def by_kind(things: Sequence[ThingPosition], kinds: Sequence[KindFact]) -> list[KindLine]:
    """Sums of the kinds of which something stands, in the order of the taxonomy."""
    counted: dict[str, list[int]] = {}
    number = {word: place for place, word in enumerate(Soundness)}
    for thing in things:
        counted.setdefault(thing.kind, [0, 0, 0])[number[soundness(thing)]] += 1
    return [KindLine(kind, sum(n), *n) for kind in kinds if (n := counted.get(kind.code))]
