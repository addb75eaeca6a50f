"""The storage guard (complaints 17, 42, 43): room is watched, a full phone keeps the rest, private ones."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.city import City
from tests.conftest import VisitorMaker

pytestmark = pytest.mark.browser

SLOW = 20_000  # ms; what is promised is that it comes, not how soon

HERE = 'const { current } = await field("session"); const { db } = await current();'


def opened(phone: Phone, route: str = "#/settings") -> None:
    """The app of ward A's officer, opened."""
    phone.sign_in("ward_staff")
    phone.open(route)
    expect(phone.page.locator("[data-pill]")).to_be_visible(timeout=SLOW)


def limit(phone: Phone, megabytes: float) -> None:
    """What the browser may store for the app, by its own developer tools."""
    line = phone.context.new_cdp_session(phone.page)
    quota = int(megabytes * 1_048_576)
    line.send("Storage.overrideQuotaForOrigin", {"origin": phone.server.address, "quotaSize": quota})


def test_a_full_phone_says_what_was_not_written_and_keeps_all_else(phone: Phone) -> None:
    """Photos fill the room; the one that does not fit is named, and the queue goes on taking words."""
    limit(phone, 8)  # before the app opens its databases: the browser looks at its limits then
    opened(phone)
    script = (
        HERE
        + """
      const { write, StorageFull } = await field("db"); const queue = await field("queue");
      const kept = []; let failed = null;
      for (let n = 0; n < 30 && !failed; n += 1) {
        const id = `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
        const blob = new Uint8Array(720_896);  // of noise, because the browser packs what it stores
        for (let at = 0; at < blob.length; at += 65_536) {
          crypto.getRandomValues(blob.subarray(at, at + 65_536));
        }
        try {
          const row = { id, state: "waiting", entry: null, blob };
          await write(db, ["photos"], tx => tx.objectStore("photos").add(row));
          kept.push(id);
        } catch (error) { failed = error instanceof StorageFull ? "StorageFull" : String(error); }
      }
      const there = await db.getAllKeys("photos");
      await db.put("kv", "words still fit", "note");
      return { failed, kept, there };
    """
    )
    told = phone.run(script)
    assert told["failed"] == "StorageFull"
    assert told["there"] == told["kept"]
    assert len(told["kept"]) > 0


def test_when_full_pictures_that_the_office_has_go_first_and_unsent_ones_never(phone: Phone) -> None:
    opened(phone)
    script = (
        HERE
        + """
      const { StorageFull, withRoom } = await field("db");
      for (const state of ["sent", "waiting", "draft", "needs"]) {
        await db.put("photos", { id: `p-${state}`, state, entry: null, target: "place:1", thumb: "x" });
      }
      let tries = 0;
      const answer = await withRoom(db, async () => {
        tries += 1;
        if (tries === 1) throw new StorageFull();
        return "written";
      });
      const never = await withRoom(db, async () => { throw new StorageFull(); }).catch(error => error.name);
      return [answer, tries, (await db.getAllKeys("photos")).sort(), never];
    """
    )
    answer, tries, left, never = phone.run(script)
    assert (answer, tries, never) == ("written", 2, "StorageFull")
    assert left == ["p-draft", "p-needs", "p-waiting"]


def test_little_room_is_said_early_on_every_screen(phone: Phone) -> None:
    phone.context.add_init_script(
        "navigator.storage.estimate = async () => ({ usage: 1e6, quota: 1e6 + (window.left ?? 5e8) });"
    )
    opened(phone)
    told = 'return await (await field("storage")).status()'
    assert phone.run(told)["free"] == 500_000_000
    banner = phone.page.locator("[data-banner]").get_by_text("Máy sắp hết chỗ: còn 143 MB.")
    expect(banner).to_have_count(0)
    phone.page.evaluate("window.left = 150e6; document.dispatchEvent(new Event('trucquan-queue'))")
    expect(banner).to_be_visible(timeout=SLOW)


def test_a_made_up_figure_is_not_shown_as_one(phone: Phone) -> None:
    """Chromium tells everybody 10 GiB."""
    phone.context.add_init_script(
        "navigator.storage.estimate = async () => ({ usage: 777, quota: 777 + 10 * 2 ** 30 });"
    )
    opened(phone)
    assert phone.run('return (await (await field("storage")).status()).free') is None


def test_what_waits_for_a_day_is_nagged_about_and_the_browser_is_asked_to_keep_it(phone: Phone) -> None:
    opened(phone)
    phone.offline(True)
    asked = phone.run(
        HERE + 'const { get, shared } = await field("db"); '
        'return (await get(await shared(), "asked-to-keep")) ?? null'
    )
    assert asked is None  # nothing to lose yet
    late = (
        HERE
        + """
      const queue = await field("queue");
      for (const { id } of await queue.list(db, "waiting")) await db.delete("entries", id);
      const then = new Date(Date.now() - given * 3_600_000).toISOString();
      await queue.add(db, "finish", { place: 1, made_at: then });
      document.dispatchEvent(new Event("trucquan-queue"));
    """
    )
    phone.run(late, 23)
    expect(phone.page).to_have_title(re.compile(r"^\(1\) "), timeout=SLOW)
    expect(phone.page.locator("[data-banner] [data-line=late]")).to_have_count(0)
    phone.run(late, 26)
    expect(phone.page.get_by_text("1 mục chưa gửi, lâu nhất đã 26 giờ.")).to_be_visible(timeout=SLOW)
    assert phone.run(
        'const { get, shared } = await field("db");return Boolean(await get(await shared(), "asked-to-keep"))'
    )


