"""Limits of the protocol and what follows from them (docs/sync.md). Pure."""

from datetime import datetime, timedelta

#: Entries in one push, and bytes of one entry's body.
MOST_ENTRIES = 100
LONGEST_BODY = 4096
#: Bytes of a whole push: a hundred full bodies, quoted, with what stands around them.
LONGEST_PUSH = 1_000_000
#: The format that this server writes, and the oldest that it still reads.
FORMAT = 1
OLDEST_FORMAT = 1
#: A parked entry becomes a case of the office after this.
PARKED_LONGEST = timedelta(days=5)
#: A phone's clock that is farther off is told to its person.
CLOCK_TOLERANCE = timedelta(hours=24)


def is_orphan(received_at: datetime, moment: datetime) -> bool:
    """Whether what a parked entry waits for has not come for so long that somebody has to look."""
    return moment - received_at > PARKED_LONGEST


def orphans_before(moment: datetime) -> datetime:
    """Parked entries that came before this are orphans."""
    return moment - PARKED_LONGEST


def clock_offset(sent_at: datetime | None, moment: datetime) -> float | None:
    """The phone's clock minus ours, in seconds; None when it did not say."""
    return None if sent_at is None else (sent_at - moment).total_seconds()


def clock_is_wrong(offset_s: float | None) -> bool:
    """Whether the phone's clock is so far off that its person should hear of it."""
    return offset_s is not None and abs(offset_s) > CLOCK_TOLERANCE.total_seconds()
