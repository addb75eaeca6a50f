"""The map in a real Chromium: nothing runs that a person typed, nothing leaves, and all its parts work.

Claims 34 and 37: five payloads in every text that could reach the map run 0 times, and no page asks
another host for anything.
"""

import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from inventory.database import db
from inventory.people import sessions
from inventory.tables.area import Area
from inventory.tables.installation import Installation
from inventory.tables.kind import Kind
from inventory.tables.place import Place, Venue
from inventory.tables.slogan import Slogan
from inventory.tables.standard import Requirement
from inventory.vocabulary import Channel, Condition, LineAction
from tests.city import City
from tests.mapped import run, surveyed, thing
from tests.planned import check, choice, plan

pytestmark = pytest.mark.browser

PAYLOADS = (
    "<img src=x onerror=window.__pwn=1>",
    "</script><script>window.__pwn=1</script>",
    "${window.__pwn=1}",
    "`+(window.__pwn=1)+`",
    "javascript:window.__pwn=1",
)


@dataclass
class Served:
    """A running service with the city on it, and a browser's page that notes what went wrong."""

    app: Flask
    city: City
    address: str
    browser: Browser
    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, query: str = "", who: str = "culture_office", **options: object) -> Page:
        """The map page, when its data are drawn."""
        with self.app.app_context():
            token = sessions.begin(self.city.people[who], "tests", "127.0.0.1")
            db.session.commit()
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        carried = client.get_cookie("trucquan")
        assert carried
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})  # type: ignore[arg-type]
        context.add_cookies([{"name": "trucquan", "value": carried.value, "url": self.address}])
        page = context.new_page()
        page.on("console", lambda line: self.wrong.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.set_default_timeout(10_000)
        page.goto(f"{self.address}/map{query}")
        page.wait_for_selector(".tq-map[data-ready]")
        return page

    def outside(self) -> list[str]:
        """What was asked of other hosts."""
        return [url for url in self.asked if not url.startswith((self.address, "data:", "blob:"))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def served(app: Flask, city: City, browser: Browser) -> Iterator[Served]:
    """The city with things that work and do not, served on a free port of loopback."""
    with app.app_context():
        thing(city, city.places_a[0], verified=True, lat=20.9605, lon=107.0235)
        thing(city, city.places_a[0], "SPK_CLUSTER_FM", lat=20.9610, lon=107.0225)
        thing(city, city.places_a[1], condition=Condition.TORN, lat=20.9615, lon=107.0262)
        thing(city, city.places_b[0], lat=20.965, lon=107.066)
        surveyed(city, city.places_a[0])
        surveyed(city, city.places_a[1])
        run(city)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(app, city, f"http://127.0.0.1:{server.server_port}", browser)
    server.shutdown()
    thread.join()


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    """What a browser shows does not depend on the kind of database: SQLite alone is enough."""
    path = tmp_path / "test.db"
    shutil.copyfile(migrated, path)
    return f"sqlite:///{path}"


def shown(page: Page) -> list[int]:
    """The places whose rows are in sight."""
    rows = page.locator("#places-list tr[data-place]:visible")
    return [int(rows.nth(i).get_attribute("data-place") or 0) for i in range(rows.count())]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_runs_that_a_person_typed(served: Served, payload: str) -> None:
    with served.app.app_context():
        for place in db.session.scalars(select(Place)):
            place.name = payload
        for venue in db.session.scalars(select(Venue)):
            venue.name = venue.address = venue.source = payload
        for kind in db.session.scalars(select(Kind)):
            kind.name_vi = kind.unit_vi = payload
        for asked in db.session.scalars(select(Requirement)):
            asked.name_vi = payload
        for slogan in db.session.scalars(select(Slogan)):
            slogan.text = payload
        for ward in db.session.scalars(select(Area)):
            ward.name = payload
        for made in db.session.scalars(select(Installation)):
            made.note = made.shown_text = made.serial = payload
        db.session.commit()
    page = served.open()
    for look in ("path.tq-ward", ".tq-pin--place", ".tq-pin--thing"):
        page.evaluate("trucquan.map.setView([20.9605, 107.0235], 18, {animate: false})")
        page.wait_for_selector(look, state="attached")
        page.locator(look).first.dispatch_event("click")
        page.wait_for_selector(".tq-popup")
        assert payload in page.locator(".leaflet-popup").inner_text()
        page.keyboard.press("Escape")
        page.wait_for_selector(".tq-popup", state="detached")
    page.evaluate("trucquan.map.setZoom(13)")
    page.wait_for_timeout(300)
    assert page.evaluate("window.__pwn") is None
    assert payload in page.locator("#places-list").inner_text()
    assert page.locator("#map-list img, .tq-map .leaflet-popup img").count() == 0
    assert served.wrong == []
    assert served.outside() == []


def test_a_mark_opens_what_is_missing_there_with_the_way_to_both_pages(served: Served) -> None:
    page = served.open()
    number = served.city.places_a[0]
    page.locator(f"tr[data-place='{number}'] [data-locate]").click()
    popup = page.locator(".tq-popup")
    popup.wait_for()
    assert "thiếu" in popup.inner_text()
    assert "Yêu cầu G1" in popup.inner_text()
    links = popup.locator("a")
    addresses = [links.nth(i).get_attribute("href") for i in range(links.count())]
    assert addresses == [f"/places/{number}", f"/coverage?place={number}"]
    assert page.locator(f"tr[data-place='{number}']").get_attribute("aria-current") == "true"
    assert page.locator("path.tq-around").count() == 1
    page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    assert page.evaluate("document.activeElement.matches('[data-locate]')")
    assert served.wrong == []


def test_a_row_and_its_mark_light_up_together(served: Served) -> None:
    page = served.open()
    row = page.locator(f"tr[data-place='{served.city.places_b[1]}']")
    row.hover()
    assert page.locator(".tq-pin--lit").count() == 1
    page.mouse.move(5, 5)
    assert page.locator(".tq-pin--lit").count() == 0
    row.locator("a").first.focus()
    assert page.locator(".tq-pin--lit").count() == 1
    page.locator(".tq-pin--place").first.hover(force=True)
    assert page.locator(".tq-maplist__row--lit").count() >= 1


def test_the_keyboard_alone_reaches_a_place_on_the_map(served: Served) -> None:
    page = served.open()
    page.locator("tr[data-place] [data-locate]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".tq-popup")
    assert page.evaluate("document.activeElement.closest('.tq-popup') !== null")


def test_filters_act_at_once_and_say_how_many_of_how_many(served: Served) -> None:
    page = served.open()
    city = served.city
    assert page.locator("#places-shown").inner_text() == "4 / 4 nơi bỏ phiếu"
    assert page.locator("#things-shown").inner_text() == "4 / 4 công trình"
    page.select_option("[name=ward]", str(city.ward_b))
    assert set(shown(page)) == set(city.places_b)
    assert page.locator("#places-shown").inner_text() == "2 / 4 nơi bỏ phiếu"
    assert page.locator("#things-shown").inner_text() == "1 / 4 công trình"
    assert page.locator(".tq-pin--place").count() == 2
    page.select_option("[name=state]", "not_surveyed")
    assert f"ward={city.ward_b}" in page.url
    assert "state=not_surveyed" in page.url
    page.reload()
    page.wait_for_selector(".tq-map[data-ready]")
    assert set(shown(page)) == set(city.places_b)
    page.select_option("[name=ward]", "")
    page.select_option("[name=state]", "")
    assert len(shown(page)) == 4
    page.select_option("[name=kind]", "SPK_CLUSTER_FM")
    assert page.locator("#things-shown").inner_text() == "1 / 4 công trình"
    page.select_option("[name=kind]", "")
    page.select_option("[name=sound]", "broken")
    assert page.locator("#things-shown").inner_text() == "1 / 4 công trình"
    assert served.wrong == []


def test_the_figure_asks_the_server_and_keeps_the_view(served: Served) -> None:
    page = served.open()
    page.evaluate("trucquan.map.setView([20.9605, 107.0235], 15, {animate: false})")
    with page.expect_navigation():
        page.select_option("[name=figure]", "verified")
    page.wait_for_selector(".tq-map[data-ready]")
    assert page.locator("#things-shown").inner_text() == "1 / 1 công trình"
    assert page.evaluate("trucquan.map.getZoom()") == 15
    assert served.wrong == []


def test_it_opens_at_the_wards_and_does_not_leave_them(served: Served) -> None:
    page = served.open()
    inside = "trucquan.map.getBounds().contains(trucquan.layers.wards.getBounds())"
    assert page.evaluate(inside)
    page.evaluate("trucquan.map.setView([15, 112], 3, {animate: false})")
    page.wait_for_timeout(400)
    assert page.evaluate("trucquan.map.getZoom()") >= 9
    assert page.evaluate("trucquan.map.getBounds().intersects(trucquan.layers.wards.getBounds())")


def test_layers_can_be_taken_away_and_states_differ_in_shape(served: Served) -> None:
    page = served.open()
    shapes = page.locator(".tq-pin--place use").evaluate_all(
        "uses => [...new Set(uses.map(use => use.getAttribute('href')))].sort()"
    )
    assert shapes == ["#mark-none", "#mark-not_surveyed", "#mark-partly"]
    page.locator(".leaflet-control-layers").hover()
    labels = page.locator(".leaflet-control-layers-overlays label")
    assert labels.count() == 7
    labels.filter(has_text="Nơi bỏ phiếu").locator("input").uncheck()
    assert page.locator(".tq-pin--place").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(served: Served, width: int, scheme: str) -> None:
    page = served.open(viewport={"width": width, "height": 740}, color_scheme=scheme, reduced_motion="reduce")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe = Axe()
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
    page.locator("tr[data-place] [data-locate]").first.click()
    page.wait_for_selector(".tq-popup")
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
    assert served.wrong == []
    assert served.outside() == []


def test_without_javascript_the_list_and_the_filters_work(served: Served) -> None:
    with served.app.app_context():
        token = sessions.begin(served.city.people["leader"], "tests", "127.0.0.1")
        db.session.commit()
    client = served.app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    carried = client.get_cookie("trucquan")
    assert carried
    context = served.browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "trucquan", "value": carried.value, "url": served.address}])
    page = context.new_page()
    page.goto(f"{served.address}/map")
    assert "Bản đồ cần JavaScript" in page.locator("body").inner_text()
    page.select_option("[name=ward]", str(served.city.ward_b))
    page.get_by_role("button", name="Lọc").click()
    assert set(shown(page)) == set(served.city.places_b)
    assert "2 / 4 nơi bỏ phiếu" in page.locator("body").inner_text()


