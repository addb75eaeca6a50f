"""The parameters a campaign has before its office says otherwise: read from maps/reach/data."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from inventory.vocabulary import AreaKind, Channel
from maps.reach.model import KindReach, NoiseLimit, ReachModel, SiteClass, Surroundings
from maps.reach.scalars import scalars

Value = TypeVar("Value")
_FOLDER = Path(__file__).with_name("data")
#: Where nothing says what kind of area it is.
FALLBACK = "houses"


@dataclass(frozen=True)
class Sourced(Generic[Value]):
    """A parameter with where it comes from; `guess` where it is an assumption of ours."""

    value: Value
    source: str
    guess: bool


def model(areas: Iterable[tuple[int, AreaKind]] = ()) -> ReachModel:
    """The whole model from the data files, with the surroundings of these areas by their kinds."""
    found = area_surroundings()
    return ReachModel(
        scalars=scalars({code: one.value for code, one in scalar_texts().items()}),
        surroundings=tuple(one.value for one in surroundings()),
        by_area=tuple(sorted((area, _around(found, kind)) for area, kind in areas)),
        fallback=FALLBACK,
        kinds=tuple(one.value for one in kinds()),
        limits=tuple(one.value for one in limits()),
    )


def around_of(kind: AreaKind) -> str:
    """The code of the surroundings of an area of this kind."""
    return _around(area_surroundings(), kind)


def _around(found: dict[AreaKind, Sourced[str]], kind: AreaKind) -> str:
    return found[kind].value if kind in found else FALLBACK


@lru_cache(maxsize=1)
def scalar_texts() -> dict[str, Sourced[str]]:
    """The single figures as texts, by code."""
    return {row["code"]: _sourced(row["value"], row) for row in _rows("scalars")}


@lru_cache(maxsize=1)
def surroundings() -> tuple[Sourced[Surroundings], ...]:
    """The kinds of surroundings, from the quietest."""
    return tuple(
        _sourced(
            Surroundings(
                row["code"], row["name_vi"], row["name_en"], float(row["ambient"]), float(row["loss"])
            ),
            row,
        )
        for row in _rows("surroundings")
    )


@lru_cache(maxsize=1)
def area_surroundings() -> dict[AreaKind, Sourced[str]]:
    """The surroundings of an area by its kind."""
    return {AreaKind(row["kind"]): _sourced(row["surroundings"], row) for row in _rows("area_kinds")}


@lru_cache(maxsize=1)
def kinds() -> tuple[Sourced[KindReach], ...]:
    """Loudspeakers, faces and what is only seen at its place."""
    return tuple(_sourced(_kind(row), row) for row in _rows("kinds"))


@lru_cache(maxsize=1)
def limits() -> tuple[Sourced[NoiseLimit], ...]:
    """The noise regulations."""
    return tuple(
        _sourced(
            NoiseLimit(
                row["regulation"],
                date.fromisoformat(row["in_force_from"]),
                SiteClass(row["site"]),
                int(row["hour_from"]),
                int(row["hour_until"]),
                _number(row["limit"]),
            ),
            row,
        )
        for row in _rows("limits")
    )


def _kind(row: dict[str, str]) -> KindReach:
    return KindReach(
        code=row["code"],
        channel=Channel(row["channel"]),
        sensitivity=_number(row["sensitivity"]),
        watts=_number(row["watts"]),
        horns=_whole(row["horns"]),
        aimed=_whole(row["aimed"]),
        coverage=_number(row["coverage"]),
        letter=_number(row["letter"]),
        lines=_whole(row["lines"]),
        face=_number(row["face"]),
        sides=_whole(row["sides"]),
        lit=row["lit"] == "1",
        pitch=_number(row["pitch"]),
        radius=_number(row["radius"]),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _sourced(value: Value, row: dict[str, str]) -> Sourced[Value]:
    return Sourced(value, row["source"], row["guess"] == "1")


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
