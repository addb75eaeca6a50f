"""Loads catalogues from the rows that ship in data/: a new service starts with them and edits them.

Each is loaded once: what an office has changed is never overwritten.
"""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from inventory.clock import campaign_now
from inventory.database import db
from inventory.tables.kind import Kind, KindCondition
from inventory.tables.slogan import Slogan
from inventory.tables.standard import Requirement, Standard
from inventory.vocabulary import AppliesTo, Condition, Family, Zone

_DATA = Path(__file__).with_name("data")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a shipped file."""
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_kinds() -> int:
    """Load the taxonomy when there is none; returns how many kinds were written."""
    if db.session.scalar(select(func.count()).select_from(Kind)):
        return 0
    kinds, conditions = rows("kinds.csv"), rows("conditions.csv")
    for position, row in enumerate(kinds):
        db.session.add(_kind(row, position))
    db.session.flush()
    for row in kinds:
        own = {line["condition"]: line for line in conditions if line["kind"] == row["code"]}
        family = [line for line in conditions if line["family"] == row["family"] and not line["kind"]]
        for order, line in enumerate(family):
            chosen = own.get(line["condition"], line)
            db.session.add(
                KindCondition(
                    kind_code=row["code"],
                    condition=Condition(line["condition"]),
                    works=chosen["works"] == "1",
                    position=order,
                )
            )
    db.session.flush()
    return len(kinds)


def _kind(row: Mapping[str, str], position: int) -> Kind:
    flags = {
        name: row[name] == "1" for name in ("bulk", "directional", "sized", "texted", "horned", "in_use")
    }
    return Kind(
        code=row["code"],
        family=Family(row["family"]),
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        unit_vi=row["unit_vi"],
        unit_en=row["unit_en"],
        position=position,
        default_width_m=_decimal(row["default_width_m"]),
        default_height_m=_decimal(row["default_height_m"]),
        near_duplicate_m=float(row["near_duplicate_m"]),
        aliases=row["aliases"],
        **flags,
    )


def load_standard(campaign_id: int, name: str, in_force_from: date | None) -> int:
    """Load the shipped first standard as the campaign's version 1; returns its id."""
    standard = Standard(
        campaign_id=campaign_id, number=1, name=name, in_force_from=in_force_from, created_at=campaign_now()
    )
    db.session.add(standard)
    db.session.flush()
    for position, row in enumerate(rows("standard.csv")):
        db.session.add(Requirement(standard_id=standard.id, position=position, **_requirement(row)))
    db.session.flush()
    return standard.id


def _requirement(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "applies_to": AppliesTo(row["applies_to"]),
        "zone": Zone(row["zone"]),
        "family": Family(row["family"]),
        "kind_code": row["kind"] or None,
        "priced_kind_code": row["priced_kind"],
        "minimum": int(row["minimum"]),
        "per_voters": int(row["per_voters"]) if row["per_voters"] else None,
        "within_m": _decimal(row["within_m"]),
        "by_reach": row.get("by_reach", "") == "1",
        "mandatory": row["mandatory"] == "1",
        "name_vi": row["name_vi"],
        "name_en": row["name_en"],
        "source": row["source"],
        "guess": row["guess"] == "1",
        "area_kinds": [],
        "venue_kinds": [],
    }


def load_slogans(campaign_id: int, name: str = "slogans_2021.csv") -> int:
    """Load a shipped list of slogans; returns how many."""
    found = rows(name)
    for row in found:
        db.session.add(
            Slogan(
                campaign_id=campaign_id,
                number=int(row["number"]),
                edition=int(row["edition"]),
                text=row["text"],
                source=row["source"],
                issued_on=date.fromisoformat(row["issued_on"]) if row["issued_on"] else None,
            )
        )
    db.session.flush()
    return len(found)


def _decimal(text: str) -> float | None:
    return float(text) if text else None
