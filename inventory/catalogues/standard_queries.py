"""Reads of standards: the versions of a campaign, and one version with its rows in walking order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import func, select

from inventory import directory
from inventory.campaigns import CampaignSeen
from inventory.catalogues.requirement_rules import RequirementWords, in_walking_order
from inventory.database import db
from inventory.directory import KindName
from inventory.errors import Unseen
from inventory.tables.kind import Kind
from inventory.tables.person import Person
from inventory.tables.standard import Requirement, Standard
from inventory.vocabulary import AppliesTo, AreaKind, VenueKind, Zone


@dataclass(frozen=True)
class StandardSeen:
    """A version as lists print it. `in_force_from` None: a draft. `current`: in force today."""

    id: int
    number: int
    name: str
    note: str
    in_force_from: date | None
    version: int
    created_at: datetime
    created_by: str
    rows: int
    current: bool = False

    @property
    def draft(self) -> bool:
        """Whether it may still be changed."""
        return self.in_force_from is None


@dataclass(frozen=True)
class RequirementSeen:
    """A row with the names of what it asks for; `kind` None: any kind of the family."""

    id: int
    words: RequirementWords
    version: int
    kind: KindName | None
    priced: KindName


@dataclass(frozen=True)
class ZoneRows:
    """The rows of one zone, in the order of the standard."""

    zone: Zone
    rows: tuple[RequirementSeen, ...]

    @property
    def applies_to(self) -> AppliesTo:
        """What the zone belongs to."""
        return self.rows[0].words.applies_to


def standards(campaign: CampaignSeen) -> tuple[StandardSeen, ...]:
    """Every version of the campaign, the newest first."""
    counts = (
        select(Requirement.standard_id, func.count().label("rows"))
        .group_by(Requirement.standard_id)
        .subquery()
    )
    found = db.session.execute(
        select(Standard, Person.name, func.coalesce(counts.c.rows, 0))
        .outerjoin(Person, Person.id == Standard.created_by)
        .outerjoin(counts, counts.c.standard_id == Standard.id)
        .where(Standard.campaign_id == campaign.id)
        .order_by(Standard.number.desc())
    ).all()
    current = _current((row for row, _who, _rows in found), campaign.today)
    return tuple(_seen(row, who, rows, current) for row, who, rows in found)


def _current(found: Iterable[Standard], today: date) -> int | None:
    """The same rule as `campaigns.standard_in_force`."""
    begun = [
        (row.in_force_from, row.number, row.id)
        for row in found
        if row.in_force_from is not None and row.in_force_from <= today
    ]
    return max(begun)[2] if begun else None


def _seen(row: Standard, who: str | None, rows: int, current: int | None) -> StandardSeen:
    return StandardSeen(
        id=row.id,
        number=row.number,
        name=row.name,
        note=row.note,
        in_force_from=row.in_force_from,
        version=row.version,
        created_at=row.created_at,
        created_by=who or "",
        rows=rows,
        current=row.id == current,
    )


def one(campaign: CampaignSeen, standard_id: int) -> StandardSeen:
    """One version. Raises Unseen for those of other campaigns too."""
    found = next((row for row in standards(campaign) if row.id == standard_id), None)
    if found is None:
        raise Unseen("standard", standard_id)
    return found


def kinds() -> dict[str, KindName]:
    """Every kind by its code, in the order of the taxonomy."""
    return {kind.code: kind for kind in directory.kinds(db.session())}


def kinds_in_use() -> frozenset[str]:
    """The kinds that a new row may ask for."""
    return frozenset(db.session.scalars(select(Kind.code).where(Kind.in_use)))


def requirements(standard_id: int, known: dict[str, KindName]) -> tuple[RequirementSeen, ...]:
    """The rows of a version, in its order; `known` are all kinds."""
    rows = db.session.scalars(
        select(Requirement)
        .where(Requirement.standard_id == standard_id)
        .order_by(Requirement.position, Requirement.id)
    )
    return tuple(_requirement(row, known) for row in rows)


def _requirement(row: Requirement, known: dict[str, KindName]) -> RequirementSeen:
    kind = known[row.kind_code] if row.kind_code is not None else None
    return RequirementSeen(row.id, words_of(row), row.version, kind, known[row.priced_kind_code])


def words_of(row: Requirement) -> RequirementWords:
    """What a row says."""
    return RequirementWords(
        code=row.code,
        name_vi=row.name_vi,
        name_en=row.name_en,
        zone=row.zone,
        family=row.family,
        kind_code=row.kind_code,
        priced_kind_code=row.priced_kind_code,
        minimum=row.minimum,
        per_voters=row.per_voters,
        within_m=row.within_m,
        mandatory=row.mandatory,
        area_kinds=tuple(kind for kind in AreaKind if kind.value in row.area_kinds),
        venue_kinds=tuple(kind for kind in VenueKind if kind.value in row.venue_kinds),
        source=row.source,
        guess=row.guess,
        by_reach=row.by_reach,
    )


def by_zone(rows: Iterable[RequirementSeen]) -> tuple[ZoneRows, ...]:
    """The rows under their zones, in the order a person walks."""
    ordered = sorted(rows, key=lambda row: in_walking_order(row.words.zone))
    grouped = groupby(ordered, key=lambda row: row.words.zone)
    return tuple(ZoneRows(zone, tuple(found)) for zone, found in grouped)


def requirement(seen: StandardSeen, requirement_id: int, known: dict[str, KindName]) -> RequirementSeen:
    """One row of a version. Raises Unseen."""
    found = next((row for row in requirements(seen.id, known) if row.id == requirement_id), None)
    if found is None:
        raise Unseen("requirement", requirement_id)
    return found
