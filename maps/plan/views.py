"""Plans: asking for one, its progress, what it does and leaves out, two side by side, the chosen one."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.database import db
from inventory.errors import BadInput
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.identity import new_id
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.pages import language, say
from inventory.requests import needed_campaign
from inventory.vocabulary import Channel, Figure
from inventory.wording import money_words
from maps import jobs
from maps.investment.words import ACTIONS, spoken
from maps.plan import actions, comparing, left_queries, listed, picture, queries
from maps.plan.files import share
from maps.plan.forms import CHIPS, AskForm, NameForm, Press
from maps.plan.queries import PlanSeen
from maps.plan.status import Status
from maps.plan.words import SKIPS, STATUSES, TONES, collision, failures, method_word, step_word
from maps.planning import queries as planning

blueprint = Blueprint("plan", __name__)

#: How much of what is left out the page prints; the rest is counted.
LEFT_ROWS = 20
LINE_ROWS = 20


@blueprint.get("/plans")
@needs(Permission.READ_PLANS)
def index() -> ResponseReturnValue:
    """Every plan, and the form to ask for one; `like` fills the form in from an earlier plan."""
    form = AskForm(formdata=None)
    open_form(form)
    _offer(form)
    wanted = request.args.get("like", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 10:
        form.like(queries.one(actor(), needed_campaign(), int(wanted)).ask)
    return _index(form)


@blueprint.post("/plans")
@needs(Permission.PLAN)
def ask() -> ResponseReturnValue:
    """Ask for a plan: it waits for the worker, and its page shows how far it is."""
    form = AskForm()
    _offer(form)
    entry = entry_of(form, "plan.asked")
    stored = repeated(form, entry)
    if stored:
        return _to_plan(int(stored.subject_id))
    if form.form_errors or not form.validate():
        return _index(form), 422
    outcome = actions.ask_for(actor(), needed_campaign(), form.ask(), entry)
    if isinstance(outcome, Refused):
        put(form, outcome)
        return _index(form), 422
    assert isinstance(outcome, Done)  # noqa: S101 -- a new plan is never stale
    jobs.soon(int(outcome.subject))
    return _to_plan(int(outcome.subject))


@blueprint.get("/plans/<int:plan_id>")
@needs(Permission.READ_PLANS)
def page(plan_id: int) -> ResponseReturnValue:
    """One plan: how far it is, or what it does and why."""
    campaign = needed_campaign()
    seen = queries.one(actor(), campaign, plan_id)
    naming = NameForm(formdata=None)
    open_form(naming, seen.version)
    naming.name.data = seen.name
    shared = {
        "seen": seen,
        "naming": naming,
        "may_plan": actor().may(Permission.PLAN),
        "new_entry": new_id,
        "status_words": STATUSES,
        "tones": TONES,
        "step": step_word(seen.step),
        "Status": Status,
        "asked": comparing.asked(seen.ask, _fund_names()),
    }
    if not seen.done:
        return render_template("plan/making.html", **shared, problems=_problems(seen))
    return render_template("plan/page.html", **shared, **_result(seen))


@blueprint.get("/plans/<int:plan_id>.json", endpoint="state")
@needs(Permission.READ_PLANS)
def state(plan_id: int) -> ResponseReturnValue:
    """How far a plan is, for the page's own module and for programs."""
    seen = queries.one(actor(), needed_campaign(), plan_id)
    return jsonify(
        plan=seen.id,
        status=seen.status.value,
        word=str(STATUSES[seen.status]),
        step=step_word(seen.step),
        progress=seen.progress,
        active=seen.active,
    )


@blueprint.get("/plans/compare")
@needs(Permission.READ_PLANS)
def compare() -> ResponseReturnValue:
    """Two plans side by side."""
    campaign = needed_campaign()
    every = [seen for seen in queries.plans(campaign) if seen.done]
    sides = [_side(request.args.get(name, ""), every) for name in ("a", "b")]
    table = None
    if sides[0] is not None and sides[1] is not None:
        one, two = (queries.lines(actor(), side, language()) for side in sides if side is not None)
        table = comparing.table((sides[0], one), (sides[1], two), queries.ward_names(actor(), campaign))
    return render_template(
        "plan/compare.html", plans=every, sides=sides, table=table, share=share, action_words=ACTIONS
    )


@blueprint.post("/plans/<int:plan_id>/cancel")
@needs(Permission.PLAN)
def cancel(plan_id: int) -> ResponseReturnValue:
    """Stop a plan that waits or is being made."""
    return _pressed(
        plan_id,
        "plan.cancelled",
        lambda entry, _form: actions.cancel(actor(), needed_campaign(), plan_id, entry),
        lambda: flash(_("Đã yêu cầu dừng; các kế hoạch trước vẫn còn nguyên."), "success"),
    )


