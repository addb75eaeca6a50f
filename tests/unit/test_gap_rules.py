"""Every sentence of docs/figures.md about gaps, on worlds small enough to count by hand."""

from dataclasses import replace
from typing import Any

import pytest
from geopy.distance import geodesic

from inventory.facts import AnswerFact, Facts
from inventory.standards import area_checklist, checklist, needed, place_checklist
from inventory.vocabulary import (
    AppliesTo,
    AreaKind,
    Condition,
    Family,
    Figure,
    GapReason,
    Lifecycle,
    PlaceState,
    VenueKind,
    Zone,
)
from maps.coverage.gaps import Gap
from maps.coverage.rules import gaps, stock
from maps.coverage.sharing import Sharing
from maps.coverage.summary import Missing, Totals, state_of, summarise, summarise_facts
from tests.worlds import area, both, facts, place, reported, requirement, state


def only(world: Facts) -> Gap:
    found = gaps(world)
    place_gaps = [gap for gap in found if gap.place_id is not None] or list(found)
    assert len(place_gaps) == 1
    return place_gaps[0]


def by_requirement(world: Facts, place_id: int | None = 1) -> dict[int, Gap]:
    return {gap.requirement_id: gap for gap in gaps(world) if gap.place_id == place_id}


def at(metres: float, bearing: float = 90.0, number: int = 1) -> dict[str, Any]:
    """A position so far from the point of place n."""
    point = place(number)
    there = geodesic(meters=metres).destination((point.lat, point.lon), bearing)
    return {"lat": there.latitude, "lon": there.longitude}


# What is needed


@pytest.mark.parametrize(
    ("minimum", "per_voters", "voters", "expected"),
    [
        (2, None, 900, (2, False)),
        (2, None, None, (2, False)),
        (1, 400, 800, (2, False)),
        (1, 400, 801, (3, False)),
        (4, 400, 801, (4, False)),
        (1, 400, 0, (1, False)),
        (3, 400, None, (3, True)),
        (0, 400, 1, (1, False)),
    ],
)
def test_needed(minimum: int, per_voters: int | None, voters: int | None, expected: tuple[int, bool]) -> None:
    assert needed(requirement(1, minimum=minimum, per_voters=per_voters), voters) == expected


def test_a_requirement_is_asked_of_its_venues_and_wards_only() -> None:
    schools = requirement(1, venue_kinds=frozenset({VenueKind.SCHOOL}))
    communes = requirement(2, area_kinds=frozenset({AreaKind.XA}))
    everyone = requirement(3)
    world = facts(
        [schools, communes, everyone],
        places=[place(1), place(2, venue_kind=VenueKind.SCHOOL), place(3, area_id=2)],
        areas=[area(1), area(2, kind=AreaKind.XA)],
    )
    asked = {(gap.place_id, gap.requirement_id) for gap in gaps(world)}
    assert asked == {(1, 3), (2, 1), (2, 3), (3, 2), (3, 3)}


def test_the_checklist_is_walked_zone_by_zone() -> None:
    rows = [
        requirement(1, zone=Zone.ROUTE),
        requirement(2, zone=Zone.INSIDE),
        requirement(3),
        requirement(4, zone=Zone.INSIDE),
        requirement(5, zone=Zone.PUBLIC, applies_to=AppliesTo.AREA),
    ]
    assert [one.id for one in checklist(rows)] == [3, 2, 4, 1, 5]
    assert [one.id for one in place_checklist(rows, VenueKind.SCHOOL, AreaKind.PHUONG)] == [3, 2, 4, 1]
    assert [one.id for one in area_checklist(rows, AreaKind.PHUONG)] == [5]


def test_a_wards_voters_are_those_of_its_places() -> None:
    row = requirement(1, applies_to=AppliesTo.AREA, zone=Zone.PUBLIC, per_voters=500)
    known = only(facts([row], places=[place(1, voters=700), place(2, voters=800)]))
    assert (known.needed, known.voters, known.voters_unknown) == (3, 1500, False)
    partly = only(facts([row], places=[place(1, voters=700), place(2, voters=None)]))
    assert (partly.needed, partly.voters, partly.voters_unknown) == (2, 700, True)
    empty = only(facts([row], places=[]))
    assert (empty.needed, empty.voters, empty.voters_unknown) == (1, None, True)


