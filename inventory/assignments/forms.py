"""Forms of assignments: giving and taking, sharing evenly, saving a preview, choosing labels."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import Length, Optional

from inventory.assignments.rules import LONGEST_TEAM, Standing, Work
from inventory.errors import BadInput
from inventory.fields import Form, LineField, WholeField

_LONG = _l("Viết không quá %(max)d ký tự.")
_PLAN = re.compile(r"\d{1,9}:\d{1,9}(,\d{1,9}:\d{1,9})*", re.ASCII)
LONGEST_PLAN = 40_000
#: What a group is called among the people to choose from.
TEAM = "team:"


class GiveForm(Form):
    """Ticked places to one person, to a group, or back to nobody (`act` is the button)."""

    entry_id = HiddenField()
    base_version = HiddenField()
    place = SelectMultipleField(_l("Nơi bỏ phiếu"), coerce=int)
    person = SelectField(_l("Giao cho"))
    team = LineField(_l("Tổ"), [Optional(), Length(max=LONGEST_TEAM, message=_LONG)])
    act = HiddenField()

    def offer(self, work: Work) -> None:
        """What can be chosen in this ward."""
        self.place.choices = [(place.id, str(place.number)) for place in work.places]
        here = [person for person in work.people if person.standing is Standing.HERE]
        self.person.choices = [
            ("", _("Chọn người hoặc tổ")),
            *((str(person.id), person.name) for person in here),
            *(
                (f"{TEAM}{name}", _("Tổ: %(name)s", name=name))
                for name, people in work.teams.items()
                if people
            ),
        ]

    def chosen_team(self, work: Work) -> tuple[str, tuple[int, ...]] | None:
        """The group that was chosen instead of a person, with its people."""
        name = str(self.person.data or "")
        if not name.startswith(TEAM):
            return None
        return name.removeprefix(TEAM), work.teams.get(name.removeprefix(TEAM), ())


class DivideForm(Form):
    """What to share evenly among whom; it writes nothing, so it is read from the address."""

    class Meta(Form.Meta):
        """No token: nothing is changed."""

        csrf = False

    person = SelectMultipleField(_l("Người đi"), coerce=int)
    place = SelectMultipleField(_l("Nơi bỏ phiếu"), coerce=int)
    keep = BooleanField(_l("Giữ nguyên nơi đã giao"), [Optional()])
    team = LineField(_l("Tổ"), [Optional(), Length(max=LONGEST_TEAM, message=_LONG)])

    def offer(self, work: Work) -> None:
        """What can be chosen in this ward."""
        self.place.choices = [(place.id, str(place.number)) for place in work.places]
        here = [person for person in work.people if person.standing is Standing.HERE]
        self.person.choices = [(person.id, person.name) for person in here]


class SaveForm(Form):
    """A preview that is taken as it was shown: `plan` is place:person, place:person, …"""

    entry_id = HiddenField()
    base_version = HiddenField()
    plan = HiddenField()
    team = HiddenField()

    def holders(self) -> dict[int, int | None]:
        """Place id → person id. Raises BadInput for what no page sends."""
        text, team = str(self.plan.data or ""), str(self.team.data or "")
        if len(text) > LONGEST_PLAN or not _PLAN.fullmatch(text) or len(team) > LONGEST_TEAM:
            raise BadInput("plan", "Bản chia không đọc được; hãy chia lại.", "plan")
        pairs = (pair.split(":") for pair in text.split(","))
        return {int(place): int(person) for place, person in pairs}


class LabelForm(Form):
    """Which labels, on which sheet, from which place of the first sheet on. Read from the address."""

    class Meta(Form.Meta):
        """No token: nothing is changed."""

        csrf = False

    sheet = SelectField(_l("Khổ tem"), choices=[])
    area = SelectField(_l("Phường, xã"))
    place = SelectField(_l("Nơi bỏ phiếu"))
    kind = SelectField(_l("Loại"))
    start = WholeField(
        _l("Bắt đầu từ tem số"),
        [Optional()],
        description=_l("Tờ đã dùng dở: đếm từ trái sang phải, từ trên xuống; tem đầu là 1."),
    )

    def offer(
        self,
        sheets: Sequence[tuple[str, Any]],
        areas: Sequence[tuple[int, str]],
        places: Sequence[tuple[int, str]],
        kinds: Sequence[tuple[str, str]],
    ) -> None:
        """What can be chosen."""
        self.sheet.choices = list(sheets)
        self.area.choices = [(str(number), name) for number, name in areas]
        self.place.choices = [("", _("Cả phường, xã")), *((str(number), name) for number, name in places)]
        self.kind.choices = [("", _("Mọi loại")), *kinds]

    def wrong(self) -> str:
        """The name of the first field that cannot be used, "" when all can."""
        self.validate()
        return next((field.name for field in self if field.errors), "")
