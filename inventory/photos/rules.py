"""Why a photo is taken back, and what follows from it. Pure."""

from dataclasses import dataclass

from inventory.vocabulary import WithdrawReason

#: The code of a told photo that its person took back before its bytes were here.
CALLED_OFF = "called_off"
#: Characters of a person's own words; with the reason's word they fit the column.
LONGEST_WHY = 250


@dataclass(frozen=True)
class Why:
    """A reason, and a person's own words where the reason does not say it."""

    reason: WithdrawReason
    text: str = ""

    def words(self) -> str:
        """As it is kept: the reason's word, then ": " and the text."""
        return f"{self.reason.value}: {self.text}" if self.text else self.reason.value


def is_private(kept: str) -> bool:
    """Whether a kept reason says that the picture shows what nobody may see: its files must go."""
    return kept.partition(":")[0] == WithdrawReason.PRIVATE.value
