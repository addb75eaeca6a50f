"""The phone's rules are the office's: the same answer gets the same problem, or the same numbers, on both.

The modules of static/js/field run in Chromium, many cases at once; the cases are Hypothesis's.
"""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, sync_playwright

from inventory.field.rules import items as told_items
from inventory.installations.limits import limits
from inventory.installations.record import Record
from inventory.installations.rules import Surroundings, VenueSeen, decide_record
from inventory.outcomes import Problem
from inventory.surveys import numbers, rules
from inventory.surveys.checklist import Answered, Count, Item, Standing, build, choices
from inventory.surveys.fields import _DECIMAL
from inventory.surveys.numbers import Details, Sent
from inventory.vocabulary import PLACE_ZONES, Condition, Family, ReviewState, Zone
from tests.unit.test_checklist import BANNER, BLANK, FLAGS, FM, KINDS, PA, requirement

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
CASES = 80


class _Quiet(SimpleHTTPRequestHandler):
    """Files without a line in the log for each."""

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page that can import the modules; it shows nothing."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=ROOT))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        opened = browser.new_page()
        opened.goto(f"http://127.0.0.1:{server.server_port}/static/js/field/rules.js")
        yield opened
        browser.close()
    server.shutdown()
    thread.join()


def _run(page: Page, body: str, cases: list[Any]) -> list[Any]:
    """Run `body` for each case (named `one`) with both modules at hand."""
    script = (
        "async (cases) => { const rules = await import('/static/js/field/rules.js');"
        "const lists = await import('/static/js/field/checklist.js');"
        f"return cases.map((one) => {{ {body} }}); }}"
    )
    found: list[Any] = page.evaluate(script, cases)
    return found


def _kind(kind: Any) -> dict[str, Any]:
    names = (
        "code",
        "bulk",
        "texted",
        "directional",
        "sized",
        "in_use",
        "default_width_m",
        "default_height_m",
    )
    return {name: getattr(kind, name) for name in names} | {
        "conditions": [[condition.value, works] for condition, works in kind.conditions]
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "field": problem.field,
        "message": problem.message,
        "values": dict(problem.values),
    }


def _count(count: Count | Problem) -> dict[str, Any]:
    if isinstance(count, Problem):
        return _problem(count)
    word = count.condition.value if count.condition else None
    return {"found": count.found, "working": count.working, "condition": word}


_words = st.one_of(st.none(), st.sampled_from(list(Condition)))
_numbers = st.one_of(
    st.none(),
    st.integers(-2, 12),
    st.sampled_from([59, 60, 61, 4999, 5000, 5001]),
    st.integers(-(2**53), 2**53),
)
_kinds = st.sampled_from([BANNER, FLAGS])


@st.composite
def _before(draw: st.DrawFn) -> Count:
    found = draw(st.integers(0, 70))
    working = draw(st.integers(0, found))
    return Count(found, working, draw(_words) if found else None)


_sizes = st.one_of(
    st.none(), st.sampled_from([6.0, 0.8, 0.0, -1.0, 100.0, 100.5]), st.floats(0, 500, width=32)
)
_details = st.builds(
    Details,
    slogan_id=st.one_of(st.none(), st.integers(1, 3)),
    azimuth=_sizes,
    width_m=_sizes,
    height_m=_sizes,
    note=st.sampled_from(["", "ghi chú", "cũ"]),
)
_sent = st.builds(
    Sent,
    quick=st.sampled_from(["", "", "same", "enough", "none"]),
    found=_numbers,
    working=_numbers,
    condition=_words,
    details=_details,
    photos=st.integers(0, 2),
)


def _sent_told(sent: Sent) -> dict[str, Any]:
    return {
        "quick": sent.quick,
        "found": sent.found,
        "working": sent.working,
        "condition": sent.condition.value if sent.condition else None,
        "photos": sent.photos,
        "details": _details_told(sent.details),
    }


