"""Photos from phones over HTTP (docs/sync.md): what is here of one, and its next part. Mounted by views.py.

Both answer JSON with the header that no captive portal has. They are open to the guard, because a phone
whose person can no longer sign in may still hand over what is on it; `people/devices.py` decides.
"""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, after_this_request, current_app, g, jsonify, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from inventory import database
from inventory.access import guard
from inventory.access.permissions import Actor, Permission
from inventory.outcomes import Problem
from inventory.pages import say
from inventory.people.devices import COOKIE, Sending, Standing, standing
from inventory.photos import arriving
from inventory.photos.arriving import LARGEST_PART, Part, Taken, Told
from inventory.settings import Settings

ASKED, ANSWERED = "X-Trucquan-Field", "X-Trucquan-Answer"
_NUMBER = re.compile(r"[0-9]{1,9}")
_STATUS = {Standing.SIGN_IN: 401, Standing.OTHER_PERSON: 409, Standing.CUT_OFF: 403}
_WORDS = {
    Standing.SIGN_IN: _l("Hãy đăng nhập rồi gửi lại; ảnh vẫn còn trên máy."),
    Standing.OTHER_PERSON: _l("Ảnh này chờ người đã chụp đăng nhập."),
    Standing.CUT_OFF: _l("Người quản trị đã cắt máy này; ảnh vẫn còn trên máy."),
}


def mount(blueprint: Blueprint) -> None:
    """Add both addresses; the part comes without a form token, its header takes the token's place."""
    address = "/field/photos/<uuid:photo_id>"
    blueprint.add_url_rule(address, "field_state", state)
    blueprint.add_url_rule(address, "field_part", part, methods=["PUT"])
    blueprint.record_once(_without_token)


def _without_token(setup: BlueprintSetupState) -> None:
    tokens = setup.app.extensions.get("csrf")
    if tokens is not None:
        tokens.exempt(part)


@guard.public
def state(photo_id: UUID) -> Response:
    """Where a photo stands and how many of its bytes are here."""
    told = _asked(str(photo_id))
    if isinstance(told, Response):
        return told
    if told.complete:
        arriving.tidy(told, _media())
    return _answer(200, _words(told))


@guard.public
def part(photo_id: UUID) -> Response:
    """Take the next bytes of a photo."""
    told = _asked(str(photo_id))
    if isinstance(told, Response):
        return told
    offset = request.args.get("offset", "")
    if not _NUMBER.fullmatch(offset):
        return _refuse(400, "offset", gettext("Thiếu chỗ bắt đầu của phần ảnh."))
    if (request.content_length or 0) > LARGEST_PART:
        return _refuse(413, "large", gettext("Phần ảnh này lớn hơn phần còn thiếu."))
    request.max_content_length = LARGEST_PART  # for a body that does not say how long it is
    data = request.get_data(cache=False)
    taken = arriving.take(told, Part(int(offset), data, request.headers.get("X-Part-SHA256", "")), _media())
    if taken.status in {200, 201}:
        _tidy_when_committed(taken.told)
    return _taken(taken)


def _asked(photo_id: str) -> Told | Response:
    """The photo, for the phone of who took it; otherwise the answer that says why not."""
    if not request.headers.get(ASKED):
        return _refuse(400, "envelope", gettext("Máy chủ không hiểu nội dung vừa nhận."))
    told = arriving.told_of(photo_id)
    who: Actor | None = g.get("actor")
    if told is None:
        return _unknown() if who else _not_now(Standing.SIGN_IN)
    sending = Sending(told.person_id, told.device_id, request.cookies.get(COOKIE, ""))
    with database.snapshot() as session:
        stands = standing(session, who, sending, who is not None and who.may(Permission.SURVEY))
    return told if stands in {Standing.SIGNED_IN, Standing.DEPOSIT} else _not_now(stands)


def _not_now(stands: Standing) -> Response:
    return _refuse(_STATUS[stands], stands.value, str(_WORDS[stands]))


def _unknown() -> Response:
    return _answer(404, {"state": "unknown", "received": 0, "size": 0, "code": "unknown"})


def _tidy_when_committed(told: Told) -> None:
    media = _media()

    @after_this_request
    def _delete(response: Response) -> Response:
        # Only what is committed by now counts: the parts stay when that failed.
        after = arriving.told_of(told.id) if response.status_code in {200, 201} else None
        if after is not None and after.complete:
            arriving.tidy(after, media)
        return response


def _taken(taken: Taken) -> Response:
    answer = _answer(taken.status, _words(taken.told, taken.problem))
    if taken.status == 507:
        answer.headers["Retry-After"] = "60"
    return answer


def _words(told: Told, problem: Problem | None = None) -> dict[str, Any]:
    return {
        "state": told.state.value,
        "received": told.received,
        "size": told.size,
        "sha256": told.sha256,
        "code": problem.code if problem else told.code,
        "message": say(problem) if problem else "",
    }


def _refuse(status: int, code: str, message: str) -> Response:
    return _answer(status, {"code": code, "message": message})


def _answer(status: int, words: dict[str, Any]) -> Response:
    response: Response = jsonify(words)
    response.status_code = status
    response.headers[ANSWERED] = "1"
    return response


def _media() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.media
