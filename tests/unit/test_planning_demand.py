"""Demand points: at the place, in its neighbourhoods, and how much one voter counts."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from inventory.facts import AreaFact, CampaignFact, Facts, NeighbourhoodFact, PlaceFact, StandardFact
from inventory.vocabulary import AreaKind, VenueKind
from maps.planning.demand import DemandMethod, points
from maps.planning.weights import Weight, WeightOn, Weights

AREA = AreaFact(7, "06706", "Xã Thử", AreaKind.XA, 20.95, 107.1, None)
PLACE = PlaceFact(
    1, 7, 11, 1, "Khu vực 1", "Nhà văn hóa", VenueKind.CULTURAL_HOUSE, 900, 20.95, 107.10, False, True
)


def facts(places: list[PlaceFact], neighbourhoods: list[NeighbourhoodFact] | None = None) -> Facts:
    return Facts(
        campaign=CampaignFact(1, "thu", "Thử", date(2021, 5, 23), date(2021, 5, 10), True),
        standard=StandardFact(1, 1, "Thử", ()),
        version=1,
        area_versions=(),
        read_at=datetime(2021, 4, 19, tzinfo=UTC),
        kinds=(),
        areas=(AREA,),
        places=tuple(places),
        installations=(),
        answers=(),
        neighbourhoods=tuple(neighbourhoods or ()),
    )


def near(
    number: int, voters: int | None, lat: float | None = 20.96, place: int | None = 1
) -> NeighbourhoodFact:
    lon = None if lat is None else 107.11
    return NeighbourhoodFact(number, 7, place, f"K{number}", f"Khu {number}", None, voters, lat, lon, True)


def test_without_neighbourhoods_the_voters_stand_at_the_place() -> None:
    (point,) = points(facts([PLACE]), Weights())
    assert (point.place_id, point.neighbourhood_id, point.area_id) == (1, None, 7)
    assert (point.lat, point.lon, point.voters, point.weight) == (20.95, 107.10, 900, 1.0)
    assert point.method is DemandMethod.AT_PLACE


def test_unknown_voters_and_position_stay_unknown() -> None:
    (point,) = points(facts([replace(PLACE, voters=None, lat=None, lon=None)]), Weights())
    assert (point.lat, point.lon, point.voters) == (None, None, None)


def test_neighbourhoods_on_record_are_the_points() -> None:
    found = points(facts([PLACE], [near(1, 500), near(2, 400), near(3, 77, place=None)]), Weights())
    assert [(point.neighbourhood_id, point.voters) for point in found] == [(1, 500), (2, 400)]
    assert {point.method for point in found} == {DemandMethod.NEIGHBOURHOODS}


def test_voters_that_no_neighbourhood_accounts_for_stay_at_the_place() -> None:
    found = points(facts([PLACE], [near(1, 500), near(2, None), near(3, 100, lat=None)]), Weights())
    assert [(point.neighbourhood_id, point.voters, point.method) for point in found] == [
        (1, 500, DemandMethod.NEIGHBOURHOODS),
        (None, 400, DemandMethod.AT_PLACE),
    ]


def test_neighbourhoods_that_count_more_than_the_place_keep_their_numbers() -> None:
    found = points(facts([PLACE], [near(1, 600), near(2, 400)]), Weights())
    assert [point.voters for point in found] == [600, 400]


def test_of_a_place_of_unknown_size_the_rest_is_unknown() -> None:
    unknown = replace(PLACE, voters=None)
    for living, voters in (
        ([near(1, 600), near(2, None)], [600, None]),
        ([near(1, 600), near(2, 5)], [600, 5]),
        ([near(1, None)], [None]),
    ):
        assert [point.voters for point in points(facts([unknown], living), Weights())] == voters


def test_the_most_specific_factor_counts_and_nothing_is_multiplied() -> None:
    levels = [
        Weight(on=WeightOn.AREA_KIND, subject="xa", factor=1.2),
        Weight(on=WeightOn.VENUE_KIND, subject="cultural_house", factor=1.3),
        Weight(on=WeightOn.AREA, subject="7", factor=1.4),
        Weight(on=WeightOn.PLACE, subject="1", factor=1.5),
    ]
    for known in range(5):
        (point,) = points(facts([PLACE]), Weights(tuple(levels[:known])))
        assert point.weight == [1.0, 1.2, 1.3, 1.4, 1.5][known]
    other = Weights(
        (
            Weight(on=WeightOn.AREA_KIND, subject="phuong", factor=3.0),
            Weight(on=WeightOn.PLACE, subject="7", factor=9.0),
        )
    )
    assert points(facts([PLACE]), other)[0].weight == 1.0


@given(
    voters=st.none() | st.integers(0, 3000),
    rows=st.lists(st.tuples(st.none() | st.integers(0, 900), st.booleans()), max_size=6),
)
def test_no_voter_of_a_place_is_lost(voters: int | None, rows: list[tuple[int | None, bool]]) -> None:
    living = [near(n, count, 20.9 if known else None) for n, (count, known) in enumerate(rows, 1)]
    found = points(facts([replace(PLACE, voters=voters)], living), Weights())
    assert found
    if voters is not None:
        assert sum(point.voters or 0 for point in found) >= voters
        assert all(point.voters is not None for point in found)
