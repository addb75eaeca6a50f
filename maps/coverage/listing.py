"""The list of gaps on a page: what a filter lets through, in the order of the run, page by page.

Pure: takes the gaps a person sees and answers some of them. A page is found by the key of the row
before it, so that a list that grew meanwhile neither repeats nor skips a row.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from inventory.facts import RequirementFact
from inventory.vocabulary import Family, Figure, GapReason, PlaceState, Zone
from maps.coverage.gaps import Gap
from maps.coverage.summary import Summary

ROWS = 50
#: A place, or a ward's own requirements (None, ward).
SpotKey = tuple[int | None, int]


@dataclass(frozen=True)
class Filters:
    """What a person asked to see; None and "" let everything through."""

    ward: int | None = None
    zone: Zone | None = None
    requirement: int | None = None
    kind: str = ""
    reason: GapReason | None = None
    state: PlaceState | None = None
    figure: Figure = Figure.REPORTED


@dataclass(frozen=True)
class Slice:
    """One page of a list: `matching` of `total` rows pass the filter; keys lead to the neighbours.

    `previous` is "" where the previous page is the first, None where there is none before.
    """

    rows: tuple[Gap, ...]
    matching: int
    total: int
    previous: str | None
    next: str | None


def key(gap: Gap) -> str:
    """A row's key: ward, place (0 for the ward's own) and requirement."""
    return f"{gap.area_id}-{gap.place_id or 0}-{gap.requirement_id}"


def reason_of(gap: Gap, figure: Figure) -> GapReason | None:
    """Why the requirement is not met in a figure; None where it is."""
    return gap.reason_reported if figure == Figure.REPORTED else gap.reason_verified


def missing_of(gap: Gap, figure: Figure) -> int | None:
    """Missing units in a figure; None while nobody looked, because silence is not a number."""
    if not gap.answered:
        return None
    return gap.missing_reported if figure == Figure.REPORTED else gap.missing_verified


def states(summary: Summary, figure: Figure) -> dict[SpotKey, PlaceState]:
    """The state of every place and of every ward's own requirements."""
    found: dict[SpotKey, PlaceState] = {
        (place.place_id, place.area_id): place.state(figure) for place in summary.places
    }
    for ward in summary.wards:
        if ward.own is not None:
            found[None, ward.area_id] = ward.own.state(figure)
    return found


def matching(
    gaps: Sequence[Gap],
    filters: Filters,
    standard: Mapping[int, RequirementFact],
    families: Mapping[str, Family],
    state_by_spot: Mapping[SpotKey, PlaceState],
) -> list[Gap]:
    """The gaps that are open in the figure and pass every filter, in the order of the run."""
    wanted = _requirements(filters, standard.values(), families)
    return [
        gap
        for gap in gaps
        if reason_of(gap, filters.figure) is not None
        and gap.requirement_id in wanted
        and filters.ward in (None, gap.area_id)
        and filters.reason in (None, reason_of(gap, filters.figure))
        and (filters.state is None or state_by_spot.get((gap.place_id, gap.area_id)) == filters.state)
    ]


def _requirements(
    filters: Filters, standard: Collection[RequirementFact], families: Mapping[str, Family]
) -> frozenset[int]:
    return frozenset(
        one.id
        for one in standard
        if filters.zone in (None, one.zone)
        and filters.requirement in (None, one.id)
        and (not filters.kind or _counts(one, filters.kind, families))
    )


def _counts(requirement: RequirementFact, kind: str, families: Mapping[str, Family]) -> bool:
    """Whether a thing of this kind would count for the requirement."""
    return requirement.kind == kind or (requirement.kind is None and families.get(kind) == requirement.family)


def cut(rows: Sequence[Gap], total: int, after: str = "", size: int = ROWS) -> Slice:
    """The page that follows the row with this key; the first one where no row has it."""
    places = {key(gap): place for place, gap in enumerate(rows)}
    start = places[after] + 1 if after in places else 0
    end = min(start + size, len(rows))
    before = None
    if start > 0:
        before = key(rows[start - size - 1]) if start > size else ""
    return Slice(
        tuple(rows[start:end]),
        matching=len(rows),
        total=total,
        previous=before,
        next=key(rows[end - 1]) if end < len(rows) else None,
    )
