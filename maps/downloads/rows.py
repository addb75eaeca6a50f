"""One row model of the investment list, so that every file says the same, to the đồng.

Values in, values out: an InvestmentList and what the files say about it become a Document, which
the writers beside this file turn into bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from inventory.vocabulary import Figure
from inventory.wording import day, moment, money, money_words, number, percent, vietnamese_key
from maps.downloads.columns import (
    COLUMNS,
    DEMO,
    SURVEY_COLUMNS,
    UNPRICED_COLUMNS,
    VERIFY_COLUMNS,
    Cell,
    Column,
    cells,
    text,
)
from maps.investment.lines import InvestmentList, Line

TITLE = "Danh mục đề xuất đầu tư hệ thống tuyên truyền trực quan"
FIGURES = {Figure.REPORTED: "số liệu đã báo cáo", Figure.VERIFIED: "số liệu đã xác minh"}


@dataclass(frozen=True)
class Heading:
    """What the files say about a list. Shares are 0 to 1; totals are whole đồng of both figures.

    `surveyed` of `spots` places and wards are fully surveyed. `made_at` is given, so that the same
    list always makes the same bytes. `more` are notes on what the list is, beside the usual ones.
    """

    campaign: str
    scope: str
    election_day: date
    facts_version: int
    read_at: datetime
    standard: str
    book: str
    book_source: str
    book_date: str
    share_reported: float | None
    share_verified: float | None
    surveyed: int
    spots: int
    total_reported: int
    total_verified: int
    synthetic: bool
    made_at: datetime
    title: str = TITLE
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Group:
    """The lines of one ward and their sum, in đồng."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]
    subtotal: int


@dataclass(frozen=True)
class Sum:
    """A priced line that is added to the works. A `percent` is taken of all sums above it."""

    title: str
    percent: int | None
    amount: int


