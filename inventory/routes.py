"""Mounts the features' pages; each blueprint is made in the file of its views."""

from importlib import import_module

from flask import Flask

FEATURES = (
    "people",
    "areas",
    "places",
    "neighbourhoods",
    "checks",
    "surveys",
    "installations",
    "photos",
    "reviews",
    "assignments",
    "catalogues",
    "history",
    "care",
    "sync",
    "phones",
    "cases",
    "rescue",
    "field",
)


def mount(app: Flask) -> None:
    """Register every feature's blueprint."""
    for name in FEATURES:
        app.register_blueprint(import_module(f"inventory.{name}.views").blueprint)
