"""The columns of the investment list's files, and what a line says in each of them.

Files are in Vietnamese: they go into an office's dossier whatever language the reader's screen has.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from inventory.vocabulary import GapReason, LineAction
from inventory.wording import clean
from maps.investment.lines import Line

Cell = str | int | None

#: A spreadsheet cell holds 32,767 characters; a longer text is cut and says so.
LONGEST_TEXT = 32_000
DEMO = "DỮ LIỆU MINH HỌA"
WHOLE_WARD = "Toàn phường, xã"

ACTIONS = {
    LineAction.BUY: "Mua mới",
    LineAction.REPLACE: "Thay thế",
    LineAction.REPAIR: "Sửa chữa",
    LineAction.VERIFY: "Xác minh",
    LineAction.SURVEY: "Khảo sát",
}
REASONS = {
    GapReason.NOT_SURVEYED: "Chưa khảo sát",
    GapReason.NOTHING_RECORDED: "Chưa có",
    GapReason.BROKEN: "Hỏng",
    GapReason.WAITING: "Chờ xác minh",
    GapReason.TOO_FAR: "Ở quá xa",
}


class Shape(Enum):
    """What a column holds. Codes are text: their leading zeros count."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    MONEY = "money"


@dataclass(frozen=True)
class Column:
    """A column: `width` in characters, `printed` when it fits the sheet of paper."""

    key: str
    title: str
    shape: Shape
    width: int
    say: Callable[[Line], Cell]
    printed: bool = True


def text(value: str) -> str:
    """Text as files hold it: clean, and never longer than a cell."""
    kept = clean(value)
    return kept if len(kept) <= LONGEST_TEXT else kept[: LONGEST_TEXT - 1] + "…"


def _venue(line: Line) -> str:
    return line.venue_name or line.place_name or WHOLE_WARD


def _action(line: Line) -> str:
    if line.quantity:
        return ACTIONS[line.action]
    return "Lấy từ kho" if line.from_store else "Dùng chung"


def _source(line: Line) -> str:
    return f"{line.price_source} (giá tạm tính)" if line.price_guess else line.price_source


#: STT is the row's number in its table and is set there; printed columns come first.
COLUMNS = (
    Column("area", "Phường, xã", Shape.TEXT, 18, lambda line: line.area_name),
    Column("place_number", "KVBP số", Shape.NUMBER, 7, lambda line: line.place_number),
    Column("venue", "Địa điểm", Shape.TEXT, 26, _venue),
    Column("requirement", "Yêu cầu", Shape.TEXT, 26, lambda line: line.requirement),
    Column("state", "Hiện trạng", Shape.TEXT, 12, lambda line: REASONS[line.reason] if line.reason else ""),
    Column("action", "Việc", Shape.TEXT, 10, _action),
    Column("kind", "Loại hình", Shape.TEXT, 20, lambda line: line.kind_name),
    Column("unit", "ĐVT", Shape.TEXT, 8, lambda line: line.unit),
    Column("quantity", "Số lượng", Shape.NUMBER, 8, lambda line: line.quantity),
    Column("unit_price", "Đơn giá (đồng)", Shape.MONEY, 13, lambda line: line.unit_price),
    Column("amount", "Thành tiền (đồng)", Shape.MONEY, 16, lambda line: line.amount),
    Column(
        "priority", "Mức ưu tiên", Shape.TEXT, 11, lambda line: "Bắt buộc" if line.mandatory else "Nên có"
    ),
    Column("why", "Lý do", Shape.TEXT, 48, lambda line: line.why_vi),
    Column("voters", "Cử tri", Shape.NUMBER, 9, lambda line: line.voters, printed=False),
    Column("from_store", "Lấy từ kho", Shape.NUMBER, 9, lambda line: line.from_store, printed=False),
    Column("shared", "Dùng chung", Shape.NUMBER, 9, lambda line: line.shared, printed=False),
    Column(
        "nearest_m",
        "Gần nhất (m)",
        Shape.NUMBER,
        10,
        lambda line: None if line.nearest_m is None else int(line.nearest_m + 0.5),
        printed=False,
    ),
    Column("source", "Nguồn giá", Shape.TEXT, 30, _source, printed=False),
    Column("area_code", "Mã phường, xã", Shape.CODE, 10, lambda line: line.area_code, printed=False),
    Column("kind_code", "Mã loại hình", Shape.CODE, 16, lambda line: line.kind, printed=False),
    Column("data", "Dữ liệu", Shape.TEXT, 18, lambda line: DEMO if line.synthetic else "", printed=False),
)
_WITHOUT_MONEY = {"unit_price", "amount", "source"}
_OF_ONE_THING = {"requirement", "state", "kind", "from_store", "shared", "nearest_m", "kind_code"}

UNPRICED_COLUMNS = tuple(column for column in COLUMNS if column.key not in _WITHOUT_MONEY)
VERIFY_COLUMNS = tuple(
    column for column in UNPRICED_COLUMNS if column.key not in {"from_store", "shared", "state"}
)
SURVEY_COLUMNS = tuple(column for column in UNPRICED_COLUMNS if column.key not in _OF_ONE_THING)


def cells(line: Line, columns: tuple[Column, ...]) -> tuple[Cell, ...]:
    """What a line says in these columns."""
    said = (column.say(line) for column in columns)
    return tuple(text(value) if isinstance(value, str) else value for value in said)
