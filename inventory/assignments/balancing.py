"""Sharing out places: as many to each person, and as little walking as can be found. Pure.

Whoever has places already may keep them. What is free is shared so that nobody has more than one place more
than another (unless what is kept makes that impossible), and among such sharings the one whose ways, added
up, are shortest: proven for up to EXACT places, above that the best that three beginnings and improving by
moves and exchanges find. The same places and people always give the same answer.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import atan2, inf

from inventory.assignments.walking import Ground, Spot
from inventory.geodesy import Position

#: Up to so many places with a position every sharing is looked at.
EXACT = 10
#: Moves and exchanges that are tried at most, so that a ward of hundreds of places is answered in seconds.
MOST_TRIED = 40_000


def divide(
    spots: Sequence[Spot], people: Sequence[int], kept: Mapping[int, int], start: Position | None
) -> dict[int, int]:
    """Place id → person id for every place. `kept`: what stays as it is, of these people only.

    ValueError without people.
    """
    if not people:
        raise ValueError("nobody to share out to")
    ordered = sorted(spots, key=lambda spot: (spot.number, spot.id))
    known = [spot for spot in ordered if spot.position is not None]
    index_of = {person: index for index, person in enumerate(people)}
    shared = {spot.id: index_of[kept[spot.id]] for spot in ordered if spot.id in kept}
    held = [sum(owner == index for owner in shared.values()) for index in range(len(people))]
    free = [index for index, spot in enumerate(known) if spot.id not in shared]
    own = [
        [number for number, spot in enumerate(known) if shared.get(spot.id) == index]
        for index in range(len(people))
    ]
    ground = Ground([spot.position for spot in known if spot.position], start)
    groups = _Sharing(ground, own, free, sizes(held, len(free))).best() if free else own
    shared |= {known[number].id: index for index, group in enumerate(groups) for number in group}
    counts = [sum(owner == index for owner in shared.values()) for index in range(len(people))]
    for spot in ordered:
        if spot.id not in shared:
            shared[spot.id] = min(range(len(people)), key=lambda index: (counts[index], index))
            counts[shared[spot.id]] += 1
    return {spot.id: people[shared[spot.id]] for spot in ordered}


def sizes(held: Sequence[int], free: int) -> list[tuple[int, int]]:
    """How many of the free places each person may get, least and most, when they hold so many already.

    Water finds its level: everybody is filled up to one number, and some get one more.
    """
    level, total = 0, sum(held) + free
    while sum(max(count, level + 1) for count in held) <= total:
        level += 1
    return [(max(level - count, 0), max(level + 1 - count, 0)) for count in held]


class _Sharing:
    """Groups of spots (by index): each person's own ones, and the free ones to be shared out."""

    def __init__(
        self, ground: Ground, own: list[list[int]], free: list[int], bounds: list[tuple[int, int]]
    ) -> None:
        self.ground, self.own, self.free, self.bounds = ground, own, free, bounds
        self.people = range(len(own))
        self.spare = len(free) - sum(least for least, _most in bounds)
        self.tried = 0

    def best(self) -> list[list[int]]:
        """The groups whose ways are shortest together."""
        if len(self.ground.first) <= EXACT:
            return self._proven()
        found: tuple[float, list[list[int]]] = (inf, [])
        for begun in (self._cut(self.ground.good(self.free)), self._cut(self._swept()), self._inserted()):
            self.tried = 0
            ways = [self.ground.good(group) for group in begun]
            while self.tried < MOST_TRIED and self._improved(ways):
                pass
            found = min(found, (sum(map(self.ground.length, ways)), ways))
        return found[1]

    def _proven(self) -> list[list[int]]:
        """Every sharing, by the best way through every subset."""
        count = len(self.ground.first)
        length = [0.0, *([inf] * ((1 << count) - 1))]
        for (subset, _end), (metres, _before) in self.ground.shortest(count).items():
            length[subset] = min(length[subset], metres)
        free = sum(1 << spot for spot in self.free)
        # The free spots that the people so far have → metres of their ways, and who has which.
        states: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
        for person in self.people:
            states = self._shared_on(states, person, length)
        return [[spot for spot in range(count) if group >> spot & 1] for group in states[free][1]]

    def _shared_on(
        self, states: dict[int, tuple[float, tuple[int, ...]]], person: int, length: list[float]
    ) -> dict[int, tuple[float, tuple[int, ...]]]:
        own = sum(1 << spot for spot in self.own[person])
        found: dict[int, tuple[float, tuple[int, ...]]] = {}
        for taken, (metres, groups) in states.items():
            left = [spot for spot in self.free if not taken >> spot & 1]
            for size in sorted(set(self.bounds[person])):
                for chosen in combinations(left, size):
                    more = sum(1 << spot for spot in chosen)
                    state = (metres + length[own | more], (*groups, own | more))
                    key = taken | more
                    if key not in found or state < found[key]:
                        found[key] = state
        return found

    def _cut(self, order: Sequence[int]) -> list[list[int]]:
        """The free spots in an order, cut into pieces of the right sizes."""
        groups, begin, spare = [], 0, self.spare
        for person, (least, most) in zip(self.people, self.bounds, strict=True):
            more = most - least if spare else 0
            spare -= more
            groups.append([*self.own[person], *order[begin : begin + least + more]])
            begin += least + more
        return groups

    def _swept(self) -> list[int]:
        """The free spots as a hand of a clock in their middle passes them."""
        flat = self.ground.flat
        x = sum(flat[spot][1] for spot in self.free) / len(self.free)
        y = sum(flat[spot][0] for spot in self.free) / len(self.free)
        return sorted(self.free, key=lambda spot: (atan2(flat[spot][0] - y, flat[spot][1] - x), spot))

    def _inserted(self) -> list[list[int]]:
        """Each free spot in turn to the person for whom it costs least."""
        ways, left, spare = [self.ground.good(own) for own in self.own], list(self.free), self.spare
        given = [0] * len(ways)
        while left:
            open_to = [
                person
                for person, (least, most) in enumerate(self.bounds)
                if given[person] < least or (given[person] < most and spare)
            ]
            _cost, spot, person, place = min(
                (cost, spot, person, place)
                for spot in left
                for person in open_to
                for place, cost in [self.ground.insertion(ways[person], spot)]
            )
            spare -= given[person] >= self.bounds[person][0]
            given[person] += 1
            ways[person].insert(place, spot)
            left.remove(spot)
        return ways

    def _improved(self, ways: list[list[int]]) -> bool:
        """Go once through all pairs of people; True when a move or an exchange helped."""
        helped = False
        for one in self.people:
            for other in self.people:
                if one != other and (self._moved(ways, one, other) or self._exchanged(ways, one, other)):
                    ways[one], ways[other] = self.ground.good(ways[one]), self.ground.good(ways[other])
                    helped = True
        return helped

    def _moved(self, ways: list[list[int]], one: int, other: int) -> bool:
        """Give one spot of a person who has one more to a person who may have one more."""
        given = len(ways[one]) - len(self.own[one])
        taken = len(ways[other]) - len(self.own[other])
        if given <= self.bounds[one][0] or taken >= self.bounds[other][1]:
            return False
        for index, spot in enumerate(ways[one]):
            if spot in self.own[one]:
                continue
            self.tried += 1
            place, cost = self.ground.insertion(ways[other], spot)
            if cost < self.ground.removal(ways[one], index) - 1e-6:
                del ways[one][index]
                ways[other].insert(place, spot)
                return True
        return False

    def _exchanged(self, ways: list[list[int]], one: int, other: int) -> bool:
        """Exchange two spots of two people."""
        if one > other:
            return False
        for left, mine in enumerate(ways[one]):
            for right, theirs in enumerate(ways[other]):
                if mine in self.own[one] or theirs in self.own[other]:
                    continue
                self.tried += 1
                rest, others = [*ways[one]], [*ways[other]]
                del rest[left], others[right]
                saved = self.ground.removal(ways[one], left) + self.ground.removal(ways[other], right)
                place, cost = self.ground.insertion(rest, theirs)
                spot, more = self.ground.insertion(others, mine)
                if cost + more < saved - 1e-6:
                    ways[one], ways[other] = rest, others
                    ways[one].insert(place, theirs)
                    ways[other].insert(spot, mine)
                    return True
        return False
