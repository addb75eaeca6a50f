"""Columns: the map's data as compact JSON, one list a column, words numbered once. Pure.

Coordinates have five decimals (about a metre). Where a position is hidden, distances are left out
too: three of them would give the place away.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from inventory.facts import KindFact, RequirementFact
from inventory.geodesy import Position
from inventory.positions import Outline, ThingPosition
from inventory.standards import counted_kinds
from inventory.vocabulary import Condition, Figure, GapReason, PlaceState
from maps.coverage.gaps import Gap
from maps.coverage.queries import WardLine
from maps.coverage.reached import PointReach
from maps.draw.checked import CERTAINTIES, reached_columns
from maps.draw.reaches import reaches
from maps.draw.rows import PlaceRow, Soundness, Unrun, soundness
from maps.reach.reaching import Reach

#: The most rows of one answer; the rest is counted in `total`.
MOST = 40_000
STATES: tuple[PlaceState | Unrun, ...] = (*PlaceState, *Unrun)
REASONS = tuple(GapReason)
CONDITIONS = tuple(Condition)
SOUNDNESS = tuple(Soundness)


def places(
    rows: Sequence[PlaceRow],
    requirements: Mapping[int, str],
    lines: Iterable[WardLine],
    points: Mapping[int, Sequence[PointReach]] = MappingProxyType({}),
    secret: Container[str | None] = (),
) -> dict[str, Any]:
    """Places, the gaps of each and the shares of their wards; `requirements` are names by id.

    `points` are those of the run by place, `secret` things of which nothing may be told.
    """
    shown = rows[:MOST]
    number = {requirement: place for place, requirement in enumerate(requirements)}
    return {
        "total": len(rows),
        "requirements": list(requirements.values()),
        "wards": [_ward(line) for line in lines],
        "places": {
            **_told(shown, number),
            "reached": reached_columns(
                [row.place.id for row in shown],
                {row.place.id for row in shown if row.position.hidden},
                points,
                secret,
            ),
        },
    }


def _told(shown: Sequence[PlaceRow], number: Mapping[int, int]) -> dict[str, list[Any]]:
    """What a place is, its states in both figures and its open gaps."""
    return {
        "id": [row.place.id for row in shown],
        "ward": [row.ward.id for row in shown],
        "name": [row.place.name for row in shown],
        "venue": [row.place.venue_name for row in shown],
        "voters": [row.place.voters for row in shown],
        **_spots(row.position.at for row in shown),
        "hidden": [int(row.position.hidden) for row in shown],
        "reported": [STATES.index(row.state(Figure.REPORTED)) for row in shown],
        "verified": [STATES.index(row.state(Figure.VERIFIED)) for row in shown],
        "mandatory": [row.spot.mandatory if row.spot else 0 for row in shown],
        "met_reported": [row.spot.met_reported if row.spot else 0 for row in shown],
        "met_verified": [row.spot.met_verified if row.spot else 0 for row in shown],
        "gaps": [[_gap(gap, number, row.position.hidden) for gap in row.gaps if _open(gap)] for row in shown],
    }


def _ward(line: WardLine) -> dict[str, Any]:
    totals = line.totals
    return {
        "id": line.ward.id,
        "name": line.ward.name,
        "places": totals.places,
        "surveyed": totals.places_surveyed,
        "answered": totals.answered,
        "met_reported": totals.met_reported,
        "met_verified": totals.met_verified,
    }


def _open(gap: Gap) -> bool:
    return gap.reason_reported is not None or gap.reason_verified is not None


def _gap(gap: Gap, number: Mapping[int, int], hidden: bool) -> list[Any]:
    """[requirement, needed, missing reported, its reason, missing verified, its reason, nearest metres,
    certainty (−1: positions do not decide)]."""
    reasons = [
        -1 if why is None else REASONS.index(why) for why in (gap.reason_reported, gap.reason_verified)
    ]
    silent = not gap.answered
    return [
        number[gap.requirement_id],
        gap.needed,
        None if silent else gap.missing_reported,
        reasons[0],
        None if silent else gap.missing_verified,
        reasons[1],
        None if hidden or gap.nearest_m is None else round(gap.nearest_m),
        -1 if hidden or gap.certainty is None else CERTAINTIES.index(gap.certainty),
    ]


@dataclass(frozen=True)
class Model:
    """The reach of things; for each kind the model's name and target in words ("" where none is drawn)."""

    reach: Reach
    said: Sequence[str]


def things(
    rows: Sequence[ThingPosition],
    kinds: Sequence[KindFact],
    name_of: Callable[[KindFact], str],
    standard: Iterable[RequirementFact],
    model: Model | None = None,
) -> dict[str, Any]:
    """Standing things, how far each kind counts for a requirement, and how far each reaches by the model."""
    number = {kind.code: place for place, kind in enumerate(kinds)}
    shown = [row for row in rows if row.at is not None and row.kind in number][:MOST]
    return {
        "total": len(rows),
        "kinds": [[kind.code, name_of(kind)] for kind in kinds],
        "reach": reach(kinds, standard),
        "model": None if model is None else _modelled(shown, model),
        "things": {
            "id": [row.id for row in shown],
            "ward": [row.area_id for row in shown],
            "kind": [number[row.kind] for row in shown],
            "standing": [row.standing for row in shown],
            "working": [row.working for row in shown],
            "sound": [SOUNDNESS.index(soundness(row)) for row in shown],
            "condition": [CONDITIONS.index(row.condition) for row in shown],
            **_spots(row.at for row in shown),
        },
    }


def _modelled(shown: Sequence[ThingPosition], model: Model) -> dict[str, Any]:
    found = reaches(model.reach, shown)
    return {"said": list(model.said), "shapes": found.shapes, "of": found.of}


def reach(kinds: Sequence[KindFact], standard: Iterable[RequirementFact]) -> list[list[float]]:
    """For each kind the distances (m) within which one counts for some requirement of the standard."""
    found: list[set[float]] = [set() for _ in kinds]
    for requirement in standard:
        if requirement.within_m is not None:
            counted = counted_kinds(requirement, kinds)
            for place, kind in enumerate(kinds):
                if kind.code in counted:
                    found[place].add(requirement.within_m)
    return [sorted(distances) for distances in found]


def _spots(positions: Iterable[Position | None]) -> dict[str, list[float | None]]:
    spots = list(positions)
    return {
        "lat": [None if at is None else round(at[0], 5) for at in spots],
        "lon": [None if at is None else round(at[1], 5) for at in spots],
    }


def outlines(rows: Iterable[Outline]) -> dict[str, Any]:
    """The wards' lines as GeoJSON; names and shares come with the places."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": row.area_id, "properties": {"at": row.at}, "geometry": row.boundary}
            for row in rows
            if row.boundary
        ],
    }
