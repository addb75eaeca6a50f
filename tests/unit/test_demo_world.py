"""The demo's world is the same for the same seed, stays inside its days and is believable."""

from random import Random

import pytest

from inventory.demo import world
from inventory.demo.accounts import planned
from inventory.demo.neighbours import Polling, homes
from inventory.demo.world import Stop
from inventory.vocabulary import AreaKind, Condition, Role
from inventory.wording import fold

AREAS = tuple(range(1, 13))
STOPS = tuple(Stop(area, area * 100 + n, n) for area in AREAS for n in range(1, 9))


def test_the_same_seed_tells_the_same_story() -> None:
    assert world.visits(AREAS, STOPS, Random(1)) == world.visits(AREAS, STOPS, Random(1))
    assert world.visits(AREAS, STOPS, Random(1)) != world.visits(AREAS, STOPS, Random(2))


def test_visits_are_in_order_within_the_days_and_about_half_done() -> None:
    visits = world.visits(AREAS, STOPS, Random(world.SEED))
    days = [visit.at.date() for visit in visits]
    assert days == sorted(days)
    assert days[0] >= world.FIRST_DAY
    assert days[-1] < world.LAST_DAY
    assert len({visit.stop for visit in visits}) == len(visits)
    assert 0.3 < len(visits) / len(STOPS) < 0.7
    surveyed = {area: sum(visit.stop.area_id == area for visit in visits) for area in AREAS}
    assert 0 in surveyed.values()
    assert 8 in surveyed.values()


@pytest.mark.parametrize("bulk", [True, False])
def test_what_is_found_can_be_recorded(bulk: bool) -> None:
    random = Random(3)
    for _turn in range(2_000):
        seen = world.find("BANNER_H", 3, bulk, (Condition.TORN,), random.random(), random)
        assert 0 <= seen.working <= seen.found
        assert bulk or seen.found <= 4
        if seen.working < seen.found:
            assert seen.condition is Condition.TORN


def test_a_place_that_was_decorated_early_lacks_nothing() -> None:
    seen = world.find("FLAG_DECOR", 10, True, (Condition.TORN,), 1.0, Random(1))
    assert (seen.found, seen.working) == (10, 10)


def test_a_fix_is_near_its_point_and_sometimes_missing() -> None:
    random = Random(5)
    fixes = [world.fix(20.95, 107.08, random) for _turn in range(500)]
    assert None in fixes
    assert all(abs(fix[0] - 20.95) < 0.005 and fix[2] > 0 for fix in fixes if fix)


def test_neighbourhoods_share_their_places_voters_and_stay_in_the_ward() -> None:
    places = [
        Polling(ward, kind, number, 301 + 97 * number, (20.95, 107.08))
        for ward, kind in (("06673", AreaKind.PHUONG), ("07045", AreaKind.XA))
        for number in range(1, 9)
    ]
    found = homes(places, lambda _code, spot: spot[0] > 20.95, Random(1))
    assert found == homes(places, lambda _code, spot: spot[0] > 20.95, Random(1))
    for place in places:
        own = [home for home in found if (home.ward_code, home.number) == (place.ward_code, place.number)]
        assert 2 <= len(own) <= 4
        assert sum(home.voters for home in own) == place.voters
        assert all(0 < home.households <= home.voters for home in own)
    assert len({(home.ward_code, home.name) for home in found}) == len(found)
    assert all(20.95 < home.position[0] < 20.96 for home in found)
    assert {home.name.split()[0] for home in found} == {"Khu", "Thôn"}
    nowhere = homes(places[:1], lambda _code, _spot: False, Random(1))
    assert {home.position for home in nowhere} == {(20.95, 107.08)}


def test_every_ward_has_its_officer_and_user_names_can_be_typed() -> None:
    accounts = planned({"06673": "Phường Bãi Cháy", "07030": "Phường Hoành Bồ", "07045": "Xã Hòa Bình"})
    names = [account.username for account in accounts]
    assert len(set(names)) == len(names)
    assert all(fold(name) == name for name in names)
    assert {account.role for account in accounts} == set(Role)
    assert "baichay" in names
