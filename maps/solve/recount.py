"""A second count of a choice, in plain Python loops and whole numbers, from the model alone.

It shares nothing with the optimiser but the model, so that a mistake there shows here.
"""

from dataclasses import dataclass
from fractions import Fraction

from maps.solve.model import CANDIDATES, Model, Solution


@dataclass(frozen=True)
class Recount:
    """What a choice costs, whom it serves, what that is worth, and which rules it breaks (by name)."""

    cost: int
    served: tuple[int, ...]
    value: float
    broken: tuple[str, ...]


def recount(model: Model, chosen: tuple[int, ...]) -> Recount:
    """Count a choice anew."""
    inside = set(chosen)
    brought = [0] * len(model.weight)
    for j in inside:
        for at in range(int(model.start[j]), int(model.start[j + 1])):
            brought[int(model.demand[at])] += int(model.units[at])
    served = tuple(i for i, units in enumerate(brought) if units >= int(model.need[i]))
    cost = sum(int(model.cost[j]) for j in inside)
    value = float(sum((Fraction(float(model.weight[i])) for i in served), Fraction(0)))
    return Recount(cost, served, value, tuple(_broken(model, inside, set(served), cost)))


def agrees(model: Model, solution: Solution) -> bool:
    """Whether a solution is what it says: rules kept, served and value right, bound not below value."""
    again = recount(model, tuple(solution.chosen.tolist()))
    apart = abs(again.value - solution.value)
    return (
        not again.broken
        and again.served == tuple(solution.served.tolist())
        and apart <= 1e-9 * max(1.0, abs(again.value))
        and solution.bound >= solution.value
    )


def _broken(model: Model, inside: set[int], served: set[int], cost: int) -> list[str]:
    broken = []
    if model.budget is not None and cost > model.budget:
        broken.append(f"budget {model.budget}")
    if model.sites is not None and len(inside) > model.sites:
        broken.append(f"sites {model.sites}")
    broken += [f"locked_in {j}" for j in model.locked_in.tolist() if j not in inside]
    broken += [f"locked_out {j}" for j in model.locked_out.tolist() if j in inside]
    for row in model.rows:
        among = inside if row.of == CANDIDATES else served
        values = list(zip(row.index.tolist(), row.value.tolist(), strict=True))
        total = float(sum((Fraction(value) for at, value in values if at in among), Fraction(0)))
        whole = all(value == int(value) for _, value in values)
        slack = 1e-6 if whole else 1e-8 * (1.0 + sum(abs(value) for _, value in values))
        if not row.lower - slack <= total <= row.upper + slack:
            broken.append(row.name)
    return broken
