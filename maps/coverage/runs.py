"""Reads of stored runs beside the newest one: their list, their comparison, and whom things reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from inventory import directory, field_checks
from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.directory import PlaceName
from inventory.errors import Unseen
from inventory.facts import StandardFact
from inventory.field_checks import FieldCheckSeen
from inventory.vocabulary import Channel, Figure, PlaceState
from maps.coverage import queries
from maps.coverage.comparing import Change, Comparison, Move, compare
from maps.coverage.queries import Overview, RunSeen
from maps.coverage.reached import ChannelSum, PointReach, sums
from maps.tables.coverage import CoverageGap, CoverageReach, CoverageRun

#: The list shows so many of the newest runs.
MOST_LISTED = 60
_POINT_COLUMNS = tuple(getattr(CoverageReach, field.name) for field in fields(PointReach))


@dataclass(frozen=True)
class RunLine:
    """A stored run with the sums of what the person sees; shares are over answered mandatory rows."""

    number: int
    day: date
    read_at: datetime
    standard_id: int
    standard_number: int
    recomputed: bool
    checked: int
    mandatory: int
    answered: int
    met_reported: int
    met_verified: int
    missing_reported: int
    missing_verified: int

    def share(self, figure: Figure) -> float | None:
        """Met ÷ answered; None while nothing is answered."""
        met = self.met_reported if figure == Figure.REPORTED else self.met_verified
        return met / self.answered if self.answered else None


def stored(actor: Actor, campaign: CampaignSeen) -> tuple[RunLine, ...]:
    """The newest stored runs, the newest first."""
    gap, run = CoverageGap, CoverageRun
    asked = gap.answered & gap.mandatory
    told: list[Any] = [
        *(run.number, run.campaign_day, run.read_at, run.standard_id, run.recomputed, run.checked),
        *(_units(condition, 1) for condition in (gap.mandatory, asked)),
        *(_units(asked & (missing == 0), 1) for missing in (gap.missing_reported, gap.missing_verified)),
        *(_units(gap.answered, missing) for missing in (gap.missing_reported, gap.missing_verified)),
    ]
    rows = db.session.execute(
        select(*told)
        .outerjoin(gap, (gap.run_id == run.id) & scope.where(actor, gap.area_id))
        .where(run.campaign_id == campaign.id)
        .group_by(run.id)
        .order_by(run.number.desc())
        .limit(MOST_LISTED)
    )
    session = db.session()
    numbers: dict[int, int] = {}
    lines = []
    for number, day, read_at, standard, recomputed, checked, *counts in map(tuple, rows):
        if standard not in numbers:
            numbers[standard] = directory.standard_version(session, standard).number
        lines.append(
            RunLine(number, day, read_at, standard, numbers[standard], recomputed, checked, *map(int, counts))
        )
    return tuple(lines)


def _units(condition: Any, units: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, units), else_=0)), 0)


@dataclass(frozen=True)
class Compared:
    """The run of a page beside an earlier one. `standards`: (number before, number after) if they differ."""

    before: RunSeen
    comparison: Comparison
    standards: tuple[int, int] | None
    lines: tuple["ChangeLine", ...]


@dataclass(frozen=True)
class ChangeLine:
    """A change as a table prints it, what closed and opened first; `name_*` are the requirement's."""

    change: Change
    ward: str
    place: PlaceName | None
    name_vi: str
    name_en: str


def against(view: Overview, campaign: CampaignSeen, actor: Actor, number: int, figure: Figure) -> Compared:
    """The view's run beside another one; Unseen where there is none of that number."""
    before = queries.numbered(campaign.id, number)
    if before is None:
        raise Unseen("coverage_run", number)
    return _compared(view, before, actor, figure)


def since_last_week(view: Overview, campaign: CampaignSeen, actor: Actor, figure: Figure) -> Compared | None:
    """The view's run beside the newest one that is a week older; None before there is one."""
    before = queries.a_week_before(view.run, campaign.id)
    return _compared(view, before, actor, figure) if before is not None else None


