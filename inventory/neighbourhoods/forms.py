"""The form of a neighbourhood, and the reading of the list's query."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField
from wtforms.validators import DataRequired, Length, Optional

from inventory.errors import BadInput
from inventory.fields import FILL, Form, LineField, WholeField
from inventory.form_steps import typed_position
from inventory.geodesy import Position, in_vietnam
from inventory.neighbourhoods.rules import Draft, Neighbour
from inventory.wording import number

_LONG = _l("Dài quá.")


class NeighbourForm(Form):
    """One neighbourhood; where it votes is chosen among its ward's places."""

    entry_id = HiddenField()
    base_version = HiddenField()
    name = LineField(_l("Khu phố, thôn"), [DataRequired(FILL), Length(max=200, message=_LONG)])
    place_id = SelectField(_l("Bỏ phiếu ở"), [Optional()])
    households = WholeField(_l("Số hộ"), [Optional()])
    voters = WholeField(_l("Số cử tri"), [Optional()])
    lat = LineField(_l("Vĩ độ"), [Optional(), Length(max=60, message=_LONG)])
    lon = LineField(_l("Kinh độ"), [Optional(), Length(max=60, message=_LONG)])
    source = LineField(_l("Nguồn số liệu"), [Optional(), Length(max=500, message=_LONG)])
    licence = LineField(_l("Giấy phép của nguồn"), [Optional(), Length(max=120, message=_LONG)])

    def offer(self, places: tuple[tuple[int, int, str], ...]) -> None:
        """Let the ward's places be chosen: (id, number, name)."""
        known = ((str(row), f"{order:02d} · {name}") for row, order, name in places)
        self.place_id.choices = [("", _("chưa rõ")), *known]

    def show(self, seen: Neighbour) -> None:
        """Fill in a neighbourhood as it is."""
        self.name.data, self.households.data, self.voters.data = seen.name, seen.households, seen.voters
        self.place_id.data = str(seen.place_id or "")
        if seen.position:
            self.lat.data, self.lon.data = (number(degrees, 6) for degrees in seen.position)
        self.source.data, self.licence.data = seen.source, seen.licence

    def draft(self) -> Draft:
        """What was typed; problems of the position are told at its fields."""
        chosen = str(self.place_id.data or "")
        return Draft(
            name=self.name.data or "",
            place_id=int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None,
            households=self.households.data,
            voters=self.voters.data,
            position=self._point(),
            source=self.source.data or "",
            licence=self.licence.data or "",
        )

    def _point(self) -> Position | None:
        point = typed_position(self.lat, self.lon)
        if point is None or in_vietnam(*point):
            return point
        self.lat.errors = [*self.lat.errors, _("Vị trí này nằm ngoài Việt Nam.")]
        return None


class Wanted:
    """The list's query. Words that no page sends raise BadInput."""

    def __init__(self, query: "MultiDict[str, str]") -> None:
        self.area = self._number(query.get("area", ""), "area")
        self.after = self._number(query.get("after", ""), "after")

    @staticmethod
    def _number(text: str, name: str) -> int | None:
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            raise BadInput(name, "Địa chỉ trang có chỗ không phải là số.", name)
        return int(text) if text else None
