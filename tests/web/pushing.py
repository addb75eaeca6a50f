"""A phone of the tests: makes entries as the app does and pushes them over the service's own route."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inventory.identity import new_id
from tests.city import City
from tests.client import Visitor

MADE_AT = "2021-04-19T08:30:00.000Z"
HEADERS = {"X-Trucquan-Field": "test"}


def entry(act: str, number: str = "", **body: Any) -> dict[str, str]:
    """One entry as it travels."""
    told = {"act": act, "campaign": "thu-2021", "made_at": MADE_AT, **body}
    text = json.dumps(told, ensure_ascii=False)
    return {"id": number or new_id(), "sha256": hashlib.sha256(text.encode()).hexdigest(), "body": text}


@dataclass
class Phone:
    """One person on one phone."""

    client: FlaskClient
    city: City
    person: int
    device: str = field(default_factory=new_id)

    @classmethod
    def of(cls, app: Flask, city: City, who: str = "ward_staff") -> "Phone":
        """A phone whose person is signed in."""
        return cls(Visitor.signed_in(app, city.people[who]).client, city, city.people[who])

    def envelope(self, entries: list[dict[str, str]], **more: Any) -> dict[str, Any]:
        """A push."""
        return {
            "format": 1,
            "device": self.device,
            "person": self.person,
            "app": "test",
            "sent_at": MADE_AT,
            "status": {"waiting": len(entries), "photos": 0, "needs": 0, "oldest": None},
            "entries": entries,
            **more,
        }

    def send(self, *entries: dict[str, str], **more: Any) -> TestResponse:
        """Push and return the raw response."""
        return self.client.post("/field/push", json=self.envelope(list(entries), **more), headers=HEADERS)

    def push(self, *entries: dict[str, str], status: int = 201, **more: Any) -> list[dict[str, Any]]:
        """Push, expect the status, return the answers."""
        answer = self.send(*entries, **more)
        assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
        assert answer.headers["X-Trucquan-Answer"] == "1"
        found: list[dict[str, Any]] = answer.get_json()["answers"]
        assert [(one["id"], one["sha256"]) for one in found] == [
            (one["id"], one["sha256"]) for one in entries
        ]
        return found

    def one(self, sent: dict[str, str], status: int = 201, **more: Any) -> dict[str, Any]:
        """Push one entry and return its answer."""
        return self.push(sent, status=status, **more)[0]

    def record(self, installation: str = "", number: str = "", **more: Any) -> dict[str, str]:
        """A new banner at the first place of ward A."""
        fields = {"kind_code": "BANNER_H", "zone": "gate", "condition": "good", **more.pop("fields", {})}
        told = {"place": self.city.places_a[0], "area": self.city.ward_a, "fields": fields, **more}
        return entry("record", number, installation=installation or new_id(), **told)

    def amend(self, installation: str, base: int | None = 1, **more: Any) -> dict[str, str]:
        """A change of fields."""
        number = more.pop("number", "")
        return entry("amend", number, installation=installation, base=base, area=self.city.ward_a, **more)

    def answer(self, visit: str, key: str = "gate.BANNER_H", **more: Any) -> dict[str, str]:
        """One item of a visit."""
        number = more.pop("number", "")
        told = {"place": self.city.places_a[0], "area": self.city.ward_a, "quick": "", "base": {}, "new": []}
        return entry("answer", number, **(told | {"visit": visit, "key": key} | more))

    def finish(self, visit: str, **more: Any) -> dict[str, str]:
        """ "Xong nơi này"."""
        told = {"place": self.city.places_a[0], "area": self.city.ward_a, "empty_zones": []}
        return entry("finish", more.pop("number", ""), **(told | {"visit": visit} | more))
