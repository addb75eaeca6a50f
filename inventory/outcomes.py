"""Outcomes of a decision: what an action answers, as plain values.

A rule or an action answers `Done` or `Refused`; a view turns them into a redirect or a page.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One reason for a refusal.

    `field` names the form field (or "" for the whole), `message` is a msgid in Vietnamese and
    `values` fill its `%(name)s` placeholders when it is translated.
    """

    code: str
    message: str
    field: str = ""
    values: tuple[tuple[str, str | int | float], ...] = ()


@dataclass(frozen=True)
class Refused:
    """Nothing was changed; every problem says why."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Stale:
    """Somebody else saved first; `changed` are (field, their value, your value) to show."""

    version: int
    changed: tuple[tuple[str, object, object], ...] = ()
    who: str = ""


@dataclass(frozen=True)
class Done:
    """Stored. `subject` is the id of what was written; `again` is true for a repeated entry."""

    subject: str
    version: int = 1
    again: bool = False
    notes: tuple[Problem, ...] = field(default=())


Outcome = Done | Refused | Stale


def refuse(code: str, message: str, field: str = "", **values: str | float) -> Refused:
    """Refuse for one reason."""
    return Refused((Problem(code, message, field, tuple(values.items())),))
