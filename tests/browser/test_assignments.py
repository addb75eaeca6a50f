"""Assignments and codes in a real Chromium: map and keyboard; codes typed or scanned on a phone offline."""

from collections.abc import Iterator
from typing import Any

import pytest
import segno
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from inventory.assignments import codes
from inventory.assignments.sheets import qr
from inventory.database import db
from inventory.identity import new_id, uuid7
from inventory.tables.assignment import Assignment
from inventory.tables.place import Venue
from tests.browser.phone import Phone, Server
from tests.browser.test_field_things import ready
from tests.browser.test_tap_map import Hand
from tests.city import City
from tests.conftest import VisitorMaker
from tests.web.furnished import furnish

pytestmark = pytest.mark.browser

XSS = "<img src=x onerror=alert(1)>"
WIDE = {"width": 1280, "height": 800}


@pytest.fixture
def hand(server: Server, phone: Phone, visit: VisitorMaker) -> Iterator[Hand]:
    """The ward's lead at a browser."""
    cookie = visit("ward_lead").client.get_cookie("trucquan")
    browser = phone.playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    assert cookie
    yield Hand(f"http://127.0.0.1:{server.port}", cookie.value, browser)
    browser.close()


def holders(app: Flask) -> dict[int, int]:
    with app.app_context():
        return {row.place_id: row.person_id for row in db.session.scalars(select(Assignment))}


def unfold(page: Page) -> Any:
    page.click("summary:has-text('Chọn trên bản đồ')")
    page.wait_for_selector("[data-assign-map][data-drawn]")
    return page.locator("[data-assign-ground]")


@pytest.mark.parametrize("viewport", [{"width": 360, "height": 740}, WIDE], ids=["phone", "desk"])
def test_places_are_tapped_on_the_map_and_given(
    app: Flask, hand: Hand, city: City, viewport: dict[str, int]
) -> None:
    with app.app_context():
        venue = db.session.get_one(Venue, city.venues_a[0])
        venue.name = XSS
        db.session.commit()
    page = hand.open(f"/assignments/{city.ward_a}", viewport=viewport, has_touch=viewport is not WIDE)
    assert not [url for url in hand.asked if "leaflet" in url]  # fetched when it is opened, not before
    unfold(page)
    pins = page.locator(".as-pin")
    assert pins.all_inner_texts() == ["1", "2"]
    pins.first.click()
    assert page.is_checked(f"#place-{city.places_a[0]}")
    assert page.inner_text("[data-assign-status]") == "Đã chọn 1 nơi."
    page.check(f"#place-{city.places_a[1]}")  # the list and the map are one
    assert page.locator(".as-pin--chosen").count() == 2
    pins.nth(1).click()
    assert not page.is_checked(f"#place-{city.places_a[1]}")
    hand.check(page)
    page.select_option("#person", label="Người ward_staff")
    page.click("button[value=give]")
    page.wait_for_selector("text=Đã lưu phân công 1 nơi.")
    assert holders(app) == {city.places_a[0]: city.people["ward_staff"]}
    unfold(page)
    looks = [pin.get_attribute("class") for pin in page.locator(".as-pin .as-mark").all()]
    assert ["as-mark--none" in (look or "") for look in looks] == [False, True]
    assert page.locator(".leaflet-container img").count() == 0  # a name is words, never markup
    hand.check(page)


def test_the_list_alone_does_it_by_keyboard_and_without_scripts(app: Flask, hand: Hand, city: City) -> None:
    page = hand.open(f"/assignments/{city.ward_a}", viewport=WIDE)
    page.focus(f"#place-{city.places_a[0]}")
    page.keyboard.press("Space")
    page.select_option("#person", label="Người ward_lead")
    page.focus("button[value=give]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Đã lưu phân công 1 nơi.")
    bare = hand.open(f"/assignments/{city.ward_a}", java_script_enabled=False)
    assert not bare.locator("[data-assign-map]").is_visible()
    bare.check(f"#place-{city.places_a[1]}")
    bare.select_option("#person", label="Người ward_staff")
    bare.click("button[value=give]")
    bare.wait_for_selector("text=Đã lưu phân công 1 nơi.")
    assert holders(app) == {
        city.places_a[0]: city.people["ward_lead"],
        city.places_a[1]: city.people["ward_staff"],
    }


def test_the_pages_can_be_read_by_everybody(app: Flask, hand: Hand, city: City) -> None:
    furnish(app, city)
    two = f"person={city.people['ward_staff']}&person={city.people['ward_lead']}"
    for address in (f"/assignments/{city.ward_a}/divide?{two}", "/labels", "/codes?code=x"):
        for viewport in ({"width": 360, "height": 740}, WIDE):
            page = hand.open(address, viewport=viewport)
            if "codes" in address:
                hand.wrong.clear()  # the answer is a 422, which the console tells
            hand.check(page)


# --- on the phone -----------------------------------------------------------------------------


