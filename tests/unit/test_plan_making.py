"""What a plan does in plain cases: mixed kinds, store, repair, neighbourhoods, zones, rules that collide."""

from dataclasses import replace
from typing import Any

import pytest

from inventory.facts import Facts, NeighbourhoodFact
from inventory.vocabulary import AppliesTo, Channel, Condition, Family, Lifecycle, LineAction, Zone
from maps.plan.ask import Ask
from maps.plan.collisions import told
from maps.plan.lining import listed
from maps.plan.making import made
from maps.plan.offers import Skip
from maps.plan.recount import recounted
from maps.plan.result import Cancelled, Collision, PlanResult, Point, Step, Watch
from maps.plan.solving import knee
from maps.plan.stored import line_of, line_words
from maps.plan.terms import World
from maps.planning.inputs import Duty, Fund, Inputs, PlanZone, Site, Supply, ZoneRule
from maps.planning.weights import Weight, WeightOn, Weights
from tests.plan_ground import PRICES, book, keys, world
from tests.worlds import LAT, LON, area, both, facts, place, reported, requirement

MUCH = Ask(budget=10**12)
AFAR = requirement(3, "speaker", zone=Zone.ROUTE, within_m=300.0)


def near(number: int, metres: float, /, **changes: Any) -> Any:
    """A place so many metres north of the first."""
    return place(number, lat=LAT + metres / 110_700, **changes)


def planned(known: World, ask: Ask = MUCH) -> PlanResult:
    found = made(known, ask, pictures=False)
    assert isinstance(found, PlanResult), found
    assert recounted(known, found) == ()
    return found


def collided(known: World, ask: Ask) -> set[str]:
    found = made(known, ask, pictures=False)
    assert isinstance(found, Collision)
    return {code for code, _name in told(known, ask, found.rules)}


def test_one_thing_within_a_distance_serves_several_places() -> None:
    known = world(facts([AFAR], places=[near(1, 0), near(2, 250), near(3, 500)]))
    found = planned(known)
    assert keys(found.choices) == ["buy:speaker@place:2/R3"]
    assert (found.newly_met, found.open, found.voters, found.total) == (3, 3, 2400, PRICES["speaker"])
    assert [(one.channel, one.voters, one.points) for one in found.reached] == [(Channel.HEARING, 2400, 3)]


def test_the_budget_goes_where_most_voters_are_and_says_what_is_left() -> None:
    known = world(facts([AFAR], places=[near(1, 0, voters=300), near(2, 5000, voters=900)]))
    found = planned(known, Ask(budget=PRICES["speaker"]))
    assert keys(found.choices) == ["buy:speaker@place:2/R3"]
    (left,) = found.left
    assert (left.want.place_id, left.cost) == (1, PRICES["speaker"])
    assert (left.pushes, left.lost) == (("buy:speaker@place:2/R3",), 900)
    assert found.proof.proven


def test_a_cheaper_kind_of_the_family_is_taken_but_none_that_another_row_names() -> None:
    family = requirement(3, None, family=Family.BANNER, zone=Zone.ROUTE, within_m=300.0)
    alone = world(facts([family]))
    assert keys(planned(alone).choices) == ["buy:banner_v@place:1/R3"]
    named = world(facts([family, requirement(4, "banner_v", zone=Zone.INSIDE)]))
    assert "buy:banner_h@place:1/R3" in keys(planned(named).choices)


def test_store_then_repair_then_purchase_close_a_gap() -> None:
    asked = requirement(1, "flag", minimum=10)
    things = [
        both("stored", "flag", quantity=3, working=3, lifecycle=Lifecycle.STORED, zone=None, venue_id=None),
        both("torn", "flag", quantity=2, working=0, condition=Condition.TORN),
    ]
    prices = book({**PRICES, ("flag", LineAction.REPAIR): 10_000})
    (choice,) = planned(world(facts([asked], things), prices)).choices
    assert choice.from_store == (("flag", 3),)
    assert [(part.action, part.units) for part in choice.parts] == [
        (LineAction.REPAIR, 2),
        (LineAction.BUY, 5),
    ]
    assert choice.cost == 2 * 10_000 + 5 * PRICES["flag"]


