"""Facts: one frozen snapshot of what is known, as plain values for the derivations in maps/.

`snapshot.py` reads them in one transaction; nothing here knows a database.
Positions are WGS84 degrees or None where unknown. Ids are those of the tables.
"""

from dataclasses import dataclass
from datetime import date, datetime

from inventory.vocabulary import (
    AppliesTo,
    AreaKind,
    Condition,
    Family,
    Lifecycle,
    VenueKind,
    Zone,
)


@dataclass(frozen=True)
class KindFact:
    """A kind and the conditions in which it works (an absent condition does not work)."""

    code: str
    family: Family
    name_vi: str
    name_en: str
    unit_vi: str
    unit_en: str
    bulk: bool
    works_when: frozenset[Condition]
    default_width_m: float | None = None
    default_height_m: float | None = None


@dataclass(frozen=True)
class RequirementFact:
    """One row of the standard in force.

    `kind` is None when the whole `family` counts; `priced_kind` is the kind that gets priced.
    Empty `area_kinds` / `venue_kinds` mean "for all". With `by_reach` (then `within_m` is None) a
    thing counts where the place lies within its reach by the model in force (maps/reach).
    """

    id: int
    code: str
    name_vi: str
    name_en: str
    applies_to: AppliesTo
    zone: Zone
    family: Family
    kind: str | None
    priced_kind: str
    minimum: int
    per_voters: int | None
    within_m: float | None
    mandatory: bool
    area_kinds: frozenset[AreaKind] = frozenset()
    venue_kinds: frozenset[VenueKind] = frozenset()
    by_reach: bool = False


@dataclass(frozen=True)
class AreaFact:
    """A commune-level unit of the campaign's tree."""

    id: int
    code: str
    name: str
    kind: AreaKind
    lat: float | None
    lon: float | None
    population: int | None


@dataclass(frozen=True)
class PlaceFact:
    """A polling place; its point is its venue's."""

    id: int
    area_id: int
    venue_id: int
    number: int
    name: str
    venue_name: str
    venue_kind: VenueKind
    voters: int | None
    lat: float | None
    lon: float | None
    restricted: bool
    synthetic: bool


@dataclass(frozen=True)
class StateFact:
    """The state of an installation in one figure: what is where, how many, and does it work.

    Lengths and `accuracy_m` (the device's own word about its fix) are metres, `azimuth` is degrees
    clockwise from north in [0, 360), `watts` is the power of one horn; None where nobody wrote it.
    """

    kind: str
    zone: Zone | None
    venue_id: int | None
    area_id: int
    quantity: int
    working: int
    lifecycle: Lifecycle
    condition: Condition
    lat: float | None
    lon: float | None
    accuracy_m: float | None = None
    azimuth: float | None = None
    width_m: float | None = None
    height_m: float | None = None
    sides: int | None = None
    horns: int | None = None
    watts: float | None = None


@dataclass(frozen=True)
class InstallationFact:
    """One installation in both figures; None where it does not count in that figure.

    `reported` is the latest state of what is submitted or verified in the campaign (returned is
    in neither); `verified` is the state as the office last verified it (design §6).
    """

    id: str
    reported: StateFact | None
    verified: StateFact | None


@dataclass(frozen=True)
class AnswerFact:
    """An explicit answer of a finished visit: this kind in this zone was looked for here.

    Exactly one of `place_id` and `area_id` is set: a ward's own page answers for the area.
    """

    place_id: int | None
    area_id: int | None
    zone: Zone
    kind: str


@dataclass(frozen=True)
class NeighbourhoodFact:
    """A khu phố or thôn: where its voters live, and at which polling place they vote (None: unknown)."""

    id: int
    area_id: int
    place_id: int | None
    code: str
    name: str
    households: int | None
    voters: int | None
    lat: float | None
    lon: float | None
    synthetic: bool


@dataclass(frozen=True)
class CampaignFact:
    """The campaign the snapshot belongs to."""

    id: int
    code: str
    name: str
    election_day: date
    decoration_deadline: date
    synthetic: bool


@dataclass(frozen=True)
class StandardFact:
    """The standard in force and its requirements, in the order of the checklist."""

    id: int
    number: int
    name: str
    requirements: tuple[RequirementFact, ...]


@dataclass(frozen=True)
class Facts:
    """Everything a coverage run needs, read at one moment.

    `version` is the campaign's counter; `area_versions` are those of its areas.
    """

    campaign: CampaignFact
    standard: StandardFact
    version: int
    area_versions: tuple[tuple[int, int], ...]
    read_at: datetime
    kinds: tuple[KindFact, ...]
    areas: tuple[AreaFact, ...]
    places: tuple[PlaceFact, ...]
    installations: tuple[InstallationFact, ...]
    answers: tuple[AnswerFact, ...]
    neighbourhoods: tuple[NeighbourhoodFact, ...] = ()
