"""Forms of the review. Every one carries `entry_id`; `base_version` is the version that was looked at."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import Length

from inventory.labels import RETURN_REASONS


class Decision(FlaskForm):
    """Verify one item."""

    entry_id = HiddenField()
    base_version = HiddenField()


class GiveBack(Decision):
    """Return one item: a chip, and words where the chip does not say it."""

    reason = RadioField(
        _l("Cần bổ sung gì"),
        choices=[(word.value, words) for word, words in RETURN_REASONS.items()],
        validate_choice=False,
    )
    text = StringField(
        _l("Viết thêm cho người ghi"), validators=[Length(max=500, message=_l("Dài nhất 500 ký tự."))]
    )


class Several(FlaskForm):
    """Verify several items at once: each `item` is "id:version" as it was shown."""

    entry_id = HiddenField()
