"""Gaps: for every place or ward and requirement, what is needed, standing, working and missing.

This file holds the values; the law they follow is design §6 (see docs/figures.md).
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from inventory.vocabulary import Certainty, GapReason

#: The id of a nearest thing of which nothing may be told; no installation has it.
NOT_TOLD = ""


@dataclass(frozen=True)
class Gap:
    """One place (or ward, then `place_id` is None) × requirement.

    `standing` and `working` are counts of the reported figure, `verified` the working count of the
    verified figure; `missing_*` = max(0, needed − working of that figure). `answered` says that
    somebody surveyed it; while false, nothing about it enters a sum.
    `reason_*` is None when the requirement is met in that figure.
    `nearest_*`: the nearest working thing of the kind (reported figure), metres from the place's point;
    `NOT_TOLD` and None where there is one but its reader may not know how far (`quiet`).
    `stored` are usable things in store in the ward which could close the gap.
    `repairable` are standing things at this place and zone of a counted kind that do not work
    (units, reported figure), split by what mends them in `broken`: (installation id, kind, condition, units).
    Where positions decide (a distance, or by reach): of `working`, `sure` units are counted however wrong
    the positions are within their accuracy, and `possible` (≥ working) would be at best; else None.
    """

    place_id: int | None
    area_id: int
    requirement_id: int
    mandatory: bool
    answered: bool
    needed: int
    voters_unknown: bool
    standing: int
    working: int
    verified: int
    missing_reported: int
    missing_verified: int
    reason_reported: GapReason | None
    reason_verified: GapReason | None
    nearest_installation_id: str | None
    nearest_m: float | None
    stored: int
    repairable: int
    broken: tuple[tuple[str, str, str, int], ...]
    voters: int | None
    sure: int | None = None
    possible: int | None = None

    @property
    def certainty(self) -> Certainty | None:
        """Whether enough work within reach, once positions may be wrong; None where they do not decide."""
        if self.sure is None or self.possible is None:
            return None
        if self.sure >= self.needed:
            return Certainty.SURELY
        return Certainty.PERHAPS if self.possible >= self.needed else Certainty.NOT

    @property
    def untold(self) -> bool:
        """Whether there is a nearest thing of which the reader may know nothing."""
        return self.nearest_installation_id == NOT_TOLD


def quiet(
    gaps: Iterable[Gap], places: Container[int | None], things: Container[str | None]
) -> tuple[Gap, ...]:
    """The gaps without what would give a restricted venue away: three distances make a position.

    Untold are distances from these `places`, and from anywhere to these `things`.
    """
    return tuple(
        replace(gap, nearest_installation_id=NOT_TOLD, nearest_m=None)
        if gap.nearest_installation_id is not None
        and (gap.place_id in places or gap.nearest_installation_id in things)
        else gap
        for gap in gaps
    )
