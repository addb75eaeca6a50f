"""`flask inventory import places FILE`: the same check and the same writing as the page.

Ends with 0 when the file is clean, 1 with warnings only, 2 with errors (then nothing is written).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from inventory import database
from inventory.access.scope import areas_below
from inventory.campaigns import CampaignSeen, current
from inventory.outcomes import Done
from inventory.places import import_actions
from inventory.places.import_actions import Examined, Upload
from inventory.places.import_problems import RowProblem
from inventory.places.import_queries import Importer
from inventory.places.import_report import HAS_ERRORS, exit_code, report
from inventory.places.reading import MAX_BYTES
from inventory.places.row_reading import Defaults
from inventory.places.workbook_guard import Unreadable
from inventory.tables.campaign import Campaign


class _NotWritten(click.ClickException):
    exit_code = HAS_ERRORS


def install(group: AppGroup) -> None:
    """Add the commands."""
    imports = AppGroup("import", help="Bring lists into the service.")
    imports.add_command(import_places)
    group.add_command(imports)


@click.command("places")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only report; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON on stdout.")
@click.option("--campaign", "code", help="Code of the campaign; by default the one that is open.")
@click.option("--source", default="", help="Source of rows that name none.")
@click.option("--licence", default="", help="Licence of rows that name none.")
@click.option("--synthetic", is_flag=True, help="Rows that do not say are made-up data.")
@with_appcontext
def import_places(
    file: Path, check: bool, as_json: bool, code: str | None, source: str, licence: str, synthetic: bool
) -> None:
    """Import polling places from FILE (CSV or XLSX with named columns)."""
    campaign = _campaign(code)
    importer = _everywhere(campaign)
    with file.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    upload = Upload(file.name, content, Defaults(source[:500], licence[:120], True if synthetic else None))
    try:
        examined = import_actions.examine(importer, campaign, upload)
    except Unreadable as refusal:
        told = refusal.problem
        problem = RowProblem("", 0, "", "error", told.code, told.message, told.values)
        _print(None, [problem], as_json, written=False)
        raise SystemExit(HAS_ERRORS) from None
    problems = examined.plan.problems
    written = False
    if not check and not examined.plan.errors:
        _write(importer, campaign, upload, examined)
        written = True
    _print(examined, problems, as_json, written)
    raise SystemExit(exit_code(problems))


def _campaign(code: str | None) -> CampaignSeen:
    session = database.db.session()
    chosen = session.scalar(select(Campaign.id).where(Campaign.code == code)) if code else None
    if code and chosen is None:
        raise click.UsageError(f"no campaign has the code {code}")
    campaign = current(session, chosen)
    database.release()
    if campaign is None:
        raise click.UsageError("there is no campaign yet")
    return campaign


def _everywhere(campaign: CampaignSeen) -> Importer:
    with database.snapshot() as session:
        areas = areas_below(session, frozenset({campaign.root_area_id}), campaign.tree_date)
    return Importer(None, areas)


def _write(importer: Importer, campaign: CampaignSeen, upload: Upload, examined: Examined) -> None:
    outcome = import_actions.import_now(importer, campaign, upload, examined.read)
    if isinstance(outcome, Done):
        database.finish()
        return
    database.release()
    sentences = [problem.message % dict(problem.values) for problem in getattr(outcome, "problems", ())]
    # Only reached when somebody else wrote between the check and the writing.
    raise _NotWritten(" ".join(sentences) or "nothing was written")


def _print(examined: Examined | None, problems: Sequence[RowProblem], as_json: bool, written: bool) -> None:
    told = report(examined.plan if examined else None, problems)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(_summary(told, written))
    for problem in told["problems"]:
        where = " ".join(
            part for part in (problem["sheet"], str(problem["row"] or ""), problem["column"]) if part
        )
        click.echo(f"{problem['level']}: {where}: {problem['message']}", err=True)


def _summary(told: dict[str, Any], written: bool) -> str:
    counts = f"{told['new']} new, {told['changed']} changed, {told['same']} the same"
    return f"written: {counts}" if written else f"checked, nothing written: {counts}"
