"""Writes of visits: one press of "Lưu" or "Xong nơi này", and a ward lead's declaration.

Everything of one press is one transaction: the visit, its answers, every installation and the photos
(which were checked and kept in the media folder before, see photos/intake.py). Either all of it is
there, or nothing and the page says why. The place (or ward) is locked first, so that two people who
save at once come one after the other and the second is told what changed.
"""

from dataclasses import replace

from sqlalchemy import select

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.clock import campaign_now
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.installations.record import changes, worded
from inventory.installations.writes import Origin
from inventory.outcomes import Done, Outcome, Problem, Refused, Stale, refuse
from inventory.photos import actions as photos
from inventory.receipts import Entry
from inventory.surveys import queries
from inventory.surveys.checklist import Standing
from inventory.surveys.presses import Decided, ItemSent, Submission, sort
from inventory.surveys.queries import Sheet, Target
from inventory.surveys.rules import Amend
from inventory.tables.area import Area, WardDeclaration
from inventory.tables.place import Place
from inventory.tables.survey import Answer, Survey


@database.action
def save(
    actor: Actor, campaign: CampaignSeen, target: Target, submission: Submission, entry: Entry
) -> Outcome:
    """Store one press. `Done.subject` is the visit's id, its notes are told but blocked nothing."""
    if not sees(actor, target.area_id):
        raise Unseen("area", target.area_id)
    _lock(target)
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    sheet = queries.sheet(db.session(), actor, campaign, target)
    if sheet.standard_id is None:
        return refuse(
            "no_standard",
            "Chưa có tiêu chuẩn nào có hiệu lực; đề nghị Phòng Văn hóa và Thông tin ban hành.",
        )
    result = sort(sheet, submission)
    if result.problems:
        return Refused(tuple(result.problems))
    if result.stale:
        return Stale(0, tuple(result.stale))
    if not result.decided and not (submission.finish and sheet.answered):
        return refuse("nothing_answered", "Chưa có mục nào được trả lời nên chưa lưu gì.")
    return _store(actor, campaign, sheet, submission, result.decided, entry)


def _lock(target: Target) -> None:
    if target.place_id is not None:
        db.session.execute(select(Place.id).where(Place.id == target.place_id).with_for_update())
    else:
        db.session.execute(select(Area.id).where(Area.id == target.area_id).with_for_update())


def _store(
    actor: Actor,
    campaign: CampaignSeen,
    sheet: Sheet,
    submission: Submission,
    decided: list[Decided],
    entry: Entry,
) -> Outcome:
    visit = _visit(actor, campaign, sheet, submission)
    installations.hold(amend.thing.id for one in decided for amend in one.decision.amends)
    notes: list[Problem] = []
    origin = Origin(survey_id=visit.id, part=True, synthetic=submission.synthetic)
    for one in decided:
        told = _write_item(actor, campaign, origin, one, entry)
        if not isinstance(told, list):
            return told
        notes += told
    _answer(visit.id, decided)
    if submission.finish:
        visit.finished_at = campaign_now()
    visit.note = submission.note or visit.note
    visit.version += 1
    db.session.flush()
    act = "survey.finished" if submission.finish else "survey.saved"
    receipts.keep(entry, actor.person_id, act, visit.id, visit.version)
    facts_moved(campaign.id, sheet.target.area_id)
    detail = {"place": sheet.target.place_id, "answers": len(decided)}
    trail.record(act, "survey", visit.id, sheet.target.area_id, detail)
    return Done(visit.id, visit.version, notes=tuple(notes))


def _visit(actor: Actor, campaign: CampaignSeen, sheet: Sheet, submission: Submission) -> Survey:
    """The person's open visit to this target, or a new one."""
    row = db.session.get(Survey, sheet.open_visit.id) if sheet.open_visit else None
    if row is None:
        row = Survey(
            id=new_id(),
            campaign_id=campaign.id,
            area_id=sheet.target.area_id,
            place_id=sheet.target.place_id,
            standard_id=sheet.standard_id,
            person_id=actor.person_id,
            started_at=campaign_now(),
            note="",
            synthetic=submission.synthetic,
            version=0,
        )
        db.session.add(row)
        db.session.flush()
    return row


