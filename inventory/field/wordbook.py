"""The words of the app for one language: its sentences and what people read for codes.

The sentences stand in Vietnamese in static/js/field/*.js as `_("…")`; the same catalogue that translates
the pages translates them, so there is one place for an English sentence.
"""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import force_locale, gettext

from inventory import labels
from inventory.installations.showing import ROLE_LABELS as PHOTO_ROLES
from inventory.pages import ROLE_LABELS

FOLDER = Path(__file__).parents[2] / "static/js/field"
_CALL = re.compile(r'(?<![\w.$])_\(\s*("(?:[^"\\\n]|\\.)*")')

#: The groups of codes by the name that the phone uses: label("zone", "gate").
GROUPS: Mapping[str, Mapping[Any, Any]] = {
    "zone": labels.ZONES,
    "family": labels.FAMILIES,
    "venue_kind": labels.VENUE_KINDS,
    "area_kind": labels.AREA_KINDS,
    "lifecycle": labels.LIFECYCLES,
    "condition": labels.CONDITIONS,
    "review_state": labels.REVIEW_STATES,
    "return_reason": labels.RETURN_REASONS,
    "withdraw_reason": labels.WITHDRAW_REASONS,
    "role": ROLE_LABELS,
    "photo_role": PHOTO_ROLES,
}


@cache
def msgids() -> tuple[str, ...]:
    """Every sentence of the app's modules, in the order of the alphabet."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.js")))
    return tuple(sorted({json.loads(match[1]) for text in texts for match in _CALL.finditer(text)}))


def words(language: str) -> dict[str, Any]:
    """{"sentences": {msgid: sentence}, "labels": {group: {code: words}}} for "vi" or "en"."""
    with force_locale(language):
        sentences = {} if language == "vi" else {msgid: gettext(msgid) for msgid in msgids()}
        told = {
            name: {_code(word): str(text) for word, text in group.items()} for name, group in GROUPS.items()
        }
    return {"language": language, "sentences": sentences, "labels": told}


def _code(word: StrEnum) -> str:
    return word.value
