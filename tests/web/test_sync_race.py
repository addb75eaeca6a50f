"""Claim 8: the same entries pushed eight times at the same moment are stored once, on both databases."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from inventory.database import db
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation
from tests.city import City
from tests.web.pushing import HEADERS, Phone


def test_eight_pushes_of_one_batch_at_once_store_each_entry_once(app: Flask, city: City) -> None:
    phones = [Phone.of(app, city) for _ in range(8)]
    batch = [phones[0].record() for _ in range(10)]
    body = phones[0].envelope(batch)
    gate, answers, lock = threading.Barrier(8), [], threading.Lock()

    def send(phone: Phone) -> None:
        gate.wait()
        told = phone.client.post("/field/push", json=body, headers=HEADERS)
        with lock:
            answers.append((told.status_code, told.get_json()))

    threads = [threading.Thread(target=send, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    codes = sorted(status for status, _told in answers)
    assert codes == [201] + [202] * 7, answers[:2]
    fresh = [one["id"] for _status, told in answers for one in told["answers"] if not one["seen"]]
    assert sorted(fresh) == sorted(one["id"] for one in batch)
    with app.app_context():
        assert len(db.session.scalars(select(FieldEntry.id)).all()) == 10
        assert len(db.session.scalars(select(Installation.id)).all()) == 10


@pytest.mark.soak
def test_ten_thousand_waiting_entries_arrive_once(app: Flask, city: City) -> None:
    phone = Phone.of(app, city)
    sent = [phone.record() for _ in range(10_000)]
    for start in range(0, 10_000, 100):
        assert {one["outcome"] for one in phone.push(*sent[start : start + 100])} == {"stored"}
    with app.app_context():
        assert len(db.session.scalars(select(Installation.id)).all()) == 10_000
