"""The engine on the phone (claims 11 to 14, 42): what is queued stays queued until the office has it."""

import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from inventory.field import views
from tests.browser.office import PORTALS, STOPS, Office
from tests.browser.phone import Phone
from tests.city import City

pytestmark = pytest.mark.browser

QUEUE = """
  const here = await (await field("session")).current();
  const { personDb } = await field("db"); const queue = await field("queue");
  const db = here?.db ?? await personDb(1);
  const sync = await field("sync");
  const add = async (count) => {
    const ids = [];
    for (let n = 0; n < count; n += 1) {
      const body = { visit: "v" + n, place: 1, note: "Ghi chú " + "x".repeat(300) };
      ids.push((await queue.add(db, "finish", body, { target: "place:1" })).id);
    }
    return ids;
  };
  const pile = async (name) => (await queue.list(db, name)).map((row) => row.id);
"""


def lab(phone: Phone) -> Phone:
    """A bare page of the service: the engine without the screens, which would send by themselves."""
    phone.page.goto(f"{phone.server.address}/healthz")
    return phone


@pytest.fixture
def ready(phone: Phone) -> Phone:
    """A phone whose person is there, with the engine running and no screen."""
    phone.sign_in("ward_staff")
    lab(phone).run("await (await field('session')).me();")
    return phone


@pytest.fixture
def office(ready: Phone) -> Office:
    """An office of our own behind the phone, and a sender that knows its person."""
    made = Office(ready.context)
    do(ready, "await sync.start(here); await sync.syncNow();")
    made.clear()
    return made


@pytest.fixture
def opened(phone: Phone) -> Phone:
    """A phone with the app open, its worker installed and its ward there."""
    phone.sign_in("ward_staff")
    phone.open()
    phone.wait_for_worker()
    phone.page.wait_for_function(
        """async () => { const here = await (await import("/static/js/field/session.js")).current();
          return here && (await (await import("/static/js/field/pack.js")).areas(here.db)).length === 1; }"""
    )
    return phone


def do(phone: Phone, script: str, argument: Any = None) -> Any:
    """Run a script with the queue at hand."""
    return phone.run(QUEUE + script, argument)


def send(phone: Phone) -> dict[str, Any]:
    """Press "send now" and wait for the end of the run; what the phone then says."""
    told: dict[str, Any] = do(phone, "await sync.syncNow('button'); return sync.now();")
    return told


def test_what_is_queued_outlives_a_killed_browser(ready: Phone) -> None:
    ids = do(ready, "return add(3);")
    ready.kill()
    ready.reopen()
    lab(ready)
    assert do(ready, "return pile('waiting');") == ids


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_nothing_is_lost_in_fifty_killed_browsers(ready: Phone) -> None:
    ids: list[str] = []
    for _ in range(50):
        ids += do(ready, "return add(2);")
        ready.kill()
        ready.reopen()
        lab(ready)
        assert do(ready, "return pile('waiting');") == ids


def test_the_app_starts_cold_in_airplane_mode_with_its_ward(opened: Phone, city: City) -> None:
    opened.page.wait_for_function(
        "async () => (await (await import('/static/js/field/pack.js')).areas("
        "(await (await import('/static/js/field/session.js')).current()).db)).length === 1"
    )
    opened.close()
    opened.server.stop()
    opened.reopen()
    opened.offline(True)
    opened.open()
    opened.page.wait_for_selector("main h1")
    pack = do(
        opened,
        """const pack = await field("pack");
        return {
          places: (await pack.places(db, given)).length, kinds: Object.keys(await pack.kinds(db)).length,
          items: (await pack.checklist(db, "ward:" + given)).length,
          outline: (await pack.outline(db, given)).type,
        };""",
        city.ward_a,
    )
    assert pack == {"places": 2, "kinds": 7, "items": 2, "outline": "Polygon"}
    assert opened.failures == []