def lay(served: Served, payload: str = "Thử") -> None:
    """A plan that mends and puts up, two checks of a loudspeaker; `payload` wherever people may write."""
    city = served.city
    with served.app.app_context():
        torn = thing(city, city.places_a[1], condition=Condition.TORN, lat=20.9616, lon=107.0263)
        speaker = thing(city, city.places_a[0], "SPK_CLUSTER_FM", lat=20.9611, lon=107.0226)
        number = plan(city, payload)
        choice(number, city.places_a[1], LineAction.REPAIR, thing=torn)
        choice(number, city.places_a[0], LineAction.BUY, "SPK_CLUSTER_FM")
        choice(number, city.places_a[0], LineAction.BUY)
        check(city, None, speaker, Channel.HEARING, perceived=True, at=(20.9612, 107.0226), note=payload)
        check(city, None, speaker, Channel.HEARING, perceived=False, at=(20.9613, 107.0226), note=payload)
        run(city)


def test_a_plan_is_seen_before_and_after_and_its_list_opens_its_marks(served: Served) -> None:
    lay(served)
    page = served.open("?plan=1")
    assert page.locator(".tq-pin--plan").count() == 2
    assert page.locator(".tq-planned__count").inner_text() == "2"
    page.get_by_label("Trước", exact=True).check()
    assert page.locator(".tq-pin--plan").count() == 0
    page.locator("#plan-list tr[data-plan-row='1'] [data-locate]").click()
    popup = page.locator(".tq-popup")
    popup.wait_for()
    assert page.get_by_label("Sau kế hoạch").is_checked()
    words = popup.inner_text()
    assert "Làm mới" in words
    assert "thêm 70 cử tri" in words
    assert "Tầm nghe theo mô hình" in words
    page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    assert page.evaluate("document.activeElement.matches('#plan-list [data-locate]')")
    assert served.wrong == []
    assert served.outside() == []


