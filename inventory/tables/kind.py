"""Kinds: the taxonomy as editable rows in fixed families, and in which condition each works."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import words
from inventory.database import Base
from inventory.vocabulary import Condition, Family


class Kind(Base):
    """One kind of thing (domain §1.5)."""

    __tablename__ = "kind"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    family: Mapped[Family] = mapped_column(words(Family))
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    unit_vi: Mapped[str] = mapped_column(String(32))
    unit_en: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    bulk: Mapped[bool] = mapped_column(default=False)
    directional: Mapped[bool] = mapped_column(default=False)
    sized: Mapped[bool] = mapped_column(default=False)
    texted: Mapped[bool] = mapped_column(default=False)
    horned: Mapped[bool] = mapped_column(default=False)
    default_width_m: Mapped[float | None]
    default_height_m: Mapped[float | None]
    near_duplicate_m: Mapped[float] = mapped_column(default=10.0)
    aliases: Mapped[str] = mapped_column(String(300), default="")
    in_use: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class KindCondition(Base):
    """Which conditions a kind can have, and whether it works in each (design §6)."""

    __tablename__ = "kind_condition"

    kind_code: Mapped[str] = mapped_column(ForeignKey("kind.code"), primary_key=True)
    condition: Mapped[Condition] = mapped_column(words(Condition), primary_key=True)
    works: Mapped[bool]
    position: Mapped[int] = mapped_column(default=0)
