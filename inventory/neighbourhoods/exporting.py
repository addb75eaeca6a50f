"""The list of neighbourhoods as rows that an import reads back without a change, and the empty form. Pure."""

from collections.abc import Iterable

from inventory.neighbourhoods.import_plan import KnownNeighbour
from inventory.neighbourhoods.import_reading import COLUMNS, HEADINGS, Column
from inventory.places.exporting import Cell

#: What an office fills in itself; source and licence can be said for the whole file.
_TEMPLATE = tuple(
    column for column in COLUMNS if column not in {Column.SOURCE, Column.LICENCE, Column.SYNTHETIC}
)


def export_rows(known: Iterable[KnownNeighbour]) -> list[list[Cell]]:
    """Headings, then one row a neighbourhood; numbers stay numbers, unknown is an empty text."""
    return [
        [HEADINGS[column][0] for column in COLUMNS],
        *([_cell(one, column) for column in COLUMNS] for one in known),
    ]


def template_rows() -> list[list[Cell]]:
    """Only the headings that an office fills in."""
    return [[HEADINGS[column][0] for column in _TEMPLATE]]


def _cell(one: KnownNeighbour, column: Column) -> Cell:
    if column is Column.WARD_CODE:
        return one.area_code
    if column is Column.WARD:
        return one.area_name
    if column in (Column.LAT, Column.LON):
        return one.position[column is Column.LON] if one.position else ""
    value: Cell | bool | None = getattr(one, column.value)
    if isinstance(value, bool):
        return "có" if value else "không"
    return "" if value is None else value
