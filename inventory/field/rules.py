"""Packs as values: digests of sections, the cursor, what a checklist tells a phone. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inventory.surveys.checklist import Item, ZoneList

#: A ward with more places and things than this is no phone's: the office picks smaller ones.
MOST_FEATURES = 5000
#: A phone that missed more lines than this gets everything again.
MOST_LINES = 2000
#: The format of packs and of a phone's entries (docs/sync.md, "Versions").
FORMAT = 1

_CURSOR = re.compile(r"(\d{1,10})-(\d{1,18})-([0-9a-f]{16})")
_DIGEST = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Cursor:
    """The newest line of the ward's trail that a pack knows: its number and the head of its hash.

    `campaign` is the id of the campaign whose reviews the pack tells; number 0 is before the first line.
    """

    campaign: int
    number: int
    hash: str

    def __str__(self) -> str:
        """As the phone keeps it; it never looks inside."""
        return f"{self.campaign}-{self.number}-{self.hash}"


def cursor_of(text: str) -> Cursor | None:
    """The cursor that a phone gave back; None for what was never one."""
    match = _CURSOR.fullmatch(text)
    return Cursor(int(match[1]), int(match[2]), match[3]) if match else None


def digests_of(text: str) -> frozenset[str]:
    """The digests of the sections that a phone has, from "a,b,c"."""
    return frozenset(word for word in text.split(",") if _DIGEST.fullmatch(word))


def digest(rows: Any) -> str:
    """The first 16 hex digits of the SHA-256 of a section's JSON."""
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def lacking(sections: Mapping[str, Any], have: frozenset[str]) -> dict[str, dict[str, Any]]:
    """The sections whose digest the phone lacks, as {name: {digest, rows}}."""
    told = {name: {"digest": digest(rows), "rows": rows} for name, rows in sections.items()}
    return {name: section for name, section in told.items() if section["digest"] not in have}


def items(zones: Iterable[ZoneList]) -> list[dict[str, Any]]:
    """A checklist for the phone: what to look for; which things stand there it finds in its own store."""
    return [_item(item) for zone in zones for item in zone.items]


def _item(item: Item) -> dict[str, Any]:
    return {
        "key": item.key,
        "zone": item.zone.value,
        "kinds": [kind.code for kind in item.kinds],
        "kind": item.kind.code,
        "needed": item.needed,
        "mandatory": item.mandatory,
        "voters_unknown": item.voters_unknown,
        "within_m": item.within_m,
        "requirements": [
            {"code": row.code, "name": row.name_vi, "name_en": row.name_en} for row in item.requirements
        ],
    }
