"""How far somebody walks from place to place, and in which order they walk least. Pure.

Streets are not known here: a way between two places is taken as 1.3 × the straight line, an assumption of
ours that is said wherever a length is shown. The straight line is measured in a flat frame whose metres are
those of the WGS84 ellipsoid at the places' middle latitude (equirectangular); within a ward it differs from
the geodesic by less than 0.1 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot, inf

from inventory.geodesy import Position, metres_per_degree

#: Metres walked for a metre of straight line; a guess.
DETOUR = 1.3
#: Ways through at most so many places are the shortest there are; longer ones are good, not proven.
EXACT = 9


@dataclass(frozen=True)
class Spot:
    """A polling place as a stop: its id, its number in the ward, and where it is (None: not known)."""

    id: int
    number: int
    position: Position | None


class Ground:
    """Walking distances in metres between spots that have a position, and from where everybody begins.

    Spots are spoken of by their index. `start` None: a way may begin at any of its places.
    """

    def __init__(self, points: Sequence[Position], start: Position | None) -> None:
        middle = sum(lat for lat, _ in points) / len(points) if points else 0.0
        north, east = metres_per_degree(middle)
        self.flat = flat = [(lat * north, lon * east) for lat, lon in points]
        self.between = [[DETOUR * hypot(a[0] - b[0], a[1] - b[1]) for b in flat] for a in flat]
        first = (start[0] * north, start[1] * east) if start else None
        self.first = [DETOUR * hypot(a[0] - first[0], a[1] - first[1]) if first else 0.0 for a in flat]

    def length(self, way: Sequence[int]) -> float:
        """Metres from the start through the spots in this order; nobody is walked home."""
        if not way:
            return 0.0
        return self.first[way[0]] + sum(self.between[a][b] for a, b in pairwise(way))

    def way(self, spots: Sequence[int]) -> list[int]:
        """The order in which to walk: the shortest up to EXACT spots, else nearest first, then improved."""
        if len(spots) <= 1:
            return list(spots)
        return self._shortest(sorted(spots)) if len(spots) <= EXACT else self.good(spots)

    def shortest(self, count: int) -> dict[tuple[int, int], tuple[float, int]]:
        """Held and Karp (1962): for each subset (bits) of the first `count` spots, and each of its spots as
        the last, the metres of the best way and the spot before the last (-1: none)."""
        best = {(1 << end, end): (self.first[end], -1) for end in range(count)}
        for subset in range(1, 1 << count):
            for end in range(count):
                rest = subset & ~(1 << end)
                if rest == subset or not rest:
                    continue
                best[subset, end] = min(
                    (best[rest, before][0] + self.between[before][end], before)
                    for before in range(count)
                    if rest >> before & 1
                )
        return best

    def good(self, spots: Sequence[int]) -> list[int]:
        """Nearest neighbour, then 2-opt and moves of single spots until neither helps."""
        left, way = sorted(spots), list[int]()
        while left:
            cost = self.between[way[-1]] if way else self.first
            nearest = min(left, key=lambda spot: (cost[spot], spot))
            left.remove(nearest)
            way.append(nearest)
        while self._turned(way) or self._moved(way):
            pass
        return way

    def _shortest(self, spots: list[int]) -> list[int]:
        """The shortest way through a few spots."""
        few = Ground((), None)
        few.first = [self.first[spot] for spot in spots]
        few.between = [[self.between[a][b] for b in spots] for a in spots]
        best = few.shortest(len(spots))
        subset = (1 << len(spots)) - 1
        end = min(range(len(spots)), key=lambda end: (best[subset, end][0], end))
        way = []
        while end >= 0:
            way.append(spots[end])
            subset, end = subset & ~(1 << end), best[subset, end][1]
        return way[::-1]

    def _turned(self, way: list[int]) -> bool:
        """Turn a stretch round where that shortens the way; True when it did."""
        helped = False
        for start in range(len(way)):
            for end in range(start + 1, len(way)):
                was = self._to(way, start) + self._from(way, end)
                now = self._step(way[start - 1] if start else None, way[end])
                now += self.between[way[start]][way[end + 1]] if end + 1 < len(way) else 0.0
                if now < was - 1e-6:
                    way[start : end + 1] = way[start : end + 1][::-1]
                    helped = True
        return helped

    def _moved(self, way: list[int]) -> bool:
        """Move one spot to where it lengthens the way least; True when that helped."""
        for index in range(len(way)):
            rest = way[:index] + way[index + 1 :]
            saved = self.length(way) - self.length(rest)
            place, cost = self.insertion(rest, way[index])
            if cost < saved - 1e-6:
                way[:] = [*rest[:place], way[index], *rest[place:]]
                return True
        return False

    def insertion(self, way: Sequence[int], spot: int) -> tuple[int, float]:
        """Where in a way a spot costs least, and how many metres."""
        found, least = 0, inf
        for place in range(len(way) + 1):
            before = way[place - 1] if place else None
            cost = self._step(before, spot)
            if place < len(way):
                cost += self.between[spot][way[place]] - self._step(before, way[place])
            if cost < least - 1e-9:
                found, least = place, cost
        return found, least

    def removal(self, way: Sequence[int], index: int) -> float:
        """Metres saved by leaving out one spot of a way."""
        before = way[index - 1] if index else None
        saved = self._step(before, way[index])
        if index + 1 < len(way):
            saved += self.between[way[index]][way[index + 1]] - self._step(before, way[index + 1])
        return saved

    def _step(self, before: int | None, spot: int) -> float:
        return self.first[spot] if before is None else self.between[before][spot]

    def _to(self, way: Sequence[int], index: int) -> float:
        return self._step(way[index - 1] if index else None, way[index])

    def _from(self, way: Sequence[int], index: int) -> float:
        return self.between[way[index]][way[index + 1]] if index + 1 < len(way) else 0.0


@dataclass(frozen=True)
class Way:
    """One person's way: ids of places in the order to go, and metres walked between those that have a
    position. The last `unplaced` of them have none and count for nothing."""

    places: tuple[int, ...]
    metres: float
    unplaced: int


def way(spots: Sequence[Spot], start: Position | None) -> Way:
    """The order in which to visit places; those without a position come last, by number."""
    known = sorted((spot for spot in spots if spot.position), key=lambda spot: (spot.number, spot.id))
    others = sorted((spot for spot in spots if not spot.position), key=lambda spot: (spot.number, spot.id))
    ground = Ground([spot.position for spot in known if spot.position], start)
    order = ground.way(range(len(known)))
    if start is None and order and order[0] > order[-1]:
        order.reverse()  # as long either way round: the lower number first
    places = (*(known[index].id for index in order), *(spot.id for spot in others))
    return Way(places, ground.length(order), len(others))
