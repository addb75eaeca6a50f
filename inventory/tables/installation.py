"""Installations: what stands where, its three axes, its events, and the office's review per campaign."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Json, Serial, Uuid, words
from inventory.database import Base
from inventory.vocabulary import Condition, Lifecycle, PhotoOrigin, PositionSource, ReviewState, Zone


class Installation(Base):
    """One record of one or more identical things at one spot; it outlives a campaign."""

    __tablename__ = "installation"
    __table_args__ = (
        Index(None, "area_id"),
        Index(None, "venue_id"),
        Index(None, "slogan_id"),
        CheckConstraint("quantity >= 0 AND working >= 0 AND working <= quantity", name="counts"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="spot"),
        CheckConstraint("azimuth IS NULL OR (azimuth >= 0 AND azimuth < 360)", name="azimuth"),
    )

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    zone: Mapped[Zone | None] = mapped_column(words(Zone))
    kind_code: Mapped[str] = mapped_column(ForeignKey("kind.code"))
    quantity: Mapped[int] = mapped_column(default=1)
    working: Mapped[int] = mapped_column(default=1)
    lifecycle: Mapped[Lifecycle] = mapped_column(words(Lifecycle))
    condition: Mapped[Condition] = mapped_column(words(Condition))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    position_source: Mapped[PositionSource | None] = mapped_column(words(PositionSource))
    position_age_s: Mapped[float | None]
    azimuth: Mapped[float | None]
    width_m: Mapped[float | None]
    height_m: Mapped[float | None]
    sides: Mapped[int | None]
    horns: Mapped[int | None]
    watts: Mapped[float | None]
    slogan_id: Mapped[int | None] = mapped_column(ForeignKey("slogan.id"))
    shown_text: Mapped[str] = mapped_column(Text, default="")
    serial: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(String(120), default="")
    synthetic: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entry_id: Mapped[str | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(default=1)


class InstallationEvent(Base):
    """A change: what it was and became, who, when; any past day is the last event before it.

    `act` is recorded, amended, moved, reverted, submitted, verified, returned or photo_withdrawn;
    `changes` is {field: [old, new]}, `state` the whole record after the change.
    """

    __tablename__ = "installation_event"
    __table_args__ = (UniqueConstraint("installation_id", "number"), Index(None, "at"))

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    installation_id: Mapped[str] = mapped_column(ForeignKey("installation.id"))
    number: Mapped[int]
    act: Mapped[str] = mapped_column(String(16))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    survey_id: Mapped[str | None] = mapped_column(ForeignKey("survey.id"))
    entry_id: Mapped[str | None] = mapped_column(Uuid)
    changes: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[dict[str, Any]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(Text, default="")


class Review(Base):
    """Where the office's review of an installation stands in a campaign (design §6).

    No row = not surveyed in this campaign. `verified_state` is the record as last verified.
    """

    __tablename__ = "review"
    __table_args__ = (Index(None, "campaign_id", "state"),)

    installation_id: Mapped[str] = mapped_column(ForeignKey("installation.id"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    state: Mapped[ReviewState] = mapped_column(words(ReviewState))
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason_code: Mapped[str] = mapped_column(String(32), default="")
    reason_field: Mapped[str] = mapped_column(String(32), default="")
    reason_text: Mapped[str] = mapped_column(String(500), default="")
    verified_version: Mapped[int | None]
    verified_state: Mapped[dict[str, Any] | None] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)


class Photo(Base):
    """A picture of an installation; files lie in the media folder under their hash.

    One with `withdrawn_at` was taken back and is shown to nobody. `withdrawn_why` is a word of
    WithdrawReason and what a person wrote; the files of a picture of people or papers are deleted.
    `origin` is camera or gallery (with its reason), `lat` to `accuracy_m` the phone's fix at the shutter,
    `likeness` the 64-bit difference hash of the shown copy, as a signed number.
    """

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("installation_id", "sha256"), Index(None, "sha256"))

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    installation_id: Mapped[str] = mapped_column(ForeignKey("installation.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    shown_sha256: Mapped[str] = mapped_column(String(64))
    thumbnail_sha256: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16), default="overview")
    original_name: Mapped[str] = mapped_column(String(200), default="")
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    taken_at: Mapped[datetime | None]
    origin: Mapped[PhotoOrigin | None] = mapped_column(words(PhotoOrigin))
    origin_reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    likeness: Mapped[int | None] = mapped_column(BigInteger)
    received_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(300), default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_why: Mapped[str] = mapped_column(String(300), default="")
