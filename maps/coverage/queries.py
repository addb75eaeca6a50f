"""Reads of coverage runs: the newest one, its gaps as a person sees them, and whether facts moved on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, select

from inventory import directory, positions
from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.directory import KindName, PlaceName, Ward
from inventory.facts import RequirementFact, StandardFact
from inventory.vocabulary import Figure, GapReason
from inventory.wording import moment
from maps.coverage.gaps import Gap, quiet
from maps.coverage.listing import missing_of, reason_of
from maps.coverage.summary import SpotSummary, Summary, Totals, summarise
from maps.tables.coverage import CoverageGap, CoverageRun

#: A trend compares with the newest run that is at least this old.
TREND = timedelta(days=7)
#: A stored run never changes, so its gaps may stay in memory; today's and the trend's are in use.
_KEPT = 4
_COLUMNS = tuple(getattr(CoverageGap, field.name) for field in fields(Gap))
_BROKEN = [field.name for field in fields(Gap)].index("broken")


@dataclass(frozen=True)
class RunSeen:
    """One stored run. `area_versions` are the facts' counters by area at its moment.

    `store` are the usable units that lay in store then: (area id, kind, units). `checked` cells were
    counted again independently; `recomputed` runs were made later for a day that had passed; `said` names
    the model of reach by language and channel: (msgid, values).
    """

    id: str
    number: int
    standard_id: int
    read_at: datetime
    day: date
    area_versions: Mapping[int, int]
    facts_version: int
    store: tuple[tuple[int, str, int], ...]
    checked: int = 0
    recomputed: bool = False
    said: Mapping[str, Mapping[str, tuple[str, Mapping[str, str]]]] = field(default_factory=dict)

    @property
    def clock(self) -> str:
        """The hour and minute of its facts, where the election is held."""
        return moment(self.read_at).split(" ")[0]


@dataclass(frozen=True)
class Overview:
    """A run as one person sees it: their wards, places, gaps and sums.

    `hidden_things` stand where the person may not know; no distance to them is told.
    """

    run: RunSeen
    moved: bool
    standard: StandardFact
    wards: tuple[Ward, ...]
    places: tuple[PlaceName, ...]
    gaps: tuple[Gap, ...]
    summary: Summary
    hidden_things: frozenset[str]


def latest(campaign_id: int) -> RunSeen | None:
    """The newest run of a campaign; one that was made later for a past day is not."""
    return _one(CoverageRun.campaign_id == campaign_id, ~CoverageRun.recomputed)


def a_week_before(run: RunSeen, campaign_id: int) -> RunSeen | None:
    """The newest run that is at least a week older than this one, for the trend."""
    return _one(
        CoverageRun.campaign_id == campaign_id,
        ~CoverageRun.recomputed,
        CoverageRun.campaign_day <= run.day - TREND,
    )


def numbered(campaign_id: int, number: int) -> RunSeen | None:
    """One run of a campaign, recomputed ones too."""
    return _one(CoverageRun.campaign_id == campaign_id, CoverageRun.number == number)


def _one(*conditions: ColumnElement[bool]) -> RunSeen | None:
    query = select(CoverageRun).where(*conditions).order_by(CoverageRun.number.desc()).limit(1)
    row = db.session.scalars(query).first()
    if row is None:
        return None
    versions = {int(area): int(version) for area, version in row.area_versions.items()}
    return RunSeen(
        row.id,
        row.number,
        row.standard_id,
        row.read_at,
        row.campaign_day,
        versions,
        row.facts_version,
        tuple(map(tuple, row.store)),
        row.checked,
        row.recomputed,
        row.said or {},
    )


def moved(run: RunSeen, actor: Actor, campaign: CampaignSeen) -> bool:
    """Whether facts the actor sees, or the standard in force are others than the run's.

    Only the counters of the actor's own areas are asked: what another ward does must not show.
    """
    in_force, versions = directory.facts_state(db.session(), campaign)
    if in_force != run.standard_id:
        return True
    return any(versions.get(area, 0) != run.area_versions.get(area, 0) for area in actor.areas)


@lru_cache(maxsize=_KEPT)
def run_gaps(run_id: str) -> tuple[Gap, ...]:
    """Every gap of a run, in the order of rules.gaps; for computing, not for showing to a person."""
    rows = db.session.execute(select(*_COLUMNS).where(CoverageGap.run_id == run_id).order_by(CoverageGap.id))
    return tuple(_gap(*row) for row in rows)


def _gap(*columns: Any) -> Gap:
    values = list(columns)
    values[_BROKEN] = tuple(map(tuple, columns[_BROKEN]))
    return Gap(*values)


def gaps_of(run_id: str, actor: Actor) -> tuple[Gap, ...]:
    """The gaps of a run that the actor sees, in the order of the run, for counting: not yet `quiet`."""
    return tuple(gap for gap in run_gaps(run_id) if scope.sees(actor, gap.area_id))


def overview(actor: Actor, campaign: CampaignSeen) -> Overview | None:
    """The newest run as the actor sees it; None before there is one."""
    run = latest(campaign.id)
    if run is None:
        return None
    session = db.session()
    standard = directory.standard_version(session, run.standard_id)
    wards, places = directory.wards_and_places(session, actor, campaign)
    things = positions.hidden_things(session, actor, campaign)
    found = quiet(gaps_of(run.id, actor), hidden_places(places), things)
    asked = {gap.place_id for gap in found}
    # A place that came in after the run is in none of its figures; the notice says that facts moved on.
    known = tuple(place for place in places if place.id in asked)
    summary = summarise(
        found,
        standard.requirements,
        [(place.id, place.area_id, place.voters) for place in known],
        [ward.id for ward in wards],
    )
    return Overview(run, moved(run, actor, campaign), standard, wards, known, found, summary, things)


def hidden_places(places: Iterable[PlaceName]) -> frozenset[int]:
    """Ids of the places of which nothing may tell where they are."""
    return frozenset(place.id for place in places if place.hidden)


def counts(gaps: Iterable[Gap]) -> dict[str, int]:
    """What a program reads of a run: design §6's sums over mandatory requirements, units over all."""
    rows = list(gaps)
    answered = [gap for gap in rows if gap.answered]
    mandatory = [gap for gap in answered if gap.mandatory]
    return {
        "requirements": len(rows),
        "mandatory": sum(gap.mandatory for gap in rows),
        "answered": len(mandatory),
        "met_reported": sum(gap.missing_reported == 0 for gap in mandatory),
        "met_verified": sum(gap.missing_verified == 0 for gap in mandatory),
        "missing_reported": sum(gap.missing_reported for gap in answered),
        "missing_verified": sum(gap.missing_verified for gap in answered),
    }


