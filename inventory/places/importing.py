"""Sheets of text into polling places, row by row, with every problem named. Pure.

A cell that is empty or a column that is absent gives None: "the file says nothing", never "blank it".
A row with an error is not among the rows; problems that need the known places are in import_plan.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time

from inventory import geodesy
from inventory.places import import_cells as cells
from inventory.places.import_columns import Column, Table, find_table
from inventory.places.import_problems import RowProblem, row_problem
from inventory.places.import_wards import Gazetteer, KnownArea
from inventory.places.reading import Book
from inventory.places.row_reading import Defaults, RowReader, choose
from inventory.vocabulary import VenueKind
from inventory.wording import clean

#: The law's bounds of one polling area (Điều 11 Luật 85/2015/QH13); outside them is only a warning.
FEW_VOTERS, MANY_VOTERS = 300, 4_000

_LONGEST: Mapping[Column, int] = {
    Column.CODE: 32,
    Column.NAME: 200,
    Column.VENUE: 200,
    Column.ADDRESS: 300,
    Column.SOURCE: 500,
    Column.LICENCE: 120,
}


@dataclass(frozen=True)
class PlaceRow:
    """One row that could be read; None where the file says nothing.

    `position` is WGS84 (lat, lon). `headings` are the file's own names of its columns, and
    `blank` the columns that exist but are empty in this row.
    """

    sheet: str
    row: int
    area: KnownArea
    number: int
    code: str | None = None
    name: str | None = None
    venue: str | None = None
    venue_kind: VenueKind | None = None
    address: str | None = None
    position: geodesy.Position | None = None
    voters: int | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    restricted: bool | None = None
    source: str | None = None
    licence: str | None = None
    synthetic: bool | None = None
    blank: frozenset[Column] = field(default=frozenset(), repr=False)
    headings: tuple[tuple[Column, str], ...] = field(default=(), repr=False)

    def heading(self, column: Column) -> str:
        """The file's own name of a column, "" where it has none."""
        return dict(self.headings).get(column, "")


@dataclass(frozen=True)
class FileRead:
    """The rows of a file that could be read, and the problems of all others."""

    rows: tuple[PlaceRow, ...]
    problems: tuple[RowProblem, ...]


def read_places(book: Book, areas: Sequence[KnownArea], defaults: Defaults | None = None) -> FileRead:
    """Read the first sheet that is a list of places; the others are named in a warning."""
    table, problems = choose(book, find_table)
    if table is None:
        return FileRead((), (*problems, row_problem("", 0, "", "no_columns")))
    reader = _Reader(table, Gazetteer(areas), defaults or Defaults())
    rows = [reader.place() for _row in reader.filled()]
    return FileRead(tuple(row for row in rows if row is not None), (*problems, *reader.problems))


class _Reader(RowReader):
    """Reads the rows of one list of places."""

    def __init__(self, table: Table[Column], gazetteer: Gazetteer, defaults: Defaults) -> None:
        super().__init__(table, gazetteer, row_problem)
        self.defaults = defaults

    def lacks(self) -> bool:
        """Every place has a number."""
        return not self.cell(Column.NUMBER)

    def place(self) -> PlaceRow | None:
        """The row, or None after an error."""
        area, number = self.area(), self._number()
        texts = {column: self.text(column, _LONGEST[column]) for column in _LONGEST}
        position = self.position()
        opens, closes = self._hours()
        voters = self._voters()
        restricted, synthetic = self.flag(Column.RESTRICTED), self.flag(Column.SYNTHETIC)
        kind = self.checked(Column.VENUE_KIND, cells.read_venue_kind(self.cell(Column.VENUE_KIND)))
        if area is None or number is None or self.failed:
            return None
        self.check_ward(area, position)
        return PlaceRow(
            self.table.sheet.name,
            self.row_number,
            area,
            number,
            code=texts[Column.CODE],
            name=texts[Column.NAME],
            venue=texts[Column.VENUE],
            venue_kind=kind,
            address=texts[Column.ADDRESS],
            position=position,
            voters=voters,
            opens_at=opens,
            closes_at=closes,
            restricted=restricted,
            source=texts[Column.SOURCE] or self.defaults.source or None,
            licence=texts[Column.LICENCE] or self.defaults.licence or None,
            synthetic=self.defaults.synthetic if synthetic is None else synthetic,
            blank=frozenset(column for column in self.table.columns if not self.cell(column).strip()),
            headings=self.headings,
        )

    def _number(self) -> int | None:
        """The number's own column, or the number at the end of the area's name."""
        column = Column.NUMBER if clean(self.cell(Column.NUMBER)) else Column.NAME
        number = cells.read_number(self.cell(column))
        if number is None or (isinstance(number, cells.Fault) and column is Column.NAME):
            self.say("missing_number", Column.NUMBER if Column.NUMBER in self.table.columns else Column.NAME)
            return None
        return self.checked(column, number)

    def _hours(self) -> tuple[time | None, time | None]:
        opens = self.checked(Column.OPENS, cells.read_hours(self.cell(Column.OPENS)))
        closes = self.checked(Column.CLOSES, cells.read_hours(self.cell(Column.CLOSES)))
        start, end = opens or (None, None)
        if closes:
            end = closes[0]
        if start and end and end <= start:
            self.say("hours_reversed", Column.CLOSES if closes else Column.OPENS)
        return start, end

    def _voters(self) -> int | None:
        voters = self.checked(Column.VOTERS, cells.read_voters(self.cell(Column.VOTERS)))
        if voters is not None and voters < FEW_VOTERS:
            self.say("voters_few", Column.VOTERS, voters=voters)
        if voters is not None and voters > MANY_VOTERS:
            self.say("voters_many", Column.VOTERS, voters=f"{voters:,}".replace(",", "."))
        return voters
