"""What a plan is made from: facts, gaps, prices, what the office laid down, and how far things reach.

Pure values. What the office laid down (sites, zones, funds, supply) is maps/planning's `Inputs`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from inventory.facts import AreaFact, Facts, KindFact, PlaceFact, RequirementFact
from inventory.vocabulary import AppliesTo
from maps.coverage.gaps import Gap
from maps.investment.lines import BookFact
from maps.planning.demand import DemandPoint
from maps.planning.inputs import Inputs
from maps.reach.reaching import Reach


@dataclass(frozen=True)
class World:
    """Everything a plan follows from, beside what is asked of it. `days_left` to the deadline."""

    facts: Facts
    gaps: tuple[Gap, ...]
    book: BookFact
    inputs: Inputs
    reach: Reach
    points: tuple[DemandPoint, ...]
    today: date

    @property
    def days_left(self) -> int:
        """Whole days to the day by which everything has to hang; 0 once it has passed."""
        return max(0, (self.facts.campaign.decoration_deadline - self.today).days)


@dataclass(frozen=True)
class Names:
    """The rows of the facts by their ids."""

    areas: Mapping[int, AreaFact]
    places: Mapping[int, PlaceFact]
    kinds: Mapping[str, KindFact]
    requirements: Mapping[int, RequirementFact]

    @classmethod
    def of(cls, facts: Facts) -> "Names":
        """Of these facts."""
        return cls(
            {area.id: area for area in facts.areas},
            {place.id: place for place in facts.places},
            {kind.code: kind for kind in facts.kinds},
            {one.id: one for one in facts.standard.requirements},
        )


def reaches_out(requirement: RequirementFact) -> bool:
    """Whether things elsewhere count for it: by a distance or by their reach."""
    by_distance = requirement.within_m is not None or requirement.by_reach
    return requirement.applies_to is AppliesTo.PLACE and by_distance
