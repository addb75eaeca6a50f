"""Forms of the import page: a file with its source, and the word to write it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length, Optional, ValidationError

from inventory.identity import is_id
from inventory.places.row_reading import Defaults
from inventory.wording import clean


class _EntryForm(FlaskForm):  # type: ignore[misc]
    entry_id = HiddenField()

    def validate_entry_id(self, field: Any) -> None:
        """Only ids that a page made: a UUID."""
        if not is_id(field.data or ""):
            raise ValidationError(str(_l("Biểu mẫu này đã cũ. Hãy tải lại trang rồi gửi lần nữa.")))


class UploadForm(_EntryForm):
    """A list of places to look at."""

    file = FileField(_l("Tệp danh sách (CSV hoặc XLSX)"), [FileRequired(_l("Hãy chọn một tệp."))])
    source = StringField(
        _l("Nguồn"),
        [Optional(), Length(max=500, message=_l("Tối đa %(max)d ký tự."))],
        filters=[lambda text: clean(text or "")],
        description=_l("Văn bản hoặc nơi cung cấp, dùng cho những dòng không ghi nguồn."),
    )
    licence = StringField(
        _l("Giấy phép"),
        [Optional(), Length(max=120, message=_l("Tối đa %(max)d ký tự."))],
        filters=[lambda text: clean(text or "")],
    )
    synthetic = BooleanField(_l("Đây là dữ liệu minh họa"))

    def defaults(self) -> Defaults:
        """What the person says of the whole file."""
        return Defaults(
            self.source.data or "", self.licence.data or "", True if self.synthetic.data else None
        )


class ConfirmForm(_EntryForm):
    """The word to write what the page showed; `seen` stands for exactly that."""

    seen = HiddenField()
