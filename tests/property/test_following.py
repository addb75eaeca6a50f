"""A run that follows another is the full run, gap by gap, whatever changed in between."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.facts import Facts, InstallationFact
from inventory.vocabulary import Condition, Lifecycle
from maps.coverage.following import first, follow
from maps.coverage.links import NO_REACH
from maps.coverage.rules import gaps
from tests.property.test_coverage import states, worlds
from tests.worlds import city


def changed(draw: Any, world: Facts) -> Facts:
    """The world after a few changes of every sort that is not another standard."""
    things = {one.id: one for one in world.installations}
    for _ in range(draw(st.integers(0, 3))):
        identity = f"t{draw(st.integers(0, 11))}"
        if draw(st.booleans()):
            things.pop(identity, None)
        else:
            things[identity] = InstallationFact(
                identity, draw(st.one_of(st.none(), states())), draw(st.one_of(st.none(), states()))
            )
    places = list(world.places)
    if places and draw(st.booleans()):
        at = draw(st.integers(0, len(places) - 1))
        moved = draw(states())
        what = draw(st.sampled_from(["voters", "point", "gone", "ward"]))
        if what == "gone":
            places.pop(at)
        elif what == "voters":
            places[at] = replace(places[at], voters=draw(st.sampled_from([None, 100, 900])))
        elif what == "ward":
            places[at] = replace(places[at], area_id=3 - places[at].area_id)
        else:
            venue = places[at].venue_id
            places = [
                replace(one, lat=moved.lat, lon=moved.lon) if one.venue_id == venue else one for one in places
            ]
    answers = list(world.answers)
    if answers and draw(st.booleans()):
        answers.pop(draw(st.integers(0, len(answers) - 1)))
    return replace(world, installations=tuple(things.values()), places=tuple(places), answers=tuple(answers))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_following_is_a_full_run(data: Any) -> None:
    world = data.draw(worlds())
    run = first(world, NO_REACH)
    for _ in range(data.draw(st.integers(1, 3))):
        world = changed(data.draw, world)
        run = follow(run, world, NO_REACH)
        assert run.gaps == gaps(world)


def test_one_change_counts_its_own_spots_and_no_other() -> None:
    world = city(60, 1200)
    run = first(world, NO_REACH)
    again = follow(run, world, NO_REACH)
    assert (again.gaps, again.again) == (run.gaps, 0)
    standing = [
        number
        for number, one in enumerate(world.installations)
        if one.reported is not None and one.reported.lifecycle == Lifecycle.IN_USE
    ]
    counted: list[int] = []
    for number in standing[::120]:
        one = world.installations[number]
        assert one.reported is not None
        torn = replace(one, reported=replace(one.reported, condition=Condition.TORN))
        things = (*world.installations[:number], torn, *world.installations[number + 1 :])
        moved = replace(world, installations=things)
        then = follow(run, moved, NO_REACH)
        assert then.gaps == gaps(moved)
        # A thing in a zone of which nothing is asked touches nothing.
        counted.append(then.again)
    assert max(counted) < 20
    assert sum(counted) > 0


def test_another_standard_is_a_full_run() -> None:
    world = city(30, 300)
    run = first(world, NO_REACH)
    standard = replace(world.standard, requirements=world.standard.requirements[:5])
    moved = replace(world, standard=standard)
    then = follow(run, moved, NO_REACH)
    assert then.gaps == gaps(moved)
    assert then.again == len(then.counted.spots)
