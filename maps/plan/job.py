"""The making of one plan, from its row to its result: what the worker does, and tests call inline.

While the optimiser works no transaction is open, so nobody waits for it. Progress goes into the
row in short writes of its own; the same look tells whether somebody asked to stop. A plan that
fails, is cancelled or killed leaves every earlier one untouched.
"""

import logging
import secrets
import time
from typing import Any

from sqlalchemy import insert, select, update

from inventory import database, trail
from inventory.campaigns import CampaignSeen, current
from inventory.clock import campaign_now, set_campaign_day
from inventory.database import db
from inventory.outcomes import Done, Refused, refuse
from maps.plan import stored
from maps.plan.ask import Ask
from maps.plan.ask import read as read_ask
from maps.plan.collisions import told
from maps.plan.lining import entries
from maps.plan.making import made
from maps.plan.recount import recounted
from maps.plan.result import Cancelled, Collision, PlanResult, Step, Watch
from maps.plan.status import Status
from maps.plan.worlds import Ground, ground
from maps.tables.plan import Plan, PlanLeft, PlanLine, PlanPoint

_log = logging.getLogger("trucquan")

#: Where each step begins and ends on the way, in per cent.
WAY = {
    Step.READ: (0, 5),
    Step.OFFERS: (5, 10),
    Step.MANDATORY: (10, 30),
    Step.SOLVE: (30, 70),
    Step.FAIRNESS: (70, 78),
    Step.CURVE: (78, 92),
    Step.RECOUNT: (92, 97),
    Step.STORE: (97, 99),
}
#: Seconds between two looks at the row.
LOOK_S = 0.5


def carry_out(plan_id: int, listener: Watch | None = None) -> Status | None:
    """Make a plan that waits; answers how it ended, None when it did not wait (any more)."""
    began = _claim(plan_id)
    if began is None:
        return None
    campaign, ask = began
    watch = _Watching(plan_id, listener)
    try:
        return _made(plan_id, campaign, ask, watch)
    except Cancelled:
        return _ended(plan_id, Status.CANCELLED, {})
    except Exception:
        database.release()
        number = secrets.token_hex(4)
        _log.exception("plan %s failed, error %s", plan_id, number)
        return _ended(plan_id, Status.FAILED, {"failed": [["error", number]]})
    finally:
        set_campaign_day(None)


def mark_interrupted() -> int:
    """At the start of the worker: what still says "running" was killed half-way. Answers how many."""
    running = list(db.session.scalars(select(Plan.id).where(Plan.status == Status.RUNNING)))
    for plan_id in running:
        _ended(plan_id, Status.INTERRUPTED, {})
    return len(running)


def waiting() -> list[int]:
    """Plans that nobody has begun, the oldest first."""
    found = list(db.session.scalars(select(Plan.id).where(Plan.status == Status.WAITING).order_by(Plan.id)))
    database.release()
    return found


def _claim(plan_id: int) -> tuple[CampaignSeen, Ask] | None:
    """Take a waiting plan; of two workers one gets it."""
    taken = db.session.execute(
        update(Plan)
        .where(Plan.id == plan_id, Plan.status == Status.WAITING)
        .values(status=Status.RUNNING, started_at=campaign_now(), step=Step.READ.value, progress=0)
    )
    row = db.session.get(Plan, plan_id, populate_existing=True) if _rows(taken) else None
    campaign = current(db.session(), row.campaign_id) if row is not None else None
    ask = read_ask(row.ask) if row is not None else None
    database.finish()
    if campaign is None or ask is None:
        return None
    set_campaign_day(campaign.today if campaign.pinned else None)
    return campaign, ask


def _rows(result: Any) -> int:
    count: int = result.rowcount
    return count


