"""The command `flask maps …`: runs of what the city derives."""

from importlib import import_module

from flask import Flask
from flask.cli import AppGroup

HELP = "Trực Quan: coverage runs."
FEATURES = ("coverage",)


def mount(app: Flask) -> None:
    """Add the features' commands: each module has `install(group)`."""
    group = AppGroup("maps", help=HELP)
    for name in FEATURES:
        if not __import__('pathlib').Path('maps', name, 'commands.py').exists(): continue  # TEMPORARY
        import_module(f"maps.{name}.commands").install(group)
    app.cli.add_command(group)
