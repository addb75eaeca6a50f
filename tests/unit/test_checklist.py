"""The checklist and the meaning of an answer, case by case."""

from dataclasses import replace

import pytest

from inventory.facts import RequirementFact
from inventory.installations.record import Record
from inventory.installations.rules import KindSeen
from inventory.surveys import rules
from inventory.surveys.checklist import Answered, Item, Standing, build
from inventory.surveys.numbers import Details, Sent
from inventory.surveys.plans import spread
from inventory.surveys.rules import Decision
from inventory.surveys.spots import Spot, choose_spot
from inventory.vocabulary import (
    PLACE_ZONES,
    AppliesTo,
    Condition,
    Family,
    Lifecycle,
    PositionSource,
    ReviewState,
    Zone,
)

CONDITIONS = (
    (Condition.GOOD, True),
    (Condition.FADED, True),
    (Condition.TORN, False),
    (Condition.FALLEN, False),
    (Condition.MISSING, False),
)


def kind(code: str, family: Family, bulk: bool = False) -> KindSeen:
    return KindSeen(
        code=code,
        family=family,
        name_vi=code,
        name_en=code,
        unit_vi="cái",
        unit_en="pc",
        bulk=bulk,
        directional=not bulk,
        sized=not bulk,
        texted=not bulk,
        horned=False,
        in_use=True,
        near_duplicate_m=10.0,
        default_width_m=6.0,
        default_height_m=0.8,
        conditions=CONDITIONS,
    )


BANNER = kind("BANNER_H", Family.BANNER)
FLAGS = kind("FLAG_DECOR", Family.FLAG, bulk=True)
FM = kind("SPK_FM", Family.AUDIO)
PA = kind("SPK_PA", Family.AUDIO)
KINDS = {one.code: one for one in (BANNER, FLAGS, FM, PA)}
BLANK = Record("", 1, 5, lat=20.9, lon=107.0, position_source=PositionSource.VENUE)


def requirement(
    number: int, zone: Zone, family: Family, code: str | None, minimum: int = 1
) -> RequirementFact:
    return RequirementFact(
        id=number,
        code=f"R{number}",
        name_vi="",
        name_en="",
        applies_to=AppliesTo.PLACE,
        zone=zone,
        family=family,
        kind=code,
        priced_kind=code or "SPK_PA",
        minimum=minimum,
        per_voters=None,
        within_m=None,
        mandatory=True,
    )


def thing(
    number: int,
    code: str,
    condition: Condition = Condition.GOOD,
    quantity: int = 1,
    working: int | None = None,
) -> Standing:
    works = KINDS[code].works(condition)
    record = replace(
        BLANK,
        kind_code=code,
        zone=Zone.GATE,
        quantity=quantity,
        working=(quantity if works else 0) if working is None else working,
        condition=condition,
    )
    return Standing(f"id-{number}", 1, record, ReviewState.SUBMITTED)


def item(one: KindSeen, *things: Standing, needed: int = 1) -> Item:
    return Item(f"gate.{one.code}", Zone.GATE, (one,), one, needed=needed, things=things)


def decided(one: Item, sent: Sent) -> Decision:
    outcome = rules.decide(one, sent, BLANK)
    assert isinstance(outcome, Decision)
    return outcome


def codes(one: Item, sent: Sent) -> list[str]:
    outcome = rules.decide(one, sent, BLANK)
    assert isinstance(outcome, tuple)
    return [f"{problem.field}:{problem.code}" for problem in outcome]


def test_requirements_of_one_kind_in_one_zone_are_one_item() -> None:
    rows = [
        requirement(1, Zone.GATE, Family.BANNER, "BANNER_H", 1),
        requirement(2, Zone.GATE, Family.BANNER, "BANNER_H", 2),
        requirement(3, Zone.INSIDE, Family.BANNER, "BANNER_H", 1),
        requirement(4, Zone.ROUTE, Family.AUDIO, None),
    ]
    zones = build(PLACE_ZONES, rows, KINDS, [], [], 700)
    items = [one for zone in zones for one in zone.items]
    assert [(one.key, one.needed) for one in items] == [
        ("gate.BANNER_H", 3),
        ("inside.BANNER_H", 1),
        ("route.audio", 1),
    ]
    assert (items[2].kind, len(items[2].kinds)) == (PA, 2)  # the priced kind is proposed, others can be


def test_every_kind_belongs_to_one_item() -> None:
    rows = [
        requirement(1, Zone.GATE, Family.AUDIO, "SPK_PA"),
        requirement(2, Zone.GATE, Family.AUDIO, None),
    ]
    things = [thing(1, "SPK_FM"), thing(2, "BANNER_H")]
    (gate, *_) = build(PLACE_ZONES, rows, KINDS, things, [], None)
    assert [(one.key, one.kind.code, len(one.things)) for one in gate.items] == [
        ("gate.SPK_PA", "SPK_PA", 0),
        ("gate.audio", "SPK_FM", 1),
        ("gate.BANNER_H", "BANNER_H", 1),
    ]
    assert [one.code for one in gate.more] == ["FLAG_DECOR"]


