"""The snapshot: reads one campaign's facts at one moment, as frozen values for maps/.

The session it gets must see one moment (`database.snapshot()`); it writes nothing.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, null, select
from sqlalchemy.orm import Session

from inventory.access.scope import below
from inventory.campaigns import facts_versions, standard_in_force
from inventory.clock import campaign_now, now, today_of
from inventory.errors import Unseen
from inventory.facts import (
    AnswerFact,
    AreaFact,
    CampaignFact,
    Facts,
    InstallationFact,
    KindFact,
    NeighbourhoodFact,
    PlaceFact,
    RequirementFact,
    StandardFact,
    StateFact,
)
from inventory.tables.area import Area
from inventory.tables.campaign import Campaign
from inventory.tables.installation import Installation, Review
from inventory.tables.kind import Kind, KindCondition
from inventory.tables.neighbourhood import Neighbourhood
from inventory.tables.place import Place, Venue
from inventory.tables.standard import Requirement, Standard
from inventory.tables.survey import Answer, Survey
from inventory.vocabulary import (
    WARD_KINDS,
    AreaKind,
    Condition,
    Lifecycle,
    ReviewState,
    VenueKind,
    Zone,
)

#: In these states of review the latest state counts in the reported figure (design §6).
REPORTED = frozenset({ReviewState.SUBMITTED, ReviewState.VERIFIED})
#: What the reach of a thing depends on, beside its kind; older stored states have none of it.
_MEASURES = ("accuracy_m", "azimuth", "width_m", "height_m", "sides", "horns", "watts")
#: The words of stored states; a look-up is several times faster than asking the enumeration.
_ZONES: dict[str | None, Zone | None] = {None: None, "": None, **{word.value: word for word in Zone}}
_LIFECYCLES = {word.value: word for word in Lifecycle}
_CONDITIONS = {word.value: word for word in Condition}


def read_facts(session: Session, campaign_id: int) -> Facts:
    """Read everything a coverage run needs. Raises Unseen without a campaign or a standard in force."""
    facts = frame(session, campaign_id, None, campaign_now())
    return replace(
        facts,
        installations=_installations(session, campaign_id, frozenset(area.id for area in facts.areas)),
        answers=answers(session, campaign_id),
    )


def frame(session: Session, campaign_id: int, day: date | None, read_at: datetime) -> Facts:
    """The facts without what people recorded: campaign, standard, kinds, wards, places, neighbourhoods.

    The standard is the one in force on `day` (None: the campaign's today); all else has no history
    and is told as it is now. Raises Unseen without a campaign or a standard in force.
    """
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise Unseen("campaign", campaign_id)
    return Facts(
        campaign=CampaignFact(
            campaign.id,
            campaign.code,
            campaign.name,
            campaign.election_day,
            campaign.decoration_deadline,
            campaign.synthetic,
        ),
        standard=read_standard(session, campaign, day),
        version=campaign.facts_version,
        area_versions=tuple(sorted(facts_versions(session, campaign_id).items())),
        read_at=read_at,
        kinds=read_kinds(session),
        areas=_areas(session, campaign),
        places=_places(session, campaign_id),
        installations=(),
        answers=(),
        neighbourhoods=_neighbourhoods(session, campaign_id),
    )


def read_standard(session: Session, campaign: Campaign, day: date | None = None) -> StandardFact:
    """The standard in force on a day, by default the campaign's today."""
    number = standard_in_force(session, campaign.id, day or today_of(campaign.pinned_today, now()))
    standard = session.get(Standard, number) if number else None
    if standard is None:
        raise Unseen("standard", campaign.code)
    return standard_fact(session, standard)


def standard_fact(session: Session, standard: Standard) -> StandardFact:
    """One version of the standard with its requirements in their order."""
    rows = session.scalars(
        select(Requirement)
        .where(Requirement.standard_id == standard.id)
        .order_by(Requirement.position, Requirement.id)
    )
    return StandardFact(standard.id, standard.number, standard.name, tuple(map(_requirement, rows)))


def _requirement(row: Requirement) -> RequirementFact:
    return RequirementFact(
        id=row.id,
        code=row.code,
        name_vi=row.name_vi,
        name_en=row.name_en,
        applies_to=row.applies_to,
        zone=row.zone,
        family=row.family,
        kind=row.kind_code,
        priced_kind=row.priced_kind_code,
        minimum=row.minimum,
        per_voters=row.per_voters,
        within_m=row.within_m,
        mandatory=row.mandatory,
        area_kinds=frozenset(AreaKind(word) for word in row.area_kinds),
        venue_kinds=frozenset(VenueKind(word) for word in row.venue_kinds),
        by_reach=row.by_reach,
    )


def read_kinds(session: Session) -> tuple[KindFact, ...]:
    """Every kind with the conditions in which it works, in the order of the taxonomy."""
    works = (KindCondition.kind_code == Kind.code) & KindCondition.works
    found: dict[str, tuple[Kind, set[Condition]]] = {}
    query = select(Kind, KindCondition.condition).outerjoin(KindCondition, works)
    for kind, condition in session.execute(query.order_by(Kind.position, Kind.code)):
        conditions = found.setdefault(kind.code, (kind, set()))[1]
        if condition is not None:
            conditions.add(condition)
    return tuple(
        KindFact(
            kind.code,
            kind.family,
            kind.name_vi,
            kind.name_en,
            kind.unit_vi,
            kind.unit_en,
            kind.bulk,
            frozenset(conditions),
            kind.default_width_m,
            kind.default_height_m,
        )
        for kind, conditions in found.values()
    )


def _areas(session: Session, campaign: Campaign) -> tuple[AreaFact, ...]:
    tree = below(frozenset({campaign.root_area_id}), campaign.tree_date)
    rows = session.execute(
        select(Area.id, Area.code, Area.name, Area.kind, Area.lat, Area.lon, Area.population)
        .where(Area.id.in_(tree), Area.kind.in_(sorted(WARD_KINDS)))
        .order_by(Area.code, Area.id)
    )
    return tuple(AreaFact(*row) for row in rows)


def _places(session: Session, campaign_id: int) -> tuple[PlaceFact, ...]:
    rows = session.execute(
        select(
            Place.id,
            Place.area_id,
            Place.venue_id,
            Place.number,
            Place.name,
            Venue.name,
            Venue.kind,
            Place.voters,
            Venue.lat,
            Venue.lon,
            Place.restricted,
            Place.synthetic,
        )
        .join(Venue, Venue.id == Place.venue_id)
        .where(Place.campaign_id == campaign_id)
        .order_by(Place.area_id, Place.number, Place.id)
    )
    return tuple(PlaceFact(*columns) for columns in map(tuple, rows))


def _neighbourhoods(session: Session, campaign_id: int) -> tuple[NeighbourhoodFact, ...]:
    row = Neighbourhood
    rows = session.execute(
        select(
            *(row.id, row.area_id, row.place_id, row.code, row.name, row.households, row.voters),
            *(row.lat, row.lon, row.synthetic),
        )
        .where(row.campaign_id == campaign_id)
        .order_by(row.area_id, row.code, row.id)
    )
    return tuple(NeighbourhoodFact(*columns) for columns in map(tuple, rows))


def _installations(session: Session, campaign_id: int, areas: frozenset[int]) -> tuple[InstallationFact, ...]:
    row_of = Installation
    # What was verified and not changed since is the row itself: no stored state need be read for it.
    unchanged = Review.verified_version == row_of.version
    rows = session.execute(
        select(
            row_of.id,
            row_of.kind_code,
            row_of.zone,
            row_of.venue_id,
            row_of.area_id,
            row_of.quantity,
            row_of.working,
            row_of.lifecycle,
            row_of.condition,
            row_of.lat,
            row_of.lon,
            *(getattr(row_of, name) for name in _MEASURES),
            Review.state,
            unchanged,
            case((unchanged, null()), else_=Review.verified_state),
        )
        .join(Review, Review.installation_id == row_of.id)
        .where(Review.campaign_id == campaign_id)
        .order_by(row_of.id)
    )
    found = []
    for number, *columns, review, as_verified, stored in rows:
        if columns[3] not in areas:
            continue
        # What was returned is in neither figure, whatever was verified before (design §6).
        told = review is not ReviewState.RETURNED
        state = StateFact(*columns)
        verified = state if as_verified else state_fact(stored) if stored else None
        found.append(
            InstallationFact(number, state if review in REPORTED else None, verified if told else None)
        )
    return tuple(found)


def state_fact(state: dict[str, Any]) -> StateFact:
    """The fact in a stored state of an installation (an event's or a verification's)."""
    return StateFact(
        state["kind_code"],
        _ZONES[state["zone"]],
        state["venue_id"],
        state["area_id"],
        state["quantity"],
        state["working"],
        _LIFECYCLES[state["lifecycle"]],
        _CONDITIONS[state["condition"]],
        state["lat"],
        state["lon"],
        *map(state.get, _MEASURES),
    )


def answers(session: Session, campaign_id: int, before: datetime | None = None) -> tuple[AnswerFact, ...]:
    """The answers of the visits that are finished, or that were before a moment.

    An answer is never later than the end of its visit, so the visit's end decides.
    """
    finished = Survey.finished_at.is_not(None) if before is None else Survey.finished_at < before
    rows = session.execute(
        select(Survey.place_id, Survey.area_id, Answer.zone, Answer.kind_code)
        .join(Survey, Survey.id == Answer.survey_id)
        .where(Survey.campaign_id == campaign_id, finished)
        .distinct()
        .order_by(Survey.area_id, Survey.place_id, Answer.zone, Answer.kind_code)
    )
    return tuple(
        AnswerFact(place, None if place is not None else area, zone, kind) for place, area, zone, kind in rows
    )
