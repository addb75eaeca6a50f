"""The command `flask inventory …`: each feature's commands, under one name."""

from importlib import import_module

from flask import Flask
from flask.cli import AppGroup

HELP = "Trực Quan: people, places, backup and demo."
FEATURES = ("people", "places", "care", "phones", "demo")


def mount(app: Flask) -> None:
    """Add the features' commands: each module has `install(group)`."""
    group = AppGroup("inventory", help=HELP)
    for name in FEATURES:
        import_module(f"inventory.{name}.commands").install(group)
    app.cli.add_command(group)
