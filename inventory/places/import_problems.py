"""What can be wrong in a list of places: a code, a level and one Vietnamese sentence each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from inventory.outcomes import Problem

Level = Literal["error", "warning"]
Value = str | int | float


@dataclass(frozen=True)
class RowProblem:
    """One problem of a file. `row` counts from 1 as a spreadsheet does, 0 for the file or sheet.

    `column` is the heading as the file writes it, "" for the whole row. `message` is a msgid that
    `values` fill, as in outcomes.Problem.
    """

    sheet: str
    row: int
    column: str
    level: Level
    code: str
    message: str
    values: tuple[tuple[str, Value], ...] = ()

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """The sentence for people, in the language that `translate` gives."""
        text = translate(self.message)
        return text % dict(self.values) if self.values else text


_ERRORS = (
    Problem("no_columns", "Không tìm thấy dòng tiêu đề có cột phường/xã và cột số khu vực bỏ phiếu."),
    Problem("column_twice", "Có hai cột cùng nghĩa: “%(heading)s”. Hãy bỏ bớt một cột."),
    Problem("no_rows", "Dưới dòng tiêu đề không có dòng dữ liệu nào."),
    Problem("missing_ward", "Thiếu phường, xã."),
    Problem("unknown_ward", "Không có phường, xã “%(text)s” trong cuộc bầu cử này."),
    Problem("unknown_ward_guess", "Không có phường, xã “%(text)s”. Có phải là “%(guess)s”?"),
    Problem("ward_ambiguous", "Có nhiều đơn vị tên “%(text)s”. Hãy ghi rõ phường, xã hoặc mã đơn vị."),
    Problem("ward_code_disagrees", "Mã “%(ward_code)s” là của %(known)s, không phải “%(text)s”."),
    Problem("missing_number", "Thiếu số khu vực bỏ phiếu."),
    Problem("number_unreadable", "“%(text)s” không phải số khu vực bỏ phiếu (1 đến 9999)."),
    Problem("duplicate", "Trùng với dòng %(other)s: cùng mã, hoặc cùng phường, xã và số khu vực."),
    Problem("number_taken", "Khu vực số %(number)s của %(ward)s đã có, với mã “%(place_code)s”."),
    Problem("code_taken", "Mã “%(place_code)s” đã dùng cho một nơi khác."),
    Problem(
        "ward_changed", "Mã “%(place_code)s” là nơi của %(known)s. Tệp không chuyển nơi sang phường, xã khác."
    ),
    Problem("missing_venue", "Thiếu tên địa điểm bỏ phiếu của nơi mới."),
    Problem("position_half", "Vĩ độ và kinh độ phải có cả hai, hoặc cùng để trống."),
    Problem("position_unreadable", "Không đọc được tọa độ “%(text)s”. Hãy viết ví dụ 20,9531; 107,0845."),
    Problem(
        "position_swapped",
        "Vĩ độ và kinh độ có vẻ bị đổi chỗ. Nếu đúng vậy, hãy sửa thành vĩ độ %(lat)s, kinh độ %(lon)s.",
    ),
    Problem("position_vn2000", "“%(text)s” có vẻ là tọa độ phẳng VN-2000. Hãy đổi sang WGS84 (độ)."),
    Problem("position_outside", "Vị trí %(lat)s; %(lon)s nằm ngoài Việt Nam."),
    Problem("voters_unreadable", "Số cử tri “%(text)s” không phải số nguyên."),
    Problem("voters_negative", "Số cử tri “%(text)s” là số âm."),
    Problem("voters_huge", "Số cử tri “%(text)s” lớn bất thường (hơn %(limit)s)."),
    Problem("time_unreadable", "Không đọc được giờ “%(text)s”. Hãy viết ví dụ 07:00."),
    Problem("hours_reversed", "Giờ đóng phải sau giờ mở."),
    Problem("yes_no_unreadable", "Không hiểu “%(text)s”. Hãy viết có hoặc không."),
    Problem("too_long", "Nội dung dài hơn %(limit)s ký tự."),
    Problem(
        "venue_two_positions",
        "“%(venue)s” có vị trí khác ở dòng %(other)s. Nếu là hai nơi, hãy đặt hai tên khác nhau.",
    ),
    Problem(
        "venue_two_positions_known",
        "“%(venue)s” đang có vị trí khác ở nơi “%(other)s”. Nếu là hai nơi, hãy đặt hai tên khác nhau.",
    ),
    Problem("venue_disagrees", "“%(venue)s” được ghi khác ở dòng %(other)s: “%(known)s”."),
    Problem("venue_disagrees_known", "“%(venue)s” đang được ghi khác ở nơi “%(other)s”: “%(known)s”."),
)

_WARNINGS = (
    Problem("sheet_skipped", "Trang tính này không được đọc."),
    Problem("unknown_column", "Không nhận ra cột “%(heading)s”; cột này được bỏ qua."),
    Problem(
        "guessed_encoding", "Tệp không ghi rõ bảng mã; đã đọc theo Windows-1258. Hãy xem lại dấu tiếng Việt."
    ),
    Problem("total_row", "Dòng tổng cộng được bỏ qua."),
    Problem("unknown_venue_kind", "Không nhận ra loại địa điểm “%(text)s”; nơi mới được ghi là “Nơi khác”."),
    Problem("outside_ward", "Vị trí nằm ngoài ranh giới tham khảo của %(ward)s khoảng %(metres)s m."),
    Problem("shared_position", "Cùng vị trí với “%(venue)s” ở dòng %(other)s."),
    Problem("shared_position_known", "Cùng vị trí với “%(venue)s” của nơi “%(other)s”."),
    Problem("no_position", "Nơi này chưa có vị trí; bản đồ và khoảng cách chưa tính được."),
    Problem(
        "voters_few",
        "%(voters)s cử tri, ít hơn 300: chỉ được ở miền núi, hải đảo, nơi dân cư không tập trung hoặc khu vực"
        " riêng (Điều 11 Luật 85/2015/QH13).",
    ),
    Problem("voters_many", "%(voters)s cử tri, nhiều hơn 4.000 (Điều 11 Luật 85/2015/QH13)."),
    Problem("formula_text", "Nội dung giống công thức; được giữ nguyên như chữ."),
    Problem("would_blank", "Ô trống; giá trị đang có “%(known)s” được giữ nguyên."),
    Problem("would_blank_yes", "Ô trống; giá trị đang có “có” được giữ nguyên."),
    Problem("restricted_assumed", "Đơn vị vũ trang hoặc nơi giam giữ: nơi mới được ghi là hạn chế."),
)

_LEVELS: dict[str, tuple[Level, Problem]] = {
    **{problem.code: ("error", problem) for problem in _ERRORS},
    **{problem.code: ("warning", problem) for problem in _WARNINGS},
}


def row_problem(sheet: str, row: int, column: str, code: str, **values: Value) -> RowProblem:
    """Make the problem of a code; its level and sentence come from the tables above."""
    level, known = _LEVELS[code]
    return RowProblem(sheet, row, column, level, code, known.message, tuple(values.items()))


def errors_of(problems: Iterable[RowProblem]) -> tuple[RowProblem, ...]:
    """Only what keeps a file from being written."""
    return tuple(problem for problem in problems if problem.level == "error")


def warnings_of(problems: Iterable[RowProblem]) -> tuple[RowProblem, ...]:
    """Only what a person should look at."""
    return tuple(problem for problem in problems if problem.level == "warning")
