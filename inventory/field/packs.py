"""A pack: everything that a phone needs of one ward to work there without a network."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, standard_in_force
from inventory.clock import now
from inventory.directory import standard_version
from inventory.errors import Unseen
from inventory.facts import RequirementFact
from inventory.field import queries
from inventory.field.queries import WardSize
from inventory.field.rules import FORMAT, MOST_FEATURES, Cursor, items, lacking
from inventory.installations import lifecycle, surroundings
from inventory.installations.limits import limits
from inventory.installations.rules import KindSeen
from inventory.outcomes import Refused, refuse
from inventory.standards import area_checklist, place_checklist
from inventory.surveys.checklist import build
from inventory.tables.assignment import Assignment
from inventory.tables.person import Person
from inventory.tables.place import Place, Venue
from inventory.vocabulary import AREA_ZONES, PLACE_ZONES, AreaKind


def pack(
    session: Session,
    actor: Actor,
    campaign: CampaignSeen,
    area_id: int,
    since: Cursor | None,
    have: frozenset[str],
) -> dict[str, Any] | Refused:
    """The pack of a ward as JSON values (docs/sync.md); Refused when it is too large. Raises Unseen."""
    ward = next(iter(queries.wards(session, actor, campaign, area_id)), None)
    if ward is None:
        raise Unseen("area", area_id)
    if ward.features > MOST_FEATURES:
        return refuse(
            "too_many",
            "Địa bàn này có %(n)s nơi và vật, nhiều hơn %(most)s mà một máy được giữ. "
            "Hãy dùng trang khảo sát thường, hoặc nhận địa bàn nhỏ hơn.",
            n=ward.features,
            most=MOST_FEATURES,
        )
    moved = queries.moved(session, campaign, area_id, since)
    things = queries.things(session, actor, campaign, area_id, moved.things)
    here = {thing["id"] for thing in things}
    moment = now()
    return {
        "format": FORMAT,
        "area": {"id": ward.id, "name": ward.name, "kind": ward.kind},
        "campaign": campaign_told(session, campaign),
        "cursor": str(moved.cursor),
        "full": moved.things is None,
        "server_at": queries.moment(moment),
        "sections": lacking(_sections(session, actor, campaign, ward), have),
        "things": things,
        "gone": sorted((moved.things or frozenset()) - here),
        "mine": queries.mine(session, actor, campaign, area_id, moment),
    }


def campaign_told(session: Session, campaign: CampaignSeen) -> dict[str, Any]:
    """The campaign as a phone prints it."""
    return {
        "id": campaign.id,
        "code": campaign.code,
        "name": campaign.name,
        "election_day": campaign.election_day.isoformat(),
        "decoration_deadline": campaign.decoration_deadline.isoformat(),
        "today": campaign.today.isoformat() if campaign.pinned else None,
        "synthetic": campaign.synthetic,
        "standard": standard_in_force(session, campaign.id, campaign.today),
    }


def _sections(session: Session, actor: Actor, campaign: CampaignSeen, ward: WardSize) -> dict[str, Any]:
    places = queries.places(session, actor, campaign, ward.id)
    kinds = surroundings.kinds()
    return {
        "outline": queries.outline(session, ward.id),
        "places": [_place(place, venue, hidden) for place, venue, hidden in places],
        "checklists": _checklists(session, campaign, ward, kinds, places),
        "kinds": [_kind(kind) for kind in kinds.values()],
        "slogans": [
            {"id": row.id, "number": row.number, "text": row.text, "withdrawn": row.withdrawn_on is not None}
            for row in surroundings.slogans(campaign.id)
        ],
        "limits": {**asdict(limits()), "moves": lifecycle.moves_told()},
        "assignments": _assignments(session, campaign, ward.id),
    }


def _place(place: Place, venue: Venue, hidden: bool) -> dict[str, Any]:
    return {
        "id": place.id,
        "area_id": place.area_id,
        "venue_id": place.venue_id,
        "number": place.number,
        "code": place.code,
        "name": place.name,
        "venue_name": venue.name,
        "venue_kind": venue.kind.value,
        "address": "" if hidden else venue.address,
        "voters": place.voters,
        "lat": None if hidden else venue.lat,
        "lon": None if hidden else venue.lon,
        "hidden": hidden,
        "restricted": place.restricted,
        "opens_at": place.opens_at.isoformat("minutes") if place.opens_at else None,
        "closes_at": place.closes_at.isoformat("minutes") if place.closes_at else None,
        "synthetic": place.synthetic,
    }


def _kind(kind: KindSeen) -> dict[str, Any]:
    return {
        "code": kind.code,
        "family": kind.family.value,
        "name": kind.name_vi,
        "name_en": kind.name_en,
        "unit": kind.unit_vi,
        "unit_en": kind.unit_en,
        "bulk": kind.bulk,
        "directional": kind.directional,
        "sized": kind.sized,
        "texted": kind.texted,
        "horned": kind.horned,
        "in_use": kind.in_use,
        "near_duplicate_m": kind.near_duplicate_m,
        "default_width_m": kind.default_width_m,
        "default_height_m": kind.default_height_m,
        "conditions": [[condition.value, works] for condition, works in kind.conditions],
    }


def _checklists(
    session: Session,
    campaign: CampaignSeen,
    ward: WardSize,
    kinds: Mapping[str, KindSeen],
    places: list[tuple[Place, Venue, bool]],
) -> dict[str, list[dict[str, Any]]]:
    """{"place:12": items, "ward:3": items}: made by the same code as the page of the survey."""
    standard_id = standard_in_force(session, campaign.id, campaign.today)
    rows: tuple[RequirementFact, ...] = ()
    if standard_id is not None:
        rows = standard_version(session, standard_id).requirements
    kind = AreaKind(ward.kind)
    told = {f"ward:{ward.id}": items(build(AREA_ZONES, area_checklist(rows, kind), kinds, (), (), None))}
    for place, venue, _hidden in places:
        mine = place_checklist(rows, venue.kind, kind)
        told[f"place:{place.id}"] = items(build(PLACE_ZONES, mine, kinds, (), (), place.voters))
    return told


def _assignments(session: Session, campaign: CampaignSeen, area_id: int) -> list[dict[str, Any]]:
    row = Assignment
    rows = session.execute(
        select(row.place_id, row.person_id, Person.name, row.team, row.position)
        .join(Place, Place.id == row.place_id)
        .join(Person, Person.id == row.person_id)
        .where(row.campaign_id == campaign.id, Place.area_id == area_id)
        .order_by(row.person_id, row.position, row.place_id)
    )
    return [
        {"place_id": place, "person_id": person, "person": name, "team": team, "position": position}
        for place, person, name, team, position in rows
    ]
