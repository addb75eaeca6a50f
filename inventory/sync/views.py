"""`POST /field/push` (docs/sync.md). Every answer is JSON with a header that no captive portal has.

It is open to the guard, because a phone whose person can no longer sign in may still hand over what is on
it; `people/devices.py` decides who sends. No form token: the header `X-Trucquan-Field`, which no other
site can send, takes its place.
"""

import logging
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from inventory import answers, database
from inventory.access import guard
from inventory.access.permissions import Actor, Permission
from inventory.clock import now
from inventory.errors import BadInput
from inventory.outcomes import Problem
from inventory.pages import say
from inventory.people import devices
from inventory.people.devices import COOKIE, Sending, Standing
from inventory.requests import needed_campaign
from inventory.sync import actions, envelope
from inventory.sync.actions import Taken
from inventory.sync.bodies import decode
from inventory.sync.envelope import Envelope
from inventory.sync.push import Answer, Sender
from inventory.sync.rules import FORMAT, LONGEST_PUSH, OLDEST_FORMAT
from inventory.sync.said import Decoded

_log = logging.getLogger("trucquan")
blueprint = Blueprint("sync", __name__)
ASKED, ANSWERED = "X-Trucquan-Field", "X-Trucquan-Answer"
BUSY_SECONDS = {503: "5", 507: "60"}


@blueprint.record_once
def _without_token(setup: BlueprintSetupState) -> None:
    tokens = setup.app.extensions.get("csrf")
    if tokens is not None:
        tokens.exempt(push)


@blueprint.post("/field/push")
@guard.public
def push() -> Response:
    """Take a batch of entries."""
    if not request.headers.get(ASKED):
        return _refuse(400, "envelope", gettext("Yêu cầu này không đến từ ứng dụng thực địa."))
    if (request.content_length or 0) > LONGEST_PUSH:
        return _refuse(413, "large", gettext("Gói gửi lớn quá; máy sẽ chia nhỏ rồi gửi lại."))
    try:
        told = envelope.read(request.get_data(cache=False))
    except BadInput as error:
        return _refuse(400, error.code, gettext(error.message))
    if told.format < OLDEST_FORMAT:
        message = gettext("Ứng dụng trên máy cũ quá; hãy cập nhật. Nội dung vẫn còn trên máy.")
        return _refuse(426, "update", message)
    if told.format > FORMAT:
        return _refuse(400, "envelope", gettext("Máy chủ cũ hơn ứng dụng; nội dung vẫn còn trên máy."))
    # Reading takes its time, so it comes before any lock.
    return _take(told, [decode(entry) for entry in told.entries])


@blueprint.errorhandler(Exception)
def _failed(error: Exception) -> Response:
    """Whatever ends a push ends it whole: nothing of it is stored, and the phone hears so as JSON."""
    database.abandon()
    if isinstance(error, HTTPException):
        code = {413: "large", 429: "busy"}.get(error.code or 400, "envelope")
        return _refuse(error.code or 400, code, gettext("Máy chủ không nhận gói này."))
    status = answers.storage_status(error)
    if status == 500:
        _log.exception("push")
        return _refuse(
            500, "server", gettext("Máy chủ gặp lỗi; nội dung vẫn còn trên máy và sẽ được gửi lại.")
        )
    _log.error("push: %s", type(error).__name__)
    message = gettext("Máy chủ đang bận hoặc hết chỗ; nội dung vẫn còn trên máy và sẽ được gửi lại.")
    return _refuse(status, "full" if status == 507 else "busy", message)


def _take(told: Envelope, entries: list[Decoded]) -> Response:
    actor: Actor | None = g.get("actor")
    session = database.db.session()
    sending = Sending(told.person_id, told.device_id, request.cookies.get(COOKIE, ""))
    standing = devices.standing(session, actor, sending, actor is not None and actor.may(Permission.SURVEY))
    if standing not in {Standing.SIGNED_IN, Standing.DEPOSIT}:
        return _turned_away(standing)
    campaign, moment = needed_campaign(), now()
    if standing is Standing.SIGNED_IN and actor is not None:
        sender = Sender(actor, campaign, told.device_id)
    else:
        owner = devices.actor_of(session, told.person_id, campaign)
        if owner is None:
            return _turned_away(Standing.SIGN_IN)
        sender = Sender(owner, campaign, told.device_id, held="disabled")
    taken = actions.take(sender, told, entries, moment)
    database.finish()  # from here on it is on the disk; only then it is acknowledged
    return _answered(taken, moment.isoformat(timespec="milliseconds"), _is_old(told.app))


def _turned_away(standing: Standing) -> Response:
    database.release()
    if standing is Standing.CUT_OFF:
        return _refuse(403, "cut_off", gettext("Người quản trị đã cắt máy này; nội dung vẫn còn trên máy."))
    if standing is Standing.OTHER_PERSON:
        return _refuse(409, "other_person", gettext("Hàng chờ này gửi khi chủ của nó đăng nhập."))
    return _refuse(401, "sign_in", gettext("Hãy đăng nhập rồi gửi lại; nội dung vẫn còn trên máy."))


def _is_old(app: str) -> bool:
    """Whether the phone runs another app than the one served (known once a phone has asked for it)."""
    shell = current_app.extensions.get("trucquan field shell")
    return shell is not None and app != shell.version


def _answered(taken: Taken, server_at: str, old: bool) -> Response:
    fresh = any(not one.seen for one in taken.answers)
    body = {
        "server_at": server_at,
        "update": "soon" if old else None,
        "answers": [_words(one, taken.clock) for one in taken.answers],
    }
    return _json(201 if fresh else 202, body)


def _words(one: Answer, clock: Problem | None) -> dict[str, Any]:
    notes = one.notes if clock is None or one.seen else (*one.notes, clock)
    return {
        "id": one.id,
        "sha256": one.sha256,
        "outcome": one.outcome,
        "seen": one.seen,
        "code": one.code,
        "field": one.field,
        "message": say(one.problem) if one.problem else "",
        "subject": one.subject,
        "version": one.version,
        "changed": [list(row) for row in one.changed],
        "who": one.who,
        "notes": [{"code": note.code, "message": say(note)} for note in notes],
    }


def _refuse(status: int, code: str, message: str) -> Response:
    answer = _json(status, {"code": code, "message": message})
    if status in BUSY_SECONDS:
        answer.headers["Retry-After"] = BUSY_SECONDS[status]
    return answer


def _json(status: int, body: dict[str, Any]) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    answer.headers[ANSWERED] = "1"
    answer.headers["Cache-Control"] = "no-store"
    return answer
