"""Positions by hand in a real Chromium: tapped, marked by keys, taken back, or the phone's own fix.

Nothing may be asked of another host, nothing may be wrong in the console, and what is stored says
where the position came from.
"""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from inventory.database import db
from inventory.tables.installation import Installation
from inventory.tables.place import Place, Venue
from inventory.vocabulary import PositionSource
from tests.city import City
from tests.conftest import VisitorMaker
from tests.web.test_installations import banner, make

pytestmark = pytest.mark.browser

HERE = {"latitude": 20.9612, "longitude": 107.0243, "accuracy": 7}


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    """SQLite alone: what a browser sees does not depend on the database, and Chromium is slow."""
    path = tmp_path / "browser.db"
    shutil.copyfile(migrated, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for this file."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield running
        running.close()


@dataclass
class Hand:
    """The ward's officer at a browser; what went wrong and who was asked is written down."""

    address: str
    cookie: str
    browser: Browser
    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, path: str, **options: Any) -> Page:
        """A page of the service."""
        context = self.browser.new_context(
            **{"viewport": {"width": 360, "height": 740}, "locale": "vi-VN", **options}
        )
        context.add_cookies([{"name": "trucquan", "value": self.cookie, "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda line: self.wrong.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(self.address + path)
        return page

    def check(self, page: Page) -> None:
        """Nothing wrong, nothing from outside, nothing wider than the screen, axe finds nothing."""
        assert self.wrong == []
        assert [url for url in self.asked if not url.startswith((self.address, "data:", "blob:"))] == []
        width = page.viewport_size["width"] if page.viewport_size else 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []


@pytest.fixture
def hand(app: Flask, visit: VisitorMaker, browser: Browser) -> Iterator[Hand]:
    """A running service with the officer signed in."""
    cookie = visit("ward_staff").client.get_cookie("trucquan")
    assert cookie
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Hand(f"http://127.0.0.1:{server.server_port}", cookie.value, browser)
    server.shutdown()
    thread.join()


def unfold(page: Page) -> Any:
    """Open the map and give its ground."""
    page.click("summary:has-text('Chỉ trên bản đồ')")
    page.wait_for_selector("[data-tap-map][data-drawn]")
    return page.locator("[data-tap-ground]")


def boxes(page: Page) -> tuple[str, str]:
    return page.input_value("main [name=lat]"), page.input_value("main [name=lon]")


def degrees(page: Page) -> tuple[float, float]:
    lat, lon = (float(text.replace(",", ".")) for text in boxes(page))
    return lat, lon


def stored(app: Flask) -> list[tuple[PositionSource | None, float | None, float | None, float | None]]:
    row = Installation
    with app.app_context():
        rows = db.session.execute(select(row.position_source, row.lat, row.lon, row.accuracy_m))
        return [(source, lat, lon, accuracy) for source, lat, lon, accuracy in rows]


def test_a_tap_places_what_a_visit_records(app: Flask, hand: Hand, city: City) -> None:
    page = hand.open(
        f"/places/{city.places_a[0]}/survey", has_touch=True, geolocation=HERE, permissions=["geolocation"]
    )
    page.wait_for_function("document.querySelector('[name=fix_lat]').value !== ''")
    assert not [url for url in hand.asked if "leaflet" in url]  # fetched when it is opened, not before
    page.click("summary:has-text('Ghi chú chung')")
    ground = unfold(page)
    assert page.inner_text(".leaflet-control-attribution") == "Ranh giới tham khảo"
    assert page.locator("path.tq-tap__ward").count() == 1  # the officer's own ward alone
    ground.tap(position={"x": 150, "y": 120})
    lat, lon = degrees(page)
    status = page.inner_text("[data-tap-status]")
    assert all(text in status for text in (*boxes(page), "cách nơi bỏ phiếu"))
    assert all(len(text.partition(",")[2]) == 6 for text in boxes(page))
    hand.check(page)
    page.click("#items-0-quick-enough")
    page.click("button[name=finish]")
    page.wait_for_url("**/places/*")
    assert [(source, accuracy) for source, _, _, accuracy in stored(app)] == [(PositionSource.MAP, None)]
    assert stored(app)[0][1:3] == (lat, lon)  # what was tapped, though the phone had a fix
    assert hand.wrong == []


def test_keys_mark_the_centre_and_the_mark_can_be_dropped(hand: Hand, city: City) -> None:
    page = hand.open(f"/wards/{city.ward_a}/survey")
    page.click("summary:has-text('Ghi chú chung')")
    page.fill("#lat", "20,95")
    ground = unfold(page)
    ground.focus()
    page.keyboard.press("Enter")
    first = degrees(page)
    assert page.url.endswith("/survey")  # Enter marks, it does not send the form
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(600)
    page.keyboard.press("Enter")
    assert degrees(page)[0] > first[0]
    assert degrees(page)[1] == pytest.approx(first[1], abs=1e-4)
    hand.check(page)
    page.click("text=Bỏ điểm này")
    assert boxes(page) == ("20,95", "")
    assert page.locator(".tq-tap__mark").count() == 0
    assert page.inner_text("[data-tap-status]") == "Đã bỏ điểm vừa chọn."


@pytest.fixture
def made(app: Flask, city: City) -> str:
    """A banner that was recorded with the phone's fix."""
    with app.app_context():
        return make(
            city,
            banner(city, lat=20.9602, lon=107.0233, position_source=PositionSource.DEVICE, accuracy_m=8.0),
        )


def test_a_tap_amends_a_position(app: Flask, hand: Hand, made: str) -> None:
    page = hand.open(f"/installations/{made}", viewport={"width": 1280, "height": 800})
    page.click("summary:text-is('Sửa')")
    ground = unfold(page)
    ground.click(position={"x": 200, "y": 100})
    at = degrees(page)
    hand.check(page)
    page.click("form[data-guard-leave] button[type=submit]")
    page.wait_for_selector("text=Đã lưu.")
    assert stored(app) == [(PositionSource.MAP, *at, None)]
    assert hand.wrong == []


def test_the_phone_amends_a_position_and_a_hand_after_it_is_no_fix(app: Flask, hand: Hand, made: str) -> None:
    for typed, expected in (("", PositionSource.DEVICE), ("20,961300", PositionSource.MAP)):
        page = hand.open(f"/installations/{made}", geolocation=HERE, permissions=["geolocation"])
        page.click("summary:text-is('Sửa')")
        page.click("text=Lấy vị trí máy")
        page.wait_for_selector("text=Vị trí máy ± 7 m")
        assert boxes(page) == ("20,961200", "107,024300")
        hand.check(page)
        if typed:
            page.fill("main [name=lat]", typed)
        page.click("form[data-guard-leave] button[type=submit]")
        page.wait_for_selector("text=Đã lưu.")
        accuracy = None if typed else 7.0
        ((source, lat, lon, exact),) = stored(app)
        assert (source, exact) == (expected, accuracy)
        assert [lat, lon] == pytest.approx([20.9613 if typed else 20.9612, 107.0243])


def test_a_restricted_venue_is_not_drawn_and_scripts_are_not_needed(
    app: Flask, hand: Hand, city: City, made: str
) -> None:
    with app.app_context():
        db.session.get_one(Place, city.places_a[0]).restricted = True
        point = db.session.scalars(select(Venue.lat).where(Venue.id == city.venues_a[0])).one()
        db.session.commit()
    assert point is not None
    for path in (f"/places/{city.places_a[0]}/survey", f"/installations/{made}"):
        page = hand.open(path, java_script_enabled=False)
        box = page.locator("[data-tap-map]")
        assert box.get_attribute("data-venue-lat") is None
        assert not box.is_visible()
        assert not page.locator("[data-take-fix]").is_visible()
