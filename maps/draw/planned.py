"""A plan on the map: what it keeps, what it mends, what it puts up anew, and how far that reaches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from inventory.facts import KindFact
from inventory.positions import ThingPosition
from inventory.vocabulary import LineAction
from maps.draw.reaches import DRAWN, Reaches, Shapes
from maps.plan.queries import OnMap, PlanSeen
from maps.reach.reaching import Reach


class Part(StrEnum):
    """What a plan does with a thing."""

    KEPT = "kept"
    REPAIRED = "repaired"
    NEW = "new"


#: The parts that are choices of the plan, in the order of their numbers in the data.
CHOSEN = (Part.REPAIRED, Part.NEW)


@dataclass(frozen=True)
class Planned:
    """A plan as a person may see it on the map. `kept` works today and is not touched.

    `wards` are (answered requirements, met today, met after) by area, of the wards the person sees.
    """

    seen: PlanSeen
    rows: tuple[OnMap, ...]
    kept: tuple[ThingPosition, ...]
    reaches: Reaches
    wards: Mapping[int, tuple[int, int, int]]

    def part(self, part: Part) -> tuple[OnMap, ...]:
        """The choices of one part."""
        return tuple(row for row in self.rows if part_of(row) == part)

    def cut(self, area_id: int | None) -> "Planned":
        """What the plan does and keeps in one ward; all of it for None."""
        if area_id is None:
            return self
        pairs = [pair for pair in zip(self.rows, self.reaches.of, strict=True) if pair[0].area_id == area_id]
        return replace(
            self,
            rows=tuple(row for row, _of in pairs),
            kept=tuple(thing for thing in self.kept if thing.area_id == area_id),
            reaches=Reaches(self.reaches.shapes, tuple(of for _row, of in pairs)),
            wards={area: sums for area, sums in self.wards.items() if area == area_id},
        )


def part_of(row: OnMap) -> Part:
    """A thing that is mended or put up again in the place of one is repaired; everything else is new."""
    return Part.REPAIRED if row.action in {LineAction.REPAIR, LineAction.REPLACE} else Part.NEW


def on_map(
    seen: PlanSeen,
    rows: Sequence[OnMap],
    things: Iterable[ThingPosition],
    reach: Reach,
    areas: Iterable[int],
) -> Planned:
    """The plan and what stands round it: `things` in the plan's figure, `areas` the wards that are seen."""
    known = {thing.id: thing for thing in things}
    touched = {row.thing for row in rows}
    shapes = Shapes(reach)
    of = tuple(_reached(row, known.get(row.thing or ""), reach, shapes) for row in rows)
    kept = tuple(
        thing
        for thing in known.values()
        if thing.working and thing.at is not None and thing.id not in touched
    )
    return Planned(seen, tuple(rows), kept, Reaches(shapes.told, of), _wards(seen, frozenset(areas)))


def _reached(
    row: OnMap, thing: ThingPosition | None, reach: Reach, shapes: Shapes
) -> tuple[tuple[int, int | None], ...]:
    """Sectors of a mended thing, which keeps its direction; all round for a new one."""
    if row.at is None:
        return ()
    if thing is not None and thing.state is not None:
        return shapes.of(thing.state, thing.area_id)
    channel = reach.channel(row.kind)
    radius = reach.radius_of_new(row.kind, row.area_id)
    return () if channel not in DRAWN or radius <= 0 else (shapes.round(channel, radius),)


def _wards(seen: PlanSeen, areas: frozenset[int]) -> dict[int, tuple[int, int, int]]:
    return {
        ward["area_id"]: (ward["answered"], ward["met_before"], ward["met_after"])
        for ward in seen.result.get("wards", ())
        if ward["area_id"] in areas
    }


def columns(
    plan: Planned, kinds: Sequence[KindFact], names: Sequence[str], places: Mapping[int, str]
) -> dict[str, Any]:
    """The plan as compact JSON; `names` are those of the kinds, `places` those of the places by id."""
    number = {kind.code: place for place, kind in enumerate(kinds)}
    rows = plan.rows
    return {
        "number": plan.seen.number,
        "kinds": list(names),
        "rows": {
            "part": [CHOSEN.index(part_of(row)) for row in rows],
            "kind": [number[row.kind] for row in rows],
            "action": [list(LineAction).index(row.action) for row in rows],
            "units": [row.units for row in rows],
            "ward": [row.area_id for row in rows],
            "place": [places.get(row.place_id or 0, "") for row in rows],
            "lat": [None if row.at is None else round(row.at[0], 5) for row in rows],
            "lon": [None if row.at is None else round(row.at[1], 5) for row in rows],
            "gained": [row.gained for row in rows],
            "amount": [row.amount for row in rows],
            "store": [int(row.from_store) for row in rows],
        },
        "shapes": plan.reaches.shapes,
        "of": plan.reaches.of,
        "kept": [[round(thing.at[0], 5), round(thing.at[1], 5)] for thing in plan.kept if thing.at],
        "wards": {str(area): list(sums) for area, sums in plan.wards.items()},
    }
