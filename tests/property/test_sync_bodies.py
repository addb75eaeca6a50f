"""Whatever stands in a body: it is read or refused with a code, never an error, and no batch falls over."""

import copy
import hashlib
import os
from typing import Any

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.identity import new_id
from inventory.sync.bodies import decode
from inventory.sync.said import Came
from inventory.vocabulary import Condition, EntryAct, EntryOutcome, Lifecycle, Zone
from tests.city import City
from tests.web.pushing import HEADERS, Phone, entry

#: Batches on each database; many more in the long run.
EXAMPLES = 400 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 40
KNOWN = [new_id() for _ in range(3)]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.sampled_from(
        [*KNOWN, "", "gate.BANNER_H", "public.PANEL_SMALL", "BANNER_H", "9999-12-31T23:59:59Z", "a" * 64]
    ),
    st.sampled_from(
        [*(word.value for kind in (Zone, Condition, Lifecycle) for word in kind), "same", "none"]
    ),
)
NAMES = st.sampled_from(
    [
        "visit",
        "place",
        "key",
        "quick",
        "kind",
        "found",
        "working",
        "condition",
        "details",
        "extra",
        "base",
        "after",
        "new",
        "position",
        "near",
        "empty_zones",
        "note",
        "answers",
        "installation",
        "fields",
        "step",
        "photo",
        "of",
        "sha256",
        "size",
        "role",
        "name",
        "taken_at",
        "origin",
        "reason",
        "fix",
        "text",
        "area",
        "campaign",
        "made_at",
        "kind_code",
        "zone",
        "quantity",
        "slogan_id",
        "azimuth",
        "width_m",
        "lat",
        "lon",
        "accuracy_m",
        "age_s",
        "tap",
        "answer",
        "other",
        "same",
    ]
)
EDGES = st.sampled_from(
    [-1, 0, 2**31 - 1, 2**31, 1e14, -1e308, 1e-300, 91.0, 10**30, "ấ" * 600, "x" * 3000, [], {}]
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=12,
)
BODIES = st.tuples(
    st.sampled_from([act.value for act in EntryAct]), st.dictionaries(NAMES, JUNK, max_size=12)
)


def came(act: str, told: dict[str, Any]) -> dict[str, str]:
    """An entry with junk in it."""
    return entry(
        act, **{"area": 2, **{name: value for name, value in told.items() if name not in {"act", "number"}}}
    )


def whole(city: City) -> list[tuple[str, dict[str, Any]]]:
    """One good body of each act."""
    fix = {"lat": 20.95, "lon": 107.01, "accuracy_m": 8.0, "age_s": 2}
    position = {"fix": fix, "tap": {"lat": 20.95, "lon": 107.01}, "reason": "indoors"}
    near = [{"other": KNOWN[1], "same": False}]
    fields = {"kind_code": "BANNER_H", "zone": "gate", "condition": "good", "note": "x", "azimuth": 90}
    thing = {"installation": KNOWN[0], "base": 1, "after": None}
    details = {"slogan_id": None, "azimuth": 90, "width_m": 5, "height_m": 1, "note": "x"}
    visit = {"visit": KNOWN[2], "place": city.places_a[1]}
    answer = {"key": "gate.BANNER_H", "quick": "", "kind": "BANNER_H", "found": 1, "details": details}
    photo = {"of": {"installation": KNOWN[0]}, "sha256": "a" * 64, "size": 9, "role": "overview"}
    return [
        ("record", {"installation": new_id(), "place": city.places_a[0], "fields": fields, "near": near}),
        ("record", {"installation": new_id(), "place": None, "fields": fields, "position": position}),
        ("amend", {**thing, "fields": fields, "position": position}),
        ("confirm", thing),
        ("move", {**thing, "step": "lost", "note": "x"}),
        ("answer", {**visit, **answer, "base": {KNOWN[0]: 1}, "new": [new_id()], "position": position}),
        (
            "answer",
            {**visit, "key": "gate.FLAG_NATIONAL", "quick": "enough", "extra": True, "after": KNOWN[0]},
        ),
        ("finish", {**visit, "empty_zones": ["inside"], "note": "x", "answers": 1}),
        ("photo", {"photo": new_id(), **photo, "origin": "gallery", "reason": "x", "fix": fix}),
        ("withdraw", {"photo": KNOWN[2], "reason": "other", "text": "x"}),
    ]


@st.composite
def bent(draw: st.DrawFn, bodies: list[tuple[str, dict[str, Any]]]) -> tuple[str, dict[str, Any]]:
    """A good body with one value, wherever it stands, replaced."""
    act, told = copy.deepcopy(draw(st.sampled_from(bodies)))
    at: dict[str, Any] = told
    while True:
        name = draw(st.sampled_from(sorted(at)))
        if not isinstance(at[name], dict) or not at[name] or draw(st.booleans()):
            break
        at = at[name]
    at[name] = draw(st.one_of(EDGES, JUNK))
    return act, told


@given(BODIES)
def test_every_body_is_read_or_refused_with_a_code(body: tuple[str, dict[str, Any]]) -> None:
    one = came(*body)
    found = decode(Came(one["id"], one["sha256"], one["body"]))
    assert (found.said is None) == (found.problem is not None)
    assert found.problem is None or found.problem.code == "unreadable"
    assert found.id in found.brings


@given(st.text(max_size=200))
def test_every_text_is_read_or_refused_with_a_code(text: str) -> None:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    found = decode(Came(new_id(), digest, text))
    assert found.problem is not None
    assert decode(Came(new_id(), "0" * 64, text)).problem is not None


def test_no_batch_of_junk_falls_over_or_is_held_as_failed(app: Flask, city: City) -> None:
    """Each is decided by a rule: "failed" would be an error of ours that a forged body can bring about."""
    phone = Phone.of(app, city)
    phone.push(*(phone.record(number) for number in KNOWN[:2]))

    @settings(max_examples=EXAMPLES)
    @given(st.lists(st.one_of(BODIES, bent(whole(city))), min_size=1, max_size=12))
    def push(bodies: list[tuple[str, dict[str, Any]]]) -> None:
        sent = [came(*body) for body in bodies]
        answer = phone.send(*sent)
        assert answer.status_code in {201, 202}, answer.get_data(as_text=True)
        for one, told in zip(sent, answer.get_json()["answers"], strict=True):
            assert told["outcome"] in set(EntryOutcome)
            assert told["code"] != "failed", one["body"]
        pack = phone.client.get(f"/field/pack/{city.ward_a}", headers=HEADERS)
        assert pack.status_code == 200

    push()
