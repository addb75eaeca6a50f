"""Do the rows of a list agree about their venues? One venue has one position, type and address. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from inventory.geodesy import Position
from inventory.places.import_cells import VENUE_KIND_WORDS
from inventory.places.import_columns import Column
from inventory.places.import_problems import RowProblem, Value, row_problem
from inventory.places.importing import PlaceRow
from inventory.vocabulary import VenueKind
from inventory.wording import fold

#: Degrees; about a centimetre. What programs lose in writing a number is no change.
SAME_DEGREES = 1e-7


def same_position(one: Position | None, other: Position | None) -> bool:
    """Are two positions the same but for the writing of their numbers?"""
    if one is None or other is None:
        return one is other
    return abs(one[0] - other[0]) <= SAME_DEGREES and abs(one[1] - other[1]) <= SAME_DEGREES


@dataclass(frozen=True)
class VenueSaying:
    """What one place says of its venue. `row` is None for a known place that the file leaves alone."""

    area_id: int
    venue: str
    kind: VenueKind | None
    address: str
    position: Position | None
    code: str = ""
    row: PlaceRow | None = None
    at_fault: bool = False

    @classmethod
    def of_row(
        cls,
        row: PlaceRow,
        venue: str = "",
        kind: VenueKind | None = None,
        address: str = "",
        position: Position | None = None,
        at_fault: bool = True,
    ) -> "VenueSaying":
        """A row's words, completed by those of the place that it changes."""
        return cls(
            row.area.id,
            row.venue or venue,
            row.venue_kind or kind,
            row.address or address,
            row.position or position,
            row.code or "",
            row,
            at_fault,
        )

    @property
    def key(self) -> tuple[int, str]:
        """Venues of one ward are told apart by their name."""
        return self.area_id, fold(self.venue)


def check_venues(sayings: Iterable[VenueSaying]) -> list[RowProblem]:
    """Compare every new or changed row with what was said before it; known places come first."""
    check = _Check()
    sayings = list(sayings)
    for saying in sayings:
        check.hear(saying)
    for saying in sayings:
        check.miss_position(saying)
    return check.problems


@dataclass
class _Check:
    problems: list[RowProblem] = field(default_factory=list)
    positions: dict[tuple[int, str], VenueSaying] = field(default_factory=dict)
    kinds: dict[tuple[int, str], VenueSaying] = field(default_factory=dict)
    addresses: dict[tuple[int, str], VenueSaying] = field(default_factory=dict)
    spots: dict[tuple[float, float], VenueSaying] = field(default_factory=dict)

    def hear(self, saying: VenueSaying) -> None:
        if saying.position is not None:
            first = self.positions.setdefault(saying.key, saying)
            if not same_position(first.position, saying.position):
                self._say(saying, first, "venue_two_positions", Column.LAT, venue=saying.venue)
            self._spot(saying, saying.position)
        if saying.kind is not None:
            first = self.kinds.setdefault(saying.key, saying)
            if first.kind is not saying.kind:
                self._disagree(
                    saying, first, Column.VENUE_KIND, VENUE_KIND_WORDS[first.kind or VenueKind.OTHER]
                )
        if saying.address:
            first = self.addresses.setdefault(saying.key, saying)
            if first.address != saying.address:
                self._disagree(saying, first, Column.ADDRESS, first.address)

    def miss_position(self, saying: VenueSaying) -> None:
        if saying.row is not None and saying.key not in self.positions:
            row = saying.row
            column = Column.LAT if row.heading(Column.LAT) else Column.POSITION
            self.problems.append(row_problem(row.sheet, row.row, row.heading(column), "no_position"))

    def _spot(self, saying: VenueSaying, position: Position) -> None:
        first = self.spots.setdefault((round(position[0], 6), round(position[1], 6)), saying)
        if first.key != saying.key:
            self._say(saying, first, "shared_position", Column.LAT, venue=first.venue)

    def _disagree(self, saying: VenueSaying, first: VenueSaying, column: Column, known: str) -> None:
        self._say(saying, first, "venue_disagrees", column, venue=saying.venue, known=known)

    def _say(
        self, saying: VenueSaying, first: VenueSaying, code: str, column: Column, **values: Value
    ) -> None:
        row = saying.row
        if row is None or not saying.at_fault:
            return
        heading = row.heading(column) or (row.heading(Column.POSITION) if column is Column.LAT else "")
        if first.row is None:
            found = row_problem(row.sheet, row.row, heading, f"{code}_known", other=first.code, **values)
        else:
            found = row_problem(row.sheet, row.row, heading, code, other=first.row.row, **values)
        self.problems.append(found)
