"""Which phone needs somebody: what a phone said of itself, sorted by trouble. Pure.

A phone tells its numbers only while it sends, so all of this is "as the phone said then"; nothing here
knows what was recorded since.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: Work that waits so long on a phone is asked after (issue 3; iOS may clear it after 7 days).
STUCK_AFTER = timedelta(hours=24)
#: A phone that had unsent work and was not seen for so long may be lost or broken.
SILENT_AFTER = timedelta(days=3)
#: A clock that is wrong by more is told [guess: phones on a network are right to a second].
CLOCK_S = 300.0
#: Less free space than some 500 photos of 350 kB [guess].
LITTLE_BYTES = 200_000_000


class Trouble(StrEnum):
    """What may be wrong with a phone, the worst first."""

    SILENT = "silent"
    STUCK = "stuck"
    NEEDS = "needs"
    CLOCK = "clock"
    SPACE = "space"
    EVICTION = "eviction"


@dataclass(frozen=True)
class PhoneSeen:
    """One person on one phone; the counts are those of its last sending (`last_push_at`)."""

    id: str
    person_id: int
    person: str
    areas: str
    name: str
    app: str
    first_seen_at: datetime
    last_seen_at: datetime
    last_push_at: datetime | None
    waiting: int
    photos: int
    needs: int
    oldest: datetime | None
    free_bytes: int | None
    persisted: bool | None
    clock_offset_s: float | None
    cut_off_at: datetime | None

    @property
    def unsent(self) -> int:
        """Entries and photos that waited on it when it last spoke."""
        return self.waiting + self.photos

    @property
    def told_at(self) -> datetime:
        """When it said what is shown of it."""
        return self.last_push_at or self.last_seen_at


def troubles(phone: PhoneSeen, moment: datetime) -> tuple[Trouble, ...]:
    """What to look after, the worst first; nothing of a phone that was cut off."""
    if phone.cut_off_at is not None:
        return ()
    held = {
        Trouble.SILENT: phone.unsent > 0 and moment - phone.last_seen_at >= SILENT_AFTER,
        Trouble.STUCK: phone.oldest is not None and moment - phone.oldest >= STUCK_AFTER,
        Trouble.NEEDS: phone.needs > 0,
        Trouble.CLOCK: phone.clock_offset_s is not None and abs(phone.clock_offset_s) > CLOCK_S,
        Trouble.SPACE: phone.free_bytes is not None and phone.free_bytes < LITTLE_BYTES,
        Trouble.EVICTION: phone.persisted is False and phone.unsent > 0,
    }
    return tuple(trouble for trouble in Trouble if held[trouble])


def by_trouble(phones: tuple[PhoneSeen, ...], moment: datetime) -> tuple[PhoneSeen, ...]:
    """The worst first; of equal ones who was seen longest ago; those cut off last."""
    order = {trouble: place for place, trouble in enumerate(Trouble)}

    def key(phone: PhoneSeen) -> tuple[bool, tuple[int, ...], datetime, str]:
        held = tuple(order[one] for one in troubles(phone, moment))
        return (phone.cut_off_at is not None, (*held, len(order)), phone.last_seen_at, phone.id)

    return tuple(sorted(phones, key=key))
