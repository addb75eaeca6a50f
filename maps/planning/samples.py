"""The shipped lead times and lives of kinds: assumptions to begin with, until the office has its own."""

import csv
from pathlib import Path

from maps.planning.inputs import LifeIn, Supply

DATA = Path(__file__).with_name("data")


def supply(path: Path = DATA / "supply_2021.csv") -> tuple[Supply, ...]:
    """The shipped lead times and lives: every lead time is an assumption."""
    return tuple(
        Supply(
            kind=line["kind"],
            lead_days=int(line["lead_days"]),
            life=int(line["life"]) if line["life"] else None,
            life_in=LifeIn(line["life_in"]),
            source=line["source"],
            guess=True,
        )
        for line in lines(path)
    )


def lines(path: Path) -> list[dict[str, str]]:
    """The lines of a CSV file by the names of its columns."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))
