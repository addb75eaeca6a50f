"""Rules of assignments: ways that are shortest, places without a position, versions, what is kept."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.assignments import rules
from inventory.assignments.rules import Given, PersonSeen, PlaceSeen, Standing, Work
from inventory.assignments.walking import DETOUR, EXACT, Ground, Spot, Way, way
from inventory.geodesy import Position, distance_m
from inventory.places.rules import VisitState
from inventory.vocabulary import Role

#: Positions of one ward: three kilometres across.
POSITIONS = st.tuples(st.floats(20.94, 20.97), st.floats(107.0, 107.03))


def spots(positions: list[Position | None]) -> list[Spot]:
    return [Spot(100 + index, index + 1, position) for index, position in enumerate(positions)]


def walked(positions: list[Position], start: Position | None) -> float:
    """The length of a way by geodesics, by another road than the code's."""
    stops = ([start] if start else []) + positions
    return DETOUR * sum(distance_m(a, b) for a, b in pairwise(stops))


@given(positions=st.lists(POSITIONS, min_size=2, max_size=6), start=st.none() | POSITIONS)
def test_a_short_way_is_the_shortest_there_is(positions: list[Position], start: Position | None) -> None:
    found = way(spots(list(positions)), start)
    between = [[DETOUR * distance_m(a, b) for b in positions] for a in positions]
    first = [DETOUR * distance_m(start, a) if start else 0.0 for a in positions]
    best = min(
        first[order[0]] + sum(between[a][b] for a, b in pairwise(order))
        for order in permutations(range(len(positions)))
    )
    assert found.metres == pytest.approx(best, rel=2e-3, abs=0.5)
    assert sorted(found.places) == [100 + index for index in range(len(positions))]


@given(positions=st.lists(POSITIONS, min_size=EXACT, max_size=EXACT), start=st.none() | POSITIONS)
def test_a_long_way_is_found_nearly_as_short(positions: list[Position], start: Position | None) -> None:
    ground = Ground(positions, start)
    every = range(len(positions))
    best = ground.length(ground.way(every))
    good = ground.good(every)
    assert sorted(good) == list(every)
    assert best - 0.01 <= ground.length(good) <= 1.35 * best + 1


@given(positions=st.lists(POSITIONS, min_size=2, max_size=12), start=st.none() | POSITIONS)
def test_metres_are_those_of_the_ellipsoid(positions: list[Position], start: Position | None) -> None:
    ground = Ground(positions, start)
    order = list(range(len(positions)))
    assert ground.length(order) == pytest.approx(walked(positions, start), rel=1e-3, abs=0.5)


def test_a_long_round_has_no_crossing_and_is_the_same_each_time() -> None:
    round_about = [(20.95 + 0.001 * (index % 5), 107.0 + 0.001 * (index // 5)) for index in range(25)]
    first, again = (way(spots(list(round_about)), None) for _time in range(2))
    assert first == again
    # A grid of 5 × 5 is walked row by row: 24 steps of at most 111 m.
    assert first.metres <= 1.06 * DETOUR * 24 * distance_m((20.95, 107.0), (20.951, 107.0))


def test_places_without_a_position_come_last_by_number() -> None:
    found = way(spots([None, (20.95, 107.0), None, (20.96, 107.0)]), (20.97, 107.0))
    assert found.places == (103, 101, 100, 102)
    assert found.unplaced == 2


def test_nobody_walks_nowhere() -> None:
    assert way([], (20.95, 107.0)) == Way((), 0.0, 0)
    assert way(spots([(20.95, 107.0)]), None).metres == 0


def place(number: int, position: Position | None = (20.95, 107.0)) -> PlaceSeen:
    return PlaceSeen(number, number, f"Nhà {number}", None, position, True, VisitState.NOT_SURVEYED)


def ward(given: list[Given], count: int = 4) -> Work:
    people = (
        PersonSeen(1, "An", Role.WARD_STAFF, Standing.HERE),
        PersonSeen(2, "Bình", Role.WARD_LEAD, Standing.HERE),
        PersonSeen(3, "Cúc", Role.WARD_STAFF, Standing.MOVED),
    )
    places = tuple(place(number, (20.95 + number * 0.001, 107.0)) for number in range(1, count + 1))
    return Work(9, "Phường", places, people, tuple(given), None)


def test_the_version_follows_every_change_and_nothing_else() -> None:
    one, two = Given(1, 1, "An", "Tổ 1", 0), Given(2, 2, "Bình", "", 0)
    versions = {
        ward([]).version,
        ward([one]).version,
        ward([one, two]).version,
        ward([Given(1, 2, "An", "Tổ 1", 0)]).version,
        ward([Given(1, 1, "An", "Tổ 2", 0)]).version,
        ward([Given(1, 1, "An", "Tổ 1", 1)]).version,
    }
    assert len(versions) == 6
    assert ward([one, two]).version == ward([two, one]).version
    assert all(0 <= version < 2**28 for version in versions)


def test_who_moved_away_may_keep_a_place_and_gets_no_other() -> None:
    work = ward([Given(1, 3, "Cúc", "", 0)])
    assert rules.problems(work, {1: 3}) == ()
    assert [one.code for one in rules.problems(work, {2: 3})] == ["person_unknown"]
    assert [one.code for one in rules.problems(work, {2: 77})] == ["person_unknown"]
    assert [one.code for one in rules.problems(work, {77: 1})] == ["place_unknown"]
    assert [one.code for one in rules.problems(work, {})] == ["nothing"]
    assert rules.problems(work, {1: None, 2: 1}) == ()


def test_everybody_whose_places_change_gets_a_new_order() -> None:
    work = ward([Given(1, 1, "An", "", 0), Given(2, 1, "An", "", 1), Given(3, 2, "Bình", "", 0)])
    plan = rules.plan(work, {2: 2, 4: None}, "Tổ 1")
    assert plan.orders == {1: (1,), 2: (2, 3)}
    assert plan.version == work.version


def test_groups_are_those_who_have_places_under_the_name_and_are_still_here() -> None:
    work = ward([Given(1, 1, "An", "Tổ 1", 0), Given(2, 3, "Cúc", "Tổ 1", 0), Given(3, 2, "Bình", "", 0)])
    assert work.teams == {"Tổ 1": (1,)}


def test_sharing_keeps_what_is_given_where_that_is_wanted() -> None:
    work = ward([Given(1, 1, "An", "", 0), Given(2, 1, "An", "", 1)])
    holders, legs = rules.share(work, [1, 2], (), keep=True)
    assert holders == {3: 2, 4: 2}
    assert [(leg.person.id, leg.new) for leg in legs] == [(1, frozenset()), (2, frozenset({3, 4}))]
    holders, _legs = rules.share(work, [1, 2], (), keep=False)
    assert sorted(map(int, filter(None, holders.values()))) == [1, 1, 2, 2]
    holders, _legs = rules.share(work, [2], {1}, keep=False)
    assert holders == {1: 2}