def _made(plan_id: int, campaign: CampaignSeen, ask: Ask, watch: "_Watching") -> Status | None:
    watch(Step.READ, None)
    read = ground(campaign)
    if isinstance(read, Refused):
        why = read.problems[0]
        said = ["sentence", why.message, [list(pair) for pair in why.values]]
        return _ended(plan_id, Status.FAILED, {"failed": [said]})
    result = made(read.world, ask, watch)
    if isinstance(result, Collision):
        said = [list(pair) for pair in told(read.world, ask, result.rules)]
        return _ended(plan_id, Status.INFEASIBLE, {"collision": said}, read, ask)
    watch(Step.RECOUNT, None)
    wrong = recounted(read.world, result)
    if wrong:
        differ = [[one.message, [list(pair) for pair in one.values]] for one in wrong]
        return _ended(plan_id, Status.FAILED, {"recount": differ}, read, ask)
    if not watch(Step.STORE, None):
        raise Cancelled
    return _stored(plan_id, ask, read, result)


def _stored(plan_id: int, ask: Ask, read: Ground, result: PlanResult) -> Status | None:
    """Keep the result; None where the plan was ended by somebody else meanwhile: nothing is kept then."""
    lines = {word: entries(read.world, result, word) for word in stored.LANGUAGES}
    tables = (
        (PlanLine, stored.line_rows(plan_id, lines)),
        (PlanLeft, stored.left_rows(plan_id, result)),
        (PlanPoint, stored.point_rows(plan_id, result)),
    )

    @database.action
    def store() -> Done | Refused:
        for table, rows in tables:
            if rows:
                db.session.execute(insert(table), rows)
        if not _end(plan_id, Status.DONE, stored.summary(read.world, result), read, ask):
            return refuse("ended", "Kế hoạch này đã tính xong hoặc đã dừng.")
        return Done(str(plan_id))

    kept = isinstance(store(), Done)
    database.finish()
    return Status.DONE if kept else None


def _ended(
    plan_id: int, status: Status, result: dict[str, Any], read: Ground | None = None, ask: Ask | None = None
) -> Status:
    database.release()
    _end(plan_id, status, result, read, ask)
    database.finish()
    return status


def _end(plan_id: int, status: Status, result: dict[str, Any], read: Ground | None, ask: Ask | None) -> bool:
    """End a plan that is being made; False where it is not (any more): a worker that began may have
    marked it while a command made it."""
    values: dict[str, Any] = {"status": status, "finished_at": campaign_now(), "step": ""}
    values |= {"result": result or None, "recounted": status is Status.DONE}
    if read is not None and ask is not None:
        values |= {"run_id": read.run_id, "book_id": read.book_id, "inputs_hash": read.hashed(ask)}
    if status is Status.DONE:
        values["progress"] = 100
    ended = db.session.execute(
        update(Plan)
        .where(Plan.id == plan_id, Plan.status == Status.RUNNING)
        .values(**values, version=Plan.version + 1)
    )
    if not _rows(ended):
        return False
    detail = {"status": status.value, "hash": values.get("inputs_hash", "")}
    trail.record("plan.ended", "plan", plan_id, detail=detail)
    return True


class _Watching:
    """Writes how far the plan is and looks whether it shall stop, at most twice a second."""

    def __init__(self, plan_id: int, listener: Watch | None) -> None:
        self._plan_id, self._listener = plan_id, listener
        self._step, self._looked, self._go = "", 0.0, True

    def __call__(self, step: Step, share: float | None) -> bool:
        if self._listener is not None and not self._listener(step, share):
            self._go = False
        soon = time.monotonic() - self._looked < LOOK_S
        if not self._go or (soon and step.value == self._step):
            return self._go
        self._step, self._looked = step.value, time.monotonic()
        begin, end = WAY[step]
        progress = round(begin + (end - begin) * (share or 0.0))
        with database.aside() as session:
            session.execute(
                update(Plan).where(Plan.id == self._plan_id).values(step=step.value, progress=progress)
            )
            self._go = not session.scalar(select(Plan.cancel_asked).where(Plan.id == self._plan_id))
        return self._go