def test_phone_and_office_write_and_read_codes_alike(phone: Phone) -> None:
    places = [*range(300), 85_000, 2**20 - 1, 2**20, 2**20 + 1, 2**30 - 1, *range(5, 2**30, 3_333_333)]
    things = [new_id() for _ in range(200)] + [uuid7(1, bytes(10)), uuid7(1, b"\xff" * 10)]
    written = [codes.of_place(one) for one in places] + [codes.of_installation(one) for one in things]
    typed = [
        *written,
        *(code.lower().replace("-", " ") for code in written[::7]),
        *(code[3:].replace("0", "o").replace("1", "l") for code in written[::5]),
        *(code[:-1] + codes.LETTERS[(codes.LETTERS.index(code[-1]) + 1) % 32] for code in written[::3]),
        *(
            "",
            "TQ",
            "TQ-P",
            "ü",
            "TQ–7K3–M9F–2XC",
            "https://a/b",
            "U" * 9,
            "0" * 9,
            "🙂",
            "İ",
            "ſ" * 9,
            "T" * 70,
        ),
    ]
    expected = [codes.read(text) for text in typed]
    phone.sign_in("ward_staff")
    phone.open()
    found = phone.run(
        """
        const codes = await field("codes");
        return {
          written: [...given.places.map(codes.ofPlace), ...given.things.map(codes.ofInstallation)],
          read: given.typed.map(codes.read),
        };
        """,
        {"places": places, "things": things, "typed": typed},
    )
    assert found["written"] == written
    assert found["read"] == [
        None
        if code is None
        else {"of": "place", "id": code.value}
        if code.of == "place"
        else {"of": "installation", "tail": code.tail}
        for code in expected
    ]
    assert sum(code is not None for code in expected) > len(written)


def test_a_typed_code_opens_its_thing_or_place_in_airplane_mode(app: Flask, phone: Phone, city: City) -> None:
    made = furnish(app, city).rows
    ours, foreign = (str(made[ward]["installation_id"]) for ward in (city.ward_a, city.ward_b))
    ready(phone, "#/scan")
    page = phone.page
    page.wait_for_selector("#scan-code")
    found = Axe().run(page, context="#main").response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
    for wrong, said in (
        ("TQ-AAA-AAA-AAA", "Mã này chưa đúng"),
        (codes.of_installation(foreign), "không có trong phần đã tải về máy"),
        (codes.of_place(city.places_b[0]), "không có trong phần đã tải về máy"),
    ):
        page.fill("#scan-code", wrong)
        page.press("#scan-code", "Enter")
        page.wait_for_selector(f"[data-scan-told] :text('{said}')")
        assert page.evaluate("location.hash") == "#/scan"
    page.fill("#scan-code", codes.of_installation(ours).lower().replace("-", ""))
    page.press("#scan-code", "Enter")
    page.wait_for_function("hash => location.hash === hash", arg=f"#/thing/{ours}")
    page.evaluate("location.hash = '#/scan'")
    page.fill("#scan-code", codes.of_place(city.places_a[1])[3:].lower())
    page.press("#scan-code", "Enter")
    page.wait_for_function("hash => location.hash === hash", arg=f"#/place/{city.places_a[1]}")
    assert phone.failures == []


#: Debian's Chromium has no BarcodeDetector and no camera: a stand-in that sees what the test says.
STAND_IN = """
  globalThis.tracks = []; globalThis.inSight = [];
  globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return globalThis.inSight.map((rawValue) => ({ rawValue })); }
  };
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    const paint = canvas.getContext("2d");
    setInterval(() => paint.fillRect(0, 0, 9, 9), 50);
    const stream = canvas.captureStream(10);
    globalThis.tracks.push(...stream.getTracks());
    return stream;
  };
  null;
"""

REFUSED = """
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NotAllowedError"); };
  null;
"""


def live_tracks(page: Page) -> int:
    return int(page.evaluate("tracks.filter((track) => track.readyState === 'live').length"))


def test_the_camera_opens_what_it_sees_and_is_off_when_the_screen_is_left(
    app: Flask, phone: Phone, city: City
) -> None:
    ours = str(furnish(app, city).rows[city.ward_a]["installation_id"])
    ready(phone)
    page = phone.page
    page.evaluate(STAND_IN)
    page.evaluate("location.hash = '#/scan'")
    page.click("[data-scan-start]")
    page.wait_for_selector("video")
    page.wait_for_function("() => tracks.length === 1")
    assert live_tracks(page) == 1
    page.evaluate("inSight = ['https://example.org/not-ours']")
    page.wait_for_selector("[data-scan-told] :text('Mã này chưa đúng')")
    page.evaluate("code => { inSight = [code]; }", codes.of_installation(ours))
    page.wait_for_function("hash => location.hash === hash", arg=f"#/thing/{ours}")
    assert live_tracks(page) == 0
    page.evaluate("inSight = []; location.hash = '#/scan'")
    page.click("[data-scan-start]")
    page.wait_for_function("() => tracks.length === 2")
    page.wait_for_selector("video")
    page.evaluate("location.hash = '#/mine'")
    page.wait_for_function("() => tracks.every((track) => track.readyState === 'ended')")
    page.evaluate(REFUSED)
    page.evaluate("location.hash = '#/scan'")
    page.click("[data-scan-start]")
    page.wait_for_selector("[data-scan-told] :text('Không mở được máy ảnh')")
    assert page.is_visible("#scan-code")
    assert phone.failures == []


def test_what_is_printed_is_the_code_and_no_address() -> None:
    code = codes.of_installation(new_id())
    made = segno.make(code, error="q", micro=False)
    assert made.mode == "alphanumeric"
    assert made.version == 1  # the smallest: large squares on a small label
    assert "http" not in qr(code).replace("http://www.w3.org/2000/svg", "")
