"""Surveys: one visit to one place or ward; each item of its checklist is answered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Serial, Uuid, words
from inventory.database import Base
from inventory.vocabulary import Zone


class Survey(Base):
    """One visit; it counts from the moment its person says it is finished."""

    __tablename__ = "survey"
    __table_args__ = (
        Index(None, "campaign_id", "place_id"),
        Index(None, "campaign_id", "area_id"),
    )

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    synthetic: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class Answer(Base):
    """This kind was looked for in this zone; `found` = 0 is an answer, no row is silence."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("survey_id", "zone", "kind_code"),
        CheckConstraint("found >= 0", name="found"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("survey.id"))
    zone: Mapped[Zone] = mapped_column(words(Zone))
    kind_code: Mapped[str] = mapped_column(ForeignKey("kind.code"))
    found: Mapped[int]
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
