"""A field check on a phone in a real Chromium: one press at the spot, with its fix or without one."""

import pytest
from flask import Flask
from sqlalchemy import select

from inventory.database import db
from inventory.tables.field_check import FieldCheck
from inventory.vocabulary import PositionSource
from tests.browser.test_tap_map import HERE, Hand, boxes, browser, database_url, hand, unfold
from tests.city import City

pytestmark = pytest.mark.browser
__all__ = ["browser", "database_url", "hand"]


def kept(app: Flask) -> list[tuple[str, bool, float | None, PositionSource | None]]:
    with app.app_context():
        rows = db.session.scalars(select(FieldCheck).order_by(FieldCheck.id))
        return [(row.channel.value, row.perceived, row.lat, row.position_source) for row in rows]


def test_the_phone_says_where_and_one_press_keeps_it(app: Flask, city: City, hand: Hand) -> None:
    place = f"/places/{city.places_a[0]}"
    page = hand.open(f"{place}/check", geolocation=HERE, permissions=["geolocation"])
    page.wait_for_function("document.querySelector('[data-take-fix-words]').textContent.includes('± 7')")
    hand.check(page)
    for button in page.locator(".ck-button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 88
        assert box["y"] + box["height"] <= 740, "every answer is on the first screen"
    page.click("button:has-text('Không nghe rõ')")
    page.wait_for_url(f"**{place}")
    assert "Đã ghi: Không nghe rõ." in page.inner_text("main")
    hand.check(page)
    assert kept(app) == [("hearing", False, HERE["latitude"], PositionSource.DEVICE)]


def test_a_point_on_the_map_or_no_point_at_all(app: Flask, city: City, hand: Hand) -> None:
    place = f"/places/{city.places_a[0]}"
    page = hand.open(f"{place}/check")
    ground = unfold(page)
    ground.click(position={"x": 60, "y": 60})
    page.wait_for_function("document.querySelector('main [name=lat]').value !== ''")
    assert boxes(page)[0]
    page.click("button:has-text('Đọc được') >> nth=0")
    page.wait_for_url(f"**{place}")
    page.goto(f"{hand.address}{place}/check")
    page.click("button:has-text('Nghe rõ') >> nth=0")
    page.wait_for_url(f"**{place}")
    first, second = kept(app)
    assert (first[:2], first[3]) == (("reading", True), PositionSource.MAP)
    assert second == ("hearing", True, None, None)
    hand.check(page)
