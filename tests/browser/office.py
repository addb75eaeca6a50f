"""An office that keeps the protocol of docs/sync.md in a few lines, and can have every bad day there is.

It stands between the phone and the service for /field/push, so that what the phone does with an answer is
tried without what the real office does with an entry; the two are tried together in test_field_whole.py.
"""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import BrowserContext, Route

PORTALS = {
    "portal 200": {"status": 200, "content_type": "text/html", "body": "<h1>Wi-Fi miễn phí</h1>"},
    "portal 200 json": {"status": 200, "content_type": "application/json", "body": "{}"},
    "portal 201 json": {"status": 201, "content_type": "application/json", "body": '{"answers": []}'},
    "portal 302": {"status": 302, "headers": {"Location": "http://127.0.0.1:9/sign-in"}},
    "portal 511": {"status": 511, "content_type": "text/html", "body": "<h1>Network sign-in</h1>"},
    "portal 403": {"status": 403, "content_type": "text/html", "body": "<h1>Blocked</h1>"},
}
STOPS = {
    "sign_in": (401, "sign_in"),
    "cut_off": (403, "cut_off"),
    "other_person": (409, "other_person"),
    "update": (426, "update"),
    "broken": (400, "envelope"),
}


class Office:
    """`mood` is how the day goes; `seen` counts each id that arrived, `stored` has each body once."""

    def __init__(self, context: BrowserContext) -> None:
        self.mood = "well"
        self.poison: set[str] = set()
        self.outcomes: dict[str, str] = {}
        self.most = 100
        self.seen: Counter[str] = Counter()
        self.stored: dict[str, str] = {}
        self.batches: list[int] = []
        self.envelopes: list[dict[str, Any]] = []
        self.offset = timedelta(0)
        context.route("**/field/push", self.answer)

    def clear(self) -> None:
        """Forget what came so far."""
        self.seen.clear()
        self.stored.clear()
        self.batches.clear()
        self.envelopes.clear()

    def answer(self, route: Route) -> None:
        """Answer one push."""
        request = route.request
        assert request.headers.get("x-trucquan-field")
        envelope = json.loads(request.post_data or "{}")
        if self.mood in PORTALS:
            route.fulfill(**PORTALS[self.mood])  # type: ignore[arg-type]
            return
        if self.mood in STOPS:
            status, code = STOPS[self.mood]
            body = {"error": {"code": code, "message": "…", "field": ""}}
            route.fulfill(status=status, json=body, headers={"X-Trucquan-Answer": "1"})
            return
        if self.mood == "busy":
            route.fulfill(status=503, json={"error": {"code": "busy"}}, headers={"Retry-After": "3600"})
            return
        self._take(route, envelope)

    def _take(self, route: Route, envelope: dict[str, Any]) -> None:
        entries = envelope["entries"]
        self.envelopes.append(envelope)
        self.batches.append(len(entries))
        if len(entries) > self.most:
            route.fulfill(status=413, json={"error": {"code": "large"}})
            return
        if self.poison & {entry["id"] for entry in entries}:
            route.fulfill(status=500, json={"error": {"code": "server"}})
            return
        fresh = [entry for entry in entries if entry["id"] not in self.stored]
        for entry in entries:
            self.seen[entry["id"]] += 1
            self.stored.setdefault(entry["id"], entry["body"])
        if self.mood == "lost":
            route.abort("connectionreset")
            return
        told = {
            "server_at": (datetime.now(UTC) + self.offset).isoformat(timespec="milliseconds"),
            "update": None,
            "answers": [
                {"id": e["id"], "sha256": e["sha256"], "outcome": self.outcomes.get(e["id"], "stored")}
                for e in entries
            ],
        }
        route.fulfill(status=201 if fresh else 202, json=told, headers={"X-Trucquan-Answer": "1"})
