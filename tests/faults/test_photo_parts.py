"""Photos in parts under bad luck: a server killed between parts, and the same part several times at once."""

import contextlib
import hashlib
import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from inventory.database import db
from inventory.photos import parts, store
from inventory.settings import Settings
from inventory.tables.field import ExpectedPhoto
from inventory.tables.installation import Photo
from inventory.vocabulary import PhotoState
from tests import told_photos as phone
from tests.city import City
from tests.conftest import VisitorMaker
from tests.faults.browser import Browser, Silence
from tests.faults.ground import Ground, close, lay
from tests.faults.service import Service, serving
from tests.unit.test_pictures import encoded
from tests.web.test_installations import banner, make

DATA = encoded(Image.effect_noise((420, 420), 70).convert("RGB"), quality=85)


def media(app: Flask) -> Path:
    settings: Settings = app.config["SETTINGS"]
    return settings.media


def test_six_senders_of_the_same_parts_at_once_leave_one_undamaged_photo(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    with app.app_context():
        made = make(city, banner(city))
    told = phone.told(DATA, made)
    phone.tell(app, city, told)
    clients = [visit("ward_staff").client for _ in range(6)]
    start = threading.Barrier(len(clients))

    def bring(client: Any) -> set[int]:
        start.wait()
        seen, at = set(), 0
        for _turn in range(40):
            answer = phone.put(client, told.photo_id, at, DATA[at : at + 24_000])
            seen.add(answer.status_code)
            at = answer.get_json()["received"]
            if answer.status_code in {200, 201}:
                break
        return seen

    with ThreadPoolExecutor(len(clients)) as pool:
        seen = set().union(*pool.map(bring, clients))
    assert seen <= {200, 201, 202, 409}, seen
    with app.app_context():
        assert db.session.get_one(ExpectedPhoto, told.photo_id).state is PhotoState.COMPLETE
        assert db.session.scalar(select(func.count()).select_from(Photo)) == 1
    assert store.get(media(app), told.sha256) == DATA


class Line:
    """A phone over a real socket, that goes on from where the server says it stands."""

    def __init__(self, ground: Ground, photo_id: str, port: int) -> None:
        self.browser, self.photo_id = Browser(port, ground.cookies["ward_staff"]), photo_id

    def ask(self, method: str, offset: int | None = None, data: bytes = b"") -> tuple[int, dict[str, Any]]:
        address = f"/field/photos/{self.photo_id}" + (f"?offset={offset}" if offset is not None else "")
        headers = {**phone.HEADERS, "X-Part-SHA256": hashlib.sha256(data).hexdigest()}
        answer = self.browser.ask(method, address, data or None, headers)
        return answer.status, json.loads(answer.text)

    def bring(self, most: int) -> int:
        """Send at most so many parts; the last status."""
        _status, words = self.ask("GET")
        status, at = 0, int(words["received"])
        for _part in range(most):
            status, words = self.ask("PUT", at, DATA[at : at + 12_000])
            at = int(words["received"])
            if status != 202:
                break
        return status


@pytest.fixture
def ground(migrated: Path, tmp_path: Path) -> Ground:
    """One banner on SQLite."""
    shutil.copyfile(migrated, tmp_path / "test.db")
    return lay(f"sqlite:///{tmp_path / 'test.db'}", tmp_path, 1)


def test_a_server_killed_between_parts_and_within_them_costs_no_byte_that_it_counted(
    ground: Ground, tmp_path: Path
) -> None:
    app = ground.app()
    told = phone.told(DATA, ground.things[0])
    phone.tell(app, ground.city, told)
    with serving(ground.settings, tmp_path) as service:
        line = Line(ground, told.photo_id, service.port)
        counted = 0
        for turn in range(2):
            line.bring(2)
            killer = threading.Timer(0.01 * turn, service.kill)
            killer.start()
            _try(line)
            killer.join()
            _again(service)
            _status, words = line.ask("GET")
            assert words["received"] >= counted
            counted = words["received"]
        with parts.path_of(media(app), told.photo_id).open("ab") as file:
            file.write(b"written and never counted")
        assert line.bring(60) == 201
    with app.app_context():
        assert db.session.get_one(Photo, told.photo_id).sha256 == told.sha256
        assert store.get(media(app), told.sha256) == DATA
        close()


def _try(line: Line) -> None:
    with contextlib.suppress(Silence):  # the phone does not know, and asks again
        line.bring(2)


def _again(service: Service) -> None:
    service.kill()
    service.start()
