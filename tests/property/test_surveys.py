"""Whatever is typed: either a field is told, or the records come to exactly the numbers that were said."""

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.installations.record import Record
from inventory.surveys import rules
from inventory.surveys.checklist import Item, Standing, working_units
from inventory.surveys.numbers import Sent
from inventory.surveys.plans import is_present, spread
from inventory.surveys.rules import Decision
from inventory.vocabulary import Condition
from tests.unit.test_checklist import BANNER, BLANK, FLAGS, item, thing

_conditions = st.sampled_from(
    [Condition.GOOD, Condition.FADED, Condition.TORN, Condition.FALLEN, Condition.MISSING]
)
_singles = st.lists(_conditions, max_size=5).map(
    lambda found: tuple(thing(number, "BANNER_H", one) for number, one in enumerate(found))
)
_counts = st.one_of(st.none(), st.integers(-2, 12), st.integers(0, 10**9))
_sent = st.builds(
    Sent,
    quick=st.sampled_from(["", "", "", "same", "enough", "none"]),
    found=_counts,
    working=_counts,
    condition=st.one_of(st.none(), _conditions),
    photos=st.integers(0, 2),
)


@st.composite
def _bulk(draw: st.DrawFn) -> tuple[Standing, ...]:
    things = []
    for number in range(draw(st.integers(0, 3))):
        quantity = draw(st.integers(0, 9))
        working = draw(st.integers(0, quantity))
        whole = Condition.GOOD if working == quantity else Condition.TORN
        condition = whole if quantity else Condition.MISSING
        things.append(thing(number, "FLAG_DECOR", condition, quantity, working))
    return tuple(things)


def _after(one: Item, decision: Decision) -> list[Record]:
    """What the records say when the decision is written."""
    changed = {amend.thing.id: amend.record for amend in decision.amends}
    known = [changed.get(thing.id, thing.record) for thing in one.things]
    return [*known, *(create.record for create in decision.creates)]


def _check(one: Item, sent: Sent) -> None:
    outcome = rules.decide(one, sent, BLANK)
    if outcome is None:
        return
    if isinstance(outcome, tuple):
        assert outcome
        assert {problem.field for problem in outcome} <= {"found", "working", "condition", "kind"}
        return
    records = _after(one, outcome)
    present = [record for record in records if is_present(record)]
    assert sum(record.quantity for record in present) == outcome.found
    assert sum(working_units(one.kind, record) for record in present) == outcome.working
    assert 0 <= outcome.working <= outcome.found
    for record in present:
        assert 0 <= record.working <= record.quantity
        broken = record.working < record.quantity
        assert broken is not one.kind.works(record.condition)
    if sent.found is not None and sent.quick != "none":
        assert outcome.found == sent.found
    if sent.working is not None and outcome.found:
        assert outcome.working == sent.working
    assert len({amend.thing.id for amend in outcome.amends}) == len(outcome.amends)


@given(_singles, _sent)
@settings(max_examples=400, deadline=None)
def test_single_things_come_to_what_was_said(things: tuple[Standing, ...], sent: Sent) -> None:
    _check(item(BANNER, *things), sent)


@given(_bulk(), _sent)
@settings(max_examples=400, deadline=None)
def test_bulk_things_come_to_what_was_said(things: tuple[Standing, ...], sent: Sent) -> None:
    _check(item(FLAGS, *things, needed=10), sent)


@given(_singles, _sent)
@settings(max_examples=200, deadline=None)
def test_saying_it_again_changes_nothing(things: tuple[Standing, ...], sent: Sent) -> None:
    one = item(BANNER, *things)
    outcome = rules.decide(one, sent, BLANK)
    if not isinstance(outcome, Decision):
        return
    records = _after(one, outcome)
    again = tuple(
        Standing(f"id-{number}", 2, record, thing(0, "BANNER_H").review)
        for number, record in enumerate(records)
    )
    repeated = rules.decide(item(BANNER, *again), Sent(found=outcome.found, working=outcome.working), BLANK)
    assert isinstance(repeated, Decision)
    assert (repeated.creates, repeated.amends) == ((), ())


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6), st.integers(0, 200))
def test_spread_comes_to_the_total(amounts: list[int], total: int) -> None:
    result = spread(amounts, total, None)
    assert sum(result) == total
    assert min(result) >= 0
