"""Answers to what went wrong: one table from error to status and sentence, for pages and machines.

A refused look leaves a trail line; an unexpected error leaves a number that is shown and logged.
"""

import logging
import secrets
from typing import Any

from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from inventory import database, trail
from inventory.errors import BadInput, NotAllowed, Unseen

_l = lazy_gettext
_log = logging.getLogger("trucquan")

SENTENCES: dict[int, Any] = {
    400: _l("Yêu cầu không đọc được. Không có gì thay đổi; hãy quay lại và thử lần nữa."),
    403: _l("Bạn không có quyền làm việc này. Không có gì thay đổi."),
    404: _l("Không tìm thấy trang này, hoặc trang thuộc địa bàn khác."),
    405: _l("Địa chỉ này không nhận cách gửi đó. Không có gì thay đổi."),
    409: _l("Người khác vừa lưu trước bạn. Phần bạn nhập vẫn còn; hãy xem chỗ khác nhau."),
    413: _l("Tệp hoặc biểu mẫu quá lớn. Không có gì thay đổi; hãy gửi ít hơn một lần."),
    415: _l("Loại tệp này không nhận được. Không có gì thay đổi."),
    422: _l("Có chỗ chưa đúng. Phần bạn nhập vẫn còn; hãy sửa rồi gửi lại."),
    429: _l("Thử quá nhiều lần. Hãy đợi vài phút rồi thử lại."),
    500: _l("Máy chủ gặp lỗi. Việc đang làm chưa được lưu; những gì đã báo lưu vẫn còn."),
    503: _l("Máy chủ đang bận. Việc này chưa được lưu; hãy thử lại sau ít phút."),
    507: _l("Máy chủ hết chỗ ghi. Việc này chưa được lưu; hãy báo quản trị."),
}


def install(app: Flask) -> None:
    """Register the error table."""
    app.register_error_handler(Unseen, _unseen)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(BadInput, _bad_input)
    app.register_error_handler(CSRFError, _bad_token)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    """Whether a machine asks: its address or its Accept header says so."""
    accept = request.accept_mimetypes
    return (
        request.path.endswith(".json")
        or request.path.startswith("/api/")
        or request.path in {"/healthz", "/readyz"}
        or (accept.best == "application/json" and not accept.accept_html)
    )


def problem(status: int, code: str, message: str, field: str = "", number: str = "") -> Response:
    """One answer for people and one for machines, in the shape the README promises."""
    if wants_json():
        response = jsonify(error={"code": code, "message": message, "field": field})
    else:
        page = render_template("errors/error.html", status=status, message=message, number=number)
        response = Response(page, mimetype="text/html")
    response.status_code = status
    return response


def _unseen(error: Unseen) -> Response:
    database.release()
    if g.get("actor"):
        with database.writing(False):
            trail.record("look.refused", error.subject, error.identity, detail={"path": request.path[:200]})
    return problem(404, "not_found", str(SENTENCES[404]))


def _not_allowed(error: NotAllowed) -> ResponseReturnValue:
    database.release()
    if g.get("actor"):
        with database.writing(False):
            trail.record("act.refused", "route", request.path[:80], detail={"needs": error.permission})
        return problem(403, "not_allowed", str(SENTENCES[403]))
    if wants_json() or request.method not in {"GET", "HEAD"}:
        return problem(401, "sign_in", gettext("Hãy đăng nhập rồi làm lại."))
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")), 303)


def _bad_input(error: BadInput) -> Response:
    database.release()
    return problem(400, error.code, gettext(error.message), error.field)


def _bad_token(_error: CSRFError) -> Response:
    database.release()
    message = gettext("Biểu mẫu này đã cũ. Không có gì thay đổi; hãy quay lại, tải lại trang rồi gửi lần nữa.")
    return problem(400, "form_token", message)


def _http(error: HTTPException) -> Response | AnyResponse:
    database.release()
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    message = str(SENTENCES.get(status, SENTENCES[400 if status < 500 else 500]))
    answer = problem(status, f"http_{status}", message)
    for name in ("Allow", "Retry-After"):
        value = dict(error.get_headers()).get(name)
        if value:
            answer.headers[name] = value
    return answer


def _unexpected(error: Exception) -> Response:
    database.release()
    status = _storage_status(error)
    number = secrets.token_hex(4)
    # The message of a database error holds the values that were sent: only its kind is logged.
    if isinstance(error, DBAPIError):
        _log.error("error %s %s %s", number, type(error).__name__, type(error.orig).__name__)
    else:
        _log.exception("error %s", number)
    answer = problem(status, "server", str(SENTENCES[status]), number=number)
    if status == 503:
        answer.headers["Retry-After"] = "30"
    return answer


def _storage_status(error: Exception) -> int:
    if isinstance(error, OSError) and error.errno == 28:
        return 507
    if isinstance(error, OperationalError):
        text = str(error.orig).lower()
        if "full" in text or "no space" in text:
            return 507
        return 503
    return 500
