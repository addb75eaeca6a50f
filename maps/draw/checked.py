"""What people heard and read in the field, beside what the model says of the same spot; whom a run reaches.

A check of a thing is held against that thing alone; a check of a place against the newest run, which
adds up every source. Nothing is told that would give a restricted venue away.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inventory.field_checks import FieldCheckSeen
from inventory.geodesy import Position, distance_m
from inventory.positions import ThingPosition
from inventory.vocabulary import Certainty, Channel
from inventory.wording import moment
from maps.coverage.reached import PointReach
from maps.draw.reaches import DRAWN
from maps.reach.bearing import bearing_deg
from maps.reach.reaching import Reach

CERTAINTIES = tuple(Certainty)


@dataclass(frozen=True)
class Answer:
    """The model's answer at a spot; `level_db` where it is told and something is heard."""

    reached: bool
    certainty: Certainty
    level_db: float | None = None


@dataclass(frozen=True)
class Checked:
    """A check on the map: where it is drawn and what the model says there (None: nothing to say)."""

    check: FieldCheckSeen
    at: Position | None
    answer: Answer | None


def checked(
    checks: Iterable[FieldCheckSeen],
    things: Mapping[str, ThingPosition],
    places: Mapping[int, Position],
    points: Mapping[int, Sequence[PointReach]],
    reach: Reach,
    secret: Container[str | None] = (),
) -> tuple[Checked, ...]:
    """The checks with their answers; `places` are positions that may be told, `points` those of a run,
    `secret` things of which nothing may be told."""
    found = []
    for check in checks:
        spot = (check.lat, check.lon) if check.lat is not None and check.lon is not None else None
        at = None if check.hidden else spot or places.get(check.place_id or 0)
        thing = things.get(check.installation_id or "")
        if check.installation_id is not None:
            answer = _of_thing(check, at, thing, reach) if thing is not None and at is not None else None
        else:
            answer = _of_place(check, points.get(check.place_id or 0, ()), secret) if at is not None else None
        found.append(Checked(check, at, answer))
    return tuple(found)


def _of_thing(check: FieldCheckSeen, at: Position, thing: ThingPosition, reach: Reach) -> Answer | None:
    state = thing.state
    if state is None or thing.at is None or reach.channel(state.kind) is not check.channel:
        return None
    if not thing.working:
        return Answer(False, Certainty.NOT)
    row = ([state], [distance_m(thing.at, at)], bearing_deg(*thing.at, *at), [check.area_id])
    wrong = None if check.accuracy_m is None else [check.accuracy_m]
    level = float(reach.level(*row)[0])
    heard = check.channel is Channel.HEARING and level > 0
    return Answer(bool(reach.served(*row)[0]), reach.certainty(*row, wrong)[0], level if heard else None)


def _of_place(
    check: FieldCheckSeen, points: Sequence[PointReach], secret: Container[str | None]
) -> Answer | None:
    """The run's answer where the place is one point; the answers of several would not be of this spot."""
    if len(points) != 1 or not points[0].located:
        return None
    (point,) = points
    certainty = point.certainty(check.channel)
    told = check.channel is Channel.HEARING and point.source_id not in secret
    level = point.level_db if told else None
    return None if certainty is None else Answer(point.reached(check.channel, False), certainty, level)


def checks_columns(
    rows: Sequence[Checked], name_of: Callable[[FieldCheckSeen], str], places: Mapping[int, str]
) -> dict[str, Any]:
    """The checks as compact JSON; those without a spot are only counted in `total`."""
    shown = [row for row in rows if row.at is not None]
    return {
        "total": len(rows),
        "lat": [round(row.at[0], 5) for row in shown if row.at],
        "lon": [round(row.at[1], 5) for row in shown if row.at],
        "channel": [DRAWN.index(row.check.channel) for row in shown],
        "perceived": [int(row.check.perceived) for row in shown],
        "at": [moment(row.check.at) for row in shown],
        "kind": [name_of(row.check) for row in shown],
        "place": [places.get(row.check.place_id or 0, "") for row in shown],
        "ward": [row.check.area_id for row in shown],
        "note": [row.check.note for row in shown],
        "answer": [_answer(row.answer) for row in shown],
    }


def _answer(answer: Answer | None) -> list[Any] | None:
    if answer is None:
        return None
    level = None if answer.level_db is None else round(answer.level_db)
    return [int(answer.reached), CERTAINTIES.index(answer.certainty), level]


def by_place(points: Iterable[PointReach]) -> dict[int, list[PointReach]]:
    """The demand points of a run by place."""
    found: dict[int, list[PointReach]] = defaultdict(list)
    for point in points:
        found[point.place_id].append(point)
    return found


def reached_columns(
    place_ids: Iterable[int],
    hidden: Container[int],
    points: Mapping[int, Sequence[PointReach]],
    secret: Container[str | None],
) -> list[list[Any] | None]:
    """For each place: [points, heard reported, heard verified, its certainty, level, margin, read reported,
    read verified, its certainty]; certainties and levels only where the place is one point, −1 and None else.
    """
    return [_reached(points.get(place, ()), place in hidden, secret) for place in place_ids]


def _reached(points: Sequence[PointReach], hidden: bool, secret: Container[str | None]) -> list[Any] | None:
    located = [point for point in points if point.located]
    if not located:
        return None
    only = located[0] if len(located) == 1 else None
    told = only is not None and not hidden and only.source_id not in secret
    level = only.level_db if told and only else None
    margin = only.margin_db if told and only else None
    return [
        len(located),
        sum(point.heard_reported for point in located),
        sum(point.heard_verified for point in located),
        CERTAINTIES.index(only.heard_certainty) if only else -1,
        None if level is None else round(level),
        None if margin is None else round(margin),
        sum(point.read_reported for point in located),
        sum(point.read_verified for point in located),
        CERTAINTIES.index(only.read_certainty) if only else -1,
    ]
