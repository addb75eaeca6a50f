"""One thing on the phone: recorded, amended, moved, copied; near ones asked about; returned work."""

import io
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from PIL import Image

from inventory.database import db
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.outcomes import Done
from inventory.receipts import entry_of
from inventory.reviews import actions as reviews
from inventory.tables.installation import Installation
from inventory.vocabulary import Condition, PositionSource, Zone
from tests.browser.phone import HERE, Phone
from tests.city import City
from tests.web.test_reviews import acting, send

pytestmark = pytest.mark.browser

#: Two metres north of where the phone is: another banner, in another zone.
NEIGHBOUR: dict[str, Any] = {
    "zone": Zone.OUTSIDE,
    "lat": HERE["latitude"] + 0.00002,
    "lon": HERE["longitude"],
    "accuracy_m": 5.0,
    "position_source": PositionSource.DEVICE,
}
DB = """
  const { personDb } = await field("db"); const queue = await field("queue");
  const db = await personDb(given.person);
"""


def ready(phone: Phone, route: str = "#/") -> None:
    """The ward's officer with the pack of ward A, then in airplane mode at a route."""
    phone.sign_in("ward_staff")
    phone.open()
    phone.page.wait_for_selector(".fd-screen h1")
    phone.wait_for_worker()
    refresh(phone)
    phone.offline(True)
    go(phone, route)


def refresh(phone: Phone) -> None:
    """Bring the pack up to date."""
    ask(phone, "const pack = await field('pack'); await pack.refresh(db, given.area);")


def ask(phone: Phone, script: str, **given: Any) -> Any:
    """Run a script with the person's database."""
    city = phone.city
    given |= {"person": city.people["ward_staff"], "area": city.ward_a}
    return phone.run(DB + script, given)


def go(phone: Phone, route: str) -> None:
    """To a route without leaving the page."""
    phone.page.evaluate("hash => { location.hash = hash; }", route)
    wanted = route.split("?")[0].removeprefix("#")
    phone.page.wait_for_function(
        "wanted => location.hash.startsWith('#' + wanted) && document.querySelector('.fd-screen h1')",
        arg=wanted,
    )


def measured(phone: Phone) -> None:
    """Wait for the device's position; what the browser plays is as old as when it was set."""
    phone.page.wait_for_selector(".fx-ring")
    phone.context.set_geolocation(HERE)  # type: ignore[arg-type]
    phone.page.wait_for_selector(".fx-ring[data-judged=good]")


def entries(phone: Phone) -> list[dict[str, Any]]:
    """Everything in the queue in the order of doing: the entry and its body."""
    rows: list[dict[str, Any]] = ask(
        phone,
        "return (await db.getAll('entries')).sort((a, b) => a.seq - b.seq)"
        ".map(row => ({...row, body: JSON.parse(row.body)}));",
    )
    return rows


def save(phone: Phone) -> None:
    """Press "Lưu" and wait until the phone says that it is kept."""
    # What an earlier press said may still be there.
    phone.page.evaluate("() => document.querySelectorAll('.fd-toast').forEach(node => node.remove())")
    phone.page.click("[data-save]")
    phone.page.wait_for_selector(".fd-toast:has-text('Đã lưu trên máy')")


