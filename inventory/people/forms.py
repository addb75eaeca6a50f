"""Forms of people: what may be typed; whether it may be done is decided in rules and actions."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import EqualTo, InputRequired, Length

from inventory.fields import FILL, Form, cleaned
from inventory.pages import ROLE_LABELS

_LONGEST_TYPED = 1024
_LARGEST_ID = 2**31 - 1


class SignInForm(Form):
    """Name and password; `next` is where the person wanted to go."""

    username = StringField(
        _l("Tên đăng nhập"),
        [InputRequired(FILL), Length(max=64, message=_l("Tên đăng nhập dài quá."))],
        filters=[cleaned],
    )
    password = PasswordField(
        _l("Mật khẩu"),
        [InputRequired(FILL), Length(max=_LONGEST_TYPED, message=_l("Mật khẩu dài quá."))],
    )
    next = HiddenField()


class NewPasswordForm(Form):
    """The old password and a new one, typed twice."""

    old = PasswordField(_l("Mật khẩu đang dùng"), [InputRequired(FILL), Length(max=_LONGEST_TYPED)])
    password = PasswordField(
        _l("Mật khẩu mới"),
        [InputRequired(FILL), Length(max=_LONGEST_TYPED, message=_l("Mật khẩu dài quá."))],
        description=_l("Ít nhất 15 ký tự, có thể có dấu và dấu cách; một câu bốn, năm từ là tốt."),
    )
    again = PasswordField(
        _l("Gõ lại mật khẩu mới"),
        [InputRequired(FILL), EqualTo("password", _l("Hai lần gõ chưa giống nhau."))],
    )


class ResetForm(Form):
    """The code of a slip, and a new password."""

    username = StringField(_l("Tên đăng nhập"), [InputRequired(FILL), Length(max=64)], filters=[cleaned])
    code = StringField(_l("Mã trên phiếu"), [InputRequired(FILL), Length(max=64)], filters=[cleaned])
    password = PasswordField(
        _l("Mật khẩu mới"),
        [InputRequired(FILL), Length(max=_LONGEST_TYPED, message=_l("Mật khẩu dài quá."))],
        description=_l("Ít nhất 15 ký tự, có thể có dấu và dấu cách; một câu bốn, năm từ là tốt."),
    )
    again = PasswordField(
        _l("Gõ lại mật khẩu mới"),
        [InputRequired(FILL), EqualTo("password", _l("Hai lần gõ chưa giống nhau."))],
    )


class PersonForm(Form):
    """A person as an admin writes them; the choices of areas come from the view."""

    entry_id = HiddenField()
    base_version = HiddenField()
    username = StringField(
        _l("Tên đăng nhập"),
        [Length(max=64, message=_l("Tên đăng nhập dài quá."))],
        filters=[cleaned],
        description=_l("3 đến 32 chữ cái không dấu, chữ số, dấu chấm, gạch ngang; ví dụ lan.anh."),
    )
    name = StringField(
        _l("Họ và tên"),
        [InputRequired(FILL), Length(max=120, message=_l("Tên dài nhất 120 ký tự."))],
        filters=[cleaned],
    )
    role = RadioField(
        _l("Vai trò"),
        choices=[(role.value, label) for role, label in ROLE_LABELS.items()],
        validate_choice=True,
    )
    areas = SelectMultipleField(
        _l("Địa bàn"),
        coerce=int,
        description=_l("Người này xem được các địa bàn đã chọn và mọi địa bàn bên dưới."),
    )
    active = BooleanField(_l("Đang hoạt động"), description=_l("Bỏ chọn thì người này bị đăng xuất ngay."))


class SlipForm(Form):
    """The button that makes a slip."""

    entry_id = HiddenField()


class PeopleFilter(Form):
    """The list's filters, from the address."""

    class Meta(Form.Meta):
        """A filter changes nothing, so it carries no token."""

        csrf = False

    q = SearchField(_l("Tìm theo tên"), [Length(max=100)], filters=[cleaned])
    role = SelectField(
        _l("Vai trò"),
        default="",
        choices=[("", _l("Mọi vai trò")), *((role.value, label) for role, label in ROLE_LABELS.items())],
    )
    area = SelectField(_l("Địa bàn"), default="", validate_choice=False)
    active = SelectField(
        _l("Trạng thái"),
        default="",
        choices=[("", _l("Tất cả")), ("yes", _l("Đang hoạt động")), ("no", _l("Đã khóa"))],
    )


def typed_ids(field: Any) -> frozenset[int]:
    """The chosen ids of a multiple choice; what no column can hold is no id and stays a wrong choice."""
    return frozenset(number for number in field.data or () if 0 < number <= _LARGEST_ID)
