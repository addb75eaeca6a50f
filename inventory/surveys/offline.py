"""Writes of visits that were made without a network: one item, or "Xong nơi này", of a phone's visit.

An item is decided against what its phone saw: the things in its base, at the versions they had there.
What others did since to other fields stays; what contradicts it answers Stale. The rules and the writing
are those of the web's form (rules, writing).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from inventory import database
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.errors import Unseen
from inventory.geodesy import Position
from inventory.installations import evidence, writes
from inventory.installations.actions import hold
from inventory.installations.fixes import Fix
from inventory.outcomes import Outcome, Problem, Refused, Stale, refuse
from inventory.receipts import Entry
from inventory.surveys import queries, rules, writing
from inventory.surveys.checklist import Item, Standing, count, item_key
from inventory.surveys.numbers import Details, Sent
from inventory.surveys.presses import Decided, ItemSent, Submission, blank, sort, venue_spot
from inventory.surveys.queries import Sheet, Target
from inventory.surveys.rules import Decision
from inventory.surveys.spots import Spot, choose_spot
from inventory.surveys.writing import Visited
from inventory.tables.installation import Installation
from inventory.tables.survey import Survey
from inventory.vocabulary import PositionSource, Zone

ZONE_NOT_EMPTY = Problem(
    "zone_not_empty", "Có khu vực ghi là không có gì nhưng hồ sơ vẫn có; hồ sơ được giữ nguyên."
)


@dataclass(frozen=True)
class Told:
    """One item as a phone tells it.

    `base` are the things it saw for the item with their versions, `new` the ids that it gives to what it
    adds, `near` what was answered about neighbours: (the other's id, the same one or not).
    """

    visit: str
    key: str
    sent: Sent
    extra: bool
    base: Mapping[str, int]
    new: tuple[str, ...]
    fix: Fix | None = None
    tap: Position | None = None
    reason: str = ""
    near: tuple[tuple[str, bool], ...] = ()
    made_at: datetime | None = None


@dataclass(frozen=True)
class Ended:
    """ "Xong nơi này" as a phone tells it: the zones where nothing stands, and a word on the visit."""

    visit: str
    empty_zones: frozenset[Zone]
    note: str = ""
    made_at: datetime | None = None


@database.action
def answer(actor: Actor, campaign: CampaignSeen, target: Target, told: Told, entry: Entry) -> Outcome:
    """Store one item of a visit; `Visited.left` says in which versions it leaves its things."""
    if not sees(actor, target.area_id):
        raise Unseen("area", target.area_id)
    writing.lock(target)
    hold(told.base)
    sheet = queries.sheet(db.session(), actor, campaign, target)
    if sheet.standard_id is None:
        return writing.NO_STANDARD
    decided = decide(sheet, told, _stood(sheet, told.base))
    if not isinstance(decided, Decided):
        return decided
    done = writing.store(actor, campaign, sheet, pressed(told), [decided], entry)
    if isinstance(done, Visited):
        for number in done.created:
            evidence.keep(number, entry.id, told.fix, told.tap, told.reason, actor.person_id)
            evidence.answer_near(number, told.near, actor.person_id, entry.id)
    return done


def pressed(told: Told | Ended) -> Submission:
    """The press of the web's form that an entry of a phone stands for."""
    if isinstance(told, Told):
        return Submission((), visit=told.visit, device_at=told.made_at)
    return Submission(
        (), told.empty_zones, note=told.note, finish=True, visit=told.visit, device_at=told.made_at
    )


def _stood(sheet: Sheet, base: Mapping[str, int]) -> list[Standing]:
    """The things of the base as the phone saw them, with today's review."""
    now = {thing.id: thing for item in sheet.items for thing in item.things}
    rows = db.session.scalars(
        select(Installation)
        .where(Installation.id.in_(sorted(base)))
        .order_by(Installation.id)
        .execution_options(populate_existing=True)
    )
    found = []
    for row in rows.all():
        record, version = writes.record_of(row), base[row.id]
        if version != row.version:
            record = writes.seen_at(row.id, version) or record
        known = now.get(row.id)
        found.append(Standing(row.id, version, record, known.review if known else None))
    return found


def _item_seen(sheet: Sheet, told: Told, stood: Sequence[Standing]) -> Item | None:
    """The item as its phone saw it; a checklist that changed meanwhile takes nothing from anybody."""
    listed = next((item for item in sheet.items if item.key == told.key), None)
    word, _, code = told.key.partition(".")
    zone = next((zone for zone in sheet.target.zones if zone.value == word), None)
    kind = sheet.kinds.get(told.sent.kind or (listed.kind.code if listed else code))
    if zone is None or kind is None:
        return None
    things = tuple(
        thing for thing in stood if thing.record.kind_code == kind.code and thing.record.zone is zone
    )
    if not kind.in_use and not things and (listed is None or kind not in listed.kinds):
        return None
    return Item(
        key=listed.key if listed else item_key(zone, code),
        zone=zone,
        kinds=(kind,),
        kind=kind,
        requirements=listed.requirements if listed else (),
        needed=listed.needed if listed else 0,
        things=things,
    )


def decide(sheet: Sheet, told: Told, stood: Sequence[Standing]) -> Decided | Outcome:
    """What one item comes to; `stood` are the things of its base as the phone saw them."""
    item = _item_seen(sheet, told, stood)
    if item is None:
        return refuse("item_unknown", "Danh mục không còn mục này; hãy cập nhật dữ liệu rồi ghi lại.", "key")
    came = ItemSent("", item.key, _defaulted(told), new=told.new)
    new = blank(sheet.target, _spot(sheet.target, told))
    decision = rules.decide(item, came.sent, new)
    if decision is None:
        return writing.NOTHING_ANSWERED
    if isinstance(decision, tuple):
        return Refused(decision)
    now = tuple(
        thing
        for other in sheet.items
        for thing in other.things
        if other.zone is item.zone and thing.record.kind_code == item.kind.code
    )
    theirs, mine = count(item.kind, now), (decision.found, decision.working)
    before = count(item.kind, item.things)
    if not _strangers(item, now) or (mine == (before.found, before.working) and not decision.creates):
        return Decided(came, item, decision)
    # Somebody else recorded things here that the phone had not seen.
    if mine == (theirs.found, theirs.working) and came.sent.details == Details():
        same = replace(item, things=now)
        agreed = rules.decide(same, Sent(found=mine[0], working=mine[1]), new)
        if isinstance(agreed, Decision):
            return Decided(came, same, agreed)
    told_both = ("found", f"{theirs.working}/{theirs.found}", f"{mine[1]}/{mine[0]}")
    return Stale(0, (told_both,), _who(_strangers(item, now)))


def _defaulted(told: Told) -> Sent:
    """A further thing without a number is one."""
    if told.extra and told.sent.found is None and not told.sent.quick:
        return replace(told.sent, found=1)
    return told.sent


def _spot(target: Target, told: Told) -> Spot:
    fix, tap = told.fix, told.tap
    return choose_spot(
        Spot(fix.lat, fix.lon, PositionSource.DEVICE, fix.accuracy_m, fix.age_s) if fix else None,
        Spot(*tap, PositionSource.MAP) if tap else None,
        venue_spot(target),
    )


def _strangers(item: Item, now: Sequence[Standing]) -> list[str]:
    seen = {thing.id for thing in item.things}
    return [thing.id for thing in now if thing.present and thing.id not in seen]


def _who(ids: Sequence[str]) -> str:
    row = db.session.get(Installation, ids[-1])
    return writes.name_of(row.updated_by) if row else ""


@database.action
def finish(actor: Actor, campaign: CampaignSeen, target: Target, ended: Ended, entry: Entry) -> Outcome:
    """End a visit. An empty zone answers what nobody answered there; where something is recorded as
    standing it marks nothing as missing, because a phone that saw it says so item by item."""
    if not sees(actor, target.area_id):
        raise Unseen("area", target.area_id)
    writing.lock(target)
    sheet = _sheet_of_visit(campaign, target, ended.visit)
    if sheet.standard_id is None:
        return writing.NO_STANDARD
    decided, note = decide_end(sheet, ended)
    if not decided and not sheet.answered:
        return writing.NOTHING_ANSWERED
    done = writing.store(actor, campaign, sheet, pressed(ended), decided, entry)
    return replace(done, notes=(*done.notes, *note)) if isinstance(done, Visited) else done


def decide_end(sheet: Sheet, ended: Ended) -> tuple[list[Decided], tuple[Problem, ...]]:
    """What the empty zones answer, and a note where something is recorded in them."""
    result = sort(sheet, pressed(ended))
    decided = [one for one in result.decided if not one.item.recorded]
    if len(decided) == len(result.decided):
        return decided, ()
    return decided, (ZONE_NOT_EMPTY,)


def _sheet_of_visit(campaign: CampaignSeen, target: Target, visit_id: str) -> Sheet:
    """The checklist with the answers of one visit, open or not."""
    session = db.session()
    visits, answers = queries.history(session, campaign, target, Survey.id == visit_id)
    standard_id, kinds, zones = queries.checklist(
        session, campaign, target, [one for number, one in answers if number == visit_id]
    )
    this = next((visit for visit in visits if visit.id == visit_id), None)
    return Sheet(target, standard_id, zones, kinds, (), this, None)
