"""Doubles: the same picture, or nearly the same, used for two things of a campaign. Reads only.

The same bytes are found by their hash in all that a person sees; likeness is looked for in the thing's own
ward, as its neighbours are, first by the 64-bit hash of the column and then by a finer one of both thumbnails
(tests/unit/test_likeness.py has the rates). A picture cut by more than about 2 % of its edges is not found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.photos import likeness, store
from inventory.tables.area import Area
from inventory.tables.installation import Installation, Photo
from inventory.tables.person import Person
from inventory.tables.place import Venue

MOST_SHOWN = 5


@dataclass(frozen=True)
class Double:
    """A photo of this thing (`own`), and the one of another thing that it is like; `same` is to the byte."""

    own: str
    photo: str
    installation_id: str
    kind_code: str
    where: str
    who: str
    received_at: datetime
    same: bool


def doubles(
    actor: Actor, campaign: CampaignSeen, installation_id: str, area_id: int, media: Path
) -> tuple[Double, ...]:
    """What this thing's photos are like, the exact ones first; only what the actor sees."""
    own = db.session.execute(
        select(Photo.id, Photo.sha256, Photo.likeness, Photo.thumbnail_sha256).where(
            Photo.installation_id == installation_id,
            Photo.campaign_id == campaign.id,
            Photo.withdrawn_at.is_(None),
        )
    ).all()
    if not own:
        return ()
    hashes = [row.sha256 for row in own]
    pairs: dict[str, tuple[Any, bool]] = {}
    others = select(Photo.id, Photo.sha256).join(Installation, Installation.id == Photo.installation_id)
    for row in db.session.execute(
        others.where(*_elsewhere(actor, campaign, installation_id), Photo.sha256.in_(hashes))
    ):
        pairs[row.id] = (next(one for one in own if one.sha256 == row.sha256), True)
    for number, mine in _alike(actor, campaign, installation_id, area_id, own, media):
        pairs.setdefault(number, (mine, False))
        if len(pairs) >= MOST_SHOWN:
            break
    found = [_double(row, *pairs[row.id]) for row in db.session.execute(_told(list(pairs)[:MOST_SHOWN]))]
    return tuple(sorted(found, key=lambda double: (not double.same, double.received_at, double.photo)))


def _elsewhere(actor: Actor, campaign: CampaignSeen, installation_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Photo.campaign_id == campaign.id,
        Photo.installation_id != installation_id,
        Photo.withdrawn_at.is_(None),
        scope.where(actor, Installation.area_id),
    )


def _alike(
    actor: Actor, campaign: CampaignSeen, installation_id: str, area_id: int, own: Any, media: Path
) -> Iterator[tuple[str, Any]]:
    rows = db.session.execute(
        select(Photo.id, Photo.likeness, Photo.thumbnail_sha256)
        .join(Installation, Installation.id == Photo.installation_id)
        .where(
            *_elsewhere(actor, campaign, installation_id),
            Installation.area_id == area_id,
            Photo.likeness.is_not(None),
        )
    ).all()
    for row in rows:
        for mine in own:
            if likeness.alike(mine.likeness, row.likeness) and _confirmed(mine, row, media):
                yield row.id, mine
                break


def _confirmed(one: Any, other: Any, media: Path) -> bool:
    try:
        small = [store.get(media, row.thumbnail_sha256) for row in (one, other)]
    except FileNotFoundError:
        return False
    return likeness.confirms(*small)


def _told(ids: list[str]) -> Select[str, datetime, str, str, str, str, str]:
    return (
        select(
            Photo.id,
            Photo.received_at,
            Photo.installation_id,
            Installation.kind_code,
            Area.name.label("area_name"),
            Venue.name.label("venue_name"),
            Person.name.label("who"),
        )
        .join(Installation, Installation.id == Photo.installation_id)
        .join(Area, Area.id == Installation.area_id)
        .join(Person, Person.id == Photo.person_id)
        .outerjoin(Venue, Venue.id == Installation.venue_id)
        .where(Photo.id.in_(ids))
    )


def _double(row: Any, mine: Any, same: bool) -> Double:
    where = " · ".join(part for part in (row.venue_name, row.area_name) if part)
    return Double(mine.id, row.id, row.installation_id, row.kind_code, where, row.who, row.received_at, same)