def _details_told(details: Details) -> dict[str, Any]:
    names = ("slogan_id", "azimuth", "width_m", "height_m", "note")
    return {name: getattr(details, name) for name in names}


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 70), _kinds, _before(), _sent), min_size=CASES, max_size=CASES))
def test_the_phone_reads_numbers_as_the_office_does(page: Page, cases: list[Any]) -> None:
    told = [
        {"needed": needed, "kind": _kind(kind), "before": _count(before), "sent": _sent_told(sent)}
        for needed, kind, before, sent in cases
    ]
    found = _run(page, "return rules.read(one.needed, one.kind, one.before, one.sent);", told)
    for (needed, kind, before, sent), answer in zip(cases, found, strict=True):
        assert answer == _count(numbers.read(needed, kind, before, sent)), (needed, kind.code, before, sent)


_records = st.builds(
    Record,
    kind_code=st.sampled_from(sorted(KINDS)),
    area_id=st.just(1),
    venue_id=st.just(5),
    zone=st.sampled_from([Zone.GATE, Zone.OUTSIDE]),
    condition=st.sampled_from([Condition.GOOD, Condition.TORN, Condition.MISSING, Condition.FADED]),
    azimuth=_sizes,
    width_m=_sizes,
    note=st.sampled_from(["", "cũ"]),
    slogan_id=st.one_of(st.none(), st.integers(1, 3)),
)


@st.composite
def _things(draw: st.DrawFn) -> tuple[Standing, ...]:
    found = []
    for number, record in enumerate(draw(st.lists(_records, max_size=6))):
        review = draw(st.sampled_from([None, ReviewState.SUBMITTED, ReviewState.RETURNED]))
        quantity = draw(st.integers(0, 9)) if KINDS[record.kind_code].bulk else 1
        working = draw(st.integers(0, quantity))
        whole = record.__class__(**{**record.__dict__, "quantity": quantity, "working": working})
        found.append(Standing(f"id-{number}", number + 1, whole, review))
    return tuple(found)


def _thing(thing: Standing) -> dict[str, Any]:
    review = {"state": thing.review.value} if thing.review else None
    return {
        "id": thing.id,
        "version": thing.version,
        **thing.record.as_state(),
        "review": review,
        "photos": [],
    }


_REQUIREMENTS = (
    requirement(1, Zone.GATE, Family.BANNER, "BANNER_H"),
    requirement(2, Zone.GATE, Family.AUDIO, None),
    requirement(3, Zone.OUTSIDE, Family.AUDIO, "SPK_PA", 3),
    requirement(4, Zone.OUTSIDE, Family.AUDIO, None),
    requirement(5, Zone.INSIDE, Family.FLAG, "FLAG_DECOR", 10),
)
_answers = st.lists(
    st.builds(
        Answered,
        st.sampled_from([Zone.GATE, Zone.OUTSIDE]),
        st.sampled_from([FM.code, PA.code]),
        st.integers(0, 3),
    ),
    max_size=3,
)
_LIST = """
  const zones = lists.build(lists.PLACE_ZONES, one.rows, one.kinds, one.things, one.answers);
  return zones.map((zone) => [zone.zone, zone.more.map((kind) => kind.code), zone.items.map((item) => [
    item.key, item.kind.code, item.kinds.map((kind) => kind.code), item.needed,
    item.before.found, item.before.working, item.before.condition, item.things.map((thing) => thing.id),
    item.recorded, item.answered, item.found, item.returned.length, rules.shownDetails(item, item.kind)])]);
"""


