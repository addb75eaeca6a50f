"""Photos over HTTP: the shown copy and the thumbnail to who may see the row, upload and withdrawal."""

import logging
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from inventory import database, receipts
from inventory.access import guard
from inventory.access.guard import needs
from inventory.access.permissions import Permission
from inventory.errors import BadInput, Unseen
from inventory.identity import is_id, new_id
from inventory.installations import queries as installations
from inventory.installations.forms import tell
from inventory.installations.showing import ROLE_LABELS
from inventory.outcomes import Done, Refused
from inventory.pages import say
from inventory.photos import actions, field_views, queries, removal, store
from inventory.photos.forms import BOX, WithdrawForm, sentence_of, sentences_of, uploads_of
from inventory.photos.intake import receive
from inventory.settings import Settings
from inventory.vocabulary import PhotoRole

blueprint = Blueprint("photos", __name__)
field_views.mount(blueprint)
_log = logging.getLogger("trucquan")


@blueprint.get("/photos/<uuid:photo_id>")
@needs(Permission.READ)
def shown(photo_id: UUID) -> Response:
    """The copy that is shown."""
    photo = queries.file_of(guard.actor(), str(photo_id))
    return _served(photo.shown_sha256, photo.name)


@blueprint.get("/photos/<uuid:photo_id>/thumbnail")
@needs(Permission.READ)
def thumbnail(photo_id: UUID) -> Response:
    """The small copy."""
    photo = queries.file_of(guard.actor(), str(photo_id))
    return _served(photo.thumbnail_sha256, f"thumbnail-{photo.name}")


@blueprint.after_app_request
def _delete_taken_back(response: Response) -> Response:
    # By now it is committed; if that failed, the photo is still there and keeps its files.
    removal.after_request(_settings().media)
    return response


@blueprint.post("/installations/<uuid:installation_id>/photos")
@needs(Permission.SURVEY)
def add(installation_id: UUID) -> ResponseReturnValue:
    """Take photos of an installation; a bad one is told by its name and the others are kept."""
    if g.get("campaign") is None:
        raise Unseen("campaign", "none")
    thing = installations.seen(guard.actor(), g.campaign, str(installation_id))
    entry_id = request.form.get("entry_id", "")
    if not is_id(entry_id):
        raise BadInput("entry_id", "Biểu mẫu này thiếu mã gửi; hãy tải lại trang.", "entry_id")
    database.release()  # pictures are slow, and nobody may wait for the writer's lock meanwhile
    received = receive(uploads_of(BOX), _settings().media, removal.is_barred)
    hashes = sorted(one.kept.sha256 for one in received if one.kept)
    entry = receipts.entry_of(entry_id, {"installation": thing.id, "photos": hashes})
    if not any(one.kept for one in received):
        return _refused(thing.id, sentences_of(received)), 422
    outcome = actions.send(guard.actor(), g.campaign, thing.id, received, entry)
    if isinstance(outcome, Refused):
        return _refused(thing.id, [say(problem) for problem in outcome.problems]), 422
    if isinstance(outcome, Done) and not outcome.again:
        flash(gettext("Đã lưu ảnh."), "success")
        for note in outcome.notes:
            flash(sentence_of(note), "warning")
    return redirect(url_for("installations.page", installation_id=thing.id) + "#photos-title", 303)


@blueprint.route("/photos/<uuid:photo_id>/withdraw", methods=["GET", "POST"])
@needs(Permission.SURVEY)
def withdraw(photo_id: UUID) -> ResponseReturnValue:
    """Take a photo back, with a reason."""
    if g.get("campaign") is None:
        raise Unseen("campaign", "none")
    form = WithdrawForm()
    if request.method == "GET":
        photo = queries.file_of(guard.actor(), str(photo_id))
        form.entry_id.data = new_id()
        return render_template("photos/withdraw.html", photo=photo, form=form)
    installation_id = queries.shows(guard.actor(), str(photo_id))
    entry_id = form.entry_id.data or ""
    if not is_id(entry_id):
        raise BadInput("entry_id", "Biểu mẫu này thiếu mã gửi; hãy tải lại trang.", "entry_id")
    if form.validate():
        why = form.why()
        entry = receipts.entry_of(entry_id, {"photo": str(photo_id), "why": why.words()})
        outcome = actions.withdraw(guard.actor(), g.campaign, str(photo_id), why, entry)
        if isinstance(outcome, Done):
            return _withdrawn(outcome, installation_id)
        tell(form, outcome.problems if isinstance(outcome, Refused) else ())
        form.entry_id.data = new_id()
    photo = queries.file_of(guard.actor(), str(photo_id))
    return render_template("photos/withdraw.html", photo=photo, form=form), 422


def _withdrawn(done: Done, installation_id: str) -> ResponseReturnValue:
    if not done.again:
        flash(gettext("Đã rút ảnh."), "success")
    return redirect(url_for("installations.page", installation_id=installation_id) + "#photos-title", 303)


def _refused(installation_id: str, sentences: list[str]) -> str:
    return render_template(
        "photos/refused.html",
        installation_id=installation_id,
        sentences=sentences,
        roles=tuple(PhotoRole),
        labels=ROLE_LABELS,
        entry_id=new_id(),
    )


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _served(sha256: str, name: str) -> Response:
    """A file by its hash. The browser asks again each time, so a lost right ends at once."""
    response = Response(mimetype="image/jpeg")
    response.set_etag(sha256)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains(sha256):
        response.status_code = 304
        return response
    try:
        response.set_data(store.get(_settings().media, sha256))
    except FileNotFoundError:
        _log.error("photo file missing: %s", sha256)
        abort(404)
    return response
