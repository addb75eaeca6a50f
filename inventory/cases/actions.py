"""Settling a case: what stands stays, or what the phone said is written by the same rules as ever.

What is written bears the name of who said it on the phone; who decided stands beside the entry and in the
trail. The rights are those of who decides: nobody admits what they may not see.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from inventory import database, duties, receipts, trail
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.cases import contested, rules
from inventory.cases.rules import CaseKind, Way, kind_of
from inventory.clock import now
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import is_id
from inventory.installations import actions as installations
from inventory.installations.lifecycle import ENDED
from inventory.installations.record import POSITION
from inventory.installations.writes import Origin, name_of
from inventory.outcomes import Done, Outcome, Problem, Refused, Stale, refuse
from inventory.receipts import Entry
from inventory.sync import applying, locking, verdicts, waiting
from inventory.sync.places import Context
from inventory.sync.said import AmendSaid, AnswerSaid, ConfirmSaid, Decoded, MoveSaid
from inventory.sync.verdicts import Verdict
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation
from inventory.tables.person import Person
from inventory.tables.place import Place
from inventory.vocabulary import CaseState, EntryAct, Lifecycle


@dataclass(frozen=True)
class Decision:
    """How a case is to be settled. `fields` are those to take from the phone, "position" for all of a
    position; `place` another place than the one that is gone; `version` that of the thing as it was
    looked at, 0 where there is none.
    """

    way: str
    fields: frozenset[str] = frozenset()
    place: int | None = None
    reason: str = ""
    version: int = 0


@database.action
def settle(actor: Actor, campaign: CampaignSeen, entry_id: str, decision: Decision, entry: Entry) -> Outcome:
    """Settle an open case. Refused when somebody else did it first, Stale when the thing changed since."""
    row = _held(actor, campaign, entry_id)
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    if not _is_open(entry_id):
        if row.settled_by is None:
            return refuse("settled", "Mục này vừa được giải quyết.")
        return refuse("settled", "%(who)s đã quyết định mục này trước.", who=name_of(row.settled_by))
    differing = contested.differing(row)
    kind, disputed = kind_of(row.outcome, row.code), contested.fields(differing)
    offered = disputed if row.act is EntryAct.AMEND else frozenset()
    problem = rules.refusal(kind, decision.way, decision.fields, offered, decision.reason)
    problem = problem or _place_problem(campaign, row, kind, decision)
    if problem:
        return Refused((problem,))
    stale = _stale(row, decision)
    if stale:
        return stale
    kept = {**(row.detail or {}), "changed": [list(one) for one in differing]}
    notes: tuple[Problem, ...] = ()
    fields = _taken(row, disputed, decision)
    if fields is None or fields:
        verdict = _write(actor, campaign, row, decision, fields)
        if not verdict.applied:
            return _unwritten(verdict)
        notes = verdict.notes
    _close(actor, row, decision, {"kind": kind.value, **kept}, entry)
    return Done(row.id, 1, notes=notes)


def _held(actor: Actor, campaign: CampaignSeen, entry_id: str) -> FieldEntry:
    """The entry, locked after what it will write to, as a push does; Unseen when it is not the actor's."""
    row = db.session.get(FieldEntry, entry_id) if is_id(entry_id) else None
    area_id = None if row is None else row.area_id or campaign.root_area_id
    if row is None or row.campaign_id != campaign.id or not sees(actor, area_id):
        raise Unseen("case", entry_id)
    locking.hold([applying.decoded(row)])
    return db.session.get_one(FieldEntry, entry_id, with_for_update=True, populate_existing=True)


def _is_open(entry_id: str) -> bool:
    query = select(FieldEntry.id).where(FieldEntry.id == entry_id)
    return db.session.scalar(query.where(FieldEntry.id.in_(duties.open_cases(now())))) is not None


def _place_problem(
    campaign: CampaignSeen, row: FieldEntry, kind: CaseKind, decision: Decision
) -> Problem | None:
    """Why the chosen place will not do: it has to be one of the ward that the entry came from."""
    if decision.way != Way.ADMIT or not rules.needs_place(kind, row.code):
        return None
    place = db.session.get(Place, decision.place) if decision.place else None
    if place is None or place.campaign_id != campaign.id or row.area_id not in (None, place.area_id):
        return Problem("place", "Chọn một nơi bỏ phiếu của phường, xã này.", "place")
    return None


