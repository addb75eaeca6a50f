"""Phone and office together (claims 11, 12, 42): lost answers, killed browsers, a hostile site.

What is done on the phone is at the office exactly once, whatever happened on the way.
"""

import itertools
from collections import Counter

import pytest
from flask import Flask
from playwright.sync_api import Route
from sqlalchemy import select

from inventory.database import db
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation
from tests.browser.phone import Phone
from tests.browser.test_field_engine import do, lab, ready, send
from tests.city import City

__all__ = ["ready"]
pytestmark = pytest.mark.browser

#: Things that a person records, each with an id that the phone made.
RECORD = """
  const { uuid7 } = await field("ids");
  const made = [];
  for (let n = 0; n < given.count; n += 1) {
    const thing = uuid7();
    const fields = { kind_code: "PANEL_SMALL", zone: "public", quantity: 1, working: 1, condition: "good" };
    const body = { installation: thing, place: null, fields, position: null, near: [] };
    const where = { about: thing, target: "ward:" + given.ward };
    made.push([(await queue.add(db, "record", { ...body, area: given.ward }, where)).id, thing]);
  }
  return made;
"""


class LossyLine:
    """Every third answer gets lost after the office has done its work."""

    def __init__(self, phone: Phone, every: int = 3) -> None:
        self.turn, self.every = itertools.count(1), every
        self.lost = 0
        phone.intercept("**/field/push", self.carry)

    def carry(self, route: Route) -> None:
        """Bring the push to the office; lose its answer now and then."""
        answer = route.fetch()
        if next(self.turn) % self.every == 0:
            self.lost += 1
            route.abort("connectionreset")
            return
        route.fulfill(response=answer)


def _stored(app: Flask) -> tuple[list[str], list[str]]:
    with app.app_context():
        entries = list(db.session.scalars(select(FieldEntry.id)))
        things = list(db.session.scalars(select(Installation.id)))
        db.session.rollback()
    return entries, things


def test_sixty_records_with_lost_answers_and_a_killed_browser_are_there_once(
    ready: Phone,
    app: Flask,
    city: City,
) -> None:
    made = do(ready, RECORD, {"count": 60, "ward": city.ward_a})
    ready.kill()
    ready.reopen()
    ready.sign_in("ward_staff")
    line = LossyLine(ready, every=2)
    lab(ready)
    do(ready, "await sync.start(here); await sync.syncNow();")
    for _ in range(30):
        if send(ready)["waiting"] == 0:
            break
    assert line.lost >= 2
    entries, things = _stored(app)
    assert Counter(entries) == Counter(entry for entry, _ in made)
    assert Counter(things) == Counter(thing for _, thing in made)
    assert set(ready.server_rows().values()) == {"stored"}
    assert do(ready, "return [(await pile('waiting')).length, (await pile('sent')).length];") == [0, 60]


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_twenty_kills_in_the_middle_of_sending_double_nothing(
    ready: Phone,
    app: Flask,
    city: City,
) -> None:
    made = []
    for _ in range(20):
        made += do(ready, RECORD, {"count": 30, "ward": city.ward_a})
        do(ready, "await sync.start(here); sync.syncNow();")
        ready.kill()
        ready.reopen()
        ready.sign_in("ward_staff")
        lab(ready)
    do(ready, "await sync.start(here); await sync.syncNow();")
    send(ready)
    entries, things = _stored(app)
    assert Counter(entries) == Counter(entry for entry, _ in made)
    assert Counter(things) == Counter(thing for _, thing in made)


def test_what_was_sent_comes_back_with_the_pack(
    ready: Phone,
    city: City,
) -> None:
    made = do(ready, RECORD, {"count": 2, "ward": city.ward_a})
    do(ready, "await sync.start(here);")
    send(ready)
    send(ready)
    found = do(
        ready,
        """const pack = await field("pack");
        const mine = await pack.mine(db);
        return [(await pack.things(db)).map((row) => row.id).sort(), Object.keys(mine).sort()];""",
    )
    assert found == [sorted(thing for _, thing in made), sorted(entry for entry, _ in made)]


def test_no_other_site_can_push(
    ready: Phone,
    app: Flask,
    city: City,
) -> None:
    port = ready.server.port
    ready.page.goto(f"http://127.0.0.1:{port}/healthz")  # another site than localhost, for a browser
    target = f"http://localhost:{port}/field/push"
    ready.page.evaluate(
        """async (target) => {
          const body = JSON.stringify({ format: 1, entries: [] });
          const tries = [
            { mode: "no-cors", body }, { mode: "no-cors", body, headers: { "Content-Type": "text/plain" } },
            { body, headers: { "Content-Type": "application/json", "X-Trucquan-Field": "1" } },
          ];
          for (const one of tries) {
            await fetch(target, { method: "POST", credentials: "include", ...one }).catch(() => null);
          }
          navigator.sendBeacon(target, body);
        }""",
        target,
    )
    assert _stored(app) == ([], [])