# What counts where


def test_without_a_distance_only_this_venue_and_zone_count() -> None:
    things = [
        both("a"),
        both("b", zone=Zone.OUTSIDE),
        both("c", venue_id=2),
        both("d", venue_id=None, **at(1)),
        both("e", "banner_v"),
        both("f", zone=None),
    ]
    gap = only(facts([requirement(1, minimum=2)], things))
    assert (gap.standing, gap.working, gap.missing_reported) == (1, 1, 1)


def test_places_that_share_a_venue_share_its_things() -> None:
    twin = replace(place(1), id=2, number=2)
    found = gaps(facts([requirement(1)], [both("a")], places=[place(1), twin]))
    assert [gap.working for gap in found] == [1, 1]


@pytest.mark.parametrize(("metres", "counts"), [(0, True), (199.9, True), (200.0, True), (200.1, False)])
def test_with_a_distance_everything_within_it_counts(metres: float, counts: bool) -> None:
    row = requirement(1, "speaker", within_m=200.0, zone=Zone.ROUTE)
    thing = both("a", "speaker", zone=Zone.PUBLIC, venue_id=None, area_id=2, **at(metres))
    gap = only(facts([row], [thing], areas=[area(1), area(2)]))
    assert (gap.working == 1) is counts
    assert gap.nearest_installation_id == "a"
    assert gap.nearest_m == pytest.approx(metres, abs=1e-3)


def test_a_thing_without_a_position_stands_at_its_venue() -> None:
    row = requirement(1, "speaker", within_m=600.0)
    found = gaps(facts([row], [both("a", "speaker", zone=None)], places=[place(1), place(2), place(3)]))
    assert [gap.working for gap in found] == [1, 1, 0]
    assert found[0].nearest_m == 0.0


def test_a_place_without_a_point_counts_its_own_venue() -> None:
    row = requirement(1, "speaker", within_m=50.0, minimum=2)
    things = [
        both("a", "speaker", zone=Zone.INSIDE),
        both("b", "speaker", venue_id=None, **at(1)),
        both("c", "speaker", zone=Zone.OUTSIDE, **at(9_000)),
    ]
    gap = only(facts([row], things, places=[place(1, lat=None, lon=None)]))
    assert gap.working == 2
    assert (gap.nearest_installation_id, gap.nearest_m) == (None, None)


def test_things_of_the_ward_count_by_area_and_zone() -> None:
    row = requirement(1, applies_to=AppliesTo.AREA, zone=Zone.PUBLIC, minimum=4, within_m=1.0)
    things = [
        both("a", zone=Zone.PUBLIC, venue_id=None),
        both("b", zone=Zone.PUBLIC, venue_id=1),
        both("c", zone=Zone.MOBILE, venue_id=None),
        both("d", zone=Zone.PUBLIC, venue_id=None, area_id=2),
    ]
    found = gaps(facts([row], things, areas=[area(1), area(2)]))
    assert [(gap.area_id, gap.place_id, gap.working) for gap in found] == [(1, None, 2), (2, None, 1)]
    assert found[0].nearest_m is None


# One thing, one requirement of a place


def test_kind_goes_before_family() -> None:
    family = requirement(1, None, family=Family.BANNER)
    kind = requirement(2, "banner_v")
    one = by_requirement(facts([family, kind], [both("a", "banner_v")]))
    assert (one[1].working, one[2].working) == (0, 1)
    two = by_requirement(facts([family, kind], [both("a", "banner_v"), both("b", "banner_h")]))
    assert (two[1].working, two[2].working) == (1, 1)


def test_the_own_zone_goes_before_the_neighbourhood() -> None:
    near, gate = requirement(1, "speaker", within_m=300.0), requirement(2, "speaker")
    one = by_requirement(facts([near, gate], [both("a", "speaker")]))
    assert (one[1].working, one[2].working) == (0, 1)


