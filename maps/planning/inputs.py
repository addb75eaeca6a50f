"""The inputs of a plan that the office sets, as frozen values: sites, zones, weights, funds, supply. Pure.

A row that names no kind and no family is for all kinds. Positions are WGS84 degrees, money whole
đồng, times days. `as_words` is what a plan's hash is made of: the same inputs give the same words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from inventory.facts import KindFact
from inventory.vocabulary import Family
from maps.planning.weights import Weight, Weights


class Duty(StrEnum):
    """What a plan does with a free site."""

    MAY = "may"
    MUST = "must"
    MUST_NOT = "must_not"


class ZoneRule(StrEnum):
    """What a zone asks for: nothing new inside, or at least so many new things inside."""

    EXCLUSION = "exclusion"
    MUST = "must"


class LifeIn(StrEnum):
    """The unit of a kind's life: elections or years."""

    CAMPAIGNS = "campaigns"
    YEARS = "years"


@dataclass(frozen=True, kw_only=True)
class ForKinds:
    """Something that is said of some kinds: whole families, single kinds, or (both empty) all."""

    families: tuple[Family, ...] = ()
    kinds: tuple[str, ...] = ()

    def covers(self, kind: KindFact) -> bool:
        """Whether it is said of this kind."""
        return not (self.families or self.kinds) or kind.family in self.families or kind.code in self.kinds


@dataclass(frozen=True, kw_only=True)
class Site(ForKinds):
    """A spot that is no polling place, where something new may, must or must not stand."""

    name: str
    area_id: int
    lat: float
    lon: float
    duty: Duty = Duty.MAY
    note: str = ""
    synthetic: bool = False
    id: int = 0


@dataclass(frozen=True, kw_only=True)
class PlanZone(ForKinds):
    """A polygon: no new thing of its kinds inside, or at least `minimum` new ones (rule MUST).

    `boundary` is GeoJSON text of a Polygon or MultiPolygon; its line belongs to it.
    """

    name: str
    rule: ZoneRule
    boundary: str
    minimum: int = 0
    reason: str = ""
    synthetic: bool = False
    id: int = 0


@dataclass(frozen=True, kw_only=True)
class Fund(ForKinds):
    """Where money comes from: at most `cap` đồng (None: unlimited), for its kinds, in its areas.

    Empty `areas` are all areas. Funds are used in their `position`, then in the order of ids.
    """

    name: str
    cap: int | None
    areas: tuple[int, ...] = ()
    position: int = 1
    source: str = ""
    synthetic: bool = False
    id: int = 0


@dataclass(frozen=True, kw_only=True)
class Supply:
    """How soon and how long a kind is there: None is unknown.

    `lead_days` from the order until it hangs; `life` in elections or years; `most` units a campaign.
    """

    kind: str
    lead_days: int | None = None
    life: int | None = None
    life_in: LifeIn = LifeIn.CAMPAIGNS
    most: int | None = None
    source: str = ""
    guess: bool = False
    id: int = 0


#: Whatever a row of the inputs can be.
Row = Site | PlanZone | Weight | Fund | Supply


@dataclass(frozen=True)
class Inputs:
    """All inputs of a campaign, each list in its order (funds by position, the others by id)."""

    sites: tuple[Site, ...] = ()
    zones: tuple[PlanZone, ...] = ()
    weights: Weights = field(default_factory=Weights)
    funds: tuple[Fund, ...] = ()
    supplies: tuple[Supply, ...] = ()

    def supply(self, kind: str) -> Supply | None:
        """The supply row of a kind; None where nobody wrote one."""
        return next((row for row in self.supplies if row.kind == kind), None)

    def lead_days(self, kind: str) -> int:
        """Days from order to hung; an unknown lead counts as 0 (`without_lead` names those kinds)."""
        row = self.supply(kind)
        return row.lead_days or 0 if row else 0

    def without_lead(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """The kinds, of these, whose lead time nobody wrote: a plan has to say so."""
        known = {row.kind for row in self.supplies if row.lead_days is not None}
        return tuple(kind for kind in kinds if kind not in known)

    def hung_on(self, kind: str, ordered: date) -> date:
        """The day by which a thing of the kind hangs when it is ordered on a day."""
        return ordered + timedelta(days=self.lead_days(kind))

    def life(self, kind: str) -> tuple[int, LifeIn] | None:
        """How long a kind serves: a number and its unit; None where it is unknown."""
        row = self.supply(kind)
        return (row.life, row.life_in) if row and row.life is not None else None

    def most(self, kind: str) -> int | None:
        """How many units of a kind one campaign may get; None where there is no limit."""
        row = self.supply(kind)
        return row.most if row else None


def eligible_funds(inputs: Inputs, kind: KindFact, area_id: int) -> tuple[Fund, ...]:
    """The funds that may pay for a thing of this kind in this area, in the order they are used."""
    return tuple(
        fund for fund in inputs.funds if fund.covers(kind) and (not fund.areas or area_id in fund.areas)
    )


def as_words(inputs: Inputs) -> Mapping[str, list[dict[str, Any]]]:
    """The inputs as values that JSON can carry, in a fixed order: what a plan's hash covers."""
    return {
        "sites": [asdict(row) for row in inputs.sites],
        "zones": [asdict(row) for row in inputs.zones],
        "weights": [asdict(row) for row in inputs.weights.rows],
        "funds": [asdict(row) for row in inputs.funds],
        "supplies": [asdict(row) for row in inputs.supplies],
    }
