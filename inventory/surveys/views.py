"""The pages of a visit: a polling place's checklist, the whole ward's, and the ward's declaration."""

from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from inventory import database, receipts
from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.campaigns import CampaignSeen
from inventory.errors import BadInput
from inventory.identity import is_id, new_id
from inventory.labels import label
from inventory.outcomes import Done, Problem, Refused, Stale
from inventory.pages import say
from inventory.requests import needed_campaign
from inventory.surveys import actions, queries, sending
from inventory.surveys.forms import SurveyForm, typed_form
from inventory.surveys.presses import Submission
from inventory.surveys.queries import Sheet, Target
from inventory.surveys.showing import office_says
from inventory.wording import clean

blueprint = Blueprint("surveys", __name__)


@blueprint.route("/places/<int:place_id>/survey", methods=["GET", "POST"])
@needs(Permission.SURVEY)
def place(place_id: int) -> ResponseReturnValue:
    """The checklist of a polling place."""
    campaign = needed_campaign()
    target = queries.place(database.db.session(), actor(), campaign, place_id)
    return _visit(campaign, target)


@blueprint.route("/wards/<int:area_id>/survey", methods=["GET", "POST"])
@needs(Permission.SURVEY)
def ward(area_id: int) -> ResponseReturnValue:
    """The checklist of a whole ward: public places and what drives about."""
    campaign = needed_campaign()
    target = queries.ward(database.db.session(), actor(), campaign, area_id)
    return _visit(campaign, target)


def _own_address(target: Target) -> str:
    if target.place_id is None:
        return url_for("surveys.ward", area_id=target.area_id)
    return url_for("surveys.place", place_id=target.place_id)


def _visit(campaign: CampaignSeen, target: Target) -> ResponseReturnValue:
    sheet = queries.sheet(database.db.session(), actor(), campaign, target)
    if request.method == "GET":
        form = SurveyForm(sheet)
        form.top.entry_id.data = new_id()
        return _page(form)
    form = typed_form(sheet, request.form, request.files)
    given = form.top.entry_id.data or ""
    if not is_id(given):
        raise BadInput("entry_id", "Biểu mẫu thiếu mã lần nhập; hãy tải lại trang rồi gửi lần nữa.")
    entry = receipts.entry_of(given, sending.words(form))
    finish = request.form.get("finish") == "1"
    stored = receipts.known(entry)
    if stored is not None and stored.same:
        return _after(target, finish)
    if stored is not None:
        form.top.entry_id.data = new_id()
        form.rebase(sheet)
        message = _("Lần bấm trước đã lưu. Phần vừa sửa thêm chưa lưu: hãy xem lại rồi bấm lần nữa.")
        form.form_errors.append(message)
        return _page(form), 409
    return _save(campaign, form, entry, finish)


def _save(
    campaign: CampaignSeen, form: SurveyForm, entry: receipts.Entry, finish: bool
) -> ResponseReturnValue:
    form.validate()
    sending.submission(form, {}, finish)
    if form.errors:
        return _page(form), 422
    who, target = actor(), form.sheet.target
    database.release()  # pictures take a second each: nobody waits for this transaction meanwhile
    media: Path = current_app.config["SETTINGS"].media
    submission: Submission = sending.submission(form, sending.pictures(form, media), finish)
    outcome = actions.save(who, campaign, target, submission, entry)
    if isinstance(outcome, Done):
        _tell(outcome, finish)
        return _after(target, finish)
    if isinstance(outcome, Stale):
        _show_stale(form, queries.sheet(database.db.session(), who, campaign, target), outcome)
        return _page(form), 409
    _put(form, outcome)
    return _page(form), 422


def _tell(done: Done, finish: bool) -> None:
    text = (
        _("Đã xong nơi này. Phần trả lời được tính ngay.") if finish else _("Đã lưu. Lượt khảo sát còn mở.")
    )
    flash(text, "success")
    for code in dict.fromkeys(_note(problem) for problem in done.notes):
        flash(code, "warning")


def _note(problem: Problem) -> str:
    name = dict(problem.values).get("file")
    return f"{name}: {say(problem)}" if name else say(problem)


def _after(target: Target, finish: bool) -> ResponseReturnValue:
    if not finish:
        return redirect(_own_address(target), 303)
    if target.place_id is None:
        return redirect(url_for("places.index"), 303)
    return redirect(url_for("places.page", place_id=target.place_id), 303)


def _show_stale(form: SurveyForm, fresh: Sheet, outcome: Stale) -> None:
    """Say at each item what is there now; what was typed stays, and the next press is meant knowingly."""
    form.rebase(fresh)
    form.top.entry_id.data = new_id()
    names = {field.name: field for field in form}
    for name, theirs, mine in outcome.changed:
        field = names.get(name)
        if field is None:
            continue
        text = _("Người khác vừa lưu mục này.")
        if theirs:
            text = _(
                "Người khác vừa lưu mục này: dùng tốt/đang có là %(theirs)s, phần nhập ở đây là %(mine)s. "
                "Bấm lưu lần nữa nếu phần nhập ở đây đúng.",
                theirs=theirs,
                mine=mine,
            )
        field.errors = [*field.errors, text]


def _put(form: SurveyForm, refused: Refused) -> None:
    names = {field.name: field for field in form}
    for problem in refused.problems:
        field = names.get(problem.field)
        if field is None:
            form.form_errors.append(say(problem))
        else:
            field.errors = [*field.errors, say(problem)]


def _page(form: SurveyForm) -> str:
    """The page over the sheet that the form was made of, so that every row keeps its item."""
    sheet, zones, first = form.sheet, [], 0
    for place in sheet.zones:
        rows = form.rows[first : first + len(place.items)]
        first += len(place.items)
        zones.append(
            {
                "zone": place.zone,
                "name": label(place.zone),
                "answered": place.answered,
                "empty": place.zone in form.empty_zones,
                "pairs": list(zip(rows, place.items, strict=True)),
                "extras": [row for row in form.extras if row.zone.data == place.zone.value],
            }
        )
    left = sum(not item.answered for item in sheet.items)
    return render_template(
        "surveys/survey.html",
        sheet=sheet,
        target=sheet.target,
        form=form,
        zones=zones,
        left=ngettext("Còn %(num)d mục chưa trả lời", "Còn %(num)d mục chưa trả lời", left),
        returned=[(item, thing) for item in sheet.items for thing in item.returned],
        address=_own_address(sheet.target),
        reason_of=lambda thing: office_says(thing.reason_code, thing.reason_text),
        photos_lost=form.sent is not None and any(row.photo.data for row in (*form.rows, *form.extras)),
    )


@blueprint.post("/wards/<int:area_id>/declare")
@needs(Permission.DECLARE)
def declare(area_id: int) -> ResponseReturnValue:
    """A ward lead says that the ward's survey is complete; the day is kept, nothing is closed."""
    campaign = needed_campaign()
    target = queries.ward(database.db.session(), actor(), campaign, area_id)
    given = request.form.get("entry_id", "")
    if not is_id(given):
        raise BadInput("entry_id", "Biểu mẫu thiếu mã lần nhập; hãy tải lại trang rồi gửi lần nữa.")
    note = clean(request.form.get("note", ""), lines=True)[:500]
    entry = receipts.entry_of(given, {"area": area_id, "note": note})
    actions.declare(actor(), campaign, target, note, entry)
    flash(_("Đã ghi lời xác nhận của phường, xã. Vẫn sửa và bổ sung được như trước."), "success")
    return redirect(url_for("places.index"), 303)