def _compared(view: Overview, before: RunSeen, actor: Actor, figure: Figure) -> Compared:
    same = before.standard_id == view.standard.id
    old = view.standard if same else directory.standard_version(db.session(), before.standard_id)
    # Both of the whole scope: what the view leaves out (nearest things) is not compared.
    comparison = compare(
        queries.gaps_of(before.id, actor), view.gaps, _codes(old), _codes(view.standard), figure
    )
    return Compared(
        before,
        comparison,
        None if same else (old.number, view.standard.number),
        _lines(view, comparison.changes, old),
    )


def _codes(standard: StandardFact) -> dict[int, str]:
    return {one.id: one.code for one in standard.requirements}


def _lines(view: Overview, changes: Iterable[Change], old: StandardFact) -> tuple[ChangeLine, ...]:
    named = {one.code: one for one in (*old.requirements, *view.standard.requirements)}
    wards = {ward.id: ward.name for ward in view.wards}
    places = {place.id: place for place in view.places}
    order = {move: number for number, move in enumerate(Move)}
    return tuple(
        ChangeLine(
            change,
            wards.get(change.key[1], ""),
            places.get(change.key[0]) if change.key[0] is not None else None,
            named[change.key[2]].name_vi,
            named[change.key[2]].name_en,
        )
        for change in sorted(changes, key=lambda one: order[one.move])
        if change.key[2] in named
    )


@lru_cache(maxsize=4)
def points_of(run_id: str) -> tuple[PointReach, ...]:
    """Every demand point of a run, in its order; for computing, not for showing to a person."""
    query = select(*_POINT_COLUMNS).where(CoverageReach.run_id == run_id).order_by(CoverageReach.id)
    return tuple(PointReach(*row) for row in db.session.execute(query))


def reach_sums(view: Overview, actor: Actor, ward_id: int | None = None) -> tuple[ChannelSum, ...]:
    """Voters reached of the wards the person sees, by channel and method."""
    rows = [
        row
        for row in points_of(view.run.id)
        if scope.sees(actor, row.area_id) and ward_id in (None, row.area_id)
    ]
    looked = frozenset(
        place.place_id
        for place in view.summary.places
        if place.place_id is not None and place.state_reported != PlaceState.NOT_SURVEYED
    )
    return sums(rows, looked)


@dataclass(frozen=True)
class PointLine:
    """A point of a place as its page prints it; `open_*` are ids to link to where the person may see them.

    While `told` is false, no distance and no level is: both would say where a restricted venue lies.
    """

    point: PointReach
    open_source: str | None
    open_face: str | None
    told: bool


def of_place(view: Overview, actor: Actor, place: PlaceName) -> tuple[PointLine, ...]:
    """The demand points of a place. Nothing that would tell where a restricted venue lies is told."""
    rows = [row for row in points_of(view.run.id) if row.place_id == place.id]
    rows = [row for row in rows if scope.sees(actor, row.area_id)]
    ids = [one for row in rows for one in (row.source_id, row.face_id) if one is not None]
    seen = directory.seen_installations(db.session(), actor, ids) if ids else frozenset()
    return tuple(
        PointLine(
            row,
            row.source_id if row.source_id in seen else None,
            row.face_id if row.face_id in seen else None,
            not place.hidden and view.hidden_things.isdisjoint({row.source_id, row.face_id} - {None}),
        )
        for row in rows
    )


def checks_of(actor: Actor, campaign: CampaignSeen, place_id: int) -> tuple[FieldCheckSeen, ...]:
    """What people heard and read at a place, the newest first."""
    return field_checks.of_place(db.session(), actor, campaign, place_id, most=10)


def said(run: RunSeen, language: str) -> Mapping[Channel, tuple[str, Mapping[str, str]]]:
    """The model's name and target of a run, by channel: (msgid, values)."""
    words = run.said.get(language) or run.said.get("vi") or {}
    return {Channel(channel): (one[0], one[1]) for channel, one in words.items()}
