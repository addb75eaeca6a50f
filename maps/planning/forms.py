"""Forms of the inputs of planning: one for each list. `read` is the row once everything in it holds."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from inventory.facts import KindFact
from inventory.fields import FILL, CommaField, Form, LineField, NoteField, WholeField
from inventory.form_steps import put, typed_position
from inventory.labels import AREA_KINDS, FAMILIES, VENUE_KINDS
from inventory.outcomes import Refused
from inventory.pages import in_language
from inventory.vocabulary import WARD_KINDS, Family
from inventory.wording import number
from maps.planning.inputs import Duty, ForKinds, Fund, LifeIn, PlanZone, Row, Site, Supply, ZoneRule
from maps.planning.rules import Ground
from maps.planning.shapes import corners, read_area
from maps.planning.weights import Weight, WeightOn
from maps.planning.words import DUTIES, LEVELS, LIVES, RULES
from maps.prices.rules import dong

_LONG = _l("Chữ dài quá.")
_NAME = [InputRequired(FILL), Length(max=200, message=_LONG)]
_TEXT = [Optional(), Length(max=500, message=_LONG)]
_CHOOSE = _l("Hãy chọn một mục.")
_MONEY_DIGITS = 16


def _words(labels: Any) -> list[tuple[str, Any]]:
    return [(word.value, text) for word, text in labels.items()]


class Press(Form):
    """A button that changes something."""

    entry_id = HiddenField()
    base_version = HiddenField()


class InputForm(Press):
    """What the forms of all lists can do."""

    def offer(self, ground: Ground, kinds: Sequence[KindFact]) -> None:
        """Fill in the choices that the campaign has."""

    def show(self, row: Any) -> None:
        """Fill in a row that is opened."""
        for field in self:
            if hasattr(row, field.name):
                field.data = getattr(row, field.name)

    def read(self) -> Row | None:
        """The row, or None where something has to be put right; the form says what."""
        return self.row() if not self.form_errors and self.validate() else None

    def row(self) -> Row | None:
        """The row of a valid form; None after saying at a field why there is none."""
        raise NotImplementedError


class ForKindsForm(InputForm):
    """A form of something that is said of some kinds."""

    families = SelectMultipleField(_l("Nhóm"), choices=_words(FAMILIES))
    kinds = SelectMultipleField(_l("Loại"))

    def offer(self, ground: Ground, kinds: Sequence[KindFact]) -> None:
        """The kinds of the taxonomy."""
        super().offer(ground, kinds)
        self.kinds.choices = [(kind.code, in_language(kind)) for kind in kinds]

    def for_kinds(self) -> ForKinds:
        """Families and kinds, each once and in the order of the lists."""
        families, codes = set(self.families.data or ()), set(self.kinds.data or ())
        return ForKinds(
            families=tuple(family for family in Family if family.value in families),
            kinds=tuple(code for code, _name in self.kinds.choices if code in codes),
        )


class SiteForm(ForKindsForm):
    """A free site."""

    name = LineField(_l("Tên điểm"), _NAME)
    area_id = SelectField(_l("Phường, xã"), [InputRequired(_CHOOSE)], coerce=int)
    lat = LineField(_l("Vĩ độ"), [InputRequired(FILL)])
    lon = LineField(_l("Kinh độ"), [InputRequired(FILL)])
    duty = RadioField(
        _l("Khi lập kế hoạch"), [InputRequired(_CHOOSE)], choices=_words(DUTIES), default=Duty.MAY.value
    )
    note = NoteField(_l("Ghi chú"), [Optional(), Length(max=1000, message=_LONG)])

    def offer(self, ground: Ground, kinds: Sequence[KindFact]) -> None:
        """The wards and the kinds."""
        super().offer(ground, kinds)
        self.area_id.choices = list(ground.wards.items())

    def show(self, row: Site) -> None:
        """Fill in a site."""
        super().show(row)
        self.lat.data, self.lon.data = (f"{at:.6f}".replace(".", ",") for at in (row.lat, row.lon))

    def row(self) -> Site | None:
        """The site; None where its position cannot be read."""
        at = typed_position(self.lat, self.lon)
        if at is None:
            return None
        scope = self.for_kinds()
        return Site(
            name=self.name.data or "",
            area_id=self.area_id.data,
            lat=round(at[0], 6),
            lon=round(at[1], 6),
            duty=Duty(self.duty.data),
            note=self.note.data or "",
            families=scope.families,
            kinds=scope.kinds,
        )


class ZoneForm(ForKindsForm):
    """A zone: its rule and its corners."""

    name = LineField(_l("Tên vùng"), _NAME)
    rule = RadioField(
        _l("Trong vùng này"),
        [InputRequired(_CHOOSE)],
        choices=_words(RULES),
        default=ZoneRule.EXCLUSION.value,
    )
    minimum = WholeField(_l("Số công trình mới ít nhất (chỉ với vùng bắt buộc)"), [Optional()])
    reason = LineField(_l("Lý do"), [InputRequired(FILL), Length(max=500, message=_LONG)])
    corners = NoteField(_l("Các góc của vùng"), [InputRequired(FILL)])

    def show(self, row: PlanZone) -> None:
        """Fill in a zone."""
        super().show(row)
        self.corners.data = corners(row.boundary)
        self.minimum.data = row.minimum or None

    def row(self) -> PlanZone | None:
        """The zone; None where its corners make no polygon."""
        boundary = read_area(self.corners.data or "")
        if isinstance(boundary, Refused):
            put(self, boundary)
            return None
        scope, rule = self.for_kinds(), ZoneRule(self.rule.data)
        return PlanZone(
            name=self.name.data or "",
            rule=rule,
            boundary=boundary,
            minimum=(self.minimum.data or 0) if rule is ZoneRule.MUST else 0,
            reason=self.reason.data or "",
            families=scope.families,
            kinds=scope.kinds,
        )


class ZonesFileForm(ForKindsForm):
    """A GeoJSON file of zones: what is chosen here holds for each of them."""

    file = FileField(_l("Tệp GeoJSON"), [FileRequired(_l("Hãy chọn một tệp."))])
    rule = RadioField(
        _l("Trong các vùng này"),
        [InputRequired(_CHOOSE)],
        choices=_words(RULES),
        default=ZoneRule.EXCLUSION.value,
    )
    minimum = WholeField(_l("Số công trình mới ít nhất (chỉ với vùng bắt buộc)"), [Optional()])
    reason = LineField(_l("Lý do, nếu tệp không ghi"), [InputRequired(FILL), Length(max=500, message=_LONG)])


class WeightForm(InputForm):
    """A factor; `subject` is "level:id" of everything that can have one."""

    subject = SelectField(_l("Dùng cho"), [InputRequired(_CHOOSE)])
    factor = CommaField(_l("Hệ số ưu tiên"), [InputRequired(FILL)])
    reason = LineField(_l("Lý do"), [InputRequired(FILL), Length(max=500, message=_LONG)])
    source = LineField(_l("Nguồn"), _TEXT)
    guess = BooleanField(_l("Hệ số giả định, chưa có nguồn"))

    def offer(self, ground: Ground, kinds: Sequence[KindFact]) -> None:
        """Kinds of wards and venues, wards, places: the levels in groups."""
        super().offer(ground, kinds)
        wards, places = ground.wards, ground.places
        held: dict[WeightOn, list[tuple[Any, Any]]] = {
            WeightOn.AREA_KIND: [(word, text) for word, text in AREA_KINDS.items() if word in WARD_KINDS],
            WeightOn.VENUE_KIND: list(VENUE_KINDS.items()),
            WeightOn.AREA: list(wards.items()),
            WeightOn.PLACE: [
                (place_id, f"{wards[area_id]}: {name}") for place_id, (area_id, name) in places.items()
            ],
        }
        self.subject.choices = {
            LEVELS[on]: [(f"{on.value}:{word}", text) for word, text in choices]
            for on, choices in held.items()
            if choices
        }

    def show(self, row: Weight) -> None:
        """Fill in a factor."""
        super().show(row)
        self.subject.data = f"{row.on.value}:{row.subject}"

    def row(self) -> Weight:
        """The factor."""
        on, _colon, subject = (self.subject.data or "").partition(":")
        return Weight(
            on=WeightOn(on),
            subject=subject,
            factor=self.factor.data or 0.0,
            reason=self.reason.data or "",
            source=self.source.data or "",
            guess=bool(self.guess.data),
        )


class FundForm(ForKindsForm):
    """A source of money."""

    name = LineField(_l("Tên nguồn"), _NAME)
    cap = LineField(_l("Mức tối đa"), [Optional()], description=_l("Để trống nếu không giới hạn"))
    areas = SelectMultipleField(_l("Dùng cho phường, xã"), coerce=int)
    position = WholeField(_l("Thứ tự dùng"), [InputRequired(FILL)], default=1)
    source = LineField(_l("Văn bản, nguồn"), _TEXT)

    def validate_cap(self, field: Any) -> None:
        """Money as offices write it; empty is no limit."""
        if dong(field.data, _MONEY_DIGITS) is None:
            raise ValidationError(
                _l("Viết số tiền nguyên đồng, ví dụ 350.000 hoặc 350000; không dùng dấu phẩy.")
            )

    def offer(self, ground: Ground, kinds: Sequence[KindFact]) -> None:
        """The wards and the kinds."""
        super().offer(ground, kinds)
        self.areas.choices = list(ground.wards.items())

    def show(self, row: Fund) -> None:
        """Fill in a fund."""
        super().show(row)
        self.cap.data = "" if row.cap is None else number(row.cap)

    def row(self) -> Fund:
        """The fund."""
        scope = self.for_kinds()
        return Fund(
            name=self.name.data or "",
            cap=dong(self.cap.data, _MONEY_DIGITS) if self.cap.data else None,
            areas=tuple(sorted(set(self.areas.data or ()))),
            position=self.position.data or 0,
            source=self.source.data or "",
            families=scope.families,
            kinds=scope.kinds,
        )


class SupplyForm(InputForm):
    """How soon and how long a kind is there."""

    kind = SelectField(_l("Loại"), [InputRequired(_CHOOSE)])
    lead_days = WholeField(_l("Số ngày từ đặt hàng đến treo xong"), [Optional()])
    life = WholeField(_l("Thời gian dùng"), [Optional()])
    life_in = RadioField(
        _l("Tính bằng"), [InputRequired(_CHOOSE)], choices=_words(LIVES), default=LifeIn.CAMPAIGNS.value
    )
    most = WholeField(_l("Số lượng nhiều nhất trong một cuộc bầu cử"), [Optional()])
    source = LineField(_l("Nguồn"), _TEXT)
    guess = BooleanField(_l("Số giả định, chưa có nguồn"))

    def offer(self, ground: Ground, kinds: Sequence[KindFact]) -> None:
        """The kinds of the taxonomy."""
        super().offer(ground, kinds)
        self.kind.choices = [(kind.code, in_language(kind)) for kind in kinds]

    def row(self) -> Supply:
        """The supply of a kind."""
        return Supply(
            kind=self.kind.data or "",
            lead_days=self.lead_days.data,
            life=self.life.data,
            life_in=LifeIn(self.life_in.data),
            most=self.most.data,
            source=self.source.data or "",
            guess=bool(self.guess.data),
        )
