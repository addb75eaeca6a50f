"""Forms of standards: a draft's own words, its rows, its day."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from inventory.catalogues.requirement_rules import Counted, RequirementWords, family_choice
from inventory.catalogues.showing import COUNTED
from inventory.catalogues.typed_fields import LONG, Decimal, Press, Whole
from inventory.fields import FILL, DayField, LineField, NoteField
from inventory.labels import APPLIES_TO, AREA_KINDS, FAMILIES, VENUE_KINDS, ZONES
from inventory.vocabulary import (
    AREA_ZONES,
    PLACE_ZONES,
    WARD_KINDS,
    AppliesTo,
    AreaKind,
    Family,
    VenueKind,
    Zone,
)


class StandardForm(Press):
    """What a draft says of itself."""

    name = LineField(_l("Tên"), [DataRequired(FILL), Length(max=200, message=LONG)])
    note = NoteField(_l("Ghi chú"), [Optional(), Length(max=2000, message=LONG)])


class ForceForm(Press):
    """The day from which a draft is in force."""

    day = DayField(_l("Áp dụng từ ngày"), [InputRequired(FILL)])


class RequirementForm(Press):
    """One row. What it applies to follows from its zone, its family from what it asks for."""

    code = LineField(
        _l("Mã"),
        [DataRequired(FILL), Length(max=32, message=LONG)],
        description=_l("Ngắn và không trùng trong bản, ví dụ G1."),
    )
    name_vi = LineField(_l("Tên"), [DataRequired(FILL), Length(max=200, message=LONG)])
    name_en = LineField(_l("Tên tiếng Anh"), [Optional(), Length(max=200, message=LONG)])
    zone = SelectField(_l("Chỗ đặt"), [InputRequired(FILL)])
    what = SelectField(_l("Cần có"), [InputRequired(FILL)])
    priced_kind_code = SelectField(
        _l("Loại để tính giá"),
        [Optional()],
        description=_l("Chỉ chọn khi cần có là bất kỳ loại nào trong nhóm."),
    )
    minimum = Whole(_l("Ít nhất"), [InputRequired(FILL)])
    per_voters = Whole(
        _l("Thêm một cho mỗi bao nhiêu cử tri"),
        [Optional()],
        description=_l("Ví dụ 1.000: nơi có 2.300 cử tri cần 3."),
    )
    counted = RadioField(
        _l("Tính những thứ"),
        [InputRequired(FILL)],
        description=_l("Tầm nghe, tầm đọc chỉ có ở loa, băng rôn, pano và màn hình."),
    )
    within_m = Decimal(
        _l("Khoảng cách"),
        [Optional()],
        description=_l("Chỉ ghi khi tính trong khoảng cách."),
    )
    mandatory = BooleanField(_l("Bắt buộc"), description=_l("Không đánh dấu thì là khuyến nghị."))
    area_kinds = SelectMultipleField(
        _l("Chỉ áp dụng ở"), [Optional()], description=_l("Không chọn gì là mọi phường, xã.")
    )
    venue_kinds = SelectMultipleField(
        _l("Chỉ áp dụng cho địa điểm"), [Optional()], description=_l("Không chọn gì là mọi địa điểm.")
    )
    source = NoteField(
        _l("Nguồn"),
        [Optional(), Length(max=2000, message=LONG)],
        description=_l("Văn bản nào, số và ngày nào."),
    )
    guess = BooleanField(_l("Con số là giả định"), description=_l("Bỏ dấu khi đã có văn bản nêu con số."))

    def validate_counted(self, field: Field) -> None:
        """A distance is written where it is asked for, and nowhere else."""
        within = field.data == Counted.WITHIN
        if within and self.within_m.data is None and not self.within_m.process_errors:
            raise ValidationError(_("Hãy ghi khoảng cách, hoặc chọn cách tính khác."))
        if not within and self.within_m.data is not None:
            raise ValidationError(_("Đã ghi khoảng cách: hãy chọn “Trong khoảng cách”, hoặc xóa con số."))

    def offer(self, kinds: dict[Family, list[tuple[str, str]]]) -> None:
        """Set the choices; `kinds` are (code, name) by family."""
        self.zone.choices = {
            str(APPLIES_TO[to]): [(zone.value, str(ZONES[zone])) for zone in zones]
            for to, zones in ((AppliesTo.PLACE, PLACE_ZONES), (AppliesTo.AREA, AREA_ZONES))
        }
        named = {str(FAMILIES[family]): found for family, found in kinds.items()}
        self.what.choices = {"–": [("", _("hãy chọn"))]} | {
            name: [(family_choice(family), _("Loại nào cũng được: %(family)s", family=name)), *named[name]]
            for family, name in zip(kinds, named, strict=True)
        }
        self.priced_kind_code.choices = {"–": [("", _("chính loại đã chọn ở trên"))], **named}
        self.counted.choices = [(way.value, str(words)) for way, words in COUNTED.items()]
        self.area_kinds.choices = [
            (kind.value, str(AREA_KINDS[kind])) for kind in AreaKind if kind in WARD_KINDS
        ]
        self.venue_kinds.choices = [(kind.value, str(label)) for kind, label in VENUE_KINDS.items()]

    def show(self, words: RequirementWords) -> None:
        """Fill in a row that is opened."""
        for name in ("code", "name_vi", "name_en", "what", "counted", "minimum", "per_voters", "within_m"):
            self[name].data = getattr(words, name)
        for name in ("mandatory", "source", "guess"):
            self[name].data = getattr(words, name)
        self.zone.data = words.zone.value
        self.priced_kind_code.data = "" if words.kind_code else words.priced_kind_code
        self.area_kinds.data = [kind.value for kind in words.area_kinds]
        self.venue_kinds.data = [kind.value for kind in words.venue_kinds]

    def words(self, families: dict[str, Family]) -> RequirementWords:
        """What was typed, once the form is valid. A kind that is asked for by name is also priced."""
        what = str(self.what.data)
        kind = None if what.startswith("family:") else what
        return RequirementWords(
            code=self.code.data or "",
            name_vi=self.name_vi.data or "",
            name_en=self.name_en.data or "",
            zone=Zone(self.zone.data),
            family=families[kind] if kind else Family(what.removeprefix("family:")),
            kind_code=kind,
            priced_kind_code=kind or self.priced_kind_code.data or "",
            minimum=self.minimum.data or 0,
            per_voters=self.per_voters.data,
            within_m=self.within_m.data,
            by_reach=self.counted.data == Counted.REACH,
            mandatory=bool(self.mandatory.data),
            area_kinds=tuple(kind for kind in AreaKind if kind.value in (self.area_kinds.data or ())),
            venue_kinds=tuple(kind for kind in VenueKind if kind.value in (self.venue_kinds.data or ())),
            source=self.source.data or "",
            guess=bool(self.guess.data),
        )
