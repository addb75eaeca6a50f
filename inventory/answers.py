"""Answers to what went wrong: one table from error to status and sentence, for pages and machines.

A refused look leaves a trail line; an unexpected error leaves a number that is shown and logged.
"""

import errno
import logging
import secrets
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Words:
    """What happened, what was kept, what to do now."""

    title: Any
    what: Any
    kept: Any
    next: Any


WORDS = {
    400: Words(
        _l("Yêu cầu chưa đúng"),
        _l("Máy chủ không hiểu nội dung vừa nhận."),
        _l("Chưa có gì thay đổi."),
        _l("Quay lại trang trước, tải lại trang rồi làm lại."),
    ),
    403: Words(
        _l("Không được phép"),
        _l("Tài khoản này không được làm việc vừa yêu cầu."),
        _l("Chưa có gì thay đổi."),
        _l("Nếu đây là việc của anh, chị, đề nghị người quản trị cấp quyền."),
    ),
    404: Words(
        _l("Không tìm thấy"),
        _l("Trang này không có, hoặc nằm ngoài địa bàn được giao."),
        _l("Chưa có gì thay đổi."),
        _l("Kiểm tra lại địa chỉ, hoặc về trang chính để tìm."),
    ),
    405: Words(
        _l("Thao tác không đúng chỗ"),
        _l("Địa chỉ này không nhận thao tác vừa rồi."),
        _l("Chưa có gì thay đổi."),
        _l("Về trang chính rồi mở lại trang cần dùng."),
    ),
    409: Words(
        _l("Người khác vừa thay đổi"),
        _l("Nội dung này đã được người khác lưu trước."),
        _l("Nội dung của người đó được giữ nguyên; phần vừa nhập chưa được lưu."),
        _l("Quay lại, xem nội dung mới rồi nhập lại phần cần sửa."),
    ),
    413: Words(
        _l("Tệp quá lớn"),
        _l("Nội dung gửi lên lớn hơn mức cho phép."),
        _l("Chưa có gì thay đổi."),
        _l("Chọn ảnh hoặc tệp nhỏ hơn rồi gửi lại."),
    ),
    415: Words(
        _l("Loại tệp không nhận được"),
        _l("Tệp vừa gửi không thuộc loại nhận được."),
        _l("Chưa có gì thay đổi."),
        _l("Chọn tệp đúng loại rồi gửi lại."),
    ),
    422: Words(
        _l("Có chỗ chưa đúng"),
        _l("Nội dung vừa gửi có chỗ chưa đúng."),
        _l("Chưa có gì thay đổi."),
        _l("Quay lại, sửa chỗ được nêu rồi gửi lại."),
    ),
    429: Words(
        _l("Gửi quá nhiều lần"),
        _l("Máy chủ nhận quá nhiều yêu cầu trong thời gian ngắn."),
        _l("Những gì đã lưu vẫn còn nguyên."),
        _l("Chờ vài phút rồi thử lại."),
    ),
    500: Words(
        _l("Hệ thống gặp lỗi"),
        _l("Máy chủ gặp lỗi khi làm việc vừa yêu cầu."),
        _l("Việc vừa rồi chưa được lưu; những gì đã lưu trước đó vẫn còn nguyên."),
        _l("Thử lại sau ít phút. Nếu vẫn lỗi, báo người quản trị kèm mã bên dưới."),
    ),
    503: Words(
        _l("Tạm ngừng phục vụ"),
        _l("Hệ thống đang bận hoặc đang bảo trì."),
        _l("Những gì đã lưu vẫn còn nguyên."),
        _l("Chờ ít phút rồi tải lại trang."),
    ),
    507: Words(
        _l("Máy chủ hết chỗ ghi"),
        _l("Máy chủ không còn chỗ để lưu."),
        _l("Việc vừa rồi chưa được lưu; những gì đã lưu trước đó vẫn còn nguyên."),
        _l("Báo người quản trị, rồi gửi lại khi đã có chỗ."),
    ),
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


def problem(status: int, code: str, message: str = "", field: str = "", number: str = "") -> Response:
    """One answer for people and one for machines, in the shape the README promises."""
    words = WORDS.get(status, WORDS[400 if status < 500 else 500])
    if wants_json():
        message = message or f"{words.what} {words.kept}"
        response = jsonify(error={"code": code, "message": message, "field": field})
    else:
        page = render_template(
            "errors/error.html", code=status, words=words, message=message, request_id=number
        )
        response = Response(page, mimetype="text/html")
    response.status_code = status
    return response


def _unseen(error: Unseen) -> Response:
    database.release()
    if g.get("actor"):
        with database.writing(False):
            trail.record("look.refused", error.subject, error.identity, detail={"path": request.path[:200]})
    return problem(404, "not_found")


def _not_allowed(error: NotAllowed) -> ResponseReturnValue:
    database.release()
    if g.get("actor"):
        with database.writing(False):
            trail.record("act.refused", "route", request.path[:80], detail={"needs": error.permission})
        return problem(403, "not_allowed")
    if wants_json() or request.method not in {"GET", "HEAD"}:
        return problem(401, "sign_in", gettext("Hãy đăng nhập rồi làm lại."))
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")), 303)


def _bad_input(error: BadInput) -> Response:
    database.release()
    return problem(400, error.code, gettext(error.message), error.field)


def _bad_token(_error: CSRFError) -> Response:
    database.release()
    message = gettext(
        "Biểu mẫu này đã cũ. Không có gì thay đổi; hãy quay lại, tải lại trang rồi gửi lần nữa."
    )
    return problem(400, "form_token", message)


def _http(error: HTTPException) -> Response | AnyResponse:
    database.release()
    status = error.code or 500
    if status < 400:
        return error.get_response()
    answer = problem(status, f"http_{status}")
    for name in ("Allow", "Retry-After"):
        value = dict(error.get_headers()).get(name)
        if value:
            answer.headers[name] = value
    return answer


def _unexpected(error: Exception) -> Response:
    database.release()
    status = storage_status(error)
    number = secrets.token_hex(4)
    # The message of a database error holds the values that were sent: only its kind is logged.
    if isinstance(error, DBAPIError):
        _log.error("error %s %s %s", number, type(error).__name__, type(error.orig).__name__)
    else:
        _log.exception("error %s", number)
    answer = problem(status, "server", number=number)
    if status == 503:
        answer.headers["Retry-After"] = "30"
    return answer


def storage_status(error: BaseException) -> int:
    """507 for a full disk, 503 for a database that is busy or away, 500 for anything else."""
    status = 500
    # A full SQLite ends the transaction; what fails after that hides the reason behind it.
    at: BaseException | None = error
    while at is not None and status != 507:
        if isinstance(at, OSError) and at.errno == errno.ENOSPC:
            status = 507
        if isinstance(at, OperationalError):
            text = str(at.orig).lower()
            status = 507 if "full" in text or "no space" in text else 503
        at = at.__cause__ or at.__context__
    return status
