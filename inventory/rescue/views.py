"""The page of rescue files: bring one, see what it holds and what is here already, take in the rest."""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory import database, trail
from inventory.access.guard import actor, needs
from inventory.access.permissions import Actor, Permission
from inventory.campaigns import CampaignSeen
from inventory.errors import Unseen
from inventory.outcomes import Problem
from inventory.pages import say
from inventory.requests import needed_campaign
from inventory.rescue import actions, keeping, queries, reading, showing
from inventory.rescue.forms import ImportForm, UploadForm
from inventory.rescue.rules import Compared, compare, import_problem

blueprint = Blueprint("rescue", __name__)


@dataclass(frozen=True)
class _Looked:
    """A kept file, read and put beside what is here; `person` as the service knows them."""

    rescue: reading.Rescue
    person: Actor
    compared: Compared


def _media() -> Path:
    media: Path = current_app.config["SETTINGS"].media
    return media


@blueprint.get("/rescue")
@needs(Permission.SETTLE)
def page() -> str:
    """Choose a file."""
    return render_template("rescue/index.html", form=UploadForm())


@blueprint.post("/rescue")
@needs(Permission.SETTLE)
def upload() -> ResponseReturnValue:
    """Keep a file until it is confirmed; nothing else is touched."""
    form, who, campaign = UploadForm(), actor(), needed_campaign()
    if not form.validate():
        return render_template("rescue/index.html", form=form), 422
    database.release()
    sha256 = keeping.keep(_media(), who.person_id, form.file.data.stream)
    looked = _look(who, campaign, sha256)
    if isinstance(looked, Problem):
        keeping.forget(_media(), who.person_id, sha256)
        trail.record("rescue.refused", "rescue_file", sha256[:16], detail={"code": looked.code})
        form.file.errors = [say(looked)]
        return render_template("rescue/index.html", form=form), 422
    return redirect(url_for("rescue.file", rescue_sha=sha256), 303)


@blueprint.get("/rescue/<rescue_sha>")
@needs(Permission.SETTLE)
def file(rescue_sha: str) -> ResponseReturnValue:
    """What the file holds and what became of it; the same page before, between and after importing."""
    looked = _look(actor(), needed_campaign(), rescue_sha)
    if isinstance(looked, Problem):
        raise Unseen("rescue_file", rescue_sha[:16])
    return render_template(
        "rescue/file.html",
        form=ImportForm(),
        sha=rescue_sha,
        rescue=looked.rescue,
        person=looked.person,
        compared=looked.compared,
        shown=showing.of(looked.rescue, looked.compared),
    )


@blueprint.post("/rescue/<rescue_sha>/import")
@needs(Permission.SETTLE)
def take(rescue_sha: str) -> ResponseReturnValue:
    """Take in what is not here yet, so much of it as one press may; the rest waits for the next press."""
    who, campaign = actor(), needed_campaign()
    looked = _look(who, campaign, rescue_sha)
    if isinstance(looked, Problem):
        raise Unseen("rescue_file", rescue_sha[:16])
    with keeping.opened(_media(), who.person_id, rescue_sha) as data:
        job = actions.Job(who, looked.person, campaign, looked.rescue, rescue_sha, _media())
        taken = actions.take_in(job, data, looked.compared)
    if taken.entries or taken.photos:
        flash(
            _("Đã nhập %(entries)s việc và %(photos)s ảnh.", entries=taken.entries, photos=taken.photos),
            "success",
        )
    return redirect(url_for("rescue.file", rescue_sha=rescue_sha), 303)


def _look(who: Actor, campaign: CampaignSeen, sha256: str) -> _Looked | Problem:
    """Read a kept file and compare it, or say why it may not be taken. Raises Unseen when there is none."""
    database.release()
    try:
        with keeping.opened(_media(), who.person_id, sha256) as data:
            rescue = reading.read(data)
    except FileNotFoundError:
        raise Unseen("rescue_file", sha256[:16]) from None
    except reading.NoRescue as error:
        return error.problem
    with database.snapshot() as session:
        person = queries.person(session, rescue.person_id, campaign)
        problem = import_problem(who, person)
        if problem is not None or person is None:
            return problem or Problem("unknown_person", "Không rõ người của tệp này.", "file")
        compared = compare(
            rescue,
            queries.entries_known(session, rescue),
            queries.photos_known(session, rescue),
            queries.words_kept(session, rescue),
        )
    return _Looked(rescue, person, compared)
