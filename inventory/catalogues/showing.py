"""What rows of catalogues say, in the reader's words: needs, differences between two versions of a row."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from inventory.catalogues.requirement_rules import Change, Counted, RequirementWords
from inventory.directory import KindName
from inventory.labels import AREA_KINDS, FAMILIES, VENUE_KINDS, label
from inventory.outcomes import Stale
from inventory.pages import in_language, language
from inventory.vocabulary import Family
from inventory.wording import NBSP, UNKNOWN, day, number

Words = list[tuple[str, str, str]]

COUNTED: Mapping[Counted, Any] = {
    Counted.HERE: _l("Ở chính nơi đó"),
    Counted.WITHIN: _l("Trong khoảng cách (m)"),
    Counted.REACH: _l("Trong tầm nghe, tầm đọc theo mô hình"),
}


def needed(words: RequirementWords, priced: KindName) -> str:
    """How many are needed: "ít nhất 1 cái", "1 cái cho mỗi 1.000 cử tri, ít nhất 2"."""
    unit, least = in_language(priced, "unit"), number(words.minimum, locale=language())
    if words.per_voters is None:
        return str(_("ít nhất %(n)s %(unit)s", n=least, unit=unit))
    voters = number(words.per_voters, locale=language())
    if words.minimum == 0:
        return str(_("1 %(unit)s cho mỗi %(voters)s cử tri", unit=unit, voters=voters))
    return str(_("1 %(unit)s cho mỗi %(voters)s cử tri, ít nhất %(n)s", unit=unit, voters=voters, n=least))


def within(words: RequirementWords) -> str:
    """From where things elsewhere count too; "" where only those of the spot count."""
    if words.by_reach:
        return str(_("trong tầm nghe, tầm đọc theo mô hình"))
    if words.within_m is None:
        return ""
    distance = f"{number(words.within_m, 1, language())}{NBSP}m"
    return str(_("trong vòng %(distance)s", distance=distance))


def where(words: RequirementWords) -> str:
    """In which wards and venues a row is asked for; "" for all."""
    named = [
        *(str(AREA_KINDS[kind]) for kind in words.area_kinds),
        *(str(VENUE_KINDS[kind]) for kind in words.venue_kinds),
    ]
    return str(_("chỉ ở: %(places)s", places="; ".join(named))) if named else ""


def what(words: RequirementWords, kinds: Mapping[str, KindName]) -> str:
    """What counts: the kind, or any of the family."""
    return what_word(words.what, kinds)


def what_word(choice: str, kinds: Mapping[str, KindName]) -> str:
    """The words of the form's choice: a kind's code, or a family's."""
    if choice.startswith("family:"):
        family = FAMILIES[Family(choice.removeprefix("family:"))]
        return str(_("Loại nào cũng được: %(family)s", family=family))
    kind = kinds.get(choice)
    return in_language(kind) if kind else choice


def change_words(change: Change, form: Any, kinds: Mapping[str, KindName]) -> Words:
    """The fields of a row that a draft changes: (label, was, becomes)."""
    return [
        (form[name].label.text, word(name, was, kinds), word(name, now, kinds))
        for name, was, now in change.fields
    ]


def stale_words(form: Any, stale: Stale, kinds: Mapping[str, KindName]) -> Words:
    """What differs between two who saved the same row: (label, theirs, yours)."""
    return [
        (form[name].label.text, word(name, theirs, kinds), word(name, yours, kinds))
        for name, theirs, yours in stale.changed
        if name in form
    ]


def word(name: str, value: object, kinds: Mapping[str, KindName]) -> str:
    """A field's value as people read it."""
    if name in {"what", "priced_kind_code"} and isinstance(value, str):
        return what_word(value, kinds)
    if value is None or value == "" or value == ():
        return UNKNOWN
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    if isinstance(value, int | float):
        return number(value, 6, language())
    if isinstance(value, tuple):
        return "; ".join(_labels(value))
    if isinstance(value, Counted):
        return str(COUNTED[value])
    if isinstance(value, StrEnum):
        return label(value)
    return day(value) if isinstance(value, date) else str(value)


def _labels(values: Iterable[Any]) -> list[str]:
    return [label(value) for value in values]
