"""What the office may write into the parameters of reach. Pure.

Bounds keep slips of the finger out (30 kW for 30 W); within them the office decides. A figure is
either somebody's (then its source is written down) or an assumption (then it is marked as one).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from inventory.outcomes import Problem
from inventory.vocabulary import Channel
from maps.reach.model import SiteClass
from maps.reach.scalars import SPEC_OF, canonical


@dataclass(frozen=True)
class FigureWords:
    """One single figure: its text as it is kept (scalars.py), its source."""

    value: str
    source: str
    guess: bool


@dataclass(frozen=True)
class SurroundingsWords:
    """One kind of surroundings: dB of noise without us, dB that it takes from a sound."""

    name_vi: str
    name_en: str
    ambient: float | None
    loss: float | None
    source: str
    guess: bool


@dataclass(frozen=True)
class WardWords:
    """The code of a ward's surroundings."""

    surroundings: str
    source: str
    guess: bool


@dataclass(frozen=True)
class KindWords:
    """The parameters of a kind (model.py says what each figure means); None: not known."""

    channel: Channel
    sensitivity: float | None
    watts: float | None
    horns: int | None
    aimed: int | None
    coverage: float | None
    letter: float | None
    lines: int | None
    face: float | None
    sides: int | None
    lit: bool
    pitch: float | None
    radius: float | None
    source: str
    guess: bool


@dataclass(frozen=True)
class LimitWords:
    """One limit of a regulation; `limit_db` None: the regulation's figure is not on record."""

    regulation: str
    in_force_from: date
    site: SiteClass
    hour_from: int | None
    hour_until: int | None
    limit_db: float | None
    source: str
    guess: bool


#: Least and most of each figure of a kind: dB, W, pieces, degrees, metres, millimetres.
KIND_BOUNDS: dict[str, tuple[float, float]] = {
    "sensitivity": (60, 140),
    "watts": (0.1, 5000),
    "horns": (1, 12),
    "aimed": (1, 12),
    "coverage": (10, 360),
    "letter": (0.005, 5),
    "lines": (1, 12),
    "face": (0.05, 60),
    "sides": (1, 8),
    "pitch": (0.5, 100),
    "radius": (0, 2000),
}


def figure_problems(code: str, words: FigureWords) -> tuple[Problem, ...]:
    """Why a figure cannot be kept."""
    found = list(source_problems(words.source, words.guess))
    spec = SPEC_OF[code]
    if canonical(code, words.value) is None:
        found.append(
            Problem("value", "Chọn một trong các giá trị có sẵn.", "value")
            if spec.words
            else Problem(
                "value", "Viết một số từ %(low)s đến %(high)s.", "value", _bounds(spec.low, spec.high)
            )
        )
    return tuple(found)


def surroundings_problems(words: SurroundingsWords) -> tuple[Problem, ...]:
    """Why a kind of surroundings cannot be kept."""
    found = list(source_problems(words.source, words.guess))
    for name, value, low, high in (("ambient", words.ambient, 20, 100), ("loss", words.loss, 0, 40)):
        if value is None or not _within(value, low, high):
            found.append(Problem(name, "Viết một số từ %(low)s đến %(high)s.", name, _bounds(low, high)))
    return tuple(found)


def ward_problems(words: WardWords, codes: Iterable[str]) -> tuple[Problem, ...]:
    """Why a ward cannot have these surroundings."""
    found = list(source_problems(words.source, words.guess))
    if words.surroundings not in set(codes):
        found.append(Problem("surroundings", "Môi trường này không có trong danh sách.", "surroundings"))
    return tuple(found)


def kind_problems(words: KindWords) -> tuple[Problem, ...]:
    """Why the parameters of a kind cannot be kept. What is not known may stay empty."""
    found = list(source_problems(words.source, words.guess))
    for name, (low, high) in KIND_BOUNDS.items():
        value = getattr(words, name)
        if value is not None and not _within(value, low, high):
            found.append(Problem(name, "Viết một số từ %(low)s đến %(high)s.", name, _bounds(low, high)))
    if words.aimed is not None and words.horns is not None and words.aimed > words.horns:
        found.append(Problem("aimed", "Số loa cùng hướng không thể nhiều hơn số loa.", "aimed"))
    return tuple(found)


def limit_problems(words: LimitWords) -> tuple[Problem, ...]:
    """Why a limit cannot be kept; an empty figure is one that nobody has seen yet."""
    found = list(source_problems(words.source, words.guess))
    if words.hour_from is None or not 0 <= words.hour_from <= 23:
        found.append(Problem("hour_from", "Giờ bắt đầu là số nguyên từ 0 đến 23.", "hour_from"))
    if words.hour_until is None or not 0 <= words.hour_until <= 24 or words.hour_until == words.hour_from:
        found.append(
            Problem("hour_until", "Giờ kết thúc là số nguyên từ 0 đến 24, khác giờ bắt đầu.", "hour_until")
        )
    if words.limit_db is not None and not _within(words.limit_db, 20, 120):
        found.append(
            Problem("limit_db", "Viết một số từ %(low)s đến %(high)s.", "limit_db", _bounds(20, 120))
        )
    return tuple(found)


def source_problems(source: str, guess: bool) -> tuple[Problem, ...]:
    """A figure without a source that is not marked as an assumption."""
    if source or guess:
        return ()
    return (Problem("source", "Hãy ghi nguồn của số này, hoặc đánh dấu là giả định.", "source"),)


def _within(value: float, low: float, high: float) -> bool:
    return math.isfinite(value) and low <= value <= high


def _bounds(low: float, high: float) -> tuple[tuple[str, str], ...]:
    return (("low", _plain(low)), ("high", _plain(high)))


def _plain(value: float) -> str:
    return f"{value:g}".replace(".", ",")
