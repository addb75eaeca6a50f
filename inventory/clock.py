"""The clock: one source of now, and the days of Vietnam.

Security always uses the real clock; a demo campaign's *today* is pinned and printed on every page.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HA_NOI = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, in UTC. Rules get it as an argument; only actions and views ask."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day of a moment where the election is held."""
    return moment.astimezone(HA_NOI).date()


def today_of(pinned: date | None, moment: datetime) -> date:
    """The campaign's today: its pinned day if it has one."""
    return pinned or day_of(moment)
