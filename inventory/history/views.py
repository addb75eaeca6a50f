"""The trail: the auditor's page, the chain's check on demand, the file."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory import trail
from inventory.access.guard import needs
from inventory.access.permissions import Permission
from inventory.history import queries
from inventory.history.forms import HeadForm, TrailFilter
from inventory.history.queries import Wanted
from inventory.history.rules import csv_bytes, detail_text
from inventory.history.words import act_word, subject_word
from inventory.wording import moment

blueprint = Blueprint("history", __name__)
# The auditor's first page says the same words without importing this feature.
blueprint.add_app_template_filter(act_word, "act_word")
blueprint.add_app_template_filter(subject_word, "subject_word")


@blueprint.get("/trail")
@needs(Permission.READ_TRAIL)
def page() -> ResponseReturnValue:
    """Show the trail, the newest line first; with ?check=1 the chain is walked."""
    form, wanted = _filter()
    found = queries.page(wanted)
    form.act.choices = [("", _("Mọi việc")), *((act, act_word(act)) for act in found.acts)]
    head, checked = _check()
    more: dict[str, Any] = {**_filters(), "before": found.next}
    return render_template(
        "history/trail.html",
        form=form,
        head=head,
        checked=checked,
        page=found,
        before=wanted.before,
        next_url=url_for("history.page", **more) if found.next else "",
        csv_url=url_for("history.csv", **_filters()),
        act_word=act_word,
        subject_word=subject_word,
        detail_text=detail_text,
    )


def _check() -> tuple[HeadForm, queries.Checked | None]:
    """Walk the chain when it was asked for and what was written down can be read."""
    asked = request.args.get("check") == "1"
    form = HeadForm(request.args if asked else None)
    if not asked or not form.validate():
        return form, None
    number, digest = form.number.data, form.hash.data
    return form, queries.check((number, digest.lower()) if number and digest else None)


def _filter() -> tuple[TrailFilter, Wanted]:
    form = TrailFilter(request.args)
    form.act.choices = [("", "")]
    if not form.validate():
        form = TrailFilter(None)
        form.act.choices = [("", "")]
        return form, Wanted()
    before = request.args.get("before", "")
    return form, Wanted(
        person=form.person.data or "",
        act=(form.act.data or "").replace("\x00", "")[:48],
        subject=form.subject.data or "",
        subject_id=form.subject_id.data or "",
        day=form.day.data,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else 0,
    )


def _filters() -> dict[str, Any]:
    return {
        key: request.args[key]
        for key in ("person", "act", "subject", "subject_id", "day")
        if key in request.args
    }


@blueprint.get("/trail.csv")
@needs(Permission.READ_TRAIL)
def csv() -> ResponseReturnValue:
    """The lines that match, as a file; the download is itself a line."""
    _form, wanted = _filter()
    heads = (
        _("Dòng"),
        _("Lúc"),
        _("Tên đăng nhập"),
        _("Người"),
        _("Việc"),
        _("Đối tượng"),
        _("Mã đối tượng"),
    )
    rows: list[tuple[str | int, ...]] = [(*heads, _("Địa bàn"), _("Chi tiết"), _("Mã dòng"))]
    rows += [
        (
            line.number,
            moment(line.at),
            line.username or "",
            line.name or "",
            act_word(line.act),
            subject_word(line.subject),
            line.subject_id,
            line.area or "",
            detail_text(line.detail),
            line.hash,
        )
        for line in queries.for_a_file(wanted)
    ]
    trail.record("trail.exported", "trail", "csv", detail={"lines": len(rows) - 1, **_filters()})
    response = Response(csv_bytes(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=nhat-ky.csv"
    return response
