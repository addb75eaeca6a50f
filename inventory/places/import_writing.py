"""Writes an import's plan: venues are found by ward and name, made, renamed or left, then places.

A changed venue name at the same spot is a new name of the same venue; elsewhere, or where another
place shares the venue, the place moves to another venue and the old one stays with its things.
"""

from collections.abc import Iterable

from sqlalchemy import func, select

from inventory.database import db
from inventory.geodesy import distance_m
from inventory.places.import_columns import Column
from inventory.places.import_plan import ImportPlan, PlaceChange
from inventory.places.importing import PlaceRow
from inventory.tables.place import Place, Venue
from inventory.vocabulary import PositionSource, VenueKind
from inventory.wording import fold

#: Within this a new name is the same house. A choice of ours: wider than a phone's error, less than a street.
SAME_HOUSE_M = 50.0


class Writing:
    """One import, within one transaction of the caller."""

    def __init__(self, campaign_id: int, batch_id: str) -> None:
        self.campaign_id, self.batch_id = campaign_id, batch_id
        self.venues: dict[tuple[int, str], Venue] = {}
        self.uses: dict[int, int] = {}
        self.loaded: list[Venue | Place] = []

    def write(self, plan: ImportPlan) -> frozenset[int]:
        """Write everything; answers the areas whose facts moved."""
        rows = [*plan.new, *(change.row for change in plan.changed)]
        areas = frozenset(row.area.id for row in rows)
        self._load(areas)
        for change in plan.changed:
            self._change(change)
        venues = [self._venue(row) for row in plan.new]
        db.session.flush()
        db.session.add_all(self._place(row, venue) for row, venue in zip(plan.new, venues, strict=True))
        db.session.flush()
        return areas

    def _load(self, areas: Iterable[int]) -> None:
        wanted = sorted(areas)
        venues = db.session.scalars(select(Venue).where(Venue.area_id.in_(wanted)).order_by(Venue.id)).all()
        for venue in venues:
            self.venues.setdefault((venue.area_id, venue.folded), venue)
        mine = (Place.campaign_id == self.campaign_id, Place.area_id.in_(wanted))
        # Held here so that the session answers for each row without asking again.
        self.loaded = [*venues, *db.session.scalars(select(Place).where(*mine))]
        used = select(Place.venue_id, func.count()).where(Place.area_id.in_(wanted)).group_by(Place.venue_id)
        self.uses = {row[0]: row[1] for row in db.session.execute(used)}

    def _place(self, row: PlaceRow, venue: Venue) -> Place:
        name = row.name or f"Khu vực bỏ phiếu số {row.number:02}"
        return Place(
            campaign_id=self.campaign_id,
            area_id=row.area.id,
            venue_id=venue.id,
            code=row.code,
            number=row.number,
            name=name,
            folded=_folded(name, venue.name),
            voters=row.voters,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            restricted=bool(row.restricted),
            source=row.source or "",
            licence=row.licence or "",
            synthetic=bool(row.synthetic),
            batch_id=self.batch_id,
        )

    def _change(self, change: PlaceChange) -> None:
        row = change.row
        place = db.session.get_one(Place, change.known.id)
        venue = db.session.get_one(Venue, place.venue_id)
        if any(found.field is Column.VENUE for found in change.changes):
            venue = self._renamed(venue, change) or self._venue(row)
        self._tell(venue, row)
        if venue in db.session.new:
            db.session.flush()
        place.venue_id = venue.id
        place.number = row.number
        for attribute in (
            "name",
            "voters",
            "opens_at",
            "closes_at",
            "restricted",
            "source",
            "licence",
            "synthetic",
        ):
            value = getattr(row, attribute)
            if value is not None:
                setattr(place, attribute, value)
        place.folded = _folded(place.name, venue.name)
        place.batch_id = self.batch_id
        place.version += 1

    def _renamed(self, venue: Venue, change: PlaceChange) -> Venue | None:
        """The same venue under its new name, or None when the row speaks of another one."""
        row, name = change.row, change.row.venue or ""
        other = self.venues.get((row.area.id, fold(name)))
        if other is not None and other is not venue:
            return None
        here, there = change.known.position, row.position
        moved = here is not None and there is not None and distance_m(here, there) > SAME_HOUSE_M
        if other is not venue and (moved or self.uses.get(venue.id, 0) > 1):
            return None
        self.venues.pop((venue.area_id, venue.folded), None)
        venue.name, venue.folded = name, fold(name)
        venue.version += 1
        self.venues[venue.area_id, venue.folded] = venue
        return venue

    def _venue(self, row: PlaceRow) -> Venue:
        """The venue of that name in the ward, made if there is none."""
        name = row.venue or ""
        venue = self.venues.get((row.area.id, fold(name)))
        if venue is None:
            venue = Venue(
                area_id=row.area.id,
                name=name,
                folded=fold(name),
                kind=row.venue_kind or VenueKind.OTHER,
                address=row.address or "",
                lat=row.position[0] if row.position else None,
                lon=row.position[1] if row.position else None,
                position_source=PositionSource.IMPORT if row.position else None,
                source=row.source or "",
                licence=row.licence or "",
                synthetic=bool(row.synthetic),
                version=1,
            )
            db.session.add(venue)
            self.venues[row.area.id, venue.folded] = venue
        else:
            self._tell(venue, row)
        return venue

    def _tell(self, venue: Venue, row: PlaceRow) -> None:
        """Take over what the row says of its venue; what it does not say stays."""
        before = (venue.kind, venue.address, venue.lat, venue.lon)
        venue.kind = row.venue_kind or venue.kind
        venue.address = row.address or venue.address
        if row.position and row.position != (venue.lat, venue.lon):
            venue.lat, venue.lon = row.position
            venue.position_source = PositionSource.IMPORT
        if (venue.kind, venue.address, venue.lat, venue.lon) != before:
            venue.source, venue.licence = row.source or venue.source, row.licence or venue.licence
            venue.version += 1


def _folded(name: str, venue: str) -> str:
    return fold(f"{name} {venue}")[:400]
