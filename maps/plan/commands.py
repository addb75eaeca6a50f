"""`flask maps plan --budget …` makes a plan now; `flask maps worker` makes those that people asked for."""

import json
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_babel import force_locale

from inventory import database, directory
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, current
from inventory.clock import campaign_now, set_campaign_day
from inventory.database import db
from inventory.outcomes import Done, Problem, Refused
from inventory.vocabulary import Figure, Role
from inventory.wording import money, number
from maps import jobs
from maps.coverage.queries import overview
from maps.plan import actions, job, listed, queries
from maps.plan.ask import Ask, read_budget
from maps.plan.files import Planned, made, share
from maps.plan.queries import PlanSeen
from maps.plan.result import Step
from maps.plan.status import Status
from maps.plan.words import STATUSES, STEPS, collision, failures

_INFEASIBLE = 3


def install(group: AppGroup) -> None:
    """Add the commands to `flask maps`."""
    group.add_command(plan)
    group.add_command(worker)


@click.command("plan")
@click.option("--budget", required=True, help="Đồng, additions included: 500000000, 500.000.000, '1,5 tỷ'.")
@click.option("--name", default="", help="A name for the plan.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write plan.xlsx or plan.csv.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the sums and the proof as JSON and nothing else."
)
@click.option("--figure", type=click.Choice([word.value for word in Figure]), default=Figure.REPORTED.value)
@click.option("--mandatory-first", is_flag=True, help="Mandatory requirements first.")
@click.option("--before-deadline", is_flag=True, help="Only what can hang before the decoration deadline.")
@click.option("--ward-min-met", type=int, default=0, help="Newly met requirements in each ward, at least.")
@click.option("--ward-min-share", type=int, default=0, help="Per cent of the budget for each ward, at least.")
@click.option(
    "--ward-max-share", type=int, default=100, help="Per cent of the budget for each ward, at most."
)
@click.option("--limit", "limits", multiple=True, metavar="KIND=N", help="At most N new ones of a kind.")
@click.option("--keep", multiple=True, help="Key of what has to be done.")
@click.option("--without", multiple=True, help="Key of what must not be done.")
@click.option("--gap", type=float, default=0.001, help="Share of the best possible that may be missing.")
@click.option("--seconds", type=float, default=60.0, help="Time for the optimiser.")
@with_appcontext
def plan(budget: str, out: Path | None, as_json: bool, **rules: Any) -> None:
    """Make a plan for a budget and store it."""
    campaign = _campaign()
    if out is not None and out.suffix not in (".xlsx", ".csv"):
        raise click.BadParameter("plan.xlsx hoặc plan.csv", param_hint="--out")
    asked = actions.ask_for(None, campaign, _ask(budget, rules), None)
    if isinstance(asked, Refused):
        raise click.ClickException("\n".join(_said(problem) for problem in asked.problems))
    assert isinstance(asked, Done)  # noqa: S101 -- a new plan is never stale
    database.finish()
    with force_locale("vi"):
        _carry_out(int(asked.subject), silent=as_json)
        seen = next(one for one in queries.plans(campaign) if one.id == int(asked.subject))
        database.release()
        if out is not None and seen.done:
            _write(campaign, seen, out)
        _tell(seen, as_json)


@click.command("worker")
@click.option("--parent", type=int, help="End when this process is gone.")
@with_appcontext
def worker(parent: int | None) -> None:
    """Make the plans that people ask for, until told to stop."""
    database.release()
    jobs.work(current_app._get_current_object(), parent)  # type: ignore[attr-defined]


def _campaign() -> CampaignSeen:
    campaign = current(db.session())
    if campaign is None:
        raise click.ClickException("Chưa có cuộc bầu cử nào.")
    set_campaign_day(campaign.today if campaign.pinned else None)
    return campaign


def _ask(budget: str, rules: dict[str, Any]) -> Ask:
    read = read_budget(budget)
    if isinstance(read, Problem):
        raise click.ClickException(_said(read))
    return Ask(
        budget=read,
        figure=Figure(rules.pop("figure")),
        kind_limits=tuple(_limit(text) for text in rules.pop("limits")),
        locked_in=rules.pop("keep"),
        locked_out=rules.pop("without"),
        **rules,
    )


def _limit(text: str) -> tuple[str, int]:
    kind, _, count = text.partition("=")
    if not (count.isascii() and count.isdigit() and len(count) < 8):
        raise click.BadParameter(f"KIND=N, không phải {text}", param_hint="--limit")
    return kind, int(count)


def _carry_out(plan_id: int, silent: bool) -> None:
    if silent:
        job.carry_out(plan_id)
        return
    with click.progressbar(length=100, label="Lập kế hoạch", item_show_func=lambda word: word) as bar:

        def heard(step: Step, part: float | None) -> bool:
            begin, end = job.WAY[step]
            here = round(begin + (end - begin) * (part or 0.0))
            bar.update(max(0, here - bar.pos), str(STEPS[step]))
            return True

        job.carry_out(plan_id, heard)
        bar.update(100 - bar.pos, "")


def _tell(seen: PlanSeen, as_json: bool) -> None:
    """Print what came out; exit code 3 where the rules collide, 1 where it failed."""
    if as_json:
        said = {"plan": seen.id, "number": seen.number, "status": seen.status.value, "hash": seen.inputs_hash}
        click.echo(json.dumps({**said, "recounted": seen.recounted, **seen.result}, ensure_ascii=False))
    elif seen.done:
        result = seen.result
        click.echo(f"Kế hoạch số {seen.number}: {seen.name}")
        click.echo(f"  dùng {money(result['total'])} trong ngân sách {money(seen.ask.budget)}")
        click.echo(f"  yêu cầu đạt thêm: {number(result['newly_met'])} / {number(result['open'])}")
        click.echo(f"  cử tri × yêu cầu: {number(result['voters'])}")
        click.echo(f"  đạt {share(result['proof']['share'])} của mức tốt nhất có thể; đếm lại độc lập: khớp")
        click.echo(f"  mã băm dữ liệu vào: {seen.inputs_hash}")
    if seen.done:
        return
    why = collision(seen.result.get("collision", ())) or failures(seen.result) or [str(STATUSES[seen.status])]
    if not as_json:
        click.echo("\n".join(why), err=True)
    raise SystemExit(_INFEASIBLE if seen.status is Status.INFEASIBLE else 1)


def _write(campaign: CampaignSeen, seen: PlanSeen, out: Path) -> None:
    """The file of the whole plan, as the office would take it from the page."""
    with database.writing(False):
        office = _office(campaign)
        view, book = overview(office, campaign), listed.book_of(campaign, seen)
        if view is None or book is None:
            raise click.ClickException("Chưa có lần tính hoặc đơn giá nên chưa ghi được tệp.")
        planned = Planned(seen, listed.listed(office, seen, book, "vi"), book, view, whole=True)
        file = made(planned, campaign, campaign.name, out.suffix[1:], campaign_now())
        database.release()
    out.write_bytes(file.content)
    click.echo(f"{out}  {file.sha256}", err=True)


def _office(campaign: CampaignSeen) -> Actor:
    """Who sees all of the campaign: the command is run by who owns the machine."""
    areas = frozenset(directory.all_wards(db.session(), campaign.id))
    root = frozenset({campaign.root_area_id})
    return Actor(0, "", "", Role.CULTURE_OFFICE, 0, root, areas | root, campaign.tree_date)


def _said(problem: Problem) -> str:
    return problem.message % dict(problem.values)
