"""The filters of the trail, from the address."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Length, Optional

from inventory.fields import DayField, Form, LineField, WholeField
from inventory.history.words import SUBJECTS


class TrailFilter(Form):
    """Who, what, on what, when; and a number and hash that were written down."""

    class Meta(Form.Meta):
        """A filter changes nothing, so it carries no token."""

        csrf = False

    person = LineField(_l("Người"), [Length(max=100)])
    act = SelectField(_l("Việc"), default="", validate_choice=False)
    subject = SelectField(
        _l("Đối tượng"),
        default="",
        choices=[("", _l("Mọi đối tượng")), *SUBJECTS.items()],
    )
    subject_id = LineField(_l("Mã đối tượng"), [Length(max=80)])
    day = DayField(_l("Ngày"))


class HeadForm(Form):
    """A number and hash that a report or somebody's notebook holds."""

    class Meta(Form.Meta):
        """Checking changes nothing, so it carries no token."""

        csrf = False

    number = WholeField(_l("Số dòng đã ghi lại"), [Optional()])
    hash = LineField(
        _l("Mã của dòng đó"), [Optional(), Length(min=64, max=64, message=_l("Mã gồm 64 ký tự."))]
    )
