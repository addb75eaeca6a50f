"""The trail: append-only, hash-chained; and receipts, which make a repeated entry harmless."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Json, Serial, Uuid
from inventory.database import Base


class TrailLine(Base):
    """One thing a person (or a command) did or was refused."""

    __tablename__ = "trail_line"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "subject", "subject_id"),
        Index(None, "area_id", "number"),
    )

    number: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    session_id: Mapped[int | None]
    act: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(80))
    area_id: Mapped[int | None]
    campaign_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Receipt(Base):
    """The stored outcome of one entry: the same entry again answers the same, whoever asks."""

    __tablename__ = "receipt"

    entry_id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    act: Mapped[str] = mapped_column(String(48))
    subject_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    at: Mapped[datetime]
