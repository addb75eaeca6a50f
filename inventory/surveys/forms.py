"""The form of a visit. Its field names are regular, so that a program can fill it over plain HTTP.

The whole form (POST, multipart when it has photos):
  csrf_token, entry_id     as the page gave them; the same entry sent twice is stored once
  finish                   "1" finishes the visit ("Xong nơi này"); absent or "" only saves ("Lưu")
  lat, lon                 a position somebody typed, in degrees as offices write them; may be blank
  fix_lat, fix_lon, fix_accuracy_m, fix_age_s   the device's fix; never refused, ignored when useless
  note                     a word on the whole visit
  zones-<zone>-none        "1": nothing stands in this zone (gate, outside, inside, route, public, mobile);
                           answers "none" for the items of the zone that say nothing themselves

Items, n = 0, 1, … in the order of the page; an item whose fields are blank is not answered:
  items-<n>-key            which item: "<zone>.<KIND>" or "<zone>.<family>"; without it the n-th of the page
  items-<n>-base           digest of what the page was made from; without it no warning of others
  items-<n>-kind           the kind's code, where a family leaves the choice
  items-<n>-quick          "same" as last time, "enough" as many as needed and all working, "none" nothing
  items-<n>-found          how many stand; 0 is an answer
  items-<n>-working        how many of them work; blank: all of them
  items-<n>-condition      a word of the vocabulary for those that do not work (torn, fallen, …)
  items-<n>-slogan         id of a text of the catalogue, for kinds that carry one
  items-<n>-azimuth, items-<n>-width_m, items-<n>-height_m, items-<n>-note
  items-<n>-photo          files, any number
  items-<n>-fix_lat, -fix_lon, -fix_accuracy_m, -fix_age_s   the fix when this item was touched

Things that the checklist does not ask for, m = 0, 1, …; a row without a kind is passed over:
  extras-<m>-zone, extras-<m>-kind, and the fields of an item; found blank: one
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
    Form,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from inventory.labels import label
from inventory.pages import in_language
from inventory.surveys.checklist import Item, choices
from inventory.surveys.fields import Decimal, Fix, Whole
from inventory.surveys.queries import Sheet
from inventory.surveys.rules import shown_details
from inventory.wording import clean

#: Blank rows for further things, in each zone.
EXTRAS = 2
MOST_ROWS = 400
_NOTE = Length(max=500, message=_l("Viết không quá 500 ký tự."))


def _cleaned(value: str | None) -> str:
    return clean(value or "")


class RowForm(Form):
    """One item of the checklist, or one further thing. Choices are the sheet's; see `_dress`."""

    key = HiddenField()
    base = HiddenField()
    kind = SelectField(_l("Loại"), validate_choice=False)
    quick = RadioField(_l("Trả lời nhanh"), validate_choice=False)
    found = Whole(_l("Đang có"))
    working = Whole(_l("Dùng tốt"))
    condition = RadioField(_l("Tình trạng phần không dùng tốt"), validate_choice=False)
    slogan = SelectField(_l("Khẩu hiệu"), validate_choice=False)
    azimuth = Decimal(_l("Hướng mặt (độ, 0 là bắc)"))
    width_m = Decimal(_l("Rộng (m)"))
    height_m = Decimal(_l("Cao (m)"))
    note = StringField(_l("Ghi chú"), [_NOTE], filters=[_cleaned])
    photo = MultipleFileField(_l("Ảnh"))
    fix_lat = Fix()
    fix_lon = Fix()
    fix_accuracy_m = Fix()
    fix_age_s = Fix()


class ExtraForm(RowForm):
    """A further thing: its zone is fixed by where the row stands."""

    zone = HiddenField()


class _Top(Form):
    entry_id = HiddenField()
    lat = StringField(_l("Vĩ độ"), [Optional(), Length(max=60)], filters=[_cleaned])
    lon = StringField(_l("Kinh độ"), [Optional(), Length(max=60)], filters=[_cleaned])
    note = TextAreaField(
        _l("Ghi chú chung"), [Optional(), _NOTE], filters=[lambda text: clean(text or "", lines=True)]
    )
    fix_lat = Fix()
    fix_lon = Fix()
    fix_accuracy_m = Fix()
    fix_age_s = Fix()


