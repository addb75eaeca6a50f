"""The main job over plain HTTP, as an outsider would try it: demo accounts, a survey, a gap, a list.

`flask inventory demo --json` prints accounts; gunicorn serves; a ward officer surveys a place; the
office makes a new run and sees the gap change; the XLSX that it downloads has the screen's total.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import html5lib
import openpyxl
import pytest
import requests
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
_HTML = "{http://www.w3.org/1999/xhtml}"


@dataclass
class Service:
    """A running service with the demo's accounts."""

    address: str
    accounts: list[dict[str, str]]
    environment: dict[str, str] = field(default_factory=dict)

    def account(self, role: str, area: str = "") -> dict[str, str]:
        """The first account of a role (of an area)."""
        return next(one for one in self.accounts if one["role"] == role and area in one["area"])

    def sign_in(self, role: str, area: str = "") -> "Browser":
        """A browser that signed in with a name and a password."""
        account = self.account(role, area)
        browser = Browser(self.address)
        browser.get("/sign-in")
        words = {"username": account["username"], "password": account["password"]}
        browser.post("/sign-in", {**browser.fields("/sign-in"), **words})
        return browser


class Browser:
    """A plain HTTP client with cookies that reads forms as a browser does."""

    def __init__(self, address: str) -> None:
        self.address, self.session = address, requests.Session()
        self.page: Any = None
        self.text = ""

    def get(self, path: str) -> requests.Response:
        return self._keep(self.session.get(self.address + path, timeout=60))

    def post(self, path: str, data: dict[str, Any], files: Any = None) -> requests.Response:
        return self._keep(self.session.post(self.address + path, data=data, files=files, timeout=60))

    def _keep(self, answer: requests.Response) -> requests.Response:
        assert answer.status_code < 400, f"{answer.url}: {answer.status_code} {answer.text[:2000]}"
        if answer.headers["Content-Type"].startswith("text/html"):
            self.text = answer.text
            self.page = html5lib.parse(answer.text)
        return answer

    def fields(self, action: str) -> dict[str, str]:
        """The named values of the form that posts to an address."""
        assert self.page is not None
        for form in self.page.iter(f"{_HTML}form"):
            if (form.get("method") or "").lower() == "post" and form.get("action") in {action, None, ""}:
                return {
                    node.get("name"): node.get("value") or ""
                    for node in form.iter(f"{_HTML}input")
                    if node.get("name") and node.get("type") in {"hidden", "text", None}
                }
        raise AssertionError(f"no form to {action}")

    def links(self, pattern: str) -> list[str]:
        """Addresses of links that match."""
        assert self.page is not None
        found = (node.get("href") or "" for node in self.page.iter(f"{_HTML}a"))
        return [link for link in found if re.fullmatch(pattern, link)]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """gunicorn on a free port with the demo on SQLite, made by the commands of the README."""
    data = tmp_path_factory.mktemp("shows")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "TRUCQUAN_DATA": str(data), "PORT": str(port)}
    made = subprocess.run(
        [BIN / "flask", "inventory", "demo", "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    accounts = json.loads(made.stdout)
    log = (data / "log").open("w")
    server = subprocess.Popen([BIN / "gunicorn", "app:create_app()"], cwd=ROOT, env=environment, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _turn in range(100):
            try:
                if requests.get(f"{address}/readyz", timeout=20).status_code == 200:
                    break
            except requests.RequestException:
                time.sleep(0.2)
        yield Service(address, accounts, environment)
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def test_accounts_of_every_role_and_no_more_on_stdout(service: Service) -> None:
    assert {one["role"] for one in service.accounts} == {
        "ward_staff",
        "ward_lead",
        "culture_office",
        "leader",
        "auditor",
        "admin",
    }
    assert all(set(one) == {"username", "password", "role", "area"} for one in service.accounts)
    passwords = [one["password"] for one in service.accounts]
    assert len(set(passwords)) == len(passwords)
    assert min(map(len, passwords)) >= 15


def test_asking_again_gives_fresh_passwords_for_the_same_people(service: Service) -> None:
    again = subprocess.run(
        [BIN / "flask", "inventory", "demo", "--json"],
        cwd=ROOT,
        env=service.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    fresh = json.loads(again.stdout)
    assert [one["username"] for one in fresh] == [one["username"] for one in service.accounts]
    assert not {one["password"] for one in fresh} & {one["password"] for one in service.accounts}
    service.accounts[:] = fresh


def gap_of(browser: Browser, place: str) -> str:
    """The words of a place's own table on /coverage: its figures, without the notices above them."""
    browser.get(f"/coverage?place={place}")
    table = next(node for node in browser.page.iter(f"{_HTML}table"))
    return " ".join(" ".join(table.itertext()).split())


def run(browser: Browser) -> None:
    browser.get("/coverage")
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.text)
    assert token
    browser.post("/coverage/runs", {"csrf_token": token.group(1)})


def test_a_survey_changes_the_gap_on_a_new_run(service: Service) -> None:
    officer = service.sign_in("ward_staff")
    officer.get("/places")
    place = officer.links(r"/places/\d+")[0].rsplit("/", 1)[1]
    office = service.sign_in("culture_office")
    run(office)
    before = gap_of(office, place)
    path = f"/places/{place}/survey"
    officer.get(path)
    form = officer.fields(path)
    count = len({name.split("-")[1] for name in form if name.startswith("items-")})
    assert count >= 9
    for number in range(count):
        form[f"items-{number}-quick"] = "enough"
    form["finish"] = "1"
    officer.post(path, form)
    officer.post(path, form)  # pressed twice: the second is the same entry
    assert gap_of(office, place) == before, "a stored run does not change by itself"
    run(office)
    assert gap_of(office, place) != before


def test_the_downloaded_list_has_the_screens_total(service: Service) -> None:
    leader = service.sign_in("leader")
    leader.get("/investment")
    shown = re.search(r'<data id="total" value="(\d+)"', leader.text)
    assert shown
    total = int(shown.group(1))
    assert total > 0
    content = leader.get("/investment.xlsx").content
    cached = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert total in [round(cell) for row in cached for cell in row if isinstance(cell, int | float)]
    formulas = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    assert any(str(cell.value).startswith("=") for row in formulas.iter_rows() for cell in row)
    text = leader.get("/investment.csv").content.decode("utf-8-sig")
    assert str(total) in text
    assert "DỮ LIỆU MINH HỌA" in text


def test_every_role_opens_its_home_and_every_door(service: Service) -> None:
    for role in ("ward_staff", "ward_lead", "culture_office", "leader", "auditor", "admin"):
        browser = service.sign_in(role)
        browser.get("/")
        assert "DỮ LIỆU MINH HỌA" in browser.text
        for door in sorted(set(browser.links(r"/[a-z]*"))):
            browser.get(door)
            assert "DỮ LIỆU MINH HỌA" in browser.text, door
