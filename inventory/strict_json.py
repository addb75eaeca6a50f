"""Strict JSON: what came from outside, or a sentence why not. Pure.

Python's own reader takes NaN, 1e999 as infinity, the second of two equal keys, NUL and lone
surrogates (which no database stores), and falls over very deep nesting. This one refuses them all
before or while reading, always with BadInput (400), never with another error.
"""

import json
import math
import re
from typing import Any

from inventory.errors import BadInput

DEEPEST = 32
LONGEST = 1_000_000
_LONGEST_NUMBER = 64
#: A string that does not end counts to the end of the text, so that one pass is enough.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def strict_json(text: str | bytes, longest: int = LONGEST, deepest: int = DEEPEST) -> Any:
    """Read one JSON value; `longest` counts bytes. Raises BadInput."""
    text = _decoded(text, longest)
    # Fewer brackets than levels cannot be too deep.
    if text.count("[") + text.count("{") > deepest:
        _check_depth(text, deepest)
    try:
        value = _DECODER.decode(text)
    except ValueError:
        raise BadInput("json", "Nội dung JSON không đọc được.") from None
    # What is decoded holds no lone surrogate and the reader takes no raw NUL: only an escape writes them.
    if "\\u" in text:
        _check_texts(value)
    return value


def _decoded(text: str | bytes, longest: int) -> str:
    if len(text) > longest:
        raise BadInput("json_long", "Nội dung JSON dài quá.")
    try:
        if isinstance(text, bytes):
            return text.decode("utf-8-sig")
        if len(text.encode("utf-8")) > longest:
            raise BadInput("json_long", "Nội dung JSON dài quá.")
    except UnicodeError:
        raise BadInput("json_utf8", "Nội dung JSON không phải UTF-8.") from None
    return text.removeprefix("\ufeff")


def _check_depth(text: str, deepest: int) -> None:
    """Count brackets outside strings, before the reader that calls itself for each of them."""
    depth = 0
    for glyph in _STRING.sub('""', text):
        if glyph in "[{":
            depth += 1
            if depth > deepest:
                raise BadInput("json_deep", "Nội dung JSON lồng sâu quá.")
        elif glyph in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadInput("json_keys", "Nội dung JSON có khóa lặp lại.")
    return found


def _float(text: str) -> float:
    number = float(text) if len(text) <= _LONGEST_NUMBER else math.inf
    if not math.isfinite(number):
        raise BadInput("json_number", "Nội dung JSON có số không hợp lệ.")
    return number


def _int(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise BadInput("json_number", "Nội dung JSON có số không hợp lệ.")
    return int(text)


def _constant(_name: str) -> Any:
    raise BadInput("json_number", "Nội dung JSON có số không hợp lệ.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=_constant
)


def _check_texts(value: Any) -> None:
    """No NUL and no half of a character pair, in keys neither. Depth is bounded by now."""
    if isinstance(value, str):
        if "\x00" in value or _SURROGATE.search(value):
            raise BadInput("json_text", "Nội dung JSON có ký tự không hợp lệ.")
    elif isinstance(value, dict):
        for key, held in value.items():
            _check_texts(key)
            _check_texts(held)
    elif isinstance(value, list):
        for held in value:
            _check_texts(held)
