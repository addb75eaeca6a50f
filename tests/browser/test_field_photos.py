"""Photos on the phone: upright and small at capture, gone only when the office named their hash."""

import base64
import hashlib
import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Route
from sqlalchemy import select

from inventory.database import db
from inventory.photos import store
from inventory.tables.field import ExpectedPhoto
from inventory.tables.installation import Photo
from tests import told_photos
from tests.browser.phone import Phone
from tests.city import City
from tests.unit.test_pictures import encoded, from_camera, png, scene
from tests.web.test_installations import banner, make

CAPTURE = """
  const { capture } = await field("photos");
  const { personDb } = await field("db");
  const db = await personDb(given.person);
  const seen = [];
  for (const one of given.files) {
    const bytes = Uint8Array.from(atob(one.data), (sign) => sign.charCodeAt(0));
    const file = new File([bytes], one.name ?? "ảnh.jpg", { type: one.type ?? "image/jpeg" });
    try {
      const photo = await capture(db, file, { target: "place:1", item: "gate.BANNER_H", ...one.where });
      const kept = await db.get("photos", photo.id);
      const read = async (blob) => {
        let text = "";
        for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
        return btoa(text);
      };
      const { blob, thumb, ...row } = kept;
      seen.push({ ...row, picture: await read(blob), small: thumb && await read(thumb) });
    } catch (error) {
      seen.push({ code: error.code, sentence: error.sentence ?? String(error) });
    }
  }
  return seen;
"""

#: Entries count as answered: what the office knows of them is laid by the test.
QUEUE = """
  const { personDb, write } = await field("db");
  const { queue } = await field("photos");
  const db = await personDb(given.person);
  const told = [];
  for (const photo of await db.getAllFromIndex("photos", "state", "draft")) {
    const entry = await queue(db, photo, { installation: given.installation });
    await write(db, ["entries"], (tx) => tx.store.put({ ...entry, state: "sent" }));
    const { photo: photo_id, sha256, size, role, name, origin, reason } = JSON.parse(entry.body);
    told.push({ photo_id, sha256, size, role, name, origin, reason });
  }
  return told;
"""
SEND = """
  const { personDb } = await field("db");
  const { run } = await field("upload");
  const db = await personDb(given);
  const told = await run(db, { app: "tests" }, undefined);
  const rows = (await db.getAll("photos")).map(({ id, state, blob, thumb, problem }) =>
    ({ id, state, picture: Boolean(blob), thumb: Boolean(thumb), problem }));
  return { ...told, rows, part: await db.get("kv", "photo_part") };
"""


@pytest.fixture
def made(app: Flask, city: City) -> str:
    with app.app_context():
        return make(city, banner(city))


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def capture(phone: Phone, *files: dict[str, Any]) -> list[dict[str, Any]]:
    """Take pictures as the screens do; what the database of the phone then holds."""
    coded = [{**one, "data": base64_of(one["data"])} for one in files]
    seen: list[dict[str, Any]] = phone.run(CAPTURE, {"person": person(phone), "files": coded})
    return seen


def person(phone: Phone) -> int:
    return phone.city.people["ward_staff"]


def tell(phone: Phone, made: str) -> list[str]:
    """Queue what was taken and let the office know of it; the ids."""
    told = phone.run(QUEUE, {"person": person(phone), "installation": made})
    for one in told:
        photo = told_photos.told(b"", made, **one)
        told_photos.tell(phone.app, phone.city, photo)
    return [one["photo_id"] for one in told]


def send(phone: Phone) -> dict[str, Any]:
    told: dict[str, Any] = phone.run(SEND, person(phone))
    return told


def ready(phone: Phone) -> Phone:
    phone.sign_in("ward_staff")
    phone.page.goto(f"{phone.server.address}/field/")
    return phone


def picture(seen: dict[str, Any], name: str = "picture") -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(seen[name])))


def test_pictures_are_turned_upright_exactly_once_and_carry_nothing_of_the_camera(phone: Phone) -> None:
    seen = capture(ready(phone), *({"data": from_camera(turned)} for turned in range(1, 9)))
    corners = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}
    for turned, one in enumerate(seen, 1):
        shown = picture(one)
        assert shown.size == ((480, 640) if turned > 4 else (640, 480)), turned
        right, low = corners[turned]
        red = shown.getpixel((right * (shown.width - 9) + 4, low * (shown.height - 9) + 4))
        assert isinstance(red, tuple)
        assert red[0] > 150 > red[1], turned
        data = base64.b64decode(one["picture"])
        assert not dict(shown.getexif())
        assert b"SN-4711" not in data
        assert hashlib.sha256(data).hexdigest() == one["sha256"]
        assert one["size"] == len(data)


def test_a_large_noisy_picture_fits_and_its_thumbnail_is_small(phone: Phone) -> None:
    large = Image.effect_noise((2600, 1950), 60).convert("RGB")
    fix = {"lat": 20.95, "lon": 107.01, "accuracy_m": 6, "age_s": 0}
    (one,) = capture(ready(phone), {"data": encoded(large, quality=60), "where": {"fix": fix}})
    assert one["size"] <= 350_000
    assert max(picture(one).size) <= 1600
    assert max(picture(one, "small").size) == 160
    assert one["fix"] == fix
    assert one["state"] == "draft"


