"""Gaps: for every place or ward and requirement, what is needed, standing, working and missing.

This file holds the values; the law they follow is design §6 (see docs/figures.md).
"""

from dataclasses import dataclass

from inventory.vocabulary import GapReason


@dataclass(frozen=True)
class Gap:
    """One place (or ward, then `place_id` is None) × requirement.

    `standing` and `working` are counts of the reported figure, `verified` the working count of the
    verified figure; `missing_*` = max(0, needed − working of that figure). `answered` says that
    somebody surveyed it; while false, nothing about it enters a sum.
    `reason_*` is None when the requirement is met in that figure.
    `nearest_*`: the nearest working thing of the kind (reported figure), metres from the place's point.
    `stored` are usable things in store in the ward which could close the gap.
    `repairable` are standing things at this place and zone of a counted kind that do not work
    (units, reported figure), split by what mends them in `broken`: (installation id, kind, condition, units).
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
