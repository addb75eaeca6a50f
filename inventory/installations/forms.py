"""Forms of installations. A form only has the fields that its kind has, and only those are written."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from inventory.geodesy import Axis, parse_degrees
from inventory.installations.record import FIELDS, Record, plain, worded
from inventory.installations.rules import LONGEST_SERIAL, LONGEST_TEXT, KindSeen, SloganSeen
from inventory.installations.showing import FIELD_LABELS
from inventory.labels import label
from inventory.outcomes import Problem
from inventory.pages import in_language, say
from inventory.vocabulary import AREA_ZONES, PLACE_ZONES, PositionSource
from inventory.wording import clean

#: Written by a device beside a new position, never shown in a box.
_MEASURED = frozenset({"accuracy_m", "position_age_s"})
_NEEDED = _l("Ghi một số; không có thì ghi 0.")
_LONG = _l("Viết không quá %(max)d ký tự.")


class NumberField(StringField):
    """A number as people here write it: comma or dot, empty for unknown. `data` is a float or None."""

    def __init__(self, label: Any = None, whole: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.whole = whole

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.text_of(self.data)

    def text_of(self, value: Any) -> str:
        """How the field shows a value."""
        return "" if value is None else f"{value:.7f}".rstrip("0").rstrip(".").replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; ValueError with a sentence."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = self.read(text) if text else None

    def read(self, text: str) -> float | int | None:
        """The number in a text."""
        if len(text) > 20 or not text.replace(",", ".", 1).replace(".", "", 1).removeprefix("-").isdecimal():
            raise ValueError(gettext("Viết một số, ví dụ 12,5."))
        number = float(text.replace(",", "."))
        if self.whole:
            if not number.is_integer():
                raise ValueError(gettext("Viết một số nguyên."))
            return int(number)
        return number


class DegreesField(NumberField):
    """A coordinate in any writing that an office uses."""

    def __init__(self, label: Any = None, axis: Axis = "lat", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.axis = axis

    def read(self, text: str) -> float:
        """The degrees in a text."""
        found = parse_degrees(text, self.axis)
        if isinstance(found, Problem):
            raise ValueError(say(found))
        return found


class ChoiceField(SelectField):
    """A list to choose from whose refusal people understand."""

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 -- WTForms passes it
        """Refuse what is not in the list."""
        if not any(match for _, _, match, *_ in self.iter_choices()):
            raise ValidationError(gettext("Chọn một trong các mục của danh sách."))


class ChipsField(RadioField):
    """The same as chips: all in sight, one press."""

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 -- WTForms passes it
        """Refuse what is not there."""
        if not any(match for _, _, match, *_ in self.iter_choices()):
            raise ValidationError(gettext("Chọn một trong các mục của danh sách."))


def _identity(text: Any) -> int | None:
    """The id in a list's value; None for the empty one, and -1, which is in no list, for rubbish."""
    written = str(text or "")
    if not written:
        return None
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else -1


