"""What the numbers of one item say, or what is wrong with them. Pure."""

from dataclasses import dataclass

from inventory.installations.limits import limits
from inventory.installations.rules import KindSeen
from inventory.outcomes import Problem
from inventory.surveys.checklist import Count, choices
from inventory.vocabulary import Condition

#: More single things of one kind in one zone than this are a slip of the thumb.
MOST_SINGLE = 60


@dataclass(frozen=True)
class Details:
    """What can be said of every thing of an item; None or "" where nothing was said."""

    slogan_id: int | None = None
    azimuth: float | None = None
    width_m: float | None = None
    height_m: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Sent:
    """What came from the form for one item. All empty means silence.

    `quick` is "", "same" (as last time), "enough" (as many as needed, all working) or "none".
    """

    quick: str = ""
    kind: str = ""
    found: int | None = None
    working: int | None = None
    condition: Condition | None = None
    details: Details = Details()
    photos: int = 0


def read(needed: int, kind: KindSeen, before: Count, sent: Sent) -> Count | Problem:
    """How many stand and work by what was said, and the condition of those that do not."""
    found, working, condition = sent.found, sent.working, sent.condition
    if sent.quick == "none":
        if found or working:
            return Problem(
                "none_and_number", "Đã chọn “Không có” nhưng lại ghi số: bỏ một trong hai.", "found"
            )
        return Count(0, 0, None)
    if found is None:
        if sent.quick == "enough":
            found = max(1, needed)
        elif before.found or sent.quick == "same":
            found = before.found
            if working is None and condition is None:
                return before
        else:
            return Problem("found_missing", "Ghi đang có bao nhiêu.", "found")
    most = limits().largest_quantity if kind.bulk else MOST_SINGLE
    if not 0 <= found <= most:
        return Problem("found_range", "Số đang có phải từ 0 đến %(most)s.", "found", (("most", most),))
    if condition is not None and condition not in choices(kind):
        return Problem("condition_unknown", "Loại này không có tình trạng đó; chọn lại.", "condition")
    return _working(kind, before, found, working, condition)


def _working(
    kind: KindSeen, before: Count, found: int, working: int | None, condition: Condition | None
) -> Count | Problem:
    breaks = condition is not None and not kind.works(condition)
    if working is None:
        if breaks and found > 1:
            return Problem("working_missing", "Ghi bao nhiêu cái còn dùng tốt.", "working")
        working = 0 if breaks else found
    if not 0 <= working <= found:
        return Problem("working_range", "Số dùng tốt phải từ 0 đến %(most)s.", "working", (("most", found),))
    if found == 0:
        return Count(0, 0, None)
    if working == found:
        if breaks:
            return Problem(
                "condition_contradicts",
                "Tình trạng này là của thứ không dùng được, nhưng tất cả lại ghi là dùng tốt.",
                "working",
            )
        return Count(found, working, condition)
    if condition is None:
        # Those that were broken before keep their own condition; new damage has to be named.
        if found - working <= before.found - before.working:
            return Count(found, working, None)
        return Problem(
            "condition_missing",
            "Có %(broken)s thứ không dùng tốt: chọn tình trạng của chúng.",
            "condition",
            (("broken", found - working),),
        )
    if not breaks:
        return Problem(
            "condition_works",
            "Với loại này tình trạng đó vẫn tính là dùng tốt: sửa số dùng tốt hoặc chọn tình trạng khác.",
            "condition",
        )
    return Count(found, working, condition)