def test_a_browser_that_keeps_nothing_is_said_and_shown_the_web_form(phone: Phone) -> None:
    """enketo#1050: in a private window the form would not open, without a word."""
    phone.context.add_init_script(
        "indexedDB.open = () => { throw new DOMException('private', 'InvalidStateError'); };"
    )
    phone.open()
    expect(phone.page.get_by_text("Trình duyệt này không cho lưu trên máy")).to_be_visible(timeout=SLOW)
    link = phone.page.get_by_role("link", name="Khi có mạng, dùng trang khảo sát thường")
    assert link.get_attribute("href") == "/places"


def test_a_window_that_seems_private_is_warned_of(phone: Phone) -> None:
    phone.context.add_init_script(
        "navigator.storage.getDirectory = () => Promise.reject(new DOMException('no', 'SecurityError'));"
    )
    phone.open()
    expect(phone.page.get_by_text("Có vẻ đây là cửa sổ ẩn danh")).to_be_visible(timeout=SLOW)


def test_a_pack_comes_from_a_memory_card_without_a_network(
    phone: Phone, city: City, visit: VisitorMaker, tmp_path: Path
) -> None:
    """Checked like a pack of the office: a bad copy and another ward's file change nothing."""
    office = visit("culture_office").client
    files = {}
    for ward in (city.ward_a, city.ward_b):
        files[ward] = tmp_path / f"goi-{ward}.json"
        files[ward].write_bytes(office.get(f"/field/pack/{ward}?file=1").get_data())
    spoiled = tmp_path / "hong.json"
    outer = json.loads(files[city.ward_a].read_text())
    spoiled.write_text(json.dumps({**outer, "pack": outer["pack"].replace("Thử", "Thủ", 1)}))
    phone.intercept("**/field/pack/**", lambda route: route.abort())
    opened(phone)
    phone.offline(True)
    box = phone.page.locator("input[type=file]")
    box.set_input_files(spoiled)
    expect(phone.page.get_by_text("Tệp bị hỏng trên đường đi.")).to_be_visible(timeout=SLOW)
    box.set_input_files(files[city.ward_b])
    expect(phone.page.get_by_text("Tệp của phường ngoài địa bàn")).to_be_visible(timeout=SLOW)
    assert phone.run(HERE + 'return (await db.getAll("areas")).length') == 0
    box.set_input_files(files[city.ward_a])
    expect(phone.page.get_by_text("Đã nạp dữ liệu Phường Hồng Thử.")).to_be_visible(timeout=SLOW)
    places = phone.run(HERE + 'return (await db.getAll("places")).map(place => place.id).sort()')
    assert places == sorted(city.places_a)


#: Noise in ever smaller pieces until not even a few hundred bytes fit; answers how many pieces stand.
FILL = (
    HERE
    + """
  const { write, StorageFull } = await field("db");
  let pieces = 0;
  for (const size of [720_896, 65_536, 8_192, 1_024, 128]) {
    for (let full = false; !full;) {
      const blob = new Uint8Array(size);
      for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(blob.subarray(at, at + 65_536));
      const row = { id: `noise-${String(pieces).padStart(6, "0")}`, state: "waiting", entry: null, blob };
      try {
        await write(db, ["photos"], (tx) => tx.objectStore("photos").add(row));
        pieces += 1;
      } catch (error) {
        if (!(error instanceof StorageFull)) throw error;
        full = true;
      }
    }
  }
  return pieces;
"""
)


def test_a_visit_on_a_full_phone_says_at_once_what_is_not_kept_and_keeps_the_rest(
    phone: Phone, city: City
) -> None:
    """Complaint 17: what was written before stands; what was just touched stays on the screen for later."""
    limit(phone, 6)
    opened(phone, "#/")
    phone.page.wait_for_selector("[data-place]", timeout=SLOW)
    phone.wait_for_worker()
    phone.offline(True)
    page = phone.open(f"#/place/{city.places_a[0]}")
    page.wait_for_selector("[data-item]")
    note = "textarea[name=note]"
    page.click("summary:has-text('Ghi chú chung')")
    page.fill(note, "trước khi đầy")
    drafts = HERE + f"return (await db.get('drafts', 'place:{city.places_a[0]}')).note;"
    phone.page.wait_for_timeout(600)
    assert phone.run(drafts) == "trước khi đầy"
    pieces = phone.run(FILL)
    assert pieces > 0
    page.fill(note, "sau khi đầy: " + "đ" * 480)
    kept = page.locator("[data-kept]")
    expect(kept).to_contain_text("Máy hết chỗ: phần vừa ghi chưa lưu được", timeout=SLOW)
    expect(kept).to_contain_text("Những gì ghi trước đó và hàng chờ vẫn còn")
    assert phone.run(drafts) == "trước khi đầy"
    assert phone.run(HERE + "return db.count('photos')") == pieces
    page.locator("[data-item] >> nth=1 >> [data-quick=none]").click()
    page.click("[data-submit=save]")
    expect(page.get_by_text("chưa lưu vào hàng chờ; bản nháp vẫn còn")).to_be_visible(timeout=SLOW)
    assert phone.run(HERE + "return db.count('entries')") == 0
    limit(phone, 64)
    expect(kept).to_be_empty(timeout=SLOW)  # by itself, once there is room
    assert phone.run(drafts).startswith("sau khi đầy")
