"""Positions on the phone: good, warned, poor, refused, silent, late and jumping ones; none is waited for.

The device is played by the test (`DEVICE`), so that each of its words comes exactly when it should; that a
real one is heard is shown in test_field_things.py.
"""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.geodesy import distance_outside_m, metres_per_degree
from tests.browser.phone import HERE, Phone
from tests.browser.test_field_things import ask, check, entries, go, ready, save

pytestmark = pytest.mark.browser

LAT, LON = HERE["latitude"], HERE["longitude"]
DEVICE = """
  navigator.geolocation.watchPosition = (heard, failed) => { window.device = { heard, failed }; return 1; };
  navigator.geolocation.clearWatch = () => { window.device = null; };
  window.fix = (accuracy, north = 0, age = 0) => window.device.heard({
    timestamp: Date.now() - age * 1000,
    coords: { latitude: %f + north / 110650, longitude: %f, accuracy },
  });
""" % (LAT, LON)  # noqa: UP031 -- braces everywhere


def new_thing(phone: Phone) -> None:
    """The form of a new banner at the first place, with a device that says nothing yet."""
    phone.context.add_init_script(DEVICE)
    ready(phone, f"#/new?place={phone.city.places_a[0]}&zone=gate&kind=BANNER_H")
    phone.page.wait_for_function("() => window.device")


def says(phone: Phone, call: str) -> None:
    """The device says something."""
    phone.page.evaluate(f"() => {{ {call} }}")


def position(phone: Phone) -> Any:
    """The position of the only entry."""
    (row,) = entries(phone)
    return row["body"]["position"]


def test_the_best_fix_of_ten_seconds_is_taken_and_shown_as_it_comes(phone: Phone) -> None:
    new_thing(phone)
    says(phone, "fix(40)")
    phone.page.wait_for_selector(".fx-ring[data-judged=warn]:has-text('± 40 m')")
    says(phone, "fix(9)")
    phone.page.wait_for_selector(".fx-ring[data-judged=good]:has-text('± 9 m')")
    says(phone, "fix(30)")
    says(phone, "fix(3, 0, 11)")  # eleven seconds old: of another street
    check(phone)
    save(phone)
    assert position(phone)["fix"]["accuracy_m"] == 9


def test_a_fix_of_three_kilometres_is_never_silently_taken(phone: Phone) -> None:
    new_thing(phone)
    says(phone, "fix(3000)")
    phone.page.wait_for_selector(".fx-ring[data-judged=poor]")
    assert "chưa được ghi" in phone.page.inner_text(".fx-spot__warned")
    check(phone)
    save(phone)
    assert position(phone) is None


def test_a_poor_fix_goes_with_its_reason(phone: Phone) -> None:
    new_thing(phone)
    says(phone, "fix(80)")
    phone.page.click("label:has(input[value=other])")
    phone.page.fill(".fx-spot__reasons input[type=text]", "dưới cầu vượt")
    save(phone)
    kept = position(phone)
    assert kept["fix"]["accuracy_m"] == 80
    assert kept["reason"] == "other: dưới cầu vượt"


def test_refusal_and_silence_never_block_saving(phone: Phone) -> None:
    new_thing(phone)
    assert "Đang tìm vị trí" in phone.page.inner_text(".fx-ring")
    save(phone)  # the device has not said a word
    go(phone, f"#/new?place={phone.city.places_a[0]}&zone=inside&kind=BANNER_H")
    phone.page.wait_for_function("() => window.device")
    says(phone, "device.failed({code: 1})")
    phone.page.wait_for_selector(".fx-ring:has-text('Máy không cho dùng vị trí')")
    save(phone)
    assert [row["body"]["position"] for row in entries(phone)] == [None, None]


def visit(phone: Phone) -> None:
    """A visit to the first place, with a device that says nothing yet."""
    phone.context.add_init_script(DEVICE)
    ready(phone, f"#/place/{phone.city.places_a[0]}")
    phone.page.wait_for_selector("[data-item]")
    phone.page.wait_for_function("() => window.device")


