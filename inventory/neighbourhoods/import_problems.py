"""What can be wrong in a list of neighbourhoods, beside what can be in a list of places. Pure."""

from inventory.outcomes import Problem
from inventory.places import import_problems as of_places
from inventory.places.import_problems import Level, RowProblem, Value

_ERRORS = (
    Problem("no_columns", "Không tìm thấy dòng tiêu đề có cột phường/xã và cột khu phố, thôn."),
    Problem("missing_name", "Thiếu tên khu phố, thôn."),
    Problem("count_unreadable", "“%(text)s” không phải số nguyên dùng được ở cột này."),
    Problem("duplicate", "Trùng với dòng %(other)s: cùng phường, xã và cùng mã hoặc tên."),
    Problem("name_taken", "%(ward)s đã có “%(name)s” với mã “%(known)s”. Hãy dùng mã đó."),
    Problem("unknown_place", "%(ward)s không có khu vực bỏ phiếu số %(number)s trong danh sách."),
)

_WARNINGS = (
    Problem("no_place", "Chưa ghi bỏ phiếu ở khu vực nào; cử tri ở đây chưa tính được."),
    Problem("no_voters", "Chưa có số cử tri; cử tri ở đây chưa tính được."),
    Problem("no_position", "Chưa có vị trí; vẫn tính cử tri ở nơi bỏ phiếu."),
    Problem(
        "sum_differs",
        "Khu vực bỏ phiếu số %(number)s của %(ward)s: các khu phố, thôn cộng lại %(together)s cử tri, danh"
        " sách nơi bỏ phiếu ghi %(voters)s.",
    ),
)

_OWN: dict[str, tuple[Level, Problem]] = {
    **{problem.code: ("error", problem) for problem in _ERRORS},
    **{problem.code: ("warning", problem) for problem in _WARNINGS},
}


def row_problem(sheet: str, row: int, column: str, code: str, **values: Value) -> RowProblem:
    """Make the problem of a code: of this list's own, else of a list of places."""
    if code not in _OWN:
        return of_places.row_problem(sheet, row, column, code, **values)
    level, known = _OWN[code]
    return RowProblem(sheet, row, column, level, code, known.message, tuple(values.items()))