def test_nothing_about_people_is_in_the_worker_s_caches(opened: Phone) -> None:
    send(opened)
    kept = opened.run(
        """const found = {};
        for (const name of await caches.keys()) {
          found[name] = (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname);
        }
        return found;"""
    )
    shells = [name for name in kept if name.startswith("field-shell-")]
    assert len(shells) == 1
    assert set(kept) <= {shells[0], f"thumbs-{opened.city.people['ward_staff']}"}
    own = [path for path in kept[shells[0]] if not path.startswith("/static/")]
    assert sorted(own) == ["/field/", "/field/shell.json", "/field/words.json", "/field/words.json"]


def test_a_lost_answer_is_asked_for_again_and_counts_once(ready: Phone, office: Office) -> None:
    ids = do(ready, "return add(5);")
    office.mood = "lost"
    assert send(ready)["problem"]["code"] == "offline"
    assert do(ready, "return pile('waiting');") == ids
    office.mood = "well"
    assert send(ready)["phase"] == "idle"
    assert sorted(do(ready, "return pile('sent');")) == sorted(ids)
    assert list(office.stored) == ids
    assert all(office.seen[one] == 2 for one in ids)


def test_six_taps_in_two_tabs_queue_one_visit(ready: Phone, office: Office) -> None:
    other = ready.new_tab()
    other.goto(f"{ready.server.address}/healthz")
    tap = """async () => {
      const { personDb } = await import("/static/js/field/db.js");
      const queue = await import("/static/js/field/queue.js");
      const here = await (await import("/static/js/field/session.js")).current();
      const one = () => queue.addAll(here.db, [
        { act: "answer", body: { key: "gate.BANNER_H" } }, { act: "finish", body: {} },
      ], { draft: "place:1" });
      return (await Promise.all([one(), one(), one()])).map((rows) => rows.length);
    }"""
    do(ready, "await (await field('drafts')).save(db, 'place:1', { found: 3 });")
    made = ready.page.evaluate(tap) + other.evaluate(tap)
    assert sorted(made) == [0, 0, 0, 0, 0, 2]
    assert do(ready, "return (await queue.piles(db)).drafts;") == 0
    send(ready)
    assert len(office.stored) == 2


def test_two_tabs_that_send_at_once_ask_once(ready: Phone, office: Office) -> None:
    other = ready.new_tab()
    other.goto(f"{ready.server.address}/healthz")
    ids = do(ready, "return add(7);")
    press = """const sync = await import("/static/js/field/sync.js");
      await sync.start(await (await import("/static/js/field/session.js")).current());"""
    ready.page.evaluate(f"() => {{ (async () => {{ {press} }})(); }}")
    other.evaluate(f"async () => {{ {press} await sync.syncNow(); }}")
    send(ready)
    assert [office.seen[one] for one in ids] == [1] * 7


def test_a_captive_portal_takes_nothing(ready: Phone, office: Office) -> None:
    ids = do(ready, "return add(3);")
    for mood in PORTALS:
        office.mood = mood
        told = send(ready)
        assert (mood, told["phase"], told["problem"]["code"]) == (mood, "waiting", "portal")
        assert "ở trên máy" in told["problem"]["sentence"]
        assert do(ready, "return pile('waiting');") == ids
    office.mood = "well"
    assert send(ready)["waiting"] == 0


def test_what_stops_the_queue_is_said_and_loses_nothing(ready: Phone, office: Office) -> None:
    ids = do(ready, "return add(2);")
    for mood in STOPS:
        office.mood = mood
        told = send(ready)
        assert (told["phase"], told["problem"]["code"], told["waiting"]) == ("stopped", mood, 2)
    office.mood = "busy"
    assert send(ready)["problem"]["code"] == "wait"
    assert do(ready, "return pile('waiting');") == ids


def test_a_batch_that_is_too_large_is_halved(ready: Phone, office: Office) -> None:
    office.most = 3
    ids = do(ready, "return add(10);")
    assert send(ready)["waiting"] == 0
    assert sorted(office.stored) == sorted(ids)
    assert max(office.batches) > 3


