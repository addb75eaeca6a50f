"""The parameters of reach as one frozen, hashable value: what the tables hold, or the data files."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from inventory.vocabulary import Channel
from maps.reach.absorption import absorption_db_km, exact_midband
from maps.reach.sight import ReadingScale
from maps.reach.sound import SoundModel


class ReadTarget(StrEnum):
    """Which of the two reading distances counts as reached."""

    FURTHEST = "furthest"
    COMFORT = "comfort"


class SiteClass(StrEnum):
    """The two classes of places that the noise regulations know (QCVN 26)."""

    SPECIAL = "special"
    ORDINARY = "ordinary"


@dataclass(frozen=True)
class Scalars:
    """Single figures: dB, °C, %, kPa, Hz, m. `absorption` None: computed from the weather."""

    model: SoundModel = SoundModel.ISO
    absorption: float | None = None
    temperature: float = 28.0
    humidity: float = 80.0
    pressure: float = 101.325
    band: float = 2000.0
    crest: float = 10.0
    target: float = 65.0
    above_ambient: float = 10.0
    directivity_floor: float = 18.0
    echo_within: float = 6.0
    echo_ms: float = 50.0
    thing_accuracy: float = 10.0
    place_accuracy: float = 10.0
    read_target: ReadTarget = ReadTarget.FURTHEST
    by_night: bool = False
    reading: ReadingScale = field(default_factory=ReadingScale)

    @cached_property
    def alpha(self) -> float:
        """dB/km in force: the typed one, or ISO 9613-1 at this weather in the exact band."""
        if self.absorption is not None:
            return self.absorption
        return absorption_db_km(exact_midband(self.band), self.temperature, self.humidity, self.pressure)


@dataclass(frozen=True)
class Surroundings:
    """One kind of surroundings: how loud it is there without us, and what it takes from a sound, in dB."""

    code: str
    name_vi: str
    name_en: str
    ambient: float
    loss: float


@dataclass(frozen=True)
class KindReach:
    """How things of one kind are heard, read or seen; None where nobody said.

    Hearing: `sensitivity` dB at 1 W and 1 m, `watts` of one horn, `horns`, of which `aimed` point at
    the same sector, `coverage` degrees between the −6 dB edges. Reading: `letter` metres, or `lines`
    on a face of `face` metres height; `sides`; `lit` at night; `pitch` mm of a screen. `radius` metres:
    of presence, and of reading where no letter height can be known.
    """

    code: str
    channel: Channel
    sensitivity: float | None = None
    watts: float | None = None
    horns: int | None = None
    aimed: int | None = None
    coverage: float | None = None
    letter: float | None = None
    lines: int | None = None
    face: float | None = None
    sides: int | None = None
    lit: bool = False
    pitch: float | None = None
    radius: float | None = None


@dataclass(frozen=True)
class NoiseLimit:
    """One row of a regulation. `limit` None: the regulation is in force and its figure is not on record.

    Hours count from 0 to 24, from `hour_from` to before `hour_until`, through midnight where the
    second is the smaller one.
    """

    regulation: str
    in_force_from: date
    site: SiteClass
    hour_from: int
    hour_until: int
    limit: float | None


@dataclass(frozen=True)
class ReachModel:
    """Everything that reach depends on. `by_area` is sorted by area id; `fallback` is for the others.

    `stored` is false where the campaign has nothing of its own and the data files speak.
    """

    scalars: Scalars
    surroundings: tuple[Surroundings, ...]
    by_area: tuple[tuple[int, str], ...]
    fallback: str
    kinds: tuple[KindReach, ...]
    limits: tuple[NoiseLimit, ...]
    stored: bool = False

    @cached_property
    def kind_of(self) -> dict[str, KindReach]:
        """The parameters by kind code."""
        return {kind.code: kind for kind in self.kinds}

    @cached_property
    def around_of(self) -> dict[str, Surroundings]:
        """The surroundings by their code."""
        return {one.code: one for one in self.surroundings}

    @cached_property
    def code_of_area(self) -> dict[int, str]:
        """The code of the surroundings by area id."""
        return dict(self.by_area)

    def around(self, area_id: int) -> Surroundings:
        """The surroundings of an area."""
        return self.around_of[self.code_of_area.get(area_id, self.fallback)]

    def target(self, around: Surroundings) -> float:
        """The level in dB from which speech is understood there: max(65, ambient + 10) (domain §2.5 F6)."""
        return max(self.scalars.target, around.ambient + self.scalars.above_ambient)
