"""`flask maps run`: compute the gaps of the campaign now, as the button on the page does."""

import json

import click
from flask.cli import AppGroup, with_appcontext

from inventory import database
from inventory.campaigns import current
from inventory.clock import set_campaign_day
from inventory.database import db
from inventory.outcomes import Done, Refused
from maps.coverage import actions, queries
from maps.coverage.bench_commands import bench_data


def install(group: AppGroup) -> None:
    """Add the commands to `flask maps`."""
    group.add_command(run)
    group.add_command(bench_data)


@click.command("run")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON and nothing else.")
@with_appcontext
def run(as_json: bool) -> None:
    """Compute the gaps of the campaign and store them as a run."""
    campaign = current(db.session())
    if campaign is None:
        raise click.ClickException("Chưa có cuộc bầu cử nào.")
    set_campaign_day(campaign.today if campaign.pinned else None)
    outcome = actions.run(None, campaign)
    if isinstance(outcome, Refused):
        raise click.ClickException(outcome.problems[0].message)
    assert isinstance(outcome, Done)  # noqa: S101 -- a run is never stale
    database.finish()
    counts = queries.counts(queries.run_gaps(outcome.subject))
    if as_json:
        click.echo(json.dumps({"run": outcome.subject, "again": outcome.again, **counts}))
        return
    click.echo("Dữ kiện không đổi; lần tính trước còn đúng." if outcome.again else "Đã tính xong.")
    for name, value in counts.items():
        click.echo(f"  {name}: {value}")
