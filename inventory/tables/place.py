"""Venues (permanent) and polling places (campaign × polling area), and the batches they came in."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Json, Uuid, words
from inventory.database import Base
from inventory.vocabulary import PositionSource, VenueKind


class Venue(Base):
    """The school, the hall: it stays from one election to the next."""

    __tablename__ = "venue"
    __table_args__ = (
        Index(None, "area_id"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200))
    kind: Mapped[VenueKind] = mapped_column(words(VenueKind))
    address: Mapped[str] = mapped_column(String(300), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    position_source: Mapped[PositionSource | None] = mapped_column(words(PositionSource))
    source: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(String(120), default="")
    synthetic: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class Place(Base):
    """One polling area of one campaign; `area_id` repeats the venue's ward for scope and order."""

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("campaign_id", "area_id", "number"),
        UniqueConstraint("campaign_id", "code"),
        Index(None, "venue_id"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("voters IS NULL OR voters >= 0", name="voters"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    code: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(400))
    voters: Mapped[int | None]
    opens_at: Mapped[time | None]
    closes_at: Mapped[time | None]
    restricted: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(String(120), default="")
    synthetic: Mapped[bool] = mapped_column(default=False)
    batch_id: Mapped[str | None] = mapped_column(ForeignKey("import_batch.id"))
    version: Mapped[int] = mapped_column(default=1)


class ImportBatch(Base):
    """A file of places or neighbourhoods (`subject`): kept from the check to the confirmation, and as
    the source of its rows."""

    __tablename__ = "import_batch"

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    subject: Mapped[str] = mapped_column(String(16), default="places", server_default="places")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    source: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(String(120), default="")
    synthetic: Mapped[bool] = mapped_column(default=False)
    report: Mapped[dict[str, Any] | None] = mapped_column(Json)
    checked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
