"""The leader's page on paper: one A4 from a light and from a dark screen; and the picture of the tab."""

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from inventory.database import db
from inventory.people import sessions
from tests.city import City
from tests.mapped import run, surveyed

pytestmark = pytest.mark.browser

#: Hạ Long has 33 wards; the test's city has fewer, so its rows are repeated.
WARDS = 33
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
REPEAT = """(wanted) => {
  const body = document.querySelector("#shares tbody");
  const row = body.rows[0];
  row.cells[0].textContent = "Phường Trần Hưng Đạo";
  while (body.rows.length < wanted) body.append(row.cloneNode(true));
}"""


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    """What a browser prints does not depend on the kind of database: SQLite alone is enough."""
    path = tmp_path / "test.db"
    shutil.copyfile(migrated, path)
    return f"sqlite:///{path}"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The service on a free port."""
    if not Path("/usr/bin/chromium").exists() and shutil.which("chromium") is None:
        pytest.skip("no Chromium on this machine")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_leaders_page_prints_on_one_a4(
    app: Flask, city: City, address: str, scheme: Literal["light", "dark"]
) -> None:
    with app.app_context():
        surveyed(city, city.places_a[0])
        run(city)
        token = sessions.begin(city.people["leader"], "tests", "127.0.0.1")
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    carried = client.get_cookie("trucquan")
    assert carried
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(color_scheme=scheme)
        context.add_cookies([{"name": "trucquan", "value": carried.value, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/")
        page.evaluate(REPEAT, WARDS)
        printed = page.pdf(format="A4", prefer_css_page_size=True)
        browser.close()
    assert len(PAGE.findall(printed)) == 1


def test_the_tab_has_its_picture(app: Flask, city: City) -> None:
    client = app.test_client()
    found = re.search(r'<link rel="icon" href="([^"]+)"', client.get("/sign-in").get_data(as_text=True))
    assert found
    answer = client.get(found[1])
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
