"""A visit in a real Chromium on a phone's screen: taps counted, targets measured, with and without scripts.

Seconds are not asserted; what is asserted is how many taps ten items cost and that nothing is typed.
"""

import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from inventory.clock import now
from inventory.database import db
from inventory.tables.installation import Installation, Photo
from inventory.tables.standard import Requirement, Standard
from inventory.tables.survey import Answer, Survey
from inventory.vocabulary import AppliesTo, Condition, Family, PositionSource, Zone
from tests.city import City
from tests.conftest import VisitorMaker

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 360, "height": 740}
LEAST_TARGET = 44
#: What is pressed and is lower than so many pixels; a card is pressed as a whole.
SMALL = """least => [...document.querySelectorAll(
    "main button, main summary, main label.tq-chip__label, main select, main li > a, main p > a, "
    + "main nav > a, main .sv-photo__button, "
    + "main input:not([type=hidden]):not(.tq-chip__input):not([type=file])")]
  .filter(node => node.checkVisibility() && getComputedStyle(node).opacity !== "0")
  .map(node => [node.outerHTML.slice(0, 90), node.closest(".tq-card") ?? node])
  .map(([text, node]) => [text, node.getBoundingClientRect().height])
  .filter(([, height]) => height > 0 && height < least)"""
TEN = (
    ("G1", Zone.GATE, Family.FLAG, "FLAG_NATIONAL", 1),
    ("G2", Zone.GATE, Family.BILLBOARD, "PANEL_SMALL", 1),
    ("G3", Zone.GATE, Family.BANNER, "BANNER_H", 1),
    ("G4", Zone.GATE, Family.FLAG, "FLAG_DECOR", 10),
    ("O1", Zone.OUTSIDE, Family.BOARD, "NOTICE_BOARD", 3),
    ("O2", Zone.OUTSIDE, Family.BANNER, "BANNER_H", 1),
    ("I1", Zone.INSIDE, Family.BANNER, "BANNER_H", 1),
    ("I2", Zone.INSIDE, Family.FLAG, "FLAG_NATIONAL", 1),
    ("R1", Zone.ROUTE, Family.FLAG, "FLAG_DECOR", 10),
    ("R2", Zone.ROUTE, Family.AUDIO, None, 1),
)


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
def served(app: Flask) -> Iterator[str]:
    """The service on a free loopback port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def ten(app: Flask, city: City) -> City:
    """The city with a standard of ten items at a place."""
    with app.app_context():
        standard = Standard(
            campaign_id=city.campaign,
            number=2,
            name="Mười mục",
            in_force_from=date(2021, 4, 1),
            created_at=now(),
        )
        db.session.add(standard)
        db.session.flush()
        for position, (code, zone, family, kind, minimum) in enumerate(TEN):
            db.session.add(
                Requirement(
                    standard_id=standard.id,
                    code=code,
                    position=position,
                    name_vi=f"Yêu cầu {code}",
                    applies_to=AppliesTo.PLACE,
                    zone=zone,
                    family=family,
                    kind_code=kind,
                    priced_kind_code=kind or "SPK_CLUSTER_FM",
                    minimum=minimum,
                )
            )
        db.session.commit()
    return city


class Phone:
    """A phone's browser, signed in as the ward's officer; it counts what the thumb does."""

    def __init__(self, browser: Browser, address: str, cookie: str, **options: Any) -> None:
        self.context = browser.new_context(viewport=PHONE, locale="vi-VN", **options)
        self.context.add_cookies([{"name": "trucquan", "value": cookie, "url": address}])
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(8_000)
        self.address, self.taps = address, 0
        self.failures: list[str] = []
        self.page.on("pageerror", lambda error: self.failures.append(str(error)))
        self.page.on(
            "console", lambda line: self.failures.append(line.text) if line.type == "error" else None
        )

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(self.address + path)

    def tap(self, selector: str) -> None:
        """One press of the thumb."""
        self.page.locator(selector).first.click()
        self.taps += 1
        self.page.wait_for_timeout(400)

    def check(self) -> None:
        """Nothing scrolls sideways, what is pressed is large enough, axe finds nothing."""
        page = self.page
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        small = page.evaluate(SMALL, LEAST_TARGET)
        assert small == []
        violations = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in violations] == []


@pytest.fixture
def cookie(visit: VisitorMaker) -> str:
    """The session cookie of the ward's officer."""
    found = visit("ward_staff").client.get_cookie("trucquan")
    assert found is not None
    return found.value


def _stored(app: Flask) -> tuple[dict[str, int], int, bool]:
    with app.app_context():
        rows = db.session.execute(select(Answer.zone, Answer.kind_code, Answer.found))
        answers = {f"{row.zone}.{row.kind_code}": row.found for row in rows}
        things = len(list(db.session.scalars(select(Installation))))
        return answers, things, all(visit.finished_at for visit in db.session.scalars(select(Survey)))


