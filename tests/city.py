"""A small city for the tests: two wards of a city, four places, a standard, prices, six people.

All of it is synthetic; the two ward squares touch near Hạ Long so that distances are real.
"""

from dataclasses import dataclass, field
from datetime import date

from inventory.clock import now
from inventory.database import db
from inventory.tables.area import Area, AreaParent
from inventory.tables.campaign import Campaign
from inventory.tables.kind import Kind, KindCondition
from inventory.tables.person import Person, PersonArea
from inventory.tables.place import Place, Venue
from inventory.tables.slogan import Slogan
from inventory.tables.standard import Requirement, Standard
from inventory.vocabulary import (
    AppliesTo,
    AreaKind,
    Condition,
    Family,
    LineAction,
    PositionSource,
    Role,
    VenueKind,
    Zone,
)
from inventory.wording import fold
from maps.tables.prices import PriceBook, PriceRow

TREE = date(2020, 1, 1)
ELECTION = date(2021, 5, 23)
TODAY = date(2021, 4, 19)
WORKING = {Condition.GOOD, Condition.FADED, Condition.DIRTY}


@dataclass
class City:
    """Ids of what was built. `people` by role, and "other_ward" for ward B's officer."""

    campaign: int = 0
    root: int = 0
    ward_a: int = 0
    ward_b: int = 0
    places_a: list[int] = field(default_factory=list)
    places_b: list[int] = field(default_factory=list)
    venues_a: list[int] = field(default_factory=list)
    people: dict[str, int] = field(default_factory=dict)
    slogan: int = 0
    withdrawn: int = 0
    standard: int = 0
    book: int = 0


def build() -> City:
    """Write the city into an empty, migrated database."""
    city = City()
    city.root = _area("193", AreaKind.CITY, "Thành phố Thử", 107.0, 20.9, 0.2)
    city.ward_a = _area("06649", AreaKind.PHUONG, "Phường Hồng Thử", 107.00, 20.94, 0.05, city.root)
    city.ward_b = _area("06652", AreaKind.XA, "Xã Đồng Thử", 107.05, 20.94, 0.05, city.root)
    campaign = Campaign(
        code="thu-2021",
        name="Bầu cử thử 2021",
        election_day=ELECTION,
        tree_date=TODAY,
        decoration_deadline=date(2021, 5, 10),
        root_area_id=city.root,
        pinned_today=TODAY,
        synthetic=True,
    )
    db.session.add(campaign)
    db.session.flush()
    city.campaign = campaign.id
    _kinds()
    _people(city)
    _standard(city)
    _prices(city)
    _slogans(city)
    for ward, places in ((city.ward_a, city.places_a), (city.ward_b, city.places_b)):
        for number in (1, 2):
            places.append(_place(city, ward, number))
    db.session.commit()
    return city


def _area(code: str, kind: AreaKind, name: str, lon: float, lat: float, side: float, parent: int = 0) -> int:
    ring = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]
    area = Area(
        code=code,
        kind=kind,
        name=name,
        folded=fold(name),
        valid_from=TREE,
        lat=lat + side / 2,
        lon=lon + side / 2,
        boundary={"type": "Polygon", "coordinates": [ring]},
        population=10_000,
    )
    db.session.add(area)
    db.session.flush()
    if parent:
        db.session.add(AreaParent(child_id=area.id, parent_id=parent, valid_from=TREE))
        db.session.flush()
    return area.id


def _kinds() -> None:
    rows = [
        ("BANNER_H", Family.BANNER, "Băng rôn ngang", "Horizontal banner", "cái", False, True, True, True),
        ("PANEL_SMALL", Family.BILLBOARD, "Pano nhỏ", "Small panel", "cái", False, True, True, True),
        ("NOTICE_BOARD", Family.BOARD, "Bảng niêm yết", "Notice board", "cái", False, True, True, False),
        ("FLAG_NATIONAL", Family.FLAG, "Cờ Tổ quốc", "National flag", "lá", True, False, False, False),
        ("FLAG_DECOR", Family.FLAG, "Cờ trang trí", "Decorative flag", "lá", True, False, False, False),
        (
            "SPK_CLUSTER_FM",
            Family.AUDIO,
            "Cụm loa FM",
            "FM loudspeaker cluster",
            "cụm",
            False,
            True,
            False,
            False,
        ),
        ("SPK_MOBILE", Family.AUDIO, "Xe tuyên truyền", "Sound vehicle", "xe", False, False, False, False),
    ]
    for position, (code, family, vi, en, unit, bulk, directional, sized, texted) in enumerate(rows):
        db.session.add(
            Kind(
                code=code,
                family=family,
                name_vi=vi,
                name_en=en,
                unit_vi=unit,
                unit_en="pc",
                position=position,
                bulk=bulk,
                directional=directional,
                sized=sized,
                texted=texted,
                horned=family is Family.AUDIO,
                default_width_m=6.0 if code == "BANNER_H" else 2.4,
                default_height_m=0.8 if code == "BANNER_H" else 1.2,
                near_duplicate_m=10.0,
            )
        )
        db.session.flush()
        for order, condition in enumerate(
            (
                Condition.GOOD,
                Condition.FADED,
                Condition.DIRTY,
                Condition.TORN,
                Condition.FALLEN,
                Condition.MISSING,
                Condition.TEXT_ERROR,
            )
        ):
            works = condition in WORKING and not (code == "FLAG_NATIONAL" and condition is Condition.FADED)
            db.session.add(KindCondition(kind_code=code, condition=condition, works=works, position=order))
    db.session.flush()


