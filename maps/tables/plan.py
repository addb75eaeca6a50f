"""Plans: what was asked, where the making stands, what came out, line by line."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Dong, Json, Serial, words
from inventory.database import Base
from inventory.vocabulary import LineAction
from maps.plan.status import Status


class Plan(Base):
    """One plan: the Ask, how far its making is, and its result once it is done.

    `chosen_in` is the campaign's id for the one plan that is chosen there, else empty: so that there
    is never a second one. `result` holds the sums, the proof and the words of a collision or failure.
    """

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("campaign_id", "number"), UniqueConstraint("chosen_in"))

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    ask: Mapped[dict[str, Any]] = mapped_column(Json)
    status: Mapped[Status] = mapped_column(words(Status))
    step: Mapped[str] = mapped_column(String(32), default="")
    progress: Mapped[int] = mapped_column(default=0)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    inputs_hash: Mapped[str] = mapped_column(String(64), default="")
    run_id: Mapped[str | None] = mapped_column(ForeignKey("coverage_run.id"))
    book_id: Mapped[int | None] = mapped_column(ForeignKey("price_book.id"))
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    recounted: Mapped[bool] = mapped_column(default=False)
    chosen_in: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class PlanLine(Base):
    """One line of a plan. `said` is the line as lists print it, by language; `key` is its choice's.

    `alone` and `beside` are voters of the whole choice and stand on its first line only. `part` is
    "priced" or "covered". `more` holds who pays, what is served, how long it lasts.
    """

    __tablename__ = "plan_line"
    __table_args__ = (Index(None, "plan_id", "area_id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(Text)
    part: Mapped[str] = mapped_column(String(16))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirement.id"))
    kind_code: Mapped[str] = mapped_column(ForeignKey("kind.code"))
    action: Mapped[LineAction] = mapped_column(words(LineAction))
    units: Mapped[int]
    amount: Mapped[int | None] = mapped_column(Dong)
    alone: Mapped[int | None]
    beside: Mapped[int | None]
    phase: Mapped[int] = mapped_column(default=1)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    said: Mapped[dict[str, Any]] = mapped_column(Json)
    more: Mapped[dict[str, Any]] = mapped_column(Json)


class PlanLeft(Base):
    """One requirement at one point that the plan does not serve; `pushes` are keys of lines that would go."""

    __tablename__ = "plan_left"
    __table_args__ = (Index(None, "plan_id", "area_id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    position: Mapped[int]
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    neighbourhood_id: Mapped[int | None]
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    mandatory: Mapped[bool]
    missing: Mapped[int]
    voters: Mapped[int]
    guessed: Mapped[bool]
    cost: Mapped[int | None] = mapped_column(Dong)
    skip: Mapped[str] = mapped_column(String(16), default="")
    pushes: Mapped[list[Any]] = mapped_column(Json)
    lost: Mapped[int] = mapped_column(default=0)


class PlanPoint(Base):
    """One budget of a plan's curve: what it would reach; empty where no choice keeps the rules."""

    __tablename__ = "plan_point"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    budget: Mapped[int] = mapped_column(Dong)
    works: Mapped[int] = mapped_column(Dong)
    value: Mapped[float | None]
    voters: Mapped[int | None]
    met: Mapped[int | None]
    gap: Mapped[float | None]
