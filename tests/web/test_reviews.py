"""The office's review: the queue, verify, return, nobody verifies their own, the ward sees the reason."""

from collections.abc import Callable

import pytest
from flask import Flask

from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, current
from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.installations.record import Record
from inventory.outcomes import Done
from inventory.people import sessions
from inventory.receipts import entry_of
from inventory.snapshot import read_facts
from inventory.tables.installation import InstallationEvent, Photo, Review
from inventory.vocabulary import Condition, ReviewState, Zone
from tests.city import City
from tests.client import Visitor

Visit = Callable[[str | None], Visitor]


def acting(city: City, who: str) -> tuple[Actor, CampaignSeen]:
    campaign = current(db.session())
    assert campaign is not None
    token = sessions.begin(city.people[who], "tests", "127.0.0.1")
    found = sessions.load(db.session(), token, campaign)
    assert found is not None
    return found.actor, campaign


def send(app: Flask, city: City, who: str = "ward_staff", **fields: object) -> str:
    """Record a banner at the first place of ward A and return its id."""
    with app.app_context():
        actor, campaign = acting(city, who)
        words = {
            "kind_code": "BANNER_H",
            "area_id": city.ward_a,
            "venue_id": city.venues_a[0],
            "zone": Zone.GATE,
        }
        record = Record(**{**words, **fields})  # type: ignore[arg-type]
        outcome = installations.record(actor, campaign, record, entry_of(new_id(), {}))
        assert isinstance(outcome, Done), outcome
        db.session.commit()
        return outcome.subject


def state(app: Flask, city: City, number: str) -> Review:
    with app.app_context():
        row = db.session.get(Review, (number, city.campaign))
        assert row is not None
        db.session.expunge(row)
        return row


def test_the_queue_shows_what_waits_and_verifying_empties_it(app: Flask, city: City, visit: Visit) -> None:
    number = send(app, city)
    office = visit("culture_office")
    office.get("/reviews")
    assert "Băng rôn ngang" in office.words()
    assert "Chưa có ảnh." in office.words()
    form = office.fields(f"/reviews/{number}/verify")
    office.post(f"/reviews/{number}/verify", form)
    seen = state(app, city, number)
    assert seen.state is ReviewState.VERIFIED
    assert seen.verified_state is not None
    assert seen.verified_state["kind_code"] == "BANNER_H"
    office.get("/reviews")
    assert "Không có mục nào chờ kiểm tra" in office.words()


def test_the_same_press_twice_is_one_verification(app: Flask, city: City, visit: Visit) -> None:
    number = send(app, city)
    office = visit("culture_office")
    office.get("/reviews")
    form = office.fields(f"/reviews/{number}/verify")
    office.post(f"/reviews/{number}/verify", form)
    office.post(f"/reviews/{number}/verify", form)
    with app.app_context():
        acts = db.session.query(InstallationEvent.act).filter_by(installation_id=number).all()
    assert [act for (act,) in acts] == ["recorded", "verified"]


def test_returning_needs_a_reason_and_keeps_what_was_typed(app: Flask, city: City, visit: Visit) -> None:
    number = send(app, city)
    office = visit("culture_office")
    office.get("/reviews")
    form = office.fields(f"/reviews/{number}/return")
    office.post(f"/reviews/{number}/return", {**form, "text": "chụp gần hơn"}, status=422)
    assert "Chọn một lý do." in office.words()
    assert office.fields(f"/reviews/{number}/return")["text"] == "chụp gần hơn"
    office.post(f"/reviews/{number}/return", {**form, "reason": "other", "text": ""}, status=422)
    assert "Viết rõ cần bổ sung gì." in office.words()
    office.post(f"/reviews/{number}/return", {**form, "reason": "photo_blurred"})
    seen = state(app, city, number)
    assert (seen.state, seen.reason_code, seen.reason_field) == (
        ReviewState.RETURNED,
        "photo_blurred",
        "photo",
    )


