"""What a phone's entry says, read for people: fields and values out of its JSON text. Pure.

A body is evidence: whatever it holds, reading it raises nothing, and what is not of the expected shape
is left out (`unreadable` when nothing of it can be read).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.errors import BadInput
from inventory.identity import is_id
from inventory.installations.record import FIELDS
from inventory.strict_json import strict_json
from inventory.vocabulary import EntryAct, Zone

#: Fields of an answer, and what they are called in a record (docs/sync.md).
_COUNTED = {"found": "quantity", "working": "working", "condition": "condition", "quick": "quick"}
_TOLD = {
    EntryAct.FINISH: ("empty_zones", "note"),
    EntryAct.PHOTO: ("role", "name", "taken_at"),
    EntryAct.WITHDRAW: ("reason", "text"),
}


@dataclass(frozen=True)
class Said:
    """One entry in parts: what it is about, and {field: value} in the order of a form.

    `place` is a place's id, `installation` an installation's; `new` are the ids that it makes.
    """

    place: int | None = None
    installation: str | None = None
    photo: str | None = None
    zone: Zone | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    unreadable: bool = False


def read(act: EntryAct, text: str) -> Said:
    """Read a body."""
    try:
        body = strict_json(text)
    except BadInput:
        return Said(unreadable=True)
    if not isinstance(body, dict):
        return Said(unreadable=True)
    zone, kind = _key(body.get("key"))
    values = {name: value for name, value in _values(act, body, kind).items() if value not in (None, "", [])}
    return Said(
        place=_number(body.get("place")),
        installation=_id(body.get("installation")) or _id(_of(body).get("installation")),
        photo=_id(body.get("photo")),
        zone=zone,
        values=values,
    )


def _values(act: EntryAct, body: dict[str, Any], kind: str) -> dict[str, Any]:
    if act is EntryAct.ANSWER:
        details = body.get("details")
        known = details if isinstance(details, dict) else {}
        counted = {name: body.get(given) for given, name in _COUNTED.items()}
        return {"kind_code": body.get("kind") or kind, **counted, **_of_record(known), **_where(body)}
    if act in {EntryAct.RECORD, EntryAct.AMEND}:
        fields = body.get("fields")
        return {**_of_record(fields if isinstance(fields, dict) else {}), **_where(body)}
    if act is EntryAct.MOVE:
        return {"lifecycle": body.get("step"), "note": body.get("note")}
    return {name: body.get(name) for name in _TOLD.get(act, ())}


def _of_record(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in FIELDS if name in fields}


def _where(body: Mapping[str, Any]) -> dict[str, Any]:
    """The point of an entry: what was tapped goes before what the device measured."""
    position = body.get("position")
    if not isinstance(position, dict):
        return {}
    fix, tap = position.get("fix"), position.get("tap")
    chosen = tap if isinstance(tap, dict) else fix if isinstance(fix, dict) else {}
    accuracy = fix.get("accuracy_m") if isinstance(fix, dict) and chosen is fix else None
    return {"lat": chosen.get("lat"), "lon": chosen.get("lon"), "accuracy_m": accuracy}


def _key(value: Any) -> tuple[Zone | None, str]:
    """ "gate.BANNER_H" is a zone and a kind."""
    word, _, kind = value.partition(".") if isinstance(value, str) else ("", "", "")
    return (Zone(word) if word in set(Zone) else None), kind


def _of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    of = body.get("of")
    return of if isinstance(of, dict) else {}


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) and is_id(value) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else None
