"""What a phone really sends after a morning: visits, item by item, each with its end."""

import hashlib
import json
from typing import Any

from sqlalchemy import insert, select

from inventory.database import db, table_of
from inventory.identity import new_id
from inventory.tables.place import Place, Venue
from tests.city import City

#: (key, extra, found, working): nine items of a place, three of them without anything.
ITEMS = (
    ("gate.FLAG_NATIONAL", False, 2, 2),
    ("gate.BANNER_H", False, 1, 1),
    ("gate.FLAG_DECOR", False, 12, 12),
    ("gate.audio", False, 0, 0),
    ("outside.NOTICE_BOARD", False, 1, 1),
    ("outside.BANNER_H", True, 1, 1),
    ("outside.FLAG_DECOR", True, 20, 20),
    ("outside.FLAG_NATIONAL", True, 0, 0),
    ("outside.PANEL_SMALL", True, 0, 0),
)
Entries = list[dict[str, str]]


def more_places(city: City, count: int) -> list[int]:
    """Further places of ward A, copies of its first with venues of their own; inside an app's context."""
    made = []
    venues, places = table_of(Venue), table_of(Place)
    place = dict(db.session.execute(select(places).where(places.c.id == city.places_a[0])).mappings().one())
    venue = dict(db.session.execute(select(venues).where(venues.c.id == place["venue_id"])).mappings().one())
    del place["id"], venue["id"]
    for number in range(100, 100 + count):
        new_venue = db.session.scalar(insert(venues).values(venue).returning(venues.c.id))
        place |= {"venue_id": new_venue, "number": number, "code": f"{city.ward_a}-{number}"}
        made.append(db.session.scalar(insert(places).values(place).returning(places.c.id)) or 0)
    db.session.commit()
    return made


def first_visits(city: City, places: list[int]) -> Entries:
    """Nothing was recorded before: what stands is new."""
    entries: Entries = []
    for place in places:
        visit = new_id()
        for key, extra, found, working in ITEMS:
            entries.append(_answer(city, place, visit, key, extra=extra, found=found, working=working))
        entries.append(_finish(city, place, visit))
    return entries


def again(city: City, places: list[int], left: dict[tuple[int, str], dict[str, int]]) -> Entries:
    """The next round: everything is as it was, and "same" is pressed; `left` as the pack told it."""
    entries: Entries = []
    for place in places:
        visit = new_id()
        for key, extra, found, _working in ITEMS:
            base = left.get((place, key), {})
            said = {"quick": "same"} if found else {"quick": "none"}
            entries.append(_answer(city, place, visit, key, extra=extra and not base, base=base, **said))
        entries.append(_finish(city, place, visit))
    return entries


def _answer(city: City, place: int, visit: str, key: str, **more: Any) -> dict[str, str]:
    fix = {"lat": 20.9601, "lon": 107.0231, "accuracy_m": 7.5, "age_s": 0.4}
    count = (more.get("found") or 0) if not more.get("base") else 0
    told: dict[str, Any] = {
        "quick": "",
        "kind": "SPK_CLUSTER_FM" if key == "gate.audio" else "",
        "base": {},
        "after": None,
        "new": [new_id() for _ in range(min(count, 2))],
        "position": {"fix": fix, "tap": None, "reason": ""},
        "near": [],
    }
    return entry("answer", visit=visit, place=place, area=city.ward_a, key=key, **(told | more))


def _finish(city: City, place: int, visit: str) -> dict[str, str]:
    told: dict[str, Any] = {"empty_zones": [], "note": "", "answers": len(ITEMS)}
    return entry("finish", visit=visit, place=place, area=city.ward_a, **told)


def entry(act: str, **body: Any) -> dict[str, str]:
    """One entry as it travels."""
    told = {"act": act, "campaign": "thu-2021", "made_at": "2026-11-25T08:00:00.000Z", **body}
    text = json.dumps(told, ensure_ascii=False)
    return {"id": new_id(), "sha256": hashlib.sha256(text.encode()).hexdigest(), "body": text}
