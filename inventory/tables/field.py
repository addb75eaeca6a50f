"""What comes from phones: devices, their entries with the stored outcome, photos still on their way."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Json, Serial, Uuid, words
from inventory.database import Base
from inventory.vocabulary import CaseState, EntryAct, EntryOutcome, PhotoOrigin, PhotoState

_PARKED = text("outcome = 'parked'")
_OPEN = text("case_state = 'open'")
_REFUSED = text("outcome = 'refused'")
_ON_ITS_WAY = text("state = 'expected'")


class FieldDevice(Base):
    """One person on one phone: when it was last here, and what waits on it as it said itself.

    `token_hash` proves the phone when its person can no longer sign in. After `cut_off_at` nothing is
    taken from it. `clock_offset_s` is the phone's clock minus ours; `free_bytes` as its browser told.
    """

    __tablename__ = "field_device"
    __table_args__ = (Index(None, "person_id"),)

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200), default="")
    app: Mapped[str] = mapped_column(String(32), default="")
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    last_push_at: Mapped[datetime | None]
    session_id: Mapped[int | None] = mapped_column(BigInteger)
    waiting: Mapped[int] = mapped_column(default=0)
    photos_waiting: Mapped[int] = mapped_column(default=0)
    needs_person: Mapped[int] = mapped_column(default=0)
    oldest_waiting_at: Mapped[datetime | None]
    free_bytes: Mapped[int | None] = mapped_column(BigInteger)
    persisted: Mapped[bool | None]
    clock_offset_s: Mapped[float | None]
    cut_off_at: Mapped[datetime | None]
    cut_off_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class FieldEntry(Base):
    """One thing a person did on a phone, as it came (`body`, whose SHA-256 is `sha256`), and its outcome.

    It is the receipt of the entry: a replay answers what stands here. `about` is the installation, photo
    or visit that it is about, `waits_for` the id that a parked one waits for, `detail` what the answer
    says beyond its code. `case_state` is open while a person at the office or the ward lead has to decide.
    `made_at` is the phone's own time, evidence and never trusted.
    """

    __tablename__ = "field_entry"
    __table_args__ = (
        Index(None, "person_id", "id"),
        Index(None, "about"),
        Index("ix_field_entry_parked", "waits_for", sqlite_where=_PARKED, postgresql_where=_PARKED),
        Index("ix_field_entry_case", "campaign_id", "area_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "ix_field_entry_refused",
            "campaign_id",
            "received_at",
            sqlite_where=_REFUSED,
            postgresql_where=_REFUSED,
        ),
    )

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    act: Mapped[EntryAct] = mapped_column(words(EntryAct))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device_id: Mapped[str | None] = mapped_column(Uuid)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    body: Mapped[str] = mapped_column(Text)
    about: Mapped[str | None] = mapped_column(Uuid)
    waits_for: Mapped[str | None] = mapped_column(Uuid)
    outcome: Mapped[EntryOutcome] = mapped_column(words(EntryOutcome))
    code: Mapped[str] = mapped_column(String(48), default="")
    field: Mapped[str] = mapped_column(String(48), default="")
    detail: Mapped[dict[str, Any] | None] = mapped_column(Json)
    subject_id: Mapped[str] = mapped_column(String(80), default="")
    version: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    case_state: Mapped[CaseState | None] = mapped_column(words(CaseState))
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]
    settled_how: Mapped[str] = mapped_column(String(32), default="")


class ReusedEntry(Base):
    """Another body under an id that was taken: kept as it came, so that both can be read."""

    __tablename__ = "reused_entry"
    __table_args__ = (UniqueConstraint("entry_id", "sha256"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("field_entry.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime]


class ExpectedPhoto(Base):
    """A photo that a phone has told of: the manifest. `received` counts the bytes that are here.

    Complete only when the bytes have the SHA-256 that the entry said. `installation_id` is known once the
    entry that records the thing is stored; `lat` to `age_s` are the fix at the moment of the picture.
    """

    __tablename__ = "expected_photo"
    __table_args__ = (
        Index(None, "installation_id"),
        Index(None, "answer_id"),
        Index(
            "ix_expected_photo_on_its_way",
            "person_id",
            sqlite_where=_ON_ITS_WAY,
            postgresql_where=_ON_ITS_WAY,
        ),
        CheckConstraint("size > 0 AND received >= 0 AND received <= size", name="sizes"),
    )

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("field_entry.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device_id: Mapped[str | None] = mapped_column(Uuid)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    installation_id: Mapped[str | None] = mapped_column(ForeignKey("installation.id"))
    answer_id: Mapped[str | None] = mapped_column(Uuid)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    state: Mapped[PhotoState] = mapped_column(words(PhotoState))
    code: Mapped[str] = mapped_column(String(48), default="")
    role: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200), default="")
    origin: Mapped[PhotoOrigin] = mapped_column(words(PhotoOrigin))
    origin_reason: Mapped[str] = mapped_column(String(200), default="")
    taken_at: Mapped[datetime | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    age_s: Mapped[float | None]
    photo_id: Mapped[str | None] = mapped_column(ForeignKey("photo.id"))
    told_at: Mapped[datetime]
    complete_at: Mapped[datetime | None]


class NearAnswer(Base):
    """What a person said when something of the kind stood near: the same one (`same`), or another."""

    __tablename__ = "near_answer"

    installation_id: Mapped[str] = mapped_column(ForeignKey("installation.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("installation.id"), primary_key=True)
    same: Mapped[bool]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entry_id: Mapped[str | None] = mapped_column(Uuid)
    at: Mapped[datetime]


class PositionEvidence(Base):
    """How a position came about where the record alone does not say it: the fix beside a tapped point.

    One row an entry: `apart_m` are metres between fix and tap, `reason` why a poor fix was taken.
    """

    __tablename__ = "position_evidence"
    __table_args__ = (CheckConstraint("(fix_lat IS NULL) = (fix_lon IS NULL)", name="fix"),)

    installation_id: Mapped[str] = mapped_column(ForeignKey("installation.id"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    fix_lat: Mapped[float | None]
    fix_lon: Mapped[float | None]
    fix_accuracy_m: Mapped[float | None]
    fix_age_s: Mapped[float | None]
    tap_lat: Mapped[float | None]
    tap_lon: Mapped[float | None]
    apart_m: Mapped[float | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
