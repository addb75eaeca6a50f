"""What the map page costs: server seconds and gzipped bytes, by part; `python -m tests.bench.map`.

"before layers" is what a browser must have before the first data come: the page and every script and
style sheet it names, modules that modules import included. Pictures, fonts and data are not in it.
The first request of a process also loads Folium; its cost is printed apart.
"""

import gzip
import re
import statistics
import tempfile
from pathlib import Path
from time import perf_counter

from flask.testing import FlaskClient

from inventory.campaigns import current
from inventory.database import db
from maps.coverage import actions
from tests.bench.world import CITY, PROVINCE, Size, World, build
from tests.client import Visitor

ROUNDS = 7
DATA = (
    ("places", "/map/places.json"),
    ("installations", "/map/installations.json"),
    ("installations, verified", "/map/installations.json?figure=verified"),
    ("wards", "/map/wards.json"),
)


def main() -> None:
    """The table, city and province side by side."""
    small, large = measure(CITY), measure(PROVINCE)
    print(f"{'':32}{'city':>10}{'kB gz':>9}   {'province':>10}{'kB gz':>9}")
    for what, (seconds, size) in small.items():
        far = large[what]
        print(f"{what:32}{seconds * 1000:7.0f} ms{size:9.1f}   {far[0] * 1000:7.0f} ms{far[1]:9.1f}")
    print("aim at city size: page ≤ 500 ms and ≤ 250 kB gzipped before layers")


def measure(size: Size) -> dict[str, tuple[float, float]]:
    """(median seconds, gzipped kB) of each part at one size."""
    with tempfile.TemporaryDirectory() as folder:
        world = build(size, Path(folder))
        _run(world)
        client = Visitor.signed_in(world.app, world.people["culture_office"]).client
        found = {"page, first of the process": _once(client, "/map")}
        found["page"] = _often(client, "/map")
        page = client.get("/map").get_data(as_text=True)
        assets = _assets(client, page)
        found["scripts and styles"] = (0.0, assets)
        found["before layers"] = (found["page"][0], found["page"][1] + assets)
        for what, address in DATA:
            found[what] = _often(client, address)
        return found


def _run(world: World) -> None:
    with world.app.app_context():
        campaign = current(db.session())
        assert campaign is not None
        actions.run(None, campaign)
        db.session.commit()


def _once(client: FlaskClient, address: str) -> tuple[float, float]:
    begun = perf_counter()
    body = client.get(address).get_data()
    return perf_counter() - begun, _packed(body)


def _often(client: FlaskClient, address: str) -> tuple[float, float]:
    rounds = [_once(client, address) for _ in range(ROUNDS)]
    return statistics.median(seconds for seconds, _ in rounds), rounds[0][1]


def _assets(client: FlaskClient, page: str) -> float:
    """Gzipped kB of every script and style sheet, following the imports of modules."""
    wanted = re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css)[^"]*)"', page)
    done: dict[str, float] = {}
    while wanted:
        address = wanted.pop()
        name = address.split("?")[0]
        if name in done:
            continue
        body = client.get(address).get_data()
        done[name] = _packed(body)
        folder = name.rpartition("/")[0]
        if name.endswith(".js"):
            wanted += [f"{folder}/{other}" for other in re.findall(r'from "\./([\w-]+\.js)"', body.decode())]
    return sum(done.values())


def _packed(body: bytes) -> float:
    return len(gzip.compress(body, 6)) / 1000


if __name__ == "__main__":
    main()
