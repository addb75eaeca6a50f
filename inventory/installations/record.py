"""The record: the whole amendable state of one installation, as a frozen value.

Pure. Its JSON form has the column names as keys; events, verifications and snapshots store that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from inventory.vocabulary import Condition, Lifecycle, PositionSource, Zone

#: {field: [old, new]} with values as JSON holds them.
Changes = dict[str, list[Any]]

_WORDS = {
    "zone": Zone,
    "lifecycle": Lifecycle,
    "condition": Condition,
    "position_source": PositionSource,
}


@dataclass(frozen=True)
class Record:
    """What stands where, how many of it work, and what is known of it.

    `condition` describes the part that does not work, or the whole (design §6). Kinds that are
    not bulk have quantity 1. Degrees are WGS84, azimuth clockwise from north in [0, 360),
    `accuracy_m` and `position_age_s` are the device's own words about its fix.
    """

    kind_code: str
    area_id: int
    venue_id: int | None = None
    zone: Zone | None = None
    quantity: int = 1
    working: int = 1
    lifecycle: Lifecycle = Lifecycle.INSTALLED
    condition: Condition = Condition.GOOD
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    position_source: PositionSource | None = None
    position_age_s: float | None = None
    azimuth: float | None = None
    width_m: float | None = None
    height_m: float | None = None
    sides: int | None = None
    horns: int | None = None
    watts: float | None = None
    slogan_id: int | None = None
    shown_text: str = ""
    serial: str = ""
    note: str = ""

    @property
    def position(self) -> tuple[float, float] | None:
        """(lat, lon), or None where it is unknown."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)

    def as_state(self) -> dict[str, Any]:
        """The record as JSON values under the column names."""
        state = {name: getattr(self, name) for name in FIELDS}
        for name in _WORDS:
            state[name] = plain(state[name])
        return state

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Record":
        """The record in a stored state; fields that a later release added have their defaults."""
        return cls(**{name: worded(name, state[name]) for name in FIELDS if name in state})


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(Record))

#: What belongs together: of these a merge takes one person's values or the other's, never a mixture.
POSITION = ("lat", "lon", "accuracy_m", "position_source", "position_age_s")


def plain(value: Any) -> Any:
    """A field's value as JSON holds it: words of the vocabulary become text."""
    return str(value) if isinstance(value, Zone | Lifecycle | Condition | PositionSource) else value


def worded(field: str, value: Any) -> Any:
    """A stored value as the record holds it: text becomes a word of the vocabulary."""
    return _WORDS[field](value) if field in _WORDS and value is not None else value


def changes(before: Record, after: Record) -> Changes:
    """What differs between two records, in the order of the fields."""
    old, new = before.as_state(), after.as_state()
    return {name: [old[name], new[name]] for name in FIELDS if old[name] != new[name]}
