"""A synthetic city or province in a real database, written in bulk: the ground of the page benches."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert

from app import create_app
from inventory.clock import now
from inventory.database import db
from inventory.identity import uuid7
from inventory.tables.area import Area, AreaParent
from inventory.tables.campaign import Campaign
from inventory.tables.installation import Installation, InstallationEvent, Review
from inventory.tables.place import Place, Venue
from inventory.tables.survey import Answer, Survey
from inventory.vocabulary import AreaKind, Condition, Lifecycle, PositionSource, ReviewState, VenueKind, Zone
from tests import city as small

SEED = 7
KINDS = (
    ("FLAG_NATIONAL", Zone.GATE, 3),
    ("BANNER_H", Zone.GATE, 1),
    ("FLAG_DECOR", Zone.GATE, 12),
    ("SPK_CLUSTER_FM", Zone.GATE, 1),
    ("NOTICE_BOARD", Zone.OUTSIDE, 1),
)


@dataclass(frozen=True)
class Size:
    """How big: wards, places in all, installations in all."""

    name: str
    wards: int
    places: int
    installations: int


CITY = Size("city", 33, 300, 6_000)
PROVINCE = Size("province", 170, 1_500, 30_000)


@dataclass
class World:
    """A service on a database of this size, with one person of each role."""

    app: Flask
    people: dict[str, int]
    ward: int
    place: int


def build(size: Size, folder: Path) -> World:
    """Write the world into a fresh SQLite file."""
    app = create_app({"TRUCQUAN_DATA": str(folder)})
    with app.app_context():
        upgrade()
        base = small.build()
        campaign = db.session.get_one(Campaign, base.campaign)
        random = Random(SEED)
        wards = [_ward(base.root, number) for number in range(size.wards)]
        db.session.flush()
        places = [_place(campaign.id, wards[n % size.wards], n, random) for n in range(size.places)]
        db.session.flush()
        _furnish(campaign.id, base, places, size, random)
        db.session.commit()
        return World(app, base.people, wards[0].id, places[0][0].id)


def _ward(root: int, number: int) -> Area:
    lon, lat, side = 106.9 + (number % 14) * 0.02, 20.9 + (number // 14) * 0.02, 0.02
    ring = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]
    area = Area(
        code=f"w{number:04d}", kind=AreaKind.PHUONG, name=f"Phường số {number}", folded=f"phuong so {number}",
        valid_from=small.TREE, lat=lat + side / 2, lon=lon + side / 2, population=9_000,
        boundary={"type": "Polygon", "coordinates": [ring]},
    )  # fmt: skip
    db.session.add(area)
    db.session.flush()
    db.session.add(AreaParent(child_id=area.id, parent_id=root, valid_from=small.TREE))
    return area


def _place(campaign: int, ward: Area, number: int, random: Random) -> tuple[Place, Venue]:
    venue = Venue(
        area_id=ward.id, name=f"Nhà văn hóa {number}", folded=f"nha van hoa {number}",
        kind=VenueKind.CULTURAL_HOUSE, lat=(ward.lat or 0) + random.uniform(-0.009, 0.009),
        lon=(ward.lon or 0) + random.uniform(-0.009, 0.009), position_source=PositionSource.IMPORT,
        synthetic=True,
    )  # fmt: skip
    db.session.add(venue)
    db.session.flush()
    place = Place(
        campaign_id=campaign, area_id=ward.id, venue_id=venue.id, code=f"p{number:05d}", number=number + 100,
        name=f"Khu vực bỏ phiếu số {number}", folded=f"khu vuc bo phieu so {number} {venue.folded}",
        voters=random.randrange(300, 1_400), synthetic=True,
    )  # fmt: skip
    db.session.add(place)
    return place, venue


def _furnish(
    campaign: int, base: small.City, places: list[tuple[Place, Venue]], size: Size, random: Random
) -> None:
    moment, who = now(), base.people["ward_staff"]
    things: list[dict[str, Any]] = []
    for number in range(size.installations):
        place, venue = places[number % len(places)]
        kind, zone, most = KINDS[number % len(KINDS)]
        works = random.random() < 0.75
        quantity = random.randrange(1, most + 1)
        things.append(
            {
                "id": uuid7(1_600_000_000_000 + number, random.randbytes(10)), "area_id": place.area_id,
                "venue_id": venue.id, "zone": zone, "kind_code": kind, "quantity": quantity,
                "working": quantity if works else 0, "lifecycle": Lifecycle.INSTALLED,
                "condition": Condition.GOOD if works else Condition.TORN,
                "lat": (venue.lat or 0) + random.uniform(-0.0005, 0.0005),
                "lon": (venue.lon or 0) + random.uniform(-0.0005, 0.0005), "accuracy_m": 8.0,
                "position_source": PositionSource.DEVICE, "created_at": moment, "created_by": who,
                "updated_at": moment, "updated_by": who, "version": 1, "synthetic": True,
            }
        )  # fmt: skip
    db.session.execute(insert(Installation), things)
    db.session.execute(insert(InstallationEvent), [_event(campaign, thing) for thing in things])
    db.session.execute(insert(Review), [_review(campaign, thing, random) for thing in things])
    for place, _venue in places[: len(places) * 2 // 3]:
        _visit(campaign, base.standard, place, who)


def _state(thing: dict[str, Any]) -> dict[str, Any]:
    names = (
        "kind_code",
        "area_id",
        "venue_id",
        "zone",
        "quantity",
        "working",
        "lifecycle",
        "condition",
        "lat",
        "lon",
    )
    return {
        name: str(thing[name]) if name in {"zone", "lifecycle", "condition"} else thing[name]
        for name in names
    }


def _event(campaign: int, thing: dict[str, Any]) -> dict[str, Any]:
    return {
        "installation_id": thing["id"], "number": 1, "act": "recorded", "campaign_id": campaign,
        "person_id": thing["created_by"], "at": thing["created_at"], "changes": {}, "state": _state(thing),
    }  # fmt: skip


def _review(campaign: int, thing: dict[str, Any], random: Random) -> dict[str, Any]:
    verified = random.random() < 0.6
    return {
        "installation_id": thing["id"], "campaign_id": campaign, "version": 1,
        "state": ReviewState.VERIFIED if verified else ReviewState.SUBMITTED,
        "submitted_by": thing["created_by"], "submitted_at": thing["created_at"],
        "verified_version": 1 if verified else None, "verified_state": _state(thing) if verified else None,
    }  # fmt: skip


def _visit(campaign: int, standard: int, place: Place, who: int) -> None:
    survey = Survey(
        id=uuid7(1_600_000_000_000, place.id.to_bytes(10, "big")), campaign_id=campaign,
        area_id=place.area_id, place_id=place.id, standard_id=standard, person_id=who,
        started_at=now(), finished_at=now(),
    )  # fmt: skip
    db.session.add(survey)
    db.session.flush()
    rows = [
        {"survey_id": survey.id, "zone": zone, "kind_code": kind, "found": 1, "at": now()}
        for kind, zone, _most in KINDS
    ]
    db.session.execute(insert(Answer), rows)
