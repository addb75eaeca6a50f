"""The same form pressed eight times at once, and many people at once: one change each, no error page.

Real processes with real threads on both databases (finding 3, claims 8 and 17 for forms).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from inventory.database import db
from inventory.identity import new_id
from inventory.tables.installation import InstallationEvent
from inventory.tables.trail import TrailLine
from tests.faults.browser import Answer, Browser
from tests.faults.ground import Ground, balance, close, lay
from tests.faults.service import Service, serving
from tests.web.furnished import picture

TIMES = 8


@pytest.fixture
def ground(database_url: str, tmp_path: Path) -> Ground:
    """Four banners of ward A."""
    return lay(database_url, tmp_path, 4)


@pytest.fixture
def service(ground: Ground, tmp_path: Path) -> Iterator[Service]:
    """The service: one process on SQLite, two on PostgreSQL, as its documents say."""
    workers = "1" if "sqlite" in ground.settings["TRUCQUAN_DATABASE"] else "2"
    with serving({**ground.settings, "WEB_CONCURRENCY": workers}, tmp_path) as running:
        yield running


def at_once(work: Callable[[int], Answer], times: int = TIMES) -> list[Answer]:
    """Do it from so many threads at the same time."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))


def one_outcome(answers: list[Answer]) -> None:
    """Every press is answered alike: see the same page."""
    assert {answer.status for answer in answers} == {303}, Counter(answer.status for answer in answers)
    assert len({answer.location for answer in answers}) == 1


def lines_of(ground: Ground, act: str) -> int:
    """How many lines of an act the trail has."""
    with ground.app().app_context():
        number = db.session.scalar(select(func.count()).select_from(TrailLine).where(TrailLine.act == act))
        close()
    return number or 0


def press(service: Service, ground: Ground, who: str, page: str, action: str, **words: str) -> list[Answer]:
    """Open a page, fill in one of its forms and press its button eight times at once."""
    browser = Browser(service.port, ground.cookies[who])
    shown = browser.open(page)
    assert shown.status == 200, shown.text[:500]
    fields = {**shown.fields(action), **words}
    return at_once(lambda _number: browser.send(action, fields))


def test_a_form_pressed_many_times_is_one_change(service: Service, ground: Ground) -> None:
    thing = f"/installations/{ground.things[0]}"
    one_outcome(press(service, ground, "ward_staff", thing, thing, note="một lần thôi"))
    one_outcome(press(service, ground, "ward_staff", thing, f"{thing}/step", step="accepted"))
    queue = f"/reviews/{ground.things[1]}"
    page = f"/reviews?item={ground.things[1]}"
    one_outcome(press(service, ground, "culture_office", page, f"{queue}/verify"))
    survey = f"/places/{ground.city.places_a[0]}/survey"
    answered = {"items-0-found": "2", "items-0-working": "2"}
    one_outcome(press(service, ground, "ward_staff", survey, survey, **answered))
    found = {act: lines_of(ground, act) for act in ("installation.amended", "installation.moved")}
    assert found == {"installation.amended": 1, "installation.moved": 1}
    assert lines_of(ground, "review.verified") == 1
    assert lines_of(ground, "survey.saved") == 1
    balance(ground.app(), Counter())


def test_a_photo_sent_many_times_is_one_photo(service: Service, ground: Ground) -> None:
    browser = Browser(service.port, ground.cookies["ward_staff"])
    address = f"/installations/{ground.things[0]}"
    browser.open(address)
    words, data = {"entry_id": new_id()}, picture("green")
    one_outcome(
        at_once(lambda _number: browser.send_file(f"{address}/photos", words, "photo-overview", data))
    )
    assert lines_of(ground, "photo.added") == 1
    balance(ground.app(), Counter())


