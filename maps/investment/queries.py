"""The investment list of a person: the newest run's gaps in their areas, priced by the book in force.

A list follows from its run, the run's own standard and store, the names of wards, places and kinds,
and the price book. Exactly these values are the key under which a computed list is kept, so a kept
list is never an old one; pages and files of one moment are the same list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from inventory.access.permissions import Actor, Permission
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.directory import PlaceName, Ward
from inventory.errors import Unseen
from inventory.facts import (
    AreaFact,
    CampaignFact,
    Facts,
    InstallationFact,
    KindFact,
    PlaceFact,
    StateFact,
)
from inventory.snapshot import read_kinds
from inventory.vocabulary import Condition, Figure, Lifecycle
from maps.coverage import queries as coverage
from maps.coverage.gaps import quiet
from maps.coverage.queries import Overview
from maps.investment import books
from maps.investment.lines import BookFact, InvestmentList, Line
from maps.investment.rules import investment
from maps.plan import listed
from maps.plan import queries as plans
from maps.plan.queries import PlanSeen

#: Lists of both figures and languages for the few who see the city, and those of some wards.
_KEPT = 16


class Missing(StrEnum):
    """Why there is no list yet."""

    RUN = "run"
    BOOK = "book"


@dataclass(frozen=True)
class Found:
    """A list with what it was made from; `plan` where its lines are a plan's and not those of all gaps."""

    view: Overview
    book: BookFact
    facts: Facts
    listed: InvestmentList
    plan: PlanSeen | None = None

    def in_figure(self, figure: Figure, locale: str) -> InvestmentList:
        """The list of the same facts in a figure and a language."""
        return _made(self.view.run.id, self.facts, self.book, figure, locale, self.view.hidden_things)


@dataclass(frozen=True)
class LineSeen:
    """A line as a table prints it, with the gap it came from (None: it stands for a whole place)."""

    line: Line
    gap: coverage.GapLine | None


def read(
    actor: Actor, campaign: CampaignSeen, figure: Figure, locale: str = "vi", view: Overview | None = None
) -> Found | Missing:
    """The list of a person, or what has to be done first; a `view` read already is not read again."""
    view = view or coverage.overview(actor, campaign)
    if view is None:
        return Missing.RUN
    book = books.in_force(campaign)
    if book is None:
        return Missing.BOOK
    facts = _facts(actor, campaign, view)
    return Found(view, book, facts, _made(view.run.id, facts, book, figure, locale, view.hidden_things))


def planned(actor: Actor, campaign: CampaignSeen, plan_id: int, locale: str) -> Found | Missing:
    """The lines of a finished plan in the person's areas, with the book it was made with. Raises Unseen."""
    seen = plans.one(actor, campaign, plan_id)
    view = coverage.overview(actor, campaign)
    book = listed.book_of(campaign, seen)
    if not seen.done or book is None:
        raise Unseen("plan", plan_id)
    if view is None:
        return Missing.RUN
    lines = listed.listed(actor, seen, book, locale)
    return Found(view, book, _facts(actor, campaign, view), lines, seen)


def chosen_plan(campaign: CampaignSeen) -> PlanSeen | None:
    """The plan that the office chose, once finished: who reads the list may see their part of it."""
    seen = plans.chosen(campaign)
    return seen if seen and seen.done else None


def amount_asked(actor: Actor, campaign: CampaignSeen, view: Overview | None = None) -> int | None:
    """What a person's list asks for in đồng, by the reported figure: the total of `/investment`.

    A page that has the person's overview of the newest run gives it as `view`. None where there is
    no run or no price book yet, or the person may not read the list.
    """
    if not actor.may(Permission.READ_LIST):
        return None
    found = read(actor, campaign, Figure.REPORTED, view=view)
    return found.listed.total if isinstance(found, Found) else None


