"""Photos as a phone tells and brings them, for tests: the entry's row, the expectation, the parts."""

import hashlib
from dataclasses import replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.outcomes import Outcome
from inventory.photos import expecting
from inventory.photos.expecting import PhotoTold
from inventory.tables.field import FieldEntry
from inventory.vocabulary import EntryAct, EntryOutcome
from tests.city import City
from tests.web.furnished import acting

HEADERS = {"X-Trucquan-Field": "tests"}


def told(data: bytes, installation_id: str | None = None, **given: Any) -> PhotoTold:
    """What a phone says of these bytes."""
    plain = PhotoTold(new_id(), installation_id, None, hashlib.sha256(data).hexdigest(), len(data))
    return replace(plain, **given)


def entry(city: City, who: str, act: EntryAct = EntryAct.PHOTO, **given: Any) -> str:
    """A stored entry of a person; its id."""
    words = {"id": new_id(), "sha256": "0" * 64, "body": "{}", "outcome": EntryOutcome.STORED, **given}
    row = FieldEntry(
        **words, act=act, person_id=city.people[who], campaign_id=city.campaign, received_at=now()
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def tell(app: Flask, city: City, photo: PhotoTold, who: str = "ward_staff", owner: str = "") -> Outcome:
    """Expect a photo, as sync does when its entry is stored."""
    with app.app_context():
        actor, campaign = acting(city.people[who])
        number = entry(city, owner or who)
        outcome = expecting.expect(actor, campaign, number, photo, city.people[owner or who])
        db.session.commit()
        return outcome


def put(client: FlaskClient, photo_id: str, offset: int, data: bytes, **headers: str) -> TestResponse:
    """Send one part."""
    return client.put(
        f"/field/photos/{photo_id}?offset={offset}",
        data=data,
        headers={**HEADERS, "X-Part-SHA256": hashlib.sha256(data).hexdigest(), **headers},
        content_type="application/octet-stream",
    )


def state(client: FlaskClient, photo_id: str) -> dict[str, Any]:
    """What the server says of a photo."""
    answer = client.get(f"/field/photos/{photo_id}", headers=HEADERS)
    words: dict[str, Any] = answer.get_json()
    return words


def send(client: FlaskClient, photo_id: str, data: bytes, part: int = 100_000) -> list[int]:
    """Send all parts; the statuses."""
    starts = range(0, len(data), part)
    return [put(client, photo_id, at, data[at : at + part]).status_code for at in starts]