def test_mandatory_goes_before_recommended_and_then_the_checklist() -> None:
    rows = [requirement(1, mandatory=False), requirement(2), requirement(3)]
    one = by_requirement(facts(rows, [both("a")]))
    assert [one[number].working for number in (1, 2, 3)] == [0, 1, 0]


def test_nothing_stands_idle_while_something_is_missing() -> None:
    # The neighbourhood's requirement leaves the gate's banner to the family that needs it there.
    near = requirement(1, "banner_h", within_m=300.0)
    family = requirement(2, None, family=Family.BANNER)
    things = [both("a"), both("b", zone=Zone.PUBLIC, venue_id=None, **at(100))]
    one = by_requirement(facts([near, family], things))
    assert (one[1].missing_reported, one[2].missing_reported) == (0, 0)


def test_units_of_a_bulk_record_can_be_split() -> None:
    rows = [requirement(1, "flag", minimum=10), requirement(2, None, family=Family.FLAG, minimum=4)]
    one = by_requirement(facts(rows, [both("a", "flag", quantity=16, working=12, condition=Condition.TORN)]))
    assert (one[1].working, one[1].missing_reported) == (10, 0)
    assert (one[2].working, one[2].missing_reported) == (2, 2)
    # Of the four torn ones, two would close the family's gap; the others are counted with their kind.
    assert one[2].broken == (("a", "flag", "torn", 2),)
    assert one[1].broken == (("a", "flag", "torn", 2),)
    assert (one[1].repairable, one[2].repairable, one[1].standing) == (2, 2, 12)


def test_what_nobody_needs_is_still_counted_once() -> None:
    rows = [requirement(1, None, family=Family.FLAG, minimum=4), requirement(2, "flag", minimum=10)]
    one = by_requirement(facts(rows, [both("a", "flag", quantity=20, working=20)]))
    assert (one[1].working, one[2].working) == (4, 16)


def test_a_broken_thing_is_named_where_no_other_explains_the_lack() -> None:
    near, family = requirement(1, within_m=300.0), requirement(2, None, family=Family.BANNER)
    things = [
        both("gate", condition=Condition.TORN),
        both("street", condition=Condition.TORN, zone=Zone.PUBLIC, venue_id=None, **at(100)),
    ]
    one = by_requirement(facts([near, family], things))
    assert one[1].broken == (("street", "banner_h", "torn", 1),)
    assert one[2].broken == (("gate", "banner_h", "torn", 1),)


def test_one_thing_may_serve_several_places() -> None:
    row = requirement(1, "speaker", within_m=600.0)
    found = gaps(facts([row], [both("a", "speaker")], places=[place(1), place(2)]))
    assert [gap.missing_reported for gap in found] == [0, 0]


def test_sharing_asks_an_earlier_taker_to_take_another_thing() -> None:
    sharing = Sharing({(0, 1, 2): 1, (0, 1): 1, (0,): 1})
    assert [sharing.give(number, 1) for number in (0, 1, 2)] == [1, 1, 1]
    assert sharing.taken[(0, 1, 2), 2] == 1
    assert sharing.give(2, 5) == 0
    assert sharing.give_rest([0, 1, 2]) == {0: 0, 1: 0, 2: 0}


# What works


@pytest.mark.parametrize("lifecycle", list(Lifecycle))
def test_only_what_stands_can_work(lifecycle: Lifecycle) -> None:
    gap = only(facts([requirement(1)], [both("a", lifecycle=lifecycle)]))
    stands = lifecycle in (Lifecycle.INSTALLED, Lifecycle.ACCEPTED, Lifecycle.IN_USE)
    assert (gap.standing, gap.working) == (int(stands), int(stands))


def test_a_single_thing_works_by_its_condition_alone() -> None:
    faded = both("a", condition=Condition.FADED, working=0)
    torn = both("b", condition=Condition.TORN, working=1)
    gap = only(facts([requirement(1, minimum=2)], [faded, torn]))
    assert (gap.standing, gap.working, gap.repairable) == (2, 1, 1)
    assert gap.broken == (("b", "banner_h", "torn", 1),)


