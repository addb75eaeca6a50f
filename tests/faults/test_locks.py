"""Nobody waits in a ring: locks of PostgreSQL are taken in one order, rows before counters before the trail.

A second connection plays the other person: it holds what comes first, waits until the request stands
behind it, then takes what comes later. Taken in another order, PostgreSQL would end one of the two.
"""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from inventory.trail import _LOCK as TRAIL
from tests.faults.browser import Answer, Browser
from tests.faults.ground import Ground, balance, lay
from tests.faults.service import Service, serving
from tests.postgres import Cluster
from tests.web.furnished import picture


@pytest.fixture
def ground(cluster: Cluster, tmp_path: Path) -> Ground:
    """Two banners on PostgreSQL."""
    return lay(cluster.copy("template_trucquan"), tmp_path, 2)


@pytest.fixture
def service(ground: Ground, tmp_path: Path) -> Iterator[Service]:
    """The service."""
    with serving(ground.settings, tmp_path) as running:
        yield running


@contextmanager
def other_person(ground: Ground) -> Iterator[Connection]:
    """A transaction of somebody else, committed at the end of the block."""
    engine = create_engine(ground.settings["TRUCQUAN_DATABASE"])
    with engine.connect() as connection, connection.begin():
        yield connection
    engine.dispose()


def wait_until_it_stands_behind(connection: Connection) -> None:
    """Until another process of this database waits for a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _turn in range(500):
        if connection.scalar(waiting):
            return
        time.sleep(0.02)
    raise AssertionError("the request never waited")


def test_verifying_several_waits_before_it_holds_what_others_need(service: Service, ground: Ground) -> None:
    office = Browser(service.port, ground.cookies["culture_office"])
    shown = office.open("/reviews")
    fields = shown.fields("/reviews/verify")
    body = [(name, value) for name, value in fields.items() if name != "item"]
    body += [("item", f"{thing}:1") for thing in ground.things]
    with ThreadPoolExecutor(1) as pool:
        with other_person(ground) as ward:
            ward.execute(
                text("SELECT id FROM installation WHERE id = :id FOR UPDATE"), {"id": ground.things[1]}
            )
            pressed: Future[Answer] = pool.submit(office.send_pairs, "/reviews/verify", body)
            wait_until_it_stands_behind(ward)
            ward.execute(text("UPDATE campaign SET facts_version = facts_version + 1"))
            ward.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TRAIL})
        assert pressed.result(30).status == 303
    assert balance(ground.app(), Counter())["receipts"] == 2 + len(ground.things)


def test_a_photo_that_answers_a_return_takes_the_trail_last(service: Service, ground: Ground) -> None:
    thing = ground.things[0]
    office = Browser(service.port, ground.cookies["culture_office"])
    fields = office.open(f"/reviews?item={thing}").fields(f"/reviews/{thing}/return")
    assert office.send(f"/reviews/{thing}/return", {**fields, "reason": "no_photo"}).status == 303
    ward = Browser(service.port, ground.cookies["ward_staff"])
    words = ward.open(f"/installations/{thing}").fields(f"/installations/{thing}/photos")
    with ThreadPoolExecutor(1) as pool:
        with other_person(ground) as other:
            other.execute(text("UPDATE campaign SET facts_version = facts_version + 1"))
            sent: Future[Answer] = pool.submit(
                ward.send_file, f"/installations/{thing}/photos", words, "photo-overview", picture("green")
            )
            wait_until_it_stands_behind(other)
            other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TRAIL})
        assert sent.result(30).status == 303