@dataclass(frozen=True)
class Section:
    """Lines without an amount, on a sheet of their own."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Document:
    """The whole file: `total` = sum of `sums`, the first of which is the works."""

    title: str
    about: tuple[str, ...]
    warning: str
    campaign: str
    facts_version: int
    figure: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    sums: tuple[Sum, ...]
    total: int
    words: str
    sections: tuple[Section, ...]
    notes: tuple[tuple[str, str], ...]
    made_at: datetime


def document(found: InvestmentList, heading: Heading) -> Document:
    """The row model of a list."""
    return Document(
        title=text(heading.title),
        about=_about(found, heading),
        warning=DEMO if _is_synthetic(found, heading) else "",
        campaign=text(heading.campaign),
        facts_version=heading.facts_version,
        figure=FIGURES[found.figure],
        columns=COLUMNS,
        groups=_groups(found),
        sums=_sums(found),
        total=found.total,
        words=money_words(found.total),
        sections=_sections(found),
        notes=_notes(found, heading),
        made_at=heading.made_at,
    )


def _groups(found: InvestmentList) -> tuple[Group, ...]:
    """Wards in Vietnamese order; inside a ward the lines keep their priority."""
    lines: dict[int, list[Line]] = {}
    for line in found.priced:
        lines.setdefault(line.area_id, []).append(line)
    return tuple(
        Group(text(ward.area_name), tuple(cells(line, COLUMNS) for line in lines[ward.area_id]), ward.amount)
        for ward in found.subtotals
    )


def _sums(found: InvestmentList) -> tuple[Sum, ...]:
    added = (Sum(one.label.vi, None if one.included else one.percent, one.amount) for one in found.additions)
    return Sum("Cộng các hạng mục", None, found.works), *added


def _sections(found: InvestmentList) -> tuple[Section, ...]:
    return (
        _section(
            "Chưa có đơn giá", "Chưa có đơn giá: không nằm trong tổng", UNPRICED_COLUMNS, found.unpriced
        ),
        _section("Chờ xác minh", "Chờ xác minh: xác minh trước khi mua", VERIFY_COLUMNS, found.to_verify),
        _section("Chưa khảo sát", "Chưa khảo sát: chưa biết thiếu đủ", SURVEY_COLUMNS, found.to_survey),
        _section(
            "Không cần kinh phí", "Lấy từ kho hoặc dùng chung địa điểm", UNPRICED_COLUMNS, found.covered
        ),
    )


def _section(name: str, title: str, columns: tuple[Column, ...], lines: Iterable[Line]) -> Section:
    ordered = sorted(lines, key=lambda line: (vietnamese_key(line.area_name), line.area_id))
    return Section(name, title, columns, tuple(cells(line, columns) for line in ordered))


def _is_synthetic(found: InvestmentList, heading: Heading) -> bool:
    lists = (found.priced, found.unpriced, found.to_verify, found.to_survey, found.covered)
    return heading.synthetic or any(line.synthetic for lines in lists for line in lines)


def _about(found: InvestmentList, heading: Heading) -> tuple[str, ...]:
    """Two lines under the title: whose list it is, and how sure it is."""
    whose = f"{heading.scope} · {heading.campaign} · bầu cử ngày {day(heading.election_day)}"
    facts = f"Dữ kiện phiên bản {number(heading.facts_version)}, lúc {moment(heading.read_at)}"
    return text(f"{whose} · {facts}"), _both_figures(found, heading)


def _both_figures(found: InvestmentList, heading: Heading) -> str:
    met = f"{percent(heading.share_verified)} / {percent(heading.share_reported)}"
    surveyed = f"{number(heading.surveyed)}/{number(heading.spots)} nơi đã khảo sát"
    return (
        f"Tính theo {FIGURES[found.figure]} · Yêu cầu đã đạt (đã xác minh / đã báo cáo): {met} · {surveyed}"
    )


def _notes(found: InvestmentList, heading: Heading) -> tuple[tuple[str, str], ...]:
    """Everything a reader needs to check the file, as (what, text)."""
    guesses = sum(line.price_guess for line in found.priced)
    said = [
        ("Danh mục", heading.title),
        *heading.more,
        ("Phạm vi", heading.scope),
        ("Cuộc bầu cử", f"{heading.campaign}, ngày {day(heading.election_day)}"),
        ("Dữ kiện", f"Phiên bản {number(heading.facts_version)}, lúc {moment(heading.read_at)}"),
        ("Lập lúc", moment(heading.made_at)),
        ("Tiêu chuẩn", heading.standard),
        ("Sổ giá", f"{heading.book}; nguồn: {heading.book_source}; giá ngày {heading.book_date}"),
        ("Số liệu", _both_figures(found, heading)),
        ("Tổng theo số liệu đã báo cáo", money(heading.total_reported)),
        ("Tổng theo số liệu đã xác minh", money(heading.total_verified)),
        ("Bằng chữ", money_words(found.total)),
        ("Giá tạm tính", f"{number(guesses)} dòng dùng giá tạm tính, cần thay bằng báo giá"),
        ("Chưa có đơn giá", f"{number(len(found.unpriced))} dòng, không nằm trong tổng"),
        ("Chờ xác minh", f"{number(len(found.to_verify))} dòng, không có số tiền"),
        ("Chưa khảo sát", f"{number(len(found.to_survey))} nơi, không nằm trong tổng"),
        ("Không cần kinh phí", f"{number(len(found.covered))} dòng lấy từ kho hoặc dùng chung địa điểm"),
        ("Thứ tự", "Trong mỗi phường, xã: bắt buộc trước, rồi nơi đông cử tri hơn"),
        ("Làm tròn", "Đơn giá theo m² và mỗi khoản phần trăm được làm tròn một lần đến đồng"),
        (
            "Yêu cầu có khoảng cách",
            "Tính riêng cho từng nơi; một thứ mua mới có thể phục vụ nhiều nơi gần nhau",
        ),
    ]
    if _is_synthetic(found, heading):
        said.insert(0, (DEMO, "Có dữ liệu dựng để minh họa; không dùng để trình duyệt"))
    return tuple((what, text(value)) for what, value in said)
