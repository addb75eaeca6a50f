"""What the bodies of entries say, as values: one for each act, and the entry that was read. Pure.

Field names are those of docs/sync.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory.geodesy import Position
from inventory.installations.fixes import Fix
from inventory.outcomes import Problem
from inventory.surveys.numbers import Sent
from inventory.vocabulary import EntryAct, Lifecycle, Zone


@dataclass(frozen=True)
class Place:
    """A position as the phone tells it: its fix, a tapped point, why a poor fix was taken."""

    fix: Fix | None = None
    tap: Position | None = None
    reason: str = ""


Near = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class AnswerSaid:
    """One item of a visit."""

    visit: str
    place: int | None
    key: str
    sent: Sent
    extra: bool
    base: Mapping[str, int]
    after: str | None
    new: tuple[str, ...]
    position: Place
    near: Near


@dataclass(frozen=True)
class FinishSaid:
    """ "Xong nơi này"; `answers` counts the answers that the phone queued before it, where it says so."""

    visit: str
    place: int | None
    empty_zones: frozenset[Zone]
    note: str
    answers: int | None


@dataclass(frozen=True)
class RecordSaid:
    """A new installation."""

    installation: str
    place: int | None
    fields: Mapping[str, Any]
    position: Place
    near: Near


@dataclass(frozen=True)
class AmendSaid:
    """Changed fields; `base` is a version (0: not said), `after` the person's own earlier entry."""

    installation: str
    base: int
    after: str | None
    fields: Mapping[str, Any]
    position: Place


@dataclass(frozen=True)
class ConfirmSaid:
    """It is still as recorded."""

    installation: str
    base: int
    after: str | None


@dataclass(frozen=True)
class MoveSaid:
    """A step of its life."""

    installation: str
    base: int
    after: str | None
    step: Lifecycle
    note: str


@dataclass(frozen=True)
class PhotoSaid:
    """A photo was taken: of an installation, or of what an answer recorded."""

    photo: str
    installation: str | None
    answer: str | None
    sha256: str
    size: int
    role: str
    name: str
    taken_at: datetime | None
    origin: str
    reason: str
    fix: Fix | None


@dataclass(frozen=True)
class WithdrawSaid:
    """A photo is taken back."""

    photo: str
    reason: str
    text: str


Said = (
    AnswerSaid
    | FinishSaid
    | RecordSaid
    | AmendSaid
    | ConfirmSaid
    | MoveSaid
    | PhotoSaid
    | WithdrawSaid
    | None
)


@dataclass(frozen=True)
class Came:
    """One entry of an envelope as it came."""

    id: str
    sha256: str
    body: str


@dataclass(frozen=True)
class Decoded:
    """An entry that was read: `act` is None when not even that could be, `said` when there is a `problem`.

    `about` is the installation, photo or visit it speaks of, `made_at` the phone's own time.
    """

    id: str
    sha256: str
    body: str
    act: EntryAct | None = None
    said: Said = None
    campaign: str = ""
    area_id: int | None = None
    made_at: datetime | None = None
    about: str | None = None
    problem: Problem | None = None

    @property
    def brings(self) -> tuple[str, ...]:
        """Ids that others may wait for, once this one is in the records."""
        if isinstance(self.said, AnswerSaid):
            return (self.id, self.said.visit, *self.said.new)
        if isinstance(self.said, RecordSaid | PhotoSaid) and self.about is not None:
            return (self.id, self.about)
        return (self.id,)
