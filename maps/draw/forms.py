"""The filters of the map page, as a form that is sent with GET."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from inventory.labels import FIGURES, STATES
from inventory.vocabulary import Figure, PlaceState
from maps.draw.rows import Filters, Soundness

ALL = ("", _l("Tất cả"))

SOUNDNESS = {
    Soundness.WORKS: _l("Dùng tốt"),
    Soundness.IN_PART: _l("Hỏng một phần"),
    Soundness.BROKEN: _l("Hỏng"),
}


class MapForm(FlaskForm):
    """What the map and its list show; every field may stay empty."""

    class Meta:
        """A form that changes nothing needs no token."""

        csrf = False

    figure = SelectField(_l("Tính theo"), default=Figure.REPORTED.value, choices=list(FIGURES.items()))
    ward = SelectField(_l("Phường, xã"), default="")
    state = SelectField(_l("Tình trạng nơi bỏ phiếu"), default="", choices=[ALL, *STATES.items()])
    kind = SelectField(_l("Loại công trình"), default="")
    sound = SelectField(_l("Công trình còn dùng được"), default="", choices=[ALL, *SOUNDNESS.items()])
    plan = SelectField(_l("Kế hoạch"), default="")
    beside = SelectField(_l("So với kế hoạch"), default="")

    def offer(self, wards: Iterable[tuple[int, str]], kinds: Iterable[tuple[str, str]]) -> None:
        """Fill the lists that depend on the campaign."""
        self.ward.choices = [ALL, *((str(number), name) for number, name in wards)]
        self.kind.choices = [ALL, *kinds]

    def offer_plans(self, plans: Iterable[tuple[int, str]]) -> None:
        """The plans that may be laid over the map, one or two."""
        known = [(str(number), name) for number, name in plans]
        self.plan.choices = self.beside.choices = [("", _l("Không dùng kế hoạch")), *known]

    def filters(self) -> Filters:
        """The filters of a form that was validated."""
        return Filters(
            ward=int(self.ward.data) if self.ward.data else None,
            state=PlaceState(self.state.data) if self.state.data else None,
            kind=self.kind.data or "",
            soundness=Soundness(self.sound.data) if self.sound.data else None,
            figure=Figure(self.figure.data or Figure.REPORTED.value),
        )

    def chosen(self) -> dict[str, Any]:
        """What was chosen beyond the usual, for links."""
        usual = {"figure": Figure.REPORTED.value}
        return {
            field.name: field.data for field in self if field.data and usual.get(field.name) != field.data
        }
