"""The inputs of planning as values: what they are for, what a polygon may be, what may stand where."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.facts import KindFact
from inventory.outcomes import Problem, Refused
from inventory.vocabulary import Family
from maps.planning.allowing import allowed, contradictions, inside, site_allows
from maps.planning.inputs import (
    Duty,
    Fund,
    Inputs,
    LifeIn,
    PlanZone,
    Row,
    Site,
    Supply,
    ZoneRule,
    as_words,
    eligible_funds,
)
from maps.planning.rules import Ground, problems, visible
from maps.planning.shapes import MOST_CORNERS, MOST_ZONES, corners, read_area, read_areas
from maps.planning.weights import Weight, WeightOn, Weights

SQUARE = "20.90 107.00\n20.90 107.10\n21.00 107.10\n21.00 107.00"
BANNER = KindFact("BANNER_H", Family.BANNER, "Băng rôn", "Banner", "cái", "pc", False, frozenset())
SPEAKER = KindFact("SPK_CLUSTER_FM", Family.AUDIO, "Cụm loa", "Speakers", "cụm", "pc", False, frozenset())
KINDS = (BANNER, SPEAKER)
LINE = json.dumps(
    {
        "type": "Polygon",
        "coordinates": [[[107.0, 20.9], [107.1, 20.9], [107.1, 21.0], [107.0, 21.0], [107.0, 20.9]]],
    }
)
GROUND = Ground(
    kinds=frozenset(kind.code for kind in KINDS),
    wards={7: "Phường Thử", 8: "Xã Thử"},
    lines={7: LINE},
    places={1: (7, "Khu vực 1, Nhà văn hóa")},
)
SITE = Site(name="Ngã tư", area_id=7, lat=20.95, lon=107.05)


def polygon(text: str) -> str:
    found = read_area(text)
    assert isinstance(found, str), found
    return found


def refusal(found: object) -> Problem:
    assert isinstance(found, Refused), found
    return found.problems[0]


ZONE = PlanZone(name="Bờ vịnh", rule=ZoneRule.EXCLUSION, boundary=polygon(SQUARE), reason="cảnh quan")


def test_corners_by_lines_are_closed_and_come_back_as_they_were() -> None:
    kept = polygon(SQUARE)
    ring = json.loads(kept)["coordinates"][0]
    assert ring[0] == ring[-1] == [107.0, 20.9]
    assert len(ring) == 5
    assert polygon(corners(kept)) == kept
    assert polygon(SQUARE + "\n20.90 107.00\n") == kept


@pytest.mark.parametrize(
    "line",
    ["20,95 107,05", "20.95, 107.05", "20,95; 107,05", "20.95,107.05", "20,95, 107,05", "20°57' 107°3'"],
)
def test_a_corner_is_read_as_offices_write_it(line: str) -> None:
    ring = json.loads(polygon(f"{line}\n20.9 107.0\n20.9 107.1"))["coordinates"][0]
    assert ring[0] == [107.05, 20.95]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "area_empty"),
        ("  \n ", "area_empty"),
        ("20.9 107.0\n20.9 107.1", "area_few"),
        ("20.9 107.0\n20.9 107.1\n20.9 107.0", "area_few"),
        ("20.9 107.0\n20.91 107.1\n20.92 107.2", "area_flat"),
        ("20.9 107.0\n21.0 107.1\n21.0 107.0\n20.9 107.1", "area_crossing"),
        ("20.9 107.0\n21.0 107.1\n21.0 107.0\n20.85 107.1", "area_crossing"),
        ("107.0 20.9\n107.1 20.9\n107.1 21.0", "corner_swapped"),
        ("48.8 2.3\n48.9 2.3\n48.9 2.4", "corner_abroad"),
        ("20.9 107.0\nabc\n20.9 107.1", "corner"),
        ("20.9\n20.9 107.1\n20.95 107.1", "corner"),
        ("20.9 107.0 5\n20.9 107.1\n20.95 107.1", "corner"),
        ("20.9 nan\n20.9 107.1\n20.95 107.1", "corner"),
        ("20.9 107.0\n" * (MOST_CORNERS + 1), "area_long"),
        ("[]", "area_kind"),
        ('{"type": "Point", "coordinates": [107, 20.9]}', "area_kind"),
        ('{"type": "Polygon", "coordinates": []}', "area_unreadable"),
        ('{"type": "Polygon", "coordinates": [[[107, "x"]]]}', "area_unreadable"),
        ('{"type": "Polygon", "coordinates": [[[107, 20.9], [107.1, 20.9], [107.1, 21]]]}', "area_open"),
        ('{"type": "Polygon", "coordinates": [[[20.9, 107], [20.9, 107.1]]]}', "area_swapped"),
        ('{"type": "Polygon", "coordinates": [[[2.3, 48], [2.4, 48], [2.4, 49], [2.3, 48]]]}', "area_abroad"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 48]]]}', "json_number"),
        ('{"type": "Polygon"', "json"),
        ('{"a": ' + "[" * 100, "json_deep"),
        ('{"type": "FeatureCollection", "features": []}', "area_one"),
    ],
)  # fmt: skip
def test_what_is_no_polygon_is_refused_with_its_reason(text: str, code: str) -> None:
    assert refusal(read_area(text)).code == code


def test_a_crossing_is_told_where_it_is_and_never_repaired() -> None:
    told = refusal(read_area("20.9 107.0\n21.0 107.1\n21.0 107.0\n20.9 107.1"))
    assert dict(told.values) == {"lat": "20,95", "lon": "107,05"}


def test_a_hole_outside_and_parts_that_overlap_are_refused() -> None:
    ring = json.loads(polygon(SQUARE))["coordinates"][0]
    far = [[lon + 1, lat] for lon, lat in ring]
    near = [[lon + 0.05, lat] for lon, lat in ring]
    holed = {"type": "Polygon", "coordinates": [ring, far]}
    assert refusal(read_area(json.dumps(holed))).code == "area_broken"
    overlapping = {"type": "MultiPolygon", "coordinates": [[ring], [near]]}
    assert refusal(read_area(json.dumps(overlapping))).code in {"area_broken", "area_crossing"}
    apart = {"type": "MultiPolygon", "coordinates": [[ring], [far]]}
    kept = polygon(json.dumps(apart))
    assert corners(kept) == kept, "what has parts is edited as GeoJSON"


def feature(ring: list[list[float]], **properties: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_a_file_is_taken_whole_or_not_at_all() -> None:
    ring = json.loads(polygon(SQUARE))["coordinates"][0]
    good = feature(ring, name="  Bờ   vịnh ", reason="cảnh quan")
    bare = feature(ring, ten="Lưới điện", name=5)
    whole = {"type": "FeatureCollection", "features": [good, bare]}
    found = read_areas(json.dumps(whole).encode())
    assert isinstance(found, tuple)
    assert [(area.name, area.reason) for area in found] == [("Bờ vịnh", "cảnh quan"), ("Lưới điện", "")]
    broken = {"type": "FeatureCollection", "features": [good, feature(ring[:-1])]}
    refused = read_areas(json.dumps(broken).encode())
    assert isinstance(refused, Refused)
    assert [problem.code for problem in refused.problems] == ["area_at", "area_open"]
    assert dict(refused.problems[0].values) == {"place": 2}
    many = {"type": "FeatureCollection", "features": [good] * (MOST_ZONES + 1)}
    assert refusal(read_areas(json.dumps(many).encode())).code == "area_many"
    assert refusal(read_areas(b"")).code == "json"
    assert refusal(read_areas(b"\xff\xfe")).code == "json_utf8"
    assert refusal(read_areas(b'{"type": "FeatureCollection", "features": []}')).code == "area_none"


@given(st.text(st.sampled_from('0123456789.,; \n°"{}[]-NBĐ\\'), max_size=60))
def test_no_text_is_anything_but_a_polygon_or_a_refusal(text: str) -> None:
    found = read_area(text)
    assert isinstance(found, Refused) or read_area(found) == found


def test_an_empty_scope_is_all_kinds() -> None:
    assert all(ZONE.covers(kind) for kind in KINDS)
    assert [replace(ZONE, families=(Family.AUDIO,)).covers(kind) for kind in KINDS] == [False, True]
    assert [replace(ZONE, kinds=("BANNER_H",)).covers(kind) for kind in KINDS] == [True, False]


def test_exclusion_holds_for_its_kinds_on_its_line_and_for_no_unknown_point() -> None:
    zone = replace(ZONE, families=(Family.BANNER,))
    inputs = Inputs(zones=(zone, replace(ZONE, rule=ZoneRule.MUST, minimum=1)))
    lat = np.array([20.95, 20.9, 20.8, np.nan])
    lon = np.array([107.05, 107.05, 107.05, np.nan])
    assert allowed(lat, lon, BANNER, inputs).tolist() == [False, False, True, True]
    assert allowed(lat, lon, SPEAKER, inputs).tolist() == [True] * 4
    assert inside(zone, lat, lon).tolist() == [True, True, False, False]
    assert allowed(np.array([]), np.array([]), BANNER, inputs).shape == (0,)


def test_a_site_takes_what_its_duty_its_kinds_and_the_zones_allow() -> None:
    assert site_allows(SITE, BANNER, Inputs())
    assert not site_allows(replace(SITE, duty=Duty.MUST_NOT), BANNER, Inputs())
    assert not site_allows(replace(SITE, kinds=("SPK_CLUSTER_FM",)), BANNER, Inputs())
    assert not site_allows(SITE, BANNER, Inputs(zones=(ZONE,)))
    assert site_allows(replace(SITE, lat=20.85), BANNER, Inputs(zones=(ZONE,)))


def test_a_must_that_is_excluded_is_told() -> None:
    must = replace(SITE, duty=Duty.MUST)
    wanted = replace(ZONE, name="Phải có", rule=ZoneRule.MUST, minimum=1, families=(Family.BANNER,))
    assert contradictions(Inputs(sites=(must,), zones=(wanted,)), KINDS) == ()
    closed = Inputs(sites=(must,), zones=(wanted, ZONE))
    assert [problem.code for problem in contradictions(closed, KINDS)] == ["must_closed", "zone_closed"]
    partly = Inputs(sites=(must,), zones=(wanted, replace(ZONE, families=(Family.AUDIO,))))
    assert contradictions(partly, KINDS) == ()


def test_lead_life_limit_and_what_is_unknown() -> None:
    rows = (
        Supply(kind="BANNER_H", lead_days=5, life=2, life_in=LifeIn.YEARS, most=0),
        Supply(kind="SPK_CLUSTER_FM"),
    )
    inputs = Inputs(supplies=rows)
    assert (inputs.lead_days("BANNER_H"), inputs.lead_days("SPK_CLUSTER_FM"), inputs.lead_days("X")) == (
        5,
        0,
        0,
    )
    assert inputs.without_lead(["BANNER_H", "SPK_CLUSTER_FM", "X"]) == ("SPK_CLUSTER_FM", "X")
    assert inputs.hung_on("BANNER_H", date(2021, 4, 28)) == date(2021, 5, 3)
    assert (inputs.life("BANNER_H"), inputs.life("X")) == ((2, LifeIn.YEARS), None)
    assert (inputs.most("BANNER_H"), inputs.most("SPK_CLUSTER_FM")) == (0, None)


def test_funds_pay_for_their_kinds_in_their_areas_in_their_order() -> None:
    city = Fund(name="Thành phố", cap=5, id=1)
    ward = Fund(name="Xã", cap=None, areas=(8,), kinds=("BANNER_H",), id=2)
    inputs = Inputs(funds=(ward, city))
    assert eligible_funds(inputs, BANNER, 8) == (ward, city)
    assert eligible_funds(inputs, BANNER, 7) == (city,)
    assert eligible_funds(inputs, SPEAKER, 8) == (city,)


def test_words_are_json_and_change_with_every_field() -> None:
    rows = Inputs((SITE,), (ZONE,), Weights((Weight(on=WeightOn.AREA, subject="7", factor=2.0),)))
    text = json.dumps(as_words(rows), sort_keys=True)
    assert text == json.dumps(as_words(rows), sort_keys=True)
    assert json.dumps(as_words(replace(rows, sites=(replace(SITE, lat=20.951),))), sort_keys=True) != text
    assert json.dumps(as_words(replace(rows, zones=())), sort_keys=True) != text


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (replace(SITE, area_id=99), "area_id"),
        (replace(SITE, lat=107.05, lon=20.95), "lat"),
        (replace(SITE, lat=48.0), "lat"),
        (replace(SITE, lat=float("nan")), "lat"),
        (replace(SITE, lat=20.85), "lat"),
        (replace(SITE, kinds=("NONE",)), "kinds"),
        (replace(ZONE, rule=ZoneRule.MUST), "minimum"),
        (replace(ZONE, rule=ZoneRule.MUST, minimum=1001), "minimum"),
        (replace(ZONE, boundary=polygon("20.1 106.0\n20.1 106.1\n20.2 106.1")), "corners"),
        (Weight(on=WeightOn.AREA, subject="99", factor=1.0), "subject"),
        (Weight(on=WeightOn.PLACE, subject="2", factor=1.0), "subject"),
        (Weight(on=WeightOn.VENUE_KIND, subject="xa", factor=1.0), "subject"),
        (Weight(on=WeightOn.AREA_KIND, subject="nation", factor=1.0), "subject"),
        (Weight(on=WeightOn.AREA, subject="7", factor=0.0), "factor"),
        (Weight(on=WeightOn.AREA, subject="7", factor=float("nan")), "factor"),
        (Weight(on=WeightOn.AREA, subject="7", factor=10.5), "factor"),
        (Fund(name="x", cap=-1), "cap"),
        (Fund(name="x", cap=10**15 + 1), "cap"),
        (Fund(name="x", cap=1, areas=(99,)), "areas"),
        (Fund(name="x", cap=1, position=0), "position"),
        (Supply(kind="NONE"), "kind"),
        (Supply(kind="BANNER_H", lead_days=366), "lead_days"),
        (Supply(kind="BANNER_H", life=0), "life"),
        (Supply(kind="BANNER_H", most=-1), "most"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(row: Row, field: str) -> None:
    assert [problem.field for problem in problems(row, GROUND)] == [field]


@pytest.mark.parametrize(
    "row",
    [
        SITE,
        replace(SITE, area_id=8, lat=21.5),
        replace(SITE, lat=20.899),
        ZONE,
        replace(ZONE, rule=ZoneRule.MUST, minimum=1000),
        Weight(on=WeightOn.PLACE, subject="1", factor=0.1),
        Weight(on=WeightOn.VENUE_KIND, subject="school", factor=10.0),
        Fund(name="x", cap=0),
        Fund(name="x", cap=10**15, areas=(7, 8)),
        Fund(name="x", cap=None),
        Supply(kind="BANNER_H"),
        Supply(kind="BANNER_H", lead_days=0, life=50, most=0),
    ],
)
def test_what_can_be_kept_has_no_problem(row: Row) -> None:
    assert problems(row, GROUND) == ()


def test_rows_of_wards_that_a_person_does_not_see_are_not_there() -> None:
    part = replace(GROUND, wards={7: "Phường Thử"}, whole=False)
    assert visible(SITE, part)
    assert not visible(replace(SITE, area_id=8), part)
    assert not visible(Weight(on=WeightOn.AREA, subject="8", factor=1.0), part)
    assert not visible(Weight(on=WeightOn.PLACE, subject="2", factor=1.0), part)
    assert visible(Weight(on=WeightOn.AREA_KIND, subject="xa", factor=1.0), part)
    assert visible(Fund(name="x", cap=1), part)
    assert visible(replace(SITE, area_id=8), GROUND)
