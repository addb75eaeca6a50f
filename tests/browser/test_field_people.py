"""Several people on one phone (claims 15, 48; complaint 20): a queue each, and no loop at the door."""

import json
import re
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.phone import Phone
from tests.city import City
from tests.web.signing import PASSWORD, give_password

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)  # what is promised is that it comes, not how soon

CODES = {"ward_staff": "2468", "ward_lead": "1357"}
NOTE = "Chữ chỉ có ở hàng chờ của một người"


@pytest.fixture(autouse=True)
def _passwords(app: Flask, city: City) -> None:
    for who in CODES:
        give_password(app, city.people[who])


def type_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def set_code(page: Page, code: str) -> None:
    page.get_by_label("Mã mới").fill(code)
    page.get_by_label("Gõ lại mã").fill(code)
    page.get_by_role("button", name="Lưu mã").click()


def arrive(phone: Phone, username: str = "ward_staff") -> None:
    """Sign in on a phone that nobody used before."""
    phone.open()
    type_in(phone.page, username)
    until(phone, username)
    phone.wait_for_worker()


def until(phone: Phone, username: str) -> None:
    """Until the phone shows this person's work; a page that opens anew meanwhile is asked again."""
    script = 'return (await (await field("session")).current())?.person.username ?? ""'
    for _ in range(100):
        with suppress(Error):
            if phone.run(script) == username:
                return
        phone.page.wait_for_timeout(100)
    raise AssertionError(username)


def queue(phone: Phone, note: str = NOTE) -> str:
    """Do something as whoever is here, and draft something else; answers the entry's id."""
    script = """
      const { current } = await field("session");
      const queue = await field("queue"); const drafts = await field("drafts");
      const here = await current();
      await drafts.save(here.db, "place:1", { note: given });
      return (await queue.add(here.db, "finish", { place: 1, note: given })).id;
    """
    found: str = phone.run(script, note)
    return found


def everything(phone: Phone) -> str:
    """All that any script could read in this browser: every database, every cache, both storages."""
    script = """
      const all = {};
      for (const { name } of await indexedDB.databases()) {
        const db = await new Promise((done, fail) => {
          const asked = indexedDB.open(name);
          asked.onsuccess = () => done(asked.result); asked.onerror = fail;
        });
        for (const store of db.objectStoreNames) {
          all[`${name}/${store}`] = await new Promise(done => {
            db.transaction(store).objectStore(store).getAll().onsuccess = event => done(event.target.result);
          });
        }
        db.close();
      }
      for (const name of await caches.keys()) {
        if (name.startsWith("field-shell-")) continue;
        const cache = await caches.open(name);
        all[name] = (await cache.keys()).map(request => request.url);
      }
      return JSON.stringify([all, { ...localStorage }, { ...sessionStorage }]);
    """
    found: str = phone.run(script)
    return found


def rows(told: str, store: str) -> list[dict[str, Any]]:
    """The rows of one store of all people."""
    databases = json.loads(told)[0]
    return [row for name, found in databases.items() if name.endswith(f"/{store}") for row in found]


def test_whoever_signs_in_finds_their_ward_and_a_wrong_password_says_so(phone: Phone) -> None:
    phone.open()
    type_in(phone.page, "ward_staff", "không phải mật khẩu này")
    expect(phone.page.get_by_text("Tên đăng nhập hoặc mật khẩu chưa đúng.")).to_be_visible()
    type_in(phone.page, "ward_staff")
    until(phone, "ward_staff")
    assert phone.run('return (await (await field("session")).current()).person.areas.length') == 1


def test_a_password_is_guessed_no_faster_from_the_app_than_from_the_web(phone: Phone) -> None:
    phone.open()
    script = """
      const session = await field("session");
      const codes = [];
      for (let n = 0; n < 12; n += 1) {
        codes.push((await session.signIn("ward_staff", `sai mật khẩu lần ${n}`)).code);
      }
      return codes;
    """
    assert phone.run(script)[-1] == "wait"


def test_two_people_never_see_each_others_work(phone: Phone) -> None:
    arrive(phone)
    first = queue(phone, "Việc của người thứ nhất")
    page = phone.open("#/sign-in?new=1")
    set_code(page, CODES["ward_staff"])  # who leaves sets a code, to come back without a network
    type_in(page, "ward_lead")
    set_code(page, CODES["ward_lead"])
    until(phone, "ward_lead")
    second = queue(phone, "Việc của người thứ hai")
    seen = 'const { current } = await field("session");'
    mine = seen + 'return (await current()).db.getAllKeys("entries")'
    assert phone.run(mine) == [second]
    phone.offline(True)
    page = phone.open("#/settings")
    page.get_by_role("button", name="Khóa, đổi người").click()
    page.get_by_role("button", name="Người ward_staff").click()
    page.get_by_label("Mã của anh, chị").fill(CODES["ward_lead"])  # the other one's code opens nothing
    page.get_by_role("button", name="Mở", exact=True).click()
    expect(page.get_by_text("Mã chưa đúng.")).to_be_visible()
    page.get_by_label("Mã của anh, chị").fill(CODES["ward_staff"])
    page.get_by_role("button", name="Mở", exact=True).click()
    until(phone, "ward_staff")
    assert phone.run(mine) == [first]
    assert not phone.failures


