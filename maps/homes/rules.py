"""Rules of the home pages: which wards may miss the deadline, and how far things moved in a week. Pure."""

from datetime import date

#: A ward that has not begun is not called late in the first days.
GRACE_DAYS = 3


def at_risk(places: int, surveyed: int, first: date | None, today: date, deadline: date) -> bool:
    """Whether a ward, at its pace since the first visit of all, will not be done by the deadline."""
    if surveyed >= places:
        return False
    if today > deadline:
        return True
    if first is None or (today - first).days < GRACE_DAYS:
        return False
    pace = surveyed / ((today - first).days + 1)
    return pace == 0 or (places - surveyed) / pace > (deadline - today).days


def points(now: float | None, before: float | None) -> float | None:
    """Percentage points gained; None where one of the two is unknown."""
    return None if now is None or before is None else round((now - before) * 100, 1)
