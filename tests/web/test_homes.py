"""The first page of each role says what waits for that person, and nothing of others."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from inventory.clock import now
from inventory.database import db
from inventory.outcomes import Done
from inventory.tables.assignment import Assignment
from inventory.tables.installation import Review
from inventory.tables.place import Place
from inventory.vocabulary import ReviewState, Role
from maps.coverage import actions
from maps.homes.rules import at_risk, points
from maps.tables.coverage import CoverageRun
from tests.city import City
from tests.client import Visitor
from tests.web.furnished import acting, furnish
from tests.web.query_counting import counted
from tests.web.test_coverage import survey

Visit = Callable[[str | None], Visitor]
TODAY, DEADLINE = date(2021, 4, 19), date(2021, 5, 10)


def compute(app: Flask, city: City) -> None:
    with app.app_context():
        _actor, campaign = acting(city.people["culture_office"])
        assert isinstance(actions.run(None, campaign), Done)
        db.session.commit()


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_every_home_opens_before_and_after_the_first_run(
    app: Flask, city: City, visit: Visit, role: str
) -> None:
    visitor = visit(role)
    visitor.get("/")
    furnish(app, city)
    survey(app, city, city.places_a[0])
    compute(app, city)
    visitor.get("/")


def test_the_officer_sees_returned_work_with_its_reason_first(app: Flask, city: City, visit: Visit) -> None:
    furnished = furnish(app, city)
    with app.app_context():
        review = db.session.get_one(Review, (furnished.rows[city.ward_a]["installation_id"], city.campaign))
        review.state, review.reason_code, review.reason_text = ReviewState.RETURNED, "photo_blurred", "mờ quá"
        db.session.commit()
    officer = visit("ward_staff")
    officer.get("/")
    words = officer.words()
    assert "1 mục cần bổ sung" in words
    assert "Ảnh mờ, chụp lại giúp · mờ quá" in words
    assert words.index("mờ quá") < words.index("Khảo sát tiếp")
    other = visit("other_ward")
    other.get("/")
    assert "cần bổ sung" not in other.words()


def test_progress_counts_finished_visits_of_the_own_ward(app: Flask, city: City, visit: Visit) -> None:
    survey(app, city, city.places_a[1])
    survey(app, city, city.places_b[0], who="other_ward")
    officer = visit("ward_staff")
    officer.get("/")
    assert "1/2" in officer.words()
    assert "Nhà văn hóa khu 1" in officer.words()
    assert "Xã Đồng Thử" not in officer.words()


def test_the_officer_sees_what_they_were_given_first_and_the_way_into_the_app(
    app: Flask, city: City, visit: Visit
) -> None:
    officer = visit("ward_staff")
    officer.get("/")
    assert "được giao cho anh, chị" not in officer.words()
    with app.app_context():
        numbers = {row.id: row.number for row in db.session.scalars(select(Place))}
        last, first = sorted(city.places_a, key=lambda place: numbers[place])[:2]
        db.session.add(
            Assignment(
                campaign_id=city.campaign,
                place_id=first,
                person_id=city.people["ward_staff"],
                assigned_by=city.people["ward_lead"],
                assigned_at=now(),
            )
        )
        db.session.commit()
    page = officer.get("/").get_data(as_text=True)
    words = officer.words()
    assert "1 nơi được giao cho anh, chị." in words
    assert words.index(f"KVBP {numbers[first]} ·") < words.index(f"KVBP {numbers[last]} ·")
    assert words.count("giao cho tôi") == 1
    assert 'href="/field/"' in page


def test_the_office_sees_the_queue_and_who_has_not_begun(app: Flask, city: City, visit: Visit) -> None:
    furnish(app, city)
    survey(app, city, city.places_a[0])
    compute(app, city)
    office = visit("culture_office")
    office.get("/")
    assert "1 phường, xã chưa khảo sát nơi nào" in office.words()
    assert "Chờ kiểm tra theo phường, xã" in office.words()


def test_the_leader_reads_figures_amount_and_words(app: Flask, city: City, visit: Visit) -> None:
    survey(app, city, city.places_a[0])
    compute(app, city)
    leader = visit("leader")
    leader.get("/")
    words = leader.words()
    assert "Đề nghị đầu tư" in words
    assert " đồng" in words
    assert "1 / 4 nơi đã khảo sát" in words
    leader.get("/investment")
    total = next(node.get("value") for node in leader.page.iter() if node.get("id") == "total")
    assert f"{int(total):,}".replace(",", ".") in words


def test_the_leader_reads_what_a_week_brought(app: Flask, city: City, visit: Visit) -> None:
    survey(app, city, city.places_a[0])
    compute(app, city)
    leader = visit("leader")
    leader.get("/")
    assert "chưa có lần tính nào cách đây một tuần" in leader.words()
    with app.app_context():
        db.session.execute(update(CoverageRun).values(campaign_day=TODAY - timedelta(days=7)))
        db.session.commit()
    # Then nothing of three answered requirements was met, now two of three at each of two places are.
    survey(app, city, city.places_a[0], FLAG_NATIONAL=1, BANNER_H=1)
    survey(app, city, city.places_b[0], who="other_ward", FLAG_NATIONAL=1, BANNER_H=1)
    compute(app, city)
    with counted(app) as asked:
        leader.client.get("/")
    assert len([line for line in asked if line.startswith(("SELECT", "WITH"))]) <= 16, "\n".join(asked)
    leader.get("/")
    assert "đã xác minh 0 / đã báo cáo +66,7" in leader.words()
    assert "từ lần tính 12/04/2021" in leader.words()


def test_the_admin_sees_no_business(app: Flask, city: City, visit: Visit) -> None:
    furnish(app, city)
    admin = visit("admin")
    admin.get("/")
    for word in ("Nhà văn hóa", "Băng rôn", "Phường Hồng Thử", "cử tri"):
        assert word not in admin.words()


@pytest.mark.parametrize("role", ["ward_staff", "culture_office", "leader", "auditor", "admin"])
def test_query_budget(app: Flask, city: City, visit: Visit, role: str) -> None:
    furnish(app, city)
    survey(app, city, city.places_a[0])
    compute(app, city)
    visitor = visit(role)
    asked: list[str] = []
    with app.app_context():
        engine = db.engine
    listener = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    try:
        visitor.client.get("/")
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    asked = [line for line in asked if line.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert len(asked) <= 22, "\n".join(line[:120] for line in asked)


@given(places=st.integers(1, 50), done=st.integers(0, 50), days=st.integers(0, 60))
def test_nobody_who_is_done_is_late_and_more_work_done_never_makes_late(
    places: int, done: int, days: int
) -> None:
    done = min(done, places)
    first = TODAY - timedelta(days=days)
    late = at_risk(places, done, first, TODAY, DEADLINE)
    assert not at_risk(places, places, first, TODAY, DEADLINE)
    if done < places:
        assert late or not at_risk(places, done + 1, first, TODAY, DEADLINE)
    assert at_risk(places, done, first, DEADLINE + timedelta(days=1), DEADLINE) == (done < places)


def test_points_are_of_a_hundred() -> None:
    assert points(0.41, 0.385) == 2.5
    assert points(None, 0.3) is None