def seen_lines(found: Found, rows: tuple[Line, ...], actor: Actor) -> tuple[LineSeen, ...]:
    """The lines of a page with their gaps; of another ward's nearest thing only its distance."""
    wanted = {(line.area_id, line.place_id, line.requirement_id) for line in rows}
    gaps = [gap for gap in found.view.gaps if (gap.area_id, gap.place_id, gap.requirement_id) in wanted]
    told: dict[tuple[int, int | None, int | None], coverage.GapLine] = {
        (one.gap.area_id, one.gap.place_id, one.gap.requirement_id): one
        for one in coverage.lines(found.view, gaps, found.listed.figure, actor)
    }
    return tuple(LineSeen(row, told.get((row.area_id, row.place_id, row.requirement_id))) for row in rows)


def kinds_in(found: Found) -> frozenset[str]:
    """The kinds that any line of the list speaks of."""
    listed = found.listed
    parts = (listed.priced, listed.unpriced, listed.covered, listed.to_verify)
    return frozenset(line.kind for lines in parts for line in lines)


@lru_cache(maxsize=_KEPT)
def _made(
    run_id: str, facts: Facts, book: BookFact, figure: Figure, locale: str, hidden_things: frozenset[str]
) -> InvestmentList:
    """The list of the wards and places in the facts; a run never changes, so the rest is the key.

    Nothing tells how far the things that its reader may not know of are, nor anything from a place
    that the facts mark as restricted.
    """
    wards = {area.id for area in facts.areas}
    places = {place.id for place in facts.places}
    gaps = [
        gap
        for gap in coverage.run_gaps(run_id)
        if gap.area_id in wards and (gap.place_id is None or gap.place_id in places)
    ]
    closed = frozenset(place.id for place in facts.places if place.restricted)
    return investment(quiet(gaps, closed, hidden_things), facts, book, figure, locale)


def _facts(actor: Actor, campaign: CampaignSeen, view: Overview) -> Facts:
    """What the rules need to know beside the gaps, of the person's own wards only."""
    run = view.run
    wards, kinds = frozenset(ward.id for ward in view.wards), read_kinds(db.session())
    # The campaign's counter also tells of wards the person does not see; theirs are enough for them.
    whole = campaign.root_area_id in actor.areas
    version = run.facts_version if whole else sum(run.area_versions.get(ward, 0) for ward in wards)
    return Facts(
        campaign=_campaign(campaign),
        standard=view.standard,
        version=version,
        area_versions=(),
        read_at=run.read_at,
        kinds=kinds,
        areas=tuple(_area(ward) for ward in view.wards),
        places=tuple(_place(place) for place in view.places),
        installations=tuple(
            InstallationFact(str(number), state, None)
            for number, state in enumerate(_stored(run.store, kinds, wards))
        ),
        answers=(),
    )


def _campaign(seen: CampaignSeen) -> CampaignFact:
    return CampaignFact(
        seen.id, seen.code, seen.name, seen.election_day, seen.decoration_deadline, seen.synthetic
    )


def _area(ward: Ward) -> AreaFact:
    return AreaFact(ward.id, ward.code, ward.name, ward.kind, None, None, None)


def _place(place: PlaceName) -> PlaceFact:
    return PlaceFact(
        id=place.id,
        area_id=place.area_id,
        venue_id=place.venue_id,
        number=place.number,
        name=place.name,
        venue_name=place.venue_name,
        venue_kind=place.venue_kind,
        voters=place.voters,
        lat=None,
        lon=None,
        restricted=place.hidden,  # to this reader
        synthetic=place.synthetic,
    )


def _stored(
    store: tuple[tuple[int, str, int], ...], kinds: tuple[KindFact, ...], wards: frozenset[int]
) -> Iterator[StateFact]:
    """What lay in store when the run was made: a bulk kind as one record, others thing by thing."""
    known = {kind.code: kind for kind in kinds}
    for area_id, code, units in store:
        kind = known.get(code)
        if kind is None or area_id not in wards:
            continue
        condition = min(kind.works_when, default=Condition.GOOD)
        for quantity in [units] if kind.bulk else [1] * units:
            yield StateFact(
                code, None, None, area_id, quantity, quantity, Lifecycle.STORED, condition, None, None
            )
