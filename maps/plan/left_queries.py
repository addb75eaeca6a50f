"""Reads what a plan leaves out, with what each would cost and push out."""

from dataclasses import dataclass

from sqlalchemy import select

from inventory import directory
from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.directory import PlaceName, Ward
from inventory.facts import RequirementFact
from maps.investment.lines import Line
from maps.plan.queries import LineSeen, PlanSeen
from maps.tables.coverage import CoverageRun
from maps.tables.plan import PlanLeft


@dataclass(frozen=True)
class LeftSeen:
    """What a plan leaves out. `pushes` are the lines that would have to go for it."""

    ward: Ward
    place: PlaceName | None
    requirement: RequirementFact
    mandatory: bool
    missing: int
    voters: int
    guessed: bool
    at_neighbourhood: bool
    cost: int | None
    skip: str
    pushes: tuple[Line, ...]
    lost: int


def left(
    actor: Actor, campaign: CampaignSeen, seen: PlanSeen, own: tuple[LineSeen, ...], most: int
) -> tuple[tuple[LeftSeen, ...], int]:
    """What a plan leaves out, the first `most` of it, and how much there is in all; `own` are its lines."""
    row = PlanLeft
    query = select(row).where(row.plan_id == seen.id, scope.where(actor, row.area_id)).order_by(row.position)
    found = list(db.session.scalars(query))
    session = db.session()
    wards, places = directory.wards_and_places(session, actor, campaign)
    by_ward, by_place = {ward.id: ward for ward in wards}, {place.id: place for place in places}
    asked = _requirements(seen)
    named: dict[str, Line] = {}
    for line in own:
        named.setdefault(line.key, line.line)
    told = [one for one in found if one.area_id in by_ward and one.requirement_id in asked]
    return (
        tuple(
            LeftSeen(
                ward=by_ward[one.area_id],
                place=by_place.get(one.place_id) if one.place_id is not None else None,
                requirement=asked[one.requirement_id],
                mandatory=one.mandatory,
                missing=one.missing,
                voters=one.voters,
                guessed=one.guessed,
                at_neighbourhood=one.neighbourhood_id is not None,
                cost=one.cost,
                skip=one.skip,
                pushes=tuple(named[key] for key in one.pushes if key in named),
                lost=one.lost,
            )
            for one in told[:most]
        ),
        len(told),
    )


def _requirements(seen: PlanSeen) -> dict[int, RequirementFact]:
    """The requirements of the run's standard, by id."""
    number = db.session.scalar(select(CoverageRun.standard_id).where(CoverageRun.id == seen.run_id))
    if number is None:
        return {}
    standard = directory.standard_version(db.session(), number)
    return {one.id: one for one in standard.requirements}
