"""The filters of the coverage page, as a form that is sent with GET."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import Optional

from inventory.fields import DayField
from inventory.labels import FIGURES, REASONS, STATES, ZONES
from inventory.vocabulary import Figure, GapReason, PlaceState, Zone
from maps.coverage.listing import Filters

ALL = ("", _l("Tất cả"))


class FilterForm(FlaskForm):
    """Which gaps to show; every field may stay empty."""

    class Meta:
        """A form that changes nothing needs no token."""

        csrf = False

    ward = SelectField(_l("Phường, xã"), default="")
    zone = SelectField(_l("Chỗ đặt"), default="", choices=[ALL, *ZONES.items()])
    requirement = SelectField(_l("Yêu cầu"), default="")
    kind = SelectField(_l("Loại"), default="")
    reason = SelectField(_l("Lý do"), default="", choices=[ALL, *REASONS.items()])
    state = SelectField(_l("Tình trạng nơi"), default="", choices=[ALL, *STATES.items()])
    figure = SelectField(_l("Tính theo"), default=Figure.REPORTED.value, choices=list(FIGURES.items()))

    def offer(
        self,
        wards: Iterable[tuple[int, str]],
        requirements: Iterable[tuple[int, str]],
        kinds: Iterable[tuple[str, str]],
    ) -> None:
        """Fill the lists that depend on the run."""
        self.ward.choices = [ALL, *_choices(wards)]
        self.requirement.choices = [ALL, *_choices(requirements)]
        self.kind.choices = [ALL, *_choices(kinds)]

    def filters(self) -> Filters:
        """The filters of a form that was validated."""
        return Filters(
            ward=int(self.ward.data) if self.ward.data else None,
            zone=Zone(self.zone.data) if self.zone.data else None,
            requirement=int(self.requirement.data) if self.requirement.data else None,
            kind=self.kind.data or "",
            reason=GapReason(self.reason.data) if self.reason.data else None,
            state=PlaceState(self.state.data) if self.state.data else None,
            figure=Figure(self.figure.data or Figure.REPORTED.value),
        )

    def chosen(self) -> dict[str, Any]:
        """What was chosen, for the links of the pager; the figure only when it is not the usual one."""
        usual = {"figure": Figure.REPORTED.value}
        return {
            field.name: field.data for field in self if field.data and usual.get(field.name) != field.data
        }


class DayForm(FlaskForm):
    """The day to compute again; empty is today. The token is checked with the request."""

    class Meta:
        """The service checks the token of every form itself."""

        csrf = False

    day = DayField(_l("Ngày"), validators=[Optional()])


def _choices(pairs: Iterable[tuple[object, str]]) -> list[tuple[str, str]]:
    return [(str(value), name) for value, name in pairs]
