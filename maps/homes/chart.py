"""The leader's bar chart as plain numbers: the template draws them as SVG, a table says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from inventory.vocabulary import Figure
from maps.coverage.queries import WardLine

ROW, BAR, NAME_WIDTH, BAR_WIDTH = 26, 9, 190, 420


@dataclass(frozen=True)
class Bar:
    """One ward: lengths in SVG units; None while nothing is answered."""

    name: str
    y: int
    verified: float | None
    reported: float | None
    verified_share: float | None
    reported_share: float | None


@dataclass(frozen=True)
class Chart:
    """The bars, the best ward first, and the picture's size."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    left: int
    row: int
    thick: int
    full: int


def bars(lines: Sequence[WardLine]) -> Chart:
    """Lay out one row for each ward, by share met (reported), then by the order given."""
    shares = [
        (line, line.totals.share(Figure.VERIFIED), line.totals.share(Figure.REPORTED)) for line in lines
    ]
    ordered = sorted(shares, key=lambda row: -1.0 if row[2] is None else row[2], reverse=True)
    made = tuple(
        Bar(
            line.ward.name,
            place * ROW,
            None if verified is None else round(verified * BAR_WIDTH, 1),
            None if reported is None else round(reported * BAR_WIDTH, 1),
            verified,
            reported,
        )
        for place, (line, verified, reported) in enumerate(ordered)
    )
    return Chart(made, NAME_WIDTH + BAR_WIDTH + 110, len(made) * ROW, NAME_WIDTH, ROW, BAR, BAR_WIDTH)
