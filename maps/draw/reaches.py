"""Reach on the map: the circles and sectors of what works, each shape told once.

A shape depends on the kind, its measures and the surroundings of its ward, and hardly on the thing: a
city has a few dozen. Its axis is told beside it, so that things that only look elsewhere share a shape.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inventory.facts import KindFact, StateFact
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


class Shapes:
    """The shapes told so far, each with its number."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._numbers: dict[tuple[int, float, int, int], int] = {}
        self._known: dict[tuple[Any, ...], tuple[Sector, ...]] = {}

    @property
    def told(self) -> tuple[tuple[int, float, int, int], ...]:
        """The shapes in the order of their numbers."""
        return tuple(self._numbers)

    def of(self, state: StateFact, area_id: int) -> tuple[tuple[int, int | None], ...]:
        """(shape, axis) of each sector of a thing in a ward; empty where its reach is not drawn."""
        if self.reach.channel(state.kind) not in DRAWN:
            return ()
        return tuple(
            (
                self._number(sector.channel, sector.half_angle, sector.radius_m, sector.edge_m),
                None if sector.azimuth is None else round(sector.azimuth + (state.azimuth or 0.0)) % 360,
            )
            for sector in self._north(state, area_id)
        )

    def round(self, channel: Channel, radius: float) -> tuple[int, int | None]:
        """The shape of a reach all round."""
        return self._number(channel, 180.0, radius, radius), None

    def _number(self, channel: Channel, half: float, radius: float, edge: float) -> int:
        told = (DRAWN.index(channel), half, round(radius), round(edge))
        return self._numbers.setdefault(told, len(self._numbers))

    def _north(self, state: StateFact, area_id: int) -> tuple[Sector, ...]:
        """The sectors of a thing like it that looks north (or nowhere, where nobody wrote it)."""
        north = replace(state, azimuth=None if state.azimuth is None else 0.0)
        key = (
            *(state.kind, north.azimuth, state.width_m, state.height_m, state.sides, state.horns),
            *(state.watts, self.reach.model.around(area_id).code),
        )
        if key not in self._known:
            self._known[key] = self.reach.outline(north, area_id)
        return self._known[key]


def reaches(reach: Reach, rows: Iterable[ThingPosition]) -> Reaches:
    """The shapes of these things; a thing that does not work or has no reach has none."""
    shapes = Shapes(reach)
    of = tuple(
        shapes.of(row.state, row.area_id) if row.working and row.state is not None else () for row in rows
    )
    return Reaches(shapes.told, of)


def said(reach: Reach, kinds: Sequence[KindFact], locale: str) -> tuple[Sentence | None, ...]:
    """The model's name and target of each kind; None for kinds whose reach is not drawn."""
    return tuple(
        reach.said(kind.code, locale) if reach.channel(kind.code) in DRAWN else None for kind in kinds
    )


def legend(reach: Reach, locale: str) -> tuple[tuple[Channel, Sentence], ...]:
    """For each channel that is drawn the model's name and target; channels without kinds are left out."""
    first = {channel: kind.code for kind in reversed(reach.model.kinds) for channel in [kind.channel]}
    return tuple((channel, reach.said(first[channel], locale)) for channel in DRAWN if channel in first)