def test_a_store_that_two_want_goes_where_it_saves_most() -> None:
    asked = [
        requirement(1, "board", zone=Zone.GATE),
        requirement(2, None, family=Family.BOARD, zone=Zone.OUTSIDE),
    ]
    stored = both("stored", "board", lifecycle=Lifecycle.STORED, zone=None, venue_id=None)
    known = world(facts(asked, [stored], places=[near(1, 0), near(2, 900)]))
    found = planned(known, Ask(budget=3 * PRICES["board"]))
    assert found.newly_met == 4
    assert sum(units for one in found.choices for _, units in one.from_store) == 1


def test_places_of_one_venue_share_what_is_put_up_there() -> None:
    asked = requirement(1, "banner_h", per_voters=400)
    known = world(
        facts([asked], places=[place(1, venue_id=1, voters=800), place(2, venue_id=1, voters=1500)])
    )
    found = planned(known)
    (choice,) = found.choices
    assert choice.cost == 4 * PRICES["banner_h"]
    assert found.newly_met == 2
    lines = listed(known, found, "vi")
    assert [line.quantity for line in lines.priced] == [4]
    assert [(line.place_id, line.shared) for line in lines.covered] == [(1, 2)]


def test_counts_above_one_and_what_stands_already() -> None:
    asked = replace(AFAR, minimum=3)
    standing = both("there", "speaker", zone=Zone.ROUTE, lat=LAT, lon=LON)
    found = planned(world(facts([asked], [standing], places=[near(1, 0)])))
    (choice,) = found.choices
    assert (choice.copies, choice.parts[0].units, choice.cost) == (2, 2, 2 * PRICES["speaker"])


def test_a_lock_may_name_a_later_copy() -> None:
    asked = replace(AFAR, minimum=3)
    known = world(facts([asked], places=[near(1, 0)]))
    found = planned(known, replace(MUCH, locked_in=("buy:speaker@place:1/R3#2",)))
    assert [choice.copies for choice in found.choices] == [3]


def test_what_waits_for_verification_is_planned_in_the_verified_figure_only() -> None:
    known = world(facts([requirement(1, "banner_h")], [reported("t", "banner_h")]))
    assert planned(known).open == 0


def test_a_broken_thing_is_mended_where_it_stands() -> None:
    broken = both(
        "loa", "speaker", zone=Zone.ROUTE, condition=Condition.SILENT, lat=LAT, lon=LON, venue_id=None
    )
    prices = book({**PRICES, ("speaker", LineAction.REPAIR): 1_500_000})
    known = world(facts([AFAR], [broken], places=[near(1, 100), near(2, -100)]), prices)
    (choice,) = planned(known).choices
    assert choice.key == "repair:speaker@thing:loa/R3"
    assert (choice.cost, len(choice.serves)) == (1_500_000, 2)


def test_neighbourhoods_are_the_voters_that_count() -> None:
    homes = tuple(
        NeighbourhoodFact(n, 1, 1, str(n), f"Khu {n}", 100, voters, LAT + metres / 110_700, LON, True)
        for n, voters, metres in ((1, 500, 0), (2, 300, 2000))
    )
    known = facts([AFAR], places=[near(1, 0, voters=800)])
    found = planned(world(replace(known, neighbourhoods=homes)))
    assert found.voters == 500
    assert found.newly_met == 1
    assert [(one.want.neighbourhood_id, one.skip) for one in found.left] == [(2, Skip.NO_WAY)]
    served = planned(world(replace(known, neighbourhoods=homes), inputs=Inputs(sites=(site(2000),))))
    assert served.voters == 800


def site(metres: float, /, **changes: Any) -> Site:
    return Site(
        **{"id": 7, "name": "Ngã tư", "area_id": 1, "lat": LAT + metres / 110_700, "lon": LON, **changes}
    )


def test_a_kind_without_price_is_left_out_and_told() -> None:
    found = planned(world(facts([requirement(1, "banner_h")]), book({"flag": 1})))
    assert found.choices == ()
    assert [one.skip for one in found.left] == [Skip.NO_PRICE]


@pytest.mark.parametrize(("price", "done"), [(0, 1), (10**15, 0)])
def test_a_price_of_nothing_and_one_of_too_much(price: int, done: int) -> None:
    found = planned(world(facts([requirement(1, "banner_h")]), book({"banner_h": price})), Ask(budget=10**9))
    assert len(found.choices) == done
    assert found.total == 0


def test_a_place_without_position_is_served_at_its_venue() -> None:
    known = world(facts([AFAR], places=[place(1, lat=None), near(2, 0)]))
    found = planned(known)
    assert found.newly_met == 2
    assert len(found.choices) == 2


