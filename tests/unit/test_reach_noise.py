"""Quiet places, the regulations by day and hour, and the shipped parameters."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from inventory.facts import (
    CampaignFact,
    Facts,
    InstallationFact,
    KindFact,
    PlaceFact,
    StandardFact,
    StateFact,
)
from inventory.vocabulary import (
    AreaKind,
    Certainty,
    Condition,
    Family,
    Lifecycle,
    VenueKind,
)
from maps.reach import defaults
from maps.reach.defaults import Sourced
from maps.reach.model import NoiseLimit, SiteClass
from maps.reach.noise import conflicts, limit_in_force
from maps.reach.reaching import Reach
from maps.reach.scalars import SPEC_OF, SPECS, canonical, scalars

REACH = Reach(defaults.model([(1, AreaKind.PHUONG)]))
DAY = date(2021, 4, 19)
LIMITS = REACH.model.limits
HORN = KindFact(
    "SPK_CLUSTER_FM", Family.AUDIO, "Cụm loa", "Cluster", "cụm", "", False, frozenset({Condition.GOOD})
)


def place(number: int, kind: VenueKind, lat: float | None) -> PlaceFact:
    """A place; the loudspeaker of `world` stands at 20.95 N."""
    return PlaceFact(number, 1, number, number, "", "", kind, 500, lat, 107.0, False, True)


def world(*places: PlaceFact, **words: Any) -> Facts:
    """One working loudspeaker and some places."""
    state = StateFact(
        *("SPK_CLUSTER_FM", None, None, 1, 1, 1, Lifecycle.IN_USE, Condition.GOOD, 20.95, 107.0),
        accuracy_m=5.0,
    )
    return Facts(
        campaign=CampaignFact(1, "c", "c", DAY, DAY, True),
        standard=StandardFact(1, 1, "s", ()),
        version=1,
        area_versions=(),
        read_at=datetime(2021, 4, 19, tzinfo=UTC),
        kinds=(HORN,),
        areas=(),
        places=places,
        installations=(InstallationFact("a", replace(state, **words), None),),
        answers=(),
    )


def metres_north(metres: float) -> float:
    """A latitude so far north of the loudspeaker."""
    return 20.95 + metres / 110_700.0


@pytest.mark.parametrize(
    ("site", "hour", "limit"),
    [
        (SiteClass.SPECIAL, 6, 55),
        (SiteClass.SPECIAL, 20, 55),
        (SiteClass.SPECIAL, 21, 45),
        (SiteClass.SPECIAL, 5, 45),
        (SiteClass.ORDINARY, 12, 70),
        (SiteClass.ORDINARY, 0, 55),
    ],
)
def test_limits_of_2021_by_hour(site: SiteClass, hour: int, limit: float) -> None:
    row = limit_in_force(LIMITS, site, DAY, hour)
    assert row is not None
    assert (row.regulation, row.limit) == ("QCVN 26:2010/BTNMT", limit)


def test_a_newer_regulation_replaces_the_older_and_its_figures_are_not_made_up() -> None:
    row = limit_in_force(LIMITS, SiteClass.SPECIAL, date(2026, 3, 15), 10)
    assert row is not None
    assert (row.regulation, row.limit) == ("QCVN 26:2025/BNNMT", None)
    facts = world(place(1, VenueKind.SCHOOL, 20.95))
    assert conflicts(facts, REACH, date(2026, 3, 15), 10) == ()


def test_before_any_regulation_there_is_no_limit() -> None:
    assert limit_in_force(LIMITS, SiteClass.SPECIAL, date(2000, 1, 1), 10) is None
    assert limit_in_force((), SiteClass.SPECIAL, DAY, 10) is None


def test_a_row_in_force_later_of_the_same_regulation_replaces_the_first() -> None:
    changed = NoiseLimit("QCVN 26:2010/BTNMT", date(2021, 1, 1), SiteClass.SPECIAL, 6, 21, 50.0)
    row = limit_in_force((*LIMITS, changed), SiteClass.SPECIAL, DAY, 10)
    assert row == changed


def test_schools_hospitals_and_pagodas_near_a_loudspeaker_are_told() -> None:
    facts = world(
        place(1, VenueKind.SCHOOL, metres_north(60)),
        place(2, VenueKind.CULTURAL_HOUSE, metres_north(60)),
        place(3, VenueKind.HOSPITAL, metres_north(5_000)),
        place(4, VenueKind.PAGODA, metres_north(30)),
        place(5, VenueKind.SCHOOL, None),
    )
    found = conflicts(facts, REACH, DAY, 10)
    assert [one.place_id for one in found] == [4, 1]
    near = found[0]
    # 114.8 dB less 20·log10 30, 30 m of air and 10 dB of houses.
    assert near.level == pytest.approx(114.77 - 29.54 - 0.36 - 10, abs=0.1)
    assert near.over == pytest.approx(near.level - 55)
    assert (near.limit, near.source, near.certainty) == (55, "a", Certainty.SURELY)
    assert near.source_m == pytest.approx(30, abs=0.1)


def test_at_night_more_places_want_quiet() -> None:
    facts = world(place(1, VenueKind.SCHOOL, metres_north(300)))
    assert conflicts(facts, REACH, DAY, 10) == ()
    assert [one.place_id for one in conflicts(facts, REACH, DAY, 4)] == [1]


def test_what_does_not_work_disturbs_nobody() -> None:
    facts = world(place(1, VenueKind.SCHOOL, metres_north(30)), condition=Condition.SILENT)
    assert conflicts(facts, REACH, DAY, 10) == ()


def test_positions_that_may_be_wrong_leave_a_doubt() -> None:
    horn = world().installations[0].reported
    assert horn is not None
    distance = float(REACH.heard_within(REACH.columns([horn]).level, 55.0, [1])[0])
    facts = world(place(1, VenueKind.SCHOOL, metres_north(distance + 5)))
    (found,) = conflicts(facts, REACH, DAY, 10)
    assert found.certainty is Certainty.PERHAPS
    assert found.over < 0


def test_every_shipped_guess_says_that_it_is_one() -> None:
    rows: list[Sourced[Any]] = [
        *defaults.scalar_texts().values(),
        *defaults.surroundings(),
        *defaults.kinds(),
        *defaults.limits(),
        *defaults.area_surroundings().values(),
    ]
    assert rows
    for row in rows:
        assert row.source
        assert row.guess == ("giả định" in row.source), row


def test_every_figure_is_shipped_and_every_shipped_figure_is_known() -> None:
    assert set(defaults.scalar_texts()) == set(SPEC_OF) == {spec.code for spec in SPECS}


@pytest.mark.parametrize("kind", list(AreaKind))
def test_every_kind_of_area_has_surroundings_that_exist(kind: AreaKind) -> None:
    model = defaults.model([(1, kind)])
    assert model.around(1).code == defaults.around_of(kind)


@pytest.mark.parametrize(
    ("code", "text", "kept"),
    [
        ("target", "70", "70"),
        ("target", "70,5", "70.5"),
        ("target", "29", None),
        ("target", "nan", None),
        ("target", "inf", None),
        ("target", "", None),
        ("target", "abc", None),
        ("absorption", "", ""),
        ("absorption", "12", "12"),
        ("model", "fema", "fema"),
        ("model", "magic", None),
        ("by_night", "1", "1"),
    ],
)
def test_figures_as_they_are_typed(code: str, text: str, kept: str | None) -> None:
    assert canonical(code, text) == kept


def test_a_figure_that_is_missing_is_an_error() -> None:
    with pytest.raises(ValueError, match="model"):
        scalars({})


def test_the_absorption_is_computed_from_the_weather_unless_it_is_typed() -> None:
    texts = {code: one.value for code, one in defaults.scalar_texts().items()}
    assert scalars(texts).alpha == pytest.approx(12.2, abs=0.05)
    assert scalars({**texts, "absorption": "9"}).alpha == 9.0
    assert scalars({**texts, "temperature": "20", "humidity": "70"}).alpha == pytest.approx(9.0, abs=0.05)