def _stale(row: FieldEntry, decision: Decision) -> Stale | None:
    """Whether the thing changed between the look and the decision."""
    thing = _thing(applying.decoded(row), row)
    if thing is None or thing.version == decision.version:
        return None
    return Stale(thing.version, (), name_of(thing.updated_by))


def _thing(entry: Decoded, row: FieldEntry) -> Installation | None:
    number = getattr(entry.said, "installation", None) or row.about
    return db.session.get(Installation, number, populate_existing=True) if number else None


def _taken(row: FieldEntry, disputed: frozenset[str], decision: Decision) -> frozenset[str] | None:
    """The fields to write: None for the whole entry, none at all where nothing is written.

    What only the phone changed is written either way: keeping a number is no reason to lose a note.
    """
    if row.act is not EntryAct.AMEND or decision.way not in {Way.PHONE, Way.KEEP}:
        return None if decision.way in rules.WRITING else frozenset()
    said = applying.decoded(row).said
    assert isinstance(said, AmendSaid)  # noqa: S101 -- by its act
    told = set(said.fields) | ({"position"} if said.position.fix or said.position.tap else set())
    chosen = told - disputed
    if decision.way == Way.PHONE:
        chosen |= decision.fields & told
    spread = set(POSITION) if "position" in chosen else set()
    return frozenset((chosen - {"position"}) | spread)


def _write(
    actor: Actor,
    campaign: CampaignSeen,
    row: FieldEntry,
    decision: Decision,
    fields: frozenset[str] | None,
) -> Verdict:
    author = _as_said_by(actor, row.person_id)
    if decision.way == Way.REOPEN:
        problem = _reopen(author, campaign, row)
        if problem:
            return verdicts.refused(problem)
    # Only who was asked for another place may name one.
    place = decision.place if rules.needs_place(kind_of(row.outcome, row.code), row.code) else None
    context = Context(row.person_id, row.device_id, newest=True, place=place, fields=fields)
    return waiting.reapply(author, campaign, row, context)


def _as_said_by(actor: Actor, person_id: int) -> Actor:
    """The person of the entry with the rights of who decides."""
    person = db.session.get_one(Person, person_id)
    return replace(actor, person_id=person.id, username=person.username, name=person.name, role=person.role)


def _reopen(author: Actor, campaign: CampaignSeen, row: FieldEntry) -> Problem | None:
    """Let what was taken away stand again; what cannot (it was disposed of) says why."""
    entry = applying.decoded(row)
    for number in sorted(_spoken_of(entry)):
        thing = db.session.get(Installation, number, populate_existing=True)
        if thing is None or thing.lifecycle not in ENDED:
            continue
        part = Entry(receipts.part_id(row.id, f"reopen/{number}"), row.sha256)
        origin = Origin(device_at=row.made_at, part=True)
        done = installations.move(author, campaign, number, Lifecycle.INSTALLED, thing.version, part, origin)
        if isinstance(done, Refused):
            return done.problems[0]
    return None


def _spoken_of(entry: Decoded) -> set[str]:
    said = entry.said
    if isinstance(said, AnswerSaid):
        return set(said.base)
    return {said.installation} if isinstance(said, AmendSaid | ConfirmSaid | MoveSaid) else set()


def _unwritten(verdict: Verdict) -> Refused:
    """Why the records did not take it; it stays open."""
    detail = verdicts.detail_of(verdict)
    found = verdicts.problem_of(verdict.code, detail)
    problem = found or Problem("failed", "Chưa ghi được mục này vào hồ sơ.")
    return Refused((replace(problem, field="way"),))


def _close(actor: Actor, row: FieldEntry, decision: Decision, kept: dict[str, Any], entry: Entry) -> None:
    """Write who decided and how; what the case was about stays readable."""
    settled = {"kind": kept["kind"], "reason": decision.reason, "fields": sorted(decision.fields)}
    old: dict[str, Any] = {name: kept[name] for name in ("changed", "who") if kept.get(name)}
    row.detail = {**(row.detail or {}), **old, "settled": settled}
    row.case_state, row.settled_how = CaseState.SETTLED, decision.way
    row.settled_by, row.settled_at = actor.person_id, now()
    db.session.flush()
    receipts.keep(entry, actor.person_id, "case.settled", row.id, 1)
    detail = {"act": row.act.value, "way": decision.way, "person": row.person_id, "reason": decision.reason}
    trail.record("case.settled", "entry", row.id, row.area_id, detail)