def check(phone: Phone) -> None:
    """No script error, nothing wider than the screen, axe finds nothing, touch targets are large."""
    assert phone.failures == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    found = Axe().run(phone.page, options={"rules": {"meta-viewport": {"enabled": False}}})
    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
    small = phone.page.evaluate(
        """[...document.querySelectorAll("button, a.govuk-button, select, summary")]
        .filter(node => node.closest(".fd-screen"))
        .filter(node => node.checkVisibility() && node.getBoundingClientRect().height < 48)
        .map(node => node.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_a_new_thing_is_recorded_in_airplane_mode_with_its_fix(phone: Phone) -> None:
    ready(phone, f"#/new?place={phone.city.places_a[0]}&zone=gate&kind=BANNER_H")
    measured(phone)
    phone.page.click("label:has(input[value=faded])")
    check(phone)
    save(phone)
    (row,) = entries(phone)
    body = row["body"]
    assert (row["act"], row["state"]) == ("record", "waiting")
    assert (body["place"], body["area"]) == (phone.city.places_a[0], phone.city.ward_a)
    assert body["fields"]["kind_code"] == "BANNER_H"
    assert (body["fields"]["zone"], body["fields"]["condition"]) == ("gate", "faded")
    fix = body["position"]["fix"]
    assert (fix["lat"], fix["accuracy_m"]) == (HERE["latitude"], 8)
    assert 0 <= fix["age_s"] < 60
    assert phone.page.inner_text("h1").startswith("Băng rôn ngang")
    assert ask(phone, "return db.count('drafts');") == 0


def test_an_edit_says_what_changed_from_what_and_a_second_one_follows_the_first(
    phone: Phone, app: Flask, city: City
) -> None:
    number = send(app, city, serial="A-7", note="cũ")
    ready(phone, f"#/thing/{number}")
    page = phone.page
    page.click("summary:has-text('Sửa')")
    page.click("label:has(input[value=faded])")
    page.click("summary:has-text('Kích thước')")
    page.fill("#th-note", "Mép trái bạc màu")
    page.fill("#th-width_m", "5,5")
    check(phone)
    save(phone)
    page.wait_for_selector("[data-ahead=waiting]")
    page.click("summary:has-text('Sửa')")
    page.click("summary:has-text('Kích thước')")
    assert page.input_value("#th-note") == "Mép trái bạc màu"
    page.fill("#th-serial", "A-8")
    save(phone)
    page.wait_for_selector("text=A-8")
    first, second = entries(phone)
    assert first["body"]["base"] == 1
    assert first["body"]["fields"] == {"condition": "faded", "width_m": 5.5, "note": "Mép trái bạc màu"}
    assert first["body"]["was"] == {"condition": "good", "width_m": None, "note": "cũ"}
    assert first["body"]["position"] is None
    assert (second["body"]["base"], second["body"]["after"]) == (None, first["id"])
    assert second["body"]["fields"] == {"serial": "A-8"}


def test_a_number_that_cannot_be_is_told_at_its_field_and_nothing_is_queued(
    phone: Phone, app: Flask, city: City
) -> None:
    number = send(app, city, kind_code="FLAG_NATIONAL", quantity=4, working=4)
    ready(phone, f"#/thing/{number}")
    page = phone.page
    page.click("summary:has-text('Sửa')")
    page.fill("#th-working", "9")
    page.click("[data-save]")
    page.wait_for_selector("#th-working-error:has-text('Số dùng tốt phải từ 0 đến 4.')")
    page.fill("#th-working", "3")
    page.click("[data-save]")
    page.wait_for_selector("#th-condition-error:has-text('Có 1 thứ không dùng tốt')")
    assert entries(phone) == []
    assert ask(phone, "return (await db.getAll('drafts')).map(row => row.typed.working);") == ["3"]


def test_confirming_and_the_next_step_are_one_press_each(phone: Phone, app: Flask, city: City) -> None:
    number = send(app, city)
    ready(phone, f"#/thing/{number}")
    page = phone.page
    page.click("[data-confirm]")
    page.wait_for_selector("[data-ahead=waiting]")
    page.click("summary:has-text('Chuyển bước')")
    steps = page.locator("[data-step]").evaluate_all("nodes => nodes.map(node => node.dataset.step)")
    assert [step for step in steps if not step.lstrip("-").isdigit()] == ["accepted", "dismantled", "lost"]
    page.click("[data-step=dismantled]")
    page.wait_for_selector(".tq-fact:has-text('Đã tháo')")
    confirm, move = entries(phone)
    assert (confirm["act"], confirm["body"]["base"]) == ("confirm", 1)
    assert (move["act"], move["body"]["step"], move["body"]["after"]) == ("move", "dismantled", confirm["id"])


def test_same_again_copies_all_but_photo_position_and_serial(phone: Phone, app: Flask, city: City) -> None:
    here: dict[str, Any] = {"lat": 20.951, "lon": 107.03, "position_source": PositionSource.MAP}
    number = send(app, city, condition=Condition.FADED, width_m=5.0, serial="A-7", note="ở cổng", **here)
    ready(phone, f"#/thing/{number}")
    phone.page.click("[data-again]")
    measured(phone)
    save(phone)
    (row,) = entries(phone)
    fields = row["body"]["fields"]
    assert row["body"]["installation"] != number
    assert (fields["condition"], fields["width_m"], fields["note"]) == ("faded", 5, "ở cổng")
    assert (fields["zone"], fields["kind_code"]) == ("gate", "BANNER_H")
    assert not fields.get("serial")
    assert "lat" not in fields
    assert row["body"]["position"]["fix"]["lat"] == HERE["latitude"]


@pytest.mark.parametrize("same", [False, True])
def test_a_neighbour_is_shown_and_asked_about_once(phone: Phone, app: Flask, city: City, same: bool) -> None:
    other = send(app, city, note="bên cột điện", **NEIGHBOUR)
    ready(phone, f"#/new?place={city.places_a[0]}&zone=gate&kind=BANNER_H")
    page = phone.page
    measured(phone)
    page.click("label:has(input[value=torn])")
    page.click("[data-save]")
    page.wait_for_selector("dialog:has-text('bên cột điện')")
    assert "Cách đây 2 m" in page.inner_text("dialog")
    check(phone)
    page.click("dialog button:has-text('Cùng một thứ')" if same else "dialog button:has-text('Khác')")
    page.wait_for_selector(".fd-toast:has-text('ã lưu trên máy')")
    (row,) = entries(phone)
    if same:
        assert (row["act"], row["about"]) == ("amend", other)
        assert row["body"]["fields"] == {"condition": "torn"}
        assert page.url.endswith(f"#/thing/{other}")
    else:
        assert row["act"] == "record"
        assert row["body"]["near"] == [{"other": other, "same": False}]


def test_what_was_recorded_here_and_waits_stands_among_the_others(phone: Phone, city: City) -> None:
    """On the list, in the visit, by its code, and among the neighbours that are asked about."""
    place = city.places_a[0]
    ready(phone, f"#/new?place={place}&zone=gate&kind=BANNER_H")
    page = phone.page
    measured(phone)
    save(phone)
    (first,) = entries(phone)
    thing = first["about"]
    go(phone, "#/")
    page.wait_for_selector(f"[data-place='{place}']:has-text('1 thứ mới chưa gửi')")
    go(phone, f"#/place/{place}")
    link = f"[data-item='gate.BANNER_H'] a[href='#/thing/{thing}']"
    page.wait_for_selector(link, state="attached")
    assert "chưa gửi" in (page.text_content(link) or "")
    assert "Như cũ: 1, tốt 1" in page.inner_text("[data-item='gate.BANNER_H']")
    code = ask(phone, "return (await field('codes')).ofInstallation(given.thing);", thing=thing)
    found = ask(phone, "return (await field('scan')).lookUp(db, given.code);", code=code)
    assert [one["hash"] for one in found["found"]] == [f"#/thing/{thing}"]
    go(phone, f"#/new?place={place}&zone=outside&kind=BANNER_H")
    measured(phone)
    page.click("label:has(input[value=torn])")
    page.click("[data-save]")
    page.wait_for_selector("dialog:has-text('Ghi trên máy này, chưa gửi')")
    page.click("dialog button:has-text('Cùng một thứ')")
    page.wait_for_selector(".fd-toast:has-text('ã lưu trên máy')")
    amended = entries(phone)[-1]
    assert (amended["act"], amended["about"], amended["body"]["after"]) == ("amend", thing, first["id"])
    assert amended["body"]["fields"] == {"condition": "torn"}


def test_an_answer_about_an_unsent_thing_counts_it_once(phone: Phone, app: Flask, city: City) -> None:
    place = city.places_a[0]
    ready(phone, f"#/new?place={place}&zone=gate&kind=BANNER_H")
    page = phone.page
    measured(phone)
    save(phone)
    go(phone, f"#/place/{place}")
    page.locator("[data-item='gate.BANNER_H'] [data-step='1'] >> nth=0").click()  # there are two
    page.click("[data-submit=save]")
    page.wait_for_selector(".fd-toast:has-text('Lượt khảo sát còn mở')")
    phone.offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("[data-pill][data-waiting='0']", timeout=30_000)
    with app.app_context():
        rows = db.session.query(Installation).all()
        assert [(row.kind_code, row.quantity) for row in rows] == [("BANNER_H", 1)] * 2
    assert {one["answer"]["outcome"] for one in entries(phone)} == {"stored"}


def test_returned_work_stands_with_its_reason_and_opens_at_the_field(
    phone: Phone, app: Flask, city: City
) -> None:
    others = send(app, city, who="ward_lead")
    mine = send(app, city, serial="A-7")
    for number, reason in ((others, "wrong_position"), (mine, "wrong_condition")):
        with app.app_context():
            actor, campaign = acting(city, "culture_office")
            entry = entry_of(new_id(), {})
            done = reviews.give_back(actor, campaign, number, 1, reason, "nhìn lại mép phải", entry)
            assert isinstance(done, Done), done
            db.session.commit()
    ready(phone, "#/returned")
    page = phone.page
    page.wait_for_selector("[data-returned]")
    order = page.locator("[data-returned]").evaluate_all("nodes => nodes.map(node => node.dataset.returned)")
    assert order == [mine, others]
    assert page.inner_text("[data-returned] >> nth=0").startswith("Xem lại tình trạng: nhìn lại mép phải")
    check(phone)
    page.click("[data-returned] a >> nth=0")
    page.wait_for_selector(".tq-notice:has-text('nhìn lại mép phải')")
    page.wait_for_function("() => document.activeElement.name === 'th-condition'")
    page.click("label:has(input[value=torn])")
    save(phone)
    go(phone, "#/returned")
    page.wait_for_selector("h2:has-text('Đã bổ sung')")
    order = page.locator("[data-returned]").evaluate_all("nodes => nodes.map(node => node.dataset.returned)")
    assert order == [others, mine]
    go(phone, "#/mine")
    page.wait_for_selector(".th-mine")
    assert "Sửa: Tình trạng" in page.inner_text(".th-mine")
    assert "trên máy, chờ gửi" in page.inner_text(".th-mine")
    check(phone)


def test_a_half_typed_thing_outlives_a_killed_browser_and_a_glance_leaves_no_draft(
    phone: Phone, app: Flask, city: City
) -> None:
    number = send(app, city)
    ready(phone, f"#/thing/{number}")
    go(phone, "#/mine")
    assert ask(phone, "return db.count('drafts');") == 0
    go(phone, f"#/new?place={city.places_a[0]}&zone=inside&kind=BANNER_H")
    phone.page.wait_for_selector("#th-shown_text")
    phone.page.fill("#th-shown_text", "Ngày hội của toàn dân")
    phone.page.wait_for_function("() => location.hash.includes('id=')")
    route = phone.page.evaluate("location.hash")
    phone.page.wait_for_timeout(1000)  # the promise itself: within one second
    phone.kill()
    phone.reopen()
    phone.offline(True)
    phone.open(route)
    phone.page.wait_for_selector("#th-shown_text")
    assert phone.page.input_value("#th-shown_text") == "Ngày hội của toàn dân"


def test_a_picture_of_a_known_thing_is_queued_by_itself(phone: Phone, app: Flask, city: City) -> None:
    number = send(app, city)
    ready(phone, f"#/thing/{number}")
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "#a33").save(picture, "JPEG")
    file: Any = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    phone.page.set_input_files(".th-photos input[capture]", file)
    phone.page.click("[data-save-photos]")
    phone.page.wait_for_selector(".fd-toast:has-text('Đã lưu trên máy')")
    (row,) = entries(phone)
    assert (row["act"], row["body"]["of"]) == ("photo", {"installation": number})
    states = ask(phone, "return (await db.getAll('photos')).map(row => [row.state, row.entry]);")
    assert states == [["waiting", row["id"]]]
    assert ask(phone, "return db.count('drafts');") == 0


def test_a_refused_record_opens_as_it_was_sent_and_its_correction_takes_its_place(
    phone: Phone, city: City
) -> None:
    number = new_id()
    ready(phone)
    refused = ask(
        phone,
        """
        const { number, place, area } = given;
        const fields = {kind_code: "BANNER_H", zone: "gate", condition: "good", serial: "B-9"};
        const body = {installation: number, place, area, fields, position: null, near: []};
        const entry = await queue.add(db, "record", body, {about: number, target: `new:${number}`});
        await queue.settle(db, [{id: entry.id, sha256: entry.sha256, outcome: "refused", code: "text_long",
          field: "serial", message: "Số hiệu đã có."}]);
        return entry.id;
        """,
        number=number,
        place=city.places_a[0],
    )
    phone.page.evaluate("hash => { location.hash = hash; }", f"#/thing/{number}")
    phone.page.wait_for_selector("#th-serial")
    phone.page.wait_for_function("() => document.activeElement.id === 'th-serial'")
    assert phone.page.input_value("#th-serial") == "B-9"
    phone.page.fill("#th-serial", "B-10")
    save(phone)
    (row,) = entries(phone)
    assert row["id"] != refused
    assert (row["state"], row["body"]["installation"]) == ("waiting", number)
    assert row["body"]["fields"]["serial"] == "B-10"


def change(app: Flask, city: City, number: str, **wanted: object) -> None:
    """The ward lead changes the thing at a desk, against its newest version."""
    with app.app_context():
        actor, campaign = acting(city, "ward_lead")
        row = db.session.get(Installation, number)
        assert row is not None
        done = installations.amend(actor, campaign, number, wanted, row.version, entry_of(new_id(), {}))
        assert isinstance(done, Done), done
        db.session.commit()


def outcome(phone: Phone, entry: str) -> str:
    """What the office made of an entry, once it has come."""
    for _try in range(150):
        rows = phone.server_rows()
        if entry in rows and entries(phone)[-1]["state"] != "waiting":
            return rows[entry]
        phone.page.wait_for_timeout(200)
    raise AssertionError(f"the entry never came: {entries(phone)}")


def edit(phone: Phone, number: str, note: str = "", condition: str = "") -> str:
    """Change a thing in airplane mode; returns the entry's id."""
    go(phone, f"#/thing/{number}")
    phone.page.wait_for_selector("summary:has-text('Quá trình')")
    phone.page.click("summary:has-text('Sửa')")
    if condition:
        phone.page.click(f"label:has(input[value={condition}])")
    if note:
        phone.page.click("summary:has-text('Kích thước')")
        phone.page.fill("#th-note", note)
    save(phone)
    return str(entries(phone)[-1]["id"])


def test_other_fields_of_two_people_merge_and_the_same_field_is_told_as_a_conflict(
    phone: Phone, app: Flask, city: City
) -> None:
    number = send(app, city)
    ready(phone)
    change(app, city, number, note="của tổ trưởng")
    first = edit(phone, number, condition="faded")
    phone.offline(False)
    assert outcome(phone, first) == "merged"
    refresh(phone)
    phone.offline(True)
    change(app, city, number, note="tổ trưởng sửa lần nữa")
    go(phone, "#/mine")
    second = edit(phone, number, note="của tôi")
    phone.offline(False)
    assert outcome(phone, second) == "conflict"
    with app.app_context():
        row = db.session.get(Installation, number)
        assert row is not None
        assert (row.condition, row.note) == (Condition.FADED, "tổ trưởng sửa lần nữa")
    go(phone, "#/mine")
    phone.page.wait_for_selector(".th-mine:has-text('xung đột')")
    assert "gộp với sửa của người khác" in phone.page.inner_text(".th-mine >> nth=1")
    check(phone)
