"""Coverage runs, their gaps, and whom things reach."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Json, Serial, Uuid, words
from inventory.database import Base
from inventory.vocabulary import Certainty, GapReason
from maps.planning.demand import DemandMethod


class CoverageRun(Base):
    """One computation of all gaps of a campaign, from one snapshot of the facts.

    `store` are the usable units that lay in store, as [area id, kind, units]: what is priced for a
    run stays what it was, whatever is taken from the store later. `recomputed`: made later for a past
    day from the events; it is never the newest. `checked` is how many cells were counted again by the
    independent recount. `said` names the model of reach and its target by language and channel, each as
    [msgid, {placeholder: value}].
    """

    __tablename__ = "coverage_run"
    __table_args__ = (Index(None, "campaign_id", "number"), UniqueConstraint("campaign_id", "number"))

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    facts_version: Mapped[int]
    area_versions: Mapped[dict[str, Any]] = mapped_column(Json)
    store: Mapped[list[Any]] = mapped_column(Json)
    read_at: Mapped[datetime]
    campaign_day: Mapped[date]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    seconds: Mapped[float]
    recomputed: Mapped[bool] = mapped_column(default=False, server_default=false())
    checked: Mapped[int] = mapped_column(default=0, server_default="0")
    said: Mapped[dict[str, Any] | None] = mapped_column(Json)


class CoverageGap(Base):
    """One stored Gap (maps/coverage/gaps.py says what each figure means)."""

    __tablename__ = "coverage_gap"
    __table_args__ = (
        Index(None, "run_id", "area_id"),
        Index(None, "run_id", "place_id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("coverage_run.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    mandatory: Mapped[bool]
    answered: Mapped[bool]
    needed: Mapped[int]
    voters_unknown: Mapped[bool]
    standing: Mapped[int]
    working: Mapped[int]
    verified: Mapped[int]
    missing_reported: Mapped[int]
    missing_verified: Mapped[int]
    reason_reported: Mapped[GapReason | None] = mapped_column(words(GapReason))
    reason_verified: Mapped[GapReason | None] = mapped_column(words(GapReason))
    nearest_installation_id: Mapped[str | None] = mapped_column(Uuid)
    nearest_m: Mapped[float | None]
    stored: Mapped[int]
    repairable: Mapped[int]
    broken: Mapped[list[Any]] = mapped_column(Json)
    voters: Mapped[int | None]
    sure: Mapped[int | None]
    possible: Mapped[int | None]


class CoverageReach(Base):
    """What reaches the voters of one demand point (maps/coverage/reached.py says what each figure means)."""

    __tablename__ = "coverage_reach"
    __table_args__ = (Index(None, "run_id", "area_id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("coverage_run.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    voters: Mapped[int | None]
    method: Mapped[DemandMethod] = mapped_column(words(DemandMethod))
    located: Mapped[bool]
    heard_reported: Mapped[bool]
    heard_verified: Mapped[bool]
    heard_certainty: Mapped[Certainty] = mapped_column(words(Certainty))
    level_db: Mapped[float | None]
    margin_db: Mapped[float | None]
    source_id: Mapped[str | None] = mapped_column(Uuid)
    source_m: Mapped[float | None]
    sources: Mapped[int]
    echo: Mapped[bool]
    read_reported: Mapped[bool]
    read_verified: Mapped[bool]
    read_certainty: Mapped[Certainty] = mapped_column(words(Certainty))
    face_id: Mapped[str | None] = mapped_column(Uuid)
    face_m: Mapped[float | None]
    faces: Mapped[int]
    seen_reported: Mapped[bool]
    seen_verified: Mapped[bool]
