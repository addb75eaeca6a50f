"""What the tests of the map add to the small city: standing things, answers, a restricted place, a run."""

from sqlalchemy import select

from inventory.access.permissions import Actor
from inventory.campaigns import current, facts_moved
from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.people import sessions
from inventory.tables.installation import Installation, Review
from inventory.tables.kind import Kind
from inventory.tables.place import Place
from inventory.tables.survey import Answer, Survey
from inventory.vocabulary import PLACE_ZONES, Condition, Lifecycle, ReviewState, Zone
from maps.coverage import actions as coverage
from tests.city import City


def acting(city: City, who: str) -> Actor:
    """The actor of a person of the city."""
    token = sessions.begin(city.people[who], "tests", "127.0.0.1")
    db.session.commit()
    found = sessions.load(db.session(), token, current(db.session()))
    assert found is not None
    return found.actor


def thing(city: City, place_id: int, kind: str = "BANNER_H", **changes: object) -> str:
    """One good thing at the gate of a place, submitted; returns its id."""
    place = db.session.get_one(Place, place_id)
    verified = changes.pop("verified", False)
    values: dict[str, object] = {
        "id": new_id(),
        "area_id": place.area_id,
        "venue_id": place.venue_id,
        "zone": Zone.GATE,
        "kind_code": kind,
        "quantity": 1,
        "working": 1,
        "lifecycle": Lifecycle.IN_USE,
        "condition": Condition.GOOD,
        "created_at": now(),
        "created_by": city.people["ward_staff"],
        "updated_at": now(),
        "updated_by": city.people["ward_staff"],
        **changes,
    }
    row = Installation(**values)
    db.session.add(row)
    db.session.flush()
    state = ReviewState.VERIFIED if verified else ReviewState.SUBMITTED
    db.session.add(
        Review(
            installation_id=row.id,
            campaign_id=city.campaign,
            state=state,
            verified_version=1 if verified else None,
            verified_state=_stored(row) if verified else None,
        )
    )
    db.session.commit()
    return row.id


def _stored(row: Installation) -> dict[str, object]:
    names = (
        *("kind_code", "zone", "venue_id", "area_id", "quantity", "working", "lifecycle", "condition"),
        *("lat", "lon"),
    )
    return {name: getattr(row, name) for name in names}


def surveyed(city: City, place_id: int) -> None:
    """Somebody looked for every kind in every zone of the place."""
    place = db.session.get_one(Place, place_id)
    visit = Survey(
        id=new_id(),
        campaign_id=city.campaign,
        area_id=place.area_id,
        place_id=place_id,
        standard_id=city.standard,
        person_id=city.people["ward_staff"],
        started_at=now(),
        finished_at=now(),
    )
    db.session.add(visit)
    db.session.flush()
    for zone in PLACE_ZONES:
        for kind in db.session.scalars(select(Kind.code).order_by(Kind.code)):
            db.session.add(Answer(survey_id=visit.id, zone=zone, kind_code=kind, found=0, at=now()))
    facts_moved(city.campaign, place.area_id)
    db.session.commit()


def restrict(place_id: int) -> None:
    """Make a place one of the armed forces."""
    db.session.get_one(Place, place_id).restricted = True
    db.session.commit()


def run(city: City) -> None:
    """Compute and store the gaps."""
    campaign = current(db.session())
    assert campaign is not None
    facts_moved(city.campaign, city.ward_a)
    db.session.commit()
    coverage.run(None, campaign)
    db.session.commit()
