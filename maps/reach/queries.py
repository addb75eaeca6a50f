"""Reads of the reach parameters: the model of a campaign, and its rows as the page prints them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inventory import directory, positions
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.errors import Unseen
from inventory.facts import Facts, KindFact
from inventory.snapshot import read_facts, read_kinds
from maps.reach import defaults
from maps.reach.defaults import Sourced
from maps.reach.model import KindReach, NoiseLimit, ReachModel, Surroundings
from maps.reach.scalars import SPECS, scalars
from maps.tables.reach import NoiseLimitRow, ReachArea, ReachFigure, ReachKind, ReachSurroundings

Value = TypeVar("Value")
#: Columns of a kind's row that have the names of KindReach's fields; its code is `kind_code`.
KIND_COLUMNS = (
    *("channel", "sensitivity", "watts", "horns", "aimed", "coverage", "letter", "lines"),
    *("face", "sides", "lit", "pitch", "radius"),
)


@dataclass(frozen=True)
class Row(Generic[Value]):
    """One parameter as it stands. `id` and `version` are 0 where there is no row: a default speaks."""

    id: int
    version: int
    value: Value
    source: str
    guess: bool


@dataclass(frozen=True)
class Parameters:
    """Every row of a campaign: figures by code, surroundings from the quietest, wards by name, kinds."""

    stored: bool
    figures: dict[str, Row[str]]
    surroundings: tuple[Row[Surroundings], ...]
    areas: dict[int, Row[str]]
    kinds: dict[str, Row[KindReach]]
    limits: tuple[Row[NoiseLimit], ...]


def is_stored(session: Session, campaign_id: int) -> bool:
    """Whether the campaign has parameters of its own."""
    query = select(func.count()).select_from(ReachFigure).where(ReachFigure.campaign_id == campaign_id)
    return bool(session.scalar(query))


def model(session: Session, campaign_id: int, held: Parameters | None = None) -> ReachModel:
    """The model in force: the campaign's rows (`held`, where they were read), or the data files."""
    wards = directory.ward_kinds(session, campaign_id)
    held = held or parameters(session, campaign_id)
    if not held.stored:
        return defaults.model(wards)
    own = {area: row.value for area, row in held.areas.items()}
    known = {row.value.code for row in held.surroundings}
    by_kind = {kind: code for kind in {kind for _area, kind in wards} if (code := defaults.around_of(kind))}
    fallback = defaults.FALLBACK if defaults.FALLBACK in known else min(known)
    usual = {kind: code if code in known else fallback for kind, code in by_kind.items()}
    return ReachModel(
        scalars=scalars({code: row.value for code, row in held.figures.items()}),
        surroundings=tuple(row.value for row in held.surroundings),
        by_area=tuple((area, own.get(area, usual[kind])) for area, kind in wards),
        fallback=fallback,
        kinds=tuple(row.value for row in held.kinds.values()),
        limits=tuple(row.value for row in held.limits),
        stored=True,
    )


def parameters(session: Session, campaign_id: int) -> Parameters:
    """The rows of a campaign; those of the data files, with version 0, where it has none."""
    figures = _rows(session, ReachFigure, campaign_id, lambda row: row.value)
    if not figures:
        return _shipped()
    around = session.scalars(
        select(ReachSurroundings).where(ReachSurroundings.campaign_id == campaign_id)
    ).all()
    codes = {row.id: row.code for row in around}
    found = {row.code: _row(row, row.value) for row, _seen in figures}
    shipped = defaults.scalar_texts()
    return Parameters(
        stored=True,
        figures={spec.code: found.get(spec.code) or _default(shipped[spec.code]) for spec in SPECS},
        surroundings=tuple(
            _row(row, surroundings_of(row))
            for row in sorted(around, key=lambda row: (row.ambient, row.loss, row.id))
        ),
        areas={
            row.area_id: seen
            for row, seen in _rows(session, ReachArea, campaign_id, lambda row: codes[row.surroundings_id])
        },
        kinds={row.kind_code: seen for row, seen in _rows(session, ReachKind, campaign_id, kind_of)},
        limits=tuple(
            seen
            for row, seen in sorted(
                _rows(session, NoiseLimitRow, campaign_id, limit_of),
                key=lambda pair: (pair[0].in_force_from, pair[0].regulation, pair[0].site, pair[0].hour_from),
            )
        ),
    )


