"""What a map to take away shows: the rows of /map, as the person sees them, cut to a ward where asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.facts import KindFact
from inventory.positions import Outline, ThingPosition
from inventory.vocabulary import Figure
from maps.coverage import queries as coverage
from maps.coverage.reached import PointReach
from maps.coverage.summary import Totals
from maps.draw import queries as draw
from maps.draw.checked import Checked
from maps.draw.frame import Bounds
from maps.draw.planned import Planned
from maps.draw.queries import Drawn
from maps.reach.reaching import Reach


@dataclass(frozen=True)
class Taken:
    """Everything of one map, in one figure. `lines` are all that the person sees, for the surroundings.

    `whose` names the ward that it is cut to, or all the areas of the person.
    """

    campaign: CampaignSeen
    figure: Figure
    whose: str
    ward: int | None
    drawn: Drawn
    kinds: tuple[KindFact, ...]
    things: tuple[ThingPosition, ...]
    lines: tuple[Outline, ...]
    reach: Reach
    points: Mapping[int, Sequence[PointReach]]
    checks: tuple[Checked, ...]
    plan: Planned | None = None

    @property
    def totals(self) -> Totals:
        """The sums of the wards shown."""
        return sum((line.totals for line in self.drawn.ward_lines if self.shows(line.ward.id)), Totals())

    @property
    def opening(self) -> Bounds | None:
        """The frame: what the map is about."""
        return draw.opening(self.lines, self.drawn.spots, self.ward)

    @property
    def run(self) -> coverage.RunSeen | None:
        """The run that counted it; None before there is one."""
        return self.drawn.view.run if self.drawn.view else None

    def shows(self, area_id: int) -> bool:
        """Whether an area is one that the map is about."""
        return self.ward in (None, area_id)


def laid(taken: Taken, actor: Actor, plan_id: int) -> Taken:
    """The map with a plan over it, cut to the same ward. Raises Unseen."""
    plan = draw.planned(actor, taken.campaign, plan_id, taken.kinds, taken.drawn.spots)
    return replace(taken, plan=plan.cut(taken.ward))


def taken(
    drawn: Drawn, actor: Actor, campaign: CampaignSeen, figure: Figure, cut: tuple[int | None, str]
) -> Taken:
    """The map of the places in `drawn`; `cut` is the ward (None: all) and the words for whose map it is."""
    ward, whose = cut
    kinds = draw.kinds()
    things = draw.things(actor, campaign, figure, kinds, drawn.spots)
    kept = replace(drawn, rows=tuple(row for row in drawn.rows if ward in (None, row.ward.id)))
    return Taken(
        campaign,
        figure,
        whose,
        ward,
        kept,
        kinds,
        tuple(thing for thing in things if ward in (None, thing.area_id)),
        draw.outlines(actor, campaign),
        draw.model(campaign),
        draw.points(kept, actor),
        tuple(row for row in draw.checks(drawn, actor, campaign, kinds) if ward in (None, row.check.area_id)),
    )