def test_wrong_codes_slow_down_and_ten_of_them_void_the_code(phone: Phone) -> None:
    arrive(phone)
    script = """
      const session = await field("session"); const { shared } = await field("db");
      await session.setCode("2468"); session.lock();
      const id = (await session.people())[0].id;
      const codes = [];
      for (let n = 0; n < 12; n += 1) {
        const answer = await session.switchTo(id, "123" + (n % 10));
        codes.push(answer.code + (answer.wrong ? "!" : ""));
        if (given) {  // the wait is over
          const row = await (await shared()).get("people", id);
          if (row.code) { row.code.until = 0; await (await shared()).put("people", row); }
        }
      }
      return [codes, (await session.switchTo(id, "2468")).code ?? "open"];
    """
    codes, right = phone.run(script, False)
    assert codes[:3] == ["wrong", "wrong", "wait!"]
    assert set(codes[3:]) == {"wait"}
    assert right == "wait"  # the right code has to wait as well, or waiting would tell nothing
    codes, right = phone.run(script, True)
    assert codes.count("wait!") == 6  # the first answer of this round was still the old wait
    assert codes[-1] == "password"
    assert right == "password"


def test_a_locked_phone_shows_nothing_in_a_new_window_even_while_the_session_lives(phone: Phone) -> None:
    arrive(phone)
    phone.run('await (await field("session")).setCode("2468")')
    phone.kill()
    phone.reopen()
    page = phone.open()
    expect(page.get_by_role("heading", name="Ai đang cầm máy?")).to_be_visible()
    assert phone.run('return await (await field("session")).current()') is None


def test_after_signing_out_nothing_of_them_can_be_read_but_their_unsent_work(
    phone: Phone, city: City
) -> None:
    arrive(phone)
    phone.run(
        'const { db } = await (await field("session")).current();'
        'await (await field("pack")).refresh(db, given)',
        city.ward_a,
    )
    phone.offline(True)
    entry = queue(phone)
    phone.run(
        'await (await caches.open(`thumbs-${given}`)).put("/photos/x/thumbnail", new Response("x"))',
        city.people["ward_staff"],
    )
    before = everything(phone)
    assert "Người ward_staff" in before
    assert "thumbnail" in before
    assert rows(before, "places")
    phone.offline(True)
    page = phone.open("#/settings")
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    expect(page.get_by_text("Chưa gửi: 1 việc, 0 ảnh, 1 bản nháp.")).to_be_visible()
    page.get_by_role("button", name="Vẫn đăng xuất").click()
    expect(page.get_by_text("Đã đăng xuất trên máy này.")).to_be_visible()
    after = everything(phone)
    assert "ward_staff" not in after
    assert "thumbnail" not in after
    for store in ("areas", "places", "things"):
        assert rows(after, store) == []
    assert [row["id"] for row in rows(after, "entries")] == [entry]
    assert len(rows(after, "drafts")) == 1
    page.go_back()
    assert "Người ward_staff" not in page.content()
    phone.offline(False)
    page.goto(f"{phone.server.address}/field/")
    expect(page.get_by_text("Người đã đăng xuất")).to_be_visible()
    with phone.context.expect_page() as opened:
        phone.page.evaluate("window.open('/places')")
    expect(opened.value).to_have_url(f"{phone.server.address}/sign-in?next=/places")
    page.get_by_role("button", name="Người đã đăng xuất").click()
    type_in(page, "ward_staff")
    until(phone, "ward_staff")
    assert [row["id"] for row in rows(everything(phone), "entries")] == [entry]


def test_with_everything_sent_signing_out_leaves_no_database_of_them(phone: Phone, city: City) -> None:
    arrive(phone)
    page = phone.open("#/settings")
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    page.locator("[data-sign-out-now]").click()
    expect(page.get_by_text("Đã đăng xuất trên máy này.")).to_be_visible()
    names = phone.run("return (await indexedDB.databases()).map(one => one.name)")
    assert f"trucquan-field-{city.people['ward_staff']}" not in names


def test_work_goes_on_when_the_session_has_ended_and_the_door_does_not_loop(phone: Phone) -> None:
    arrive(phone)
    phone.sign_out()
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    page = phone.open("#/settings")
    entry = queue(phone)
    page.get_by_role("button", name="Gửi ngay").first.click()
    expect(
        page.get_by_text("Đã hết phiên đăng nhập. Vẫn ghi được như thường; đăng nhập để gửi.")
    ).to_be_visible()
    page.wait_for_timeout(1500)
    assert len([url for url in asked if url.endswith("/field/push")]) <= 3
    page.get_by_role("link", name="Đăng nhập để gửi").click()
    type_in(page, "ward_staff")
    expect(page).to_have_url(re.compile("#/$"))
    until(phone, "ward_staff")
    assert entry in [row["id"] for row in rows(everything(phone), "entries")]


def test_a_captive_portal_at_the_door_is_said_and_takes_no_password(phone: Phone) -> None:
    phone.open()
    posted: list[str] = []

    def portal(route: Route) -> None:
        if route.request.method == "POST":
            posted.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<form><input name=user></form>")

    phone.intercept("**/sign-in**", portal)
    type_in(phone.page, "ward_staff")
    expect(phone.page.get_by_text("Mạng này chưa cho vào máy chủ")).to_be_visible()
    assert posted == []


def test_somebody_who_surveys_nothing_is_told_so(phone: Phone, app: Flask, city: City) -> None:
    give_password(app, city.people["leader"])
    phone.open()
    type_in(phone.page, "leader")
    expect(phone.page.get_by_text("Tài khoản này không có việc khảo sát.")).to_be_visible()