@pytest.mark.parametrize(
    ("editors", "edits"), [(3, 7), pytest.param(8, 25, marks=pytest.mark.soak, id="200 edits")]
)
def test_nobody_is_overwritten_unseen(service: Service, ground: Ground, editors: int, edits: int) -> None:
    """Claim 17: what an editor replaced is what that editor had read; the rest is told with 409."""
    address, told = f"/installations/{ground.things[0]}", Counter[int]()
    seen: dict[str, str] = {}

    def edit(number: int) -> Answer:
        browser = Browser(service.port, ground.cookies["ward_staff"])
        for turn in range(edits):
            while True:
                fields = browser.open(address).fields(address)
                entry = new_id()
                seen[entry] = fields["note"]
                words = {**fields, "entry_id": entry, "note": f"{number}:{turn}"}
                answer = browser.send(address, words)
                told[answer.status] += 1
                if answer.status == 303:
                    break
                assert answer.status == 409, answer.text[:500]
                assert f"{number}:{turn}" in answer.text, "what was typed is kept"
        return answer

    at_once(edit, editors)
    assert told[303] == editors * edits
    with ground.app().app_context():
        events = db.session.execute(
            select(InstallationEvent.entry_id, InstallationEvent.changes)
            .where(InstallationEvent.installation_id == ground.things[0], InstallationEvent.act == "amended")
            .order_by(InstallationEvent.number)
        ).all()
        close()
    assert len(events) == editors * edits
    for entry, changes in events:
        assert changes["note"][0] == seen[str(entry)]
    balance(ground.app(), Counter())


def test_two_fields_by_two_people_are_both_kept(service: Service, ground: Ground) -> None:
    address = f"/installations/{ground.things[0]}"
    ward = Browser(service.port, ground.cookies["ward_staff"])
    lead = Browser(service.port, ground.cookies["ward_lead"])
    mine, theirs = ward.open(address).fields(address), lead.open(address).fields(address)
    assert ward.send(address, {**mine, "note": "ghi chú của tôi"}).status == 303
    assert lead.send(address, {**theirs, "serial": "S-77"}).status == 303
    now = ward.open(address).fields(address)
    assert (now["note"], now["serial"]) == ("ghi chú của tôi", "S-77")


def test_wards_office_and_photos_at_once_never_meet_an_error(service: Service, ground: Ground) -> None:
    """Everybody writes what others are writing; a deadlock would show as 503."""
    answers: Counter[int] = Counter()

    def amend(browser: Browser, turn: int) -> Answer:
        address = f"/installations/{ground.things[turn % 4]}"
        fields = browser.open(address).fields(address)
        return browser.send(address, {**fields, "note": f"lần {turn} {new_id()}"})

    def photo(browser: Browser, turn: int) -> Answer:
        address = f"/installations/{ground.things[turn % 4]}"
        browser.open(address)
        words = {"entry_id": new_id()}
        return browser.send_file(f"{address}/photos", words, "photo-overview", picture(f"#{turn * 7:06x}"))

    def survey(browser: Browser, turn: int) -> Answer:
        address = f"/places/{ground.city.places_a[0]}/survey"
        return browser.send(address, browser.open(address).fields(address))

    def office(browser: Browser, turn: int) -> Answer:
        shown = browser.open("/reviews")
        if turn % 2 and "/return" in shown.text:
            thing = shown.text.partition("/return")[0].rpartition("/reviews/")[2]
            action = f"/reviews/{thing}/return"
            return browser.send(action, {**shown.fields(action), "reason": "no_photo"})
        items = [mark.partition('"')[0] for mark in shown.text.split('name="item" value="')[1:]]
        several = [item for item in items if ":" in item]
        fields = {"entry_id": new_id(), "item": several[0] if several else ""}
        return browser.send("/reviews/verify", fields)

    def work(number: int) -> Answer:
        role = "culture_office" if number % 4 == 3 else "ward_staff"
        does = (amend, photo, survey, office)[number % 4]
        browser = Browser(service.port, ground.cookies[role])
        for turn in range(12):
            answer = does(browser, turn + number)
            answers[answer.status] += 1
        return answer

    at_once(work)
    assert max(answers) < 500, answers
    balance(ground.app(), Counter())
