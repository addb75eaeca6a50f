"""What the page of reach computes from its parameters: radii by surroundings and kind, a calculator. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inventory.facts import KindFact
from inventory.vocabulary import Channel
from maps.reach.columns import letter_of, level_of
from maps.reach.model import KindReach, ReachModel, ReadTarget, Surroundings
from maps.reach.reaching import Reach
from maps.reach.sight import needed_letter, passing_distance
from maps.reach.sound import SoundModel, range_m, source_level

#: The two levels that domain §2.5 gives ranges for: understood in a quiet street, and FEMA's edge.
LEVELS = (65.0, 70.0)


@dataclass(frozen=True)
class AroundLine:
    """One kind of surroundings: the level wanted there, and metres to it and to 65 and 70 dB."""

    around: Surroundings
    target: float
    radius: float
    radii: tuple[float, ...]


@dataclass(frozen=True)
class KindLine:
    """One kind. `reach` None: it has no parameters. Radii are metres; `letter` metres, `level` dB at 1 m.

    Of a loudspeaker `least` and `most` are its radii in the loudest and the quietest surroundings, of a
    face both are the radius in force and `comfort` the one of comfortable reading.
    """

    kind: KindFact
    reach: KindReach | None
    level: float | None = None
    letter: float | None = None
    least: float = 0.0
    most: float = 0.0
    comfort: float | None = None


@dataclass(frozen=True)
class Calculated:
    """A loudspeaker of `level` dB at 1 m: metres to the target by each model; letters for passers-by."""

    level: float
    target: float
    ranges: tuple[tuple[SoundModel, float], ...]
    passing_m: float | None
    letter_furthest_m: float | None
    letter_comfort_m: float | None


def horn(model: ReachModel) -> KindReach | None:
    """The first kind that is heard: the one whose ranges the tables show."""
    heard = [kind for kind in model.kinds if kind.channel is Channel.HEARING]
    return next((kind for kind in heard if kind.sensitivity is not None and kind.watts is not None), None)


def around_lines(reach: Reach) -> tuple[AroundLine, ...]:
    """The surroundings in their order, with the ranges of `horn`."""
    model, kind = reach.model, horn(reach.model)
    level = level_of(model, kind) if kind else float("-inf")
    return tuple(
        AroundLine(
            around,
            model.target(around),
            reach.radius(kind, around.code) if kind else 0.0,
            tuple(_range(model, level - wanted, around) for wanted in LEVELS),
        )
        for around in model.surroundings
    )


def kind_lines(reach: Reach, kinds: Iterable[KindFact]) -> tuple[KindLine, ...]:
    """Every kind in the order of the taxonomy; those without parameters too."""
    known: Mapping[str, KindReach] = reach.model.kind_of
    return tuple(_kind_line(reach, kind, known.get(kind.code)) for kind in kinds)


def calculate(
    model: ReachModel, horn_db: float, watts: float, around: Surroundings, speed: float
) -> Calculated:
    """The little calculator: sensitivity, power, surroundings; a speed in km/h (0: nobody passes)."""
    level, target = float(source_level(horn_db, watts, 1.0, model.scalars.crest)), model.target(around)
    scale = model.scalars.reading
    passing = passing_distance(speed, scale) if speed > 0 else None
    return Calculated(
        level,
        target,
        tuple((one, _range(model, level - target, around, one)) for one in SoundModel),
        passing,
        needed_letter(passing, scale.furthest, scale.diacritics) if passing else None,
        needed_letter(passing, scale.comfort, scale.diacritics) if passing else None,
    )


def _kind_line(reach: Reach, kind: KindFact, own: KindReach | None) -> KindLine:
    if own is None:
        return KindLine(kind, None)
    if own.channel is Channel.HEARING:
        radii = [reach.radius(own, around.code) for around in reach.model.surroundings]
        level = level_of(reach.model, own)
        return KindLine(
            kind,
            own,
            level if level > float("-inf") else None,
            least=min(radii, default=0.0),
            most=max(radii, default=0.0),
        )
    any_around = reach.model.fallback
    radius = reach.radius(own, any_around)
    if own.channel is Channel.PRESENCE:
        return KindLine(kind, own, least=radius, most=radius)
    comfort = reach.radius(own, any_around, target=ReadTarget.COMFORT)
    letter = letter_of(reach.model, own, None)
    return KindLine(
        kind, own, letter=letter, least=radius, most=radius, comfort=comfort if letter is not None else None
    )


def _range(model: ReachModel, headroom: float, around: Surroundings, by: SoundModel | None = None) -> float:
    return float(range_m(by or model.scalars.model, headroom, model.scalars.alpha, around.loss))
