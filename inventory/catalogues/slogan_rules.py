"""What the list of slogans may hold, and when a text is withdrawn. Pure.

A text is never edited: a correction is a new edition under the same number, and the old one is
withdrawn in the same step, so that its copies in the street can be found.
"""

from dataclasses import dataclass
from datetime import date

from inventory.outcomes import Problem
from inventory.vocabulary import Lifecycle

LARGEST_NUMBER = 9_999
#: Records of things that are there no more carry no text.
GONE = frozenset({Lifecycle.DISPOSED, Lifecycle.LOST, Lifecycle.CANCELLED})


@dataclass(frozen=True)
class SloganWords:
    """One edition of a numbered text."""

    number: int
    text: str
    source: str
    issued_on: date | None


@dataclass(frozen=True)
class Withdrawal:
    """From which day, and why, a text is no longer shown."""

    day: date
    reason: str


def slogan_problems(words: SloganWords, others: frozenset[str], latest_day: date) -> tuple[Problem, ...]:
    """Why an edition cannot be kept. `others` are the texts that are in force."""
    found = []
    if not 1 <= words.number <= LARGEST_NUMBER:
        found.append(Problem("number", "Số thứ tự phải từ 1 đến 9.999.", "number"))
    if words.text in others:
        found.append(Problem("twice", "Câu này đã có trong danh mục.", "text"))
    if words.issued_on is not None and words.issued_on > latest_day:
        found.append(Problem("issued", "Ngày ban hành không được ở sau ngày bầu cử.", "issued_on"))
    return tuple(found)


def withdrawal_problems(withdrawal: Withdrawal, issued_on: date | None, today: date) -> tuple[Problem, ...]:
    """Why a text cannot be withdrawn so. A day to come would leave it both in force and withdrawn."""
    found = []
    if withdrawal.day > today:
        found.append(Problem("later", "Ngày thu hồi không được ở sau hôm nay.", "withdrawn_on"))
    if issued_on is not None and withdrawal.day < issued_on:
        found.append(Problem("before", "Ngày thu hồi không được ở trước ngày ban hành.", "withdrawn_on"))
    return tuple(found)
