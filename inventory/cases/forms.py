"""Forms of cases and of phones. Every one carries `entry_id`."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional


class PhonePress(FlaskForm):
    """A button about one phone; `everywhere` ends all sessions of its person too."""

    entry_id = HiddenField()
    everywhere = BooleanField()


class SettleForm(FlaskForm):
    """What becomes of a case. Which choices stand is said by the page, from the rules."""

    entry_id = HiddenField()
    base_version = HiddenField()
    way = RadioField(_l("Quyết định"), validate_choice=False)
    fields = SelectMultipleField(_l("Lấy theo điện thoại ở các ô"), validate_choice=False)
    place = SelectField(_l("Ghi vào nơi"), validate_choice=False, validators=[Optional()])
    reason = StringField(_l("Lý do"), validators=[Length(max=300, message=_l("Dài nhất 300 ký tự."))])
