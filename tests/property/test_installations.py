"""Two editors never overwrite each other silently, a record survives JSON, a history tells every state."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.installations.merge import Conflict, Merged, merge
from inventory.installations.record import FIELDS, POSITION, Record, changes, plain
from inventory.installations.rules import Accepted, KindSeen, Surroundings, decide_record, settled
from inventory.outcomes import Refused
from inventory.vocabulary import Condition, Family, Lifecycle, PositionSource, Zone

number = st.none() | st.floats(-1e6, 1e6) | st.sampled_from([0.0, 359.9, 360.0, 20.95, 107.05])
whole = st.integers(-2, 12)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "kind_code": st.sampled_from(["A", "B"]),
    "area_id": st.integers(1, 2),
    "venue_id": st.none() | st.integers(1, 2),
    "zone": st.none() | st.sampled_from(Zone),
    "quantity": whole,
    "working": whole,
    "lifecycle": st.sampled_from(Lifecycle),
    "condition": st.sampled_from(Condition),
    "position_source": st.none() | st.sampled_from(PositionSource),
    "sides": st.none() | whole,
    "horns": st.none() | whole,
    "slogan_id": st.none() | st.integers(1, 2),
    "shown_text": st.text(max_size=8),
    "serial": st.text(max_size=4),
    "note": st.text(max_size=4),
    **dict.fromkeys(
        ("lat", "lon", "accuracy_m", "position_age_s", "azimuth", "width_m", "height_m", "watts"), number
    ),
}
records = st.builds(Record, **VALUES)
edits = st.fixed_dictionaries({}, optional=VALUES)


def test_every_field_has_its_values() -> None:
    assert set(VALUES) == set(FIELDS)


@given(records)
def test_a_record_survives_json(record: Record) -> None:
    assert Record.from_state(json.loads(json.dumps(record.as_state()))) == record


@given(st.lists(edits, max_size=6), records)
def test_the_events_of_a_record_tell_every_state(steps: list[dict[str, Any]], first: Record) -> None:
    told, record = first.as_state(), first
    for step in steps:
        after = replace(record, **step)
        for field, (old, new) in changes(record, after).items():
            assert told[field] == old
            told[field] = new
        record = after
        assert Record.from_state(told) == record


@settings(max_examples=400)
@given(records, edits, edits)
def test_no_overwrite_is_silent(base: Record, theirs: dict[str, Any], mine: dict[str, Any]) -> None:
    current = replace(base, **theirs)
    merged = merge(base, current, mine)
    their_fields = {name for name in theirs if getattr(current, name) != getattr(base, name)}
    my_fields = {name for name in mine if mine[name] != getattr(base, name)}
    if isinstance(merged, Conflict):
        assert merged.changed
        for name, their_value, my_value in merged.changed:
            assert name in their_fields
            assert their_value == plain(getattr(current, name))
            assert my_value != their_value
        return
    for name in their_fields:
        assert getattr(merged.record, name) == getattr(current, name), "theirs is kept"
    for name in my_fields:
        assert getattr(merged.record, name) == mine[name], "mine is kept"
    for name in set(FIELDS) - their_fields - my_fields:
        assert getattr(merged.record, name) == getattr(base, name), "nothing else moves"
    if their_fields & set(POSITION) and my_fields & set(POSITION):
        spot = [getattr(merged.record, name) for name in POSITION]
        whole_spots = [[getattr(one, name) for name in POSITION] for one in (current, replace(base, **mine))]
        assert spot in whole_spots, "a position is one person's"


@given(records, edits)
def test_a_form_that_changed_nothing_changes_nothing(base: Record, theirs: dict[str, Any]) -> None:
    current = replace(base, **theirs)
    shown = {name: getattr(base, name) for name in FIELDS}
    assert merge(base, current, shown) == Merged(
        current,
        frozenset(),
        frozenset(name for name in FIELDS if getattr(base, name) != getattr(current, name)),
    )


kinds = st.builds(
    KindSeen,
    code=st.just("A"),
    family=st.just(Family.FLAG),
    name_vi=st.just("A"),
    name_en=st.just("A"),
    unit_vi=st.just("cái"),
    unit_en=st.just("pc"),
    near_duplicate_m=st.just(10.0),
    default_width_m=st.none(),
    default_height_m=st.none(),
    conditions=st.lists(
        st.tuples(st.sampled_from(Condition), st.booleans()), min_size=1, unique_by=lambda one: one[0]
    ).map(tuple),
    **dict.fromkeys(("bulk", "directional", "sized", "texted", "horned", "in_use"), st.booleans()),
)


@settings(max_examples=400)
@given(records, kinds, st.none() | records)
def test_what_is_accepted_can_be_stored(record: Record, kind: KindSeen, before: Record | None) -> None:
    """The rules are at least as strict as the table's own constraints, and never raise."""
    decided = decide_record(record, kind, Surroundings(campaign_id=1), before)
    if isinstance(decided, Refused):
        assert all(problem.message and problem.code for problem in decided.problems)
        return
    stored = decided.record
    assert 0 <= stored.working <= stored.quantity
    assert (stored.lat is None) == (stored.lon is None)
    assert stored.azimuth is None or 0 <= stored.azimuth < 360
    assert kind.bulk or stored.quantity == 1
    assert decide_record(stored, kind, Surroundings(campaign_id=1), before) == Accepted(stored)


@given(records, kinds)
def test_settling_twice_settles_nothing_more(record: Record, kind: KindSeen) -> None:
    once = settled(record, kind)
    assert settled(once, kind) == once
