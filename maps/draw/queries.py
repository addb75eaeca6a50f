"""Reads of the map: places with their gaps, standing things, wards, all as the person sees them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from inventory import directory, field_checks, positions, snapshot
from inventory.access import scope
from inventory.access.permissions import Actor, Permission
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.directory import Ward
from inventory.facts import KindFact, StandardFact
from inventory.positions import Outline, PlacePosition, ThingPosition
from inventory.vocabulary import Figure
from maps.coverage import queries as coverage
from maps.coverage import runs
from maps.coverage.gaps import Gap
from maps.coverage.queries import Overview, WardLine
from maps.coverage.reached import PointReach
from maps.draw.checked import Checked, by_place, checked
from maps.draw.frame import Bounds, around, round_points
from maps.draw.planned import Planned, on_map
from maps.draw.rows import PlaceRow
from maps.plan import queries as plans
from maps.plan.queries import PlanSeen
from maps.reach import queries as reach
from maps.reach.reaching import Reach

#: Rows of the list on the page; places beyond them are on the map and counted.
LISTED = 2_000


@dataclass(frozen=True)
class Drawn:
    """The places of the map; `view` is the newest run as the person sees it, None before there is one."""

    view: Overview | None
    wards: tuple[Ward, ...]
    rows: tuple[PlaceRow, ...]

    @property
    def standard(self) -> StandardFact | None:
        """The standard of the run."""
        return self.view.standard if self.view else None

    @property
    def ward_lines(self) -> tuple[WardLine, ...]:
        """The sums of each ward."""
        return coverage.ward_lines(self.view) if self.view else ()

    @property
    def secret(self) -> frozenset[str]:
        """Ids of things of which nothing may be told."""
        return self.view.hidden_things if self.view else frozenset()

    @property
    def spots(self) -> tuple[PlacePosition, ...]:
        """The positions of the places."""
        return tuple(row.position for row in self.rows)


def drawn(actor: Actor, campaign: CampaignSeen) -> Drawn:
    """Every place that the person sees, in the order of wards and numbers."""
    session = db.session()
    view = coverage.overview(actor, campaign)
    # A place that came in after the run is drawn too, as not computed; the run knows only its own.
    wards, places = directory.wards_and_places(session, actor, campaign)
    ward_of = {ward.id: ward for ward in wards}
    spot_of = {position.place_id: position for position in positions.places(session, actor, campaign)}
    sums = {spot.place_id: spot for spot in view.summary.places} if view else {}
    gaps: dict[int | None, list[Gap]] = defaultdict(list)
    for gap in view.gaps if view else ():
        gaps[gap.place_id].append(gap)
    rows = tuple(
        PlaceRow(place, ward_of[place.area_id], spot_of[place.id], sums.get(place.id), tuple(gaps[place.id]))
        for place in places
    )
    return Drawn(view, wards, rows)


def kinds() -> tuple[KindFact, ...]:
    """Every kind with the conditions in which it works."""
    return snapshot.read_kinds(db.session())


def things(
    actor: Actor,
    campaign: CampaignSeen,
    figure: Figure,
    every: Sequence[KindFact],
    spots: tuple[PlacePosition, ...] | None = None,
) -> tuple[ThingPosition, ...]:
    """What stands in the figure; `spots` are the places' positions where they were read already."""
    session = db.session()
    known = positions.places(session, actor, campaign) if spots is None else spots
    return positions.things(session, actor, campaign, figure, {kind.code: kind for kind in every}, known)


def model(campaign: CampaignSeen) -> Reach:
    """How far things reach by the model in force."""
    return Reach(reach.model(db.session(), campaign.id))


def points(drawn: Drawn, actor: Actor) -> dict[int, list[PointReach]]:
    """The demand points of the run by place, of the wards that the person sees."""
    if drawn.view is None:
        return {}
    seen = {row.place.id for row in drawn.rows}
    found = runs.points_of(drawn.view.run.id)
    return by_place(point for point in found if point.place_id in seen and scope.sees(actor, point.area_id))


def checks(
    drawn: Drawn, actor: Actor, campaign: CampaignSeen, every: Sequence[KindFact]
) -> tuple[Checked, ...]:
    """The field checks beside the model's answers: of things as they are reported, of places by the run."""
    found = field_checks.checks(db.session(), actor, campaign)
    if not found:
        return ()
    standing = things(actor, campaign, Figure.REPORTED, every, drawn.spots)
    known = {thing.id: thing for thing in standing if not thing.hidden}
    places = {spot.place_id: spot.at for spot in drawn.spots if spot.at is not None}
    return checked(found, known, places, points(drawn, actor), model(campaign), drawn.secret)


def finished(actor: Actor, campaign: CampaignSeen) -> tuple[PlanSeen, ...]:
    """The plans that the person may lay over the map, the newest first."""
    seen = plans.plans(campaign)
    return tuple(plan for plan in seen if plan.done and (plan.chosen or actor.may(Permission.READ_PLANS)))


def planned(
    actor: Actor,
    campaign: CampaignSeen,
    plan_id: int,
    every: Sequence[KindFact],
    spots: tuple[PlacePosition, ...] | None = None,
) -> Planned:
    """A plan as the person may see it. Raises Unseen."""
    seen = plans.one(actor, campaign, plan_id)
    rows = plans.plan_on_map(actor, campaign, plan_id)
    standing = things(actor, campaign, seen.ask.figure, every, spots)
    return on_map(seen, rows, standing, model(campaign), actor.areas)


def place_names(actor: Actor, campaign: CampaignSeen) -> dict[int, str]:
    """The names of the polling places that the person sees, by id."""
    return {place.id: place.name for place in directory.wards_and_places(db.session(), actor, campaign)[1]}


def outlines(actor: Actor, campaign: CampaignSeen) -> tuple[Outline, ...]:
    """The lines of the wards that the person sees."""
    return positions.outlines(db.session(), actor, campaign)


def opening(lines: Sequence[Outline], spots: Sequence[PlacePosition], ward: int | None) -> Bounds | None:
    """What the map shows first: the wards (or the chosen one), or the places where no line is known."""
    chosen = [line.boundary for line in lines if ward in (None, line.area_id)]
    return around(chosen) or round_points([spot.at for spot in spots if spot.at is not None])


def standard_now(campaign: CampaignSeen) -> StandardFact | None:
    """The standard of the newest run, for the distances it names."""
    run = coverage.latest(campaign.id)
    return directory.standard_version(db.session(), run.standard_id) if run else None
