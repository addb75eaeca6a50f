"""Forms of plans: what is asked, one's buttons, a name. Money is typed as offices say it."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from inventory.fields import FILL, Form, LineField, NoteField, WholeField
from inventory.labels import FIGURES
from inventory.outcomes import Problem
from inventory.pages import say
from inventory.vocabulary import Figure
from inventory.wording import number
from maps.plan.ask import Ask, read_budget

_LONG = _l("Chữ dài quá.")
_SHARE = _l("Viết số nguyên từ 0 đến 100.")
#: The amounts that are offered beside the box.
CHIPS = (200_000_000, 500_000_000, 1_000_000_000)
_SECONDS = ((10, _l("10 giây")), (60, _l("1 phút")), (300, _l("5 phút")))


def _money(_form: Form, field: Any) -> None:
    read = read_budget(field.data or "")
    if isinstance(read, Problem):
        raise ValidationError(say(read))


class Press(Form):
    """A button that changes something."""

    entry_id = HiddenField()
    base_version = HiddenField()


class NameForm(Press):
    """Another name."""

    name = LineField(_l("Tên kế hoạch"), [InputRequired(FILL), Length(max=200, message=_LONG)])


class AskForm(Press):
    """What is asked of a plan; everything but the budget may stay as it is."""

    budget = LineField(
        _l("Ngân sách, gồm cả tháo dỡ, thuế và dự phòng"),
        [InputRequired(FILL), _money],
        description=_l("Ví dụ 500.000.000, 500 triệu hoặc 1,5 tỷ"),
    )
    name = LineField(_l("Tên kế hoạch"), [Optional(), Length(max=200, message=_LONG)])
    figure = SelectField(_l("Tính theo"), default=Figure.REPORTED.value, choices=list(FIGURES.items()))
    mandatory_first = BooleanField(_l("Yêu cầu bắt buộc trước, còn tiền mới làm yêu cầu nên có"))
    before_deadline = BooleanField(_l("Chỉ những việc kịp hạn trang trí"))
    ward_min_met = WholeField(
        _l("Mỗi phường, xã đạt thêm ít nhất (yêu cầu)"), [Optional(), NumberRange(0, 1000, FILL)]
    )
    ward_min_share = WholeField(
        _l("Mỗi phường, xã được ít nhất (phần trăm ngân sách)"), [Optional(), NumberRange(0, 100, _SHARE)]
    )
    ward_max_share = WholeField(
        _l("Mỗi phường, xã được nhiều nhất (phần trăm ngân sách)"), [Optional(), NumberRange(0, 100, _SHARE)]
    )
    kind_limits = NoteField(
        _l("Số lượng mua mới tối đa của một loại"),
        [Optional(), Length(max=2000, message=_LONG)],
        description=_l("Mỗi dòng một loại: mã loại, dấu bằng, số lượng. Ví dụ SPK_CLUSTER_IP = 5"),
    )
    funds = SelectMultipleField(_l("Nguồn kinh phí được dùng"), [Optional()])
    locked_in = NoteField(
        _l("Việc phải có"),
        [Optional(), Length(max=20_000, message=_LONG)],
        description=_l("Mỗi dòng một mã việc, chép từ một kế hoạch đã lập"),
    )
    locked_out = NoteField(_l("Việc phải bỏ"), [Optional(), Length(max=20_000, message=_LONG)])
    seconds = SelectField(
        _l("Thời gian tính tối đa"), default="60", choices=[(str(s), label) for s, label in _SECONDS]
    )

    def offer(self, funds: Iterable[tuple[int, str]]) -> None:
        """Fill in the sources of money on record."""
        self.funds.choices = [(str(number), name) for number, name in funds]

    def validate_kind_limits(self, field: Any) -> None:
        """Every line is a kind and a number."""
        if isinstance(_limits(field.data or ""), str):
            raise ValidationError(_l("Viết mỗi dòng như SPK_CLUSTER_IP = 5."))

    def ask(self) -> Ask:
        """What was typed, once the form is valid."""
        budget, limits = read_budget(self.budget.data or ""), _limits(self.kind_limits.data or "")
        assert isinstance(budget, int) and not isinstance(limits, str)  # noqa: S101, PT018 -- validated
        most = self.ward_max_share.data
        return Ask(
            budget=budget,
            name=self.name.data or "",
            figure=Figure(self.figure.data),
            mandatory_first=bool(self.mandatory_first.data),
            before_deadline=bool(self.before_deadline.data),
            ward_min_share=self.ward_min_share.data or 0,
            ward_max_share=100 if most is None else most,
            ward_min_met=self.ward_min_met.data or 0,
            kind_limits=limits,
            funds=tuple(sorted(int(one) for one in self.funds.data)) if self.funds.data else None,
            locked_in=_keys(self.locked_in.data),
            locked_out=_keys(self.locked_out.data),
            seconds=float(self.seconds.data),
        )

    def like(self, ask: Ask) -> None:
        """Fill in what an earlier plan asked."""
        self.budget.data = number(ask.budget)
        for name in ("mandatory_first", "before_deadline", "ward_min_met", "ward_min_share"):
            self[name].data = getattr(ask, name) or None
        self.ward_max_share.data = None if ask.ward_max_share == 100 else ask.ward_max_share
        self.figure.data = ask.figure.value
        self.kind_limits.data = "\n".join(f"{kind} = {limit}" for kind, limit in ask.kind_limits)
        self.funds.data = [str(one) for one in ask.funds or ()]
        self.locked_in.data, self.locked_out.data = "\n".join(ask.locked_in), "\n".join(ask.locked_out)

    @property
    def unfolded(self) -> bool:
        """Whether the folded part has something to show."""
        usual = {"seconds": "60"}
        names = ("ward_min_met", "ward_min_share", "ward_max_share", "kind_limits", "funds")
        return any(
            self[name].errors or self[name].data not in (None, "", [], False, usual.get(name))
            for name in (*names, "locked_in", "locked_out", "before_deadline", "seconds")
        )


def _keys(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


def _limits(text: str) -> tuple[tuple[str, int], ...] | str:
    """(kind, number) of every line; the first line that says something else."""
    found: dict[str, int] = {}
    for line in _keys(text):
        kind, _, count = (part.strip() for part in line.partition("="))
        if not kind or not (count.isascii() and count.isdigit() and len(count) <= 7):
            return line
        found[kind] = int(count)
    return tuple(found.items())
