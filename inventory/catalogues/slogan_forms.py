"""Forms of slogans: a new text, a new edition of one, its withdrawal."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from inventory.catalogues.slogan_rules import SloganWords, Withdrawal
from inventory.catalogues.typed_fields import LONG, Press, Whole
from inventory.fields import FILL, DayField, LineField, NoteField


class _TextForm(Press):
    """A text of the catalogue and where it comes from."""

    text = NoteField(_l("Nội dung"), [DataRequired(FILL), Length(max=1000, message=LONG)])
    source = NoteField(
        _l("Nguồn"),
        [DataRequired(FILL), Length(max=2000, message=LONG)],
        description=_l("Văn bản nào, số và ngày nào."),
    )
    issued_on = DayField(_l("Ngày ban hành"), [Optional()])


class SloganForm(_TextForm):
    """A new numbered text."""

    number = Whole(_l("Số thứ tự"), [InputRequired(FILL)])

    def words(self) -> SloganWords:
        """What was typed, once the form is valid."""
        return SloganWords(
            self.number.data or 0, self.text.data or "", self.source.data or "", self.issued_on.data
        )


class WithdrawForm(Press):
    """From which day and why a text is withdrawn."""

    withdrawn_on = DayField(_l("Thu hồi từ ngày"), [InputRequired(FILL)])
    withdrawn_reason = LineField(_l("Lý do thu hồi"), [DataRequired(FILL), Length(max=300, message=LONG)])

    def withdrawal(self, today: date) -> Withdrawal:
        """What was typed, once the form is valid."""
        return Withdrawal(self.withdrawn_on.data or today, self.withdrawn_reason.data or "")


class EditionForm(_TextForm, WithdrawForm):
    """A new edition; the edition in force before it is withdrawn in the same step."""

    def words(self, number: int) -> SloganWords:
        """What was typed, once the form is valid."""
        return SloganWords(number, self.text.data or "", self.source.data or "", self.issued_on.data)
