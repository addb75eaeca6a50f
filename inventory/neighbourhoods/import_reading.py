"""Sheets of text into neighbourhoods, row by row, with every problem named. Pure.

The parts that read a list of places read this one; here are its columns and what is its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from inventory.geodesy import Position
from inventory.neighbourhoods.import_problems import row_problem
from inventory.neighbourhoods.rules import MOST_HOUSEHOLDS, MOST_VOTERS
from inventory.places import import_cells as cells
from inventory.places.import_columns import HEADINGS as OF_PLACES
from inventory.places.import_columns import Column as PlaceColumn
from inventory.places.import_columns import Headings, Table
from inventory.places.import_problems import RowProblem
from inventory.places.import_wards import Gazetteer, KnownArea
from inventory.places.reading import Book
from inventory.places.row_reading import Defaults, RowReader, choose
from inventory.wording import clean


class Column(StrEnum):
    """What a column of a list of neighbourhoods can hold."""

    CODE = "code"
    WARD_CODE = "ward_code"
    WARD = "ward"
    NAME = "name"
    NUMBER = "number"
    HOUSEHOLDS = "households"
    VOTERS = "voters"
    LAT = "lat"
    LON = "lon"
    POSITION = "position"
    SOURCE = "source"
    LICENCE = "licence"
    SYNTHETIC = "synthetic"


#: What a list of places calls the same; the heading that an export writes comes first.
_SHARED = tuple(word for word in Column if word not in {Column.CODE, Column.NAME, Column.HOUSEHOLDS})
HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.CODE: (
        *("Mã khu phố, thôn", "Mã", "Mã khu phố", "Mã thôn", "Mã khu dân cư", "Mã bản", "Mã tổ dân phố"),
        *("code", "id", "neighbourhood code"),
    ),
    Column.NAME: (
        *("Khu phố, thôn", "Khu phố", "Thôn", "Khu dân cư", "Tổ dân phố", "Bản", "Khu", "Xóm", "Ấp"),
        *("Thôn, khu phố", "Thôn/khu phố", "Khu phố/thôn", "Thôn, bản", "Tên khu phố", "Tên thôn", "Tên"),
        *("Tên khu dân cư", "Tên tổ dân phố", "Khu phố (thôn)", "neighbourhood", "village", "hamlet", "name"),
    ),
    Column.HOUSEHOLDS: (
        *("Số hộ", "Hộ", "Hộ dân", "Số hộ dân", "Tổng số hộ", "Hộ gia đình", "Số hộ gia đình"),
        *("households", "household count"),
    ),
    **{word: OF_PLACES[PlaceColumn(word.value)] for word in _SHARED},
}
#: The columns of an export, in the order an office reads them.
COLUMNS = tuple(column for column in Column if column is not Column.POSITION)

_LONGEST = {Column.CODE: 32, Column.NAME: 200, Column.SOURCE: 500, Column.LICENCE: 120}


def _enough(found: set[Column]) -> bool:
    return bool(found & {Column.WARD, Column.WARD_CODE}) and Column.NAME in found


_LIST = Headings(HEADINGS, _enough)


@dataclass(frozen=True)
class NeighbourRow:
    """One row that could be read; None where the file says nothing. `number` is the polling area's."""

    sheet: str
    row: int
    area: KnownArea
    name: str
    code: str | None = None
    number: int | None = None
    households: int | None = None
    voters: int | None = None
    position: Position | None = None
    source: str | None = None
    licence: str | None = None
    synthetic: bool | None = None
    headings: tuple[tuple[Column, str], ...] = field(default=(), repr=False)

    def heading(self, column: Column) -> str:
        """The file's own name of a column, "" where it has none."""
        return dict(self.headings).get(column, "")


@dataclass(frozen=True)
class FileRead:
    """The rows of a file that could be read, and the problems of all others."""

    rows: tuple[NeighbourRow, ...]
    problems: tuple[RowProblem, ...]


def read_neighbourhoods(book: Book, areas: Sequence[KnownArea], defaults: Defaults | None = None) -> FileRead:
    """Read the first sheet that is a list of neighbourhoods; the others are named in a warning."""
    table, problems = choose(book, _LIST.find)
    if table is None:
        return FileRead((), (*problems, row_problem("", 0, "", "no_columns")))
    reader = _Reader(table, Gazetteer(areas), defaults or Defaults())
    rows = [reader.neighbour() for _row in reader.filled()]
    return FileRead(tuple(row for row in rows if row is not None), (*problems, *reader.problems))


class _Reader(RowReader):
    """Reads the rows of one list of neighbourhoods."""

    def __init__(self, table: Table[Column], gazetteer: Gazetteer, defaults: Defaults) -> None:
        super().__init__(table, gazetteer, row_problem)
        self.defaults = defaults

    def lacks(self) -> bool:
        """Every neighbourhood has a name and a ward."""
        return not self.cell(Column.NAME) or not (self.cell(Column.WARD) or self.cell(Column.WARD_CODE))

    def neighbour(self) -> NeighbourRow | None:
        """The row, or None after an error."""
        area = self.area()
        texts = {column: self.text(column, longest) for column, longest in _LONGEST.items()}
        number = self.checked(Column.NUMBER, cells.read_number(self.cell(Column.NUMBER)))
        households = self._count(Column.HOUSEHOLDS, MOST_HOUSEHOLDS)
        voters = self._count(Column.VOTERS, MOST_VOTERS)
        position, synthetic = self.position(), self.flag(Column.SYNTHETIC)
        name = texts[Column.NAME]
        if not clean(self.cell(Column.NAME)):
            self.say("missing_name", Column.NAME)
        if area is None or name is None or self.failed:
            return None
        self.check_ward(area, position)
        return NeighbourRow(
            sheet=self.table.sheet.name,
            row=self.row_number,
            area=area,
            name=name,
            code=texts[Column.CODE],
            number=number,
            households=households,
            voters=voters,
            position=position,
            source=texts[Column.SOURCE] or self.defaults.source or None,
            licence=texts[Column.LICENCE] or self.defaults.licence or None,
            synthetic=self.defaults.synthetic if synthetic is None else synthetic,
            headings=self.headings,
        )

    def _count(self, column: Column, most: int) -> int | None:
        """Households or voters; the sentences of a list of places speak of voters, these do not."""
        read = cells.read_voters(self.cell(column).replace(" hộ", ""))
        if isinstance(read, cells.Fault) or (read is not None and read > most):
            self.say("count_unreadable", column, text=clean(self.cell(column))[:40])
            return None
        return read