def shares(run: RunSeen, actor: Actor) -> dict[Figure, float | None]:
    """The share of answered mandatory requirements met in a run, of what the person sees; for a trend."""
    sums = counts(gaps_of(run.id, actor))
    met = {Figure.VERIFIED: sums["met_verified"], Figure.REPORTED: sums["met_reported"]}
    return {figure: units / sums["answered"] if sums["answered"] else None for figure, units in met.items()}


@dataclass(frozen=True)
class GapLine:
    """A gap as a table prints it. `open_nearest` is the id to link to, where the person may see it."""

    gap: Gap
    ward: Ward
    place: PlaceName | None
    requirement: RequirementFact
    missing: int | None
    reason: GapReason | None
    open_nearest: str | None


def lines(view: Overview, rows: Sequence[Gap], figure: Figure, actor: Actor) -> tuple[GapLine, ...]:
    """The rows of a list with their names; of another ward's nearest thing only its distance."""
    wards = {ward.id: ward for ward in view.wards}
    places = {place.id: place for place in view.places}
    standard = {one.id: one for one in view.standard.requirements}
    shown = [gap for gap in rows if gap.area_id in wards]
    nearest = [gap.nearest_installation_id for gap in shown if gap.nearest_installation_id]
    seen = directory.seen_installations(db.session(), actor, nearest)
    return tuple(
        GapLine(
            gap,
            wards[gap.area_id],
            places.get(gap.place_id) if gap.place_id is not None else None,
            standard[gap.requirement_id],
            missing_of(gap, figure),
            reason_of(gap, figure),
            gap.nearest_installation_id if gap.nearest_installation_id in seen else None,
        )
        for gap in shown
    )


@dataclass(frozen=True)
class WardLine:
    """A ward with its sums."""

    ward: Ward
    own: SpotSummary | None
    totals: Totals


def ward_lines(view: Overview, ward_id: int | None = None) -> tuple[WardLine, ...]:
    """The sums of each ward the person sees, by name; of one ward where it is chosen."""
    sums = {ward.area_id: ward for ward in view.summary.wards}
    return tuple(
        WardLine(ward, sums[ward.id].own, sums[ward.id].totals)
        for ward in view.wards
        if ward_id in (None, ward.id)
    )


def totals(view: Overview, ward_id: int | None = None) -> Totals:
    """The sum of those lines."""
    return sum((line.totals for line in ward_lines(view, ward_id)), Totals())


def kinds_of(view: Overview) -> tuple[KindName, ...]:
    """The kinds that count for a requirement of the run's standard."""
    named = {one.kind for one in view.standard.requirements}
    whole = {one.family for one in view.standard.requirements if one.kind is None}
    every = directory.kinds(db.session())
    return tuple(kind for kind in every if kind.code in named or kind.family in whole)
