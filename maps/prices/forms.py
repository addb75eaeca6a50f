"""Forms of price books. Money and percentages are typed as offices write them; rules.py reads them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from inventory.vocabulary import PRICED_ACTIONS, LineAction
from inventory.wording import clean, number
from maps.investment.words import ACTIONS
from maps.prices.queries import BookSeen, RowSeen
from maps.prices.rules import BookWords, RowWords, dong, whole_percent

_FILL = _l("Hãy điền chỗ này.")
_LONG = _l("Chữ dài quá.")
_DAY = _l("Chọn một ngày có thật.")


def _cleaned(value: str | None) -> str:
    return clean(value or "")


def _money(_form: FlaskForm, field: Any) -> None:
    if dong(field.data) is None:
        raise ValidationError(_l("Viết số tiền nguyên đồng, ví dụ 350.000 hoặc 350000; không dùng dấu phẩy."))


def _percentage(_form: FlaskForm, field: Any) -> None:
    if whole_percent(field.data) is None:
        raise ValidationError(_l("Viết phần trăm là số nguyên từ 0 đến 100, ví dụ 10."))


class Press(FlaskForm):
    """A button that changes something."""

    entry_id = HiddenField()
    base_version = HiddenField()


class BookForm(Press):
    """What a draft says of itself."""

    name = StringField(_l("Tên"), [InputRequired(_FILL), Length(max=200, message=_LONG)], filters=[_cleaned])
    source = StringField(
        _l("Nguồn chung"),
        [InputRequired(_FILL), Length(max=500, message=_LONG)],
        filters=[_cleaned],
        description=_l("Báo giá, quyết định hoặc khảo giá nào, số và ngày"),
    )
    price_date = DateField(_l("Giá của ngày"), [InputRequired(_DAY)])
    takedown_percent = StringField(
        _l("Tháo dỡ, phần trăm của các dòng"), [InputRequired(_FILL), _percentage], filters=[_cleaned]
    )
    vat_percent = StringField(
        _l("Thuế giá trị gia tăng, phần trăm"), [InputRequired(_FILL), _percentage], filters=[_cleaned]
    )
    vat_included = BooleanField(_l("Đơn giá đã gồm thuế giá trị gia tăng"))
    contingency_percent = StringField(
        _l("Dự phòng, phần trăm"), [InputRequired(_FILL), _percentage], filters=[_cleaned]
    )
    note = TextAreaField(
        _l("Ghi chú"),
        [Optional(), Length(max=1000, message=_LONG)],
        filters=[lambda text: clean(text or "", lines=True)],
    )

    def show(self, seen: BookSeen) -> None:
        """Fill in a draft that is opened."""
        for name in ("name", "source", "price_date", "vat_included", "note"):
            self[name].data = getattr(seen.words, name)
        for name in ("takedown_percent", "vat_percent", "contingency_percent"):
            self[name].data = str(getattr(seen.words, name))

    def words(self) -> BookWords:
        """What was typed, once the form is valid."""
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

    unit_price = StringField(_l("Đơn giá"), [InputRequired(_FILL), _money], filters=[_cleaned])
    unit_vi = StringField(
        _l("Đơn vị tính"), [InputRequired(_FILL), Length(max=32, message=_LONG)], filters=[_cleaned]
    )
    unit_en = StringField(
        _l("Đơn vị tính bằng tiếng Anh"), [Optional(), Length(max=32, message=_LONG)], filters=[_cleaned]
    )
    per_m2 = BooleanField(
        _l("Giá tính theo mét vuông"),
        description=_l(
            "Nhân với kích thước thường dùng của loại; loại chưa có kích thước thì không tính được"
        ),
    )
    low = StringField(_l("Mức thấp"), [Optional(), _money], filters=[_cleaned])
    high = StringField(_l("Mức cao"), [Optional(), _money], filters=[_cleaned])
    source = StringField(
        _l("Nguồn của giá này"), [Optional(), Length(max=500, message=_LONG)], filters=[_cleaned]
    )
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

    kind = SelectField(_l("Loại"), [InputRequired(_FILL)])
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

    day = DateField(_l("Áp dụng từ ngày"), [InputRequired(_DAY)])
