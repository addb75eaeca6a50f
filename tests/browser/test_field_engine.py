"""The engine on the phone (claims 11 to 14, 42): what is queued stays queued until the office has it."""

import pytest

from tests.browser.phone import Phone

pytestmark = pytest.mark.browser

QUEUE = """
  const { personDb } = await field("db"); const queue = await field("queue");
  const db = await personDb(1);
"""


def test_what_is_queued_outlives_a_killed_browser(phone: Phone) -> None:
    phone.sign_in("ward_staff")
    phone.open()
    entry = phone.run(QUEUE + 'return (await queue.add(db, "finish", {place: 1, note: "Ghi chú"})).id;')
    phone.kill()
    phone.reopen()
    phone.open()
    rows = phone.run(QUEUE + 'return (await queue.list(db, "waiting")).map(row => row.id);')
    assert rows == [entry]