def test_one_poisoned_entry_stops_no_other(ready: Phone, office: Office) -> None:
    ids = do(ready, "return add(10);")
    office.poison = {ids[4]}
    told = send(ready)
    assert told["problem"]["code"] == "poison"
    assert do(ready, "return pile('waiting');") == [ids[4]]
    assert sorted(office.stored) == sorted(set(ids) - {ids[4]})


def test_answers_put_entries_into_their_piles(ready: Phone, office: Office) -> None:
    ids = do(ready, "return add(7);")
    words = ("stored", "merged", "parked", "held", "conflict", "refused", "id_reused")
    office.outcomes = dict(zip(ids, words, strict=True))
    send(ready)
    assert do(ready, "return pile('needs');") == ids[5:]
    assert sorted(do(ready, "return pile('sent');")) == sorted(ids[:5])
    out = (
        "const { takeOut, bringBack } = await field('visit-finish');"
        "const taken = await takeOut(db, await db.get('entries', given));"
    )
    left = do(
        ready, out + "const left = await pile('needs'); await bringBack(db, taken); return left;", ids[5]
    )
    assert left == ids[6:]
    assert do(ready, "return pile('needs');") == ids[5:]
    assert do(ready, out + "return taken;", ids[0]) is None


def test_an_answer_with_another_hash_counts_for_nothing(ready: Phone) -> None:
    (one,) = do(ready, "return add(1);")
    settled = do(
        ready, "return queue.settle(db, [{ id: given, sha256: 'f'.repeat(64), outcome: 'stored' }]);", one
    )
    assert settled == []
    assert do(ready, "return pile('waiting');") == [one]


def test_a_queue_of_72_hours_is_whole_and_goes_when_a_line_comes(ready: Phone) -> None:
    ids = do(ready, "return add(4);")
    oldest = do(ready, "return (await queue.piles(db)).oldest;")
    ready.close()
    ready.reopen()
    office = Office(ready.context)
    office.mood = "busy"
    ready.page.clock.install(time=datetime.now(UTC) + timedelta(hours=72))
    lab(ready)
    do(ready, "await sync.start(here); await sync.syncNow();")
    assert do(ready, "return pile('waiting');") == ids
    office.mood = "well"
    assert send(ready)["waiting"] == 0
    assert sorted(office.stored) == sorted(ids)
    statuses = [envelope["status"]["oldest"] for envelope in office.envelopes if envelope["entries"]]
    assert statuses[0] == oldest


def test_two_seconds_of_network_bring_something_through(ready: Phone, office: Office) -> None:
    ids = do(ready, "return add(60);")
    ready.slow(32)
    left = [len(ids)]
    for _ in range(12):
        ready.offline(False)
        do(ready, "sync.syncNow('online'); await new Promise((done) => setTimeout(done, 2000));")
        ready.offline(True)
        left.append(do(ready, "await sync.syncNow('online'); return (await pile('waiting')).length;"))
        if left[-1] == 0:
            break
    assert left[1] < left[0]
    assert left[-1] == 0
    assert sorted(office.stored) == sorted(ids)


def test_a_wrong_clock_is_noticed(ready: Phone, office: Office) -> None:
    office.offset = timedelta(days=-1)
    seconds = do(
        ready,
        """const heard = new Promise((done) => {
          sync.events.addEventListener("clock", (event) => done(event.detail.offset_s));
        });
        await sync.syncNow("button"); return heard;""",
    )
    assert 86_000 < seconds < 87_000


def test_an_entry_that_is_too_long_is_refused_before_anything_is_written(ready: Phone) -> None:
    name = do(
        ready,
        """try { await queue.add(db, "finish", { note: "ữ".repeat(2000) }); return ""; }
        catch (error) { return error.name; }""",
    )
    assert name == "TooLong"
    assert do(ready, "return pile('waiting');") == []


