"""Certainty under displaced things, and the recount that every run is checked by, in random worlds."""

import random
from dataclasses import replace

from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.facts import Facts, InstallationFact, StateFact
from inventory.vocabulary import AppliesTo, Certainty
from maps.coverage.recount import sample
from maps.coverage.rules import gaps
from tests.property.test_coverage import worlds
from tests.unit.test_certainty import model

REACH = model()


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_the_recount_agrees_with_the_engine(world: Facts, chance: random.Random) -> None:
    """Some requirements by reach instead of a distance."""
    rows = tuple(
        replace(one, within_m=None, by_reach=True) if one.within_m and chance.random() < 0.5 else one
        for one in world.standard.requirements
    )
    things = tuple(_turned(thing, chance) for thing in world.installations)
    world = replace(world, standard=replace(world.standard, requirements=rows), installations=things)
    found = gaps(world, REACH)
    assert sample(world, found, REACH, "seed").difference is None
    for gap in found:
        if gap.certainty is not None:
            assert gap.sure is not None
            assert gap.possible is not None
            assert gap.sure <= gap.working <= gap.possible


def _turned(thing: InstallationFact, chance: random.Random) -> InstallationFact:
    def turned(state: StateFact | None) -> StateFact | None:
        azimuth = chance.choice([None, 0.0, 123.4, 270.0])
        return (
            None if state is None else replace(state, azimuth=azimuth, accuracy_m=chance.choice([None, 3.0]))
        )

    return InstallationFact(thing.id, turned(thing.reported), turned(thing.verified))


@given(worlds(), st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=80, deadline=None)
def test_what_is_sure_stays_and_what_is_not_stays_out_wherever_things_really_are(
    world: Facts, chance: random.Random, by_reach: bool
) -> None:
    """One requirement around the places; every thing is put anywhere within its accuracy."""
    row = replace(
        world.standard.requirements[0],
        applies_to=AppliesTo.PLACE,
        within_m=None if by_reach else 137.7,
        by_reach=by_reach,
    )
    world = replace(world, standard=replace(world.standard, requirements=(row,)))
    exact = {thing.id: chance.uniform(1.0, 60.0) for thing in world.installations}
    told = tuple(
        InstallationFact(thing.id, _known(thing.reported, exact[thing.id]), None)
        for thing in world.installations
    )
    really = tuple(InstallationFact(one.id, _displaced(one.reported, chance), None) for one in told)
    before = gaps(replace(world, installations=told), REACH)
    after = gaps(replace(world, installations=really), REACH)
    for was, now in zip(before, after, strict=True):
        assert was.sure is not None
        assert was.possible is not None
        assert was.sure <= now.working <= was.possible
        if was.certainty is Certainty.SURELY:
            assert now.missing_reported == 0
        if was.certainty is Certainty.NOT:
            assert now.missing_reported > 0


def _known(state: StateFact | None, accuracy_m: float) -> StateFact | None:
    return None if state is None else replace(state, accuracy_m=accuracy_m)


def _displaced(state: StateFact | None, chance: random.Random) -> StateFact | None:
    if state is None or state.lat is None or state.accuracy_m is None:
        return state
    metres = state.accuracy_m * chance.choice([0.0, 0.5, 0.999, 0.999])
    there = geodesic(meters=metres).destination((state.lat, state.lon), chance.uniform(0, 360))
    return replace(state, lat=there.latitude, lon=there.longitude)