def test_unknown_voters_are_the_wards_median_and_flagged() -> None:
    places = [near(1, 0, voters=None), near(2, 1000, voters=400), near(3, 2000, voters=900)]
    found = planned(world(facts([requirement(1, "banner_h")], places=places)))
    assert (found.voters, found.guessed) == (400 + 400 + 900, 400)


def test_priorities_decide_between_places() -> None:
    weights = Weights((Weight(on=WeightOn.PLACE, subject="1", factor=3.0),))
    known = world(
        facts([requirement(1, "banner_h")], places=[near(1, 0, voters=400), near(2, 900, voters=900)]),
        inputs=Inputs(weights=weights),
    )
    assert keys(planned(known, Ask(budget=PRICES["banner_h"])).choices) == ["close:R1@place:1"]


def box(low: float, high: float) -> str:
    """A polygon round the meridian of the test city, between two distances north of it in metres."""
    south, north = LAT + low / 110_700, LAT + high / 110_700
    ring = [
        [LON - 0.01, south],
        [LON + 0.01, south],
        [LON + 0.01, north],
        [LON - 0.01, north],
        [LON - 0.01, south],
    ]
    return '{"type":"Polygon","coordinates":[' + str(ring) + "]}"


def test_nothing_new_inside_an_exclusion_zone() -> None:
    shut = PlanZone(id=1, name="Cảnh quan", rule=ZoneRule.EXCLUSION, boundary=box(-50, 50))
    known = world(facts([AFAR], places=[near(1, 0)]), inputs=Inputs(zones=(shut,)))
    assert [one.skip for one in planned(known).left] == [Skip.EXCLUDED]
    other = world(known.facts, inputs=Inputs(zones=(shut,), sites=(site(200),)))
    assert keys(planned(other).choices) == ["buy:speaker@site:7/R3"]


def test_must_sites_must_zones_and_sites_that_must_not_be_used() -> None:
    known = facts([AFAR], places=[near(1, 0), near(2, 900)])
    must = Inputs(sites=(site(200, duty=Duty.MUST),))
    assert any(one.candidate.site == 7 for one in planned(world(known, inputs=must)).choices)
    zone = PlanZone(id=1, name="Quảng trường", rule=ZoneRule.MUST, minimum=1, boundary=box(150, 250))
    inside = planned(world(known, inputs=Inputs(zones=(zone,), sites=(site(200),))))
    assert any(one.candidate.site == 7 for one in inside.choices)
    never = planned(world(known, inputs=Inputs(sites=(site(200, duty=Duty.MUST_NOT),))))
    assert all(one.candidate.site is None for one in never.choices)
    assert collided(world(known, inputs=Inputs(zones=(zone,))), MUCH) == {"zone"}


def test_a_must_site_may_hold_the_wards_own_panel() -> None:
    asked = requirement(5, "board", zone=Zone.PUBLIC, applies_to=AppliesTo.AREA)
    known = world(facts([asked]), inputs=Inputs(sites=(site(200, duty=Duty.MUST, kinds=("board",)),)))
    found = planned(known)
    assert keys(found.choices) == ["must:board@site:7/R5"]
    assert found.newly_met == 1


def test_locks_hold_and_unknown_ones_are_told() -> None:
    known = world(facts([AFAR], places=[near(1, 0), near(2, 250), near(3, 500)]))
    kept = planned(known, replace(MUCH, locked_in=("buy:speaker@place:1",)))
    assert "buy:speaker@place:1/R3" in keys(kept.choices)
    without = planned(known, replace(MUCH, locked_out=("buy:speaker@place:2",)))
    assert "buy:speaker@place:2/R3" not in keys(without.choices)
    assert collided(known, replace(MUCH, locked_in=("buy:speaker@place:99",))) == {"unknown"}
    assert "budget" in collided(known, Ask(budget=1, locked_in=("buy:speaker@place:1",)))


def test_mandatory_requirements_come_first_where_asked() -> None:
    asked = [requirement(1, "board"), requirement(2, "banner_h", mandatory=False)]
    places = [near(1, 0, voters=500), near(2, 900, voters=5000)]
    known = world(facts(asked, places=places))
    free = Ask(budget=PRICES["board"])
    assert set(planned(known, free).served) == {"2@place:1", "2@place:2"}
    cheap = world(known.facts, book({"board": 100, "banner_h": 50}))
    assert set(planned(cheap, Ask(budget=150)).served) == {"1@place:2", "2@place:2"}
    must = planned(cheap, Ask(budget=200, mandatory_first=True))
    assert set(must.served) == {"1@place:1", "1@place:2"}