def test_a_new_version_of_the_database_keeps_every_row(ready: Phone) -> None:
    """Claim 14: two hundred rows with their pictures, and the draft that is open."""
    found = do(
        ready,
        """const { open, PERSON_STEPS, write } = await field("db");
        const { save } = await field("drafts"); const { sha256 } = await field("ids");
        const rows = Array.from({ length: 200 }, (_, n) => ({
          act: "photo", about: `p${n}`, target: "place:1", body: { photo: `p${n}`, campaign: "C", area: 1 },
        }));
        const picture = (n) => new Blob([new Uint8Array(2000).fill(n)], { type: "image/jpeg" });
        await queue.addAll(db, rows, { also: async (tx, entries) => {
          for (const [n, { id }] of entries.entries()) {
            await tx.objectStore("photos").put({
              id: `p${n}`, entry: id, state: "waiting", target: "place:1", blob: picture(n),
            });
          }
        } });
        await save(db, "place:1", { found: "3," });
        const told = async (one) => {
          const all = await one.getAll("photos");
          const sum = async ({ id, blob }) => id + await sha256(await blob.arrayBuffer());
          const rows = await one.getAll("entries");
          const draft = (await one.get("drafts", "place:1")).found;
          return JSON.stringify([await Promise.all(all.map(sum)), rows, draft]);
        };
        const before = await told(db);
        // The page still holds the old version open: it has to let go by itself.
        const { openDB } = await import("/static/vendor/idb-8.0.4/idb.js");
        const steps = [...PERSON_STEPS, (one) => one.createObjectStore("extra")];
        const later = await openDB(db.name, steps.length, { upgrade(one, from, _to, tx) {
          for (const step of steps.slice(from)) step(one, tx);
        } });
        const answer = {
          version: later.version, extra: [...later.objectStoreNames].includes("extra"),
          same: before === await told(later), photos: await later.count("photos"),
        };
        later.close();
        return answer;""",
    )
    assert found == {"version": 2, "extra": True, "same": True, "photos": 200}


def _new_version(app: Flask, version: str) -> None:
    """As after an update of the service: the same files under another version."""
    with app.test_request_context():
        found = views.current_shell()
    app.extensions[views._KEPT] = replace(found, version=version)


def _shells(phone: Phone) -> list[str]:
    names: list[str] = phone.run("return caches.keys();")
    return [name for name in names if name.startswith("field-shell-")]


def test_a_new_app_waits_for_an_open_draft_and_loses_nothing(opened: Phone, app: Flask) -> None:
    do(opened, "(await field('shell')).hold('draft'); window.mark = 1;")
    do(opened, "await (await field('drafts')).save(db, 'place:1', { found: 3 });")
    _new_version(app, "000000000001")
    do(opened, "await (await field('shell')).check();")
    opened.page.wait_for_function(
        "async () => (await navigator.serviceWorker.getRegistration('/field/')).waiting !== null"
    )
    assert opened.page.evaluate("window.mark") == 1
    do(opened, "(await field('shell')).takeOver();")
    assert opened.page.evaluate("window.mark") == 1
    with opened.page.expect_navigation():
        opened.page.evaluate(
            """() => { import("/static/js/field/shell.js").then((shell) => {
              shell.release("draft"); shell.takeOver(); }); }"""
        )
    opened.page.wait_for_function("window.mark === undefined")
    assert do(opened, "return (await (await field('drafts')).load(db, 'place:1')).found;") == 3
    assert _shells(opened) == ["field-shell-000000000001"]


def test_the_kill_switch_takes_the_worker_and_leaves_the_queue(opened: Phone, app: Flask) -> None:
    opened.offline(True)
    ids = do(opened, "return add(2);")
    opened.intercept("**/field/push", lambda route: route.abort())  # nothing leaves while we look
    opened.offline(False)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], field_off=True)
    do(opened, "await (await field('shell')).check();")
    opened.page.wait_for_function(
        "async () => (await navigator.serviceWorker.getRegistrations()).length === 0"
    )
    opened.open("#/rescue")
    assert opened.page.evaluate("document.documentElement.dataset.worker") == "off"
    assert _shells(opened) == []
    assert do(opened, "return pile('waiting');") == ids
    with opened.page.expect_download() as waited:
        opened.page.click("[data-rescue]")
    with zipfile.ZipFile(waited.value.path()) as file:
        rows = [json.loads(line) for line in file.read("entries.jsonl").decode().splitlines()]
    assert [row["id"] for row in rows] == ids