@blueprint.post("/plans/<int:plan_id>/again")
@needs(Permission.PLAN)
def again(plan_id: int) -> ResponseReturnValue:
    """Try the same Ask once more."""
    return _pressed(
        plan_id,
        "plan.again",
        lambda entry, _form: actions.again(actor(), needed_campaign(), plan_id, entry),
        lambda: jobs.soon(plan_id),
    )


@blueprint.post("/plans/<int:plan_id>/chosen")
@needs(Permission.PLAN)
def choose(plan_id: int) -> ResponseReturnValue:
    """Make it the chosen plan: the one that wards see their lines of."""
    return _pressed(
        plan_id,
        "plan.chosen",
        lambda entry, form: actions.choose(actor(), needed_campaign(), plan_id, version_of(form), entry),
        lambda: flash(_("Đã chọn kế hoạch này; phường, xã thấy các việc của mình."), "success"),
    )


@blueprint.post("/plans/<int:plan_id>/name")
@needs(Permission.PLAN)
def rename(plan_id: int) -> ResponseReturnValue:
    """Give it another name."""
    form = NameForm()
    entry = entry_of(form, "plan.named", plan_id)
    if repeated(form, entry):
        return _to_plan(plan_id)
    if form.form_errors or not form.validate():
        flash(_("Tên kế hoạch từ 1 đến 200 ký tự."), "warning")
        return _to_plan(plan_id)
    name = form.name.data or ""
    outcome = actions.rename(actor(), needed_campaign(), plan_id, name, version_of(form), entry)
    _tell(outcome, lambda: flash(_("Đã lưu."), "success"))
    return _to_plan(plan_id)


def _pressed(
    plan_id: int, act: str, carry: Callable[[Any, Any], Outcome], then: Callable[[], object]
) -> ResponseReturnValue:
    form = Press()
    entry = entry_of(form, act, plan_id)
    if repeated(form, entry):
        return _to_plan(plan_id)
    _tell(carry(entry, form), then)
    return _to_plan(plan_id)


def _tell(outcome: Outcome, then: Callable[[], object]) -> None:
    """Do what follows, or say why a press did nothing."""
    if isinstance(outcome, Done):
        then()
    elif isinstance(outcome, Refused):
        for problem in outcome.problems:
            flash(say(problem), "warning")
    elif isinstance(outcome, Stale):
        flash(_("Người khác vừa sửa kế hoạch này; hãy xem lại rồi quyết định."), "warning")


def _index(form: AskForm) -> str:
    return render_template(
        "plan/index.html",
        form=form,
        plans=queries.plans(needed_campaign()),
        chips=CHIPS,
        may_plan=actor().may(Permission.PLAN),
        status_words=STATUSES,
        tones=TONES,
        share=share,
    )


def _offer(form: AskForm) -> None:
    form.offer(_fund_names().items())


def _fund_names() -> dict[int, str]:
    funds = planning.inputs(db.session(), needed_campaign().id).funds
    return {fund.id: fund.name for fund in funds}


def _result(seen: PlanSeen) -> dict[str, Any]:
    campaign, who = needed_campaign(), actor()
    own = queries.lines(who, seen, language())
    book = listed.book_of(campaign, seen)
    left, left_in_all = left_queries.left(who, campaign, seen, own, LEFT_ROWS)
    shown = [line for line in own if line.alone is not None]
    return {
        "book": book,
        "summed": listed.listed(who, seen, book, language()) if book else None,
        "words": money_words(seen.result["total"]),
        "lines": shown[:LINE_ROWS],
        "line_count": len(shown),
        "left": left,
        "left_count": left_in_all,
        "skips": SKIPS,
        "curve": picture.drawn(queries.curve(seen), seen.result["knee"], seen.ask.budget),
        "picture": picture,
        "method": method_word(seen.result["proof"]["method"]),
        "wards": queries.ward_names(who, campaign),
        "share": share,
        "spoken": spoken,
        "action_words": ACTIONS,
        "Channel": Channel,
        "Figure": Figure,
        "unled": comparing.kind_names(seen.result["unled"], language()),
    }


def _problems(seen: PlanSeen) -> list[str]:
    if seen.status is Status.INFEASIBLE:
        return collision(seen.result.get("collision", ()))
    return failures(seen.result) if seen.status is Status.FAILED else []


def _side(text: str, every: list[PlanSeen]) -> PlanSeen | None:
    if not text:
        return None
    found = next((seen for seen in every if str(seen.id) == text), None)
    if found is None:
        raise BadInput("plan", "Chọn hai kế hoạch đã tính xong.", "plan")
    return found


def _to_plan(plan_id: int) -> Response:
    return redirect(url_for("plan.page", plan_id=plan_id), 303)
