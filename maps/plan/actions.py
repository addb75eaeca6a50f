"""Writes of plans: asking for one, cancelling, trying again, naming, choosing. The making is job.py's."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.clock import campaign_now
from inventory.database import db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Refused, Stale, refuse
from inventory.receipts import Entry
from inventory.wording import day
from maps.plan.ask import Ask, problems, words
from maps.plan.status import ACTIVE, AGAIN, Status
from maps.tables.plan import Plan

LONGEST_NAME = 200
#: So many may wait or run at once; more would only make everybody wait.
MOST_ACTIVE = 10
#: On PostgreSQL two people who press at the same moment take the same number; the second tries again.
ATTEMPTS = 5


def ask_for(actor: Actor | None, campaign: CampaignSeen, ask: Ask, entry: Entry | None) -> Outcome:
    """A new plan, waiting for the worker; `actor` and `entry` are None for the command."""
    for _ in range(ATTEMPTS - 1):
        try:
            return _ask_for(actor, campaign, ask, entry)
        except IntegrityError:
            continue
    return _ask_for(actor, campaign, ask, entry)


@database.action
def _ask_for(actor: Actor | None, campaign: CampaignSeen, ask: Ask, entry: Entry | None) -> Outcome:
    wrong = problems(ask)
    if wrong:
        return Refused(wrong)
    session = db.session()
    active = session.scalar(
        select(func.count())
        .select_from(Plan)
        .where(Plan.campaign_id == campaign.id, Plan.status.in_(sorted(ACTIVE)))
    )
    if (active or 0) >= MOST_ACTIVE:
        return refuse("busy", "Đang có nhiều kế hoạch chờ tính; hãy chờ các kế hoạch đó xong.")
    last = session.scalar(select(func.max(Plan.number)).where(Plan.campaign_id == campaign.id))
    number = (last or 0) + 1
    row = Plan(
        campaign_id=campaign.id,
        number=number,
        name=ask.name or f"lập ngày {day(campaign.today)}",
        ask=words(ask),
        status=Status.WAITING,
        person_id=actor.person_id if actor else None,
        asked_at=campaign_now(),
    )
    session.add(row)
    session.flush()
    return _kept(actor, entry, "plan.asked", row, budget=ask.budget)


@database.action
def cancel(actor: Actor, campaign: CampaignSeen, plan_id: int, entry: Entry) -> Outcome:
    """Stop a plan that waits or is being made; the one at work hears of it within a second."""
    row = _held(campaign, plan_id)
    if row.status not in ACTIVE:
        return refuse("ended", "Kế hoạch này đã tính xong hoặc đã dừng.")
    if row.status is Status.WAITING:
        row.status, row.finished_at = Status.CANCELLED, campaign_now()
    row.cancel_asked = True
    row.version += 1
    return _kept(actor, entry, "plan.cancelled", row)


@database.action
def again(actor: Actor, campaign: CampaignSeen, plan_id: int, entry: Entry) -> Outcome:
    """Try the same Ask once more, where the last time ended without a result."""
    row = _held(campaign, plan_id)
    if row.status not in AGAIN:
        return refuse("not_ended", "Kế hoạch này đang tính hoặc đã có kết quả; hãy lập kế hoạch mới.")
    row.status, row.step, row.progress, row.cancel_asked = Status.WAITING, "", 0, False
    row.started_at = row.finished_at = row.result = None
    row.version += 1
    return _kept(actor, entry, "plan.again", row)


@database.action
def rename(
    actor: Actor, campaign: CampaignSeen, plan_id: int, name: str, base_version: int, entry: Entry
) -> Outcome:
    """Give a plan a name."""
    row = _held(campaign, plan_id)
    if row.version != base_version:
        return Stale(row.version, (("name", row.name, name),))
    if not 0 < len(name) <= LONGEST_NAME:
        return refuse("name", "Tên kế hoạch từ 1 đến 200 ký tự.", "name")
    row.name = name
    row.version += 1
    return _kept(actor, entry, "plan.named", row, name=name)


def choose(actor: Actor, campaign: CampaignSeen, plan_id: int, base_version: int, entry: Entry) -> Outcome:
    """Make a finished plan the chosen one of its campaign; the one before it is no longer chosen."""
    try:
        return _choose(actor, campaign, plan_id, base_version, entry)
    except IntegrityError:
        return Stale(base_version)  # somebody chose another one at the same moment


@database.action
def _choose(actor: Actor, campaign: CampaignSeen, plan_id: int, base_version: int, entry: Entry) -> Outcome:
    row = _held(campaign, plan_id)
    if row.version != base_version:
        return Stale(row.version)
    if row.status is not Status.DONE or not row.recounted:
        return refuse("not_done", "Chỉ chọn được kế hoạch đã tính xong và đã đếm lại khớp.")
    before = db.session.scalars(
        select(Plan).where(Plan.chosen_in == campaign.id, Plan.id != plan_id).with_for_update()
    ).first()
    if before is not None:
        before.chosen_in = None
        before.version += 1
        db.session.flush()
    row.chosen_in = campaign.id
    row.version += 1
    return _kept(actor, entry, "plan.chosen", row)


def _held(campaign: CampaignSeen, plan_id: int) -> Plan:
    """The plan, locked against a second writer until the request ends."""
    row = db.session.scalars(
        select(Plan)
        .where(Plan.id == plan_id, Plan.campaign_id == campaign.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise Unseen("plan", plan_id)
    return row


def _kept(actor: Actor | None, entry: Entry | None, act: str, row: Plan, **detail: Any) -> Done:
    db.session.flush()
    if actor is not None and entry is not None:
        receipts.keep(entry, actor.person_id, act, row.id, row.version)
    trail.record(act, "plan", row.id, detail={"number": row.number, **detail})
    return Done(str(row.id), row.version)
