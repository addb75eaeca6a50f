"""Reads of slogans: the list with how many things carry each text, and the things that carry one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.catalogues.slogan_rules import GONE
from inventory.database import db
from inventory.errors import Unseen
from inventory.tables.area import Area
from inventory.tables.installation import Installation
from inventory.tables.kind import Kind
from inventory.tables.place import Venue
from inventory.tables.slogan import Slogan
from inventory.vocabulary import Condition, Lifecycle, Zone
from inventory.wording import vietnamese_key

PAGE = 50


@dataclass(frozen=True)
class SloganSeen:
    """One edition. `carried`: how many things that the actor sees carry it. `latest`: of its number."""

    id: int
    number: int
    edition: int
    text: str
    source: str
    issued_on: date | None
    withdrawn_on: date | None
    withdrawn_reason: str
    version: int
    carried: int
    latest: bool

    @property
    def withdrawn(self) -> bool:
        """Whether the text may no longer be shown."""
        return self.withdrawn_on is not None


@dataclass(frozen=True)
class Carrier:
    """A thing that carries the text."""

    id: str
    ward: str
    kind_vi: str
    kind_en: str
    zone: Zone | None
    venue: str | None
    lifecycle: Lifecycle
    condition: Condition


@dataclass(frozen=True)
class Recall:
    """A page of the things that carry a text: `wards` are (name, how many) of all, `next` the key on."""

    wards: tuple[tuple[str, int], ...]
    rows: tuple[Carrier, ...]
    total: int
    next: str


def slogans(actor: Actor, campaign: CampaignSeen) -> tuple[SloganSeen, ...]:
    """The campaign's list by number, the newest edition of each first."""
    counts = (
        select(Installation.slogan_id, func.count().label("carried"))
        .where(scope.where(actor, Installation.area_id), Installation.lifecycle.not_in(sorted(GONE)))
        .group_by(Installation.slogan_id)
        .subquery()
    )
    found = db.session.execute(
        select(Slogan, func.coalesce(counts.c.carried, 0))
        .outerjoin(counts, counts.c.slogan_id == Slogan.id)
        .where(Slogan.campaign_id == campaign.id)
        .order_by(Slogan.number, Slogan.edition.desc(), Slogan.id)
    ).all()
    latest: dict[int, int] = {}
    for row, _carried in found:
        latest.setdefault(row.number, row.id)
    return tuple(_seen(row, carried, latest[row.number] == row.id) for row, carried in found)


def _seen(row: Slogan, carried: int, latest: bool) -> SloganSeen:
    return SloganSeen(
        id=row.id,
        number=row.number,
        edition=row.edition,
        text=row.text,
        source=row.source,
        issued_on=row.issued_on,
        withdrawn_on=row.withdrawn_on,
        withdrawn_reason=row.withdrawn_reason,
        version=row.version,
        carried=carried,
        latest=latest,
    )


def one(actor: Actor, campaign: CampaignSeen, slogan_id: int) -> SloganSeen:
    """One edition. Raises Unseen for those of other campaigns too."""
    found = next((row for row in slogans(actor, campaign) if row.id == slogan_id), None)
    if found is None:
        raise Unseen("slogan", slogan_id)
    return found


def next_number(found: Iterable[SloganSeen]) -> int:
    """The number after the last."""
    return max((row.number for row in found), default=0) + 1


def recall(actor: Actor, slogan_id: int, after: str) -> Recall:
    """The things that the actor sees and that carry a text, by ward, after a key (an installation's id)."""
    rows = db.session.execute(
        select(Installation.id, Installation.area_id, Area.name)
        .join(Area, Area.id == Installation.area_id)
        .where(
            Installation.slogan_id == slogan_id,
            Installation.lifecycle.not_in(sorted(GONE)),
            scope.where(actor, Installation.area_id),
        )
    ).all()
    ordered = sorted(rows, key=lambda row: (vietnamese_key(row.name), row.area_id, row.id))
    keys = [row.id for row in ordered]
    start = keys.index(after) + 1 if after in keys else 0
    page = keys[start : start + PAGE]
    counts = Counter((row.area_id, row.name) for row in ordered)
    return Recall(
        wards=tuple((name, count) for (_area, name), count in counts.items()),
        rows=_carriers(page),
        total=len(keys),
        next=page[-1] if start + PAGE < len(keys) else "",
    )


def _carriers(ids: list[str]) -> tuple[Carrier, ...]:
    rows = db.session.execute(
        select(
            *(Installation.id, Area.name, Kind.name_vi, Kind.name_en, Installation.zone),
            *(Venue.name, Installation.lifecycle, Installation.condition),
        )
        .join(Area, Area.id == Installation.area_id)
        .join(Kind, Kind.code == Installation.kind_code)
        .outerjoin(Venue, Venue.id == Installation.venue_id)
        .where(Installation.id.in_(ids))
    )
    found = {row[0]: Carrier(*row) for row in rows}
    return tuple(found[number] for number in ids)
