"""Signing in and out, one's own account, the language; the admin's pages are in managing.py."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from inventory.access.guard import actor, needs, public
from inventory.access.permissions import Permission
from inventory.addresses import safe_next
from inventory.errors import BadInput, Unseen
from inventory.form_steps import put
from inventory.outcomes import Refused
from inventory.pages import LANGUAGES
from inventory.people import actions, managing, queries, signing_in
from inventory.people.attempts import Wait
from inventory.people.forms import NewPasswordForm, ResetForm, SignInForm
from inventory.people.rules import next_after_sign_in
from inventory.people.sessions import IDLE
from inventory.people.signing_in import Knock, Opened
from inventory.requests import SignedIn

blueprint = Blueprint("people", __name__)
managing.mount(blueprint)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Show the door, or open it: a new session row, a new cookie, a new form token."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = next_after_sign_in(request.args.get("next"), "")
        if g.get("actor"):
            return redirect(form.next.data or "/", 303)
        return render_template("people/sign_in.html", form=form)
    if not form.validate():
        return render_template("people/sign_in.html", form=form), 422
    knock = Knock(
        form.username.data or "",
        form.password.data or "",
        request.remote_addr or "",
        request.user_agent.string,
        request.cookies.get(_device_cookie(), ""),
    )
    answer = signing_in.sign_in(knock, g.get("campaign"))
    if isinstance(answer, Opened):
        return _welcome(answer, next_after_sign_in(form.next.data))
    if isinstance(answer, Refused):
        put(form, answer)
        return render_template("people/sign_in.html", form=form), 422
    return _wait(answer, render_template("people/sign_in.html", form=form, wait=answer.seconds))


def _welcome(opened: Opened, target: str) -> Response:
    language = cookie.get("language")
    cookie.clear()  # nothing from before signing in goes along, the form token neither
    if language:
        cookie["language"] = language
    login_user(SignedIn(opened.token, opened.found))
    cookie.permanent = opened.found.actor.role in IDLE
    response = redirect(target, 303)
    response.set_cookie(
        _device_cookie(),
        opened.device,
        max_age=int(signing_in.DEVICE_LIFE / timedelta(seconds=1)),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response  # type: ignore[return-value]


def _device_cookie() -> str:
    return "__Host-trucquan-device" if current_app.config["SESSION_COOKIE_SECURE"] else "trucquan-device"


def _wait(wait: Wait, page: str) -> ResponseReturnValue:
    return page, 429, {"Retry-After": str(wait.seconds)}


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session row; the browser forgets its pages but keeps what was not sent yet."""
    if g.get("actor"):
        actions.sign_out(actor())
    language = cookie.get("language")
    logout_user()
    cookie.clear()
    if language:
        cookie["language"] = language
    response = redirect(url_for("people.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.route("/reset", methods=["GET", "POST"])
@public
def reset() -> ResponseReturnValue:
    """Choose a new password with the code of a slip that an admin handed over."""
    form = ResetForm()
    if request.method == "GET":
        return render_template("people/reset.html", form=form)
    if not form.validate():
        return render_template("people/reset.html", form=form), 422
    answer = signing_in.use_slip(
        form.username.data or "", form.code.data or "", form.password.data or "", request.remote_addr or ""
    )
    if isinstance(answer, Refused):
        put(form, answer)
        return render_template("people/reset.html", form=form), 422
    if isinstance(answer, Wait):
        return _wait(answer, render_template("people/reset.html", form=form, wait=answer.seconds))
    flash(_("Đã đặt mật khẩu mới. Hãy đăng nhập bằng mật khẩu đó."), "success")
    return redirect(url_for("people.sign_in"), 303)


@blueprint.get("/account")
@needs(Permission.SELF)
def account() -> ResponseReturnValue:
    """One's own name, role, areas, sessions and password."""
    return _account_page(NewPasswordForm(formdata=None))


@blueprint.post("/account/password")
@needs(Permission.SELF)
def password() -> ResponseReturnValue:
    """Change one's own password; every other session ends."""
    form = NewPasswordForm()
    if not form.validate():
        return _account_page(form), 422
    answer = signing_in.change_password(form.old.data or "", form.password.data or "")
    if isinstance(answer, Refused):
        put(form, answer)
        return _account_page(form), 422
    if isinstance(answer, Wait):
        return _wait(answer, _account_page(form, answer.seconds))
    flash(_("Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc."), "success")
    return redirect(url_for("people.account"), 303)


def _account_page(form: NewPasswordForm, wait: int = 0) -> str:
    return render_template(
        "people/account.html",
        form=form,
        wait=wait,
        seen=queries.own_account(actor()),
        campaigns=queries.campaigns(),
    )


@blueprint.post("/account/sessions/<int:session_id>/end")
@needs(Permission.SELF)
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions, on a phone that was lost for example."""
    actions.end_own_session(actor(), session_id)
    if session_id == actor().session_id:
        return redirect(url_for("people.sign_in"), 303)
    flash(_("Đã kết thúc phiên đăng nhập đó."), "success")
    return redirect(url_for("people.account"), 303)


@blueprint.post("/account/sessions/end")
@needs(Permission.SELF)
def end_others() -> ResponseReturnValue:
    """End all of one's own sessions but this one."""
    actions.end_other_sessions(actor())
    flash(_("Đã kết thúc các phiên đăng nhập khác."), "success")
    return redirect(url_for("people.account"), 303)


@blueprint.post("/campaign")
@needs(Permission.SELF)
def campaign() -> ResponseReturnValue:
    """Choose the election that every page speaks of, until signing out."""
    chosen = request.form.get("campaign", "")
    known = next((one for one in queries.campaigns() if str(one.id) == chosen), None)
    if known is None:
        raise Unseen("campaign", chosen)
    cookie["campaign"] = known.id
    flash(_("Các trang bây giờ là của: %(name)s.", name=known.name), "success")
    return redirect(safe_next(request.form.get("next")), 303)


@blueprint.post("/language")
@public
def language() -> ResponseReturnValue:
    """Choose the language, signed in or not."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise BadInput("language", "Ngôn ngữ này chưa có.", "language")
    cookie["language"] = chosen
    if g.get("actor"):
        actions.choose_language(actor(), chosen)
    return redirect(safe_next(request.form.get("next")), 303)