def test_what_cannot_be_taken_is_told_at_once_and_the_next_one_is(phone: Phone) -> None:
    seen = capture(
        ready(phone),
        {"data": b""},
        {"data": b"%PDF-1.7 no picture", "name": "đơn.pdf"},
        {"data": encoded(scene())[:1500]},
        {"data": png(30_000, 30_000, bytes(900))},
        {"data": b"\0\0\0\x20ftypheic" + bytes(900), "type": "image/heic"},
        {"data": encoded(scene()), "where": {"origin": "gallery"}},
        {"data": encoded(scene()), "where": {"origin": "gallery", "reason": "nhận từ người khác"}},
    )
    codes = [one.get("code") for one in seen]
    assert codes == ["empty", "not_image", "broken", "huge", "heic", "reason", None]
    assert "JPEG" in seen[4]["sentence"]
    assert seen[6]["reason"] == "nhận từ người khác"
    assert seen[6]["fix"] is None


def test_photos_arrive_and_leave_the_phone_only_then(phone: Phone, made: str) -> None:
    ready(phone)
    taken = capture(phone, *({"data": encoded(scene(200 + n, 300))} for n in range(3)))
    ids = tell(phone, made)
    told = send(phone)
    assert (told["sent"], told["left"]) == (3, 0)
    assert [row["state"] for row in told["rows"]] == ["sent"] * 3
    assert not any(row["picture"] for row in told["rows"])
    assert all(row["thumb"] for row in told["rows"])
    with phone.app.app_context():
        rows = {row.id: row.sha256 for row in db.session.scalars(select(Photo))}
        assert rows == {one["id"]: one["sha256"] for one in taken}
        for digest in rows.values():
            assert store.get(phone.app.config["SETTINGS"].media, digest)
    assert sorted(rows) == sorted(ids)
    assert send(phone)["sent"] == 0


def test_a_photo_the_office_does_not_know_or_refuses_holds_up_no_other(phone: Phone, made: str) -> None:
    ready(phone)
    capture(phone, *({"data": encoded(scene(200 + n, 300))} for n in range(4)))
    ids = tell(phone, made)
    with phone.app.app_context():
        db.session.delete(db.session.get_one(ExpectedPhoto, ids[0]))  # its entry never came
        db.session.get_one(ExpectedPhoto, ids[1]).sha256 = "0" * 64  # told with another picture's hash
        db.session.commit()
    phone.run(
        """
        const { personDb } = await field("db");
        const db = await personDb(given.person);
        const photo = await db.get("photos", given.id);
        await db.put("photos", { ...photo, blob: photo.blob.slice(0, photo.size / 2) });
        """,
        {"person": person(phone), "id": ids[2]},
    )
    told = send(phone)
    states = {row["id"]: row for row in told["rows"]}
    assert [states[number]["state"] for number in ids] == ["waiting", "waiting", "needs", "sent"]
    assert states[ids[2]]["problem"]["code"] == "damaged"
    assert states[ids[0]]["picture"]
    assert states[ids[1]]["picture"]


@pytest.mark.parametrize("kind", ["200", "302", "511", "copy"])
def test_a_captive_portal_takes_no_photo_from_the_phone(phone: Phone, made: str, kind: str) -> None:
    ready(phone)
    capture(phone, {"data": encoded(scene())})
    tell(phone, made)

    def portal(route: Route) -> None:
        if kind == "302":
            route.fulfill(status=302, headers={"Location": "/sign-in"})
        elif kind == "copy":  # JSON, but not the office's
            route.fulfill(status=201, json={"state": "complete", "sha256": "0" * 64})
        else:
            route.fulfill(status=int(kind), content_type="text/html", body="<h1>WiFi</h1>")

    phone.intercept("**/field/photos/**", portal)
    told = send(phone)
    assert told["stopped"]
    assert [(row["state"], row["picture"]) for row in told["rows"]] == [("waiting", True)]
    phone.context.unroute("**/field/photos/**")
    assert send(phone)["sent"] == 1


def test_a_line_that_breaks_goes_on_from_where_the_office_stands(phone: Phone, made: str) -> None:
    ready(phone)
    capture(phone, {"data": encoded(Image.effect_noise((900, 900), 80).convert("RGB"), quality=85)})
    (number,) = tell(phone, made)
    puts: list[int] = []

    def broken(route: Route) -> None:
        if route.request.method == "PUT":
            puts.append(int(route.request.url.rpartition("=")[2]))
            if len(puts) == 2:  # it arrives, and its answer is lost
                route.fetch()
                route.abort()
                return
        route.continue_()

    phone.intercept("**/field/photos/**", broken)
    assert send(phone)["sent"] == 1
    assert puts[0] == 0
    assert puts[2] > puts[1], "what arrived is not sent again"
    with phone.app.app_context():
        assert db.session.get_one(ExpectedPhoto, number).photo_id == number


def test_a_slow_line_gets_parts_that_fit_it(phone: Phone, made: str) -> None:
    ready(phone)
    capture(phone, {"data": encoded(Image.effect_noise((420, 420), 80).convert("RGB"), quality=85)})
    tell(phone, made)
    phone.slow(32)
    told = send(phone)
    phone.slow(0)
    assert told["sent"] == 1
    assert 16_384 <= told["part"] <= 32_000 * 4, "a part is what this line carries in a few seconds"