def _listed(item: Item) -> list[Any]:
    before = item.before
    return [
        item.key,
        item.kind.code,
        [kind.code for kind in item.kinds],
        item.needed,
        before.found,
        before.working,
        before.condition.value if before.condition else None,
        [thing.id for thing in item.things],
        item.recorded,
        item.answered,
        item.found,
        len(item.returned),
        _details_told(rules.shown_details(item, item.kind)),
    ]


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(_things(), _answers), min_size=30, max_size=30))
def test_the_phone_makes_the_same_checklist(page: Page, cases: list[Any]) -> None:
    rows = told_items(build(PLACE_ZONES, _REQUIREMENTS, KINDS, (), (), None))
    kinds = {code: _kind(kind) for code, kind in KINDS.items()}
    told = [
        {
            "rows": rows,
            "kinds": kinds,
            "things": [_thing(thing) for thing in things],
            "answers": {f"{row.zone.value}.{row.kind}": row.found for row in answers},
        }
        for things, answers in cases
    ]
    found = _run(page, _LIST, told)
    for (things, answers), zones in zip(cases, found, strict=True):
        wanted = build(PLACE_ZONES, _REQUIREMENTS, KINDS, things, answers, None)
        expected = [
            [zone.zone.value, [kind.code for kind in zone.more], [_listed(item) for item in zone.items]]
            for zone in wanted
        ]
        assert zones == expected


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(_kinds, _things(), _sent), min_size=40, max_size=40))
def test_the_phone_knows_what_is_no_answer_and_what_is_new(page: Page, cases: list[Any]) -> None:
    body = """
      const shown = {kind: one.kind, first: one.first};
      const details = rules.newDetails(shown, one.kind, one.sent.details);
      return [rules.isSilent(one.sent, details), details];
    """
    told, wanted = [], []
    for kind, things, sent in cases:
        own = tuple(thing for thing in things if thing.record.kind_code == kind.code)
        item = Item("gate.X", Zone.GATE, (kind,), kind, things=own)
        details = rules.new_details(item, kind, sent.details)
        first = item.first.as_state() if item.first else None
        told.append({"kind": _kind(kind), "first": first, "sent": _sent_told(sent)})
        wanted.append([rules.is_silent(sent, details), _details_told(details)])
    assert _run(page, body, told) == wanted


_typed = st.one_of(
    st.text(alphabet="0123456789., -+e\t\n\u00a0\u0660\u0669\u06f3\uff15½²", max_size=9), st.text(max_size=12)
)


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(st.lists(_typed, min_size=CASES, max_size=CASES))
def test_typed_numbers_are_read_alike(page: Page, texts: list[str]) -> None:
    found = _run(page, "return [rules.whole(one, 'x'), rules.decimal(one, 'x')];", texts)
    for text, (whole, decimal) in zip(texts, found, strict=True):
        assert _plain(whole) == _whole(text), json.dumps(text)
        assert _plain(decimal) == _decimal(text), json.dumps(text)


def _plain(found: Any) -> Any:
    return found["code"] if isinstance(found, dict) else found


def _whole(text: str) -> Any:
    """As surveys/fields.py `Whole` reads it."""
    bare = text.strip()
    if not bare:
        return None
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 9 else "number"


def _decimal(text: str) -> Any:
    """As surveys/fields.py `Decimal` reads it."""
    bare = text.strip()
    if not bare:
        return None
    return float(bare.replace(",", ".")) if _DECIMAL.fullmatch(bare) else "decimal"


def test_numbers_outside_a_record_are_told_with_the_office_words(page: Page) -> None:
    details = {"slogan_id": None, "azimuth": 360, "width_m": 0, "height_m": 100.5, "note": ""}
    found = _run(page, "return rules.detailProblems(one);", [details])[0]
    record = Record(**{**BLANK.__dict__, "kind_code": "BANNER_H", "zone": Zone.GATE, "azimuth": 360.0})
    record = Record(**{**record.__dict__, "width_m": 0.0, "height_m": 100.5})
    around = Surroundings(1, venue=VenueSeen(5, 1, "", (20.9, 107.0)))
    refused = decide_record(record, BANNER, around)
    assert [_problem(problem) for problem in refused.problems] == found  # type: ignore[union-attr]


def test_limits_and_choices_are_the_office_s(page: Page) -> None:
    assert _run(page, "return rules.MOST_SINGLE;", [0]) == [numbers.MOST_SINGLE]
    most = limits().largest_quantity
    problem = _run(page, "return rules.read(1, one, {found: 0, working: 0}, {found: 5001});", [_kind(FLAGS)])[
        0
    ]
    assert problem["values"] == {"most": most}
    lower = _run(
        page,
        "return rules.read(1, one, {found: 0, working: 0}, {found: 9}, {largest_quantity: 8});",
        [_kind(FLAGS)],
    )
    assert lower[0]["values"] == {"most": 8}
    assert _run(page, "return rules.choices(one);", [_kind(BANNER)])[0] == [
        word.value for word in choices(BANNER)
    ]
