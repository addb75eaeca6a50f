"""The checklist of a visit: what to look for, zone by zone, and what stood there so far. Pure.

An item is one zone × one kind (or one family, whose kind is then chosen on the spot). Requirements
of the same kind in the same zone become one item, because people count things and not requirements.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from inventory.facts import RequirementFact
from inventory.installations.record import Record
from inventory.installations.rules import KindSeen
from inventory.standards import needed
from inventory.vocabulary import Condition, ReviewState, Zone


@dataclass(frozen=True)
class Standing:
    """One installation that is recorded here; `review` is None before this campaign saw it.

    `reason_*` are the office's words when it was returned, `photos` how many pictures it has.
    """

    id: str
    version: int
    record: Record
    review: ReviewState | None = None
    reason_code: str = ""
    reason_field: str = ""
    reason_text: str = ""
    photos: int = 0

    @property
    def present(self) -> bool:
        """Whether it stands here; a missing one is kept, because it may come back."""
        return self.record.condition is not Condition.MISSING and self.record.quantity > 0

    @property
    def returned(self) -> bool:
        """Whether the office sent it back."""
        return self.review is ReviewState.RETURNED


@dataclass(frozen=True)
class Answered:
    """What was answered in the visit that is still open."""

    zone: Zone
    kind: str
    found: int


@dataclass(frozen=True)
class Count:
    """How many stand, how many of them work, and the condition of the first that does not."""

    found: int
    working: int
    condition: Condition | None


@dataclass(frozen=True)
class Item:
    """One thing to look for. `kinds` has several members where the kind can still be chosen.

    `needed` is 0 for things that no requirement asks for. `found` is the answer of the open visit,
    None while this visit says nothing yet.
    """

    key: str
    zone: Zone
    kinds: tuple[KindSeen, ...]
    kind: KindSeen
    requirements: tuple[RequirementFact, ...] = ()
    needed: int = 0
    voters_unknown: bool = False
    things: tuple[Standing, ...] = ()
    found: int | None = None

    @property
    def mandatory(self) -> bool:
        """Whether a mandatory requirement asks for it."""
        return any(requirement.mandatory for requirement in self.requirements)

    @property
    def within_m(self) -> float | None:
        """The distance in which things elsewhere count too, where a requirement has one."""
        return max((row.within_m for row in self.requirements if row.within_m), default=None)

    @property
    def before(self) -> Count:
        """What stands here by the records."""
        return count(self.kind, self.things)

    @property
    def returned(self) -> tuple[Standing, ...]:
        """What the office sent back, with its reasons."""
        return tuple(thing for thing in self.things if thing.returned)

    @property
    def answered(self) -> bool:
        """Whether this visit has its answer; a returned thing asks again."""
        return self.found is not None and not self.returned

    @property
    def recorded(self) -> bool:
        """Whether anything was ever recorded here that stands."""
        return any(thing.present for thing in self.things)

    @property
    def first(self) -> Record | None:
        """The record whose details are shown: the first that stands."""
        return next((thing.record for thing in self.things if thing.present), None)

    @property
    def photos(self) -> int:
        """How many pictures of this campaign show what stands here."""
        return sum(thing.photos for thing in self.things if thing.present)

    @property
    def base(self) -> str:
        """A short digest of the things and their versions: tells whether somebody saved in between."""
        text = ",".join(sorted(f"{thing.id}:{thing.version}" for thing in self.things))
        return hashlib.sha256(text.encode()).hexdigest()[:12] if text else "0"


@dataclass(frozen=True)
class ZoneList:
    """The items of one zone, and the kinds that can be added there."""

    zone: Zone
    items: tuple[Item, ...]
    more: tuple[KindSeen, ...] = field(default=())

    @property
    def answered(self) -> int:
        """How many items have their answer."""
        return sum(item.answered for item in self.items)


def choices(kind: KindSeen) -> tuple[Condition, ...]:
    """Conditions a person chooses from: a thing that is missing is said by the number instead."""
    return tuple(word for word, _ in kind.conditions if word is not Condition.MISSING)


def working_units(kind: KindSeen, record: Record) -> int:
    """How many of a record's things are in order."""
    if kind.bulk:
        return record.working
    return record.quantity if kind.works(record.condition) else 0


def count(kind: KindSeen, things: Iterable[Standing]) -> Count:
    """Sum what is present."""
    present = [thing.record for thing in things if thing.present]
    broken = (row.condition for row in present if working_units(kind, row) < row.quantity)
    first = present[0].condition if present else None
    return Count(
        sum(row.quantity for row in present),
        sum(working_units(kind, row) for row in present),
        next(broken, first),
    )


