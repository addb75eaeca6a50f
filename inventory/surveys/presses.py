"""One press of a visit's button: what came for each item, and what that comes to. Writes nothing."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from inventory.installations.record import Record
from inventory.outcomes import Problem
from inventory.photos.intake import Received
from inventory.surveys import rules
from inventory.surveys.checklist import Item, item_key
from inventory.surveys.numbers import Sent
from inventory.surveys.queries import Sheet, Target
from inventory.surveys.rules import Decision
from inventory.surveys.spots import Spot, choose_spot
from inventory.vocabulary import PositionSource, Zone


@dataclass(frozen=True)
class ItemSent:
    """One item as it came: `prefix` names its fields ("items-3-"), `key` the item, `base` the digest
    of what the page was made from (None: a program that did not say). `extra` rows add a thing. `new`
    are the ids that a phone gives to what it adds, in their order."""

    prefix: str
    key: str
    sent: Sent
    base: str | None = None
    fix: Spot | None = None
    extra: bool = False
    pictures: tuple[Received, ...] = ()
    new: tuple[str, ...] = ()

    def new_id(self, ordinal: int) -> str:
        """The id of the item's n-th new thing, "" where the phone gave none."""
        return self.new[ordinal] if ordinal < len(self.new) else ""


@dataclass(frozen=True)
class Submission:
    """One press: what came for each item, zones with nothing in them, and where the person stood.

    `visit` is the id that a phone gave to the visit, `device_at` the phone's own time."""

    items: tuple[ItemSent, ...]
    empty_zones: frozenset[Zone] = frozenset()
    typed: Spot | None = None
    fix: Spot | None = None
    note: str = ""
    finish: bool = False
    synthetic: bool = False
    visit: str | None = None
    device_at: datetime | None = None

    @property
    def offline(self) -> bool:
        """Whether it was said on a phone, whose base may be older than the newest state."""
        return self.visit is not None


@dataclass(frozen=True)
class Decided:
    """An item with its answer and what the answer means."""

    came: ItemSent
    item: Item
    decision: Decision


@dataclass
class Sorted:
    """What the items came to: decisions, or what is wrong, or what somebody else changed."""

    decided: list[Decided] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    stale: list[tuple[str, object, object]] = field(default_factory=list)
    seen: set[tuple[Zone, str]] = field(default_factory=set)


def sort(sheet: Sheet, submission: Submission) -> Sorted:
    """Decide every item; what was not mentioned in a zone with nothing in it is answered with none."""
    result = Sorted()
    items = {item.key: item for item in sheet.items}
    listed = {(item.zone, item.kind.code) for item in sheet.items if len(item.kinds) == 1}
    came = {row.key: row for row in submission.items if not row.extra}
    for key, item in items.items():
        if key not in came and item.zone in submission.empty_zones:
            came[key] = ItemSent(f"zones-{item.zone}-", key, Sent())
    for row in came.values():
        found = items.get(row.key) or unlisted(sheet, row.key)
        if found is None:
            result.problems.append(
                Problem("item_unknown", "Danh mục vừa đổi; hãy tải lại trang.", row.prefix)
            )
        else:
            _decide(result, sheet, submission, row, found)
    for row in (row for row in submission.items if row.extra):
        found = unlisted(sheet, row.key)
        if found is None:
            result.problems.append(
                Problem("kind_unknown", "Chọn một loại trong danh mục.", f"{row.prefix}kind")
            )
        elif (found.zone, found.kind.code) in result.seen | listed:
            result.problems.append(
                Problem(
                    "kind_twice", "Loại này đã có ở danh sách trên: ghi số ở mục đó.", f"{row.prefix}kind"
                )
            )
        else:
            _decide(result, sheet, submission, row, found)
    return result


def unlisted(sheet: Sheet, key: str) -> Item | None:
    """An item for a kind that the checklist does not ask for, in a zone of this target."""
    word, _, code = key.partition(".")
    zone = next((zone for zone in sheet.target.zones if zone.value == word), None)
    kind = sheet.kinds.get(code)
    if zone is None or kind is None or not kind.in_use:
        return None
    return Item(item_key(zone, code), zone, (kind,), kind)


def _decide(result: Sorted, sheet: Sheet, submission: Submission, row: ItemSent, item: Item) -> None:
    spot = choose_spot(row.fix or submission.fix, submission.typed, venue_spot(sheet.target))
    outcome = rules.decide(item, row.sent, blank(sheet.target, spot))
    if outcome is None and item.zone in submission.empty_zones and not item.answered:
        outcome = rules.decide(item, Sent(quick="none"), blank(sheet.target, spot))
    if outcome is None:
        return
    if isinstance(outcome, tuple):
        result.problems += [replace(problem, field=row.prefix + problem.field) for problem in outcome]
        return
    result.seen.add((item.zone, outcome.kind.code))
    if row.base not in (None, item.base) and _writes(outcome):
        before = item.before
        theirs, mine = f"{before.working}/{before.found}", f"{outcome.working}/{outcome.found}"
        result.stale.append((f"{row.prefix}found", theirs, mine))
    result.decided.append(Decided(row, item, outcome))


def _writes(decision: Decision) -> bool:
    return bool(decision.creates) or any(one.record != one.thing.record for one in decision.amends)


def venue_spot(target: Target) -> Spot | None:
    """The venue's own point as a spot."""
    return Spot(*target.point, PositionSource.VENUE) if target.point else None


def blank(target: Target, spot: Spot) -> Record:
    """What every new thing of the target begins as, at this spot."""
    return Record(
        kind_code="",
        area_id=target.area_id,
        venue_id=target.venue_id,
        lat=spot.lat,
        lon=spot.lon,
        position_source=spot.source,
        accuracy_m=spot.accuracy_m,
        position_age_s=spot.age_s,
    )
