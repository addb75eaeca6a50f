"""The page of what is missing: runs, figures, filters, scope, and that facts moving on is said."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from inventory.campaigns import facts_moved
from inventory.clock import at_moment, campaign_now
from inventory.database import db
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.installations.record import Record
from inventory.outcomes import Done
from inventory.receipts import entry_of
from inventory.reviews import actions as reviews
from inventory.tables.installation import Installation
from inventory.tables.place import Place, Venue
from inventory.tables.survey import Answer, Survey
from inventory.tables.trail import TrailLine
from inventory.vocabulary import Channel, Condition, Zone
from maps.coverage import actions, queries, runs
from maps.coverage.computing import Computed, compute
from maps.coverage.recount import Difference, Sample
from maps.planning.demand import DemandMethod
from maps.tables.coverage import CoverageGap, CoverageReach, CoverageRun
from tests.city import City
from tests.client import Visitor
from tests.web.furnished import acting

Visit = Callable[[str | None], Visitor]


def survey(app: Flask, city: City, place: int, who: str = "ward_staff", **counts: int) -> None:
    """Answer every kind at a place's gate with so many of each (0 where none is said), and finish."""
    with app.app_context():
        actor, campaign = acting(city.people[who])
        row = db.session.get_one(Place, place)
        visit = Survey(
            id=new_id(), campaign_id=campaign.id, area_id=row.area_id, place_id=place,
            standard_id=city.standard, person_id=actor.person_id, started_at=campaign_now(),
            finished_at=campaign_now(),
        )  # fmt: skip
        db.session.add(visit)
        db.session.flush()
        facts_moved(campaign.id, row.area_id)
        for kind in ("FLAG_NATIONAL", "BANNER_H", "FLAG_DECOR", "SPK_CLUSTER_FM"):
            found = counts.get(kind, 0)
            db.session.add(
                Answer(survey_id=visit.id, zone=Zone.GATE, kind_code=kind, found=found, at=campaign_now())
            )
            if found:
                bulk = kind.startswith("FLAG")
                for _turn in range(1 if bulk else found):
                    thing = Record(
                        kind, row.area_id, venue_id=row.venue_id, zone=Zone.GATE,
                        quantity=found if bulk else 1, working=found if bulk else 1,
                    )  # fmt: skip
                    outcome = installations.record(actor, campaign, thing, entry_of(new_id(), {}))
                    assert isinstance(outcome, Done), outcome
        db.session.commit()


def run(visitor: Visitor) -> None:
    visitor.post("/coverage/runs", {})


def test_before_the_first_run_the_page_offers_one(city: City, visit: Visit) -> None:
    office = visit("culture_office")
    office.get("/coverage")
    assert "Chưa tính lần nào" in office.words()
    run(office)
    office.get("/coverage")
    assert "lần tính số 1" in office.words()


def test_a_gap_closes_when_the_thing_is_there(app: Flask, city: City, visit: Visit) -> None:
    place = city.places_a[0]
    survey(app, city, place)
    office = visit("culture_office")
    run(office)
    office.get(f"/coverage?place={place}")
    before = office.words()
    assert "Chưa ghi nhận gì" in before
    survey(app, city, place, FLAG_NATIONAL=1, BANNER_H=1)
    office.get("/coverage")
    assert "đã thay đổi từ lần tính này" in office.words()
    run(office)
    office.get(f"/coverage?place={place}")
    assert office.words() != before
    assert "đã thay đổi từ lần tính này" not in office.words()


def test_the_same_facts_are_computed_once(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    for _turn in range(3):
        run(office)
    with app.app_context():
        assert db.session.query(CoverageRun).count() == 1


def test_people_who_press_together_make_one_run(app: Flask, city: City, visit: Visit) -> None:
    offices = [visit("culture_office") for _ in range(4)]
    bodies = [{"csrf_token": office.token()} for office in offices]

    def press(number: int) -> int:
        return offices[number].client.post("/coverage/runs", data=bodies[number]).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(press, range(4))) == {303}
    with app.app_context():
        assert [row.number for row in db.session.query(CoverageRun)] == [1]
        assert db.session.query(CoverageGap).count() == 4 * 5 + 2 * 2


