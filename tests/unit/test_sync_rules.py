"""The pure rules of sync: limits, clocks, envelopes, verdicts and their stored form, runs of a batch."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inventory.errors import BadInput
from inventory.identity import new_id
from inventory.outcomes import Done, Problem, Refused, Stale
from inventory.sync import envelope, rules, runs, verdicts
from inventory.sync.bodies import decode
from inventory.sync.said import Came, Decoded
from inventory.vocabulary import EntryOutcome

MOMENT = datetime(2021, 4, 19, 8, tzinfo=UTC)


def told(**more: Any) -> bytes:
    """A push."""
    plain = {"format": 1, "device": new_id(), "person": 4, "app": "a", "sent_at": "2021-04-19T08:00:00Z"}
    return json.dumps(plain | more).encode()


def test_a_parked_entry_is_an_orphan_after_five_days() -> None:
    late = MOMENT + timedelta(days=5, seconds=1)
    assert rules.is_orphan(MOMENT, late)
    assert not rules.is_orphan(MOMENT, MOMENT + timedelta(days=5))
    assert rules.orphans_before(late) > MOMENT


@pytest.mark.parametrize(("hours", "wrong"), [(0, False), (24, False), (-24, False), (25, True), (-25, True)])
def test_a_clock_is_wrong_when_it_is_more_than_a_day_off(hours: int, wrong: bool) -> None:
    offset = rules.clock_offset(MOMENT + timedelta(hours=hours), MOMENT)
    assert rules.clock_is_wrong(offset) is wrong
    assert not rules.clock_is_wrong(rules.clock_offset(None, MOMENT))


def test_a_status_is_a_report_and_never_a_reason_to_refuse() -> None:
    status = {"waiting": -3, "photos": "x", "needs": True, "oldest": 7, "free": 2**60, "persisted": "yes"}
    found = envelope.read(told(status=status)).status
    assert found == envelope.Status()
    whole = {"waiting": 3, "free": 1.5e9, "persisted": False, "oldest": "2021-04-19T08:00:00Z"}
    assert envelope.read(told(status=whole)).status == envelope.Status(3, 0, 0, MOMENT, 1_500_000_000, False)


@pytest.mark.parametrize(
    "more",
    [
        {"person": None},
        {"person": True},
        {"device": "x"},
        {"format": "1"},
        {"entries": {"a": 1}},
        {"entries": [1]},
        {"entries": [{"id": "x", "sha256": "a" * 64, "body": ""}]},
        {"entries": [{"id": new_id(), "sha256": "a", "body": ""}]},
        {"entries": [{"id": new_id(), "sha256": "a" * 64, "body": ""}] * 101},
        {"status": []},
    ],
)
def test_what_is_no_envelope_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as caught:
        envelope.read(told(**more))
    assert caught.value.code == "envelope"


def test_an_outcome_becomes_a_verdict() -> None:
    more = Problem("b", "Hai")
    refused = verdicts.of_outcome(Refused((Problem("a", "Một", "x"), more)), 7)
    assert (refused.outcome, refused.code, refused.field, refused.notes) == (
        EntryOutcome.REFUSED,
        "a",
        "x",
        (more,),
    )
    assert verdicts.of_outcome(Done("t", 2), 7).outcome is EntryOutcome.STORED
    merged = verdicts.of_outcome(Done("t", 2, notes=(Problem("merged", "Gộp"),)), 7)
    assert (merged.outcome, merged.applied, merged.area_id) == (EntryOutcome.MERGED, True, 7)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (("note", "a", "b"), "changed"),
        (("lifecycle", "lost", "in_use"), "gone"),
        (("lifecycle", "lost", "disposed"), "changed"),
        (("lifecycle", "in_use", "accepted"), "changed"),
        (("condition", "missing", "good"), "gone"),
        (("condition", "torn", "missing"), "changed"),
    ],
)
def test_a_conflict_says_whether_the_thing_is_gone(changed: tuple[str, str, str], code: str) -> None:
    found = verdicts.of_outcome(Stale(4, (changed,), "Lan"))
    assert (found.outcome, found.code, found.who, found.version) == (EntryOutcome.CONFLICT, code, "Lan", 4)


def test_what_is_stored_of_a_verdict_tells_the_same_again() -> None:
    problem = Problem("x", "Còn %(n)s", "field", (("n", 3),))
    stored = json.loads(json.dumps(verdicts.detail_of(verdicts.refused(problem, (problem,)))))
    assert verdicts.problem_of("x", stored, "field") == problem
    assert [(one.code, one.message, one.values) for one in verdicts.notes_of(stored)] == [
        ("x", "Còn %(n)s", (("n", 3),))
    ]
    assert verdicts.detail_of(verdicts.Verdict(EntryOutcome.STORED)) is None
    assert verdicts.notes_of(None) == ()


def test_every_code_of_the_protocol_has_a_sentence() -> None:
    for verdict in (verdicts.held("moved_away"), verdicts.held("disabled"), verdicts.parked(new_id())):
        assert verdicts.problem_of(verdict.code, None) is not None
    assert verdicts.problem_of("", None) is None


def made(act: str, **words: Any) -> Decoded:
    """An entry as it was read."""
    text = json.dumps({"act": act, **words})
    return decode(Came(new_id(), hashlib.sha256(text.encode()).hexdigest(), text))


def test_a_run_ends_where_something_else_lies_between() -> None:
    things = [made("record", installation=new_id(), place=1) for _ in range(4)]
    change = made("confirm", installation=things[0].about)
    photo = made("photo", photo=new_id(), of={"installation": things[1].about}, sha256="a" * 64)
    found = runs.beginning_at([things[0], things[1], change, things[2]], 0, (), ())
    assert found is not None
    assert found.entries == (things[0], things[1])
    behind = runs.beginning_at([things[0], photo, things[1], things[2]], 0, {things[2].id}, ())
    assert behind is not None
    assert (behind.entries, set(behind.apart)) == ((things[0], things[1]), {things[1].id})
    assert runs.beginning_at([change], 0, (), ()) is None
    assert runs.beginning_at(things, 0, (), {things[0].id}) is None
