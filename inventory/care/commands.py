"""`flask inventory backup | verify-backup | restore`: exit code 0 only when it is really done."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from inventory.care import actions
from inventory.care.backup import BackupError
from inventory.database import db
from inventory.settings import Settings

_FOLDER = click.Path(path_type=Path, file_okay=False)


def install(group: AppGroup) -> None:
    """Add the commands."""
    group.add_command(backup)
    group.add_command(verify_backup)
    group.add_command(restore)


def _settings() -> Settings:
    chosen: Settings = current_app.config["SETTINGS"]
    return chosen


@click.command("backup")
@click.argument("folder", type=_FOLDER)
@with_appcontext
def backup(folder: Path) -> None:
    """Make a backup inside FOLDER, while people go on working."""
    try:
        made = actions.make(_settings(), folder)
    except (BackupError, OSError) as error:
        raise click.ClickException(f"no backup was made: {error}") from None
    click.echo(str(made))


@click.command("verify-backup")
@click.argument("folder", type=_FOLDER)
@with_appcontext
def verify_backup(folder: Path) -> None:
    """Restore FOLDER into a scratch database and check rows, trail and photos."""
    try:
        found = actions.verify(_settings(), folder)
    except (BackupError, OSError) as error:
        raise click.ClickException(f"this backup does not hold: {error}") from None
    click.echo(f"ok: {found.rows} rows, {found.files} files, trail whole to line {found.trail_number}")


@click.command("restore")
@click.argument("folder", type=_FOLDER)
@click.option("--yes", is_flag=True, help="Replace what is there without asking.")
@with_appcontext
def restore(folder: Path, yes: bool) -> None:
    """Put FOLDER in place of the present database and photos. Stop the service first."""
    if not yes:
        click.confirm("This replaces the present database. Is the service stopped?", abort=True)
    db.session.remove()
    db.engine.dispose()
    try:
        found = actions.restore(_settings(), folder)
    except (BackupError, OSError) as error:
        raise click.ClickException(f"nothing was replaced: {error}") from None
    click.echo(f"restored: {found.rows} rows, trail whole to line {found.trail_number}")
