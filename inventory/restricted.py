"""Who may know where a restricted venue is: the rule, once, for every page, file and map. Pure.

What is hidden is the position and whatever would give it away: the address, distances from the place,
and distances to things that stand at its venue.
"""

from inventory.access.permissions import Actor, Permission
from inventory.vocabulary import VenueKind


def may_know_position(actor: Actor, restricted: bool, venue_kind: VenueKind) -> bool:
    """Where a restricted venue or a unit of the armed forces is, only its ward and the office know.

    A venue is `restricted` when one of its places is: another place there must not give it away. The
    caller has already asked whether the actor sees the place at all.
    """
    if not restricted and venue_kind is not VenueKind.ARMED_FORCES:
        return True
    return actor.may(Permission.SURVEY)
