"""Rules of the area tree and of campaigns: codes, periods, moves in the tree, milestones. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from inventory.outcomes import Problem
from inventory.vocabulary import AreaKind

_AREA_CODE = re.compile(r"[0-9A-Z]{1,16}")
_CAMPAIGN_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,30}[a-z0-9])")
_MILESTONE_CODE = re.compile(r"[a-z0-9_]{1,32}")
EARLIEST, LATEST = date(1945, 9, 2), date(2100, 1, 1)
#: What lies in Vietnam, with its islands, in degrees: west, south, east, north.
VIETNAM = (102.0, 6.0, 118.0, 24.0)


@dataclass(frozen=True)
class AreaDraft:
    """An area as a form, a file or a command writes it."""

    code: str
    kind: AreaKind
    name: str
    valid_from: date
    name_en: str = ""
    valid_to: date | None = None
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    population_estimated: bool = False
    source: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Edge:
    """A child belongs to a parent from a day, until (not with) another or for good."""

    parent_id: int
    valid_from: date
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the edge holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class CampaignDraft:
    """A campaign as a form or a command writes it."""

    code: str
    name: str
    election_day: date
    decoration_deadline: date
    tree_date: date
    root_area_id: int
    pinned_today: date | None = None
    open: bool = True
    synthetic: bool = False


@dataclass(frozen=True)
class MilestoneDraft:
    """A step of an election, as days from election day (negative before it)."""

    code: str
    name_vi: str
    offset_days: int
    name_en: str = ""
    source: str = ""


def area_problems(draft: AreaDraft) -> list[Problem]:
    """What is wrong with an area by itself."""
    found = []
    if not _AREA_CODE.fullmatch(draft.code):
        found.append(Problem("code", "Mã gồm 1 đến 16 chữ số hoặc chữ cái hoa không dấu.", "code"))
    if not 0 < len(draft.name) <= 120:
        found.append(Problem("name", "Tên cần 1 đến 120 ký tự.", "name"))
    if len(draft.name_en) > 120:
        found.append(Problem("name", "Tên cần 1 đến 120 ký tự.", "name_en"))
    if len(draft.licence) > 120:
        found.append(
            Problem("licence", "Giấy phép dài nhất 120 ký tự; phần còn lại ghi vào nguồn.", "licence")
        )
    if draft.valid_to is not None and draft.valid_to <= draft.valid_from:
        found.append(Problem("period", "Ngày hết hiệu lực phải sau ngày có hiệu lực.", "valid_to"))
    if not _is_a_day(draft.valid_from):
        found.append(Problem("day", "Ngày có hiệu lực phải từ năm 1945 đến năm 2100.", "valid_from"))
    if (draft.lat is None) != (draft.lon is None):
        found.append(Problem("point", "Điểm đặt nhãn cần cả vĩ độ và kinh độ.", "lat"))
    elif draft.lat is not None and draft.lon is not None and not in_vietnam(draft.lon, draft.lat):
        found.append(Problem("point", "Điểm đặt nhãn nằm ngoài Việt Nam.", "lat"))
    if draft.population is not None and not 0 <= draft.population <= 200_000_000:
        found.append(Problem("population", "Dân số phải là số từ 0 đến 200 triệu.", "population"))
    return found


def in_vietnam(lon: float, lat: float) -> bool:
    """Whether a position lies in the box round Vietnam and its islands."""
    west, south, east, north = VIETNAM
    return west <= lon <= east and south <= lat <= north


def _is_a_day(day: date) -> bool:
    return EARLIEST <= day < LATEST


def moved(edges: Iterable[Edge], day: date, parent_id: int | None) -> list[Edge]:
    """The edges of one child when it belongs to `parent_id` from `day` on (None: to nobody).

    What was before the day stays. The new edge ends where the one it replaces would have ended, or
    where the next one begins; so edges never overlap.
    """
    kept: list[Edge] = []
    until: date | None = None
    for edge in sorted(edges, key=lambda edge: edge.valid_from):
        if edge.valid_from < day:
            if edge.covers(day):
                until = edge.valid_to
                edge = replace(edge, valid_to=day)
            kept.append(edge)
        elif edge.valid_from == day:
            until = edge.valid_to
        else:
            until = edge.valid_from if until is None else min(until, edge.valid_from)
            kept.append(edge)
    if parent_id is not None:
        kept.append(Edge(parent_id, day, until))
    return sorted(kept, key=lambda edge: edge.valid_from)


def makes_a_circle(child_id: int, edges: Iterable[Edge], tree: Mapping[int, list[Edge]]) -> bool:
    """Whether a child would stand above itself on any day, with these edges of its own.

    The tree changes only on days where an edge begins, so looking at those days is enough.
    """
    own = list(edges)
    whole = {**tree, child_id: own}
    days = {edge.valid_from for line in whole.values() for edge in line}
    return any(
        _above(edge.parent_id, child_id, day, whole) for day in days for edge in own if edge.covers(day)
    )


def _above(start: int, wanted: int, day: date, tree: Mapping[int, list[Edge]]) -> bool:
    at: int | None = start
    seen: set[int] = set()
    while at is not None and at not in seen:
        if at == wanted:
            return True
        seen.add(at)
        at = next((edge.parent_id for edge in tree.get(at, ()) if edge.covers(day)), None)
    return False


def campaign_problems(draft: CampaignDraft) -> list[Problem]:
    """What is wrong with a campaign by itself."""
    found = []
    if not _CAMPAIGN_CODE.fullmatch(draft.code):
        found.append(
            Problem(
                "code",
                "Mã gồm 3 đến 32 chữ thường không dấu, chữ số, gạch ngang; ví dụ ha-long-2026.",
                "code",
            )
        )
    if not 0 < len(draft.name) <= 200:
        found.append(Problem("name", "Tên cần 1 đến 200 ký tự.", "name"))
    for field in ("election_day", "decoration_deadline", "tree_date", "pinned_today"):
        day = getattr(draft, field)
        if day is not None and not _is_a_day(day):
            found.append(Problem("day", "Ngày phải từ năm 1945 đến năm 2100.", field))
    if draft.decoration_deadline > draft.election_day:
        found.append(Problem("deadline", "Hạn trang trí không được sau ngày bầu cử.", "decoration_deadline"))
    return found


def milestone_problems(draft: MilestoneDraft) -> list[Problem]:
    """What is wrong with a milestone."""
    found = []
    if not _MILESTONE_CODE.fullmatch(draft.code):
        found.append(Problem("code", "Mã mốc gồm 1 đến 32 chữ thường không dấu, chữ số, gạch dưới.", "code"))
    if not 0 < len(draft.name_vi) <= 200:
        found.append(Problem("name", "Tên cần 1 đến 200 ký tự.", "name_vi"))
    if not -1000 <= draft.offset_days <= 1000:
        found.append(Problem("offset", "Số ngày phải từ -1000 đến 1000.", "offset_days"))
    return found


def milestone_day(election_day: date, offset_days: int) -> date:
    """The day of a milestone."""
    return election_day + timedelta(days=offset_days)
