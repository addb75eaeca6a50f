"""What a body says, field by field: missing is blank, another type is told, nothing of it is believed."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from inventory.identity import new_id
from inventory.sync.bodies import decode
from inventory.sync.said import (
    AmendSaid,
    AnswerSaid,
    Came,
    Decoded,
    FinishSaid,
    MoveSaid,
    PhotoSaid,
    RecordSaid,
    WithdrawSaid,
)
from inventory.vocabulary import Condition, EntryAct, Lifecycle, Zone

THING, OTHER = new_id(), new_id()


def read(act: str, **told: Any) -> Decoded:
    """An entry as it is read."""
    text = json.dumps({"act": act, "campaign": "bc", "area": 3, **told}, ensure_ascii=False)
    return decode(Came(new_id(), hashlib.sha256(text.encode()).hexdigest(), text))


def test_an_answer_is_read_with_everything_that_it_may_say() -> None:
    found = read(
        "answer",
        visit=THING,
        place=12,
        key="gate.BANNER_H",
        quick="",
        kind="BANNER_H",
        found=2.0,
        working=1,
        condition="torn",
        details={"slogan_id": 4, "azimuth": 90, "width_m": 5.5, "note": "x"},
        extra=True,
        base={OTHER: 3},
        after=OTHER,
        new=[THING],
        position={"fix": {"lat": 21.0, "lon": 105.8, "accuracy_m": 9}, "tap": {"lat": 21.1, "lon": 105.9}},
        near=[{"other": OTHER, "same": False}],
        made_at="2021-04-19T08:30:00.000+07:00",
    )
    said = found.said
    assert isinstance(said, AnswerSaid)
    assert (said.place, said.sent.found, said.sent.working, said.sent.condition) == (12, 2, 1, Condition.TORN)
    assert (said.base, said.after, said.new, said.extra) == ({OTHER: 3}, OTHER, (THING,), True)
    assert said.position.fix is not None
    assert (said.position.fix.accuracy_m, said.position.tap) == (9, (21.1, 105.9))
    assert said.near == ((OTHER, False),)
    assert found.made_at == datetime(2021, 4, 19, 1, 30, tzinfo=UTC)
    assert (found.about, found.area_id, found.campaign) == (THING, 3, "bc")
    assert found.brings == (found.id, THING, THING)


def test_what_a_body_lacks_is_blank_and_what_it_has_too_many_is_passed_over() -> None:
    found = read("record", installation=THING, fields={"note": "x", "area_id": 9, "shape": 1, "lat": 1.0})
    assert isinstance(found.said, RecordSaid)
    assert found.said.fields == {"note": "x"}
    assert (found.said.place, found.said.position.fix, found.said.near) == (None, None, ())
    assert found.brings == (found.id, THING)
    bare = read("finish", visit=THING)
    assert isinstance(bare.said, FinishSaid)
    assert (bare.said.empty_zones, bare.said.answers, bare.made_at) == (frozenset(), None, None)


def test_only_a_new_thing_says_its_step_and_a_change_never_its_ward() -> None:
    fields = {"lifecycle": "planned", "zone": "route", "venue_id": 4, "serial": "S"}
    new, changed = (
        read("record", installation=THING, fields=fields),
        read("amend", installation=THING, fields=fields),
    )
    assert isinstance(new.said, RecordSaid)
    assert isinstance(changed.said, AmendSaid)
    assert new.said.fields == {"lifecycle": Lifecycle.PLANNED, "zone": Zone.ROUTE, "serial": "S"}
    assert changed.said.fields == {"zone": Zone.ROUTE, "serial": "S"}
    assert (changed.said.base, changed.said.after) == (0, None)
    moved = read("move", installation=THING, base=2, step="lost", note="n" * 900)
    assert isinstance(moved.said, MoveSaid)
    assert (moved.said.step, len(moved.said.note)) == (Lifecycle.LOST, 500)


def test_photos_name_what_they_show_and_a_useless_fix_is_none() -> None:
    words = {"photo": THING, "sha256": "a" * 64, "size": 9, "role": "overview"}
    found = read("photo", **words, of={"answer": OTHER}, fix={"lat": "x"}, taken_at="gestern")
    assert isinstance(found.said, PhotoSaid)
    assert (found.said.answer, found.said.installation) == (OTHER, None)
    assert (found.said.fix, found.said.taken_at) == (None, None)
    assert found.brings == (found.id, THING)
    assert isinstance(read("withdraw", photo=THING, reason="other").said, WithdrawSaid)


@pytest.mark.parametrize(
    ("act", "told", "field"),
    [
        ("teleport", {}, "act"),
        ("record", {"installation": "x"}, "installation"),
        ("record", {"installation": THING, "fields": {"quantity": "2"}}, "quantity"),
        ("record", {"installation": THING, "fields": {"quantity": None}}, "quantity"),
        ("record", {"installation": THING, "fields": {"quantity": 2**31}}, "quantity"),
        ("record", {"installation": THING, "fields": {"azimuth": True}}, "azimuth"),
        ("record", {"installation": THING, "fields": {"condition": "shiny"}}, "condition"),
        ("amend", {"installation": THING, "fields": []}, "fields"),
        ("confirm", {}, "installation"),
        ("move", {"installation": THING}, "step"),
        ("answer", {"visit": THING, "quick": "maybe"}, "quick"),
        ("answer", {"visit": THING, "details": {"note": "x" * 501}}, "note"),
        ("answer", {"visit": THING, "base": {"x": 1}}, "base"),
        ("answer", {"visit": THING, "base": {THING: None}}, "base"),
        ("answer", {"visit": THING, "new": [1]}, "new"),
        ("finish", {"visit": THING, "empty_zones": ["roof"]}, "empty_zones"),
        ("photo", {"photo": THING, "sha256": "a" * 64}, "of"),
        ("photo", {"photo": THING, "of": {"answer": OTHER}, "sha256": "A" * 64}, "sha256"),
        ("record", {"installation": THING, "area": "3"}, "area"),
    ],
)
def test_what_cannot_be_read_names_its_field(act: str, told: dict[str, Any], field: str) -> None:
    found = read(act, **told)
    assert found.said is None
    assert found.problem is not None
    assert (found.problem.code, found.problem.field) == ("unreadable", field)


def test_what_is_damaged_or_no_json_has_no_act() -> None:
    good = json.dumps({"act": "confirm", "installation": THING})
    for came, code in (
        (Came(THING, "0" * 64, good), "damaged"),
        (Came(THING, hashlib.sha256(b"[]").hexdigest(), "[]"), "unreadable"),
        (Came(THING, hashlib.sha256(b"{").hexdigest(), "{"), "unreadable"),
    ):
        found = decode(came)
        assert found.problem is not None
        assert (found.act, found.problem.code) == (None, code)
    long = json.dumps({"act": "confirm", "installation": THING, "x": "y" * 4096})
    assert decode(Came(THING, hashlib.sha256(long.encode()).hexdigest(), long)).act is None


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("2021-04-19T08:30:00.000Z", datetime(2021, 4, 19, 8, 30, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2021-04-19T08:30:00", None),  # without a zone it is no moment
        ("9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
    ],
)
def test_moments_are_read_as_they_are_or_not_at_all(text: str, read_as: datetime | None) -> None:
    assert read("confirm", installation=THING, made_at=text).made_at == read_as


def test_every_act_is_read() -> None:
    words = {"installation": THING, "visit": THING, "photo": THING, "step": "lost", "sha256": "a" * 64}
    for act in EntryAct:
        assert read(act.value, **words, of={"installation": THING}).problem is None, act
