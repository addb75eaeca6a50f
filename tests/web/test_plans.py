"""Plans on pages: asked for, made inline as the worker makes them, shown, chosen, refused; both databases."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from inventory.campaigns import facts_moved
from inventory.database import db
from inventory.identity import new_id
from inventory.outcomes import Done, Refused
from inventory.receipts import entry_of
from inventory.tables.place import Place, Venue
from inventory.tables.trail import TrailLine
from inventory.vocabulary import LineAction
from maps.coverage import actions as coverage
from maps.coverage.computing import Computed, compute
from maps.coverage.recount import Difference, Sample
from maps.plan import actions, job, queries
from maps.plan.ask import Ask
from maps.plan.making import made
from maps.plan.result import PlanResult, Step
from maps.plan.status import Status
from maps.plan.words import collision
from maps.tables.plan import Plan, PlanLeft, PlanLine, PlanPoint
from tests.city import City
from tests.client import Visitor
from tests.web.furnished import acting
from tests.web.test_investment import counted, survey, thing

__all__ = ["counted"]
Visit = Callable[[str | None], Visitor]
TOTAL = re.compile(r'<data id="total" value="(\d+)"')


def ask(visitor: Visitor, status: int = 303, **typed: str) -> str:
    """Ask for a plan on the page; answers where it leads."""
    visitor.get("/plans")
    fields = visitor.fields("/plans")
    answer = visitor.post("/plans", {**fields, "budget": "30 triệu", **typed}, status)
    return str(answer.headers.get("Location", ""))


def make(app: Flask, plan_id: int = 1) -> Status | None:
    """Do what the worker does."""
    with app.app_context():
        return job.carry_out(plan_id)


@pytest.fixture
def done(app: Flask, counted: City, visit: Visit) -> City:
    """A plan of 30 million, made."""
    assert ask(visit("culture_office")) == "/plans/1"
    assert make(app) is Status.DONE
    return counted


def test_a_plan_is_asked_for_made_and_shown(app: Flask, done: City, visit: Visit) -> None:
    leader = visit("leader")
    leader.get("/plans/1")
    words = leader.words()
    assert "của mức tốt nhất có thể (đã chứng minh)" in words
    assert "Đã đếm lại độc lập: khớp." in words
    assert re.search(r"\b[0-9a-f]{64}\b", words)
    total = int(TOTAL.findall(leader.get("/plans/1").get_data(as_text=True))[0])
    assert 0 < total <= 30_000_000
    leader.get("/plans")
    assert "Số 1: lập ngày 19/04/2021" in leader.words()
    with app.app_context():
        rows = db.session.scalars(select(PlanLine).order_by(PlanLine.position)).all()
        works = sum(row.amount or 0 for row in rows)
        plan = db.session.get_one(Plan, 1)
        assert plan.result is not None
        assert works == plan.result["works"]
        assert len(plan.inputs_hash) == 64
        assert plan.recounted
        assert db.session.scalar(select(func.count()).select_from(PlanPoint)) == 20
        acts = db.session.scalars(select(TrailLine.act).where(TrailLine.subject == "plan")).all()
        assert acts == ["plan.asked", "plan.ended"]


def test_the_same_input_has_the_same_hash_and_lines(app: Flask, done: City, visit: Visit) -> None:
    assert ask(visit("culture_office"), name="Lần hai") == "/plans/2"
    make(app, 2)
    with app.app_context():
        one, two = (db.session.get_one(Plan, number) for number in (1, 2))
        assert one.inputs_hash == two.inputs_hash
        lines = [
            db.session.execute(
                select(PlanLine.key, PlanLine.amount, PlanLine.said)
                .where(PlanLine.plan_id == number)
                .order_by(PlanLine.position)
            ).all()
            for number in (1, 2)
        ]
        assert lines[0] == lines[1]


def test_while_it_waits_its_page_says_so_and_may_be_stopped(app: Flask, counted: City, visit: Visit) -> None:
    office = visit("culture_office")
    ask(office)
    office.get("/plans/1")
    assert "đang chờ" in office.words()
    state = office.client.get("/plans/1.json").get_json()
    assert (state["active"], state["status"], state["progress"]) == (True, "waiting", 0)
    office.post("/plans/1/cancel", office.fields("/plans/1/cancel"))
    office.get("/plans/1")
    assert "Các kế hoạch trước vẫn còn nguyên" in office.words()
    assert make(app) is None
    office.post("/plans/1/again", office.fields("/plans/1/again"))
    assert make(app) is Status.DONE


def test_one_at_work_hears_that_it_shall_stop(app: Flask, counted: City) -> None:
    with app.app_context():
        actor, campaign = acting(counted.people["culture_office"])
        actions.ask_for(actor, campaign, Ask(budget=30_000_000), entry_of(new_id(), {}))
        db.session.commit()

        def pressed(step: Step, _share: float | None) -> bool:
            if step is Step.OFFERS:
                with db.engine.begin() as connection:
                    connection.execute(update(Plan).values(cancel_asked=True))
            return True

        assert job.carry_out(1, pressed) is Status.CANCELLED
        assert db.session.scalar(select(func.count()).select_from(PlanLine)) == 0


def test_a_killed_one_is_told_and_leaves_earlier_plans_alone(app: Flask, done: City, visit: Visit) -> None:
    office = visit("culture_office")
    ask(office)
    with app.app_context():
        db.session.execute(update(Plan).where(Plan.id == 2).values(status=Status.RUNNING))
        db.session.commit()
        assert job.mark_interrupted() == 1
    office.get("/plans/2")
    assert "Máy chủ đã ngừng giữa chừng" in office.words()
    assert "Chạy lại" in office.words()
    office.get("/plans/1")
    assert "Đã đếm lại độc lập: khớp." in office.words()


def test_a_failure_is_told_with_a_number_and_nothing_is_stored(
    app: Flask, done: City, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = visit("culture_office")
    ask(office)
    monkeypatch.setattr(job, "made", lambda *_: 1 / 0)
    assert make(app, 2) is Status.FAILED
    office.get("/plans/2")
    assert "báo người quản trị kèm mã" in office.words()
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(PlanLine.plan_id == 2)) == 0
        assert db.session.scalar(select(func.count()).where(PlanLine.plan_id == 1))


def test_a_recount_that_differs_fails_the_plan(
    app: Flask, counted: City, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(visit("culture_office"))

    def cheating(*given: Any) -> PlanResult:
        found = made(*given)
        assert isinstance(found, PlanResult)
        return replace(found, voters=found.voters + 1)

    monkeypatch.setattr(job, "made", cheating)
    assert make(app) is Status.FAILED
    office = visit("culture_office")
    office.get("/plans/1")
    assert "Đếm lại độc lập khác: số cử tri" in office.words()


def test_rules_that_collide_are_told_in_words(app: Flask, counted: City, visit: Visit) -> None:
    office = visit("culture_office")
    ask(office, budget="100.000", ward_min_met="3")
    assert make(app) is Status.INFEASIBLE
    office.get("/plans/1")
    words = office.words()
    assert "ngân sách 100.000" in words.replace("\u00a0", " ")
    assert "đạt thêm ở Phường Hồng Thử" in words
    with app.test_request_context():
        (said,) = collision([["ward_met", "phường A"], ["budget", "5 đ"]])
    assert said == "Số yêu cầu ít nhất phải đạt thêm ở phường A vượt ngân sách 5 đ."


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("budget", "0", "Ngân sách phải lớn hơn 0"),
        ("budget", "-5", "Ngân sách phải lớn hơn 0"),
        ("budget", "NaN", "Viết ngân sách là số tiền"),
        ("budget", "9.000.000.000.000.000", "không quá một triệu tỷ"),
        ("ward_min_share", "101", "từ 0 đến 100"),
        ("kind_limits", "LOA", "SPK_CLUSTER_IP = 5"),
        ("funds", "77", "không còn trong danh sách"),
        ("seconds", "99999", "Hãy chọn một mục"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_asked_is_told_at_its_field(
    counted: City, visit: Visit, field: str, typed: str, said: str
) -> None:
    office = visit("culture_office")
    ask(office, 422, **{field: typed})
    assert said in office.words()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_contradictory_locks_are_refused_and_nothing_is_kept(app: Flask, counted: City, visit: Visit) -> None:
    office = visit("culture_office")
    ask(office, 422, locked_in="buy:A@place:1", locked_out="buy:A@place:1")
    assert "vừa phải có vừa phải bỏ" in office.words()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Plan)) == 0


def test_two_presses_are_one_plan(app: Flask, counted: City, visit: Visit) -> None:
    office = visit("culture_office")
    office.get("/plans")
    fields = {**office.fields("/plans"), "budget": "30 triệu"}
    for _ in range(2):
        assert office.post("/plans", fields).headers["Location"] == "/plans/1"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Plan)) == 1


def test_choosing_and_naming_tell_of_another_person(app: Flask, done: City, visit: Visit) -> None:
    office = visit("culture_office")
    office.get("/plans/1")
    naming, choosing = office.fields("/plans/1/name"), office.fields("/plans/1/chosen")
    office.post("/plans/1/name", {**naming, "name": "Phương án <b>A</b>"})
    office.get("/plans/1")
    assert "Phương án <b>A</b>" in office.words()
    office.post("/plans/1/chosen", choosing)
    office.get("/plans/1")
    assert "Người khác vừa sửa kế hoạch này" in office.words()
    office.post("/plans/1/chosen", office.fields("/plans/1/chosen"))
    office.get("/plans/1")
    assert "đang chọn" in office.words()
    ask(office)
    make(app, 2)
    office.get("/plans/2")
    office.post("/plans/2/chosen", office.fields("/plans/2/chosen"))
    with app.app_context():
        assert db.session.scalars(select(Plan.id).where(Plan.chosen_in.is_not(None))).all() == [2]


def facts_in(file: str) -> int:
    """The counter of the facts that a CSV names in its lines."""
    rows = list(csv.DictReader(io.StringIO(file.lstrip("\ufeff"))))
    return max(int(row["Phiên bản dữ kiện"]) for row in rows if row["Phiên bản dữ kiện"])


def test_wards_see_their_lines_of_the_chosen_plan_only(app: Flask, done: City, visit: Visit) -> None:
    for who in ("ward_staff", "other_ward"):
        visit(who).get("/investment?plan=1", status=404)
    office = visit("culture_office")
    office.get("/plans/1")
    office.post("/plans/1/chosen", office.fields("/plans/1/chosen"))
    whole_file = office.client.get("/investment.csv?plan=1").get_data(as_text=True)
    totals = []
    for who, other in (("ward_staff", "Xã Đồng Thử"), ("other_ward", "Phường Hồng Thử")):
        ward = visit(who)
        assert 'href="/investment?plan=1"' in ward.get("/investment").get_data(as_text=True)
        text = ward.get("/investment?plan=1").get_data(as_text=True)
        assert other not in ward.words()
        totals.append(int(TOTAL.findall(text)[0]))
        ward.get("/plans/1", status=403)
        file = ward.client.get("/investment.csv?plan=1").get_data(as_text=True)
        assert "Ngân sách" not in file
        assert facts_in(file) < facts_in(whole_file)
        assert other not in file
    whole = int(TOTAL.findall(office.get("/investment?plan=1").get_data(as_text=True))[0])
    assert whole == int(TOTAL.findall(office.get("/plans/1").get_data(as_text=True))[0])
    assert abs(sum(totals) - whole) <= 6  # each part rounds its three additions by itself
    visit("leader").get("/investment?plan=99", status=404)
    visit("leader").get("/investment?plan=x", status=404)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_files_of_a_plan_say_what_it_is(done: City, visit: Visit) -> None:
    leader = visit("leader")
    content = leader.client.get("/investment.xlsx?plan=1").get_data()
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert str(book["Danh mục"]["A1"].value).startswith("Kế hoạch đầu tư")
    notes = {row[0].value: row[1].value for row in book["Ghi chú"].iter_rows()}
    assert re.fullmatch(r"[0-9a-f]{64}", str(notes["Mã băm dữ liệu vào"]))
    assert str(notes["Chứng minh"]).startswith("đạt ")
    assert notes["Đếm lại độc lập"] == "khớp"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_plans_side_by_side(app: Flask, done: City, visit: Visit) -> None:
    office = visit("culture_office")
    ask(office, budget="5.000.000")
    make(app, 2)
    leader = visit("leader")
    leader.get("/plans/compare")
    leader.get("/plans/compare?a=1&b=2")
    assert "Chỉ có ở kế hoạch số 1" in leader.words()
    leader.get("/plans/compare?a=1&b=77", status=400)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_prices_a_plan_says_so(app: Flask, counted: City, visit: Visit) -> None:
    from maps.tables.prices import PriceBook

    with app.app_context():
        db.session.execute(update(PriceBook).values(in_force_from=None))
        db.session.commit()
    ask(visit("culture_office"))
    assert make(app) is Status.FAILED
    office = visit("culture_office")
    office.get("/plans/1")
    assert "Chưa có đơn giá nào đang áp dụng" in office.words()


def test_facts_that_moved_on_are_counted_first(app: Flask, counted: City, visit: Visit) -> None:
    with app.app_context():
        survey(counted, counted.ward_b, counted.places_b[1])
        thing(counted, counted.ward_b, "BANNER_H")
        db.session.commit()
    ask(visit("culture_office"))
    assert make(app) is Status.DONE
    with app.app_context():
        plan = db.session.get_one(Plan, 1)
        assert plan.result is not None
        assert db.session.scalar(select(PlanLine.id).where(PlanLine.place_id == counted.places_b[1]))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_place_without_position_is_no_obstacle(app: Flask, counted: City, visit: Visit) -> None:
    with app.app_context():
        venue = db.session.get_one(Place, counted.places_a[0]).venue_id
        db.session.execute(update(Venue).where(Venue.id == venue).values(lat=None, lon=None))
        db.session.commit()
    ask(visit("culture_office"))
    assert make(app) is Status.DONE
    visit("leader").get("/plans/1")


def test_the_map_gets_one_row_a_choice_and_no_hidden_position(app: Flask, done: City) -> None:
    with app.app_context():
        db.session.execute(update(Place).where(Place.id == done.places_a[0]).values(restricted=True))
        db.session.commit()
        leader, campaign = acting(done.people["leader"])
        rows = queries.plan_on_map(leader, campaign, 1)
        assert rows
        assert len({row.key for row in rows}) == len(rows)
        secret = [row for row in rows if row.place_id == done.places_a[0]]
        assert all(row.hidden and row.at is None for row in secret)
        assert any(row.at is not None and row.action is LineAction.BUY for row in rows)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_left_out_is_shown_with_its_price(app: Flask, counted: City, visit: Visit) -> None:
    office = visit("culture_office")
    ask(office, budget="1.000.000")
    make(app)
    office.get("/plans/1")
    assert "Chưa làm trong kế hoạch này" in office.words()
    with app.app_context():
        left = db.session.scalars(select(PlanLeft)).all()
        assert any(row.cost and row.pushes for row in left)
        assert any(row.skip for row in left) or all(row.cost is not None for row in left)


def test_too_many_at_once_are_refused(app: Flask, counted: City) -> None:
    with app.app_context():
        actor, campaign = acting(counted.people["culture_office"])
        outcomes = [
            actions.ask_for(actor, campaign, Ask(budget=1), entry_of(new_id(), {}))
            for _ in range(actions.MOST_ACTIVE + 1)
        ]
        assert all(isinstance(one, Done) for one in outcomes[:-1])
        assert isinstance(outcomes[-1], Refused)
        db.session.commit()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_english_pages_name_things_in_english(app: Flask, done: City, visit: Visit) -> None:
    leader = visit("leader")
    leader.post("/language", {"language": "en", "next": "/"})
    text = leader.get("/plans/1").get_data(as_text=True)
    assert "Requirement G" in text or "Requirement O" in text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_plan_that_was_ended_meanwhile_keeps_its_end(
    app: Flask, counted: City, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that begins marks what runs; the command that made it stores nothing over that."""
    ask(visit("culture_office"))

    def interrupted(*_: object) -> tuple[()]:
        job.mark_interrupted()
        return ()

    monkeypatch.setattr(job, "recounted", interrupted)
    assert make(app) is None
    with app.app_context():
        assert db.session.get_one(Plan, 1).status is Status.INTERRUPTED
        assert db.session.scalar(select(func.count()).select_from(PlanLine)) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_number_that_somebody_took_at_the_same_moment_is_tried_again(
    app: Flask, counted: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first: list[Exception] = [IntegrityError("", {}, Exception())]
    asking = actions._ask_for

    def taken(*args: Any) -> Any:
        if first:
            raise first.pop()
        return asking(*args)

    monkeypatch.setattr(actions, "_ask_for", taken)
    with app.app_context():
        actor, campaign = acting(counted.people["culture_office"])
        outcome = actions.ask_for(actor, campaign, Ask(30_000_000), entry_of(new_id(), {}))
        assert isinstance(outcome, Done)
        db.session.rollback()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_count_that_differs_fails_the_plan_in_words_and_is_in_the_trail(
    app: Flask, counted: City, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = visit("culture_office")
    ask(office)
    with app.app_context():
        facts_moved(counted.campaign, counted.ward_a)
        db.session.commit()

    def wrong(*given: Any) -> Computed:
        sample = Sample(25, Difference(counted.places_a[0], counted.ward_a, "R1", "working", 2, 1))
        return replace(compute(*given), sample=sample)

    monkeypatch.setattr(coverage, "compute", wrong)
    assert make(app) is Status.FAILED
    office.get("/plans/1")
    assert "(yêu cầu R1)" in office.words()
    with app.app_context():
        assert db.session.query(TrailLine).filter_by(act="coverage.differs").count() == 1
