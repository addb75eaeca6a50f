"""Assignments: who goes to which polling place, before they leave."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Serial
from inventory.database import Base


class Assignment(Base):
    """A place given to a person; `position` is its place on their route, from 0, `team` a group's name."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("campaign_id", "place_id"), Index(None, "campaign_id", "person_id"))

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    team: Mapped[str] = mapped_column(String(80), default="")
    position: Mapped[int] = mapped_column(default=0)
    assigned_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
