"""Facts for the tests and benches of the pure engine: short builders and a synthetic city."""

import math
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from inventory.facts import (
    AnswerFact,
    AreaFact,
    CampaignFact,
    Facts,
    InstallationFact,
    KindFact,
    PlaceFact,
    RequirementFact,
    StandardFact,
    StateFact,
)
from inventory.vocabulary import AppliesTo, AreaKind, Condition, Family, Lifecycle, VenueKind, Zone

LAT, LON = 20.95, 107.08
GOOD = frozenset({Condition.GOOD})

#: Banners of two kinds, a bulk flag, a board and a loudspeaker: enough for every rule.
KINDS = (
    KindFact(
        "banner_h", Family.BANNER, "Băng rôn ngang", "Banner", "cái", "piece", False, GOOD | {Condition.FADED}
    ),
    KindFact("banner_v", Family.BANNER, "Phướn", "Pennon", "cái", "piece", False, GOOD),
    KindFact("flag", Family.FLAG, "Cờ trang trí", "Flag", "lá", "piece", True, GOOD),
    KindFact("board", Family.BOARD, "Bảng niêm yết", "Board", "cái", "piece", False, GOOD),
    KindFact("speaker", Family.AUDIO, "Cụm loa", "Loudspeakers", "cụm", "cluster", False, GOOD),
)


def requirement(number: int, kind: str | None = "banner_h", /, **changes: Any) -> RequirementFact:
    """One banner at the gate of every place, mandatory, unless changed."""
    families = {one.code: one.family for one in KINDS}
    family = changes.pop("family", families.get(kind or "", Family.BANNER))
    fact = RequirementFact(
        id=number,
        code=f"R{number}",
        name_vi=f"Yêu cầu {number}",
        name_en=f"Requirement {number}",
        applies_to=AppliesTo.PLACE,
        zone=Zone.GATE,
        family=family,
        kind=kind,
        priced_kind=kind or next(one.code for one in KINDS if one.family == family),
        minimum=1,
        per_voters=None,
        within_m=None,
        mandatory=True,
    )
    return replace(fact, **changes)


def area(number: int = 1, /, **changes: Any) -> AreaFact:
    fact = AreaFact(number, f"{6600 + number:05}", f"Phường {number}", AreaKind.PHUONG, LAT, LON, 9000)
    return replace(fact, **changes)


def place(number: int = 1, /, **changes: Any) -> PlaceFact:
    """Place n at venue n in ward 1, 500 m of latitude apart, 800 voters."""
    fact = PlaceFact(
        id=number,
        area_id=1,
        venue_id=number,
        number=number,
        name=f"Khu vực {number}",
        venue_name=f"Nhà văn hóa {number}",
        venue_kind=VenueKind.CULTURAL_HOUSE,
        voters=800,
        lat=LAT + number * 500 / 110_700,
        lon=LON,
        restricted=False,
        synthetic=True,
    )
    return replace(fact, **changes)


def state(kind: str = "banner_h", /, **changes: Any) -> StateFact:
    """A good thing in use at the gate of venue 1."""
    fact = StateFact(
        kind=kind,
        zone=Zone.GATE,
        venue_id=1,
        area_id=1,
        quantity=1,
        working=1,
        lifecycle=Lifecycle.IN_USE,
        condition=Condition.GOOD,
        lat=None,
        lon=None,
    )
    return replace(fact, **changes)


def both(identity: str, kind: str = "banner_h", /, **changes: Any) -> InstallationFact:
    """An installation that stands verified as it was reported."""
    known = state(kind, **changes)
    return InstallationFact(identity, known, known)


def reported(identity: str, kind: str = "banner_h", /, **changes: Any) -> InstallationFact:
    """An installation that waits for verification."""
    return InstallationFact(identity, state(kind, **changes), None)


def facts(
    requirements: Iterable[RequirementFact],
    installations: Iterable[InstallationFact] = (),
    places: Iterable[PlaceFact] | None = None,
    areas: Iterable[AreaFact] | None = None,
    answers: Iterable[AnswerFact] | None = None,
) -> Facts:
    """Facts; without `answers` everything that is asked was surveyed everywhere."""
    standard = StandardFact(1, 1, "Tiêu chuẩn", tuple(requirements))
    places = tuple(places) if places is not None else (place(),)
    areas = tuple(areas) if areas is not None else (area(),)
    return Facts(
        campaign=CampaignFact(1, "HL2021", "Bầu cử", date(2021, 5, 23), date(2021, 5, 10), True),
        standard=standard,
        version=1,
        area_versions=(),
        read_at=datetime(2021, 4, 19, tzinfo=UTC),
        kinds=KINDS,
        areas=areas,
        places=places,
        installations=tuple(installations),
        answers=tuple(answers if answers is not None else everywhere(standard, places, areas)),
    )


