"""A plan on the printed map: marks beside those of the places, how far they reach, its part of the key."""

import math
from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale

from inventory.wording import number
from maps.draw.planned import Part, Planned, part_of
from maps.draw.reaches import legend
from maps.investment.words import spoken
from maps.reach.reaching import Reach
from maps.takeaway import chart
from maps.takeaway.chart import AMBER, BRAND, Spot
from maps.takeaway.paper import Projection

_WORDS = {Part.NEW: "làm mới", Part.REPAIRED: "sửa, thay"}
#: Where a mark stands from its place's, in widths of a mark: what is new at the right, what is mended left.
_ASIDE = {Part.NEW: 0.75, Part.REPAIRED: -0.75}
_STEP = 6.0


def spots(plan: Planned, projection: Projection, size: float) -> list[Spot]:
    """One mark for each place and part; what is kept has its own mark as a work, or is only counted."""
    found: dict[tuple[Part, float, float], Spot] = {}
    for row in plan.rows:
        if row.at is not None:
            part = part_of(row)
            x, y = projection.at(*row.at)
            beside = Spot(part.value, x + _ASIDE[part] * size, y - 0.75 * size, size)
            found.setdefault((part, x, y), beside)
    return list(found.values())


def reaches(plan: Planned, projection: Projection) -> list[str]:
    """How far the choices are heard (solid) and read (dashed), as SVG below the marks."""
    shapes = plan.reaches.shapes
    return [
        _sector(projection.at(*row.at), axis, shapes[shape], projection.metre)
        for row, sectors in zip(plan.rows, plan.reaches.of, strict=True)
        if row.at is not None
        for shape, axis in sectors
    ]


def _sector(
    at: tuple[float, float], axis: int | None, shape: tuple[int, float, int, int], metre: float
) -> str:
    """A circle, or a sector whose radius falls from its axis to its edges as on the screen (map-reach.js)."""
    channel, half, radius, edge = shape
    ink, dash = (BRAND, "") if channel == 0 else (AMBER, ' stroke-dasharray="1 .8"')
    look = f'fill="{ink}" fill-opacity=".08" stroke="{ink}" stroke-width=".2"{dash}'
    x, y = at
    if axis is None:
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius * metre:.2f}" {look}/>'
    points = [f"{x:.2f} {y:.2f}"] if half < 180 else []
    steps = max(6, math.ceil(half / _STEP))
    for step in range(-steps, steps + 1):
        off = half * step / steps
        falling = math.cos(math.radians(off)) if channel else 1 + (edge / radius - 1) * (off / half) ** 2
        bearing, length = math.radians(axis + off), radius * falling * metre
        points.append(f"{x + length * math.sin(bearing):.2f} {y - length * math.cos(bearing):.2f}")
    return f'<path d="M{"L".join(points)}z" {look}/>'


def key(plan: Planned) -> dict[str, Any]:
    """The plan's group of the legend."""
    rows = [[chart.sample(part.value), words, number(len(plan.part(part)))] for part, words in _WORDS.items()]
    return {"title": f"Kế hoạch số {plan.seen.number}: {plan.seen.name}", "rows": rows}


def counts(plan: Planned, reach: Reach, with_reach: bool) -> list[str]:
    """How much of the plan is drawn; by which model its reach is."""
    drawn = sum(row.at is not None for row in plan.rows)
    said = [
        f"Vẽ {number(drawn)} / {number(len(plan.rows))} việc của kế hoạch; "
        f"{number(len(plan.kept))} công trình giữ nguyên."
    ]
    if with_reach:
        said.append(f"Tầm của việc trong kế hoạch: {'; '.join(_models(reach))}.")
    return said


def _models(reach: Reach) -> Sequence[str]:
    with force_locale("vi"):
        return [spoken(words) for _channel, words in legend(reach, "vi")]
