"""The one way a visit is written: its row, its answers, and what they mean for the installations.

A press of the form and an entry of a phone end here (actions, offline), inside their savepoint.
"""

from dataclasses import dataclass, field, replace

from sqlalchemy import select

from inventory import receipts, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.clock import campaign_now
from inventory.database import db
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.installations.record import changes, worded
from inventory.installations.writes import Origin
from inventory.outcomes import Done, Outcome, Problem, Refused, Stale, refuse
from inventory.photos import actions as photos
from inventory.receipts import Entry
from inventory.surveys.checklist import Standing
from inventory.surveys.presses import Decided, ItemSent, Submission
from inventory.surveys.queries import Sheet, Target
from inventory.surveys.rules import Amend
from inventory.tables.area import Area
from inventory.tables.place import Place
from inventory.tables.survey import Answer, Survey

NO_STANDARD = refuse(
    "no_standard", "Chưa có tiêu chuẩn nào có hiệu lực; đề nghị Phòng Văn hóa và Thông tin ban hành."
)
NOTHING_ANSWERED = refuse("nothing_answered", "Chưa có mục nào được trả lời nên chưa lưu gì.")


@dataclass(frozen=True)
class Visited(Done):
    """A stored press of one item: besides the visit, what became of the item's things."""

    left: tuple[tuple[str, int], ...] = ()
    created: tuple[str, ...] = ()
    pictured: str | None = None


@dataclass
class Written:
    """What one item was written as: `left` are the versions of its things afterwards, `created` the new
    ones, `pictured` what its photos show."""

    left: dict[str, int]
    created: list[str] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    pictured: str | None = None

    def take(self, done: Done) -> None:
        """Note the version of a thing and what was said of it."""
        self.left[done.subject] = done.version
        self.notes += done.notes

    def of(self, visit: Survey) -> Visited:
        """The outcome of the press."""
        return Visited(
            visit.id,
            visit.version,
            notes=tuple(self.notes),
            left=tuple(self.left.items()),
            created=tuple(self.created),
            pictured=self.pictured,
        )


def lock(target: Target) -> None:
    """Lock what is visited, so that two people who save at once come one after the other."""
    if target.place_id is not None:
        db.session.execute(select(Place.id).where(Place.id == target.place_id).with_for_update())
    else:
        db.session.execute(select(Area.id).where(Area.id == target.area_id).with_for_update())


def store(
    actor: Actor,
    campaign: CampaignSeen,
    sheet: Sheet,
    submission: Submission,
    decided: list[Decided],
    entry: Entry,
) -> Outcome:
    """Write one press; a phone keeps the receipt of its entry itself."""
    visit = _visit(actor, campaign, sheet, submission)
    if isinstance(visit, Refused):
        return visit
    installations.hold(amend.thing.id for one in decided for amend in one.decision.amends)
    origin = Origin(
        survey_id=visit.id,
        device_at=submission.device_at,
        part=True,
        synthetic=submission.synthetic,
        offline=submission.offline,
    )
    whole = Written({})
    for one in decided:
        told = _write_item(actor, campaign, origin, one, entry)
        if not isinstance(told, Written):
            return told
        whole.notes += told.notes
        whole.left |= told.left
        whole.created += told.created
        whole.pictured = told.pictured
    _answer(visit.id, decided)
    if submission.finish:
        visit.finished_at = visit.finished_at or campaign_now()
    visit.note = submission.note or visit.note
    visit.version += 1
    db.session.flush()
    _tell(actor, campaign, sheet, submission, (visit, len(decided), entry))
    return whole.of(visit)


def _tell(
    actor: Actor,
    campaign: CampaignSeen,
    sheet: Sheet,
    submission: Submission,
    done: tuple[Survey, int, Entry],
) -> None:
    visit, answers, entry = done
    act = "survey.finished" if submission.finish else "survey.saved"
    if not submission.offline:
        receipts.keep(entry, actor.person_id, act, visit.id, visit.version)
    facts_moved(campaign.id, sheet.target.area_id)
    detail = {"place": sheet.target.place_id, "answers": answers}
    trail.record(act, "survey", visit.id, sheet.target.area_id, detail)


def _visit(actor: Actor, campaign: CampaignSeen, sheet: Sheet, submission: Submission) -> Survey | Refused:
    """The visit that a phone names, or the person's open one to this target; else a new one."""
    known = submission.visit or (sheet.open_visit.id if sheet.open_visit else None)
    row = db.session.get(Survey, known) if known else None
    here = (campaign.id, sheet.target.area_id, sheet.target.place_id)
    if row is not None and (row.campaign_id, row.area_id, row.place_id) != here:
        return refuse("visit_taken", "Mã lượt rà soát này đã dùng cho nơi khác.")
    if row is not None and row.person_id != actor.person_id:
        return refuse("visit_taken", "Lượt rà soát này là của người khác.")
    if row is None:
        row = Survey(
            id=submission.visit or new_id(),
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
) -> Written | Refused | Stale:
    written = Written({thing.id: thing.version for thing in one.item.things})
    for create in one.decision.creates:
        part = part_entry(entry, one.item.key, create.ordinal)
        done = installations.record(
            actor, campaign, create.record, part, origin, one.came.new_id(create.ordinal)
        )
        if not isinstance(done, Done):
            return _at_field(done, one.came)
        written.take(done)
        written.created.append(done.subject)
        written.pictured = done.subject if create is one.decision.pictured else written.pictured
    for amend in one.decision.amends:
        done = _amend(actor, campaign, amend, part_entry(entry, one.item.key, amend.thing.id), origin)
        if not isinstance(done, Done):
            return _at_field(done, one.came)
        written.take(done)
    if isinstance(one.decision.pictured, Standing):
        written.pictured = one.decision.pictured.id
    written.notes += _attach(actor, campaign, one, written.pictured, entry)
    return written


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
