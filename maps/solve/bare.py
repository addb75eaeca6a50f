"""An instance solved: the four problems, each by what suits it, in the instance's own numbers.

* budget: most weight served, Σ cost ≤ budget;
* mclp: most weight served by `sites` candidates (fewer only where there are not so many);
* lscp: fewest candidates that serve every demand that can be served;
* pmedian: exactly `sites` candidates, every demand at the nearest chosen one it is paired with,
  Σ weight × distance as small as can be.
In all of them locks hold and `area_minimum` asks for so many served demands of an area.
"""

from dataclasses import dataclass, replace

import numpy as np

from maps.solve.collide import collision, impossible
from maps.solve.core import core_of
from maps.solve.facade import served_by, solved
from maps.solve.instance import Instance
from maps.solve.median import Medians, medians
from maps.solve.model import DEMANDS, Infeasible, Ints, Model, Row, Solution, gap_of
from maps.solve.setcover import ready, smallest_cover
from maps.solve.sparse import starts
from maps.solve.watching import Watch


@dataclass(frozen=True)
class Collision:
    """Nothing can be chosen: these rules collide, in words with the instance's ids."""

    rules: tuple[str, ...]


def answer(instance: Instance, gap: float, clock: Watch) -> Solution | Collision:
    """Solve an instance. Raises OutOfTime."""
    if instance.problem == "lscp":
        found = _covering(instance, gap, clock)
    elif instance.problem == "pmedian":
        found = _median(instance, gap, clock)
    else:
        found = solved(model_of(instance), gap, clock)
        if instance.problem == "mclp" and isinstance(found, Solution):
            found = _filled(instance, found)
    if isinstance(found, Infeasible):
        return Collision(tuple(_with_id(instance, rule) for rule in found.rules))
    return found


def model_of(instance: Instance) -> Model:
    """The instance as a model: budget or sites as its problem has them, a row for each area."""
    rows = tuple(
        Row(f"area_minimum {area}: {least}", DEMANDS, members, np.ones(len(members)), float(least), np.inf)
        for area, members, least in instance.areas
        if least > 0
    )
    n, pairs = len(instance.candidates), len(instance.candidate)
    return Model(
        cost=instance.cost if instance.problem == "budget" else np.zeros(n, np.int64),
        start=starts(np.bincount(instance.candidate, minlength=n)),
        demand=instance.demand,
        units=np.ones(pairs, np.int64),
        weight=instance.weight,
        need=np.ones(len(instance.demands), np.int64),
        budget=instance.budget,
        sites=instance.sites,
        locked_in=instance.locked_in,
        locked_out=instance.locked_out,
        rows=rows,
    )


def _with_id(instance: Instance, rule: str) -> str:
    """A lock's number becomes the candidate's id."""
    what, _, number = rule.partition(" ")
    return f"{what} {instance.candidates[int(number)]}" if what in ("locked_in", "locked_out") else rule


def _filled(instance: Instance, found: Solution) -> Solution:
    """As many sites as were asked for: more of them never serve less."""
    free = np.ones(len(instance.candidates), np.bool_)
    free[found.chosen] = False
    free[instance.locked_out] = False
    more = np.flatnonzero(free)[: max(0, (instance.sites or 0) - len(found.chosen))]
    chosen = np.union1d(found.chosen, more).astype(np.int64)
    served = served_by(model_of(instance), chosen)
    value = float(instance.weight[served].sum())
    bound = max(found.bound, value)
    gap = gap_of(value, bound)
    return replace(found, chosen=chosen, served=served, value=value, bound=bound, gap=min(gap, found.gap))


def _covering(instance: Instance, gap: float, clock: Watch) -> Solution | Infeasible:
    model = model_of(instance)
    everything = replace(model, budget=None, sites=None, rows=())
    core = core_of(replace(everything, weight=np.ones(len(model.weight))))
    can = np.ones(len(model.cost), np.bool_)
    can[model.locked_out] = False
    servable = served_by(model, np.flatnonzero(can))
    if core is None or any(np.isin(row.index, servable).sum() < row.lower for row in model.rows):
        return collision(replace(model, budget=None, sites=None), Watch(max(clock.left(), 5.0)))
    cover = smallest_cover(ready(core), gap, clock)
    chosen = np.union1d(cover.chosen(), model.locked_in).astype(np.int64)
    value, bound = float(len(chosen)), float(cover.bound + len(model.locked_in))
    apart = gap_of(value, bound)
    return Solution(
        chosen, served_by(model, chosen), value, bound, apart, clock.gone(), "+".join(cover.steps),
        apart <= gap, clock.cancelled,
    )  # fmt: skip


def _median(instance: Instance, gap: float, clock: Watch) -> Solution | Infeasible:
    reason = _no_median(instance, clock)
    if reason is not None:
        return reason
    found: Medians = medians(instance, gap, clock)
    served: Ints = np.arange(len(instance.demands))
    apart = gap_of(found.value, found.bound)
    return Solution(
        found.chosen, served, found.value, found.bound, apart, clock.gone(), "+".join(found.steps),
        apart <= gap, clock.cancelled,
    )  # fmt: skip


def _no_median(instance: Instance, clock: Watch) -> Infeasible | None:
    """The rules that collide when so many sites cannot serve every demand, else None.

    Exactly `sites` is at most so many with some left over to fill up, so only their number is special.
    """
    sites, out = instance.sites or 0, instance.locked_out
    short = sites - (len(instance.candidates) - len(out))
    if short > 0:
        first = out[: max(0, len(out) - short + 1)]
        return Infeasible((*(f"locked_out {j}" for j in first.tolist()), f"sites {sites}"))
    if _complete(instance, sites):
        return None
    model = model_of(instance)
    rows = [Row(f"demand {name}", DEMANDS, np.array([at]), np.ones(1), 1.0, np.inf)
            for at, name in enumerate(instance.demands)]  # fmt: skip
    strict = replace(model, weight=np.zeros(len(instance.demands)), rows=(*model.rows, *rows))
    # Whether it can be done at all is asked even when no time is left to do it well.
    return (
        None
        if not impossible(strict, Watch(max(clock.left(), 1.0)))
        else collision(strict, Watch(max(clock.left(), 5.0)))
    )


def _complete(instance: Instance, sites: int) -> bool:
    """Whether every candidate is paired with every demand, so that any one site serves all."""
    inside, outside = set(instance.locked_in.tolist()), set(instance.locked_out.tolist())
    return (
        len(instance.candidate) == len(instance.candidates) * len(instance.demands)
        and sites >= max(1, len(inside))
        and not inside & outside
        and all(least <= len(members) for _, members, least in instance.areas)
    )
