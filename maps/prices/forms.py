"""Forms of price books. Money and percentages are typed as offices write them; rules.py reads them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from inventory.fields import FILL, DayField, Form, LineField, NoteField
from inventory.vocabulary import PRICED_ACTIONS, LineAction
from inventory.wording import number
from maps.investment.words import ACTIONS
from maps.prices.queries import BookSeen, RowSeen
from maps.prices.rules import BookWords, RowWords, dong, whole_percent

_LONG = _l("Chữ dài quá.")
_DAY = _l("Chọn một ngày có thật.")


def _money(_form: Form, field: Any) -> None:
    if dong(field.data) is None:
        raise ValidationError(_l("Viết số tiền nguyên đồng, ví dụ 350.000 hoặc 350000; không dùng dấu phẩy."))


def _percentage(_form: Form, field: Any) -> None:
    if whole_percent(field.data) is None:
        raise ValidationError(_l("Viết phần trăm là số nguyên từ 0 đến 100, ví dụ 10."))


class Press(Form):
    """A button that changes something."""

    entry_id = HiddenField()
    base_version = HiddenField()


class BookForm(Press):
    """What a draft says of itself."""

    name = LineField(_l("Tên"), [InputRequired(FILL), Length(max=200, message=_LONG)])
    source = LineField(
        _l("Nguồn chung"),
        [InputRequired(FILL), Length(max=500, message=_LONG)],
        description=_l("Báo giá, quyết định hoặc khảo giá nào, số và ngày"),
    )
    price_date = DayField(_l("Giá của ngày"), [InputRequired(_DAY)])
    takedown_percent = LineField(_l("Tháo dỡ, phần trăm của các dòng"), [InputRequired(FILL), _percentage])
    vat_percent = LineField(_l("Thuế giá trị gia tăng, phần trăm"), [InputRequired(FILL), _percentage])
    vat_included = BooleanField(_l("Đơn giá đã gồm thuế giá trị gia tăng"))
    contingency_percent = LineField(_l("Dự phòng, phần trăm"), [InputRequired(FILL), _percentage])
    note = NoteField(
        _l("Ghi chú"),
        [Optional(), Length(max=1000, message=_LONG)],
    )

    def show(self, seen: BookSeen) -> None:
        """Fill in a draft that is opened."""
        for name in ("name", "source", "price_date", "vat_included", "note"):
            self[name].data = getattr(seen.words, name)
        for name in ("takedown_percent", "vat_percent", "contingency_percent"):
            self[name].data = str(getattr(seen.words, name))

    def words(self) -> BookWords:
        """What was typed, once the form is valid."""
        assert self.price_date.data is not None  # noqa: S101 -- InputRequired and DayField hold it
        return BookWords(
            name=self.name.data or "",
            source=self.source.data or "",
            price_date=self.price_date.data,
            vat_percent=whole_percent(self.vat_percent.data or "") or 0,
            vat_included=bool(self.vat_included.data),
            contingency_percent=whole_percent(self.contingency_percent.data or "") or 0,
            takedown_percent=whole_percent(self.takedown_percent.data or "") or 0,
            note=self.note.data or "",
        )


class RowForm(Press):
    """One price of a kind and an action that are known already."""

    unit_price = LineField(_l("Đơn giá"), [InputRequired(FILL), _money])
    unit_vi = LineField(_l("Đơn vị tính"), [InputRequired(FILL), Length(max=32, message=_LONG)])
    unit_en = LineField(_l("Đơn vị tính bằng tiếng Anh"), [Optional(), Length(max=32, message=_LONG)])
    per_m2 = BooleanField(
        _l("Giá tính theo mét vuông"),
        description=_l(
            "Nhân với kích thước thường dùng của loại; loại chưa có kích thước thì không tính được"
        ),
    )
    low = LineField(_l("Mức thấp"), [Optional(), _money])
    high = LineField(_l("Mức cao"), [Optional(), _money])
    source = LineField(_l("Nguồn của giá này"), [Optional(), Length(max=500, message=_LONG)])
    guess = BooleanField(_l("Giá giả định, chưa có nguồn"))

    def show(self, row: RowSeen) -> None:
        """Fill in a row that is opened."""
        words = row.words
        for name in ("unit_vi", "unit_en", "per_m2", "source", "guess"):
            self[name].data = getattr(words, name)
        for name in ("unit_price", "low", "high"):
            self[name].data = "" if getattr(words, name) is None else number(getattr(words, name))

    def words(self, kind: str, action: LineAction) -> RowWords:
        """What was typed, once the form is valid."""
        return RowWords(
            kind=kind,
            action=action,
            unit_price=dong(self.unit_price.data or "") or 0,
            per_m2=bool(self.per_m2.data),
            unit_vi=self.unit_vi.data or "",
            unit_en=self.unit_en.data or "",
            low=dong(self.low.data or ""),
            high=dong(self.high.data or ""),
            source=self.source.data or "",
            guess=bool(self.guess.data),
        )


class NewRowForm(RowForm):
    """One price more: kind and action are chosen once, when the row is added."""

    kind = SelectField(_l("Loại"), [InputRequired(FILL)])
    action = SelectField(
        _l("Việc"),
        choices=[(word.value, label) for word, label in ACTIONS.items() if word in PRICED_ACTIONS],
        default=LineAction.BUY.value,
    )

    def chosen(self) -> RowWords:
        """What was typed and chosen, once the form is valid."""
        return self.words(self.kind.data or "", LineAction(self.action.data))


class ForceForm(Press):
    """The day from which a draft is in force."""

    day = DayField(_l("Áp dụng từ ngày"), [InputRequired(_DAY)])
