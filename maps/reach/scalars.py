"""The single figures of the model as tables keep them: text by code, with the bounds of each.

What lies outside of its bounds is a slip of the finger, not an opinion: the bounds are wide.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from maps.reach.model import ReadTarget, Scalars
from maps.reach.sight import ReadingScale
from maps.reach.sound import SoundModel


@dataclass(frozen=True)
class Spec:
    """What a figure may be: a number from `low` to `high` (empty where `optional`), or one of `words`."""

    code: str
    low: float = 0.0
    high: float = 0.0
    optional: bool = False
    words: tuple[str, ...] = ()


class Flag(StrEnum):
    """Yes and no, as they are kept."""

    NO = "0"
    YES = "1"


#: In the order of the page.
SPECS = (
    Spec("model", words=tuple(SoundModel)),
    Spec("target", 30, 100),
    Spec("above_ambient", 0, 30),
    Spec("crest", 0, 30),
    Spec("absorption", 0, 100, optional=True),
    Spec("temperature", -10, 50),
    Spec("humidity", 5, 100),
    Spec("pressure", 80, 110),
    Spec("band", 63, 8000),
    Spec("directivity_floor", 0, 40),
    Spec("echo_within", 0, 20),
    Spec("echo_ms", 10, 500),
    Spec("thing_accuracy", 0, 500),
    Spec("place_accuracy", 0, 500),
    Spec("read_target", words=tuple(ReadTarget)),
    Spec("by_night", words=tuple(Flag)),
    Spec("furthest", 50, 1000),
    Spec("comfort", 20, 500),
    Spec("diacritics", 1, 3),
    Spec("one_line", 0.1, 1),
    Spec("two_lines", 0.05, 0.5),
    Spec("widest", 10, 85),
    Spec("night", 0.1, 1),
    Spec("seconds", 1, 20),
)
SPEC_OF: Mapping[str, Spec] = {spec.code: spec for spec in SPECS}
_READING = {
    "furthest": "furthest",
    "comfort": "comfort",
    "diacritics": "diacritics",
    "one_line": "one_line",
    "two_lines": "two_lines",
    "widest": "widest_deg",
    "night": "night",
    "seconds": "seconds",
}


def canonical(code: str, text: str) -> str | None:
    """A figure as it is kept ("28", "1.25", "iso"; "" for an optional one left empty); None if it cannot be.

    Numbers are written with a point or a comma.
    """
    spec = SPEC_OF[code]
    if spec.words:
        return text if text in spec.words else None
    if not text:
        return "" if spec.optional else None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    if not (math.isfinite(value) and spec.low <= value <= spec.high):
        return None
    return f"{value:.6g}"


def scalars(values: Mapping[str, str]) -> Scalars:
    """The figures of a model from their kept texts; a code that is missing or broken raises ValueError."""
    kept: dict[str, Any] = {}
    for spec in SPECS:
        text = canonical(spec.code, values.get(spec.code, ""))
        if text is None:
            raise ValueError(f"reach: {spec.code} = {values.get(spec.code)!r}")
        kept[spec.code] = text if spec.words else (float(text) if text else None)
    reading = ReadingScale(**{_READING[code]: kept.pop(code) for code in _READING})
    kept["model"], kept["read_target"] = SoundModel(kept["model"]), ReadTarget(kept["read_target"])
    kept["by_night"] = kept["by_night"] == Flag.YES
    return Scalars(reading=reading, **kept)
