"""Strict JSON: what it refuses (trust.md row 32), and that it changes nothing it takes."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.errors import BadInput
from inventory.strict_json import strict_json

BAD: dict[str, list[str | bytes]] = {
    "json_deep": ["[" * 33 + "]" * 33, "[" * 100_000, '{"a":' * 100_000, '[{"a":' * 20 + "1" + "}]" * 20],
    "json_number": ["NaN", "[Infinity]", "-Infinity", "1e999", "-1e999", "9" * 5000, "0." + "1" * 5000],
    "json_keys": ['{"a": 1, "a": 1}', '[{"b": {"a": 1, "\\u0061": 2}}]'],
    "json_text": ['"\\u0000"', '{"\\u0000": 1}', '"\\ud800"', '["\\udfff\\ud800"]', '{"a": {"\\ud83d": 1}}'],
    "json": [
        "",
        " ",
        "{",
        "[1,]",
        "{'a': 1}",
        "nul",
        '"a',
        '"a\nb"',
        '"\\"',
        "1 2",
        "[}",
        "\x00",
        "01",
        '"\\x"',
        '"' + '\\"' * 400_000,  # a reader that starts anew at each quote never ends
    ],
    "json_long": ['"' + "x" * 1_000_000 + '"', '"' + "ă" * 600_000 + '"'],
    "json_utf8": [b"\xff", b'"\xc3\x28"', b'"\xed\xa0\x80"', '"\ud800"', b"\xfe\xff\x00["],
}


@pytest.mark.parametrize(
    ("code", "number"), [(code, number) for code, texts in BAD.items() for number in range(len(texts))]
)
def test_what_no_screen_sends_is_refused(code: str, number: int) -> None:
    with pytest.raises(BadInput) as refused:
        strict_json(BAD[code][number])
    assert refused.value.code == code
    assert refused.value.message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        (' {"a": [1, -2.5, true, "đ\\n"]} ', {"a": [1, -2.5, True, "đ\n"]}),
        (b'\xef\xbb\xbf"\xc4\x91"', "đ"),
        ("\ufeff1", 1),
        ('"\\ud83d\\ude00"', "😀"),
        ('"[[[[[[{{{{{{' + "[" * 50 + '"', "[[[[[[{{{{{{" + "[" * 50),
        ('"\\\\"', "\\"),
        ('["\\"[", "]"]', ['"[', "]"]),
        ("[" * 32 + "]" * 32, json.loads("[" * 32 + "]" * 32)),
    ],
)
def test_what_is_right_is_read(text: str | bytes, value: Any) -> None:
    assert strict_json(text) == value


_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**60), 10**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=20,
)


@given(_values, st.booleans())
def test_nothing_is_changed_on_the_way(value: Any, plain: bool) -> None:
    text = json.dumps(value, ensure_ascii=plain)
    assert strict_json(text) == value
    assert strict_json(text.encode()) == value


@given(st.binary(max_size=200) | st.text(st.sampled_from('[]{}",:\\u0d8e1.-NaInfty \x00')))
@settings(max_examples=500)
def test_any_bytes_are_read_or_refused(text: str | bytes) -> None:
    try:
        value = strict_json(text)
    except BadInput:
        return
    assert "\x00" not in json.dumps(value, ensure_ascii=False, allow_nan=False)
    assert not (isinstance(value, float) and math.isinf(value))
