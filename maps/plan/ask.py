"""What a person asks of a plan: the budget and the rules it has to keep, as one frozen value.

Pure. An Ask that `problems` finds nothing wrong with can be planned; the same Ask on the same
facts gives the same plan, which the printed hash of all inputs tells.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from inventory.outcomes import Problem
from inventory.vocabulary import Figure

#: Nothing dearer is planned here; a larger number is a slip of the finger.
MOST_MONEY = 10**15
MOST_SECONDS = 600.0
MOST_LOCKS = 2_000
_UNITS = {"": 1, "đ": 1, "đồng": 1, "vnd": 1, "vnđ": 1, "tr": 10**6, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_AMOUNT = re.compile(r"(-?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,6}))? ?([^\W\d_]*)")


@dataclass(frozen=True)
class Ask:
    """Everything a person may say. Money is whole đồng, shares are whole per cent of the budget.

    `budget` holds taking down, VAT and contingency too. `ward_min_share` and `ward_max_share` hold
    for every ward, `ward_min_met` asks for that many newly met requirements in each ward that can
    have them. `kind_limits` bound the new units of a kind. `funds` None: every source on record.
    Locks are keys of candidates ("buy:SPK_CLUSTER_FM@place:123"). `gap` is a share, `seconds` wall time.
    """

    budget: int
    name: str = ""
    figure: Figure = Figure.REPORTED
    mandatory_first: bool = False
    before_deadline: bool = False
    ward_min_share: int = 0
    ward_max_share: int = 100
    ward_min_met: int = 0
    kind_limits: tuple[tuple[str, int], ...] = ()
    funds: tuple[int, ...] | None = None
    locked_in: tuple[str, ...] = ()
    locked_out: tuple[str, ...] = ()
    gap: float = 0.001
    seconds: float = 60.0

    @property
    def fair(self) -> bool:
        """Whether some rule spreads the money over the wards."""
        return self.ward_min_share > 0 or self.ward_max_share < 100 or self.ward_min_met > 0


def problems(ask: Ask) -> tuple[Problem, ...]:
    """Why this cannot be planned; every problem names its field."""
    checks = (*_money_checks(ask), *_other_checks(ask))
    return (*(problem for wrong, problem in checks if wrong), *_contradiction(ask))


def _money_checks(ask: Ask) -> tuple[tuple[bool, Problem], ...]:
    share = Problem(
        "share",
        "Mức tối thiểu và tối đa của mỗi phường, xã là phần trăm từ 0 đến 100, tối thiểu không quá tối đa.",
        "ward_min_share",
    )
    return (
        (not 0 < ask.budget <= MOST_MONEY, _budget_problem()),
        (not 0 <= ask.ward_min_share <= ask.ward_max_share <= 100, share),
    )


def _other_checks(ask: Ask) -> tuple[tuple[bool, Problem], ...]:
    met, limits = "ward_min_met", "kind_limits"
    return (
        (
            not 0 <= ask.ward_min_met <= 1_000,
            Problem(met, "Số yêu cầu ít nhất của mỗi phường, xã là từ 0 đến 1.000.", met),
        ),
        (
            any(not 0 <= limit <= 10**6 for _, limit in ask.kind_limits),
            Problem("kind_limit", "Giới hạn số lượng của một loại là từ 0 đến 1.000.000.", limits),
        ),
        (
            not (math.isfinite(ask.gap) and 0 <= ask.gap <= 0.5),
            Problem("gap", "Mức chênh cho phép là từ 0 đến 50 phần trăm.", "gap"),
        ),
        (
            not (math.isfinite(ask.seconds) and 1 <= ask.seconds <= MOST_SECONDS),
            Problem("seconds", "Thời gian tính là từ 1 đến 600 giây.", "seconds"),
        ),
        (
            len(ask.locked_in) + len(ask.locked_out) > MOST_LOCKS,
            Problem("locks", "Danh sách giữ và bỏ dài quá 2.000 dòng.", "locked_in"),
        ),
    )


def _contradiction(ask: Ask) -> tuple[Problem, ...]:
    both = sorted(set(ask.locked_in) & set(ask.locked_out))
    if not both:
        return ()
    return (
        Problem(
            "locks",
            "“%(key)s” vừa phải có vừa phải bỏ; hãy xóa ở một trong hai danh sách.",
            "locked_in",
            (("key", both[0][:80]),),
        ),
    )


def _budget_problem() -> Problem:
    return Problem("budget", "Ngân sách phải lớn hơn 0 và không quá một triệu tỷ đồng.", "budget")


def _not_money() -> Problem:
    return Problem(
        "budget",
        "Viết ngân sách là số tiền nguyên đồng, ví dụ 500.000.000, 500 triệu hoặc 1,5 tỷ.",
        "budget",
    )


def read_budget(text: str) -> int | Problem:
    """Whole đồng as offices say them: "500.000.000", "500 triệu", "1,5 tỷ"; else what is wrong with it."""
    found = _AMOUNT.fullmatch(text.replace("\u00a0", " ").strip().lower()) if len(text) <= 40 else None
    unit = _UNITS.get(found[4]) if found else None
    if found is None or unit is None or not found[2].replace(".", "").isascii():
        return _not_money()
    amount = Decimal(f"{found[1]}{found[2].replace('.', '')}.{found[3] or '0'}") * unit
    if amount != int(amount):
        return _not_money()
    return int(amount) if 0 < amount <= MOST_MONEY else _budget_problem()


def words(ask: Ask) -> dict[str, Any]:
    """The Ask as JSON holds it."""
    said = asdict(ask)
    said["figure"] = ask.figure.value
    return said


def read(said: Mapping[str, Any]) -> Ask:
    """The Ask that was written by `words`."""
    values = dict(said)
    values["figure"] = Figure(values["figure"])
    values["kind_limits"] = tuple((str(kind), int(limit)) for kind, limit in values["kind_limits"])
    for name in ("locked_in", "locked_out"):
        values[name] = tuple(values[name])
    values["funds"] = None if values["funds"] is None else tuple(values["funds"])
    return Ask(**values)


def inputs_hash(ask: Ask, **others: Any) -> str:
    """SHA-256 of everything a plan follows from, as canonical JSON; the name of the plan is no input."""
    said = words(ask)
    del said["name"]
    text = json.dumps(
        {"ask": said, **others}, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()
