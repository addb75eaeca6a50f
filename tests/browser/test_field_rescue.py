"""The rescue file from a phone to the office (claim 22): written without a network, taken in, sent again."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import func, select

from inventory.database import db
from inventory.rescue import reading
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation, Photo
from tests.browser.phone import Phone
from tests.city import City
from tests.conftest import VisitorMaker
from tests.web.furnished import picture
from tests.web.test_rescue import take_in

pytestmark = pytest.mark.browser

SLOW = 20_000
#: Queue two records, each with a photo, and a draft; `given` is [place, area, picture as numbers].
WORK = """
  const { current } = await field("session"); const { db } = await current();
  const queue = await field("queue"); const { uuid7, sha256 } = await field("ids");
  const [place, area, numbers] = given; const made = [];
  for (const extra of [1, 2]) {
    const bytes = new Uint8Array([...numbers, ...new Array(extra).fill(0)]);
    const installation = uuid7(); const photo = uuid7(); const hash = await sha256(bytes);
    const fields = { kind_code: "BANNER_H", zone: "gate", condition: "good", note: "Băng rôn số " + extra };
    const where = { about: installation, target: `place:${place}` };
    const recorded = { campaign: "thu-2021", area, place, installation, fields };
    made.push((await queue.add(db, "record", recorded, where)).id);
    const told = await queue.add(db, "photo", {
      campaign: "thu-2021", area, photo, of: { installation },
      sha256: hash, size: bytes.length, role: "overview", name: "Ảnh.jpg", origin: "camera" }, where);
    made.push(told.id);
    await db.put("photos", {
      id: photo, target: `place:${place}`, entry: told.id, state: "waiting",
      sha256: hash, size: bytes.length, role: "overview", blob: new Blob([bytes], { type: "image/jpeg" }) });
  }
  await (await field("drafts")).save(db, "place:" + place, { note: "chưa xong" });
  return made;
"""


def test_what_a_phone_could_not_send_is_at_the_office_once(
    phone: Phone, app: Flask, city: City, visit: VisitorMaker, tmp_path: Path
) -> None:
    phone.sign_in("ward_staff")
    phone.open("#/settings")
    expect(phone.page.locator("[data-pill]")).to_be_visible(timeout=SLOW)
    phone.wait_for_worker()
    phone.offline(True)
    made = phone.run(WORK, [city.places_a[0], city.ward_a, list(picture())])
    page = phone.open("#/rescue")
    with page.expect_download(timeout=SLOW) as waited:
        page.get_by_role("button", name="Ghi tệp cứu hộ").click(timeout=SLOW)
    saved = tmp_path / waited.value.suggested_filename
    waited.value.save_as(saved)
    assert saved.name.startswith("trucquan-cuu-ho-ward_staff-")
    content = saved.read_bytes()
    found = reading.read(content)
    assert [entry.id for entry in found.entries] == made
    assert len(found.photos) == 2
    assert found.drafts == (f"place:{city.places_a[0]}",)
    assert found.lost == ()
    for photo in found.photos:
        assert hashlib.sha256(content[photo.start : photo.end]).hexdigest() == photo.sha256
    left = 'const { db } = await (await field("session")).current();return (await field("queue")).piles(db)'
    assert phone.run(left)["waiting"] == 4  # writing it deleted nothing
    office = visit("culture_office")
    take_in(office, content)
    assert "Mọi việc và ảnh đọc được trong tệp đã có ở đây" in office.words()
    assert _rows(app) == [4, 2, 2]
    phone.offline(False)
    phone.run('await (await field("sync")).syncNow("button")')
    for _ in range(100):
        if phone.run(left)["waiting"] == 0:
            break
        page.wait_for_timeout(200)
    assert phone.run(left)["waiting"] == 0
    assert _rows(app) == [4, 2, 2]


def _rows(app: Flask) -> list[int]:
    with app.app_context():
        tables = (FieldEntry, Installation, Photo)
        found = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
        db.session.remove()
    return found


def test_many_photos_become_several_files_that_hold_each_photo_once(phone: Phone) -> None:
    phone.sign_in("ward_staff")
    phone.open("#/settings")
    expect(phone.page.locator("[data-pill]")).to_be_visible(timeout=SLOW)
    script = """
      const { current } = await field("session"); const { db } = await current();
      const ids = [];
      for (let n = 0; n < 200; n += 1) {
        const id = `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
        const blob = new Blob([new Uint8Array(1000)]);
        await db.put("photos", { id, state: n % 10 ? "waiting" : "sent", entry: null, blob });
        if (n % 10) ids.push(id);
      }
      const seen = await (await field("rescue")).survey(db, 50_000);
      const each = seen.parts.flat().sort().join() === ids.sort().join();
      return [seen.parts.map(part => part.length), each, seen.photos];
    """
    assert phone.run(script) == [[50, 50, 50, 30], True, 180]