def test_an_older_picture_never_becomes_the_newest(
    app: Flask, city: City, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = visit("culture_office"), visit("leader")
    tokens = {who: {"csrf_token": who.token()} for who in (slow, quick)}

    def meanwhile(*given: Any) -> Computed:
        # While the slow one computes, a ward finishes a visit and somebody else computes that.
        monkeypatch.setattr(actions, "compute", compute)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(survey, app, city, city.places_a[0]).result()
            pool.submit(quick.client.post, "/coverage/runs", data=tokens[quick]).result()
        return compute(*given)

    monkeypatch.setattr(actions, "compute", meanwhile)
    assert slow.client.post("/coverage/runs", data=tokens[slow]).status_code == 303
    slow.get("/coverage")
    assert "lần tính số 1" in slow.words()
    assert "1 / 4 nơi đã khảo sát" in slow.words()
    assert "đã thay đổi từ lần tính này" not in slow.words()


def test_machines_get_counts(city: City, visit: Visit) -> None:
    office = visit("culture_office")
    body = {"csrf_token": office.token()}
    answer = office.client.post("/coverage/runs", data=body, headers={"Accept": "application/json"})
    assert answer.status_code == 201
    assert answer.json is not None
    # Four places × five requirements, two wards × two of their own.
    assert answer.json["requirements"] == 4 * 5 + 2 * 2
    assert answer.json["answered"] == 0
    assert answer.json["missing_reported"] == 0


def test_what_nobody_looked_at_enters_no_sum(app: Flask, city: City, visit: Visit) -> None:
    survey(app, city, city.places_a[0])
    office = visit("culture_office")
    run(office)
    office.get(f"/coverage?place={city.places_a[1]}")
    assert "Chưa khảo sát" in office.words()
    with app.app_context():
        rows = db.session.query(CoverageGap).filter_by(place_id=city.places_a[1]).all()
        assert rows
        assert not any(row.answered for row in rows)


def test_sums_by_ward_add_up_to_the_city(app: Flask, city: City, visit: Visit) -> None:
    survey(app, city, city.places_a[0], FLAG_NATIONAL=1, FLAG_DECOR=4)
    survey(app, city, city.places_b[1], who="other_ward", BANNER_H=1)
    run(visit("culture_office"))
    with app.app_context():
        actor, campaign = acting(city.people["culture_office"])
        view = queries.overview(actor, campaign)
        assert view is not None
        lines = queries.ward_lines(view)
        assert len(lines) == 2
        whole = queries.totals(view)
        for name in ("places", "places_surveyed", "mandatory", "answered", "met_reported", "met_verified"):
            assert getattr(whole, name) == sum(getattr(line.totals, name) for line in lines)
        assert whole == view.summary.city


def test_a_ward_sees_its_own_gaps_only(app: Flask, city: City, visit: Visit) -> None:
    survey(app, city, city.places_b[0], who="other_ward")
    office = visit("culture_office")
    run(office)
    ward = visit("ward_staff")
    ward.get("/coverage")
    assert "Xã Đồng Thử" not in ward.words()
    ward.get(f"/coverage?place={city.places_b[0]}", status=404)
    ward.get(f"/coverage?ward={city.ward_b}", status=404)
    office.get(f"/coverage?ward={city.ward_b}")


def test_another_wards_change_does_not_move_this_wards_page(app: Flask, city: City, visit: Visit) -> None:
    run(visit("culture_office"))
    ward, office = visit("ward_staff"), visit("culture_office")
    survey(app, city, city.places_b[0], who="other_ward")
    ward.get("/coverage")
    assert "đã thay đổi" not in ward.words()
    office.get("/coverage")
    assert "đã thay đổi" in office.words()


def test_another_wards_nearest_thing_is_a_distance_and_no_link(app: Flask, city: City, visit: Visit) -> None:
    survey(app, city, city.places_b[0], who="other_ward", SPK_CLUSTER_FM=1)
    survey(app, city, city.places_a[0])
    run(visit("culture_office"))
    for who, links in (("ward_staff", 0), ("culture_office", 1)):
        visitor = visit(who)
        visitor.get(f"/coverage?place={city.places_a[0]}")
        found = [node for node in visitor.page.iter() if "/installations/" in (node.get("href") or "")]
        assert len(found) == links
        assert "km" in visitor.words()


def test_filters_page_by_key_and_refuse_nonsense(app: Flask, city: City, visit: Visit) -> None:
    survey(app, city, city.places_a[0])
    office = visit("culture_office")
    run(office)
    office.get("/coverage?reason=nothing_recorded&zone=gate&figure=verified")
    assert "Băng" not in office.words() or "Cần" in office.words()
    for query in ("figure=maybe", "zone=moon", "requirement=x", "reason=because", "state=odd"):
        office.get(f"/coverage?{query}", status=400)
    office.get("/coverage?ward=999999", status=404)
    office.get("/coverage?place=x", status=404)
    office.get("/coverage?after=nonsense")


@pytest.mark.parametrize("who", ["auditor", "admin"])
def test_who_may_not_run(city: City, visit: Visit, who: str) -> None:
    visit(who).post("/coverage/runs", {}, status=403)


def test_a_broken_thing_says_broken(app: Flask, city: City, visit: Visit) -> None:
    place = city.places_a[0]
    survey(app, city, place)
    with app.app_context():
        actor, campaign = acting(city.people["ward_staff"])
        venue = db.session.get_one(Place, place).venue_id
        thing = Record(
            "BANNER_H", city.ward_a, venue_id=venue, zone=Zone.GATE, working=0, condition=Condition.TORN
        )
        assert isinstance(installations.record(actor, campaign, thing, entry_of(new_id(), {})), Done)
        db.session.commit()
        assert isinstance(actions.run(None, campaign), Done)
        db.session.commit()
    office = visit("culture_office")
    office.get(f"/coverage?place={place}")
    assert "Có nhưng hỏng" in office.words()


@pytest.mark.parametrize("address", ["/", "/coverage", "/investment", "/map", "/map?kind=BANNER_H"])
def test_the_button_comes_back_to_its_page(app: Flask, city: City, visit: Visit, address: str) -> None:
    """Before the first run, and again when facts have moved on."""
    leader = visit("leader")
    for _moved in range(2):
        leader.get(address)
        form = leader.fields("/coverage/runs")
        assert form["next"] == address
        answer = leader.post("/coverage/runs", form)
        assert answer.status_code == 303
        assert answer.location == address
        leader.get(address)
        survey(app, city, city.places_a[0])


@pytest.mark.parametrize(
    "text", ["https://evil.example/map", "//evil.example", "/sign-out", "/investment.xlsx"]
)
def test_a_run_leads_nowhere_else(city: City, visit: Visit, text: str) -> None:
    leader = visit("leader")
    assert leader.post("/coverage/runs", {"next": text}).location == "/coverage"
    assert leader.post("/coverage/runs", {}).location == "/coverage"


# Stored runs, past days, comparison, reach


def test_two_runs_are_compared_on_the_page(app: Flask, city: City, visit: Visit) -> None:
    place = city.places_a[0]
    survey(app, city, place, FLAG_NATIONAL=1)
    office = visit("culture_office")
    run(office)
    survey(app, city, place, BANNER_H=1)
    survey(app, city, city.places_b[0], who="other_ward")
    run(office)
    office.get("/coverage?against=1")
    words = office.words()
    assert "So với lần tính số 1" in words
    assert "1 chỗ thiếu đã khép, 0 chỗ mới thiếu" in words
    assert "đã khép" in words
    assert "mới biết là thiếu" in words
    ward = visit("ward_staff")
    ward.get("/coverage?against=1")
    assert "0 chỗ mới biết là thiếu" in ward.words()
    for number in ("9", "x", "-1", "1e3"):
        office.get(f"/coverage?against={number}", status=404)


def test_every_stored_run_is_listed_with_the_sums_of_ones_own_wards(
    app: Flask, city: City, visit: Visit
) -> None:
    office = visit("culture_office")
    office.get("/coverage/runs")
    assert "Chưa tính lần nào" in office.words()
    survey(app, city, city.places_b[0], who="other_ward")
    run(office)
    survey(app, city, city.places_a[0])
    run(office)
    office.get("/coverage/runs")
    assert "Lần tính số 2" in office.words()
    assert "mới nhất" in office.words()
    with app.app_context():
        campaign = acting(city.people["culture_office"])[1]
        mine, theirs = (
            runs.stored(acting(city.people[who])[0], campaign) for who in ("ward_staff", "culture_office")
        )
        assert [line.number for line in mine] == [line.number for line in theirs] == [2, 1]
        assert mine[1].answered == 0 < theirs[1].answered
        assert mine[0].answered < theirs[0].answered


def test_a_past_day_is_computed_and_never_the_newest(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    survey(app, city, city.places_a[0])
    run(office)
    with app.app_context():
        today = acting(city.people["culture_office"])[1].today
    before = (today - timedelta(days=1)).isoformat()
    for _turn in range(2):
        office.post("/coverage/runs", {"day": before, "next": "/coverage/runs"})
    with app.app_context():
        rows = db.session.query(CoverageRun).order_by(CoverageRun.number).all()
        assert [(row.number, row.recomputed) for row in rows] == [(1, False), (2, True)]
        assert rows[1].campaign_day == today - timedelta(days=1)
        assert not any(gap.answered for gap in db.session.query(CoverageGap).filter_by(run_id=rows[1].id))
        newest = queries.latest(city.campaign)
        assert newest is not None
        assert newest.number == 1
    office.get("/coverage")
    assert "lần tính số 1" in office.words()
    office.get("/coverage/runs")
    assert "tính lại cho ngày đã qua" in office.words()


@pytest.mark.parametrize("day", ["ngày mai", "2021-13-01", "9999-01-01"])
def test_a_day_that_is_none_is_refused(city: City, visit: Visit, day: str) -> None:
    visit("culture_office").post("/coverage/runs", {"day": day}, status=400)


def test_a_day_that_has_not_come_is_refused_in_words(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    office.post("/coverage/runs", {"day": "2099-01-01", "next": "/coverage/runs"})
    office.get("/coverage/runs")
    assert "phải là hôm nay hoặc một ngày đã qua" in office.words()
    with app.app_context():
        assert db.session.query(CoverageRun).count() == 0


def test_a_run_whose_recount_differs_is_refused_and_the_last_one_stays(
    app: Flask, city: City, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = visit("culture_office")
    run(office)
    survey(app, city, city.places_a[0])

    def wrong(*given: Any) -> Computed:
        return replace(
            compute(*given),
            sample=Sample(25, Difference(city.places_a[0], city.ward_a, "R1", "working", 2, 1)),
        )

    monkeypatch.setattr(actions, "compute", wrong)
    run(office)
    office.get("/coverage")
    assert "Phần đếm lại độc lập cho kết quả khác (yêu cầu R1)" in office.words()
    assert "lần tính số 1" in office.words()
    with app.app_context():
        assert db.session.query(CoverageRun).count() == 1
        assert db.session.query(TrailLine).filter_by(act="coverage.differs").count() == 1
    monkeypatch.setattr(actions, "compute", compute)
    run(office)
    office.get("/coverage")
    assert "đã đếm lại độc lập" in office.words()


def test_whom_things_reach_is_said_by_channel_with_its_method(app: Flask, city: City, visit: Visit) -> None:
    place = city.places_a[0]
    survey(app, city, place, SPK_CLUSTER_FM=1)
    office = visit("culture_office")
    run(office)
    with app.app_context():
        rows = {row.place_id: row for row in db.session.query(CoverageReach)}
        assert rows[place].heard_reported
        assert not rows[place].heard_verified
        assert (rows[place].sources, rows[place].source_m) == (1, 0.0)
        actor, campaign = acting(city.people["culture_office"])
        view = queries.overview(actor, campaign)
        assert view is not None
        sums = {(row.channel, row.method): row for row in runs.reach_sums(view, actor)}
        heard = sums[Channel.HEARING, DemandMethod.AT_PLACE]
        assert heard.reported == db.session.get_one(Place, place).voters
        assert heard.verified == 0
        assert heard.unsurveyed + heard.reported <= heard.voters
    office.get("/coverage")
    assert "Nghe được, theo nơi bỏ phiếu" in office.words()
    assert "ISO 9613-2" in office.words()
    office.get(f"/coverage?place={place}")
    assert "Nghe và đọc tại đây theo mô hình" in office.words()


def test_the_command_runs_and_computes_a_past_day(app: Flask, city: City) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["maps", "run", "--json"])
    assert first.exit_code == 0
    assert json.loads(first.stdout)["again"] is False
    second = runner.invoke(args=["maps", "run", "--day", "2021-01-01"])
    assert second.exit_code == 1
    assert "Ngày đó chưa có tiêu chuẩn" in second.output
    for day in ("hôm qua", "2021-02-30"):
        assert runner.invoke(args=["maps", "run", "--day", day]).exit_code == 2
    again = runner.invoke(args=["maps", "run"])
    assert "lần tính trước còn đúng" in again.output


def test_a_past_day_asked_again_gives_the_numbers_of_its_own_run(app: Flask, city: City) -> None:
    """On the day before the pinned one things are recorded, verified and computed; then more is recorded."""
    with at_moment(datetime(2021, 4, 18, 5, tzinfo=UTC)):
        survey(app, city, city.places_a[0], FLAG_NATIONAL=1, BANNER_H=2)
        survey(app, city, city.places_b[0], who="other_ward", SPK_CLUSTER_FM=1)
        with app.app_context():
            actor, campaign = acting(city.people["culture_office"])
            for thing in db.session.query(Installation).filter_by(kind_code="BANNER_H"):
                assert isinstance(reviews.verify(actor, campaign, thing.id, 1, entry_of(new_id(), {})), Done)
            db.session.commit()
            stored = actions.run(None, campaign)
            assert isinstance(stored, Done)
            db.session.commit()
    with at_moment(datetime(2021, 4, 19, 5, tzinfo=UTC)), app.app_context():
        survey(app, city, city.places_a[0], FLAG_DECOR=8, BANNER_H=1)
        survey(app, city, city.places_a[1])
        campaign = acting(city.people["culture_office"])[1]
        assert isinstance(actions.run(None, campaign), Done)
        db.session.commit()
        again = actions.run(None, campaign, campaign.today - timedelta(days=1))
        assert isinstance(again, Done)
        db.session.commit()
        one, two = queries.run_gaps(stored.subject), queries.run_gaps(again.subject)
        assert [gap.verified for gap in one] == [gap.verified for gap in two]
        assert one == two
        assert any(gap.verified for gap in one)
        assert runs.points_of(stored.subject) == runs.points_of(again.subject)
        assert queries.run_gaps(queries.latest(campaign.id).id) != one  # type: ignore[union-attr]


def test_facts_of_the_impossible_end_in_a_run_and_not_in_an_error(
    app: Flask, city: City, visit: Visit
) -> None:
    """A place without a position, a thing with a wild accuracy, a kind that reach knows nothing of."""
    survey(app, city, city.places_a[0], SPK_CLUSTER_FM=1, BANNER_H=1)
    with app.app_context():
        venue = db.session.get_one(Place, city.places_a[1]).venue_id
        db.session.get_one(Venue, venue).lat = None
        db.session.get_one(Venue, venue).lon = None
        for thing in db.session.query(Installation):
            thing.accuracy_m = 1e9
        facts_moved(city.campaign, city.ward_a)
        db.session.commit()
    office = visit("culture_office")
    run(office)
    office.get(f"/coverage?place={city.places_a[1]}")
    assert "chưa có vị trí nên chưa tính được" in office.words()
    office.get("/coverage")
    assert "đã đếm lại độc lập" in office.words()
