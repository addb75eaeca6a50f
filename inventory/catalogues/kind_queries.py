"""Reads of kinds: the taxonomy by family, with the conditions of each and what is recorded of it."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from inventory.campaigns import CampaignSeen, standard_in_force
from inventory.catalogues.kind_rules import KindWords
from inventory.database import db
from inventory.errors import Unseen
from inventory.tables.installation import Installation
from inventory.tables.kind import Kind, KindCondition
from inventory.tables.standard import Requirement, Standard
from inventory.vocabulary import Condition, Family
from inventory.wording import fold


@dataclass(frozen=True)
class KindSeen:
    """A kind as lists and forms print it. `recorded`: at least one installation is of it."""

    words: KindWords
    version: int
    recorded: bool


def kinds() -> tuple[KindSeen, ...]:
    """The taxonomy by family, each in its own order, in two queries."""
    exists, works = _conditions()
    recorded = select(Installation.id).where(Installation.kind_code == Kind.code).exists()
    found = db.session.execute(select(Kind, recorded).order_by(Kind.position, Kind.code)).all()
    order = list(Family)
    seen = [
        KindSeen(
            words_of(row, exists.get(row.code, ()), works.get(row.code, ())), row.version, bool(is_recorded)
        )
        for row, is_recorded in found
    ]
    return tuple(sorted(seen, key=lambda one: order.index(one.words.family)))


def by_family(found: tuple[KindSeen, ...]) -> dict[Family, tuple[KindSeen, ...]]:
    """The kinds under their families; families without a kind are left out."""
    return {
        family: rows
        for family in Family
        if (rows := tuple(one for one in found if one.words.family is family))
    }


def one(code: str) -> KindSeen:
    """One kind. Raises Unseen."""
    found = next((kind for kind in kinds() if kind.words.code == code), None)
    if found is None:
        raise Unseen("kind", code)
    return found


def words_of(row: Kind, exists: tuple[Condition, ...], works: tuple[Condition, ...]) -> KindWords:
    """What a kind says."""
    return KindWords(
        code=row.code,
        family=row.family,
        name_vi=row.name_vi,
        name_en=row.name_en,
        unit_vi=row.unit_vi,
        unit_en=row.unit_en,
        bulk=row.bulk,
        directional=row.directional,
        sized=row.sized,
        texted=row.texted,
        horned=row.horned,
        default_width_m=row.default_width_m,
        default_height_m=row.default_height_m,
        near_duplicate_m=row.near_duplicate_m,
        aliases=row.aliases,
        in_use=row.in_use,
        exists=exists,
        works=works,
    )


def conditions_of(code: str) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """The conditions that a kind can have, and those in which it works."""
    exists, works = _conditions(code)
    return exists.get(code, ()), works.get(code, ())


def _conditions(
    code: str | None = None,
) -> tuple[dict[str, tuple[Condition, ...]], dict[str, tuple[Condition, ...]]]:
    query = select(KindCondition.kind_code, KindCondition.condition, KindCondition.works)
    if code is not None:
        query = query.where(KindCondition.kind_code == code)
    rows = db.session.execute(query).all()
    order = list(Condition)
    rows = sorted(rows, key=lambda row: order.index(row.condition))
    codes = {row.kind_code for row in rows}
    exists = {one: tuple(row.condition for row in rows if row.kind_code == one) for one in codes}
    works = {one: tuple(row.condition for row in rows if row.kind_code == one and row.works) for one in codes}
    return exists, works


def codes() -> frozenset[str]:
    """Every code."""
    return frozenset(db.session.scalars(select(Kind.code)))


def folded_names(but: str = "") -> frozenset[str]:
    """The names of the other kinds as they are compared."""
    return frozenset(fold(name) for name in db.session.scalars(select(Kind.name_vi).where(Kind.code != but)))


def is_recorded(code: str) -> bool:
    """Whether an installation is of the kind."""
    return (
        db.session.scalar(select(Installation.id).where(Installation.kind_code == code).limit(1)) is not None
    )


def conditions_met(code: str) -> frozenset[Condition]:
    """The conditions in which installations of the kind are."""
    query = select(Installation.condition).where(Installation.kind_code == code).distinct()
    return frozenset(db.session.scalars(query))


def asked_for(campaign: CampaignSeen, code: str) -> str | None:
    """The name of a standard in force, to come or in draft that asks for the kind; None: none does."""
    in_force = standard_in_force(db.session(), campaign.id, campaign.today)
    query = (
        select(Standard.name)
        .join(Requirement, Requirement.standard_id == Standard.id)
        .where(
            Standard.campaign_id == campaign.id,
            or_(Requirement.kind_code == code, Requirement.priced_kind_code == code),
            or_(
                Standard.in_force_from.is_(None),
                Standard.in_force_from > campaign.today,
                Standard.id == in_force,
            ),
        )
    )
    return db.session.scalar(query.order_by(Standard.number).limit(1))
