"""Limits: the numbers that records and positions are compared with, read from limits.toml. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """What records are compared with; the numbers and their reasons are in limits.toml."""

    far_from_venue_m: float
    ward_tolerance_m: float
    good_accuracy_m: float
    poor_accuracy_m: float
    oldest_fix_s: float
    fix_apart_m: float
    largest_side_m: float
    largest_quantity: int
    most_sides: int
    most_horns: int
    most_watts: float


@cache
def limits() -> Limits:
    """The limits as the office keeps them, read once."""
    return Limits(**tomllib.loads(Path(__file__).with_name("limits.toml").read_text("utf-8")))
