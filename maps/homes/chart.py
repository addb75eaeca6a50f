"""The leader's bars as plain numbers: the template draws each as SVG beside its figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from inventory.vocabulary import Figure
from maps.coverage.queries import WardLine

#: A bar of this length is a share of one; the page stretches it to the width it has.
FULL = 100.0


@dataclass(frozen=True)
class Bar:
    """One ward: lengths from 0 to FULL and shares from 0 to 1, None while nothing is answered."""

    area_id: int
    name: str
    verified: float | None
    reported: float | None
    verified_share: float | None
    reported_share: float | None
    surveyed: int
    places: int


def bars(lines: Sequence[WardLine]) -> tuple[Bar, ...]:
    """One bar for each ward, by share met (reported), the best first, then by the order given."""
    made = (_bar(line) for line in lines)
    return tuple(sorted(made, key=lambda bar: -1.0 if bar.reported is None else bar.reported, reverse=True))


def _bar(line: WardLine) -> Bar:
    verified, reported = line.totals.share(Figure.VERIFIED), line.totals.share(Figure.REPORTED)
    return Bar(
        line.ward.id,
        line.ward.name,
        None if verified is None else round(verified * FULL, 1),
        None if reported is None else round(reported * FULL, 1),
        verified,
        reported,
        line.totals.places_surveyed,
        line.totals.places,
    )
