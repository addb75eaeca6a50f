"""Mounts the pages of what the city derives."""

from importlib import import_module

from flask import Flask

FEATURES = ("homes", "coverage", "draw", "takeaway", "investment", "prices", "planning", "plan", "reach")


def mount(app: Flask) -> None:
    """Register every feature's blueprint."""
    for name in FEATURES:
        app.register_blueprint(import_module(f"maps.{name}.views").blueprint)
