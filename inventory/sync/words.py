"""Reading a phone's JSON field by field: what is missing is blank, what has another type is told. Pure."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from inventory.identity import is_id

E = TypeVar("E", bound=StrEnum)
_SHA256 = re.compile(r"[0-9a-f]{64}")
#: Whole numbers beyond this fit no column.
_MOST = 2**31 - 1


class NotRead(Exception):
    """A field has a value of a type that no phone of ours sends."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Words:
    """One JSON object. Every reader takes a field's name and raises NotRead; null reads as missing."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.told = told

    def text(self, name: str) -> str:
        """A text, "" when it is missing."""
        value = self.told.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise NotRead(name)
        return value

    def whole(self, name: str) -> int | None:
        """A whole number."""
        value = self.told.get(name)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _MOST:
            raise NotRead(name)
        return value

    def number(self, name: str) -> float | None:
        """A finite number."""
        value = self.told.get(name)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise NotRead(name)
        found = float(value) if abs(value) < 1e15 else math.inf
        if not math.isfinite(found):
            raise NotRead(name)
        return found

    def flag(self, name: str) -> bool:
        """True or false; missing is false."""
        value = self.told.get(name)
        if value is not None and not isinstance(value, bool):
            raise NotRead(name)
        return bool(value)

    def word(self, name: str, of: type[E]) -> E | None:
        """A word of the vocabulary."""
        value = self.text(name)
        if not value:
            return None
        try:
            return of(value)
        except ValueError:
            raise NotRead(name) from None

    def identity(self, name: str) -> str | None:
        """An id that a phone or the server made."""
        value = self.text(name)
        if not value:
            return None
        if not is_id(value):
            raise NotRead(name)
        return value

    def needed_id(self, name: str) -> str:
        """An id that has to be there."""
        value = self.identity(name)
        if value is None:
            raise NotRead(name)
        return value

    def identities(self, name: str) -> tuple[str, ...]:
        """A list of ids."""
        value = self.told.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, str) and is_id(one) for one in value):
            raise NotRead(name)
        return tuple(value)

    def hash(self, name: str) -> str:
        """A SHA-256 in lower-case hexadecimal."""
        value = self.text(name)
        if not _SHA256.fullmatch(value):
            raise NotRead(name)
        return value

    def moment(self, name: str) -> datetime | None:
        """A moment as a phone tells it: ISO 8601 with a zone. A wrong year is taken, nonsense is None, and
        so is what another zone could not tell any more: the first and the last year that there are."""
        value = self.text(name)
        try:
            found = datetime.fromisoformat(value) if value else None
        except ValueError:
            return None
        if found is None or found.tzinfo is None or not 1 < found.year < 9999:
            return None
        return found.astimezone(UTC)

    def inner(self, name: str) -> "Words":
        """An object within; an empty one when it is missing."""
        value = self.told.get(name)
        if value is None:
            return Words({})
        if not isinstance(value, dict):
            raise NotRead(name)
        return Words(value)

    def rows(self, name: str) -> list["Words"]:
        """A list of objects."""
        value = self.told.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise NotRead(name)
        return [Words(one) for one in value]

    def versions(self, name: str) -> dict[str, int]:
        """Versions by installation id."""
        inner = self.inner(name)
        found = {}
        for key in inner.told:
            version = inner.whole(key)
            if not is_id(key) or version is None:
                raise NotRead(name)
            found[key] = version
        return found
