"""The end of a visit says how many answers it waits for, whatever became of them on the phone."""

import json
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from inventory.database import db
from inventory.tables.field import FieldEntry
from inventory.tables.survey import Answer, Survey
from tests.browser.phone import Phone
from tests.browser.test_field_visit import LOAD, _item, _piles, _ready, _sent, _tap, _visit

pytestmark = pytest.mark.browser


def queue(phone: Phone) -> list[tuple[str, Any]]:
    """What waits in the order of doing: its act, and of an end the number of answers."""
    rows = phone.run(LOAD + "return (await field('queue')).list(db, 'waiting');")
    return [(row["act"], json.loads(row["body"]).get("answers")) for row in rows]


def drop_first_answer(page: Page) -> None:
    """Press "Xóa" at the first row of what waits."""
    page.locator("[data-entry] >> nth=0 >> text=Xóa").click()


def test_a_finish_counts_its_answers_and_a_deleted_one_is_counted_out(
    phone: Phone, app: Flask, city: Any
) -> None:
    page = _ready(phone)
    phone.offline(True)
    page = _visit(phone, city.places_a[0])
    _tap(page, _item(0, "[data-quick=enough]"))
    _tap(page, "[data-submit=save]")
    page.wait_for_selector("[data-own=waiting]", state="attached")
    _tap(page, _item(1, "[data-quick=enough]"))
    page.click("[data-submit=finish]")
    page.wait_for_selector("[data-places]")
    page = phone.open("#/piles/waiting")
    page.wait_for_selector("[data-entry]")
    assert queue(phone) == [("answer", None), ("answer", None), ("finish", 2)]
    drop_first_answer(page)
    expect(page.locator("[data-entry]")).to_have_count(2)
    assert queue(phone) == [("answer", None), ("finish", 1)]
    page.click("text=Lấy lại")
    expect(page.locator("[data-entry]")).to_have_count(3)
    assert queue(phone) == [("answer", None), ("answer", None), ("finish", 2)]
    drop_first_answer(page)
    expect(page.locator("[data-entry]")).to_have_count(2)
    phone.offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    _sent(phone)
    with app.app_context():
        outcomes = {str(row.act): str(row.outcome) for row in db.session.scalars(select(FieldEntry))}
        assert outcomes == {"answer": "stored", "finish": "stored"}
        assert db.session.scalars(select(Survey)).one().finished_at
        assert len(db.session.scalars(select(Answer)).all()) == 1
    assert phone.failures == []


def test_with_its_last_answer_a_visit_s_end_goes_too_and_comes_back_with_it(phone: Phone, city: Any) -> None:
    page = _ready(phone)
    phone.offline(True)
    page = _visit(phone, city.places_a[0])
    _tap(page, _item(0, "[data-quick=enough]"))
    page.click("[data-submit=finish]")
    page.wait_for_selector("[data-places]")
    page = phone.open("#/piles/waiting")
    page.wait_for_selector("[data-entry]")
    drop_first_answer(page)
    expect(page.locator("[data-entry]")).to_have_count(0)
    assert (_piles(phone)["waiting"], _piles(phone)["needs"]) == (0, 0)
    page.click("text=Lấy lại")
    expect(page.locator("[data-entry]")).to_have_count(2)
    assert queue(phone) == [("answer", None), ("finish", 1)]
