"""The clocks: the real one for security, the campaign's for what people record; the days of Vietnam.

A demo campaign is pinned to a day that every page prints; its visits and events are told at that day,
with the real time of day. Sessions, attempts, slips and the trail always use the real clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: The zone of every day and deadline (design §6).
HA_NOI = ZoneInfo("Asia/Ho_Chi_Minh")

#: How far the campaign's clock is from the real one.
_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta(0))


def now() -> datetime:
    """The present moment, in UTC. Rules get it as an argument; only actions and views ask."""
    return datetime.now(UTC)


def campaign_now() -> datetime:
    """The moment at which the campaign records what is done now: the real one unless it is pinned."""
    return now() + _shift.get()


def day_of(moment: datetime) -> date:
    """The day of a moment where the election is held."""
    return moment.astimezone(HA_NOI).date()


def end_of(day: date) -> datetime:
    """The first moment after a day where the election is held: what was before it was by that day."""
    return datetime.combine(day + timedelta(days=1), time(), HA_NOI)


def today_of(pinned: date | None, moment: datetime) -> date:
    """The campaign's today: its pinned day if it has one."""
    return pinned or day_of(moment)


def set_campaign_day(pinned: date | None) -> None:
    """Set the campaign's clock for this request: the pinned day at the real time of day."""
    _shift.set(pinned - day_of(now()) if pinned else timedelta(0))


@contextmanager
def at_moment(moment: datetime) -> Iterator[None]:
    """Record what is done in this block at another moment; only the demo's past is made so."""
    token = _shift.set(moment - now())
    try:
        yield
    finally:
        _shift.reset(token)
