"""Evidence beside records: kept once, shown to the office, gone with the position it speaks of."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from inventory.database import db
from inventory.identity import new_id
from inventory.installations import evidence
from inventory.installations.fixes import Fix
from inventory.installations.queries import flags_of, these
from inventory.tables.field import NearAnswer, PositionEvidence
from inventory.tables.person import Person
from inventory.vocabulary import PositionSource, Zone
from tests.city import City
from tests.client import Visitor
from tests.web.query_counting import counted
from tests.web.test_reviews import acting, amend, send

Visit = Callable[[str | None], Visitor]

TAP = (20.96, 107.02)
FIX = Fix(20.962, 107.02, 8.0, 2.5)  # 221 m north of the tap
POINTED: dict[str, Any] = {"lat": TAP[0], "lon": TAP[1], "position_source": PositionSource.MAP}


def codes(app: Flask, city: City, number: str) -> set[str]:
    with app.app_context():
        _actor, campaign = acting(city, "ward_staff")
        return {str(flag.code) for flag in flags_of(campaign, these(campaign, [number]))[number]}


def keep(app: Flask, city: City, number: str, reason: str = "", entry: str = "") -> str:
    entry = entry or new_id()
    with app.app_context():
        evidence.keep(number, entry, FIX, TAP, reason, city.people["ward_staff"])
        db.session.commit()
    return entry


def answer(app: Flask, city: City, number: str, *said: tuple[str, bool]) -> None:
    with app.app_context():
        evidence.answer_near(number, said, city.people["ward_staff"], new_id())
        db.session.commit()


def test_the_office_sees_how_far_the_tap_was_from_the_fix_and_why(
    app: Flask, city: City, visit: Visit
) -> None:
    number = send(app, city, **POINTED)
    assert "fix_apart" not in codes(app, city, number)
    keep(app, city, number, "indoors")
    assert "fix_apart" in codes(app, city, number)
    office = visit("culture_office")
    for page in ("/reviews", f"/installations/{number}"):
        office.get(page)
        words = office.words().replace("\u00a0", " ")
        assert "Điểm chỉ trên bản đồ cách vị trí máy đo 221 m." in words
        assert "20,962; 107,02 · ± 8 m" in words
        assert "Lý do vị trí kém chính xác: trong nhà." in words


def test_the_same_entry_twice_is_one_row(app: Flask, city: City) -> None:
    number = send(app, city, **POINTED)
    entry = keep(app, city, number)
    keep(app, city, number, entry=entry)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PositionEvidence)) == 1


def test_a_corrected_position_is_no_longer_flagged(app: Flask, city: City) -> None:
    number = send(app, city, **POINTED)
    keep(app, city, number)
    amend(app, city, number, lat=20.9601)
    assert "fix_apart" not in codes(app, city, number)


def test_nothing_is_asked_where_there_is_nothing_to_keep(app: Flask, city: City) -> None:
    number = send(app, city)
    with app.app_context(), counted(app) as asked:
        evidence.keep(number, new_id(), FIX, None, "", city.people["ward_staff"])
        evidence.keep(number, new_id(), None, TAP, "", city.people["ward_staff"])
        evidence.answer_near(number, [], city.people["ward_staff"], new_id())
        evidence.answer_near(number, [("no id", False), (number, False)], 1, new_id())
    assert asked == []


def pair(app: Flask, city: City) -> tuple[str, str]:
    """Two banners two metres apart in different zones."""
    one = send(app, city, **POINTED)
    other = send(app, city, **{**POINTED, "lat": TAP[0] + 0.00002, "zone": Zone.OUTSIDE})
    return one, other


def test_answers_that_share_the_one_position_of_a_visit_are_no_doubles(app: Flask, city: City) -> None:
    one = send(app, city, **POINTED)
    other = send(app, city, **POINTED, zone=Zone.OUTSIDE)
    assert "near_duplicate" not in codes(app, city, one) | codes(app, city, other)
    elsewhere = send(app, city, **POINTED, venue_id=None, zone=Zone.PUBLIC)
    assert "near_duplicate" in codes(app, city, one) & codes(app, city, elsewhere)


def test_another_thing_silences_the_pair_from_both_sides(app: Flask, city: City, visit: Visit) -> None:
    one, other = pair(app, city)
    assert "near_duplicate" in codes(app, city, one)
    answer(app, city, other, (one, False))
    assert "near_duplicate" not in codes(app, city, one) | codes(app, city, other)
    office = visit("culture_office")
    office.get(f"/installations/{one}")
    with app.app_context():
        who = db.session.get(Person, city.people["ward_staff"])
        assert who is not None
        assert f"{who.name} đã xem thứ cùng loại gần đó" in office.words()


def test_the_same_thing_keeps_the_flag_and_a_later_answer_counts(app: Flask, city: City) -> None:
    one, other = pair(app, city)
    answer(app, city, other, (one, True))
    assert "near_duplicate" in codes(app, city, one)
    answer(app, city, other, (one, False))
    assert "near_duplicate" not in codes(app, city, one)
    answer(app, city, one, (other, True))
    assert "near_duplicate" in codes(app, city, other)


def test_strangers_and_other_wards_are_passed_over(app: Flask, city: City) -> None:
    one, other = pair(app, city)
    there = send(app, city, "other_ward", area_id=city.ward_b, venue_id=None, zone=Zone.PUBLIC)
    answer(app, city, one, (new_id(), False), (there, False), ("", True), (one, False), (other, False))
    with app.app_context():
        kept = db.session.execute(select(NearAnswer.installation_id, NearAnswer.other_id)).all()
    assert [tuple(row) for row in kept] == [(one, other)]


@pytest.mark.parametrize("things", [2, 12])
def test_flags_of_a_page_are_eight_queries_at_most(app: Flask, city: City, things: int) -> None:
    numbers = [pair(app, city)[0] for _ in range(things // 2)]
    keep(app, city, numbers[0])
    with app.app_context():
        _actor, campaign = acting(city, "ward_staff")
        found = these(campaign, numbers)
        with counted(app) as asked:
            flags_of(campaign, found)
    assert len(asked) <= 9