def _people(city: City) -> None:
    grants = {role.value: city.root for role in Role}
    grants["ward_staff"] = grants["ward_lead"] = city.ward_a
    grants["other_ward"] = city.ward_b
    for username, area in grants.items():
        role = Role.WARD_STAFF if username == "other_ward" else Role(username)
        person = Person(username=username, name=f"Người {username}", role=role, created_at=now())
        db.session.add(person)
        db.session.flush()
        db.session.add(PersonArea(person_id=person.id, area_id=area))
        city.people[username] = person.id
    db.session.flush()


def _standard(city: City) -> None:
    standard = Standard(
        campaign_id=city.campaign,
        number=1,
        name="Tiêu chuẩn thử",
        in_force_from=date(2021, 3, 1),
        created_at=now(),
    )
    db.session.add(standard)
    db.session.flush()
    city.standard = standard.id
    place, area = AppliesTo.PLACE, AppliesTo.AREA
    rows = [
        ("G1", place, Zone.GATE, Family.FLAG, "FLAG_NATIONAL", 1, None, None, True),
        ("G2", place, Zone.GATE, Family.BANNER, "BANNER_H", 1, None, None, True),
        ("G3", place, Zone.GATE, Family.FLAG, "FLAG_DECOR", 10, None, None, False),
        ("G4", place, Zone.GATE, Family.AUDIO, None, 1, None, 300.0, True),
        ("O1", place, Zone.OUTSIDE, Family.BOARD, "NOTICE_BOARD", 1, 1000, None, True),
        ("P1", area, Zone.PUBLIC, Family.BILLBOARD, "PANEL_SMALL", 1, None, None, True),
        ("M1", area, Zone.MOBILE, Family.AUDIO, "SPK_MOBILE", 1, None, None, False),
    ]
    for position, (code, applies, zone, family, kind, minimum, voters, within, mandatory) in enumerate(rows):
        db.session.add(
            Requirement(
                standard_id=standard.id,
                code=code,
                position=position,
                name_vi=f"Yêu cầu {code}",
                applies_to=applies,
                name_en=f"Requirement {code}",
                zone=zone,
                family=family,
                kind_code=kind,
                priced_kind_code=kind or "SPK_CLUSTER_FM",
                minimum=minimum,
                per_voters=voters,
                within_m=within,
                mandatory=mandatory,
                area_kinds=[],
                venue_kinds=[],
            )
        )
    db.session.flush()


def _prices(city: City) -> None:
    book = PriceBook(
        campaign_id=city.campaign,
        number=1,
        name="Đơn giá thử",
        source="số liệu thử",
        price_date=date(2021, 3, 1),
        in_force_from=date(2021, 3, 1),
        created_at=now(),
    )
    db.session.add(book)
    db.session.flush()
    city.book = book.id
    prices = {
        "BANNER_H": 350_000,
        "PANEL_SMALL": 900_000,
        "NOTICE_BOARD": 2_800_000,
        "FLAG_NATIONAL": 70_000,
        "FLAG_DECOR": 55_000,
        "SPK_CLUSTER_FM": 6_500_000,
    }
    for kind, price in prices.items():
        db.session.add(
            PriceRow(
                book_id=book.id,
                kind_code=kind,
                action=LineAction.BUY,
                unit_price=price,
                unit_vi="cái",
                source="số liệu thử",
                guess=True,
            )
        )
    db.session.flush()


def _slogans(city: City) -> None:
    good = Slogan(campaign_id=city.campaign, number=1, text="Cử tri cả nước tích cực tham gia bầu cử!")
    bad = Slogan(campaign_id=city.campaign, number=2, text="Câu đã thu hồi", withdrawn_on=date(2021, 4, 1))
    db.session.add_all([good, bad])
    db.session.flush()
    city.slogan, city.withdrawn = good.id, bad.id


def _place(city: City, ward: int, number: int) -> int:
    lon = (107.02 if ward == city.ward_a else 107.06) + number * 0.003
    name = f"Nhà văn hóa khu {number}"
    venue = Venue(
        area_id=ward,
        name=name,
        folded=fold(name),
        kind=VenueKind.CULTURAL_HOUSE,
        lat=20.96,
        lon=lon,
        position_source=PositionSource.IMPORT,
        source="tests/city.py",
        licence="MIT",
        synthetic=True,
    )
    db.session.add(venue)
    db.session.flush()
    if ward == city.ward_a:
        city.venues_a.append(venue.id)
    title = f"Khu vực bỏ phiếu số {number:02d}"
    place = Place(
        campaign_id=city.campaign,
        area_id=ward,
        venue_id=venue.id,
        code=f"{ward}-{number:02d}",
        number=number,
        name=title,
        folded=fold(f"{title} {name}"),
        voters=700 * number,
        source="tests/city.py",
        licence="MIT",
        synthetic=True,
    )
    db.session.add(place)
    db.session.flush()
    return place.id
