"""Forms of the reach parameters; numbers are typed with a decimal comma, rules.py has their bounds."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from inventory.fields import FILL, CommaField, DayField, Form, LineField, WholeField
from inventory.labels import CHANNELS
from inventory.vocabulary import Channel
from maps.reach.model import SiteClass
from maps.reach.rules import FigureWords, KindWords, LimitWords, SurroundingsWords, WardWords
from maps.reach.words import SITES

_LONG = _l("Chữ dài quá.")


class Number(CommaField):
    """A decimal number as it is typed: 30 and 101,325, never 30,0."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}".replace(".", ",")


class Press(Form):
    """A button that changes something."""

    entry_id = HiddenField()
    base_version = HiddenField()


class Sourced(Press):
    """What every parameter says of itself; a form's own fields come first on the page."""

    source = LineField(_l("Nguồn"), [Optional(), Length(max=500, message=_LONG)])
    guess = BooleanField(_l("Giả định, chưa có nguồn"))

    def show(self, value: Any, source: str, guess: bool, names: Iterable[str]) -> None:
        """Fill in a row that is opened."""
        for name in names:
            self[name].data = getattr(value, name)
        self.source.data, self.guess.data = source, guess


class FigureForm(Sourced):
    """A single figure that is a number."""

    value = LineField(_l("Giá trị"), [Optional(), Length(max=40, message=_LONG)])

    def words(self) -> FigureWords:
        """What was typed."""
        return FigureWords(self.value.data or "", self.source.data or "", bool(self.guess.data))


class ChoiceForm(Sourced):
    """A single figure that is one of some words."""

    value = SelectField(_l("Giá trị"), [InputRequired(FILL)])

    def words(self) -> FigureWords:
        """What was chosen."""
        return FigureWords(self.value.data or "", self.source.data or "", bool(self.guess.data))


class SurroundingsForm(Sourced):
    """One kind of surroundings."""

    name_vi = LineField(_l("Tên"), [InputRequired(FILL), Length(max=120, message=_LONG)])
    name_en = LineField(_l("Tên tiếng Anh"), [Optional(), Length(max=120, message=_LONG)])
    ambient = Number(_l("Tiếng ồn nền"), [InputRequired(FILL)])
    loss = Number(_l("Nhà cửa, cây cối làm giảm"), [InputRequired(FILL)])

    def words(self) -> SurroundingsWords:
        """What was typed."""
        return SurroundingsWords(
            self.name_vi.data or "",
            self.name_en.data or "",
            self.ambient.data,
            self.loss.data,
            self.source.data or "",
            bool(self.guess.data),
        )


class WardForm(Sourced):
    """The surroundings of a ward."""

    surroundings = SelectField(_l("Môi trường"), [InputRequired(FILL)])

    def words(self) -> WardWords:
        """What was chosen."""
        return WardWords(self.surroundings.data or "", self.source.data or "", bool(self.guess.data))


class KindForm(Sourced):
    """The parameters of a kind; those of other channels than its own may stay empty."""

    channel = SelectField(
        _l("Đến với người dân bằng cách"), choices=[(word.value, it) for word, it in CHANNELS.items()]
    )
    sensitivity = Number(_l("Độ nhạy ở 1 W, 1 m"))
    watts = Number(_l("Công suất một loa"))
    horns = WholeField(_l("Số loa của một cụm"))
    aimed = WholeField(_l("Số loa cùng một hướng"))
    coverage = Number(_l("Góc phủ, đến mức giảm 6 dB"))
    letter = Number(_l("Chiều cao chữ"), description=_l("Để trống thì tính theo mặt và số dòng."))
    lines = WholeField(_l("Số dòng chữ"))
    face = Number(_l("Chiều cao mặt chữ khi không ghi"))
    sides = WholeField(_l("Số mặt khi không ghi"))
    lit = BooleanField(_l("Có đèn hoặc tự sáng ban đêm"))
    pitch = Number(_l("Bước điểm ảnh của màn hình"))
    radius = Number(
        _l("Tầm khi không biết cỡ chữ, hoặc tầm nhìn thấy"),
        description=_l("Với loại chỉ có mặt tại chỗ, đây là khoảng cách nhìn thấy."),
    )

    def words(self) -> KindWords:
        """What was typed."""
        return KindWords(
            Channel(self.channel.data),
            *(self.sensitivity.data, self.watts.data, self.horns.data, self.aimed.data),
            *(self.coverage.data, self.letter.data, self.lines.data, self.face.data),
            *(self.sides.data, bool(self.lit.data), self.pitch.data, self.radius.data),
            *(self.source.data or "", bool(self.guess.data)),
        )


class LimitForm(Sourced):
    """One limit of a noise regulation."""

    regulation = LineField(_l("Quy chuẩn"), [InputRequired(FILL), Length(max=80, message=_LONG)])
    in_force_from = DayField(_l("Áp dụng từ ngày"), [InputRequired(_l("Chọn một ngày có thật."))])
    site = SelectField(_l("Khu vực"), choices=[(word.value, it) for word, it in SITES.items()])
    hour_from = WholeField(_l("Từ giờ"), [InputRequired(FILL)])
    hour_until = WholeField(_l("Đến trước giờ"), [InputRequired(FILL)])
    limit_db = Number(
        _l("Giới hạn"), [Optional()], description=_l("Để trống khi chưa xem được bảng của quy chuẩn.")
    )

    def words(self) -> LimitWords:
        """What was typed, once the form is valid."""
        assert self.in_force_from.data is not None  # noqa: S101 -- InputRequired and DayField hold it
        return LimitWords(
            self.regulation.data or "",
            self.in_force_from.data,
            SiteClass(self.site.data),
            *(self.hour_from.data, self.hour_until.data, self.limit_db.data),
            *(self.source.data or "", bool(self.guess.data)),
        )


class CalculatorForm(Form):
    """The small calculator: a loudspeaker somewhere, a speed of traffic. Sent by GET."""

    class Meta(Form.Meta):
        """It changes nothing, so its address needs no token."""

        csrf = False

    watts = Number(_l("Công suất một loa"), [InputRequired(FILL)])
    sensitivity = Number(_l("Độ nhạy ở 1 W, 1 m"), [InputRequired(FILL)])
    around = SelectField(_l("Môi trường"), [InputRequired(FILL)])
    speed = Number(_l("Tốc độ xe chạy qua"), [Optional()])
