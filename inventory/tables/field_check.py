"""Field checks: what somebody standing at a spot really heard or read; shown beside the model's answer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Uuid, words
from inventory.database import Base
from inventory.vocabulary import Channel, PositionSource


class FieldCheck(Base):
    """One check; `channel` is hearing or reading, `perceived` whether it was heard clearly or could be read.

    It is of a place, of an installation or of both; without a position nobody knows the exact spot.
    """

    __tablename__ = "field_check"
    __table_args__ = (
        Index(None, "campaign_id", "area_id"),
        Index(None, "place_id"),
        Index(None, "installation_id"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="position"),
        CheckConstraint("channel IN ('hearing', 'reading')", name="perceivable"),
        CheckConstraint("place_id IS NOT NULL OR installation_id IS NOT NULL", name="subject"),
    )

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    installation_id: Mapped[str | None] = mapped_column(ForeignKey("installation.id"))
    channel: Mapped[Channel] = mapped_column(words(Channel))
    perceived: Mapped[bool]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    position_source: Mapped[PositionSource | None] = mapped_column(words(PositionSource))
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    entry_id: Mapped[str | None] = mapped_column(Uuid)
    synthetic: Mapped[bool] = mapped_column(default=False)