def part_entry(entry: Entry, key: str, number: object) -> Entry:
    """The entry of one thing of a press: derived, so that a replay is recognised in its events."""
    return Entry(receipts.part_id(entry.id, f"{key}/{number}"), entry.sha256)


def _write_item(
    actor: Actor, campaign: CampaignSeen, origin: Origin, one: Decided, entry: Entry
) -> list[Problem] | Refused | Stale:
    notes: list[Problem] = []
    pictured = None
    for create in one.decision.creates:
        part = part_entry(entry, one.item.key, create.ordinal)
        done = installations.record(actor, campaign, create.record, part, origin)
        if not isinstance(done, Done):
            return _at_field(done, one.came)
        notes += done.notes
        pictured = done.subject if create is one.decision.pictured else pictured
    for amend in one.decision.amends:
        done = _amend(actor, campaign, amend, part_entry(entry, one.item.key, amend.thing.id), origin)
        if not isinstance(done, Done):
            return _at_field(done, one.came)
        notes += done.notes
    if isinstance(one.decision.pictured, Standing):
        pictured = one.decision.pictured.id
    return notes + _attach(actor, campaign, one, pictured, entry)


def _amend(actor: Actor, campaign: CampaignSeen, amend: Amend, entry: Entry, origin: Origin) -> Outcome:
    thing = amend.thing
    told = changes(thing.record, amend.record)
    if not told:
        return installations.confirm(actor, campaign, thing.id, thing.version, entry, origin)
    wanted = {name: worded(name, new) for name, (_, new) in told.items()}
    return installations.amend(actor, campaign, thing.id, wanted, thing.version, entry, origin)


#: A record's field, where it is not asked for under the same name on the survey page.
_ASKED_AS = {"quantity": "found", "kind_code": "kind", "slogan_id": "slogan"}


def _at_field(outcome: Refused | Stale, came: ItemSent) -> Refused | Stale:
    if isinstance(outcome, Stale):
        return replace(outcome, changed=((f"{came.prefix}found", "", ""), *outcome.changed))
    return Refused(
        tuple(
            replace(problem, field=came.prefix + _ASKED_AS.get(problem.field, problem.field))
            for problem in outcome.problems
        )
    )


def _attach(
    actor: Actor, campaign: CampaignSeen, one: Decided, pictured: str | None, entry: Entry
) -> list[Problem]:
    """Attach the item's photos; a bad one is told and touches nothing else."""
    if not one.came.pictures:
        return []
    if pictured is None:
        return [
            Problem(
                "photo_of_nothing",
                "Ảnh ở mục ghi “không có” chưa được lưu, vì không có gì để gắn ảnh vào.",
                f"{one.came.prefix}photo",
            )
        ]
    part = part_entry(entry, one.item.key, "photos")
    done = photos.attach_all(actor, campaign, pictured, one.came.pictures, part)
    return [replace(problem, field=f"{one.came.prefix}photo") for problem in done.notes]


def _answer(visit_id: str, decided: list[Decided]) -> None:
    rows = db.session.scalars(select(Answer).where(Answer.survey_id == visit_id))
    known = {(row.zone, row.kind_code): row for row in rows}
    moment = campaign_now()
    for one in decided:
        key = (one.item.zone, one.decision.kind.code)
        row = known.get(key)
        if row is None:
            row = Answer(survey_id=visit_id, zone=key[0], kind_code=key[1])
            db.session.add(row)
        row.found, row.at = one.decision.found, moment
        row.note = one.came.sent.details.note[:500]
    db.session.flush()


@database.action
def declare(actor: Actor, campaign: CampaignSeen, target: Target, note: str, entry: Entry) -> Outcome:
    """Keep a ward lead's dated word that the ward is complete; it blocks nothing, ever."""
    if not sees(actor, target.area_id):
        raise Unseen("area", target.area_id)
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    row = WardDeclaration(
        campaign_id=campaign.id,
        area_id=target.area_id,
        person_id=actor.person_id,
        at=campaign_now(),
        note=note,
    )
    db.session.add(row)
    db.session.flush()
    receipts.keep(entry, actor.person_id, "ward.declared", row.id, 1)
    trail.record("ward.declared", "area", target.area_id, target.area_id, {"note": note[:200]})
    return Done(str(row.id))
