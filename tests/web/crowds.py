"""A thousand rows in another ward, each with a word that nobody else may read."""

from sqlalchemy import select

from inventory.assignments import codes
from inventory.campaigns import facts_moved
from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.installations.writes import record_of
from inventory.tables.installation import Installation, InstallationEvent, Photo, Review
from inventory.tables.person import Person, PersonArea
from inventory.tables.place import Place, Venue
from inventory.tables.survey import Answer, Survey
from inventory.vocabulary import Condition, Lifecycle, PositionSource, ReviewState, Role, VenueKind, Zone
from inventory.wording import fold
from tests.city import City

#: In every text of the crowd's rows.
SECRET = "Bí-Mật-Đồng-Thử"
#: 200 venues and places, 200 people, 200 installations with review, event and photo, 200 visits.
EACH = 200


def crowd(city: City) -> None:
    """Fill ward B, far from ward A: of things close by, a neighbour may know how far they are."""
    moment, person = now(), city.people["other_ward"]
    for number in range(10, 10 + EACH):
        venue = _venue(city, number)
        place = Place(
            campaign_id=city.campaign,
            area_id=city.ward_b,
            venue_id=venue.id,
            code=f"{SECRET}-{number}",
            number=number,
            name=f"{SECRET} {number}",
            folded=fold(f"{SECRET} {number} nhà văn hóa khu"),
            voters=900 + number,
        )
        stranger = Person(
            username=f"{fold(SECRET)}{number}",
            name=f"{SECRET} {number}",
            role=Role.WARD_STAFF,
            created_at=moment,
        )
        db.session.add_all([place, stranger])
        db.session.flush()
        db.session.add(PersonArea(person_id=stranger.id, area_id=city.ward_b))
        survey = Survey(
            id=new_id(),
            campaign_id=city.campaign,
            area_id=city.ward_b,
            place_id=place.id,
            standard_id=city.standard,
            person_id=person,
            started_at=moment,
            finished_at=moment,
            note=SECRET,
        )
        db.session.add(survey)
        db.session.flush()
        for kind in ("BANNER_H", "FLAG_NATIONAL"):
            db.session.add(
                Answer(survey_id=survey.id, zone=Zone.GATE, kind_code=kind, found=1, note=SECRET, at=moment)
            )
        _thing(city, venue, survey.id)
    facts_moved(city.campaign, city.ward_b)
    db.session.commit()


def _venue(city: City, number: int) -> Venue:
    venue = Venue(
        area_id=city.ward_b,
        name=f"{SECRET} {number}",
        folded=fold(f"{SECRET} {number}"),
        kind=VenueKind.SCHOOL,
        lat=20.985,
        lon=107.07 + number * 0.0001,
        position_source=PositionSource.IMPORT,
        source=SECRET,
    )
    db.session.add(venue)
    db.session.flush()
    return venue


def _thing(city: City, venue: Venue, survey: str) -> None:
    moment, person = now(), city.people["other_ward"]
    thing = Installation(
        id=new_id(),
        area_id=city.ward_b,
        venue_id=venue.id,
        zone=Zone.GATE,
        kind_code="BANNER_H",
        lifecycle=Lifecycle.INSTALLED,
        condition=Condition.GOOD,
        lat=venue.lat,
        lon=venue.lon,
        position_source=PositionSource.DEVICE,
        slogan_id=city.slogan,
        note=SECRET,
        serial=SECRET,
        created_at=moment,
        created_by=person,
        updated_at=moment,
        updated_by=person,
    )
    db.session.add(thing)
    db.session.flush()
    db.session.add_all(
        [
            Review(
                installation_id=thing.id,
                campaign_id=city.campaign,
                state=ReviewState.SUBMITTED,
                submitted_by=person,
                submitted_at=moment,
            ),
            InstallationEvent(
                installation_id=thing.id,
                number=1,
                act="recorded",
                campaign_id=city.campaign,
                person_id=person,
                at=moment,
                survey_id=survey,
                changes={},
                state=record_of(thing).as_state(),
                note=SECRET,
            ),
            Photo(
                id=new_id(),
                installation_id=thing.id,
                campaign_id=city.campaign,
                person_id=person,
                sha256=new_id().replace("-", "") * 2,
                shown_sha256="0" * 64,
                thumbnail_sha256="0" * 64,
                original_name=SECRET,
                width=1,
                height=1,
                size=1,
                received_at=moment,
            ),
        ]
    )
    db.session.flush()


def ids(city: City) -> dict[str, list[object]]:
    """Some of the crowd's ids by the name that addresses give them."""
    things = list(db.session.scalars(select(Installation.id).where(Installation.note == SECRET).limit(5)))
    crowded = select(Place.id).where(Place.area_id == city.ward_b).order_by(Place.id.desc()).limit(5)
    places = list(db.session.scalars(crowded))
    return {
        "place_id": list(places),
        "short_code": [*map(codes.of_place, places), *map(codes.of_installation, things)],
        "installation_id": list(things),
        "photo_id": list(db.session.scalars(select(Photo.id).where(Photo.original_name == SECRET).limit(5))),
        "area_id": [city.ward_b],
    }
