"""Words of plans that people read: status, steps, why something is left out, which rules collide."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from maps.plan.offers import Skip
from maps.plan.result import Step
from maps.plan.status import Status

STATUSES: Mapping[Status, Any] = {
    Status.WAITING: _l("đang chờ"),
    Status.RUNNING: _l("đang tính"),
    Status.DONE: _l("đã xong"),
    Status.INFEASIBLE: _l("các quy định mâu thuẫn"),
    Status.FAILED: _l("không tính được"),
    Status.CANCELLED: _l("đã dừng"),
    Status.INTERRUPTED: _l("bị ngắt giữa chừng"),
}

TONES: Mapping[Status, str] = {
    Status.WAITING: "neutral",
    Status.RUNNING: "neutral",
    Status.DONE: "teal",
    Status.INFEASIBLE: "amber",
    Status.FAILED: "vermilion",
    Status.CANCELLED: "grey",
    Status.INTERRUPTED: "amber",
}

STEPS: Mapping[Step, Any] = {
    Step.READ: _l("đọc dữ kiện và tính chỗ còn thiếu"),
    Step.OFFERS: _l("lập các cách làm"),
    Step.MANDATORY: _l("chọn cho yêu cầu bắt buộc trước"),
    Step.SOLVE: _l("chọn cách dùng ngân sách tốt nhất"),
    Step.FAIRNESS: _l("so với khi không chia theo phường, xã"),
    Step.CURVE: _l("tính các mức ngân sách khác"),
    Step.RECOUNT: _l("đếm lại độc lập"),
    Step.STORE: _l("lưu kết quả"),
}

SKIPS: Mapping[str, Any] = {
    Skip.NO_PRICE: _l("sổ giá chưa có đơn giá dùng được"),
    Skip.EXCLUDED: _l("nằm trong vùng không đặt thêm"),
    Skip.LATE: _l("không kịp hạn trang trí"),
    Skip.NO_FUND: _l("không nguồn kinh phí nào được chi"),
    Skip.TOO_DEAR: _l("riêng việc này đã vượt ngân sách"),
    Skip.NO_WAY: _l("chưa có cách nào phục vụ được"),
}

_METHODS: Mapping[str, Any] = {
    "reduce": _l("rút gọn"),
    "lp": _l("quy hoạch tuyến tính"),
    "rounding": _l("làm tròn"),
    "greedy": _l("tham lam"),
    "swaps": _l("đổi chỗ"),
    "kernel": _l("giải đúng trên phần lõi"),
    "exact": _l("giải đúng phần còn lại"),
}

_RULES: Mapping[str, Any] = {
    "budget": _l("ngân sách %(name)s"),
    "ward_least": _l("mức tối thiểu của %(name)s"),
    "ward_most": _l("mức tối đa của %(name)s"),
    "ward_met": _l("số yêu cầu ít nhất phải đạt thêm ở %(name)s"),
    "kind": _l("số lượng tối đa của %(name)s"),
    "fund": _l("mức kinh phí của %(name)s"),
    "stock": _l("số lượng trong kho: %(name)s"),
    "thing": _l("số thứ hỏng tại chỗ"),
    "alternatives": _l("mỗi chỗ chỉ làm theo một cách"),
    "site": _l("vị trí phải có “%(name)s”"),
    "zone": _l("vùng phải có “%(name)s”"),
    "keep": _l("việc phải có “%(name)s”"),
    "lock": _l("việc phải có “%(name)s”"),
    "out": _l("việc phải bỏ “%(name)s”"),
    "mandatory": _l("ưu tiên yêu cầu bắt buộc"),
}
_OF_WARDS = {"ward_least", "ward_met"}


def step_word(step: str) -> str:
    """What is being done now; "" when nothing is."""
    return str(STEPS[Step(step)]) if step else ""


def method_word(method: str) -> str:
    """The optimiser's steps in words; a step without a word keeps its own."""
    return ", ".join(str(_METHODS.get(step, step)) for step in method.split("+"))


def collision(rules: Sequence[Sequence[str]]) -> list[str]:
    """Whole sentences on the rules that collide, from (code, name) pairs."""
    pairs = [(code, name) for code, name in rules]
    codes = {code for code, _name in pairs}
    alone = [_alone(code, name) for code, name in pairs if code in {"time", "funds", "unknown"}]
    if alone:
        return alone
    said = [str(_RULES[code]) % {"name": name} for code, name in pairs if code in _RULES]
    if codes <= _OF_WARDS | {"budget"} and "budget" in codes and len(said) > 1:
        wards = _listed(said[:-1])
        return [_("%(rules)s vượt %(budget)s.", rules=wards[:1].upper() + wards[1:], budget=said[-1])]
    return [_("Không thể giữ cùng lúc: %(rules)s.", rules=_listed(said))]


def _alone(code: str, name: str) -> str:
    said: str
    if code == "time":
        said = _("Hết thời gian mà chưa tìm được cách nào giữ đủ các quy định; hãy cho thêm thời gian.")
    elif code == "funds":
        said = _("Có quá nhiều nguồn kinh phí có giới hạn (nhiều nhất 8); hãy chọn bớt nguồn kinh phí.")
    else:
        said = _(
            "Không có việc nào tên “%(name)s” để giữ: có thể thiếu đơn giá, nằm trong vùng không đặt thêm"
            " hoặc không còn thiếu.",
            name=name,
        )
    return said


def _listed(said: Sequence[str]) -> str:
    return "; ".join(said)


def failures(result: Mapping[str, Any]) -> list[str]:
    """Why a plan could not be made, in sentences."""
    if "recount" in result:
        return [_(message, **dict(values)) for message, values in result["recount"]]
    told = []
    for kind, text, *values in result.get("failed", ()):
        if kind == "sentence":
            told.append(_(text, **dict(*values)))
        else:
            told.append(
                _("Hệ thống gặp lỗi khi lập kế hoạch; báo người quản trị kèm mã %(number)s.", number=text)
            )
    return told
