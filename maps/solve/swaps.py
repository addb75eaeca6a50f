"""Swaps: take a chosen candidate out, fill the room again, keep what is better.

One out and as many in as then fit is the 1-swap where all costs are the same, and more where they
are not. The candidates that lose least for their cost are tried first; the number of trials is
bounded, so that the same input gives the same answer however fast the machine is.
"""

from collections.abc import Callable

import numpy as np

from maps.solve.core import Core
from maps.solve.greedy import Choice
from maps.solve.model import Bools, Floats
from maps.solve.watching import Watch

TRIALS = 400


def improve(core: Core, chosen: Bools, offer: Callable[[Bools], bool], watch: Watch) -> None:
    """Swap from this choice on as long as it gets better; each better one goes to `offer`."""
    trials, better = 0, True
    choice = Choice(core, chosen)
    while better and trials < TRIALS:
        better = False
        for j in np.argsort(_losses(choice), kind="stable").tolist():
            if not choice.chosen[j]:
                continue
            if trials >= TRIALS or (trials % 16 == 0 and watch.over("swaps")):
                return
            trials += 1
            before = choice.chosen.copy()
            if _swap(choice, j) and offer(choice.chosen):
                better = True
                continue
            now = choice.chosen.copy()
            choice.change(np.flatnonzero(now & ~before), False)
            choice.change(np.flatnonzero(before & ~now), True)


def _swap(choice: Choice, j: int) -> bool:
    """Take j out and fill without it; whether the rows are still met."""
    choice.change(np.array([j]), False)
    gain = choice.gain[j]
    choice.gain[j] = -np.inf
    choice.fill()
    choice.gain[j] = gain if np.isneginf(choice.gain[j]) else choice.gain[j]
    return not len(choice.unmet())


def _losses(choice: Choice) -> Floats:
    """(n,) what is lost without each chosen candidate, for each đồng it costs; inf for the others."""
    core = choice.core
    spare = choice.have - choice.need
    alone = spare[core.brings.index] < core.brings.value
    lost = core.brings.sums(np.where(alone, core.weight[core.brings.index], 0.0))
    rate = lost / np.maximum(choice.cost, 1.0) if core.budget is not None else lost
    return np.where(choice.chosen, rate, np.inf)
