"""Both wards of the test city with one row of everything that an address can name."""

import hashlib
from dataclasses import dataclass, field
from io import BytesIO

from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.routing import Rule

from inventory.access.permissions import Actor
from inventory.assignments import codes
from inventory.campaigns import CampaignSeen, current
from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.installations.record import Record
from inventory.outcomes import Done
from inventory.people import sessions
from inventory.photos import actions as photos
from inventory.photos.intake import Upload, receive
from inventory.receipts import entry_of
from inventory.tables.field import FieldEntry
from inventory.tables.neighbourhood import Neighbourhood
from inventory.tables.place import Place
from inventory.vocabulary import CaseState, EntryAct, EntryOutcome, PhotoRole, Zone
from maps.plan import actions as plans
from maps.plan.ask import Ask
from maps.planning import actions as planning
from maps.planning.inputs import Fund, PlanZone, Row, Site, Supply, ZoneRule
from maps.planning.weights import Weight, WeightOn
from maps.reach import loading
from maps.tables.reach import NoiseLimitRow, ReachSurroundings
from tests.city import City

#: Names of what belongs to a ward; the others (a person, a standard) belong to the city.
OF_A_WARD = {
    "place_id",
    "area_id",
    "installation_id",
    "photo_id",
    "neighbourhood_id",
    "short_code",
    "entry_id",
}
NEVER: dict[str, int | str] = {
    "place_id": 999_999,
    "area_id": 999_999,
    "installation_id": new_id(),
    "photo_id": new_id(),
    "neighbourhood_id": 999_999,
    "short_code": codes.of_place(999_999),
    "entry_id": new_id(),
}


@dataclass
class Furnished:
    """Ids by ward and by the name that routes give them."""

    rows: dict[int, dict[str, int | str]] = field(default_factory=dict)
    shared: dict[str, int | str] = field(default_factory=dict)

    def names_a_row(self, rule: Rule) -> bool:
        """Whether the route names a row of a ward."""
        return bool(rule.arguments & OF_A_WARD)

    def address(self, app: Flask, rule: Rule, ward: int | None) -> str:
        """The route's address with the ids of a ward; of rows that never were for None."""
        values: dict[str, int | str] = {}
        for name in rule.arguments:
            if name in OF_A_WARD:
                values[name] = self.rows[ward][name] if ward is not None else NEVER[name]
            else:
                values[name] = self.shared[name]
        with app.test_request_context():
            return app.url_map.bind("localhost").build(rule.endpoint, values)


def acting(person_id: int) -> tuple[Actor, CampaignSeen]:
    """The person as actions know them, and the campaign. Inside an app context."""
    campaign = current(db.session())
    assert campaign is not None
    found = sessions.load(db.session(), sessions.begin(person_id, "tests", "127.0.0.1"), campaign)
    assert found is not None
    return found.actor, campaign


def picture(colour: str = "red") -> bytes:
    """A small JPEG."""
    stream = BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, "JPEG")
    return stream.getvalue()


def plan_inputs(city: City) -> dict[str, int | str]:
    """One row in each list of the inputs of planning, by the name that routes give it."""
    actor, campaign = acting(city.people["culture_office"])
    line = "[[107.01,20.95],[107.02,20.95],[107.02,20.955],[107.01,20.95]]"
    rows: dict[str, Row] = {
        "site_id": Site(name="Ngã tư", area_id=city.ward_a, lat=20.96, lon=107.02),
        "zone_id": PlanZone(
            name="Bờ vịnh",
            rule=ZoneRule.EXCLUSION,
            boundary=f'{{"type":"Polygon","coordinates":[{line}]}}',
            reason="cảnh quan",
        ),
        "weight_id": Weight(on=WeightOn.AREA_KIND, subject="xa", factor=1.2, reason="xa"),
        "fund_id": Fund(name="Ngân sách", cap=500_000_000),
        "supply_id": Supply(kind="BANNER_H", lead_days=5, life=1),
    }
    made = {name: planning.add(actor, campaign, row, entry_of(new_id(), {})) for name, row in rows.items()}
    assert all(isinstance(outcome, Done) for outcome in made.values()), made
    db.session.commit()
    return {name: int(outcome.subject) for name, outcome in made.items() if isinstance(outcome, Done)}


