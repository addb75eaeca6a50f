"""Neighbourhoods (khu phố, thôn, bản): where the voters of a polling place live."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Base


class Neighbourhood(Base):
    """One neighbourhood of a ward in one campaign; `place_id` is where its voters vote, where known.

    `lat` and `lon` are the middle of its houses (WGS84 degrees).
    """

    __tablename__ = "neighbourhood"
    __table_args__ = (
        UniqueConstraint("campaign_id", "area_id", "code"),
        Index(None, "place_id"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="position"),
        CheckConstraint("households IS NULL OR households >= 0", name="households"),
        CheckConstraint("voters IS NULL OR voters >= 0", name="voters"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200))
    households: Mapped[int | None]
    voters: Mapped[int | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    source: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(String(120), default="")
    synthetic: Mapped[bool] = mapped_column(default=False)
    batch_id: Mapped[str | None] = mapped_column(ForeignKey("import_batch.id"))
    version: Mapped[int] = mapped_column(default=1)