def test_a_second_return_needs_words_and_a_photo(app: Flask, city: City, visit: Visit) -> None:
    number = send(app, city)
    office = visit("culture_office")
    for turn, status in ((1, 303), (2, 422)):
        office.get("/reviews")
        form = office.fields(f"/reviews/{number}/return")
        office.post(f"/reviews/{number}/return", {**form, "reason": "wrong_count"}, status=status)
        if turn == 1:
            amend(app, city, number, condition=Condition.FADED)
    again = {**form, "reason": "wrong_count", "text": "đếm lại ở cổng sau"}
    office.post(f"/reviews/{number}/return", again, status=422)
    assert "trước hết hãy đề nghị chụp ảnh" in office.words()
    with app.app_context():
        picture(city, number)
        db.session.commit()
    office.post(f"/reviews/{number}/return", again)
    assert state(app, city, number).reason_text == "đếm lại ở cổng sau"


def test_a_second_return_may_ask_for_the_missing_photo(app: Flask, city: City, visit: Visit) -> None:
    number = send(app, city)
    office = visit("culture_office")
    for text in ("", "cần ảnh chụp cả cổng"):
        office.get("/reviews")
        form = office.fields(f"/reviews/{number}/return")
        office.post(f"/reviews/{number}/return", {**form, "reason": "no_photo", "text": text})
        assert state(app, city, number).state is ReviewState.RETURNED
        if not text:
            amend(app, city, number, condition=Condition.FADED)


def picture(city: City, number: str) -> None:
    db.session.add(
        Photo(
            id=new_id(),
            installation_id=number,
            campaign_id=city.campaign,
            person_id=city.people["ward_staff"],
            sha256="a" * 64,
            shown_sha256="b" * 64,
            thumbnail_sha256="c" * 64,
            width=10,
            height=10,
            size=10,
            received_at=now(),
        )
    )


def amend(app: Flask, city: City, number: str, **wanted: object) -> None:
    with app.app_context():
        actor, campaign = acting(city, "ward_staff")
        version = (
            db.session.query(InstallationEvent)
            .filter_by(installation_id=number)
            .filter(InstallationEvent.act.in_(("recorded", "amended")))
            .count()
        )
        outcome = installations.amend(actor, campaign, number, wanted, version, entry_of(new_id(), {}))
        assert isinstance(outcome, Done), outcome
        db.session.commit()


def test_what_changed_after_the_look_is_not_verified(app: Flask, city: City, visit: Visit) -> None:
    number = send(app, city)
    office = visit("culture_office")
    office.get("/reviews")
    form = office.fields(f"/reviews/{number}/verify")
    amend(app, city, number, condition=Condition.TORN)
    office.post(f"/reviews/{number}/verify", form, status=409)
    assert state(app, city, number).state is ReviewState.SUBMITTED
    assert "vừa được sửa" in office.words()


def test_an_amendment_waits_beside_what_was_verified(app: Flask, city: City, visit: Visit) -> None:
    number = send(app, city)
    office = visit("culture_office")
    office.get("/reviews")
    office.post(f"/reviews/{number}/verify", office.fields(f"/reviews/{number}/verify"))
    amend(app, city, number, condition=Condition.TORN)
    seen = state(app, city, number)
    assert seen.state is ReviewState.SUBMITTED
    assert seen.verified_state is not None
    assert seen.verified_state["condition"] == "good"
    office.get("/reviews")
    assert "Khác lần xác minh trước" in office.words()
    assert "Rách" in office.words()


@pytest.mark.parametrize("path", ["verify", "return"])
def test_nobody_decides_on_their_own_work(app: Flask, city: City, visit: Visit, path: str) -> None:
    number = send(app, city, who="culture_office")
    office = visit("culture_office")
    office.get("/reviews")
    assert "cần một người khác" in office.words()
    form = {"entry_id": new_id(), "base_version": "1", "reason": "wrong_count", "text": "không đúng"}
    office.post(f"/reviews/{number}/{path}", form, status=422)
    assert "cần một người khác" in office.words()
    assert state(app, city, number).state is ReviewState.SUBMITTED


