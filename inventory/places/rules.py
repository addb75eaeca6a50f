"""Rules of the list of places: order, search, pages. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any

from inventory.geodesy import Position, distance_m
from inventory.outcomes import Problem
from inventory.vocabulary import VenueKind
from inventory.wording import matches, vietnamese_key

PAGE = 50
MOST_VOTERS = 1_000_000
LARGEST_NUMBER = 9_999


class VisitState(StrEnum):
    """How far the survey of a place is, whatever it found."""

    NOT_SURVEYED = "not_surveyed"
    IN_PROGRESS = "in_progress"
    SURVEYED = "surveyed"
    RETURNED = "returned"


_FIRST = {state: number for number, state in enumerate(VisitState)}


@dataclass(frozen=True)
class PlaceLine:
    """A place in the list. `point` is None where it is unknown or the actor may not know it."""

    id: int
    area_id: int
    area_name: str
    venue_id: int
    number: int
    name: str
    venue_name: str
    voters: int | None
    point: Position | None
    hidden: bool
    synthetic: bool
    state: VisitState
    returned: int = 0
    distance_m: float | None = None


@dataclass(frozen=True)
class Page:
    """One page of a list: its lines, how many match and how many there are; cursors are ids."""

    lines: tuple[PlaceLine, ...]
    matching: int
    total: int
    previous: int | None = None
    next: int | None = None
    first_page: bool = True


def rank(query: str, line: PlaceLine) -> int | None:
    """Rank of a search: 0 the very number or exact marks, 1 without marks, None no match."""
    if query.isascii() and query.isdigit() and int(query[:9]) == line.number:
        return 0
    return matches(query, f"{line.name} {line.venue_name} {line.area_name}")


def arrange(
    lines: Sequence[PlaceLine], query: str, here: Position | None
) -> tuple[list[PlaceLine], Callable[[PlaceLine], Any]]:
    """Keep what matches and say in which order; the id breaks every tie.

    A search ranks first; then the nearest, where the position is known; else what is not surveyed.
    """
    ranks = {line.id: rank(query, line) for line in lines} if query else {}
    found = [line for line in lines if not query or ranks[line.id] is not None]

    def order(line: PlaceLine) -> Any:
        if here is not None:
            near: tuple[Any, ...] = (line.distance_m is None, line.distance_m or 0.0)
        elif query:
            near = ()
        else:
            near = (_FIRST[line.state],)
        return ranks.get(line.id) or 0, near, vietnamese_key(line.area_name), line.number, line.id

    return found, order


def far(line: PlaceLine, here: Position | None) -> float | None:
    """Distance to the place in metres, where both ends are known."""
    return None if here is None or line.point is None else distance_m(here, line.point)


def page(
    lines: Sequence[PlaceLine],
    total: int,
    order: Callable[[PlaceLine], Any],
    after: PlaceLine | None,
) -> Page:
    """The page behind a line (which need not match any more): paged by key, not by count."""
    ordered = sorted(lines, key=order)
    start = 0
    if after is not None:
        key = order(after)
        start = next((index for index, line in enumerate(ordered) if order(line) > key), len(ordered))
    shown = ordered[start : start + PAGE]
    before = start - PAGE - 1
    return Page(
        lines=tuple(shown),
        matching=len(ordered),
        total=total,
        previous=ordered[before].id if before >= 0 else None,
        next=shown[-1].id if shown and start + PAGE < len(ordered) else None,
        first_page=start == 0,
    )


@dataclass(frozen=True)
class VenueDraft:
    """A venue as it was typed; `id` names a known one, whose other fields then stay unless edited."""

    id: int | None
    name: str
    kind: VenueKind
    address: str
    point: Position | None


@dataclass(frozen=True)
class PlaceDraft:
    """A polling place as it was typed."""

    area_id: int
    number: int
    name: str
    voters: int | None
    opens_at: time | None
    closes_at: time | None
    restricted: bool
    venue: VenueDraft
    source: str = ""
    licence: str = ""


def problems(draft: PlaceDraft) -> tuple[Problem, ...]:
    """What is wrong with a draft in itself."""
    found = []
    if not 1 <= draft.number <= LARGEST_NUMBER:
        most = (("most", LARGEST_NUMBER),)
        found.append(Problem("number_range", "Số khu vực bỏ phiếu từ 1 đến %(most)s.", "number", most))
    if draft.voters is not None and not 0 <= draft.voters <= MOST_VOTERS:
        most = (("most", MOST_VOTERS),)
        found.append(Problem("voters_range", "Số cử tri từ 0 đến %(most)s.", "voters", most))
    if draft.opens_at and draft.closes_at and draft.closes_at <= draft.opens_at:
        found.append(Problem("hours", "Giờ đóng phải sau giờ mở.", "closes_at"))
    if draft.venue.id is None and not draft.venue.name:
        found.append(Problem("venue_missing", "Chọn một địa điểm, hoặc ghi tên địa điểm mới.", "venue_name"))
    return tuple(found)
