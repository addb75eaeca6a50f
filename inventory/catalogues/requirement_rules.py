"""What a standard may ask for, how two versions differ, and when one comes into force. Pure.

A version is a draft until it has a day; from then on it never changes, so that a survey or a run of its
time can be read again as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inventory.outcomes import Problem
from inventory.standards import REACHING
from inventory.vocabulary import AREA_ZONES, PLACE_ZONES, AppliesTo, AreaKind, Family, VenueKind, Zone

#: More than these are a slip of the finger.
MOST_UNITS, MOST_VOTERS, FARTHEST_M = 1_000, 1_000_000, 10_000.0

#: What people compare in two versions of a row, by the names of the form's fields.
FIELDS = (
    "code", "name_vi", "name_en", "zone", "what", "priced_kind_code", "minimum", "per_voters",
    "counted", "within_m", "mandatory", "area_kinds", "venue_kinds", "source", "guess",
)  # fmt: skip


class Counted(StrEnum):
    """Which things count for a requirement, beside those of its kind or family."""

    HERE = "here"
    WITHIN = "within"
    REACH = "reach"


@dataclass(frozen=True)
class RequirementWords:
    """What one row says. `kind_code` None: any kind of the family counts, `priced_kind_code` is priced.

    `within_m` in metres, never beside `by_reach`; empty `area_kinds` and `venue_kinds` mean "for all".
    """

    code: str
    name_vi: str
    name_en: str
    zone: Zone
    family: Family
    kind_code: str | None
    priced_kind_code: str
    minimum: int
    per_voters: int | None = None
    within_m: float | None = None
    mandatory: bool = True
    area_kinds: tuple[AreaKind, ...] = ()
    venue_kinds: tuple[VenueKind, ...] = ()
    source: str = ""
    guess: bool = False
    by_reach: bool = False

    @property
    def counted(self) -> Counted:
        """Which things count."""
        if self.by_reach:
            return Counted.REACH
        return Counted.HERE if self.within_m is None else Counted.WITHIN

    @property
    def applies_to(self) -> AppliesTo:
        """A zone belongs to the polling place or to the ward; so does what is asked there."""
        return AppliesTo.AREA if self.zone in AREA_ZONES else AppliesTo.PLACE

    @property
    def what(self) -> str:
        """What counts, as the form's choices name it."""
        return self.kind_code or family_choice(self.family)


@dataclass(frozen=True)
class Change:
    """A row that both versions have: (field, was, becomes)."""

    words: RequirementWords
    fields: tuple[tuple[str, object, object], ...]


@dataclass(frozen=True)
class Difference:
    """What a version changes against an earlier one, row by row under their codes."""

    added: tuple[RequirementWords, ...]
    removed: tuple[RequirementWords, ...]
    changed: tuple[Change, ...]
    same: int


def family_choice(family: Family) -> str:
    """The choice "any kind of this family"; codes of kinds have no colon."""
    return f"family:{family.value}"


def changes(was: RequirementWords, now: RequirementWords) -> tuple[tuple[str, object, object], ...]:
    """(field, was, now) of every field that differs."""
    pairs = ((name, getattr(was, name), getattr(now, name)) for name in FIELDS)
    return tuple((name, old, new) for name, old, new in pairs if old != new)


def difference(old: Iterable[RequirementWords], new: Iterable[RequirementWords]) -> Difference:
    """What becomes other when `new` comes into force after `old`; a row is known by its code."""
    before, after = {row.code: row for row in old}, {row.code: row for row in new}
    both = [(before[code], row) for code, row in after.items() if code in before]
    changed = tuple(Change(row, found) for was, row in both if (found := changes(was, row)))
    return Difference(
        added=tuple(row for code, row in after.items() if code not in before),
        removed=tuple(row for code, row in before.items() if code not in after),
        changed=changed,
        same=len(both) - len(changed),
    )


