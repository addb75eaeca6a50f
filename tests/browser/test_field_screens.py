"""Every screen of the app on a small phone and on a desk: nothing for axe to find, nothing too small
to press, nothing wider than the screen, and a head of two lines whatever the ward is called."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from inventory.database import db
from inventory.tables.area import Area
from tests.browser.phone import Phone
from tests.browser.test_field_things import ask, go, ready, save
from tests.browser.test_field_visit import LEAST_TARGET, SMALL
from tests.city import City

pytestmark = pytest.mark.browser

LONG_NAME = "Phường Hồng Hải – Hòn Gai"
SIZES = ({"width": 360, "height": 740}, {"width": 1280, "height": 800})
#: What each pile has to show: one entry refused, one in conflict that was settled with a reason, one waiting.
SETTLED = """
  const rows = await queue.list(db, "waiting");
  const told = (row, more) => ({ id: row.id, sha256: row.sha256, changed: [], notes: [], ...more });
  await queue.settle(db, [
    told(rows[0], {
      outcome: "refused", code: "found_range", field: "found", message: "Số phải từ 0 đến 60.",
    }),
    told(rows[1], { outcome: "conflict", who: "Người khác", changed: [["found", "1/1", "0/0"]] }),
  ]);
  const area = await db.get("areas", given.area);
  area.mine = [{ id: rows[1].id, state: "settled", settled_how: "keep", reason: "Đã đếm lại tại chỗ" }];
  await db.put("areas", area);
  return rows[1].id;
"""


def worked(phone: Phone, app: Flask, city: City) -> str:
    """A phone with something in every pile; the id of the settled entry."""
    with app.app_context():
        db.session.get_one(Area, city.ward_a).name = LONG_NAME
        db.session.commit()
    ready(phone, f"#/place/{city.places_a[0]}")
    page = phone.page
    for index in range(3):
        page.locator(f"[data-item] >> nth={index} >> [data-quick=none]").click()
        page.wait_for_timeout(400)
    page.click("[data-submit=save]")
    page.wait_for_selector("[data-own=waiting]", state="attached")
    go(phone, f"#/new?place={city.places_a[0]}&zone=gate&kind=BANNER_H")
    save(phone)
    settled: str = ask(phone, SETTLED)
    go(phone, f"#/place/{city.places_a[1]}")
    page.locator("[data-item] >> nth=0 >> [data-quick=none]").click()
    page.wait_for_timeout(500)
    return settled


def wrong(phone: Phone) -> dict[str, Any]:
    """What is wrong with the screen that stands there; empty when nothing is."""
    page = phone.page
    found = {
        "axe": [
            (one["id"], [node["html"][:120] for node in one["nodes"]])
            for one in Axe().run(page).response["violations"]
        ],
        "small": page.evaluate(SMALL, LEAST_TARGET),
        "wide": page.evaluate("document.documentElement.scrollWidth > innerWidth"),
        "head": page.evaluate("document.querySelector('.fd-head').getBoundingClientRect().height > 60"),
    }
    return {name: value for name, value in found.items() if value}


def test_every_screen_is_clean_on_a_phone_and_on_a_desk(phone: Phone, app: Flask, city: City) -> None:
    settled = worked(phone, app, city)
    thing = ask(phone, "return (await db.getAll('entries')).find((row) => row.act === 'record').about;")
    place = city.places_a[0]
    routes = [
        *("#/", f"#/place/{place}", f"#/ward/{city.ward_a}", f"#/thing/{thing}"),
        *(f"#/new?place={place}&zone=gate", f"#/new?place={place}&zone=gate&kind=BANNER_H"),
        *("#/piles/drafts", "#/piles/waiting", "#/piles/needs", "#/piles/sent"),
        *("#/mine", "#/returned", "#/settings", "#/rescue", "#/scan", "#/sign-in?new=1"),
    ]
    troubles = {}
    for size in SIZES:
        phone.page.set_viewport_size(size)  # type: ignore[arg-type]
        for route in routes:
            go(phone, route)
            phone.page.wait_for_timeout(150)
            if found := wrong(phone):
                troubles[f"{size['width']} {route}"] = found
    assert troubles == {}
    assert phone.failures == []
    go(phone, "#/mine")
    assert "Phòng ghi: Đã đếm lại tại chỗ" in phone.page.inner_text(f"[data-entry='{settled}']")
    go(phone, "#/piles/sent")
    assert "Phòng ghi: Đã đếm lại tại chỗ" in phone.page.inner_text(f"[data-entry='{settled}']")


def test_what_the_office_refused_is_said_at_its_item_and_is_not_answered(
    phone: Phone, app: Flask, city: City
) -> None:
    worked(phone, app, city)
    go(phone, f"#/place/{city.places_a[0]}")
    item = phone.page.locator("[data-item]").filter(has=phone.page.locator("[data-own=needs]"))
    assert "Cần sửa: Số phải từ 0 đến 60." in item.inner_text()
    assert "tq-item--answered" not in (item.get_attribute("class") or "")