def everywhere(
    standard: StandardFact, places: Iterable[PlaceFact], areas: Iterable[AreaFact]
) -> list[AnswerFact]:
    """An answer for every requirement at every place and ward."""
    asked = {(one.zone, kind.code) for one in standard.requirements for kind in KINDS}
    found = [AnswerFact(one.id, None, zone, kind) for one in places for zone, kind in sorted(asked)]
    return found + [AnswerFact(None, one.id, zone, kind) for one in areas for zone, kind in sorted(asked)]


#: A standard of the size of the demo's: twelve for a place, two for a ward.
CITY_STANDARD = (
    requirement(1, "banner_h"),
    requirement(2, "banner_h", minimum=2, zone=Zone.OUTSIDE),
    requirement(3, None, family=Family.BANNER, minimum=2),
    requirement(4, "flag", minimum=10),
    requirement(5, "flag", minimum=10, zone=Zone.ROUTE, per_voters=100),
    requirement(6, "board", zone=Zone.OUTSIDE, minimum=3),
    requirement(7, "board", zone=Zone.INSIDE),
    requirement(8, "speaker"),
    requirement(9, "speaker", zone=Zone.ROUTE, within_m=300.0),
    requirement(10, None, family=Family.BANNER, zone=Zone.ROUTE, within_m=250.0, mandatory=False),
    requirement(11, "banner_v", zone=Zone.ROUTE, minimum=4, mandatory=False),
    requirement(12, "banner_v", zone=Zone.INSIDE),
    requirement(13, None, family=Family.BANNER, zone=Zone.PUBLIC, applies_to=AppliesTo.AREA, minimum=6),
    requirement(14, "speaker", zone=Zone.MOBILE, applies_to=AppliesTo.AREA, per_voters=4000),
)


def city(places: int, installations: int, seed: int = 20210523) -> Facts:
    """A seeded city of square wards of nine places; density does not change with size."""
    chance = random.Random(seed)
    side = math.sqrt(places / 300) * 0.3
    spots = [
        place(
            number,
            area_id=1 + (number - 1) // 9,
            lat=LAT + chance.uniform(0, side),
            lon=LON + chance.uniform(0, side),
            voters=chance.choice((None, *range(400, 2400, 37))),
        )
        for number in range(1, places + 1)
    ]
    things = [_thing(chance, f"{number:08}", chance.choice(spots), side) for number in range(installations)]
    areas = [area(number) for number in range(1, 2 + (places - 1) // 9)]
    answers = [
        answer
        for answer in everywhere(StandardFact(1, 1, "", CITY_STANDARD), spots, areas)
        if (answer.place_id or answer.area_id or 0) % 3
    ]
    return facts(CITY_STANDARD, things, spots, areas, answers)


def _thing(chance: random.Random, identity: str, at: PlaceFact, side: float) -> InstallationFact:
    kind = chance.choice(KINDS)
    zone = chance.choice(list(Zone))
    elsewhere = zone in (Zone.PUBLIC, Zone.MOBILE)
    quantity = chance.randint(1, 12) if kind.bulk else 1
    lat, lon = at.lat or LAT, at.lon or LON
    known = state(
        kind.code,
        zone=zone,
        venue_id=None if elsewhere else at.venue_id,
        area_id=at.area_id,
        quantity=quantity,
        working=chance.randint(0, quantity),
        lifecycle=chance.choice((Lifecycle.IN_USE, Lifecycle.IN_USE, Lifecycle.INSTALLED, Lifecycle.STORED)),
        condition=chance.choice((Condition.GOOD, Condition.GOOD, Condition.TORN)),
        lat=LAT + chance.uniform(0, side) if elsewhere else lat + chance.gauss(0, 0.0005),
        lon=LON + chance.uniform(0, side) if elsewhere else lon + chance.gauss(0, 0.0005),
    )
    return InstallationFact(identity, known, known if chance.random() < 0.6 else None)
