"""Which rules collide: a smallest set of them that no choice keeps, smallest as to leaving one out.

Rules are the budget, the limit of sites, each lock and each row. The set is found by halving
(Junker's QuickXplain): a set that is impossible together with what is known to matter is split, and
each half is searched with the other one in force. A question that the time does not let answer
counts as "possible", so that the answer is always a collision, at worst with a rule too many.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from maps.solve.core import core_of
from maps.solve.greedy import Choice
from maps.solve.linear import Engine, Impossible
from maps.solve.model import Infeasible, Ints, Model
from maps.solve.program import written
from maps.solve.reduce import reduced
from maps.solve.watching import Watch

#: Seconds for one question with whole numbers.
QUESTION_S = 10.0


@dataclass(frozen=True)
class Rule:
    """One rule of a model: its name, what it is, and which row or candidate."""

    name: str
    what: str
    number: int = 0


def collision(model: Model, watch: Watch) -> Infeasible:
    """The rules of an infeasible model that collide."""
    rules = rules_of(model)
    found = smallest(rules, lambda these: impossible(only(model, these), watch))
    return Infeasible(tuple(rule.name for rule in rules if rule in set(found)))


def rules_of(model: Model) -> list[Rule]:
    """All rules of a model, in the order in which they are told."""
    rules = [Rule(row.name, "row", at) for at, row in enumerate(model.rows)]
    rules += [Rule(f"locked_in {j}", "in", j) for j in sorted(set(model.locked_in.tolist()))]
    rules += [Rule(f"locked_out {j}", "out", j) for j in sorted(set(model.locked_out.tolist()))]
    if model.sites is not None:
        rules.append(Rule(f"sites {model.sites}", "sites"))
    if model.budget is not None:
        rules.append(Rule(f"budget {model.budget}", "budget"))
    return rules


def only(model: Model, rules: Sequence[Rule]) -> Model:
    """The model with these of its rules."""
    kept = {(rule.what, rule.number) for rule in rules}

    def locks(what: str, index: Ints) -> Ints:
        return np.array([j for j in index.tolist() if (what, j) in kept], dtype=np.int64)

    return replace(
        model,
        budget=model.budget if ("budget", 0) in kept else None,
        sites=model.sites if ("sites", 0) in kept else None,
        locked_in=locks("in", model.locked_in),
        locked_out=locks("out", model.locked_out),
        rows=tuple(row for at, row in enumerate(model.rows) if ("row", at) in kept),
    )


def impossible(model: Model, watch: Watch) -> bool:
    """Whether it is proven that no choice keeps all rules of the model."""
    core = core_of(model)
    if core is None:
        return True
    if core.allowed(np.zeros(len(core.cost), np.bool_)):
        return False
    core = reduced(core)
    if not len(core.cost):
        return True
    choice = Choice(core)
    if choice.meet(np.zeros(len(core.cost))) and core.allowed(choice.chosen):
        return False
    form = written(core)
    form = replace(form, program=replace(form.program, cost=np.zeros(len(form.program.cost))))
    engine = Engine(form.program, watch)
    try:
        engine.relax(QUESTION_S)
        engine.integer(0.0, 0.0, QUESTION_S)
    except Impossible:
        return True
    return False


def smallest(rules: Sequence[Rule], collide: Callable[[Sequence[Rule]], bool]) -> list[Rule]:
    """A set of these colliding rules of which none can be left out."""

    def search(known: list[Rule], fresh: bool, rest: list[Rule]) -> list[Rule]:
        if fresh and collide(known):
            return []
        if len(rest) <= 1:
            return rest
        left, right = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        late = search(known + left, bool(left), right)
        early = search(known + late, bool(late), left)
        return early + late

    return search([], False, list(rules))