def reach_rows(city: City) -> dict[str, int | str]:
    """The reach parameters of the campaign, and a row of each list by the name that routes give it."""
    loading.load(city.campaign)
    db.session.commit()
    limit = db.session.scalars(select(NoiseLimitRow.id)).first()
    around = db.session.scalars(select(ReachSurroundings.id)).first()
    return {"figure": "target", "limit_id": limit or 0, "surroundings_id": around or 0}


def a_plan(city: City) -> dict[str, int | str]:
    """A plan that waits for the worker."""
    actor, campaign = acting(city.people["culture_office"])
    asked = plans.ask_for(actor, campaign, Ask(budget=50_000_000), entry_of(new_id(), {}))
    assert isinstance(asked, Done), asked
    db.session.commit()
    return {"plan_id": int(asked.subject)}


def _case(city: City, ward: int, person_id: int) -> str:
    """An entry of a phone that somebody has to decide; its id."""
    body = '{"act":"confirm"}'
    row = FieldEntry(
        id=new_id(),
        sha256=hashlib.sha256(body.encode()).hexdigest(),
        act=EntryAct.CONFIRM,
        person_id=person_id,
        campaign_id=city.campaign,
        area_id=ward,
        body=body,
        outcome=EntryOutcome.HELD,
        code="disabled",
        received_at=now(),
        case_state=CaseState.OPEN,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _neighbourhood(city: City, ward: int, place: int) -> int:
    """A neighbourhood of a ward; its id."""
    row = Neighbourhood(
        campaign_id=city.campaign, area_id=ward, place_id=place, code="KP-01", name="Khu 1", folded="khu 1"
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def furnish(app: Flask, city: City) -> Furnished:
    """Record one thing with a photo in each ward, and name a row of everything else."""
    furnished = Furnished()
    with app.app_context():
        for ward, who, place in (
            (city.ward_a, "ward_staff", city.places_a[0]),
            (city.ward_b, "other_ward", city.places_b[0]),
        ):
            actor, campaign = acting(city.people[who])
            venue = db.session.get_one(Place, place).venue_id
            thing = Record("BANNER_H", ward, venue_id=venue, zone=Zone.GATE)
            made = installations.record(actor, campaign, thing, entry_of(new_id(), {}))
            assert isinstance(made, Done), made
            upload = Upload(
                PhotoRole.OVERVIEW, "anh.jpg", BytesIO(picture("red" if ward == city.ward_a else "blue"))
            )
            (received,) = receive([upload], app.config["SETTINGS"].media)
            photo = photos.attach(actor, campaign, made.subject, received, entry_of(new_id(), {}))
            assert isinstance(photo, Done), photo
            furnished.rows[ward] = {
                "place_id": place,
                "area_id": ward,
                "installation_id": made.subject,
                "photo_id": photo.subject,
                "neighbourhood_id": _neighbourhood(city, ward, place),
                "short_code": codes.of_installation(made.subject),
                "entry_id": _case(city, ward, city.people[who]),
            }
            db.session.commit()
        inputs = plan_inputs(city)
        plan = a_plan(city)
        reach = reach_rows(city)
    furnished.shared = {
        **inputs,
        **plan,
        **reach,
        "filename": "css/tokens.css",
        "person_id": city.people["ward_staff"],
        "session_id": 999_999,
        "device_id": new_id(),
        "batch_id": new_id(),
        "rescue_sha": "0" * 64,
        "standard_id": city.standard,
        "requirement_id": 1,
        "slogan_id": city.slogan,
        "kind_code": "BANNER_H",
        "code": "election",
        "before_id": city.ward_b,
        "number": 1,
        "book_id": city.book,
        "row_id": 1,
        "campaign_id": city.campaign,
    }
    return furnished
