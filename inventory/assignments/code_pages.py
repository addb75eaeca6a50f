"""Short codes on the screen: a code leads to its place or thing, a box takes what somebody types.

Mounted by views.py.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory import database
from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.assignments import codes, sheet_queries
from inventory.assignments.codes import Code
from inventory.errors import Unseen
from inventory.requests import needed_campaign
from inventory.wording import clean

LONGEST = 64


def mount(blueprint: Blueprint) -> None:
    """Add the addresses of codes to the feature's blueprint."""
    blueprint.add_url_rule("/codes", "codes", typed)
    blueprint.add_url_rule("/codes/<short_code>", "code", code)


@needs(Permission.READ)
def typed() -> ResponseReturnValue:
    """A box for a code; what is typed leads on, or is told why not."""
    text = clean(request.args.get("code", ""))[:LONGEST]
    if not text:
        return render_template("assignments/code.html", text="", problem="")
    read = codes.read(text)
    if read is None:
        problem = _("Mã này chưa đúng: hãy xem lại từng chữ trên tem hoặc trên phiếu.")
        return render_template("assignments/code.html", text=text, problem=problem), 422
    answer = _leading(read)
    if answer is None:
        problem = _("Không có nơi hoặc công trình nào mang mã này trong phần được xem.")
        return render_template("assignments/code.html", text=text, problem=problem), 404
    return answer


@needs(Permission.READ)
def code(short_code: str) -> ResponseReturnValue:
    """The page of what carries the code; a list where several do. What one may not see is not there."""
    read = codes.read(short_code)
    answer = _leading(read) if read else None
    if answer is None:
        raise Unseen("code", short_code)
    return answer


def _leading(read: Code) -> ResponseReturnValue | None:
    session, who = database.db.session(), actor()
    if read.of == "place":
        place = sheet_queries.place_with(session, who, needed_campaign(), read.value)
        return redirect(url_for("places.page", place_id=place), 303) if place else None
    found = sheet_queries.things_with(session, who, read.tail)
    if len(found) == 1:
        return redirect(url_for("installations.page", installation_id=found[0].id), 303)
    return render_template("assignments/several.html", found=found) if found else None
