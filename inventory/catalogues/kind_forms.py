"""The form of a kind: its words, how its things are recorded, its conditions."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from inventory.catalogues.kind_rules import SHAPE, KindWords
from inventory.catalogues.typed_fields import LONG, Decimal, Press
from inventory.fields import FILL, LineField
from inventory.labels import CONDITIONS, FAMILIES
from inventory.vocabulary import Condition, Family


class KindForm(Press):
    """One kind; code and family are asked only when it is added."""

    code = LineField(
        _l("Mã"),
        [Optional(), Length(max=32, message=LONG)],
        description=_l("Ví dụ BANNER_H; không đổi được sau này."),
    )
    family = SelectField(
        _l("Nhóm"), [Optional()], choices=[(family.value, label) for family, label in FAMILIES.items()]
    )
    name_vi = LineField(_l("Tên"), [DataRequired(FILL), Length(max=120, message=LONG)])
    name_en = LineField(_l("Tên tiếng Anh"), [Optional(), Length(max=120, message=LONG)])
    unit_vi = LineField(_l("Đơn vị"), [DataRequired(FILL), Length(max=32, message=LONG)])
    unit_en = LineField(_l("Đơn vị tiếng Anh"), [Optional(), Length(max=32, message=LONG)])
    bulk = BooleanField(
        _l("Ghi theo lô"),
        description=_l("Một lần ghi là nhiều cái giống nhau, như cờ: có số lượng và số dùng được."),
    )
    directional = BooleanField(_l("Có hướng"), description=_l("Ghi hướng mặt bảng hoặc hướng loa."))
    sized = BooleanField(_l("Có kích thước"))
    texted = BooleanField(_l("Có chữ"), description=_l("Chọn khẩu hiệu hoặc ghi chữ đang treo."))
    horned = BooleanField(_l("Có loa"), description=_l("Ghi số loa và công suất."))
    default_width_m = Decimal(_l("Chiều rộng thường dùng"), [Optional()])
    default_height_m = Decimal(_l("Chiều cao thường dùng"), [Optional()])
    near_duplicate_m = Decimal(
        _l("Nhắc “có thể đã ghi hai lần” khi hai cái cách nhau dưới"), [InputRequired(FILL)]
    )
    aliases = LineField(
        _l("Tên gọi khác"),
        [Optional(), Length(max=300, message=LONG)],
        description=_l("Cách nhau bằng dấu chấm phẩy."),
    )
    in_use = BooleanField(_l("Đang dùng"), description=_l("Loại không dùng nữa không hiện khi ghi mới."))
    exists = SelectMultipleField(_l("Tình trạng có thể gặp"), [Optional()])
    works = SelectMultipleField(_l("Tình trạng vẫn dùng được"), [Optional()])

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in ("exists", "works"):
            self[name].choices = [(word.value, str(label)) for word, label in CONDITIONS.items()]

    def show(self, words: KindWords) -> None:
        """Fill in a kind that is opened."""
        for name in ("code", "name_vi", "name_en", "unit_vi", "unit_en", "default_width_m"):
            self[name].data = getattr(words, name)
        for name in ("default_height_m", "near_duplicate_m", "aliases", "in_use", *SHAPE):
            self[name].data = getattr(words, name)
        self.family.data = words.family.value
        self.exists.data = [word.value for word in words.exists]
        self.works.data = [word.value for word in words.works]

    def words(self) -> KindWords:
        """What was typed, once the form is valid."""
        return KindWords(
            code=self.code.data or "",
            family=Family(self.family.data),
            name_vi=self.name_vi.data or "",
            name_en=self.name_en.data or "",
            unit_vi=self.unit_vi.data or "",
            unit_en=self.unit_en.data or "",
            bulk=bool(self.bulk.data),
            directional=bool(self.directional.data),
            sized=bool(self.sized.data),
            texted=bool(self.texted.data),
            horned=bool(self.horned.data),
            default_width_m=self.default_width_m.data,
            default_height_m=self.default_height_m.data,
            near_duplicate_m=self.near_duplicate_m.data or 0.0,
            aliases=self.aliases.data or "",
            in_use=bool(self.in_use.data),
            exists=tuple(word for word in Condition if word.value in (self.exists.data or ())),
            works=tuple(word for word in Condition if word.value in (self.works.data or ())),
        )
