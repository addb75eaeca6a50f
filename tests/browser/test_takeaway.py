"""The map as a file in a real Chromium without a network: it draws, filters, talks; nothing typed runs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from inventory.database import db
from inventory.tables.area import Area
from inventory.tables.kind import Kind
from inventory.tables.place import Place, Venue
from inventory.tables.standard import Requirement
from inventory.vocabulary import Condition
from tests.city import City
from tests.client import Visitor
from tests.mapped import run, surveyed, thing
from tests.unit.test_takeaway import PAYLOADS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    """What a browser shows does not depend on the kind of database: SQLite alone is enough."""
    path = tmp_path / "test.db"
    shutil.copyfile(migrated, path)
    return f"sqlite:///{path}"


@pytest.fixture
def drawn(app: Flask, city: City) -> City:
    """Things that work and do not, two surveyed places, a run."""
    with app.app_context():
        thing(city, city.places_a[0], verified=True, lat=20.9605, lon=107.0235)
        thing(city, city.places_a[1], condition=Condition.TORN, lat=20.9615, lon=107.0262)
        thing(city, city.places_b[0], "SPK_CLUSTER_FM", lat=20.965, lon=107.066)
        surveyed(city, city.places_a[0])
        surveyed(city, city.places_a[1])
        run(city)
    return city


class Opened:
    """The downloaded file in a browser that is off line, and what went wrong or left it."""

    def __init__(self, app: Flask, city: City, browser: Browser, folder: Path, width: int = 1280) -> None:
        self.wrong: list[str] = []
        self.asked: list[str] = []
        answer = Visitor.signed_in(app, city.people["culture_office"]).client.get("/map.html")
        path = folder / "map.html"
        path.write_bytes(answer.get_data())
        context = browser.new_context(
            viewport={"width": width, "height": 800}, offline=True, reduced_motion="reduce", bypass_csp=False
        )
        self.page: Page = context.new_page()
        self.page.on("console", lambda line: self.wrong.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.set_default_timeout(10_000)
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(".tq-map[data-ready]")

    def outside(self) -> list[str]:
        """What was asked for beside the file itself."""
        return [url for url in self.asked if not url.startswith("data:")][1:]


@pytest.mark.parametrize("payload", PAYLOADS[:4])
def test_a_file_from_a_stick_asks_nothing_and_runs_nothing_typed(
    app: Flask, drawn: City, browser: Browser, tmp_path: Path, payload: str
) -> None:
    with app.app_context():
        for place in db.session.scalars(select(Place)):
            place.name = payload
        for venue in db.session.scalars(select(Venue)):
            venue.name = payload
        for kind in db.session.scalars(select(Kind)):
            kind.name_vi = payload
        for asked in db.session.scalars(select(Requirement)):
            asked.name_vi = payload
        for ward in db.session.scalars(select(Area)):
            ward.name = payload
        db.session.commit()
    opened = Opened(app, drawn, browser, tmp_path)
    page = opened.page
    for look in ("path.tq-ward", ".tq-pin--place", ".tq-pin--thing"):
        page.evaluate("trucquan.map.setView([20.9605, 107.0235], 18, {animate: false})")
        page.wait_for_selector(look, state="attached")
        page.locator(look).first.dispatch_event("click")
        page.wait_for_selector(".tq-popup")
        assert payload in page.locator(".leaflet-popup").inner_text()
        page.keyboard.press("Escape")
        page.wait_for_selector(".tq-popup", state="detached")
    assert page.evaluate("window.__pwn") is None
    assert payload in page.locator("#places-list").inner_text()
    assert page.locator("#map-list img, .leaflet-popup img").count() == 0
    assert opened.wrong == []
    assert opened.outside() == []


def test_filters_and_list_work_in_the_file(app: Flask, drawn: City, browser: Browser, tmp_path: Path) -> None:
    opened = Opened(app, drawn, browser, tmp_path)
    page = opened.page
    assert page.locator("path.tq-land").count() > 0
    assert page.locator(".tq-pin--place").count() == 4
    page.select_option("[name=ward]", str(drawn.ward_b))
    assert page.locator("#places-shown").inner_text() == "2 / 4 nơi bỏ phiếu"
    page.select_option("[name=ward]", "")
    page.locator(f"tr[data-place='{drawn.places_a[0]}'] [data-locate]").click()
    popup = page.locator(".tq-popup")
    popup.wait_for()
    assert "Yêu cầu G1" in popup.inner_text()
    assert popup.locator("a").count() == 0
    assert opened.wrong == []
    assert opened.outside() == []


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_the_file_and_nothing_scrolls_sideways(
    app: Flask, drawn: City, browser: Browser, tmp_path: Path, width: int
) -> None:
    opened = Opened(app, drawn, browser, tmp_path, width)
    page = opened.page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert opened.wrong == []
