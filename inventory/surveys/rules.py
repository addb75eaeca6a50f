"""What a submitted answer means for the records: pure decisions, numbers in, writes out."""

from dataclasses import dataclass, replace

from inventory.installations.record import Record
from inventory.installations.rules import KindSeen
from inventory.outcomes import Problem
from inventory.surveys import numbers, plans
from inventory.surveys.checklist import Count, Item, Standing, count, working_units
from inventory.surveys.numbers import Details, Sent
from inventory.surveys.plans import Plan, is_present
from inventory.vocabulary import ReviewState


@dataclass(frozen=True)
class Create:
    """A new record; `ordinal` counts the new ones of an item, so that a replay finds the same ids."""

    ordinal: int
    record: Record


@dataclass(frozen=True)
class Amend:
    """A known thing in its new state; equal states confirm it for this campaign."""

    thing: Standing
    record: Record


@dataclass(frozen=True)
class Decision:
    """What an item comes to: `amends` with an equal record only confirm it for this campaign.

    `pictured` is what its photos show: the first thing that does not work, else the first.
    """

    kind: KindSeen
    found: int
    working: int
    creates: tuple[Create, ...] = ()
    amends: tuple[Amend, ...] = ()
    pictured: Standing | Create | None = None


def decide(item: Item, sent: Sent, blank: Record) -> Decision | tuple[Problem, ...] | None:
    """Decide one item; None when nothing was said. `blank` has area, venue, zone and position."""
    kind = next((kind for kind in item.kinds if kind.code == (sent.kind or item.kind.code)), None)
    if kind is None:
        return (Problem("kind_other", "Thứ khác loại thì ghi ở phần “Thêm thứ khác ở đây”.", "kind"),)
    things = item.things if kind.code == item.kind.code else ()
    details = new_details(item, kind, sent.details)
    if is_silent(sent, details):
        return None
    before = count(kind, things)
    wanted = numbers.read(item.needed, kind, before, sent)
    if isinstance(wanted, Problem):
        return (wanted,)
    blank = _fresh(blank, item, kind)
    if _unchanged(before, wanted):
        plan = Plan([(thing, thing.record) for thing in things if thing.present or thing.returned], [])
    elif kind.bulk:
        plan = plans.bulk(kind, things, wanted, blank)
    else:
        plan = plans.single(kind, things, wanted, blank)
    return _decision(kind, plan, wanted, details)


def _fresh(blank: Record, item: Item, kind: KindSeen) -> Record:
    """A new thing of the kind, of its usual size."""
    width, height = (kind.default_width_m, kind.default_height_m) if kind.sized else (None, None)
    return replace(blank, kind_code=kind.code, zone=item.zone, width_m=width, height_m=height)


def is_silent(sent: Sent, details: Details) -> bool:
    """Whether an item was left alone: what the page showed and nobody touched is no answer."""
    numbers = sent.found is not None or sent.working is not None
    return not (sent.quick or numbers or sent.photos or sent.condition) and details == Details()


def new_details(item: Item, kind: KindSeen, said: Details) -> Details:
    """Only what differs from what the page showed; what the kind does not have is dropped."""
    shown = shown_details(item, kind)
    return Details(
        slogan_id=said.slogan_id if kind.texted and said.slogan_id != shown.slogan_id else None,
        azimuth=said.azimuth if kind.directional and said.azimuth != shown.azimuth else None,
        width_m=said.width_m if kind.sized and said.width_m != shown.width_m else None,
        height_m=said.height_m if kind.sized and said.height_m != shown.height_m else None,
        note=said.note if said.note != shown.note else "",
    )


def shown_details(item: Item, kind: KindSeen) -> Details:
    """What the page shows before anybody touches it: the first thing's own, else the kind's size."""
    first = item.first if kind.code == item.kind.code else None
    if first is None:
        return Details(width_m=kind.default_width_m, height_m=kind.default_height_m)
    return Details(first.slogan_id, first.azimuth, first.width_m, first.height_m, first.note)


def _unchanged(before: Count, wanted: Count) -> bool:
    same = (before.found, before.working) == (wanted.found, wanted.working)
    return same and wanted.condition in (None, before.condition)


def _decision(kind: KindSeen, plan: Plan, wanted: Count, details: Details) -> Decision:
    known = [Amend(thing, _described(record, details)) for thing, record in plan.known]
    creates = tuple(Create(number, _described(record, details)) for number, record in enumerate(plan.new))
    amends = tuple(
        amend
        for amend in known
        if amend.record != amend.thing.record
        or amend.thing.review not in (ReviewState.SUBMITTED, ReviewState.VERIFIED)
    )
    shown = [(amend.record, amend.thing) for amend in known if is_present(amend.record)]
    shown += [(create.record, create) for create in creates]  # type: ignore[misc]
    broken = (target for record, target in shown if working_units(kind, record) < record.quantity)
    pictured = next(broken, shown[0][1] if shown else None)
    return Decision(kind, wanted.found, wanted.working, creates, amends, pictured)


def _described(record: Record, details: Details) -> Record:
    if not is_present(record):
        return record
    return replace(
        record,
        slogan_id=record.slogan_id if details.slogan_id is None else details.slogan_id,
        azimuth=record.azimuth if details.azimuth is None else details.azimuth,
        width_m=record.width_m if details.width_m is None else details.width_m,
        height_m=record.height_m if details.height_m is None else details.height_m,
        note=details.note or record.note,
    )
