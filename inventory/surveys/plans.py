"""From "so many stand, so many work" to the state of every record. Pure.

Kinds that are not bulk have one record a thing, so "3 found" keeps, adds or marks as missing single
records until three stand; bulk kinds change their quantity. Ids are kept: what stood there last time
is amended and never recorded twice. A number that shrinks marks the surplus as missing, because the
history of a thing is part of the inventory.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inventory.installations.record import Record
from inventory.installations.rules import KindSeen
from inventory.surveys.checklist import Count, Standing, count
from inventory.vocabulary import Condition, Lifecycle


@dataclass
class Plan:
    """The state of every known thing after the answer, and the new ones."""

    known: list[tuple[Standing, Record]]
    new: list[Record]


def is_present(record: Record) -> bool:
    """Whether a record says that something stands."""
    lost = record.lifecycle is Lifecycle.LOST or record.condition is Condition.MISSING
    return record.quantity > 0 and not lost


def gone(kind: KindSeen, record: Record) -> Record:
    """A thing that is not there any more; where the kind cannot be missing it is lost."""
    if kind.has(Condition.MISSING):
        quantity = 0 if kind.bulk else record.quantity
        return replace(record, quantity=quantity, working=0, condition=Condition.MISSING)
    return replace(record, lifecycle=Lifecycle.LOST)


def _sound(kind: KindSeen, record: Record, wanted: Count) -> Record:
    """A record whose things all work: the condition that was said, its own if it works, else good."""
    condition = record.condition if kind.works(record.condition) else Condition.GOOD
    if wanted.condition is not None and wanted.found == wanted.working:
        condition = wanted.condition
    return replace(record, working=record.quantity, condition=condition)


def _broken(kind: KindSeen, record: Record, working: int, wanted: Count, first: Condition | None) -> Record:
    """A record with things that do not work: the condition that was said, else its own, else the first's."""
    own = record.condition
    if own is Condition.MISSING or kind.works(own):
        own = first or own
    return replace(record, working=working, condition=wanted.condition or own)


def single(kind: KindSeen, things: Sequence[Standing], wanted: Count, blank: Record) -> Plan:
    """One record a thing: the working ones first, then the broken, then those that had gone."""

    def order(thing: Standing) -> tuple[bool, bool, str]:
        return not thing.present, not kind.works(thing.record.condition), thing.id

    ordered = sorted(things, key=order)
    first = count(kind, things).condition
    known: list[tuple[Standing, Record]] = []
    new: list[Record] = []
    for number in range(max(wanted.found, len(ordered))):
        thing = ordered[number] if number < len(ordered) else None
        record = thing.record if thing else blank
        if number >= wanted.found:
            if thing is not None and thing.present:
                known.append((thing, gone(kind, record)))
            continue
        fresh = replace(record, quantity=1)
        state = (
            _sound(kind, fresh, wanted) if number < wanted.working else _broken(kind, fresh, 0, wanted, first)
        )
        if thing is None:
            new.append(state)
        else:
            known.append((thing, state))
    return Plan(known, new)


def bulk(kind: KindSeen, things: Sequence[Standing], wanted: Count, blank: Record) -> Plan:
    """Quantities of identical things: more go to the first record, fewer come from the last."""
    present = [thing for thing in things if thing.present] or list(things[:1])
    if not present:
        record = replace(blank, quantity=wanted.found)
        return Plan([], [_state(kind, record, wanted.working, wanted, None)] if wanted.found else [])
    amounts = [thing.record.quantity for thing in present]
    quantities = spread(amounts, wanted.found, None)
    sound = [min(thing.record.working, amount) for thing, amount in zip(present, quantities, strict=True)]
    working = spread(sound, wanted.working, quantities)
    first = count(kind, things).condition
    known = []
    for thing, quantity, well in zip(present, quantities, working, strict=True):
        if quantity == 0:
            known.append((thing, gone(kind, thing.record)))
        else:
            known.append((thing, _state(kind, replace(thing.record, quantity=quantity), well, wanted, first)))
    return Plan(known, [])


def _state(kind: KindSeen, record: Record, working: int, wanted: Count, first: Condition | None) -> Record:
    if working == record.quantity:
        return _sound(kind, record, wanted)
    return _broken(kind, record, working, wanted, first)


def spread(amounts: Sequence[int], total: int, caps: Sequence[int] | None) -> list[int]:
    """Change amounts so that they sum to a total: what is more goes to the first with room, what is
    less comes from the last. The caps, where given, have room for the total."""
    result = list(amounts)
    rest = total - sum(result)
    for place in range(len(result)):
        room = rest if caps is None else min(rest, caps[place] - result[place])
        if rest > 0 and room > 0:
            result[place] += room
            rest -= room
    for place in reversed(range(len(result))):
        if rest < 0:
            less = min(-rest, result[place])
            result[place] -= less
            rest += less
    return result
