"""Rules of assignments: who may be given what, what changes, and how a preview is made. Pure."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inventory.assignments.balancing import divide
from inventory.assignments.walking import Spot, Way, way
from inventory.geodesy import Position
from inventory.outcomes import Problem
from inventory.places.rules import VisitState
from inventory.vocabulary import Role

#: Roles whose people go to places of their ward.
WALKERS = (Role.WARD_STAFF, Role.WARD_LEAD)
LONGEST_TEAM = 80


@dataclass(frozen=True)
class Given:
    """A place that a person has; `position` is where it comes on their way, from 0, `team` a group or ""."""

    place_id: int
    person_id: int
    person: str
    team: str
    position: int


@dataclass(frozen=True)
class PlaceSeen:
    """A polling place of the ward; `position` None where nobody has said where it is."""

    id: int
    number: int
    venue_name: str
    voters: int | None
    position: Position | None
    synthetic: bool
    state: VisitState


class Standing(StrEnum):
    """Whether a person can still be given places of the ward."""

    HERE = "here"
    MOVED = "moved"
    DISABLED = "disabled"


@dataclass(frozen=True)
class PersonSeen:
    """Somebody of the ward, or somebody who is not any more and still has places there."""

    id: int
    name: str
    role: Role
    standing: Standing


@dataclass(frozen=True)
class Work:
    """A ward as its lead shares it out. `start` is where everybody sets out, None where that is not known."""

    area_id: int
    area_name: str
    places: tuple[PlaceSeen, ...]
    people: tuple[PersonSeen, ...]
    given: tuple[Given, ...]
    start: Position | None

    @property
    def version(self) -> int:
        """A number below 2²⁸ that changes whenever anybody's work in the ward does."""
        return version_of(self.given)

    @property
    def holders(self) -> dict[int, Given]:
        """Who has which place."""
        return {row.place_id: row for row in self.given}

    @property
    def teams(self) -> dict[str, tuple[int, ...]]:
        """The groups, and the ids of their people who can be given places."""
        here = {person.id for person in self.people if person.standing is Standing.HERE}
        names = sorted({row.team for row in self.given if row.team})
        return {
            name: tuple(sorted({row.person_id for row in self.given if row.team == name} & here))
            for name in names
        }

    def can_be_given(self, person_id: int) -> bool:
        """Whether this person can be given places of the ward."""
        return any(one.id == person_id and one.standing is Standing.HERE for one in self.people)


@dataclass(frozen=True)
class Plan:
    """What is to be saved: new holders (None: nobody), their group, and everybody's order of places, for a
    ward whose work has this version."""

    version: int
    holders: Mapping[int, int | None]
    team: str
    orders: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True)
class Leg:
    """One person's way in a preview: places that are new to them, and those they keep."""

    person: PersonSeen
    way: Way
    new: frozenset[int]


def version_of(given: Sequence[Given]) -> int:
    """The version of a ward's work: the first 28 bits of the SHA-256 of who has what, in which order."""
    rows = sorted((row.place_id, row.person_id, row.team, row.position) for row in given)
    return int(hashlib.sha256(repr(rows).encode()).hexdigest()[:7], 16)


def problems(work: Work, holders: Mapping[int, int | None]) -> tuple[Problem, ...]:
    """Why these changes cannot be made. Who has a place already may keep it, wherever they are now."""
    if not holders:
        return (Problem("nothing", "Hãy chọn ít nhất một nơi bỏ phiếu.", "place"),)
    if holders.keys() - {place.id for place in work.places}:
        return (Problem("place_unknown", "Có nơi bỏ phiếu không thuộc phường, xã này.", "place"),)
    now = work.holders
    for place_id, person_id in holders.items():
        kept = place_id in now and now[place_id].person_id == person_id
        if person_id is not None and not kept and not work.can_be_given(person_id):
            return (Problem("person_unknown", "Người này không nhận được nơi của phường, xã này.", "person"),)
    return ()


def plan(work: Work, holders: Mapping[int, int | None], team: str) -> Plan:
    """The changes with the new order of everybody whose places change."""
    after = {row.place_id: row.person_id for row in work.given}
    touched = {after[place_id] for place_id in holders if place_id in after}
    for place_id, person_id in holders.items():
        after.pop(place_id, None)
        if person_id is not None:
            after[place_id] = person_id
            touched.add(person_id)
    orders = {person: _way(work, after, person).places for person in sorted(touched)}
    return Plan(work.version, dict(holders), team, orders)


def share(
    work: Work, people: Sequence[int], wanted: Collection[int], keep: bool
) -> tuple[dict[int, int | None], tuple[Leg, ...]]:
    """Share places evenly among people: the new holders, and each person's way as it would be.

    `wanted`: ids of the places to share, all of the ward where empty; with `keep` those that somebody has
    stay. What the people have beside these stays theirs and counts.
    """
    now = {row.place_id: row.person_id for row in work.given}
    pool = {place.id for place in work.places if not wanted or place.id in wanted}
    pool -= now.keys() if keep else set()
    kept = {place: person for place, person in now.items() if person in people and place not in pool}
    spots = [_spot(place) for place in work.places if place.id in pool or place.id in kept]
    shared = divide(spots, people, kept, work.start)
    named = {person.id: person for person in work.people}
    legs = tuple(
        Leg(
            named[person],
            _way(work, shared, person),
            frozenset(place for place, one in shared.items() if one == person and now.get(place) != person),
        )
        for person in people
    )
    return {place: shared[place] for place in sorted(pool)}, legs


def ways(work: Work) -> dict[int, Way]:
    """Everybody's way as it is now."""
    now = {row.place_id: row.person_id for row in work.given}
    return {person: _way(work, now, person) for person in sorted(set(now.values()))}


def _way(work: Work, holders: Mapping[int, int], person: int) -> Way:
    return way([_spot(place) for place in work.places if holders.get(place.id) == person], work.start)


def _spot(place: PlaceSeen) -> Spot:
    return Spot(place.id, place.number, place.position)
