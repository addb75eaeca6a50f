"""Reach on the map: the circles and sectors of what works, each shape told once. Pure.

A shape depends on the kind, its measures and the surroundings of its ward, and hardly on the thing: a
city has a few dozen. Its axis is told beside it, so that things that only look elsewhere share a shape.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inventory.facts import KindFact
from inventory.positions import ThingPosition
from inventory.vocabulary import Channel
from maps.investment.lines import Sentence
from maps.reach.reaching import Reach, Sector

#: The channels whose reach is drawn; what is only present reaches its own zone.
DRAWN = (Channel.HEARING, Channel.READING)


@dataclass(frozen=True)
class Reaches:
    """`shapes` are [channel, half angle, metres on the axis, metres at the edge]; `of` has one row a thing:
    (shape, axis in degrees from north or None for all round) of each of its sectors."""

    shapes: tuple[tuple[int, float, int, int], ...]
    of: tuple[tuple[tuple[int, int | None], ...], ...]


def reaches(reach: Reach, rows: Iterable[ThingPosition]) -> Reaches:
    """The shapes of these things; a thing that does not work or has no reach has none."""
    shapes: dict[tuple[int, float, int, int], int] = {}
    known: dict[tuple[Any, ...], tuple[Sector, ...]] = {}
    of = []
    for row in rows:
        found = []
        for sector in _sectors(reach, row, known) if row.working else ():
            told = (
                DRAWN.index(sector.channel),
                sector.half_angle,
                round(sector.radius_m),
                round(sector.edge_m),
            )
            axis = None if sector.azimuth is None else round(sector.azimuth) % 360
            found.append((shapes.setdefault(told, len(shapes)), axis))
        of.append(tuple(found))
    return Reaches(tuple(shapes), tuple(of))


def _sectors(
    reach: Reach, row: ThingPosition, known: dict[tuple[Any, ...], tuple[Sector, ...]]
) -> tuple[Sector, ...]:
    """The sectors of one thing: those of a thing like it that looks north, turned."""
    state = row.state
    if state is None or reach.channel(state.kind) not in DRAWN:
        return ()
    north = replace(state, azimuth=None if state.azimuth is None else 0.0)
    key = (
        *(state.kind, north.azimuth, state.width_m, state.height_m, state.sides, state.horns, state.watts),
        reach.model.around(row.area_id).code,
    )
    if key not in known:
        known[key] = reach.outline(north, row.area_id)
    if state.azimuth is None:
        return known[key]
    turned = state.azimuth
    return tuple(
        sector if sector.azimuth is None else replace(sector, azimuth=(sector.azimuth + turned) % 360.0)
        for sector in known[key]
    )


def said(reach: Reach, kinds: Sequence[KindFact], locale: str) -> tuple[Sentence | None, ...]:
    """The model's name and target of each kind; None for kinds whose reach is not drawn."""
    return tuple(
        reach.said(kind.code, locale) if reach.channel(kind.code) in DRAWN else None for kind in kinds
    )


def legend(reach: Reach, locale: str) -> tuple[tuple[Channel, Sentence], ...]:
    """For each channel that is drawn the model's name and target; channels without kinds are left out."""
    first = {channel: kind.code for kind in reversed(reach.model.kinds) for channel in [kind.channel]}
    return tuple((channel, reach.said(first[channel], locale)) for channel in DRAWN if channel in first)
