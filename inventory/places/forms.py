"""The form of a polling place and its venue, and the reading of the list's query."""

from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from inventory.errors import BadInput
from inventory.form_steps import typed_position
from inventory.geodesy import Position, in_vietnam, looks_swapped
from inventory.labels import VENUE_KINDS, label
from inventory.places.queries import PlaceFacts, VenueChoice
from inventory.places.rules import PlaceDraft, VenueDraft, VisitState
from inventory.vocabulary import VenueKind
from inventory.wording import clean, number

_FILL = _l("Hãy điền chỗ này.")


def _longest(most: int) -> Length:
    return Length(max=most, message=_l("Viết không quá %(max)d ký tự."))


def _cleaned(value: str | None) -> str:
    return clean(value or "")


class Count(IntegerField):
    """A whole number, with or without the points that offices write into thousands; blank is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read digits; anything else is told in the reader's language."""
        text = (valuelist[0] if valuelist else "").replace(".", "").replace(" ", "").strip()
        self.data = None
        if text and not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise ValueError(_("Ghi bằng số, ví dụ 780."))
        self.data = int(text) if text else None


class Hour(TimeField):
    """A time of day as hh:mm; blank is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Ghi giờ dạng 07:00.")) from error


class PlaceForm(FlaskForm):
    """One polling place. `venue` is a known one, or blank for the one described below it."""

    entry_id = HiddenField()
    base_version = HiddenField()
    number = Count(_l("Số khu vực bỏ phiếu"), [InputRequired(_FILL)])
    name = StringField(
        _l("Tên"),
        [Optional(), _longest(200)],
        filters=[_cleaned],
        description=_l("Để trống thì là “Khu vực bỏ phiếu số …”."),
    )
    voters = Count(_l("Số cử tri"), [Optional()])
    opens_at = Hour(_l("Giờ mở"), [Optional()])
    closes_at = Hour(_l("Giờ đóng"), [Optional()])
    restricted = BooleanField(
        _l("Nơi hạn chế"),
        description=_l("Vị trí chỉ phường, xã đó và Phòng Văn hóa và Thông tin được biết."),
    )
    venue = SelectField(_l("Địa điểm"), [Optional()], validate_choice=False)
    venue_name = StringField(_l("Tên địa điểm"), [Optional(), _longest(200)], filters=[_cleaned])
    venue_kind = SelectField(
        _l("Loại địa điểm"),
        choices=[(kind.value, words) for kind, words in VENUE_KINDS.items()],
        validate_choice=False,
        default=VenueKind.CULTURAL_HOUSE.value,
    )
    address = StringField(_l("Địa chỉ"), [Optional(), _longest(300)], filters=[_cleaned])
    lat = StringField(_l("Vĩ độ"), [Optional(), _longest(60)], filters=[_cleaned])
    lon = StringField(_l("Kinh độ"), [Optional(), _longest(60)], filters=[_cleaned])
    source = StringField(_l("Nguồn số liệu"), [Optional(), _longest(500)], filters=[_cleaned])
    licence = StringField(_l("Giấy phép của nguồn"), [Optional(), _longest(120)], filters=[_cleaned])

    def offer(self, venues: tuple[VenueChoice, ...]) -> None:
        """Let a known venue of the ward be chosen."""
        known = ((str(row.id), f"{row.name} ({label(row.kind)})") for row in venues)
        self.venue.choices = [("", _("Địa điểm mới, ghi bên dưới")), *known]

    def show(self, facts: PlaceFacts) -> None:
        """Fill in a place as it is."""
        target = facts.target
        self.number.data, self.name.data, self.voters.data = target.number, target.name, target.voters
        self.opens_at.data, self.closes_at.data = facts.opens_at, facts.closes_at
        self.restricted.data = target.restricted
        self.venue.data = str(target.venue_id)
        self.venue_name.data, self.venue_kind.data = target.venue_name, target.venue_kind.value
        self.address.data = facts.address
        if facts.point:
            self.lat.data, self.lon.data = (number(degrees, 6) for degrees in facts.point)
        self.source.data, self.licence.data = facts.source, facts.licence

    def draft(self, area_id: int) -> PlaceDraft:
        """What was typed; problems of the position are told at its fields."""
        chosen = self.venue.data or ""
        kind = self.venue_kind.data
        if kind not in set(VenueKind):
            self.venue_kind.errors = [*self.venue_kind.errors, _("Chọn một loại địa điểm.")]
            kind = VenueKind.OTHER
        return PlaceDraft(
            area_id=area_id,
            number=self.number.data or 0,
            name=self.name.data or "",
            voters=self.voters.data,
            opens_at=_time(self.opens_at.data),
            closes_at=_time(self.closes_at.data),
            restricted=bool(self.restricted.data),
            venue=VenueDraft(
                id=int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None,
                name=self.venue_name.data or "",
                kind=VenueKind(kind),
                address=self.address.data or "",
                point=self._point(),
            ),
            source=self.source.data or "",
            licence=self.licence.data or "",
        )

    def _point(self) -> Position | None:
        point = typed_position(self.lat, self.lon)
        if point is None:
            return None
        if not in_vietnam(*point):
            swapped = looks_swapped(*point)
            text = (
                _("Vĩ độ và kinh độ bị đổi chỗ cho nhau.") if swapped else _("Vị trí này nằm ngoài Việt Nam.")
            )
            self.lat.errors = [*self.lat.errors, text]
            return None
        return point


def _time(value: object) -> time | None:
    return value if isinstance(value, time) else None


class Wanted:
    """The list's query: what to show, from where. Words that no page sends raise BadInput."""

    def __init__(self, query: "MultiDict[str, str]") -> None:
        self.q = clean(query.get("q", ""))[:100]
        self.state = self._word(query.get("state", ""))
        self.area = self._number(query.get("area", ""), "area")
        self.after = self._number(query.get("after", ""), "after")
        self.here = self._here(query.get("lat", ""), query.get("lon", ""))

    @staticmethod
    def _word(text: str) -> VisitState | None:
        if text and text not in set(VisitState):
            raise BadInput("state", "Không có trạng thái khảo sát đó.", "state")
        return VisitState(text) if text else None

    @staticmethod
    def _number(text: str, name: str) -> int | None:
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            raise BadInput(name, "Địa chỉ trang có chỗ không phải là số.", name)
        return int(text) if text else None

    @staticmethod
    def _here(lat: str, lon: str) -> Position | None:
        if not lat and not lon:
            return None
        try:
            here = float(lat[:20]), float(lon[:20])
        except ValueError:
            raise BadInput("position", "Vị trí không đọc được.", "lat") from None
        if not (abs(here[0]) <= 90 and abs(here[1]) <= 180):
            raise BadInput("position", "Vị trí không đọc được.", "lat")
        return here

    def kept(self, **changed: Any) -> dict[str, str]:
        """The query again, with some of it changed; None drops a part."""
        parts: dict[str, Any] = {"q": self.q, "state": self.state, "area": self.area}
        if self.here:
            parts |= {"lat": f"{self.here[0]:.5f}", "lon": f"{self.here[1]:.5f}"}
        parts |= changed
        return {name: str(value) for name, value in parts.items() if value not in (None, "")}
