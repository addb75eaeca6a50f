"""Slogans: the catalogue of texts, versioned, because a text can be withdrawn in mid-campaign."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Base


class Slogan(Base):
    """One version of one numbered text; a withdrawn one stays, so that its copies can be found."""

    __tablename__ = "slogan"
    __table_args__ = (UniqueConstraint("campaign_id", "number", "edition"), Index(None, "campaign_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    edition: Mapped[int] = mapped_column(default=1)
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, default="")
    issued_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)
