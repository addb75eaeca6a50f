"""Pages of the import: a file goes in, a report comes out, a second press writes. Mounted by views.py.

Files with errors are never kept. A kept file is compared anew each time its page is opened.
"""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from inventory import database, trail
from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.identity import new_id
from inventory.outcomes import Done, Refused
from inventory.pages import say
from inventory.places import exporting, import_actions, import_queries
from inventory.places.import_forms import ConfirmForm, UploadForm
from inventory.places.import_queries import BatchSeen, Importer
from inventory.places.import_showing import shown_changes, shown_problems
from inventory.places.reading import MAX_BYTES
from inventory.places.workbook_guard import Unreadable
from inventory.receipts import entry_of
from inventory.requests import needed_campaign

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MANAGE = needs(Permission.MANAGE_PLACES)


def mount(blueprint: Blueprint) -> None:
    """Add the import's addresses to the feature's blueprint."""
    blueprint.add_url_rule("/places/import", "import_page", page)
    blueprint.add_url_rule("/places/import", "import_upload", upload, methods=["POST"])
    blueprint.add_url_rule("/places/import/<batch_id>", "import_batch", batch)
    blueprint.add_url_rule("/places/import/<batch_id>", "import_confirm", confirm, methods=["POST"])
    blueprint.add_url_rule("/places/export.csv", "export_csv", export_csv)
    blueprint.add_url_rule("/places/export.xlsx", "export_xlsx", export_xlsx)


@_MANAGE
def page() -> ResponseReturnValue:
    """The empty form."""
    needed_campaign()
    return render_template("places/import.html", form=UploadForm(entry_id=new_id()))


@_MANAGE
def upload() -> ResponseReturnValue:
    """Look at a file: keep it for confirmation, or say what is wrong and keep nothing."""
    campaign, importer = needed_campaign(), Importer.of(actor())
    form = UploadForm()
    if not form.validate_on_submit():
        return _form_again(form)
    sent = _uploaded(form)
    try:
        examined = import_actions.examine(importer, campaign, sent)
    except Unreadable as unreadable:
        form.file.errors = [say(unreadable.problem)]
        return _form_again(form)
    if examined.plan.errors:
        return _report(None, examined, UploadForm(formdata=None, entry_id=new_id())), 422
    words = {"sha256": sent.sha256, "name": sent.name, "said": str(sent.defaults)}
    outcome = import_actions.keep(importer, campaign, sent, entry_of(form.entry_id.data, words))
    if isinstance(outcome, Done):
        return redirect(url_for("places.import_batch", batch_id=outcome.subject), 303)
    _show_refusal(form, outcome)
    return _form_again(form)


def _uploaded(form: UploadForm) -> import_actions.Upload:
    file: FileStorage = form.file.data
    # One byte more than allowed is enough to refuse it.
    return import_actions.Upload(file.filename or "", file.stream.read(MAX_BYTES + 1), form.defaults())


def _form_again(form: UploadForm) -> ResponseReturnValue:
    return render_template("places/import.html", form=form), 422


def _show_refusal(form: UploadForm | ConfirmForm, outcome: object) -> None:
    if isinstance(outcome, Refused):
        form.form_errors = [say(problem) for problem in outcome.problems]


@_MANAGE
def batch(batch_id: str) -> ResponseReturnValue:
    """The report of a kept file, or the result of a confirmed one."""
    importer = Importer.of(actor())
    seen, examined = import_actions.examine_batch(importer, needed_campaign(), batch_id)
    if examined is None:
        return _result(importer, seen)
    return _report(seen, examined, ConfirmForm(entry_id=new_id(), seen=examined.fingerprint))


@_MANAGE
def confirm(batch_id: str) -> ResponseReturnValue:
    """Write a kept file."""
    campaign, importer = needed_campaign(), Importer.of(actor())
    form = ConfirmForm()
    seen, examined = import_actions.examine_batch(importer, campaign, batch_id)
    if examined is None:
        return redirect(url_for("places.import_batch", batch_id=batch_id), 303)
    if form.validate_on_submit():
        entry = entry_of(form.entry_id.data, {"batch": batch_id, "seen": form.seen.data})
        outcome = import_actions.confirm(
            importer, campaign, batch_id, form.seen.data or "", examined.read, entry
        )
        if isinstance(outcome, Done):
            return redirect(url_for("places.import_batch", batch_id=batch_id), 303)
        _show_refusal(form, outcome)
    said = form.form_errors or [gettext("Biểu mẫu này đã cũ. Hãy xem lại kết quả dưới đây rồi xác nhận.")]
    again = ConfirmForm(formdata=None, entry_id=new_id(), seen=examined.fingerprint)
    again.form_errors = said
    return _report(seen, examined, again), 409


def _report(seen: BatchSeen | None, examined: import_actions.Examined, form: Any) -> str:
    plan = examined.plan
    return render_template(
        "places/import_report.html",
        batch=seen,
        form=form,
        plan=plan,
        errors=shown_problems(plan.problems, "error"),
        warnings=shown_problems(plan.problems, "warning"),
        changes=shown_changes(plan.changed),
    )


def _result(importer: Importer, seen: BatchSeen) -> str:
    after = request.args.get("after", "0")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    with database.snapshot() as session:
        places = import_queries.places_of_batch(session, importer, seen.id, start)
    return render_template("places/import_result.html", batch=seen, places=places)


@_MANAGE
def export_csv() -> Response:
    """The places as CSV that comes back unchanged."""
    return _download("csv", "text/csv; charset=utf-8")


@_MANAGE
def export_xlsx() -> Response:
    """The places as XLSX that comes back unchanged."""
    return _download("xlsx", XLSX)


def _download(ending: str, mimetype: str) -> Response:
    campaign, importer = needed_campaign(), Importer.of(actor())
    with database.snapshot() as session:
        known = import_queries.known_places(session, campaign.id, importer.areas)
    rows = exporting.export_rows(known)
    content = exporting.csv_bytes(rows) if ending == "csv" else exporting.xlsx_bytes(rows, "KVBP")
    trail.record("places.export", "campaign", campaign.id, detail={"format": ending, "places": len(known)})
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"kvbp-{campaign.code}.{ending}")
    response.headers["Cache-Control"] = "no-store"
    return response
