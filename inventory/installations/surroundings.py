"""Reads what rules and flags need to know around records: kinds, venues, wards, neighbours, texts.

A handful of queries for one record or for a page of them. Neighbours are looked for in the same
ward only: what another ward has must not show through a warning.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Text, and_, cast, func, or_, select

from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.geodesy import Position
from inventory.installations import evidence
from inventory.installations.record import Record
from inventory.installations.rules import KindSeen, Neighbour, SloganSeen, Surroundings, VenueSeen
from inventory.tables.area import Area
from inventory.tables.installation import Installation, Photo
from inventory.tables.kind import Kind, KindCondition
from inventory.tables.place import Venue
from inventory.tables.slogan import Slogan
from inventory.vocabulary import STANDING, WARD_KINDS, Condition, PositionSource, Zone
from inventory.wording import vietnamese_key

#: Degrees that are certainly longer than any near-duplicate distance (about 1 km).
_NEAR_DEGREES = 0.01
#: The same for answers about neighbours (about 500 m): no kind's own distance is longer.
_ASKED_DEGREES = 0.005
_GIVEN = frozenset({PositionSource.DEVICE, PositionSource.MAP})


def kinds(codes: Collection[str] | None = None) -> dict[str, KindSeen]:
    """Every kind by its code (or only those of `codes`), in the order of the taxonomy."""
    words = select(KindCondition.kind_code, KindCondition.condition, KindCondition.works)
    rows = select(Kind).order_by(Kind.position, Kind.code)
    if codes is not None:
        words = words.where(KindCondition.kind_code.in_(sorted(codes)))
        rows = rows.where(Kind.code.in_(sorted(codes)))
    conditions: dict[str, list[tuple[Condition, bool]]] = defaultdict(list)
    for code, condition, works in db.session.execute(
        words.order_by(KindCondition.kind_code, KindCondition.position, KindCondition.condition)
    ):
        conditions[code].append((condition, works))
    return {row.code: _kind(row, tuple(conditions[row.code])) for row in db.session.scalars(rows)}


def _kind(row: Kind, conditions: tuple[tuple[Condition, bool], ...]) -> KindSeen:
    return KindSeen(
        code=row.code,
        family=row.family,
        name_vi=row.name_vi,
        name_en=row.name_en,
        unit_vi=row.unit_vi,
        unit_en=row.unit_en,
        bulk=row.bulk,
        directional=row.directional,
        sized=row.sized,
        texted=row.texted,
        horned=row.horned,
        in_use=row.in_use,
        near_duplicate_m=row.near_duplicate_m,
        default_width_m=row.default_width_m,
        default_height_m=row.default_height_m,
        conditions=conditions,
    )


def slogans(campaign_id: int) -> tuple[SloganSeen, ...]:
    """The catalogue of a campaign, by number, the newest edition first."""
    rows = db.session.execute(
        select(Slogan.id, Slogan.campaign_id, Slogan.number, Slogan.text, Slogan.withdrawn_on)
        .where(Slogan.campaign_id == campaign_id)
        .order_by(Slogan.number, Slogan.edition.desc(), Slogan.id)
    )
    return tuple(SloganSeen(*row) for row in rows)


def venues_in(area_id: int) -> tuple[tuple[int, str], ...]:
    """The venues of a ward: (id, name), by name."""
    rows = db.session.execute(select(Venue.id, Venue.name).where(Venue.area_id == area_id))
    return tuple(sorted(((row[0], row[1]) for row in rows), key=lambda row: (vietnamese_key(row[1]), row[0])))


def names(areas: set[int], venues: set[int], texts: set[int]) -> tuple[dict[int, str], ...]:
    """Names of areas, names of venues and numbers of slogans, by id, for telling what changed."""
    looked_up = (
        (Area.id, Area.name, areas),
        (Venue.id, Venue.name, venues),
        (Slogan.id, Slogan.number, texts),
    )
    return tuple(
        {row[0]: str(row[1]) for row in db.session.execute(select(key, name).where(key.in_(ids)))}
        if ids
        else {}
        for key, name, ids in looked_up
    )


def around(campaign: CampaignSeen, record: Record, installation_id: str = "") -> Surroundings:
    """What is around one record; `installation_id` is "" for a new one."""
    return around_all(campaign, {installation_id: record})[installation_id]


def around_all(campaign: CampaignSeen, records: Mapping[str, Record]) -> dict[str, Surroundings]:
    """What is around many records, in eight queries however many there are.

    Two of them only where there is something to ask: of positions that a phone or a map gave, and of
    neighbours that stand so near that somebody may have been asked about them.
    """
    areas = _areas({record.area_id for record in records.values()})
    venues = _venues({record.venue_id for record in records.values() if record.venue_id is not None})
    texts = slogans_by_id({record.slogan_id for record in records.values() if record.slogan_id is not None})
    others = _neighbours(records)
    pictures = _photo_counts(campaign.id, [key for key in records if key])
    beside = evidence.beside(_pointed(records))
    around = {
        key: _around(record, key, others[record.kind_code, record.area_id]) for key, record in records.items()
    }
    another = evidence.others(_close(records, around))
    return {
        key: Surroundings(
            campaign_id=campaign.id,
            known_area=record.area_id in areas,
            venue=venues.get(record.venue_id or 0),
            boundary=areas.get(record.area_id),
            neighbours=around[key],
            slogan=texts.get(record.slogan_id or 0),
            photos=pictures.get(key, 0),
            evidence=beside.get(key),
            another=tuple(sorted(another.get(key, {}).items())),
        )
        for key, record in records.items()
    }


def _around(
    record: Record, key: str, others: list[tuple[Neighbour, int | None, Zone | None]]
) -> tuple[Neighbour, ...]:
    """The neighbours that are not counted together with the record: of another venue or zone.

    A visit has one position, which all its answers share: at one venue equal points prove nothing.
    """
    return tuple(
        other
        for other, venue, zone in others
        if other.id != key
        and (venue, zone) != (record.venue_id, record.zone)
        and (venue is None or (venue, other.point) != (record.venue_id, record.position))
    )


def _pointed(records: Mapping[str, Record]) -> dict[str, Position]:
    """Positions that a device or a hand gave: only of these evidence is kept."""
    return {
        key: record.position
        for key, record in records.items()
        if key and record.position is not None and record.position_source in _GIVEN
    }


def _close(
    records: Mapping[str, Record], around: Mapping[str, tuple[Neighbour, ...]]
) -> dict[str, tuple[str, ...]]:
    """Neighbours so near that a phone may have asked about them; none for most records."""
    found = {}
    for key, record in records.items():
        if key and record.lat is not None and record.lon is not None:
            spot = record.lat, record.lon
            near = tuple(one.id for one in around[key] if _within(spot, one.point))
            if near:
                found[key] = near
    return found


def _within(spot: Position, other: Position) -> bool:
    return abs(spot[0] - other[0]) <= _ASKED_DEGREES and abs(spot[1] - other[1]) <= _ASKED_DEGREES


def _areas(ids: set[int]) -> dict[int, str | None]:
    rows = db.session.execute(
        select(Area.id, cast(Area.boundary, Text)).where(Area.id.in_(ids), Area.kind.in_(sorted(WARD_KINDS)))
    )
    # JSON null and no value both mean that the line is unknown.
    return {number: text if text and text != "null" else None for number, text in rows}


def _venues(ids: set[int]) -> dict[int, VenueSeen]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(Venue.id, Venue.area_id, Venue.name, Venue.lat, Venue.lon, Venue.kind).where(Venue.id.in_(ids))
    )
    return {
        number: VenueSeen(number, area, name, None if lat is None or lon is None else (lat, lon), kind)
        for number, area, name, lat, lon, kind in rows
    }


def slogans_by_id(ids: set[int]) -> dict[int, SloganSeen]:
    """Texts of the catalogue by their ids, whatever their campaign."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(Slogan.id, Slogan.campaign_id, Slogan.number, Slogan.text, Slogan.withdrawn_on).where(
            Slogan.id.in_(ids)
        )
    )
    return {row.id: SloganSeen(*row) for row in rows}