def test_of_bulk_things_the_working_ones_are_counted() -> None:
    flags = both("a", "flag", quantity=10, working=7, condition=Condition.TORN)
    too_many = both("b", "flag", quantity=2, working=5)
    gap = only(facts([requirement(1, "flag", minimum=10)], [flags, too_many]))
    assert (gap.standing, gap.working, gap.missing_reported, gap.repairable) == (12, 9, 1, 3)


def test_a_single_thing_is_one_whatever_its_quantity_says() -> None:
    gap = only(facts([requirement(1, minimum=3)], [both("a", quantity=9, working=9)]))
    assert gap.standing == 1


def test_a_kind_that_left_the_taxonomy_stands_but_never_works() -> None:
    answer = AnswerFact(1, None, Zone.GATE, "gone")
    gap = only(facts([requirement(1, "gone", family=Family.BOARD)], [both("a", "gone")], answers=[answer]))
    assert (gap.standing, gap.working, gap.reason_reported) == (1, 0, GapReason.BROKEN)


# Two figures and reasons


def test_each_figure_counts_its_own_state() -> None:
    amended = replace(both("a"), reported=state(condition=Condition.TORN))
    gap = only(facts([requirement(1)], [amended]))
    assert (gap.working, gap.verified) == (0, 1)
    assert (gap.reason_reported, gap.reason_verified) == (GapReason.BROKEN, None)


def test_unsurveyed_is_never_met_nor_anything_else() -> None:
    gap = only(facts([requirement(1)], [both("a")], answers=[]))
    assert (gap.answered, gap.missing_reported, gap.working) == (False, 0, 1)
    assert (gap.reason_reported, gap.reason_verified) == (GapReason.NOT_SURVEYED, GapReason.NOT_SURVEYED)


@pytest.mark.parametrize(
    ("answer", "answered"),
    [
        (AnswerFact(1, None, Zone.GATE, "banner_h"), True),
        (AnswerFact(1, None, Zone.GATE, "banner_v"), True),
        (AnswerFact(1, None, Zone.GATE, "flag"), False),
        (AnswerFact(1, None, Zone.OUTSIDE, "banner_h"), False),
        (AnswerFact(2, None, Zone.GATE, "banner_h"), False),
        (AnswerFact(None, 1, Zone.GATE, "banner_h"), False),
    ],
)
def test_an_answer_is_for_this_place_zone_and_a_counted_kind(answer: AnswerFact, answered: bool) -> None:
    row = requirement(1, None, family=Family.BANNER)
    assert only(facts([row], answers=[answer])).answered is answered


def test_the_wards_visit_answers_for_its_places_in_zones_of_the_ward() -> None:
    row = requirement(1, "speaker", zone=Zone.PUBLIC, within_m=300.0)
    answer = AnswerFact(None, 1, Zone.PUBLIC, "speaker")
    assert only(facts([row], answers=[answer])).answered
    of_place = requirement(1, "speaker", zone=Zone.PUBLIC, applies_to=AppliesTo.AREA)
    found = gaps(facts([of_place], answers=[replace(answer, area_id=None, place_id=1)]))
    assert not found[0].answered


def reason(world: Facts) -> tuple[GapReason | None, GapReason | None]:
    gap = only(world)
    return gap.reason_reported, gap.reason_verified


def test_reasons_where_no_distance_is_asked() -> None:
    row = [requirement(1)]
    torn = Condition.TORN
    nothing, broken = GapReason.NOTHING_RECORDED, GapReason.BROKEN
    assert reason(facts(row)) == (nothing, nothing)
    assert reason(facts(row, [both("a")])) == (None, None)
    assert reason(facts(row, [both("a", condition=torn)])) == (broken, broken)
    assert reason(facts(row, [reported("a", condition=torn)])) == (broken, broken)
    assert reason(facts(row, [reported("a")])) == (None, GapReason.WAITING)
    assert reason(facts(row, [both("a", lifecycle=Lifecycle.STORED)])) == (nothing, nothing)
    # Repaired since the office last looked: the repair waits for verification.
    repaired = replace(both("a", condition=torn), reported=state())
    assert reason(facts(row, [repaired])) == (None, GapReason.WAITING)
    # A broken thing beside enough working ones is no reason.
    assert reason(facts(row, [reported("a"), reported("b", condition=torn)])) == (None, GapReason.WAITING)