def _shipped() -> Parameters:
    return Parameters(
        stored=False,
        figures={spec.code: _default(defaults.scalar_texts()[spec.code]) for spec in SPECS},
        surroundings=tuple(_default(one) for one in defaults.surroundings()),
        areas={},
        kinds={one.value.code: _default(one) for one in defaults.kinds()},
        limits=tuple(_default(one) for one in defaults.limits()),
    )


def _default(one: Sourced[Value]) -> Row[Value]:
    return Row(0, 0, one.value, one.source, one.guess)


def _row(row: Any, value: Value) -> Row[Value]:
    return Row(row.id, row.version, value, row.source, row.guess)


def _rows(
    session: Session, table: Any, campaign_id: int, value_of: Callable[[Any], Value]
) -> list[tuple[Any, Row[Value]]]:
    found: Iterable[Any] = session.scalars(
        select(table).where(table.campaign_id == campaign_id).order_by(table.id)
    )
    return [(row, _row(row, value_of(row))) for row in found]


def codes_of(session: Session, campaign_id: int) -> dict[str, int]:
    """The ids of a campaign's surroundings by their codes."""
    query = select(ReachSurroundings.code, ReachSurroundings.id).where(
        ReachSurroundings.campaign_id == campaign_id
    )
    return {row.code: row.id for row in session.execute(query)}


def surroundings_of(row: ReachSurroundings) -> Surroundings:
    """What a row says."""
    return Surroundings(row.code, row.name_vi, row.name_en, row.ambient, row.loss)


def kind_of(row: ReachKind) -> KindReach:
    """What a row says."""
    return KindReach(code=row.kind_code, **{name: getattr(row, name) for name in KIND_COLUMNS})


def limit_of(row: NoiseLimitRow) -> NoiseLimit:
    """What a row says."""
    return NoiseLimit(
        row.regulation, row.in_force_from, row.site, row.hour_from, row.hour_until, row.limit_db
    )


def kinds() -> tuple[KindFact, ...]:
    """Every kind, in the order of the taxonomy."""
    return read_kinds(db.session())


def wards(actor: Actor, campaign: CampaignSeen) -> tuple[directory.Ward, ...]:
    """The wards that the actor sees, by name."""
    return directory.wards_and_places(db.session(), actor, campaign)[0]


def ward(actor: Actor, campaign: CampaignSeen, area_id: int) -> directory.Ward:
    """One ward. Raises Unseen."""
    found = next((one for one in wards(actor, campaign) if one.id == area_id), None)
    if found is None:
        raise Unseen("area", area_id)
    return found


def places(actor: Actor, campaign: CampaignSeen) -> dict[int, directory.PlaceName]:
    """The places that the actor sees and whose position may be told, by id."""
    seen = directory.wards_and_places(db.session(), actor, campaign)[1]
    return {place.id: place for place in seen if not place.hidden}


def openable(actor: Actor, installations: Iterable[str]) -> frozenset[str]:
    """Which of these installations the actor may open; of the others only a distance is told."""
    return directory.seen_installations(db.session(), actor, installations)


def hidden_things(actor: Actor, campaign: CampaignSeen) -> frozenset[str]:
    """Ids of what stands where the actor may not know: no distance to it and no level of it is told."""
    return positions.hidden_things(db.session(), actor, campaign)


def facts(campaign: CampaignSeen) -> Facts | None:
    """The facts of this moment; None before a standard is in force."""
    try:
        return read_facts(db.session(), campaign.id)
    except Unseen:
        return None


def session() -> Session:
    """The session of this request."""
    return db.session()
