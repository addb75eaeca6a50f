"""The command `flask maps …`, and what the derived side adds to the demo."""

from importlib import import_module

from flask import Flask
from flask.cli import AppGroup

from inventory.campaigns import CampaignSeen
from inventory.demo_steps import STEPS
from inventory.outcomes import Done
from maps.coverage import actions as coverage

HELP = "Trực Quan: coverage runs and plans."
FEATURES = ("coverage", "plan", "solve")
#: What each of these features gives a demo campaign before anybody looks.
DEMOS = ("prices", "planning", "reach")


def mount(app: Flask) -> None:
    """Add the features' commands (each module has `install(group)`) and the demo's steps."""
    group = AppGroup("maps", help=HELP)
    for name in FEATURES:
        import_module(f"maps.{name}.commands").install(group)
    app.cli.add_command(group)
    STEPS.prices = _prices
    STEPS.compute = _compute


def _prices(campaign_id: int) -> None:
    # Read when it is needed: what a demo starts from is no concern of a start.
    for name in DEMOS:
        import_module(f"maps.{name}.demo").load(campaign_id)


def _compute(campaign: CampaignSeen) -> None:
    outcome = coverage.run(None, campaign)
    if not isinstance(outcome, Done):
        raise TypeError(f"the demo's run was refused: {outcome}")
