"""What can close a gap before anything is bought: the ward's store, a shared venue, broken things.

The three are used up as gaps are taken in their order of priority, so that no unit is counted
twice. They change while a list is made and are thrown away with it.
"""

from collections.abc import Iterable, Mapping

from inventory.facts import InstallationFact, KindFact
from inventory.standards import stored_units
from inventory.vocabulary import Condition, LineAction
from maps.coverage.gaps import Gap
from maps.investment.pricing import Prices

#: What hands mend in place: a new thing would not help (no power) or is not needed (upside down).
#: Without a repair row such a line is shown unpriced, never at the price of a new thing [guess].
HANDWORK = frozenset(
    {Condition.DIRTY, Condition.LOOSE, Condition.OBSCURED, Condition.INVERTED, Condition.NO_POWER}
)


class Store:
    """Usable units in store by ward and kind. They are taken from the reported state in both
    figures: what lies in the store does not depend on how sure we are of what stands outside.
    """

    def __init__(self, installations: Iterable[InstallationFact], kinds: Mapping[str, KindFact]) -> None:
        self._units: dict[int, dict[str, int]] = {}
        for installation in installations:
            state = installation.reported
            units = stored_units(kinds.get(state.kind), state) if state is not None else 0
            if state is not None and units:
                ward = self._units.setdefault(state.area_id, {})
                ward[state.kind] = ward.get(state.kind, 0) + units

    def take(self, area_id: int, kinds: Iterable[str], wanted: int) -> int:
        """Take up to `wanted` units of these kinds, by kind code; answers how many there were."""
        ward = self._units.get(area_id, {})
        taken = 0
        for kind in sorted(kinds):
            units = min(ward.get(kind, 0), wanted - taken)
            if units > 0:
                ward[kind] -= units
                taken += units
        return taken


class Venues:
    """Units already provided at a venue for a requirement: one thing there serves all its places."""

    def __init__(self) -> None:
        self._provided: dict[tuple[int, int, int], int] = {}

    def share(self, key: tuple[int, int, int], wanted: int) -> int:
        """How many of `wanted` an earlier place of (ward, venue, requirement) brings; the rest is new."""
        shared = min(wanted, self._provided.get(key, 0))
        self._provided[key] = max(wanted, self._provided.get(key, 0))
        return shared


class Broken:
    """Broken units standing at a spot; each is mended or replaced for one gap only."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._left: dict[str, int] = {}

    def take(self, gap: Gap, wanted: int) -> dict[tuple[LineAction, str], int]:
        """Up to `wanted` units by (repair or replace, kind): what can be mended comes first."""
        offers = sorted(
            (self._mend(kind, Condition(condition)) is LineAction.REPLACE, identity, kind, units)
            for identity, kind, condition, units in gap.broken
        )
        taken: dict[tuple[LineAction, str], int] = {}
        for replaced, identity, kind, standing in offers:
            units = min(self._left.get(identity, standing), wanted)
            if units > 0:
                self._left[identity] = self._left.get(identity, standing) - units
                wanted -= units
                action = LineAction.REPLACE if replaced else LineAction.REPAIR
                taken[action, kind] = taken.get((action, kind), 0) + units
        return taken

    def _mend(self, kind: str, condition: Condition) -> LineAction:
        if condition is Condition.MISSING:
            return LineAction.REPLACE
        if condition in HANDWORK or self._prices.has(kind, LineAction.REPAIR):
            return LineAction.REPAIR
        return LineAction.REPLACE
