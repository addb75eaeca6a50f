"""Rules of the list of neighbourhoods: what a draft may say, sums against the places, pages. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inventory.geodesy import Position
from inventory.outcomes import Problem

PAGE = 100
#: Far above the largest thôn or khu phố: a slipped key, not a neighbourhood.
MOST_VOTERS, MOST_HOUSEHOLDS = 100_000, 50_000


@dataclass(frozen=True)
class Neighbour:
    """A neighbourhood as the list prints it. `place_number` is that of its polling area, 0 for none."""

    id: int
    area_id: int
    area_name: str
    code: str
    name: str
    place_id: int | None
    place_number: int
    households: int | None
    voters: int | None
    position: Position | None
    source: str
    licence: str
    synthetic: bool
    version: int


@dataclass(frozen=True)
class Known:
    """How much of a list is known: n of `all` have a position, voters, a polling place."""

    all: int
    positions: int
    voters: int
    places: int


@dataclass(frozen=True)
class Differing:
    """A place whose neighbourhoods' voters do not come to its own."""

    place_id: int
    area_name: str
    number: int
    voters: int
    together: int


@dataclass(frozen=True)
class Draft:
    """A neighbourhood as it was typed."""

    name: str
    place_id: int | None
    households: int | None
    voters: int | None
    position: Position | None
    source: str = ""
    licence: str = ""


def problems(draft: Draft) -> tuple[Problem, ...]:
    """What is wrong with a draft in itself."""
    found = []
    if draft.households is not None and not 0 <= draft.households <= MOST_HOUSEHOLDS:
        found.append(Problem("households_range", "Số hộ phải từ 0 đến 50.000.", "households"))
    if draft.voters is not None and not 0 <= draft.voters <= MOST_VOTERS:
        found.append(Problem("voters_range", "Số cử tri phải từ 0 đến 100.000.", "voters"))
    return tuple(found)


def known(lines: Sequence[Neighbour]) -> Known:
    """What is known of a list."""
    return Known(
        all=len(lines),
        positions=sum(line.position is not None for line in lines),
        voters=sum(line.voters is not None for line in lines),
        places=sum(line.place_id is not None for line in lines),
    )


def together(voters: Iterable[tuple[int | None, int | None]]) -> dict[int, int]:
    """Voters of the neighbourhoods of each place, from (place, voters); only where all of them are known.

    A place with one neighbourhood whose voters are unknown has no sum: it would only mislead.
    """
    sums: dict[int, int] = {}
    unknown: set[int] = set()
    for place, count in voters:
        if place is None:
            continue
        if count is None:
            unknown.add(place)
        sums[place] = sums.get(place, 0) + (count or 0)
    return {place: total for place, total in sums.items() if place not in unknown}


def differing(
    lines: Iterable[Neighbour], places: Mapping[int, tuple[str, int, int | None]]
) -> tuple[Differing, ...]:
    """The places whose sum differs; `places` are (ward's name, number, voters) by id."""
    sums = together((line.place_id, line.voters) for line in lines)
    found = []
    for place, total in sums.items():
        area_name, number, voters = places.get(place, ("", 0, None))
        if voters is not None and voters != total:
            found.append(Differing(place, area_name, number, voters, total))
    return tuple(sorted(found, key=lambda one: (one.area_name, one.number, one.place_id)))


def page(lines: Sequence[Neighbour], after: int | None) -> tuple[tuple[Neighbour, ...], int | None]:
    """The lines behind the one with this id, and the cursor of the next page (None on the last)."""
    at = next((index + 1 for index, line in enumerate(lines) if line.id == after), 0)
    shown = tuple(lines[at : at + PAGE])
    return shown, (shown[-1].id if at + PAGE < len(lines) else None)
