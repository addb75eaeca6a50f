"""Installations end to end: recorded, shown, changed by two, reverted, and never by whom it is not for."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inventory import trail
from inventory.access.permissions import Actor
from inventory.access.scope import areas_below
from inventory.campaigns import CampaignSeen, current
from inventory.clock import HA_NOI, at_moment
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import new_id
from inventory.installations import actions, history, queries
from inventory.installations.record import Record
from inventory.installations.writes import Origin
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.receipts import Entry, entry_of
from inventory.tables.campaign import Campaign
from inventory.tables.installation import Installation, InstallationEvent, Review
from inventory.tables.person import Person
from inventory.vocabulary import Condition, Lifecycle, PositionSource, ReviewState, Zone
from tests.city import TODAY, City
from tests.client import Visitor
from tests.conftest import VisitorMaker


def actor_of(city: City, who: str) -> Actor:
    person = db.session.get_one(Person, city.people[who])
    area = {"ward_staff": city.ward_a, "ward_lead": city.ward_a, "other_ward": city.ward_b}.get(
        who, city.root
    )
    granted = frozenset({area})
    areas = areas_below(db.session(), granted, TODAY)
    return Actor(person.id, person.username, person.name, person.role, 0, granted, areas, TODAY)


def campaign_of(city: City) -> CampaignSeen:
    found = current(db.session(), city.campaign)
    assert found
    return found


def entry(**words: Any) -> Entry:
    return entry_of(new_id(), words)


def banner(city: City, **given: Any) -> Record:
    values: dict[str, Any] = {
        "kind_code": "BANNER_H",
        "area_id": city.ward_a,
        "venue_id": city.venues_a[0],
        "zone": Zone.GATE,
        "slogan_id": city.slogan,
        **given,
    }
    return Record(**values)


def flags_record(city: City, **given: Any) -> Record:
    return banner(city, kind_code="FLAG_DECOR", slogan_id=None, quantity=10, working=10, **given)


def make(city: City, record: Record, who: str = "ward_staff") -> str:
    outcome = actions.record(actor_of(city, who), campaign_of(city), record, entry())
    assert isinstance(outcome, Done), outcome
    db.session.commit()
    return outcome.subject


@pytest.fixture
def made(app: Flask, city: City) -> str:
    with app.app_context():
        return make(city, banner(city))


def test_what_is_recorded_is_submitted_and_traced(app: Flask, city: City) -> None:
    with app.app_context():
        before = db.session.get_one(Campaign, city.campaign).facts_version
        number = make(city, banner(city))
        row = db.session.get_one(Installation, number)
        event = db.session.scalars(select(InstallationEvent)).one()
        review = db.session.get_one(Review, (number, city.campaign))
        assert (row.version, event.act, event.number) == (1, "recorded", 1)
        assert event.state == Record.from_state(event.state).as_state()
        assert review.state is ReviewState.SUBMITTED
        assert db.session.get_one(Campaign, city.campaign).facts_version == before + 1
        assert trail.verify(db.session()) is None
        assert trail.count(db.session()) == 1


def test_the_same_entry_makes_one_record(app: Flask, city: City) -> None:
    with app.app_context():
        once = entry(what="banner")
        first, second = (
            actions.record(actor_of(city, "ward_staff"), campaign_of(city), banner(city), once) for _ in "ab"
        )
        assert isinstance(first, Done)
        assert isinstance(second, Done)
        assert second.again
        assert first.subject == second.subject
        other = actions.record(
            actor_of(city, "ward_staff"), campaign_of(city), banner(city), Entry(once.id, "other")
        )
        assert isinstance(other, Refused)


def test_another_wards_rows_are_unseen(app: Flask, city: City, made: str, visit: VisitorMaker) -> None:
    with app.app_context():
        stranger, campaign = actor_of(city, "other_ward"), campaign_of(city)
        for attempt in (
            lambda: actions.record(stranger, campaign, banner(city), entry()),
            lambda: actions.amend(stranger, campaign, made, {"note": "x"}, 1, entry()),
            lambda: actions.move(stranger, campaign, made, Lifecycle.LOST, 1, entry()),
            lambda: actions.confirm(stranger, campaign, made, 1, entry()),
            lambda: actions.revert(stranger, campaign, made, 1, 1, entry()),
            lambda: queries.seen(stranger, campaign, made),
        ):
            with pytest.raises(Unseen):
                attempt()
    other = visit("other_ward")
    other.get(f"/installations/{made}", 404)
    other.post(f"/installations/{made}", {"note": "x"}, 404)
    other.get("/installations/no-such-thing", 404)


def test_different_fields_of_two_editors_are_both_kept(app: Flask, city: City, made: str) -> None:
    with app.app_context():
        staff, lead, campaign = actor_of(city, "ward_staff"), actor_of(city, "ward_lead"), campaign_of(city)
        first = actions.amend(staff, campaign, made, {"note": "cột điện số 4"}, 1, entry())
        second = actions.amend(lead, campaign, made, {"condition": Condition.TORN}, 1, entry())
        assert isinstance(first, Done)
        assert isinstance(second, Done)
        assert [note.code for note in second.notes] == ["merged"]
        row = db.session.get_one(Installation, made)
        assert (row.note, row.condition, row.working, row.version) == ("cột điện số 4", Condition.TORN, 0, 3)


def test_the_same_field_of_two_editors_is_stale(app: Flask, city: City, made: str) -> None:
    with app.app_context():
        staff, lead, campaign = actor_of(city, "ward_staff"), actor_of(city, "ward_lead"), campaign_of(city)
        actions.amend(staff, campaign, made, {"note": "một"}, 1, entry())
        second = actions.amend(lead, campaign, made, {"note": "hai"}, 1, entry())
        assert second == Stale(2, (("note", "một", "hai"),), "Người ward_staff")
        third = actions.amend(lead, campaign, made, {"note": "một"}, 1, entry())
        assert isinstance(third, Done), "the same value is no conflict"


def test_a_position_is_never_put_together_from_two_people(app: Flask, city: City) -> None:
    with app.app_context():
        here = {"lat": 20.96, "lon": 107.02, "position_source": PositionSource.MAP}
        number = make(city, banner(city, **here))
        staff, lead, campaign = actor_of(city, "ward_staff"), actor_of(city, "ward_lead"), campaign_of(city)
        assert isinstance(actions.amend(staff, campaign, number, {"lat": 20.961}, 1, entry()), Done)
        outcome = actions.amend(lead, campaign, number, {"lon": 107.021}, 1, entry())
        assert isinstance(outcome, Stale)
        assert outcome.changed == (("lat", 20.961, 20.96),)


def test_halves_that_contradict_each_other_are_told(app: Flask, city: City) -> None:
    with app.app_context():
        number = make(city, flags_record(city))
        staff, lead, campaign = actor_of(city, "ward_staff"), actor_of(city, "ward_lead"), campaign_of(city)
        broken = {"working": 8, "condition": Condition.TORN}
        assert isinstance(actions.amend(staff, campaign, number, broken, 1, entry()), Done)
        outcome = actions.amend(lead, campaign, number, {"quantity": 7}, 1, entry())
        assert isinstance(outcome, Stale)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_overwrite_is_silent(app: Flask, city: City, made: str, seed: int) -> None:
    """20 rounds of two editors (200 in the soak): what one of them saved last is what stands."""
    import random

    chance = random.Random(seed)
    with app.app_context():
        people, campaign = [actor_of(city, name) for name in ("ward_staff", "ward_lead")], campaign_of(city)
        for turn in range(20):
            version = db.session.get_one(Installation, made).version
            picks = [chance.choice(("note", "serial", "shown_text")) for _ in people]
            outcomes = [
                actions.amend(person, campaign, made, {field: f"{person.person_id}-{turn}"}, version, entry())
                for person, field in zip(people, picks, strict=True)
            ]
            assert isinstance(outcomes[0], Done)
            assert isinstance(outcomes[1], Stale if picks[0] == picks[1] else Done)
            row = db.session.get_one(Installation, made)
            assert getattr(row, picks[0]) == f"{people[0].person_id}-{turn}"


def test_an_amendment_waits_for_the_office_again(app: Flask, city: City, made: str) -> None:
    with app.app_context():
        review = db.session.get_one(Review, (made, city.campaign))
        row = db.session.get_one(Installation, made)
        review.state, review.verified_version = ReviewState.VERIFIED, 1
        review.verified_state = {"note": "as verified"}
        db.session.commit()
        actions.amend(actor_of(city, "ward_staff"), campaign_of(city), made, {"note": "khác"}, 1, entry())
        db.session.refresh(review)
        assert (review.state, review.verified_state) == (ReviewState.SUBMITTED, {"note": "as verified"})
        review.state, review.reason_code = ReviewState.RETURNED, "blurred"
        db.session.commit()
        actions.confirm(actor_of(city, "ward_staff"), campaign_of(city), made, row.version, entry())
        db.session.refresh(review)
        assert (review.state, review.reason_code) == (ReviewState.SUBMITTED, "")


def test_an_office_edit_is_marked(app: Flask, city: City, made: str) -> None:
    with app.app_context():
        actions.amend(actor_of(city, "culture_office"), campaign_of(city), made, {"note": "x"}, 1, entry())
        newest = history.history(made)[0]
        assert newest.by_office
        assert newest.note == ""


def test_moves_are_checked_and_say_why(app: Flask, city: City, made: str) -> None:
    with app.app_context():
        staff, campaign = actor_of(city, "ward_staff"), campaign_of(city)
        outcome = actions.move(staff, campaign, made, Lifecycle.PLANNED, 1, entry())
        assert isinstance(outcome, Refused)
        assert outcome.problems[0].message == "Chỉ đưa về kế hoạch mục đã hủy."
        step = actions.move(staff, campaign, made, Lifecycle.ACCEPTED, 1, entry(), Origin(note="biên bản 3"))
        assert isinstance(step, Done)
        late = actions.move(staff, campaign, made, Lifecycle.LOST, 1, entry())
        assert isinstance(late, Stale)


def test_a_wrong_change_is_reverted_and_nothing_is_erased(app: Flask, city: City, made: str) -> None:
    with app.app_context():
        staff, campaign = actor_of(city, "ward_staff"), campaign_of(city)
        actions.amend(staff, campaign, made, {"note": "sai"}, 1, entry())
        first = actions.revert(staff, campaign, made, 1, 2, entry())
        assert isinstance(first, Refused), "there is nothing before the first event"
        done = actions.revert(staff, campaign, made, 2, 2, entry())
        assert isinstance(done, Done)
        assert db.session.get_one(Installation, made).note == ""
        assert [event.act for event in history.history(made)] == ["reverted", "amended", "recorded"]
        again = actions.revert(staff, campaign, made, 2, 3, entry())
        assert isinstance(again, Refused), "it is already so"
        stale = actions.revert(staff, campaign, made, 2, 2, entry())
        assert isinstance(stale, Stale)


def test_any_past_day_can_be_shown(app: Flask, city: City) -> None:
    def moment(day: int, hour: int = 12) -> datetime:
        return datetime(2021, 4, day, hour, tzinfo=HA_NOI)

    with app.app_context():
        with at_moment(moment(10, 23)):
            number = make(city, banner(city))
        with at_moment(moment(12)):
            actions.amend(
                actor_of(city, "ward_staff"), campaign_of(city), number, {"note": "nay"}, 1, entry()
            )
        notes = {
            day: (record.note if (record := history.state_on(number, date(2021, 4, day))) else None)
            for day in (9, 10, 11, 12, 13)
        }
        assert notes == {9: None, 10: "", 11: "", 12: "nay", 13: "nay"}


def test_flags_warn_and_do_not_block(app: Flask, city: City) -> None:
    with app.app_context():
        staff, campaign = actor_of(city, "ward_staff"), campaign_of(city)
        spot = {"position_source": PositionSource.DEVICE, "accuracy_m": 80.0}
        far = banner(city, lat=20.96, lon=107.09, slogan_id=city.withdrawn, shown_text="Khác", **spot)
        outcome = actions.record(staff, campaign, far, entry())
        assert isinstance(outcome, Done)
        assert {note.code for note in outcome.notes} == {
            "withdrawn_slogan",
            "text_differs",
            "outside_ward",
            "far_from_venue",
            "poor_accuracy",
        }
        make(city, banner(city, lat=20.96, lon=107.0231, **spot))
        beside = {"lat": 20.96, "lon": 107.02311, **spot}
        # One checklist counts the things of a zone together: nobody needs to be asked whether they are one.
        counted = actions.record(staff, campaign, banner(city, **beside), entry())
        assert isinstance(counted, Done)
        assert {note.code for note in counted.notes} == {"poor_accuracy"}
        twin = actions.record(staff, campaign, banner(city, zone=Zone.OUTSIDE, **beside), entry())
        assert isinstance(twin, Done)
        assert {note.code for note in twin.notes} == {"near_duplicate", "poor_accuracy"}


# --- the page --------------------------------------------------------------------------------


def form_of(visitor: Visitor, number: str) -> dict[str, str]:
    visitor.get(f"/installations/{number}")
    return visitor.fields(f"/installations/{number}")


@pytest.mark.parametrize("role", ["ward_staff", "ward_lead", "culture_office", "leader", "auditor"])
def test_the_page_shows_and_only_writers_get_forms(visit: VisitorMaker, made: str, role: str) -> None:
    visitor = visit(role)
    visitor.get(f"/installations/{made}")
    words = visitor.words()
    assert "Băng rôn ngang" in words
    assert "Nhà văn hóa khu 1" in words
    writes = role in {"ward_staff", "ward_lead", "culture_office"}
    assert ("Không chụp rõ danh sách cử tri" in words) is writes
    if not writes:
        visitor.post(f"/installations/{made}", {"note": "x"}, 403)


def test_an_admin_sees_no_installation(visit: VisitorMaker, made: str) -> None:
    visit("admin").get(f"/installations/{made}", 403)


def test_amending_by_the_form(visit: VisitorMaker, app: Flask, city: City, made: str) -> None:
    visitor = visit("ward_staff")
    sent = form_of(visitor, made) | {
        "condition": "torn",
        "width_m": "6,5",
        "lat": "20°57'36\"",
        "lon": "107,023",
    }
    visitor.post(f"/installations/{made}", sent)
    visitor.post(f"/installations/{made}", sent)  # pressed twice
    with app.app_context():
        row = db.session.get_one(Installation, made)
        assert (row.version, row.condition, row.working, row.width_m) == (2, Condition.TORN, 0, 6.5)
        assert (row.lat, row.position_source) == (20.96, PositionSource.MAP)
    visitor.get(f"/installations/{made}")
    assert "Tình trạng: Tốt → Rách" in visitor.words()


def test_nothing_else_can_be_written_by_the_form(
    visit: VisitorMaker, app: Flask, city: City, made: str
) -> None:
    visitor = visit("ward_staff")
    smuggled: dict[str, Any] = {
        "id": new_id(),
        "area_id": city.ward_b,
        "version": 99,
        "created_by": city.people["leader"],
        "synthetic": "1",
        "source": "x",
        "licence": "x",
        "lifecycle": "lost",
        "quantity": 7,
        "working": 7,
        "position_source": "import",
        "review": "verified",
        "horns": 4,
    }
    visitor.post(f"/installations/{made}", form_of(visitor, made) | {"note": "mới"} | smuggled)
    with app.app_context():
        row = db.session.get_one(Installation, made)
        assert row.note == "mới"
        assert (row.area_id, row.version, row.source, row.synthetic) == (city.ward_a, 2, "", False)
        assert (row.lifecycle, row.quantity, row.horns) == (Lifecycle.INSTALLED, 1, None)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("lat", "tám mươi", "Không đọc được tọa độ"),
        ("lat", "20,95", "Ghi cả vĩ độ và kinh độ"),
        ("azimuth", "360", "Hướng là số độ"),
        ("width_m", "-3", "Số này phải lớn hơn 0"),
        ("width_m", "1e9", "Viết một số"),
        ("condition", "melted", "Chọn một trong các mục"),
        ("condition", "inverted", "Chọn một trong các mục"),
        ("zone", "public", "Chọn một trong các mục"),
        ("slogan_id", "999999999999999999999", "Chọn một trong các mục"),
        ("venue_id", "' OR 1=1", "Chọn một trong các mục"),
        ("note", "x" * 2001, "Viết không quá"),
        ("kind_code", "FLAG_DECOR\x00", "Chọn một trong các mục"),
    ],
)
def test_bad_values_are_told_at_their_field(
    visit: VisitorMaker, app: Flask, made: str, field: str, value: str, sentence: str
) -> None:
    visitor = visit("ward_staff")
    visitor.post(f"/installations/{made}", form_of(visitor, made) | {"serial": "giữ lại", field: value}, 422)
    assert sentence in visitor.words()
    assert visitor.fields(f"/installations/{made}")["serial"] == "giữ lại"
    with app.app_context():
        assert db.session.get_one(Installation, made).version == 1


def test_a_conflict_shows_both_and_keeps_what_was_typed(visit: VisitorMaker, app: Flask, made: str) -> None:
    one, two = visit("ward_staff"), visit("ward_lead")
    first, second = form_of(one, made), form_of(two, made)
    one.post(f"/installations/{made}", first | {"note": "của một", "serial": "A1"})
    two.post(f"/installations/{made}", second | {"note": "của hai", "azimuth": "90"}, 409)
    words = two.words()
    assert "của một" in words
    assert "của hai" in words
    assert "Người ward_staff vừa lưu trước" in words
    again = two.fields(f"/installations/{made}")
    assert (again["note"].strip(), again["serial"], again["azimuth"]) == ("của hai", "A1", "90")
    two.post(f"/installations/{made}", again)
    with app.app_context():
        row = db.session.get_one(Installation, made)
        assert (row.note, row.serial, row.azimuth) == ("của hai", "A1", 90.0)


def test_step_confirm_and_revert_by_their_buttons(visit: VisitorMaker, app: Flask, made: str) -> None:
    visitor = visit("ward_staff")
    visitor.get(f"/installations/{made}")
    step = visitor.fields(f"/installations/{made}/step")
    visitor.post(f"/installations/{made}/step", step, 422)  # no step chosen
    visitor.post(f"/installations/{made}/step", step | {"step": "in_use"}, 422)
    assert "Chỉ đưa vào sử dụng thứ đã nghiệm thu" in visitor.words()
    visitor.post(f"/installations/{made}/step", step | {"step": "accepted", "why": "biên bản"})
    visitor.post(f"/installations/{made}/step", step | {"step": "lost"}, 422)  # the form was already used
    visitor.get(f"/installations/{made}")
    address = f"/installations/{made}/events/2/revert"
    visitor.post(address, visitor.fields(address))
    visitor.get(f"/installations/{made}?day=2021-04-18")
    assert "Ngày này chưa ghi" in visitor.words()
    visitor.get(f"/installations/{made}?day=2021-04-19")
    assert "Cuối ngày 19/04/2021" in visitor.words()
    visitor.get(f"/installations/{made}?day=hôm-qua", 400)
    with app.app_context():
        row = db.session.get_one(Installation, made)
        assert (row.lifecycle, row.version) == (Lifecycle.INSTALLED, 3)


def test_forms_without_their_ids_are_bad_requests(visit: VisitorMaker, made: str) -> None:
    visitor = visit("ward_staff")
    good = form_of(visitor, made)
    visitor.post(f"/installations/{made}", good | {"entry_id": "x"}, 400)
    visitor.post(f"/installations/{made}", good | {"base_version": "-1"}, 400)
    visitor.post(f"/installations/{made}/confirm", {}, 400)
    visitor.post(f"/installations/{made}/events/99/revert", {"entry_id": new_id(), "base_version": "1"}, 422)


# --- at the same moment -------------------------------------------------------------------------


def overwritten_silently(app: Flask, city: City, number: str, rounds: int) -> int:
    """Two people save at the same moment, `rounds` times; counts what somebody was told is saved and is not.

    Each works on what they saw before the round; in every second round both change the same field.
    """
    lost = 0
    with app.app_context():
        people, campaign = [actor_of(city, name) for name in ("ward_staff", "ward_lead")], campaign_of(city)
    for turn in range(rounds):
        with app.app_context():
            version = db.session.get_one(Installation, number).version
        fields = ("note", "note") if turn % 2 else ("note", "serial")
        together = threading.Barrier(2)

        def save(
            one: int, field: str, version: int = version, turn: int = turn, gate: threading.Barrier = together
        ) -> Outcome:
            with app.app_context():
                gate.wait()
                wanted = {field: f"{one}-{turn}"}
                outcome = actions.amend(people[one], campaign, number, wanted, version, entry())
                db.session.commit()
                return outcome

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(save, (0, 1), fields))
        with app.app_context():
            row = db.session.get_one(Installation, number)
            for one, (field, outcome) in enumerate(zip(fields, outcomes, strict=True)):
                if isinstance(outcome, Done):
                    lost += getattr(row, field) != f"{one}-{turn}"
            assert sum(isinstance(outcome, Done) for outcome in outcomes) == (1 if turn % 2 else 2)
    return lost


def test_nothing_is_overwritten_when_two_save_at_once(app: Flask, city: City, made: str) -> None:
    assert overwritten_silently(app, city, made, rounds=6) == 0  # 200 in the soak
    with app.app_context():
        assert trail.verify(db.session()) is None


def test_a_button_pressed_twice_at_once_is_one_change(
    app: Flask, city: City, made: str, visit: VisitorMaker
) -> None:
    visitor = visit("ward_staff")
    sent = form_of(visitor, made) | {"note": "một lần"}
    cookie = visitor.client.get_cookie("trucquan")
    assert cookie

    def press(_: int) -> int:
        client = app.test_client()
        client.set_cookie("trucquan", cookie.value)
        return client.post(f"/installations/{made}", data=sent).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, range(4))) == [303] * 4
    with app.app_context():
        assert db.session.get_one(Installation, made).version == 2
        assert len(history.history(made)) == 2


@pytest.mark.parametrize(
    "missing", ["serial", "note", "zone", "venue_id", "slogan_id", "lat", "azimuth", "shown_text"]
)
def test_a_field_that_was_not_sent_is_left_as_it_is(
    app: Flask, city: City, visit: VisitorMaker, missing: str
) -> None:
    with app.app_context():
        made = actions.record(
            actor_of(city, "ward_staff"), campaign_of(city), banner(city, serial="S1", note="ghi"), entry()
        )
        db.session.commit()
        assert isinstance(made, Done)
    visitor = visit("ward_staff")
    address = f"/installations/{made.subject}"
    visitor.get(address)
    fields = visitor.fields(address)
    visitor.client.post(address, data={name: fields[name] for name in fields if name != missing})
    with app.app_context():
        row = db.session.get_one(Installation, made.subject)
        assert (row.serial, row.note, row.zone, row.slogan_id) == ("S1", "ghi", Zone.GATE, city.slogan)
        assert (row.venue_id, row.version) == (city.venues_a[0], 1)
