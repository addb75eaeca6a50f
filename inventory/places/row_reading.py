"""What reading a list row by row has in common, whatever the list is of: its table, ward, cells, position.

Pure. A list's own columns are words with the values of import_columns.Column where they mean the same
(ward, ward_code, lat, lon, position), so that a reader here finds them in any list.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from inventory import geodesy
from inventory.places import import_cells as cells
from inventory.places.import_columns import Column, Table
from inventory.places.import_problems import RowProblem, Value, row_problem
from inventory.places.import_wards import Gazetteer, KnownArea
from inventory.places.reading import Book, Sheet
from inventory.wording import fold

C = TypeVar("C", bound=StrEnum)
T = TypeVar("T")

#: Boundaries are for reference and were simplified by about 12 m.
OUTSIDE_TOLERANCE_M = 20.0


class ProblemMaker(Protocol):
    """Makes the problem of a code, with the level and sentence that a list's own tables give it."""

    def __call__(self, sheet: str, row: int, column: str, code: str, **values: Value) -> RowProblem:
        """The problem."""


@dataclass(frozen=True)
class Defaults:
    """What the person says about the whole file, for rows that say nothing themselves."""

    source: str = ""
    licence: str = ""
    synthetic: bool | None = None


def choose(book: Book, find: Callable[[Sheet], Table[C] | None]) -> tuple[Table[C] | None, list[RowProblem]]:
    """The first sheet that is such a list, and what is to be said of the file and its other sheets."""
    chosen: Table[C] | None = None
    problems: list[RowProblem] = []
    for sheet in book.sheets:
        table = find(sheet) if chosen is None else None
        if table is not None:
            chosen = table
        elif any(cell.strip() for row in sheet.rows for cell in row):
            problems.append(row_problem(sheet.name, 0, "", "sheet_skipped"))
    problems = problems if chosen else []
    if book.encoding == "cp1258":
        problems.append(row_problem("", 0, "", "guessed_encoding"))
    if chosen is not None:
        problems += [_of_table(chosen, "unknown_column", heading) for heading in chosen.unknown]
        problems += [_of_table(chosen, "column_twice", heading) for heading in chosen.twice]
    return chosen, problems


def _of_table(table: Table[Any], code: str, heading: str) -> RowProblem:
    return row_problem(table.sheet.name, table.heading_row, heading, code, heading=heading)


class RowReader:
    """Reads the rows of one table and gathers their problems; `failed` says that this row has an error."""

    def __init__(self, table: Table[Any], gazetteer: Gazetteer, problem: ProblemMaker) -> None:
        self.table, self.gazetteer, self._problem = table, gazetteer, problem
        self.headings = tuple(table.headings.items())
        self.problems: list[RowProblem] = []
        self.seen = False
        self.row_number = 0
        self.row: Sequence[str] = ()
        self.failed = False

    def lacks(self) -> bool:
        """Whether this row lacks what every row of the list has: then it may be a total."""
        raise NotImplementedError

    def filled(self) -> Iterator[int]:
        """Step through the rows that say something, and pass over totals."""
        for index, row in enumerate(self.table.sheet.rows[self.table.first :], start=self.table.first + 1):
            if not any(cell.strip() for cell in row):
                continue
            self.row_number, self.row, self.failed = index, row, False
            if self._says_total() and self.lacks():
                self.say("total_row")
                continue
            self.seen = True
            yield index
        if not self.seen:
            self.problems.insert(0, self._problem(self.table.sheet.name, 0, "", "no_rows"))

    def _says_total(self) -> bool:
        first = next((text for cell in self.row if (text := fold(cell))), "")
        return bool(re.match(r"(tong cong|tong so|tong|cong)( |:|$)", first))

    def say(self, code: str, column: StrEnum | None = None, **values: Value) -> None:
        """Note a problem of this row."""
        heading = self.table.headings.get(column, "") if column else ""
        found = self._problem(self.table.sheet.name, self.row_number, heading, code, **values)
        self.problems.append(found)
        self.failed = self.failed or found.level == "error"

    def cell(self, column: StrEnum) -> str:
        """The cell of a column, "" where the row or the table has none."""
        position = self.table.columns.get(column)
        return self.row[position] if position is not None and position < len(self.row) else ""

    def area(self) -> KnownArea | None:
        """The ward that the row names, by its code or its name."""
        code, name = cells.read_text(self.cell(Column.WARD_CODE)), cells.read_text(self.cell(Column.WARD))
        if not code and not name:
            self.say("missing_ward", Column.WARD if Column.WARD in self.table.columns else Column.WARD_CODE)
            return None
        named = self.gazetteer.named(name) if name else []
        if not code:
            return self._named(name, named)
        area = self.gazetteer.coded(code)
        if area is None:
            self.say("unknown_ward", Column.WARD_CODE, text=code[:40])
        elif name and area not in named:
            self.say("ward_code_disagrees", Column.WARD, ward_code=code, known=area.name, text=name[:60])
        return area

    def _named(self, name: str, named: list[KnownArea]) -> KnownArea | None:
        if len(named) == 1:
            return named[0]
        if named:
            self.say("ward_ambiguous", Column.WARD, text=name[:60])
        elif guess := self.gazetteer.guess(name):
            self.say("unknown_ward_guess", Column.WARD, text=name[:60], guess=guess)
        else:
            self.say("unknown_ward", Column.WARD, text=name[:60])
        return None

    def text(self, column: StrEnum, longest: int) -> str | None:
        """A cell's text; None for an empty one."""
        text = cells.read_text(self.cell(column))
        if len(text) > longest:
            self.say("too_long", column, limit=longest)
            return None
        if cells.looks_like_formula(text):
            self.say("formula_text", column)
        return text or None

    def checked(self, column: StrEnum, read: T | cells.Fault | None) -> T | None:
        """What a cell's reader answered; its fault becomes a problem."""
        if isinstance(read, cells.Fault):
            self.say(read.code, column, **dict(read.values))
            return None
        return read

    def flag(self, column: StrEnum) -> bool | None:
        """Yes or no."""
        return self.checked(column, cells.read_yes_no(self.cell(column)))

    def position(self) -> geodesy.Position | None:
        """From the two columns; where both are empty, from the one that holds both."""
        pair = cells.read_pair(self.cell(Column.LAT), self.cell(Column.LON))
        if pair is not None:
            return self.checked(Column.LAT, pair)
        return self.checked(Column.POSITION, cells.read_position(self.cell(Column.POSITION)))

    def check_ward(self, area: KnownArea, position: geodesy.Position | None) -> None:
        """Warn where the position lies outside the ward's line."""
        if position is None or not area.boundary:
            return
        metres = geodesy.distance_outside_m(area.boundary, *position)
        if metres > OUTSIDE_TOLERANCE_M:
            column = Column.LAT if Column.LAT in self.table.columns else Column.POSITION
            self.say("outside_ward", column, ward=area.name, metres=f"{round(metres):,}".replace(",", "."))
