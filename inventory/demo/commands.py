"""`flask inventory demo`: loads Hạ Long 2021 where nothing is yet, and gives its accounts fresh passwords."""

import json
import sys

import click
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select

from inventory.care.queries import head_of_database
from inventory.database import db
from inventory.demo import accounts, actions
from inventory.demo.campaign import CODE
from inventory.tables.area import Area
from inventory.tables.campaign import Campaign
from inventory.vocabulary import WARD_KINDS


def install(group: AppGroup) -> None:
    """Add the command."""
    group.add_command(demo)


@click.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Print only a list of the accounts, for programs.")
@click.option("--if-empty", is_flag=True, help="Do nothing when there is any campaign already.")
@with_appcontext
def demo(as_json: bool, if_empty: bool) -> None:
    """Load the demo campaign and print its accounts once; again: fresh passwords for the same accounts."""
    if not head_of_database():
        upgrade()
    if not actions.is_empty():
        if if_empty:
            return
        _refuse_beside_real_work()
    else:
        click.echo("Loading Hạ Long 2021 (synthetic data); this takes about a minute …", err=True)
        built = actions.build()
        click.echo(
            f"{built.places} places, {built.visits} visits, {built.installations} installations.", err=True
        )
    _print(accounts.open_all(actions.usernames(_wards())), as_json)


def _refuse_beside_real_work() -> None:
    codes = set(db.session.scalars(select(Campaign.code)))
    if codes != {CODE}:
        raise click.ClickException(
            "There are other campaigns here; the demo is only for a service of its own."
        )


def _wards() -> dict[str, str]:
    rows = db.session.execute(
        select(Area.code, Area.name).where(Area.kind.in_(sorted(WARD_KINDS))).order_by(Area.code)
    )
    return dict(rows.tuples().all())


def _print(opened: tuple[accounts.Opened, ...], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([vars(account) for account in opened], ensure_ascii=False, indent=1))
        return
    click.echo("Demo accounts; these passwords are shown once and kept nowhere:")
    for account in opened:
        click.echo(f"  {account.username:<16} {account.password}   {account.role:<15} {account.area}")
    sys.stdout.flush()
