"""Pages of field checks: one at a place, one of a thing, and the list."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory import database, field_checks
from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.checks import actions, queries
from inventory.checks.forms import ANSWERS, CheckForm, Wanted
from inventory.checks.queries import Subject
from inventory.checks.rules import answers_for
from inventory.errors import Unseen
from inventory.form_steps import entry_of, open_form, put, repeated
from inventory.outcomes import Done, Refused
from inventory.places.queries import wards
from inventory.requests import needed_campaign

blueprint = Blueprint("checks", __name__)
PAGE = 50


@blueprint.route("/places/<int:place_id>/check", methods=["GET", "POST"])
@needs(Permission.SURVEY)
def place(place_id: int) -> ResponseReturnValue:
    """What is heard and read at a polling place."""
    subject = queries.place(database.db.session(), actor(), needed_campaign(), place_id)
    return _check(subject, url_for("places.page", place_id=place_id))


@blueprint.route("/installations/<uuid:installation_id>/check", methods=["GET", "POST"])
@needs(Permission.SURVEY)
def installation(installation_id: UUID) -> ResponseReturnValue:
    """Whether a thing is heard or read at the spot where the person stands."""
    subject = queries.installation(database.db.session(), actor(), str(installation_id))
    return _check(subject, url_for("installations.page", installation_id=installation_id))


def _check(subject: Subject, back: str) -> ResponseReturnValue:
    form = CheckForm()
    if not form.is_submitted():
        open_form(form)
        return _page(form, subject, back)
    entry = entry_of(form, "check.recorded", subject.installation_id or subject.place_id)
    if repeated(form, entry) is not None:
        return redirect(back, 303)
    valid, draft = form.validate(), form.draft()
    if draft is None or form.errors or not valid:
        return _page(form, subject, back), 422
    outcome = actions.record(actor(), needed_campaign(), subject, draft, entry)
    if isinstance(outcome, Done):
        flash(_("Đã ghi: %(answer)s.", answer=ANSWERS[draft.answer]), "success")
        return redirect(back, 303)
    if isinstance(outcome, Refused):
        put(form, outcome)
    return _page(form, subject, back), 422


def _page(form: CheckForm, subject: Subject, back: str) -> str:
    offered = [(answer, ANSWERS[answer]) for answer in answers_for(subject.family)]
    return render_template("checks/form.html", form=form, subject=subject, back=back, answers=offered)


@blueprint.get("/checks")
@needs(Permission.READ)
def index() -> ResponseReturnValue:
    """The checks of the wards that a person sees, the newest first."""
    campaign, wanted, who, session = needed_campaign(), Wanted(request.args), actor(), database.db.session()
    named = wards(session, who, campaign)
    if wanted.area is not None and wanted.area not in dict(named):
        raise Unseen("area", wanted.area)
    found = field_checks.of_wards(session, who, campaign, wanted.area, wanted.after, PAGE + 1)
    return render_template(
        "checks/index.html",
        checks=found[:PAGE],
        after=found[PAGE - 1].id if len(found) > PAGE else "",
        wanted=wanted,
        wards=named,
    )
