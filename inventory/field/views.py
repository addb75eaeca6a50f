"""The field app's own addresses: its page, manifest, worker and words, and what a phone may fetch."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from inventory.access.guard import public

blueprint = Blueprint("field", __name__, url_prefix="/field")


@blueprint.get("/")
@public
def page() -> ResponseReturnValue:
    """The shell of the app: it holds no data, and opens offline when no session lives."""
    return render_template("field/app.html")
