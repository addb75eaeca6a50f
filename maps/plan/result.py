"""What a plan says, as plain values: what is done and why, what is left out, the proof, the curve."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from inventory.vocabulary import Channel
from maps.plan.ask import Ask
from maps.plan.offers import Candidate, Part, Skip, Want
from maps.planning.inputs import LifeIn


class Step(StrEnum):
    """Where the making of a plan is."""

    READ = "read"
    OFFERS = "offers"
    MANDATORY = "mandatory"
    SOLVE = "solve"
    FAIRNESS = "fairness"
    CURVE = "curve"
    RECOUNT = "recount"
    STORE = "store"


#: Asked at every step and while the optimiser works, with a share of that step or None; False cancels.
Watch = Callable[[Step, float | None], bool]


class Cancelled(Exception):
    """Somebody said stop; nothing was made."""


@dataclass(frozen=True)
class Collision:
    """No plan keeps all rules; `rules` name those that collide (words.py says them)."""

    rules: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """One thing that the plan does; copies on one spot are one choice. Money is whole đồng.

    `cost` is without what is added to the works. `serves` are keys of wants that it helps to serve.
    `alone` voters it would gain if it were all that is done, `beside` voters that would be lost if
    it alone were left out; both count a voter once for each requirement. `funds` is (fund id,
    đồng). `phase` 1 hangs before the deadline, 2 after it.
    """

    key: str
    candidate: Candidate
    copies: int
    parts: tuple[Part, ...]
    from_store: tuple[tuple[str, int], ...]
    cost: int
    serves: tuple[str, ...]
    alone: int
    beside: int
    channel: Channel | None
    funds: tuple[tuple[int, int], ...]
    phase: int
    life: tuple[int, LifeIn] | None

    @property
    def per_voter(self) -> int | None:
        """Đồng for one voter that it gains beside the rest; None where it gains none."""
        return self.cost // self.beside if self.beside else None


@dataclass(frozen=True)
class Left:
    """A want that the plan does not serve. `cost` of the cheapest way, None where there is none (`skip`).

    What is left of the budget pays for it where `pushes` is empty; else these choices would have to
    go, with `lost` voters.
    """

    want: Want
    cost: int | None
    skip: Skip | None
    pushes: tuple[str, ...]
    lost: int


@dataclass(frozen=True)
class WardSum:
    """A ward before and after: answered requirements met, and what is spent there (without additions)."""

    area_id: int
    answered: int
    met_before: int
    met_after: int
    cost: int
    voters: int


@dataclass(frozen=True)
class Reached:
    """Voters newly reached through one channel, each counted once; `points` are where they are."""

    channel: Channel
    voters: int
    points: int


@dataclass(frozen=True)
class Point:
    """One budget of the curve: what could be reached with it. None where no choice keeps the rules."""

    budget: int
    works: int
    value: float | None
    voters: int | None
    met: int | None
    gap: float | None


@dataclass(frozen=True)
class Proof:
    """No plan under these rules has a better value than `bound`; gap = (bound − value) ÷ value."""

    value: float
    bound: float
    gap: float
    method: str
    seconds: float
    proven: bool

    @property
    def share(self) -> float:
        """At least this share of the best possible value is reached, from 0 to 1."""
        return 1.0 if self.bound <= 0 else min(1.0, self.value / self.bound)


@dataclass(frozen=True)
class Fairness:
    """What the rules for wards cost: voters with and without them, at the same budget."""

    voters_with: int
    voters_without: int
    value_with: float
    value_without: float


@dataclass(frozen=True)
class PlanResult:
    """The whole answer. `total` ≤ the budget; `voters` counts a voter once for each requirement.

    `newly_met` of `open` requirements (of a place or ward) that lacked something are met by the
    plan. `guessed` of the voters are stand-ins. `knee` is the number of the curve's point after
    which money brings least more. `unled` are kinds bought whose lead time nobody wrote.
    """

    ask: Ask
    works: int
    total: int
    choices: tuple[Choice, ...]
    left: tuple[Left, ...]
    wards: tuple[WardSum, ...]
    reached: tuple[Reached, ...]
    voters: int
    guessed: int
    newly_met: int
    open: int
    funds: tuple[tuple[int, int], ...]
    proof: Proof
    curve: tuple[Point, ...]
    knee: int | None
    fairness: Fairness | None
    unled: tuple[str, ...]
    served: tuple[str, ...]
    wants: tuple[Want, ...]

    def with_pictures(
        self, curve: tuple[Point, ...], knee: int | None, fairness: Fairness | None
    ) -> "PlanResult":
        """The same plan with what other budgets and other rules would reach."""
        return replace(self, curve=curve, knee=knee, fairness=fairness)
