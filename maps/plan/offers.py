"""What may be done and what would be served: candidates, wants, and which serves which. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from inventory.vocabulary import LineAction


class Skip(StrEnum):
    """Why a want has no way to be served, the first that holds."""

    NO_PRICE = "no_price"
    EXCLUDED = "excluded"
    LATE = "late"
    NO_FUND = "no_fund"
    TOO_DEAR = "too_dear"
    NO_WAY = "no_way"


@dataclass(frozen=True)
class Want:
    """One requirement at one point that lacks `need` units (of a bundle for what counts on the spot).

    `own` is the gap itself, at the place or ward; the others are neighbourhoods of the place.
    `voters` of a point that nobody counted are the ward's median, `guessed`. `weight` is whole:
    voters × priority, at least 1, so that nothing counts as nothing. Degrees, or None.
    """

    key: str
    requirement_id: int
    area_id: int
    place_id: int | None
    neighbourhood_id: int | None
    need: int
    missing: int
    voters: int
    guessed: bool
    weight: int
    mandatory: bool
    own: bool
    lat: float | None
    lon: float | None

    @property
    def who(self) -> tuple[str, int]:
        """Whose voters these are: the same for every requirement of a point."""
        if self.neighbourhood_id is not None:
            return "neighbourhood", self.neighbourhood_id
        return ("place", self.place_id) if self.place_id is not None else ("ward", self.area_id)


@dataclass(frozen=True)
class Part:
    """What money buys of one kind: `units` at `unit_cost` đồng, for one action."""

    action: LineAction
    kind: str
    units: int
    unit_cost: int


@dataclass(frozen=True)
class Candidate:
    """One thing that may be done. `cost` in đồng is the sum of its parts.

    `group` names alternatives of which one at most is chosen ("" for none). `from_store` are units
    by kind out of the store of `area_id`. `broken` are units by installation id that it uses up.
    `site` is the free site it stands on, `thing` the installation that is mended where it stands.
    `lead_days` until it hangs.
    """

    key: str
    requirement_id: int
    area_id: int
    place_id: int | None
    parts: tuple[Part, ...]
    from_store: tuple[tuple[str, int], ...] = ()
    broken: tuple[tuple[str, int], ...] = ()
    group: str = ""
    site: int | None = None
    thing: str | None = None
    lat: float | None = None
    lon: float | None = None
    lead_days: int = 0

    @property
    def cost(self) -> int:
        """Đồng, without what is added to the works."""
        return sum(part.units * part.unit_cost for part in self.parts)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that money is spent on."""
        return frozenset(part.kind for part in self.parts)

    @property
    def base(self) -> str:
        """The key without the number of the copy."""
        return self.key.split("#")[0]

    def answers_to(self, lock: str) -> bool:
        """Whether a lock names it: its whole key, or its key up to a mark."""
        return self.key == lock or (self.key.startswith(lock) and self.key[len(lock)] in "/+#")


@dataclass(frozen=True)
class Offers:
    """Candidate i brings `serves[i]`: (want, units) pairs. `stock` are units in store by (ward, kind)."""

    wants: tuple[Want, ...]
    candidates: tuple[Candidate, ...]
    serves: tuple[tuple[tuple[int, int], ...], ...]
    stock: tuple[tuple[tuple[int, str], int], ...]
    standing: tuple[tuple[str, int], ...]
    skipped: tuple[tuple[int, Skip], ...]

    def units_of(self, chosen: Sequence[int]) -> list[int]:
        """Units that the chosen bring to every want."""
        units = [0] * len(self.wants)
        for candidate in chosen:
            for want, brought in self.serves[candidate]:
                units[want] += brought
        return units

    def servable(self, works: int) -> list[bool]:
        """Which wants all candidates together, each within `works` đồng, could serve by themselves."""
        units, alone = [0] * len(self.wants), [0] * len(self.wants)
        for candidate, serves in zip(self.candidates, self.serves, strict=True):
            if candidate.cost > works:
                continue
            for want, brought in serves:
                if candidate.group:
                    alone[want] = max(alone[want], brought)
                else:
                    units[want] += brought
        return [
            max(together, single) >= want.need
            for together, single, want in zip(units, alone, self.wants, strict=True)
        ]


@dataclass
class Making:
    """Offers while they are made; `why` keeps what stood in the way of a want."""

    wants: list[Want]
    candidates: list[Candidate] = field(default_factory=list)
    serves: list[tuple[tuple[int, int], ...]] = field(default_factory=list)
    why: dict[int, Skip] = field(default_factory=dict)

    def add(self, candidate: Candidate, serves: Sequence[tuple[int, int]]) -> None:
        """One candidate with what it brings."""
        self.candidates.append(candidate)
        self.serves.append(tuple(serves))

    def pass_over(self, wants: Sequence[int], why: Skip) -> None:
        """Remember why something that could have served these is not offered."""
        for want in wants:
            self.why.setdefault(want, why)