class InstallationFields(Form):
    """The fields of a record, to be narrowed to a kind by `fit`; also for things added in a survey."""

    kind_code = ChoiceField(FIELD_LABELS["kind_code"])
    condition = ChipsField(FIELD_LABELS["condition"])
    quantity = NumberField(
        FIELD_LABELS["quantity"], whole=True, validators=[InputRequired(_NEEDED)], render_kw={"min": 0}
    )
    working = NumberField(
        FIELD_LABELS["working"], whole=True, validators=[InputRequired(_NEEDED)], render_kw={"min": 0}
    )
    zone = ChoiceField(FIELD_LABELS["zone"])
    venue_id = ChoiceField(FIELD_LABELS["venue_id"], coerce=_identity)
    lat = DegreesField(FIELD_LABELS["lat"], axis="lat")
    lon = DegreesField(FIELD_LABELS["lon"], axis="lon")
    accuracy_m = HiddenField()
    position_age_s = HiddenField()
    azimuth = NumberField(FIELD_LABELS["azimuth"], validators=[Optional()])
    width_m = NumberField(FIELD_LABELS["width_m"], validators=[Optional()])
    height_m = NumberField(FIELD_LABELS["height_m"], validators=[Optional()])
    sides = NumberField(FIELD_LABELS["sides"], whole=True, validators=[Optional()])
    horns = NumberField(FIELD_LABELS["horns"], whole=True, validators=[Optional()])
    watts = NumberField(FIELD_LABELS["watts"], validators=[Optional()])
    slogan_id = ChoiceField(FIELD_LABELS["slogan_id"], coerce=_identity)
    shown_text = TextAreaField(
        FIELD_LABELS["shown_text"], [Optional(), Length(max=LONGEST_TEXT, message=_LONG)]
    )
    serial = StringField(FIELD_LABELS["serial"], [Optional(), Length(max=LONGEST_SERIAL, message=_LONG)])
    note = TextAreaField(FIELD_LABELS["note"], [Optional(), Length(max=LONGEST_TEXT, message=_LONG)])

    def fit(
        self,
        kind: KindSeen,
        kinds: Iterable[KindSeen],
        slogans: Iterable[SloganSeen],
        venues: Iterable[tuple[int, str]],
        record: Record,
    ) -> None:
        """Take away what the kind does not have, and fill the lists."""
        lacking = {
            "quantity": not kind.bulk,
            "working": not kind.bulk,
            "azimuth": not kind.directional,
            "width_m": not kind.sized,
            "height_m": not kind.sized,
            "sides": not kind.sized,
            "horns": not kind.horned,
            "watts": not kind.horned,
            "slogan_id": not kind.texted,
            "shown_text": not kind.texted,
        }
        for name, missing in lacking.items():
            if missing:
                del self[name]
        self.kind_code.choices = [
            (one.code, in_language(one)) for one in kinds if one.in_use or one.code == kind.code
        ]
        self.condition.choices = [(word.value, label(word)) for word, _ in kind.conditions]
        zones = AREA_ZONES if record.venue_id is None else PLACE_ZONES
        self.zone.choices = [("", gettext("chưa rõ")), *((zone.value, label(zone)) for zone in zones)]
        self.venue_id.choices = [("", gettext("Của cả phường, xã")), *((str(n), name) for n, name in venues)]
        if kind.texted:
            self.slogan_id.choices = [("", gettext("Không theo danh mục")), *map(_slogan, slogans)]

    def fill(self, record: Record) -> None:
        """Show a record."""
        for field in self:
            if field.short_name in FIELDS and field.short_name not in _MEASURED:
                field.data = plain(getattr(record, field.short_name))
                if field.data is None and field.short_name == "zone":
                    field.data = ""

    def wanted(self, base: Record | None) -> dict[str, Any]:
        """The fields as a person wants them; what was left as it was shown keeps its exact value.

        What was not sent at all is not wanted otherwise: it is not in the answer.
        """
        found: dict[str, Any] = {}
        for field in self:
            name = field.short_name
            if name not in FIELDS or name in _MEASURED or not field.raw_data:
                continue
            found[name] = _wanted(field, getattr(base, name) if base else None, base is not None)
        spot = {"lat", "lon"} & found.keys()
        if base is None or any(found[axis] != getattr(base, axis) for axis in spot):
            found |= self._fix()
        return found

    def _fix(self) -> dict[str, Any]:
        """Where a new position comes from: the device says how exact it is, a hand does not."""
        accuracy, age = _measure(self.accuracy_m.data), _measure(self.position_age_s.data)
        source = PositionSource.MAP if accuracy is None else PositionSource.DEVICE
        return {"accuracy_m": accuracy, "position_age_s": age, "position_source": source}


def _wanted(field: Field, shown: Any, known: bool) -> Any:
    if known and isinstance(field, NumberField) and field.text_of(shown) == field._value().strip():
        return shown
    value = field.data
    if isinstance(value, str):
        # A text box sends other line ends than those that are kept.
        value = clean(value, lines=isinstance(field, TextAreaField))
    if isinstance(value, str) and field.short_name in {"zone", "condition"}:
        return worded(field.short_name, value) if value else None
    return value


def _measure(text: Any) -> float | None:
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return value if 0 <= value < 1e7 else None


def _slogan(slogan: SloganSeen) -> tuple[str, str]:
    text = slogan.text if len(slogan.text) < 80 else slogan.text[:77] + "…"
    name = f"{slogan.number}. {text}"
    if slogan.withdrawn_on is not None:
        name = gettext("ĐÃ THU HỒI: %(text)s", text=name)
    return str(slogan.id), name


class EntryForm(FlaskForm):
    """What every writing form carries: the entry's id and the version that was looked at."""

    entry_id = HiddenField()
    base_version = HiddenField()


class AmendForm(EntryForm, InstallationFields):
    """Changes of a record."""


class StepForm(EntryForm):
    """The next step of its life."""

    step = ChipsField(_l("Bước tiếp theo"))
    why = StringField(FIELD_LABELS["note"], [Optional(), Length(max=300, message=_LONG)])

    def fit(self, steps: Iterable[StrEnum]) -> None:
        """Offer the steps that may follow."""
        self.step.choices = [(step.value, label(step)) for step in steps]


def tell(form: FlaskForm, problems: Iterable[Problem]) -> None:
    """Put problems at their fields, or at the form where it has no such field."""
    for problem in problems:
        if problem.field and problem.field in form:
            form[problem.field].errors = [*form[problem.field].errors, say(problem)]
        else:
            form.form_errors.append(say(problem))


def sent(form: Mapping[str, Any]) -> dict[str, Any]:
    """What a form said, without its token and its id: what makes two sendings the same."""
    return {name: value for name, value in form.items() if name not in {"csrf_token", "entry_id"}}