def test_an_answer_of_the_visit_answers_and_a_return_asks_again() -> None:
    rows = [requirement(1, Zone.GATE, Family.BANNER, "BANNER_H")]
    answers = [Answered(Zone.GATE, "BANNER_H", 1)]
    (gate, *_) = build(PLACE_ZONES, rows, KINDS, [thing(1, "BANNER_H")], answers, None)
    assert gate.answered == 1
    back = replace(thing(1, "BANNER_H"), review=ReviewState.RETURNED)
    (gate, *_) = build(PLACE_ZONES, rows, KINDS, [back], answers, None)
    assert gate.answered == 0


def test_silence_is_no_answer() -> None:
    shown = Details(None, None, 6.0, 0.8, "")
    assert rules.decide(item(BANNER), Sent(kind="BANNER_H", details=shown), BLANK) is None
    assert rules.decide(item(BANNER, thing(1, "BANNER_H")), Sent(), BLANK) is None


def test_found_makes_a_record_for_each_single_thing() -> None:
    made = decided(item(BANNER), Sent(found=3, working=2, condition=Condition.TORN))
    assert [(one.record.condition, one.record.working) for one in made.creates] == [
        (Condition.GOOD, 1),
        (Condition.GOOD, 1),
        (Condition.TORN, 0),
    ]
    assert (made.creates[0].record.width_m, made.pictured) == (6.0, made.creates[2])
    flags = decided(item(FLAGS), Sent(found=8, working=7, condition=Condition.TORN))
    assert [(one.record.quantity, one.record.working) for one in flags.creates] == [(8, 7)]


def test_fewer_are_missing_and_come_back_under_their_ids() -> None:
    three = [thing(number, "BANNER_H") for number in (1, 2, 3)]
    fewer = decided(item(BANNER, *three), Sent(found=1))
    assert [(one.thing.id, one.record.condition) for one in fewer.amends] == [
        ("id-2", Condition.MISSING),
        ("id-3", Condition.MISSING),
    ]
    gone = [three[0], thing(2, "BANNER_H", Condition.MISSING)]
    back = decided(item(BANNER, *gone), Sent(found=2))
    assert ([one.thing.id for one in back.amends], back.creates) == (["id-2"], ())
    none = decided(item(FLAGS, thing(1, "FLAG_DECOR", quantity=9)), Sent(quick="none"))
    assert [(one.record.quantity, one.record.condition) for one in none.amends] == [(0, Condition.MISSING)]


def test_a_kind_that_cannot_be_missing_is_lost() -> None:
    simple = replace(BANNER, conditions=CONDITIONS[:3])
    lost = decided(item(simple, thing(1, "BANNER_H")), Sent(quick="none"))
    assert [one.record.lifecycle for one in lost.amends] == [Lifecycle.LOST]


def test_as_before_keeps_each_things_own_condition() -> None:
    two = (thing(1, "BANNER_H", Condition.TORN), thing(2, "BANNER_H", Condition.FALLEN))
    same = decided(item(BANNER, *two), Sent(quick="same"))
    assert (same.found, same.working, same.amends, same.creates) == (2, 0, (), ())
    new_campaign = tuple(replace(one, review=None) for one in two)
    confirmed = decided(item(BANNER, *new_campaign), Sent(quick="same"))
    assert [one.record == one.thing.record for one in confirmed.amends] == [True, True]


def test_a_photo_or_a_note_alone_confirms_and_describes() -> None:
    noted = decided(item(BANNER, thing(1, "BANNER_H")), Sent(details=Details(note="mới thay")))
    assert [(one.record.note, one.record.condition) for one in noted.amends] == [("mới thay", Condition.GOOD)]
    pictured = decided(item(BANNER, thing(1, "BANNER_H")), Sent(photos=1))
    assert isinstance(pictured.pictured, Standing)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (Sent(working=1), "found:found_missing"),
        (Sent(found=61), "found:found_range"),
        (Sent(found=2, working=3), "working:working_range"),
        (Sent(found=2, working=1), "condition:condition_missing"),
        (Sent(found=2, working=1, condition=Condition.GOOD), "condition:condition_works"),
        (Sent(found=2, condition=Condition.TORN), "working:working_missing"),
        (Sent(found=1, working=1, condition=Condition.TORN), "working:condition_contradicts"),
        (Sent(found=1, condition=Condition.MISSING), "condition:condition_unknown"),
        (Sent(quick="none", found=1), "found:none_and_number"),
        (Sent(kind="SPK_FM", found=1), "kind:kind_other"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(sent: Sent, said: str) -> None:
    assert codes(item(BANNER), sent) == [said]


def test_spread_keeps_what_it_can() -> None:
    assert spread([3, 4], 9, None) == [5, 4]
    assert spread([3, 4], 2, None) == [2, 0]
    assert spread([3, 0], 6, [4, 4]) == [4, 2]


def test_a_position_never_blocks() -> None:
    fix = Spot(20.9, 107.0, PositionSource.DEVICE, 8.0, 2.0)
    venue = Spot(20.95, 107.05, PositionSource.VENUE)
    typed = Spot(20.8, 107.1, PositionSource.MAP)
    assert choose_spot(fix, None, venue) == fix
    assert choose_spot(fix, typed, venue) == typed
    assert choose_spot(replace(fix, accuracy_m=300.0), None, venue) == venue
    assert choose_spot(replace(fix, age_s=3600.0), None, venue) == venue
    assert choose_spot(replace(fix, lat=float("nan")), None, None) == Spot()
    assert choose_spot(replace(fix, accuracy_m=300.0), None, None).accuracy_m == 300.0
