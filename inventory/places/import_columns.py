"""Column names of a list of places, however an office writes them, and where the headings stand.

`Headings` finds the columns of any list; the other lists of an office bring their own names.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from inventory.places.reading import Sheet
from inventory.wording import clean, fold

C = TypeVar("C", bound=StrEnum)

#: Titles, the issuing office and the date stand above the headings.
HEADING_WITHIN = 30


class Column(StrEnum):
    """What a column of a list of places can hold."""

    CODE = "code"
    WARD_CODE = "ward_code"
    WARD = "ward"
    NUMBER = "number"
    NAME = "name"
    VENUE = "venue"
    VENUE_KIND = "venue_kind"
    ADDRESS = "address"
    LAT = "lat"
    LON = "lon"
    POSITION = "position"
    VOTERS = "voters"
    OPENS = "opens_at"
    CLOSES = "closes_at"
    RESTRICTED = "restricted"
    SOURCE = "source"
    LICENCE = "licence"
    SYNTHETIC = "synthetic"


#: The heading that an export writes, then others that are understood; all compared without marks.
HEADINGS: Mapping[Column, tuple[str, ...]] = {
    column: tuple(names.split(" | "))
    for column, names in {
        Column.CODE: (
            "Mã | Mã KVBP | Mã khu vực bỏ phiếu | Mã khu vực | Mã nơi bỏ phiếu | code | id | place code"
        ),
        Column.WARD_CODE: (
            "Mã phường | Mã xã | Mã phường/xã | Mã xã/phường | Mã xã, phường, thị trấn"
            " | Mã đơn vị | Mã đơn vị hành chính | Mã ĐVHC | ward code | commune code"
        ),
        Column.WARD: (
            "Phường/xã | Phường | Xã | Xã/phường | Tên phường | Tên xã | Tên phường/xã"
            " | Phường, xã, thị trấn | Xã, phường, thị trấn | Đơn vị | Đơn vị hành chính"
            " | Địa bàn | ward | ward name | commune"
        ),
        Column.NUMBER: (
            "Số KVBP | KVBP | KVBP số | Khu vực bỏ phiếu số | Số khu vực bỏ phiếu | Số khu vực"
            " | Khu vực số | KV số | Số KV | Số hiệu khu vực bỏ phiếu | area no | area number"
            " | number | polling area | polling area no | polling area number"
        ),
        Column.NAME: "Tên khu vực bỏ phiếu | Khu vực bỏ phiếu | Tên KVBP | Tên khu vực | area name | name",
        Column.VENUE: (
            "Địa điểm | Địa điểm bỏ phiếu | Tên địa điểm | Nơi bỏ phiếu | Phòng bỏ phiếu"
            " | Địa điểm phòng bỏ phiếu | Địa điểm đặt phòng bỏ phiếu | venue | venue name"
            " | polling place | polling station"
        ),
        Column.VENUE_KIND: (
            "Loại địa điểm | Loại | Loại hình | Loại hình địa điểm | venue kind | venue type | kind | type"
        ),
        Column.ADDRESS: "Địa chỉ | Địa chỉ phòng bỏ phiếu | address",
        Column.LAT: "Vĩ độ | lat | latitude",
        Column.LON: "Kinh độ | lon | lng | long | longitude",
        Column.POSITION: (
            "Tọa độ | Vị trí | Tọa độ GPS | GPS | position | coordinates | lat lon | lat lng | latlon"
        ),
        Column.VOTERS: (
            "Cử tri | Số cử tri | Tổng số cử tri | Số lượng cử tri | Tổng cử tri | voters"
            " | voter count | electors"
        ),
        Column.OPENS: (
            "Giờ mở | Mở cửa | Giờ mở cửa | Giờ bắt đầu | Giờ bỏ phiếu | Thời gian bỏ phiếu"
            " | opens at | opens | opening time | opening hours"
        ),
        Column.CLOSES: (
            "Giờ đóng | Đóng cửa | Giờ đóng cửa | Giờ kết thúc | closes at | closes | closing time"
        ),
        Column.RESTRICTED: (
            "Hạn chế | Nơi hạn chế | Địa điểm hạn chế | Hạn chế vào | Không công khai | restricted"
        ),
        Column.SOURCE: "Nguồn | Nguồn dữ liệu | Nguồn số liệu | source",
        Column.LICENCE: "Giấy phép | Giấy phép dữ liệu | licence | license",
        Column.SYNTHETIC: "Minh họa | Dữ liệu minh họa | Dữ liệu giả lập | synthetic",
    }.items()
}

#: Columns that offices keep for themselves; they are passed over without a word.
_PASSED_OVER = frozenset({"stt", "tt", "so tt", "so thu tu", "ghi chu", "note", "notes", "no", "#"})


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9#]+", " ", fold(heading)).split())


@dataclass(frozen=True)
class Table(Generic[C]):
    """A sheet whose headings were found: `first` is the index of the first row below them."""

    sheet: Sheet
    heading_row: int
    first: int
    columns: Mapping[C, int]
    headings: Mapping[C, str]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]


class Headings(Generic[C]):
    """The names that a list's columns go by, and whether the columns found are `enough` for such a list."""

    def __init__(self, names: Mapping[C, Sequence[str]], enough: Callable[[set[C]], bool]) -> None:
        self._by_name = {_plain(name): column for column, known in names.items() for name in known}
        self._enough = enough

    def recognise(self, heading: str) -> C | None:
        """The column that a heading names; words in parentheses ("Cử tri (người)") may follow."""
        column = self._by_name.get(_plain(heading))
        return column or self._by_name.get(_plain(re.sub(r"\([^)]*\)", " ", heading)))

    def find(self, sheet: Sheet) -> Table[C] | None:
        """Find the row of headings: the one among the first rows that names most columns."""
        best: tuple[int, int] | None = None
        for index, row in enumerate(sheet.rows[:HEADING_WITHIN]):
            found = {column for heading in row if (column := self.recognise(heading))}
            if not self._enough(found):
                continue
            if best is None or len(found) > best[0]:
                best = (len(found), index)
        return self._table(sheet, best[1]) if best else None

    def _table(self, sheet: Sheet, index: int) -> Table[C]:
        columns: dict[C, int] = {}
        headings: dict[C, str] = {}
        unknown: list[str] = []
        twice: list[str] = []
        for position, written in enumerate(sheet.rows[index]):
            heading = clean(written)
            column = self.recognise(heading)
            if column is None:
                if heading and _plain(heading) not in _PASSED_OVER:
                    unknown.append(heading[:60])
            elif column in columns:
                twice.append(heading[:60])
            else:
                columns[column], headings[column] = position, heading[:60]
        first = index + 1
        while first < len(sheet.rows) and _is_numbering(sheet.rows[first]):
            first += 1
        return Table(sheet, index + 1, first, columns, headings, tuple(unknown), tuple(twice))


def _enough(found: set[Column]) -> bool:
    """A list of places names the ward and the polling area."""
    ward = found & {Column.WARD, Column.WARD_CODE}
    return bool(ward and found & {Column.NUMBER, Column.NAME})


_PLACES = Headings(HEADINGS, _enough)
recognise, find_table = _PLACES.recognise, _PLACES.find


def _is_numbering(row: Sequence[str]) -> bool:
    """The line "(1) (2) (3)" that official tables have below their headings."""
    written = [cell.strip() for cell in row if cell.strip()]
    return bool(written) and all(re.fullmatch(r"\([0-9A-Za-z]{1,3}\)", cell) for cell in written)
