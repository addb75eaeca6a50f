"""Sheets of text into polling places, row by row, with every problem named. Pure.

A cell that is empty or a column that is absent gives None: "the file says nothing", never "blank it".
A row with an error is not among the rows; problems that need the known places are in import_plan.py.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import TypeVar

from inventory import geodesy
from inventory.places import import_cells as cells
from inventory.places.import_columns import Column, Table, find_table
from inventory.places.import_problems import RowProblem, row_problem
from inventory.places.import_wards import Gazetteer, KnownArea
from inventory.places.reading import Book
from inventory.vocabulary import VenueKind
from inventory.wording import clean, fold

T = TypeVar("T")

#: The law's bounds of one polling area (Điều 11 Luật 85/2015/QH13); outside them is only a warning.
FEW_VOTERS, MANY_VOTERS = 300, 4_000
#: Boundaries are for reference and were simplified by about 12 m.
OUTSIDE_TOLERANCE_M = 20.0

_LONGEST: Mapping[Column, int] = {
    Column.CODE: 32,
    Column.NAME: 200,
    Column.VENUE: 200,
    Column.ADDRESS: 300,
    Column.SOURCE: 500,
    Column.LICENCE: 120,
}


@dataclass(frozen=True)
class Defaults:
    """What the person says about the whole file, for rows that say nothing themselves."""

    source: str = ""
    licence: str = ""
    synthetic: bool | None = None


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
    table, problems = _choose(book)
    if book.encoding == "cp1258":
        problems.append(row_problem("", 0, "", "guessed_encoding"))
    if table is None:
        return FileRead((), (*problems, row_problem("", 0, "", "no_columns")))
    for heading in table.unknown:
        problems.append(_of_table(table, "unknown_column", heading))
    for heading in table.twice:
        problems.append(_of_table(table, "column_twice", heading))
    reader = _Reader(table, Gazetteer(areas), defaults or Defaults())
    rows = [row for row in reader.rows() if row is not None]
    if not reader.seen:
        problems.append(row_problem(table.sheet.name, 0, "", "no_rows"))
    return FileRead(tuple(rows), (*problems, *reader.problems))


def _of_table(table: Table, code: str, heading: str) -> RowProblem:
    return row_problem(table.sheet.name, table.heading_row, heading, code, heading=heading)


def _choose(book: Book) -> tuple[Table | None, list[RowProblem]]:
    chosen: Table | None = None
    problems: list[RowProblem] = []
    for sheet in book.sheets:
        table = find_table(sheet) if chosen is None else None
        if table is not None:
            chosen = table
        elif any(cell.strip() for row in sheet.rows for cell in row):
            problems.append(row_problem(sheet.name, 0, "", "sheet_skipped"))
    return chosen, problems if chosen else []


class _Reader:
    """Reads the rows of one table and gathers their problems."""

    def __init__(self, table: Table, gazetteer: Gazetteer, defaults: Defaults) -> None:
        self.table, self.gazetteer, self.defaults = table, gazetteer, defaults
        self.headings = tuple(table.headings.items())
        self.problems: list[RowProblem] = []
        self.seen = False
        self.row_number = 0
        self.row: Sequence[str] = ()
        self.failed = False

    def rows(self) -> Iterator[PlaceRow | None]:
        for index, row in enumerate(self.table.sheet.rows[self.table.first :], start=self.table.first + 1):
            if not any(cell.strip() for cell in row):
                continue
            self.row_number, self.row, self.failed = index, row, False
            if self._is_total():
                self._say("total_row")
                continue
            self.seen = True
            yield self._place()

    def _is_total(self) -> bool:
        first = next((text for cell in self.row if (text := fold(cell))), "")
        return bool(re.match(r"(tong cong|tong so|tong|cong)( |:|$)", first)) and not self._cell(
            Column.NUMBER
        )

    def _say(self, code: str, column: Column | None = None, **values: str | int | float) -> None:
        heading = self.table.headings.get(column, "") if column else ""
        found = row_problem(self.table.sheet.name, self.row_number, heading, code, **values)
        self.problems.append(found)
        self.failed = self.failed or found.level == "error"

    def _cell(self, column: Column) -> str:
        position = self.table.columns.get(column)
        return self.row[position] if position is not None and position < len(self.row) else ""

    def _place(self) -> PlaceRow | None:
        area, number = self._area(), self._number()
        texts = {column: self._text(column) for column in _LONGEST}
        position = self._position()
        opens, closes = self._hours()
        voters = self._voters()
        restricted, synthetic = self._flag(Column.RESTRICTED), self._flag(Column.SYNTHETIC)
        kind = self._checked(Column.VENUE_KIND, cells.read_venue_kind(self._cell(Column.VENUE_KIND)))
        if area is None or number is None or self.failed:
            return None
        self._check_ward(area, position)
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
            blank=frozenset(column for column in self.table.columns if not self._cell(column).strip()),
            headings=self.headings,
        )

    def _area(self) -> KnownArea | None:
        code, name = cells.read_text(self._cell(Column.WARD_CODE)), cells.read_text(self._cell(Column.WARD))
        if not code and not name:
            self._say("missing_ward", Column.WARD if Column.WARD in self.table.columns else Column.WARD_CODE)
            return None
        named = self.gazetteer.named(name) if name else []
        if not code:
            return self._named(name, named)
        area = self.gazetteer.coded(code)
        if area is None:
            self._say("unknown_ward", Column.WARD_CODE, text=code[:40])
        elif name and area not in named:
            self._say("ward_code_disagrees", Column.WARD, ward_code=code, known=area.name, text=name[:60])
        return area

    def _named(self, name: str, named: list[KnownArea]) -> KnownArea | None:
        if len(named) == 1:
            return named[0]
        if named:
            self._say("ward_ambiguous", Column.WARD, text=name[:60])
        elif guess := self.gazetteer.guess(name):
            self._say("unknown_ward_guess", Column.WARD, text=name[:60], guess=guess)
        else:
            self._say("unknown_ward", Column.WARD, text=name[:60])
        return None

    def _number(self) -> int | None:
        """The number's own column, or the number at the end of the area's name."""
        column = Column.NUMBER if clean(self._cell(Column.NUMBER)) else Column.NAME
        number = cells.read_number(self._cell(column))
        if number is None or (isinstance(number, cells.Fault) and column is Column.NAME):
            self._say("missing_number", Column.NUMBER if Column.NUMBER in self.table.columns else Column.NAME)
            return None
        return self._checked(column, number)

    def _text(self, column: Column) -> str | None:
        text = cells.read_text(self._cell(column))
        if len(text) > _LONGEST[column]:
            self._say("too_long", column, limit=_LONGEST[column])
            return None
        if cells.looks_like_formula(text):
            self._say("formula_text", column)
        return text or None

    def _checked(self, column: Column, read: T | cells.Fault | None) -> T | None:
        if isinstance(read, cells.Fault):
            self._say(read.code, column, **dict(read.values))
            return None
        return read

    def _flag(self, column: Column) -> bool | None:
        return self._checked(column, cells.read_yes_no(self._cell(column)))

    def _position(self) -> geodesy.Position | None:
        """From the two columns; where both are empty, from the one that holds both."""
        pair = cells.read_pair(self._cell(Column.LAT), self._cell(Column.LON))
        if pair is not None:
            return self._checked(Column.LAT, pair)
        return self._checked(Column.POSITION, cells.read_position(self._cell(Column.POSITION)))

    def _hours(self) -> tuple[time | None, time | None]:
        opens = self._checked(Column.OPENS, cells.read_hours(self._cell(Column.OPENS)))
        closes = self._checked(Column.CLOSES, cells.read_hours(self._cell(Column.CLOSES)))
        start, end = opens or (None, None)
        if closes:
            end = closes[0]
        if start and end and end <= start:
            self._say("hours_reversed", Column.CLOSES if closes else Column.OPENS)
        return start, end

    def _voters(self) -> int | None:
        voters = self._checked(Column.VOTERS, cells.read_voters(self._cell(Column.VOTERS)))
        if voters is not None and voters < FEW_VOTERS:
            self._say("voters_few", Column.VOTERS, voters=voters)
        if voters is not None and voters > MANY_VOTERS:
            self._say("voters_many", Column.VOTERS, voters=f"{voters:,}".replace(",", "."))
        return voters

    def _check_ward(self, area: KnownArea, position: geodesy.Position | None) -> None:
        if position is None or not area.boundary:
            return
        metres = geodesy.distance_outside_m(area.boundary, *position)
        if metres > OUTSIDE_TOLERANCE_M:
            column = Column.LAT if Column.LAT in self.table.columns else Column.POSITION
            self._say("outside_ward", column, ward=area.name, metres=f"{round(metres):,}".replace(",", "."))
