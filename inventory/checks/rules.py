"""Rules of field checks: what can be said of a thing, and what a spot may be. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from inventory.geodesy import Position, in_vietnam
from inventory.outcomes import Problem
from inventory.vocabulary import Channel, Family

#: A device's word about its fix beyond this is no spot at all (metres).
WORST_FIX_M = 5_000.0


class Answer(StrEnum):
    """What somebody says at the spot."""

    HEARD = "heard"
    NOT_HEARD = "not_heard"
    READ = "read"
    NOT_READ = "not_read"

    @property
    def channel(self) -> Channel:
        """Which of the senses it is about."""
        return Channel.HEARING if self in (Answer.HEARD, Answer.NOT_HEARD) else Channel.READING

    @property
    def perceived(self) -> bool:
        """Whether it was heard clearly, or could be read."""
        return self in (Answer.HEARD, Answer.READ)


#: What can be said of a thing of a family: a loudspeaker is heard, everything else is read.
def answers_for(family: Family | None) -> tuple[Answer, ...]:
    """The answers to choose from; None is a place, where both may be asked."""
    if family is None:
        return tuple(Answer)
    heard = family is Family.AUDIO
    return tuple(one for one in Answer if (one.channel is Channel.HEARING) == heard)


@dataclass(frozen=True)
class Spot:
    """Where the person stood, in WGS84 degrees; `accuracy_m` only where a device measured it."""

    position: Position
    accuracy_m: float | None = None


@dataclass(frozen=True)
class Draft:
    """A check as it was sent. `spot` None: nobody knows where exactly, and it is kept all the same."""

    answer: Answer
    spot: Spot | None = None
    note: str = ""


def problem(draft: Draft, family: Family | None) -> Problem | None:
    """Why a check cannot be kept. A spot that is missing is no reason."""
    if draft.answer not in answers_for(family):
        return Problem("answer", "Với thứ này không chọn được câu trả lời đó.", "answer")
    if draft.spot is None or in_vietnam(*draft.spot.position):
        return None
    return Problem("outside", "Vị trí này nằm ngoài Việt Nam.", "lat")