def _item(index: int, inner: str) -> str:
    return f"[data-item] >> nth={index} >> {inner}"


def test_ten_items_cost_few_taps_and_no_typing(
    app: Flask, browser: Browser, served: str, cookie: str, ten: City, tmp_path: Path
) -> None:
    here = {"latitude": 20.9601, "longitude": 107.0231}
    phone = Phone(browser, served, cookie, has_touch=True, geolocation=here, permissions=["geolocation"])
    page = phone.page
    phone.open("/places")
    phone.check()
    phone.tap("[data-nearby]")
    page.wait_for_url("**lat=20.96**")
    phone.check()
    phone.tap(".tq-card__link:has-text('KVBP 1')")
    phone.check()
    phone.tap("main a:has-text('Khảo sát')")
    page.wait_for_function("document.querySelector('[name=fix_lat]').value !== ''")
    phone.check()
    phone.taps = 0
    for index in range(10):
        if index != 2:
            phone.tap(f"#items-{index}-quick-{'none' if index in {1, 7} else 'enough'}")
            continue
        # Two banners, one of them torn: a step each, a step back, a chip.
        for _ in range(2):
            phone.tap(_item(index, ".tq-stepper >> nth=0 >> [data-step='1']"))
        phone.tap(_item(index, ".tq-stepper >> nth=1 >> [data-step='-1']"))
        phone.tap(_item(index, ".tq-chip:has-text('Rách') input"))
    assert page.locator("[data-left]").inner_text() == "Đã trả lời đủ các mục"
    picture = tmp_path / "anh.jpg"
    Image.new("RGB", (800, 600), "brown").save(picture, "JPEG")
    page.set_input_files("#items-2-photo", str(picture))
    phone.check()
    phone.tap("button[name=finish]")
    page.wait_for_url("**/places/*")
    assert phone.taps == 14
    assert phone.failures == []
    _check_ten(app)


def _check_ten(app: Flask) -> None:
    answers, things, finished = _stored(app)
    assert (len(answers), finished) == (10, True)
    assert (answers["gate.PANEL_SMALL"], answers["gate.FLAG_DECOR"]) == (0, 10)
    assert things == 11  # three boards are three records, ten flags are one
    with app.app_context():
        photo = db.session.scalars(select(Photo)).one()
        torn = db.session.get_one(Installation, photo.installation_id)
        assert torn.condition is Condition.TORN
        assert (torn.position_source, round(torn.lat or 0, 4)) == (PositionSource.DEVICE, 20.9601)


def test_a_later_visit_confirms_with_one_tap(
    app: Flask, browser: Browser, served: str, cookie: str, city: City
) -> None:
    phone = Phone(browser, served, cookie)
    for _ in range(2):
        phone.open(f"/places/{city.places_a[0]}/survey")
        for index in range(5):
            same = phone.page.locator(f"#items-{index}-quick-same")
            phone.tap(f"#items-{index}-quick-{'same' if same.count() else 'enough'}")
        phone.tap("button[name=finish]")
        phone.page.wait_for_url("**/places/*")
    answers, things, finished = _stored(app)
    assert (things, finished, len(answers)) == (5, True, 5)
    phone.open(f"/places/{city.places_a[0]}/survey")
    phone.check()
    box = phone.page.locator("#items-2-found")
    assert (box.input_value(), box.get_attribute("placeholder")) == ("", "10")
    phone.tap("[data-item] >> nth=2 >> [data-step='-1'] >> nth=0")
    assert box.input_value() == "9"
    assert phone.failures == []


def test_the_same_visit_without_scripts(
    app: Flask, browser: Browser, served: str, cookie: str, ten: City
) -> None:
    phone = Phone(browser, served, cookie, java_script_enabled=False)
    phone.open(f"/places/{ten.places_a[0]}/survey")
    page = phone.page
    for index in range(10):
        if index == 2:
            page.fill(f"#items-{index}-found", "2")
            page.fill(f"#items-{index}-working", "1")
            continue
        page.click(f"#items-{index}-quick-{'none' if index == 1 else 'enough'}")
    page.click("button[name=finish]")
    assert "chọn tình trạng của chúng" in page.inner_text("main")  # kept what was said, asks for the rest
    assert page.input_value("#items-2-found") == "2"
    page.click(_item(2, ".tq-chip:has-text('Rách') input"))
    page.click("button[name=finish]")
    page.wait_for_url("**/places/*")
    answers, things, finished = _stored(app)
    assert (len(answers), things, finished) == (10, 12, True)
