"""The optimiser at work for a plan: mandatory first, the choice, the curve, the price of fairness. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from maps.plan.ask import Ask
from maps.plan.model import mandatory_only, model_of, with_floor
from maps.plan.offers import Offers
from maps.plan.result import Cancelled, Collision, Fairness, Point, Step, Watch
from maps.plan.rules import locks, rows
from maps.plan.terms import World
from maps.plan.works import works_limit
from maps.solve import facade
from maps.solve.model import Asked, Infeasible, Model, OutOfTime, Progress, Row, Solution

#: Points of the curve; the plan's own budget is the middle one.
POINTS = 20
#: The curve and the comparison are pictures: they take no longer and are no finer than this.
PICTURE_S, PICTURE_GAP = 30.0, 0.005
#: Rules that spread money over wards; the curve and the comparison go without them.
_OF_WARDS = ("ward_least:", "ward_most:", "ward_met:")


@dataclass(frozen=True)
class Solved:
    """The chosen candidates, with the model they answer."""

    model: Model
    solution: Solution


def solved(world: World, ask: Ask, offers: Offers, works: int, watch: Watch) -> Solved | Collision:
    """The best choice that keeps every rule. Raises Cancelled."""
    model = model_of(offers, works, locks(ask, offers), rows(world, ask, offers, works))
    if ask.mandatory_first:
        first = _ask(mandatory_only(model, offers), ask, Step.MANDATORY, watch)
        if isinstance(first, Collision):
            return first
        model = with_floor(model, offers, first.value)
    found = _ask(model, ask, Step.SOLVE, watch)
    if isinstance(found, Collision):
        return found
    return Solved(model, replace(found, chosen=_needed(model, found)))


def _ask(model: Model, ask: Ask, step: Step, watch: Watch) -> Solution | Collision:
    try:
        found = facade.solve(model, ask.gap, ask.seconds, _listener(step, watch, ask.seconds))
    except OutOfTime:
        return Collision(("time",))
    if isinstance(found, Infeasible):
        return Collision(_named(found.rules))
    if found.cancelled:
        raise Cancelled
    return found


def _named(rules: Sequence[str]) -> tuple[str, ...]:
    """The optimiser's names in ours: its locks are numbers of candidates."""
    return tuple(name.replace("locked_in ", "lock:").replace("locked_out ", "out:") for name in rules)


def _listener(step: Step, watch: Watch, seconds: float) -> Asked:
    def heard(progress: Progress) -> bool:
        return watch(step, min(1.0, progress.seconds / seconds))

    return heard


def _needed(model: Model, found: Solution) -> "np.typing.NDArray[np.int64]":
    """The chosen without what serves nothing: dearest first, as long as every rule is kept."""
    chosen = set(found.chosen.tolist())
    units = np.zeros(len(model.need), np.int64)
    for one in chosen:
        units[model.demand[_pairs(model, one)]] += model.units[_pairs(model, one)]
    served = units >= model.need
    held = set(model.locked_in.tolist())
    for one in sorted(chosen - held, key=lambda one: (-int(model.cost[one]), one)):
        rows_of = _pairs(model, one)
        left = units[model.demand[rows_of]] - model.units[rows_of]
        if (left < model.need[model.demand[rows_of]])[served[model.demand[rows_of]]].any():
            continue
        if _keeps(model, chosen - {one}, one):
            chosen.discard(one)
            units[model.demand[rows_of]] = left
    return np.array(sorted(chosen), dtype=np.int64)


def _pairs(model: Model, one: int) -> slice:
    return slice(int(model.start[one]), int(model.start[one + 1]))


def _keeps(model: Model, chosen: set[int], gone: int) -> bool:
    """Whether the lower limits of all rows over candidates hold without one of them."""
    for row in model.rows:
        if row.of == "candidates" and np.isfinite(row.lower) and gone in row.index:
            held = sum(
                value for n, value in zip(row.index.tolist(), row.value.tolist(), strict=True) if n in chosen
            )
            if held < row.lower:
                return False
    return True


def without_ward_rules(model: Model) -> Model:
    """The model as if no rule spread the money over wards."""
    return replace(model, rows=tuple(row for row in model.rows if not row.name.startswith(_OF_WARDS)))


def fairness(ask: Ask, offers: Offers, plan: Solved, watch: Watch) -> Fairness | None:
    """What the rules for wards cost in voters; None where there are none, or the comparison found nothing."""
    if not ask.fair:
        return None
    found = _ask(
        without_ward_rules(plan.model),
        replace(ask, seconds=min(ask.seconds, PICTURE_S)),
        Step.FAIRNESS,
        watch,
    )
    if isinstance(found, Collision):
        return None
    with_rules = voters_of(offers, plan.solution.served.tolist())
    free = plan.solution if found.value <= plan.solution.value else found
    without = voters_of(offers, free.served.tolist())
    return Fairness(with_rules, without, plan.solution.value, free.value)


def curve(world: World, ask: Ask, offers: Offers, plan: Solved, watch: Watch) -> tuple[Point, ...]:
    """What other budgets would reach, without the rules for wards; more money never reaches less."""
    budgets = sorted({ask.budget * step * 2 // POINTS for step in range(1, POINTS + 1)} - {0})
    works = [works_limit(world.book, budget) for budget in budgets]
    model = replace(plan.model, rows=_free_rows(plan.model))
    seconds = min(ask.seconds, PICTURE_S)
    try:
        found = facade.curve(
            model, works, max(ask.gap, PICTURE_GAP), seconds, _listener(Step.CURVE, watch, seconds)
        )
    except OutOfTime:
        return ()
    if any(isinstance(one, Solution) and one.cancelled for one in found):
        raise Cancelled
    own = plan.solution
    return tuple(
        _point(offers, budget, limit, own if budget >= ask.budget and _better(own, one) else one)
        for budget, limit, one in zip(budgets, works, found, strict=True)
    )


def _better(own: Solution, one: Solution | Infeasible) -> bool:
    """The plan keeps more rules than a point of the curve, so it is a choice there too."""
    return isinstance(one, Infeasible) or own.value > one.value


def _free_rows(model: Model) -> tuple[Row, ...]:
    """The rows of the curve: those that hold for every budget."""
    return tuple(row for row in model.rows if not row.name.startswith((*_OF_WARDS, "mandatory")))


def _point(offers: Offers, budget: int, works: int, found: Solution | Infeasible) -> Point:
    if isinstance(found, Infeasible):
        return Point(budget, works, None, None, None, None)
    served = found.served.tolist()
    met = sum(offers.wants[n].own for n in served)
    return Point(budget, works, found.value, voters_of(offers, served), met, found.gap)


def voters_of(offers: Offers, served: Sequence[int]) -> int:
    """Voters of the served wants, a voter once for each requirement."""
    return sum(offers.wants[n].voters for n in served)


def knee(points: Sequence[Point]) -> int | None:
    """The point furthest above the line from the first to the last (both axes scaled to one).

    The usual reading of a knee (Satopää and others 2011, in its plain form): after it, money brings
    less than on average. None where the curve is no more than a line.
    """
    known = [(n, point.budget, point.value) for n, point in enumerate(points) if point.value is not None]
    if len(known) < 3:
        return None
    (_, low, least), (_, high, most) = known[0], known[-1]
    if high == low or most <= least:
        return None
    above = [
        ((value - least) / (most - least) - (budget - low) / (high - low), -n) for n, budget, value in known
    ]
    best, number = max(above)
    return -number if best > 1e-9 else None
