"""What a kind may be: its code, words, sizes, and in which conditions it works. Pure.

Code and family never change. What a record of a kind looks like (bulk, directional, sized, texted,
horned) is fixed as soon as one exists, because the records would lose their meaning.
"""

import re
from dataclasses import dataclass

from inventory.outcomes import Problem
from inventory.vocabulary import Condition, Family
from inventory.wording import fold

_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,31}", re.ASCII)
LARGEST_M, FARTHEST_M = 100.0, 1_000.0

#: What decides how a record of the kind looks.
SHAPE = ("bulk", "directional", "sized", "texted", "horned")
#: What people compare when two edit a kind, by the names of the form's fields.
FIELDS = (
    "name_vi", "name_en", "unit_vi", "unit_en", *SHAPE, "default_width_m", "default_height_m",
    "near_duplicate_m", "aliases", "in_use", "exists", "works",
)  # fmt: skip
#: A change of these moves the facts that gaps and prices are derived from.
OF_FACTS = frozenset({"bulk", "default_width_m", "default_height_m", "works"})


@dataclass(frozen=True)
class KindWords:
    """What one kind says. Sizes and distances in metres; `exists` are the conditions it can have."""

    code: str
    family: Family
    name_vi: str
    name_en: str
    unit_vi: str
    unit_en: str
    bulk: bool
    directional: bool
    sized: bool
    texted: bool
    horned: bool
    default_width_m: float | None
    default_height_m: float | None
    near_duplicate_m: float
    aliases: str
    in_use: bool
    exists: tuple[Condition, ...]
    works: tuple[Condition, ...]


def changes(was: KindWords, now: KindWords) -> tuple[tuple[str, object, object], ...]:
    """(field, was, now) of every field that differs."""
    pairs = ((name, getattr(was, name), getattr(now, name)) for name in FIELDS)
    return tuple((name, old, new) for name, old, new in pairs if old != new)


def code_problem(code: str, taken: frozenset[str]) -> Problem | None:
    """Why a new kind cannot have this code."""
    if not _CODE.fullmatch(code):
        return Problem(
            "code", "Mã bắt đầu bằng chữ in hoa, chỉ gồm A–Z, 0–9 và dấu gạch dưới, 2 đến 32 ký tự.", "code"
        )
    if code in taken:
        return Problem("taken", "Mã này đã có trong danh mục.", "code")
    return None


def kind_problems(kind: KindWords, others: frozenset[str]) -> tuple[Problem, ...]:
    """Why a kind cannot be kept. `others` are the folded names of the other kinds."""
    found = []
    if fold(kind.name_vi) in others:
        found.append(Problem("name", "Đã có loại khác mang tên này.", "name_vi"))
    for name in ("default_width_m", "default_height_m"):
        size = getattr(kind, name)
        if size is not None and not 0 < size <= LARGEST_M:
            found.append(Problem("size", "Kích thước phải lớn hơn 0 và không quá 100 m.", name))
    if (kind.default_width_m is None) != (kind.default_height_m is None):
        empty = "default_width_m" if kind.default_width_m is None else "default_height_m"
        found.append(Problem("size_pair", "Hãy ghi cả chiều rộng và chiều cao, hoặc để trống cả hai.", empty))
    if not 0 <= kind.near_duplicate_m <= FARTHEST_M:
        found.append(Problem("near", "Khoảng cách phải từ 0 đến 1.000 m.", "near_duplicate_m"))
    if Condition.GOOD not in kind.exists or Condition.GOOD not in kind.works:
        found.append(Problem("good", "Tình trạng “Tốt” luôn có và luôn dùng được.", "works"))
    if set(kind.works) - set(kind.exists):
        found.append(
            Problem(
                "works", "Tình trạng được tính là dùng được thì cũng phải là tình trạng có thể gặp.", "works"
            )
        )
    return tuple(found)


def shape_problem(was: KindWords, now: KindWords) -> Problem | None:
    """Why the look of records cannot change any more; asked once a record exists."""
    field = next((name for name in SHAPE if getattr(was, name) != getattr(now, name)), None)
    if field is None:
        return None
    return Problem("fixed", "Đã có công trình thuộc loại này nên không đổi cách ghi được nữa.", field)
