"""The field app's own addresses: its page, manifest, worker and words, and what a phone may fetch."""

import gzip
import hashlib
import json
from importlib.util import find_spec
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from inventory import database
from inventory.access.guard import actor, needs, public
from inventory.access.permissions import Actor, Permission
from inventory.clock import now
from inventory.errors import BadInput
from inventory.field import actions, packs, queries, shell, wordbook
from inventory.field.rules import MOST_FEATURES, cursor_of, digests_of
from inventory.identity import is_id
from inventory.outcomes import Refused
from inventory.pages import LANGUAGES, say
from inventory.people.devices import COOKIE, Sending, Standing, standing
from inventory.requests import needed_campaign
from inventory.settings import Settings

blueprint = Blueprint("field", __name__, url_prefix="/field")

COOKIE_DAYS = 400
_KEPT = "trucquan field shell"


@blueprint.get("/")
@public
def page() -> ResponseReturnValue:
    """The shell of the app: it holds no data, and opens offline when no session lives."""
    return Response(_page(), mimetype="text/html", headers={"Cache-Control": "no-cache"})


@blueprint.get("/worker.js")
@public
def worker() -> ResponseReturnValue:
    """The service worker with the list of what it keeps; one that removes itself when switched off."""
    text = shell.OFF if _settings().field_off else shell.worker_text(current_shell())
    return Response(text, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """What the phone needs to put the app on its home screen."""
    text = json.dumps(shell.MANIFEST, ensure_ascii=False)
    kept = {"Cache-Control": "public, max-age=86400", "Vary": "Accept-Encoding"}
    return Response(text, mimetype="application/manifest+json", headers=kept)


@blueprint.get("/words.json")
@public
def words() -> ResponseReturnValue:
    """The sentences and the words for codes in one language (`lang`)."""
    wanted = request.args.get("lang", "vi")
    if wanted not in LANGUAGES:
        raise BadInput("lang", "Máy chủ không hiểu nội dung vừa nhận.")
    return Response(_words(wanted), mimetype="application/json", headers={"Cache-Control": "no-cache"})


@blueprint.get("/here")
@public
def here() -> ResponseReturnValue:
    """Whether somebody who may survey is signed in in this browser: asked before /field/me, which refuses."""
    who: Actor | None = g.get("actor")
    return _answer({"here": who is not None and who.may(Permission.SURVEY)})


@blueprint.get("/me")
@needs(Permission.SURVEY)
def me() -> ResponseReturnValue:
    """Who is signed in, their wards with sizes; `?device=` makes the phone known."""
    who, campaign, session = actor(), needed_campaign(), database.db.session()
    wards = queries.wards(session, who, campaign)
    told = {
        "person": {"id": who.person_id, "name": who.name, "username": who.username, "role": who.role.value},
        "campaign": packs.campaign_told(session, campaign),
        "areas": [{"id": w.id, "name": w.name, "kind": w.kind, "features": w.features} for w in wards],
        "most_features": MOST_FEATURES,
        "app": current_shell().version,
        "off": _settings().field_off,
        "heic": find_spec("pi_heif") is not None,
        "server_at": queries.moment(now()),
    }
    database.release()
    known = _known_phone()
    if known is not None and known.cut_off:
        return _refused(403, "cut_off", "Người quản trị đã ngắt máy này. Những gì chưa gửi vẫn còn trên máy.")
    if known is not None and known.other_person:
        return _refused(409, "device", "Mã của máy này thuộc về người khác.")
    response = _answer(told)
    if known is not None:
        _keep_token(response, known.token)
    return response


@blueprint.get("/pack/<int:area_id>")
@needs(Permission.SURVEY)
def pack(area_id: int) -> ResponseReturnValue:
    """What this person may see of a ward, or what changed since `cursor`; `?file=1` is for a memory card."""
    who, session = actor(), database.db.session()
    sending = Sending(who.person_id, token=request.cookies.get(COOKIE, ""))
    if standing(session, who, sending) is Standing.CUT_OFF:
        return _refused(403, "cut_off", "Người quản trị đã ngắt máy này. Những gì chưa gửi vẫn còn trên máy.")
    whole = request.args.get("file") == "1"
    since = None if whole else cursor_of(request.args.get("cursor", ""))
    have = digests_of("" if whole else request.args.get("have", ""))
    told = packs.pack(session, who, needed_campaign(), area_id, since, have)
    if isinstance(told, Refused):
        return _refused(413, told.problems[0].code, say(told.problems[0]))
    return _file(area_id, told) if whole else _answer(told)


def _file(area_id: int, told: dict[str, Any]) -> Response:
    """A pack for a memory card: its text beside that text's SHA-256, so that a bad copy is noticed."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    response = _answer({"kind": "trucquan-pack", "sha256": sha256, "pack": text})
    name = f"truc-quan-goi-{area_id}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _settings() -> Settings:
    chosen: Settings = current_app.config["SETTINGS"]
    return chosen


def _page() -> str:
    with force_locale("vi"):
        return render_template("field/app.html", off=_settings().field_off, ahead=shell.ahead())


def _words(language: str) -> str:
    return json.dumps(wordbook.words(language), ensure_ascii=False, separators=(",", ":"))


def current_shell() -> shell.Shell:
    """The shell of this service; its files do not change while it runs."""
    kept = current_app.extensions.get(_KEPT)
    if kept is None:
        words = {f"/field/words.json?lang={language}": _words(language) for language in LANGUAGES}
        kept = current_app.extensions[_KEPT] = shell.shell(_page(), words)
    found: shell.Shell = kept
    return found


def _known_phone() -> actions.Known | None:
    device = request.args.get("device", "")
    if not device:
        return None
    if not is_id(device):
        raise BadInput("device", "Máy chủ không hiểu nội dung vừa nhận.")
    token = request.cookies.get(COOKIE, "")[:100]
    name = request.headers.get("User-Agent", "")[:200]
    app = request.headers.get("X-Trucquan-Field", "")[:32]
    return actions.register(actor(), actions.Phone(device, token, name, app))


def _keep_token(response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_DAYS * 24 * 3600,
        path="/field/",
        secure=_settings().https,
        httponly=True,
        samesite="Strict",
    )


def _answer(told: dict[str, Any]) -> Response:
    """JSON with our mark, so that a captive portal's answer is not taken for one; packed where it helps."""
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, mimetype="application/json", headers={"X-Trucquan-Answer": "1"})
    if len(body) > 1000 and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Cookie, Accept-Encoding"
    return response


def _refused(status: int, code: str, message: str) -> ResponseReturnValue:
    response = jsonify(error={"code": code, "message": message, "field": ""})
    response.status_code = status
    response.headers["X-Trucquan-Answer"] = "1"
    return response
