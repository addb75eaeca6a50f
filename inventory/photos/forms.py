"""The photo boxes of a form: one for each role, several files in each."""

from collections.abc import Iterable

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import Length, ValidationError

from inventory.labels import WITHDRAW_REASONS
from inventory.outcomes import Problem
from inventory.pages import say
from inventory.photos.intake import Received, Upload, with_name
from inventory.photos.rules import LONGEST_WHY, Why
from inventory.vocabulary import PhotoRole, WithdrawReason
from inventory.wording import clean

#: How the names of the boxes begin; a form with several things puts the thing's name in front.
BOX = "photo-"


class WithdrawForm(FlaskForm):
    """Why a photo is taken back."""

    entry_id = HiddenField()
    reason = RadioField(
        _l("Vì sao rút ảnh này"),
        choices=[(word.value, words) for word, words in WITHDRAW_REASONS.items()],
        validate_choice=False,
    )
    text = StringField(
        _l("Viết thêm"),
        [Length(max=LONGEST_WHY, message=_l("Viết không quá %(max)d ký tự."))],
        filters=[lambda text: clean(text or "")],
    )

    def validate_reason(self, field: RadioField) -> None:
        """One of the chips."""
        if field.data not in set(WithdrawReason):
            raise ValidationError(gettext("Chọn một lý do."))

    def why(self) -> Why:
        """The reason as a value; only after it was validated."""
        return Why(WithdrawReason(self.reason.data), self.text.data or "")


def uploads_of(box: str) -> list[Upload]:
    """The files of this request whose boxes begin with a name, by role."""
    return [
        Upload(role, file.filename or "", file.stream)
        for role in PhotoRole
        for file in request.files.getlist(f"{box}{role.value}")
    ]


def sentence_of(note: Problem) -> str:
    """A note about one file, with its name."""
    name = dict(note.values).get("file", "")
    if not name:
        return say(note)
    return str(gettext("%(file)s: %(problem)s", file=name, problem=say(note)))


def sentences_of(received: Iterable[Received]) -> list[str]:
    """What was wrong with each file that was not kept."""
    told = [sentence_of(with_name(one.problem, one.name)) for one in received if one.problem]
    return told or [str(gettext("Chưa chọn ảnh nào."))]
