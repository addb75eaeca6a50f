"""What the import's page shows: sentences and values in the reader's language, and never too many."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from inventory.labels import label
from inventory.pages import language
from inventory.places.import_cells import degrees_text
from inventory.places.import_columns import Column
from inventory.places.import_plan import PlaceChange
from inventory.places.import_problems import Level, RowProblem
from inventory.vocabulary import VenueKind
from inventory.wording import UNKNOWN, number

#: More lines than this help nobody; the counts beside them are always those of the whole file.
MOST = 300

FIELD_LABELS: Mapping[Column, Any] = {
    Column.NUMBER: _l("Số khu vực bỏ phiếu"),
    Column.NAME: _l("Tên khu vực bỏ phiếu"),
    Column.VENUE: _l("Địa điểm"),
    Column.VENUE_KIND: _l("Loại địa điểm"),
    Column.ADDRESS: _l("Địa chỉ"),
    Column.POSITION: _l("Vị trí"),
    Column.VOTERS: _l("Số cử tri"),
    Column.OPENS: _l("Giờ mở cửa"),
    Column.CLOSES: _l("Giờ đóng cửa"),
    Column.RESTRICTED: _l("Hạn chế vào"),
    Column.SOURCE: _l("Nguồn"),
    Column.LICENCE: _l("Giấy phép"),
    Column.SYNTHETIC: _l("Minh họa"),
}


@dataclass(frozen=True)
class ShownProblem:
    """One line of a table of problems."""

    sheet: str
    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Shown:
    """The first lines of a list and how many it has."""

    lines: Sequence[Any]
    total: int


@dataclass(frozen=True)
class ShownChange:
    """One field of one place: what it was and what it becomes."""

    code: str
    place: str
    field: str
    old: str
    new: str


def shown_problems(problems: Iterable[RowProblem], level: Level) -> Shown:
    """The problems of one level, in the order of the file."""
    chosen = [problem for problem in problems if problem.level == level]
    lines = [
        ShownProblem(problem.sheet, problem.row, problem.column, problem.sentence(gettext))
        for problem in chosen[:MOST]
    ]
    return Shown(lines, len(chosen))


def shown_changes(changed: Sequence[PlaceChange]) -> Shown:
    """The changed places, field by field; the total counts places."""
    lines = [
        ShownChange(
            change.known.code,
            change.known.name,
            str(FIELD_LABELS[found.field]),
            value_text(found.old),
            value_text(found.new),
        )
        for change in changed[:MOST]
        for found in change.changes
    ]
    return Shown(lines, len(changed))


def value_text(value: object) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return str(gettext("có") if value else gettext("không"))
    if isinstance(value, VenueKind):
        return label(value)
    if isinstance(value, int):
        return number(value, locale=language())
    if isinstance(value, time):
        return f"{value.hour:02}:{value.minute:02}"
    if isinstance(value, tuple):
        return "; ".join(degrees_text(part) for part in value)
    return str(value)
