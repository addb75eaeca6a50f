"""What one push costs inside the service: CPU ms and SQL statements an entry, without network or neighbours.

    python -m tests.bench.push_inside [--profile NAME]

CPU is that of this process, the median of several pushes of the same form; `--profile` says where the
time of one form goes.
"""

import argparse
import cProfile
import json
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, select

from app import create_app
from inventory.database import db
from inventory.tables.field import FieldEntry
from tests.bench.push import record
from tests.bench.push_visits import Entries, again, first_visits, more_places
from tests.city import City, build
from tests.conftest import environment
from tests.web.pushing import HEADERS, Phone

ROUNDS = 7
Make = Callable[[], Entries]


class Inside:
    """A service in this process, a phone, and fresh places for every round."""

    def __init__(self, folder: Path) -> None:
        self.app: Flask = create_app(environment(f"sqlite:///{folder / 'inside.db'}", folder))
        with self.app.app_context():
            upgrade()
            self.city: City = build()
            self.places = more_places(self.city, 10 * 4 * ROUNDS)
            db.session.remove()
        self.phone, self.random = Phone.of(self.app, self.city), Random(1)
        self.statements = 0

    def fresh(self) -> list[int]:
        """Ten places where nobody has been."""
        taken, self.places = self.places[:10], self.places[10:]
        return taken

    def send(self, entries: Entries) -> float:
        """Push and return the CPU seconds that it took; everything has to be stored."""
        body = json.dumps(self.phone.envelope(entries)).encode()
        began = time.process_time()
        answer = self.phone.client.post("/field/push", data=body, headers=HEADERS)
        spent = time.process_time() - began
        told = answer.get_json()["answers"]
        assert {one["outcome"] for one in told} <= {"stored"}, [x for x in told if x["outcome"] != "stored"][
            :3
        ]
        return spent

    def next_round(self) -> Entries:
        """Visits to ten places that were visited before."""
        places = self.fresh()
        first = first_visits(self.city, places)
        self.send(first)
        with self.app.app_context():
            rows = db.session.execute(select(FieldEntry.id, FieldEntry.detail)).all()
            db.session.remove()
        details = {row.id: row.detail or {} for row in rows}
        left = {}
        for one in first:
            said = json.loads(one["body"])
            if said["act"] == "answer":
                left[said["place"], said["key"]] = details[one["id"]].get("left", {})
        return again(self.city, places, left)


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--profile", default="")
    chosen = asked.parse_known_args()[0].profile
    with tempfile.TemporaryDirectory() as name:
        inside = Inside(Path(name))
        forms: dict[str, Make] = {
            "empty": list,
            "single record": lambda: [record(inside.city, inside.random)],
            "100 records": lambda: [record(inside.city, inside.random) for _ in range(100)],
            "first visits": lambda: first_visits(inside.city, inside.fresh()),
            "next visits": inside.next_round,
        }
        print(f"{'':16}{'entries':>8}{'CPU ms':>9}{'a entry':>9}{'SQL':>7}{'a entry':>9}")
        for form, make in forms.items():
            if not chosen or chosen == form:
                _measure(inside, form, make, bool(chosen))


def _measure(inside: Inside, form: str, make: Make, profiled: bool) -> None:
    rounds = ROUNDS if not form.startswith("single") and form != "empty" else 40
    batches = [make() for _ in range(rounds)]
    size = max(1, len(batches[0]))
    seen: list[str] = []
    with inside.app.app_context():
        engine = db.engine
    inside.send(batches[0])
    listener = lambda *told: seen.append(told[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    inside.send(batches[1])
    event.remove(engine, "before_cursor_execute", listener)
    look = cProfile.Profile()
    if profiled:
        look.enable()
    times = [inside.send(batch) for batch in batches[2:]]
    look.disable()
    spent = statistics.median(times) * 1000
    print(f"{form:16}{size:8}{spent:9.2f}{spent / size:9.3f}{len(seen):7}{len(seen) / size:9.2f}", flush=True)
    if profiled:
        pstats.Stats(look, stream=sys.stdout).sort_stats("tottime").print_stats(45)
        if size == 1:
            print("\n".join(one[:150].replace("\n", " ") for one in seen))


if __name__ == "__main__":
    main()