def test_in_a_visit_a_poor_fix_gets_a_reason_or_a_point_on_the_map(phone: Phone) -> None:
    visit(phone)
    page = phone.page
    says(phone, "fix(9)")
    page.wait_for_selector("[data-position-words]:has-text('± 9 m')")
    assert not page.is_visible("[data-tap]")
    assert not page.is_visible("select[name=reason]")
    says(phone, "setTimeout(() => fix(800, 5000), 0)")  # carried off: the exact one is of another street
    page.wait_for_selector("[data-position-words]:has-text('± 800 m')")
    page.select_option("select[name=reason]", label="Trời mây, bị che khuất")
    page.click("[data-tap]")
    page.wait_for_selector(".fx-map.leaflet-container")
    page.locator(".fx-map").scroll_into_view_if_needed()
    page.click(".fx-map", position={"x": 120, "y": 120})
    page.wait_for_selector(".fx-map__status:has-text('Điểm này cách vị trí máy đo')")
    check(phone)
    says(phone, "fix(800, 5000)")  # the device goes on saying so, however long the look at the map took
    page.locator("[data-item] >> nth=0 >> [data-quick=enough]").click()
    page.wait_for_timeout(400)
    page.click("[data-submit=save]")
    page.wait_for_selector(".fd-toast:has-text('Đã lưu trên máy')")
    said = position(phone)
    assert said["reason"] == "covered"
    assert said["fix"]["accuracy_m"] == 800
    assert abs(said["tap"]["lat"] - LAT) < 0.01


def test_without_position_camera_and_code_reader_everything_is_saved_in_airplane_mode(phone: Phone) -> None:
    phone.context.clear_permissions()
    phone.context.add_init_script(
        """delete globalThis.BarcodeDetector;
        Object.defineProperty(navigator, "mediaDevices", { value: undefined });
        navigator.geolocation.watchPosition = (_heard, failed) => {
          setTimeout(() => failed({ code: 1 }), 0); return 1;
        };"""
    )
    place = phone.city.places_a[0]
    ready(phone, f"#/place/{place}")
    page = phone.page
    page.wait_for_selector("[data-position-words]:has-text('Máy không cho dùng vị trí')")
    page.locator("[data-item] >> nth=0 >> [data-quick=enough]").click()
    page.wait_for_timeout(400)
    page.click("[data-submit=finish]")
    page.wait_for_selector("[data-places]")
    go(phone, f"#/new?place={place}&zone=gate&kind=BANNER_H")
    page.click("summary:has-text('số hiệu')")
    assert page.locator("[data-scan-serial]").count() == 0
    page.fill("[name=serial]", "A-17")
    save(phone)
    go(phone, "#/scan")
    page.wait_for_selector("text=hãy gõ mã")
    check(phone)
    assert [(row["act"], row["body"].get("position")) for row in entries(phone)] == [
        ("answer", {"fix": None, "tap": None, "reason": ""}),
        ("finish", None),
        ("record", None),
    ]


def test_a_phone_whose_clock_is_a_day_wrong_still_has_a_position(phone: Phone) -> None:
    new_thing(phone)
    says(phone, "fix(7, 0, 86400)")  # one alone may be a kept one of yesterday
    assert "Đang tìm vị trí" in phone.page.inner_text(".fx-ring")
    phone.page.wait_for_timeout(1000)
    says(phone, "fix(7, 0, 86400)")  # it goes on as time does: the clock is off, not the fix
    phone.page.wait_for_selector(".fx-ring[data-judged=good]")
    save(phone)
    fix = position(phone)["fix"]
    assert (fix["accuracy_m"], fix["age_s"] < 60) == (7, True)


def test_a_late_fix_is_attached_to_the_draft_while_the_form_is_open(phone: Phone) -> None:
    new_thing(phone)
    phone.page.fill("#th-shown_text", "x")
    says(phone, "device.failed({code: 3})")
    phone.page.wait_for_selector(".fx-ring:has-text('chưa trả lời')")
    says(phone, "fix(12)")
    phone.page.wait_for_selector(".fx-ring[data-judged=good]")
    phone.page.wait_for_timeout(600)
    drafts = ask(phone, "return db.getAll('drafts');")
    assert drafts[0]["spot"]["fix"]["accuracy_m"] == 12
    save(phone)
    assert position(phone)["fix"]["accuracy_m"] == 12


def test_a_tap_far_from_the_fix_is_told_and_both_are_kept(phone: Phone) -> None:
    new_thing(phone)
    says(phone, "fix(8)")
    phone.page.wait_for_selector(".fx-ring[data-judged=good]")
    phone.page.click("[data-tap]")
    ground = phone.page.locator(".fx-map.leaflet-container")
    ground.wait_for()
    ground.click(position={"x": 150, "y": 20})
    phone.page.wait_for_selector(".fx-map__status:has-text('cách vị trí máy đo')")
    check(phone)
    save(phone)
    kept = position(phone)
    assert kept["fix"]["accuracy_m"] == 8
    assert kept["tap"]["lat"] > LAT + 0.0009


