"""The lines on a page: one part of the list, what a filter lets through, in one order, page by page.

Pure. Filtering and sorting never touch the list itself: its total stays that of the whole list. A
page is found by the key of the line before it, so that nothing is repeated or skipped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from inventory.vocabulary import LineAction, Zone
from inventory.wording import fold, vietnamese_key
from maps.investment.lines import InvestmentList, Line

ROWS = 50


class Part(StrEnum):
    """The parts of a list; only the priced lines enter the total."""

    PRICED = "priced"
    UNPRICED = "unpriced"
    VERIFY = "verify"
    SURVEY = "survey"
    COVERED = "covered"


class Sort(StrEnum):
    """The orders of a page; a minus puts the largest first."""

    PRIORITY = "priority"
    WARD = "ward"
    PLACE = "place"
    REQUIREMENT = "requirement"
    KIND = "kind"
    AMOUNT_DOWN = "-amount"
    AMOUNT_UP = "amount"
    VOTERS_DOWN = "-voters"
    VOTERS_UP = "voters"


@dataclass(frozen=True)
class Filters:
    """What a person asked to see; None and "" let everything through."""

    part: Part = Part.PRICED
    ward: int | None = None
    action: LineAction | None = None
    kind: str = ""
    mandatory: bool | None = None
    zone: Zone | None = None
    requirement: int | None = None
    text: str = ""
    sort: Sort = Sort.PRIORITY


@dataclass(frozen=True)
class Slice:
    """One page: `matching` of `total` lines pass the filter and sum up to `amount` đồng.

    `previous` is "" where the previous page is the first, None where there is none before.
    """

    rows: tuple[Line, ...]
    matching: int
    total: int
    amount: int
    previous: str | None
    next: str | None


def part_of(found: InvestmentList, part: Part) -> tuple[Line, ...]:
    """The lines of one part, in the order of priority."""
    parts = {
        Part.PRICED: found.priced,
        Part.UNPRICED: found.unpriced,
        Part.VERIFY: found.to_verify,
        Part.SURVEY: found.to_survey,
        Part.COVERED: found.covered,
    }
    return parts[part]


def key(line: Line) -> str:
    """A line's key inside its part: ward, place and requirement (0 for none), action and kind."""
    spot = f"{line.area_id}.{line.place_id or 0}.{line.requirement_id or 0}"
    key = f"{spot}.{line.action.value}.{line.kind}"
    return f"{key}.{line.spot}" if line.spot else key


def page(
    found: InvestmentList, filters: Filters, zones: Mapping[int, Zone], after: str = "", size: int = ROWS
) -> Slice:
    """One page of a part. `zones` are those of the requirements, by id."""
    whole = part_of(found, filters.part)
    rows = ordered(matching(whole, filters, zones), filters.sort)
    places = {key(line): place for place, line in enumerate(rows)}
    start = places[after] + 1 if after in places else 0
    end = min(start + size, len(rows))
    before = None
    if start > 0:
        before = key(rows[start - size - 1]) if start > size else ""
    return Slice(
        tuple(rows[start:end]),
        matching=len(rows),
        total=len(whole),
        amount=sum(line.amount or 0 for line in rows),
        previous=before,
        next=key(rows[end - 1]) if end < len(rows) else None,
    )


def matching(lines: Sequence[Line], filters: Filters, zones: Mapping[int, Zone]) -> list[Line]:
    """The lines that pass every filter, in their order."""
    words = fold(filters.text).split()
    return [
        line
        for line in lines
        if filters.ward in (None, line.area_id)
        and filters.action in (None, line.action)
        and filters.kind in ("", line.kind)
        and filters.mandatory in (None, line.mandatory)
        and filters.requirement in (None, line.requirement_id)
        and (filters.zone is None or zones.get(line.requirement_id or 0) == filters.zone)
        and (not words or _says(line, words))
    ]


def _says(line: Line, words: list[str]) -> bool:
    """Whether every word stands somewhere in the line; tone marks make no difference."""
    parts = (line.area_name, line.place_name, line.venue_name, line.requirement, line.kind_name)
    held = " ".join(fold(part) for part in parts)
    return all(word in held for word in words)


_KEYS: Mapping[str, Callable[[Line], Any]] = {
    Sort.WARD: lambda line: (vietnamese_key(line.area_name), line.area_id),
    Sort.PLACE: lambda line: (line.place_number or 0, vietnamese_key(line.area_name), line.area_id),
    Sort.REQUIREMENT: lambda line: vietnamese_key(line.requirement),
    Sort.KIND: lambda line: vietnamese_key(line.kind_name),
    Sort.AMOUNT_UP: lambda line: line.amount,
    Sort.VOTERS_UP: lambda line: line.voters,
}


def ordered(lines: list[Line], sort: Sort) -> list[Line]:
    """The lines in an order; equal ones keep their priority, what is unknown comes last."""
    if sort is Sort.PRIORITY:
        return lines
    of = _KEYS[sort.value.removeprefix("-")]
    known = [line for line in lines if of(line) is not None]
    unknown = [line for line in lines if of(line) is None]
    return sorted(known, key=of, reverse=sort.value.startswith("-")) + unknown