def test_ward_rules_spread_the_money_and_their_price_is_told() -> None:
    places = [near(1, 0, voters=900), near(2, 900, voters=900), near(3, 1800, voters=10, area_id=2)]
    known = world(facts([requirement(1, "banner_h")], places=places, areas=[area(1), area(2)]))
    ask = Ask(budget=2 * PRICES["banner_h"], ward_min_met=1)
    fair = made(known, ask)
    assert isinstance(fair, PlanResult)
    assert fair.voters == 910
    assert fair.fairness is not None
    assert (fair.fairness.voters_with, fair.fairness.voters_without) == (910, 1800)
    most = planned(known, Ask(budget=3 * PRICES["banner_h"], ward_max_share=34))
    assert len(most.choices) == 2
    assert collided(known, Ask(budget=PRICES["banner_h"], ward_min_met=1)) == {"ward_met", "budget"}


def test_kinds_have_limits_of_the_office_and_of_the_ask() -> None:
    known = facts([requirement(1, "banner_h")], places=[near(1, 0), near(2, 900), near(3, 1800)])
    assert len(planned(world(known), replace(MUCH, kind_limits=(("banner_h", 2),))).choices) == 2
    office = Inputs(supplies=(Supply(kind="banner_h", most=1),))
    assert len(planned(world(known, inputs=office)).choices) == 1


def test_funds_pay_to_the_dong_and_within_their_caps() -> None:
    funds = (
        Fund(id=1, name="Thành phố", cap=9_000_000, position=1),
        Fund(id=2, name="Xã hội hóa", cap=None, kinds=("banner_h",), position=2),
    )
    known = world(
        facts([requirement(1, "banner_h"), AFAR], places=[near(1, 0), near(2, 900)]),
        book(takedown_percent=10, vat_percent=10, contingency_percent=5),
        Inputs(funds=funds),
    )
    found = planned(known)
    paid = dict(found.funds)
    assert sum(paid.values()) == found.total
    assert paid[1] <= 9_000_000
    assert [one.skip for one in found.left] == [None]
    only = planned(known, replace(MUCH, funds=(2,)))
    assert keys(only.choices) == ["close:R1@place:1", "close:R1@place:2"]


def test_what_cannot_hang_in_time_waits_for_the_second_phase_or_stays_out() -> None:
    late = Inputs(supplies=(Supply(kind="speaker", lead_days=60, life=6),))
    known = world(facts([AFAR]), inputs=late)
    (choice,) = planned(known).choices
    assert (choice.phase, choice.life) == (2, (6, late.supplies[0].life_in))
    assert [one.skip for one in planned(known, replace(MUCH, before_deadline=True)).left] == [Skip.LATE]


def test_somebody_may_stop_it_at_every_step() -> None:
    known = world(facts([AFAR]))
    for step in (Step.OFFERS, Step.SOLVE, Step.CURVE):
        with pytest.raises(Cancelled):
            made(known, MUCH, stopping(step))


def stopping(step: Step) -> Watch:
    """Says stop when the step comes."""
    return lambda at, _share: at is not step


def test_lines_come_back_from_their_words() -> None:
    known = world(facts([requirement(1, "banner_h"), AFAR]))
    found = planned(known)
    for locale in ("vi", "en"):
        for line in listed(known, found, locale).priced:
            assert line_of(line_words(line)) == line
            assert line.why


def test_a_plan_in_which_nothing_is_missing() -> None:
    known: Facts = facts([requirement(1, "banner_h")], [both("t", "banner_h")])
    found = made(world(known), MUCH)
    assert isinstance(found, PlanResult)
    assert (found.choices, found.left, found.total, found.proof.share) == ((), (), 0, 1.0)


def test_the_knee_is_the_bend() -> None:
    def at(*values: float) -> list[Point]:
        return [Point(n * 10, n * 10, value, int(value), 0, 0.0) for n, value in enumerate(values, start=1)]

    assert knee(at(10, 50, 60, 65, 70)) == 1
    assert knee(at(10, 20, 30)) is None
    assert knee(at(10, 10, 10)) is None