class SurveyForm:
    """The form over a sheet: `rows` go with the sheet's items, `extras` are further things.

    With `sent` it holds what was typed; without, what the records say of items that were answered
    in this visit (the others are blank, with last time's numbers as placeholders).
    """

    def __init__(self, sheet: Sheet, sent: "CombinedMultiDict[str, Any] | None" = None) -> None:
        self.sheet = sheet
        self.sent = sent
        self.form_errors: list[str] = []
        self.stale: dict[str, str] = {}
        self.top = _Top(sent)
        if sent is None and sheet.open_visit:
            self.top.note.data = sheet.open_visit.note
        self.rows = [self._row(index, item) for index, item in enumerate(sheet.items)]
        self.others = self._others()
        self.extras = self._extras()
        self.empty_zones = frozenset(
            zone for zone in sheet.target.zones if sent is not None and sent.get(f"zones-{zone}-none") == "1"
        )

    def _row(self, index: int, item: Item) -> RowForm:
        prefix = f"items-{index}-"
        if self.sent is not None:
            prefix = self._prefixes().get(item.key, f"items-{index}-")
            if self.sent.get(f"{prefix}key", item.key) != item.key:
                prefix = f"items-moved{index}-"  # the standard changed meanwhile: this one is new here
        row = RowForm(self.sent, prefix=prefix, data=_shown(item, answers=self.sent is None))
        row.key.data = item.key
        if self.sent is None:
            row.base.data = item.base
        _dress(row, self.sheet, item)
        return row

    def _prefixes(self) -> Mapping[str, str]:
        """The prefix under which each item's key was sent."""
        if not hasattr(self, "_sent_prefixes"):
            found: dict[str, str] = {}
            for name in list(self.sent or ())[: MOST_ROWS * 20]:
                match = re.fullmatch(r"(items-\d{1,4}-)key", name)
                if match and self.sent is not None:
                    found.setdefault(self.sent[name], match.group(1))
            self._sent_prefixes = found
        return self._sent_prefixes

    def _others(self) -> list[RowForm]:
        """Rows for items that were on the page and are on the list no more: nothing typed gets lost."""
        known = {item.key for item in self.sheet.items}
        rows = []
        for key, prefix in self._prefixes().items():
            if key not in known:
                row = RowForm(self.sent, prefix=prefix)
                _dress(row, self.sheet, None)
                rows.append(row)
        return rows[:MOST_ROWS]

    def _extras(self) -> list[ExtraForm]:
        rows = []
        zones = self.sheet.zones
        wanted = {
            f"extras-{zone * EXTRAS + number}-": place.zone
            for zone, place in enumerate(zones)
            for number in range(EXTRAS)
        }
        for name in list(self.sent or ())[: MOST_ROWS * 20]:
            match = re.fullmatch(r"(extras-\d{1,4}-)kind", name)
            if match and match.group(1) not in wanted and len(wanted) < MOST_ROWS:
                wanted[match.group(1)] = zones[0].zone
        for prefix, zone in wanted.items():
            row = ExtraForm(self.sent, prefix=prefix)
            known = {place.zone.value: place for place in zones}
            place = known.get(row.zone.data or zone.value, known[zone.value])
            row.zone.data = place.zone.value
            _dress(row, self.sheet, None)
            row.kind.choices = [
                ("", _("Chọn loại")),
                *((kind.code, in_language(kind)) for kind in place.more),
            ]
            rows.append(row)
        return rows

    def __iter__(self) -> Iterator[Any]:
        yield from self.top
        for row in (*self.rows, *self.others, *self.extras):
            yield from row

    @property
    def errors(self) -> dict[str, Any]:
        """What is wrong, by the fields' names; the whole form's own under ""."""
        found = {field.name: field.errors for field in self if field.errors}
        return {**found, **({"": self.form_errors} if self.form_errors else {})}

    def validate(self) -> bool:
        """Check every field; all problems are found at once."""
        forms: tuple[Any, ...] = (self.top, *self.rows, *self.others, *self.extras)
        return not [form for form in forms if not form.validate()]

    def rebase(self, fresh: Sheet) -> None:
        """Take the digests of what is there now: the next press is meant in full knowledge of it."""
        bases = {item.key: item.base for item in fresh.items}
        for row in self.rows:
            row.base.data = bases.get(row.key.data, "0")


def _shown(item: Item, answers: bool) -> dict[str, Any]:
    details = shown_details(item, item.kind)
    shown: dict[str, Any] = {
        "kind": item.kind.code,
        "slogan": str(details.slogan_id or ""),
        "azimuth": details.azimuth,
        "width_m": details.width_m,
        "height_m": details.height_m,
        "note": details.note,
    }
    if answers and item.answered:
        before = item.before
        shown |= {"found": before.found, "working": before.working}
        if before.found:
            shown["condition"] = before.condition.value if before.condition else None
        else:
            shown["quick"] = "none"
    return shown


def _dress(row: RowForm, sheet: Sheet, item: Item | None) -> None:
    """Give a row its choices."""
    row.kind.choices = [(kind.code, in_language(kind)) for kind in (item.kinds if item else ())]
    words = choices(item.kind) if item else ()
    if item is None or len(item.kinds) > 1:
        kinds = item.kinds if item else tuple(sheet.kinds.values())
        words = tuple(dict.fromkeys(word for kind in kinds for word in choices(kind)))
    row.condition.choices = [(word.value, label(word)) for word in words]
    row.slogan.choices = [
        ("", _("Chưa chọn")),
        *(
            (str(one.id), _slogan(one.number, one.text, one.withdrawn_on is not None))
            for one in sheet.slogans
        ),
    ]
    row.quick.choices = []
    if item is None:
        return
    before = item.before
    if item.recorded:
        text = _("Như cũ: %(found)s, tốt %(working)s", found=before.found, working=before.working)
        row.quick.choices.append(("same", text))
    if item.needed > 0 and not (item.recorded and before.found == before.working == item.needed):
        row.quick.choices.append(("enough", _("Đủ %(needed)s, tốt cả", needed=item.needed)))
    row.quick.choices.append(("none", _("Không có")))


def _slogan(numbered: int, text: str, withdrawn: bool) -> str:
    if withdrawn:
        return str(_("Đã thu hồi – %(number)s. %(text)s", number=numbered, text=text))
    return f"{numbered}. {text}"


def typed_form(sheet: Sheet, form: "MultiDict[str, str]", files: "MultiDict[str, Any]") -> SurveyForm:
    """The form over what a browser or a program sent."""
    return SurveyForm(sheet, CombinedMultiDict([files, form]))