def item_key(zone: Zone, word: str) -> str:
    """The name of an item, the same in every version of the standard: "gate.BANNER_H", "gate.audio"."""
    return f"{zone.value}.{word}"


def build(
    zones: Sequence[Zone],
    requirements: Sequence[RequirementFact],
    kinds: Mapping[str, KindSeen],
    things: Sequence[Standing],
    answers: Sequence[Answered],
    voters: int | None,
) -> tuple[ZoneList, ...]:
    """Make the checklist: `requirements` are those that apply here, in walking order."""
    made = {zone: _Maker(zone, kinds, things, answers, voters) for zone in zones}
    for zone, maker in made.items():
        maker.take([row for row in requirements if row.zone is zone])
    return tuple(maker.done() for maker in made.values())


class _Maker:
    """Collects the items of one zone; every kind belongs to at most one item."""

    def __init__(
        self,
        zone: Zone,
        kinds: Mapping[str, KindSeen],
        things: Sequence[Standing],
        answers: Sequence[Answered],
        voters: int | None,
    ) -> None:
        self.zone, self.kinds, self.voters = zone, kinds, voters
        self.things: dict[str, list[Standing]] = {}
        for thing in sorted(things, key=lambda thing: thing.id):
            if thing.record.zone is zone and thing.record.kind_code in kinds:
                self.things.setdefault(thing.record.kind_code, []).append(thing)
        self.found = {row.kind: row.found for row in answers if row.zone is zone}
        self.items: list[Item] = []

    def take(self, requirements: Sequence[RequirementFact]) -> None:
        """Group the zone's requirements by what they count."""
        groups: dict[str, list[RequirementFact]] = {}
        for row in requirements:
            groups.setdefault(row.kind or row.family.value, []).append(row)
        named = {row.kind for row in requirements}
        for word, rows in groups.items():
            kinds = self._kinds_of(rows[0], named)
            # A family whose kinds all have items of their own asks for nothing more to look at.
            if kinds:
                self._add(word, kinds, rows)

    def _kinds_of(self, row: RequirementFact, named: set[str | None]) -> tuple[KindSeen, ...]:
        if row.kind is not None:
            return (self.kinds[row.kind],)
        family = [
            kind for kind in self.kinds.values() if kind.family is row.family and kind.code not in named
        ]
        return tuple(kind for kind in family if kind.in_use or kind.code == row.priced_kind)

    def _add(self, word: str, kinds: tuple[KindSeen, ...], rows: list[RequirementFact]) -> None:
        kind = self._choose(kinds, rows)
        things = self.things.get(kind.code, [])
        taken = any(thing.present for thing in things) or bool(self.found.get(kind.code))
        # A kind that is recorded here beside the chosen one has an item of its own.
        free = tuple(one for one in kinds if one is kind or one.code not in self.things)
        needs = [needed(row, self.voters) for row in rows]
        self.items.append(
            Item(
                key=item_key(self.zone, word),
                zone=self.zone,
                kinds=(kind,) if taken else free,
                kind=kind,
                requirements=tuple(rows),
                needed=sum(need.units for need in needs),
                voters_unknown=any(need.voters_unknown for need in needs),
                things=tuple(things),
                found=self.found.get(kind.code),
            )
        )

    def _choose(self, kinds: tuple[KindSeen, ...], rows: list[RequirementFact]) -> KindSeen:
        """The kind that is there; else the one the standard prices; else the first."""
        default = rows[0].priced_kind

        def weight(kind: KindSeen) -> tuple[bool, int, bool]:
            here = sum(thing.present for thing in self.things.get(kind.code, ()))
            return kind.code in self.found, here, kind.code == default

        return max(kinds, key=weight)

    def done(self) -> ZoneList:
        """Add what is recorded though nobody asks for it, and say what can still be added."""
        own = {item.kind.code for item in self.items}
        for code in [code for code in self.kinds if code in self.things and code not in own]:
            self.items.append(
                Item(
                    key=item_key(self.zone, code),
                    zone=self.zone,
                    kinds=(self.kinds[code],),
                    kind=self.kinds[code],
                    things=tuple(self.things[code]),
                    found=self.found.get(code),
                )
            )
        own = {item.kind.code for item in self.items if len(item.kinds) == 1}
        more = tuple(kind for kind in self.kinds.values() if kind.in_use and kind.code not in own)
        return ZoneList(self.zone, tuple(self.items), more)
