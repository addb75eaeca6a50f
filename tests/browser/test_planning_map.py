"""Corners of a zone by hand in a real Chromium: tapped, by keys, typed, dragged; and a site by a tap.

Nothing may be asked of another host, nothing may be wrong in the console, axe finds nothing.
"""

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from inventory.database import snapshot
from maps.planning import queries
from maps.planning.inputs import Inputs
from tests.browser.test_tap_map import Hand
from tests.city import City
from tests.conftest import VisitorMaker
from tests.web.furnished import plan_inputs

pytestmark = pytest.mark.browser

XSS = "<img src=x onerror=alert(1)>"


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


@pytest.fixture
def hand(app: Flask, visit: VisitorMaker, browser: Browser) -> Iterator[Hand]:
    """A running service with the culture office signed in."""
    cookie = visit("culture_office").client.get_cookie("trucquan")
    assert cookie
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Hand(f"http://127.0.0.1:{server.server_port}", cookie.value, browser)
    server.shutdown()
    thread.join()


def unfold(page: Page) -> Any:
    """Open the map and give its ground."""
    page.click("[data-planning-map] > summary")
    page.wait_for_selector("[data-planning-map][data-drawn]")
    return page.locator("[data-planning-ground]")


def corners(page: Page) -> list[str]:
    return page.input_value("#corners").split()


def status(page: Page) -> str:
    return page.inner_text("[data-planning-status]")


def stored(app: Flask, city: City) -> Inputs:
    with app.app_context(), snapshot() as session:
        return queries.inputs(session, city.campaign)


def test_a_zone_is_tapped_corner_by_corner_and_kept(app: Flask, hand: Hand, city: City) -> None:
    page = hand.open("/planning/zones/new", has_touch=True)
    assert not [url for url in hand.asked if "leaflet" in url]  # fetched when it is opened, not before
    ground = unfold(page)
    assert status(page) == "Chạm vào từng góc theo thứ tự."
    for count, (x, y) in enumerate(((120, 120), (200, 120), (200, 180)), 1):
        ground.tap(position={"x": x, "y": y})
        page.wait_for_function(
            "n => document.querySelectorAll('.tq-planning__corner').length === n", arg=count
        )
    assert status(page) == "Đã ghi 3 góc."
    ground.tap(position={"x": 240, "y": 100})
    page.wait_for_function("document.querySelectorAll('.tq-planning__corner').length === 4")
    page.click("[data-planning-undo]")
    assert page.locator(".tq-planning__corner").count() == 3
    hand.check(page)
    drawn = corners(page)
    page.fill("#name", "Bờ vịnh")
    page.fill("#reason", "cảnh quan")
    page.click("form[data-guard-leave] button[type=submit]")
    page.wait_for_url("**/planning#zone")
    (zone,) = stored(app, city).zones
    ring = json.loads(zone.boundary)["coordinates"][0]
    assert len(ring) == 4
    assert [f"{lat:.6f}, {lon:.6f}".split() for lon, lat in ring[:-1]] == [
        drawn[0:2], drawn[2:4], drawn[4:6]
    ]  # fmt: skip
    assert hand.wrong == []


def test_keys_draw_and_take_back_and_the_box_is_followed(hand: Hand, city: City) -> None:
    page = hand.open("/planning/zones/new", viewport={"width": 1280, "height": 900})
    ground = unfold(page)
    ground.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(600)
    page.keyboard.press("Enter")
    assert status(page) == "Đã ghi 2 góc; cần ít nhất ba."
    assert page.url.endswith("/new")  # Enter marks, it does not send the form
    page.keyboard.press("Backspace")
    assert len(corners(page)) == 2
    page.fill("#corners", "20,95 107,01\n20,96 107,02\n20,96 107,01\n20,95 107,02")
    assert status(page) == "Đã ghi 4 góc; đường viền đang tự cắt."
    assert page.locator(".tq-planning__corner").count() == 4
    page.fill("#corners", '{"type": "Polygon"')
    assert "sửa trong ô" in status(page)
    ground.click(position={"x": 200, "y": 100})
    assert page.input_value("#corners") == '{"type": "Polygon"'  # what cannot be read is not overwritten
    page.click("[data-planning-clear]")
    assert page.input_value("#corners") == ""
    assert page.locator(".tq-planning__corner").count() == 0
    hand.check(page)


def test_a_corner_is_dragged(app: Flask, hand: Hand, city: City) -> None:
    with app.app_context():
        plan_inputs(city)
    page = hand.open("/planning/zones/1", viewport={"width": 1280, "height": 900})
    unfold(page)
    before = corners(page)
    mark = page.locator(".tq-planning__corner").nth(1)
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 20, steps=5)
    page.mouse.up()
    after = corners(page)
    assert after[:2] == before[:2]
    assert after[4:] == before[4:]
    assert after[2:4] != before[2:4]
    assert page.locator("path.tq-planning__zone").count() == 0  # its own old shape is not beneath it
    hand.check(page)


def test_the_overview_draws_zones_and_sites_and_their_names_are_words(
    app: Flask, hand: Hand, city: City, visit: VisitorMaker
) -> None:
    with app.app_context():
        plan_inputs(city)
    office = visit("culture_office")
    office.get("/planning/zones/1")
    office.post("/planning/zones/1", {**office.fields("/planning/zones/1"), "name": XSS})
    page = hand.open("/planning", viewport={"width": 1280, "height": 900})
    unfold(page)
    assert page.locator("path.tq-planning__zone--exclusion").count() == 1
    assert page.locator("path.tq-planning__site--may").count() == 1
    page.locator("path.tq-planning__zone--exclusion").hover()
    page.wait_for_selector(".tq-tap__label")
    assert page.inner_text(".tq-tap__label") == XSS
    assert page.locator(".tq-tap__label img").count() == 0
    hand.check(page)


def test_a_site_is_marked_by_a_tap(app: Flask, hand: Hand, city: City) -> None:
    page = hand.open("/planning/sites/new", has_touch=True)
    page.fill("#name", "Ngã tư")
    page.select_option("#area_id", str(city.ward_a))
    page.fill("#lat", "20,965")
    page.fill("#lon", "107,025")
    page.click("summary:has-text('Chỉ trên bản đồ')")
    page.wait_for_selector("[data-tap-map][data-drawn]")
    page.locator("[data-tap-ground]").tap(position={"x": 150, "y": 120})
    lat = page.input_value("#lat")
    assert lat != "20,965"
    hand.check(page)
    page.click("form[data-guard-leave] button[type=submit]")
    page.wait_for_url("**/planning#site")
    (site,) = stored(app, city).sites
    assert f"{site.lat:.6f}".replace(".", ",") == lat
    assert hand.wrong == []


def test_without_scripts_the_boxes_are_there(hand: Hand, city: City) -> None:
    page = hand.open("/planning/zones/new", java_script_enabled=False)
    assert not page.locator("[data-planning-map]").is_visible()
    assert page.locator("#corners").is_visible()
