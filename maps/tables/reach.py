"""The parameters of the reach models, as rows that the office edits."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import words
from inventory.database import Base
from inventory.vocabulary import Channel
from maps.reach.model import SiteClass


class ReachFigure(Base):
    """One single figure of the model (maps/reach/scalars.py has their bounds), as text."""

    __tablename__ = "reach_figure"
    __table_args__ = (UniqueConstraint("campaign_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    code: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(Text, default="")
    guess: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class ReachSurroundings(Base):
    """How loud it is in one kind of surroundings, and what they take from a sound, in dB."""

    __tablename__ = "reach_surroundings"
    __table_args__ = (UniqueConstraint("campaign_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    code: Mapped[str] = mapped_column(String(32))
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    ambient: Mapped[float]
    loss: Mapped[float]
    source: Mapped[str] = mapped_column(Text, default="")
    guess: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class ReachArea(Base):
    """Which surroundings a ward has; one without a row has those of its kind."""

    __tablename__ = "reach_area"
    __table_args__ = (UniqueConstraint("campaign_id", "area_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    surroundings_id: Mapped[int] = mapped_column(ForeignKey("reach_surroundings.id"))
    source: Mapped[str] = mapped_column(Text, default="")
    guess: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class ReachKind(Base):
    """How things of a kind are heard, read or seen (maps/reach/model.py says what each figure means)."""

    __tablename__ = "reach_kind"
    __table_args__ = (UniqueConstraint("campaign_id", "kind_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind_code: Mapped[str] = mapped_column(ForeignKey("kind.code"))
    channel: Mapped[Channel] = mapped_column(words(Channel))
    sensitivity: Mapped[float | None]
    watts: Mapped[float | None]
    horns: Mapped[int | None]
    aimed: Mapped[int | None]
    coverage: Mapped[float | None]
    letter: Mapped[float | None]
    lines: Mapped[int | None]
    face: Mapped[float | None]
    sides: Mapped[int | None]
    lit: Mapped[bool] = mapped_column(default=False)
    pitch: Mapped[float | None]
    radius: Mapped[float | None]
    source: Mapped[str] = mapped_column(Text, default="")
    guess: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class NoiseLimitRow(Base):
    """One limit of a noise regulation; `limit_db` is unknown where its table was not seen."""

    __tablename__ = "noise_limit"
    __table_args__ = (
        UniqueConstraint("campaign_id", "regulation", "site", "hour_from"),
        CheckConstraint("hour_from BETWEEN 0 AND 23 AND hour_until BETWEEN 0 AND 24", name="hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    regulation: Mapped[str] = mapped_column(String(80))
    in_force_from: Mapped[date]
    site: Mapped[SiteClass] = mapped_column(words(SiteClass))
    hour_from: Mapped[int]
    hour_until: Mapped[int]
    limit_db: Mapped[float | None]
    source: Mapped[str] = mapped_column(Text, default="")
    guess: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
