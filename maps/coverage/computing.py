"""All that one run computes from its facts, step by step, and the independent check before it is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from inventory.facts import Facts
from maps.coverage.following import Run, first, follow
from maps.coverage.reached import PointReach, reached
from maps.coverage.recount import Sample, sample
from maps.planning.demand import points
from maps.planning.weights import Weights
from maps.reach.reaching import Reach


class Step(StrEnum):
    """The steps of a run, in their order; each is told when it is done."""

    FACTS = "facts"
    GAPS = "gaps"
    REACH = "reach"
    RECOUNT = "recount"
    STORED = "stored"


Watch = Callable[[Step], None]


def unwatched(_step: Step) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True)
class Computed:
    """A run that is ready to be stored, or, with a difference in its sample, to be refused."""

    run: Run
    points: tuple[PointReach, ...]
    sample: Sample


def compute(facts: Facts, reach: Reach, weights: Weights, before: Run | None, watch: Watch) -> Computed:
    """Compute everything; from the run before where there is one."""
    run = first(facts, reach) if before is None else follow(before, facts, reach)
    watch(Step.GAPS)
    counted = run.counted
    found = reached(facts, points(facts, weights), counted.things, counted.checked, reach)
    watch(Step.REACH)
    seed = f"{facts.campaign.id}:{facts.version}:{facts.read_at.date()}"
    checked = sample(facts, run.gaps, reach, seed)
    watch(Step.RECOUNT)
    return Computed(run, found, checked)
