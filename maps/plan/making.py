"""The whole chain of a plan, pure: facts and an Ask in, a result with its proof or a collision out."""

from maps.plan.ask import Ask
from maps.plan.candidates import funds_of, offers
from maps.plan.explain import Explaining, unled
from maps.plan.funds import MOST_LIMITED
from maps.plan.offers import Offers
from maps.plan.result import Cancelled, Collision, PlanResult, Proof, Step, Watch
from maps.plan.rules import locks, unknown_locks
from maps.plan.solving import Solved, curve, fairness, knee, solved, voters_of
from maps.plan.terms import World
from maps.plan.works import total_of, works_limit

#: The curve looks at twice the budget.
_CURVE_TIMES = 2


def silent(_step: Step, _share: float | None) -> bool:
    """Nobody listens and nobody cancels."""
    return True


def made(world: World, ask: Ask, watch: Watch = silent, pictures: bool = True) -> PlanResult | Collision:
    """The plan. The Ask has no `problems`. Raises Cancelled when `watch` answers False.

    Without `pictures` it comes without the curve and the price of fairness.
    """
    _go(watch, Step.OFFERS)
    works = works_limit(world.book, ask.budget)
    found = offers(world, ask, works_limit(world.book, ask.budget * _CURVE_TIMES))
    missing = unknown_locks(ask, found)
    if missing:
        return Collision(tuple(f"unknown:{key}" for key in missing))
    if sum(fund.cap is not None for fund in funds_of(world, ask)) > MOST_LIMITED:
        return Collision(("funds",))
    _go(watch, Step.SOLVE)
    plan = solved(world, ask, found, works, watch)
    if isinstance(plan, Collision):
        return Collision(tuple(_in_keys(name, found) for name in plan.rules))
    if not pictures:
        return _told(world, ask, found, plan, works)
    _go(watch, Step.FAIRNESS)
    price = fairness(ask, found, plan, watch)
    _go(watch, Step.CURVE)
    points = curve(world, ask, found, plan, watch)
    return _told(world, ask, found, plan, works).with_pictures(points, knee(points), price)


def _go(watch: Watch, step: Step) -> None:
    if not watch(step, None):
        raise Cancelled


def _in_keys(name: str, found: Offers) -> str:
    """Names of locks with the candidate's key in place of its number."""
    word, _, number = name.partition(":")
    return f"{word}:{found.candidates[int(number)].key}" if word in ("lock", "out") else name


def _told(world: World, ask: Ask, found: Offers, plan: Solved, works: int) -> PlanResult:
    said = Explaining(world, ask, found, plan.solution.chosen.tolist())
    choices = said.choices()
    value = float(sum(found.wants[n].weight for n in said.served))
    answer = plan.solution
    bound = max(answer.bound, value)
    out = frozenset(locks(ask, found)[1])
    return PlanResult(
        ask=ask,
        works=said.cost,
        total=total_of(world.book, said.cost),
        choices=choices,
        left=said.left(choices, works, out),
        wards=said.wards(choices),
        reached=said.reached(),
        voters=voters_of(found, said.served),
        guessed=sum(found.wants[n].voters for n in said.served if found.wants[n].guessed),
        newly_met=sum(found.wants[n].own for n in said.served),
        open=sum(want.own for want in found.wants),
        funds=said.fund_totals(choices),
        proof=Proof(
            value, bound, (bound - value) / max(value, 1.0), answer.method, answer.seconds, answer.proven
        ),
        curve=(),
        knee=None,
        fairness=None,
        unled=unled(world, choices),
        served=tuple(found.wants[n].key for n in said.served),
        wants=found.wants,
    )