def test_outside_the_ward_is_told_in_airplane_mode_and_stored_all_the_same(phone: Phone) -> None:
    new_thing(phone)
    says(phone, "fix(10, -2500)")  # the ward begins 2,224 m to the south
    phone.page.wait_for_selector(".fx-spot__warned:has-text('Ở ngoài ranh giới phường, xã')")
    save(phone)
    assert position(phone)["fix"]["lat"] < 20.94


def test_fixes_are_judged_and_chosen_as_promised(phone: Phone) -> None:
    phone.open()
    told = phone.run(
        """
        const { judge, bestOf } = await field("fix"); const { positionOf } = await field("spot");
        const now = 1_000_000; const at = (s) => now - s * 1000;
        const fix = (accuracy_m, s, lat = 20.96) => ({ lat, lon: 107.02, accuracy_m, at: at(s) });
        const best = (...fixes) => bestOf(fixes, now)?.accuracy_m ?? null;
        return {
          judged: [15, 15.1, 50, 50.1, 3000].map((one) => judge(one)),
          best: [best(fix(20, 1), fix(8, 5)), best(fix(5, 10.1)), best(fix(5, 8, 20.97), fix(30, 0)), best()],
          tapped: positionOf({ fix: fix(3000, 1), tap: { lat: 1, lon: 2 }, reason: "" }, now),
          bare: [null, { fix: fix(3000, 1) }, { fix: fix(20, 2.5) }].map((one) => positionOf(one, now)),
        };
        """
    )
    assert told["judged"] == ["good", "warn", "warn", "poor", "poor"]
    # The last: a jump of a kilometre; the exact fix is of where somebody stood before.
    assert told["best"] == [8, None, 30, None]
    assert told["tapped"]["tap"] == {"lat": 1, "lon": 2}
    assert told["tapped"]["fix"]["accuracy_m"] == 3000
    assert told["bare"][:2] == [None, None]
    assert told["bare"][2]["fix"]["age_s"] == 2.5


SQUARE = [[107.0, 20.9], [107.05, 20.9], [107.05, 20.95], [107.0, 20.95], [107.0, 20.9]]
HOLE = [[107.02, 20.92], [107.03, 20.92], [107.03, 20.93], [107.02, 20.93], [107.02, 20.92]]
HOOK = [[107.1, 20.9], [107.2, 20.9], [107.2, 21.0], [107.15, 20.92], [107.1, 21.0], [107.1, 20.9]]


def test_the_phone_measures_a_ward_line_as_the_office_does(phone: Phone) -> None:
    """Within a metre near the line, a thousandth farther off; the office's own mathematics is the measure."""
    shapes: list[dict[str, Any]] = [
        {"type": "Polygon", "coordinates": [SQUARE]},
        {"type": "Polygon", "coordinates": [SQUARE, HOLE]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [HOOK]]},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [HOOK]}},
    ]
    points: list[tuple[int, float, float]] = []
    degrees = st.tuples(st.floats(20.85, 21.05), st.floats(106.95, 107.25))
    near = st.tuples(st.sampled_from([*SQUARE, *HOLE, *HOOK]), st.floats(-400, 400), st.floats(-400, 400))

    @settings(max_examples=150)
    @given(st.integers(0, len(shapes) - 1), degrees | near)
    def collect(shape: int, where: Any) -> None:
        if len(where) == 3:
            (lon, lat), north, east = where
            a_degree = metres_per_degree(lat)
            where = (lat + north / a_degree[0], lon + east / a_degree[1])
        points.append((shape, *where))

    collect()
    phone.open()
    found = phone.run(
        """
        const { distanceOutside } = await field("geodesy");
        return given.points.map(([shape, lat, lon]) => distanceOutside(given.shapes[shape], { lat, lon }));
        """,
        {"shapes": shapes, "points": points},
    )
    assert len(found) >= 100
    for (shape, lat, lon), metres in zip(points, found, strict=True):
        true = distance_outside_m(json.dumps(shapes[shape]), lat, lon)
        assert abs(metres - true) <= max(1.0, true / 1000), (shape, lat, lon)
