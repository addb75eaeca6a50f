"""Health: /healthz says that the process answers, /readyz that it can do its work."""

import shutil

from flask import Blueprint, Response, current_app, jsonify

from inventory.access.guard import public
from inventory.care.queries import can_write, migrations_at_head
from inventory.settings import Settings

blueprint = Blueprint("care", __name__)

#: Below this share of free disk a photo may not find room any more (trust.md row 34).
LEAST_FREE = 0.10


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Answer without asking the database."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Check a write that is taken back, the migrations and the disk; 503 names what is wrong."""
    chosen: Settings = current_app.config["SETTINGS"]
    disk = shutil.disk_usage(chosen.media)
    checks = {
        "database": can_write(),
        "migrations": migrations_at_head(),
        "disk": disk.free / disk.total > LEAST_FREE,
    }
    response = jsonify(status="ok" if all(checks.values()) else "degraded", checks=checks)
    # A nearly full disk still serves; a proxy should only turn away from what cannot work.
    response.status_code = 200 if checks["database"] and checks["migrations"] else 503
    return response