def test_reasons_when_some_but_too_few_work() -> None:
    row = [requirement(1, minimum=2)]
    nothing, broken = GapReason.NOTHING_RECORDED, GapReason.BROKEN
    assert reason(facts(row, [both("a")])) == (nothing, nothing)
    assert reason(facts(row, [both("a"), both("b", condition=Condition.TORN)])) == (broken, broken)
    assert reason(facts(row, [both("a"), reported("b")])) == (None, GapReason.WAITING)


def test_reasons_with_a_distance() -> None:
    row = [requirement(1, "speaker", within_m=200.0)]
    far = both("far", "speaker", venue_id=None, **at(900))
    broken_near = both("near", "speaker", venue_id=None, condition=Condition.SILENT, **at(90))
    broken_far = both("far", "speaker", venue_id=None, condition=Condition.SILENT, **at(900))
    assert reason(facts(row, [far])) == (GapReason.TOO_FAR, GapReason.TOO_FAR)
    assert reason(facts(row, [far, broken_near])) == (GapReason.BROKEN, GapReason.BROKEN)
    assert reason(facts(row, [broken_far])) == (GapReason.NOTHING_RECORDED, GapReason.NOTHING_RECORDED)
    assert reason(facts(row)) == (GapReason.NOTHING_RECORDED, GapReason.NOTHING_RECORDED)
    unknown = [place(1, lat=None, lon=None)]
    assert reason(facts(row, [far], places=unknown))[0] == GapReason.NOTHING_RECORDED
    two = [requirement(1, "speaker", within_m=200.0, minimum=2)]
    near = both("near", "speaker", venue_id=None, **at(90))
    assert reason(facts(two, [near, far]))[0] == GapReason.TOO_FAR
    assert reason(facts(two, [near]))[0] == GapReason.NOTHING_RECORDED


# Nearest, stored, order


def test_the_nearest_works_and_is_named_even_when_the_requirement_is_met() -> None:
    things = [
        both("broken", condition=Condition.TORN, venue_id=None, **at(10)),
        reported("b", venue_id=None, **at(40, 0)),
        both("a", venue_id=None, **at(40, 0)),
        both("met", **at(70)),
    ]
    gap = only(facts([requirement(1)], things))
    assert gap.missing_reported == 0
    assert gap.nearest_installation_id == "a"
    assert gap.nearest_m == pytest.approx(40, abs=1e-3)


def test_usable_things_in_store_of_the_ward_are_shown() -> None:
    stored: dict[str, Any] = {"lifecycle": Lifecycle.STORED, "venue_id": None, "zone": None}
    things = [
        both("a", **stored),
        both("b", "banner_v", **stored),
        both("c", condition=Condition.TORN, **stored),
        both("d", area_id=2, **stored),
        both("e", "flag", quantity=9, working=6, **stored),
    ]
    rows = [requirement(1, None, family=Family.BANNER), requirement(2, "flag", minimum=10)]
    world = facts(rows, things, areas=[area(1), area(2)])
    found = by_requirement(world)
    assert (found[1].stored, found[2].stored) == (2, 6)
    assert stock(world) == {(1, "banner_h"): 1, (1, "banner_v"): 1, (2, "banner_h"): 1, (1, "flag"): 6}


def test_gaps_come_ward_by_ward_and_the_ward_after_its_places() -> None:
    rows = [requirement(2), requirement(1, applies_to=AppliesTo.AREA, zone=Zone.PUBLIC), requirement(3)]
    world = facts(
        rows,
        places=[place(3, area_id=2), place(2), place(1, number=9)],
        areas=[area(1, code="00009"), area(2, code="00001")],
    )
    order = [(gap.area_id, gap.place_id, gap.requirement_id) for gap in gaps(world)]
    assert order == [
        (2, 3, 2), (2, 3, 3), (2, None, 1),
        (1, 2, 2), (1, 2, 3), (1, 1, 2), (1, 1, 3), (1, None, 1),
    ]  # fmt: skip