def _neighbours(
    records: Mapping[str, Record],
) -> dict[tuple[str, int], list[tuple[Neighbour, int | None, Zone | None]]]:
    found: dict[tuple[str, int], list[tuple[Neighbour, int | None, Zone | None]]] = defaultdict(list)
    other = Installation
    near = [
        and_(
            other.kind_code == record.kind_code,
            other.area_id == record.area_id,
            other.lat.between(record.lat - _NEAR_DEGREES, record.lat + _NEAR_DEGREES),
            other.lon.between(record.lon - _NEAR_DEGREES, record.lon + _NEAR_DEGREES),
        )
        for record in records.values()
        if record.lat is not None and record.lon is not None
    ]
    if not near:
        return found
    rows = db.session.execute(
        select(other.id, other.kind_code, other.area_id, other.venue_id, other.zone, other.lat, other.lon)
        .where(
            or_(*near),
            other.lifecycle.in_(sorted(STANDING)),
            other.position_source != PositionSource.VENUE,
        )
        .order_by(other.id)
    )
    for number, kind, area, venue, zone, lat, lon in rows:
        found[kind, area].append((Neighbour(number, (lat or 0.0, lon or 0.0)), venue, zone))
    return found


def _photo_counts(campaign_id: int, ids: list[str]) -> dict[str, int]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(Photo.installation_id, func.count())
        .where(Photo.campaign_id == campaign_id, Photo.installation_id.in_(ids), Photo.withdrawn_at.is_(None))
        .group_by(Photo.installation_id)
    )
    return {row[0]: row[1] for row in rows}
