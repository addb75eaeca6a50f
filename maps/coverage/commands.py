"""`flask maps run`: compute the gaps of the campaign now, as the button on the page does."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from flask.cli import AppGroup, with_appcontext

from inventory import database
from inventory.campaigns import current
from inventory.clock import set_campaign_day
from inventory.database import db
from inventory.outcomes import Done, Refused
from maps.coverage import actions, queries
from maps.coverage.bench_commands import bench_data
from maps.coverage.computing import Step, Watch, unwatched


def install(group: AppGroup) -> None:
    """Add the commands to `flask maps`."""
    group.add_command(run)
    group.add_command(bench_data)


@click.command("run")
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), help="Compute a day that has passed, from the events."
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON and nothing else.")
@with_appcontext
def run(day: datetime | None, as_json: bool) -> None:
    """Compute the gaps of the campaign and store them as a run."""
    campaign = current(db.session())
    if campaign is None:
        raise click.ClickException("Chưa có cuộc bầu cử nào.")
    set_campaign_day(campaign.today if campaign.pinned else None)
    with _bar(hidden=as_json) as step:
        outcome = actions.run(None, campaign, day.date() if day else None, step)
        database.finish()
        step(Step.STORED)
    if isinstance(outcome, Refused):
        problem = outcome.problems[0]
        raise click.ClickException(problem.message % dict(problem.values))
    assert isinstance(outcome, Done)  # noqa: S101 -- a run is never stale
    counts = queries.counts(queries.run_gaps(outcome.subject))
    if as_json:
        click.echo(json.dumps({"run": outcome.subject, "again": outcome.again, **counts}))
        return
    click.echo("Dữ kiện không đổi; lần tính trước còn đúng." if outcome.again else "Đã tính xong.")
    for name, value in counts.items():
        click.echo(f"  {name}: {value}")


@contextmanager
def _bar(hidden: bool) -> Iterator[Watch]:
    """A progress bar on stderr, so that what is printed stays clean; one step of a run is one of its own."""
    if hidden:
        yield unwatched
        return
    steps = list(Step)
    with click.progressbar(length=len(steps), label="Đang tính", file=sys.stderr) as bar:
        yield lambda step: bar.update(steps.index(step) + 1 - bar.pos)
