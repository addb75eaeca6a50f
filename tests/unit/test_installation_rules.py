"""Rules of installations, without a database: records, life, flags, and two editors of one record."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from inventory.installations import lifecycle
from inventory.installations.flags import FlagCode, flags, same_text
from inventory.installations.limits import limits
from inventory.installations.merge import Conflict, Merged, merge
from inventory.installations.record import FIELDS, Record, changes
from inventory.installations.rules import (
    Accepted,
    KindSeen,
    Neighbour,
    SloganSeen,
    Surroundings,
    VenueSeen,
    decide_record,
    settled,
    tidy,
)
from inventory.outcomes import Refused
from inventory.snapshot import state_fact
from inventory.vocabulary import Condition, Family, Lifecycle, PositionSource, Zone

BANNER = KindSeen(
    code="BANNER_H",
    family=Family.BANNER,
    name_vi="Băng rôn ngang",
    name_en="Horizontal banner",
    unit_vi="cái",
    unit_en="pc",
    bulk=False,
    directional=True,
    sized=True,
    texted=True,
    horned=False,
    in_use=True,
    near_duplicate_m=10.0,
    default_width_m=6.0,
    default_height_m=0.8,
    conditions=((Condition.GOOD, True), (Condition.FADED, True), (Condition.TORN, False)),
)
FLAGS = replace(BANNER, code="FLAG", bulk=True, directional=False, sized=False, texted=False)
HORNS = replace(BANNER, code="SPK", horned=True, texted=False)

SQUARE = '{"type": "Polygon", "coordinates": [[[107,20.9],[107.1,20.9],[107.1,21],[107,21],[107,20.9]]]}'
VENUE = VenueSeen(5, 1, "Nhà văn hóa", (20.95, 107.05))
SLOGAN = SloganSeen(7, 3, 1, "Nhiệt liệt chào mừng Ngày bầu cử!", None)
AROUND = Surroundings(campaign_id=3, venue=VENUE, boundary=SQUARE, slogan=SLOGAN, photos=1)
THING = Record(kind_code="BANNER_H", area_id=1, venue_id=5, zone=Zone.GATE, slogan_id=7)
SPOT: dict[str, Any] = {
    "lat": 20.95,
    "lon": 107.05,
    "position_source": PositionSource.DEVICE,
    "accuracy_m": 5.0,
}


def codes(
    record: Record, kind: KindSeen | None = BANNER, before: Record | None = None, **around: Any
) -> set[str]:
    decided = decide_record(record, kind, replace(AROUND, **around), before)
    return {problem.code for problem in decided.problems} if isinstance(decided, Refused) else set()


def test_a_record_and_its_state_are_the_same_thing() -> None:
    record = replace(THING, **SPOT, condition=Condition.FADED, note="x")
    state = record.as_state()
    assert tuple(state) == FIELDS
    assert {type(value) for value in state.values()} <= {str, int, float, type(None)}
    assert Record.from_state(state) == record
    assert state_fact(state).zone is Zone.GATE
    assert changes(THING, record) == {
        "condition": ["good", "faded"],
        "lat": [None, 20.95],
        "lon": [None, 107.05],
        "accuracy_m": [None, 5.0],
        "position_source": [None, "device"],
        "note": ["", "x"],
    }


def test_what_is_right_is_accepted() -> None:
    decided = decide_record(replace(THING, **SPOT, azimuth=0.0, width_m=6.0), BANNER, AROUND)
    assert isinstance(decided, Accepted)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"condition": Condition.INVERTED}, "condition_unknown"),
        ({"quantity": 2}, "quantity_single"),
        ({"working": 2}, "working_range"),
        ({"working": -1}, "working_range"),
        ({"condition": Condition.TORN}, "condition_contradicts"),
        ({"working": 0}, "condition_missing"),
        ({"lat": 20.9}, "position_half"),
        ({"lat": 107.0, "lon": 20.9}, "position_swapped"),
        ({"lat": 48.8, "lon": 2.3}, "position_outside"),
        ({"lat": float("nan"), "lon": 107.0}, "position_outside"),
        ({"lat": 20.9, "lon": 107.0}, "position_source"),
        ({**SPOT, "accuracy_m": -1.0}, "fix_unreadable"),
        ({**SPOT, "position_age_s": float("inf")}, "fix_unreadable"),
        ({"azimuth": 360.0}, "azimuth_range"),
        ({"azimuth": -0.1}, "azimuth_range"),
        ({"width_m": 0.0}, "size_range"),
        ({"height_m": 1e9}, "size_range"),
        ({"sides": 0}, "number_range"),
        ({"horns": 2}, "horns_useless"),
        ({"zone": Zone.PUBLIC}, "zone_elsewhere"),
        ({"venue_id": None}, "zone_elsewhere"),
        ({"area_id": 2}, "venue_unknown"),
        ({"note": "x" * 2001}, "text_long"),
        ({"serial": "x" * 65}, "text_long"),
        ({"lifecycle": Lifecycle.LOST}, "lifecycle_first"),
    ],
)
def test_what_is_wrong_is_refused(given: dict[str, Any], code: str) -> None:
    assert codes(replace(THING, **given)) == {code}


def test_kind_area_venue_and_slogan_must_be_there() -> None:
    assert codes(THING, None) == {"kind_unknown"}
    assert codes(THING, replace(BANNER, in_use=False)) == {"kind_out_of_use"}
    assert codes(THING, known_area=False) == {"area_unknown"}
    assert codes(THING, venue=None) == {"venue_unknown"}
    assert codes(THING, slogan=None) == {"slogan_unknown"}
    assert codes(THING, slogan=replace(SLOGAN, campaign_id=2)) == {"slogan_unknown"}
    assert codes(replace(THING, azimuth=3.0, slogan_id=None), replace(BANNER, directional=False)) == {
        "azimuth_useless"
    }


def test_what_was_allowed_once_is_not_asked_again() -> None:
    changed = replace(THING, note="x")
    assert codes(changed, replace(BANNER, in_use=False), THING) == set()
    assert codes(changed, BANNER, THING, slogan=replace(SLOGAN, campaign_id=2)) == set()


@pytest.mark.parametrize(
    ("quantity", "working", "condition", "code"),
    [
        (10, 10, Condition.GOOD, None),
        (10, 10, Condition.FADED, None),
        (10, 8, Condition.TORN, None),
        (10, 0, Condition.TORN, None),
        (10, 10, Condition.TORN, "condition_contradicts"),
        (10, 8, Condition.GOOD, "condition_missing"),
        (10, 11, Condition.GOOD, "working_range"),
        (0, 0, Condition.GOOD, "quantity_range"),
        (limits().largest_quantity + 1, 1, Condition.TORN, "quantity_range"),
    ],
)
def test_counts_of_bulk_kinds(quantity: int, working: int, condition: Condition, code: str | None) -> None:
    record = replace(THING, slogan_id=None, quantity=quantity, working=working, condition=condition)
    assert codes(record, FLAGS) == ({code} if code else set())


def test_none_left_is_a_change_and_no_beginning() -> None:
    before = replace(THING, slogan_id=None, quantity=8, working=8)
    assert codes(replace(before, quantity=0, working=0), FLAGS, before) == set()


def test_what_follows_by_itself() -> None:
    torn = settled(replace(THING, condition=Condition.TORN, quantity=4, working=4), BANNER)
    assert (torn.quantity, torn.working) == (1, 0)
    assert settled(replace(THING, azimuth=5.0, horns=2), FLAGS).azimuth is None
    assert settled(replace(THING, horns=2), HORNS).horns == 2
    cleaned = tidy(replace(THING, note="  a\u202eb \r\n c", accuracy_m=5.0, position_age_s=2.0))
    assert (cleaned.note, cleaned.accuracy_m, cleaned.position_age_s) == ("ab\nc", None, None)


# --- life -------------------------------------------------------------------------------------


def test_every_step_has_its_moves_and_its_word() -> None:
    for now in Lifecycle:
        for wanted in Lifecycle:
            problem = lifecycle.refusal(now, wanted)
            assert (problem is None) is (wanted in lifecycle.next_steps(now))
            assert problem is None or problem.message.endswith(".")
    assert set(lifecycle.MOVES) == set(Lifecycle)


@pytest.mark.parametrize(
    "path",
    [
        "planned approved in_production installed accepted in_use dismantled stored installed",
        "planned cancelled planned",
        "approved cancelled",
        "in_production cancelled",
        "in_use dismantled disposed",
        "stored lost installed",
        "dismantled installed",
    ],
)
def test_the_life_of_the_field(path: str) -> None:
    steps = [Lifecycle(word) for word in path.split()]
    assert all(lifecycle.refusal(now, then) is None for now, then in pairwise(steps))


@pytest.mark.parametrize(
    "pair",
    ["installed cancelled", "planned in_use", "disposed installed", "in_use planned", "installed in_use"],
)
def test_steps_that_may_not_follow(pair: str) -> None:
    now, then = (Lifecycle(word) for word in pair.split())
    assert lifecycle.refusal(now, then) is not None


# --- flags ------------------------------------------------------------------------------------


def flagged(record: Record, kind: KindSeen = BANNER, **around: Any) -> set[str]:
    return {flag.code for flag in flags(record, kind, replace(AROUND, **around))}


def test_a_good_record_has_no_flag() -> None:
    assert flagged(replace(THING, **SPOT, shown_text="NHIỆT LIỆT CHÀO MỪNG\nNGÀY BẦU CỬ")) == set()


def test_each_flag() -> None:
    here = replace(THING, **SPOT)
    assert flagged(here, photos=0) == {FlagCode.NO_PHOTO}
    assert flagged(replace(here, accuracy_m=51.0)) == {FlagCode.POOR_ACCURACY}
    assert flagged(replace(here, shown_text="Nhiệt liệt chào đón")) == {FlagCode.TEXT_DIFFERS}
    withdrawn = replace(SLOGAN, withdrawn_on=date(2021, 4, 1))
    assert flagged(here, slogan=withdrawn) == {FlagCode.WITHDRAWN}
    assert flagged(replace(here, lat=20.954)) == {FlagCode.FAR_FROM_VENUE}
    assert flagged(replace(here, lat=20.954, zone=Zone.ROUTE)) == set()
    assert flagged(replace(here, lat=21.01), venue=None) == {FlagCode.OUTSIDE_WARD}
    assert flagged(here, neighbours=(Neighbour("a", (20.95005, 107.05)),)) == {FlagCode.NEAR_DUPLICATE}
    assert flagged(here, neighbours=(Neighbour("a", (20.9502, 107.05)),)) == set()


def test_the_accuracy_of_the_fix_is_a_tolerance() -> None:
    just_outside = replace(THING, **{**SPOT, "lat": 21.0007, "accuracy_m": 49.0})  # 78 m beyond the line
    assert flagged(just_outside, venue=None) == set()
    assert flagged(replace(just_outside, accuracy_m=5.0), venue=None) == {FlagCode.OUTSIDE_WARD}


def test_the_venues_own_point_proves_nothing() -> None:
    there = replace(THING, **{**SPOT, "position_source": PositionSource.VENUE, "accuracy_m": None})
    assert flagged(there, neighbours=(Neighbour("a", (20.95, 107.05)),)) == set()


def test_what_does_not_stand_needs_no_photo_and_no_place() -> None:
    stored = replace(THING, **SPOT, lifecycle=Lifecycle.STORED)
    assert flagged(replace(stored, lat=21.2), photos=0) == set()


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ("nhiệt liệt chào mừng ngày bầu cử", True),
        ("NHIỆT LIỆT  CHÀO MỪNG NGÀY BẦU CỬ !", True),
        ("Nhiệt liệt chào mừng Ngày bầu cử 2021!", False),
        ("Nhiet liet chao mung Ngay bau cu!", False),
    ],
)
def test_same_words(shown: str, same: bool) -> None:
    assert same_text(shown, SLOGAN.text) is same


# --- two editors ------------------------------------------------------------------------------


def test_the_fields_of_both_are_kept() -> None:
    current = replace(THING, note="của họ")
    merged = merge(THING, current, {"serial": "A1", "note": THING.note})
    assert merged == Merged(replace(current, serial="A1"), frozenset({"serial"}), frozenset({"note"}))


def test_the_same_field_is_a_conflict_unless_both_say_the_same() -> None:
    current = replace(THING, condition=Condition.TORN, note="a")
    assert merge(THING, current, {"condition": Condition.FADED}) == Conflict(
        (("condition", "torn", "faded"),)
    )
    assert isinstance(merge(THING, current, {"condition": Condition.TORN}), Merged)


def test_a_version_that_nobody_knows_is_a_conflict() -> None:
    assert isinstance(merge(None, THING, {"note": "x"}), Conflict)
    assert isinstance(merge(None, THING, {"note": THING.note}), Merged)


def test_a_field_that_no_record_has_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="created_by"):
        merge(THING, THING, {"created_by": 1})
