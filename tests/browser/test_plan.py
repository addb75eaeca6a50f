"""Plans in a real Chromium: a budget by one press, progress that opens the result, pages that fit a phone."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from inventory.database import db
from inventory.people import sessions
from maps.plan import job
from maps.plan.status import Status
from tests.city import City
from tests.mapped import run, surveyed

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 360, "height": 740}


@dataclass
class Served:
    """A running service with the surveyed city, and a browser."""

    app: Flask
    city: City
    address: str
    browser: Browser
    wrong: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """A page of the office, on a phone."""
        with self.app.app_context():
            token = sessions.begin(self.city.people["culture_office"], "tests", "127.0.0.1")
            db.session.commit()
        with self.app.test_client() as client:
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = token, True
            kept = client.get_cookie("trucquan")
        assert kept is not None
        context = self.browser.new_context(viewport=PHONE)
        context.add_cookies([{"name": "trucquan", "value": kept.value, "url": self.address}])
        page = context.new_page()
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.goto(self.address + path)
        return page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def served(app: Flask, city: City, browser: Browser, tmp_path: Path) -> Iterator[Served]:
    with app.app_context():
        surveyed(city, city.places_a[0])
        run(city)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Served(app, city, f"http://127.0.0.1:{server.server_port}", browser)
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_from_a_press_to_the_result(served: Served) -> None:
    page = served.open("/plans")
    page.get_by_role("button", name="200.000.000").click()
    assert page.locator("#budget").input_value() == "200.000.000"
    page.get_by_role("button", name="Lập kế hoạch").click()
    page.get_by_text("Đang chờ đến lượt").wait_for()
    with served.app.app_context():
        assert job.carry_out(1) is Status.DONE
    page.locator("#total").wait_for()
    assert page.locator("svg.tq-curve").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator(".tq-why__summary").first.click()
    assert page.get_by_text("Mã việc:").first.is_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert served.wrong == []