def test_several_at_once_each_decided_by_itself(app: Flask, city: City, visit: Visit) -> None:
    numbers = [send(app, city) for _turn in range(3)]
    own = send(app, city, who="culture_office")
    office = visit("culture_office")
    office.get("/reviews")
    form = {**office.fields("/reviews/verify"), "item": [f"{one}:1" for one in [*numbers, own]]}
    office.post("/reviews/verify", form)
    assert [state(app, city, one).state for one in numbers] == [ReviewState.VERIFIED] * 3
    assert state(app, city, own).state is ReviewState.SUBMITTED
    office.get("/reviews")
    assert "Đã xác minh 3 mục." in office.words()
    assert "Không ai tự xác minh" in office.words()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"entry_id": "x", "base_version": "1"},
        {"entry_id": new_id(), "base_version": "-1"},
        {"entry_id": new_id(), "base_version": "9" * 30},
        {"entry_id": new_id()},
    ],
)
def test_broken_forms_are_refused(app: Flask, city: City, visit: Visit, form: dict[str, str]) -> None:
    number = send(app, city)
    visit("culture_office").post(f"/reviews/{number}/verify", form, status=400)
    assert state(app, city, number).state is ReviewState.SUBMITTED


def test_the_queue_pages_by_key_and_filters_by_ward(app: Flask, city: City, visit: Visit) -> None:
    for _turn in range(34):
        send(app, city)
    office = visit("culture_office")
    office.get(f"/reviews?ward={city.ward_a}")
    assert "Hiện 30 / 34 mục" in office.words()
    link = next(node.get("href") for node in office.page.iter() if node.get("rel") == "next")
    office.get(link)
    assert "Hiện 4 / 34 mục" in office.words()
    office.get(f"/reviews?ward={city.ward_b}")
    assert "Hiện 0 / 0 mục" in office.words()
    office.get("/reviews?ward=x", status=400)
    for nonsense in (
        "after=~",
        "after=2021~zz",
        "item='--",
        "after=2021-01-01T00:00:00~" + new_id(),
    ):
        office.get(f"/reviews?{nonsense}")


def test_the_item_that_was_asked_for_is_opened_and_no_other(app: Flask, city: City, visit: Visit) -> None:
    numbers = [send(app, city) for _turn in range(33)]
    office = visit("culture_office")
    office.get("/reviews")
    link = next(node.get("href") for node in office.page.iter() if node.get("rel") == "next")
    office.get(link)
    links = [node.get("href") for node in office.page.iter() if "item=" in (node.get("href") or "")]
    assert len(links) == 3
    assert all("after=" in one for one in links)
    office.get(links[2])
    assert office.fields(f"/reviews/{numbers[32]}/verify")
    # Also without the page's key, and after it was decided: never another one.
    office.get(f"/reviews?item={numbers[32]}")
    office.post(f"/reviews/{numbers[32]}/verify", office.fields(f"/reviews/{numbers[32]}/verify"))
    office.get(f"/reviews?item={numbers[32]}")
    assert "không còn chờ kiểm tra" in office.words()
    assert not [
        node
        for node in office.page.iter()
        if "/verify" in (node.get("action") or "") and node.get("id") == "verify"
    ]


def test_what_was_returned_is_in_neither_figure(app: Flask, city: City, visit: Visit) -> None:
    number = send(app, city)
    office = visit("culture_office")
    office.get("/reviews")
    office.post(f"/reviews/{number}/verify", office.fields(f"/reviews/{number}/verify"))
    amend(app, city, number, condition=Condition.TORN)
    office.get("/reviews")
    form = office.fields(f"/reviews/{number}/return")
    office.post(f"/reviews/{number}/return", {**form, "reason": "wrong_condition"})
    with app.app_context():
        facts = read_facts(db.session(), city.campaign)
    (fact,) = facts.installations
    assert (fact.reported, fact.verified) == (None, None)
