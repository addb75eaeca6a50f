"""Time and patience of one solve: a clock that runs out, and somebody who may cancel."""

import time
from dataclasses import dataclass, field

from maps.solve.model import Asked, Progress


@dataclass
class Watch:
    """Counts the seconds of a solve; `asked` hears of its progress and may end it.

    `value` is the best value so far and `bound` its proven limit, None before the first.
    """

    seconds: float
    asked: Asked | None = None
    cancelled: bool = False
    value: float | None = None
    bound: float | None = None
    began: float = field(default_factory=time.perf_counter)

    def gone(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.began

    def left(self) -> float:
        """Seconds left, never below 0; 0 once cancelled."""
        return 0.0 if self.cancelled else max(0.0, self.seconds - self.gone())

    def over(self, stage: str = "") -> bool:
        """Tell where the solve is; whether it has to end now."""
        if self.asked is not None and not self.cancelled:
            self.cancelled = not self.asked(Progress(stage, self.value, self.bound, self.gone()))
        return self.cancelled or self.gone() >= self.seconds
