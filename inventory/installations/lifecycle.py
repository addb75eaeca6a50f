"""The life of an installation: which step may follow which, and why another may not (domain §6).

Pure. A mistaken step is undone by reverting its event, not by a step back.
"""

from inventory.outcomes import Problem
from inventory.vocabulary import Lifecycle as Step

#: Where a record may begin: mostly as found standing in the street; as planned; as found in store.
FIRST = frozenset({Step.PLANNED, Step.APPROVED, Step.INSTALLED, Step.ACCEPTED, Step.IN_USE, Step.STORED})

#: At these steps a thing stands nowhere; who saw it standing before was too late.
ENDED = frozenset({Step.DISMANTLED, Step.STORED, Step.LOST, Step.DISPOSED, Step.CANCELLED})

MOVES: dict[Step, tuple[Step, ...]] = {
    Step.PLANNED: (Step.APPROVED, Step.CANCELLED),
    Step.APPROVED: (Step.IN_PRODUCTION, Step.INSTALLED, Step.CANCELLED),  # from stock nothing is produced
    Step.IN_PRODUCTION: (Step.INSTALLED, Step.CANCELLED),
    Step.INSTALLED: (Step.ACCEPTED, Step.DISMANTLED, Step.LOST),
    Step.ACCEPTED: (Step.IN_USE, Step.DISMANTLED, Step.LOST),
    Step.IN_USE: (Step.DISMANTLED, Step.LOST),
    Step.DISMANTLED: (Step.STORED, Step.DISPOSED, Step.LOST, Step.INSTALLED),  # taken down for a repair
    Step.STORED: (Step.INSTALLED, Step.DISPOSED, Step.LOST),
    Step.LOST: (Step.INSTALLED, Step.STORED),  # found again
    Step.DISPOSED: (),
    Step.CANCELLED: (Step.PLANNED,),
}

_ENDED = {
    Step.DISPOSED: Problem(
        "lifecycle_move",
        "Thứ đã thanh lý không dùng lại được; nếu ghi nhầm, hoàn tác lần thay đổi đó.",
        "lifecycle",
    ),
    Step.CANCELLED: Problem(
        "lifecycle_move", "Mục này đã hủy; đưa về kế hoạch trước rồi mới làm tiếp.", "lifecycle"
    ),
}
_WHY = {
    Step.PLANNED: Problem("lifecycle_move", "Chỉ đưa về kế hoạch mục đã hủy.", "lifecycle"),
    Step.APPROVED: Problem("lifecycle_move", "Chỉ duyệt mục đang trong kế hoạch.", "lifecycle"),
    Step.IN_PRODUCTION: Problem("lifecycle_move", "Chỉ sản xuất thứ đã được duyệt.", "lifecycle"),
    Step.INSTALLED: Problem(
        "lifecycle_move",
        "Chỉ lắp thứ đã duyệt, đang sản xuất, đã tháo, đang trong kho hoặc tìm lại được.",
        "lifecycle",
    ),
    Step.ACCEPTED: Problem("lifecycle_move", "Chỉ nghiệm thu thứ đã lắp.", "lifecycle"),
    Step.IN_USE: Problem("lifecycle_move", "Chỉ đưa vào sử dụng thứ đã nghiệm thu.", "lifecycle"),
    Step.DISMANTLED: Problem("lifecycle_move", "Chỉ tháo thứ đang lắp.", "lifecycle"),
    Step.STORED: Problem("lifecycle_move", "Chỉ cất vào kho thứ đã tháo hoặc tìm lại được.", "lifecycle"),
    Step.DISPOSED: Problem("lifecycle_move", "Chỉ thanh lý thứ đã tháo hoặc đang trong kho.", "lifecycle"),
    Step.LOST: Problem("lifecycle_move", "Chỉ báo mất thứ đã lắp, đã tháo hoặc đang trong kho.", "lifecycle"),
    Step.CANCELLED: Problem("lifecycle_move", "Chỉ hủy mục chưa lắp; thứ đã lắp thì tháo.", "lifecycle"),
}


def moves_told() -> dict[str, list[str]]:
    """Every step with those that may follow, as words: what a phone offers without a network."""
    return {step.value: [after.value for after in then] for step, then in MOVES.items()}


def next_steps(now: Step) -> tuple[Step, ...]:
    """The steps that may follow, in the order of the field."""
    return MOVES[now]


def refusal(now: Step, wanted: Step) -> Problem | None:
    """Why `wanted` may not follow `now`; None when it may."""
    if wanted in MOVES[now]:
        return None
    if wanted is now:
        return Problem("lifecycle_same", "Đã ở bước này rồi.", "lifecycle")
    return _ENDED.get(now) or _WHY[wanted]
