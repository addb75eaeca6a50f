"""A phone with Chromium: it is taken offline, slowed down, killed, and opened again as it was.

    def test_something(phone: Phone) -> None:  # fixtures: phone, new_phone, server (conftest.py)
        phone.sign_in("ward_staff")               # by a session's cookie; any person of tests/city.py
        phone.open("#/place/1")                   # /field/ with a route
        phone.offline(True); phone.slow(32); phone.kill(); phone.reopen()

The profile is a folder, so what IndexedDB and the worker's caches hold outlives `kill`.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, CDPSession, Error, Page, Playwright, Route, sync_playwright
from sqlalchemy import select
from werkzeug.serving import BaseWSGIServer, make_server

from inventory.database import db
from inventory.people import sessions
from inventory.tables.field import FieldEntry
from tests.city import City

CHROMIUM = "/usr/bin/chromium"
SIZE = {"width": 360, "height": 740}
#: In ward A of the test city, near its places.
HERE = {"latitude": 20.9601, "longitude": 107.0231, "accuracy": 8.0}
AGENT = "Mozilla/5.0 (Linux; Android 10; Pixel 3) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
WAIT_MS = 10_000


class Server:
    """The service on a loopback port that stays the same when it goes down and comes back."""

    def __init__(self, app: Flask) -> None:
        self.app, self.port = app, 0
        self._running: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self.start()

    @property
    def address(self) -> str:
        """Where it is: localhost, because service workers and positions ask for a safe origin."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Begin to serve, on the same port as before."""
        self._running = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self._running.server_port
        self._thread = threading.Thread(target=self._running.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Go away: connections are refused."""
        if self._running is not None and self._thread is not None:
            self._running.shutdown()
            self._running.server_close()
            self._thread.join()
            self._running = None


class Phone:
    """One phone; `page` is its open tab. `failures` has every script error since it was made."""

    def __init__(self, playwright: Playwright, server: Server, app: Flask, city: City, profile: Path) -> None:
        self.playwright, self.server, self.app, self.city = playwright, server, app, city
        self.profile = profile
        self.failures: list[str] = []
        self.context: BrowserContext
        self.page: Page
        self._line: CDPSession | None = None
        self.reopen()

    # -- the phone itself

    def reopen(self) -> None:
        """Start the browser on the profile as it was left."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            viewport=SIZE,  # type: ignore[arg-type]
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            user_agent=AGENT,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            geolocation=HERE,  # type: ignore[arg-type]
            permissions=["geolocation"],
            service_workers="allow",
        )
        self.context.set_default_timeout(WAIT_MS)
        self.context.on("page", self._watch)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self._watch(self.page)

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.failures.append(str(error)))

    def close(self) -> None:
        """Close the browser as a person does."""
        self.context.close()

    def kill(self) -> None:
        """End the browser as a phone does that runs out of power: nobody is told."""
        for pid in _processes_of(self.profile):
            os.kill(pid, signal.SIGKILL)
        with suppress(Error):  # the connection is gone, which is what was wanted
            self.context.close()
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self.profile / name).unlink(missing_ok=True)

    def new_tab(self) -> Page:
        """Another tab beside the open one."""
        return self.context.new_page()

    # -- its person

    def sign_in(self, username: str) -> None:
        """Give the browser a session of the person (a key of City.people), as the sign-in page would."""
        cookie = session_cookie(self.app, self.city.people[username])
        month = (
            time.time() + 30 * 24 * 3600
        )  # a killed browser may still forget it: it is written now and then
        self.context.add_cookies(
            [{"name": "trucquan", "value": cookie, "url": self.server.address, "expires": month}]
        )

    def sign_out(self) -> None:
        """Take the session away; what the phone keeps stays."""
        self.context.clear_cookies()

    def open(self, route: str = "#/") -> Page:
        """Open the app at a route, afresh."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.server.address}/field/{route}")
        return self.page

    def wait_for_worker(self) -> None:
        """Until the service worker has the whole shell and serves this page."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def run(self, script: str, argument: Any = None) -> Any:
        """Run JavaScript in the page; `await field("db")` inside it imports a module of the app."""
        head = "const field = name => import(`/static/js/field/${name}.js`);"
        return self.page.evaluate(f"async (given) => {{ {head} {script} }}", argument)

    # -- its line

    def offline(self, off: bool) -> None:
        """Airplane mode, for the page and for its worker."""
        self.context.set_offline(off)

    def slow(self, kilobytes: float, latency_ms: int = 300) -> None:
        """A line of so many kB/s in both directions; 0 takes the limit away."""
        self._line = self._line or self.context.new_cdp_session(self.page)
        rate = kilobytes * 1000 if kilobytes else -1
        self._line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": latency_ms if kilobytes else 0,
                "downloadThroughput": rate,
                "uploadThroughput": rate,
            },
        )

    def intercept(self, pattern: str, answer: Callable[[Route], None]) -> None:
        """Stand between the phone and the office: a captive portal, a lost answer."""
        self.context.route(pattern, answer)

    def server_rows(self) -> dict[str, str]:
        """What the office has: {entry id: outcome}."""
        with self.app.app_context():
            rows = db.session.execute(select(FieldEntry.id, FieldEntry.outcome)).all()
            db.session.rollback()
        return {row.id: str(row.outcome) for row in rows}


def session_cookie(app: Flask, person_id: int) -> str:
    """The value of the session cookie of a new session of the person."""
    client = app.test_client()
    with app.app_context():
        token = sessions.begin(person_id, "tests", "127.0.0.1")
        db.session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    found = client.get_cookie("trucquan")
    assert found is not None
    return found.value


def _processes_of(profile: Path) -> list[int]:
    """The browser processes that run on a profile of ours."""
    listed = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True)
    rows = (line.strip().split(maxsplit=1) for line in listed.stdout.splitlines())
    return [int(pid) for pid, args in rows if f"--user-data-dir={profile}" in args]


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    """SQLite alone: what a browser sees does not depend on the database, and Chromium is slow."""
    path = tmp_path / "browser.db"
    shutil.copyfile(migrated, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """One driver for this file."""
    with sync_playwright() as running:
        yield running


@pytest.fixture
def server(app: Flask, city: City) -> Iterator[Server]:
    """The service with the test city."""
    running = Server(app)
    yield running
    running.stop()


@pytest.fixture
def new_phone(
    playwright: Playwright, server: Server, app: Flask, city: City, tmp_path: Path
) -> Iterator[Callable[[], Phone]]:
    """Makes phones; each has a profile of its own."""
    made: list[Phone] = []

    def make() -> Phone:
        made.append(Phone(playwright, server, app, city, tmp_path / f"phone-{len(made)}"))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def phone(new_phone: Callable[[], Phone]) -> Phone:
    """One phone, signed in as nobody."""
    return new_phone()
