"""The filters of the investment page, as a form that is sent with GET."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SearchField, SelectField
from wtforms.validators import Length

from inventory.fields import Form, cleaned
from inventory.labels import ZONES
from inventory.vocabulary import PRICED_ACTIONS, Figure, LineAction, Zone
from maps.investment.listing import Filters, Part, Sort
from maps.investment.words import ACTIONS, SORTS

ALL = ("", _l("Tất cả"))
_MANDATORY = {"1": _l("Bắt buộc"), "0": _l("Nên có")}
#: What the page takes when the address says nothing; such values stay out of its links.
_USUAL = {"figure": Figure.REPORTED.value, "part": Part.PRICED.value, "sort": Sort.PRIORITY.value}
_LONGEST = 100
_FOLDED = ("requirement", "kind", "action", "zone", "mandatory")


class FilterForm(Form):
    """Which lines to show, in which order; every field may stay empty."""

    class Meta(Form.Meta):
        """A form that changes nothing needs no token."""

        csrf = False

    figure = HiddenField(default=Figure.REPORTED.value)
    part = HiddenField(default=Part.PRICED.value)
    plan = HiddenField()
    q = SearchField(
        _l("Tìm chữ, không cần dấu"),
        [Length(max=_LONGEST)],
        filters=[cleaned],
    )
    ward = SelectField(_l("Phường, xã"), default="")
    sort = SelectField(_l("Xếp theo"), default=Sort.PRIORITY.value, choices=list(SORTS.items()))
    action = SelectField(
        _l("Việc"),
        default="",
        choices=[ALL, *((word.value, label) for word, label in ACTIONS.items() if word in PRICED_ACTIONS)],
    )
    kind = SelectField(_l("Loại"), default="")
    mandatory = SelectField(_l("Mức ưu tiên"), default="", choices=[ALL, *_MANDATORY.items()])
    zone = SelectField(_l("Chỗ đặt"), default="", choices=[ALL, *ZONES.items()])
    requirement = SelectField(_l("Yêu cầu"), default="")

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

    def wrong(self) -> str:
        """The first field with a value that no page sends, or ""."""
        for name, words in (("figure", Figure), ("part", Part)):
            if self[name].data and self[name].data not in set(words):
                return name
        return "" if self.validate() else next(iter(self.errors))

    def chosen_figure(self) -> Figure:
        """The figure that is asked for."""
        return Figure(self.figure.data or Figure.REPORTED.value)

    def filters(self) -> Filters:
        """The filters of a form in which nothing is wrong."""
        return Filters(
            part=Part(self.part.data or Part.PRICED.value),
            ward=int(self.ward.data) if self.ward.data else None,
            action=LineAction(self.action.data) if self.action.data else None,
            kind=self.kind.data or "",
            mandatory=self.mandatory.data == "1" if self.mandatory.data else None,
            zone=Zone(self.zone.data) if self.zone.data else None,
            requirement=int(self.requirement.data) if self.requirement.data else None,
            text=self.q.data or "",
            sort=Sort(self.sort.data or Sort.PRIORITY.value),
        )

    def chosen(self, **other: str) -> dict[str, Any]:
        """What was chosen, for links; `other` values replace it, usual ones stay out."""
        values = {field.name: field.data for field in self} | other
        return {name: value for name, value in values.items() if value and _USUAL.get(name) != value}

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set, beside figure, part and order."""
        return self.narrowed_more or bool(self.q.data or self.ward.data)

    @property
    def narrowed_more(self) -> bool:
        """Whether one of the filters is set that a page keeps folded."""
        return any(self[name].data for name in _FOLDED)


def _choices(pairs: Iterable[tuple[object, str]]) -> list[tuple[str, str]]:
    return [(str(value), name) for value, name in pairs]
