"""The recount's own answer to what a plan serves: loops over choices and wants, geopy's geodesics. Pure."""

from collections.abc import Mapping, Sequence

from geographiclib.geodesic import Geodesic
from geopy.distance import geodesic

from inventory.facts import StateFact
from maps.plan.offers import Want
from maps.plan.result import Choice
from maps.plan.terms import World

#: Distances this near to a limit are not told apart by two ways of computing them (metres).
_SAME_M = 1e-5


def served_by(world: World, choices: Sequence[Choice], wants: Mapping[str, Want]) -> dict[str, Want]:
    """The wants to which the choices bring all that they need."""
    counting = _Serving(world)
    mine: dict[int, list[Choice]] = {}
    for choice in choices:
        mine.setdefault(choice.candidate.requirement_id, []).append(choice)
    return {
        key: want
        for key, want in wants.items()
        if sum(counting.brings(choice, want) for choice in mine.get(want.requirement_id, ())) >= want.need
    }


class _Serving:
    def __init__(self, world: World) -> None:
        self._world = world
        self._places = {place.id: place for place in world.facts.places}
        self._asked = {one.id: one for one in world.facts.standard.requirements}

    def brings(self, choice: Choice, want: Want) -> int:
        """Units that a choice brings to a want of its requirement."""
        one = choice.candidate
        if one.group:
            return self._bundle(choice, want)
        units = sum(part.units for part in choice.parts) + sum(units for _, units in choice.from_store)
        return units if self._serves(choice, want) else 0

    def _bundle(self, choice: Choice, want: Want) -> int:
        """A bundle closes the gaps of its venue (or ward) that lack no more than it brings."""
        one = choice.candidate
        if one.area_id != want.area_id or (one.place_id is None) != (want.place_id is None):
            return 0
        if one.place_id is not None and want.place_id is not None:
            venues = {self._places[place].venue_id for place in (one.place_id, want.place_id)}
            if len(venues) > 1:
                return 0
        units = sum(part.units for part in choice.parts) + sum(units for _, units in choice.from_store)
        return int(units >= want.missing)

    def _serves(self, choice: Choice, want: Want) -> bool:
        one, requirement = choice.candidate, self._asked[want.requirement_id]
        if requirement.within_m is None and not requirement.by_reach:
            return False  # a thing on a free site counts for nothing that hangs at the venue
        if None in (one.lat, one.lon, want.lat, want.lon):
            return self._at_its_venue(choice, want)
        there, here = (one.lat, one.lon), (want.lat, want.lon)
        metres = float(geodesic(there, here).meters)
        if requirement.within_m is not None:
            return metres <= requirement.within_m + _SAME_M
        if one.thing is None:
            kind = choice.parts[0].kind if choice.parts else choice.from_store[0][0]
            return metres <= self._world.reach.radius_of_new(kind, want.area_id) + _SAME_M
        state = self._state(one.thing)
        line = Geodesic.WGS84.Inverse(one.lat, one.lon, want.lat, want.lon)
        heard = self._world.reach.served([state], [metres], [line["azi1"] % 360.0], [want.area_id])
        return bool(heard[0])

    def _at_its_venue(self, choice: Choice, want: Want) -> bool:
        """Without a position: what stands at the venue of a place counts there."""
        one = choice.candidate
        if not want.own or want.place_id is None:
            return False
        if one.thing is not None:
            return self._state(one.thing).venue_id == self._places[want.place_id].venue_id
        if one.place_id is None or one.site is not None or want.lat is not None:
            return False
        return self._places[one.place_id].venue_id == self._places[want.place_id].venue_id

    def _state(self, identity: str) -> StateFact:
        state = next(one.reported for one in self._world.facts.installations if one.id == identity)
        assert state is not None  # noqa: S101 -- only what was reported is offered
        return state