def test_an_empty_campaign_has_no_gaps() -> None:
    assert gaps(facts([], places=[], areas=[])) == ()
    assert gaps(facts([requirement(1)], [both("a")], places=[], areas=[])) == ()
    assert gaps(facts([], [both("a")])) == ()


# States and sums


@pytest.mark.parametrize(
    ("mandatory", "answered", "met", "expected"),
    [
        (3, 0, 0, PlaceState.NOT_SURVEYED),
        (3, 1, 0, PlaceState.NONE),
        (3, 3, 0, PlaceState.NONE),
        (3, 1, 1, PlaceState.PARTLY),
        (3, 3, 2, PlaceState.PARTLY),
        (3, 3, 3, PlaceState.COMPLETE),
        (0, 0, 0, PlaceState.COMPLETE),
    ],
)
def test_states(mandatory: int, answered: int, met: int, expected: PlaceState) -> None:
    assert state_of(mandatory, answered, met) == expected


def test_sums_leave_out_what_is_not_surveyed() -> None:
    rows = [
        requirement(1, minimum=3),
        requirement(2, "flag", minimum=10, mandatory=False),
        requirement(3, "speaker", zone=Zone.PUBLIC, applies_to=AppliesTo.AREA, minimum=2),
        requirement(4, "board"),
    ]
    answers = [
        AnswerFact(1, None, Zone.GATE, "banner_h"),
        AnswerFact(1, None, Zone.GATE, "flag"),
        AnswerFact(1, None, Zone.GATE, "board"),
        AnswerFact(None, 1, Zone.PUBLIC, "speaker"),
    ]
    things = [both("a"), reported("b", "board"), both("c", "flag", quantity=4, working=4)]
    world = facts(rows, things, [place(1), place(2)], [area(1), area(2)], answers)
    found = gaps(world)
    summary = summarise_facts(world, found)
    first, second = summary.places
    assert (first.state(Figure.REPORTED), first.state(Figure.VERIFIED)) == (
        PlaceState.PARTLY,
        PlaceState.NONE,
    )
    assert (first.mandatory, first.answered, first.met_reported, first.met_verified) == (2, 2, 1, 0)
    assert second.state(Figure.REPORTED) == PlaceState.NOT_SURVEYED
    assert (second.missing_reported, second.missing_verified) == (0, 0)
    ward = summary.wards[0]
    assert ward.own is not None
    assert ward.own.state(Figure.REPORTED) == PlaceState.NONE
    total = ward.totals
    assert (total.places, total.places_surveyed, total.mandatory, total.answered) == (2, 1, 5, 3)
    assert (total.met_reported, total.met_verified) == (1, 0)
    assert total.share(Figure.REPORTED) == pytest.approx(1 / 3)
    assert total.share(Figure.VERIFIED) == 0.0
    assert total.missing == (
        Missing(Family.BANNER, "banner_h", True, 2, 2),
        Missing(Family.BOARD, "board", True, 0, 1),
        Missing(Family.FLAG, "flag", False, 6, 6),
        Missing(Family.AUDIO, "speaker", True, 2, 2),
    )
    assert total.missing_units(Figure.REPORTED) == 10
    assert total.missing_units(Figure.VERIFIED, mandatory=True) == 5
    assert total.places_in(PlaceState.NOT_SURVEYED, Figure.VERIFIED) == 1
    assert summary.wards[1].totals.share(Figure.REPORTED) is None
    assert summary.city == summary.wards[0].totals + summary.wards[1].totals + Totals()
    # A person who sees ward 1 alone gets ward 1's figures.
    seen = summarise(found, rows, [(1, 1, 800), (2, 1, 800)], [1])
    assert seen.city == total
