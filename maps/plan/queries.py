"""Reads of plans: the list, one plan with its parts, the chosen one, and what the map draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from inventory import directory, positions
from inventory.access import scope
from inventory.access.permissions import Actor, Permission
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.errors import Unseen
from inventory.geodesy import Position
from inventory.positions import PlacePosition
from inventory.vocabulary import Channel, LineAction
from maps.investment.lines import Line
from maps.plan.ask import Ask
from maps.plan.ask import read as read_ask
from maps.plan.result import Point
from maps.plan.status import ACTIVE, AGAIN, Status
from maps.plan.stored import line_of
from maps.tables.coverage import CoverageRun
from maps.tables.plan import Plan, PlanLine, PlanPoint
from maps.tables.prices import PriceBook


@dataclass(frozen=True)
class PlanSeen:
    """A plan as lists print it. `result` are the sums and the proof, or the words of what went wrong."""

    id: int
    number: int
    name: str
    ask: Ask
    status: Status
    step: str
    progress: int
    cancel_asked: bool
    inputs_hash: str
    run_id: str | None
    run_number: int | None
    book_id: int | None
    book_number: int | None
    result: Mapping[str, Any]
    recounted: bool
    chosen: bool
    asked_at: datetime
    finished_at: datetime | None
    version: int

    @property
    def active(self) -> bool:
        """Whether it waits or is being made."""
        return self.status in ACTIVE

    @property
    def may_try_again(self) -> bool:
        """Whether the same Ask may be tried once more."""
        return self.status in AGAIN

    @property
    def done(self) -> bool:
        """Whether it has a result."""
        return self.status is Status.DONE


@dataclass(frozen=True)
class LineSeen:
    """A line of a plan in one language. `alone` and `beside` are None on all but a choice's first line."""

    key: str
    part: str
    line: Line
    alone: int | None
    beside: int | None
    phase: int
    more: Mapping[str, Any]

    @property
    def per_voter(self) -> int | None:
        """Đồng of the whole choice for one voter that it gains beside the rest."""
        return self.more["cost"] // self.beside if self.beside and self.more.get("cost") else None


@dataclass(frozen=True)
class OnMap:
    """One thing of a plan as the map draws it; `at` None: no position, or none the reader may know.

    `key` names its line; `gained` are voters beside the rest; `radius_m` and `channel` are of a new
    all-round thing; a thing that is mended (`thing`) keeps its own direction: ask Reach.outline.
    """

    key: str
    kind: str
    action: LineAction
    units: int
    area_id: int
    place_id: int | None
    requirement_id: int | None
    at: Position | None
    hidden: bool
    gained: int
    amount: int
    phase: int
    thing: str | None
    site: int | None
    from_store: bool
    channel: Channel | None


def plans(campaign: CampaignSeen) -> tuple[PlanSeen, ...]:
    """Every plan of the campaign, the newest first."""
    return _read(Plan.campaign_id == campaign.id)


def one(actor: Actor, campaign: CampaignSeen, plan_id: int) -> PlanSeen:
    """One plan. Who may not read plans sees only the chosen one. Raises Unseen."""
    found = _read(Plan.campaign_id == campaign.id, Plan.id == plan_id)
    if not found or not (actor.may(Permission.READ_PLANS) or found[0].chosen):
        raise Unseen("plan", plan_id)
    return found[0]


def chosen(campaign: CampaignSeen) -> PlanSeen | None:
    """The chosen plan of a campaign."""
    found = _read(Plan.chosen_in == campaign.id)
    return found[0] if found else None


def _read(*conditions: ColumnElement[bool]) -> tuple[PlanSeen, ...]:
    rows = db.session.execute(
        select(Plan, CoverageRun.number, PriceBook.number)
        .outerjoin(CoverageRun, CoverageRun.id == Plan.run_id)
        .outerjoin(PriceBook, PriceBook.id == Plan.book_id)
        .where(*conditions)
        .order_by(Plan.number.desc())
        .execution_options(populate_existing=True)
    )
    return tuple(_seen(*row) for row in rows)


def _seen(row: Plan, run_number: int | None, book_number: int | None) -> PlanSeen:
    return PlanSeen(
        id=row.id,
        number=row.number,
        name=row.name,
        ask=read_ask(row.ask),
        status=row.status,
        step=row.step,
        progress=row.progress,
        cancel_asked=row.cancel_asked,
        inputs_hash=row.inputs_hash,
        run_id=row.run_id,
        run_number=run_number,
        book_id=row.book_id,
        book_number=book_number,
        result=row.result or {},
        recounted=row.recounted,
        chosen=row.chosen_in is not None,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        version=row.version,
    )


def lines(actor: Actor, seen: PlanSeen, locale: str) -> tuple[LineSeen, ...]:
    """The lines of a plan that the actor sees, in its order."""
    row = PlanLine
    columns = (row.key, row.part, row.said, row.alone, row.beside, row.phase, row.more)
    found = db.session.execute(
        select(*columns).where(row.plan_id == seen.id, scope.where(actor, row.area_id)).order_by(row.position)
    )
    language = "en" if locale.startswith("en") else "vi"
    return tuple(
        LineSeen(key, part, line_of(said[language]), alone, beside, phase, more)
        for key, part, said, alone, beside, phase, more in found
    )


def curve(seen: PlanSeen) -> tuple[Point, ...]:
    """The points of a plan's curve, by budget."""
    row = PlanPoint
    columns = (row.budget, row.works, row.value, row.voters, row.met, row.gap)
    found = db.session.execute(select(*columns).where(row.plan_id == seen.id).order_by(row.number))
    return tuple(Point(*columns) for columns in found)


def ward_names(actor: Actor, campaign: CampaignSeen) -> dict[int, str]:
    """The names of the wards that the actor sees, by id."""
    return {ward.id: ward.name for ward in directory.wards_and_places(db.session(), actor, campaign)[0]}


def plan_on_map(actor: Actor, campaign: CampaignSeen, plan_id: int) -> tuple[OnMap, ...]:
    """What a plan does, one row a choice, in the actor's wards; positions only where they may be known."""
    seen = one(actor, campaign, plan_id)
    session = db.session()
    places = {place.place_id: place for place in positions.places(session, actor, campaign)}
    things = positions.hidden_things(session, actor, campaign)
    row = PlanLine
    query = (
        select(row)
        .where(row.plan_id == seen.id, row.beside.is_not(None), scope.where(actor, row.area_id))
        .order_by(row.position)
    )
    return tuple(
        _on_map(line, places.get(line.place_id or 0), line.more.get("thing") in things)
        for line in session.scalars(query)
    )


def _on_map(row: PlanLine, place: PlacePosition | None, secret: bool) -> OnMap:
    """What stands on a free site has its own position; all else is at its place, and hidden with it."""
    hidden = secret or (place is not None and place.hidden and row.more.get("site") is None)
    at = (row.lat, row.lon) if row.lat is not None and row.lon is not None else None
    return OnMap(
        key=row.key,
        kind=row.kind_code,
        action=row.action,
        units=row.units,
        area_id=row.area_id,
        place_id=row.place_id,
        requirement_id=row.requirement_id,
        at=None if hidden else at or (place.at if place else None),
        hidden=hidden,
        gained=row.beside or 0,
        amount=row.more.get("cost", 0),
        phase=row.phase,
        thing=row.more.get("thing"),
        site=row.more.get("site"),
        from_store=row.amount is None,
        channel=Channel(row.more["channel"]) if row.more.get("channel") else None,
    )
