"""The budget curve as plain numbers: the template draws it as SVG beside its table. Pure.

The picture is 600 × 260 units; the plot stands inside its margins. Both axes begin at nothing, so
that a height is a share and no difference is made to look larger than it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from maps.plan.result import Point

WIDTH, HEIGHT = 600, 260
LEFT, RIGHT, TOP, BOTTOM = 92, 36, 16, 44


@dataclass(frozen=True)
class Dot:
    """A point of the curve: where it is drawn, and what it says. `knee`, `own`: the bend, the plan."""

    x: float
    y: float
    point: Point
    knee: bool
    own: bool


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and its value."""

    at: float
    value: int


@dataclass(frozen=True)
class Picture:
    """The curve. `path` is the line as SVG points."""

    dots: tuple[Dot, ...]
    path: str
    money: tuple[Tick, ...]
    voters: tuple[Tick, ...]


def drawn(points: Sequence[Point], knee: int | None, budget: int) -> Picture | None:
    """The picture of a curve; None where there is nothing to draw."""
    known = [(number, one, one.voters) for number, one in enumerate(points) if one.voters is not None]
    if len(known) < 2:
        return None
    most_money = max(one.budget for _, one, _ in known)
    most_voters = max(1, *(voters for _, _, voters in known))
    money, voters = ticks(most_money), ticks(most_voters)
    across = (WIDTH - LEFT - RIGHT) / max(most_money, money[-1])
    up = (HEIGHT - TOP - BOTTOM) / max(most_voters, voters[-1])
    dots = tuple(
        Dot(
            round(LEFT + one.budget * across, 1),
            round(HEIGHT - BOTTOM - served * up, 1),
            one,
            knee=number == knee,
            own=one.budget == budget,
        )
        for number, one, served in known
    )
    return Picture(
        dots,
        " ".join(f"{dot.x},{dot.y}" for dot in dots),
        tuple(Tick(round(LEFT + value * across, 1), value) for value in money),
        tuple(Tick(round(HEIGHT - BOTTOM - value * up, 1), value) for value in voters),
    )


def ticks(most: int) -> list[int]:
    """Round values from 0 to the first at or above `most`: three to six of them (1, 2 or 5 × 10^n apart)."""
    step = 1
    while most > step * 5:
        step = step * 2 if str(step)[0] != "2" else step * 5 // 2
    return list(range(0, most + step, step))