def requirement_problems(
    row: RequirementWords, kinds: Mapping[str, Family], taken: frozenset[str]
) -> tuple[Problem, ...]:
    """Why a row cannot be kept. `kinds` are all kinds, `taken` the codes of the draft's other rows."""
    found = []
    if row.code in taken:
        found.append(Problem("taken", "Mã %(code)s đã có trong bản này.", "code", (("code", row.code),)))
    if row.kind_code is not None and kinds.get(row.kind_code) is not row.family:
        found.append(Problem("kind", "Loại này không có trong danh mục.", "what"))
    if kinds.get(row.priced_kind_code) is not row.family:
        found.append(
            Problem("priced", "Hãy chọn loại để tính giá trong chính nhóm loại đó.", "priced_kind_code")
        )
    return (*found, *_amount_problems(row), *_distance_problems(row), *_reach_problems(row))


def _amount_problems(row: RequirementWords) -> list[Problem]:
    found = []
    if not 0 <= row.minimum <= MOST_UNITS:
        found.append(Problem("minimum", "Số lượng phải từ 0 đến 1.000.", "minimum"))
    elif row.minimum == 0 and row.per_voters is None:
        found.append(Problem("nothing", "Hãy ghi ít nhất 1, hoặc ghi số cử tri cho mỗi cái.", "minimum"))
    if row.per_voters is not None and not 0 < row.per_voters <= MOST_VOTERS:
        found.append(Problem("per_voters", "Số cử tri phải từ 1 đến 1.000.000.", "per_voters"))
    return found


def _reach_problems(row: RequirementWords) -> list[Problem]:
    if not row.by_reach:
        return []
    found = []
    if row.within_m is not None:
        found.append(Problem("both", "Tính theo tầm nghe, tầm đọc thì để trống khoảng cách.", "within_m"))
    if row.applies_to is AppliesTo.AREA:
        found.append(
            Problem("reach_area", "Yêu cầu của cả phường, xã không tính theo tầm nghe, tầm đọc.", "counted")
        )
    if row.family not in REACHING:
        found.append(
            Problem(
                "reach_family",
                "Chỉ loa, băng rôn, pano và màn hình có tầm nghe, tầm đọc; hãy chọn cách tính khác.",
                "counted",
            )
        )
    return found


def _distance_problems(row: RequirementWords) -> list[Problem]:
    found = []
    if row.within_m is not None and not 0 < row.within_m <= FARTHEST_M:
        found.append(Problem("within", "Khoảng cách phải lớn hơn 0 và không quá 10.000 m.", "within_m"))
    if row.applies_to is AppliesTo.AREA and row.within_m is not None:
        found.append(
            Problem(
                "within_area", "Yêu cầu của cả phường, xã không có khoảng cách; hãy để trống.", "within_m"
            )
        )
    if row.applies_to is AppliesTo.AREA and row.venue_kinds:
        found.append(
            Problem("venue_kinds", "Yêu cầu của cả phường, xã không chọn loại địa điểm được.", "venue_kinds")
        )
    return found


def in_walking_order(zone: Zone) -> int:
    """Zones as a person walks, those of the ward last."""
    return (*PLACE_ZONES, *AREA_ZONES).index(zone)


def moved(rows: Sequence[tuple[int, Zone]], row_id: int, up: bool) -> list[int] | None:
    """The ids in their new order when a row goes one step up or down inside its zone; None at the end."""
    order = [number for number, _zone in rows]
    zones = dict(rows)
    peers = [number for number in order if zones[number] is zones[row_id]]
    to = peers.index(row_id) + (-1 if up else 1)
    if not 0 <= to < len(peers):
        return None
    here, there = order.index(row_id), order.index(peers[to])
    order[here], order[there] = order[there], order[here]
    return order


def force_problem(day: date, today: date, election_day: date, rows: int, begun: bool) -> Problem | None:
    """Why a draft cannot come into force on a day; `begun`: another version is in force already.

    The first version may be dated back, because visits may have begun before it was typed in.
    """
    if not rows:
        return Problem("empty", "Bản này chưa có yêu cầu nào.")
    if begun and day < today:
        return Problem("past", "Ngày áp dụng không được ở trước hôm nay.", "day")
    if day > election_day:
        return Problem("late", "Ngày áp dụng không được ở sau ngày bầu cử.", "day")
    return None