def test_two_plans_are_seen_one_after_the_other_on_the_same_map(served: Served) -> None:
    lay(served)
    with served.app.app_context():
        number = plan(served.city, "Khác")
        choice(number, served.city.places_b[0], LineAction.BUY)
    page = served.open("?plan=1&beside=2")
    assert page.locator(".tq-pin--plan").count() == 2
    page.get_by_label("Sau kế hoạch số 2").check()
    assert page.locator(".tq-pin--plan").count() == 1
    page.get_by_label("Trước", exact=True).check()
    assert page.locator(".tq-pin--plan").count() == 0
    page.get_by_label("Sau kế hoạch số 1").check()
    assert page.locator(".tq-pin--plan").count() == 2
    assert served.wrong == []


def test_a_check_stands_beside_the_models_answer(served: Served) -> None:
    lay(served, PAYLOADS[0])
    page = served.open("?plan=1")
    page.evaluate("trucquan.map.setView([20.9612, 107.0226], 18, {animate: false})")
    page.evaluate("trucquan.map.addLayer(trucquan.layers.checks)")
    marks = page.locator(".tq-pin--check")
    assert marks.count() == 2
    told = []
    for number in range(2):
        marks.nth(number).dispatch_event("click")
        page.wait_for_selector(".tq-popup")
        told.append(page.locator(".tq-popup").inner_text())
        page.keyboard.press("Escape")
        page.wait_for_selector(".tq-popup", state="detached")
    assert all("Theo mô hình: Nghe rõ" in words for words in told)
    assert all(PAYLOADS[0] in words for words in told)
    assert sum("Kiểm tra khác với mô hình." in words for words in told) == 1
    assert page.evaluate("window.__pwn") is None
    assert PAYLOADS[0] in page.locator(".tq-plan").inner_text()
    assert page.locator(".leaflet-popup img, .tq-plan img").count() == 0
    assert served.wrong == []


def test_the_models_reach_is_drawn_and_told_in_a_popup(served: Served) -> None:
    lay(served)
    page = served.open()
    page.evaluate("trucquan.map.addLayer(trucquan.layers.model)")
    drawn = page.evaluate("trucquan.layers.model.getLayers().map(layer => layer.getRadius?.() ?? 0)")
    assert max(drawn) > 10
    assert "dB" in page.locator(".tq-legend").inner_text()
    page.locator(f"tr[data-place='{served.city.places_a[0]}'] [data-locate]").click()
    popup = page.locator(".tq-popup")
    popup.wait_for()
    assert re.search(r"Theo mô hình: (?:Nghe|Không nghe) rõ · .*\d+ dB", popup.inner_text())
    assert served.wrong == []


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_a_plan(served: Served, width: int) -> None:
    lay(served)
    page = served.open("?plan=1", viewport={"width": width, "height": 740}, reduced_motion="reduce")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert served.wrong == []
