"""Where the making of a plan stands: the words of its status. Pure."""

from enum import StrEnum


class Status(StrEnum):
    """The life of a plan: asked for, in the making, and one of the ends."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    INFEASIBLE = "infeasible"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


#: In the queue or at work: nothing else may be done with it but cancel.
ACTIVE = frozenset({Status.WAITING, Status.RUNNING})
#: Ended without a result: the same Ask may be tried again.
AGAIN = frozenset({Status.FAILED, Status.CANCELLED, Status.INTERRUPTED, Status.INFEASIBLE})
