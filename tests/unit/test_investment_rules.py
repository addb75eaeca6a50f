"""From gaps to lines: what is bought, mended, taken from the store, shared, and what it costs."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.facts import (
    AreaFact,
    CampaignFact,
    Facts,
    InstallationFact,
    KindFact,
    PlaceFact,
    RequirementFact,
    StandardFact,
    StateFact,
)
from inventory.vocabulary import (
    AppliesTo,
    AreaKind,
    Condition,
    Family,
    Figure,
    GapReason,
    Lifecycle,
    LineAction,
    VenueKind,
    Zone,
)
from maps.coverage.gaps import Gap
from maps.investment.lines import AdditionCode, BookFact, PriceFact
from maps.investment.pricing import percent_of
from maps.investment.rules import investment

WORKS = frozenset({Condition.GOOD})
KINDS = (
    KindFact("BANNER_H", Family.BANNER, "băng rôn ngang", "banner", "cái", "pcs", False, WORKS, 6.0, 0.8),
    KindFact("BANNER_V", Family.BANNER, "phướn", "pennon", "cái", "pcs", False, WORKS),
    KindFact("FLAG_DECOR", Family.FLAG, "cờ trang trí", "decorative flag", "lá", "pcs", True, WORKS),
)  # fmt: skip
AREAS = (
    AreaFact(1, "06685", "Đồng Lâm", AreaKind.XA, None, None, None),
    AreaFact(2, "06706", "Dân Chủ", AreaKind.XA, None, None, None),
)


def requirement(identity, kind="BANNER_H", within=None, mandatory=True, place=True, family=None):
    family = family or next(row.family for row in KINDS if row.code == kind)
    applies = AppliesTo.PLACE if place else AppliesTo.AREA
    zone = Zone.GATE if place else Zone.PUBLIC
    return RequirementFact(
        identity, f"R{identity}", f"Yêu cầu {identity}", f"Requirement {identity}", applies, zone, family,
        kind, kind or "BANNER_H", 1, None, within, mandatory,
    )  # fmt: skip


def place(identity, area=1, venue=None, number=None):
    return PlaceFact(
        identity, area, venue or identity, number or identity, f"KVBP số {number or identity}", "Nhà văn hóa",
        VenueKind.CULTURAL_HOUSE, 800, None, None, False, False,
    )  # fmt: skip


def gap(requirement_id, place_id=1, area=1, missing=1, verified=None, **more):
    verified = missing if verified is None else verified
    needed = max(missing, verified)
    values = {
        "mandatory": True, "answered": True, "needed": needed, "voters_unknown": False, "standing": 0,
        "working": needed - missing, "verified": needed - verified, "missing_reported": missing,
        "missing_verified": verified, "reason_reported": GapReason.NOTHING_RECORDED if missing else None,
        "reason_verified": GapReason.NOTHING_RECORDED if verified else None, "nearest_installation_id": None,
        "nearest_m": None, "stored": 0, "repairable": 0, "broken": (), "voters": 800,
    }  # fmt: skip
    return Gap(place_id=place_id, area_id=area, requirement_id=requirement_id, **(values | more))


def stored(identity, kind="BANNER_H", area=1, quantity=1, condition=Condition.GOOD):
    state = StateFact(
        kind, None, None, area, quantity, quantity, Lifecycle.STORED, condition, None, None
    )  # fmt: skip
    return InstallationFact(identity, state, None)


def facts(requirements=None, places=None, installations=()):
    return Facts(
        CampaignFact(1, "HL2021", "Hạ Long 2021", date(2021, 5, 23), date(2021, 5, 10), False),
        StandardFact(1, 1, "Tiêu chuẩn 1", tuple(requirements or [requirement(1)])),
        7,
        (),
        datetime(2021, 4, 19, 2, 12, tzinfo=UTC),
        KINDS,
        AREAS,
        tuple(places or [place(1)]),
        tuple(installations),
        (),
    )


def price(identity, kind, amount, action=LineAction.BUY, per_m2=False):
    return PriceFact(
        identity, kind, action, "m²" if per_m2 else "cái", "m²", amount, per_m2, f"Báo giá {identity}", True
    )


def book(*rows, vat=0, included=False, contingency=0, takedown=0):
    return BookFact(
        1, 1, "Sổ giá 1", "Quyết định", "2021-03-01", vat, included, contingency, takedown, tuple(rows)
    )


BANNER = price(1, "BANNER_H", 350_000)


def test_a_missing_thing_is_bought_at_its_price():
    found = investment([gap(1, missing=3, nearest_m=120.4)], facts(), book(BANNER))
    (line,) = found.priced
    assert (line.action, line.quantity, line.unit_price, line.amount) == (
        LineAction.BUY,
        3,
        350_000,
        1_050_000,
    )
    assert (line.price_id, line.price_source, line.price_guess) == (1, "Báo giá 1", True)
    assert line.why_vi == (
        "Yêu cầu 1: cần 3, dùng tốt 0, còn thiếu 3. Thứ gần nhất còn dùng tốt cách 120\u00a0m."
    )
    assert found.works == found.total == 1_050_000
    assert found.additions == ()


def test_the_list_speaks_english_when_asked():
    (line,) = investment([gap(1)], facts(), book(BANNER), locale="en").priced
    assert (line.requirement, line.kind_name) == ("Requirement 1", "banner")


def test_a_distance_is_said_with_the_requirement():
    (line,) = investment([gap(1)], facts([requirement(1, within=1500)]), book(BANNER)).priced
    assert line.why_vi.startswith("Yêu cầu 1 trong 1,5\u00a0km: cần 1")


def test_without_a_price_a_line_is_apart_and_never_zero():
    found = investment([gap(1)], facts(), book())
    assert found.priced == ()
    assert [(line.quantity, line.amount) for line in found.unpriced] == [(1, None)]
    assert found.total == 0


def test_a_price_by_square_metre_is_rounded_once_for_each_unit():
    # 6 × 0.8 = 4.8 m²; 4.8 × 110.003 = 528.014,4; three of them are 3 × 528.014, not 1.584.043.
    found = investment([gap(1, missing=3)], facts(), book(price(1, "BANNER_H", 110_003, per_m2=True)))
    (line,) = found.priced
    assert (line.unit_price, line.amount, line.unit) == (528_014, 1_584_042, "cái")


def test_a_price_by_square_metre_without_a_face_is_no_price():
    rules = facts([requirement(1, kind="BANNER_V")])
    assert investment([gap(1)], rules, book(price(1, "BANNER_V", 110_000, per_m2=True))).unpriced


def test_half_a_dong_goes_up():
    assert [percent_of(base, 5) for base in (9, 10, 11, 29, 30)] == [0, 1, 1, 1, 2]


def test_the_store_is_used_first_and_only_once_and_the_mandatory_come_first():
    rules = facts(
        [requirement(1, mandatory=False), requirement(2)],
        [place(1), place(2)],
        [stored("a"), stored("b", area=2), stored("c", condition=Condition.TORN)],
    )
    gaps = [
        gap(1, place_id=1, mandatory=False, voters=2000, stored=1),
        gap(2, place_id=1, voters=500, missing=2, stored=1),
        gap(2, place_id=2, voters=600, missing=2, stored=1),
    ]
    found = investment(gaps, rules, book(BANNER))
    assert [
        (line.place_id, line.requirement_id, line.quantity, line.from_store) for line in found.priced
    ] == [
        (2, 2, 1, 1),
        (1, 2, 2, 0),
        (1, 1, 1, 0),
    ]
    assert "Lấy 1 từ kho của phường, xã." in found.priced[0].why_vi


def test_a_gap_that_the_store_closes_needs_no_money_and_is_shown():
    rules = facts(
        installations=[stored("a", kind="FLAG_DECOR", quantity=10)],
        requirements=[requirement(1, "FLAG_DECOR")],
    )
    found = investment([gap(1, missing=6, stored=10)], rules, book())
    assert (found.priced, found.unpriced) == ((), ())
    assert [(line.quantity, line.from_store, line.amount) for line in found.covered] == [(0, 6, None)]


def test_two_places_at_one_venue_share_what_is_bought():
    rules = facts(places=[place(1, venue=9), place(2, venue=9)])
    found = investment(
        [gap(1, place_id=1, missing=1), gap(1, place_id=2, missing=3, voters=700)], rules, book(BANNER)
    )
    assert [(line.place_id, line.quantity, line.shared) for line in found.priced] == [(1, 1, 0), (2, 2, 1)]


def test_a_requirement_with_a_distance_is_priced_at_every_place():
    rules = facts([requirement(1, within=300)], [place(1, venue=9), place(2, venue=9)])
    found = investment([gap(1, place_id=1), gap(1, place_id=2)], rules, book(BANNER))
    assert [line.quantity for line in found.priced] == [1, 1]


def broken(*entries):
    return {"broken": entries, "repairable": sum(entry[3] for entry in entries)}


def test_broken_things_are_repaired_where_the_book_knows_how_else_replaced():
    prices = book(BANNER, price(2, "BANNER_H", 90_000, LineAction.REPAIR), price(3, "BANNER_V", 180_000))
    rules = facts([requirement(1, kind=None, family=Family.BANNER)])
    things = broken(
        ("a", "BANNER_V", "torn", 1), ("b", "BANNER_H", "faded", 1), ("c", "BANNER_H", "missing", 1)
    )
    found = investment([gap(1, missing=5, **things)], rules, prices)
    assert [(line.action, line.kind, line.quantity, line.amount) for line in found.priced] == [
        (LineAction.REPAIR, "BANNER_H", 1, 90_000),
        (LineAction.REPLACE, "BANNER_V", 1, 180_000),
        (LineAction.REPLACE, "BANNER_H", 1, 350_000),
        (LineAction.BUY, "BANNER_H", 2, 700_000),
    ]


def test_a_replacement_has_its_own_price_where_the_book_has_one():
    prices = book(BANNER, price(2, "BANNER_H", 200_000, LineAction.REPLACE))
    (line,) = investment([gap(1, **broken(("a", "BANNER_H", "torn", 1)))], facts(), prices).priced
    assert (line.action, line.amount, line.price_id) == (LineAction.REPLACE, 200_000, 2)


def test_what_hangs_upside_down_is_never_bought_anew():
    (line,) = investment([gap(1, **broken(("a", "BANNER_H", "inverted", 1)))], facts(), book(BANNER)).unpriced
    assert (line.action, line.amount) == (LineAction.REPAIR, None)


def test_only_as_much_is_mended_as_is_missing_and_for_one_gap_only():
    rules = facts([requirement(1), requirement(2, kind=None, family=Family.BANNER)])
    things = broken(("a", "BANNER_H", "torn", 1))
    found = investment([gap(1, **things), gap(2, **things)], rules, book(BANNER))
    assert [line.action for line in found.priced] == [LineAction.REPLACE, LineAction.BUY]
    many = broken(("a", "FLAG_DECOR", "faded", 10))
    rules = facts([requirement(1, "FLAG_DECOR")])
    (line,) = investment([gap(1, missing=4, **many)], rules, book(price(1, "FLAG_DECOR", 55_000))).priced
    assert (line.action, line.quantity) == (LineAction.REPLACE, 4)


def test_what_waits_for_the_office_is_listed_without_an_amount():
    found = investment([gap(1, missing=0, verified=2)], facts(), book(BANNER))
    assert (found.priced, found.total) == ((), 0)
    (line,) = found.to_verify
    assert (line.action, line.quantity, line.amount, line.reason) == (
        LineAction.VERIFY,
        2,
        None,
        GapReason.WAITING,
    )


def test_the_verified_figure_prices_what_waits():
    found = investment([gap(1, missing=0, verified=2)], facts(), book(BANNER), Figure.VERIFIED)
    assert [line.quantity for line in found.priced] == [2]
    assert found.figure is Figure.VERIFIED
    assert len(found.to_verify) == 1


def test_what_nobody_looked_for_enters_no_sum():
    silent = {"answered": False, "missing": 5, "reason_reported": GapReason.NOT_SURVEYED}
    rules = facts([requirement(1), requirement(2, "BANNER_V"), requirement(3, "FLAG_DECOR")])
    found = investment([gap(1, **silent), gap(2, **silent), gap(3, missing=0)], rules, book(BANNER))
    assert (found.total, found.priced, found.unpriced, found.to_verify) == (0, (), (), ())
    (line,) = found.to_survey
    assert (line.action, line.quantity, line.amount, line.kind) == (LineAction.SURVEY, 2, None, "")
    assert line.why_vi == "Chưa khảo sát 2 trong 3 yêu cầu."


def test_additions_are_lines_with_their_own_base():
    found = investment(
        [gap(1)], facts(), book(price(1, "BANNER_H", 1_000_005), vat=10, contingency=5, takedown=10)
    )
    # Taking down 100.000,5 → 100.001; VAT on 1.100.006 is 110.000,6 → 110.001; contingency on 1.210.007.
    assert [(one.code, one.base, one.amount) for one in found.additions] == [
        (AdditionCode.TAKEDOWN, 1_000_005, 100_001),
        (AdditionCode.VAT, 1_100_006, 110_001),
        (AdditionCode.CONTINGENCY, 1_210_007, 60_500),
    ]
    assert found.total == 1_270_507
    assert found.added(AdditionCode.VAT) == 110_001
    assert found.additions[1].label.vi == "Thuế giá trị gia tăng (10\u00a0%)"


def test_prices_with_vat_say_so_and_add_none():
    found = investment([gap(1)], facts(), book(BANNER, vat=10, included=True))
    assert [(one.amount, one.included) for one in found.additions] == [(0, True)]
    assert found.total == 350_000
    assert "đã gồm" in found.additions[0].label.vi


def test_wards_come_in_vietnamese_order():
    rules = facts(places=[place(1, area=1), place(2, area=2, number=10), place(3, area=2, number=2)])
    gaps = [gap(1, place_id=1, area=1), gap(1, place_id=2, area=2), gap(1, place_id=3, area=2)]
    found = investment(gaps, rules, book(BANNER))
    assert [ward.area_name for ward in found.subtotals] == ["Dân Chủ", "Đồng Lâm"]
    assert [(line.area_name, line.place_number) for line in found.priced] == [
        ("Dân Chủ", 2),
        ("Dân Chủ", 10),
        ("Đồng Lâm", 1),
    ]


def test_a_ward_itself_has_lines_and_unknown_voters_come_last():
    rules = facts([requirement(1), requirement(2, place=False)])
    gaps = [gap(2, place_id=None, voters=None, voters_unknown=True), gap(1)]
    found = investment(gaps, rules, book(BANNER))
    assert [(line.place_id, line.place_name) for line in found.priced] == [(1, "KVBP số 1"), (None, "")]
    assert "Chưa biết số cử tri" in found.priced[1].why_vi


# --- laws that hold for every list ----------------------------------------------------------

PLACES = [place(number, area=1 + number % 2, venue=1 + number // 3) for number in range(1, 9)]
REQUIREMENTS = [
    requirement(1),
    requirement(2, "FLAG_DECOR", mandatory=False),
    requirement(3, kind=None, family=Family.BANNER),
    requirement(4, "BANNER_V", within=300),
    requirement(5, "BANNER_V", place=False),
]
SPOTS = [(1, None), (2, None), *((one.area_id, one.id) for one in PLACES)]
CASES = [(one, spot) for one in REQUIREMENTS for spot in SPOTS if (spot[1] is None) == (one.id == 5)]
MENDABLE = [condition.value for condition in Condition if condition is not Condition.GOOD]


@st.composite
def worlds(draw):
    random = Random(draw(st.integers(0, 2**32)))
    store = [
        stored(f"s{number}", random.choice(KINDS).code, random.choice((1, 2)), random.randint(1, 5))
        for number in range(random.randint(0, 8))
    ]
    rules = facts(REQUIREMENTS, PLACES, store)
    gaps = []
    for one, (area, spot) in CASES:
        missing = random.randint(0, 6)
        verified = missing + random.randint(0, 3)
        kinds = [
            kind.code
            for kind in KINDS
            if kind.code == one.kind or (not one.kind and kind.family is one.family)
        ]
        names = [f"b{area}-{spot}-{kinds[0]}-{number}" for number in range(random.randint(0, 3))]
        things = [(name, kinds[0], Random(name).choice(MENDABLE), 1) for name in names]
        pool = sum(
            (state.reported.quantity if state.reported.kind == "FLAG_DECOR" else 1)
            for state in store
            if state.reported.area_id == area and state.reported.kind in kinds
        )
        voters = random.choice((None, 500, 800, 800, 1200))
        gaps.append(
            gap(
                one.id,
                spot,
                area,
                missing,
                verified,
                mandatory=one.mandatory,
                voters=voters,
                stored=pool,
                answered=random.random() < 0.8,
                **broken(*things),
            )
        )
    rows = [
        price(number, kind.code, random.randint(0, 10**7), action, per_m2=random.random() < 0.3)
        for number, (kind, action) in enumerate(
            itertools.product(KINDS, (LineAction.BUY, LineAction.REPLACE, LineAction.REPAIR))
        )
        if random.random() < 0.6
    ]
    percents = {
        "vat": random.randint(0, 10),
        "contingency": random.randint(0, 10),
        "takedown": random.randint(0, 15),
    }
    return gaps, rules, book(*rows, **percents, included=random.random() < 0.3), random


def lines_of(found):
    return [*found.priced, *found.unpriced, *found.covered]


@given(worlds(), st.sampled_from(Figure))
def test_the_total_is_the_sum_of_its_parts(world, figure):
    gaps, rules, prices, _ = world
    found = investment(gaps, rules, prices, figure)
    assert (
        found.works
        == sum(line.amount or 0 for line in found.priced)
        == sum(ward.amount for ward in found.subtotals)
    )
    assert found.total == found.works + sum(one.amount for one in found.additions)
    assert len(found.priced) == sum(ward.lines for ward in found.subtotals)
    for line in found.priced:
        assert line.amount == line.quantity * (line.unit_price or 0) >= 0
        assert line.quantity > 0
    assert all(line.amount is None and line.quantity > 0 for line in found.unpriced)
    assert all(one.amount >= 0 for one in found.additions)


@given(worlds(), st.sampled_from(Figure))
def test_every_missing_unit_is_closed_exactly_once(world, figure):
    gaps, rules, prices, _ = world
    found = investment(gaps, rules, prices, figure)
    closed: Counter = Counter()
    for line in lines_of(found):
        assert min(line.quantity, line.from_store, line.shared) >= 0
        closed[line.area_id, line.place_id, line.requirement_id] += (
            line.quantity + line.from_store + line.shared
        )
    for one in gaps:
        missing = one.missing_reported if figure is Figure.REPORTED else one.missing_verified
        key = one.area_id, one.place_id, one.requirement_id
        assert closed.get(key, 0) == (missing if one.answered else 0)


@given(worlds(), st.sampled_from(Figure))
def test_the_store_is_never_used_twice(world, figure):
    gaps, rules, prices, _ = world
    kept: Counter = Counter()
    used: Counter = Counter()
    for installation in rules.installations:
        state = installation.reported
        kept[state.area_id] += state.quantity if state.kind == "FLAG_DECOR" else 1
    for line in lines_of(investment(gaps, rules, prices, figure)):
        used[line.area_id] += line.from_store
    assert all(used[area] <= kept[area] for area in used)


@given(worlds(), st.sampled_from(Figure))
def test_a_broken_thing_is_mended_once(world, figure):
    gaps, rules, prices, _ = world
    there: Counter = Counter()
    mended: Counter = Counter()
    seen = set()
    for one in gaps:
        there_now = {(identity, kind) for identity, kind, _, _ in one.broken if (identity, kind) not in seen}
        seen |= there_now
        for _, kind in there_now:
            there[kind] += 1
    for line in lines_of(investment(gaps, rules, prices, figure)):
        if line.action in (LineAction.REPAIR, LineAction.REPLACE):
            mended[line.kind] += line.quantity
    assert all(mended[kind] <= there[kind] for kind in mended)


@given(worlds())
def test_the_verified_figure_never_asks_for_less(world):
    gaps, rules, prices, _ = world
    reported = sum(line.quantity for line in lines_of(investment(gaps, rules, prices, Figure.REPORTED)))
    verified = sum(line.quantity for line in lines_of(investment(gaps, rules, prices, Figure.VERIFIED)))
    assert verified >= reported


@given(worlds())
def test_the_list_does_not_depend_on_the_order_of_what_comes_in(world):
    gaps, rules, prices, random = world
    first = investment(gaps, rules, prices)
    random.shuffle(gaps)
    places, installations = list(rules.places), list(rules.installations)
    random.shuffle(places)
    random.shuffle(installations)
    mixed = replace(rules, places=tuple(places), installations=tuple(installations))
    assert investment(gaps, mixed, replace(prices, rows=prices.rows[::-1])) == first


@given(worlds())
def test_a_wards_own_list_is_its_part_of_the_citys(world):
    gaps, rules, prices, _ = world
    city = investment(gaps, rules, prices)
    for area in (1, 2):
        ward = investment([one for one in gaps if one.area_id == area], rules, prices)
        assert ward.priced == tuple(line for line in city.priced if line.area_id == area)
        assert ward.works == sum(one.amount for one in city.subtotals if one.area_id == area)


@pytest.mark.parametrize("figure", Figure)
def test_nothing_in_nothing_out(figure):
    found = investment([], facts(), book(BANNER, vat=10), figure)
    assert (found.total, found.priced, found.subtotals) == (0, (), ())
